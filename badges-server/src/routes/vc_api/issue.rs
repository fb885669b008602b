//! Issuing a credential that a program sends.

use axum::extract::{FromRequest as _, FromRequestParts as _, Request, State};
use axum::http::header;
use axum::response::Response;
use badges_core::Error as SigningError;
use badges_core::credential::{SignedCredential, UnsignedCredential, verification_method};
use badges_core::json::{Value, member_span, with_member};
use badges_core::jsonld::Policy;
use badges_core::key::SigningKey;
use badges_core::model::{CREDENTIALS_V1, CREDENTIALS_V2, DataModel, DateTimeZ, issuer_id};
use badges_core::proof::data_integrity::ProofOptions;
use badges_core::proof::selective::Randomness;
use badges_core::proof::suite::Suite;
use serde_json::json;

use super::answer::{Problem, Refusal, made};
use super::instance::{Instance, Securing};
use super::open::OpenIssuer;
use super::request::{Body, Request as Sent};
use crate::App;
use crate::ambient::random;
use crate::db::Action;
use crate::error::Error;
use crate::issuing;
use crate::routes::api::{Client, Scope};

/// Who signs: a DID, and a key of it.
struct Issuer {
    did: String,
    key: SigningKey,
}

/// `POST credentials/issue`.
pub(super) async fn credential(
    State(app): State<App>,
    instance: &'static Instance,
    request: Request,
) -> Result<Response, Error> {
    let (mut parts, body) = request.into_parts();
    let open = app.open_issuers.as_ref();
    let with_token = parts.headers.contains_key(header::AUTHORIZATION);
    let open = open
        .filter(|_| !with_token)
        .and_then(|open| open.of(instance));
    let mut client = None;
    let issuer = match open {
        Some(OpenIssuer { did, key, .. }) => Ok(Issuer {
            did: did.clone(),
            key: key.clone(),
        }),
        None => {
            let client = client.insert(Client::from_request_parts(&mut parts, &app).await?);
            client.may(Scope::Sign)?;
            of_client(&app, client, instance).await?
        }
    };
    // Not before it is known who asks.
    let Body(body) = Body::from_request(Request::from_parts(parts, body), &app).await?;
    let signed = match issuer.and_then(|issuer| sign(&app, instance, &issuer, open, &body)) {
        Ok(signed) => signed,
        Err(refusal) => return Ok(refusal.issuing()),
    };
    if let Some(client) = client {
        log(&app, &client, &signed).await?;
    }
    Ok(made(&signed.text))
}

/// The issuer that a program has a token for, with a key that fits.
async fn of_client(
    app: &App,
    client: &Client,
    instance: &Instance,
) -> Result<Result<Issuer, Refusal>, Error> {
    let (row, _) = issuing::identity(app, &client.issuer).await?;
    let key = issuing::active_key(app, &row.did, instance.key).await?;
    Ok(key.map_or_else(
        || {
            let problem = format!(
                "{} has no key for {}: {}",
                row.did,
                instance.name,
                instance.key.jose_name()
            );
            Err(Refusal::one(Problem::Generation, problem))
        },
        |key| {
            Ok(Issuer {
                did: row.did.clone(),
                key,
            })
        },
    ))
}

/// Notes in the issuer's log that something was signed, of which nothing else is kept.
async fn log(app: &App, client: &Client, signed: &Signed) -> Result<(), Error> {
    let action = Action {
        at: app.seconds(),
        issuer: Some(&client.issuer.id),
        person: Some(&client.person.id),
        action: "credential.sign",
        noun: "credential",
        object: signed.id.as_deref().unwrap_or_default(),
        detail: None,
    };
    Ok(app.db.log(&action).await?)
}

/// A credential that was signed.
struct Signed {
    id: Option<String>,
    /// As it is answered.
    text: String,
}

