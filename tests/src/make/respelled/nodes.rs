//! Two objects with one id.

use super::{END, late};
use crate::make::badge::{WEB, endorsement, entry, full, key_issuer, small};
use crate::make::edit::{between, cut, swap, with};
use crate::make::expected::{expired, invalid, revoked, unknown, valid};
use crate::make::sign::{carelessly, own_proof, signed, signed_by};
use crate::make::{Group, documents, keys};

/// Two objects with one id are one thing: what is said of it can stand in either, signed alike.
pub(super) fn same_nodes(group: &mut Group) {
    let types = "\"type\": [\"VerifiableCredential\", \"OpenBadgeCredential\"";
    let refreshed = swap(
        &small(&key_issuer()),
        "context-3.0.3.json\"",
        "context-3.0.3.json\",\n    \"https://purl.imsglobal.org/spec/ob/v3p0/extensions.json\"",
    );
    let refreshed = signed(&with(
        &refreshed,
        "\"refreshService\": {\"id\": \"https://issuer.example.org/badges/7f3a\", \"type\": \"1EdTechCredentialRefresh\"}",
    ));
    let expected = expired().at("2029-01-01T00:00:00Z");
    group.add(
        "refresh-at-own-id.json",
        refreshed.clone(),
        expected,
        "a badge whose newest version has its own address, expired",
    );
    let moved = cut(&refreshed, &format!("{END},\n  "));
    let moved = swap(
        &moved,
        "\"type\": \"1EdTechCredentialRefresh\"",
        &format!("{types}, \"1EdTechCredentialRefresh\"], {END}"),
    );
    group.add(
        "end-in-refresh-service.json",
        moved,
        late(invalid("form.json-ld")),
        "its end was moved to the object with the badge's own id: signed alike",
    );

    let endorser = keys::did(&keys::endorser());
    let endorsement = endorsement(
        "urn:uuid:2f0c6c0e-8f0b-4a6f-9f6e-1d2c3b4a5f02",
        &endorser,
        "https://issuer.example.org/badges/7f3a",
    );
    let endorsement = signed_by(&endorsement, &keys::endorser());
    let endorsed = with(
        &small(WEB),
        &format!(
            "\"endorsement\": [{endorsement}],\n  \"credentialStatus\": {}",
            entry("revocation", "7")
        ),
    );
    let endorsed = signed(&endorsed);
    let list = documents::list(
        "list-revoked-7.json",
        &documents::list_text(WEB, "revocation", &[7]),
    );
    let expected = revoked()
        .knows([documents::did_web(), list.clone()])
        .passes("endorsements.valid");
    group.add(
        "endorsed.json",
        endorsed.clone(),
        expected,
        "an endorsed badge, revoked",
    );
    let status = between(&endorsed, ",\n  \"credentialStatus\": {", "}").to_owned();
    let moved = cut(&endorsed, &status);
    let moved = swap(
        &moved,
        "\"type\": [\"EndorsementSubject\"]",
        &format!("{types}, \"EndorsementSubject\"]{status}"),
    );
    let expected = invalid("form.json-ld")
        .knows([documents::did_web(), list])
        .asks([documents::WEB_URL]);
    group.add(
        "status-in-endorsement.json",
        moved,
        expected,
        "its status was moved into the endorsement's subject, which is the badge: signed alike",
    );

    let (badge, documents) = full();
    let moved = cut(&badge, "\n  \"validUntil\": \"2027-01-10T10:00:00+01:00\",");
    let subject = "\"id\": \"https://issuer.example.org/badges/c41d\",\n    \"type\": [\"EndorsementSubject\"]";
    let moved = swap(
        &moved,
        subject,
        &format!(
            "\"id\": \"https://issuer.example.org/badges/c41d\",\n    {types}, \"EndorsementSubject\"], \"validUntil\": \"2027-01-10T10:00:00+01:00\""
        ),
    );
    group.add(
        "end-in-endorsement.json",
        moved,
        late(invalid("form.json-ld")).knows(documents),
        "an end was moved into an endorsement's subject, which is the badge: signed alike",
    );

    names_of_two(group);
    let plain = badge_with_image_twice();
    let moved = swap(
        &plain,
        "\"type\": \"Image\",\n    \"caption\": \"A pencil\"",
        "\"type\": \"Image\"",
    );
    group.add(
        "image-caption-moved.json",
        moved,
        valid(),
        "harmless: what is said of one image stands once instead of twice",
    );
    let revoked = with(
        &small(&key_issuer()),
        &format!("\"credentialStatus\": {}", entry("revocation", "7")),
    );
    let revoked = carelessly(&revoked, &own_proof(&revoked), &keys::issuer());
    let split = swap(&revoked, "\"statusListIndex\": \"7\",\n    ", "");
    let split = swap(
        &split,
        "\"credentialStatus\": {",
        "\"credentialStatus\": [{\"id\": \"https://issuer.example.org/status/1#7\", \"type\": \"BitstringStatusListEntry\", \"statusListIndex\": \"7\"}, {",
    );
    let split = swap(&split, "/status/1\"\n  }", "/status/1\"\n  }]");
    let list = documents::list(
        "list-revoked.json",
        &documents::list_text(&key_issuer(), "revocation", &[0, 7, 131_071]),
    );
    let expected = invalid("schema.nonconforming")
        .unknown("status.entry")
        .unknown("status.entry")
        .knows([list]);
    group.add(
        "status-in-two-objects.json",
        split,
        expected,
        "one entry as two objects with its id",
    );
}

