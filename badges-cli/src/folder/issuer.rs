//! Who issues: `issuer.toml`, and what follows from it for every id and URL.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use badges_core::did;
use badges_core::key::PublicKey;
use badges_core::model::{LanguageTag, Profile};

use super::seed::{AwardKey, Seed};
use super::settings::{self, Settings};
use crate::error::{Code, Error};

/// The issuer of a folder's badges.
#[derive(Clone, Debug)]
pub(crate) struct Issuer {
    /// The profile as it stands in every badge.
    pub(crate) profile: Profile,
    /// The web address under which everything is published, if there is one.
    pub(crate) base: Option<Base>,
    /// The language of the achievements that do not say theirs.
    pub(crate) language: Option<LanguageTag>,
}

/// An https address without a slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Base(String);

/// Why a text is no [`Base`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoBase {
    #[error(
        "badges need an address with `https://`: what stands at `http://` anybody can change on the way"
    )]
    Insecure,
    #[error(
        "it should be an address such as `https://badges.example.org` or `https://example.org/badges`"
    )]
    Form,
}

impl Issuer {
    /// Reads `issuer.toml`.
    ///
    /// # Errors
    /// When the file is missing, or what is wrong in it.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let mut settings = Settings::read(path)?;
        let base: Option<String> = settings.take("base")?;
        let base = base
            .map(|base| base.parse::<Base>())
            .transpose()
            .map_err(|error| settings.fault("base", error))?;
        let language: Option<String> = settings.take("language")?;
        let language = language
            .map(|tag| LanguageTag::from_mediawiki(&tag))
            .transpose()
            .map_err(|error| settings.fault("language", error))?;
        if let Some(base) = &base {
            settings.supply("id", base.did());
        }
        let profile: Profile = settings.into_noun()?;
        let issuer = Self {
            profile,
            base,
            language,
        };
        issuer.check(path)?;
        Ok(issuer)
    }

    fn check(&self, path: &Path) -> Result<(), Error> {
        let id = &self.profile.id;
        let fault = |member, problem: String, hint: &str| {
            Err(settings::fault(path, member, problem).hint(hint))
        };
        if self.profile.name.as_deref().is_none_or(str::is_empty) {
            return fault(
                "name",
                "is required".to_owned(),
                "say who issues the badges",
            );
        }
        match &self.base {
            Some(base) if *id != base.did() => fault(
                "id",
                format!(
                    "`{id}` does not belong to the address `{base}`, whose id is `{}`",
                    base.did()
                ),
                "an issuer's id stands in every badge; correct whichever of the two is wrong",
            ),
            None if !id.starts_with("did:key:") => fault(
                "id",
                format!("`{id}` is no did:key"),
                "add `base = \"https://…\"`, the address where the badges will be published",
            ),
            _ => Ok(()),
        }
    }

    /// The issuer's id.
    pub(crate) fn id(&self) -> &str {
        &self.profile.id
    }

    /// Makes sure that a key can sign for this issuer.
    ///
    /// # Errors
    /// When the issuer is a did:key of another key.
    pub(crate) fn check_key(&self, key: &PublicKey) -> Result<(), Error> {
        let own = did::did_key(key);
        if self.base.is_some() || own.as_deref() == Some(self.id()) {
            return Ok(());
        }
        Err(Error::new(
            Code::Data,
            format!(
                "the key of this folder is `{}`, the issuer in `issuer.toml` is `{}`",
                own.as_deref().unwrap_or("an RSA key"),
                self.id()
            ),
        )
        .hint("an issuer without a web address is its key; put the right key back into `keys`"))
    }

    /// The id of an achievement that has none of its own.
    pub(crate) fn achievement_id(&self, slug: &str, seed: &Seed) -> String {
        match &self.base {
            Some(base) => format!("{base}/achievements/{slug}"),
            None => seed.achievement_uuid(slug).urn().to_string(),
        }
    }

    /// The id of a badge.
    pub(crate) fn badge_id(&self, award: AwardKey<'_>, seed: &Seed) -> String {
        match &self.base {
            Some(base) => format!("{base}/badges/{}", seed.token(award)),
            None => seed.badge_uuid(award).urn().to_string(),
        }
    }
}

impl Base {
    /// The did:web of this address.
    pub(crate) fn did(&self) -> String {
        // Only addresses that have one are ever made.
        did::web_did(&self.0).unwrap_or_default()
    }

    /// Where the did:web's document is published.
    pub(crate) fn document_url(&self) -> String {
        did::web_document_url(&self.did()).unwrap_or_default()
    }

    /// The URL of a status list.
    pub(crate) fn list_url(&self, number: u32) -> String {
        format!("{self}/status/{number}")
    }

    /// The URL of an achievement's picture.
    pub(crate) fn picture_url(&self, file: &str) -> String {
        format!("{self}/achievements/{file}")
    }
}

impl FromStr for Base {
    type Err = NoBase;

    fn from_str(text: &str) -> Result<Self, NoBase> {
        let text = text.trim().trim_end_matches('/');
        if text
            .get(..7)
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("http://"))
        {
            return Err(NoBase::Insecure);
        }
        let rest = text.strip_prefix("https://").ok_or(NoBase::Form)?;
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let base = format!("https://{}{path}", host.to_ascii_lowercase());
        match did::web_did(&base) {
            Some(_) => Ok(Self(base)),
            None => Err(NoBase::Form),
        }
    }
}

impl fmt::Display for Base {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_is_an_https_address() {
        let base = |text: &str| text.parse::<Base>().map(|base| base.to_string());
        assert_eq!(
            base("https://Badges.Example.org/Training/"),
            Ok("https://badges.example.org/Training".to_owned())
        );
        assert_eq!(base("HTTP://example.org"), Err(NoBase::Insecure));
        for text in [
            "",
            "example.org",
            "https://",
            "https://example.org/?a",
            "https://example.org/a#b",
            "https://u@example.org",
            "ftp://example.org",
            "ééééééé",
        ] {
            assert_eq!(base(text), Err(NoBase::Form), "{text}");
        }
    }
}
