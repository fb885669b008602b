//! A person's own page: the badges that the person shows to everybody.
//!
//! Its address cannot be guessed, no badge leads to it, and no search engine may keep it: it tells
//! that badges belong to one person which may name nobody, and whom that is told is for that person
//! to decide.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Serialize;
use serde_json::{Value, json};

use crate::App;
use crate::db::PublicBadge;
use crate::error::Error;
use crate::page::{Ctx, page as render};
use crate::published::published_json;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/people/{page}", get(person))
}

/// A badge in lists for programs.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ListedBadge {
    /// The badge's own id, which is its address where there is one.
    pub(super) id: String,
    /// Its page, and with `Accept` or `.json` the signed document.
    pub(super) url: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) image: String,
    pub(super) issuer: Value,
    pub(super) awarded_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) valid_until: Option<String>,
    /// `valid`, `expired`, `suspended` or `revoked`.
    pub(super) status: String,
    /// What it corresponds to elsewhere.
    pub(super) alignment: Vec<Value>,
    /// The Wikidata items among those, by which capacities are known.
    pub(super) capacities: Vec<String>,
}

impl ListedBadge {
    /// A badge in its own words: never in the reader's language, so that they are the same each time.
    pub(super) fn of(app: &App, badge: &PublicBadge) -> Result<Self, Error> {
        let document: Value = serde_json::from_str(&badge.document).map_err(Error::internal)?;
        let public_url = &app.settings.public_url;
        let alignment = document["alignment"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let targets = alignment
            .iter()
            .filter_map(|alignment| alignment["targetUrl"].as_str());
        Ok(Self {
            id: badge.credential_id.clone(),
            url: public_url.join(&badge.path()),
            name: badge.name.clone(),
            description: document["description"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
            // The picture of the achievement, which is the same for all who have it.
            image: public_url.join(&format!(
                "/issuers/{}/achievements/{}.png",
                badge.issuer_slug, badge.achievement_slug
            )),
            issuer: json!({
                "name": badge.issuer_name,
                "url": public_url.join(&format!("/issuers/{}", badge.issuer_slug)),
            }),
            awarded_date: moment(badge.awarded_at),
            valid_until: badge.valid_until.map(moment),
            status: badge.status(app.seconds()).to_owned(),
            capacities: targets
                .filter_map(wikidata_item)
                .map(str::to_owned)
                .collect(),
            alignment,
        })
    }
}

#[derive(Template)]
#[template(path = "person.html")]
struct PersonPage {
    ctx: Ctx,
    name: Option<String>,
    badges: Vec<PublicBadge>,
}

impl PersonPage {
    /// Who issued a badge, and whether its time is over.
    fn issuer(&self, badge: &PublicBadge) -> String {
        match badge.valid_until {
            Some(until) if badge.status(self.ctx.app.seconds()) == "expired" => self.ctx.t2(
                "badges-person-expired",
                &badge.issuer_name,
                &self.ctx.day(&until),
            ),
            _ => badge.issuer_name.clone(),
        }
    }
}

async fn person(
    State(app): State<App>,
    ctx: Ctx,
    request: HeaderMap,
    Path(page): Path<String>,
) -> Result<Response, Error> {
    let (page, is_json) = page
        .strip_suffix(".json")
        .map_or((&*page, !ctx.wants_html()), |page| (page, true));
    let (person, name) = app.db.person_by_page(page).await?.ok_or(Error::NotFound)?;
    let mut badges = app.db.public_badges(&person).await?;
    badges.retain(|badge| badge.standing == "valid");
    // Who shows nothing has no page, but for their own eyes.
    let own = !is_json
        && ctx
            .person
            .as_ref()
            .is_some_and(|signed| signed.id == person);
    if badges.is_empty() && !own {
        return Err(Error::NotFound);
    }
    let mut response = if is_json {
        let listed: Vec<ListedBadge> = badges
            .iter()
            .map(|badge| ListedBadge::of(&app, badge))
            .collect::<Result<_, _>>()?;
        let url = ctx.url(&format!("/people/{page}"));
        published_json(
            &request,
            "application/json",
            &json!({"url": url, "name": name, "badges": listed}),
        )
    } else {
        render(&PersonPage { name, badges, ctx })?.into_response()
    };
    let headers = response.headers_mut();
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    headers.append("vary", HeaderValue::from_static("Accept"));
    Ok(response)
}

/// A moment as the standard writes it.
pub(super) fn moment(seconds: i64) -> String {
    time::OffsetDateTime::from_unix_timestamp(seconds)
        .map(|moment| badges_core::model::DateTimeZ::from(moment).to_string())
        .unwrap_or_default()
}

/// The id of the Wikidata item at this address.
fn wikidata_item(url: &str) -> Option<&str> {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))?;
    let rest = rest
        .strip_prefix("www.")
        .unwrap_or(rest)
        .strip_prefix("wikidata.org/")?;
    let id = rest
        .strip_prefix("entity/")
        .or_else(|| rest.strip_prefix("wiki/"))?;
    let digits = id.strip_prefix('Q')?;
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(id)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::issuing::{self, Named, Reason, Visibility};
    use crate::routes::badges::tests::{get, person, taken};
    use crate::testing::{PUBLIC_URL, on_both};

