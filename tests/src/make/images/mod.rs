//! Baked images, well and badly made.

mod vector;

use super::Group;
use super::badge::{key_issuer, small};
use super::edit::swap;
use super::expected::{Expected, invalid, unknown, valid};
use super::picture::{SVG, baked, chunk, credential_chunk, deflate, itxt, png};
use super::records::record;
use super::sign::signed;

pub(super) fn group() -> Group {
    let mut group = Group::new("images");
    chunks(&mut group);
    records(&mut group);
    damage(&mut group);
    vector::elements(&mut group);
    vector::entities(&mut group);
    group
}

fn badge() -> String {
    signed(&small(&key_issuer()))
}

/// Read, with a note about the image.
fn noted(note: &str) -> Expected {
    valid().says(&format!("\"notes\":[\"{note}\"]"))
}

/// Not read, because of this.
fn refused(fault: &str) -> Expected {
    invalid("form.image").says(fault).asks([])
}

fn chunks(group: &mut Group) {
    let badge = badge();
    let own = credential_chunk(&badge);
    let other = credential_chunk(&swap(&badge, "Made ten edits", "Made 1000 edits"));
    group.add(
        "after-the-pixels.png",
        png(b"", &own),
        valid(),
        "the credential stands behind the pixels",
    );
    let old = itxt(
        "openbadges",
        &[0, 0, 0, 0],
        b"https://issuer.example.org/assertions/7f3a",
    );
    group.add(
        "open-badges-2-beside.png",
        png(&[old.clone(), own.clone()].concat(), b""),
        valid(),
        "an Open Badges 2.0 assertion beside it",
    );
    group.add(
        "open-badges-2-only.png",
        png(&old, b""),
        unknown("proof.document-not-loaded").asks(["https://issuer.example.org/assertions/7f3a"]),
        "an Open Badges 2.0 assertion only, by its address",
    );
    group.add(
        "two-chunks.png",
        png(&[own.clone(), other.clone()].concat(), b""),
        refused("bake.two-credentials"),
        "two credentials: which one is meant?",
    );
    group.add(
        "two-chunks-apart.png",
        png(&other, &own),
        refused("bake.two-credentials"),
        "two credentials, before and behind the pixels",
    );
    group.add(
        "two-same-chunks.png",
        png(&[own.clone(), own.clone()].concat(), b""),
        refused("bake.two-credentials"),
        "the same credential twice",
    );
    let packed = itxt(
        "openbadgecredential",
        &[1, 0, 0, 0],
        &deflate(badge.as_bytes()),
    );
    group.add(
        "compressed.png",
        png(&packed, b""),
        noted("bake.compressed"),
        "compressed, which the standard forbids",
    );
    group.add(
        "compressed-beside.png",
        png(&[packed, own.clone()].concat(), b""),
        refused("bake.two-credentials"),
        "two credentials, one compressed",
    );
    let flag = itxt("openbadgecredential", &[2, 0, 0, 0], badge.as_bytes());
    group.add(
        "compression-flag.png",
        png(&flag, b""),
        refused("bake.chunk"),
        "a compression that does not exist",
    );
    let not_packed = itxt("openbadgecredential", &[1, 0, 0, 0], badge.as_bytes());
    group.add(
        "compressed-not.png",
        png(&not_packed, b""),
        refused("bake.chunk"),
        "said to be compressed, and is not",
    );
    let text = chunk(
        b"tEXt",
        &[b"openbadgecredential\0", badge.as_bytes()].concat(),
    );
    group.add(
        "text-chunk.png",
        png(&text, b""),
        noted("bake.text-chunk"),
        "in another kind of text chunk",
    );
    let packed_text = chunk(
        b"zTXt",
        &[
            b"openbadgecredential\0\0",
            deflate(badge.as_bytes()).as_slice(),
        ]
        .concat(),
    );
    group.add(
        "packed-text-chunk.png",
        png(&packed_text, b""),
        noted("bake.text-chunk"),
        "in the compressed kind of text chunk",
    );
    let bomb = itxt(
        "openbadgecredential",
        &[1, 0, 0, 0],
        &deflate(&vec![b' '; 5 << 20]),
    );
    group.add(
        "bomb.png",
        png(&bomb, b""),
        refused("bake.text-too-long"),
        "a few bytes that unpack to more than is read",
    );
    let padded = format!("{badge}{}", " ".repeat(1 << 20));
    let long = itxt(
        "openbadgecredential",
        &[1, 0, 0, 0],
        &deflate(padded.as_bytes()),
    );
    group.add(
        "long.png",
        png(&long, b""),
        invalid("form.syntax").asks([]),
        "a mebibyte of spaces behind a badge",
    );
    let inside = swap(
        &badge,
        "\"validUntil\"",
        &format!("{}\"validUntil\"", " ".repeat(1 << 20)),
    );
    let long = itxt(
        "openbadgecredential",
        &[1, 0, 0, 0],
        &deflate(inside.as_bytes()),
    );
    group.add(
        "too-long.png",
        png(&long, b""),
        invalid("form.syntax").asks([]),
        "more than a mebibyte of JSON",
    );
    let translated = itxt(
        "openbadgecredential",
        &[0, 0, b'e', b'n'],
        &[b"\0Badge\0", badge.as_bytes()].concat(),
    );
    group.add(
        "translated-keyword.png",
        png(&translated, b""),
        valid(),
        "with a language and a translated keyword",
    );
    group.add(
        "no-credential.png",
        png(b"", b""),
        refused("bake.no-credential"),
        "a picture without a badge",
    );
    group.add(
        "empty-credential.png",
        png(&credential_chunk(""), b""),
        refused("bake.empty-credential"),
        "the place is there, and empty",
    );
    let shouted = itxt("OpenBadgeCredential", &[0, 0, 0, 0], badge.as_bytes());
    group.add(
        "keyword-in-capitals.png",
        png(&shouted, b""),
        refused("bake.no-credential"),
        "the keyword in other letters",
    );
    let words = credential_chunk("Congratulations!");
    group.add(
        "words.png",
        png(&words, b""),
        invalid("form.not-a-badge").asks([]),
        "words in the place of a credential",
    );
    let forged = credential_chunk(&swap(&badge, "Made ten edits", "Made 1000 edits"));
    group.add(
        "altered.png",
        png(&forged, b""),
        invalid("proof.signature").asks([]),
        "a badge that was changed, in a sound image",
    );
}

