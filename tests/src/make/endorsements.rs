//! Endorsements: judged each on its own; none sinks the badge.

use super::Group;
use super::badge::{WEB, endorsement, entry, key_issuer, small};
use super::documents::{self, Document, LIST_URL, controller, method};
use super::edit::{cut, swap, with};
use super::expected::{Expected, invalid, valid};
use super::keys;
use super::sign::{carelessly, jwt_by, proof, signed, signed_by, signed_with};

pub(super) fn group() -> Group {
    let mut group = Group::new("endorsements");
    sound(&mut group);
    unsound(&mut group);
    tokens(&mut group);
    group
}

const BADGE: &str = "https://issuer.example.org/badges/7f3a";
const ID: &str = "urn:uuid:2f0c6c0e-8f0b-4a6f-9f6e-1d2c3b4a5f02";

fn endorser() -> String {
    keys::did(&keys::endorser())
}

/// The endorser's text about a subject.
fn about(subject: &str) -> String {
    endorsement(ID, &endorser(), subject)
}

fn by_endorser(text: &str) -> String {
    signed_by(text, &keys::endorser())
}

/// The endorser's text, signed without asking the library.
fn carelessly_by_endorser(text: &str) -> String {
    let key = keys::endorser();
    let method = format!("{}#{}", endorser(), keys::multikey(&key));
    carelessly(text, &proof(&method), &key)
}

/// The small badge with an endorsement, signed.
fn endorsed(endorsement: &str) -> String {
    let key = keys::issuer();
    let badge = with(
        &small(&key_issuer()),
        &format!("\"endorsement\": [{endorsement}]"),
    );
    let method = format!("{}#{}", key_issuer(), keys::multikey(&key));
    carelessly(&badge, &proof(&method), &key)
}

fn holds() -> Expected {
    valid().passes("endorsements.valid")
}

/// An endorsement that does not count, because of this.
fn fails(reason: &str) -> Expected {
    valid()
        .fails("endorsements.invalid")
        .says(&format!("\"reason\":\"{reason}\""))
}

/// An endorsement of which nobody can tell, because of this.
fn open(reason: &str) -> Expected {
    valid()
        .unknown("endorsements.unknown")
        .says(&format!("\"reason\":\"{reason}\""))
}

