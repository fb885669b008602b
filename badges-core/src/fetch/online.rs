//! Verifying with the network: judge, load what is missing, judge again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use time::OffsetDateTime;

use super::{Cache, FetchError, Fetcher, SeenLists, in_parallel};
use crate::documents::{Answer, Documents};
use crate::verify::{Question, Report, verify};

/// How often a badge is judged at most. The longest way is that of a signed badge of Open Badges 2.0:
/// its class, its issuer, the key, the list of revoked badges, who endorses it, and that one's issuer,
/// key and list; and one to spare. For 3.0 it is the key, the status list, the list's key, and those
/// who endorse it.
const ROUNDS: usize = 10;

/// How many documents are loaded for one badge: its own few, those of its endorsements, and those of
/// the badges inside it.
const MOST_DOCUMENTS: usize = 64;

/// Judges a badge as [`verify`] does and loads what is missing, until nothing is. The documents of
/// the question come first: what they answer is not loaded.
pub fn verify_online(badge: &[u8], question: &Question<'_>, loader: &Loader) -> Report {
    verify_with_documents(badge, question, loader).0
}

/// As [`verify_online`], with the documents that the badge was judged by.
pub fn verify_with_documents(
    badge: &[u8],
    question: &Question<'_>,
    loader: &Loader,
) -> (Report, Documents) {
    let mut documents = question.documents.clone();
    let load = |missing: &[String]| loader.load_all(missing);
    let lists = loader
        .network
        .as_ref()
        .and_then(|network| network.lists.as_ref());
    let Some(lists) = lists else {
        return rounds(badge, question, documents, load);
    };
    documents.remember(lists.newest());
    let judged = rounds(badge, question, documents, load);
    // That it could not be written only means that it is not known the next time.
    let _ = lists.note(&judged.0, question.now, |url| {
        !question.documents.contains(url)
    });
    judged
}

/// Judges by these documents instead of the question's, and by what is loaded.
fn rounds(
    badge: &[u8],
    question: &Question<'_>,
    mut documents: Documents,
    mut load: impl FnMut(&[String]) -> Vec<(String, Arc<Answer>)>,
) -> (Report, Documents) {
    let mut rounds = 1;
    let mut left = MOST_DOCUMENTS;
    loop {
        let known = Question {
            documents: &documents,
            ..*question
        };
        let report = verify(badge, &known);
        if report.missing().is_empty() || rounds == ROUNDS {
            return (report, documents);
        }
        let missing = report.missing();
        let (wanted, beyond) = missing.split_at(missing.len().min(left));
        left -= wanted.len();
        for (url, answer) in load(wanted) {
            documents.insert(&url, answer);
        }
        for url in beyond {
            let reason = "it asks for too many documents".to_owned();
            documents.insert(url, Answer::Failed(reason));
        }
        rounds += 1;
    }
}

/// Loads documents for any number of verifications, each once: whoever asks for one that another
/// thread is loading waits for it.
#[derive(Debug)]
pub struct Loader {
    network: Option<Network>,
    answers: Mutex<BTreeMap<String, Arc<OnceLock<Arc<Answer>>>>>,
}

#[derive(Debug)]
struct Network {
    fetcher: Fetcher,
    cache: Option<Cache>,
    lists: Option<SeenLists>,
    now: OffsetDateTime,
}

impl Loader {
    /// Loads from the network, and from the cache what is still fresh there at `now`. With a cache,
    /// status lists that are older than those that were relied on before are noticed.
    #[must_use]
    pub fn new(fetcher: Fetcher, cache: Option<Cache>, now: OffsetDateTime) -> Self {
        Self {
            network: Some(Network {
                fetcher,
                lists: cache.as_ref().map(Cache::seen_lists),
                cache,
                now,
            }),
            answers: Mutex::default(),
        }
    }

    /// Loads nothing: every answer is that it was not fetched.
    #[must_use]
    pub fn offline() -> Self {
        Self {
            network: None,
            answers: Mutex::default(),
        }
    }

    /// The answer for a URL.
    #[must_use]
    pub fn load(&self, url: &str) -> Arc<Answer> {
        let slot = {
            // What the lock guards is whole at all times.
            let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(answers.entry(url.to_owned()).or_default())
        };
        Arc::clone(slot.get_or_init(|| Arc::new(self.fetch(url))))
    }

    fn load_all(&self, urls: &[String]) -> Vec<(String, Arc<Answer>)> {
        in_parallel(urls, |url| self.load(url))
    }

