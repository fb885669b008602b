//! Presentations that others sign: who shows which badges, and in answer to what.

use badges_core::credential::verification_method;
use badges_core::did::did_key;
use badges_core::documents::Documents;
use badges_core::key::SigningKey;
use badges_core::model::parse_date_time;
use badges_core::proof::suite::Suite;
use badges_core::verify::{
    Asked, Check, Failure, Outcome, PresentationReport, Question, verify_presentation,
};
use serde_json::{Value, json};

use super::proofs::sign;
use super::{NOW, altered, ask, ask_all, badge, issuer, parsed, passes, request, who};

const CHALLENGE: &str = "1f44d55f-f161-4938-a659-f8026467f126";
const DOMAIN: &str = "verifier.example";

fn presentation(holder: &SigningKey, badge: &str) -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": did_key(holder.public_key()),
        "verifiableCredential": [parsed(badge)],
    })
}

fn judge(text: &str, challenge: &str, domain: &str) -> PresentationReport {
    let documents = Documents::new();
    let question = Question::new(&documents, parse_date_time(NOW).unwrap());
    let asked = Asked {
        challenge: Some(challenge),
        domain: Some(domain),
    };
    verify_presentation(text, &question, asked)
}

fn proof(judged: &PresentationReport) -> Option<&Outcome> {
    judged.report.outcomes(Check::Proof).next()
}

#[track_caller]
fn answers_only_what_was_asked(name: &str, text: &str) {
    let judged = judge(text, CHALLENGE, DOMAIN);
    assert!(passes(&judged.report), "{name}: {:?}", judged.report);
    assert_eq!(judged.credentials.len(), 1);
    assert!(passes(&judged.credentials[0]), "{name}: {judged:?}");
    for (challenge, domain, other) in [
        ("another", DOMAIN, "challenge"),
        (CHALLENGE, "elsewhere.example", "domain"),
    ] {
        let judged = judge(text, challenge, domain);
        assert!(
            matches!(
                proof(&judged),
                Some(Outcome::Failed(Failure::OtherQuestion { member })) if *member == other
            ),
            "{name}: {judged:?}"
        );
    }
}

#[test]
fn we_verify_what_digital_bazaar_presents() {
    let holders = [
        (Suite::EddsaRdfc2022, SigningKey::ed25519(&[9; 32])),
        (Suite::EddsaJcs2022, SigningKey::ed25519(&[9; 32])),
        (Suite::EcdsaRdfc2019, SigningKey::p384(&[9; 48]).unwrap()),
    ];
    let badge = sign(&badge("full"), &issuer());
    let requests = holders.map(|(suite, holder)| {
        let asked = json!({
            "suite": suite.name(),
            "presentation": presentation(&holder, &badge),
            "challenge": CHALLENGE,
            "domain": DOMAIN,
        });
        request(
            &asked,
            &who(&did_key(holder.public_key()).unwrap(), &holder),
        )
    });
    let Some(answers) = ask_all("node/present-vc.mjs", &requests) else {
        return;
    };
    for (request, answer) in requests.iter().zip(answers) {
        let (name, text) = (
            request["suite"].to_string(),
            answer["presentation"].to_string(),
        );
        answers_only_what_was_asked(&name, &text);
        // A letter of the badge is a letter of the presentation.
        let judged = judge(&altered(&text), CHALLENGE, DOMAIN);
        assert!(
            matches!(proof(&judged), Some(Outcome::Failed(_))),
            "{judged:?}"
        );
        assert!(!passes(&judged.credentials[0]), "{judged:?}");
    }
}

#[test]
fn we_verify_what_jose_presents() {
    let holder = SigningKey::p256(&[9; 32]).unwrap();
    let did = did_key(holder.public_key()).unwrap();
    let badge = sign(&badge("small"), &issuer());
    let mut payload = presentation(&holder, &badge);
    payload["nonce"] = json!(CHALLENGE);
    payload["aud"] = json!(DOMAIN);
    let asked = json!({
        "op": "sign", "alg": "ES256", "key": super::tokens::secret_jwk(&holder), "payload": payload,
        "header": {"kid": verification_method(&did, holder.public_key()), "typ": "vp+jwt", "cty": "vp"},
    });
    let Some(answer) = ask("node/jwt.mjs", &asked) else {
        return;
    };
    let enveloped = json!({
        "@context": "https://www.w3.org/ns/credentials/v2",
        "type": "EnvelopedVerifiablePresentation",
        "id": format!("data:application/vp+jwt,{}", answer["jwt"].as_str().unwrap()),
    });
    answers_only_what_was_asked("jose", &enveloped.to_string());
}
