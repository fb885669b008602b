//! A sample issuer to play with, made through the same functions as real ones: two workshops, three
//! achievements, and badges in every state that they can be in.

use badges_core::participants::{Options, Outcome, parse};
use tokio::sync::watch;

use crate::achievement::{Draft, slug_of};
use crate::admin::owner;
use crate::ambient::random_id;
use crate::db::{
    AchievementRow, Action, AwardFor, Issuer, ListChange, ParticipantRow, VersionText, WorkshopRow,
};
use crate::error::Error;
use crate::i18n::Lang;
use crate::issuing::{self, Acceptance, Named, NewIssuer, NewJob, Reason, Visibility};
use crate::serve::Problem;
use crate::{App, images};

const NAME: &str = "Example Users Group";
/// For how long one of the badges is still valid, in seconds.
const MINUTE: i64 = 60;
const SLUG: &str = "example-users-group";

/// Who took part: nobody who exists.
const PEOPLE: &str = "Example Volunteer
Example Editor
Example Photographer
Example Translator
مثال
متطوعة مثال
उदाहरण
उदाहरण स्वयंसेविका
Пример
例子
Example Proofreader
Example Newcomer";

/// A sample achievement: its name, description and criteria, and for how many days a badge is valid.
const ACHIEVEMENTS: [(&str, &str, &str, &str); 3] = [
    (
        "First Articles",
        "Writes encyclopedia articles that last.",
        "- Write **three articles** with sources of quality.\n- Answer what others say about them.",
        "",
    ),
    (
        "Reading Room Pass",
        "May use the reading room of the Example Library for a day.",
        "Come to the *introduction* for visitors.",
        "1",
    ),
    (
        "Mentor",
        "Helps newcomers over their first hurdles.",
        "Accompany **two newcomers** for three months.",
        "",
    ),
];

