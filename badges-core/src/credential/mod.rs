//! A credential before and after it is signed: its exact text. Signing adds to the text and never
//! writes it anew, because what was signed must travel as it is.

mod enveloping;
mod showing;

use crate::bake;
use crate::error::Error;
use crate::json::{self, Value};
use crate::jsonld::{Edition, Policy, RootContext};
use crate::key::{PublicKey, SigningKey, encode_base58btc};
use crate::model::schema::{self, DepartureKind, Reading, Severity};
use crate::model::{AchievementCredential, CredentialKind, EndorsementCredential, Invalid};
use crate::proof::data_integrity::{
    Hash, ProofOptions, hash_configuration, hash_document, is_plain, signing_input,
};
use crate::proof::jwt;
use crate::proof::suite::{Canonicalization, Hashing};
use crate::related;

pub(crate) use enveloping::sign_jose;

/// A credential that is ready to be signed: it conforms to Open Badges 3.0 in its strictest
/// reading, everything in it will be signed, and its text is what will travel.
#[derive(Clone)]
pub struct UnsignedCredential {
    text: String,
    root: RootContext,
    /// Of its statements, by SHA-256: what most suites sign.
    hash: Hash,
}

/// How most suites hash.
const STATEMENTS: (Canonicalization, Hashing) = (Canonicalization::Rdfc, Hashing::Sha256);

impl std::fmt::Debug for UnsignedCredential {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_tuple("UnsignedCredential")
            .field(&self.text)
            .finish()
    }
}

/// A credential as it travels: its exact text. Whether it is genuine is another question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCredential {
    text: String,
    form: Form,
}

/// The form in which a credential travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// JSON with proofs inside.
    DataIntegrity,
    /// A compact JWS around it.
    Jwt,
}

impl UnsignedCredential {
    /// A badge.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the path of what is missing or wrong.
    pub fn badge(badge: &AchievementCredential) -> Result<Self, Error> {
        Self::from_json(&written(badge)?)
    }

    /// An endorsement of a badge, an achievement or a profile.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the path of what is missing or wrong.
    pub fn endorsement(endorsement: &EndorsementCredential) -> Result<Self, Error> {
        Self::from_json(&written(endorsement)?)
    }

    /// Any credential as JSON. Badges, endorsements and status lists must conform in the strictest
    /// reading. The text is kept, but for braces inside strings, which are escaped here, before
    /// signing, because a widely used wallet counts them in baked images.
    ///
    /// # Errors
    /// Where the text is not strict JSON, does not conform, or has something that would not be
    /// signed.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        Self::under(Policy::Badge, text)
    }

    /// Any credential as JSON under another policy: the data-integrity policy is for the W3C suites.
    ///
    /// # Errors
    /// As [`UnsignedCredential::from_json`].
    pub fn under(policy: Policy, text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let document = json::parse(text)?;
        let escaped;
        let (text, document) = if is_bakeable(text, &document) {
            (text, document)
        } else {
            escaped = bake::escape_json(text);
            (escaped.as_ref(), json::parse(&escaped)?)
        };
        if document.as_object().is_none_or(Vec::is_empty) {
            return Err(Error::NotACredential);
        }
        if document.get("proof").is_some() {
            return Err(Error::AlreadySigned);
        }
        let reading = match CredentialKind::of(&document) {
            CredentialKind::Other => Reading::Lenient,
            _ => Reading::Strict,
        };
        let mut departures = schema::check(&document, reading)
            .into_iter()
            .chain(related::other_digests(&document));
        if let Some(fault) = departures.find(|departure| departure.severity == Severity::Fault) {
            return Err(Error::Invalid(Invalid::from(fault)));
        }
        if let Some(path) = control_character(text, &document) {
            return Err(Error::ControlCharacter { path });
        }
        let root = RootContext::of(&document, Edition::NEWEST, policy)?;
        let hash = hash_document(STATEMENTS, &root, &document, &[])?;
        Ok(Self {
            text: text.to_owned(),
            root,
            hash,
        })
    }

    /// The text that will be signed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What its words mean.
    pub(crate) const fn root(&self) -> &RootContext {
        &self.root
    }

    /// Signs with Data Integrity: the text with a `proof` member at its end.
    ///
    /// # Errors
    /// [`Error::Fault`] when something in the proof would not be signed, [`Error::WrongKey`] for a
    /// key that the suite does not take.
    pub fn sign(
        &self,
        key: &SigningKey,
        options: &ProofOptions,
    ) -> Result<SignedCredential, Error> {
        let proof = UnvaluedProof::new(&self.root, &self.text, key, options)?;
        let hash = if proof.method == STATEMENTS {
            self.hash
        } else {
            hash_document(proof.method, &self.root, &json::parse(&self.text)?, &[])?
        };
        Ok(SignedCredential::with_proof(
            &self.text,
            &proof.sign(&hash, key)?,
        ))
    }
}

