//! What the suite for status lists asserts, written after the titles of its tests. Those about
//! `statusSize`, `statusMessage` and `statusReference` it skips where an entry has none, as here.

use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::read::GzDecoder;
use serde_json::{Value, json};

use crate::service::{Answer, Service};
use crate::table::Assertion;

const V2: &str = "https://www.w3.org/ns/credentials/v2";

/// All of the suite.
pub(crate) fn assertions(service: &Service) -> Vec<Assertion> {
    let manifest = service.manifest();
    let tagged = |member: &str| {
        let mut entries = manifest[member].as_array().unwrap().iter();
        let entry = entries.find(|entry| {
            let mut tags = entry["tags"].as_array().unwrap().iter();
            tags.any(|tag| tag == "BitstringStatusList")
        });
        entry.unwrap()
    };
    let issuer = tagged("issuers");
    let mut suite = Suite {
        service,
        issue: issuer["endpoint"].as_str().unwrap(),
        verify: tagged("verifiers")["endpoint"].as_str().unwrap(),
        issuer: &issuer["id"],
        assertions: Vec::new(),
    };
    let issued = suite.issue(&suite.credential()).body["verifiableCredential"].take();
    suite.entry(&issued);
    suite.list(&issued);
    suite.algorithms(&issued);
    suite.assertions
}

struct Suite<'s> {
    service: &'s Service,
    issue: &'s str,
    verify: &'s str,
    issuer: &'s Value,
    assertions: Vec<Assertion>,
}

