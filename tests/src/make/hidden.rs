//! What a holder keeps back, or moves elsewhere, so that a badge seems to hold: its issuer, its end,
//! entries of its status. Issuers who allow that are careless; their badges are *unknown*.

use badges_core::credential::UnsignedCredential;
use badges_core::json;
use badges_core::jsonld::Policy;
use badges_core::key::SigningKey;
use badges_core::proof::data_integrity::ProofOptions;
use badges_core::proof::sd_jwt::conceal;
use badges_core::proof::selective::Randomness;
use badges_core::proof::suite::Suite;

use super::badge::{WEB, endorsement, entry, key_issuer, model_1, small, with_status};
use super::edit::{cut, swap, with};
use super::expected::{expired, invalid, suspended, unknown, valid};
use super::records;
use super::sign::{jws, options, own_method, signed_by};
use super::{Group, documents, keys};

pub(super) fn group() -> Group {
    let mut group = Group::new("hidden");
    members(&mut group);
    statuses(&mut group);
    parts(&mut group);
    group
}

/// An SD-JWT with everything shown, whatever may be kept back at these paths.
fn sd_jwt(payload: &str, typ: &str, key: &SigningKey, method: &str, paths: &[&str]) -> String {
    let mut salt = 0;
    let salts = || {
        salt += 1;
        [salt; 16]
    };
    let concealed = conceal(&json::parse(payload).unwrap(), paths, salts).unwrap();
    let algorithm = key.algorithm().jose_name();
    let header = format!(r#"{{"alg":"{algorithm}","kid":"{method}","typ":"{typ}"}}"#);
    let jws = jws(&header, &concealed.payload, |message| {
        key.sign(message).unwrap()
    });
    concealed.join(&jws)
}

fn by_issuer(payload: &str, typ: &str, paths: &[&str]) -> String {
    let key = keys::issuer();
    let method = own_method(&badge(), &key);
    sd_jwt(payload, typ, &key, &method, paths)
}

fn badge() -> String {
    small(&key_issuer())
}

/// The SD-JWT without its last disclosures.
fn kept_back(sd_jwt: &str, disclosures: usize) -> String {
    let parts: Vec<&str> = sd_jwt.trim_end_matches('~').split('~').collect();
    parts[..parts.len() - disclosures].join("~") + "~"
}

fn members(group: &mut Group) {
    let over = "2028-01-01T00:00:00Z";
    let mallory = keys::mallory();
    let method = format!("{}#{}", WEB, keys::multikey(&mallory));
    let nobodys = sd_jwt(&badge(), "vc+sd-jwt", &mallory, &method, &["issuer.id"]);
    group.add(
        "issuer.sd-jwt",
        kept_back(&nobodys, 1),
        unknown("form.hidden")
            .says("\"member\":\"issuer\"")
            .asks([]),
        "somebody's own signature, and whose badge it is said to be is kept back",
    );
    let ends = by_issuer(&badge(), "JWT", &["validUntil"]);
    group.add(
        "end-shown.sd-jwt",
        ends.clone(),
        expired().at(over),
        "an expired badge whose end can be kept back",
    );
    group.add(
        "end.sd-jwt",
        kept_back(&ends, 1),
        unknown("form.hidden").unknown("form.hidden").at(over),
        "its end is kept back",
    );
    group.add(
        "end-without-tilde.jwt",
        kept_back(&ends, 1).trim_end_matches('~').to_owned(),
        invalid("form.sd-jwt").at(over),
        "the same as a plain JWT, as if nothing were kept back",
    );
    let claims = format!(
        "{{\"iss\": \"{}\", \"vc\": {}}}",
        key_issuer(),
        cut(
            &model_1(&badge()),
            ",\n    \"https://w3id.org/security/data-integrity/v2\""
        )
    );
    let wrapped = by_issuer(&claims, "JWT", &["vc", "vc.expirationDate"]);
    group.add(
        "end-in-claim-shown.sd-jwt",
        wrapped.clone(),
        expired().at(over),
        "version 1.1: the credential is a claim that can be kept back, and so can be its end",
    );
    group.add(
        "end-in-claim.sd-jwt",
        kept_back(&wrapped, 1),
        unknown("form.hidden").unknown("form.hidden").at(over),
        "the end is kept back, the claim is not",
    );
}

fn statuses(group: &mut Group) {
    let second = entry("suspension", "9").replace("status/1", "status/2");
    let two = with(
        &badge(),
        &format!(
            "\"credentialStatus\": [{}, {second}]",
            entry("revocation", "8")
        ),
    );
    let both = by_issuer(&two, "vc+sd-jwt", &["credentialStatus[1]"]);
    let clear = documents::clear_list(&key_issuer());
    let suspending = documents::list_text(&key_issuer(), "suspension", &[9]);
    let suspending = documents::list(
        "list-suspending.json",
        &suspending.replace("status/1", "status/2"),
    )
    .at(&documents::LIST_URL.replace("status/1", "status/2"));
    group.add(
        "entry-shown.sd-jwt",
        both.clone(),
        suspended().knows([clear.clone(), suspending]),
        "two entries of its status, of which one suspends it",
    );
    group.add(
        "entry.sd-jwt",
        kept_back(&both, 1),
        unknown("form.hidden")
            .says("\"member\":\"credentialStatus\"")
            .knows([clear.clone()]),
        "that entry is kept back, and the other says that it is not revoked",
    );
    let wide = with_status(&badge(), "revocation", "8").replace(
        "\"statusListIndex\"",
        "\"statusSize\": 2, \"statusListIndex\"",
    );
    let wide = by_issuer(&wide, "vc+sd-jwt", &["credentialStatus.statusSize"]);
    group.add(
        "status-size.sd-jwt",
        kept_back(&wide, 1),
        unknown("form.hidden")
            .says("\"member\":\"credentialStatus\"")
            .knows([clear]),
        "how wide the entries are is kept back, so that others' bits are read",
    );
}

fn parts(group: &mut Group) {
    let over = "2028-01-01T00:00:00Z";
    let record = records::unsigned(&key_issuer(), &[&badge()]);
    let path = "credentialSubject.verifiableCredential[0].validUntil";
    let whole = by_issuer(&record, "vc+sd-jwt", &[path]);
    group.add(
        "part-shown.sd-jwt",
        whole.clone(),
        valid().fails("parts.invalid").at(over),
        "a record with an expired badge whose end can be kept back",
    );
    group.add(
        "part.sd-jwt",
        kept_back(&whole, 1),
        valid().unknown("parts.unknown").at(over),
        "its end is kept back",
    );
    selective_parts(group);
    let own = small(&key_issuer());
    let subject = "https://issuer.example.org/badges/7f3a";
    let endorsement = endorsement(
        "urn:uuid:2f0c6c0e-8f0b-4a6f-9f6e-1d2c3b4a5f02",
        &keys::did(&keys::endorser()),
        subject,
    );
    let endorsement = signed_by(&endorsement, &keys::endorser());
    let endorsed = with(&own, &format!("\"endorsement\": [{endorsement}]"));
    let record = records::record(&[&endorsed]);
    group.add(
        "part-endorsed.json",
        record.clone(),
        valid().passes("parts.covered"),
        "an endorsed badge in a record",
    );
    let end = "  \"validUntil\": \"2027-01-10T09:00:00Z\",\n";
    let types = "\"type\": [\"EndorsementSubject\"]";
    let as_badge = format!(
        "{end}    {}",
        types.replace(']', ", \"VerifiableCredential\", \"OpenBadgeCredential\"]")
    );
    group.add(
        "part-moved.json",
        swap(&cut(&record, end), types, as_badge.trim_start()),
        unknown("form.mixed").unknown("parts.unknown").at(over),
        "its end was moved into the endorsement, which is about it",
    );
}

/// A record whose holder shows a part of it (`ecdsa-sd-2023`).
fn selective_parts(group: &mut Group) {
    let key = keys::issuer_p256();
    let issuer = keys::did(&key);
    let part = with_status(&small(&issuer), "revocation", "8");
    let suite = |suite| ProofOptions {
        suite,
        ..options(&own_method(&part, &key))
    };
    let list = |file: &str, set: &[u64]| {
        let list = documents::list_text(&issuer, "revocation", set);
        let list = UnsignedCredential::from_json(&list)
            .and_then(|list| list.sign(&key, &suite(Suite::EcdsaRdfc2019)))
            .unwrap();
        documents::Document::new(file, documents::LIST_URL, list.into_text())
    };
    let record = records::unsigned(&issuer, &[&part]);
    let randomness = Randomness {
        hmac_key: [7; 32],
        proof_key: [8; 32],
    };
    let options = suite(Suite::EcdsaSd2023);
    let signed = UnsignedCredential::from_json(&record)
        .and_then(|record| record.sign_selectively(&key, &options, &[], &randomness))
        .unwrap();
    let name = "/credentialSubject/verifiableCredential/0/name";
    let shown = signed.derive(&[name], Policy::Badge).unwrap().into_text();
    let expected = || unknown("form.hidden").unknown("form.hidden");
    group.add(
        "part-limits.json",
        shown.clone(),
        expected()
            .passes("parts.covered")
            .knows([list("list-clear-p256.json", &[])]),
        "of a badge inside a record what limits it is always shown",
    );
    group.add(
        "part-limits-revoked.json",
        shown,
        expected()
            .fails("parts.invalid")
            .says("status.revoked")
            .knows([list("list-revoked-8-p256.json", &[8])]),
        "the same, and it was revoked",
    );
}
