//! Events that people register for on the wiki (the extension CampaignEvents).

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use time::PrimitiveDateTime;
use time::macros::format_description;

use super::client::Request;
use super::error::Fault;
use super::{Wikimedia, WikimediaError};

/// Four hundred thousand participants; whatever has more is no event.
const MOST_PAGES: usize = 20_000;

/// An event that badges can be awarded for: not a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The id of its registration.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// The title of its page, with the prefix `Event:` in the language of that page's wiki.
    pub page: String,
    /// The wiki of its page, such as `metawiki`.
    pub wiki: String,
    /// What it is, such as `workshop`, `training-seminar` or `hackathon`.
    pub types: Vec<String>,
    /// When it begins, by the clocks of its time zone.
    pub start: PrimitiveDateTime,
    /// When it ends, by the clocks of its time zone.
    pub end: PrimitiveDateTime,
    /// Its time zone, such as `Africa/Cairo` or `+02:00`.
    pub time_zone: String,
    /// Whether one can take part online.
    pub online: bool,
    /// Whether people meet.
    pub in_person: bool,
    /// The country where they meet, such as `EG`.
    pub country_code: Option<String>,
    /// The address where they meet.
    pub meeting_address: Option<String>,
}

impl Wikimedia {
    /// Looks up an event by the id of its registration.
    ///
    /// # Errors
    /// [`WikimediaError`], among them [`NoSuchEvent`](WikimediaError::NoSuchEvent) and
    /// [`TestEvent`](WikimediaError::TestEvent).
    pub async fn event(&self, id: u64) -> Result<Event, WikimediaError> {
        let answer = self.ask_event::<EventAnswer>("event", id, "").await?;
        if answer.is_test_event {
            let name = answer.name;
            return Err(WikimediaError::TestEvent { event: id, name });
        }
        if answer.id != id {
            return Err(WikimediaError::member("event", "id"));
        }
        let time = |text: &str, member| {
            time_stamp(text).map_err(|_| WikimediaError::member("event", member))
        };
        Ok(Event {
            id,
            start: time(&answer.start_time, "start_time")?,
            end: time(&answer.end_time, "end_time")?,
            name: answer.name,
            page: answer.event_page,
            wiki: answer.event_page_wiki,
            types: answer.types,
            time_zone: answer.timezone,
            online: answer.online_meeting,
            in_person: answer.inperson_meeting,
            country_code: answer.meeting_country_code,
            meeting_address: answer.meeting_address,
        })
    }

    /// All who registered publicly, as JSON that [`badges_core::participants::parse`] reads: the
    /// pages of the wiki in one list, each person's row with no more than is needed.
    ///
    /// # Errors
    /// [`WikimediaError`].
    pub async fn event_participants(&self, event: &Event) -> Result<Vec<u8>, WikimediaError> {
        let call = "participants";
        let mut pages: Vec<Vec<Participant>> = self
            .pages(call, event.id, "include_private=false&last_participant_id")
            .await?;
        // An empty page tells the reader that the full one before it was the last.
        pages.push(Vec::new());
        serde_json::to_vec(&pages).map_err(|_| WikimediaError::member(call, "."))
    }

    /// The central ids of those who organise an event. Hidden accounts are not among them.
    ///
    /// # Errors
    /// [`WikimediaError`].
    pub async fn event_organizers(&self, event: &Event) -> Result<Vec<u64>, WikimediaError> {
        let pages: Vec<Vec<Organizer>> = self
            .pages("organizers", event.id, "last_organizer_id")
            .await?;
        let ids = pages
            .into_iter()
            .flatten()
            .map(|organizer| organizer.user_id);
        Ok(ids.collect())
    }

    /// The page of an event for people, whichever wiki its own page is on.
    #[must_use]
    pub fn event_url(&self, event: i64) -> String {
        format!("{}/wiki/Special:EventDetails/{event}", self.address)
    }

    /// Reads to an empty page: pages may leave out hidden accounts, so one that is not full need not
    /// be the last.
    async fn pages<Entry: Numbered>(
        &self,
        call: &'static str,
        event: u64,
        query: &str,
    ) -> Result<Vec<Vec<Entry>>, WikimediaError> {
        let mut pages = Vec::new();
        let mut numbers = BTreeSet::new();
        let mut last = 0;
        while pages.len() < MOST_PAGES {
            let rest = format!("/{call}?{query}={last}");
            let page: Vec<Entry> = self.ask_event(call, event, &rest).await?;
            let Some(end) = page.last() else {
                return Ok(pages);
            };
            last = end.number();
            // The same page again and again would never end.
            if !page.iter().all(|entry| numbers.insert(entry.number())) {
                return Err(WikimediaError::member(call, Entry::NUMBER));
            }
            pages.push(page);
        }
        let fault = Fault::TooManyPages { limit: MOST_PAGES };
        Err(WikimediaError::NotUnderstood { call, fault })
    }

    async fn ask_event<T: DeserializeOwned>(
        &self,
        call: &'static str,
        event: u64,
        rest: &str,
    ) -> Result<T, WikimediaError> {
        let request = Request {
            call,
            path: format!("/w/rest.php/campaignevents/v0/event_registration/{event}{rest}"),
            bearer: None,
            form: None,
            only_reads: true,
        };
        self.ask(request).await.map_err(|error| match error {
            WikimediaError::Refused { status: 404, .. } => WikimediaError::NoSuchEvent { event },
            error => error,
        })
    }
}

/// MediaWiki's `YYYYMMDDHHMMSS`.
pub(super) fn time_stamp(text: &str) -> Result<PrimitiveDateTime, time::error::Parse> {
    let form = format_description!("[year][month][day][hour][minute][second]");
    PrimitiveDateTime::parse(text, form)
}

#[derive(Deserialize)]
struct EventAnswer {
    id: u64,
    name: String,
    event_page: String,
    event_page_wiki: String,
    #[serde(default)]
    types: Vec<String>,
    start_time: String,
    end_time: String,
    timezone: String,
    online_meeting: bool,
    inperson_meeting: bool,
    meeting_country_code: Option<String>,
    meeting_address: Option<String>,
    is_test_event: bool,
}

/// What pages are counted by.
trait Numbered: DeserializeOwned {
    const NUMBER: &'static str;
    fn number(&self) -> u64;
}

#[derive(Deserialize, Serialize)]
struct Participant {
    participant_id: u64,
    user_id: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_name: Option<String>,
    user_registered_at: String,
    private: bool,
    #[serde(default)]
    hidden: bool,
    #[serde(default)]
    not_found: bool,
}

impl Numbered for Participant {
    const NUMBER: &'static str = "participant_id";
    fn number(&self) -> u64 {
        self.participant_id
    }
}

#[derive(Deserialize)]
struct Organizer {
    organizer_id: u64,
    user_id: u64,
}

impl Numbered for Organizer {
    const NUMBER: &'static str = "organizer_id";
    fn number(&self) -> u64 {
        self.organizer_id
    }
}
