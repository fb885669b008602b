//! What a check found: a sentence, and what it sums up.
//!
//! A finding's message is `badges-finding-<outcome>-<id>`; where one id needs several sentences,
//! the others have a suffix.

use badges_core::model::parse_date_time;
use badges_core::verify::{Binding, Failure, Outcome, Passed, Unknown};
use time::OffsetDateTime;

use super::{Sentence, faults, key};
use crate::i18n::{Lang, text};

/// A finding in words.
pub(super) struct Finding {
    pub(super) sentence: Sentence,
    pub(super) details: Vec<Sentence>,
}

impl From<Sentence> for Finding {
    fn from(sentence: Sentence) -> Self {
        Self {
            sentence,
            details: Vec::new(),
        }
    }
}

impl Sentence {
    fn because(self, details: impl IntoIterator<Item = Self>) -> Finding {
        Finding {
            sentence: self,
            details: details.into_iter().collect(),
        }
    }
}

pub(super) fn finding(lang: Lang, outcome: &Outcome) -> Finding {
    let voice = Voice {
        lang,
        key: key(
            &format!("badges-finding-{}", outcome.as_str()),
            outcome.id(),
        ),
    };
    match outcome {
        Outcome::Passed(passed) => voice.passed(passed),
        Outcome::Failed(failure) => voice.failed(failure),
        Outcome::Unknown(unknown) => voice.unknown(unknown),
    }
}

/// A language, and the key of what is to be said in it.
struct Voice {
    lang: Lang,
    key: String,
}

impl Voice {
    fn say(&self) -> Sentence {
        Sentence::new(self.lang, self.key.as_str())
    }

    /// Another sentence for the same finding.
    fn say_as(&self, suffix: &str) -> Sentence {
        Sentence::new(self.lang, format!("{}-{suffix}", self.key))
    }

    fn detail(&self, suffix: &str) -> Sentence {
        Sentence::new(self.lang, format!("badges-detail-{suffix}"))
    }

    /// Who endorses, when that is said.
    fn endorser(&self, issuer: Option<&str>) -> String {
        issuer.map_or_else(|| text(self.lang, "badges-somebody", &[]), str::to_owned)
    }

    /// From when a status list is.
    fn list_date(&self, as_of: Option<OffsetDateTime>) -> Option<Sentence> {
        Some(self.detail("list-date").moment(as_of?))
    }

    fn signature(&self, suite: &str, key: Option<&str>, created: Option<&str>) -> Vec<Sentence> {
        let suite = self.detail("suite").fact(suite);
        let key = key.map(|key| self.detail("key").fact(key));
        let created = created.map(|created| {
            let detail = self.detail("created");
            match parse_date_time(created) {
                Ok(moment) => detail.moment(moment),
                Err(_) => detail.fact(created),
            }
        });
        [Some(suite), key, created].into_iter().flatten().collect()
    }

    /// A credential inside a record, by its name, or else by its place.
    fn part(&self, name: Option<&str>, place: &str, reason: Option<&str>) -> Finding {
        let reason = reason.map(|reason| faults::technical(self.lang, reason));
        let place_detail = name.map(|_| self.detail("place").fact(place));
        self.say()
            .fact(name.unwrap_or(place))
            .because(reason.into_iter().chain(place_detail))
    }

    /// How many there are, and how many of them are looked at.
    fn most(&self, found: usize, judged: usize) -> Finding {
        let sentence = self.say().number(found as u64);
        sentence.number(judged as u64).into()
    }

