//! What is said of a workshop: a short form, and more for those who want to say more.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use badges_core::model::LanguageTag;
use serde_json::json;

use super::{AtWorkshop, day, methods};
use crate::App;
use crate::achievement::is_web_address;
use crate::ambient::random_id;
use crate::auth::Desk;
use crate::db::{AchievementRow, Action, Role, VersionRow, WorkshopRow};
use crate::error::Error;
use crate::form::{Fields, Form, Problems};
use crate::page::{Ctx, page, redirect_with};

/// The longest text of a line, in characters.
const LONGEST: usize = 200;

/// What stands in the form.
#[derive(Clone, Debug, Default)]
pub(in crate::routes) struct Typed {
    pub(in crate::routes) title: String,
    pub(in crate::routes) starts_on: String,
    pub(in crate::routes) ends_on: String,
    pub(in crate::routes) place: String,
    pub(in crate::routes) online: bool,
    pub(in crate::routes) organisers: String,
    pub(in crate::routes) event_page: String,
    pub(in crate::routes) event_id: String,
    pub(in crate::routes) method: String,
    pub(in crate::routes) language: String,
    pub(in crate::routes) territory: String,
    /// Ids.
    pub(in crate::routes) achievements: Vec<String>,
}

#[derive(Template)]
#[template(path = "workshop_form.html")]
struct FormPage {
    ctx: Ctx,
    desk: Desk,
    /// The workshop, unless it is a new one.
    workshop: Option<WorkshopRow>,
    typed: Typed,
    /// The id of a new workshop, by which a second press of the button is known.
    id: String,
    methods: [(&'static str, String); 7],
    achievements: Vec<(AchievementRow, VersionRow)>,
    problems: Problems,
    /// Whether the rarer fields are shown from the beginning.
    more: bool,
}

impl FormPage {
    async fn of(
        ctx: Ctx,
        desk: Desk,
        workshop: Option<WorkshopRow>,
        typed: Typed,
    ) -> Result<Self, Error> {
        let mut achievements = desk.may_award(&ctx.app).await?;
        if let Some(workshop) = &workshop {
            // What others have chosen stays in sight.
            let chosen = ctx.app.db.workshop_achievements(&workshop.id).await?;
            let all = ctx.app.db.achievements(&desk.issuer.id).await?;
            let missing = |id: &String| !achievements.iter().any(|(known, _)| known.id == *id);
            let others: Vec<String> = chosen.into_iter().filter(missing).collect();
            achievements.extend(
                all.into_iter()
                    .filter(|(achievement, _)| others.contains(&achievement.id)),
            );
        }
        let more = workshop.is_some();
        Ok(Self {
            id: random_id(),
            methods: methods(&ctx),
            achievements,
            problems: Problems::default(),
            more,
            ctx,
            desk,
            workshop,
            typed,
        })
    }

    /// The page again, with what is wrong.
    fn refused(mut self, problems: Problems) -> Result<Response, Error> {
        let rare = [
            "ends_on",
            "place",
            "organisers",
            "event_page",
            "event_id",
            "method",
            "language",
            "territory",
        ];
        self.more |= rare.iter().any(|field| !problems.of(field).is_empty());
        self.problems = problems;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&self)?).into_response())
    }
}

/// The form for a new workshop.
pub(super) async fn new(State(app): State<App>, ctx: Ctx, desk: Desk) -> Result<Response, Error> {
    desk.needs(Role::Trainer)?;
    let achievements = desk.may_award(&app).await?;
    let typed = Typed {
        starts_on: app.now().date().to_string(),
        method: "training".to_owned(),
        language: desk.issuer.language.clone(),
        // With only one there is nothing to choose.
        achievements: match &achievements[..] {
            [(only, _)] => vec![only.id.clone()],
            _ => Vec::new(),
        },
        ..Typed::default()
    };
    page(&FormPage::of(ctx, desk, None, typed).await?)
}

/// Makes a workshop, and goes on to its list.
pub(super) async fn make(
    ctx: Ctx,
    desk: Desk,
    Form(fields): Form<Fields>,
) -> Result<Response, Error> {
    desk.needs(Role::Trainer)?;
    let typed = Typed::read(&fields);
    // The workshop's id is known beforehand, and a second press comes with the same one.
    let id = fields.request()?.map_or_else(random_id, str::to_owned);
    let mut form = FormPage::of(ctx, desk, None, typed).await?;
    form.id.clone_from(&id);
    match insert(&form.ctx, &form.desk, id, &form.typed, &form.chosen()).await? {
        Ok(row) => {
            let path = format!(
                "/desk/{}/workshops/{}/participants",
                form.desk.issuer.slug, row.id
            );
            Ok(redirect_with("good", "badges-notice-workshop-made", &path))
        }
        Err(problems) => form.refused(problems),
    }
}

