//! Selective disclosure: what our holders show others verify, and holders derive alike.

use badges_core::credential::verification_method;
use badges_core::did::did_key;
use badges_core::json::{self, Value as Document};
use badges_core::jsonld::{Edition, Fault, Policy, RootContext};
use badges_core::key::{PublicKey, SigningKey};
use badges_core::proof::selective::{
    CRYPTOSUITE, Check, Randomness, base, derive, verify, verify_base,
};

use super::{CREATED, ask, badge, badge_by, parsed};

/// What has to do with selective disclosure is signed on P-256.
fn selective_key() -> SigningKey {
    SigningKey::p256(&[7; 32]).unwrap()
}

/// What a badge of ours always shows.
const MANDATORY: [&str; 4] = ["/issuer", "/validFrom", "/validUntil", "/credentialStatus"];

/// Reads a document, and the meaning of its words.
fn with_root<T>(text: &str, then: impl FnOnce(&RootContext, &Document<'_>) -> T) -> T {
    let document = json::parse(text).unwrap();
    let root = RootContext::of(&document, Edition::NEWEST, Policy::Badge).unwrap();
    then(&root, &document)
}

fn with_base_proof(text: &str) -> String {
    let key = selective_key();
    let method = verification_method(&did_key(key.public_key()).unwrap(), key.public_key());
    let configuration = serde_json::json!({
        "type": "DataIntegrityProof",
        "cryptosuite": CRYPTOSUITE,
        "created": CREATED,
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    });
    let randomness = Randomness {
        hmac_key: [1; 32],
        proof_key: [2; 32],
    };
    let proof = with_root(text, |root, document| {
        let configuration = configuration.to_string();
        base(
            root,
            document,
            &configuration,
            &MANDATORY,
            &key,
            &randomness,
        )
        .unwrap()
    });
    let open = text.trim_end().strip_suffix('}').unwrap();
    format!("{open},\"proof\":{proof}}}")
}

fn derived(text: &str, chosen: &[&str]) -> String {
    with_root(text, |root, document| {
        derive(root, document, chosen).unwrap()
    })
}

type CheckSelective =
    fn(&RootContext, &Document<'_>, &Document<'_>, &PublicKey) -> Result<Check, Fault>;

fn holds(text: &str, check: CheckSelective) -> bool {
    with_root(text, |root, document| {
        let proof = &document.list("proof")[0];
        check(root, document, proof, selective_key().public_key()) == Ok(Check::Holds)
    })
}

/// The other implementation makes base proofs of badges without ordered lists and coordinates only;
/// derived proofs of any it verifies.
#[test]
fn others_verify_what_our_holders_show() {
    let signed = with_base_proof(&badge("full"));
    for chosen in [
        &[][..],
        &["/name", "/credentialSubject/achievement/resultDescription"],
        &[
            "/credentialSubject/achievement/tag/2",
            "/credentialSubject/result/1",
        ],
        &[""],
    ] {
        let shown = derived(&signed, chosen);
        let altered = shown.replacen("Example Wiki", "Example Viki", 1);
        assert_ne!(shown, altered);
        for (text, genuine) in [(shown, true), (altered, false)] {
            assert_eq!(holds(&text, verify), genuine);
            let request = serde_json::json!({"act": "verify", "credential": parsed(&text)});
            if let Some(answer) = ask("node/selective.mjs", &request) {
                assert_eq!(answer["verified"], genuine, "{chosen:?}: {answer}");
            }
        }
    }
}

/// It wants to see who achieved what, and everything that says how long a badge holds.
#[test]
fn openbadgeslib_verifies_what_our_holders_show() {
    let issuer = did_key(selective_key().public_key()).unwrap();
    let mut badge = badge_by("full", &issuer);
    badge["issuer"]["address"]
        .as_object_mut()
        .unwrap()
        .remove("geo");
    let signed = with_base_proof(&badge.to_string());
    for chosen in [
        &[
            "/credentialSubject/identifier",
            "/credentialSubject/achievement/name",
        ][..],
        &["/credentialSubject", "/name"],
        &[""],
    ] {
        let shown = derived(&signed, chosen);
        let altered = shown.replacen("Example Wiki", "Example Viki", 1);
        assert_ne!(shown, altered);
        for (text, genuine) in [(shown, true), (altered, false)] {
            let request = serde_json::json!({"credential": text});
            if let Some(answer) = ask("python/verify_obl.py", &request) {
                assert_eq!(answer["verified"], genuine, "{chosen:?}: {answer}");
            }
        }
    }
}

#[test]
fn holders_derive_alike() {
    let mut plain = parsed(&badge("full"));
    let remove =
        |of: &mut serde_json::Value, member: &str| of.as_object_mut().unwrap().remove(member);
    remove(&mut plain["issuer"]["address"], "geo");
    remove(
        &mut plain["credentialSubject"]["achievement"],
        "resultDescription",
    );
    let key = selective_key();
    let controller = did_key(key.public_key()).unwrap();
    let request = serde_json::json!({
        "act": "issue",
        "credential": plain,
        "key": parsed(&key.to_file_text().unwrap()),
        "controller": controller,
        "verificationMethod": verification_method(&controller, key.public_key()),
        "created": CREATED,
        "pointers": MANDATORY,
    });
    let Some(theirs) = ask("node/selective.mjs", &request) else {
        return;
    };
    let theirs = theirs["credential"].to_string();
    assert!(holds(&theirs, verify_base), "{theirs}");
    let chosen = [
        "/credentialSubject/achievement/tag/2",
        "/credentialSubject/achievement/alignment/1/targetName",
        "/credentialSubject/result/1",
        "/evidence",
    ];
    for signed in [theirs, with_base_proof(&plain.to_string())] {
        let request =
            serde_json::json!({"act": "derive", "credential": parsed(&signed), "pointers": chosen});
        let answer = ask("node/selective.mjs", &request).unwrap();
        assert_eq!(
            answer["credential"],
            parsed(&derived(&signed, &chosen)),
            "{answer}"
        );
        assert!(holds(&answer["credential"].to_string(), verify));
    }
}
