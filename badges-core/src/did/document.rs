//! The documents of DIDs that contain their key.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{Did, DidFault};
use crate::key::{JwkFault, PublicKey, x25519_multikey};

/// What signs in the name of a DID ([DID Core, 5.3]).
///
/// [DID Core, 5.3]: https://www.w3.org/TR/did-1.0/#verification-relationships
const SIGNING: [&str; 4] = [
    "authentication",
    "assertionMethod",
    "capabilityInvocation",
    "capabilityDelegation",
];

/// How the keys of a did:key are shown, which the [did:key] specification calls `publicKeyFormat`.
///
/// [did:key]: https://w3c-ccg.github.io/did-key-spec/#signature-method-creation-algorithm
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyForm {
    /// `Multikey`.
    #[default]
    Multikey,
    /// `JsonWebKey2020`.
    JsonWebKey2020,
    /// `Ed25519VerificationKey2020`, with `X25519KeyAgreementKey2020`: for Ed25519 only.
    Ed25519VerificationKey2020,
}

impl KeyForm {
    fn contexts(self) -> Vec<&'static str> {
        let own: &[&str] = match self {
            Self::Multikey => &["https://w3id.org/security/multikey/v1"],
            Self::JsonWebKey2020 => &["https://w3id.org/security/suites/jws-2020/v1"],
            Self::Ed25519VerificationKey2020 => &[
                "https://w3id.org/security/suites/ed25519-2020/v1",
                "https://w3id.org/security/suites/x25519-2020/v1",
            ],
        };
        [&["https://www.w3.org/ns/did/v1"][..], own].concat()
    }

    fn method(self, did: &str, kind: &str, multikey: &str, jwk: Value) -> Value {
        let mut method = json!({
            "id": format!("{did}#{multikey}"),
            "type": kind,
            "controller": did,
        });
        if self == Self::JsonWebKey2020 {
            method["publicKeyJwk"] = jwk;
        } else {
            method["publicKeyMultibase"] = multikey.into();
        }
        method
    }
}

/// The document of a did:key ([did:key, Create]) or did:jwk ([did:jwk, Create]), which needs nothing
/// but the DID.
///
/// # Errors
/// Why there is none; [`DidFault::MethodNotSupported`] for all other methods.
///
/// [did:key, Create]: https://w3c-ccg.github.io/did-key-spec/#create
/// [did:jwk, Create]: https://github.com/quartzjer/did-jwk/blob/main/spec.md#create
pub fn document(did: &str) -> Result<Value, DidFault> {
    let did = Did::parse(did)?;
    match did.method() {
        "key" => key_document(did.as_str(), did.id(), KeyForm::Multikey),
        "jwk" => jwk_document(did),
        method => Err(DidFault::MethodNotSupported {
            method: method.to_owned(),
        }),
    }
}

/// The key of a did:key. Only base58btc, as the method has it: a key has one name.
pub(super) fn key_of(multikey: &str) -> Result<PublicKey, DidFault> {
    if !multikey.starts_with('z') {
        return Err(DidFault::InvalidDid);
    }
    Ok(PublicKey::from_multikey(multikey)?)
}

