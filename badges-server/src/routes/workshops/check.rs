//! Step 2: every row of the list and what will become of it; bad rows come first and can be mended
//! where they stand.

use std::collections::{HashMap, HashSet};

use askama::Template;
use askama::filters::Safe;
use axum::extract::{Query, State};
use axum::response::Response;
use badges_core::participants::{Outcome, Row, Skip};

use super::AtWorkshop;
use super::accounts::{Account, Accounts};
use super::import::{add, write};
use super::mend::Mistake;
use super::roster::{Coming, Joined, Reading, Why, join, open_names, place, source, why};
use crate::App;
use crate::db::{AchievementRow, HolderRow, ListCounts, ParticipantRow, Role, VersionRow};
use crate::error::Error;
use crate::form::{Fields, Form};
use crate::page::{Ctx, page, redirect_with};
use crate::words::{self, Reason};

/// Rows on a page.
const ROWS: i64 = 100;

/// A row of the list, for people.
struct Line {
    id: String,
    name: String,
    /// What the list calls the person beside the name.
    called: Option<String>,
    place: String,
    fate: Fate,
    /// What the wiki says of the account, where people should know.
    account: Account,
    /// Whether something was offered to the person because of this row.
    is_offered: bool,
}

/// What will become of a row.
enum Fate {
    /// A badge will be offered; of several achievements those that the person has are named.
    Offered { had: Vec<Had> },
    /// The person has everything that is to be awarded.
    Had(Vec<Had>),
    /// Rightly passed over.
    Passed(Safe<String>),
    /// Nobody gets a badge until it is mended.
    Problem {
        why: Safe<String>,
        mend: String,
        /// What is to be typed anew.
        label: Safe<String>,
        value: String,
    },
}

/// A badge that a person has.
struct Had {
    award: String,
    name: String,
    awarded_at: i64,
    standing: String,
}

/// An achievement that can be chosen.
pub(super) struct Choice {
    pub(super) achievement: AchievementRow,
    pub(super) version: VersionRow,
    pub(super) chosen: bool,
    /// How many people on the list have it already.
    pub(super) had: usize,
}

#[derive(Template)]
#[template(path = "workshop_check.html")]
struct CheckPage {
    ctx: Ctx,
    at: AtWorkshop,
    counts: ListCounts,
    choices: Vec<Choice>,
    /// How many people will be offered something.
    offered: i64,
    lines: Vec<Line>,
    page: i64,
    previous: Option<String>,
    next: Option<String>,
    may_change: bool,
    may_ask: bool,
}

impl CheckPage {
    fn has_chosen(&self) -> bool {
        self.choices.iter().any(|choice| choice.chosen)
    }

    /// What is chosen, as a query.
    fn query(&self) -> String {
        chosen_query(&self.choices)
    }
}