fn sign(
    app: &App,
    instance: &Instance,
    issuer: &Issuer,
    open: Option<&OpenIssuer>,
    body: &[u8],
) -> Result<Signed, Refusal> {
    let sent = Sent::read(body)?;
    let credential = sent.object("credential")?;
    // It is there, as an object.
    let document = sent.member("credential").unwrap_or(&Value::Null);
    let is_v1 = DataModel::of(document) == DataModel::V1;
    let mut prepared = with_context(credential, document, instance.securing);
    if let Some(open) = open.filter(|_| instance.status)
        && document.get("credentialStatus").is_none()
        && !is_v1
        && let Some(issuers) = &app.open_issuers
    {
        let entry = issuers.entry(app, open).ok_or_else(|| {
            let problem = "the status list is full; start the service anew".to_owned();
            Refusal::one(Problem::Generation, problem)
        })?;
        prepared = with_member(&prepared, &["\"credentialStatus\":", &entry.to_string()]);
    }
    let unsigned = UnsignedCredential::under(Policy::DataIntegrity, &prepared).map_err(refusal)?;
    if issuer_id(document) != Some(&issuer.did) {
        let problem = format!("issuer: only {} signs here", issuer.did);
        return Err(Refusal::one(Problem::Malformed, problem));
    }
    let method = verification_method(&issuer.did, issuer.key.public_key());
    let options = |suite| ProofOptions {
        suite,
        verification_method: method.clone(),
        created: DateTimeZ::from(app.now()).to_string(),
        ..ProofOptions::default()
    };
    let signed = match instance.securing {
        Securing::Proof(suite @ Suite::EcdsaSd2023) => {
            let pointers = sent.pointers("mandatoryPointers")?;
            let randomness = Randomness {
                hmac_key: random(),
                proof_key: random(),
            };
            unsigned.sign_selectively(&issuer.key, &options(suite), &pointers, &randomness)
        }
        Securing::Proof(suite) => unsigned.sign(&issuer.key, &options(suite)),
        Securing::Jwt if is_v1 => unsigned.sign_jwt(&issuer.key, &method),
        Securing::Jwt => unsigned.sign_vc_jwt(&issuer.key, &method),
    };
    let signed = signed.map_err(refusal)?.into_text();
    Ok(Signed {
        id: document.text("id").map(str::to_owned),
        text: match instance.securing {
            Securing::Proof(_) => signed,
            // Version 1.1 has no envelopes: the JWT is the credential.
            Securing::Jwt if is_v1 => json!(signed).to_string(),
            Securing::Jwt => enveloped(&signed),
        },
    })
}

/// `POST credentials/derive`: what a holder shows of a credential, which needs no key.
pub(super) async fn derive(
    instance: &'static Instance,
    Body(body): Body,
) -> Result<Response, Error> {
    if instance.securing != Securing::Proof(Suite::EcdsaSd2023) {
        return Err(Error::NotFound);
    }
    let derived = Sent::read(&body).and_then(|sent| {
        let credential = sent.object("verifiableCredential")?;
        let pointers = sent.pointers("selectivePointers")?;
        SignedCredential::parse(credential)
            .and_then(|credential| credential.derive(&pointers, Policy::DataIntegrity))
            .map_err(refusal)
    });
    Ok(derived.map_or_else(Refusal::issuing, |shown| made(shown.text())))
}

/// A JWT inside JSON (Verifiable Credentials 2.0, 4.12).
fn enveloped(jwt: &str) -> String {
    json!({
        "@context": [CREDENTIALS_V2],
        "type": "EnvelopedVerifiableCredential",
        "id": format!("data:application/vc+jwt,{jwt}"),
    })
    .to_string()
}

/// A credential whose contexts define the words of the proof: version 1.1 has none for Data Integrity,
/// and no version for the older types.
fn with_context(text: &str, document: &Value<'_>, securing: Securing) -> String {
    let Securing::Proof(suite) = securing else {
        return text.to_owned();
    };
    let contexts = document.get("@context");
    let named = |url: &str| {
        let mut items = contexts.map_or(&[][..], Value::items).iter();
        items.any(|item| item.as_str() == Some(url))
    };
    let needed = suite.is_type() || named(CREDENTIALS_V1);
    let known = named(suite.context()) || !suite.is_type() && named(DATA_INTEGRITY_V1);
    match (contexts, member_span(text, "@context")) {
        (Some(Value::Array(items)), Some(span)) if needed && !known && !items.is_empty() => {
            let list = text[span.clone()].trim_end();
            let open = list.strip_suffix(']').unwrap_or(list);
            format!(
                "{}{open},\"{}\"]{}",
                &text[..span.start],
                suite.context(),
                &text[span.end..]
            )
        }
        _ => text.to_owned(),
    }
}

const DATA_INTEGRITY_V1: &str = "https://w3id.org/security/data-integrity/v1";

fn refusal(error: SigningError) -> Refusal {
    let problem = match &error {
        SigningError::Syntax(_) | SigningError::NotACredential => Problem::Parsing,
        SigningError::Invalid(_) | SigningError::ControlCharacter { .. } => Problem::Malformed,
        _ => Problem::Generation,
    };
    Refusal::one(problem, error.to_string())
}
