//! The links with which people claim what was offered to them. Whoever has a link can claim, so links
//! go to people one by one; what may stand in public names no link.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use badges_core::markup::Markup;
use badges_core::participants::UserName;
use badges_core::writing::harmless_cell;
use serde::Deserialize;

use super::AtWorkshop;
use crate::App;
use crate::db::{AwardFor, Role};
use crate::error::Error;
use crate::form::{Fields, Form};
use crate::i18n::{self, Lang};
use crate::issuing;
use crate::page::{Ctx, page, redirect_with};
use crate::routes::awards::{achievement_names, name_of, state, state_name};

/// People on a page.
const ROWS: usize = 100;
/// Slips on a page, which are printed together.
const SLIPS: usize = 500;

/// A person's award, with the link while it can be claimed.
struct Line {
    of: AwardFor,
    name: String,
    /// The name of what was achieved.
    achievement: String,
    /// The tone and the words of what became of it.
    state: (&'static str, String),
    link: Option<String>,
    /// Whether there could be a link: not claimed yet, and in the trainer's hands.
    renewable: bool,
    /// The form on the wiki with which to tell the person.
    talk: Option<String>,
}

#[derive(Template)]
#[template(path = "workshop_links.html")]
struct LinksPage {
    ctx: Ctx,
    at: AtWorkshop,
    lines: Vec<Line>,
    total: i64,
    open: i64,
    /// The query of this page.
    page: String,
    previous: Option<String>,
    next: Option<String>,
    /// Whether people can sign in with Wikimedia, so that telling them without a link helps.
    wikimedia: bool,
}

#[derive(Deserialize)]
pub(super) struct Page {
    page: Option<usize>,
}

/// All awards of the workshop, each with the link that opens it.
async fn lines(app: &App, ctx: &Ctx, at: &AtWorkshop) -> Result<Vec<Line>, Error> {
    let allowed = at.desk.allowed(app).await?;
    let invitation = Invitation::of(ctx, at);
    let names = achievement_names(app, &at.desk.issuer.id).await?;
    let awards = app.db.awards_of_workshop(&at.workshop.id).await?;
    Ok(awards
        .into_iter()
        .map(|of| {
            let award = &of.award;
            let achievement = names.get(&award.achievement).cloned().unwrap_or_default();
            let is_mine = allowed
                .as_ref()
                .is_none_or(|allowed| allowed.contains(&award.achievement));
            let renewable = is_mine
                && matches!(award.acceptance.as_str(), "offered" | "declined")
                && award.standing == "valid"
                && award.person.is_none();
            let link = if renewable {
                issuing::claim_link(app, award)
            } else {
                None
            };
            let account = of
                .central_id
                .and(of.user_name.as_deref())
                .and_then(|name| UserName::parse(name).ok());
            let talk = account.filter(|_| renewable && app.settings.wikimedia.client.is_some());
            let talk = talk.map(|name| {
                app.wikimedia.talk_page_url(
                    &name,
                    &invitation.title,
                    &invitation.text(&achievement),
                )
            });
            Line {
                state: state(ctx, award),
                link,
                renewable,
                talk,
                achievement,
                name: name_of(&of).to_owned(),
                of,
            }
        })
        .collect())
}

pub(super) async fn links(
    State(app): State<App>,
    ctx: Ctx,
    at: AtWorkshop,
    Query(query): Query<Page>,
) -> Result<Response, Error> {
    let all = lines(&app, &ctx, &at).await?;
    let total = count(all.len());
    let open = count(all.iter().filter(|line| line.renewable).count());
    let number = query.page.unwrap_or(1);
    let Part {
        rows: lines,
        previous,
        next,
        ..
    } = Part::of(all, ROWS, query.page);
    let wikimedia = app.settings.wikimedia.client.is_some();
    page(&LinksPage {
        ctx,
        at,
        lines,
        total,
        open,
        page: format!("?page={number}"),
        previous,
        next,
        wikimedia,
    })
}

fn count(lines: usize) -> i64 {
    i64::try_from(lines).unwrap_or(i64::MAX)
}

/// A page's part of a list, and the queries of the pages beside it.
#[derive(Debug, PartialEq, Eq)]
struct Part<T> {
    /// How many rows come before.
    before: usize,
    rows: Vec<T>,
    previous: Option<String>,
    next: Option<String>,
}

impl<T> Part<T> {
    fn of(all: Vec<T>, most: usize, number: Option<usize>) -> Self {
        let last = all.len().div_ceil(most).max(1);
        let number = number.unwrap_or(1).clamp(1, last);
        let before = (number - 1) * most;
        let link = |number: usize| format!("?page={number}");
        Self {
            before,
            rows: all.into_iter().skip(before).take(most).collect(),
            previous: (number > 1).then(|| link(number - 1)),
            next: (number < last).then(|| link(number + 1)),
        }
    }
}

/// A new link for one person; the old one opens nothing any more.
pub(super) async fn renew(
    State(app): State<App>,
    at: AtWorkshop,
    Form(fields): Form<Fields>,
) -> Result<Response, Error> {
    at.desk.needs(Role::Trainer)?;
    let award = app.db.award(fields.text("award")).await?;
    let award = award
        .filter(|award| award.workshop.as_deref() == Some(&at.workshop.id))
        .ok_or(Error::NotFound)?;
    if at
        .desk
        .allowed(&app)
        .await?
        .is_some_and(|allowed| !allowed.contains(&award.achievement))
    {
        return Err(Error::Forbidden);
    }
    issuing::renew_claim(&app, &award.id, Some(&at.desk.person.id)).await?;
    let back = match fields.text("back") {
        query if query.starts_with('?') => at.path(&format!("/links{query}")),
        _ => at.path("/links"),
    };
    Ok(redirect_with("good", "badges-notice-link-renewed", &back))
}

/// All links as a table for spreadsheet programs.
pub(super) async fn csv(
    State(app): State<App>,
    ctx: Ctx,
    at: AtWorkshop,
) -> Result<Response, Error> {
    at.desk.needs(Role::Trainer)?;
    let mut table = csv::Writer::from_writer(Vec::new());
    let header = [
        "name",
        "display_name",
        "central_id",
        "achievement",
        "state",
        "claim_link",
        "claim_until",
        "awarded",
    ];
    table.write_record(header).map_err(Error::internal)?;
    for line in lines(&app, &ctx, &at).await? {
        let of = line.of;
        let until = if line.link.is_some() {
            of.award.claim_until
        } else {
            None
        };
        let row = [
            line.name,
            of.display_name.unwrap_or_default(),
            of.central_id.map(|id| id.to_string()).unwrap_or_default(),
            line.achievement,
            state_name(&of.award).to_owned(),
            line.link.unwrap_or_default(),
            until.map(date).unwrap_or_default(),
            date(of.award.awarded_at),
        ];
        table
            .write_record(row.iter().map(|cell| harmless_cell(cell).into_owned()))
            .map_err(Error::internal)?;
    }
    let table = table
        .into_inner()
        .map_err(|error| Error::internal(error.error()))?;
    // Excel takes a file for UTF-8 only with this mark.
    let bytes = [b"\xef\xbb\xbf".as_slice(), &table].concat();
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"claim-links.csv\"",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, bytes).into_response())
}

