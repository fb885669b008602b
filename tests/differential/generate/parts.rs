//! What badges are made of, and what may stand in several places of one.

use serde_json::{Value, json};

use super::{Chance, Members};

/// All that the standard has, and what it lets others add.
const TARGET_TYPES: [&str; 9] = [
    "ceasn:Competency",
    "ceterms:Credential",
    "CFItem",
    "CFRubric",
    "CFRubricCriterion",
    "CFRubricCriterionLevel",
    "CTDL",
    "ext:Skill",
    "ext:\u{e000}",
];

impl Chance {
    pub(super) fn profile(&mut self, depth: usize) -> Value {
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

    pub(super) fn criteria(&mut self) -> Value {
        let mut criteria = Members::new();
        self.maybe(&mut criteria, "id", |chance| json!(chance.iri()));
        self.texts(&mut criteria, &["narrative"]);
        Value::Object(criteria)
    }

    pub(super) fn alignment(&mut self) -> Value {
        let mut alignment = self.object("Alignment", false);
        self.texts(
            &mut alignment,
            &["targetName", "targetCode", "targetFramework"],
        );
        self.texts(&mut alignment, &["targetDescription"]);
        self.maybe(&mut alignment, "targetType", |chance| {
            json!(chance.pick(&TARGET_TYPES))
        });
        self.maybe(&mut alignment, "targetUrl", |chance| json!(chance.iri()));
        Value::Object(alignment)
    }

    pub(super) fn evidence(&mut self) -> Value {
        let with_id = self.once_in(2);
        let mut evidence = self.object("Evidence", with_id);
        self.texts(&mut evidence, &["name", "narrative", "genre", "audience"]);
        Value::Object(evidence)
    }

    pub(super) fn image(&mut self) -> Value {
        let mut image = self.object("Image", true);
        image.insert("type".to_owned(), json!("Image"));
        self.texts(&mut image, &["caption"]);
        Value::Object(image)
    }

    pub(super) fn status(&mut self) -> Value {
        json!({
            "id": format!("urn:x:status#{}", self.below(9)),
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": self.below(200_000).to_string(),
            "statusListCredential": self.iri(),
        })
    }

    /// An entry with what each of its values means.
    pub(super) fn status_with_messages(&mut self) -> Value {
        let mut status = self.status();
        status["statusPurpose"] = json!("message");
        status["statusSize"] = json!(1 + self.below(3));
        status["statusMessage"] = self.some(|chance| {
            json!({
                "status": format!("0x{:x}", chance.below(8)),
                "message": chance.word(),
            })
        });
        status["statusReference"] = self.some(|chance| json!(chance.iri()));
        status
    }

    /// An endorsement, whose proof is a graph of its own.
    pub(super) fn endorsement(&mut self) -> Value {
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
}
