//! Issuers for conformance suites: one for each path, with a key that lasts as long as the process.

use std::sync::atomic::{AtomicU32, Ordering};

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
    /// The next place in a status list.
    next: AtomicU32,
    since: OffsetDateTime,
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
            next: AtomicU32::new(0),
            since: now,
        }
    }

    pub(super) fn issuers(&self) -> &[OpenIssuer] {
        &self.issuers
    }

    pub(super) fn of(&self, instance: &Instance) -> Option<&OpenIssuer> {
        self.issuers
            .iter()
            .find(|issuer| issuer.instance.name == instance.name)
    }

    /// An entry of an issuer's status list, for a new credential.
    pub(super) fn entry(&self, app: &App, issuer: &OpenIssuer) -> Value {
        let list = list_url(app, issuer.instance);
        let index = self.next.fetch_add(1, Ordering::Relaxed) % LENGTH;
        json!({
            "id": format!("{list}#{index}"),
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": index.to_string(),
            "statusListCredential": list,
        })
    }

    /// An issuer's status list, in which nothing is set; `None` for issuers without one.
    pub(super) fn status_list(
        &self,
        app: &App,
        instance: &Instance,
    ) -> Option<Result<SignedCredential, Error>> {
        let issuer = self.of(instance).filter(|_| instance.status)?;
        let list = StatusList {
            url: &list_url(app, instance),
            issuer: &issuer.did,
            purpose: "revocation",
            bits: &StatusBits::default(),
            valid_from: DateTimeZ::from(self.since),
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

/// As many entries as a list has at least.
const LENGTH: u32 = 131_072;

fn list_url(app: &App, instance: &Instance) -> String {
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