fn sound(group: &mut Group) {
    group.add(
        "of-badge.json",
        endorsed(&by_endorser(&about(BADGE))),
        holds().asks([]),
        "the badge is endorsed",
    );
    let achievement = "https://issuer.example.org/achievements/first-edits";
    let place = |place: &str, subject: &str| {
        let endorsement = by_endorser(&about(subject));
        swap(
            &small(&key_issuer()),
            place,
            &format!("\"endorsement\": [{endorsement}],\n      {place}"),
        )
    };
    let badge = place("\"achievementType\"", achievement);
    group.add(
        "of-achievement.json",
        signed(&badge),
        holds().says("credentialSubject.achievement.endorsement[0]"),
        "the achievement is endorsed",
    );
    let badge = place("\"url\": \"https://issuer.example.org\"", &key_issuer());
    group.add(
        "of-issuer.json",
        signed(&badge),
        holds().says("issuer.endorsement[0]"),
        "the issuer is endorsed",
    );
    let parent = "https://parent.example.org/profile";
    let profile = |subject: &str| {
        let endorsement = by_endorser(&about(subject));
        format!(r#"{{"id": "{subject}", "type": ["Profile"], "endorsement": [{endorsement}]}}"#)
    };
    let badge = swap(
        &small(&key_issuer()),
        "\"url\": \"https://issuer.example.org\"",
        &format!("\"parentOrg\": {}", profile(parent)),
    );
    group.add(
        "of-parent.json",
        signed(&badge),
        holds().says("issuer.parentOrg.endorsement[0]"),
        "the issuer's parent organisation is endorsed",
    );
    let badge = swap(
        &small(&key_issuer()),
        "\"achievementType\"",
        &format!(
            "\"creator\": {},\n      \"achievementType\"",
            profile(parent)
        ),
    );
    group.add(
        "of-creator.json",
        signed(&badge),
        holds().says("achievement.creator.endorsement[0]"),
        "the achievement's creator is endorsed",
    );
    let badge = swap(
        &small(&key_issuer()),
        "\"creditsEarned\"",
        &format!("\"source\": {},\n    \"creditsEarned\"", profile(parent)),
    );
    group.add(
        "of-source.json",
        signed(&badge),
        holds().says("source.endorsement[0]"),
        "the assessor is endorsed",
    );
    let two = format!(
        "{}, {}",
        by_endorser(&about(BADGE)),
        by_endorser(&about("urn:uuid:1"))
    );
    group.add(
        "one-of-two.json",
        endorsed(&two),
        holds().fails("endorsements.invalid"),
        "one counts, the other does not",
    );
    let web = "did:web:endorser.example.org";
    let url = "https://endorser.example.org/.well-known/did.json";
    let text = swap(&about(BADGE), &endorser(), web);
    let own = format!("{web}#{}", keys::multikey(&keys::endorser()));
    let endorsement = signed_with(&text, &keys::endorser(), &own);
    let listed = controller(
        "did-web-endorser.json",
        url,
        web,
        &[method(web, keys::endorser().public_key())],
    );
    group.add(
        "by-did-web.json",
        endorsed(&endorsement),
        holds().knows([listed]).asks([url]),
        "the endorser's key is asked for when the badge is genuine",
    );
    group.add(
        "by-did-web-not-loaded.json",
        endorsed(&endorsement),
        open("issuer.not-loaded").asks([url]),
        "the endorser's document is not there",
    );
    let forged = swap(&endorsed(&endorsement), "Made ten edits", "Made 1000 edits");
    group.add(
        "in-a-forgery.json",
        forged,
        invalid("proof.signature").asks([]),
        "the endorsers of a forgery are not asked",
    );
    let list = documents::list_text(&endorser(), "revocation", &[7]);
    let list = Document::new("list-of-endorser.json", LIST_URL, by_endorser(&list));
    let revocable = |index: &str| {
        by_endorser(&with(
            &about(BADGE),
            &format!("\"credentialStatus\": {}", entry("revocation", index)),
        ))
    };
    group.add(
        "revocable.json",
        endorsed(&revocable("8")),
        holds().knows([list.clone()]).asks([LIST_URL]),
        "an endorsement that could be taken back, and was not",
    );
    group.add(
        "revoked.json",
        endorsed(&revocable("7")),
        fails("status.revoked").knows([list]),
        "an endorsement that was taken back",
    );
    group.add(
        "revocable-not-loaded.json",
        endorsed(&revocable("7")),
        open("status.not-loaded"),
        "an endorsement whose list is not there",
    );
}

fn unsound(group: &mut Group) {
    let good = by_endorser(&about(BADGE));
    let transplanted = by_endorser(&about("https://issuer.example.org/badges/other"));
    group.add(
        "transplanted.json",
        endorsed(&transplanted),
        fails("endorsements.other-subject"),
        "the endorsement of another badge",
    );
    let until = |date: &str| {
        swap(
            &about(BADGE),
            "\"credentialSubject\"",
            &format!("\"validUntil\": \"{date}\",\n  \"credentialSubject\""),
        )
    };
    let ended = by_endorser(&until("2026-03-01T00:00:00Z"));
    group.add(
        "expired.json",
        endorsed(&ended),
        fails("validity.expired"),
        "its time is over",
    );
    let early = by_endorser(&swap(
        &about(BADGE),
        "2026-01-10T09:00:00Z",
        "2026-07-01T00:00:00Z",
    ));
    group.add(
        "not-yet.json",
        endorsed(&early),
        fails("validity.not-yet"),
        "its time has not come",
    );
    let altered = swap(&good, "Asks for the right things.", "Worth a doctorate.");
    group.add(
        "altered.json",
        endorsed(&altered),
        fails("proof.signature"),
        "it was changed before the badge was signed",
    );
    group.add(
        "altered-later.json",
        swap(
            &endorsed(&good),
            "Asks for the right things.",
            "Worth a doctorate.",
        ),
        invalid("proof.signature"),
        "it was changed after the badge was signed: it is part of the badge",
    );
    group.add(
        "removed-later.json",
        swap(&endorsed(&good), &good, ""),
        invalid("proof.signature"),
        "it was taken out of the badge",
    );
    group.add(
        "unsigned.json",
        endorsed(&about(BADGE)),
        fails("proof.missing"),
        "it is not signed",
    );
    let by_mallory = signed_with(
        &about(BADGE),
        &keys::mallory(),
        &format!(
            "{}#{}",
            keys::did(&keys::mallory()),
            keys::multikey(&keys::mallory())
        ),
    );
    group.add(
        "by-another.json",
        endorsed(&by_mallory),
        fails("issuer.contradicted"),
        "it is not by the endorser whom it names",
    );
    let badge = signed(&small(&key_issuer()));
    let badge = swap(&badge, "badges/7f3a", "badges/7f3a#endorsement");
    group.add(
        "is-a-badge.json",
        endorsed(&badge),
        fails("form.type"),
        "a badge in the place of an endorsement",
    );
    let respelled = swap(
        &good,
        "\"validFrom\"",
        "\"https://www.w3.org/2018/credentials#validFrom\"",
    );
    group.add(
        "respelled.json",
        endorsed_by_careless_issuer(&respelled),
        invalid("form.json-ld"),
        "a re-spelled member inside an endorsement is one inside the badge",
    );
    let bare = cut(&good, super::edit::between(&good, "\"@context\": [", "],"));
    group.add(
        "no-context.json",
        swap(&endorsed(&good), &good, &bare),
        fails("form.context"),
        "its contexts were taken out: those of the badge do not stand in",
    );
    let other = swap(
        &good,
        "context-3.0.3.json\"",
        "context-3.0.3.json\",\n    \"https://mallory.example.org/context.json\"",
    );
    group.add(
        "unknown-context.json",
        swap(&endorsed(&good), &good, &other),
        super::expected::unknown("form.context"),
        "a context that is not known makes the badge unreadable too",
    );
    let nameless = carelessly_by_endorser(&cut(&about(BADGE), "\n  \"name\": \"Recommended\","));
    group.add(
        "nameless.json",
        endorsed(&nameless),
        holds(),
        "an endorsement without a name, as many have it",
    );
    let subjectless =
        carelessly_by_endorser(&cut(&about(BADGE), &format!("\n    \"id\": \"{BADGE}\",")));
    group.add(
        "of-nothing.json",
        endorsed(&subjectless),
        fails("endorsements.other-subject"),
        "it does not say what it endorses",
    );
}

/// The small badge with an endorsement that cannot be signed under the library's rules.
fn endorsed_by_careless_issuer(endorsement: &str) -> String {
    let badge = with(
        &small(&key_issuer()),
        &format!("\"endorsement\": [{endorsement}]"),
    );
    let key = keys::issuer();
    carelessly(
        &badge,
        &proof(&format!("{}#{}", key_issuer(), keys::multikey(&key))),
        &key,
    )
}

fn tokens(group: &mut Group) {
    let token = jwt_by(&about(BADGE), &keys::endorser());
    let with_token = |token: &str| {
        with(
            &small(&key_issuer()),
            &format!("\"endorsementJwt\": [\"{token}\"]"),
        )
    };
    group.add(
        "token.json",
        signed(&with_token(&token)),
        holds().asks([]),
        "an endorsement as a JWT",
    );
    let added = with(
        &signed(&small(&key_issuer())),
        &format!("\"endorsementJwt\": [\"{token}\"]"),
    );
    let expected = || holds().says("\"unsigned\":[\"endorsementJwt\"]");
    group.add("token-added.json", added, expected(), "a JWT that the badge's signature does not cover, as in badges of before 2026-06: it counts by its own signature, and the report says so");
    let other = jwt_by(&about("urn:uuid:1"), &keys::endorser());
    let transplanted = with(
        &signed(&small(&key_issuer())),
        &format!("\"endorsementJwt\": [\"{other}\"]"),
    );
    let expected = fails("endorsements.other-subject");
    group.add(
        "token-transplanted.json",
        transplanted,
        expected,
        "a JWT about another badge was added",
    );
    let parts: Vec<&str> = token.split('.').collect();
    let broken = format!("{}.{}.{}", parts[0], parts[1], "A".repeat(86));
    group.add(
        "token-broken.json",
        signed(&with_token(&broken)),
        fails("proof.signature"),
        "a JWT whose signature does not hold",
    );
    let swapped = swap(&signed(&with_token(&token)), &token, &broken);
    group.add(
        "token-replaced.json",
        swapped,
        fails("proof.signature").says("\"unsigned\":[\"endorsementJwt\"]"),
        "a JWT that was signed along was replaced: as if the signature had never covered it",
    );
    group.add(
        "token-is-json.json",
        with(
            &signed(&small(&key_issuer())),
            "\"endorsementJwt\": [\"{}\"]",
        ),
        fails("form.jwt"),
        "JSON where a JWT should be",
    );
    group.add(
        "token-is-text.json",
        with(
            &signed(&small(&key_issuer())),
            "\"endorsementJwt\": [\"Recommended!\"]",
        ),
        fails("form.not-a-badge"),
        "words where a JWT should be",
    );
    let none = super::sign::jws(r#"{"alg":"none"}"#, &about(BADGE), |_| Vec::new());
    group.add(
        "token-alg-none.json",
        with(
            &signed(&small(&key_issuer())),
            &format!("\"endorsementJwt\": [\"{none}\"]"),
        ),
        fails("proof.algorithm"),
        "a JWT without a signature",
    );
    let inside = swap(
        &signed(&small(&key_issuer())),
        "\"name\": \"Example Wiki Group\"",
        &format!("\"endorsementJwt\": [\"{token}\"],\n    \"name\": \"Example Wiki Group\""),
    );
    group.add(
        "token-at-issuer.json",
        inside,
        fails("endorsements.other-subject"),
        "a JWT about the badge was added to its issuer",
    );
    let hidden = with(
        &signed(&small(&key_issuer())),
        "\"endorsementJwt\": {\"validUntil\": \"2037-01-10T09:00:00Z\"}",
    );
    group.add(
        "token-is-object.json",
        hidden,
        invalid("form.json-ld"),
        "an object in the place that older signatures do not cover",
    );
    let badge = with(&small(WEB), &format!("\"endorsementJwt\": [\"{token}\"]"));
    let payload = super::good::payload(&super::sign::jwt_with(&badge, &keys::issuer_p256(), "x"));
    let header = format!(r#"{{"alg":"ES256","kid":"{WEB}#p256"}}"#);
    let jwt = super::sign::jws(&header, &payload, |message| {
        keys::issuer_p256().sign(message).unwrap_or_default()
    });
    group.add(
        "in-a-token.jwt",
        jwt,
        holds()
            .knows([documents::did_web_jwk()])
            .asks([documents::WEB_URL]),
        "a JWT with a JWT inside",
    );
}