impl SignedCredential {
    /// Takes a text that looks like a signed credential: a JSON object or a compact JWS. Nothing
    /// of it is checked; [`crate::verify`](mod@crate::verify) does that.
    ///
    /// # Errors
    /// [`Error::NotACredential`] for anything else.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim_start_matches('\u{feff}').trim();
        let form = if text.starts_with('{') {
            json::parse(text)?;
            Form::DataIntegrity
        } else {
            jwt::Jws::parse(text).map_err(|_| Error::NotACredential)?;
            Form::Jwt
        };
        Ok(Self {
            text: text.to_owned(),
            form,
        })
    }

    pub(crate) fn with_proof(unsigned: &str, proof: &str) -> Self {
        Self {
            text: json::with_member(unsigned, &["\"proof\":[", proof, "]"]),
            form: Form::DataIntegrity,
        }
    }

    /// The exact text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The exact text.
    #[must_use]
    pub fn into_text(self) -> String {
        self.text
    }

    /// JSON or JWT.
    #[must_use]
    pub const fn form(&self) -> Form {
        self.form
    }

    /// The credential's JSON text: the text itself, or the JWT's payload.
    #[must_use]
    pub fn json(&self) -> String {
        match self.form {
            Form::DataIntegrity => self.text.clone(),
            Form::Jwt => {
                jwt::Jws::parse(&self.text).map_or_else(|_| String::new(), |jws| jws.payload)
            }
        }
    }

    /// Adds a proof: to a set, or, with [`ProofOptions::previous`], to a chain whose new link also
    /// covers those proofs ([VC-DI, 4.3](https://www.w3.org/TR/vc-data-integrity/#add-proof-set-chain)).
    /// The other text stays as it is.
    ///
    /// # Errors
    /// [`Error::NotData`] for a JWT; [`Error::Invalid`] when a previous proof is not there.
    pub fn add_proof(
        &self,
        key: &SigningKey,
        options: &ProofOptions,
        policy: Policy,
    ) -> Result<Self, Error> {
        if self.form == Form::Jwt {
            return Err(Error::NotData);
        }
        let document = json::parse(&self.text)?;
        let proofs = document.list("proof");
        let previous: Vec<&Value<'_>> = proofs
            .iter()
            .filter(|proof| {
                let id = proof.text("id");
                id.is_some_and(|id| options.previous.iter().any(|previous| previous == id))
            })
            .collect();
        if previous.len() != options.previous.len() {
            return Err(Invalid::required("proof.previousProof").into());
        }
        let root = RootContext::of(&document, Edition::NEWEST, policy)?;
        let proof = UnvaluedProof::new(&root, &self.text, key, options)?;
        let hash = hash_document(proof.method, &root, &document, &previous)?;
        let proof = proof.sign(&hash, key)?;
        let text = match json::member_span(&self.text, "proof") {
            None => json::with_member(&self.text, &["\"proof\":[", &proof, "]"]),
            Some(span) => {
                let old = self.text[span.clone()].trim();
                let inner = old.strip_prefix('[').and_then(|old| old.strip_suffix(']'));
                let old = inner.unwrap_or(old).trim();
                let comma = if old.is_empty() { "" } else { "," };
                format!(
                    "{}[{old}{comma}{proof}]{}",
                    &self.text[..span.start],
                    &self.text[span.end..]
                )
            }
        };
        Ok(Self {
            text,
            form: Form::DataIntegrity,
        })
    }
}

/// Whether [`bake::escape_json`] has nothing to do, found out faster than by doing it: no braces but
/// those of objects, and no trace of what CDATA cannot hold.
fn is_bakeable(text: &str, document: &Value<'_>) -> bool {
    let braces = memchr::memchr2_iter(b'{', b'}', text.as_bytes()).count();
    braces == 2 * objects(document)
        && !text.contains("]]>")
        && memchr::memchr(0xef, text.as_bytes()).is_none()
}

/// The path of a string with a control character that implementations are known to sign in
/// different ways.
fn control_character(text: &str, document: &Value<'_>) -> Option<String> {
    // Strict JSON has them only as escapes, but for DEL.
    let suspicious = ["\\u00", "\\b", "\\f", "\u{7f}"]
        .iter()
        .any(|trace| text.contains(trace));
    suspicious.then(|| control_character_in(document)).flatten()
}

