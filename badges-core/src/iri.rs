//! IRIs: what statements can be broken by, and what a relative one means.

/// Whether a text is an absolute IRI as far as N-Quads can be broken by it: a scheme, and none of
/// the characters that an `IRIREF` bans.
pub(crate) fn is_absolute_iri(text: &str) -> bool {
    let Some(colon) = memchr::memchr(b':', text.as_bytes()) else {
        return false;
    };
    let (scheme, rest) = text.as_bytes().split_at(colon);
    is_scheme(scheme) && rest.len() > 1 && !rest.iter().any(|&byte| BANNED[usize::from(byte)])
}

fn is_scheme(text: &[u8]) -> bool {
    text.first().is_some_and(u8::is_ascii_alphabetic)
        && text
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

/// Resolves a reference against an absolute one (RFC 3986, section 5.2), both without fragments.
/// `None` if the base has no path that anything could be relative to.
pub(crate) fn resolve(base: &str, reference: &str) -> Option<String> {
    let has_scheme = |text: &str| {
        text.split_once(':')
            .is_some_and(|(scheme, _)| is_scheme(scheme.as_bytes()))
    };
    if has_scheme(reference) {
        return Some(reference.to_owned());
    }
    if reference.is_empty() {
        return Some(base.to_owned());
    }
    let (scheme, rest) = base.split_once("://")?;
    if reference.starts_with("//") {
        return Some(format!("{scheme}:{reference}"));
    }
    let (authority, rest) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let (base_path, base_query) = with_query(rest);
    let (path, query) = with_query(reference);
    let (path, query) = if path.is_empty() {
        (base_path.to_owned(), query.or(base_query))
    } else if path.starts_with('/') {
        (without_dots(path), query)
    } else {
        let (folder, _) = base_path.rsplit_once('/').unwrap_or_default();
        (without_dots(&format!("{folder}/{path}")), query)
    };
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("{scheme}://{authority}{path}{query}"))
}

fn with_query(text: &str) -> (&str, Option<&str>) {
    match text.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (text, None),
    }
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved() {
        // The examples of RFC 3986, sections 5.4.1 and 5.4.2, without fragments and parameters.
        let base = "http://a/b/c/d;p?q";
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
            assert_eq!(resolve(base, reference).unwrap(), expected, "{reference:?}");
        }
    }

    #[test]
    fn not_every_base_has_a_path() {
        assert_eq!(
            resolve("https://example.org", "a").unwrap(),
            "https://example.org/a"
        );
        assert_eq!(resolve("urn:x:1", "").unwrap(), "urn:x:1");
        assert_eq!(resolve("urn:x:1", "a"), None);
    }
}