/// Something to look at, and where it is.
pub(crate) type Sight = (&'static str, String);

/// Makes the sample, unless there is an issuer; gives what to look at.
///
/// # Errors
/// When the database fails.
pub(crate) async fn make(app: &App) -> Result<Option<Vec<Sight>>, Problem> {
    if !app.db.issuers().await?.is_empty() {
        return Ok(None);
    }
    let owner = owner(app).await?;
    let profile = serde_json::json!({
        "type": ["Profile"],
        "name": NAME,
        "url": "https://example.org",
        "description": "A made-up group that shows what can be done here.",
    });
    let logo = images::drawn(app, NAME).await?;
    let new = NewIssuer {
        slug: SLUG,
        name: NAME,
        profile: profile.to_string(),
        language: "en",
        logo: Some(&logo),
        first: None,
        request: None,
    };
    let issuer = issuing::new_issuer(app, new, &owner).await?;
    let mut achievements = Vec::new();
    for sample in ACHIEVEMENTS {
        achievements.push(achievement(app, &issuer, &owner, sample).await?);
    }

    let articles = workshop(
        app,
        &issuer,
        &owner,
        "First Articles at the Example Library",
        3,
        &achievements[0],
    )
    .await?;
    list(app, &issuer, &owner, &articles.id, PEOPLE).await?;
    let visit = workshop(
        app,
        &issuer,
        &owner,
        "A visit to the Example Library",
        1,
        &achievements[1],
    )
    .await?;
    list(app, &issuer, &owner, &visit.id, "Example Volunteer").await?;
    const DAY: i64 = 86_400;
    award(app, &owner, &articles, &achievements[0], 3 * DAY).await?;
    // A badge that has ended cannot be awarded, so this one is about to.
    award(app, &owner, &visit, &achievements[1], DAY - MINUTE).await?;

    let mut sights = vec![(
        "The issuer",
        app.settings.public_url.join(&format!("/issuers/{SLUG}")),
    )];
    sights.extend(choose(app, &articles.id, &owner).await?);
    for old in app.db.awards_of_workshop(&visit.id).await? {
        accept(app, &old, Visibility::Public, Named::UserName).await?;
        sights.push(("One that expires in a minute", page(app, &old)));
    }
    Ok(Some(sights))
}

/// Each holder does something else with what is offered.
async fn choose(app: &App, workshop: &str, owner: &str) -> Result<Vec<Sight>, Problem> {
    let mut sights = Vec::new();
    let awards = app.db.awards_of_workshop(workshop).await?;
    for (award, name) in PEOPLE.lines().filter_map(|name| {
        let award = awards
            .iter()
            .find(|award| award.user_name.as_deref() == Some(name))?;
        Some((award, name))
    }) {
        match name {
            "Example Volunteer" => {
                accept(app, award, Visibility::Public, Named::UserName).await?;
                sights.push(("A badge", page(app, award)));
            }
            "متطوعة مثال" | "उदाहरण" | "Example Translator" => {
                accept(app, award, Visibility::Public, Named::UserName).await?
            }
            "Example Editor" => {
                accept(app, award, Visibility::Unlisted, Named::Nothing).await?;
                sights.push((
                    "One that only those find who have its address",
                    page(app, award),
                ));
            }
            "مثال" => {
                accept(
                    app,
                    award,
                    Visibility::Private,
                    Named::Name("مثال".to_owned()),
                )
                .await?
            }
            "Example Photographer" => {
                accept(app, award, Visibility::Public, Named::UserName).await?;
                issuing::revoke(app, &award.award.id, Reason::Mistake, None, owner).await?;
                sights.push(("One that was revoked", page(app, award)));
            }
            "Example Proofreader" => issuing::decline(app, &award.award.id, None).await?,
            "Example Newcomer" => {
                let link = issuing::claim_link(app, &award.award);
                sights.extend(link.map(|link| ("One that you can claim", link)));
            }
            _ => {}
        }
    }
    Ok(sights)
}

async fn accept(
    app: &App,
    award: &AwardFor,
    visibility: Visibility,
    named: Named,
) -> Result<(), Error> {
    let acceptance = Acceptance {
        visibility,
        named,
        person: None,
    };
    issuing::accept(app, &award.award.id, acceptance)
        .await
        .map(drop)
}

fn page(app: &App, award: &AwardFor) -> String {
    app.settings
        .public_url
        .join(&format!("/issuers/{SLUG}/badges/{}", award.award.token))
}

async fn achievement(
    app: &App,
    issuer: &Issuer,
    owner: &str,
    (name, description, criteria, days): (&str, &str, &str, &str),
) -> Result<AchievementRow, Problem> {
    let draft = Draft {
        name: name.to_owned(),
        description: description.to_owned(),
        criteria: criteria.to_owned(),
        language: "en".to_owned(),
        kind: "Badge".to_owned(),
        tags: "wiki".to_owned(),
        validity: days.to_owned(),
        unit: "days".to_owned(),
        suspendable: name == "Mentor",
        ..Draft::default()
    };
    let written = draft
        .written(Lang::ENGLISH)
        .map_err(|problems| format!("{name}: {problems:?}"))?;
    let row = AchievementRow {
        id: random_id(),
        issuer: issuer.id.clone(),
        slug: slug_of(name),
        version: 1,
        archived: false,
    };
    let text = VersionText {
        name: &written.name,
        document: &written.document,
        image: &images::drawn(app, name).await?,
        validity: written.validity.as_deref(),
        suspendable: written.suspendable,
    };
    app.db
        .insert_achievement(
            &row,
            &text,
            &action(
                app,
                issuer,
                owner,
                "achievement.make",
                "achievement",
                &row.id,
            ),
        )
        .await?;
    Ok(row)
}

/// A workshop so many days ago.
async fn workshop(
    app: &App,
    issuer: &Issuer,
    owner: &str,
    title: &str,
    days: i64,
    achievement: &AchievementRow,
) -> Result<WorkshopRow, Problem> {
    let row = WorkshopRow {
        id: random_id(),
        issuer: issuer.id.clone(),
        title: title.to_owned(),
        starts_on: (app.now() - time::Duration::days(days)).date().to_string(),
        ends_on: None,
        place: Some("Example Town".to_owned()),
        online: false,
        organisers: Some(NAME.to_owned()),
        event_page: Some("https://example.org/workshop".to_owned()),
        event_id: None,
        method: "training".to_owned(),
        language: "en".to_owned(),
        territory: None,
        made_at: app.seconds(),
        made_by: owner.to_owned(),
    };
    let made = action(app, issuer, owner, "workshop.make", "workshop", &row.id);
    app.db
        .insert_workshop(&row, std::slice::from_ref(&achievement.id), &made)
        .await?;
    Ok(row)
}

/// Reads a list as trainers paste it. No wiki is asked: nobody has these names.
async fn list(
    app: &App,
    issuer: &Issuer,
    owner: &str,
    workshop: &str,
    text: &str,
) -> Result<(), Problem> {
    let mut rows = Vec::new();
    for row in parse(text.as_bytes(), &Options::default())?.rows {
        let Outcome::Award(person) = row.outcome else {
            continue;
        };
        rows.push(ParticipantRow {
            id: random_id(),
            workshop: workshop.to_owned(),
            position: 0,
            place: serde_json::to_string(&row.place)?,
            outcome: "award".to_owned(),
            reason: None,
            source: None,
            recipient_key: Some(person.key().to_string()),
            central_id: None,
            user_name: person.name().map(ToString::to_string),
            account: "unknown".to_owned(),
            other_id: None,
            email: None,
            display_name: None,
            evidence: None,
        });
    }
    let change = ListChange {
        insert: &rows,
        ..ListChange::default()
    };
    let imported = action(app, issuer, owner, "workshop.import", "workshop", workshop);
    Ok(app.db.change_list(workshop, &change, &imported).await?)
}

/// Awards everybody on a workshop's list, as of so many seconds ago, and waits until that is done.
async fn award(
    app: &App,
    owner: &str,
    workshop: &WorkshopRow,
    achievement: &AchievementRow,
    seconds: i64,
) -> Result<(), Problem> {
    let new = NewJob {
        workshop: workshop.id.clone(),
        achievement: achievement.id.clone(),
        request: random_id(),
        person: owner.to_owned(),
        awarded_at: app.seconds() - seconds,
        again: false,
        seen: crate::db::Seen::default(),
    };
    let job = issuing::start(app, new).await?;
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(issuing::work(app.clone(), stopped));
    while app
        .db
        .job(&job.id)
        .await?
        .is_some_and(|job| job.state != "done")
    {
        if worker.is_finished() {
            return Err("the sample badges could not be signed".into());
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    stop.send_replace(true);
    worker.await?;
    match app.db.progress(&job.id).await?.refused {
        0 => Ok(()),
        refused => Err(format!("{refused} of the sample badges could not be made").into()),
    }
}

fn action<'a>(
    app: &App,
    issuer: &'a Issuer,
    owner: &'a str,
    action: &'a str,
    noun: &'a str,
    object: &'a str,
) -> Action<'a> {
    Action {
        at: app.seconds(),
        issuer: Some(&issuer.id),
        person: Some(owner),
        action,
        noun,
        object,
        detail: None,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::testing::on_both;

    on_both! {
        async fn the_sample_has_badges_in_every_state_and_agrees(app: TestApp) {
            let sights = make(&app).await.unwrap().unwrap();
            assert_eq!(sights.len(), 6, "{sights:?}");
            app.pass(MINUTE + 1);
            let issuer = app.db.issuer_by_slug(SLUG).await.unwrap().unwrap();
            assert_eq!(app.db.achievements(&issuer.id).await.unwrap().len(), 3);

            let mut states = BTreeMap::new();
            for workshop in app.db.workshops(&issuer.id).await.unwrap() {
                for AwardFor { award, .. } in app.db.awards_of_workshop(&workshop.id).await.unwrap() {
                    let expired = award.valid_until.is_some_and(|until| until < app.seconds());
                    let state = format!("{} {} {}{}", award.acceptance, award.visibility, award.standing, if expired { " expired" } else { "" });
                    *states.entry(state).or_insert(0) += 1;
                }
            }
            assert_eq!(states.values().sum::<i32>(), 13, "{states:?}");
            for (state, count) in [
                ("accepted public valid", 4),
                ("accepted public valid expired", 1),
                ("accepted public revoked", 1),
                ("accepted unlisted valid", 1),
                ("accepted private valid", 1),
            ] {
                assert_eq!(states.get(state), Some(&count), "{states:?}");
            }
            let begins = |word: &str| states.iter().filter(|(state, _)| state.starts_with(word)).map(|(_, count)| count).sum::<i32>();
            assert_eq!((begins("offered"), begins("declined")), (4, 1), "{states:?}");
            assert_eq!(issuing::check(&app).await.unwrap(), []);
            // Once there is an issuer nothing is added.
            assert!(make(&app).await.unwrap().is_none());
            assert_eq!(app.db.issuers().await.unwrap().len(), 1);
        }
    }
}