/// Comprehensive learner records, which have a place of their own.
fn records(group: &mut Group) {
    let record = record(&[&small(&key_issuer())]);
    let own = itxt("clrcredential", &[0, 0, 0, 0], record.as_bytes());
    group.add(
        "record.png",
        png(&own, b""),
        valid().passes("parts.covered"),
        "a learner record in the chunk of CLR 2.0",
    );
    group.add(
        "record-in-the-badges-chunk.png",
        png(&credential_chunk(&record), b""),
        valid().passes("parts.covered"),
        "a learner record in the chunk of badges",
    );
    group.add(
        "record-beside.png",
        png(&[own, credential_chunk(&badge())].concat(), b""),
        refused("bake.two-credentials"),
        "a badge and a learner record: which one is meant?",
    );
    let svg = baked(&record, SVG.as_bytes());
    let svg = String::from_utf8(svg).unwrap();
    group.add(
        "record-element.svg",
        svg.clone(),
        valid().passes("parts.covered"),
        "a learner record in the element of CLR 2.0",
    );
    let badge = baked(&badge(), svg.replace("clr/v2p0", "clr/v1p0").as_bytes());
    group.add(
        "record-of-another-namespace.svg",
        badge,
        valid(),
        "an element of a namespace that is nobody's is left alone",
    );
    let beside =
        "<credential xmlns=\"https://purl.imsglobal.org/ob/v3p0\" verify=\"a.b.c\"/></svg>";
    group.add(
        "record-element-beside.svg",
        swap(&svg, "</svg>", beside),
        refused("bake.two-credentials"),
        "a badge and a learner record: which one is meant?",
    );
}

fn damage(group: &mut Group) {
    let good = baked(&badge(), &png(b"", b""));
    let at = good.windows(4).position(|bytes| bytes == b"iTXt").unwrap();
    let mut flipped = good.clone();
    flipped[at + 200] ^= 1;
    group.add(
        "wrong-checksum.png",
        flipped,
        refused("bake.checksum"),
        "a bit of the credential's chunk is wrong",
    );
    let mut pixels = good.clone();
    let data = pixels
        .windows(4)
        .position(|bytes| bytes == b"IDAT")
        .unwrap();
    pixels[data + 8] ^= 1;
    group.add(
        "wrong-checksum-pixels.png",
        pixels,
        refused("bake.checksum"),
        "a bit of the pixels is wrong",
    );
    group.add(
        "truncated.png",
        good[..at + 300].to_vec(),
        refused("bake.truncated"),
        "the file ends inside the credential",
    );
    group.add(
        "no-end.png",
        good[..good.len() - 12].to_vec(),
        refused("bake.missing-chunk"),
        "the file ends before its end",
    );
    let behind = [good.as_slice(), &credential_chunk(&badge())].concat();
    group.add(
        "after-the-end.png",
        behind,
        noted("bake.data-after-end"),
        "a second credential behind the end is not part of the image",
    );
    let only_behind = [png(b"", b"").as_slice(), &credential_chunk(&badge())].concat();
    group.add(
        "only-after-the-end.png",
        only_behind,
        refused("bake.no-credential"),
        "a credential behind the end is not part of the image",
    );
    let mut huge = good.clone();
    huge[at - 4..at].copy_from_slice(&[0xff; 4]);
    group.add(
        "chunk-length.png",
        huge,
        refused("bake.truncated"),
        "a chunk that is said to be longer than the file",
    );
    group.add(
        "gif.png",
        b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(),
        invalid("form.not-a-badge").asks([]),
        "another kind of image",
    );
}