    fn passed(&self, passed: &Passed) -> Finding {
        let lang = self.lang;
        match passed {
            Passed::FormRead {
                form,
                enveloped,
                image,
                undisclosed,
                notes,
            } => {
                let form = match *form {
                    form @ ("jwt" | "sd-jwt" | "cose") => form,
                    _ => "json",
                };
                let suffix = match image {
                    None => form.to_owned(),
                    Some(_) => format!("{form}-image"),
                };
                let image = image.unwrap_or_default().to_uppercase();
                let sentence = self.say_as(&suffix);
                let sentence = if image.is_empty() {
                    sentence
                } else {
                    sentence.fact(&image)
                };
                let enveloped = enveloped.then(|| self.detail("enveloped"));
                let undisclosed = (*undisclosed > 0)
                    .then(|| self.detail("undisclosed").number(*undisclosed as u64));
                let notes = notes.iter().map(|note| faults::image_note(lang, note));
                sentence.because(enveloped.into_iter().chain(undisclosed).chain(notes))
            }
            Passed::OlderVersion {
                version,
                departures,
            } => {
                let details = departures
                    .iter()
                    .map(|departure| faults::departure(lang, departure));
                self.say().fact(version).because(details)
            }
            Passed::SchemaMet { schema } => self.say().fact(schema).into(),
            Passed::Hosted { url, differs } => {
                let copy = (!differs.is_empty()).then(|| {
                    let members = differs.iter().map(String::as_str);
                    self.detail("differs").list(members)
                });
                self.say().fact(url).because(copy)
            }
            Passed::PartHolds { place, name, .. } | Passed::PartCovered { place, name, .. } => {
                self.part(name.as_deref(), place, None)
            }
            Passed::SchemaDeparts { departures } => {
                let details = departures
                    .iter()
                    .map(|departure| faults::departure(lang, departure));
                self.say().because(details)
            }
            Passed::ProofHolds {
                proofs,
                absent_claims,
                unasked,
                unsigned,
            } => {
                let mut details: Vec<Sentence> = proofs
                    .iter()
                    .flat_map(|proof| {
                        let key = proof.verification_method.as_deref();
                        self.signature(&proof.suite, key, proof.created.as_deref())
                    })
                    .collect();
                if !absent_claims.is_empty() {
                    let claims = absent_claims.iter().copied();
                    details.push(self.detail("absent-claims").list(claims));
                }
                if !unasked.is_empty() {
                    let claims = unasked.iter().copied();
                    details.push(self.detail("unasked").list(claims));
                }
                let unsigned = unsigned.iter();
                details.extend(unsigned.map(|member| self.detail("unsigned").fact(member)));
                self.say().because(details)
            }
            Passed::IssuerEstablished {
                issuer,
                binding,
                domain,
            } => match binding {
                Binding::OwnKey => self.say_as("own-key").fact(issuer).into(),
                Binding::Hosted => {
                    let owner = domain.as_deref().unwrap_or(issuer);
                    self.say_as("hosted").fact(owner).into()
                }
                _ => {
                    let owner = domain.as_deref().unwrap_or(issuer);
                    self.say().fact(owner).into()
                }
            },
            Passed::Current { from, until, .. } => match (from, until) {
                (Some(from), Some(until)) => self.say().moment(*from).moment(*until),
                (Some(from), None) => self.say_as("from").moment(*from),
                (None, Some(until)) => self.say_as("until").moment(*until),
                (None, None) => self.say_as("always"),
            }
            .into(),
            Passed::StatusClear { purpose, as_of, .. } => {
                let sentence = match purpose.as_str() {
                    purpose @ ("revocation" | "suspension") => self.say_as(purpose),
                    other => self.say().fact(other),
                };
                sentence.because(self.list_date(*as_of))
            }
            Passed::StatusMessage {
                purpose,
                value,
                message: Some(message),
                ..
            } => self
                .say_as("said")
                .fact(purpose)
                .number(*value)
                .fact(message)
                .into(),
            Passed::StatusMessage { purpose, value, .. } => {
                self.say().fact(purpose).number(*value).into()
            }
            Passed::RecipientMatches { by } if by == "id" => self.say_as("id").into(),
            Passed::RecipientMatches { by } => self.say().fact(by).into(),
            Passed::IssuerTrusted { name, .. } => self.say().fact(name).into(),
            Passed::EndorsementHolds { place, issuer } => self
                .say()
                .fact(issuer)
                .because([self.detail("place").fact(place)]),
            _ => self.say().into(),
        }
    }

