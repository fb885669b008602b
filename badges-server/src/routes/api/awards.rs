//! Awards: what became of each, and what can be done with it.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Deserializer, Serialize};

use super::body::Body;
use super::jobs::awarded_at;
use super::once::{Answer, Attempt, once};
use super::paging::Page;
use super::tag::{matches, shown};
use super::{Client, Scope, moment};
use crate::App;
use crate::achievement::is_web_address;
use crate::db::{AwardFilter, AwardFor, AwardRow, Issuer};
use crate::error::Error;
use crate::issuing::{self, NewBadge, Reason};
use crate::routes::awards::AtAward;

/// Which awards.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    /// The slug.
    achievement: Option<String>,
    workshop: Option<String>,
    acceptance: Option<Acceptance>,
    standing: Option<Standing>,
    /// A part of the name of whom it is for.
    name: Option<String>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum Acceptance {
    Offered,
    Accepted,
    Declined,
    Withdrawn,
    Erased,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum Standing {
    Valid,
    Suspended,
    Revoked,
}

#[derive(Debug, Serialize)]
struct Shown {
    id: String,
    achievement: String,
    version: i64,
    workshop: Option<String>,
    acceptance: String,
    standing: String,
    standing_at: Option<String>,
    reason: Option<String>,
    note: Option<String>,
    awarded_at: String,
    valid_until: Option<String>,
    accepted_at: Option<String>,
    supersedes: Option<String>,
    superseded_by: Option<String>,
    recipient: Option<Recipient>,
    badge: Option<String>,
    claim_link: Option<String>,
    claim_until: Option<String>,
    made_at: String,
}

#[derive(Debug, Serialize)]
struct Recipient {
    user_name: Option<String>,
    display_name: Option<String>,
    central_id: Option<i64>,
    other_id: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Revocation {
    reason: String,
    #[serde(default)]
    note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Suspension {
    #[serde(default)]
    note: Option<String>,
}

/// What is to be otherwise.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Correction {
    /// The slug.
    #[serde(default)]
    achievement: Option<String>,
    #[serde(default)]
    awarded_at: Option<String>,
    /// Nothing said, none, or another one.
    #[serde(default, deserialize_with = "said")]
    evidence: Option<Option<String>>,
    #[serde(default)]
    note: Option<String>,
}

/// No body, or an empty one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// A name of an enumeration, as the database has it.
fn word(value: &impl Serialize) -> Option<String> {
    serde_json::to_value(value)
        .ok()?
        .as_str()
        .map(str::to_owned)
}

/// What an award is shown by.
struct Sight {
    /// The slugs of the issuer's achievements by id.
    slugs: Vec<(String, String)>,
    /// The ids of those whose claim links the client may have; `None` for all.
    links: Option<Vec<String>>,
}

impl Sight {
    async fn of(app: &App, client: &Client) -> Result<Self, Error> {
        let all = app.db.achievements(&client.issuer.id).await?;
        Ok(Self {
            slugs: all
                .into_iter()
                .map(|(achievement, _)| (achievement.id, achievement.slug))
                .collect(),
            // Who has the link can accept the badge, so reading is not enough to get it.
            links: match client.has(Scope::Award) {
                true => client.allowed(app).await?,
                false => Some(Vec::new()),
            },
        })
    }
}

/// An award as a client may see it.
fn thing(app: &App, client: &Client, of: AwardFor, sight: &Sight) -> Shown {
    let award = of.award;
    let is_public = award.acceptance == "accepted" && award.visibility == "public";
    let address = |issuer: &Issuer| format!("/issuers/{}/badges/{}", issuer.slug, award.token);
    let is_in_hand = sight
        .links
        .as_ref()
        .is_none_or(|links| links.contains(&award.achievement));
    let claim_link = issuing::claim_link(app, &award).filter(|_| is_in_hand);
    let recipient = Recipient {
        user_name: of.user_name,
        display_name: of.display_name,
        central_id: of.central_id,
        other_id: of.other_id,
    };
    let is_known = [
        &recipient.user_name,
        &recipient.display_name,
        &recipient.other_id,
    ]
    .iter()
    .any(|name| name.is_some());
    Shown {
        achievement: sight
            .slugs
            .iter()
            .find(|(id, _)| *id == award.achievement)
            .map(|(_, slug)| slug.clone())
            .unwrap_or_default(),
        badge: is_public.then(|| app.settings.public_url.join(&address(&client.issuer))),
        claim_until: award
            .claim_until
            .filter(|_| claim_link.is_some())
            .map(moment),
        claim_link,
        recipient: (is_known || recipient.central_id.is_some()).then_some(recipient),
        id: award.id,
        version: award.version,
        workshop: award.workshop,
        acceptance: award.acceptance,
        standing: award.standing,
        standing_at: award.standing_at.map(moment),
        reason: award.reason,
        note: award.note,
        awarded_at: moment(award.awarded_at),
        valid_until: award.valid_until.map(moment),
        accepted_at: award.accepted_at.map(moment),
        supersedes: award.supersedes,
        superseded_by: award.superseded_by,
        made_at: moment(award.made_at),
    }
}

async fn now(app: &App, client: &Client, id: &str) -> Result<Shown, Error> {
    let of = app.db.award_for(id).await?;
    let of = of
        .filter(|of| of.award.issuer == client.issuer.id)
        .ok_or(Error::NotFound)?;
    Ok(thing(app, client, of, &Sight::of(app, client).await?))
}

pub(super) async fn list(
    State(app): State<App>,
    request: HeaderMap,
    client: Client,
    page: Page<Filter>,
) -> Result<Response, Error> {
    client.may(Scope::Read)?;
    let sight = Sight::of(&app, &client).await?;
    let asked = &page.filter;
    // What is not there has no awards.
    let achievement = asked.achievement.as_ref().map(|slug| {
        sight
            .slugs
            .iter()
            .find(|(_, known)| known == slug)
            .map_or(slug, |(id, _)| id)
            .clone()
    });
    let filter = AwardFilter {
        achievement,
        workshop: asked.workshop.clone(),
        acceptance: asked.acceptance.as_ref().and_then(word),
        standing: asked.standing.as_ref().and_then(word),
        state: None,
        name: asked.name.clone(),
    };
    let rows = app
        .db
        .find_awards(&client.issuer.id, &filter, page.after(), page.limit + 1)
        .await?;
    page.answer(
        &request,
        rows,
        |of| (of.award.made_at, &of.award.id),
        |of| thing(&app, &client, of, &sight),
    )
}

pub(super) async fn read(
    State(app): State<App>,
    request: HeaderMap,
    client: Client,
    Path((_, award)): Path<(String, String)>,
) -> Result<Response, Error> {
    client.may(Scope::Read)?;
    shown(&request, &now(&app, &client, &award).await?)
}

/// The award, if the client may change it.
async fn at(app: &App, client: &Client, award: &str) -> Result<AtAward, Error> {
    client.may(Scope::Award)?;
    let at = AtAward::find(app, client.desk.clone(), award).await?;
    at.needs_change()?;
    Ok(at)
}

/// Goes on if the request names no other version of the award.
async fn is_meant(
    app: &App,
    client: &Client,
    request: &HeaderMap,
    award: &str,
) -> Result<(), Error> {
    matches(request, &now(app, client, award).await?)
}

/// A note that is not too long.
fn note(note: Option<String>) -> Result<Option<String>, Error> {
    const LONGEST: usize = 2_000;
    let note = note
        .map(|note| note.trim().to_owned())
        .filter(|note| !note.is_empty());
    match note {
        Some(note) if note.chars().count() > LONGEST => Err(Error::refused(
            "note",
            "badges-workshop-too-long",
            &[&LONGEST.to_string()],
        )),
        note => Ok(note),
    }
}

/// Does something to an award, once, and answers with what it is now. What was to come of it may have
/// come of it already, when it is sent again.
async fn act<F>(
    (app, client, request): (App, Client, HeaderMap),
    AtAward { of, .. }: AtAward,
    said: String,
    is_done: fn(&AwardRow) -> bool,
    act: impl FnOnce(App, Client, String) -> F + Send + 'static,
) -> Result<Response, Error>
where
    F: Future<Output = Result<(), Error>> + Send,
{
    let work = move |app: App, client: Client, request: HeaderMap, attempt: Attempt| async move {
        let award = &of.award.id;
        if !(attempt.is_again() && is_done(&of.award)) {
            is_meant(&app, &client, &request, award).await?;
            act(app.clone(), client.clone(), award.clone()).await?;
        }
        Answer::done(&now(&app, &client, award).await?)
    };
    let answer = once(app, client, request, said, work).await?;
    Ok(answer.tagged())
}

pub(super) async fn revoke(
    State(app): State<App>,
    request: HeaderMap,
    client: Client,
    Path((_, award)): Path<(String, String)>,
    body: Body<Revocation>,
) -> Result<Response, Error> {
    let at = at(&app, &client, &award).await?;
    let reason = Reason::from_word(&body.value.reason);
    let reason = reason.ok_or_else(|| Error::refused("reason", "badges-form-choose", &[]))?;
    let note = note(body.value.note)?;
    let is_done = |award: &AwardRow| award.standing == "revoked";
    act(
        (app, client, request),
        at,
        body.said,
        is_done,
        move |app, client, award| async move {
            issuing::revoke(&app, &award, reason, note.as_deref(), &client.person.id).await
        },
    )
    .await
}

pub(super) async fn suspend(
    State(app): State<App>,
    request: HeaderMap,
    client: Client,
    Path((_, award)): Path<(String, String)>,
    body: Body<Suspension>,
) -> Result<Response, Error> {
    let at = at(&app, &client, &award).await?;
    let note = note(body.value.note)?;
    let is_done = |award: &AwardRow| award.standing == "suspended";
    act(
        (app, client, request),
        at,
        body.said,
        is_done,
        move |app, client, award| async move {
            issuing::suspend(&app, &award, note.as_deref(), &client.person.id).await
        },
    )
    .await
}

pub(super) async fn reinstate(
    State(app): State<App>,
    request: HeaderMap,
    client: Client,
    Path((_, award)): Path<(String, String)>,
    body: Body<Nothing>,
) -> Result<Response, Error> {
    let at = at(&app, &client, &award).await?;
    let is_done = |award: &AwardRow| award.standing == "valid";
    act((app, client, request), at, body.said, is_done, |app, client, award| async move {
        issuing::reinstate(&app, &award, &client.person.id).await
    })
    .await
}

pub(super) async fn renew_claim(
    State(app): State<App>,
    request: HeaderMap,
    client: Client,
    Path((_, award)): Path<(String, String)>,
    body: Body<Nothing>,
) -> Result<Response, Error> {
    let at = at(&app, &client, &award).await?;
    // Another link is as good as the one that nobody has got.
    let is_done = |_: &AwardRow| false;
    act(
        (app, client, request),
        at,
        body.said,
        is_done,
        |app, client, award| async move {
            let by = Some(client.person.id.as_str());
            issuing::renew_claim(&app, &award, by).await.map(drop)
        },
    )
    .await
}

/// What is answered when a badge was corrected by this one.
async fn corrected(app: &App, client: &Client, new: &str) -> Result<Answer, Error> {
    let path = format!("/api/v1/issuers/{}/awards/{new}", client.issuer.slug);
    Answer::created(path, &now(app, client, new).await?)
}

pub(super) async fn correct(
    State(app): State<App>,
    request: HeaderMap,
    client: Client,
    Path((_, award)): Path<(String, String)>,
    body: Body<Correction>,
) -> Result<Response, Error> {
    client.may(Scope::Award)?;
    let asked = body.value;
    once(
        app,
        client,
        request,
        body.said,
        move |app, client, request, attempt| async move {
            let at = at(&app, &client, &award).await?;
            if let Some(new) = at
                .of
                .award
                .superseded_by
                .as_ref()
                .filter(|_| attempt.is_again())
            {
                return corrected(&app, &client, new).await;
            }
            let achievement = match &asked.achievement {
                None => None,
                Some(slug) => {
                    let may = at.desk.may_award(&app).await?;
                    let found = may
                        .into_iter()
                        .find(|(achievement, _)| achievement.slug == *slug);
                    let unknown = || Error::refused("achievement", "badges-api-may-not-award", &[]);
                    Some(found.ok_or_else(unknown)?.0.id)
                }
            };
            if let Some(Some(address)) = &asked.evidence
                && !is_web_address(address)
            {
                return Err(Error::refused(
                    "evidence",
                    "badges-workshop-event-page-wrong",
                    &[],
                ));
            }
            let new = NewBadge {
                achievement,
                awarded_at: match &asked.awarded_at {
                    Some(text) => Some(awarded_at(&app, Some(text))?),
                    None => None,
                },
                evidence: asked.evidence.clone(),
            };
            let note = note(asked.note)?;
            is_meant(&app, &client, &request, &award).await?;
            let new =
                issuing::correct(&app, &award, &new, note.as_deref(), &client.person.id).await?;
            corrected(&app, &client, &new.id).await
        },
    )
    .await
    .map(IntoResponse::into_response)
}
