//! The page of a badge.

use askama::Template;
use askama::filters::Safe;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use badges_core::markup::Markup;
use badges_core::writing::on_one_line;

use super::share::{self, Share};
use super::told::{Holder, Told};
use super::{Badge, Sight, path_of, visibility_of};
use crate::App;
use crate::db::AwardRow;
use crate::error::Error;
use crate::issuing::Visibility;
use crate::page::Ctx;
use crate::published::tagged;
use crate::verifying::{own_report, signer_here};
use crate::words::{Mark, ReportWords};

#[derive(Template)]
#[template(path = "badge.html")]
struct BadgePage<'a> {
    ctx: Ctx,
    badge: &'a Badge,
    told: Told,
    head: Head,
    standing: Vec<Notice>,
    report: Verified,
    share: Share,
    code: Option<Markup>,
}

#[derive(Template)]
#[template(path = "badge_embed.html")]
struct EmbedPage<'a> {
    ctx: Ctx,
    badge: &'a Badge,
    told: Told,
    url: String,
    report: Verified,
}

/// What other sites and search engines read.
pub(super) struct Head {
    /// The full address of the page.
    pub(super) url: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) indexed: bool,
    /// The page's language as sites write it that make previews of links.
    locale: Option<&'static str>,
    data: Markup,
}

/// Something about a badge that must be known before all else.
struct Notice {
    tone: &'static str,
    text: String,
    /// A path, and what is there.
    link: Option<(String, String)>,
}

/// A verification, in words.
pub(super) struct Verified {
    pub(super) tone: &'static str,
    pub(super) headline: Safe<String>,
    /// Who signed, as far as that is proved.
    pub(super) signer: Option<Safe<String>>,
    /// Whether it was taken back, and nothing in it can tell others.
    pub(super) is_unaware: bool,
    checks: Vec<Checked>,
}

struct Checked {
    tone: &'static str,
    question: String,
    outcome: String,
    sentences: Vec<Safe<String>>,
}

/// The page.
pub(super) async fn badge(
    app: &App,
    ctx: Ctx,
    request: &HeaderMap,
    badge: &Badge,
) -> Result<Response, Error> {
    let told = Told::read(&badge.text, ctx.lang, &badge.issuer.language)?;
    let head = Head::of(&ctx, badge, &told);
    let page = BadgePage {
        standing: standing(app, &ctx, badge).await?,
        report: Verified::of(app, &ctx, badge).await?,
        share: Share::of(&ctx, badge, &told, &head.url),
        code: Markup::qr_code(&head.url, &ctx.t("badges-badge-code")),
        badge,
        told,
        head,
        ctx: ctx.clone(),
    };
    answer(request, &ctx, badge, &page)
}

/// A small page for a frame on other sites.
pub(super) async fn embed(
    app: &App,
    ctx: Ctx,
    request: &HeaderMap,
    badge: &Badge,
) -> Result<Response, Error> {
    // Frames on other sites have no session: what only its holder may see cannot be in one.
    if badge.is_private() {
        return Err(Error::NotFound);
    }
    let page = EmbedPage {
        url: ctx.url(&badge.path),
        told: Told::read(&badge.text, ctx.lang, &badge.issuer.language)?,
        report: Verified::of(app, &ctx, badge).await?,
        badge,
        ctx: ctx.clone(),
    };
    let mut response = answer(request, &ctx, badge, &page)?;
    let policy = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors *";
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(policy),
    );
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    Ok(response)
}

/// A page that is asked for anew each time, so that it shows a change at once (decision B2).
pub(super) fn answer(
    request: &HeaderMap,
    ctx: &Ctx,
    badge: &Badge,
    page: &impl Template,
) -> Result<Response, Error> {
    let for_all = !badge.is_private() && ctx.person.is_none();
    let keep = if for_all {
        "no-cache"
    } else {
        "private, no-cache"
    };
    let html = page.render().map_err(Error::internal)?;
    let mut response = tagged(request, "text/html; charset=utf-8", keep, html);
    // Also where the answer is only that nothing has changed.
    response.headers_mut().insert(
        header::VARY,
        HeaderValue::from_static("Accept-Language, Cookie"),
    );
    Ok(badge.unindexed(response))
}

