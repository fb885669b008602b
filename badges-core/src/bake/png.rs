//! The credential in a PNG: a text chunk with the keyword `openbadgecredential`, or `clrcredential`.

use std::io::Read;
use std::ops::Range;

use flate2::read::ZlibDecoder;

use super::{
    BakeError, ChunkFault, Credential, Extracted, Format, Kind, MAX_TEXT, Note, append_without,
};

/// The first bytes of each PNG.
pub(super) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

const OPEN_BADGES_2_KEYWORD: &[u8] = b"openbadges";

/// What follows the keyword in the chunk that is written: the end of the keyword, compression flag
/// and method, an empty language tag and its end, an empty translated keyword and its end.
const NO_COMPRESSION_NO_LANGUAGE: &[u8] = &[0, 0, 0, 0, 0];

/// Length and type stand before the content of a chunk, the checksum after it.
const CHUNK_HEAD: usize = 8;
const CHUNK_FRAME: usize = CHUNK_HEAD + 4;

pub(super) fn bake(credential: &Credential<'_>, image: &[u8]) -> Result<Vec<u8>, BakeError> {
    let png = Png::read(image)?;
    let text = credential.text().as_bytes();
    let keyword = credential.kind().keyword();
    let content = keyword.len() + NO_COMPRESSION_NO_LANGUAGE.len() + text.len();
    let length = u32::try_from(content).map_err(|_| BakeError::TextTooLong)?;

    let cuts = || png.credentials.iter().map(|chunk| chunk.range.clone());
    let mut baked = Vec::with_capacity(png.end + CHUNK_FRAME + content);
    append_without(&mut baked, image, 0..png.first_data, cuts());
    baked.extend_from_slice(&length.to_be_bytes());
    let checked_from = baked.len();
    baked.extend_from_slice(b"iTXt");
    baked.extend_from_slice(keyword);
    baked.extend_from_slice(NO_COMPRESSION_NO_LANGUAGE);
    baked.extend_from_slice(text);
    let checksum = crc32fast::hash(&baked[checked_from..]);
    baked.extend_from_slice(&checksum.to_be_bytes());
    append_without(&mut baked, image, png.first_data..png.end, cuts());
    Ok(baked)
}

pub(super) fn extract(image: &[u8]) -> Result<Extracted, BakeError> {
    let png = Png::read(image)?;
    let chunk = match png.credentials.as_slice() {
        [] if png.assertion.is_some() => return Err(BakeError::OpenBadges2),
        [] => return Err(BakeError::NoCredential),
        [chunk] => chunk,
        [first, second, ..] => {
            return Err(BakeError::TwoCredentials {
                first: first.range.start,
                second: second.range.start,
            });
        }
    };
    png.extracted(chunk, image)
}

pub(super) fn extract_assertion(image: &[u8]) -> Result<Extracted, BakeError> {
    let png = Png::read(image)?;
    let chunk = png.assertion.as_ref().ok_or(BakeError::NoCredential)?;
    png.extracted(chunk, image)
}

/// What matters of a PNG whose chunks are all intact.
struct Png<'a> {
    /// The chunks with a credential, in order.
    credentials: Vec<Chunk<'a>>,
    /// The chunk with an Open Badges 2.0 assertion.
    assertion: Option<Chunk<'a>>,
    /// Where the first `IDAT` begins.
    first_data: usize,
    /// Where `IEND` ends.
    end: usize,
}

struct Chunk<'a> {
    kind: [u8; 4],
    content: &'a [u8],
    /// Of a text chunk, if it is one of ours.
    keyword: Option<&'static [u8]>,
    /// Where the chunk stands in the image, with its length and its checksum.
    range: Range<usize>,
}

impl<'a> Png<'a> {
    fn read(image: &'a [u8]) -> Result<Self, BakeError> {
        let mut credentials = Vec::new();
        let mut assertion: Option<Chunk<'_>> = None;
        let mut first_data = None;
        let mut at = SIGNATURE.len();
        while at < image.len() {
            let chunk = Chunk::read(image, at)?;
            if at == SIGNATURE.len() && &chunk.kind != b"IHDR" {
                break;
            }
            at = chunk.range.end;
            match &chunk.kind {
                b"IDAT" => {
                    first_data.get_or_insert(chunk.range.start);
                }
                _ if chunk.has_credential() => credentials.push(chunk),
                _ if chunk.keyword == Some(OPEN_BADGES_2_KEYWORD) => {
                    if let Some(first) = &assertion {
                        return Err(BakeError::TwoAssertions {
                            first: first.range.start,
                            second: chunk.range.start,
                        });
                    }
                    assertion = Some(chunk);
                }
                b"IEND" => {
                    return Ok(Self {
                        credentials,
                        assertion,
                        first_data: first_data.ok_or(BakeError::MissingChunk { chunk: "IDAT" })?,
                        end: at,
                    });
                }
                _ => {}
            }
        }
        let chunk = if at == SIGNATURE.len() {
            "IHDR"
        } else {
            "IEND"
        };
        Err(BakeError::MissingChunk { chunk })
    }

