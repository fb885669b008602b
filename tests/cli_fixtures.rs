//! The badges that the command line's transcripts work on (`fixtures/cli/`): written here, so that
//! they can be written again.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::{Path, PathBuf};

use badges_core::bake::bake;
use badges_core::credential::{SignedCredential, UnsignedCredential, verification_method};
use badges_core::did::did_key;
use badges_core::key::SigningKey;
use badges_core::model::{
    AchievedResult, Achievement, AchievementCredential, AchievementSubject, CredentialStatus,
    Criteria, EndorsementCredential, EndorsementSubject, Evidence, IdentifierType, IdentityObject,
    Profile, ResultDescription, ResultType, parse_date_time,
};
use badges_core::proof::data_integrity::ProofOptions;
use badges_core::status::StatusBits;
use serde_json::json;
use serde_json::value::RawValue;
use time::OffsetDateTime;

const ISSUER: &str = "did:web:example.org";
const LIST: &str = "https://example.org/status/1";
const CREATED: &str = "2026-05-01T00:00:00Z";
const REVOKED: usize = 8;

#[test]
fn the_fixtures_are_what_the_library_writes() {
    for (path, bytes) in files() {
        let written = std::fs::read(&path).unwrap_or_default();
        assert!(
            written == bytes,
            "{} differs: write the fixtures again",
            path.display()
        );
    }
}

#[test]
#[ignore = "writes the fixtures"]
fn write() {
    for (path, bytes) in files() {
        std::fs::write(path, bytes).unwrap();
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/cli")
}

fn files() -> Vec<(PathBuf, Vec<u8>)> {
    let editor = sign(editor(ISSUER, "badges/editor", 7), ISSUER, &ed25519());
    let texts = [
        ("../keys/test-cli-ed25519.json", key_file(&ed25519())),
        ("../keys/test-cli-p256.json", key_file(&p256())),
        ("did.json", did_document()),
        ("status-1.json", status_list()),
        ("editor.json", editor.clone()),
        ("editor.jwt", jwt()),
        ("no-web-address.json", no_web_address()),
        ("expired.json", expired()),
        ("not-yet.json", not_yet()),
        ("revoked.json", sign(editor_revoked(), ISSUER, &ed25519())),
        (
            "altered.json",
            editor.replace("Query Basics", "Query Mastery"),
        ),
        (
            "stolen-name.json",
            sign(editor_revoked(), ISSUER, &SigningKey::ed25519(&[3; 32])),
        ),
        ("hashed.json", hashed()),
        ("hostile.json", hostile()),
        ("endorsed.json", endorsed()),
    ];
    let picture = |format: &str| std::fs::read(folder().join(format!("picture.{format}"))).unwrap();
    let images = [
        ("editor.png", bake(&editor, &picture("png")).unwrap()),
        ("editor.svg", bake(&editor, &picture("svg")).unwrap()),
        ("text-chunk.png", with_text_chunk(&editor, &picture("png"))),
    ];
    texts
        .into_iter()
        .map(|(name, text)| (name, text.into_bytes()))
        .chain(images)
        .map(|(name, bytes)| (folder().join(name), bytes))
        .collect()
}

fn ed25519() -> SigningKey {
    SigningKey::ed25519(&[1; 32])
}

fn p256() -> SigningKey {
    SigningKey::p256(&[2; 32]).unwrap()
}

fn key_file(key: &SigningKey) -> String {
    let text = key.to_file_text().unwrap();
    let label = "\"comment\":\"A test key: everybody has it\"";
    format!(
        "{{{label},{}\n",
        text.trim().strip_prefix('{').unwrap().trim_start()
    )
}

fn time(text: &str) -> OffsetDateTime {
    parse_date_time(text).unwrap()
}

/// A badge with what a badge of a training usually has.
fn editor(issuer: &str, path: &str, status: usize) -> AchievementCredential {
    let mut achievement = Achievement::new(
        "https://example.org/achievements/query-basics",
        "Wikidata Query Basics",
        "Can ask Wikidata questions of their own.",
        Criteria::narrative("Write five queries:\n\n- two of them with a filter\n- one with a map"),
    );
    achievement.in_language = Some("en".to_owned());
    achievement.translate(
        &"pt-BR".parse().unwrap(),
        "Consultas básicas no Wikidata",
        "Sabe fazer suas próprias perguntas ao Wikidata.",
        Criteria::narrative("Escrever cinco consultas."),
    );
    achievement.result_description.push(ResultDescription::new(
        "https://example.org/achievements/query-basics#queries",
        "Queries written",
        ResultType::RawScore,
    ));
    let mut subject = AchievementSubject::new(achievement);
    subject.id = Some("urn:uuid:1f0b8c52-7a53-4c1e-9d0c-6f5c1f6d2a01".to_owned());
    subject.identifier.push(IdentityObject::plain(
        IdentifierType::UserName,
        "Example Volunteer",
    ));
    subject.result.push(AchievedResult {
        result_description: Some(
            "https://example.org/achievements/query-basics#queries".to_owned(),
        ),
        value: Some("7".to_owned()),
        ..AchievedResult::default()
    });
    let mut profile = Profile::new(issuer);
    profile.name = Some("Example Wiki Trainers".to_owned());
    let id = format!("https://example.org/{path}");
    let mut badge = AchievementCredential::new(id, profile, time(CREATED), subject);
    badge.name = Some("Wikidata Query Basics".to_owned());
    badge.evidence.push(Evidence {
        id: Some("https://example.org/wiki/Queries_of_May".to_owned()),
        name: Some("The queries".to_owned()),
        ..Evidence::default()
    });
    badge.credential_status = Some(CredentialStatus::bitstring(LIST, status, "revocation"));
    badge
}

fn editor_revoked() -> AchievementCredential {
    editor(ISSUER, "badges/revoked", REVOKED)
}

fn no_web_address() -> String {
    let key = ed25519();
    let issuer = did_key(key.public_key()).unwrap();
    let mut badge = editor(&issuer, "", 0);
    badge.id = "urn:uuid:8c2a31a0-5a36-4f0a-8a5e-4f0f4d2f7b10".to_owned();
    badge.credential_status = None;
    sign(badge, &issuer, &key)
}

fn expired() -> String {
    let mut badge = editor(ISSUER, "badges/expired", 9);
    badge.valid_until = Some(time("2026-05-31T00:00:00Z").into());
    sign(badge, ISSUER, &ed25519())
}

fn not_yet() -> String {
    let mut badge = editor(ISSUER, "badges/not-yet", 10);
    badge.valid_from = time("2027-01-01T00:00:00Z").into();
    sign(badge, ISSUER, &ed25519())
}

fn hashed() -> String {
    let mut badge = editor(ISSUER, "badges/hashed", 11);
    badge.credential_subject.identifier = vec![IdentityObject::hashed(
        IdentifierType::UserName,
        "Example Volunteer",
        "8f14e45fceea167a5a36dedd4bea2543",
        false,
    )];
    sign(badge, ISSUER, &ed25519())
}

fn endorsed() -> String {
    let key = ed25519();
    let endorse = |about: &str| {
        let mut profile = Profile::new(did_key(key.public_key()).unwrap());
        profile.name = Some("Example Friend".to_owned());
        let mut subject = EndorsementSubject::new(about);
        subject.endorsement_comment = Some("The queries are good.".to_owned());
        let endorsement = EndorsementCredential::new(
            "urn:uuid:3d8b1c6e-2f0a-4f7e-9a63-0b8f3f1f9c22",
            "Good queries",
            profile.clone(),
            time(CREATED),
            subject,
        );
        let unsigned = UnsignedCredential::endorsement(&endorsement).unwrap();
        let signed = unsigned.sign(&key, &options(&profile.id, &key)).unwrap();
        RawValue::from_string(signed.into_text()).unwrap()
    };
    let mut badge = editor(ISSUER, "badges/endorsed", 12);
    badge.endorsement.push(endorse(&badge.id));
    badge
        .endorsement
        .push(endorse("https://example.org/badges/another"));
    sign(badge, ISSUER, &key)
}

/// Not signed, since nobody should sign it.
fn hostile() -> String {
    let mut badge = editor("did:web:example.org", "badges/hostile", 13);
    badge.name =
        Some("Basics\", signed by the owner of wikimedia.org \u{1b}[2K\u{202e}\nvalid".to_owned());
    badge.issuer.name = Some("\u{1b}]0;owned\u{7}".to_owned());
    serde_json::to_string(&badge).unwrap()
}

fn jwt() -> String {
    let key = p256();
    let unsigned = UnsignedCredential::badge(&editor(ISSUER, "badges/jwt", 14)).unwrap();
    let kid = verification_method(ISSUER, key.public_key());
    unsigned.sign_jwt(&key, &kid).unwrap().into_text()
}

fn sign(badge: AchievementCredential, issuer: &str, key: &SigningKey) -> String {
    let unsigned = UnsignedCredential::badge(&badge).unwrap();
    unsigned
        .sign(key, &options(issuer, key))
        .unwrap()
        .into_text()
}

fn options(issuer: &str, key: &SigningKey) -> ProofOptions {
    ProofOptions {
        verification_method: verification_method(issuer, key.public_key()),
        created: CREATED.to_owned(),
        ..ProofOptions::default()
    }
}

fn status_list() -> String {
    let mut bits = StatusBits::default();
    assert!(bits.set(REVOKED as u64, true));
    let list = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": LIST,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": ISSUER,
        "validFrom": "2026-05-20T00:00:00Z",
        "credentialSubject": {
            "id": format!("{LIST}#list"),
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": bits.encode(),
        },
    });
    let unsigned = UnsignedCredential::from_json(&list.to_string()).unwrap();
    let signed: SignedCredential = unsigned
        .sign(&ed25519(), &options(ISSUER, &ed25519()))
        .unwrap();
    signed.into_text()
}

