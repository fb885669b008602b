//! What an issuer has awarded: the list, one award with its history, and what can be done with it.

mod change;
mod correct;
mod list;
mod one;

use std::collections::BTreeMap;
use std::collections::HashMap;

use axum::Router;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::routing::{get, post};

use crate::App;
use crate::auth::Desk;
use crate::db::{AwardFor, AwardRow};
use crate::error::Error;
use crate::page::Ctx;

pub(crate) fn routes() -> Router<App> {
    let award = "/desk/{issuer}/awards/{award}";
    let below = |rest: &str| format!("{award}/{rest}");
    Router::new()
        .route("/desk/{issuer}/awards", get(list::list))
        .route(award, get(one::one))
        .route(&below("renew"), post(change::renew))
        .route(
            &below("revoke"),
            get(change::ask_revoke).post(change::revoke),
        )
        .route(
            &below("suspend"),
            get(change::ask_suspend).post(change::suspend),
        )
        .route(&below("reinstate"), post(change::reinstate))
        .route(&below("correct"), get(correct::ask).post(correct::correct))
}

/// A person at work on an award, whose id is `{award}` in the path; an extractor.
pub(crate) struct AtAward {
    pub(crate) desk: Desk,
    pub(crate) of: AwardFor,
    /// Whether the award is in the person's hands.
    pub(crate) may_change: bool,
}

impl AtAward {
    /// An award of the desk's issuer.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it is no such.
    pub(crate) async fn find(app: &App, desk: Desk, id: &str) -> Result<Self, Error> {
        let of = app.db.award_for(id).await?;
        let of = of
            .filter(|of| of.award.issuer == desk.issuer.id)
            .ok_or(Error::NotFound)?;
        let allowed = desk.allowed(app).await?;
        let may_change = allowed.is_none_or(|allowed| allowed.contains(&of.award.achievement));
        Ok(Self {
            desk,
            of,
            may_change,
        })
    }

    /// The path of the award's pages.
    pub(crate) fn path(&self, rest: &str) -> String {
        format!(
            "/desk/{}/awards/{}{rest}",
            self.desk.issuer.slug, self.of.award.id
        )
    }

    /// What to call whom it is for; empty when nothing is known.
    pub(crate) fn name(&self) -> &str {
        name_of(&self.of)
    }

    /// Goes on if the award is in the person's hands.
    ///
    /// # Errors
    /// [`Error::Forbidden`] if it is not.
    pub(crate) fn needs_change(&self) -> Result<(), Error> {
        if self.may_change {
            Ok(())
        } else {
            Err(Error::Forbidden)
        }
    }
}

impl FromRequestParts<App> for AtAward {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let desk = Desk::from_request_parts(parts, app).await?;
        let Path(names) = Path::<HashMap<String, String>>::from_request_parts(parts, app)
            .await
            .map_err(|_| Error::NotFound)?;
        Self::find(app, desk, names.get("award").ok_or(Error::NotFound)?).await
    }
}

/// What to call whom an award is for; empty when nothing is known.
pub(crate) fn name_of(of: &AwardFor) -> &str {
    let names = [&of.user_name, &of.display_name, &of.other_id];
    names
        .into_iter()
        .find_map(|name| name.as_deref())
        .unwrap_or_default()
}

/// The names of an issuer's achievements by their ids.
pub(crate) async fn achievement_names(
    app: &App,
    issuer: &str,
) -> Result<BTreeMap<String, String>, Error> {
    let all = app.db.achievements(issuer).await?;
    Ok(all
        .into_iter()
        .map(|(achievement, version)| (achievement.id, version.name))
        .collect())
}

/// What became of an award, in one word for programs.
pub(crate) fn state_name(award: &AwardRow) -> &str {
    match (award.acceptance.as_str(), award.standing.as_str()) {
        ("erased", _) => "erased",
        (_, "revoked") if award.superseded_by.is_some() => "corrected",
        (_, standing @ ("revoked" | "suspended")) => standing,
        (acceptance, _) => acceptance,
    }
}

/// What became of an award: a tone, and words.
pub(crate) fn state(ctx: &Ctx, award: &AwardRow) -> (&'static str, String) {
    match state_name(award) {
        "offered"
            if award
                .claim_until
                .is_some_and(|until| until <= ctx.app.seconds()) =>
        {
            ("caution", ctx.t("badges-award-state-lapsed"))
        }
        "offered" => ("info", ctx.t("badges-award-state-offered")),
        "accepted"
            if award
                .valid_until
                .is_some_and(|until| until <= ctx.app.seconds()) =>
        {
            ("caution", ctx.t("badges-award-state-expired"))
        }
        "accepted" => ("good", ctx.t("badges-award-state-accepted")),
        "declined" => ("unknown", ctx.t("badges-award-state-declined")),
        "withdrawn" => ("unknown", ctx.t("badges-award-state-withdrawn")),
        "erased" => ("unknown", ctx.t("badges-award-state-erased")),
        "corrected" => ("caution", ctx.t("badges-award-state-corrected")),
        "suspended" => ("caution", ctx.t("badges-award-state-suspended")),
        _ => ("bad", ctx.t("badges-award-state-revoked")),
    }
}