    fn extracted(&self, chunk: &Chunk<'_>, image: &[u8]) -> Result<Extracted, BakeError> {
        let (text, note) = chunk_text(chunk)?;
        if text.trim().is_empty() {
            return Err(BakeError::EmptyCredential {
                offset: chunk.range.start,
            });
        }
        let mut notes = Vec::from_iter(note);
        if self.end < image.len() {
            notes.push(Note::DataAfterEnd {
                bytes: image.len() - self.end,
            });
        }
        Ok(Extracted {
            text,
            format: Format::Png,
            notes,
        })
    }
}

impl<'a> Chunk<'a> {
    fn read(image: &'a [u8], offset: usize) -> Result<Self, BakeError> {
        let truncated = BakeError::Truncated { offset };
        let rest = &image[offset..];
        let Some((length, typed)) = rest.split_first_chunk::<4>() else {
            return Err(truncated);
        };
        let Some((kind, _)) = typed.split_first_chunk::<4>() else {
            return Err(truncated);
        };
        if !kind.iter().all(u8::is_ascii_alphabetic) {
            return Err(BakeError::ChunkType { offset });
        }
        let size = usize::try_from(u32::from_be_bytes(*length))
            .ok()
            .and_then(|length| length.checked_add(CHUNK_FRAME))
            .filter(|size| *size <= rest.len());
        let Some(size) = size else {
            return Err(truncated);
        };
        let (checked, checksum) = rest[4..size].split_at(size - CHUNK_HEAD);
        let content = &checked[kind.len()..];
        let chunk = Self {
            kind: *kind,
            content,
            keyword: keyword(kind, content),
            range: offset..offset + size,
        };
        if crc32fast::hash(checked).to_be_bytes() != checksum {
            return Err(BakeError::Checksum {
                chunk: chunk.name(),
                offset,
            });
        }
        Ok(chunk)
    }

    fn name(&self) -> String {
        String::from_utf8_lossy(&self.kind).into_owned()
    }

    fn has_credential(&self) -> bool {
        Kind::ALL
            .iter()
            .any(|kind| self.keyword == Some(kind.keyword()))
    }
}

/// The keyword of a text chunk, if it is one of ours. A chunk that ends without the NUL after it is
/// meant too: it is damaged, not another.
fn keyword(kind: &[u8; 4], content: &[u8]) -> Option<&'static [u8]> {
    let is_text = matches!(kind, b"iTXt" | b"tEXt" | b"zTXt");
    let ours = Kind::ALL.map(Kind::keyword).into_iter();
    ours.chain([OPEN_BADGES_2_KEYWORD])
        .filter(|_| is_text)
        .find(|keyword| matches!(content.strip_prefix(*keyword), Some([] | [0, ..])))
}

/// The text of a chunk behind its keyword, and what is odd about it.
fn chunk_text(chunk: &Chunk<'_>) -> Result<(String, Option<Note>), BakeError> {
    let fault = |fault| BakeError::Chunk {
        chunk: chunk.name(),
        offset: chunk.range.start,
        fault,
    };
    let keyword = chunk.keyword.map_or(0, <[u8]>::len);
    let Some(content) = chunk.content.get(keyword + 1..) else {
        return Err(fault(ChunkFault::Short));
    };
    match (&chunk.kind, content) {
        (b"tEXt", text) => Ok((
            text_of_unknown_encoding(text.to_vec()),
            Some(Note::TextChunk { chunk: "tEXt" }),
        )),
        (b"zTXt", [0, text @ ..]) => Ok((
            text_of_unknown_encoding(inflate(text, fault)?),
            Some(Note::TextChunk { chunk: "zTXt" }),
        )),
        (b"zTXt", [_, ..]) => Err(fault(ChunkFault::Compression)),
        (b"iTXt", [flag, method, rest @ ..]) => {
            let after_language = after_nul(rest).ok_or(fault(ChunkFault::Short))?;
            let text = after_nul(after_language).ok_or(fault(ChunkFault::Short))?;
            let (text, note) = match (flag, method) {
                (0, _) => (text.to_vec(), None),
                (1, 0) => (inflate(text, fault)?, Some(Note::Compressed)),
                _ => return Err(fault(ChunkFault::Compression)),
            };
            let text = String::from_utf8(text).map_err(|_| fault(ChunkFault::NotUtf8))?;
            Ok((text, note))
        }
        _ => Err(fault(ChunkFault::Short)),
    }
}

