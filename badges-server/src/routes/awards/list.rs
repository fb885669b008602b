//! All awards of an issuer, the newest first.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{achievement_names, name_of, state};
use crate::App;
use crate::auth::Desk;
use crate::db::{AwardFilter, AwardFor};
use crate::error::Error;
use crate::form::Fields;
use crate::page::{Ctx, page};

/// Awards on a page.
const ROWS: usize = 50;
/// Workshops to choose from.
const WORKSHOPS: i64 = 500;

/// What is looked for, as it stands in the form.
#[derive(Clone, Debug, Default)]
struct Looked {
    name: String,
    state: String,
    achievement: String,
    workshop: String,
}

#[derive(Template)]
#[template(path = "awards.html")]
struct ListPage {
    ctx: Ctx,
    desk: Desk,
    looked: Looked,
    awards: Vec<AwardFor>,
    names: BTreeMap<String, String>,
    workshops: Vec<(String, String)>,
    first: Option<String>,
    next: Option<String>,
}

impl ListPage {
    fn state(&self, of: &AwardFor) -> (&'static str, String) {
        state(&self.ctx, &of.award)
    }

    fn name<'a>(&self, of: &'a AwardFor) -> &'a str {
        name_of(of)
    }

    fn achievement(&self, of: &AwardFor) -> &str {
        self.names
            .get(&of.award.achievement)
            .map_or("", String::as_str)
    }

    /// What can be looked for: values and words, the first for all.
    fn states(&self) -> Vec<(&'static str, String)> {
        let ctx = &self.ctx;
        vec![
            ("", ctx.t("badges-awards-any-state")),
            ("offered", ctx.t("badges-award-state-offered")),
            ("accepted", ctx.t("badges-award-state-accepted")),
            ("declined", ctx.t("badges-award-state-declined")),
            ("withdrawn", ctx.t("badges-award-state-withdrawn")),
            ("suspended", ctx.t("badges-award-state-suspended")),
            ("corrected", ctx.t("badges-award-state-corrected")),
            ("revoked", ctx.t("badges-award-state-revoked")),
            ("erased", ctx.t("badges-award-state-erased")),
        ]
    }

    fn achievements(&self) -> Vec<(String, String)> {
        let all = (String::new(), self.ctx.t("badges-awards-any-achievement"));
        std::iter::once(all).chain(self.names.clone()).collect()
    }
}

pub(super) async fn list(
    State(app): State<App>,
    ctx: Ctx,
    desk: Desk,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Error> {
    let fields = Fields::from_iter(query);
    let text = |name: &str| fields.text(name).to_owned();
    let looked = Looked {
        name: text("name"),
        state: text("state"),
        achievement: text("achievement"),
        workshop: text("workshop"),
    };
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let filter = AwardFilter {
        achievement: some(&looked.achievement),
        workshop: some(&looked.workshop),
        state: some(&looked.state),
        name: some(&looked.name),
        ..AwardFilter::default()
    };
    let before = fields
        .text("before")
        .split_once('.')
        .and_then(|(at, id)| Some((at.parse::<i64>().ok()?, id)));
    let limit = i64::try_from(ROWS + 1).unwrap_or(i64::MAX);
    let mut awards = app
        .db
        .find_awards(&desk.issuer.id, &filter, before, limit)
        .await?;
    let more = awards.len() > ROWS;
    awards.truncate(ROWS);
    let next = awards
        .last()
        .filter(|_| more)
        .map(|of| looked.query(Some(&format!("{}.{}", of.award.made_at, of.award.id))));
    let workshops = app
        .db
        .workshops_before(&desk.issuer.id, None, WORKSHOPS)
        .await?;
    let any = (String::new(), ctx.t("badges-awards-any-workshop"));
    let workshops = workshops.into_iter().map(|workshop| {
        (
            workshop.id,
            format!("{} ({})", workshop.title, workshop.starts_on),
        )
    });
    page(&ListPage {
        workshops: std::iter::once(any).chain(workshops).collect(),
        names: achievement_names(&app, &desk.issuer.id).await?,
        first: before.map(|_| looked.query(None)),
        next,
        ctx,
        desk,
        looked,
        awards,
    })
}

impl Looked {
    /// The same again, from an award on.
    fn query(&self, before: Option<&str>) -> String {
        let pairs = [
            ("name", self.name.as_str()),
            ("state", &self.state),
            ("achievement", &self.achievement),
            ("workshop", &self.workshop),
            ("before", before.unwrap_or_default()),
        ];
        let pairs: Vec<String> = pairs
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)))
            .collect();
        format!("?{}", pairs.join("&"))
    }
}
