//! Badges that are good, in every form that issuers write.

use super::Group;
use super::badge::{HTTPS, WEB, entry, full, key_issuer, minimal, small, with_status};
use super::documents::{self, controller, jwk_method, method};
use super::edit::{cut, swap, with};
use super::expected::valid;
use super::keys;
use super::picture::{SVG, baked, png};
use super::sign::{self, carelessly, jwt_by, jwt_with, proof, signed, signed_by, signed_with};

pub(super) fn group() -> Group {
    let mut group = Group::new("good");
    contents(&mut group);
    issuers(&mut group);
    tokens(&mut group);
    spellings(&mut group);
    images(&mut group);
    group
}

fn contents(group: &mut Group) {
    let issuer = key_issuer();
    let badge = signed(&minimal(&issuer));
    group.add(
        "minimal.json",
        badge,
        valid().asks([]),
        "only what a badge must have",
    );
    let (badge, documents) = full();
    let expected = valid()
        .knows(documents)
        .passes("endorsements.valid")
        .passes("status.clear")
        .asks(["https://issuer.example.org/status/1"]);
    group.add(
        "full.json",
        badge,
        expected,
        "every class and member of the standard",
    );
    let related = |tag: &str, name: &str, description: &str, narrative: &str| {
        format!(
            r#"{{
          "id": "https://issuer.example.org/achievements/first-edits#{tag}",
          "type": ["Related", "Achievement"],
          "inLanguage": "{tag}",
          "name": "{name}",
          "description": "{description}",
          "criteria": {{"narrative": "{narrative}"}}
        }}"#
        )
    };
    let languages = [
        related(
            "de",
            "Erste Bearbeitungen",
            "Zehn Bearbeitungen.",
            "Zehnmal bearbeiten.",
        ),
        related(
            "ar",
            "التعديلات الأولى",
            "أجرى عشرة تعديلات.",
            "أجرِ عشرة تعديلات.",
        ),
        related("zh-Hans", "首次编辑", "完成十次编辑。", "完成十次编辑。"),
    ]
    .join(",\n        ");
    let multilingual = swap(
        &minimal(&issuer),
        "\"name\": \"First edits\",",
        &format!(
            "\"inLanguage\": \"en\",\n      \"related\": [{languages}],\n      \"name\": \"First edits\","
        ),
    );
    group.add(
        "multilingual.json",
        signed(&multilingual),
        valid(),
        "one achievement in four languages",
    );
    let right_to_left = swap(
        &small(&issuer),
        "\"name\": \"First edits\",\n  \"issuer\"",
        "\"name\": \"עריכות ראשונות \u{2067}(wiki)\u{2069}\",\n  \"issuer\"",
    );
    let right_to_left = swap(
        &right_to_left,
        "Made ten edits that stayed.",
        "أجرى عشرة تعديلات بقيت.",
    );
    group.add(
        "right-to-left.json",
        signed(&right_to_left),
        valid(),
        "text from right to left, with isolates",
    );
    let pixel = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==";
    let embedded = swap(
        &small(&issuer),
        "https://issuer.example.org/images/first-edits.png",
        pixel,
    );
    group.add(
        "data-image.json",
        signed(&embedded),
        valid(),
        "the achievement's image is a data: URI",
    );
    let hashed = r#""identifier": [
      {
        "type": "IdentityObject",
        "hashed": true,
        "identityHash": "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399",
        "identityType": "emailAddress"
      },
      {
        "type": "IdentityObject",
        "hashed": false,
        "identityHash": "Example Volunteer",
        "identityType": "userName"
      }
    ],
    "creditsEarned""#;
    let identified = signed(&swap(&small(&issuer), "\"creditsEarned\"", hashed));
    for (file, identifier, salt, why) in [
        (
            "recipient-hashed.json",
            "a@example.com",
            Some("Kosher"),
            "the recipient by address, with the holder's salt",
        ),
        (
            "recipient-plain.json",
            "Example Volunteer",
            None,
            "the recipient by user name",
        ),
        (
            "recipient-id.json",
            "urn:uuid:77a1f0c4-52a8-4d4e-8d6e-0f6a7b1c2d03",
            None,
            "the recipient by id",
        ),
    ] {
        let expected = valid()
            .recipient(identifier, salt)
            .passes("recipient.matches");
        group.add(file, identified.clone(), expected, why);
    }
    for (file, identifier, salt, why) in [
        (
            "recipient-other.json",
            "Another Volunteer",
            None,
            "somebody else's badge: genuine all the same",
        ),
        (
            "recipient-no-salt.json",
            "a@example.com",
            None,
            "a hash cannot be confirmed without its salt",
        ),
        (
            "recipient-other-salt.json",
            "a@example.com",
            Some("Fleur"),
            "a hash cannot be confirmed with another salt",
        ),
    ] {
        let expected = valid().recipient(identifier, salt).fails("recipient.other");
        group.add(file, identified.clone(), expected, why);
    }
    let expected = valid().trust([&issuer]).passes("trust.known");
    group.add(
        "trusted.json",
        identified.clone(),
        expected,
        "the issuer is on the verifier's list",
    );
    let expected = valid().trust([WEB]).unknown("trust.unlisted");
    group.add(
        "not-trusted.json",
        identified,
        expected,
        "the issuer is not on the verifier's list: genuine all the same",
    );
}

