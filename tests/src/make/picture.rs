//! Pictures to bake badges into, and chunks as careless and hostile bakers write them.

use std::io::Write as _;

use badges_core::bake;
use flate2::Compression;
use flate2::write::ZlibEncoder;

/// A grey square as SVG.
pub(super) const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 8\">\
                              <rect width=\"8\" height=\"8\" fill=\"#888\"/></svg>\n";

/// A grey square as PNG, with these chunks before and after its pixels.
pub(super) fn png(before: &[u8], after: &[u8]) -> Vec<u8> {
    let header = [0, 0, 0, 8, 0, 0, 0, 8, 8, 0, 0, 0, 0];
    let row = [0, 136, 136, 136, 136, 136, 136, 136, 136];
    [
        b"\x89PNG\r\n\x1a\n",
        chunk(b"IHDR", &header).as_slice(),
        before,
        &chunk(b"IDAT", &deflate(&row.repeat(8))),
        after,
        &chunk(b"IEND", b""),
    ]
    .concat()
}

/// A chunk with its length and checksum.
pub(super) fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap();
    let checksum = crc32fast::hash(&[kind, content].concat());
    [
        &length.to_be_bytes(),
        kind.as_slice(),
        content,
        &checksum.to_be_bytes(),
    ]
    .concat()
}

/// The chunk of the standard.
pub(super) fn credential_chunk(text: &str) -> Vec<u8> {
    itxt("openbadgecredential", &[0, 0, 0, 0], text.as_bytes())
}

/// An `iTXt` chunk: after the keyword come the compression's flag and method, the ends of language
/// tag and translated keyword, and the text.
pub(super) fn itxt(keyword: &str, flags: &[u8; 4], text: &[u8]) -> Vec<u8> {
    let content = [keyword.as_bytes(), b"\0", flags, text].concat();
    chunk(b"iTXt", &content)
}

pub(super) fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A badge, baked as the standard says.
pub(super) fn baked(credential: &str, image: &[u8]) -> Vec<u8> {
    bake::bake(credential, image).unwrap()
}
