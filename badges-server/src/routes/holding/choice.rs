//! What a holder chooses: who may see a badge, and what it says of its holder.

use askama::filters::Safe;
use serde::Deserialize;

use super::Holding;
use crate::db::AwardRow;
use crate::error::Error;
use crate::issuing::{self, Acceptance, Named, Visibility};
use crate::page::Ctx;

/// The choices as they stand in a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Choice {
    /// `public`, `unlisted` or `private`.
    pub(super) visibility: String,
    /// `nothing`, `user-name`, `hashed` or `name`.
    pub(super) named: String,
    /// The name for the certificate.
    pub(super) name: String,
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

#[derive(Deserialize)]
pub(super) struct ChoiceForm {
    #[serde(default)]
    visibility: String,
    #[serde(default)]
    named: String,
    #[serde(default)]
    name: String,
    /// Whether whoever is signed in takes it into the account.
    pub(super) account: Option<String>,
}

impl Choice {
    /// What was chosen before. At first it is what tells least and still can be shared: who has the
    /// link sees the badge, and it names nobody.
    pub(super) async fn of(ctx: &Ctx, award: &AwardRow) -> Result<Self, Error> {
        if award.acceptance == "offered" {
            return Ok(Self {
                visibility: "unlisted".to_owned(),
                named: "nothing".to_owned(),
                name: String::new(),
            });
        }
        // A name stands in the badge and nowhere else.
        let badge = if award.named == "name" {
            issuing::document(&ctx.app, award).await?
        } else {
            None
        };
        let identifier =
            badge.and_then(|badge| badge.credential_subject.identifier.into_iter().next());
        let name = identifier.map_or_else(String::new, |identifier| identifier.identity_hash);
        Ok(Self {
            visibility: award.visibility.clone(),
            named: award.named.clone(),
            name,
        })
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
        ["nothing", "user-name", "hashed", "name"]
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

impl ChoiceForm {
    /// What was chosen; with what is wrong with it, if anything is.
    pub(super) fn choice(self, ctx: &Ctx, holding: &Holding) -> Result<Choice, (Choice, Problems)> {
        let choice = Choice {
            visibility: self.visibility,
            named: self.named,
            name: self.name.trim().to_owned(),
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
        if problems.is_empty() {
            Ok(choice)
        } else {
            Err((choice, problems))
        }
    }
}
