//! A badge on paper.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use badges_core::markup::Markup;

use super::Badge;
use super::page::{Head, Verified, answer};
use super::told::{Holder, Told};
use crate::App;
use crate::error::Error;
use crate::page::Ctx;

#[derive(Template)]
#[template(path = "certificate.html")]
struct CertificatePage<'a> {
    ctx: Ctx,
    badge: &'a Badge,
    told: Told,
    head: Head,
    report: Verified,
    code: Option<Markup>,
}

/// The certificate. Paper cannot be taken back, so there is none of a badge that was.
pub(super) async fn certificate(app: &App, ctx: Ctx, request: &HeaderMap, badge: &Badge) -> Result<Response, Error> {
    if badge.award.standing != "valid" {
        return Ok(Redirect::to(&badge.path).into_response());
    }
    let told = Told::read(&badge.text, ctx.lang.tag())?;
    let head = Head::of(&ctx, badge, &told);
    let page = CertificatePage {
        report: Verified::of(app, &ctx, badge).await?,
        code: Markup::qr_code(&head.url, &ctx.t("badges-badge-code")),
        badge,
        told,
        head,
        ctx: ctx.clone(),
    };
    answer(request, &ctx, badge, &page)
}