impl Head {
    pub(super) fn of(ctx: &Ctx, badge: &Badge, told: &Told) -> Self {
        const LONGEST: usize = 300;
        let mut description = on_one_line(&told.text.description);
        if let Some((end, _)) = description.char_indices().nth(LONGEST) {
            description.truncate(end);
            description.push('…');
        }
        let url = ctx.url(&path_of(&badge.issuer.slug, &badge.award.token));
        Self {
            title: ctx.t2("badges-badge-head-title", &told.text.name, &told.issuer),
            indexed: badge.is_indexed(),
            locale: match ctx.lang.tag() {
                "en" => Some("en_US"),
                "ar" => Some("ar_AR"),
                _ => None,
            },
            data: share::schema_org(ctx, badge, told, &url, &description),
            description,
            url,
        }
    }
}

impl Verified {
    pub(super) async fn of(app: &App, ctx: &Ctx, badge: &Badge) -> Result<Self, Error> {
        let report = own_report(app, &badge.award, &badge.text).await?;
        let here = signer_here(app, &report).await?;
        let words = ReportWords::of(ctx.lang, &report, here.as_deref());
        let checks = words.checks.iter().map(|check| Checked {
            tone: match check.mark {
                Mark::Passed => "good",
                Mark::Failed => "bad",
                Mark::Unknown => "unknown",
                Mark::Note => "info",
            },
            question: check.question.clone(),
            outcome: check.outcome.clone(),
            sentences: [&check.sentence]
                .into_iter()
                .chain(&check.details)
                .chain(&check.advice)
                .map(|sentence| Safe(sentence.html()))
                .collect(),
        });
        let is_unaware = badge.award.standing != "valid"
            && app.db.status_entry(&badge.award.id).await?.is_none();
        Ok(Self {
            is_unaware,
            tone: words.tone.as_str(),
            headline: Safe(words.headline.html()),
            signer: words.signer.as_ref().map(|signer| Safe(signer.html())),
            checks: checks.collect(),
        })
    }
}

/// What happened to the badge since it was awarded.
async fn standing(app: &App, ctx: &Ctx, badge: &Badge) -> Result<Vec<Notice>, Error> {
    let award = &badge.award;
    let mut notices = Vec::new();
    let since = ctx.day(&award.standing_at.unwrap_or(award.made_at));
    // The class of the reason is public; the note is not.
    let reason = award
        .reason
        .as_deref()
        .map(|reason| ctx.t(reason_key(reason)));
    let because = |text: String| {
        [Some(text), reason]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ")
    };
    let mut tell = |tone, text, link| notices.push(Notice { tone, text, link });
    match award.standing.as_str() {
        "valid" => {}
        "suspended" => tell(
            "caution",
            because(ctx.t1("badges-badge-suspended", &since)),
            None,
        ),
        _ if award.superseded_by.is_some() => {
            let other = other(app, badge, award.superseded_by.as_deref()).await?;
            let key = if other.is_some() {
                "badges-badge-corrected"
            } else {
                "badges-badge-corrected-unseen"
            };
            let link = other.map(|path| (path, ctx.t("badges-badge-corrected-link")));
            tell("bad", ctx.t1(key, &since), link);
        }
        _ => tell("bad", because(ctx.t1("badges-badge-revoked", &since)), None),
    }
    if let Some(path) = other(app, badge, award.supersedes.as_deref()).await? {
        tell(
            "info",
            ctx.t("badges-badge-supersedes"),
            Some((path, ctx.t("badges-badge-supersedes-link"))),
        );
    }
    if let Some(until) = award.valid_until.filter(|until| *until < app.seconds()) {
        tell(
            "caution",
            ctx.t1("badges-badge-expired", &ctx.day(&until)),
            None,
        );
    }
    Ok(notices)
}

/// What is said of a class of reasons.
fn reason_key(reason: &str) -> &'static str {
    match reason {
        "mistake" => "badges-badge-reason-mistake",
        "misconduct" => "badges-badge-reason-misconduct",
        "key-compromise" => "badges-badge-reason-key-compromise",
        "corrected" => "badges-badge-reason-corrected",
        "holder-request" => "badges-badge-reason-holder-request",
        _ => "badges-badge-reason-other",
    }
}

/// The path of the badge that this one replaces, or that replaces it, if whoever sees this one may
/// see that one too. A public page must not tell the address of an unlisted one.
async fn other(app: &App, badge: &Badge, id: Option<&str>) -> Result<Option<String>, Error> {
    let Some(id) = id else {
        return Ok(None);
    };
    let other: Option<AwardRow> = app.db.award(id).await?;
    let seen = other.filter(|other| {
        let is_holder = badge.is_holder && other.person == badge.award.person;
        let is_open = visibility_of(other) == Visibility::Public
            || badge.visibility() == Visibility::Unlisted;
        Sight::of(other, is_holder) == Sight::Shown && (is_holder || is_open)
    });
    Ok(seen.map(|other| path_of(&badge.issuer.slug, &other.token)))
}
