//! The forms of texts: the specification's derived types.

/// `LanguageCode`: `^[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$`.
pub(in crate::model) fn is_language_tag(text: &str) -> bool {
    let mut subtags = text.split('-').peekable();
    let language = subtags.next().unwrap_or_default();
    if !(2..=4).contains(&language.len()) || !all(language, u8::is_ascii_lowercase) {
        return false;
    }
    let _script = subtags.next_if(|subtag| is_script(subtag));
    let _region = subtags.next_if(|subtag| is_country_code(subtag) || is_area(subtag));
    subtags.next().is_none()
}

fn is_script(subtag: &str) -> bool {
    matches!(subtag.as_bytes(), [first, rest @ ..]
        if rest.len() == 3 && first.is_ascii_uppercase() && rest.iter().all(u8::is_ascii_lowercase))
}

fn is_area(subtag: &str) -> bool {
    subtag.len() == 3 && all(subtag, u8::is_ascii_digit)
}

/// `CountryCode`: ISO 3166-1 alpha-2.
pub(super) fn is_country_code(text: &str) -> bool {
    text.len() == 2 && all(text, u8::is_ascii_uppercase)
}

/// `CompactJws`: `^[a-zA-Z0-9_-]+\.[a-zA-Z0-9_-]*\.[a-zA-Z0-9_-]+$`.
pub(super) fn is_compact_jws(text: &str) -> bool {
    let base64url = |part: &str| {
        all(part, |byte| {
            byte.is_ascii_alphanumeric() || b"-_".contains(byte)
        })
    };
    let mut parts = text.split('.');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(header), Some(payload), Some(signature), None) => {
            !header.is_empty()
                && !signature.is_empty()
                && [header, payload, signature].into_iter().all(base64url)
        }
        _ => false,
    }
}

/// `IdentityHash` of a hashed identifier: `sha256$` or `md5$` and the digest in hexadecimal.
pub(super) fn is_identity_hash(text: &str) -> bool {
    let Some((algorithm, digest)) = text.split_once('$') else {
        return false;
    };
    let length = match algorithm.to_ascii_lowercase().as_str() {
        "sha256" => 64,
        "md5" => 32,
        _ => return false,
    };
    digest.len() == length && all(digest, u8::is_ascii_hexdigit)
}

/// A position in a status list: decimal digits.
pub(super) fn is_index(text: &str) -> bool {
    !text.is_empty() && all(text, u8::is_ascii_digit)
}

/// A term that extends an enumeration: `^ext:[A-Za-z0-9._|-]+$`.
pub(in crate::model) fn is_extension_term(text: &str) -> bool {
    text.strip_prefix("ext:")
        .is_some_and(|name| !name.is_empty() && all(name, is_extension_byte))
}

/// The same as the standard's JSON Schema has it, whose pattern is not anchored.
pub(super) fn has_extension_term(text: &str) -> bool {
    text.match_indices("ext:").any(|(start, prefix)| {
        text.as_bytes()
            .get(start + prefix.len())
            .is_some_and(is_extension_byte)
    })
}

const fn is_extension_byte(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'|' | b'-')
}

fn all(text: &str, predicate: impl Fn(&u8) -> bool) -> bool {
    text.as_bytes().iter().all(predicate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iri::is_absolute_iri;

    /// Sorts texts into those that have the form and those that do not.
    fn assert_form(form: fn(&str) -> bool, good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(form(text), "{text:?} should have the form");
        }
        for text in bad {
            assert!(!form(text), "{text:?} should not have the form");
        }
    }

    #[test]
    fn absolute_iris() {
        assert_form(
            is_absolute_iri,
            &[
                "https://example.org/badges/1#x",
                "did:key:z6Mk",
                "urn:uuid:2f7f8a3e-0f7c-4a0b-9d2e-5b1e6a7c8d90",
                "mailto:a@example.org",
                "data:image/png;base64,AAAA",
                "https://example.org/żółw",
            ],
            &[
                "",
                "badge",
                "/badges/1",
                "#x",
                "https:",
                ":x",
                "1a:b",
                "a b:c",
                "https ://x",
                "https://example.org/a b",
                "https://example.org/<a>",
                "https://example.org/\n",
            ],
        );
    }

    #[test]
    fn language_codes() {
        assert_form(
            is_language_tag,
            &["en", "pt-BR", "zh-Hans", "zh-Hant-TW", "es-419", "skr-Arab"],
            &[
                "",
                "e",
                "EN",
                "en-us",
                "en_US",
                "english",
                "en-",
                "en-US-Latn",
                "de-1996",
                "ca-valencia",
                "be-tarask",
                "en-US-x-a",
                "é",
            ],
        );
    }

    #[test]
    fn compact_signatures() {
        assert_form(
            is_compact_jws,
            &["a.b.c", "a..c", "A-z_9.-.0"],
            &["", "a.b", "a.b.", ".b.c", "a.b.c.d", "a=.b.c", "a b.c.d"],
        );
    }

    #[test]
    fn extension_terms() {
        assert_form(
            is_extension_term,
            &["ext:Workshop", "ext:a.b_c|d-1"],
            &["ext:", "junk ext:x", "ext:a b", "Ext:x", "Unknown"],
        );
        assert_form(
            has_extension_term,
            &["ext:Workshop", "junk ext:x", "ext:ext:a"],
            &["ext:", "ext: x", "Unknown", "junk ext:é"],
        );
    }

    #[test]
    fn hashes_codes_and_indices() {
        let sha256 = format!("SHA256${}", "aB".repeat(32));
        assert_form(
            is_identity_hash,
            &[&sha256, "md5$0123456789abcdef0123456789abcdef"],
            &["", "sha256$", "sha1$00", "a@example.org", "md5$xyz"],
        );
        assert_form(is_country_code, &["BR"], &["br", "BRA", "", "é"]);
        assert_form(is_index, &["0", "131071"], &["", "-1", "1.5", "x"]);
    }
}
