//! The entry of this service in the list that the W3C's suites read
//! (vc-test-suite-implementations).

use badges_core::did::web_did;
use badges_core::key::Algorithm;
use badges_core::proof::suite::Suite;
use serde_json::{Value, json};

use super::instance::Securing;
use super::open::{OpenIssuer, OpenIssuers};
use crate::App;

pub(super) fn manifest(app: &App, open: &OpenIssuers) -> Value {
    let endpoint = |path: &str| app.settings.public_url.join(path);
    let at = |issuer: &OpenIssuer, verb: &str| {
        endpoint(&format!("/vc-api/{}/{verb}", issuer.instance.name))
    };
    let issuers = open.issuers().iter().map(|issuer| {
        let mut entry = json!({
            "id": issuer.did,
            "endpoint": at(issuer, "credentials/issue"),
            "tags": tags(issuer),
            "supports": {"vc": ["1.1", "2.0"]},
        });
        if let Some(curve) = curve(issuer) {
            entry["supportedEcdsaKeyTypes"] = json!([curve]);
        }
        if let Securing::Proof(Suite::EcdsaSd2023) = issuer.instance.securing {
            entry["options"] = json!({"mandatoryPointers": ["/issuer"]});
        }
        entry
    });
    // One verifier reads everything.
    let mut verified: Vec<&str> = open.issuers().iter().flat_map(tags).collect();
    verified.sort_unstable();
    verified.dedup();
    let any = &open.issuers()[0];
    let holders = open
        .issuers()
        .iter()
        .filter(|issuer| issuer.instance.securing == Securing::Proof(Suite::EcdsaSd2023));
    let holders = holders.map(|issuer| {
        json!({
            "id": issuer.did,
            "endpoint": at(issuer, "credentials/derive"),
            "tags": ["vcHolder", Suite::EcdsaSd2023.name()],
        })
    });
    json!({
        "name": "badges",
        "implementation": "badges",
        "issuers": issuers.collect::<Vec<_>>(),
        "verifiers": [{
            "id": any.did,
            "endpoint": at(any, "credentials/verify"),
            "tags": verified,
            "supports": {"vc": ["1.1", "2.0"]},
            "supportedEcdsaKeyTypes": ["P-256", "P-384"],
        }],
        "didResolvers": resolvers(app, open),
        "jose-cose": {"features": {
            "credential_jose": true,
            "presentation_jose": true,
            "credential_sdjwt": true,
            "presentation_sdjwt": true,
            "credential_cose": true,
            "presentation_cose": true,
        }},
        "vcHolders": holders.collect::<Vec<_>>(),
        "vpVerifiers": [{
            "id": any.did,
            "endpoint": at(any, "presentations/verify"),
            "tags": ["vc2.0", "EnvelopingProof"],
        }],
    })
}

/// Where DIDs are resolved. The suite for that takes the first, whatever it is for.
fn resolvers(app: &App, open: &OpenIssuers) -> Value {
    let endpoint = |path: &str| app.settings.public_url.join(path);
    let of = |key: Algorithm| {
        let mut issuers = open.issuers().iter();
        issuers.find(|issuer| issuer.instance.key == key)
    };
    let dids: Vec<&str> = [of(Algorithm::Es256), of(Algorithm::EdDsa)]
        .into_iter()
        .flatten()
        .map(|issuer| &*issuer.did)
        .collect();
    let valid = dids
        .iter()
        .map(|did| json!({"did": did, "resolutionOptions": {}}));
    let methods = dids.iter().filter_map(|did| {
        let method = format!("{did}#{}", did.strip_prefix("did:key:")?);
        Some(json!({"didUrl": method, "dereferencingOptions": {}}))
    });
    let mut supported = json!({
        "valid": valid.collect::<Vec<_>>(),
        "derefUrls": methods.take(1).collect::<Vec<_>>(),
    });
    // An address of ours at which no issuer can be. There is no `deactivated`: nothing of ours is ever
    // gone like that.
    if let Some(nobody) = web_did(&endpoint("/nobody")) {
        supported["notFound"] = nobody.into();
    }
    json!([
        {
            "endpoint": endpoint("/1.0/identifiers"),
            "tags": ["did-resolution"],
            "supportedDids": supported,
        },
        {
            "endpoint": endpoint("/did-key"),
            "tags": ["did-key"],
        },
    ])
}

/// The suites in which an issuer takes part.
fn tags(issuer: &OpenIssuer) -> Vec<&'static str> {
    if issuer.instance.status {
        return vec!["BitstringStatusList"];
    }
    match issuer.instance.securing {
        Securing::Jwt => vec!["EnvelopingProof"],
        Securing::Proof(suite @ Suite::EddsaRdfc2022) => vec!["vc2.0", suite.name()],
        Securing::Proof(suite @ Suite::Ed25519Signature2020) => vec!["vc-api", suite.name()],
        Securing::Proof(suite) => vec![suite.name()],
    }
}

fn curve(issuer: &OpenIssuer) -> Option<&'static str> {
    match issuer.instance.key {
        Algorithm::Es256 => Some("P-256"),
        Algorithm::Es384 => Some("P-384"),
        _ => None,
    }
}
