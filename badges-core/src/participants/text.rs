//! Bytes to text, or a reason that tells what was given instead of a list.

use super::{MAX_BYTES, ParticipantsError};

/// What the Dashboard sends, with status 200, until the CSV file is there.
const BEING_GENERATED: &str = "This file is being generated";

/// The text of a participants file without its byte order mark; holds more than white space.
pub(super) fn decode(bytes: &[u8]) -> Result<&str, ParticipantsError> {
    if bytes.len() > MAX_BYTES {
        return Err(ParticipantsError::TooLarge {
            bytes: bytes.len(),
            limit: MAX_BYTES,
        });
    }
    if is_utf16(bytes) {
        return Err(ParticipantsError::Utf16);
    }
    if is_spreadsheet(bytes) {
        return Err(ParticipantsError::Spreadsheet);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if bytes.contains(&0) {
        return Err(ParticipantsError::Binary);
    }
    let text = str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error.valid_up_to()))?;

    let content = text.trim();
    if content.is_empty() {
        return Err(ParticipantsError::Empty);
    }
    if content.trim_start_matches('"').starts_with(BEING_GENERATED) {
        return Err(ParticipantsError::BeingGenerated);
    }
    // No name, header or JSON begins like this.
    if content.starts_with('<') {
        return Err(ParticipantsError::WebPage);
    }
    Ok(text)
}

/// A byte order mark of UTF-16, or the zero bytes that ASCII has in it.
fn is_utf16(bytes: &[u8]) -> bool {
    let looks_little = matches!(bytes, [first, 0, second, 0, ..] if *first != 0 && *second != 0);
    let looks_big = matches!(bytes, [0, first, 0, second, ..] if *first != 0 && *second != 0);
    bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") || looks_little || looks_big
}

/// The signatures of ZIP (xlsx, ods) and of the older Office files (xls).
fn is_spreadsheet(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xD0\xCF\x11\xE0")
}

/// Text in another encoding has a line that can be named; other things hold control characters.
fn not_utf8(bytes: &[u8], valid_up_to: usize) -> ParticipantsError {
    let is_binary = bytes
        .iter()
        .any(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace());
    if is_binary {
        return ParticipantsError::Binary;
    }
    let line_breaks = bytes
        .iter()
        .take(valid_up_to)
        .filter(|&&byte| byte == b'\n');
    ParticipantsError::NotUtf8 {
        line: line_breaks.count() as u64 + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_list_is_named() {
        let cases: [(&[u8], &str); 11] = [
            (b"", "participants.empty"),
            (b"\xEF\xBB\xBF \r\n", "participants.empty"),
            (b"\xFF\xFEE\0x\0", "participants.utf-16"),
            (b"\0E\0x\0a", "participants.utf-16"),
            (b"Example\nJos\xE9", "participants.not-utf-8"),
            (b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", "participants.binary"),
            (b"\x1F\x8B\x08\xFF\xFF", "participants.binary"),
            (b"PK\x03\x04\x14\0", "participants.spreadsheet"),
            (b"<!DOCTYPE html>", "participants.web-page"),
            (
                b"\"This file is being generated. Please",
                "participants.being-generated",
            ),
            (&[b'x'; MAX_BYTES + 1], "participants.too-large"),
        ];
        for (bytes, id) in cases {
            assert_eq!(decode(bytes).map_err(|error| error.id()), Err(id));
        }
        assert_eq!(
            decode(b"Example\nJos\xE9"),
            Err(ParticipantsError::NotUtf8 { line: 2 })
        );
        assert_eq!(decode(b"\xEF\xBB\xBFExample"), Ok("Example"));
    }
}
