//! Where an issuer is on the web.

use std::fmt;
use std::str::FromStr;

use crate::bake::Format;
use crate::did;

/// The https address under which an issuer publishes, without a slash at its end. What stands below
/// it follows from it: `<base>/badges/<token>`, `<base>/achievements/<slug>`, `<base>/status/<n>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    url: String,
    did: String,
}

/// Why a text is no address under which badges can be published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoBase {
    /// It begins with `http://`.
    #[error(
        "badges need an address with `https://`: what stands at `http://` anybody can change on the way"
    )]
    Insecure,
    /// It is of another form.
    #[error(
        "it should be an address such as `https://badges.example.org` or `https://example.org/badges`"
    )]
    Form,
}

impl FromStr for Base {
    type Err = NoBase;

    fn from_str(text: &str) -> Result<Self, NoBase> {
        let text = text.trim().trim_end_matches('/');
        let scheme = text.get(..7);
        if scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("http://")) {
            return Err(NoBase::Insecure);
        }
        let rest = text.strip_prefix("https://").ok_or(NoBase::Form)?;
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let url = format!("https://{}{path}", host.to_ascii_lowercase());
        let did = did::web_did(&url).ok_or(NoBase::Form)?;
        Ok(Self { url, did })
    }
}

impl fmt::Display for Base {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.url)
    }
}

impl Base {
    /// The base that has this did:web.
    #[must_use]
    pub fn from_did(did: &str) -> Option<Self> {
        let document = did::web_document_url(did)?;
        let url = document.strip_suffix("/did.json")?;
        let base = url.strip_suffix("/.well-known").unwrap_or(url);
        base.parse().ok().filter(|base: &Self| base.did == did)
    }

    /// The issuer's did:web.
    #[must_use]
    pub fn did(&self) -> &str {
        &self.did
    }

    /// The URL of the DID document.
    #[must_use]
    pub fn did_document_url(&self) -> String {
        self.url(self.did_document())
    }

    /// The URL of a file below the base; of the issuer's page for the empty path.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.url)
    }

    /// The id of a badge, and the URL of its page.
    #[must_use]
    pub fn badge(&self, token: &str) -> String {
        format!("{}/badges/{token}", self.url)
    }

    /// The id of an achievement, and the URL of its page.
    #[must_use]
    pub fn achievement(&self, slug: &str) -> String {
        format!("{}/achievements/{slug}", self.url)
    }

    /// The URL of an achievement's picture, unless it says another one.
    #[must_use]
    pub fn picture(&self, slug: &str, format: Format) -> String {
        format!("{}.{}", self.achievement(slug), format.extension())
    }

    /// The id of a status list, which is its URL.
    #[must_use]
    pub fn status_list(&self, number: u32) -> String {
        format!("{}/status/{number}", self.url)
    }

    /// The host, with the port if there is one: what a signature proves.
    pub(super) fn domain(&self) -> &str {
        let rest = self.url.strip_prefix("https://").unwrap_or(&self.url);
        rest.split('/').next().unwrap_or(rest)
    }

    /// What stands between the host and the paths of the files: nothing, or `/issuers/a`.
    pub(super) fn prefix(&self) -> &str {
        &self.url["https://".len() + self.domain().len()..]
    }

    /// Where the DID document is.
    pub(super) fn did_document(&self) -> &'static str {
        if self.prefix().is_empty() {
            ".well-known/did.json"
        } else {
            "did.json"
        }
    }

    /// The path of a URL below the base, if a file can have it: segments of letters, digits, `-`,
    /// `_` and `.`, none of which begins with a dot.
    pub(super) fn path_of<'u>(&self, url: &'u str) -> Option<&'u str> {
        let path = url.strip_prefix(&self.url)?.strip_prefix('/')?;
        let plain = |segment: &str| {
            !segment.starts_with('.')
                && !segment.is_empty()
                && segment
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        };
        path.split('/').all(plain).then_some(path)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn ids_follow_from_the_base() {
        let base: Base = "https://Example.org:8443/Issuers/a/".parse().unwrap();
        assert_eq!(base.did(), "did:web:example.org%3A8443:Issuers:a");
        assert_eq!(
            base.badge("x7"),
            "https://example.org:8443/Issuers/a/badges/x7"
        );
        assert_eq!(base.domain(), "example.org:8443");
        assert_eq!(base.prefix(), "/Issuers/a");
        assert_eq!(base.did_document(), "did.json");
        let bare: Base = "https://example.org".parse().unwrap();
        assert_eq!(bare.did_document(), ".well-known/did.json");
        assert_eq!(bare.prefix(), "");
        assert_eq!(
            did::web_document_url(bare.did()),
            Some(bare.did_document_url())
        );
        assert_eq!(
            did::web_document_url(base.did()),
            Some(base.did_document_url())
        );
    }

    #[test]
    fn only_https_addresses_are_bases() {
        for text in [
            "",
            "example.org",
            "https://",
            "https://example.org/a b",
            "https://example.org/?a",
            "https://example.org/a#b",
            "https://example.org/../a",
            "https://user@example.org",
            "ftp://example.org",
            "ééééééé",
        ] {
            assert_eq!(text.parse::<Base>(), Err(NoBase::Form), "{text}");
        }
        assert_eq!("HTTP://example.org".parse::<Base>(), Err(NoBase::Insecure));
    }

    #[test]
    fn files_stay_below_the_base() {
        let base: Base = "https://example.org/a".parse().unwrap();
        for (url, path) in [
            ("https://example.org/a/status/1", Some("status/1")),
            ("https://example.org/a/b.c/d-e_f.png", Some("b.c/d-e_f.png")),
            ("https://example.org/a", None),
            ("https://example.org/a/", None),
            ("https://example.org/ab/c", None),
            ("https://example.org/a/../b", None),
            ("https://example.org/a/.htaccess", None),
            ("https://example.org/a/b//c", None),
            ("https://example.org/a/b?c", None),
            ("https://example.org/a/b%2fc", None),
        ] {
            assert_eq!(base.path_of(url), path, "{url}");
        }
    }
}
