//! Issuers with an https address, and those with none.

use serde_json::json;

use super::{forged, mallorys, mallorys_did};
use crate::make::badge::{HTTPS, small};
use crate::make::documents::{self, Document, controller, method};
use crate::make::edit::swap;
use crate::make::expected::{invalid, unknown, valid};
use crate::make::sign::{carelessly, jwt_with, proof, signed};
use crate::make::{Group, keys};

pub(super) fn https(group: &mut Group) {
    let fragment = format!("{HTTPS}#{}", mallorys());
    let contradicted = || invalid("issuer.contradicted").asks([HTTPS]);
    group.add(
        "https-fragment.json",
        forged(HTTPS, &fragment),
        contradicted().knows([documents::https()]),
        "an own key as the fragment of somebody else's address",
    );
    let not_there = unknown("issuer.not-loaded").asks([HTTPS]);
    group.add(
        "https-fragment-not-loaded.json",
        forged(HTTPS, &fragment),
        not_there,
        "the same, and there is no document at the address",
    );
    let profile = unknown("issuer.not-established")
        .asks([HTTPS])
        .knows([documents::profile()]);
    group.add(
        "https-profile.json",
        forged(HTTPS, &fragment),
        profile,
        "the same, and the document at the address is not about keys",
    );
    let page = unknown("issuer.not-loaded")
        .asks([HTTPS])
        .knows([documents::web_page()]);
    group.add(
        "https-page.json",
        forged(HTTPS, &fragment),
        page,
        "the same, and the address answers with a web page",
    );
    let expected = unknown("issuer.not-loaded").asks([HTTPS]);
    group.add(
        "https-did-key.json",
        forged(HTTPS, &mallorys_did()),
        expected,
        "a bare did:key under an https issuer",
    );
    group.add(
        "https-did-key-loaded.json",
        forged(HTTPS, &mallorys_did()),
        contradicted().knows([documents::https()]),
        "the same, and the issuer's document does not list it",
    );
    let upload = "https://issuer.example.org/uploads/mallory/key";
    let mut bare = method(HTTPS, keys::mallory().public_key());
    bare["id"] = upload.into();
    let bare = Document::new("key-mallory.json", upload, format!("{bare:#}\n"));
    let badge = forged(HTTPS, upload);
    let expected = contradicted()
        .asks([HTTPS, upload])
        .unknown("proof.key-not-loaded")
        .knows([documents::https(), bare.clone()]);
    group.add(
        "https-upload.json",
        badge.clone(),
        expected,
        "a key that somebody put on the issuer's host",
    );
    let expected = unknown("issuer.not-established")
        .asks([HTTPS, upload])
        .knows([documents::profile(), bare]);
    group.add(
        "https-upload-no-document.json",
        badge,
        expected,
        "the same, and the issuer has no document about keys",
    );
    let far = "https://mallory.example.org/key";
    let expected = unknown("issuer.not-loaded")
        .unknown("proof.key-not-loaded")
        .asks([HTTPS]);
    group.add(
        "https-far.json",
        forged(HTTPS, far),
        expected,
        "a key at another host is never asked for",
    );
    let other_path = "https://issuer.example.org/other";
    let neighbour = controller(
        "https-neighbour.json",
        other_path,
        other_path,
        &[method(other_path, keys::mallory().public_key())],
    );
    let badge = forged(HTTPS, &format!("{other_path}#{}", mallorys()));
    group.add(
        "https-neighbour.json",
        badge,
        contradicted().knows([documents::https(), neighbour]),
        "the key of another issuer on the same host",
    );
    let prefix = "https://issuer.example.org.mallory.example.org/profile";
    let badge = forged(HTTPS, &format!("{prefix}#{}", mallorys()));
    group.add(
        "https-look-alike.json",
        badge,
        contradicted().knows([documents::https()]),
        "a host whose name begins like the issuer's",
    );
    let at = "https://issuer.example.org@mallory.example.org/profile";
    let expected = unknown("issuer.not-established").asks([]);
    group.add(
        "https-user-info.json",
        forged(at, &format!("{at}#{}", mallorys())),
        expected,
        "an issuer's address with a user name that looks like a host",
    );
}

