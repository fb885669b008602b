//! Securing mechanisms: Data Integrity proofs inside the document, and what envelopes it: compact
//! JWS, SD-JWT and COSE_Sign1.

pub mod cose;
pub mod data_integrity;
pub mod enveloped;
pub mod jwt;
pub mod sd_jwt;
pub mod selective;
pub mod suite;

/// Whether a `typ` or `cty` is this media type: `application/` may be left out and case means
/// nothing ([RFC 7515, 4.1.9](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.9)).
pub(crate) fn is_media_type(written: &str, short: &str) -> bool {
    let prefix = "application/";
    let bare = match written.get(..prefix.len()) {
        Some(start) if start.eq_ignore_ascii_case(prefix) => &written[prefix.len()..],
        _ => written,
    };
    bare.eq_ignore_ascii_case(short)
}
