//! Pages: who reads, in which language, and how a template becomes a response.

use std::fmt::Display;
use std::ops::Deref;
use std::sync::Arc;

use askama::Template;
use askama::filters::Safe;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;

use crate::App;
use crate::auth::{self, Signed};
use crate::error::Error;
use crate::i18n::{self, Lang};
use crate::routes::assets;

/// Who asks, and in which language to answer. Made once for each request; an extractor.
#[derive(Clone)]
pub(crate) struct Ctx(Arc<Reader>);

/// What a request says about its reader.
pub(crate) struct Reader {
    pub(crate) app: App,
    pub(crate) lang: Lang,
    /// Who is signed in.
    pub(crate) person: Option<Signed>,
    /// The path with its query, without the language.
    pub(crate) path: String,
    /// What is told once, after something was done.
    pub(crate) notice: Option<Notice>,
    wants_html: bool,
}

/// What is told once, on the page after something was done.
#[derive(Clone, Debug)]
pub(crate) struct Notice {
    /// `good`, `caution`, `bad` or `info`.
    pub(crate) tone: &'static str,
    pub(crate) text: String,
}

/// A language that the reader can choose.
pub(crate) struct LanguageChoice {
    pub(crate) tag: &'static str,
    pub(crate) name: String,
    pub(crate) url: String,
    pub(crate) current: bool,
}

impl Deref for Ctx {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.0
    }
}

impl Reader {
    /// A message.
    pub(crate) fn t(&self, key: &str) -> String {
        i18n::text(self.lang, key, &[])
    }

    /// Whether two things look alike: which of the options is chosen.
    pub(crate) fn same(
        &self,
        one: &(impl Display + ?Sized),
        other: &(impl Display + ?Sized),
    ) -> bool {
        one.to_string() == other.to_string()
    }

    /// The message for one of several things: its key ends with the thing's name.
    pub(crate) fn word(&self, prefix: &str, name: &str) -> String {
        self.t(&format!("{prefix}-{name}"))
    }

    /// A message with a value.
    pub(crate) fn t1(&self, key: &str, one: &(impl Display + ?Sized)) -> String {
        i18n::text(self.lang, key, &[&one.to_string()])
    }

    /// A message with two values.
    pub(crate) fn t2(
        &self,
        key: &str,
        one: &(impl Display + ?Sized),
        two: &(impl Display + ?Sized),
    ) -> String {
        i18n::text(self.lang, key, &[&one.to_string(), &two.to_string()])
    }

    /// A message with any number of values.
    pub(crate) fn text(&self, key: &str, args: &[&str]) -> String {
        i18n::text(self.lang, key, args)
    }

    /// A message as HTML, its value set apart for the writing direction.
    pub(crate) fn rich1(&self, key: &str, one: &(impl Display + ?Sized)) -> Safe<String> {
        Safe(i18n::rich(self.lang, key, &[&one.to_string()]))
    }

    /// A message as HTML, its values set apart for the writing direction.
    pub(crate) fn rich2(
        &self,
        key: &str,
        one: &(impl Display + ?Sized),
        two: &(impl Display + ?Sized),
    ) -> Safe<String> {
        Safe(i18n::rich(
            self.lang,
            key,
            &[&one.to_string(), &two.to_string()],
        ))
    }

    /// A day in words, from seconds since 1970.
    pub(crate) fn day(&self, seconds: &i64) -> String {
        time::OffsetDateTime::from_unix_timestamp(*seconds)
            .map_or_else(|_| String::new(), |time| i18n::date(self.lang, time))
    }

    /// A number with its thousands apart.
    pub(crate) fn number(&self, number: &i64) -> String {
        i18n::number(self.lang, number.unsigned_abs())
    }

    /// The languages to choose from.
    pub(crate) fn languages(&self) -> Vec<LanguageChoice> {
        let joint = if self.path.contains('?') { '&' } else { '?' };
        Lang::all()
            .map(|lang| LanguageChoice {
                tag: lang.tag(),
                name: lang.name(),
                url: format!("{}{joint}uselang={}", self.path, lang.tag()),
                current: lang == self.lang,
            })
            .collect()
    }

    /// The address of a file of ours, with the hash of its content.
    pub(crate) fn asset(&self, name: &str) -> String {
        assets::url(name)
    }

    /// The token that forms carry.
    pub(crate) fn csrf(&self) -> &str {
        self.person.as_ref().map_or("", |person| &person.csrf)
    }

    /// What the service calls itself.
    pub(crate) fn service_name(&self) -> &str {
        &self.app.settings.name
    }

    /// Whether badges have no web address that others could trust.
    pub(crate) fn trial(&self) -> bool {
        self.app.settings.public_url.is_trial()
    }

