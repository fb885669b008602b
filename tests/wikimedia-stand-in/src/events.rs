//! Event registrations as the extension CampaignEvents serves them.

use std::collections::HashMap;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::wiki::{Participant, Wiki};
use crate::{Shared, lock};

/// How many participants a page has.
const PARTICIPANTS: usize = 20;
/// How many organizers a page has.
const ORGANIZERS: usize = 11;

type Parameters = HashMap<String, String>;

pub(crate) async fn event(State(wiki): State<Shared>, Path(id): Path<u64>) -> Response {
    let wiki = lock(&wiki);
    let Some(event) = wiki.events.get(&id) else {
        return no_such_event();
    };
    Json(json!({
        "id": id,
        "name": event.name,
        "event_page": format!("Event:{}", event.name),
        "event_page_wiki": "metawiki",
        "status": "closed",
        "timezone": "Africa/Cairo",
        "start_time": "20260801090000",
        "end_time": "20260802170000",
        "types": ["workshop"],
        "wikis": ["arwiki", "commonswiki"],
        "topics": [],
        "online_meeting": false,
        "inperson_meeting": true,
        "meeting_country_code": "EG",
        "meeting_address": "Example Library",
        "is_test_event": event.is_test_event,
        "tracks_contributions": false,
        "goal_type": null,
        "goal_target": null,
        "tracking_tools": [{"tool_id": "wikiedu", "tool_event_id": "example/workshop"}],
        "questions": [1, 2],
    }))
    .into_response()
}

pub(crate) async fn participants(
    State(wiki): State<Shared>,
    Path(id): Path<u64>,
    Query(asked): Query<Parameters>,
) -> Response {
    let wiki = lock(&wiki);
    let Some(event) = wiki.events.get(&id) else {
        return no_such_event();
    };
    match asked.get("include_private").map(String::as_str) {
        Some("false" | "0") => {}
        Some(_) => return rest_error(StatusCode::FORBIDDEN),
        None => return rest_error(StatusCode::BAD_REQUEST),
    }
    let last = last_id(&asked, "last_participant_id");
    let following = event.participants.iter();
    let following = following.filter(|one| !one.private && one.participant_id > last);
    let page = following.take(PARTICIPANTS).map(|one| row(&wiki, one));
    Json(page.collect::<Vec<_>>()).into_response()
}

fn row(wiki: &Wiki, participant: &Participant) -> Value {
    let Participant {
        participant_id,
        central_id,
        private,
    } = *participant;
    let mut row = json!({
        "participant_id": participant_id,
        "user_id": central_id,
        "user_registered_at": "20260801120000",
        "user_registered_at_formatted": "12:00, 1 August 2026",
        "private": private,
    });
    if let Some(name) = wiki.shown_name(central_id) {
        row["user_name"] = Value::from(name);
        row["user_page"] = user_page(name);
    } else if wiki.accounts.contains_key(&central_id) {
        row["hidden"] = Value::from(true);
    } else {
        row["not_found"] = Value::from(true);
    }
    row
}

/// Pages of which hidden and missing accounts are left out, so that a page that is not full need
/// not be the last.
pub(crate) async fn organizers(
    State(wiki): State<Shared>,
    Path(id): Path<u64>,
    Query(asked): Query<Parameters>,
) -> Response {
    let wiki = lock(&wiki);
    let Some(event) = wiki.events.get(&id) else {
        return no_such_event();
    };
    let last = last_id(&asked, "last_organizer_id");
    let following = (1_u64..).zip(&event.organizers);
    let page = following.filter(|(organizer_id, _)| *organizer_id > last);
    let rows = page
        .take(ORGANIZERS)
        .filter_map(|(organizer_id, central_id)| {
            let name = wiki.shown_name(*central_id)?;
            Some(json!({
                "organizer_id": organizer_id,
                "user_id": central_id,
                "user_name": name,
                "roles": ["organizer"],
                "user_page": user_page(name),
            }))
        });
    Json(rows.collect::<Vec<_>>()).into_response()
}

fn user_page(name: &str) -> Value {
    json!({
        "path": format!("/wiki/User:{}", name.replace(' ', "_")),
        "title": format!("User:{name}"),
        "classes": "mw-userlink",
    })
}

fn last_id(asked: &Parameters, name: &str) -> u64 {
    asked.get(name).and_then(|id| id.parse().ok()).unwrap_or(0)
}

fn no_such_event() -> Response {
    rest_error(StatusCode::NOT_FOUND)
}

fn rest_error(status: StatusCode) -> Response {
    let body = json!({
        "messageTranslations": {"en": "The request cannot be answered."},
        "httpCode": status.as_u16(),
        "httpReason": status.canonical_reason(),
    });
    (status, Json(body)).into_response()
}
