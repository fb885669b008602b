//! How long each stage of signing and verifying takes, for a small and a full badge.
//!
//! `cargo bench -p badges-core`
#![expect(clippy::unwrap_used, reason = "a benchmark")]

mod poison;

use badges_core::bake::{bake, extract};
use badges_core::batch::Batch;
use badges_core::credential::{SignedCredential, UnsignedCredential, verification_method};
use badges_core::documents::Documents;
use badges_core::json;
use badges_core::jsonld::{Dataset, Edition, Part, Policy, RootContext, canonicalize, nquads};
use badges_core::key::SigningKey;
use badges_core::model::schema::{Reading, check};
use badges_core::model::{issuer_id, parse_date_time};
use badges_core::proof::data_integrity::ProofOptions;
use badges_core::proof::selective;
use badges_core::status::StatusBits;
use badges_core::verify::{Question, verify};
use divan::Bencher;
use sha2::Sha256;

const BADGES: [(&str, &str); 2] = [
    (
        "small",
        include_str!("../../../tests/peers/badges/small.json"),
    ),
    (
        "full",
        include_str!("../../../tests/peers/badges/full.json"),
    ),
];
const NAMES: [&str; 2] = ["small", "full"];

fn main() {
    divan::main();
}

fn text(name: &str) -> &'static str {
    BADGES.iter().find(|(known, _)| *known == name).unwrap().1
}

fn key() -> SigningKey {
    SigningKey::from_file_text(include_str!("../../../tests/peers/badges/key.json")).unwrap()
}

fn rdf(document: &json::Value<'_>) -> Dataset {
    root(document).to_rdf(document, Part::Unsecured).unwrap()
}

fn options(name: &str) -> ProofOptions {
    let document = json::parse(text(name)).unwrap();
    ProofOptions {
        verification_method: verification_method(issuer_id(&document).unwrap(), key().public_key()),
        created: "2026-01-01T00:00:00Z".to_owned(),
        ..ProofOptions::default()
    }
}

fn signed(name: &str) -> SignedCredential {
    let badge = UnsignedCredential::from_json(text(name)).unwrap();
    badge.sign(&key(), &options(name)).unwrap()
}

const SELECTIVE: &str = r#"{"type":"DataIntegrityProof","cryptosuite":"ecdsa-sd-2023",
    "created":"2026-01-01T00:00:00Z","verificationMethod":"did:key:zDn#zDn",
    "proofPurpose":"assertionMethod"}"#;

fn selective_key() -> SigningKey {
    SigningKey::p256(&[7; 32]).unwrap()
}

fn root(document: &json::Value<'_>) -> RootContext {
    RootContext::of(document, Edition::NEWEST, Policy::Badge).unwrap()
}

fn base_proof(document: &json::Value<'_>) -> String {
    let randomness = selective::Randomness {
        hmac_key: [1; 32],
        proof_key: [2; 32],
    };
    let mandatory = ["/issuer", "/validFrom"];
    let key = selective_key();
    let root = root(document);
    selective::base(&root, document, SELECTIVE, &mandatory, &key, &randomness).unwrap()
}

fn signed_selectively(name: &str) -> String {
    let proof = base_proof(&json::parse(text(name)).unwrap());
    let open = text(name).trim_end().strip_suffix('}').unwrap();
    format!("{open},\"proof\":{proof}}}")
}

/// A PNG whose pixels are one chunk of 20 KB.
fn image() -> Vec<u8> {
    let mut image = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |kind: &[u8; 4], data: &[u8]| {
        image.extend_from_slice(&u32::try_from(data.len()).unwrap().to_be_bytes());
        let start = image.len();
        image.extend_from_slice(kind);
        image.extend_from_slice(data);
        let crc = crc32fast::hash(&image[start..]);
        image.extend_from_slice(&crc.to_be_bytes());
    };
    chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
    chunk(b"IDAT", &[7; 20 * 1024]);
    chunk(b"IEND", &[]);
    image
}

#[divan::bench(args = NAMES)]
fn parse_json(bencher: Bencher, name: &str) {
    bencher.bench(|| json::parse(text(name)));
}

#[divan::bench(args = NAMES)]
fn check_schema(bencher: Bencher, name: &str) {
    let document = json::parse(text(name)).unwrap();
    bencher.bench(|| check(&document, Reading::Strict));
}

#[divan::bench(args = NAMES)]
fn expand(bencher: Bencher, name: &str) {
    let document = json::parse(text(name)).unwrap();
    bencher.bench(|| rdf(&document));
}

#[divan::bench(args = NAMES)]
fn canonicalise(bencher: Bencher, name: &str) {
    let dataset = rdf(&json::parse(text(name)).unwrap());
    bencher.bench(|| canonicalize(&dataset));
}

