//! Signing with something around the credential: a compact JWS, an SD-JWT or a COSE_Sign1.

use time::OffsetDateTime;

use super::{Form, SignedCredential, UnsignedCredential};
use crate::error::Error;
use crate::json::{self, Value};
use crate::jsonld::Part;
use crate::key::SigningKey;
use crate::model::{DataModel, Invalid, issuer_id, parse_date_time};
use crate::proof::{cose, jwt, sd_jwt};

impl UnsignedCredential {
    /// Signs as a compact JWS in the profile of Open Badges 3.0 (8.2): the credential as the
    /// payload, with the registered claims `iss`, `sub`, `jti`, `nbf` and `exp` beside it; of version 1.1
    /// in the claim `vc` (Verifiable Credentials 1.1, 6.3.1).
    ///
    /// # Errors
    /// [`Error::Fault`] when a strict reader would not understand the payload, [`Error::Invalid`]
    /// when what a claim repeats is not there; in version 1.1 the ids may be missing.
    pub fn sign_jwt(&self, key: &SigningKey, kid: &str) -> Result<SignedCredential, Error> {
        let document = json::parse(&self.text)?;
        let claims = claims(&document)?;
        let payload = match DataModel::of(&document) {
            DataModel::V1 => format!("{{\"vc\":{},{claims}}}", self.text),
            DataModel::V2 => {
                let payload = json::with_member(&self.text, &[&claims]);
                self.root.to_rdf(&json::parse(&payload)?, Part::Unsecured)?;
                payload
            }
        };
        let header = format!(
            "{{\"alg\":\"{}\",\"kid\":{},\"typ\":\"JWT\"}}",
            key.algorithm().jose_name(),
            json::quoted(kid)
        );
        let input = jwt::signing_input(&header, &payload);
        let signature = key.sign(input.as_bytes()).ok_or(Error::NoRandomness)?;
        Ok(SignedCredential {
            text: jwt::finish(input, &signature),
            form: Form::Jwt,
        })
    }

    /// Signs as W3C's *Securing Verifiable Credentials using JOSE and COSE* says (3.1): the text
    /// as it is, with the type `vc+jwt` and no claims beside it.
    ///
    /// # Errors
    /// [`Error::DataModel`] for a credential that is not of version 2.0.
    pub fn sign_vc_jwt(&self, key: &SigningKey, kid: &str) -> Result<SignedCredential, Error> {
        self.ensure_version_2()?;
        Ok(SignedCredential {
            text: sign_jose(&self.text, "vc+jwt", "vc", kid, key)?,
            form: Form::Jwt,
        })
    }

    /// Signs as an SD-JWT (the same standard, 3.2): what stands at `paths`, such as
    /// `credentialSubject.identifier[0]`, the holder can keep back. The result has all disclosures.
    /// `salts` gives 16 random bytes for each path.
    ///
    /// # Errors
    /// [`Error::DataModel`] for a credential that is not of version 2.0; [`Error::Concealment`] for
    /// a path where nothing stands, and for what verifiers cannot do without: a holder who could
    /// keep back `validUntil` or `credentialStatus` would have a badge that neither expires nor is
    /// revoked.
    pub fn sign_sd_jwt(
        &self,
        key: &SigningKey,
        kid: &str,
        paths: &[impl AsRef<str>],
        salts: impl FnMut() -> [u8; 16],
    ) -> Result<String, Error> {
        self.ensure_version_2()?;
        let needed = paths.iter().map(AsRef::as_ref).find(|path: &&str| {
            let member = path.split(['.', '[']).next();
            member.is_some_and(|member| ALWAYS_SHOWN.contains(&member))
        });
        if let Some(path) = needed {
            return Err(Error::Concealment(sd_jwt::PathFault::Needed {
                path: path.to_owned(),
            }));
        }
        let concealed = sd_jwt::conceal(&json::parse(&self.text)?, paths, salts)?;
        let jws = sign_jose(&concealed.payload, "vc+sd-jwt", "vc", kid, key)?;
        Ok(concealed.join(&jws))
    }

    /// Signs as a tagged COSE_Sign1 (the same standard, 3.3).
    ///
    /// # Errors
    /// [`Error::DataModel`] for a credential that is not of version 2.0, [`Error::WrongKey`] for an
    /// RSA key.
    pub fn sign_cose(&self, key: &SigningKey, kid: &str) -> Result<Vec<u8>, Error> {
        self.ensure_version_2()?;
        cose::sign(&self.text, "application/vc", kid, key).ok_or(Error::WrongKey {
            algorithm: key.algorithm().jose_name(),
        })
    }

    fn ensure_version_2(&self) -> Result<(), Error> {
        match DataModel::of(&json::parse(&self.text)?) {
            DataModel::V2 => Ok(()),
            DataModel::V1 => Err(Error::DataModel),
        }
    }
}

/// What verification depends on (*Securing Verifiable Credentials using JOSE and COSE*, 3.2.1, and
/// the dates).
const ALWAYS_SHOWN: [&str; 9] = [
    "@context",
    "type",
    "issuer",
    "validFrom",
    "validUntil",
    "credentialStatus",
    "credentialSchema",
    "relatedResource",
    "proof",
];

/// A JSON text as a compact JWS with these media types.
pub(crate) fn sign_jose(
    payload: &str,
    typ: &str,
    cty: &str,
    kid: &str,
    key: &SigningKey,
) -> Result<String, Error> {
    let header = format!(
        "{{\"alg\":\"{}\",\"cty\":\"{cty}\",\"kid\":{},\"typ\":\"{typ}\"}}",
        key.algorithm().jose_name(),
        json::quoted(kid)
    );
    let input = jwt::signing_input(&header, payload);
    let signature = key.sign(input.as_bytes()).ok_or(Error::NoRandomness)?;
    Ok(jwt::finish(input, &signature))
}

/// The registered claims as JSON members (8.2.4.1).
fn claims(document: &Value<'_>) -> Result<String, Error> {
    let model = DataModel::of(document);
    let (valid_from, valid_until) = match model {
        DataModel::V1 => ("issuanceDate", "expirationDate"),
        DataModel::V2 => ("validFrom", "validUntil"),
    };
    let missing = |path: &str| Error::Invalid(Invalid::required(path));
    let seconds = |member: &str| {
        document
            .text(member)
            .and_then(|text| parse_date_time(text).ok())
            .map(OffsetDateTime::unix_timestamp)
    };
    let issuer = issuer_id(document).ok_or_else(|| missing("issuer.id"))?;
    let mut text = format!("\"iss\":{}", json::quoted(issuer));
    let subject = document.get("credentialSubject");
    let subject = subject.and_then(|subject| subject.text("id"));
    for (claim, id, path) in [
        ("jti", document.text("id"), "id"),
        ("sub", subject, "credentialSubject.id"),
    ] {
        match id {
            Some(id) => text.push_str(&format!(",\"{claim}\":{}", json::quoted(id))),
            // In version 1.1 there need be none (4.2, 4.4), and then there is no claim.
            None if model == DataModel::V1 => {}
            None => return Err(missing(path)),
        }
    }
    let from = seconds(valid_from).ok_or_else(|| missing(valid_from))?;
    text.push_str(&format!(",\"nbf\":{from}"));
    if let Some(until) = seconds(valid_until) {
        text.push_str(&format!(",\"exp\":{until}"));
    }
    Ok(text)
}
