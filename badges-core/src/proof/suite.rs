//! The cryptosuites: what each is called, how it makes bytes of a document, and which keys it takes.
//!
//! A suite is a row of facts and no more: hashing is [`super::data_integrity`]'s, signing the key's.

use crate::json::Value;
use crate::key::Algorithm;

/// A cryptosuite of [Data Integrity], or one of the proof types that came before it.
///
/// [Data Integrity]: https://www.w3.org/TR/vc-data-integrity/
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Suite {
    /// [Ed25519 over canonical RDF](https://www.w3.org/TR/vc-di-eddsa/#eddsa-rdfc-2022).
    #[default]
    EddsaRdfc2022,
    /// The same under the names that drafts gave it.
    Eddsa2022,
    /// [Ed25519 over canonical JSON](https://www.w3.org/TR/vc-di-eddsa/#eddsa-jcs-2022).
    EddsaJcs2022,
    /// [ECDSA over canonical RDF](https://www.w3.org/TR/vc-di-ecdsa/#ecdsa-rdfc-2019), P-256 or P-384.
    EcdsaRdfc2019,
    /// [ECDSA over canonical JSON](https://www.w3.org/TR/vc-di-ecdsa/#ecdsa-jcs-2019), P-256 or P-384.
    EcdsaJcs2019,
    /// [ECDSA of each statement](https://www.w3.org/TR/vc-di-ecdsa/#ecdsa-sd-2023), so that a holder
    /// can show some of them; P-256.
    EcdsaSd2023,
    /// [`Ed25519Signature2020`](https://www.w3.org/TR/vc-di-eddsa/#ed25519signature2020): a proof type
    /// of its own.
    Ed25519Signature2020,
    /// `Ed25519Signature2018`: a proof type of its own, its value a detached JWS. Only verified.
    Ed25519Signature2018,
    /// [`JsonWebSignature2020`](https://www.w3.org/TR/vc-jws-2020/): the same with any JWS algorithm.
    /// Only verified.
    JsonWebSignature2020,
}

/// How a suite makes bytes of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Canonicalization {
    /// RDF Dataset Canonicalization: what the document states.
    Rdfc,
    /// JSON Canonicalization Scheme: what the document says, member by member.
    Jcs,
}

/// The hash of a suite, which ECDSA takes from the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hashing {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
}

/// Where a proof has its signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProofValue {
    /// In `proofValue`, in base58btc.
    Base58,
    /// In `proofValue`, a structure in base64url.
    Structure,
    /// In `jws`, a JWS without its payload ([RFC 7797](https://www.rfc-editor.org/rfc/rfc7797)).
    DetachedJws,
}

impl ProofValue {
    /// The member of the proof.
    #[must_use]
    pub const fn member(self) -> &'static str {
        match self {
            Self::Base58 | Self::Structure => "proofValue",
            Self::DetachedJws => "jws",
        }
    }
}

/// The type that says its suite in `cryptosuite`.
const DATA_INTEGRITY: &str = "DataIntegrityProof";

impl Suite {
    /// The suite of a proof; `None` for suites that are not implemented.
    #[must_use]
    pub fn of(proof: &Value<'_>) -> Option<Self> {
        Some(match (proof.text("type")?, proof.get("cryptosuite")) {
            (DATA_INTEGRITY, Some(Value::String(name))) => match name.as_ref() {
                "eddsa-rdfc-2022" => Self::EddsaRdfc2022,
                "eddsa-2022" | "eddsa-rdf-2022" => Self::Eddsa2022,
                "eddsa-jcs-2022" => Self::EddsaJcs2022,
                "ecdsa-rdfc-2019" => Self::EcdsaRdfc2019,
                "ecdsa-jcs-2019" => Self::EcdsaJcs2019,
                "ecdsa-sd-2023" => Self::EcdsaSd2023,
                _ => return None,
            },
            ("Ed25519Signature2020", None) => Self::Ed25519Signature2020,
            ("Ed25519Signature2018", None) => Self::Ed25519Signature2018,
            ("JsonWebSignature2020", None) => Self::JsonWebSignature2020,
            _ => return None,
        })
    }

    /// What a proof says of its suite: the cryptosuite, else the type.
    #[must_use]
    pub fn named<'v>(proof: &'v Value<'_>) -> Option<&'v str> {
        proof.text("cryptosuite").or_else(|| proof.text("type"))
    }

    /// The name: the cryptosuite's, or the proof type's where the suite is a type.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::EddsaRdfc2022 => "eddsa-rdfc-2022",
            Self::Eddsa2022 => "eddsa-2022",
            Self::EddsaJcs2022 => "eddsa-jcs-2022",
            Self::EcdsaRdfc2019 => "ecdsa-rdfc-2019",
            Self::EcdsaJcs2019 => "ecdsa-jcs-2019",
            Self::EcdsaSd2023 => "ecdsa-sd-2023",
            Self::Ed25519Signature2020 => "Ed25519Signature2020",
            Self::Ed25519Signature2018 => "Ed25519Signature2018",
            Self::JsonWebSignature2020 => "JsonWebSignature2020",
        }
    }

    /// `type` of its proofs.
    #[must_use]
    pub const fn proof_type(self) -> &'static str {
        if self.is_type() {
            self.name()
        } else {
            DATA_INTEGRITY
        }
    }

    /// Whether the suite is a proof type of its own, without `cryptosuite`.
    #[must_use]
    pub const fn is_type(self) -> bool {
        matches!(
            self,
            Self::Ed25519Signature2020 | Self::Ed25519Signature2018 | Self::JsonWebSignature2020
        )
    }

    /// The context in which its proofs' words are defined, for documents whose own do not: version 2
    /// of the credentials' context has those of Data Integrity.
    #[must_use]
    pub const fn context(self) -> &'static str {
        match self {
            Self::Ed25519Signature2020 => "https://w3id.org/security/suites/ed25519-2020/v1",
            Self::Ed25519Signature2018 => "https://w3id.org/security/suites/ed25519-2018/v1",
            Self::JsonWebSignature2020 => "https://w3id.org/security/suites/jws-2020/v1",
            _ => "https://w3id.org/security/data-integrity/v2",
        }
    }

    /// How it makes bytes of a document.
    #[must_use]
    pub const fn canonicalization(self) -> Canonicalization {
        match self {
            Self::EddsaJcs2022 | Self::EcdsaJcs2019 => Canonicalization::Jcs,
            _ => Canonicalization::Rdfc,
        }
    }

    /// How it hashes for keys of this algorithm; `None` for keys that are not its.
    #[must_use]
    pub const fn hashing(self, key: Algorithm) -> Option<Hashing> {
        match (self, key) {
            (Self::EcdsaRdfc2019 | Self::EcdsaJcs2019, Algorithm::Es384) => Some(Hashing::Sha384),
            (Self::EcdsaRdfc2019 | Self::EcdsaJcs2019 | Self::EcdsaSd2023, Algorithm::Es256)
            | (
                Self::EddsaRdfc2022
                | Self::Eddsa2022
                | Self::EddsaJcs2022
                | Self::Ed25519Signature2020
                | Self::Ed25519Signature2018,
                Algorithm::EdDsa,
            )
            | (Self::JsonWebSignature2020, _) => Some(Hashing::Sha256),
            _ => None,
        }
    }

    /// Where its proofs have their signature.
    #[must_use]
    pub const fn value(self) -> ProofValue {
        match self {
            Self::Ed25519Signature2018 | Self::JsonWebSignature2020 => ProofValue::DetachedJws,
            Self::EcdsaSd2023 => ProofValue::Structure,
            _ => ProofValue::Base58,
        }
    }
}
