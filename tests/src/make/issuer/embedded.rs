//! Keys that a DID document has inside its lists of purposes, and nowhere else.

use serde_json::json;

use super::{forged, mallorys};
use crate::make::badge::{WEB, small};
use crate::make::documents::{self, method};
use crate::make::expected::invalid;
use crate::make::sign::signed;
use crate::make::{Group, keys};

pub(super) fn embedded(group: &mut Group) {
    let document = documents::did_web_embedded();
    let fragment = format!("{WEB}#{}", mallorys());
    let contradicted = |word: &str| {
        invalid("issuer.contradicted")
            .asks([documents::WEB_URL])
            .says(&format!("\"reason\":\"{word}\""))
    };
    group.add(
        "web-embedded-of-another.json",
        forged(WEB, &fragment),
        contradicted("not-listed").knows([document.clone()]),
        "an own key as the fragment of a did:web that has its keys inside assertionMethod",
    );
    let login = document.changed("did-web-embedded-authentication.json", |document| {
        document["authentication"] = json!([method(WEB, keys::mallory().public_key())]);
    });
    group.add(
        "web-embedded-authentication.json",
        forged(WEB, &fragment),
        contradicted("other-purpose").knows([login]),
        "a key that stands inside authentication only",
    );
    let controlled = document.changed("did-web-embedded-controller.json", |document| {
        document["assertionMethod"][0]["controller"] = "did:web:other.example.org".into();
    });
    group.add(
        "web-embedded-controller.json",
        signed(&small(WEB)),
        contradicted("other-purpose").knows([controlled]),
        "a key inside assertionMethod has another controller",
    );
    let replaced = document.changed("did-web-embedded-replaced.json", |document| {
        let mallory = keys::mallory();
        documents::to_base58(&mut document["assertionMethod"][0], mallory.public_key());
    });
    group.add(
        "web-embedded-replaced.json",
        signed(&small(WEB)),
        invalid("proof.signature").knows([replaced]),
        "a key in bare base58 that is not the one in its name",
    );
}
