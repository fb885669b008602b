//! Badges by chance: always valid JSON-LD under the standard's contexts, and as odd as that allows.

use serde_json::{Map, Value, json};

/// A generator of numbers ([SplitMix64]): the same seed gives the same badges.
///
/// [SplitMix64]: https://doi.org/10.1145/2660193.2660195
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below this one.
    const fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// True once in so many times.
    const fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn pick<'s>(&mut self, from: &[&'s str]) -> &'s str {
        from[self.below(from.len())]
    }
}

/// Letters beyond U+FFFF are here, and none from U+E000 to U+FFFF: `jsonld` orders the two otherwise
/// than the standard.
const WORDS: [&str; 21] = [
    "",
    "a",
    "First edits",
    "with \"quotes\" and \\backslashes\\",
    "two\nlines",
    "carriage\rreturn",
    "a\ttab",
    "bell\u{7}, escape\u{1b}, delete\u{7f}",
    "next line\u{85}",
    "\u{2028}separators\u{2029}",
    "Übung macht den Meister",
    "התחלה ועריכה",
    "بداية \u{2067}wiki\u{2069}",
    "编辑",
    "👩🏽‍🏫 taught",
    "e\u{301} and é",
    "<b>no markup</b> & \u{ad}hyphen",
    "_:c14n0",
    "https://example.org/looks-like-an-iri",
    "]]>{}",
    " spaces ",
];

const IRIS: [&str; 14] = [
    "https://example.org/a",
    "https://example.org/a#b",
    "https://example.org/a?b=c&d=e%20f",
    "https://example.org/über/編集",
    "https://EXAMPLE.org:8443/~a/(b)/;c,d",
    "http://example.org/old",
    "urn:uuid:77a1f0c4-52a8-4d4e-8d6e-0f6a7b1c2d03",
    "urn:x:a:b:c",
    "did:web:example.org:a",
    "did:key:z6MknRctahLqF8rrEXEFJPizSJbxjdkt4opvZ34xE7VrJvxa",
    "mailto:a@example.org",
    "data:text/plain,hello",
    "tag:example.org,2026:a",
    "x-a.b+c:d",
];

const LANGUAGES: [&str; 5] = ["en", "DE", "pt-BR", "zh-Hans", "sr-Latn-RS"];

type Members = Map<String, Value>;

impl Chance {
    /// A badge, without a proof.
    pub(crate) fn badge(&mut self) -> Value {
        let mut contexts = vec![
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
        ];
        if self.once_in(4) {
            contexts.push("https://w3id.org/security/data-integrity/v2");
        }
        let mut badge = Members::new();
        badge.insert("@context".to_owned(), json!(contexts));
        badge.insert(
            "id".to_owned(),
            json!(format!("urn:x:badge:{}", self.next())),
        );
        let types = ["VerifiableCredential", "OpenBadgeCredential"];
        badge.insert("type".to_owned(), json!(types));
        badge.insert("issuer".to_owned(), self.issuer());
        badge.insert("validFrom".to_owned(), json!(self.date()));
        badge.insert("credentialSubject".to_owned(), self.subject());
        self.maybe(&mut badge, "validUntil", |chance| json!(chance.date()));
        self.maybe(&mut badge, "awardedDate", |chance| json!(chance.date()));
        self.maybe(&mut badge, "image", Self::image);
        self.maybe(&mut badge, "evidence", |chance| chance.some(Self::evidence));
        self.maybe(&mut badge, "endorsement", |chance| {
            chance.some(Self::endorsement)
        });
        self.maybe(&mut badge, "credentialStatus", Self::status);
        self.maybe(
            &mut badge,
            "refreshService",
            |chance| json!({"id": chance.iri(), "type": "1EdTechCredentialRefresh"}),
        );
        self.maybe(
            &mut badge,
            "credentialSchema",
            |chance| json!([{"id": chance.iri(), "type": "1EdTechJsonSchemaValidator2019"}]),
        );
        self.texts(&mut badge, &["name", "description"]);
        Value::Object(badge)
    }

    fn issuer(&mut self) -> Value {
        match self.below(5) {
            0 => json!(self.iri()),
            _ => self.profile(3),
        }
    }

    fn profile(&mut self, depth: usize) -> Value {
        let mut profile = self.object("Profile", true);
        self.texts(
            &mut profile,
            &["name", "description", "email", "phone", "official"],
        );
        self.texts(
            &mut profile,
            &["familyName", "givenName", "honorificPrefix"],
        );
        self.maybe(&mut profile, "url", |chance| json!(chance.iri()));
        self.maybe(&mut profile, "image", Self::image);
        self.maybe(&mut profile, "dateOfBirth", |_| json!("1970-01-01"));
        self.maybe(&mut profile, "address", |chance| {
            let mut address = chance.object("Address", false);
            chance.texts(
                &mut address,
                &["addressCountry", "addressLocality", "postalCode"],
            );
            let (latitude, longitude) = (chance.number(), chance.number());
            chance.maybe(
                &mut address,
                "geo",
                |_| json!({"type": "GeoCoordinates", "latitude": latitude, "longitude": longitude}),
            );
            Value::Object(address)
        });
        self.maybe(&mut profile, "otherIdentifier", |chance| {
            chance.some(|chance| {
                json!({"type": "IdentifierEntry", "identifier": chance.word(), "identifierType": "systemId"})
            })
        });
        if depth > 0 {
            self.maybe(&mut profile, "parentOrg", |chance| {
                chance.profile(depth - 1)
            });
        }
        Value::Object(profile)
    }

