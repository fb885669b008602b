//! IRIs, as far as statements can be broken by them.

/// Whether a text is an absolute IRI as far as N-Quads can be broken by it: a scheme, and none of
/// the characters that an `IRIREF` bans.
pub(crate) fn is_absolute_iri(text: &str) -> bool {
    let Some(colon) = memchr::memchr(b':', text.as_bytes()) else {
        return false;
    };
    let (scheme, rest) = text.as_bytes().split_at(colon);
    scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
        && rest.len() > 1
        && !rest.iter().any(|&byte| BANNED[usize::from(byte)])
}

/// The characters that an `IRIREF` of N-Quads cannot hold, and DEL.
const BANNED: [bool; 256] = {
    let mut banned = [false; 256];
    let mut byte = 0;
    while byte <= b' ' as usize {
        banned[byte] = true;
        byte += 1;
    }
    let others = b"\x7f<>\"{}|^`\\";
    let mut index = 0;
    while index < others.len() {
        banned[others[index] as usize] = true;
        index += 1;
    }
    banned
};
