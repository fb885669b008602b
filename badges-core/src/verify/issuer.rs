//! Whose key is it? Finding the key that a proof names, and whether it is the issuer's.
//!
//! A key counts as the issuer's only when the issuer's own identifier is the key, or the issuer's
//! own document lists it for making assertions. A key written into a URL's fragment, or sent along
//! in a header, can check a signature but says nothing of who made it.
//!
//! Nothing but the issuer's own documents, and key documents at the issuer's own host, is ever
//! asked for here.

use super::Purpose;
use super::controller::{
    ListedKey, Listing, OTHER_ID, find_method, key_set, listed_keys, standalone_key,
};
use super::findings::{Binding, Contradiction, Failure, Unestablished, Unknown};
use super::report::Outcome;
use crate::did::{did_of, domain, embedded_key, web_document_url};
use crate::documents::{Documents, Lookup};
use crate::json::{self, Value};
use crate::key::PublicKey;

/// How a proof says which key made it.
#[derive(Clone, Debug)]
pub(super) enum Named {
    /// By the URL of a verification method; the key itself too, where the header has it.
    Method(String, Option<PublicKey>),
    /// By an id in the issuer's key set that is no URL.
    KeyId(String, Option<PublicKey>),
    /// By the key itself.
    Key(PublicKey),
    /// Not at all.
    Nothing,
}

impl Named {
    const fn method(&self) -> Option<&String> {
        match self {
            Self::Method(method, _) => Some(method),
            _ => None,
        }
    }

    const fn key(&self) -> Option<&PublicKey> {
        match self {
            Self::Method(_, key) | Self::KeyId(_, key) => key.as_ref(),
            Self::Key(key) => Some(key),
            Self::Nothing => None,
        }
    }
}

/// A key, and whether it is the issuer's.
#[derive(Clone, Debug)]
pub(super) struct Resolved {
    pub(super) key: Result<ListedKey, Outcome>,
    pub(super) binding: Result<Binding, Outcome>,
}

/// Looks the key up in the documents; what is not there goes to `missing`.
pub(super) struct Resolver<'a> {
    pub(super) documents: &'a Documents,
    pub(super) issuer: &'a str,
    /// What the key must be listed for.
    pub(super) purpose: Purpose,
    /// Whether the proof is a JWT, whose keys may also stand in a key set.
    pub(super) jwt: bool,
    pub(super) missing: &'a mut Vec<String>,
}

/// What the issuer's own documents say of the key.
enum IssuerSays {
    Listed(Binding, ListedKey),
    /// Listed by its id; the key stands elsewhere.
    ListedById(Binding),
    Contradicted(Contradiction, String),
    Unknown(Outcome),
}

