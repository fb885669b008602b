//! Badges of Open Badges 3.0, in version 2.0 of the data model and in version 1.1.

use serde_json::{Value, json};

use super::{Chance, LANGUAGES, Members, UNDEFINED};

impl Chance {
    /// A badge, without a proof.
    pub(super) fn badge(&mut self) -> Value {
        let mut contexts = vec![
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
        ];
        // Contexts that other issuers add, whether or not they need them.
        for (often, context) in [
            (8, "https://w3id.org/security/data-integrity/v2"),
            (8, "https://w3id.org/security/suites/ed25519-2020/v1"),
            (8, "https://w3id.org/security/multikey/v1"),
            (8, "https://www.w3.org/ns/credentials/status/v1"),
        ] {
            if self.once_in(often) {
                contexts.push(context);
            }
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
        self.maybe(&mut badge, "credentialStatus", |chance| {
            match chance.once_in(3) {
                true => chance.status_with_messages(),
                false => chance.status(),
            }
        });
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
        if self.once_in(40) {
            badge.insert(UNDEFINED.to_owned(), json!(self.word()));
        }
        Value::Object(badge)
    }

    /// A badge as they were before, with what that version has.
    pub(super) fn badge_of_version_1(&mut self) -> Value {
        let mut contexts = vec![
            "https://www.w3.org/2018/credentials/v1",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
        ];
        for (often, context) in [
            (4, "https://w3id.org/security/data-integrity/v2"),
            (4, "https://w3id.org/vc/status-list/2021/v1"),
        ] {
            if self.once_in(often) {
                contexts.push(context);
            }
        }
        let mut badge = Members::new();
        badge.insert("@context".to_owned(), json!(contexts));
        let id = format!("urn:x:badge:{}", self.next());
        badge.insert("id".to_owned(), json!(id));
        let types = ["VerifiableCredential", "AchievementCredential"];
        badge.insert("type".to_owned(), json!(types));
        badge.insert("issuer".to_owned(), self.issuer());
        badge.insert("issuanceDate".to_owned(), json!(self.date()));
        let mut subject = self.subject();
        if let Some(achievement) = subject["achievement"].as_object_mut() {
            // Version 3.0.1 of the context does not have it yet.
            achievement.remove("inLanguage");
        }
        badge.insert("credentialSubject".to_owned(), subject);
        self.maybe(&mut badge, "expirationDate", |chance| json!(chance.date()));
        self.maybe(&mut badge, "image", Self::image);
        self.maybe(&mut badge, "evidence", |chance| chance.some(Self::evidence));
        if contexts
            .last()
            .is_some_and(|last| last.contains("status-list"))
        {
            let mut status = self.status();
            status["type"] = json!("StatusList2021Entry");
            badge.insert("credentialStatus".to_owned(), status);
        }
        self.texts(&mut badge, &["name", "description"]);
        Value::Object(badge)
    }

    fn issuer(&mut self) -> Value {
        match self.below(5) {
            0 => json!(self.iri()),
            _ => self.profile(3),
        }
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
        self.maybe(&mut description, "allowedValue", |chance| {
            let count = chance.below(6);
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
}