/// Until it is refused.
#[divan::bench(args = poison::POISONS.map(|(name, _)| name))]
fn canonicalise_poison(bencher: Bencher, name: &str) {
    let (_, graph) = poison::POISONS
        .iter()
        .find(|(known, _)| *known == name)
        .unwrap();
    let (dataset, _) = nquads::parse(&graph()).unwrap();
    assert!(canonicalize(&dataset).is_err(), "{name}");
    bencher.bench(|| canonicalize(&dataset).is_err());
}

#[divan::bench(args = NAMES)]
fn hash(bencher: Bencher, name: &str) {
    let canonical = canonicalize(&rdf(&json::parse(text(name)).unwrap())).unwrap();
    bencher.bench(|| canonical.hash::<Sha256>());
}

#[divan::bench]
fn ed25519_sign(bencher: Bencher) {
    let key = key();
    bencher.bench(|| key.sign(&[7; 64]));
}

#[divan::bench]
fn ed25519_verify(bencher: Bencher) {
    let key = key();
    let signature = key.sign(&[7; 64]).unwrap();
    bencher.bench(|| key.public_key().verify(&[7; 64], &signature));
}

#[divan::bench(args = NAMES)]
fn read_unsigned(bencher: Bencher, name: &str) {
    bencher.bench(|| UnsignedCredential::from_json(text(name)));
}

#[divan::bench(args = NAMES)]
fn sign(bencher: Bencher, name: &str) {
    let key = key();
    let options = options(name);
    let badge = UnsignedCredential::from_json(text(name)).unwrap();
    bencher.bench(|| badge.sign(&key, &options));
}

#[divan::bench(args = NAMES)]
fn selective_base(bencher: Bencher, name: &str) {
    let document = json::parse(text(name)).unwrap();
    bencher.bench(|| base_proof(&document));
}

/// With little shown, or everything.
#[divan::bench(args = ["/credentialSubject/achievement/name", ""])]
fn selective_derive(bencher: Bencher, pointer: &str) {
    let signed = signed_selectively("full");
    bencher.bench(|| {
        let document = json::parse(&signed).unwrap();
        selective::derive(&root(&document), &document, &[pointer])
    });
}

#[divan::bench(args = ["/credentialSubject/achievement/name", ""])]
fn selective_verify(bencher: Bencher, pointer: &str) {
    let signed = signed_selectively("full");
    let document = json::parse(&signed).unwrap();
    let derived = selective::derive(&root(&document), &document, &[pointer]).unwrap();
    let key = selective_key();
    bencher.bench(|| {
        let document = json::parse(&derived).unwrap();
        let proof = document.get("proof").unwrap();
        selective::verify(&root(&document), &document, proof, key.public_key())
    });
}

#[divan::bench(args = NAMES)]
fn sign_in_batch(bencher: Bencher, name: &str) {
    let badge = UnsignedCredential::from_json(text(name)).unwrap();
    let document = json::parse(text(name)).unwrap();
    let id = document.text("id").unwrap();
    let mut batch = Batch::new(&badge, &[id], key(), options(name)).unwrap();
    let mut number = 0;
    bencher.bench_local(|| {
        number += 1;
        batch.sign(&[&format!("urn:uuid:{number:08}-0000-4000-8000-000000000000")])
    });
}

#[divan::bench(args = NAMES)]
fn verify_offline(bencher: Bencher, name: &str) {
    let signed = signed(name);
    let documents = Documents::new();
    let question = Question::new(&documents, parse_date_time("2026-06-01T00:00:00Z").unwrap());
    bencher.bench(|| verify(signed.text().as_bytes(), &question));
}

#[divan::bench(args = NAMES)]
fn bake_png(bencher: Bencher, name: &str) {
    let signed = signed(name);
    let image = image();
    bencher.bench(|| bake(signed.text(), &image));
}

#[divan::bench(args = NAMES)]
fn extract_png(bencher: Bencher, name: &str) {
    let baked = bake(signed(name).text(), &image()).unwrap();
    bencher.bench(|| extract(&baked));
}

#[divan::bench]
fn status_decode(bencher: Bencher) {
    let mut bits = StatusBits::default();
    for index in (0..131_072).step_by(97) {
        assert!(bits.set(index, true));
    }
    let encoded = bits.encode();
    bencher.bench(|| StatusBits::decode(&encoded));
}

#[divan::bench]
fn status_lookup(bencher: Bencher) {
    let bits = StatusBits::default();
    bencher.bench(|| bits.get(divan::black_box(77_777), 1));
}