fn control_character_in(value: &Value<'_>) -> Option<String> {
    let deeper = |step: String, value| {
        let path = control_character_in(value)?;
        let dot = if path.is_empty() || path.starts_with('[') {
            ""
        } else {
            "."
        };
        Some(format!("{step}{dot}{path}"))
    };
    match value {
        Value::String(text) => text
            .contains(|character| {
                matches!(character, '\0'..='\u{1f}' | '\u{7f}') && !"\t\n\r".contains(character)
            })
            .then(String::new),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, item)| deeper(format!("[{index}]"), item)),
        Value::Object(members) => members
            .iter()
            .find_map(|(key, value)| deeper(key.to_string(), value)),
        _ => None,
    }
}

fn objects(value: &Value<'_>) -> usize {
    match value {
        Value::Array(items) => items.iter().map(objects).sum(),
        Value::Object(members) => {
            1 + members
                .iter()
                .map(|(_, value)| objects(value))
                .sum::<usize>()
        }
        _ => 0,
    }
}

/// A proof without its value: what all proofs that one key makes at one time have in common.
#[derive(Clone, Debug)]
pub(crate) struct UnvaluedProof {
    text: String,
    hash: Hash,
    /// How the document is to be hashed.
    pub(crate) method: (Canonicalization, Hashing),
}

impl UnvaluedProof {
    pub(crate) fn new(
        root: &RootContext,
        document: &str,
        key: &SigningKey,
        options: &ProofOptions,
    ) -> Result<Self, Error> {
        let suite = options.suite;
        let hashing = suite
            .hashing(key.algorithm())
            .filter(|_| is_plain(suite))
            .ok_or(Error::WrongKey {
                algorithm: key.algorithm().jose_name(),
            })?;
        let method = (suite.canonicalization(), hashing);
        let contexts = (method.0 == Canonicalization::Jcs)
            .then(|| json::member_span(document, "@context"))
            .flatten()
            .map(|span| &document[span]);
        let text = options.text(contexts);
        let hash = hash_configuration(suite, hashing, root, &json::parse(&text)?)?;
        Ok(Self { text, hash, method })
    }

    /// The JSON text of the proof over a document's hash.
    pub(crate) fn sign(&self, document: &Hash, key: &SigningKey) -> Result<String, Error> {
        let signature = key
            .sign(&signing_input(&self.hash, document))
            .ok_or(Error::NoRandomness)?;
        let value = encode_base58btc(&signature);
        let open = self.text.strip_suffix('}').unwrap_or(&self.text);
        Ok([open, ",\"proofValue\":\"", &value, "\"}"].concat())
    }
}

/// The URL of a key as a verification method of its issuer: `<issuer>#<multikey>`, so that every
/// resolver finds the key; for RSA, which has no Multikey, `<issuer>#<JWK thumbprint>` (RFC 7638).
#[must_use]
pub fn verification_method(issuer: &str, key: &PublicKey) -> String {
    format!("{issuer}#{}", key.name())
}

fn written(credential: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(credential).map_err(|error| {
        Error::Invalid(Invalid {
            path: String::new(),
            problem: DepartureKind::Unwritable(error.to_string()),
        })
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const BADGE: &str = include_str!("../../../tests/peers/badges/small.json");

    fn error(text: &str) -> String {
        UnsignedCredential::from_json(text).unwrap_err().to_string()
    }

    #[test]
    fn faults_name_their_place() {
        let changed = |from: &str, to: &str| {
            let text = BADGE.replacen(from, to, 1);
            assert_ne!(text, BADGE, "{from}");
            error(&text)
        };
        insta::assert_snapshot!(
            [
                changed("\"name\": \"", "\"name\": \"\\u0007"),
                changed("\"validFrom\"", "\"validfrom\""),
                changed("\"type\"", "\"proof\": [], \"type\""),
                changed("\"criteria\"", "\"extra\": 1, \"criteria\""),
                changed("urn:uuid:", "urn uuid "),
                error("[]"),
                error("{\"a\":1,\"a\":2}"),
            ]
            .join("\n")
        );
    }

    #[test]
    fn braces_are_escaped_before_signing() {
        let text = BADGE.replacen("\"name\": \"", "\"name\": \"{]]>} ", 1);
        let unsigned = UnsignedCredential::from_json(&text).unwrap();
        assert!(unsigned.text().contains("\\u007b]]\\u003e\\u007d"));
    }
}
