//! JWT of all kinds.

use crate::make::badge::{HTTPS, WEB, key_issuer, model_1, small};
use crate::make::documents::{self, controller, jwk_method};
use crate::make::expected::valid;
use crate::make::sign::{self, jwt_by, jwt_with, payload};
use crate::make::{Group, keys};

pub(super) fn tokens(group: &mut Group) {
    let (p256, rsa) = (keys::issuer_p256(), keys::issuer_rsa());
    let web = small(WEB);
    let jwk = || {
        valid()
            .knows([documents::did_web_jwk()])
            .asks([documents::WEB_URL])
    };
    group.add(
        "jwt-es256.jwt",
        jwt_with(&web, &p256, &format!("{WEB}#p256")),
        jwk(),
        "a JWT with ES256 of a did:web issuer",
    );
    group.add(
        "jwt-rs256.jwt",
        jwt_with(&web, &rsa, &format!("{WEB}#rsa")),
        jwk(),
        "a JWT with RS256 of a did:web issuer",
    );
    let signed_p256 = jwt_with(&web, &p256, &format!("{WEB}#p256"));
    let payload = payload(&signed_p256);
    group.add(
        "jwt-es384.jwt",
        jwt_with(&web, &keys::issuer_p384(), &format!("{WEB}#p384")),
        jwk(),
        "a JWT with ES384 of a did:web issuer",
    );
    group.add(
        "jwt-es512.jwt",
        jwt_with(&web, &keys::issuer_p521(), &format!("{WEB}#p521")),
        jwk(),
        "a JWT with ES512 of a did:web issuer",
    );
    let key = keys::issuer();
    group.add(
        "jwt-eddsa.jwt",
        jwt_by(&small(&key_issuer()), &key),
        valid().asks([]),
        "a JWT with EdDSA of a did:key issuer",
    );
    let sign_p256 = |message: &[u8]| p256.sign(message).unwrap();
    let sent = p256.public_key().to_jwk();
    let header = format!(r#"{{"alg":"ES256","jwk":{sent}}}"#);
    group.add(
        "jwt-header-jwk.jwt",
        sign::jws(&header, &payload, sign_p256),
        jwk(),
        "the key in the header is one that the DID document lists",
    );
    let header = format!(r#"{{"alg":"ES256","kid":"{WEB}#p256","typ":"vc+jwt"}}"#);
    group.add(
        "jwt-typ-vc-jwt.jwt",
        sign::jws(&header, &payload, sign_p256),
        jwk(),
        "the header's type is that of the newer profile",
    );
    let header = r##"{"alg":"ES256","kid":"#p256"}"##;
    group.add(
        "jwt-relative-kid.jwt",
        sign::jws(header, &payload, sign_p256),
        jwk(),
        "the header names the key by a fragment of the issuer",
    );
    let bare = small(WEB);
    let header = format!(r#"{{"alg":"ES256","kid":"{WEB}#p256"}}"#);
    let expected = jwk().says("\"absentClaims\":[\"iss\",\"sub\",\"jti\",\"nbf\",\"exp\"]");
    group.add(
        "jwt-no-claims.jwt",
        sign::jws(&header, &bare, sign_p256),
        expected,
        "registered claims that are absent are noted",
    );
    let did = keys::did_jwk(p256.public_key());
    let badge = jwt_with(&small(&did), &p256, &format!("{did}#0"));
    group.add(
        "jwt-did-jwk.jwt",
        badge,
        valid().asks([]),
        "a JWT of a did:jwk issuer",
    );
    let https = small(HTTPS);
    let badge = jwt_with(&https, &p256, &format!("{HTTPS}#p256"));
    let set = || valid().knows([documents::key_set(), documents::web_page()]);
    let expected = set().asks([HTTPS, documents::KEY_SET_URL]);
    group.add(
        "jwt-key-set.jwt",
        badge.clone(),
        expected,
        "the key set of the issuer's host has the key",
    );
    let owned = documents::key_set().changed("jwks-iss.json", |document| {
        document["keys"][0]["iss"] = HTTPS.into();
    });
    group.add(
        "jwt-key-set-iss.jwt",
        badge,
        valid().knows([owned, documents::web_page()]),
        "the key set says that the key is this issuer's",
    );
    let header = r#"{"alg":"ES256","kid":"p256"}"#;
    let badge = sign::jws(
        header,
        &self::payload(&jwt_with(&https, &p256, "p256")),
        sign_p256,
    );
    group.add(
        "jwt-key-set-kid.jwt",
        badge,
        set(),
        "the header has only the key's id in the key set",
    );
    let p256_method = jwk_method(HTTPS, "p256", p256.public_key());
    let listed = controller("https-jwk.json", HTTPS, HTTPS, &[p256_method]);
    let badge = jwt_with(&https, &p256, &format!("{HTTPS}#p256"));
    group.add(
        "jwt-https-controller.jwt",
        badge,
        valid().knows([listed]),
        "the issuer's https address has a document that lists the key of a JWT",
    );
    let old = model_1(&small(WEB));
    let claims = format!(
        r#"{{"iss":"{WEB}","jti":"https://issuer.example.org/badges/7f3a","sub":"urn:uuid:77a1f0c4-52a8-4d4e-8d6e-0f6a7b1c2d03","nbf":1768035600,"exp":1799571600,"vc":{old}}}"#
    );
    let header = format!(r#"{{"alg":"ES256","kid":"{WEB}#p256","typ":"JWT"}}"#);
    group.add(
        "jwt-model-1.jwt",
        sign::jws(&header, &claims, sign_p256),
        jwk(),
        "a JWT of version 1.1 of the data model, in the claim vc",
    );
}
