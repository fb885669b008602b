//! Signed verification (Open Badges 2.0, "Signed Badges"): a JWS by a key that the issuer's own
//! profile names; before 2.0, by the key at an address of the issuer's.

use super::issuer::Issuer;
use super::library::Library;
use super::version::{Version, verification};
use crate::json::{self, Value};
use crate::key::{Algorithm, JwkFault, PublicKey, SignatureCheck};
use crate::model::parse_date_time;
use crate::proof::jwt::Jws;
use crate::verify::Question;
use crate::verify::controller::ListedKey;
use crate::verify::findings::{
    Binding, Contradiction, Failure, HoldingProof, Unestablished, Unknown,
};
use crate::verify::proofs::usable;
use crate::verify::report::Outcome;
use time::OffsetDateTime;

/// The most keys of a profile that are tried when the assertion does not say which it was.
const MAX_KEYS: usize = 8;

/// Why a key is not even asked for.
const FOREIGN_KEY: &str = "it is not a key of the issuer's";

/// The JWS around a statement.
#[derive(Clone, Copy)]
pub(in crate::verify) struct Signed<'v> {
    pub(super) jws: &'v Jws<'v>,
    pub(super) header: &'v Value<'v>,
}

/// Whether the signature holds, and whose key it is.
pub(super) struct Judged {
    pub(super) holds: Result<HoldingProof, Outcome>,
    /// Absent when it was not looked at whose key it is.
    pub(super) binding: Option<Result<Binding, Outcome>>,
}

/// A key that belongs to the issuer.
struct Key {
    id: String,
    key: Result<ListedKey, Outcome>,
}

impl Signed<'_> {
    /// What can be told without any key.
    pub(super) fn algorithm(&self) -> Result<Algorithm, Outcome> {
        let name = self.header.text("alg").unwrap_or_default();
        if self.header.get("crit").is_some() {
            return Err(Outcome::Failed(Failure::Critical {}));
        }
        let algorithm = || name.to_owned();
        match Algorithm::from_jose(name) {
            Some(known) => Ok(known),
            // `none` and the HMAC family prove nothing to anybody.
            None if name.is_empty() || name == "none" || name.starts_with("HS") => {
                let algorithm = algorithm();
                Err(Outcome::Failed(Failure::Algorithm { algorithm }))
            }
            None => {
                let algorithm = algorithm();
                Err(Outcome::Unknown(Unknown::Algorithm { algorithm }))
            }
        }
    }

    pub(super) fn judge<'v>(
        &self,
        statement: &Value<'v>,
        issuer: &Issuer<'v>,
        question: &Question<'_>,
        library: &mut Library<'v>,
    ) -> Judged {
        let algorithm = match self.algorithm() {
            Ok(algorithm) => algorithm,
            Err(outcome) => {
                return Judged {
                    holds: Err(outcome),
                    binding: None,
                };
            }
        };
        let (keys, binding) = match keys(statement, issuer, library) {
            Ok(found) => found,
            Err(binding) => {
                let creator = verification(statement).and_then(|how| how.text("creator"));
                let key = Unknown::KeyNotLoaded {
                    url: creator.unwrap_or(&issuer.id).to_owned(),
                    reason: Some(FOREIGN_KEY.to_owned()),
                };
                return Judged {
                    holds: Err(Outcome::Unknown(key)),
                    binding: Some(Err(binding)),
                };
            }
        };
        let mut worst = None;
        for key in keys {
            match self.by_key(algorithm, &key, question) {
                Ok(holds) => {
                    return Judged {
                        holds: Ok(holds),
                        binding: Some(Ok(binding)),
                    };
                }
                // A key that could not be tried may be the one.
                Err(outcome @ Outcome::Unknown(_)) => worst = Some(outcome),
                Err(outcome) => {
                    worst.get_or_insert(outcome);
                }
            }
        }
        Judged {
            holds: Err(worst.unwrap_or(Outcome::Unknown(Unknown::NoKeyNamed {}))),
            binding: Some(Ok(binding)),
        }
    }

    fn by_key(
        &self,
        algorithm: Algorithm,
        key: &Key,
        question: &Question<'_>,
    ) -> Result<HoldingProof, Outcome> {
        let public = usable(&key.key, question)?;
        let suite = || algorithm.jose_name().to_owned();
        if public.algorithm() != algorithm {
            return Err(Outcome::Failed(Failure::Algorithm { algorithm: suite() }));
        }
        match public.verify(self.jws.signing_input.as_bytes(), &self.jws.signature) {
            SignatureCheck::Holds => Ok(HoldingProof {
                suite: suite(),
                verification_method: Some(key.id.clone()),
                created: None,
            }),
            SignatureCheck::Fails => Err(Outcome::Failed(Failure::Signature {
                suite: suite(),
                verification_method: Some(key.id.clone()),
            })),
            SignatureCheck::Unsupported => {
                Err(Outcome::Unknown(Unknown::Algorithm { algorithm: suite() }))
            }
        }
    }
}

