//! did:key as its W3C-CCG suite asks for it: an older dialect of resolution, where errors are words,
//! and the options of the [did:key] specification's algorithm. Only for conformance suites.
//!
//! [did:key]: https://w3c-ccg.github.io/did-key-spec/#document-creation-algorithm

use axum::Json;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use badges_core::did::{Did, DidFault, DidUrl, KeyForm, key_document, resource};
use serde::Deserialize;
use serde_json::{Value, json};

/// The options of the algorithm.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Options {
    public_key_format: Option<String>,
    enable_experimental_public_key_types: bool,
}

/// Forms that are known, and not to be had: the algorithm calls them experimental.
const EXPERIMENTAL: [&str; 4] = [
    "Ed25519VerificationKey2018",
    "X25519KeyAgreementKey2019",
    "EcdsaSecp256k1VerificationKey2019",
    "EcdsaSecp256r1VerificationKey2019",
];

/// Why there is no document, in the dialect's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Word(&'static str);

impl From<DidFault> for Word {
    fn from(fault: DidFault) -> Self {
        Self(match fault {
            DidFault::InvalidDidUrl => "invalidDidUrl",
            DidFault::MethodNotSupported { .. } => "methodNotSupported",
            DidFault::InvalidKeyLength { .. } => "invalidPublicKeyLength",
            DidFault::InvalidKey => "invalidPublicKey",
            DidFault::UnsupportedKey => "unsupportedPublicKeyType",
            DidFault::UnsuitableForm => "invalidPublicKeyType",
            _ => "invalidDid",
        })
    }
}

impl Word {
    fn status(self) -> StatusCode {
        match self.0 {
            "methodNotSupported" => StatusCode::NOT_IMPLEMENTED,
            "notFound" => StatusCode::NOT_FOUND,
            _ => StatusCode::BAD_REQUEST,
        }
    }
}

/// `GET did-key/{did}`.
pub(super) async fn answer(
    Path(written): Path<String>,
    Query(options): Query<Options>,
) -> Response {
    let metadata = if written.contains(['/', '?', '#']) {
        "didDereferencingMetadata"
    } else {
        "didResolutionMetadata"
    };
    let (status, document, said) = match find(&written, &options) {
        Ok(document) => (StatusCode::OK, document, json!({})),
        // The suite wants a document also where there is none.
        Err(word) => (word.status(), json!({}), json!({"error": word.0})),
    };
    let body = json!({
        "@context": "https://w3id.org/did-resolution/v1",
        "didDocument": document,
        "didDocumentMetadata": {},
        metadata: said,
    });
    (status, Json(body)).into_response()
}

fn find(written: &str, options: &Options) -> Result<Value, Word> {
    let url = DidUrl::parse(written)?;
    let multikey = multikey(url.did)?;
    let document = key_document(url.did.as_str(), multikey, form(options)?)?;
    let Some(fragment) = url.fragment else {
        return Ok(document);
    };
    resource(&document, url.did.as_str(), fragment)
        .cloned()
        .ok_or(Word("notFound"))
}

/// What follows the version, if there is one: a positive number, of which `.1` may be a part.
fn multikey(did: Did<'_>) -> Result<&str, DidFault> {
    if did.method() != "key" {
        let method = did.method().to_owned();
        return Err(DidFault::MethodNotSupported { method });
    }
    let Some((version, multikey)) = did.id().split_once(':') else {
        return Ok(did.id());
    };
    let (whole, part) = version.split_once('.').unwrap_or((version, "0"));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_positive = whole.parse().is_ok_and(|whole: u32| whole > 0);
    if is_positive && are_digits(whole) && !part.is_empty() && are_digits(part) {
        Ok(multikey)
    } else {
        Err(DidFault::InvalidDid)
    }
}

fn form(options: &Options) -> Result<KeyForm, Word> {
    match options.public_key_format.as_deref() {
        None | Some("Multikey") => Ok(KeyForm::Multikey),
        Some("JsonWebKey2020") => Ok(KeyForm::JsonWebKey2020),
        Some("Ed25519VerificationKey2020" | "X25519KeyAgreementKey2020") => {
            Ok(KeyForm::Ed25519VerificationKey2020)
        }
        Some(known)
            if EXPERIMENTAL.contains(&known) && !options.enable_experimental_public_key_types =>
        {
            Err(Word("invalidPublicKeyType"))
        }
        Some(_) => Err(Word("unsupportedPublicKeyType")),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const KEY: &str = "z6MktKwz7Ge1Yxzr4JHavN33wiwa8y81QdcMRLXQsrH9T53b";
    /// The X25519 key that follows from it.
    const DERIVED: &str = "z6LSfHfAMAopsuBxaBzvp51GXrPf38Az13j2fmwqadbwwrzJ";

    #[test]
    fn a_version_may_stand_before_the_key() {
        for version in ["", "1:", "1.1:", "2:"] {
            let did = format!("did:key:{version}{KEY}");
            let document = find(&did, &Options::default()).unwrap();
            assert_eq!(document["id"], did);
        }
        for version in ["0:", "0.7:", "-4:", "v1:", "1.:", ":"] {
            let did = format!("did:key:{version}{KEY}");
            let found = find(&did, &Options::default());
            assert_eq!(found, Err(Word("invalidDid")), "{did}");
        }
    }

    #[test]
    fn keys_are_found_in_the_form_that_is_asked_for() {
        let asked = |format: &str| Options {
            public_key_format: Some(format.to_owned()),
            ..Options::default()
        };
        for (format, key, kind) in [
            ("Multikey", DERIVED, "Multikey"),
            ("JsonWebKey2020", KEY, "JsonWebKey2020"),
            (
                "Ed25519VerificationKey2020",
                KEY,
                "Ed25519VerificationKey2020",
            ),
            (
                "X25519KeyAgreementKey2020",
                DERIVED,
                "X25519KeyAgreementKey2020",
            ),
        ] {
            let found = find(&format!("did:key:{KEY}#{key}"), &asked(format)).unwrap();
            assert_eq!(found["type"], kind);
            assert_eq!(found["controller"], format!("did:key:{KEY}"));
        }
        let did = format!("did:key:{KEY}");
        for (format, word) in [
            ("unknown", "unsupportedPublicKeyType"),
            ("Ed25519VerificationKey2018", "invalidPublicKeyType"),
        ] {
            assert_eq!(find(&did, &asked(format)), Err(Word(word)));
        }
        let nothing = find(&format!("{did}#nothing"), &Options::default());
        assert_eq!(nothing, Err(Word("notFound")));
    }
}
