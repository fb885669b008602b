//! Everything that is known of one award.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::change::reason_words;
use super::{AtAward, state};
use crate::App;
use crate::db::{AuditEntry, RecipientRow, VersionRow, WorkshopRow};
use crate::error::Error;
use crate::i18n;
use crate::issuing;
use crate::page::{Ctx, page};

#[derive(Template)]
#[template(path = "award.html")]
struct OnePage {
    ctx: Ctx,
    at: AtAward,
    version: VersionRow,
    recipient: Option<RecipientRow>,
    workshop: Option<WorkshopRow>,
    state: (&'static str, String),
    link: Option<String>,
    /// The page of the badge, if there is one for everybody.
    page: Option<String>,
    history: Vec<AuditEntry>,
    /// The status list's number and the place there.
    status: Option<(i64, i64)>,
    json: Option<String>,
}

impl OnePage {
    /// Whether a claim link can be made or made anew.
    fn is_renewable(&self) -> bool {
        let award = &self.at.of.award;
        matches!(award.acceptance.as_str(), "offered" | "declined")
            && award.standing != "revoked"
            && award.person.is_none()
    }

    fn is_correctable(&self) -> bool {
        let award = &self.at.of.award;
        matches!(award.acceptance.as_str(), "offered" | "accepted") && award.standing != "revoked"
    }

    fn is_suspendable(&self) -> bool {
        self.version.suspendable && self.at.of.award.standing == "valid"
    }

    /// Why it was taken back.
    fn reason(&self) -> Option<String> {
        self.at
            .of
            .award
            .reason
            .as_deref()
            .map(|reason| reason_words(&self.ctx, reason))
    }

    /// Who may see the badge.
    fn visibility(&self) -> String {
        self.ctx.t(match self.at.of.award.visibility.as_str() {
            "public" => "badges-award-visibility-public",
            "unlisted" => "badges-award-visibility-unlisted",
            _ => "badges-award-visibility-private",
        })
    }

    /// What was done, in words.
    fn deed(&self, entry: &AuditEntry) -> String {
        let key = format!("badges-action-{}", entry.action.replace('.', "-"));
        if i18n::exists(&key) {
            self.ctx.t(&key)
        } else {
            entry.action.clone()
        }
    }
}

pub(super) async fn one(State(app): State<App>, ctx: Ctx, at: AtAward) -> Result<Response, Error> {
    let award = &at.of.award;
    let version = app
        .db
        .version(&award.achievement, award.version)
        .await?
        .ok_or(Error::NotFound)?;
    let workshop = match &award.workshop {
        Some(workshop) => app.db.workshop(workshop).await?,
        None => None,
    };
    let is_open = award.acceptance == "offered" && award.standing == "valid";
    let is_shown = award.acceptance == "accepted" && award.visibility == "public";
    // Its `id` is the badge's address, and it may name the holder: after acceptance it is for those
    // whom the holder shows it to (decision C3).
    let is_unclaimed = matches!(award.acceptance.as_str(), "offered" | "declined");
    let document = match is_shown || is_unclaimed && at.may_change {
        true => issuing::document(&app, award).await?,
        false => None,
    };
    page(&OnePage {
        state: state(&ctx, award),
        link: if is_open && at.may_change {
            issuing::claim_link(&app, award)
        } else {
            None
        },
        page: is_shown.then(|| format!("/issuers/{}/badges/{}", at.desk.issuer.slug, award.token)),
        history: app.db.history("award", &award.id).await?,
        status: app
            .db
            .status_entry(&award.id)
            .await?
            .map(|entry| (entry.number, entry.position)),
        recipient: app.db.recipient(&award.id).await?,
        json: document
            .map(|document| serde_json::to_string_pretty(&document))
            .transpose()
            .map_err(Error::internal)?,
        version,
        workshop,
        ctx,
        at,
    })
}