fn after_nul(bytes: &[u8]) -> Option<&[u8]> {
    let nul = bytes.iter().position(|byte| *byte == 0)?;
    bytes.get(nul + 1..)
}

/// `tEXt` and `zTXt` are Latin-1 by the PNG specification, but those who put a credential there
/// often write UTF-8. What is UTF-8 is hardly ever meant to be Latin-1.
fn text_of_unknown_encoding(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| error.as_bytes().iter().copied().map(char::from).collect())
}

fn inflate(
    compressed: &[u8],
    fault: impl FnOnce(ChunkFault) -> BakeError,
) -> Result<Vec<u8>, BakeError> {
    let mut text = Vec::new();
    let one_too_many = MAX_TEXT as u64 + 1;
    ZlibDecoder::new(compressed)
        .take(one_too_many)
        .read_to_end(&mut text)
        .map_err(|_| fault(ChunkFault::Damaged))?;
    if text.len() > MAX_TEXT {
        return Err(BakeError::TextTooLong);
    }
    Ok(text)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
pub(super) mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use super::super::{bake, extract};
    use super::*;

    const KEYWORD: &[u8] = b"openbadgecredential";
    const JWS: &str = "eyJhbGciOiJFUzI1NiJ9.e30.c2ln";

    pub(in super::super) fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
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

    fn deflate(text: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    /// A grey picture of one pixel: its chunks before the data, the data in two chunks, the end.
    fn parts() -> (Vec<u8>, Vec<u8>, Vec<u8>) {
        let header = [0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0];
        let pixels = deflate(&[0, 128]);
        let (one, two) = pixels.split_at(3);
        (
            [
                SIGNATURE,
                &chunk(b"IHDR", &header),
                &chunk(b"tEXt", b"Title\0A badge"),
            ]
            .concat(),
            [chunk(b"IDAT", one), chunk(b"IDAT", two)].concat(),
            chunk(b"IEND", b""),
        )
    }

    /// The picture with these chunks before and after its data.
    pub(in super::super) fn picture(before: &[u8], after: &[u8]) -> Vec<u8> {
        let (head, data, end) = parts();
        [&head, before, &data, after, &end].concat()
    }

    fn itxt(keyword: &[u8], rest: &[u8]) -> Vec<u8> {
        chunk(b"iTXt", &[keyword, rest].concat())
    }

    fn credential_chunk(text: &str) -> Vec<u8> {
        itxt(KEYWORD, &[&[0, 0, 0, 0, 0], text.as_bytes()].concat())
    }

    fn read(chunk: &[u8]) -> Result<(String, Vec<Note>), BakeError> {
        extract(&picture(chunk, b"")).map(|found| (found.text, found.notes))
    }

    #[test]
    fn the_chunk_stands_directly_before_the_data() {
        let baked = bake(JWS, &picture(b"", b"")).unwrap();
        assert_eq!(baked, picture(&credential_chunk(JWS), b""));
        let extracted = extract(&baked).unwrap();
        assert_eq!(extracted.text, JWS);
        assert_eq!(extracted.format, Format::Png);
        assert_eq!(extracted.notes, []);
    }

    #[test]
    fn the_bytes_are_those_of_the_specification() {
        let baked = bake("{}", &picture(b"", b"")).unwrap();
        let at = parts().0.len();
        assert_eq!(
            &baked[at..at + 34],
            b"\0\0\0\x1aiTXtopenbadgecredential\0\0\0\0\0{}"
        );
    }

    #[test]
    fn a_credential_behind_the_data_is_read_without_a_note() {
        let extracted = extract(&picture(b"", &credential_chunk("{}"))).unwrap();
        assert_eq!((extracted.text.as_str(), extracted.notes), ("{}", vec![]));
    }

    #[test]
    fn baking_replaces_every_credential_and_keeps_the_rest() {
        let other = chunk(b"tEXt", b"openbadgecredentials\0no");
        let old_assertion = itxt(OPEN_BADGES_2_KEYWORD, b"\0\0\0\0\0{}");
        let before = [
            credential_chunk("{}"),
            other.clone(),
            chunk(b"tEXt", b"openbadgecredential\0{}"),
        ]
        .concat();
        let after = [
            chunk(b"zTXt", b"openbadgecredential\0\0broken"),
            old_assertion.clone(),
            itxt(KEYWORD, b""),
        ]
        .concat();
        let expected = picture(
            &[other, credential_chunk(JWS)].concat(),
            old_assertion.as_slice(),
        );
        let baked = bake(JWS, &picture(&before, &after)).unwrap();
        assert_eq!(baked, expected);
        assert_eq!(bake(JWS, &baked).unwrap(), baked);
        assert_eq!(extract(&baked).unwrap().text, JWS);
    }

    #[test]
    fn the_output_is_allocated_once() {
        let image = picture(b"", b"");
        let credential = Credential::read(JWS).unwrap();
        let baked = super::bake(&credential, &image).unwrap();
        assert_eq!(baked.capacity(), baked.len());
    }

    #[test]
    fn bytes_after_the_end_are_noted_and_left_out() {
        let mut image = picture(&credential_chunk("{}"), b"");
        image.extend_from_slice(&credential_chunk(JWS));
        let bytes = credential_chunk(JWS).len();
        assert_eq!(
            extract(&image).unwrap().notes,
            [Note::DataAfterEnd { bytes }]
        );
        let baked = bake(JWS, &image).unwrap();
        assert_eq!(baked, picture(&credential_chunk(JWS), b""));
    }

    #[test]
    fn other_text_chunks_are_read_with_a_note() {
        let text = "{\"name\": \"Übung\"}";
        let compressed = deflate(text.as_bytes());
        let cases = [
            (
                itxt(KEYWORD, &[&[0, 1, 0, 0, 0], &compressed[..]].concat()),
                Note::Compressed,
            ),
            (
                chunk(b"tEXt", &[KEYWORD, b"\0", text.as_bytes()].concat()),
                Note::TextChunk { chunk: "tEXt" },
            ),
            (
                chunk(b"zTXt", &[KEYWORD, b"\0\0", &compressed].concat()),
                Note::TextChunk { chunk: "zTXt" },
            ),
        ];
        for (chunk, note) in cases {
            assert_eq!(read(&chunk), Ok((text.to_owned(), vec![note])));
        }
    }

    #[test]
    fn latin_1_is_read_where_png_has_it() {
        let chunk = chunk(b"tEXt", b"openbadgecredential\0{\"name\": \"\xDCbung\"}");
        assert_eq!(read(&chunk).unwrap().0, "{\"name\": \"Übung\"}");
    }

    #[test]
    fn language_and_translated_keyword_are_passed_over() {
        let chunk = itxt(KEYWORD, "\0\0\0en\0Übung\0{}".as_bytes());
        assert_eq!(read(&chunk), Ok(("{}".to_owned(), vec![])));
    }

    #[test]
    fn two_credentials_are_an_error() {
        let one = credential_chunk("{}");
        let two = chunk(b"tEXt", b"openbadgecredential\0{}");
        let (head, data, _) = parts();
        assert_eq!(
            extract(&picture(&one, &two)),
            Err(BakeError::TwoCredentials {
                first: head.len(),
                second: head.len() + one.len() + data.len(),
            })
        );
    }

    #[test]
    fn open_badges_2_is_told_apart() {
        let old = chunk(b"tEXt", b"openbadges\0https://badges.example.org/1");
        assert_eq!(extract(&picture(&old, b"")), Err(BakeError::OpenBadges2));
        let both = picture(&old, &credential_chunk("{}"));
        assert_eq!(extract(&both).unwrap().notes, []);

        let first = parts().0.len();
        let second = first + old.len();
        let twice = picture(&[old.clone(), old].concat(), &credential_chunk("{}"));
        let error = BakeError::TwoAssertions { first, second };
        assert_eq!(extract(&twice), Err(error.clone()));
        assert_eq!(bake(JWS, &twice), Err(error));
    }

    #[test]
    fn a_broken_credential_chunk_is_named() {
        let broken = |chunk: &[u8]| match read(chunk) {
            Err(BakeError::Chunk {
                chunk,
                offset,
                fault,
            }) => {
                assert_eq!(offset, parts().0.len());
                (chunk, fault)
            }
            other => panic!("{other:?}"),
        };
        let cut = &deflate(b"{\"a\": 1}")[..6];
        let cases = [
            (itxt(KEYWORD, b""), ChunkFault::Short),
            (itxt(KEYWORD, b"\0"), ChunkFault::Short),
            (itxt(KEYWORD, b"\0\0\0en"), ChunkFault::Short),
            (itxt(KEYWORD, b"\0\0\0en\0translated"), ChunkFault::Short),
            (itxt(KEYWORD, b"\0\x02\0\0\0{}"), ChunkFault::Compression),
            (itxt(KEYWORD, b"\0\x01\x01\0\0{}"), ChunkFault::Compression),
            (itxt(KEYWORD, b"\0\x01\0\0\0{}"), ChunkFault::Damaged),
            (
                itxt(KEYWORD, &[b"\0\x01\0\0\0", cut].concat()),
                ChunkFault::Damaged,
            ),
            (itxt(KEYWORD, b"\0\0\0\0\0{\xFF}"), ChunkFault::NotUtf8),
        ];
        for (chunk, fault) in cases {
            assert_eq!(broken(&chunk), ("iTXt".to_owned(), fault));
        }
        let chunk = chunk(b"zTXt", b"openbadgecredential\0\x01x");
        assert_eq!(broken(&chunk), ("zTXt".to_owned(), ChunkFault::Compression));
    }

    #[test]
    fn an_empty_credential_is_an_error() {
        let offset = parts().0.len();
        assert_eq!(
            read(&credential_chunk(" \n")),
            Err(BakeError::EmptyCredential { offset })
        );
    }

    #[test]
    fn inflating_stops_at_the_limit() {
        let bomb = deflate(&vec![b' '; MAX_TEXT + 1]);
        assert!(bomb.len() < 10_000);
        let chunk = itxt(KEYWORD, &[&[0, 1, 0, 0, 0], &bomb[..]].concat());
        assert_eq!(read(&chunk), Err(BakeError::TextTooLong));
        let plain = credential_chunk(&"x".repeat(MAX_TEXT + 1));
        assert_eq!(read(&plain), Err(BakeError::TextTooLong));
    }

    #[test]
    fn damage_anywhere_is_an_error() {
        let image = picture(b"", b"");
        let title = SIGNATURE.len() + CHUNK_FRAME + 13;
        let error = |image: &[u8]| bake(JWS, image).unwrap_err();

        let mut flipped = image.clone();
        flipped[title + 10] ^= 1;
        assert_eq!(
            error(&flipped),
            BakeError::Checksum {
                chunk: "tEXt".to_owned(),
                offset: title
            }
        );
        let mut nameless = image.clone();
        nameless[title + 4] = b'1';
        assert_eq!(error(&nameless), BakeError::ChunkType { offset: title });
        let mut endless = image.clone();
        endless[title..title + 4].copy_from_slice(&[0xFF; 4]);
        assert_eq!(error(&endless), BakeError::Truncated { offset: title });

        let ends = [
            SIGNATURE.len(),
            title,
            title + CHUNK_FRAME + 13,
            image.len() - CHUNK_FRAME,
        ];
        for length in SIGNATURE.len()..image.len() {
            match error(&image[..length]) {
                BakeError::Truncated { .. } => {}
                BakeError::MissingChunk { chunk: "IHDR" } => {
                    assert_eq!(length, SIGNATURE.len());
                }
                BakeError::MissingChunk { chunk } => {
                    assert_eq!(chunk, "IEND");
                    assert!(ends.contains(&length) || length > ends[2]);
                }
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn the_frame_of_a_png_is_required() {
        let (head, data, end) = parts();
        let header = &head[SIGNATURE.len()..];
        let missing = |chunks: &[&[u8]]| bake(JWS, &chunks.concat()).unwrap_err();
        assert_eq!(
            missing(&[SIGNATURE, &data, header, &end]),
            BakeError::MissingChunk { chunk: "IHDR" }
        );
        assert_eq!(
            missing(&[&head, &end]),
            BakeError::MissingChunk { chunk: "IDAT" }
        );
        assert_eq!(
            missing(&[&head, &data]),
            BakeError::MissingChunk { chunk: "IEND" }
        );
    }
}
