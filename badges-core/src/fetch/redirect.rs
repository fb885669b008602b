//! Where a redirect leads.

use ureq::http::header::LOCATION;
use ureq::http::{Response, Uri};

/// The absolute URL that a response to a request for `base` redirects to, not checked in any way.
/// `None` if it is not a redirect, or names no place.
pub(super) fn redirect_target<Body>(base: &Uri, response: &Response<Body>) -> Option<String> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = response.headers().get(LOCATION)?;
    let reference = std::str::from_utf8(location.as_bytes()).ok()?;
    resolve(base, reference.trim())
}

/// Resolves a reference against an absolute URL (RFC 3986, section 5.2).
fn resolve(base: &Uri, reference: &str) -> Option<String> {
    if has_scheme(reference) {
        return Some(reference.to_owned());
    }
    let scheme = base.scheme_str()?;
    if reference.starts_with("//") {
        return Some(format!("{scheme}:{reference}"));
    }
    let (reference, _) = reference.split_once('#').unwrap_or((reference, ""));
    let (path, query) = match reference.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (reference, None),
    };
    let query = if reference.is_empty() {
        base.query()
    } else {
        query
    };
    let path = if path.is_empty() {
        base.path().to_owned()
    } else if path.starts_with('/') {
        without_dots(path)
    } else {
        let (folder, _) = base.path().rsplit_once('/').unwrap_or_default();
        without_dots(&format!("{folder}/{path}"))
    };
    let authority = base.authority()?;
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("{scheme}://{authority}{path}{query}"))
}

fn has_scheme(reference: &str) -> bool {
    let Some((scheme, _)) = reference.split_once(':') else {
        return false;
    };
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// Takes the segments `.` and `..` out of an absolute path (RFC 3986, section 5.2.4).
fn without_dots(path: &str) -> String {
    let mut kept = Vec::new();
    for segment in path.split('/').skip(1) {
        match segment {
            "." => {}
            ".." => {
                kept.pop();
            }
            _ => kept.push(segment),
        }
    }
    if path.ends_with("/.") || path.ends_with("/..") {
        kept.push("");
    }
    format!("/{}", kept.join("/"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn references_are_resolved() {
        // The examples of RFC 3986, sections 5.4.1 and 5.4.2, without fragments and parameters.
        let base = Uri::from_static("http://a/b/c/d;p?q");
        let checks = [
            ("g:h", "g:h"),
            ("g", "http://a/b/c/g"),
            ("./g", "http://a/b/c/g"),
            ("g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"),
            ("//g", "http://g"),
            ("?y", "http://a/b/c/d;p?y"),
            ("g?y", "http://a/b/c/g?y"),
            ("g?y/./x", "http://a/b/c/g?y/./x"),
            ("", "http://a/b/c/d;p?q"),
            ("#s", "http://a/b/c/d;p?q"),
            (".", "http://a/b/c/"),
            ("./", "http://a/b/c/"),
            ("..", "http://a/b/"),
            ("../", "http://a/b/"),
            ("../g", "http://a/b/g"),
            ("../..", "http://a/"),
            ("../../g", "http://a/g"),
            ("../../../../g", "http://a/g"),
            ("/./g", "http://a/g"),
            ("/../g", "http://a/g"),
            ("g.", "http://a/b/c/g."),
            ("..g", "http://a/b/c/..g"),
            ("./../g", "http://a/b/g"),
            ("./g/.", "http://a/b/c/g/"),
            ("g/../h", "http://a/b/c/h"),
            ("/a:b", "http://a/a:b"),
        ];
        for (reference, expected) in checks {
            assert_eq!(
                resolve(&base, reference).unwrap(),
                expected,
                "{reference:?}"
            );
        }
    }

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