/// Adds a workshop with this id that awards these achievements, by their ids, unless it is there
/// already; or tells what is wrong with it.
pub(in crate::routes) async fn insert(
    ctx: &Ctx,
    desk: &Desk,
    id: String,
    typed: &Typed,
    achievements: &[String],
) -> Result<Result<WorkshopRow, Problems>, Error> {
    let app = &ctx.app;
    let blank = WorkshopRow {
        id,
        issuer: desk.issuer.id.clone(),
        title: String::new(),
        starts_on: String::new(),
        ends_on: None,
        place: None,
        online: false,
        organisers: None,
        event_page: None,
        event_id: None,
        method: String::new(),
        language: String::new(),
        territory: None,
        made_at: app.seconds(),
        made_by: desk.person.id.clone(),
    };
    let row = match typed.parse(ctx, blank, &desk.issuer.language) {
        Ok(row) => row,
        Err(problems) => return Ok(Err(problems)),
    };
    let action = Action {
        at: app.seconds(),
        issuer: Some(&desk.issuer.id),
        person: Some(&desk.person.id),
        action: "workshop.make",
        noun: "workshop",
        object: &row.id,
        detail: Some(json!({"title": row.title}).to_string()),
    };
    let made = app.db.insert_workshop(&row, achievements, &action).await?;
    made.map(Ok).ok_or(Error::Conflict {
        key: "badges-issuing-request-used",
    })
}

/// The form for a workshop that is there.
pub(super) async fn edit(
    State(app): State<App>,
    ctx: Ctx,
    at: AtWorkshop,
) -> Result<Response, Error> {
    at.desk.needs(Role::Trainer)?;
    let typed = Typed::of(
        &at.workshop,
        app.db.workshop_achievements(&at.workshop.id).await?,
    );
    page(&FormPage::of(ctx, at.desk, Some(at.workshop), typed).await?)
}

/// Changes what is said of a workshop.
pub(super) async fn save(
    ctx: Ctx,
    at: AtWorkshop,
    Form(fields): Form<Fields>,
) -> Result<Response, Error> {
    at.desk.needs(Role::Trainer)?;
    let back = at.path("");
    let form = FormPage::of(
        ctx,
        at.desk,
        Some(at.workshop.clone()),
        Typed::read(&fields),
    )
    .await?;
    match update(
        &form.ctx,
        &form.desk,
        at.workshop,
        &form.typed,
        &form.chosen(),
    )
    .await?
    {
        Ok(_) => Ok(redirect_with("good", "badges-notice-workshop-saved", &back)),
        Err(problems) => form.refused(problems),
    }
}

/// Changes what is said of a workshop and what it awards; or tells what is wrong with it.
pub(in crate::routes) async fn update(
    ctx: &Ctx,
    desk: &Desk,
    before: WorkshopRow,
    typed: &Typed,
    achievements: &[String],
) -> Result<Result<WorkshopRow, Problems>, Error> {
    let app = &ctx.app;
    let row = match typed.parse(ctx, before, &desk.issuer.language) {
        Ok(row) => row,
        Err(problems) => return Ok(Err(problems)),
    };
    let action = Action {
        at: app.seconds(),
        issuer: Some(&desk.issuer.id),
        person: Some(&desk.person.id),
        action: "workshop.change",
        noun: "workshop",
        object: &row.id,
        detail: None,
    };
    app.db.update_workshop(&row, achievements, &action).await?;
    Ok(Ok(row))
}

impl FormPage {
    /// The achievements that are chosen, of those that can be.
    fn chosen(&self) -> Vec<String> {
        let ids = self
            .achievements
            .iter()
            .map(|(achievement, _)| achievement.id.clone());
        ids.filter(|id| self.typed.achievements.contains(id))
            .collect()
    }
}

impl Typed {
    fn read(fields: &Fields) -> Self {
        let text = |name: &str| fields.text(name).to_owned();
        Self {
            title: text("title"),
            starts_on: text("starts_on"),
            ends_on: text("ends_on"),
            place: text("place"),
            online: fields.has("online"),
            organisers: text("organisers"),
            event_page: text("event_page"),
            event_id: text("event_id"),
            method: text("method"),
            language: text("language"),
            territory: text("territory"),
            achievements: fields.all("achievement").map(str::to_owned).collect(),
        }
    }

