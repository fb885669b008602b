//! Status lists mean the same to `@digitalbazaar/vc-bitstring-status-list` as to us.

use badges_core::credential::verification_method;
use badges_core::status::StatusBits;
use badges_core::verify::Verdict;
use serde_json::{Value, json};

use super::proofs::sign;
use super::{
    CREATED, NOW, WEB_ISSUER, ask, ask_all, badge_by, documents, judge, key, parsed, request, who,
};

const LIST: &str = "https://issuer.example/status/1";

/// What the web issuer publishes: its key, as Multikey, and a list.
fn published(list: &str) -> Value {
    let method = verification_method(WEB_ISSUER, key().public_key());
    json!({
        "https://issuer.example/.well-known/did.json": {
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
            "id": WEB_ISSUER,
            "verificationMethod": [{
                "id": method,
                "type": "Multikey",
                "controller": WEB_ISSUER,
                "publicKeyMultibase": key().public_key().to_multikey(),
            }],
            "assertionMethod": [method],
        },
        LIST: parsed(list),
    })
}

/// A badge with an entry of the list.
fn with_entry(entry: u64, purpose: &str) -> String {
    let mut badge = badge_by("small", WEB_ISSUER);
    badge["credentialStatus"] = json!({
        "id": format!("{LIST}#{entry}"),
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": entry.to_string(),
        "statusListCredential": LIST,
    });
    sign(&badge.to_string(), WEB_ISSUER)
}

/// A list in which the entry 7 is set.
fn list(purpose: &str) -> String {
    let mut bits = StatusBits::default();
    assert!(bits.set(7, true));
    let list = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": LIST,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": WEB_ISSUER,
        "validFrom": CREATED,
        "credentialSubject": {
            "id": format!("{LIST}#list"),
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": bits.encode(),
        },
    });
    sign(&list.to_string(), WEB_ISSUER)
}

/// What each entry means: those beside a set one are clear.
fn entries(purpose: &str) -> [(u64, Verdict); 3] {
    let set = match purpose {
        "revocation" => Verdict::Revoked,
        _ => Verdict::Suspended,
    };
    [(6, Verdict::Valid), (7, set), (8, Verdict::Valid)]
}

#[test]
fn they_read_our_lists() {
    for purpose in ["revocation", "suspension"] {
        let published = published(&list(purpose));
        let requests = entries(purpose).map(|(entry, verdict)| {
            let badge = with_entry(entry, purpose);
            assert_eq!(judge(&badge, &documents(&published)).verdict(), verdict);
            json!({
                "credential": parsed(&badge), "documents": published, "checkStatus": true, "now": NOW,
            })
        });
        let Some(answers) = ask_all("node/verify-vc.mjs", &requests) else {
            return;
        };
        for ((_, verdict), answer) in entries(purpose).iter().zip(answers) {
            let set = *verdict != Verdict::Valid;
            assert_eq!(answer["verified"], !set, "{answer}");
            assert_eq!(answer["statuses"][0]["set"], set, "{answer}");
        }
    }
}

#[test]
fn a_list_of_ours_that_was_altered_tells_neither_of_us_anything() {
    let mut altered = parsed(&list("revocation"));
    altered["credentialSubject"]["encodedList"] = json!(StatusBits::default().encode());
    let published = published(&altered.to_string());
    let badge = with_entry(7, "revocation");
    assert_eq!(
        judge(&badge, &documents(&published)).verdict(),
        Verdict::Unknown
    );
    let request = json!({
        "credential": parsed(&badge), "documents": published, "checkStatus": true, "now": NOW,
    });
    if let Some(answer) = ask("node/verify-vc.mjs", &request) {
        assert_eq!(answer["verified"], false, "{answer}");
    }
}

#[test]
fn we_read_their_lists() {
    for purpose in ["revocation", "suspension"] {
        let wanted = json!({"id": LIST, "length": 131_072, "set": [7], "statusPurpose": purpose});
        let Some(made) = ask("node/status-list.mjs", &wanted) else {
            return;
        };
        // What their library leaves to the issuer.
        let issued = json!({"issuer": WEB_ISSUER, "validFrom": CREATED});
        let credential = request(&made["credential"], &issued);
        let encoded = credential["credentialSubject"]["encodedList"]
            .as_str()
            .unwrap();
        let bits = StatusBits::decode(encoded).unwrap();
        assert_eq!(bits.entries(), 131_072);
        assert_eq!(
            [6, 7, 8].map(|entry| bits.get(entry, 1)),
            [Some(0), Some(1), Some(0)]
        );
        // Other bytes, because GZIP may pack in many ways, and the same bits.
        let asked = json!({"encodedList": bits.encode(), "read": [6, 7, 8, 131_071]});
        let read = ask("node/status-list.mjs", &asked).unwrap();
        assert_eq!(read["bits"], json!([false, true, false, false]));

        let to_sign = request(&json!({"credential": credential}), &who(WEB_ISSUER, &key()));
        let signed = ask(
            "node/issue-vc.mjs",
            &request(&to_sign, &json!({"documents": published("{}")})),
        );
        let published = published(&signed.unwrap()["credential"].to_string());
        for (entry, verdict) in entries(purpose) {
            let badge = with_entry(entry, purpose);
            let report = judge(&badge, &documents(&published));
            assert_eq!(report.verdict(), verdict, "{purpose}, {entry}: {report:?}");
        }
    }
}