    /// The full address of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        self.app.settings.public_url.join(path)
    }

    /// Whether a program asks through the API.
    pub(crate) fn is_api(&self) -> bool {
        ["/api/", "/vc-api/", "/jose-cose/", "/w3c-manifest.json"]
            .iter()
            .any(|programs| self.path.starts_with(programs))
    }

    /// Whether a page is preferred to data.
    pub(crate) const fn wants_html(&self) -> bool {
        self.wants_html
    }

    /// Who is signed in.
    ///
    /// # Errors
    /// [`Error::SignIn`], which leads back here.
    pub(crate) fn signed(&self) -> Result<&Signed, Error> {
        self.person.as_ref().ok_or_else(|| Error::SignIn {
            next: self.path.clone(),
        })
    }
}

impl FromRequestParts<App> for Ctx {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Error> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| Error::internal("the request has no reader"))
    }
}

/// The cookie that remembers the language.
const LANGUAGE: &str = "badges_language";
/// The cookie that carries a notice to the next page.
const NOTICE: &str = "badges_notice";

/// Finds out who asks and in which language, before anything else looks at the request.
pub(crate) async fn read(
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> Result<Response, Error> {
    let jar = CookieJar::from_headers(request.headers());
    let uri = request.uri().clone();
    let query = uri.query().unwrap_or_default();
    let (asked, rest): (Vec<&str>, Vec<&str>) = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .partition(|pair| pair.starts_with("uselang="));
    let asked = asked.first().and_then(|pair| pair.strip_prefix("uselang="));
    let path = if rest.is_empty() {
        uri.path().to_owned()
    } else {
        format!("{}?{}", uri.path(), rest.join("&"))
    };
    let person = auth::session(&app, &jar).await?;
    let remembered = jar.get(LANGUAGE).map(|cookie| cookie.value().to_owned());
    let remembered = remembered.or_else(|| person.as_ref()?.language.clone());
    let lang = Lang::negotiate(
        asked,
        remembered.as_deref(),
        text(request.headers(), header::ACCEPT_LANGUAGE),
    );
    let notice = jar.get(NOTICE).and_then(|cookie| {
        let (tone, key) = cookie.value().split_once('.')?;
        let tone = ["good", "caution", "bad", "info"]
            .into_iter()
            .find(|known| *known == tone)?;
        (key.starts_with("badges-notice-")).then(|| Notice {
            tone,
            text: i18n::text(lang, key, &[]),
        })
    });
    let wants_html = text(request.headers(), header::ACCEPT).is_none_or(|accept| {
        accept.contains("text/html") || accept.contains("*/*") && !accept.contains("json")
    });
    let told = notice.is_some();
    let is_personal =
        person.is_some() || matches!(uri.path().split('/').nth(1), Some("desk" | "me"));
    let ctx = Ctx(Arc::new(Reader {
        app,
        lang,
        person,
        path,
        notice,
        wants_html,
    }));
    request.extensions_mut().insert(ctx.clone());
    let mut response = next.run(request).await;
    let is_page = text(response.headers(), header::CONTENT_TYPE)
        .is_some_and(|kind| kind.starts_with("text/html"));
    if asked.is_some() {
        set_cookie(
            &mut response,
            Cookie::build((LANGUAGE, lang.tag()))
                .path("/")
                .same_site(axum_extra::extract::cookie::SameSite::Lax)
                .permanent()
                .build(),
        );
    }
    if told && is_page {
        set_cookie(
            &mut response,
            Cookie::build((NOTICE, ""))
                .path("/")
                .max_age(time::Duration::ZERO)
                .build(),
        );
    }
    if is_personal {
        // Lists of claim links and of people are kept nowhere, also where a proxy keeps everything.
        response
            .headers_mut()
            .entry(header::CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("private, no-store"));
    }
    if is_page {
        let headers = response.headers_mut();
        headers
            .entry(header::CONTENT_LANGUAGE)
            .or_insert(HeaderValue::from_static(lang.tag()));
        headers.append(
            header::VARY,
            HeaderValue::from_static("Accept-Language, Cookie"),
        );
    }
    Ok(response)
}

/// A redirect that tells something on the next page: a message key that begins with
/// `badges-notice-`.
pub(crate) fn redirect_with(tone: &'static str, key: &'static str, to: &str) -> Response {
    let mut response = axum::response::Redirect::to(to).into_response();
    let cookie = Cookie::build((NOTICE, format!("{tone}.{key}")))
        .path("/")
        .http_only(true)
        .same_site(axum_extra::extract::cookie::SameSite::Lax);
    set_cookie(&mut response, cookie.build());
    response
}

/// Adds a cookie to a response.
pub(crate) fn set_cookie(response: &mut Response, cookie: Cookie<'static>) {
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// A template as a response.
///
/// # Errors
/// When the template cannot be written.
pub(crate) fn page(template: &impl Template) -> Result<Response, Error> {
    let html = template.render().map_err(Error::internal)?;
    Ok(Html(html).into_response())
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}
