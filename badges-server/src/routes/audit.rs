//! Who did what, and when, for an issuer: to be read by every member, and taken away as a file.

use std::collections::BTreeMap;

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use badges_core::model::DateTimeZ;
use serde::Deserialize;
use serde_json::json;
use time::OffsetDateTime;

use crate::App;
use crate::auth::Desk;
use crate::db::AuditEntry;
use crate::error::Error;
use crate::i18n;
use crate::page::{Ctx, page};
use crate::routes::awards::achievement_names;

/// Entries on a page.
const PAGE: i64 = 50;
/// Entries that are asked of the database at once for a file.
const CHUNK: i64 = 1000;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/desk/{issuer}/audit", get(audit))
        // The path has a name of its own, because a dot ends no segment.
        .route("/desk/{issuer}/audit.csv", get(csv_file))
        .route("/desk/{issuer}/audit.json", get(json_file))
}

/// The entry after which a page begins.
#[derive(Deserialize)]
struct Before {
    at: Option<i64>,
    id: Option<String>,
}

#[derive(Template)]
#[template(path = "audit.html")]
struct Audit {
    ctx: Ctx,
    desk: Desk,
    entries: Vec<AuditEntry>,
    /// The names of achievements by their ids.
    achievements: BTreeMap<String, String>,
    newest: Option<String>,
    older: Option<String>,
}

/// What something was done to.
struct Object<'a> {
    /// Its page, if it has one.
    path: Option<String>,
    name: Option<&'a str>,
    achievement: Option<&'a str>,
}

impl Audit {
    /// What was done, in words; where there are none, as it stands in the log.
    fn action(&self, entry: &AuditEntry) -> String {
        let key = format!("badges-action-{}", entry.action.replace('.', "-"));
        if i18n::exists(&key) {
            self.ctx.t(&key)
        } else {
            entry.action.clone()
        }
    }

    /// What it was done to, where that can be shown.
    fn object<'a>(&'a self, entry: &'a AuditEntry) -> Option<Object<'a>> {
        let achievement = entry.achievement.as_ref().or(Some(&entry.object));
        let achievement = achievement.and_then(|id| self.achievements.get(id));
        let page = |below: &str| {
            let issuer = &self.desk.issuer.slug;
            Some(format!("/desk/{issuer}/{below}/{}", entry.object))
        };
        let path = match entry.noun.as_str() {
            "award" => page("awards"),
            "workshop" => page("workshops").filter(|_| entry.about.is_some()),
            _ => None,
        };
        (path.is_some() || achievement.is_some()).then(|| Object {
            path,
            name: entry.about.as_deref(),
            achievement: achievement.map(String::as_str),
        })
    }

    fn moment(&self, entry: &AuditEntry) -> String {
        OffsetDateTime::from_unix_timestamp(entry.at).map_or_else(
            |_| entry.at.to_string(),
            |moment| i18n::moment(self.ctx.lang, moment),
        )
    }
}

async fn audit(
    State(app): State<App>,
    ctx: Ctx,
    desk: Desk,
    Query(before): Query<Before>,
) -> Result<Response, Error> {
    let before = before.at.zip(before.id);
    let cursor = before.as_ref().map(|(at, id)| (*at, id.as_str()));
    let mut entries = app.db.audit(&desk.issuer.id, cursor, PAGE + 1).await?;
    let here = format!("/desk/{}/audit", desk.issuer.slug);
    let older = match usize::try_from(PAGE) {
        Ok(page) if entries.len() > page => {
            entries.truncate(page);
            entries
                .last()
                .map(|last| format!("{here}?at={}&id={}", last.at, last.id))
        }
        _ => None,
    };
    let newest = before.map(|_| here);
    page(&Audit {
        achievements: achievement_names(&app, &desk.issuer.id).await?,
        ctx,
        desk,
        entries,
        newest,
        older,
    })
}

async fn csv_file(
    State(app): State<App>,
    desk: Desk,
    Path(_): Path<String>,
) -> Result<Response, Error> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(["at", "person", "name", "action", "noun", "object", "detail"])
        .map_err(Error::internal)?;
    for entry in all(&app, &desk).await? {
        csv.write_record([
            &moment(&entry),
            entry.person.as_deref().unwrap_or_default(),
            &harmless(entry.name.as_deref().unwrap_or_default()),
            &entry.action,
            &entry.noun,
            &entry.object,
            entry.detail.as_deref().unwrap_or_default(),
        ])
        .map_err(Error::internal)?;
    }
    let bytes = csv.into_inner().map_err(Error::internal)?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"audit.csv\"",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, bytes).into_response())
}

async fn json_file(
    State(app): State<App>,
    desk: Desk,
    Path(_): Path<String>,
) -> Result<Response, Error> {
    let entries: Vec<serde_json::Value> = all(&app, &desk)
        .await?
        .into_iter()
        .map(|entry| {
            let detail = entry
                .detail
                .as_deref()
                .and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok());
            json!({
                "id": entry.id,
                "at": moment(&entry),
                "person": entry.person,
                "name": entry.name,
                "action": entry.action,
                "noun": entry.noun,
                "object": entry.object,
                "detail": detail,
            })
        })
        .collect();
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"audit.json\"",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, format!("{:#}\n", json!({ "entries": entries }))).into_response())
}

/// The whole log, the newest first.
async fn all(app: &App, desk: &Desk) -> Result<Vec<AuditEntry>, Error> {
    let mut entries: Vec<AuditEntry> = Vec::new();
    loop {
        let last = entries.last().map(|last| (last.at, last.id.clone()));
        let cursor = last.as_ref().map(|(at, id)| (*at, id.as_str()));
        let more = app.db.audit(&desk.issuer.id, cursor, CHUNK).await?;
        if more.is_empty() {
            return Ok(entries);
        }
        entries.extend(more);
    }
}

fn moment(entry: &AuditEntry) -> String {
    OffsetDateTime::from_unix_timestamp(entry.at).map_or_else(
        |_| entry.at.to_string(),
        |moment| DateTimeZ::from(moment).to_string(),
    )
}

/// A name that no spreadsheet takes for a formula.
fn harmless(name: &str) -> String {
    if name.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{name}")
    } else {
        name.to_owned()
    }
}
