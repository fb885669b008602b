//! Endorsements: judged each on its own; none sinks the badge.

mod tokens;
mod unsound;

use super::badge::{endorsement, entry, key_issuer, small};
use super::documents::{self, Document, LIST_URL, controller, method};
use super::edit::{swap, with};
use super::expected::{Expected, invalid, valid};
use super::sign::{carelessly, proof, signed, signed_by, signed_with};
use super::{Group, keys};

pub(super) fn group() -> Group {
    let mut group = Group::new("endorsements");
    sound(&mut group);
    unsound::unsound(&mut group);
    tokens::tokens(&mut group);
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
    let good = by_endorser(&about(BADGE));
    let forged = swap(&good, "\"validFrom\": \"2", "\"validFrom\": \"1");
    let many = [vec![good; 32], vec![forged]].concat();
    group.add(
        "too-many.json",
        endorsed(&many.join(",")),
        holds()
            .unknown("endorsements.too-many")
            .says("\"found\":33,\"judged\":32"),
        "more endorsements than are judged, and the last is forged",
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