    fn subject(&mut self) -> Value {
        let with_id = self.once_in(2);
        let mut subject = self.object("AchievementSubject", with_id);
        subject.insert("achievement".to_owned(), self.achievement());
        self.texts(
            &mut subject,
            &["narrative", "role", "term", "licenseNumber"],
        );
        self.maybe(&mut subject, "creditsEarned", Self::number);
        self.maybe(&mut subject, "activityStartDate", |chance| {
            json!(chance.date())
        });
        self.maybe(&mut subject, "source", |chance| chance.profile(1));
        self.maybe(&mut subject, "image", Self::image);
        self.maybe(&mut subject, "identifier", |chance| {
            chance.some(|chance| {
                let mut identity = chance.object("IdentityObject", false);
                identity.insert("hashed".to_owned(), json!(chance.once_in(2)));
                chance.texts(&mut identity, &["identityHash", "identityType", "salt"]);
                Value::Object(identity)
            })
        });
        self.maybe(&mut subject, "result", |chance| {
            chance.some(|chance| {
                let mut result = chance.object("Result", false);
                chance.texts(&mut result, &["value", "status"]);
                chance.maybe(&mut result, "resultDescription", |chance| {
                    json!(chance.iri())
                });
                chance.maybe(&mut result, "achievedLevel", |chance| json!(chance.iri()));
                chance.maybe(&mut result, "alignment", |chance| {
                    chance.some(Self::alignment)
                });
                Value::Object(result)
            })
        });
        Value::Object(subject)
    }

    fn achievement(&mut self) -> Value {
        let mut achievement = self.object("Achievement", true);
        self.texts(
            &mut achievement,
            &["name", "description", "version", "humanCode"],
        );
        self.texts(
            &mut achievement,
            &["achievementType", "fieldOfStudy", "specialization"],
        );
        self.maybe(&mut achievement, "criteria", Self::criteria);
        self.maybe(&mut achievement, "image", Self::image);
        self.maybe(&mut achievement, "creator", |chance| chance.profile(1));
        self.maybe(&mut achievement, "creditsAvailable", Self::number);
        self.maybe(&mut achievement, "inLanguage", |chance| {
            json!(chance.pick(&LANGUAGES))
        });
        self.maybe(&mut achievement, "tag", |chance| {
            chance.some(|chance| json!(chance.word()))
        });
        self.maybe(&mut achievement, "alignment", |chance| {
            chance.some(Self::alignment)
        });
        self.maybe(&mut achievement, "related", |chance| {
            chance.some(|chance| {
                let mut related = chance.object("Related", true);
                related.insert("type".to_owned(), json!(["Related", "Achievement"]));
                chance.texts(&mut related, &["name", "description"]);
                chance.maybe(&mut related, "criteria", Self::criteria);
                Value::Object(related)
            })
        });
        self.maybe(&mut achievement, "resultDescription", |chance| {
            chance.some(Self::result_description)
        });
        Value::Object(achievement)
    }

    fn result_description(&mut self) -> Value {
        let mut description = self.object("ResultDescription", true);
        self.texts(
            &mut description,
            &["name", "resultType", "valueMin", "valueMax"],
        );
        // An empty list stands once too often in what jsonld.js writes of a node that has it twice.
        self.maybe(&mut description, "allowedValue", |chance| {
            let count = 1 + chance.below(5);
            (0..count).map(|_| json!(chance.word())).collect()
        });
        self.maybe(&mut description, "rubricCriterionLevel", |chance| {
            chance.some(|chance| {
                let mut level = chance.object("RubricCriterionLevel", true);
                chance.texts(&mut level, &["name", "description", "level", "points"]);
                Value::Object(level)
            })
        });
        Value::Object(description)
    }

    fn criteria(&mut self) -> Value {
        let mut criteria = Members::new();
        self.maybe(&mut criteria, "id", |chance| json!(chance.iri()));
        self.texts(&mut criteria, &["narrative"]);
        Value::Object(criteria)
    }

    fn alignment(&mut self) -> Value {
        let mut alignment = self.object("Alignment", false);
        self.texts(
            &mut alignment,
            &["targetName", "targetCode", "targetFramework"],
        );
        self.maybe(&mut alignment, "targetUrl", |chance| json!(chance.iri()));
        Value::Object(alignment)
    }