    fn fetch(&self, url: &str) -> Answer {
        let fetched = match &self.network {
            None => Err(FetchError::Offline),
            Some(Network {
                fetcher,
                cache: Some(cache),
                now,
                ..
            }) => fetcher.get_cached(cache, url, *now),
            Some(Network { fetcher, .. }) => fetcher.get(url),
        };
        match fetched {
            Ok(fetched) => Answer::Loaded(fetched.body),
            Err(FetchError::Status { status: 410 }) => Answer::Gone,
            Err(error) => Answer::Failed(error.to_string()),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::credential::{UnsignedCredential, verification_method};
    use crate::fetch::{Fetched, Limits};
    use crate::key::SigningKey;
    use crate::model::parse_date_time;
    use crate::proof::data_integrity::ProofOptions;
    use crate::proof::jwt;
    use crate::status::StatusBits;
    use crate::verify::{Check, Verdict};

    const ISSUER: &str = "did:web:example.org";
    const DID_DOCUMENT: &str = "https://example.org/.well-known/did.json";
    const LIST: &str = "https://example.org/status/1";

    fn now() -> OffsetDateTime {
        parse_date_time("2026-06-01T00:00:00Z").unwrap()
    }

    fn sign(json: &str, seed: u8) -> String {
        let key = SigningKey::ed25519(&[seed; 32]);
        let options = ProofOptions {
            verification_method: verification_method(ISSUER, key.public_key()),
            created: "2026-05-01T00:00:00Z".to_owned(),
            ..ProofOptions::default()
        };
        let unsigned = UnsignedCredential::from_json(json).unwrap();
        unsigned.sign(&key, &options).unwrap().into_text()
    }

    fn badge(seed: u8) -> String {
        let json = r#"{"@context":["https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
            "id":"https://example.org/badges/1","type":["VerifiableCredential","OpenBadgeCredential"],
            "issuer":{"id":"did:web:example.org","type":["Profile"],"name":"Example"},
            "validFrom":"2026-05-01T00:00:00Z","name":"Editor",
            "credentialStatus":{"id":"https://example.org/status/1#7","type":"BitstringStatusListEntry",
            "statusPurpose":"revocation","statusListIndex":"7",
            "statusListCredential":"https://example.org/status/1"},
            "credentialSubject":{"id":"urn:uuid:e9c5a4a2-4c2b-4a0e-8f0e-5b8d2f0f9d11",
            "type":["AchievementSubject"],
            "achievement":{"id":"https://example.org/achievements/editor","type":["Achievement"],
            "name":"Editor","description":"Edits.","criteria":{"narrative":"Edit."}}}}"#;
        sign(json, seed)
    }

    fn list(valid_from: &str) -> String {
        let bits = StatusBits::default().encode();
        let list = format!(
            r#"{{"@context":["https://www.w3.org/ns/credentials/v2"],"id":"{LIST}",
            "type":["VerifiableCredential","BitstringStatusListCredential"],
            "issuer":"{ISSUER}","validFrom":"{valid_from}",
            "credentialSubject":{{"id":"{LIST}#list","type":"BitstringStatusList",
            "statusPurpose":"revocation","encodedList":"{bits}"}}}}"#
        );
        sign(&list, 1)
    }

    /// What example.org answers.
    fn answer(url: &str) -> Answer {
        let key = SigningKey::ed25519(&[1; 32]);
        let method = verification_method(ISSUER, key.public_key());
        let multikey = key.public_key().to_multikey().unwrap();
        let text = match url {
            DID_DOCUMENT => format!(
                r#"{{"id":"{ISSUER}","verificationMethod":[{{"id":"{method}","type":"Multikey",
                "controller":"{ISSUER}","publicKeyMultibase":"{multikey}"}}],
                "assertionMethod":["{method}"]}}"#
            ),
            LIST => list("2026-05-20T00:00:00Z"),
            other => return Answer::Failed(format!("nothing at {other}")),
        };
        Answer::Loaded(text.into_bytes())
    }

    fn judge(badge: &str, question: &Question<'_>) -> (Verdict, Vec<String>) {
        let (report, asked) = ask(badge, question);
        (report.verdict(), asked)
    }

    fn ask(badge: &str, question: &Question<'_>) -> (Report, Vec<String>) {
        let mut asked = Vec::new();
        let (report, _) = rounds(
            badge.as_bytes(),
            question,
            question.documents.clone(),
            |missing| {
                asked.extend_from_slice(missing);
                missing
                    .iter()
                    .map(|url| (url.clone(), Arc::new(answer(url))))
                    .collect()
            },
        );
        (report, asked)
    }

    #[test]
    fn the_key_is_asked_for_then_the_list_and_nothing_twice() {
        let documents = Documents::new();
        let (verdict, asked) = judge(&badge(1), &Question::new(&documents, now()));
        assert_eq!(verdict, Verdict::Valid);
        assert_eq!(asked, [DID_DOCUMENT, LIST]);
    }

    #[test]
    fn a_forgery_is_asked_for_its_key_only() {
        let documents = Documents::new();
        let (verdict, asked) = judge(&badge(2), &Question::new(&documents, now()));
        assert_eq!(verdict, Verdict::Invalid);
        assert_eq!(asked, [DID_DOCUMENT]);
    }

    #[test]
    fn a_badge_of_many_endorsers_has_not_all_of_their_documents_loaded() {
        let mut badge: serde_json::Value = serde_json::from_str(&badge(1)).unwrap();
        badge.as_object_mut().unwrap().remove("proof");
        let key = SigningKey::ed25519(&[1; 32]);
        let sign = |kid: &str, payload: &serde_json::Value| {
            let header = format!(r#"{{"alg":"EdDSA","typ":"JWT","kid":"{kid}"}}"#);
            let input = jwt::signing_input(&header, &payload.to_string());
            let signature = key.sign(input.as_bytes()).unwrap();
            jwt::finish(input, &signature)
        };
        // For each the document of its issuer and the keys of that host are asked for.
        let endorsements = (0..32).map(|number| {
            let endorsement = serde_json::json!({
                "@context": badge["@context"],
                "id": format!("urn:x:{number}"),
                "type": ["VerifiableCredential", "EndorsementCredential"],
                "issuer": {"id": format!("https://e{number}.example/"), "type": ["Profile"]},
                "validFrom": "2026-05-01T00:00:00Z",
                "credentialSubject": {"id": badge["id"], "type": ["EndorsementSubject"]},
            });
            sign("key", &endorsement)
        });
        badge["endorsementJwt"] = endorsements.collect();
        let method = verification_method(ISSUER, key.public_key());
        let badge = sign(&method, &badge);
        let documents = Documents::new();
        let (report, asked) = ask(&badge, &Question::new(&documents, now()));
        assert_eq!(report.verdict(), Verdict::Valid);
        assert_eq!(asked.len(), MOST_DOCUMENTS);
        let endorsements = report.outcomes(Check::Endorsements);
        assert_eq!(endorsements.count(), 32);
    }

    #[test]
    fn documents_at_hand_win() {
        let mut documents = Documents::new();
        documents.insert(DID_DOCUMENT, Answer::Failed("withheld".to_owned()));
        let (verdict, asked) = judge(&badge(1), &Question::new(&documents, now()));
        assert_eq!(verdict, Verdict::Unknown);
        assert!(asked.is_empty());
    }

    #[test]
    fn status_is_of_now_whatever_time_is_asked_about() {
        let documents = Documents::new();
        let question = Question {
            at: parse_date_time("2026-05-02T00:00:00Z").unwrap(),
            ..Question::new(&documents, now())
        };
        assert_eq!(judge(&badge(1), &question).0, Verdict::Valid);
    }

    #[test]
    fn a_list_that_is_put_back_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let judge = |hours: i64, list: &str| {
            let now = now() + time::Duration::hours(hours);
            let cache = Cache::open(folder.path().to_owned()).unwrap();
            // As if it had just been fetched.
            let keep = |url: &str, body: Vec<u8>| {
                let fetched = Fetched {
                    url: url.to_owned(),
                    media_type: None,
                    body,
                    max_age: None,
                };
                cache.put(url, &fetched, now).unwrap();
            };
            if let Answer::Loaded(document) = answer(DID_DOCUMENT) {
                keep(DID_DOCUMENT, document);
            }
            keep(LIST, list.to_owned().into_bytes());
            let loader = Loader::new(
                Fetcher::new(Limits::default(), "test"),
                Some(cache.clone()),
                now,
            );
            let documents = Documents::new();
            let question = Question::new(&documents, now);
            verify_online(badge(1).as_bytes(), &question, &loader).verdict()
        };
        let [older, newer, newest] =
            [20, 21, 22].map(|day| list(&format!("2026-05-{day}T00:00:00Z")));
        assert_eq!(judge(0, &older), Verdict::Valid);
        assert_eq!(judge(1, &newer), Verdict::Valid);
        // It may come out of a cache on the way, but not for long.
        assert_eq!(judge(25, &older), Verdict::Valid);
        assert_eq!(judge(26, &older), Verdict::Unknown);
        assert_eq!(judge(27, &newer), Verdict::Valid);
        // One more list opens no new day for those that are too old already.
        assert_eq!(judge(50, &newest), Verdict::Valid);
        assert_eq!(judge(51, &newer), Verdict::Valid);
        assert_eq!(judge(51, &older), Verdict::Unknown);
    }

    #[test]
    fn offline_says_so() {
        let documents = Documents::new();
        let question = Question::new(&documents, now());
        let report = verify_online(badge(1).as_bytes(), &question, &Loader::offline());
        assert_eq!(report.verdict(), Verdict::Unknown);
        assert!(report.missing().is_empty());
        let issuer = report.outcomes(Check::Issuer).next().unwrap();
        assert!(issuer.to_string().contains("not fetched: offline"));
    }
}