    fn of(row: &WorkshopRow, achievements: Vec<String>) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Self {
            title: row.title.clone(),
            starts_on: row.starts_on.clone(),
            ends_on: text(&row.ends_on),
            place: text(&row.place),
            online: row.online,
            organisers: text(&row.organisers),
            event_page: text(&row.event_page),
            event_id: row.event_id.map(|id| id.to_string()).unwrap_or_default(),
            method: row.method.clone(),
            language: row.language.clone(),
            territory: text(&row.territory),
            achievements,
        }
    }

    /// The workshop with all that was typed, or everything that is wrong with it.
    fn parse(&self, ctx: &Ctx, row: WorkshopRow, language: &str) -> Result<WorkshopRow, Problems> {
        let mut problems = Problems::default();
        if self.title.is_empty() {
            problems.add("title", ctx.t("badges-workshop-title-missing"));
        }
        let lines = [
            ("title", &self.title),
            ("place", &self.place),
            ("organisers", &self.organisers),
            ("event_page", &self.event_page),
            ("territory", &self.territory),
        ];
        for (field, text) in lines {
            // An address may be long; twice a line is enough for any.
            if text.chars().count() > LONGEST * 2
                || field != "event_page" && text.chars().count() > LONGEST
            {
                problems.add(field, ctx.t1("badges-workshop-too-long", &LONGEST));
            }
        }
        let starts = day(&self.starts_on);
        if starts.is_none() {
            problems.add("starts_on", ctx.t("badges-workshop-day-wrong"));
        }
        let ends_on = some(&self.ends_on);
        if let Some(end) = &ends_on {
            match day(end) {
                None => problems.add("ends_on", ctx.t("badges-workshop-day-wrong")),
                Some(end) if starts.is_some_and(|starts| end < starts) => {
                    problems.add("ends_on", ctx.t("badges-workshop-end-before-start"));
                }
                Some(_) => {}
            }
        }
        if !self.event_page.is_empty() && !is_web_address(&self.event_page) {
            problems.add("event_page", ctx.t("badges-workshop-event-page-wrong"));
        }
        let event_id = some(&self.event_id).map(|text| event_number(&text));
        if event_id == Some(None) {
            problems.add("event_id", ctx.t("badges-workshop-event-id-wrong"));
        }
        let method = if self.method.is_empty() {
            "training"
        } else {
            &self.method
        };
        if methods(ctx).iter().all(|(known, _)| *known != method) {
            problems.add("method", ctx.t("badges-workshop-method-wrong"));
        }
        let language = if self.language.is_empty() {
            language
        } else {
            &self.language
        };
        let language = language
            .parse::<LanguageTag>()
            .or_else(|_| LanguageTag::from_mediawiki(language));
        if language.is_err() {
            problems.add("language", ctx.t("badges-workshop-language-wrong"));
        }
        match language {
            Ok(language) if problems.is_empty() => Ok(WorkshopRow {
                title: self.title.clone(),
                starts_on: self.starts_on.clone(),
                ends_on,
                place: some(&self.place),
                online: self.online,
                organisers: some(&self.organisers),
                event_page: some(&self.event_page),
                event_id: event_id.flatten(),
                method: method.to_owned(),
                language: language.to_string(),
                territory: some(&self.territory),
                ..row
            }),
            _ => Err(problems),
        }
    }
}

/// The number of an event registration, from the number or the address of its page.
pub(super) fn event_number(text: &str) -> Option<i64> {
    let text = text.trim().trim_end_matches('/');
    let number = text.rsplit('/').next().unwrap_or(text);
    let number = number.split(['?', '#']).next().unwrap_or(number);
    number.parse().ok().filter(|number| *number > 0)
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_named_by_its_number_or_its_page() {
        assert_eq!(event_number(" 1234 "), Some(1234));
        assert_eq!(
            event_number("https://meta.wikimedia.org/wiki/Special:EventDetails/1234"),
            Some(1234)
        );
        assert_eq!(
            event_number("https://meta.wikimedia.org/wiki/Special:EventDetails/1234/?uselang=ar"),
            None
        );
        assert_eq!(
            event_number("https://meta.wikimedia.org/wiki/Special:EventDetails/1234?uselang=ar"),
            Some(1234)
        );
        for wrong in ["", "0", "-3", "Event:Example", "12a"] {
            assert_eq!(event_number(wrong), None, "{wrong}");
        }
    }
}