/// The document of a did:key in another form than [`document`] has it, or of one under another id: the
/// specification's [algorithm] knows `did:key:1:z…` too, which its syntax does not.
///
/// An Ed25519 key comes with the X25519 key that follows from it, under `keyAgreement`.
///
/// # Errors
/// Why the text is no key, or [`DidFault::UnsuitableForm`].
///
/// [algorithm]: https://w3c-ccg.github.io/did-key-spec/#document-creation-algorithm
pub fn key_document(did: &str, multikey: &str, form: KeyForm) -> Result<Value, DidFault> {
    let key = key_of(multikey)?;
    let (signing, agreement) = match (form, &key) {
        (KeyForm::Multikey, _) => ("Multikey", "Multikey"),
        (KeyForm::JsonWebKey2020, _) => ("JsonWebKey2020", "JsonWebKey2020"),
        (KeyForm::Ed25519VerificationKey2020, PublicKey::Ed25519(_)) => {
            ("Ed25519VerificationKey2020", "X25519KeyAgreementKey2020")
        }
        (KeyForm::Ed25519VerificationKey2020, _) => return Err(DidFault::UnsuitableForm),
    };
    let mut methods = vec![form.method(did, signing, multikey, key.to_jwk())];
    let derived = key.x25519_bytes().map(|derived| {
        let x = URL_SAFE_NO_PAD.encode(derived);
        let jwk = json!({"kty": "OKP", "crv": "X25519", "x": x});
        form.method(did, agreement, &x25519_multikey(&derived), jwk)
    });
    methods.extend(derived);
    let mut document = json!({"@context": form.contexts(), "id": did});
    for purpose in SIGNING {
        document[purpose] = json!([methods[0]["id"]]);
    }
    if let Some(derived) = methods.get(1) {
        document["keyAgreement"] = json!([derived["id"]]);
    }
    document["verificationMethod"] = methods.into();
    Ok(document)
}

/// Its JWK is shown as it stands in the DID, whatever else is in it.
fn jwk_document(did: Did<'_>) -> Result<Value, DidFault> {
    let decoded = URL_SAFE_NO_PAD.decode(did.id()).ok();
    let text = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
    let text = text.ok_or(DidFault::InvalidDid)?;
    let jwk = crate::json::parse(&text).map_err(|_| DidFault::InvalidDid)?;
    let usage = jwk.text("use");
    let (signs, agrees) = match PublicKey::from_jwk(&jwk) {
        Ok(PublicKey::Ed25519(_)) => (usage != Some("enc"), false),
        Ok(_) => (usage != Some("enc"), usage != Some("sig")),
        Err(JwkFault::UnknownKind) if is_x25519(&jwk) => (false, true),
        Err(JwkFault::UnknownKind) => return Err(DidFault::UnsupportedKey),
        Err(_) => return Err(DidFault::InvalidKey),
    };
    let did = did.as_str();
    let id = format!("{did}#0");
    let jwk: Value = serde_json::from_str(&text).map_err(|_| DidFault::InvalidDid)?;
    let mut document = json!({
        "@context": KeyForm::JsonWebKey2020.contexts(),
        "id": did,
        "verificationMethod": [{
            "id": id,
            "type": "JsonWebKey2020",
            "controller": did,
            "publicKeyJwk": jwk,
        }],
    });
    let agreement = agrees.then_some("keyAgreement");
    for purpose in SIGNING.into_iter().filter(|_| signs).chain(agreement) {
        document[purpose] = json!([id]);
    }
    Ok(document)
}

fn is_x25519(jwk: &crate::json::Value<'_>) -> bool {
    let x = jwk.text("x").and_then(|x| URL_SAFE_NO_PAD.decode(x).ok());
    jwk.text("kty") == Some("OKP")
        && jwk.text("crv") == Some("X25519")
        && x.is_some_and(|x| x.len() == 32)
}

