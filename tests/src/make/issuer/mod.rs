//! Whose key is it? Keys that are not the issuer's, and keys that nobody can tell.

mod embedded;
mod https;

use serde_json::json;

use super::badge::{WEB, key_issuer, small, with_status};
use super::documents::{self, Document, WEB_URL, controller, method};
use super::expected::{invalid, unknown};
use super::sign::{signed, signed_with};
use super::{Group, keys};

pub(super) fn group() -> Group {
    let mut group = Group::new("issuer");
    own_key(&mut group);
    did_web(&mut group);
    embedded::embedded(&mut group);
    https::https(&mut group);
    key_states(&mut group);
    https::nowhere(&mut group);
    group
}

/// A badge that names an issuer and is signed by somebody else.
fn forged(issuer: &str, method: &str) -> String {
    signed_with(&small(issuer), &keys::mallory(), method)
}

fn mallorys() -> String {
    keys::multikey(&keys::mallory())
}

fn mallorys_did() -> String {
    let did = keys::did(&keys::mallory());
    format!("{did}#{}", mallorys())
}

fn own_key(group: &mut Group) {
    let contradicted = || invalid("issuer.contradicted").asks([]);
    let issuer = key_issuer();
    group.add(
        "did-key-of-another.json",
        forged(&issuer, &mallorys_did()),
        contradicted(),
        "another did:key than the issuer",
    );
    let mixed = format!("{issuer}#{}", mallorys());
    group.add(
        "did-key-other-fragment.json",
        forged(&issuer, &mixed),
        contradicted().fails("proof.method"),
        "the issuer's did:key with another key as fragment",
    );
    let mixed = format!(
        "{}#{}",
        keys::did(&keys::mallory()),
        keys::multikey(&keys::issuer())
    );
    group.add(
        "did-key-issuers-fragment.json",
        forged(&issuer, &mixed),
        contradicted().fails("proof.method"),
        "another did:key with the issuer's key as fragment",
    );
    let did = keys::did_jwk(keys::issuer().public_key());
    let other = format!("{}#0", keys::did_jwk(keys::mallory().public_key()));
    group.add(
        "did-jwk-of-another.json",
        forged(&did, &other),
        contradicted(),
        "another did:jwk than the issuer",
    );
    let spoilt = format!("{issuer}x");
    let badge = forged(&spoilt, &mallorys_did());
    group.add(
        "did-key-malformed.json",
        badge,
        contradicted(),
        "the issuer is a did:key without a key in it",
    );
    let web_key = format!("{WEB}#{}", keys::multikey(&keys::issuer()));
    let badge = signed_with(&small(&issuer), &keys::issuer(), &web_key);
    let expected = contradicted().knows([documents::did_web()]);
    group.add(
        "did-key-by-did-web.json",
        badge,
        expected,
        "the same key, named as somebody else's",
    );
}