fn date(seconds: i64) -> String {
    time::OffsetDateTime::from_unix_timestamp(seconds)
        .map(|time| time.date().to_string())
        .unwrap_or_default()
}

/// A slip to cut out and hand over.
struct Slip {
    name: String,
    achievement: String,
    link: String,
    code: Option<Markup>,
}

#[derive(Template)]
#[template(path = "workshop_slips.html")]
struct SlipsPage {
    ctx: Ctx,
    at: AtWorkshop,
    /// The language of those who get the slips, and what to do with them.
    lang: Lang,
    how: String,
    slips: Vec<Slip>,
    /// Which slips these are, where there are more.
    which: Option<String>,
    previous: Option<String>,
    next: Option<String>,
}

/// Slips with QR codes, to print.
pub(super) async fn slips(
    State(app): State<App>,
    ctx: Ctx,
    at: AtWorkshop,
    Query(query): Query<Page>,
) -> Result<Response, Error> {
    at.desk.needs(Role::Trainer)?;
    let open: Vec<_> = lines(&app, &ctx, &at)
        .await?
        .into_iter()
        .filter_map(|line| Some((line.name, line.achievement, line.link?)))
        .collect();
    let total = open.len();
    let Part {
        before,
        rows: open,
        previous,
        next,
    } = Part::of(open, SLIPS, query.page);
    let which = (open.len() < total).then(|| {
        let figures = [before + 1, before + open.len(), total];
        let [first, last, total] = figures.map(|figure| i18n::number(ctx.lang, figure as u64));
        ctx.text("badges-slips-which", &[&first, &last, &total])
    });
    let label = ctx.t("badges-slips-code");
    let slips = tokio::task::spawn_blocking(move || {
        open.into_iter()
            .map(|(name, achievement, link): (String, String, String)| Slip {
                code: Markup::qr_code(&link, &label),
                name,
                achievement,
                link,
            })
            .collect()
    });
    let slips = slips.await.map_err(Error::internal)?;
    let lang = language(&at);
    let how = i18n::text(lang, "badges-slips-how", &[]);
    page(&SlipsPage {
        ctx,
        at,
        lang,
        how,
        slips,
        which,
        previous,
        next,
    })
}