    fn failed(&self, failure: &Failure) -> Finding {
        let lang = self.lang;
        match failure {
            Failure::NotABadge { found } => self.say().because([faults::technical(lang, found)]),
            Failure::Syntax {
                line,
                column,
                reason,
            } => self
                .say()
                .number(*line as u64)
                .number(*column as u64)
                .because([faults::technical(lang, reason)]),
            Failure::Jws { fault } => self.say().because([faults::jws(lang, fault)]),
            Failure::SdJwt { fault } => {
                let reason = fault.to_string();
                self.say().because([faults::technical(lang, &reason)])
            }
            Failure::Cose { fault } => {
                let reason = fault.to_string();
                self.say().because([faults::technical(lang, &reason)])
            }
            Failure::Envelope { fault } => {
                let reason = fault.to_string();
                self.say().because([faults::technical(lang, &reason)])
            }
            Failure::Image { fault } => self.say().because([faults::image(lang, fault)]),
            Failure::TooManyCredentials { found, limit } => self.most(*found, *limit),
            Failure::Ambiguous { fault } | Failure::Context { fault } => {
                self.say().because([faults::json_ld(lang, fault)])
            }
            Failure::OtherType { types } if types.is_empty() => self.say_as("none").into(),
            Failure::OtherType { types } => {
                self.say().list(types.iter().map(String::as_str)).into()
            }
            Failure::Nonconforming { departures } => {
                let details = departures
                    .iter()
                    .map(|departure| faults::departure(lang, departure));
                self.say().because(details)
            }
            Failure::SchemaUnmet { schema, mismatches } => {
                let details = mismatches.iter().map(|it| faults::mismatch(lang, it));
                self.say().fact(schema).because(details)
            }
            Failure::MalformedProof { member } => self.say().fact(member).into(),
            Failure::Signature {
                suite,
                verification_method,
            } => {
                let details = self.signature(suite, verification_method.as_deref(), None);
                self.say().because(details)
            }
            Failure::Purpose { found: Some(found) } => self.say().fact(found).into(),
            Failure::Purpose { found: None } => self.say_as("none").into(),
            Failure::Algorithm { algorithm } => self.say().fact(algorithm).into(),
            Failure::InvalidKey { reason } => self.say().because([faults::jwk(lang, *reason)]),
            Failure::InvalidMethod { method } => self.say().fact(method).into(),
            Failure::ProofExpired { expires } | Failure::KeyExpired { expires } => {
                self.say().moment(*expires).into()
            }
            Failure::KeyRevoked { revoked } => self.say().moment(*revoked).into(),
            Failure::Claim {
                claim,
                claimed,
                credential,
            } => self.say().fact(claim).fact(claimed).fact(credential).into(),
            Failure::PreviousProof { proof } => self.say().fact(proof).into(),
            Failure::OtherQuestion { member } => self.say().fact(member).into(),
            Failure::IssuerContradicted {
                document, reason, ..
            } => {
                let reason = faults::contradiction(lang, *reason);
                self.say().fact(document).because([reason])
            }
            Failure::NotYetValid { from, .. } => self.say().moment(*from).into(),
            Failure::Expired { until, .. } => self.say().moment(*until).into(),
            Failure::OtherOrigin { url, .. } | Failure::HostedOther { url, .. } => {
                self.say().fact(url).into()
            }
            Failure::Withdrawn { reason, .. } => {
                let words = reason.as_deref();
                let words = words.map(|words| self.detail("in-the-issuers-words").fact(words));
                self.say().because(words)
            }
            Failure::PartFails {
                place,
                name,
                reason,
                ..
            } => self.part(name.as_deref(), place, Some(reason)),
            Failure::Revoked { as_of, .. } | Failure::Suspended { as_of, .. } => {
                self.say().because(self.list_date(*as_of))
            }
            Failure::OtherRecipient { salt_needed: true } => self.say_as("salt").into(),
            Failure::EndorsementFails {
                place,
                issuer,
                reason,
            } => self.say().fact(&self.endorser(issuer.as_deref())).because([
                faults::endorsement(lang, reason),
                self.detail("place").fact(place),
            ]),
            _ => self.say().into(),
        }
    }

