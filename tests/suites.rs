//! The published vectors of the cryptosuites, byte for byte: the implementation guide's badge, and
//! the W3C's credentials, proof sets and chains.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use badges_core::credential::{SignedCredential, UnsignedCredential};
use badges_core::documents::Documents;
use badges_core::json::{self, Value};
use badges_core::jsonld::{Edition, Part, Policy, RootContext, canonicalize, canonicalize_with};
use badges_core::key::{SigningKey, decode_multibase};
use badges_core::model::parse_date_time;
use badges_core::proof::data_integrity::ProofOptions;
use badges_core::proof::suite::Suite;
use badges_core::verify::{Check, Outcome, Question, verify};
use badges_tests::{corpus, read};
use sha2::Sha384;

const CONFIGURATION: Part<'_> = Part::ProofConfiguration {
    without: "proofValue",
};

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
        suite: Suite::of(proof).unwrap(),
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
        nquads(&signed, proof, CONFIGURATION),
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

/// A credential that a suite's specification signs.
struct Vector {
    /// From the folder of the specification's vectors.
    folder: &'static str,
    keys: &'static str,
    unsigned: &'static str,
    signed: &'static str,
    /// The canonical N-Quads of the document and of the proof, for suites that sign statements.
    canonical: Option<(&'static str, &'static str)>,
}

const EDDSA: &[Vector] = &[
    Vector {
        folder: "eddsa-rdfc-2022",
        keys: "keyPair.json",
        unsigned: "unsigned.json",
        signed: "signedDataInt.json",
        canonical: Some(("canonDocDataInt.txt", "proofCanonDataInt.txt")),
    },
    Vector {
        folder: "eddsa-rdfc-2022/employ",
        keys: "keyPair.json",
        unsigned: "employmentAuth.json",
        signed: "signedDataInt.json",
        canonical: Some(("canonDocDataInt.txt", "proofCanonDataInt.txt")),
    },
    Vector {
        folder: "eddsa-jcs-2022",
        keys: "keyPair.json",
        unsigned: "unsigned.json",
        signed: "signedJCS.json",
        canonical: None,
    },
    Vector {
        folder: "Ed25519Signature2020",
        keys: "keyPair.json",
        unsigned: "unsigned.json",
        signed: "signedEdSig.json",
        canonical: Some(("canonDocEdSig.txt", "proofCanonEdSig.txt")),
    },
];

const ECDSA: &[Vector] = &[
    Vector {
        folder: "ecdsa-rdfc-2019-p256",
        keys: "p256KeyPair.json",
        unsigned: "unsigned.json",
        signed: "signedECDSAP256.json",
        canonical: Some(("canonDocECDSAP256.txt", "proofCanonECDSAP256.txt")),
    },
    Vector {
        folder: "ecdsa-rdfc-2019-p256/employ",
        keys: "p256KeyPair.json",
        unsigned: "employmentAuth.json",
        signed: "signedECDSAP256.json",
        canonical: Some(("canonDocECDSAP256.txt", "proofCanonECDSAP256.txt")),
    },
    Vector {
        folder: "ecdsa-rdfc-2019-p384",
        keys: "p384KeyPair.json",
        unsigned: "unsigned.json",
        signed: "signedECDSAP384.json",
        canonical: Some(("canonDocECDSAP384.txt", "proofCanonECDSAP384.txt")),
    },
    Vector {
        folder: "ecdsa-rdfc-2019-p384/employ",
        keys: "p384KeyPair.json",
        unsigned: "employmentAuth.json",
        signed: "signedECDSAP384.json",
        canonical: Some(("canonDocECDSAP384.txt", "proofCanonECDSAP384.txt")),
    },
    Vector {
        folder: "ecdsa-jcs-2019-p256",
        keys: "p256KeyPair.json",
        unsigned: "unsigned.json",
        signed: "signedJCSECDSAP256.json",
        canonical: None,
    },
    Vector {
        folder: "ecdsa-jcs-2019-p384",
        keys: "p384KeyPair.json",
        unsigned: "unsigned.json",
        signed: "signedJCSECDSAP384.json",
        canonical: None,
    },
];

impl Vector {
    fn check(&self, folder: &Path) {
        let suite = folder.join(self.folder);
        let signed_text = read(&suite.join(self.signed));
        let signed = json::parse(&signed_text).unwrap();
        let proof = &signed.list("proof")[0];
        if let Some((document, configuration)) = self.canonical {
            let root = RootContext::of(&signed, Edition::NEWEST, Policy::DataIntegrity).unwrap();
            let canonical = |object: &Value<'_>, part| {
                let dataset = root.to_rdf(object, part).unwrap();
                let sha384 = self.folder.contains("p384");
                let canonical = if sha384 {
                    canonicalize_with::<Sha384>(&dataset)
                } else {
                    canonicalize(&dataset)
                };
                canonical.unwrap().nquads().to_owned()
            };
            assert_eq!(
                canonical(&signed, Part::Unsecured),
                read(&suite.join(document)),
                "{}",
                self.folder
            );
            assert_eq!(
                canonical(proof, CONFIGURATION),
                read(&suite.join(configuration)),
                "{}",
                self.folder
            );
        }
        let pair = read(&folder.join(self.keys));
        let pair = json::parse(&pair).unwrap();
        let secret = pair.text("secretKeyMultibase");
        let key = key(secret.or_else(|| pair.text("privateKeyMultibase")).unwrap());
        let mut unsigned = read(&folder.join(self.unsigned));
        if self.folder == "Ed25519Signature2020" {
            let last = "\"https://www.w3.org/ns/credentials/examples/v2\"";
            let with_suites =
                format!("{last}, \"https://w3id.org/security/suites/ed25519-2020/v1\"");
            unsigned = unsigned.replacen(last, &with_suites, 1);
        }
        let again = UnsignedCredential::under(Policy::DataIntegrity, &unsigned)
            .unwrap()
            .sign(&key, &options(proof))
            .unwrap();
        assert_eq!(
            proof_values(again.text()),
            proof_values(&signed_text),
            "{}",
            self.folder
        );
        for text in [again.text(), &signed_text] {
            assert_eq!(proof_check(text), "passed", "{}", self.folder);
        }
        let altered = signed_text.replacen("2023-02-24", "2023-02-25", 1);
        assert_eq!(proof_check(&altered), "failed", "{}", self.folder);
    }
}

#[test]
fn the_credentials_of_eddsa() {
    if let Some(folder) = corpus("vc-di-eddsa/TestVectors") {
        EDDSA.iter().for_each(|vector| vector.check(&folder));
    }
}

#[test]
fn the_credentials_of_ecdsa() {
    if let Some(folder) = corpus("vc-di-ecdsa/TestVectors") {
        ECDSA.iter().for_each(|vector| vector.check(&folder));
    }
}

#[test]
fn badges_have_no_examples_vocabulary() {
    let Some(folder) = corpus("vc-di-eddsa/TestVectors") else {
        return;
    };
    let unsigned = read(&folder.join("unsigned.json"));
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
