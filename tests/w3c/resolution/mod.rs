//! What the suites for did:key and for DID resolution assert, written after the titles of their tests:
//! each title once for each DID or DID URL that the manifest has for it.

mod did_key;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::service::{Answer, Service};
use crate::table::Assertion;

/// All of both suites.
pub(crate) fn assertions(service: &Service) -> Vec<Assertion> {
    let manifest = service.manifest();
    let resolvers = manifest["didResolvers"].as_array().unwrap();
    let of = |tag: &str| {
        let mut resolvers = resolvers.iter();
        let tagged = resolvers.find(|resolver| resolver["tags"] == json!([tag]));
        tagged.unwrap()
    };
    let mut found = Suite::new(service, "did-key", of("did-key"));
    found.did_key();
    let mut resolution = Suite::new(service, "did-resolution", &resolvers[0]);
    let supported = &resolvers[0]["supportedDids"];
    resolution.binding(supported);
    resolution.resolution(supported);
    found.assertions.append(&mut resolution.assertions);
    found.assertions
}

struct Suite<'s> {
    service: &'s Service,
    name: &'static str,
    endpoint: String,
    assertions: Vec<Assertion>,
}

const RESOLUTION: &str = "application/did-resolution";
const DEREFERENCING: &str = "application/did-url-dereferencing";

impl<'s> Suite<'s> {
    fn new(service: &'s Service, name: &'static str, resolver: &Value) -> Self {
        Self {
            service,
            name,
            endpoint: resolver["endpoint"].as_str().unwrap().to_owned(),
            assertions: Vec::new(),
        }
    }

    fn note(&mut self, title: &str, holds: bool) {
        self.assertions.push(Assertion {
            suite: self.name,
            title: title.to_owned(),
            holds,
        });
    }

    fn get(&self, did: &str, accept: &str) -> Answer {
        let at = format!("{}/{did}", self.endpoint);
        self.service.get_as(&at, accept)
    }

    /// 10.1 HTTP(S) Binding.
    fn binding(&mut self, supported: &Value) {
        let tls = self.endpoint.starts_with("https://");
        self.note("All HTTPS bindings MUST use TLS", tls);
        for did in valid(supported) {
            let answer = self.get(did, RESOLUTION);
            let found = is_found(&answer, did);
            self.note(
                "All conforming DID resolvers MUST implement the GET version of the HTTPS \
                 binding",
                answer.status == 200,
            );
            self.note(
                "If Accept is application/did-resolution, HTTP body MUST contain a DID \
                 resolution result",
                found,
            );
            self.note(
                "If function is successful and returns a didDocument, HTTP response status code \
                 MUST be 200",
                answer.status == 200,
            );
            let kind = answer.body["didResolutionMetadata"]["contentType"].as_str();
            let holds = kind.is_some_and(|kind| answer.media_type.contains(kind));
            self.note(
                "HTTP response MUST contain a Content-Type header whose value MUST equal \
                 contentType in didResolutionMetadata",
                holds,
            );
            self.note(
                "HTTP response body MUST contain the didDocument result of the DID resolution \
                 function",
                answer.body["didDocument"].is_object(),
            );
            let bare =
                ["application/did+json", "application/did+ld+json"].map(|kind| self.get(did, kind));
            let holds = bare.iter().all(|bare| {
                bare.body["id"] == *did && bare.body.get("didResolutionMetadata").is_none()
            });
            self.note(
                "If Accept is set to a DID representation media type, response body MUST \
                 contain only the didDocument (not the full resolution result)",
                holds,
            );
            let holds = is_found(&self.get(&encoded(did), RESOLUTION), did);
            self.note(
                "GET binding: resolver MUST accept URL-encoded DIDs (required because clients \
                 MUST URL-encode when resolution options other than accept are provided)",
                holds,
            );
        }
        for did in ["not-a-did", "did:example"] {
            let holds = self.get(did, RESOLUTION).status == 400;
            self.note(
                &format!("INVALID_DID error MUST map to HTTP status 400 (input: \"{did}\")"),
                holds,
            );
        }
        let holds = self.get(UNSUPPORTED, RESOLUTION).status == 501;
        self.note(
            "METHOD_NOT_SUPPORTED error MUST map to HTTP status 501",
            holds,
        );
        let nobody = self.get(supported["notFound"].as_str().unwrap(), RESOLUTION);
        let holds = nobody.status == 404 && is_error(&nobody, "NOT_FOUND");
        self.note("NOT_FOUND error MUST map to HTTP status 404", holds);
        let kind = "application/x-unsupported-did-representation-99999";
        let holds = self.get(valid(supported)[0], kind).status == 406;
        self.note(
            "REPRESENTATION_NOT_SUPPORTED error MUST map to HTTP status 406",
            holds,
        );
        for url in supported["derefUrls"].as_array().unwrap() {
            self.dereferencing(url["didUrl"].as_str().unwrap());
        }
    }

