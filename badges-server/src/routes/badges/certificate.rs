//! A badge on paper.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use badges_core::markup::Markup;

use super::Badge;
use super::page::{Head, answer};
use super::told::{Holder, Told};
use crate::error::Error;
use crate::page::Ctx;

#[derive(Template)]
#[template(path = "certificate.html")]
struct CertificatePage<'a> {
    ctx: Ctx,
    badge: &'a Badge,
    told: Told,
    head: Head,
    code: Option<Markup>,
}

/// The certificate. Paper cannot be taken back, so there is none of a badge that was.
pub(super) fn certificate(
    ctx: &Ctx,
    request: &HeaderMap,
    badge: &Badge,
) -> Result<Response, Error> {
    if badge.award.standing != "valid" {
        return Ok(Redirect::to(&badge.path).into_response());
    }
    let told = Told::read(&badge.text, ctx.lang, &badge.issuer.language)?;
    let head = Head::of(ctx, badge, &told);
    let page = CertificatePage {
        code: Markup::qr_code(&head.url, &ctx.t("badges-badge-code")),
        badge,
        told,
        head,
        ctx: ctx.clone(),
    };
    answer(request, ctx, badge, &page)
}