/// The list with what will become of each row.
pub(super) async fn check(
    State(app): State<App>,
    ctx: Ctx,
    at: AtWorkshop,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Error> {
    let counts = app.db.list_counts(&at.workshop.id).await?;
    if counts.all() == 0 && at.desk.is_trainer() {
        return add(ctx, at).await;
    }
    let fields = Fields::from_iter(query);
    let (choices, holders) = choices(&app, &at, &fields).await?;
    let number = fields
        .text("page")
        .parse::<i64>()
        .ok()
        .filter(|page| (1..=1_000_000).contains(page))
        .unwrap_or(1);
    let rows = app
        .db
        .participants_page(&at.workshop.id, (number - 1) * ROWS, ROWS + 1)
        .await?;
    let more = i64::try_from(rows.len()).unwrap_or(0) > ROWS;
    let is_offered: HashSet<String> = app
        .db
        .offered_participants(&at.workshop.id)
        .await?
        .into_iter()
        .collect();
    let chosen: Vec<&Choice> = choices.iter().filter(|choice| choice.chosen).collect();
    let mut lines = Vec::new();
    for row in rows
        .iter()
        .take(usize::try_from(ROWS).unwrap_or(usize::MAX))
    {
        let name = known_name(&app, row).await?;
        let is_offered = is_offered.contains(&row.id);
        lines.push(line(&ctx, row, name, &chosen, &holders, is_offered));
    }
    let have_all = holders
        .values()
        .filter(|had| !chosen.is_empty() && had.len() >= chosen.len())
        .count();
    let query = chosen_query(&choices);
    let link = |page: i64| format!("?page={page}&{query}");
    page(&CheckPage {
        offered: counts.awards - i64::try_from(have_all).unwrap_or(0),
        previous: (number > 1).then(|| link(number - 1)),
        next: more.then(|| link(number + 1)),
        page: number,
        may_change: at.desk.is_trainer(),
        may_ask: !app.settings.wikimedia.offline,
        counts,
        choices,
        lines,
        ctx,
        at,
    })
}

/// People of the list, each with the badges that they have of what is chosen.
pub(super) type Holders = HashMap<String, Vec<(String, HolderRow)>>;

/// The achievements that the person may award here: those of the workshop, else all. Chosen are those
/// of the form, else those of the workshop, else the only one.
pub(super) async fn choices(
    app: &App,
    at: &AtWorkshop,
    fields: &Fields,
) -> Result<(Vec<Choice>, Holders), Error> {
    let of_workshop = app.db.workshop_achievements(&at.workshop.id).await?;
    let mut may = at.desk.may_award(app).await?;
    may.sort_by_key(|(achievement, _)| !of_workshop.contains(&achievement.id));
    let has_asked = fields.has("achievement") || fields.has("chosen");
    let is_only = may.len() == 1;
    let mut choices = Vec::with_capacity(may.len());
    let mut holders = Holders::new();
    for (achievement, version) in may {
        let chosen = if has_asked {
            fields
                .all("achievement")
                .any(|slug| slug == achievement.slug)
        } else {
            of_workshop.contains(&achievement.id) || is_only
        };
        let mut had = 0;
        if chosen {
            for row in app.db.holders(&at.workshop.id, &achievement.id).await? {
                had += 1;
                holders
                    .entry(row.participant.clone())
                    .or_default()
                    .push((version.name.clone(), row));
            }
        }
        choices.push(Choice {
            achievement,
            version,
            chosen,
            had,
        });
    }
    Ok((choices, holders))
}

/// What is chosen, as a query.
fn chosen_query(choices: &[Choice]) -> String {
    let chosen = choices.iter().filter(|choice| choice.chosen);
    // Slugs need no encoding.
    let pairs: Vec<String> = chosen
        .map(|choice| format!("achievement={}", choice.achievement.slug))
        .collect();
    if pairs.is_empty() {
        "chosen=".to_owned()
    } else {
        pairs.join("&")
    }
}

/// The name of whom a row is about; of one that repeats another that of the other.
async fn known_name(app: &App, row: &ParticipantRow) -> Result<Option<String>, Error> {
    let Some(Why::Skip(Skip::Duplicate { first })) = why(row) else {
        return Ok(name(row));
    };
    let place = serde_json::to_string(&first).map_err(Error::internal)?;
    let first = app
        .db
        .participant_at(&row.workshop, &place, row.position)
        .await?;
    Ok(first.as_ref().and_then(name))
}

fn name(row: &ParticipantRow) -> Option<String> {
    let names = [&row.user_name, &row.other_id, &row.email];
    names
        .into_iter()
        .find_map(Clone::clone)
        .or_else(|| row.central_id.map(|id| id.to_string()))
}

fn line(
    ctx: &Ctx,
    row: &ParticipantRow,
    name: Option<String>,
    chosen: &[&Choice],
    holders: &Holders,
    is_offered: bool,
) -> Line {
    let fate = match why(row) {
        Some(Why::Problem(problem)) => {
            let reason = Reason::of_problem(ctx.lang, &problem);
            let mistake = Mistake::of(&problem, source(row).as_ref());
            Fate::Problem {
                why: Safe(reason.sentence.html()),
                mend: reason.mend.map(|mend| mend.text()).unwrap_or_default(),
                label: mistake.label(ctx),
                value: mistake.value().to_owned(),
            }
        }
        Some(Why::Skip(skip)) => {
            Fate::Passed(Safe(Reason::of_skip(ctx.lang, &skip).sentence.html()))
        }
        None => {
            let had: Vec<Had> = holders
                .get(&row.id)
                .into_iter()
                .flatten()
                .map(|(name, holder)| Had {
                    award: holder.award.clone(),
                    name: name.clone(),
                    awarded_at: holder.awarded_at,
                    standing: holder.standing.clone(),
                })
                .collect();
            if !chosen.is_empty() && had.len() >= chosen.len() {
                Fate::Had(had)
            } else {
                Fate::Offered { had }
            }
        }
    };
    // Whom a problem is about may be known only by what is wrong.
    let name = name.or_else(|| match &fate {
        Fate::Problem { value, .. } => Some(value.clone()),
        _ => None,
    });
    let account = Account::ALL
        .into_iter()
        .find(|account| account.as_str() == row.account);
    let place = words::place(ctx.lang, place(row));
    Line {
        id: row.id.clone(),
        // Of whoever is left out the list may say nothing but where they stood.
        name: name.unwrap_or_else(|| place.clone()),
        called: row.display_name.clone(),
        place,
        fate,
        account: account.unwrap_or(Account::None),
        is_offered,
    }
}

/// Asks the wiki once more for the names of which it has not told.
pub(super) async fn look_up(
    State(app): State<App>,
    at: AtWorkshop,
    Form(_): Form<Fields>,
) -> Result<Response, Error> {
    at.desk.needs(Role::Trainer)?;
    let known = app.db.participants(&at.workshop.id).await?;
    let open: Vec<Coming> = known
        .iter()
        .filter(|row| row.outcome == "award" && row.account != Account::Found.as_str())
        .filter(|row| row.central_id.is_none() && row.user_name.is_some())
        .filter_map(|row| {
            Some(Coming {
                id: Some(row.id.clone()),
                row: Row {
                    place: place(row),
                    outcome: Outcome::Award(super::roster::person(row)?),
                    cells: Vec::new(),
                },
                reading: Reading::default(),
            })
        })
        .collect();
    let accounts = Accounts::of(&app, &open_names(&open)).await;
    let joined: Joined = join(&at.workshop.id, &known, open, &accounts).map_err(Error::internal)?;
    write(&app, &at, false, &joined, "workshop.look-up").await?;
    let left = app.db.list_counts(&at.workshop.id).await?.unknown;
    let (tone, told) = if left > 0 {
        ("caution", "badges-notice-accounts-unknown")
    } else {
        ("good", "badges-notice-accounts-known")
    };
    Ok(redirect_with(tone, told, &at.path("/participants")))
}