/// What a DID URL with a fragment names in its DID's document: a verification method or a service
/// ([DID Core, 3.2.1]). Ids in documents may be relative.
///
/// [DID Core, 3.2.1]: https://www.w3.org/TR/did-1.0/#fragment
#[must_use]
pub fn resource<'d>(document: &'d Value, did: &str, fragment: &str) -> Option<&'d Value> {
    let members = ["verificationMethod", "service", "keyAgreement"];
    let items = members
        .into_iter()
        .chain(SIGNING)
        .filter_map(|member| document.get(member)?.as_array());
    items.flatten().find(|item| {
        let id = item.get("id").and_then(Value::as_str);
        let own = id.and_then(|id| id.strip_prefix(did).unwrap_or(id).strip_prefix('#'));
        own == Some(fragment)
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    /// Examples of the did:key specification and its test vectors (w3c-ccg/did-key-spec), with a
    /// member of their JWKs.
    const KEYS: [(&str, &str, &str); 6] = [
        (
            "z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH",
            "Ed25519",
            "lJZrfAjkBXdfjebMHEUI9usidAPhAlssitLXR3OYxbI",
        ),
        (
            "zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169",
            "P-256",
            "fyNYMN0976ci7xqiSdag3buk-ZCwgXU4kz9XNkBlNUI",
        ),
        (
            "zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv",
            "P-256",
            "igrFmi0whuihKnj9R3Om1SoMph72wUGeFaBbzG2vzns",
        ),
        (
            "z82Lm1MpAkeJcix9K8TMiLd5NMAhnwkjjCBeWHXyu3U4oT2MVJJKXkcVBgjGhnLBn2Kaau9",
            "P-384",
            "lInTxl8fjLKp_UCrxI0WDklahi-7-_6JbtiHjiRvMvhedhKVdHBfi2HCY8t_QJyc",
        ),
        (
            "z2J9gaYxrKVpdoG9A4gRnmpnRCcxU6agDtFVVBVdn1JedouoZN7SzcyREXXzWgt3gGiwpoHq7K68X4m32D8HgzG8wv3sY5j7",
            "P-521",
            "ASUHPMyichQ0QbHZ9ofNx_l4y7luncn5feKLo3OpJ2nSbZoC7mffolj5uy7s6KSKXFmnNWxGJ42IOrjZ47qqwqyS",
        ),
        (
            "zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme",
            "secp256k1",
            "h0wVx_2iDlOcblulc8E5iEw1EYh5n1RYtLQfeSTyNc0",
        ),
    ];

    #[test]
    fn the_published_keys_expand() {
        for (multikey, curve, x) in KEYS {
            let did = format!("did:key:{multikey}");
            let id = format!("{did}#{multikey}");
            let found = document(&did).unwrap();
            assert_eq!(found["id"], did);
            let method = &found["verificationMethod"][0];
            assert_eq!(
                *method,
                json!({"id": id, "type": "Multikey", "controller": did, "publicKeyMultibase": multikey})
            );
            for purpose in SIGNING {
                assert_eq!(found[purpose], json!([id]));
            }
            assert_eq!(found.get("keyAgreement").is_some(), curve == "Ed25519");
            let found = key_document(&did, multikey, KeyForm::JsonWebKey2020).unwrap();
            let jwk = &found["verificationMethod"][0]["publicKeyJwk"];
            assert_eq!((&jwk["crv"], &jwk["x"]), (&curve.into(), &x.into()));
        }
    }

    /// The example of the specification, whose `keyAgreement` stands among the methods, as its
    /// algorithm has it.
    #[test]
    fn the_specifications_example_expands() {
        let multikey = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
        let derived = "z6LSj72tK8brWgZja8NLRwPigth2T9QRiG1uH9oKZuKjdh9p";
        let did = format!("did:key:{multikey}");
        let own = format!("{did}#{multikey}");
        let form = KeyForm::Ed25519VerificationKey2020;
        let expected = json!({
            "@context": [
                "https://www.w3.org/ns/did/v1",
                "https://w3id.org/security/suites/ed25519-2020/v1",
                "https://w3id.org/security/suites/x25519-2020/v1",
            ],
            "id": did,
            "verificationMethod": [{
                "id": own,
                "type": "Ed25519VerificationKey2020",
                "controller": did,
                "publicKeyMultibase": multikey,
            }, {
                "id": format!("{did}#{derived}"),
                "type": "X25519KeyAgreementKey2020",
                "controller": did,
                "publicKeyMultibase": derived,
            }],
            "authentication": [own],
            "assertionMethod": [own],
            "capabilityDelegation": [own],
            "capabilityInvocation": [own],
            "keyAgreement": [format!("{did}#{derived}")],
        });
        assert_eq!(key_document(&did, multikey, form).unwrap(), expected);
        let found = resource(&expected, &did, derived).unwrap();
        assert_eq!(found["type"], "X25519KeyAgreementKey2020");
        assert_eq!(resource(&expected, &did, "nothing"), None);
        assert_eq!(
            key_document("did:key:zDna", KEYS[1].0, form),
            Err(DidFault::UnsuitableForm)
        );
    }

    /// The two examples of the did:jwk specification.
    #[test]
    fn the_published_jwks_expand() {
        let did = "did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAiLCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9";
        let id = format!("{did}#0");
        let expected = json!({
            "@context": [
                "https://www.w3.org/ns/did/v1",
                "https://w3id.org/security/suites/jws-2020/v1",
            ],
            "id": did,
            "verificationMethod": [{
                "id": id,
                "type": "JsonWebKey2020",
                "controller": did,
                "publicKeyJwk": {
                    "crv": "P-256",
                    "kty": "EC",
                    "x": "acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0",
                    "y": "_KcyLj9vWMptnmKtm46GqDz8wf74I5LKgrl2GzH3nSE",
                },
            }],
            "assertionMethod": [id],
            "authentication": [id],
            "capabilityInvocation": [id],
            "capabilityDelegation": [id],
            "keyAgreement": [id],
        });
        assert_eq!(document(did).unwrap(), expected);
        let did = "did:jwk:eyJrdHkiOiJPS1AiLCJjcnYiOiJYMjU1MTkiLCJ1c2UiOiJlbmMiLCJ4IjoiM3A3YmZYdDl3YlRUVzJIQzdPUTFOei1EUThoYmVHZE5yZngtRkctSUswOCJ9";
        let found = document(did).unwrap();
        assert_eq!(found["keyAgreement"], json!([format!("{did}#0")]));
        assert_eq!(found.get("assertionMethod"), None);
    }

    #[test]
    fn what_is_no_key_has_no_document() {
        let length = |expected, found| DidFault::InvalidKeyLength { expected, found };
        let multikey = |bytes: &[u8]| format!("did:key:{}", crate::key::encode_base58btc(bytes));
        let jwk = |text: &str| format!("did:jwk:{}", URL_SAFE_NO_PAD.encode(text));
        for (did, fault) in [
            ("did:key:zTjsVPtY".to_owned(), length(32, 3)),
            (
                multikey(&[&[0x80, 0x24, 4][..], &[1; 64]].concat()),
                length(33, 65),
            ),
            // Neither compressed, nor a point.
            (
                multikey(&[&[0x80, 0x24, 5][..], &[1; 32]].concat()),
                DidFault::InvalidKey,
            ),
            (
                multikey(&[&[0xe7, 0x01, 2][..], &[0xff; 32]].concat()),
                DidFault::InvalidKey,
            ),
            // A weak point.
            (
                multikey(&[&[0xed, 0x01][..], &[0; 32]].concat()),
                DidFault::InvalidKey,
            ),
            (multikey(&[0xec, 0x01, 0]), DidFault::UnsupportedKey),
            (multikey(&[]), DidFault::UnsupportedKey),
            ("did:key:z0".to_owned(), DidFault::InvalidDid),
            ("did:key:uAAAA".to_owned(), DidFault::InvalidDid),
            (
                "did:key:1:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH".to_owned(),
                DidFault::InvalidDid,
            ),
            ("did:key:@".to_owned(), DidFault::InvalidDid),
            ("did:jwk:e30".to_owned(), DidFault::UnsupportedKey),
            ("did:jwk:_".to_owned(), DidFault::InvalidDid),
            (jwk("[]"), DidFault::UnsupportedKey),
            (
                jwk(r#"{"kty":"OKP","crv":"Ed25519","x":"AAAA"}"#),
                DidFault::InvalidKey,
            ),
            (
                jwk(
                    r#"{"kty":"OKP","crv":"X25519","x":"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08","d":"AA"}"#,
                ),
                DidFault::InvalidKey,
            ),
            (
                "did:web:example.org".to_owned(),
                DidFault::MethodNotSupported {
                    method: "web".to_owned(),
                },
            ),
        ] {
            assert_eq!(document(&did), Err(fault), "{did}");
        }
    }
}