/// A holder's evidence, and an endorsement, that have the achievement's id.
fn names_of_two(group: &mut Group) {
    let achievement = "https://issuer.example.org/achievements/first-edits";
    let evidence = |name: &str| {
        let evidence = format!(
            r#""evidence": [{{"id": "{achievement}", "type": ["Evidence"], "name": "{name}"}}]"#
        );
        signed(&with(&small(&key_issuer()), &evidence))
    };
    group.add(
        "evidence-with-id-of-achievement.json",
        evidence("Grand Master of Everything"),
        unknown("form.mixed").says("\"member\":\"name\""),
        "evidence at the achievement's own address: their names could change places",
    );
    group.add(
        "evidence-with-id-and-name.json",
        evidence("First edits"),
        valid(),
        "the same, with one name for both",
    );
    let endorser = keys::did(&keys::endorser());
    let endorsement = endorsement(
        "urn:uuid:2f0c6c0e-8f0b-4a6f-9f6e-1d2c3b4a5f02",
        &endorser,
        achievement,
    );
    let endorsement = signed_by(&endorsement, &keys::endorser());
    let kind = "\"achievementType\": \"Badge\"";
    let endorsed = signed(&swap(
        &small(&key_issuer()),
        kind,
        &format!("{kind}, \"endorsement\": [{endorsement}]"),
    ));
    group.add(
        "achievement-endorsed.json",
        endorsed.clone(),
        valid().passes("endorsements.valid"),
        "an endorsed achievement",
    );
    let types = "\"type\": [\"EndorsementSubject\"]";
    let both = types.replace(']', ", \"Achievement\"]");
    group.add(
        "kind-in-endorsement.json",
        swap(
            &cut(&endorsed, &format!("{kind}, ")),
            types,
            &format!("{both}, {kind}"),
        ),
        unknown("form.mixed")
            .fails("endorsements.invalid")
            .says("\"member\":\"achievementType\""),
        "its kind was moved into the endorsement's subject, which it is: signed alike",
    );
}

pub(super) fn badge_with_image_twice() -> String {
    let image = r#""image": {
    "id": "https://issuer.example.org/images/first-edits.png",
    "type": "Image",
    "caption": "A pencil"
  },
  "awardedDate""#;
    signed(&swap(&small(&key_issuer()), "\"awardedDate\"", image))
}