fn issuers(group: &mut Group) {
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
    let embedded = documents::did_web().changed("did-web-embedded.json", |document| {
        document["assertionMethod"] = document["verificationMethod"].take();
        document["verificationMethod"] = serde_json::json!([]);
    });
    group.add(
        "did-web-embedded.json",
        badge.clone(),
        valid().knows([embedded]),
        "the DID document has the key inside assertionMethod",
    );
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

fn badge_of_web() -> String {
    signed(&small(WEB))
}

fn tokens(group: &mut Group) {
    let (p256, rsa, p384) = (keys::issuer_p256(), keys::issuer_rsa(), keys::issuer_p384());
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
    let header = format!(r#"{{"alg":"ES384","kid":"{WEB}#p384","typ":"JWT"}}"#);
    let badge = sign::jws(&header, &payload, |message| p384.sign(message));
    group.add(
        "jwt-es384.jwt",
        badge,
        jwk(),
        "a JWT with ES384 of a did:web issuer",
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

/// The payload of a JWT as text.
pub(super) fn payload(jwt: &str) -> String {
    badges_core::proof::jwt::Jws::parse(jwt).unwrap().payload
}

/// The small badge in version 1.1 of the data model.
pub(super) fn model_1(small: &str) -> String {
    let badge = swap(
        small,
        "https://www.w3.org/ns/credentials/v2",
        "https://www.w3.org/2018/credentials/v1",
    );
    let badge = swap(
        &badge,
        "context-3.0.3.json\"",
        "context-3.0.1.json\",\n    \"https://w3id.org/security/data-integrity/v2\"",
    );
    let badge = cut(&badge, "  \"awardedDate\": \"2026-01-09T16:30:00Z\",\n");
    let badge = swap(&badge, "validFrom", "issuanceDate");
    swap(&badge, "validUntil", "expirationDate")
}

fn spellings(group: &mut Group) {
    let issuer = key_issuer();
    let key = keys::issuer();
    let badge = small(&issuer);
    let older = swap(&badge, "context-3.0.3.json", "context-3.0.2.json");
    let older = carelessly(
        &cut(&older, "  \"awardedDate\": \"2026-01-09T16:30:00Z\",\n"),
        &own_proof(&badge),
        &key,
    );
    let expected = valid().passes("schema.departs");
    group.add(
        "context-3.0.2.json",
        older,
        expected.clone(),
        "the context of an older version",
    );
    let old = carelessly(&model_1(&badge), &own_proof(&badge), &key);
    group.add(
        "model-1.json",
        old,
        expected.clone(),
        "version 1.1 of the data model with a proof inside",
    );
    let whole = signed(&badge);
    let single = whole.replacen("\"proof\":[", "\"proof\":", 1);
    let single = single
        .trim_end()
        .strip_suffix("]}")
        .map(|body| format!("{body}}}"));
    group.add(
        "single-proof.json",
        single.unwrap(),
        valid(),
        "one proof, not in an array",
    );
    let compact = whole
        .replace("[\"AchievementSubject\"]", "\"AchievementSubject\"")
        .replace("[\"Achievement\"]", "\"Achievement\"")
        .replace("[\"Profile\"]", "\"Profile\"");
    group.add(
        "types-as-strings.json",
        compact,
        expected.clone(),
        "classes as plain strings, as JSON-LD tools write them",
    );
    let string_issuer = carelessly(&bare_issuer(&badge, &issuer), &own_proof(&badge), &key);
    group.add(
        "issuer-as-string.json",
        string_issuer,
        expected.clone(),
        "the issuer is its id alone",
    );
    let array = carelessly(
        &with(
            &badge,
            &format!("\"credentialStatus\": [{}]", entry("revocation", "7")),
        ),
        &own_proof(&badge),
        &key,
    );
    let list = documents::clear_list(&issuer);
    group.add(
        "status-in-array.json",
        array,
        expected.knows([list.clone()]),
        "credentialStatus as an array of one",
    );
    let badge_status = signed(&with_status(&badge, "revocation", "7"));
    group.add(
        "status-clear.json",
        badge_status,
        valid().knows([list]).passes("status.clear"),
        "an entry of a status list that is not set",
    );
    let marked = format!("\u{feff}{whole}");
    group.add(
        "byte-order-mark.json",
        marked,
        valid(),
        "a byte order mark before the text",
    );
    let escaped = whole.replacen("\"validUntil\"", "\"valid\\u0055ntil\"", 1);
    group.add(
        "escaped-key.json",
        escaped,
        valid(),
        "a member's name with an escape is the same name",
    );
    let null = whole.replacen(
        "\"name\": \"First edits\",\n  \"issuer\"",
        "\"description\": null,\n  \"name\": \"First edits\",\n  \"issuer\"",
        1,
    );
    group.add(
        "null-member.json",
        null,
        valid().passes("schema.departs"),
        "a member that is null is as good as absent",
    );
    let known = swap(
        &whole,
        "context-3.0.3.json\"",
        "context-3.0.3.json\",\n    \"https://w3id.org/security/data-integrity/v2\"",
    );
    group.add(
        "known-context-appended.json",
        known,
        valid(),
        "a pinned context more changes no word's meaning",
    );
    let did_web_badge = swap(
        &small(WEB),
        "\"https://issuer.example.org\"",
        "\"https://issuer.example.org/über-uns?a=1&b=2\"",
    );
    group.add(
        "iri-beyond-ascii.json",
        signed(&did_web_badge),
        valid().knows([documents::did_web()]),
        "an address with letters beyond ASCII",
    );
}

/// The badge whose issuer is its id alone.
pub(super) fn bare_issuer(badge: &str, issuer: &str) -> String {
    let object = super::edit::between(badge, "\"issuer\": {", "}");
    swap(badge, object, &format!("\"issuer\": \"{issuer}\""))
}

/// The usual proof of a badge by its issuer's Ed25519 key.
pub(super) fn own_proof(badge: &str) -> String {
    proof(&sign::own_method(badge, &keys::issuer()))
}

fn images(group: &mut Group) {
    let badge = signed_by(&small(&key_issuer()), &keys::issuer());
    let jwt = jwt_by(&small(&key_issuer()), &keys::issuer());
    let picture = png(b"", b"");
    group.add(
        "png-json.png",
        baked(&badge, &picture),
        valid(),
        "JSON baked into a PNG",
    );
    group.add(
        "png-jwt.png",
        baked(&jwt, &picture),
        valid(),
        "a JWT baked into a PNG",
    );
    group.add(
        "svg-json.svg",
        baked(&badge, SVG.as_bytes()),
        valid(),
        "JSON baked into an SVG",
    );
    group.add(
        "svg-jwt.svg",
        baked(&jwt, SVG.as_bytes()),
        valid(),
        "a JWT baked into an SVG",
    );
}
