//! Selective disclosure (`ecdsa-sd-2023`): an issuer signs every statement by itself, and a holder shows
//! some of them.

use super::{Form, SignedCredential, UnsignedCredential};
use crate::error::Error;
use crate::json;
use crate::jsonld::{Edition, Policy, RootContext};
use crate::key::SigningKey;
use crate::model::CredentialKind;
use crate::proof::data_integrity::ProofOptions;
use crate::proof::selective::{self, Choice};

/// What says whose a credential is and for how long: a holder must not be able to leave it out.
const LIMITS: [&str; 9] = [
    "/issuer",
    "/validFrom",
    "/validUntil",
    "/issuanceDate",
    "/expirationDate",
    "/credentialStatus",
    "/credentialSchema",
    "/refreshService",
    "/termsOfUse",
];

/// What limits a credential, and each one inside a record that has no proof of its own.
fn limits(document: &json::Value<'_>) -> Vec<String> {
    let mut pointers = Vec::new();
    let mut add = |place: &str, credential: &json::Value<'_>| {
        let limits = LIMITS.into_iter();
        let limits = limits.filter(|limit| credential.get(&limit[1..]).is_some());
        pointers.extend(limits.map(|limit| format!("{place}{limit}")));
    };
    add("", document);
    let Some(subject) = document.get("credentialSubject") else {
        return pointers;
    };
    for (index, part) in subject.list("verifiableCredential").iter().enumerate() {
        if part.get("proof").is_none() {
            add(
                &format!("/credentialSubject/verifiableCredential/{index}"),
                part,
            );
        }
    }
    pointers
}

impl UnsignedCredential {
    /// Signs every statement by itself (`ecdsa-sd-2023`), so that the holder can show some of them with
    /// [`SignedCredential::derive`]. What the pointers (RFC 6901) choose is always shown; of badges,
    /// endorsements and status lists also what limits them, whatever the pointers say.
    ///
    /// # Errors
    /// [`Error::Selective`]: pointers that choose nothing, keys other than P-256, and what would not
    /// be signed.
    pub fn sign_selectively(
        &self,
        key: &SigningKey,
        options: &ProofOptions,
        mandatory: &[&str],
        randomness: &selective::Randomness,
    ) -> Result<SignedCredential, Error> {
        let document = json::parse(&self.text)?;
        let limits = limits(&document);
        let mut mandatory = mandatory.to_vec();
        if CredentialKind::of(&document) != CredentialKind::Other {
            mandatory.extend(limits.iter().map(String::as_str));
            mandatory.sort_unstable();
            mandatory.dedup();
        }
        let proof = selective::base(
            &self.root,
            &document,
            &options.text(None),
            &mandatory,
            key,
            randomness,
        )?;
        Ok(SignedCredential::with_proof(&self.text, &proof))
    }
}

impl SignedCredential {
    /// What its holder shows of it: the mandatory parts, and what the pointers (RFC 6901) choose.
    ///
    /// # Errors
    /// [`Error::NotData`] for a JWT, [`Error::Selective`] without a base proof and for pointers that
    /// choose nothing.
    pub fn derive(&self, pointers: &[&str], policy: Policy) -> Result<Self, Error> {
        if self.form == Form::Jwt {
            return Err(Error::NotData);
        }
        let document = json::parse(&self.text)?;
        let root = RootContext::of(&document, Edition::NEWEST, policy)?;
        Ok(Self {
            text: selective::derive(&root, &document, pointers)?,
            form: Form::DataIntegrity,
        })
    }

    /// What its holder can choose to show, in the order of the text, and what is always shown.
    ///
    /// # Errors
    /// [`Error::NotData`] for a JWT, [`Error::Selective`] without a base proof.
    pub fn choices(&self, policy: Policy) -> Result<Vec<Choice>, Error> {
        if self.form == Form::Jwt {
            return Err(Error::NotData);
        }
        let document = json::parse(&self.text)?;
        let root = RootContext::of(&document, Edition::NEWEST, policy)?;
        Ok(selective::choices(&root, &document)?)
    }
}
