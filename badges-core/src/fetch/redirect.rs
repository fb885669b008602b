//! Where a redirect leads.

use ureq::http::header::LOCATION;
use ureq::http::{Response, Uri};

use crate::iri;

/// The absolute URL that a response to a request for `base` redirects to, not checked in any way.
/// `None` if it is not a redirect, or names no place.
pub(super) fn redirect_target<Body>(base: &Uri, response: &Response<Body>) -> Option<String> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = response.headers().get(LOCATION)?;
    let reference = std::str::from_utf8(location.as_bytes()).ok()?;
    let (reference, _) = reference.split_once('#').unwrap_or((reference, ""));
    iri::resolve(&base.to_string(), reference.trim())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn only_redirects_with_a_location_lead_somewhere() {
        let base = Uri::from_static("https://example.org:8443/a");
        let response = |status: u16| Response::builder().status(status);
        let moved = response(308).header(LOCATION, "b").body(()).unwrap();
        assert_eq!(
            redirect_target(&base, &moved).unwrap(),
            "https://example.org:8443/b"
        );
        let no_place = response(302).body(()).unwrap();
        assert_eq!(redirect_target(&base, &no_place), None);
        let created = response(201).header(LOCATION, "b").body(()).unwrap();
        assert_eq!(redirect_target(&base, &created), None);
    }
}