fn did_document() -> String {
    let keys = [ed25519(), p256()];
    let methods: Vec<String> = keys
        .iter()
        .map(|key| verification_method(ISSUER, key.public_key()))
        .collect();
    let document = json!({
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1",
            "https://w3id.org/security/suites/jws-2020/v1"],
        "id": ISSUER,
        "verificationMethod": [
            {
                "id": methods[0],
                "type": "Multikey",
                "controller": ISSUER,
                "publicKeyMultibase": keys[0].public_key().to_multikey(),
            },
            {
                "id": methods[1],
                "type": "JsonWebKey2020",
                "controller": ISSUER,
                "publicKeyJwk": keys[1].public_key().to_jwk(),
            },
        ],
        "assertionMethod": methods,
    });
    format!("{document:#}\n")
}

/// As some bake: with the old kind of text chunk, which our own baking never writes.
fn with_text_chunk(badge: &str, picture: &[u8]) -> Vec<u8> {
    const BEFORE_DATA: usize = 33;
    let content = [b"tEXtopenbadgecredential\0", badge.as_bytes()].concat();
    let length = u32::try_from(content.len() - 4).unwrap();
    [
        &picture[..BEFORE_DATA],
        &length.to_be_bytes(),
        &content,
        &checksum(&content).to_be_bytes(),
        &picture[BEFORE_DATA..],
    ]
    .concat()
}

/// CRC-32 as PNG has it.
fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            sum >> 1 ^ if sum & 1 == 1 { 0xedb8_8320 } else { 0 }
        })
    })
}