    fn evidence(&mut self) -> Value {
        let with_id = self.once_in(2);
        let mut evidence = self.object("Evidence", with_id);
        self.texts(&mut evidence, &["name", "narrative", "genre", "audience"]);
        Value::Object(evidence)
    }

    fn image(&mut self) -> Value {
        let mut image = self.object("Image", true);
        image.insert("type".to_owned(), json!("Image"));
        self.texts(&mut image, &["caption"]);
        Value::Object(image)
    }

    fn status(&mut self) -> Value {
        json!({
            "id": format!("urn:x:status#{}", self.below(9)),
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": self.below(200_000).to_string(),
            "statusListCredential": self.iri(),
        })
    }

    /// An endorsement, whose proof is a graph of its own.
    fn endorsement(&mut self) -> Value {
        let mut endorsement = Members::new();
        let contexts = [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ];
        endorsement.insert("@context".to_owned(), json!(contexts));
        endorsement.insert(
            "id".to_owned(),
            json!(format!("urn:x:endorsement:{}", self.below(3))),
        );
        let types = ["VerifiableCredential", "EndorsementCredential"];
        endorsement.insert("type".to_owned(), json!(types));
        endorsement.insert("issuer".to_owned(), self.profile(0));
        endorsement.insert("validFrom".to_owned(), json!(self.date()));
        let mut subject = self.object("EndorsementSubject", true);
        self.texts(&mut subject, &["endorsementComment"]);
        let subject = Value::Object(subject);
        endorsement.insert("credentialSubject".to_owned(), subject);
        self.maybe(&mut endorsement, "proof", |chance| {
            chance.some(|chance| {
                json!({
                    "type": "DataIntegrityProof",
                    "cryptosuite": "eddsa-rdfc-2022",
                    "created": chance.date(),
                    "verificationMethod": chance.iri(),
                    "proofPurpose": "assertionMethod",
                    "proofValue": format!("z{}", chance.below(1000)),
                })
            })
        });
        Value::Object(endorsement)
    }

    /// An object of a class, with an id that others may have too.
    fn object(&mut self, class: &str, with_id: bool) -> Members {
        let mut members = Members::new();
        let name = if self.once_in(3) {
            json!(class)
        } else {
            json!([class])
        };
        members.insert("type".to_owned(), name);
        if with_id {
            members.insert("id".to_owned(), json!(self.iri()));
        }
        members
    }

    fn maybe(&mut self, members: &mut Members, name: &str, value: impl FnOnce(&mut Self) -> Value) {
        if self.once_in(3) {
            let value = value(self);
            members.insert(name.to_owned(), value);
        }
    }

    fn texts(&mut self, members: &mut Members, names: &[&str]) {
        for name in names {
            self.maybe(members, name, Self::text);
        }
    }

    /// One to three values, at times the same, at times not in an array.
    fn some(&mut self, mut value: impl FnMut(&mut Self) -> Value) -> Value {
        let count = 1 + self.below(3);
        let mut values: Vec<Value> = (0..count).map(|_| value(self)).collect();
        if self.once_in(6) {
            values.push(values[0].clone());
        }
        match values.as_slice() {
            [one] if self.once_in(3) => one.clone(),
            _ => json!(values),
        }
    }

    fn text(&mut self) -> Value {
        match self.below(8) {
            0 => json!({"@value": self.word(), "@language": self.pick(&LANGUAGES)}),
            1 => json!([self.word(), self.word()]),
            2 => Value::Null,
            _ => json!(self.word()),
        }
    }

    fn word(&mut self) -> String {
        let mut word = self.pick(&WORDS).to_owned();
        if self.once_in(3) {
            word.push_str(self.pick(&WORDS));
        }
        word
    }

    fn iri(&mut self) -> String {
        let mut iri = self.pick(&IRIS).to_owned();
        if self.once_in(2) {
            iri.push_str(&self.below(20).to_string());
        }
        iri
    }

    fn date(&mut self) -> String {
        let day = 1 + self.below(28);
        let zone = self.pick(&["Z", "+01:00", "-11:30", ".5Z", ".123456789Z"]);
        format!(
            "2026-{:02}-{day:02}T{:02}:00:00{zone}",
            1 + self.below(12),
            self.below(24)
        )
    }

    fn number(&mut self) -> Value {
        match self.below(6) {
            0 => json!(self.below(10)),
            1 => json!(-(self.below(1000) as i64)),
            2 => json!(self.next() >> 11),
            3 => json!(self.below(1000) as f64),
            4 => json!(self.below(100_000) as f64 / 1000.0),
            // Sixteen digits: as many as the canonical form of a double has.
            _ => json!(
                (self.below(1_000_000) as f64 / 128.0) * if self.once_in(2) { -1.0 } else { 1.0 }
            ),
        }
    }
}
