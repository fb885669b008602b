//! Who did what, and when.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;
use serde_json::Value;

use super::paging::Page;
use super::{Client, Scope, moment};
use crate::App;
use crate::error::Error;

#[derive(Debug, Serialize)]
struct Shown {
    id: String,
    at: String,
    person: Option<String>,
    name: Option<String>,
    action: String,
    noun: String,
    object: String,
    detail: Option<Value>,
}

pub(super) async fn list(
    State(app): State<App>,
    request: HeaderMap,
    client: Client,
    page: Page,
) -> Result<Response, Error> {
    client.may(Scope::Read)?;
    let rows = app
        .db
        .audit(&client.issuer.id, page.after(), page.limit + 1)
        .await?;
    page.answer(
        &request,
        rows,
        |row| (row.at, &row.id),
        |row| Shown {
            at: moment(row.at),
            detail: row
                .detail
                .as_deref()
                .and_then(|text| serde_json::from_str(text).ok()),
            id: row.id,
            person: row.person,
            name: row.name,
            action: row.action,
            noun: row.noun,
            object: row.object,
        },
    )
}
