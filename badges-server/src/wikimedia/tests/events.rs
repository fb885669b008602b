use badges_core::participants::{self, Format, Options, Outcome, Participants, Skip};
use time::macros::datetime;
use wikimedia_stand_in::{Event as Workshop, Participant, StandIn, Upset};

use super::*;

const EVENT: &str = "/w/rest.php/campaignevents/v0/event_registration/77";

/// An event with so many participants, whose accounts are `Example 1` and so on.
fn with_event(participants: u64) -> (StandIn, Wikimedia) {
    let (wiki, wikimedia) = together();
    wiki.change(|wiki| {
        let ids = 1..=participants;
        for id in ids.clone() {
            wiki.add_account(id, &format!("Example {id}"));
        }
        let participants = ids.map(|id| Participant {
            participant_id: 1_000 + id,
            central_id: id,
            private: false,
        });
        let event = Workshop {
            name: "Editing workshop".to_owned(),
            participants: participants.collect(),
            organizers: vec![1],
            ..Workshop::default()
        };
        wiki.events.insert(77, event);
    });
    (wiki, wikimedia)
}

async fn parsed(wikimedia: &Wikimedia) -> Participants {
    let event = wikimedia.event(77).await.unwrap();
    let bytes = wikimedia.event_participants(&event).await.unwrap();
    participants::parse(&bytes, &Options::default()).unwrap()
}

#[tokio::test]
async fn an_event_is_read() {
    let (_wiki, wikimedia) = with_event(1);
    let event = wikimedia.event(77).await.unwrap();
    let expected = Event {
        id: 77,
        name: "Editing workshop".to_owned(),
        page: "Event:Editing workshop".to_owned(),
        wiki: "metawiki".to_owned(),
        types: vec!["workshop".to_owned()],
        start: datetime!(2026-08-01 09:00),
        end: datetime!(2026-08-02 17:00),
        time_zone: "Africa/Cairo".to_owned(),
        online: false,
        in_person: true,
        country_code: Some("EG".to_owned()),
        meeting_address: Some("Example Library".to_owned()),
    };
    assert_eq!(event, expected);
    let url = wikimedia.event_url(77);
    assert!(url.ends_with("/wiki/Special:EventDetails/77"), "{url}");
}

#[tokio::test]
async fn participants_come_from_all_pages() {
    let (wiki, wikimedia) = with_event(24);
    wiki.change(|wiki| {
        wiki.suppress(3);
        wiki.accounts.remove(&22);
        wiki.events.get_mut(&77).unwrap().participants[9].private = true;
        wiki.rename(5, "مثال");
    });
    let participants = parsed(&wikimedia).await;
    assert_eq!(
        asked(&wiki),
        [
            EVENT.to_owned(),
            format!("{EVENT}/participants?include_private=false&last_participant_id=0"),
            format!("{EVENT}/participants?include_private=false&last_participant_id=1021"),
            format!("{EVENT}/participants?include_private=false&last_participant_id=1024"),
        ]
    );
    assert_eq!(participants.format, Format::CampaignEvents);
    assert_eq!(participants.notes, []);
    assert_eq!(participants.rows.len(), 23, "20 and 3");
    let skipped = |skip: Skip| {
        let outcome = Outcome::Skipped(skip);
        let mut rows = participants.rows.iter();
        rows.find(|row| row.outcome == outcome)
            .map(|row| row.place.to_string())
    };
    assert_eq!(skipped(Skip::Hidden).as_deref(), Some("participant 1003"));
    assert_eq!(skipped(Skip::NotFound).as_deref(), Some("participant 1022"));
    let ids = participants.awards().map(|(_, person)| person.central_id());
    let expected = (1..=24).filter(|id| ![3, 10, 22].contains(id)).map(Some);
    assert_eq!(ids.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    let mut renamed = participants.awards();
    assert!(renamed.any(|(_, person)| person.name() == Some(&name("مثال"))));
}

/// Nothing says that more may follow when all was read.
#[tokio::test]
async fn full_pages_are_not_taken_for_unfinished_lists() {
    for count in [1, 19, 20, 21, 40] {
        let (_wiki, wikimedia) = with_event(count);
        let participants = parsed(&wikimedia).await;
        assert_eq!(participants.awards().count() as u64, count);
        assert_eq!(participants.notes, [], "{count}");
    }
}

#[tokio::test]
async fn an_event_without_participants_says_so_when_read() {
    let (_wiki, wikimedia) = with_event(0);
    let event = wikimedia.event(77).await.unwrap();
    let bytes = wikimedia.event_participants(&event).await.unwrap();
    let error = participants::parse(&bytes, &Options::default()).unwrap_err();
    assert_eq!(error.id(), "participants.no-rows");
}

#[tokio::test]
async fn test_events_and_missing_ones_are_refused() {
    let (wiki, wikimedia) = with_event(1);
    wiki.change(|wiki| wiki.events.get_mut(&77).unwrap().is_test_event = true);
    let error = wikimedia.event(77).await.unwrap_err();
    assert_eq!(error.id(), "wikimedia.test-event");
    assert_eq!(
        error.to_string(),
        "event 77 (Editing workshop) is a test event; badges are awarded for real events only"
    );
    let missing = WikimediaError::NoSuchEvent { event: 78 };
    assert_eq!(wikimedia.event(78).await, Err(missing));
}

#[tokio::test]
async fn an_event_deleted_meanwhile_is_missing() {
    let (wiki, wikimedia) = with_event(1);
    let event = wikimedia.event(77).await.unwrap();
    wiki.change(|wiki| wiki.events.clear());
    let missing = WikimediaError::NoSuchEvent { event: 77 };
    let error = wikimedia.event_participants(&event).await;
    assert_eq!(error, Err(missing.clone()));
    assert_eq!(wikimedia.event_organizers(&event).await, Err(missing));
}

#[tokio::test]
async fn organizers_come_from_pages_with_gaps() {
    let (wiki, wikimedia) = with_event(30);
    wiki.change(|wiki| {
        wiki.events.get_mut(&77).unwrap().organizers = (1..=13).collect();
        wiki.suppress(2);
    });
    let event = wikimedia.event(77).await.unwrap();
    let organizers = wikimedia.event_organizers(&event).await.unwrap();
    let expected: Vec<u64> = (1..=13).filter(|id| *id != 2).collect();
    assert_eq!(organizers, expected);
}

#[tokio::test]
async fn a_page_that_comes_again_ends_it() {
    let (wiki, wikimedia) = with_event(1);
    let event = wikimedia.event(77).await.unwrap();
    let page = r#"[{"participant_id":1,"user_id":5,"user_name":"Example 5","private":false,
        "user_registered_at":"20260801120000"}]"#;
    let answer = Upset::Answer {
        status: 200,
        headers: Vec::new(),
        body: page.to_owned(),
    };
    wiki.change(|wiki| wiki.upset("participants", answer));
    let error = wikimedia.event_participants(&event).await;
    let expected = WikimediaError::member("participants", "participant_id");
    assert_eq!(error, Err(expected));
}

#[tokio::test]
async fn a_failure_between_pages_is_an_error() {
    let (wiki, wikimedia) = with_event(23);
    let event = wikimedia.event(77).await.unwrap();
    wiki.change(|wiki| wiki.upset("last_participant_id=1020", Upset::CutOff));
    let error = wikimedia.event_participants(&event).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "participants: the answer of Wikimedia is not understood: it ends too early"
    );
}
