//! How DIDs and DID URLs are written ([DID Core, 3]).
//!
//! [DID Core, 3]: https://www.w3.org/TR/did-1.0/#identifier

use super::DidFault;

/// A DID that is written as the standard has it ([DID Core, 3.1]).
///
/// [DID Core, 3.1]: https://www.w3.org/TR/did-1.0/#did-syntax
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Did<'t> {
    text: &'t str,
    method: &'t str,
    id: &'t str,
}

impl<'t> Did<'t> {
    /// Reads a DID.
    ///
    /// # Errors
    /// [`DidFault::InvalidDid`].
    pub fn parse(text: &'t str) -> Result<Self, DidFault> {
        let rest = text.strip_prefix("did:").ok_or(DidFault::InvalidDid)?;
        let (method, id) = rest.split_once(':').ok_or(DidFault::InvalidDid)?;
        let named = !method.is_empty()
            && method
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        // Only the last of the parts between colons must not be empty.
        let identified = !id.is_empty() && !id.ends_with(':') && are(id, b".-_:");
        if named && identified {
            Ok(Self { text, method, id })
        } else {
            Err(DidFault::InvalidDid)
        }
    }

    /// The DID as it is written.
    #[must_use]
    pub const fn as_str(&self) -> &'t str {
        self.text
    }

    /// The name of its method.
    #[must_use]
    pub const fn method(&self) -> &'t str {
        self.method
    }

    /// What its method knows it by.
    #[must_use]
    pub const fn id(&self) -> &'t str {
        self.id
    }
}

/// A DID, and what it names of the DID's document or beyond it ([DID Core, 3.2]).
///
/// [DID Core, 3.2]: https://www.w3.org/TR/did-1.0/#did-url-syntax
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DidUrl<'t> {
    /// The DID.
    pub did: Did<'t>,
    /// The path with its `/`, or nothing.
    pub path: &'t str,
    /// What stands behind `?`.
    pub query: Option<&'t str>,
    /// What stands behind `#`.
    pub fragment: Option<&'t str>,
}

impl<'t> DidUrl<'t> {
    /// Reads a DID URL; every DID is one.
    ///
    /// # Errors
    /// [`DidFault::InvalidDid`] when that is what is wrong with its DID, else
    /// [`DidFault::InvalidDidUrl`].
    pub fn parse(text: &'t str) -> Result<Self, DidFault> {
        let end = text.find(['/', '?', '#']).unwrap_or(text.len());
        let (did, rest) = text.split_at(end);
        let did = Did::parse(did)?;
        let (rest, fragment) = split(rest, '#');
        let (path, query) = split(rest, '?');
        // RFC 3986, 3.3 to 3.5: `pchar`, and `/`; in queries and fragments `?` too.
        let is_path = are(path, b"-._~!$&'()*+,;=:@/");
        let is_rest = |text: &str| are(text, b"-._~!$&'()*+,;=:@/?");
        if is_path && query.is_none_or(is_rest) && fragment.is_none_or(is_rest) {
            Ok(Self {
                did,
                path,
                query,
                fragment,
            })
        } else {
            Err(DidFault::InvalidDidUrl)
        }
    }
}

fn split(text: &str, at: char) -> (&str, Option<&str>) {
    match text.split_once(at) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

/// Whether all are letters, digits, bytes in percent-encoding, or among these others.
fn are(text: &str, others: &[u8]) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let allowed = match byte {
            b'%' => {
                let mut is_digit = || bytes.next().is_some_and(|byte| byte.is_ascii_hexdigit());
                is_digit() && is_digit()
            }
            byte => byte.is_ascii_alphanumeric() || others.contains(&byte),
        };
        if !allowed {
            return false;
        }
    }
    true
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn dids_are_read_strictly() {
        for text in [
            "did:example:123",
            "did:example:a:b",
            "did:example::b",
            "did:web:example.org%3A8443:a_b-c",
            "did:0:A",
        ] {
            assert_eq!(Did::parse(text).unwrap().as_str(), text);
        }
        for text in [
            "",
            "not-a-did",
            "did:example",
            "did:example:",
            "did:example:a:",
            "did::a",
            "did:Example:a",
            "did:ex-ample:a",
            "DID:example:a",
            "did:example:a b",
            "did:example:a%2",
            "did:example:a%zz",
            "did:example:é",
            "did:example:a#b",
            "did:key:@",
        ] {
            assert_eq!(Did::parse(text), Err(DidFault::InvalidDid), "{text}");
        }
        let did = Did::parse("did:web:example.org:a").unwrap();
        assert_eq!((did.method(), did.id()), ("web", "example.org:a"));
    }

    #[test]
    fn did_urls_are_taken_apart() {
        let url = DidUrl::parse("did:example:a/b/c?d=e/?#f?").unwrap();
        assert_eq!(url.did.as_str(), "did:example:a");
        assert_eq!(url.path, "/b/c");
        assert_eq!((url.query, url.fragment), (Some("d=e/?"), Some("f?")));
        let url = DidUrl::parse("did:example:a#").unwrap();
        assert_eq!((url.path, url.query, url.fragment), ("", None, Some("")));
        for (text, fault) in [
            ("did:example:a/^b^", DidFault::InvalidDidUrl),
            ("did:example:a?`", DidFault::InvalidDidUrl),
            ("did:example:a#b#c", DidFault::InvalidDidUrl),
            ("did:example#b", DidFault::InvalidDid),
            ("#b", DidFault::InvalidDid),
        ] {
            assert_eq!(DidUrl::parse(text), Err(fault), "{text}");
        }
    }
}