fn did_web(group: &mut Group) {
    let fragment = format!("{WEB}#{}", mallorys());
    let contradicted = || invalid("issuer.contradicted").asks([WEB_URL]);
    group.add(
        "web-fragment.json",
        forged(WEB, &fragment),
        contradicted().knows([documents::did_web()]),
        "an own key as the fragment of somebody else's did:web",
    );
    let not_there = unknown("issuer.not-loaded").asks([WEB_URL]);
    group.add(
        "web-fragment-not-loaded.json",
        forged(WEB, &fragment),
        not_there,
        "the same, and the DID document is not there",
    );
    let status = with_status(&small(WEB), "revocation", "7");
    let status = signed_with(&status, &keys::mallory(), &fragment);
    let expected = unknown("issuer.not-loaded")
        .unknown("status.unasked")
        .asks([WEB_URL]);
    group.add(
        "web-fragment-status.json",
        status,
        expected,
        "a key that nobody vouches for has no list asked for",
    );
    group.add(
        "web-did-key.json",
        forged(WEB, &mallorys_did()),
        contradicted().knows([documents::did_web()]),
        "a bare did:key under a did:web issuer",
    );
    let expected = unknown("issuer.not-loaded").asks([WEB_URL]);
    group.add(
        "web-did-key-not-loaded.json",
        forged(WEB, &mallorys_did()),
        expected,
        "the same, and the DID document is not there",
    );
    let elsewhere = "did:web:mallory.example.org";
    let own = controller(
        "did-web-mallory.json",
        "https://mallory.example.org/.well-known/did.json",
        elsewhere,
        &[method(elsewhere, keys::mallory().public_key())],
    );
    let badge = forged(WEB, &format!("{elsewhere}#{}", mallorys()));
    group.add(
        "web-of-another.json",
        badge.clone(),
        contradicted().knows([documents::did_web(), own.clone()]),
        "a key that another did:web lists",
    );
    let expected = unknown("issuer.not-loaded").asks([WEB_URL]).knows([own]);
    group.add(
        "web-of-another-not-loaded.json",
        badge,
        expected,
        "the same, and the issuer's document is not there: the other one is not asked for",
    );
    let mallory = method(WEB, keys::mallory().public_key());
    let login = documents::did_web().changed("did-web-authentication.json", |document| {
        document["authentication"] = json!([mallory["id"]]);
        document["verificationMethod"] = json!([document["verificationMethod"][0], mallory]);
    });
    let expected = contradicted().says("\"reason\":\"other-purpose\"");
    group.add(
        "web-authentication.json",
        forged(WEB, &fragment),
        expected.knows([login]),
        "a key that is listed for logging in only",
    );
    let defined = documents::did_web().changed("did-web-defined.json", |document| {
        document["verificationMethod"] = json!([
            document["verificationMethod"][0],
            method(WEB, keys::mallory().public_key())
        ]);
    });
    let expected = contradicted().says("\"reason\":\"other-purpose\"");
    group.add(
        "web-defined-only.json",
        forged(WEB, &fragment),
        expected.knows([defined]),
        "a key that is defined and listed for nothing",
    );
    let controlled = documents::did_web().changed("did-web-controller.json", |document| {
        document["verificationMethod"][0]["controller"] = "did:web:other.example.org".into();
    });
    let expected = contradicted().says("\"reason\":\"other-purpose\"");
    group.add(
        "web-controller.json",
        signed(&small(WEB)),
        expected.knows([controlled]),
        "the listed key has another controller",
    );
    let swapped = documents::did_web().changed("did-web-key-replaced.json", |document| {
        document["verificationMethod"][0]["publicKeyMultibase"] = mallorys().into();
    });
    let expected = invalid("proof.signature").knows([swapped]);
    group.add(
        "web-key-replaced.json",
        signed(&small(WEB)),
        expected,
        "the document's key counts, not the one in its name",
    );
    let about_another = controller(
        "did-web-other-id.json",
        WEB_URL,
        elsewhere,
        &[method(WEB, keys::mallory().public_key())],
    );
    let expected = unknown("issuer.not-loaded")
        .asks([WEB_URL])
        .knows([about_another]);
    group.add(
        "web-other-id.json",
        forged(WEB, &fragment),
        expected,
        "the document there is about another DID",
    );
    let page = documents::web_page().at(WEB_URL);
    let expected = unknown("issuer.not-loaded").knows([page]);
    group.add(
        "web-page.json",
        signed(&small(WEB)),
        expected,
        "a web page where the DID document should be",
    );
    let empty = controller("did-web-empty.json", WEB_URL, WEB, &[]);
    group.add(
        "web-no-keys.json",
        signed(&small(WEB)),
        contradicted().knows([empty]),
        "the issuer has withdrawn all its keys",
    );
    let twice = Document::new(
        "did-web-duplicate.json",
        WEB_URL,
        documents::did_web()
            .text
            .replacen('{', "{\"assertionMethod\": [],", 1),
    );
    let expected = unknown("issuer.not-loaded").knows([twice]);
    group.add(
        "web-duplicate-key.json",
        signed(&small(WEB)),
        expected,
        "a DID document that can be read in two ways",
    );
}

fn key_states(group: &mut Group) {
    let mut state = |file: &str, member: &str, value: serde_json::Value, id: &str, why: &str| {
        let document = documents::did_web().changed(&format!("did-web-{file}"), |document| {
            document["verificationMethod"][0][member] = value;
        });
        group.add(
            file,
            signed(&small(WEB)),
            invalid(id).knows([document]),
            why,
        );
    };
    state(
        "key-revoked.json",
        "revoked",
        "2026-05-01T00:00:00Z".into(),
        "proof.key-revoked",
        "the issuer has revoked the key: signatures of before do not hold either, for a thief dates them back",
    );
    state(
        "key-revoked-now.json",
        "revoked",
        "2026-06-01T12:00:00Z".into(),
        "proof.key-revoked",
        "the issuer revokes the key at this moment",
    );
    state(
        "key-revoked-unreadable.json",
        "revoked",
        "yesterday".into(),
        "proof.key-revoked",
        "revoked at a time that cannot be read",
    );
    state(
        "key-revoked-flag.json",
        "revoked",
        true.into(),
        "proof.key-revoked",
        "revoked, and it is not said when",
    );
    state(
        "key-expired.json",
        "expires",
        "2026-05-01T00:00:00Z".into(),
        "proof.key-expired",
        "the key's time is over",
    );
    state(
        "key-expired-unreadable.json",
        "expires",
        1_700_000_000.into(),
        "proof.key-expired",
        "the key's time ends at a moment that cannot be read",
    );
}