    fn unknown(&self, unknown: &Unknown) -> Finding {
        let lang = self.lang;
        let because = |reason: &Option<String>| {
            let reason = reason.as_deref();
            reason.map(|reason| faults::technical(lang, reason))
        };
        match unknown {
            Unknown::NotFetched { url, error, reason } => {
                let details = [faults::fetch(lang, error), because(&Some(reason.clone()))];
                self.say().fact(url).because(details.into_iter().flatten())
            }
            Unknown::Context { url } => self.say().fact(url).into(),
            Unknown::Hidden {
                member: "credentialStatus",
            } => self.say_as("status").into(),
            Unknown::Hidden { member } => self.say().fact(member).into(),
            Unknown::SchemaType { kind } => self.say().fact(kind).into(),
            Unknown::SchemaUnusable {
                schema,
                fault,
                place,
            } => {
                let place = place.as_deref();
                let place = place.map(|place| self.detail("place").fact(place));
                let fault = faults::schema(lang, *fault);
                self.say()
                    .fact(schema)
                    .because([fault].into_iter().chain(place))
            }
            Unknown::SchemaHidden { schema } => self.say().fact(schema).into(),
            Unknown::Suite { suite } => self.say().fact(suite).into(),
            Unknown::Algorithm { algorithm } => self.say().fact(algorithm).into(),
            Unknown::PartUnknown {
                place,
                name,
                reason,
            } => self.part(name.as_deref(), place, Some(reason)),
            Unknown::KeyNotLoaded { url, reason }
            | Unknown::DocumentNotLoaded { url, reason }
            | Unknown::IssuerNotLoaded { url, reason }
            | Unknown::SchemaNotLoaded { url, reason }
            | Unknown::StatusNotLoaded { url, reason } => {
                self.say().fact(url).because(because(reason))
            }
            Unknown::Method { method } => self.say().fact(method).into(),
            Unknown::IssuerNotEstablished { reason, .. } => {
                self.say().because([faults::unestablished(lang, *reason)])
            }
            Unknown::StatusType { kind } => self.say().fact(kind).into(),
            Unknown::StatusEntry { member } => self.say().fact(member).into(),
            Unknown::StatusList { url, reason } => self
                .say()
                .fact(url)
                .because([faults::status_list(lang, *reason)]),
            Unknown::IssuerUnlisted {
                issuer: Some(issuer),
            } => self.say().fact(issuer).into(),
            Unknown::IssuerUnlisted { issuer: None } => self.say_as("nobody").into(),
            Unknown::Mixed { node, member } => self.say().fact(node).fact(member).into(),
            Unknown::TooLarge { limit } => self.say().number((*limit >> 20) as u64).into(),
            Unknown::StatusesLeft { found, judged }
            | Unknown::EndorsementsLeft { found, judged }
            | Unknown::PartsLeft { found, judged } => self.most(*found, *judged),
            Unknown::EndorsementUnknown {
                place,
                issuer,
                reason,
            } => self.say().fact(&self.endorser(issuer.as_deref())).because([
                faults::endorsement(lang, reason),
                self.detail("place").fact(place),
            ]),
            _ => self.say().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;
    use crate::i18n;

    #[test]
    fn every_finding_has_its_words_in_every_language() {
        let samples = samples::outcomes();
        for (word, ids) in [
            ("passed", Passed::IDS),
            ("failed", Failure::IDS),
            ("unknown", Unknown::IDS),
        ] {
            for id in ids {
                assert!(
                    samples
                        .iter()
                        .any(|outcome| outcome.as_str() == word && outcome.id() == *id),
                    "no sample of {word} {id}"
                );
            }
        }
        for (lang, outcome) in Lang::all().flat_map(|lang| samples.iter().map(move |it| (lang, it)))
        {
            let Finding { sentence, details } = finding(lang, outcome);
            samples::assert_is_said(&sentence);
            details.iter().for_each(samples::assert_is_said);
        }
    }

    /// The tables of `docs/verify-json.md` are what people write programs by.
    #[test]
    fn every_finding_of_the_documentation_has_its_words() {
        let tables = include_str!("../../../docs/verify-json.md");
        let mut word = "";
        let mut ids = 0;
        for line in tables.lines() {
            match line {
                "## Passed" => word = "passed",
                "## Failed" => word = "failed",
                "## Unknown" => word = "unknown",
                _ => {}
            }
            let Some((id, _)) = line
                .strip_prefix("| `")
                .and_then(|rest| rest.split_once('`'))
            else {
                continue;
            };
            let key = key(&format!("badges-finding-{word}"), id);
            // Some have no sentence of their own, only such as depend on the facts.
            assert!(i18n::exists(&key) || id == "form.read", "no message {key}");
            ids += 1;
        }
        assert_eq!(
            ids,
            Passed::IDS.len() + Failure::IDS.len() + Unknown::IDS.len()
        );
    }

    #[test]
    fn facts_stand_in_the_sentence() {
        let outcome = Outcome::Failed(Failure::Claim {
            claim: "sub",
            claimed: "a\u{202e}b\n".to_owned(),
            credential: "<c>".repeat(200),
        });
        let said = finding(Lang::ENGLISH, &outcome).sentence;
        assert!(said.text().contains("“ab”"), "{}", said.text());
        assert!(said.text().contains("<c>…"), "{}", said.text());
        assert!(!said.html().contains("<c>"));
    }
}
