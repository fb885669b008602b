//! Issuers of all kinds, each with its key.

use crate::make::badge::{HTTPS, WEB, key_issuer, small};
use crate::make::documents::{self, controller, method};
use crate::make::expected::valid;
use crate::make::sign::{signed, signed_with};
use crate::make::{Group, keys};

pub(super) fn issuers(group: &mut Group) {
    let key = keys::issuer();
    let public = key.public_key();
    let did = keys::did_jwk(public);
    let badge = signed_with(&small(&did), &key, &format!("{did}#0"));
    group.add("did-jwk.json", badge, valid(), "the issuer is a did:jwk");
    let badge = signed_with(&small(&key_issuer()), &key, &key_issuer());
    group.add(
        "did-key-without-fragment.json",
        badge,
        valid(),
        "the proof names the did:key itself",
    );
    let badge = signed(&small(WEB));
    let expected = valid()
        .knows([documents::did_web()])
        .asks([documents::WEB_URL]);
    group.add(
        "did-web.json",
        badge.clone(),
        expected,
        "the DID document lists the key by its id",
    );
    let embedded = documents::did_web_embedded();
    let single = embedded.changed("did-web-embedded-single.json", |document| {
        document["assertionMethod"] = document["assertionMethod"][0].take();
    });
    let base58 = embedded.changed("did-web-embedded-base58.json", |document| {
        documents::to_base58(&mut document["assertionMethod"][0], public);
    });
    let no_controller = embedded.changed("did-web-embedded-no-controller.json", |document| {
        let method = document["assertionMethod"][0].as_object_mut().unwrap();
        method.remove("controller").unwrap();
    });
    for (document, why) in [
        (
            embedded,
            "the DID document has the key inside assertionMethod, and no verificationMethod",
        ),
        (
            single,
            "the DID document has one key inside assertionMethod, without an array",
        ),
        (
            base58,
            "the DID document has the key inside assertionMethod, in bare base58",
        ),
        (
            no_controller,
            "the DID document has the key inside assertionMethod, without a controller",
        ),
    ] {
        let file = document.file.clone();
        group.add(&file, badge.clone(), valid().knows([document]), why);
    }
    let relative = documents::did_web().changed("did-web-relative.json", |document| {
        let fragment = format!("#{}", keys::multikey(&key));
        document["verificationMethod"][0]["id"] = fragment.clone().into();
        document["assertionMethod"] = serde_json::json!([fragment]);
    });
    group.add(
        "did-web-relative.json",
        badge.clone(),
        valid().knows([relative]),
        "the DID document names the key by a fragment only",
    );
    let by_did = documents::did_web().at(WEB);
    group.add(
        "did-web-by-did.json",
        badge.clone(),
        valid().knows([by_did]).asks([]),
        "the document is at hand under the DID itself",
    );
    for (file, id, url, why) in [
        (
            "did-web-path.json",
            "did:web:issuer.example.org:teams:one",
            "https://issuer.example.org/teams/one/did.json",
            "a did:web with a path",
        ),
        (
            "did-web-port.json",
            "did:web:issuer.example.org%3A8443",
            "https://issuer.example.org:8443/.well-known/did.json",
            "a did:web with a port",
        ),
    ] {
        let document = controller(file, url, id, &[method(id, public)]);
        group.add(
            file,
            signed(&small(id)),
            valid().knows([document]).asks([url]),
            why,
        );
    }
    let (port, url) = (
        "did:web:issuer.example.org%3A8443",
        "https://issuer.example.org:8443/.well-known/did.json",
    );
    group.add(
        "did-web-port-not-trusted.json",
        signed(&small(port)),
        valid()
            .trust(["did:web:issuer.example.org:8443"])
            .unknown("trust.unlisted")
            .knows([controller(
                "did-web-port.json",
                url,
                port,
                &[method(port, public)],
            )]),
        "the verifier's list has a path where the issuer has a port",
    );
    let badge_https = signed(&small(HTTPS));
    let expected = valid().knows([documents::https()]).asks([HTTPS]);
    group.add(
        "https-controller.json",
        badge_https,
        expected,
        "the issuer's https address has a document that lists the key",
    );
    let elsewhere = "https://issuer.example.org/keys/1";
    let listing = controller("https-key-elsewhere.json", HTTPS, HTTPS, &[]).changed(
        "https-key-elsewhere.json",
        |document| {
            document["assertionMethod"] = serde_json::json!([elsewhere]);
        },
    );
    let mut bare = method(HTTPS, public);
    bare["id"] = elsewhere.into();
    let bare = documents::Document::new("key.json", elsewhere, format!("{bare:#}\n"));
    let badge = signed_with(&small(HTTPS), &key, elsewhere);
    let expected = valid().knows([listing, bare]).asks([HTTPS, elsewhere]);
    group.add(
        "https-key-elsewhere.json",
        badge,
        expected,
        "the issuer's document lists the key's own address",
    );
    let later = documents::did_web().changed("did-web-revoked-later.json", |document| {
        document["verificationMethod"][0]["revoked"] = "2026-08-01T00:00:00Z".into();
        document["verificationMethod"][0]["expires"] = "2026-07-01T00:00:00Z".into();
    });
    group.add(
        "key-revoked-later.json",
        badge_of_web(),
        valid().knows([later]),
        "at the time of the question the key is neither expired nor revoked",
    );
}

pub(super) fn badge_of_web() -> String {
    signed(&small(WEB))
}