impl Suite<'_> {
    fn note(&mut self, title: &str, holds: bool) {
        self.assertions.push(Assertion {
            suite: "bitstring-status-list",
            title: title.to_owned(),
            holds,
        });
    }

    fn credential(&self) -> Value {
        json!({
            "@context": [V2],
            "id": "urn:uuid:0c07c1ce-57cb-41af-bef2-1b932b986873",
            "type": ["VerifiableCredential"],
            "issuer": self.issuer,
            "credentialSubject": {"id": "did:example:subject"},
        })
    }

    fn issue(&self, credential: &Value) -> Answer {
        let request = json!({"credential": credential});
        self.service.post(self.issue, &request)
    }

    /// Whether a request to verify is answered with this status.
    fn verifies(&self, credential: &Value, status: u16) -> bool {
        let request = json!({"verifiableCredential": credential});
        self.service.post(self.verify, &request).status == status
    }

    fn list_of(&self, issued: &Value) -> Answer {
        let url = &issued["credentialStatus"]["statusListCredential"];
        self.service.get(url.as_str().unwrap_or_default())
    }

    /// Data Model: BitstringStatusList Entry.
    fn entry(&mut self, issued: &Value) {
        let entry = &issued["credentialStatus"];
        let list = self.list_of(issued);
        let holds = is_secured(issued, self.issuer)
            && issued["credentialSubject"] == self.credential()["credentialSubject"];
        self.note(
            "Any expression of the data model in this section MUST be expressed in a conforming \
             verifiable credential as defined in [VC-DATA-MODEL-2.0].",
            holds,
        );
        let holds = entry["id"].is_string() && entry["id"] != entry["statusListCredential"];
        self.note(
            "If present, the id value is expected to be a URL that identifies the status \
             information associated with the verifiable credential. It MUST NOT be the URL for \
             the status list.",
            holds,
        );
        self.note(
            "The type property MUST be BitstringStatusListEntry.",
            entry["type"] == "BitstringStatusListEntry",
        );
        self.note(
            "The purpose of the status entry MUST be a string.",
            entry["statusPurpose"].is_string(),
        );
        let index = entry["statusListIndex"].as_str().unwrap_or_default();
        let holds = index
            .parse::<u64>()
            .is_ok_and(|number| number.to_string() == index);
        self.note(
            "The statusListIndex property MUST be an arbitrary size integer greater than or \
             equal to 0, expressed as a string in base 10.",
            holds,
        );
        let url = entry["statusListCredential"].as_str().unwrap_or_default();
        let holds = url.starts_with("https://") && list.is_json && self.is_list(&list.body);
        self.note(
            "The statusListCredential property MUST be a URL to a verifiable credential.",
            holds,
        );
        self.note(
            "When the URL is dereferenced, the resulting verifiable credential MUST have type \
             property that includes the BitstringStatusListCredential value.",
            has_type(&list.body, "BitstringStatusListCredential"),
        );
    }

    /// Data Model: BitstringStatusList Credential.
    fn list(&mut self, issued: &Value) {
        let list = self.list_of(issued).body;
        let subject = &list["credentialSubject"];
        let bits = bits(&list);
        let holds = self.is_list(&list);
        self.note(
            "When a status list verifiable credential is published, it MUST be a conforming \
             document, as defined in [VC-DATA-MODEL-2.0].",
            holds,
        );
        self.note(
            "The verifiable credential that contains the status list MUST express a type \
             property that includes the BitstringStatusListCredential value.",
            has_type(&list, "BitstringStatusListCredential"),
        );
        self.note(
            "The type of the credential subject, which is the status list, MUST be \
             BitstringStatusList.",
            subject["type"] == "BitstringStatusList",
        );
        let purpose = &subject["statusPurpose"];
        let holds = purpose.is_string() && *purpose == issued["credentialStatus"]["statusPurpose"];
        self.note(
            "The value of the purpose property of the status entry, statusPurpose, MUST be one \
             or more strings.",
            holds,
        );
        self.note(
            "The encodedList property of the credential subject MUST be a Multibase-encoded \
             base64url (with no padding) [RFC4648] representation of the GZIP-compressed \
             [RFC1952] bitstring values for the associated range of verifiable credential status \
             values.",
            bits.is_some(),
        );
        // The suite itself is content with 1,600 bytes.
        self.note(
            "The uncompressed bitstring MUST be at least 16KB in size.",
            bits.is_some_and(|bits| bits.len() >= 16 << 10),
        );
    }

    /// The algorithms, and what the suite calls interoperability.
    fn algorithms(&mut self, issued: &Value) {
        let holds = self.malformed_is_refused();
        self.note(
            "If an implementation of any of the algorithms in this section processes a property \
             defined in Section 2. Data Model whose value is malformed due to not complying with \
             associated \"MUST\" statements, a MALFORMED_VALUE_ERROR MUST be raised.",
            holds,
        );
        let list = self.list_of(issued).body;
        let holds = self.is_list(&list) && self.verifies(&list, 200);
        self.note(
            "The following process, or one generating the exact output, MUST be followed when \
             producing a BitstringStatusListCredential.",
            holds,
        );
        // The suite only asks whether the credential verifies, which says nothing of its list; so it
        // is taken back here.
        let before = bits(&list);
        let verified = self.verifies(issued, 200);
        let revoked = self.set(issued, true) && self.verifies(issued, 400);
        self.note(
            "The following process, or one generating the exact output, MUST be followed when \
             validating a verifiable credential that is contained in a \
             BitstringStatusListCredential",
            verified && revoked,
        );
        let after = bits(&self.list_of(issued).body);
        let index = issued["credentialStatus"]["statusListIndex"].as_str();
        let index = index.and_then(|index| index.parse().ok());
        let holds = before.zip(after).zip(index).is_some_and(
            |((mut expected, after), index): (_, usize)| {
                // The first entry is the left-most bit.
                expected[index / 8] |= 0x80 >> (index % 8);
                expected == after
            },
        );
        self.note(
            "The following process, or one generating the exact output, MUST be followed when \
             generating a status list bitstring.",
            holds,
        );
        let holds = self.set(issued, false) && self.verifies(issued, 200);
        self.note(
            "The following process, or one generating the exact output, MUST be followed when \
             expanding a compressed status list bitstring.",
            holds,
        );
        self.note("<impl> should verify <impl>", holds);
    }

    /// Whether a status that is no entry is refused: at a word that nothing defines, which is what the
    /// suite sends, and in its own place.
    fn malformed_is_refused(&self) -> bool {
        let entry = |member: &str, value: Value| {
            let mut entry = json!({
                "type": "BitstringStatusListEntry",
                "statusPurpose": "revocation",
                "statusListIndex": "5",
                "statusListCredential": "https://example.com/status/1",
            });
            entry[member] = value;
            entry
        };
        let refused = |place: &str, entry: Value, problem: &str| {
            let mut credential = self.credential();
            credential[place] = entry;
            let answer = self.issue(&credential);
            let kind = answer.body["problemDetails"][0]["type"].as_str();
            answer.status == 400 && kind.is_some_and(|kind| kind.ends_with(problem))
        };
        let undefined = entry("statusListIndex", json!(true));
        refused("statusEntry", undefined, "")
            && [
                ("statusListIndex", json!(true)),
                ("statusListIndex", json!("-1")),
                ("statusListCredential", json!(5)),
                ("statusPurpose", json!(7)),
                ("type", Value::Null),
            ]
            .into_iter()
            .all(|(member, value)| {
                refused(
                    "credentialStatus",
                    entry(member, value),
                    "#MALFORMED_VALUE_ERROR",
                )
            })
    }

    fn set(&self, issued: &Value, value: bool) -> bool {
        let at = self.issue.replace("/issue", "/status");
        let request = json!({"credentialStatus": issued["credentialStatus"], "status": value});
        self.service.post(&at, &request).status == 200
    }

    fn is_list(&self, list: &Value) -> bool {
        let subject = &list["credentialSubject"];
        is_secured(list, self.issuer)
            && has_type(list, "BitstringStatusListCredential")
            && list["id"].is_string()
            && subject["type"] == "BitstringStatusList"
            && subject["encodedList"].is_string()
            && !subject["statusPurpose"].is_null()
    }
}

/// What the suite asks of every credential.
fn is_secured(credential: &Value, issuer: &Value) -> bool {
    credential["@context"][0] == V2
        && has_type(credential, "VerifiableCredential")
        && credential["issuer"] == *issuer
        && credential["proof"].is_object()
}

fn has_type(credential: &Value, name: &str) -> bool {
    let types = credential["type"].as_array();
    types.is_some_and(|types| types.iter().any(|kind| kind == name))
}

/// The bits of a list; `None` when they are not written as they should be.
fn bits(list: &Value) -> Option<Vec<u8>> {
    let encoded = list["credentialSubject"]["encodedList"].as_str()?;
    let packed = URL_SAFE_NO_PAD.decode(encoded.strip_prefix('u')?).ok()?;
    let mut bits = Vec::new();
    GzDecoder::new(&*packed).read_to_end(&mut bits).ok()?;
    Some(bits)
}