/// The language of a workshop, as far as the service speaks it.
fn language(at: &AtWorkshop) -> Lang {
    Lang::from_tag(&at.workshop.language).unwrap_or(Lang::ENGLISH)
}

/// What tells people on a wiki that a badge waits for them, in the workshop's language. It has no
/// link of theirs: everybody reads it.
struct Invitation {
    lang: Lang,
    title: String,
    workshop: String,
    address: String,
}

impl Invitation {
    fn of(ctx: &Ctx, at: &AtWorkshop) -> Self {
        let lang = language(at);
        let title = &at.workshop.title;
        Self {
            title: i18n::text(lang, "badges-invitation-title", &[title]),
            workshop: harmless_wikitext(title),
            address: ctx.url("/me"),
            lang,
        }
    }

    fn text(&self, achievement: &str) -> String {
        let name = harmless_wikitext(achievement);
        i18n::text(
            self.lang,
            "badges-invitation-text",
            &[&name, &self.workshop, &self.address],
        ) + " ~~~~"
    }

    /// One text for all: with the names of the people, each a link to the user page.
    fn for_all(&self, achievement: &str, names: &[String]) -> String {
        let name = harmless_wikitext(achievement);
        let heading = i18n::text(
            self.lang,
            "badges-invitation-heading",
            &[&name, &self.workshop],
        );
        let text = i18n::text(
            self.lang,
            "badges-invitation-all",
            &[&name, &self.workshop, &self.address],
        );
        let people: String = names
            .iter()
            .map(|name| format!("* [[User:{name}|{name}]]\n"))
            .collect();
        format!("== {heading} ==\n{text}\n{people}~~~~")
    }
}

#[derive(Template)]
#[template(path = "workshop_wikitext.html")]
struct WikitextPage {
    ctx: Ctx,
    at: AtWorkshop,
    /// For each achievement its name and the text.
    texts: Vec<(String, String)>,
    /// How many people have no account there, so that the text does not name them.
    others: usize,
    wikimedia: bool,
}

/// Text for a page on the wiki.
pub(super) async fn wikitext(
    State(app): State<App>,
    ctx: Ctx,
    at: AtWorkshop,
) -> Result<Response, Error> {
    at.desk.needs(Role::Trainer)?;
    let invitation = Invitation::of(&ctx, &at);
    let mut people: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut others = 0;
    for line in lines(&app, &ctx, &at)
        .await?
        .into_iter()
        .filter(|line| line.renewable)
    {
        match line.of.central_id.and(line.of.user_name) {
            Some(name) => people.entry(line.achievement).or_default().push(name),
            None => others += 1,
        }
    }
    let texts = people
        .into_iter()
        .map(|(achievement, names)| {
            let text = invitation.for_all(&achievement, &names);
            (achievement, text)
        })
        .collect();
    let wikimedia = app.settings.wikimedia.client.is_some();
    page(&WikitextPage {
        ctx,
        at,
        texts,
        others,
        wikimedia,
    })
}

/// A text that means nothing in wikitext but itself: whatever could be markup is a character
/// reference.
fn harmless_wikitext(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in badges_core::writing::on_one_line(text).chars() {
        if "[]{}|<>&'=~_#*:;!".contains(character) {
            out.push_str(&format!("&#{};", u32::from(character)));
        } else {
            out.push(character);
        }
    }
    // Addresses become links by themselves.
    out.replace("//", "&#47;&#47;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_title_is_wikitext() {
        assert_eq!(harmless_wikitext("Editing & مثال"), "Editing &#38; مثال");
        assert_eq!(
            harmless_wikitext("{{x|[[y]]}} ~~~~ https://a <b>''"),
            "&#123;&#123;x&#124;&#91;&#91;y&#93;&#93;&#125;&#125; &#126;&#126;&#126;&#126; https&#58;&#47;&#47;a &#60;b&#62;&#39;&#39;"
        );
    }

    #[test]
    fn pages_have_neighbours_where_there_are_some() {
        let all: Vec<usize> = (0..250).collect();
        let part = Part::of(all.clone(), 100, Some(2));
        assert_eq!(
            (part.before, part.rows[0], part.rows.len()),
            (100, 100, 100)
        );
        assert_eq!(
            (part.previous.as_deref(), part.next.as_deref()),
            (Some("?page=1"), Some("?page=3"))
        );
        let part = Part::of(all, 100, Some(99));
        assert_eq!((part.before, part.rows.len(), part.next), (200, 50, None));
        let part = Part::of(Vec::<u8>::new(), 100, None);
        assert_eq!((part.before, part.previous, part.next), (0, None, None));
    }
}
