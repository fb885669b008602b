//! Who has a badge already. People are known by several keys, some of which others may share or
//! take over.

use std::collections::HashMap;

use super::ledger::{Standing, Status};
use super::seed::Token;

/// The people who have the badges of one achievement.
#[derive(Default)]
pub(crate) struct People {
    people: Vec<Person>,
    by_key: HashMap<String, Vec<usize>>,
}

/// Somebody who has a badge.
#[derive(Debug)]
pub(crate) struct Person {
    keys: Vec<String>,
    /// The badge that was given last.
    pub(crate) token: Token,
    /// Whether that badge stands.
    pub(crate) status: Status,
    /// How many times the badge has been given.
    pub(crate) badges: u32,
    /// The line of the ledger on which it was given last.
    pub(crate) line: u64,
}

impl People {
    /// Takes note of a badge.
    pub(crate) fn record(&mut self, standing: &Standing) {
        let award = &standing.award;
        let at = match self.find(&award.keys) {
            Some(at) => at,
            None => {
                self.people.push(Person {
                    keys: Vec::new(),
                    token: award.token,
                    status: standing.status(),
                    badges: 0,
                    line: standing.line,
                });
                self.people.len() - 1
            }
        };
        if let Some(person) = self.people.get_mut(at) {
            person.token = award.token;
            person.status = standing.status();
            person.line = standing.line;
            person.badges = person.badges.max(award.renewal.saturating_add(1));
        }
        self.learn(at, &award.keys);
    }

    /// The person with these keys, the strongest first.
    pub(crate) fn get(&self, keys: &[String]) -> Option<&Person> {
        self.people.get(self.find(keys)?)
    }

    /// The keys that are not yet known of the person they belong to.
    pub(crate) fn unknown_keys(&self, keys: &[String]) -> Vec<String> {
        let Some(person) = self.get(keys) else {
            return Vec::new();
        };
        let is_new = |key: &&String| !person.keys.contains(key);
        keys.iter().filter(is_new).cloned().collect()
    }

    fn learn(&mut self, at: usize, keys: &[String]) {
        let Some(person) = self.people.get_mut(at) else {
            return;
        };
        for key in keys {
            if !person.keys.contains(key) {
                person.keys.push(key.clone());
                self.by_key.entry(key.clone()).or_default().push(at);
            }
        }
    }

    fn find(&self, keys: &[String]) -> Option<usize> {
        keys.iter().find_map(|shared| {
            let same = |at: &&usize| {
                self.people
                    .get(**at)
                    .is_some_and(|person| !differ_above(shared, keys, &person.keys))
            };
            self.by_key.get(shared)?.iter().find(same).copied()
        })
    }
}

/// Whether two people who share a key are told apart by a stronger one.
fn differ_above(shared: &str, one: &[String], other: &[String]) -> bool {
    let of_rank = |keys: &'_ [String], wanted: u8| {
        let keys = keys.iter().filter(|key| rank(key) == wanted);
        keys.cloned().collect::<Vec<_>>()
    };
    (0..rank(shared)).any(|above| {
        let (one, other) = (of_rank(one, above), of_rank(other, above));
        !one.is_empty() && !other.is_empty() && !one.iter().any(|key| other.contains(key))
    })
}

/// The strength of a key: what survives a rename comes first.
fn rank(key: &str) -> u8 {
    match key.split_once(':') {
        Some(("central", _)) => 0,
        Some(("name", _)) => 1,
        Some(("id", _)) => 2,
        _ => 3,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::folder::ledger::Award;

    fn standing(number: u8, keys: &[&str]) -> Standing {
        let award: Award = serde_json::from_value(serde_json::json!({
            "token": format!("{number:032x}"),
            "achievement": "urn:a",
            "slug": "a",
            "keys": keys,
            "name": "Example",
            "badge": "urn:b",
            "subject": "urn:s",
            "files": ["json"],
            "awarded": "2026-05-01T00:00:00Z",
            "issued": "2026-05-01T00:00:00Z",
        }))
        .unwrap();
        Standing {
            award,
            last: None,
            line: number.into(),
        }
    }

    fn keys(keys: &[&str]) -> Vec<String> {
        keys.iter().map(|key| (*key).to_owned()).collect()
    }

    #[test]
    fn people_are_known_again_by_any_key_that_no_stronger_one_contradicts() {
        let mut people = People::default();
        people.record(&standing(1, &["name:Example"]));
        people.record(&standing(
            2,
            &["central:2", "name:Renamed", "email:a@example.org"],
        ));
        let known = |wanted: &[&str]| people.get(&keys(wanted)).map(|person| person.line);
        assert_eq!(known(&["name:Example"]), Some(1));
        assert_eq!(known(&["central:1", "name:Example"]), Some(1));
        assert_eq!(known(&["central:2"]), Some(2));
        assert_eq!(known(&["central:2", "name:New name"]), Some(2));
        assert_eq!(known(&["name:Renamed"]), Some(2));
        assert_eq!(known(&["central:3", "name:Renamed"]), None);
        assert_eq!(known(&["name:Other", "email:a@example.org"]), None);
        assert_eq!(known(&["email:a@example.org"]), Some(2));
        assert_eq!(
            people.unknown_keys(&keys(&["central:1", "name:Example"])),
            ["central:1"]
        );
    }

    #[test]
    fn badges_of_a_person_are_counted() {
        let mut people = People::default();
        people.record(&standing(1, &["name:Example"]));
        let mut renewed = standing(2, &["central:7", "name:Example"]);
        renewed.award.renewal = 1;
        people.record(&renewed);
        let person = people.get(&keys(&["central:7"])).unwrap();
        assert_eq!((person.badges, person.line), (2, 2));
    }
}
