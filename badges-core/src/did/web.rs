//! [did:web], whose document stands at an address.
//!
//! [did:web]: https://w3c-ccg.github.io/did-method-web/

/// The URL of a did:web's document: `did:web:example.org` → `https://example.org/.well-known/did.json`,
/// `did:web:example.org%3A8443:issuers:a` → `https://example.org:8443/issuers/a/did.json`. `None`
/// for other DIDs and malformed ones.
#[must_use]
pub fn web_document_url(did: &str) -> Option<String> {
    let mut segments = did.strip_prefix("did:web:")?.split(':');
    let host = decode_port(segments.next()?)?;
    let path: Vec<&str> = segments.collect();
    let safe = |segment: &&str| {
        !segment.is_empty()
            && !matches!(*segment, "." | "..")
            && segment
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte))
    };
    if !path.iter().all(safe) {
        return None;
    }
    Some(if path.is_empty() {
        format!("https://{host}/.well-known/did.json")
    } else {
        format!("https://{host}/{}/did.json", path.join("/"))
    })
}

/// The did:web of an https base URL, the inverse of [`web_document_url`]; `None` when the URL is
/// not `https://host[:port][/path]`.
#[must_use]
pub fn web_did(base: &str) -> Option<String> {
    let rest = base.strip_prefix("https://")?.trim_end_matches('/');
    let mut segments = rest.split('/');
    let host = segments.next()?.to_ascii_lowercase().replace(':', "%3A");
    let did = segments.fold(format!("did:web:{host}"), |did, segment| {
        format!("{did}:{segment}")
    });
    web_document_url(&did).is_some().then_some(did)
}

/// The host that a did:web or https identifier proves: what a reader may take as the issuer's
/// address.
#[must_use]
pub fn domain(id: &str) -> Option<String> {
    if let Some(rest) = id.strip_prefix("did:web:") {
        return decode_port(rest.split([':', '#', '?', '/']).next()?);
    }
    let rest = id.strip_prefix("https://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    (!authority.is_empty() && !authority.contains('@')).then(|| authority.to_ascii_lowercase())
}

fn decode_port(host: &str) -> Option<String> {
    let (name, port) = match host.to_ascii_lowercase().split_once("%3a") {
        Some((name, port)) => (name.to_owned(), Some(port.to_owned())),
        None => (host.to_owned(), None),
    };
    let named = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
    let numbered = port
        .as_ref()
        .is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
    (named && numbered).then(|| match port {
        Some(port) => format!("{name}:{port}"),
        None => name,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn did_web_names_its_document() {
        for (did, url) in [
            (
                "did:web:example.org",
                Some("https://example.org/.well-known/did.json"),
            ),
            (
                "did:web:example.org:issuers:1",
                Some("https://example.org/issuers/1/did.json"),
            ),
            (
                "did:web:example.org%3A8443:a",
                Some("https://example.org:8443/a/did.json"),
            ),
            ("did:web:example.org:..:a", None),
            (
                "did:web:example.org:a%2fb",
                Some("https://example.org/a%2fb/did.json"),
            ),
            ("did:web:", None),
            ("did:web:user@example.org", None),
            ("did:web:example.org%3Aport", None),
            ("did:web:example.org/a", None),
            ("did:key:z6Mk", None),
        ] {
            assert_eq!(web_document_url(did).as_deref(), url, "{did}");
        }
    }

    #[test]
    fn bases_become_dids() {
        for (base, did) in [
            ("https://example.org", Some("did:web:example.org")),
            (
                "https://Example.org:8443/issuers/a/",
                Some("did:web:example.org%3A8443:issuers:a"),
            ),
            ("http://example.org", None),
            ("https://example.org/a b", None),
            ("https://example.org//a", None),
        ] {
            assert_eq!(web_did(base).as_deref(), did, "{base}");
        }
    }
}
