//! The published vectors of `eddsa-rdfc-2022`, byte for byte: the implementation guide's badge, and
//! the W3C's credentials, proof sets and chains.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use badges_core::credential::{SignedCredential, UnsignedCredential};
use badges_core::documents::Documents;
use badges_core::json::{self, Value};
use badges_core::jsonld::{Edition, Part, Policy, RootContext, canonicalize};
use badges_core::key::{SigningKey, decode_multibase};
use badges_core::model::parse_date_time;
use badges_core::proof::data_integrity::ProofOptions;
use badges_core::verify::{Check, Outcome, Question, verify};
use badges_tests::{corpus, read};

fn nquads(signed: &Value<'_>, object: &Value<'_>, part: Part<'_>) -> String {
    let root = RootContext::of(signed, Edition::NEWEST, Policy::DataIntegrity).unwrap();
    let dataset = root.to_rdf(object, part).unwrap();
    canonicalize(&dataset).unwrap().nquads().to_owned()
}

fn key(multibase: &str) -> SigningKey {
    SigningKey::from_file_text(&format!("{{\"secretKeyMultibase\":\"{multibase}\"}}")).unwrap()
}

/// The options that make this proof again.
fn options(proof: &Value<'_>) -> ProofOptions {
    let text = |name| proof.text(name).unwrap().to_owned();
    ProofOptions {
        verification_method: text("verificationMethod"),
        created: text("created"),
        id: proof.text("id").map(str::to_owned),
        previous: proof
            .list("previousProof")
            .iter()
            .map(|id| id.as_str().unwrap().to_owned())
            .collect(),
    }
}

fn proof_values(text: &str) -> Vec<String> {
    let document = json::parse(text).unwrap();
    let proofs = document.list("proof").iter();
    proofs
        .map(|proof| proof.text("proofValue").unwrap().to_owned())
        .collect()
}

fn proof_check(text: &str) -> &'static str {
    let documents = Documents::new();
    let question = Question {
        policy: Policy::DataIntegrity,
        ..Question::new(&documents, parse_date_time("2026-01-01T00:00:00Z").unwrap())
    };
    let report = verify(text.as_bytes(), &question);
    report
        .outcomes(Check::Proof)
        .next()
        .map_or_else(|| unreachable!("{report:?}"), Outcome::as_str)
}

#[test]
fn the_implementation_guides_badge() {
    let Some(folder) = corpus("ob3-vector") else {
        return;
    };
    let signed_text = read(&folder.join("signed.json"));
    let signed = json::parse(&signed_text).unwrap();
    let proof = &signed.list("proof")[0];
    assert_eq!(
        nquads(&signed, &signed, Part::Unsecured),
        read(&folder.join("document.nq"))
    );
    assert_eq!(
        nquads(&signed, proof, Part::ProofConfiguration),
        read(&folder.join("proof.nq"))
    );
    let vector = read(&folder.join("vector.json"));
    let vector = json::parse(&vector).unwrap();
    let seed: Vec<u8> = vector.text("privateKeyHex").unwrap().as_bytes()[..64]
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect();
    let key = SigningKey::ed25519(&seed.try_into().unwrap());
    let again = UnsignedCredential::from_json(&read(&folder.join("credential.json")))
        .unwrap()
        .sign(&key, &options(proof))
        .unwrap();
    assert_eq!(proof_values(again.text()), proof_values(&signed_text));
    assert_eq!(proof_check(again.text()), "passed");
}

#[test]
fn the_suites_credential() {
    let Some(folder) = corpus("vc-di-eddsa/TestVectors") else {
        return;
    };
    let suite = folder.join("eddsa-rdfc-2022");
    let signed_text = read(&suite.join("signedDataInt.json"));
    let signed = json::parse(&signed_text).unwrap();
    let proof = &signed.list("proof")[0];
    assert_eq!(
        nquads(&signed, &signed, Part::Unsecured),
        read(&suite.join("canonDocDataInt.txt"))
    );
    assert_eq!(
        nquads(&signed, proof, Part::ProofConfiguration),
        read(&suite.join("proofCanonDataInt.txt"))
    );
    let pair = read(&folder.join("keyPair.json"));
    let secret = json::parse(&pair).unwrap();
    let unsigned = read(&folder.join("unsigned.json"));
    let again = UnsignedCredential::under(Policy::DataIntegrity, &unsigned)
        .unwrap()
        .sign(
            &key(secret.text("privateKeyMultibase").unwrap()),
            &options(proof),
        )
        .unwrap();
    assert_eq!(proof_values(again.text()), proof_values(&signed_text));
    assert_eq!(proof_check(again.text()), "passed");
    // The badge policy does not know the examples' vocabulary.
    let refused = UnsignedCredential::from_json(&unsigned);
    assert_eq!(
        refused.unwrap_err().to_string(),
        "@context: the context https://www.w3.org/ns/credentials/examples/v2 is not one of the \
         known ones"
    );
}

fn sign_all(folder: &Path, signed: &str, pairs: &[&str]) -> SignedCredential {
    let keys_text = read(&folder.join("multiKeyPairs.json"));
    let keys = json::parse(&keys_text).unwrap();
    let document = json::parse(signed).unwrap();
    let mut made: Option<SignedCredential> = None;
    for (proof, pair) in document.list("proof").iter().zip(pairs) {
        let key = key(keys.get(pair).unwrap().text("privateKeyMultibase").unwrap());
        let options = options(proof);
        made = Some(match made {
            None => {
                let unsigned = read(&folder.join("unsigned.json"));
                let unsigned = UnsignedCredential::under(Policy::DataIntegrity, &unsigned);
                unsigned.unwrap().sign(&key, &options).unwrap()
            }
            Some(made) => made
                .add_proof(&key, &options, Policy::DataIntegrity)
                .unwrap(),
        });
    }
    made.unwrap()
}

#[test]
fn proof_sets_and_chains() {
    let Some(folder) = corpus("vc-di-eddsa/TestVectors/proof-set-chain") else {
        return;
    };
    for (file, pairs) in [
        ("signedProofSet1.json", &["keyPair1"][..]),
        ("signedProofSet2.json", &["keyPair1", "keyPair2"]),
        (
            "signedProofChain1.json",
            &["keyPair1", "keyPair2", "keyPair3"],
        ),
        (
            "signedProofChain2.json",
            &["keyPair1", "keyPair2", "keyPair3", "keyPair4"],
        ),
    ] {
        let signed = read(&folder.join(file));
        let again = sign_all(&folder, &signed, pairs);
        assert_eq!(proof_values(again.text()), proof_values(&signed), "{file}");
        assert_eq!(proof_check(&signed), "passed", "{file}");
    }
    // A link whose previous one was taken away does not hold.
    let cut = read(&folder.join("proofChainTempDoc2.json"));
    assert_eq!(proof_check(&cut), "failed");
}

#[test]
fn the_secret_of_the_vectors_is_no_multicodec_by_accident() {
    let Some(folder) = corpus("vc-di-eddsa/TestVectors") else {
        return;
    };
    let pair = read(&folder.join("keyPair.json"));
    let pair = json::parse(&pair).unwrap();
    let public = key(pair.text("privateKeyMultibase").unwrap())
        .public_key()
        .to_multikey();
    assert_eq!(public.as_deref(), pair.text("publicKeyMultibase"));
    assert_eq!(
        decode_multibase(pair.text("privateKeyMultibase").unwrap()).unwrap()[..2],
        [0x80, 0x26]
    );
}