/// The keys that may have signed, all of them the issuer's.
fn keys<'v>(
    statement: &Value<'v>,
    issuer: &Issuer<'v>,
    library: &mut Library<'v>,
) -> Result<(Vec<Key>, Binding), Outcome> {
    let how = verification(statement);
    let listed = issuer.profile.list("publicKey");
    if Version::of(statement) < Some(Version::V2_0) && listed.is_empty() {
        let Some(url) = how.and_then(|how| how.text("url")) else {
            return Err(no_key(issuer, Unestablished::NoKeysInDocument));
        };
        if !issuer.publishes(url) {
            return Err(Outcome::Failed(Failure::OtherOrigin {
                issuer: issuer.id.clone(),
                url: url.to_owned(),
            }));
        }
        return Ok((vec![key_at(url, library)], Binding::Hosted));
    }
    let creator = how.and_then(|how| how.text("creator"));
    let contradicted = |method: Option<&str>, reason| {
        Outcome::Failed(Failure::IssuerContradicted {
            issuer: issuer.id.clone(),
            method: method.map(str::to_owned),
            document: issuer.id.clone(),
            reason,
        })
    };
    let id = |key: &Value<'v>| key.as_str().or_else(|| key.text("id")).map(str::to_owned);
    let candidates = listed
        .iter()
        .filter(|key| creator.is_none_or(|creator| id(key).as_deref() == Some(creator)));
    let mut keys = Vec::new();
    let mut foreign = None;
    for candidate in candidates.take(MAX_KEYS) {
        match listed_key(candidate, &issuer.id, library) {
            Ok(key) => keys.push(key),
            Err(reason) => foreign = Some((id(candidate), reason)),
        }
    }
    match (keys.is_empty(), foreign) {
        (false, _) => Ok((keys, Binding::ControllerDocument)),
        (true, Some((method, reason))) => Err(contradicted(method.as_deref(), reason)),
        (true, None) => Err(contradicted(creator, Contradiction::NotListed)),
    }
}

/// A `CryptographicKey` that the profile links to; `Err` when it says that it is another's.
fn listed_key<'v>(
    member: &Value<'v>,
    issuer: &str,
    library: &mut Library<'v>,
) -> Result<Key, Contradiction> {
    let Some(url) = member.as_str() else {
        // Inside the issuer's own profile it is the issuer's, unless it denies that.
        if member.text("owner").is_some_and(|owner| owner != issuer) {
            return Err(Contradiction::OtherPurpose);
        }
        let id = member.text("id").unwrap_or(issuer);
        return Ok(read_key(id, member));
    };
    match library.json(url) {
        Ok(document) => {
            if document.text("owner") != Some(issuer) || document.text("id") != Some(url) {
                return Err(Contradiction::OtherPurpose);
            }
            Ok(read_key(url, &document))
        }
        Err(absent) => Ok(Key {
            id: url.to_owned(),
            key: Err(Outcome::Unknown(Unknown::KeyNotLoaded {
                url: absent.url,
                reason: absent.reason,
            })),
        }),
    }
}

/// The key at an address, as PEM or as an object with one.
fn key_at(url: &str, library: &mut Library<'_>) -> Key {
    let text = match library.text(url) {
        Ok(text) => text,
        Err(absent) => {
            return Key {
                id: url.to_owned(),
                key: Err(Outcome::Unknown(Unknown::KeyNotLoaded {
                    url: absent.url,
                    reason: absent.reason,
                })),
            };
        }
    };
    match json::parse(text) {
        Ok(document) => read_key(url, &document),
        Err(_) => Key {
            id: url.to_owned(),
            key: from_pem(url, text, None),
        },
    }
}

fn read_key(id: &str, key: &Value<'_>) -> Key {
    let revoked = match key.get("revoked") {
        None | Some(Value::Null | Value::Bool(false)) => None,
        // What cannot be read as a date is taken as the worst.
        Some(value) => {
            let date = value.as_str().and_then(|text| parse_date_time(text).ok());
            Some(date.unwrap_or(OffsetDateTime::UNIX_EPOCH))
        }
    };
    let pem = key.text("publicKeyPem").unwrap_or_default();
    Key {
        id: id.to_owned(),
        key: from_pem(id, pem, revoked),
    }
}

fn from_pem(id: &str, pem: &str, revoked: Option<OffsetDateTime>) -> Result<ListedKey, Outcome> {
    let method = id.to_owned();
    match PublicKey::from_pem(pem) {
        Ok(key) => Ok(ListedKey {
            key: Some(key),
            revoked,
            expires: None,
        }),
        Err(JwkFault::UnknownKind) => Err(Outcome::Unknown(Unknown::Method { method })),
        Err(JwkFault::Private) => Err(Outcome::Failed(Failure::PrivateKey {})),
        Err(_) => Err(Outcome::Failed(Failure::InvalidMethod { method })),
    }
}

fn no_key(issuer: &Issuer<'_>, reason: Unestablished) -> Outcome {
    Outcome::Unknown(Unknown::IssuerNotEstablished {
        issuer: issuer.id.clone(),
        method: None,
        reason,
    })
}
