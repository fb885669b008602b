//! The W3C's vectors of `ecdsa-sd-2023`, byte for byte: base proofs, derived proofs and what lies
//! between.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::PathBuf;

use badges_core::json::{self, Value};
use badges_core::jsonld::{Edition, Part, Policy, RootContext, Selection, canonicalize};
use badges_core::key::{PublicKey, SigningKey};
use badges_core::proof::data_integrity::hash_configuration;
use badges_core::proof::selective::{Check, Form, Randomness, base, derive, verify, verify_base};
use badges_core::proof::suite::{Hashing, Suite};
use badges_tests::{corpus, read};

/// The vectors' credentials use a context that no badge does, so it stands in the documents here;
/// contexts are not part of what is signed.
fn with_context(text: &str, context: &str) -> String {
    let context = json::parse(context).unwrap();
    let context = json::canonical(context.get("@context").unwrap());
    let replaced = text.replace("\"https://w3id.org/citizenship/v4rc1\"", &context);
    assert_ne!(replaced, text);
    replaced
}

fn unhex(text: &str) -> [u8; 32] {
    let bytes: Vec<u8> = (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect();
    bytes.try_into().unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn strings(value: &Value<'_>) -> Vec<String> {
    let items = value.items().iter();
    items
        .map(|item| item.as_str().unwrap().to_owned())
        .collect()
}

/// The statements of the group `matching` in a file of groups.
fn matching(group: &Value<'_>) -> Vec<String> {
    let mut lines: Vec<String> = group
        .list("value")
        .iter()
        .map(|entry| entry.items()[1].as_str().unwrap().to_owned())
        .collect();
    lines.sort();
    lines
}

struct Vectors {
    folder: PathBuf,
    context: String,
}

impl Vectors {
    fn text(&self, name: &str) -> String {
        read(&self.folder.join(name))
    }

    fn document(&self, name: &str) -> String {
        with_context(&self.text(name), &self.context)
    }
}

#[test]
fn vectors_of_the_standard() {
    let (Some(vectors), Some(contexts)) = (corpus("vc-di-ecdsa/TestVectors"), corpus("contexts"))
    else {
        return;
    };
    let context = read(&contexts.join("w3id.org_citizenship_v4rc1.json"));
    let sd = vectors.join("ecdsa-sd-2023");
    let material = read(&sd.join("SDKeyMaterial.json"));
    let material = json::parse(&material).unwrap();
    let pair = |name| json::canonical(material.get(name).unwrap());
    let issuer = SigningKey::from_file_text(&pair("baseKeyPair")).unwrap();
    let proof_key = material.get("proofKeyPair").unwrap();
    let secret = badges_core::key::decode_multibase(proof_key.text("secretKeyMultibase").unwrap());
    let randomness = Randomness {
        hmac_key: unhex(material.text("hmacKeyString").unwrap()),
        proof_key: secret.unwrap()[2..].try_into().unwrap(),
    };
    for (folder, mandatory, selective) in [
        ("employ", "employMandatory.json", "employSelective.json"),
        ("prc", "prCredMandatory.json", "prCredSelective.json"),
    ] {
        let files = Vectors {
            folder: sd.join(folder),
            context: context.clone(),
        };
        let mandatory = strings(&json::parse(&read(&vectors.join(mandatory))).unwrap());
        let selective = strings(&json::parse(&read(&vectors.join(selective))).unwrap());
        check(&files, &mandatory, &selective, &issuer, &randomness);
    }
}

fn check(
    files: &Vectors,
    mandatory: &[String],
    selective: &[String],
    issuer: &SigningKey,
    randomness: &Randomness,
) {
    let mandatory: Vec<&str> = mandatory.iter().map(String::as_str).collect();
    let selective: Vec<&str> = selective.iter().map(String::as_str).collect();
    // With its proof, which is no part of what is signed; `prCredUnsigned.json` is another text.
    let signed = files.document("addSignedSDBase.json");
    let signed = json::parse(&signed).unwrap();
    let document = &signed;
    let root = RootContext::of(document, Edition::NEWEST, Policy::DataIntegrity).unwrap();

    // The statements, and which of them are mandatory.
    let pointers = mandatory.iter().map(|pointer| (1, *pointer));
    let mut selection = Selection::of(pointers).unwrap();
    let (dataset, marks) = root.to_rdf_choosing(document, &mut selection).unwrap();
    selection.check(document).unwrap();
    let expected = files.text("addBaseDocCanon.json");
    let expected = strings(&json::parse(&expected).unwrap()).concat();
    assert_eq!(canonicalize(&dataset).unwrap().nquads(), expected);
    let transformed = files.text("addBaseTransform.json");
    let transformed = json::parse(&transformed).unwrap();
    assert_eq!(
        marks.iter().filter(|&&marks| marks != 0).count(),
        matching(transformed.get("mandatory").unwrap()).len()
    );

    // The proof's configuration.
    let configuration = files.document("addProofConfig.json");
    let configuration = json::parse(&configuration).unwrap();
    let canonical = root
        .to_rdf(
            &configuration,
            Part::ProofConfiguration {
                without: "proofValue",
            },
        )
        .unwrap();
    assert_eq!(
        canonicalize(&canonical).unwrap().nquads(),
        files.text("addProofConfigCanon.txt")
    );
    let hashes = files.text("addHashData.json");
    assert_eq!(
        hex(
            hash_configuration(Suite::EcdsaSd2023, Hashing::Sha256, &root, &configuration)
                .unwrap()
                .bytes()
        ),
        json::parse(&hashes).unwrap().text("proofHash").unwrap()
    );

    // The base proof.
    let mut members = configuration.as_object().unwrap().clone();
    members.retain(|(key, _)| key != "@context");
    let configuration = json::canonical(&Value::Object(members));
    let proof = base(
        &root,
        document,
        &configuration,
        &mandatory,
        issuer,
        randomness,
    )
    .unwrap();
    let proof = json::parse(&proof).unwrap();
    assert_eq!(
        json::canonical(&proof),
        json::canonical(signed.get("proof").unwrap())
    );
    let key: &PublicKey = issuer.public_key();
    assert_eq!(
        verify_base(&root, &signed, &proof, key).unwrap(),
        Check::Holds
    );
    assert_eq!(
        verify(&root, &signed, &proof, key).unwrap(),
        Check::OtherForm(Form::Base)
    );

    // The derived proof.
    let derived = derive(&root, &signed, &selective).unwrap();
    let derived = json::parse(&derived).unwrap();
    let expected = files.document("derivedRevealDocument.json");
    let expected = json::parse(&expected).unwrap();
    assert_eq!(json::canonical(&derived), json::canonical(&expected));
    let proof = expected.get("proof").unwrap();
    assert_eq!(verify(&root, &expected, proof, key).unwrap(), Check::Holds);
    assert_eq!(
        verify_base(&root, &expected, proof, key).unwrap(),
        Check::OtherForm(Form::Derived)
    );
}