impl Resolver<'_> {
    pub(super) fn resolve(&mut self, named: &Named) -> Resolved {
        match self.ask_issuer(named) {
            IssuerSays::Listed(binding, key) => Resolved {
                key: Ok(key),
                binding: Ok(binding),
            },
            IssuerSays::ListedById(binding) => Resolved {
                key: self.key_by_id(named),
                binding: Ok(binding),
            },
            IssuerSays::Contradicted(reason, document) => Resolved {
                key: self.key_at_hand(named),
                binding: Err(Outcome::Failed(Failure::IssuerContradicted {
                    issuer: self.issuer.to_owned(),
                    method: named.method().cloned(),
                    document,
                    reason,
                })),
            },
            IssuerSays::Unknown(outcome) => Resolved {
                key: self.key_at_hand(named).or_else(|absent| {
                    if self.at_issuers_host(named) {
                        self.key_elsewhere(named)
                    } else {
                        Err(absent)
                    }
                }),
                binding: Err(outcome),
            },
        }
    }

    /// The key whose id alone the issuer lists: what a did:key or did:jwk says, or what stands at the
    /// id's address. A key that a header sends along, or that an id ends with, is whatever the signer
    /// wrote there, and says nothing of its being revoked.
    fn key_by_id(&mut self, named: &Named) -> Result<ListedKey, Outcome> {
        let is_own_document = |method: &String| embedded_key(split(method).0).is_some();
        if named.method().is_some_and(is_own_document) {
            self.key_at_hand(named)
        } else {
            self.key_elsewhere(named)
        }
    }

    /// The key as far as the proof itself has it: in a did:key or did:jwk, in a fragment, or in
    /// the header.
    fn key_at_hand(&self, named: &Named) -> Result<ListedKey, Outcome> {
        let plain = |key: PublicKey| ListedKey {
            key: Some(key),
            revoked: None,
            expires: None,
        };
        if let Some(method) = named.method() {
            let (document, fragment) = split(method);
            if let Some(embedded) = embedded_key(document) {
                return match embedded {
                    Some((key, id)) if fragment.is_none_or(|fragment| fragment == id) => {
                        Ok(plain(key))
                    }
                    _ => Err(Outcome::Failed(Failure::InvalidMethod {
                        method: method.clone(),
                    })),
                };
            }
            if let Some(key) = fragment.and_then(|text| PublicKey::from_multikey(text).ok()) {
                return Ok(plain(key));
            }
        }
        if let Some(key) = named.key() {
            return Ok(plain(key.clone()));
        }
        Err(Outcome::Unknown(match named {
            Named::Method(method, _) if !self.is_resolvable(method) => Unknown::Method {
                method: method.clone(),
            },
            Named::Method(method, _) => self.not_loaded(split(method).0),
            Named::KeyId(_, _) | Named::Nothing if self.issuer_urls().is_empty() => {
                Unknown::NoKeyNamed {}
            }
            _ => self.not_loaded(&self.issuer_urls().concat()),
        }))
    }

    fn not_loaded(&self, url: &str) -> Unknown {
        let url = web_document_url(url).unwrap_or_else(|| url.to_owned());
        let reason = match self.documents.get(&url) {
            Lookup::Failed(reason) => Some(reason.to_owned()),
            _ => None,
        };
        Unknown::KeyNotLoaded { url, reason }
    }

    fn is_resolvable(&self, method: &str) -> bool {
        let document = split(method).0;
        document.starts_with("https://")
            || document.starts_with("did:web:")
            || self.documents.contains(document)
    }

    fn at_issuers_host(&self, named: &Named) -> bool {
        named.method().is_some_and(|method| {
            let host = domain(method);
            host.is_some() && host == domain(self.issuer)
        })
    }

    /// The key at a method's own URL.
    fn key_elsewhere(&mut self, named: &Named) -> Result<ListedKey, Outcome> {
        let Some(method) = named.method() else {
            return Err(Outcome::Unknown(Unknown::NoKeyNamed {}));
        };
        let document = split(method).0;
        let unusable = || {
            Outcome::Unknown(Unknown::KeyNotLoaded {
                url: document.to_owned(),
                reason: Some("the document there does not have the key".to_owned()),
            })
        };
        if did_of(method).is_some() {
            let purpose = self.purpose;
            let listing = self.load(document, |value| {
                let controller = value.text("id").unwrap_or_default();
                match find_method(value, controller, method, purpose) {
                    Listing::Key(key) => Some(*key),
                    _ => None,
                }
            })?;
            return listing.ok_or_else(unusable);
        }
        let issuer = self.issuer.to_owned();
        self.load(document, |value| standalone_key(value, &issuer, method))?
            .ok_or_else(unusable)
    }

    /// Reads one of the documents; when it is not there, says so and what to fetch.
    fn load<T>(&mut self, id: &str, read: impl FnOnce(&Value<'_>) -> T) -> Result<T, Outcome> {
        let url = if matches!(self.documents.get(id), Lookup::Missing) {
            web_document_url(id).unwrap_or_else(|| id.to_owned())
        } else {
            id.to_owned()
        };
        let failed = |reason: &str| {
            Outcome::Unknown(Unknown::KeyNotLoaded {
                url: url.clone(),
                reason: Some(reason.to_owned()),
            })
        };
        match self.documents.get(&url) {
            Lookup::Loaded(text) => match json::parse(text) {
                Ok(value) => Ok(read(&value)),
                Err(error) => Err(failed(&format!("it is not JSON: {error}"))),
            },
            Lookup::Failed(reason) => Err(failed(reason)),
            Lookup::Missing if url.starts_with("https://") => {
                if !self.missing.contains(&url) {
                    self.missing.push(url.clone());
                }
                Err(Outcome::Unknown(Unknown::KeyNotLoaded {
                    url,
                    reason: None,
                }))
            }
            Lookup::Missing => Err(Outcome::Unknown(Unknown::Method { method: url })),
        }
    }

    /// Where the issuer's own documents would be.
    fn issuer_urls(&self) -> Vec<String> {
        if self.issuer.starts_with("did:") {
            web_document_url(self.issuer).into_iter().collect()
        } else if self.issuer.starts_with("https://") {
            vec![split(self.issuer).0.to_owned()]
        } else {
            Vec::new()
        }
    }

    fn ask_issuer(&mut self, named: &Named) -> IssuerSays {
        if let Some(embedded) = embedded_key(self.issuer) {
            return self.own_key(named, embedded);
        }
        if did_of(self.issuer) == Some(self.issuer) {
            if web_document_url(self.issuer).is_none() && !self.documents.contains(self.issuer) {
                return IssuerSays::Unknown(
                    self.unestablished(named, Unestablished::UnknownDidMethod),
                );
            }
            return self.ask_document(named, Binding::DidDocument);
        }
        // Without a domain there is no address, or one that hides its host behind a user name.
        if !self.issuer.starts_with("https://") || domain(self.issuer).is_none() {
            return IssuerSays::Unknown(self.unestablished(named, Unestablished::NoDocument));
        }
        let by_document = self.ask_document(named, Binding::ControllerDocument);
        if !self.jwt {
            return by_document;
        }
        let by_key_set = self.ask_key_set(named);
        match (by_document, by_key_set) {
            (listed @ (IssuerSays::Listed(..) | IssuerSays::ListedById(_)), _)
            | (_, listed @ (IssuerSays::Listed(..) | IssuerSays::ListedById(_))) => listed,
            // As long as one of the two may still answer, neither has the last word.
            (IssuerSays::Unknown(outcome), _) | (_, IssuerSays::Unknown(outcome))
                if outcome.is_unanswered() =>
            {
                IssuerSays::Unknown(outcome)
            }
            (contradicted @ IssuerSays::Contradicted(..), _)
            | (_, contradicted @ IssuerSays::Contradicted(..)) => contradicted,
            (unknown, _) => unknown,
        }
    }

    /// The issuer's identifier is a key: is it this one?
    fn own_key(&self, named: &Named, embedded: Option<(PublicKey, &str)>) -> IssuerSays {
        let contradicted =
            || IssuerSays::Contradicted(Contradiction::NotListed, self.issuer.to_owned());
        let Some((key, id)) = embedded else {
            return contradicted();
        };
        let is_it = match named {
            Named::Method(method, sent) => {
                let (document, fragment) = split(method);
                document == self.issuer
                    && fragment.is_none_or(|fragment| fragment == id)
                    && sent.as_ref().is_none_or(|sent| *sent == key)
            }
            Named::KeyId(kid, sent) => kid == id && sent.as_ref().is_none_or(|sent| *sent == key),
            Named::Key(sent) => *sent == key,
            Named::Nothing => true,
        };
        if is_it {
            let key = ListedKey {
                key: Some(key),
                revoked: None,
                expires: None,
            };
            IssuerSays::Listed(Binding::OwnKey, key)
        } else {
            contradicted()
        }
    }

    /// The issuer's DID document or controller document: does it list the key?
    fn ask_document(&mut self, named: &Named, binding: Binding) -> IssuerSays {
        let issuer = self.issuer.to_owned();
        let id = split(&issuer).0.to_owned();
        let purpose = self.purpose;
        let listing = self.load(&id, |document| {
            if document.text("id").is_some_and(|named| named != issuer) {
                return Err(OTHER_ID);
            }
            Ok(match named {
                Named::Method(method, _) => find_method(document, &issuer, method, purpose),
                Named::KeyId(kid, _) => {
                    find_method(document, &issuer, &format!("{issuer}#{kid}"), purpose)
                }
                Named::Key(key) => {
                    listing_by_key(document, &issuer, purpose, |listed| listed == key)
                }
                Named::Nothing => listing_by_key(document, &issuer, purpose, |_| true),
            })
        });
        let unknown =
            |resolver: &Self, reason| IssuerSays::Unknown(resolver.unestablished(named, reason));
        match listing {
            Err(outcome) => IssuerSays::Unknown(self.issuer_not_loaded(named, outcome)),
            Ok(Err(reason)) => {
                let url = web_document_url(&id).unwrap_or(id);
                IssuerSays::Unknown(Outcome::Unknown(Unknown::IssuerNotLoaded {
                    url,
                    reason: Some(reason.to_owned()),
                }))
            }
            Ok(Ok(Listing::Key(key))) => IssuerSays::Listed(binding, *key),
            Ok(Ok(Listing::Elsewhere)) => IssuerSays::ListedById(binding),
            Ok(Ok(Listing::OtherPurpose)) => {
                IssuerSays::Contradicted(Contradiction::OtherPurpose, id)
            }
            Ok(Ok(Listing::NoKeys)) if binding == Binding::ControllerDocument => {
                unknown(self, Unestablished::NoKeysInDocument)
            }
            Ok(Ok(Listing::NotListed | Listing::NoKeys)) => {
                IssuerSays::Contradicted(Contradiction::NotListed, id)
            }
        }
    }

    /// The key set of the issuer's host (Open Badges 3.0, 8.2.3).
    fn ask_key_set(&mut self, named: &Named) -> IssuerSays {
        let Some(host) = domain(self.issuer) else {
            return IssuerSays::Unknown(self.unestablished(named, Unestablished::NoDocument));
        };
        let url = format!("https://{host}/.well-known/jwks.json");
        let issuer = self.issuer.to_owned();
        let found = self.load(&url, |document| {
            let keys = key_set(document, &issuer);
            let mut matching = keys.into_iter().filter(|(id, key)| match named {
                Named::Method(kid, sent) | Named::KeyId(kid, sent) => {
                    (*id == Some(kid.as_str()) || *id == split(kid).1)
                        && sent.as_ref().is_none_or(|sent| sent == key)
                }
                Named::Key(sent) => sent == key,
                Named::Nothing => true,
            });
            matching.next().map(|(_, key)| key)
        });
        match found {
            Err(outcome) => IssuerSays::Unknown(self.issuer_not_loaded(named, outcome)),
            Ok(Some(key)) => IssuerSays::Listed(
                Binding::KeySet,
                ListedKey {
                    key: Some(key),
                    revoked: None,
                    expires: None,
                },
            ),
            Ok(None) => IssuerSays::Contradicted(Contradiction::NotListed, url),
        }
    }

    fn issuer_not_loaded(&self, named: &Named, outcome: Outcome) -> Outcome {
        match outcome {
            Outcome::Unknown(Unknown::KeyNotLoaded { url, reason }) => {
                Outcome::Unknown(Unknown::IssuerNotLoaded { url, reason })
            }
            _ => self.unestablished(named, Unestablished::NoDocument),
        }
    }

    fn unestablished(&self, named: &Named, reason: Unestablished) -> Outcome {
        Outcome::Unknown(Unknown::IssuerNotEstablished {
            issuer: self.issuer.to_owned(),
            method: named.method().cloned(),
            reason,
        })
    }
}

impl Outcome {
    /// Whether a document that was never asked for could change it.
    pub(super) const fn is_unanswered(&self) -> bool {
        matches!(
            self,
            Self::Unknown(
                Unknown::IssuerNotLoaded { reason: None, .. }
                    | Unknown::KeyNotLoaded { reason: None, .. }
            )
        )
    }
}

fn listing_by_key(
    document: &Value<'_>,
    issuer: &str,
    purpose: Purpose,
    is_it: impl Fn(&PublicKey) -> bool,
) -> Listing {
    let keys = listed_keys(document, issuer, purpose);
    if keys.is_empty() && document.get("verificationMethod").is_none() {
        return Listing::NoKeys;
    }
    keys.into_iter()
        .find(|listed| listed.key.as_ref().is_some_and(&is_it))
        .map_or(Listing::NotListed, |key| Listing::Key(Box::new(key)))
}

fn split(url: &str) -> (&str, Option<&str>) {
    match url.split_once('#') {
        Some((document, fragment)) => (document, Some(fragment)),
        None => (url, None),
    }
}