pub(super) fn nowhere(group: &mut Group) {
    for (file, issuer, why) in [
        (
            "urn.json",
            "urn:uuid:0d9c7a64-3b1e-4b8e-9c55-1c2d3e4f5a06",
            "an issuer without an address",
        ),
        (
            "http.json",
            "http://issuer.example.org/profile",
            "an issuer's address that could be changed on its way",
        ),
        (
            "mailto.json",
            "mailto:training@issuer.example.org",
            "an issuer that is an e-mail address",
        ),
        (
            "did-example.json",
            "did:example:issuer",
            "a kind of DID that is not supported",
        ),
        (
            "did-web-path-up.json",
            "did:web:issuer.example.org:..:admin",
            "a did:web that leads out of its folder",
        ),
        (
            "did-web-user-info.json",
            "did:web:issuer.example.org@mallory.example.org",
            "a did:web with a user name",
        ),
        (
            "did-web-slash.json",
            "did:web:issuer.example.org%2Fadmin",
            "a did:web with a slash in its host",
        ),
    ] {
        let badge = forged(issuer, &mallorys_did());
        group.add(file, badge, unknown("issuer.not-established").asks([]), why);
    }
    let did = "did:example:issuer";
    let resolved = controller(
        "did-example.json",
        did,
        did,
        &[method(did, keys::issuer().public_key())],
    );
    let expected = valid().knows([resolved]).asks([]);
    group.add(
        "did-example-at-hand.json",
        signed(&small(did)),
        expected,
        "a kind of DID that is not supported, whose document is at hand",
    );
    let odd = |method: &str| carelessly(&small(HTTPS), &proof(method), &keys::mallory());
    for (file, method, why) in [
        (
            "method-unknown-scheme.json",
            "xyz:key-1",
            "a key's address of a kind that is not supported",
        ),
        (
            "method-http.json",
            "http://issuer.example.org/key",
            "a key's address that could be changed on its way",
        ),
        (
            "method-file.json",
            "file:///etc/passwd",
            "a key on the verifier's own disk",
        ),
    ] {
        let expected = invalid("issuer.contradicted")
            .unknown("proof.method")
            .asks([HTTPS]);
        group.add(file, odd(method), expected.knows([documents::https()]), why);
    }
    let relative = swap(&odd("xyz:key-1"), "\"xyz:key-1\"", "\"key-1\"");
    group.add(
        "method-no-scheme.json",
        relative,
        invalid("form.json-ld"),
        "a key's address without a scheme",
    );
    let set = documents::key_set();
    let p256 = keys::issuer_p256();
    let token = || jwt_with(&small(HTTPS), &p256, &format!("{HTTPS}#p256"));
    let tenant = set.changed("jwks-other-iss.json", |document| {
        document["keys"][0]["iss"] = "https://issuer.example.org/other".into();
    });
    let urls = [HTTPS, documents::KEY_SET_URL];
    let expected = invalid("issuer.contradicted")
        .asks(urls)
        .knows([tenant, documents::profile()])
        .unknown("proof.key-not-loaded");
    group.add(
        "key-set-of-a-neighbour.jwt",
        token(),
        expected,
        "the key set's key is another issuer's on the same host",
    );
    let sealing = set.changed("jwks-encryption.json", |document| {
        document["keys"][0]["use"] = "enc".into();
    });
    let expected = invalid("issuer.contradicted")
        .asks(urls)
        .knows([sealing, documents::profile()])
        .unknown("proof.key-not-loaded");
    group.add(
        "key-set-encryption.jwt",
        token(),
        expected,
        "the key set's key is for encrypting only",
    );
    let empty = set.changed("jwks-empty.json", |document| document["keys"] = json!([]));
    let expected = invalid("issuer.contradicted")
        .asks(urls)
        .knows([empty, documents::profile()])
        .unknown("proof.key-not-loaded");
    group.add(
        "key-set-empty.jwt",
        token(),
        expected,
        "the key set has no keys any more",
    );
    let expected = unknown("issuer.not-established")
        .asks(urls)
        .knows([documents::profile()])
        .unknown("proof.key-not-loaded");
    group.add(
        "key-set-not-loaded.jwt",
        token(),
        expected,
        "neither key set nor document has the key",
    );
}
