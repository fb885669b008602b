//! Issuers for conformance suites: one for each path, with a key that lasts as long as the process.

use std::sync::{Mutex, MutexGuard, PoisonError};

use badges_core::Error;
use badges_core::credential::SignedCredential;
use badges_core::did::did_key;
use badges_core::key::{Algorithm, SigningKey};
use badges_core::model::DateTimeZ;
use badges_core::status::{StatusBits, StatusList};
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::instance::{INSTANCES, Instance};
use crate::App;
use crate::ambient::random;

/// The open issuers, in the order of the instances.
#[derive(Debug)]
pub(crate) struct OpenIssuers {
    issuers: Vec<OpenIssuer>,
    places: Mutex<Places>,
}

/// The places in status lists. All issuers share them, so that none needs to know whose a place is.
#[derive(Debug)]
struct Places {
    next: u64,
    bits: StatusBits,
    changed: OffsetDateTime,
}

/// An issuer that is its key.
#[derive(Clone, Debug)]
pub(super) struct OpenIssuer {
    pub(super) instance: &'static Instance,
    pub(super) key: SigningKey,
    pub(super) did: String,
}

impl OpenIssuers {
    /// New ones, with keys of random bytes.
    pub(crate) fn new(now: OffsetDateTime) -> Self {
        let issuers = INSTANCES.iter().map(|instance| {
            let key = new_key(instance.key);
            OpenIssuer {
                instance,
                did: did_key(key.public_key()).unwrap_or_default(),
                key,
            }
        });
        Self {
            issuers: issuers.collect(),
            places: Mutex::new(Places {
                next: 0,
                bits: StatusBits::default(),
                changed: now,
            }),
        }
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        // Nothing is half done when somebody panics who has them.
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn issuers(&self) -> &[OpenIssuer] {
        &self.issuers
    }

    pub(super) fn of(&self, instance: &Instance) -> Option<&OpenIssuer> {
        self.issuers
            .iter()
            .find(|issuer| issuer.instance.name == instance.name)
    }

    /// An entry of an issuer's status list, for a new credential; `None` when the list is full.
    pub(super) fn entry(&self, app: &App, issuer: &OpenIssuer) -> Option<Value> {
        let list = list_url(app, issuer.instance);
        let mut places = self.places();
        let index = places.next;
        if index == places.bits.entries() {
            return None;
        }
        places.next += 1;
        Some(json!({
            "id": format!("{list}#{index}"),
            "type": "BitstringStatusListEntry",
            "statusPurpose": PURPOSE,
            "statusListIndex": index.to_string(),
            "statusListCredential": list,
        }))
    }

    /// Sets what an entry says; `false` when there is no such entry.
    pub(super) fn set(&self, now: OffsetDateTime, index: u64, value: bool) -> bool {
        let mut places = self.places();
        let known = index < places.next && places.bits.set(index, value);
        if known {
            places.changed = now;
        }
        known
    }

    /// An issuer's status list; `None` for issuers without one.
    pub(super) fn status_list(
        &self,
        app: &App,
        instance: &Instance,
    ) -> Option<Result<SignedCredential, Error>> {
        let issuer = self.of(instance).filter(|_| instance.status)?;
        let places = self.places();
        let list = StatusList {
            url: &list_url(app, instance),
            issuer: &issuer.did,
            purpose: PURPOSE,
            bits: &places.bits,
            valid_from: DateTimeZ::from(places.changed),
            valid_until: None,
        };
        Some(list.sign(&issuer.key))
    }

    /// The status list at an address.
    pub(crate) fn list_at(&self, app: &App, url: &str) -> Option<String> {
        let mut listing = INSTANCES.iter().filter(|instance| instance.status);
        let instance = listing.find(|instance| list_url(app, instance) == url)?;
        let list = self.status_list(app, instance)?.ok()?;
        Some(list.into_text())
    }
}

/// What the lists are for.
pub(super) const PURPOSE: &str = "revocation";

/// Where the status list of an instance is.
pub(super) fn list_url(app: &App, instance: &Instance) -> String {
    let path = format!("/vc-api/{}/status/1", instance.name);
    app.settings.public_url.join(&path)
}

/// A key of random bytes; nearly all of them are keys.
fn new_key(algorithm: Algorithm) -> SigningKey {
    loop {
        let key = match algorithm {
            Algorithm::Es256 => SigningKey::p256(&random()),
            Algorithm::Es384 => SigningKey::p384(&random()),
            _ => Some(SigningKey::ed25519(&random())),
        };
        if let Some(key) = key {
            return key;
        }
    }
}