    fn dereferencing(&mut self, url: &str) {
        let answer = self.get(&encoded(url), DEREFERENCING);
        let body = &answer.body;
        let holds =
            body["dereferencingMetadata"].is_object() && body["contentMetadata"] == json!({});
        self.note(
            "If Accept is application/did-url-dereferencing, HTTP body MUST contain a DID \
             URL dereferencing result",
            holds,
        );
        self.note(
            "If DID URL dereferencing returns a non-uri-list contentStream, HTTP status \
             MUST be 200",
            answer.status == 200,
        );
        let kind = body["dereferencingMetadata"]["contentType"].as_str();
        let holds = kind.is_some_and(|kind| answer.media_type.contains(kind));
        self.note(
            "If DID URL dereferencing succeeds, Content-Type MUST equal contentType in \
             dereferencingMetadata",
            holds,
        );
        self.note(
            "HTTP response body MUST contain the contentStream from DID URL dereferencing",
            body["contentStream"]["id"] == *url,
        );
        let holds = self.get(&encoded(url), "application/json").body == body["contentStream"];
        self.note(
            "If Accept is set to a content media type, response body MUST contain only the \
             contentStream (not the full dereferencing result)",
            holds,
        );
    }

    /// DID Resolution, asked for without saying what is accepted.
    fn resolution(&mut self, supported: &Value) {
        let dids = valid(supported);
        self.note(
            "Implementation has at least one valid DID to test",
            !dids.is_empty(),
        );
        for did in dids {
            let answer = self.get(did, "*/*");
            let found = is_found(&answer, did);
            let body = &answer.body;
            let holds = found && answer.media_type.contains(RESOLUTION);
            self.note(
                "All conformant DID resolvers MUST implement the DID resolution function for at \
                 least one DID method",
                holds,
            );
            self.note(
                "The resolutionOptions input is REQUIRED, but the structure MAY be empty.",
                found,
            );
            self.note(
                "The didResolutionMetadata structure is REQUIRED.",
                body["didResolutionMetadata"].is_object(),
            );
            self.note(
                "If resolution is successful, the didDocument MUST be a conformant DID document",
                is_conformant(&body["didDocument"]),
            );
            self.note(
                "The value of id in the resolved DID document MUST match the DID that was \
                 resolved",
                body["didDocument"]["id"] == *did,
            );
            self.note(
                "If the resolution is successful, the `didDocumentMetadata` MUST be a metadata \
                 structure",
                body["didDocumentMetadata"].is_object(),
            );
        }
        let holds = self.get("", "*/*").status == 400;
        self.note("The did input to the resolve function is REQUIRED", holds);
        for did in ["not-a-did", "did:example"] {
            let answer = self.get(did, "*/*");
            let body = &answer.body;
            self.note(
                "The did input value MUST be a conformant DID as defined in Decentralized \
                 Identifiers (DIDs) v1.0.",
                answer.status == 400,
            );
            self.note(
                "Produces a INVALID_DID error and conformant resolution result",
                is_error(&answer, "INVALID_DID"),
            );
            self.note(
                "The error property in DID Document Metadata is REQUIRED when there is an error \
                 in the resolution process.",
                body["didResolutionMetadata"]["error"].is_object(),
            );
            self.note(
                "If the resolution is unsuccessful, the `didDocumentMetadata` output MUST be an \
                 empty metadata structure",
                body["didDocumentMetadata"] == json!({}),
            );
        }
        let holds = is_error(&self.get(UNSUPPORTED, "*/*"), "METHOD_NOT_SUPPORTED");
        self.note(
            "If the DID method is not supported, produces a METHOD_NOT_SUPPORTED error and \
             conformant resolution result",
            holds,
        );
    }
}

/// A DID of a method that does not exist.
const UNSUPPORTED: &str = "did:unsupported:123456789abcdefghi";

fn valid(supported: &Value) -> Vec<&str> {
    let dids = supported["valid"].as_array().unwrap().iter();
    dids.map(|entry| entry["did"].as_str().unwrap()).collect()
}

fn is_found(answer: &Answer, did: &str) -> bool {
    let body = &answer.body;
    answer.status == 200
        && body["didResolutionMetadata"].is_object()
        && body["didDocumentMetadata"].is_object()
        && body["didDocument"]["id"] == *did
        && is_conformant(&body["didDocument"])
}

fn is_error(answer: &Answer, code: &str) -> bool {
    let body = &answer.body;
    answer.status >= 400
        && body["didResolutionMetadata"]["error"]["type"]
            == format!("https://www.w3.org/ns/did#{code}")
        && body["didDocument"].is_null()
        && body["didDocumentMetadata"] == json!({})
}

/// What the schema of the suite asks for.
fn is_conformant(document: &Value) -> bool {
    let methods = document["verificationMethod"].as_array();
    let is_method = |method: &Value| {
        let members = ["id", "type", "controller"];
        members.iter().all(|member| method[member].is_string())
    };
    let relationships = [
        "authentication",
        "assertionMethod",
        "capabilityInvocation",
        "capabilityDelegation",
    ];
    document["id"].is_string()
        && methods.is_some_and(|methods| methods.iter().all(is_method))
        && relationships.iter().all(|name| document[name].is_array())
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
