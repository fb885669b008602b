//! What a holder chooses: who may see a badge, and what it says of its holder.

use askama::filters::Safe;
use badges_core::did::did_of;
use serde::Deserialize;

use super::Holding;
use crate::error::Error;
use crate::issuing::{self, Acceptance, Named, Visibility};
use crate::page::Ctx;

/// The choices as they stand in a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Choice {
    /// `public`, `unlisted` or `private`.
    pub(super) visibility: String,
    /// `nothing`, `user-name`, `hashed`, `name` or `did`.
    pub(super) named: String,
    /// The name for the certificate.
    pub(super) name: String,
    /// The DID of the holder's wallet.
    pub(super) did: String,
}

/// What is wrong with a form: names of fields, and texts.
pub(super) type Problems = Vec<(&'static str, String)>;

/// A choice that is offered.
pub(super) struct Offered {
    pub(super) value: &'static str,
    /// With the user name set apart.
    pub(super) label: Safe<String>,
    pub(super) hint: String,
}

/// The longest name, in characters.
const LONGEST_NAME: usize = 100;
/// The longest DID: one that is a key of any kind in use is shorter.
const LONGEST_DID: usize = 1_000;

#[derive(Deserialize)]
pub(super) struct ChoiceForm {
    #[serde(default)]
    visibility: String,
    #[serde(default)]
    named: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    did: String,
    /// Whether whoever is signed in takes it into the account.
    pub(super) account: Option<String>,
    /// The secret of the personal link that the badge is to get.
    #[serde(default)]
    pub(super) secret: String,
}

impl Choice {
    /// What was chosen before. At first it is what tells least and still can be shared: who has the
    /// link sees the badge, and it names nobody.
    pub(super) async fn of(ctx: &Ctx, holding: &Holding) -> Result<Self, Error> {
        let award = &holding.award;
        let is_new = award.acceptance == "offered";
        let mut choice = Self {
            visibility: if is_new {
                "unlisted".to_owned()
            } else {
                award.visibility.clone()
            },
            named: if is_new {
                "nothing".to_owned()
            } else {
                award.named.clone()
            },
            name: String::new(),
            did: String::new(),
        };
        // Wallets change seldom.
        if let Some(person) = ctx.person.as_ref().filter(|_| holding.in_account()) {
            let known = ctx.app.db.dids(&person.id).await?;
            choice.did = known.into_iter().next().unwrap_or_default();
        }
        // A name and a DID stand in the badge itself.
        if matches!(choice.named.as_str(), "name" | "did")
            && let Some(badge) = issuing::document(&ctx.app, award).await?
        {
            let subject = badge.credential_subject;
            if choice.named == "name" {
                let identifier = subject.identifier.into_iter().next();
                choice.name =
                    identifier.map_or_else(String::new, |identifier| identifier.identity_hash);
            } else {
                choice.did = subject.id.unwrap_or_default();
            }
        }
        Ok(choice)
    }

    /// Who may see a badge: what can be chosen.
    #[expect(clippy::unused_self, reason = "templates have no functions")]
    pub(super) fn visibilities(&self, ctx: &Ctx) -> Vec<Offered> {
        ["unlisted", "public", "private"]
            .map(|value| Offered {
                value,
                label: ctx.rich1(&format!("badges-visibility-{value}"), ""),
                hint: ctx.t(&format!("badges-visibility-hint-{value}")),
            })
            .into()
    }

    /// What a badge can say of its holder.
    #[expect(clippy::unused_self, reason = "templates have no functions")]
    pub(super) fn names(&self, ctx: &Ctx, holding: &Holding) -> Vec<Offered> {
        let user_name = holding.user_name.as_deref();
        ["nothing", "user-name", "hashed", "name", "did"]
            .into_iter()
            .filter(|value| user_name.is_some() || !matches!(*value, "user-name" | "hashed"))
            .map(|value| Offered {
                value,
                label: ctx.rich1(
                    &format!("badges-named-{value}"),
                    user_name.unwrap_or_default(),
                ),
                hint: ctx.t(&format!("badges-named-hint-{value}")),
            })
            .collect()
    }

    /// The choice as it is carried out, for a person if one is known.
    pub(super) fn acceptance(self, person: Option<String>) -> Acceptance {
        let named = match self.named.as_str() {
            "user-name" => Named::UserName,
            "hashed" => Named::Hashed,
            "name" => Named::Name(self.name),
            "did" => Named::Did(self.did),
            _ => Named::Nothing,
        };
        let visibility = Visibility::from_word(&self.visibility).unwrap_or(Visibility::Private);
        Acceptance {
            visibility,
            named,
            person,
        }
    }
}

/// A name for a certificate.
///
/// # Errors
/// [`Error::Refused`] if it is none.
pub(in crate::routes) fn certificate_name(text: &str) -> Result<String, Error> {
    let name = text.trim();
    let wrong = |key| Err(Error::refused("name", key, &[&LONGEST_NAME.to_string()]));
    if name.is_empty() {
        wrong("badges-holding-name-missing")
    } else if name.chars().count() > LONGEST_NAME {
        wrong("badges-holding-name-long")
    } else if name.contains(char::is_control) {
        wrong("badges-holding-name-signs")
    } else {
        Ok(name.to_owned())
    }
}

/// A DID that a badge can be of.
///
/// # Errors
/// [`Error::Refused`] if it is none.
pub(in crate::routes) fn holder_did(text: &str) -> Result<String, Error> {
    let did = text.trim();
    // DID Core, section 3.1: `#`, `?` and `/` begin what is no part of it any more.
    let is_sign = |sign: u8| sign.is_ascii_alphanumeric() || b".-_:%".contains(&sign);
    if did.len() <= LONGEST_DID && did_of(did) == Some(did) && did.bytes().all(is_sign) {
        Ok(did.to_owned())
    } else {
        Err(Error::refused("did", "badges-issuing-no-did", &[did]))
    }
}

impl ChoiceForm {
    /// What was chosen; with what is wrong with it, if anything is.
    pub(super) fn choice(self, ctx: &Ctx, holding: &Holding) -> Result<Choice, (Choice, Problems)> {
        let choice = Choice {
            visibility: self.visibility,
            named: self.named,
            name: self.name.trim().to_owned(),
            did: self.did.trim().to_owned(),
        };
        let mut problems = Vec::new();
        if !choice
            .visibilities(ctx)
            .iter()
            .any(|offered| offered.value == choice.visibility)
        {
            problems.push(("visibility", ctx.t("badges-holding-choose-visibility")));
        }
        if !choice
            .names(ctx, holding)
            .iter()
            .any(|offered| offered.value == choice.named)
        {
            problems.push(("named", ctx.t("badges-holding-choose-named")));
        }
        if choice.named == "name"
            && let Err(error) = certificate_name(&choice.name)
        {
            problems.push(("name", error.words(ctx).1));
        }
        if choice.named == "did"
            && let Err(error) = holder_did(&choice.did)
        {
            problems.push(("did", error.words(ctx).1));
        }
        if problems.is_empty() {
            Ok(choice)
        } else {
            Err((choice, problems))
        }
    }
}
