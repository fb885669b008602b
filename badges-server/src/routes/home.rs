//! The first page.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;

use crate::App;
use crate::db::Issuer;
use crate::error::Error;
use crate::page::{Ctx, page};

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/", get(home))
}

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    ctx: Ctx,
    issuers: Vec<Issuer>,
}

async fn home(State(app): State<App>, ctx: Ctx) -> Result<Response, Error> {
    let issuers = app.db.issuers().await?;
    page(&Home { ctx, issuers })
}