    const HTML: &[(&str, &str)] = &[("accept", "text/html")];

    on_both! {
        async fn a_page_has_what_its_person_shows(app: TestApp) {
            let scene = app.scene().await;
            let who = person(&app, "Example Volunteer", 7).await;
            let page = format!("/people/{}", app.db.person(&who).await.unwrap().unwrap().page);
            assert_eq!(get(&app, &page, HTML).await.status, 404);
            let unlisted = taken(&app, &scene, &scene.suspendable, &who, Visibility::Unlisted, Named::UserName).await;
            assert_eq!(get(&app, &page, HTML).await.status, 404);
            let public = taken(&app, &scene, &scene.achievement, &who, Visibility::Public, Named::Nothing).await;
            let answered = get(&app, &page, HTML).await;
            assert!(answered.text().contains(&public.token) && !answered.text().contains(&unlisted.token));
            assert!(answered.text().contains("Badges of somebody"));
            // The account's name is not the name that the person chose for the page.
            assert!(!answered.text().contains("Example Volunteer"));
            assert_eq!(answered.headers["x-robots-tag"], "noindex");
            app.db.set_person(&who, Some("مثال"), None).await.unwrap();
            assert!(get(&app, &page, HTML).await.text().contains("Badges of <bdi>مثال</bdi>"));
            for (path, accept) in [(format!("{page}.json"), "text/html"), (page.clone(), "application/json")] {
                let listed = get(&app, &path, &[("accept", accept)]).await.json();
                assert_eq!(listed["name"], "مثال");
                assert_eq!(listed["badges"][0]["url"], public.credential_id);
                assert_eq!(listed["badges"][0]["name"], "Wikipedia Editor");
                assert_eq!(listed["badges"][1], Value::Null);
            }
            app.pass(3 * 366 * 86_400);
            assert!(get(&app, &page, HTML).await.text().contains("Example Academy · expired on 1 May 2028"));
            issuing::revoke(&app, &public.id, Reason::Mistake, None, &scene.owner).await.unwrap();
            assert_eq!(get(&app, &page, HTML).await.status, 404);
            assert_eq!(get(&app, "/people/nobody", HTML).await.status, 404);
            assert!(public.credential_id.starts_with(PUBLIC_URL));
        }
    }

    #[test]
    fn wikidata_items_are_known_by_their_addresses() {
        for (url, expected) in [
            ("http://www.wikidata.org/entity/Q42", Some("Q42")),
            ("https://www.wikidata.org/wiki/Q1", Some("Q1")),
            ("https://wikidata.org/entity/Q1", Some("Q1")),
            ("https://www.wikidata.org/entity/P31", None),
            ("https://www.wikidata.org/entity/Q", None),
            ("https://www.wikidata.org/entity/Q1/x", None),
            ("https://example.org/entity/Q1", None),
            ("Q1", None),
        ] {
            assert_eq!(wikidata_item(url), expected, "{url}");
        }
    }
}
