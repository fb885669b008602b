//! Who issues: `issuer.toml`, and what follows from it for every id and URL.

use std::path::Path;

use badges_core::did;
use badges_core::key::PublicKey;
use badges_core::model::{LanguageTag, Profile};
use badges_core::publish::{Base, Identity};

use super::seed::{AwardKey, Seed};
use super::settings::{self, Settings};
use crate::error::{Code, Error};

/// The issuer of a folder's badges.
#[derive(Clone, Debug)]
pub(crate) struct Issuer {
    /// The profile as it stands in every badge.
    pub(crate) profile: Profile,
    /// What the issuer is known by; all ids follow from it.
    pub(crate) identity: Identity,
    /// The language of the achievements that do not say theirs.
    pub(crate) language: Option<LanguageTag>,
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
        if profile.name.as_deref().is_none_or(str::is_empty) {
            return Err(
                settings::fault(path, "name", "is required").hint("say who issues the badges")
            );
        }
        Ok(Self {
            identity: identity(path, &profile.id, base)?,
            profile,
            language,
        })
    }

    /// The issuer's id.
    pub(crate) fn id(&self) -> &str {
        self.identity.did()
    }

    /// The web address under which everything is published, if there is one.
    pub(crate) const fn base(&self) -> Option<&Base> {
        self.identity.base()
    }

    /// Makes sure that a key can sign for this issuer.
    ///
    /// # Errors
    /// When the issuer is a did:key of another key.
    pub(crate) fn check_key(&self, key: &PublicKey) -> Result<(), Error> {
        if self.identity.can_have(key) {
            return Ok(());
        }
        let own = did::did_key(key);
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
        self.identity.achievement(slug, seed.achievement_uuid(slug))
    }

    /// The id of a badge.
    pub(crate) fn badge_id(&self, award: AwardKey<'_>, seed: &Seed) -> String {
        let token = seed.token(award).to_string();
        self.identity.badge(&token, seed.badge_uuid(award))
    }
}

/// Who it is that has this id.
fn identity(path: &Path, id: &str, base: Option<Base>) -> Result<Identity, Error> {
    match (base, Identity::from_did(id)) {
        (Some(base), _) if base.did() == id => Ok(Identity::Web(base)),
        (Some(base), _) => {
            let problem = format!(
                "`{id}` does not belong to the address `{base}`, whose id is `{}`",
                base.did()
            );
            Err(settings::fault(path, "id", problem).hint(
                "an issuer's id stands in every badge; correct whichever of the two is wrong",
            ))
        }
        (None, Some(key @ Identity::Key(_))) => Ok(key),
        (None, _) => Err(settings::fault(path, "id", format!("`{id}` is no did:key"))
            .hint("add `base = \"https://…\"`, the address where the badges will be published")),
    }
}
