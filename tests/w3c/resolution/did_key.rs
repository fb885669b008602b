//! did:key Create Operation, in the older dialect of resolution.

use super::{Suite, encoded};
use crate::service::Answer;

impl Suite<'_> {
    /// Asks as the suite for did:key does, with the DID encoded and these options.
    fn key(&self, did: &str, options: &str) -> Answer {
        let accept = "application/ld+json;profile=\"https://w3id.org/did-resolution\"";
        self.get(&format!("{}{options}", encoded(did)), accept)
    }

    /// Whether a DID or DID URL is refused with a word in the older dialect.
    fn refused(&self, did: &str, options: &str, metadata: &str, word: &str) -> bool {
        let answer = self.key(did, options);
        answer.status >= 400
            && answer.is_json
            && answer.body.get("@context").is_some()
            && answer.body.get("didDocument").is_some()
            && answer.body.get("didDocumentMetadata").is_some()
            && answer.body[metadata]["error"] == word
    }

    pub(super) fn did_key(&mut self) {
        const KEY: &str = "z6MktKwz7Ge1Yxzr4JHavN33wiwa8y81QdcMRLXQsrH9T53b";
        const DERIVED: &str = "z6LSfHfAMAopsuBxaBzvp51GXrPf38Az13j2fmwqadbwwrzJ";
        let did = format!("did:key:{KEY}");
        let (resolving, dereferencing) = ("didResolutionMetadata", "didDereferencingMetadata");
        let document = self.key(&did, "").body["didDocument"].clone();
        let id = document["id"].as_str().unwrap_or_default();
        let parts: Vec<&str> = id.split(':').collect();
        let part = |number: usize| parts.get(number).copied().unwrap_or_default();

        self.note("The scheme MUST be the value `did`", part(0) == "did");
        let holds = self.refused(&format!("notDid:key:{KEY}"), "", resolving, "invalidDid");
        self.note(
            "MUST raise `invalidDid` error if scheme is not `did`",
            holds,
        );
        self.note("The method MUST be the value `key`", part(1) == "key");
        let other = format!("did:experimental:{KEY}");
        let holds = self.refused(&other, "", resolving, "methodNotSupported");
        self.note(
            "MUST raise `methodNotSupported` error if method is not `key`",
            holds,
        );
        let versioned = format!("did:key:1:{KEY}");
        let holds = self.key(&versioned, "").body["didDocument"]["id"] == *versioned;
        self.note(
            "The version MUST be convertible to a positive integer value",
            holds,
        );
        let holds = self.refused(&format!("did:key:-4:{KEY}"), "", resolving, "invalidDid");
        self.note(
            "MUST raise `invalidDid` if version is not convertible to a positive integer \
             value",
            holds,
        );
        let title = "The multibaseValue MUST be a string and begin with the letter `z`";
        self.note(title, part(2).starts_with('z'));
        let bare = format!("did:key:{}", &KEY[1..]);
        let holds = self.refused(&bare, "", resolving, "invalidDid");
        self.note(
            "MUST raise `invalidDid` if the multibaseValue does not begin with the letter \
             `z`",
            holds,
        );
        let holds = self.refused("did:key:@", "", resolving, "invalidDid");
        self.note(
            "If \"didDocument.id\" is not a valid DID, an `invalidDid` error MUST be raised",
            holds,
        );
        let holds = self.refused("did:key:zTjsVPtY", "", resolving, "invalidPublicKeyLength");
        self.note(
            "If the byte length of rawPublicKeyBytes does not match the expected public key \
             length for the associated multicodecValue, an `invalidPublicKeyLength` error \
             MUST be raised",
            holds,
        );
        // The suite skips it. This is 32 zero bytes, a weak point of Ed25519.
        let weak = "did:key:z6MkeTG3bFFSLYVU7VqhgZxqr6YzpaGrQtFMh1uvqGy1vDnP";
        let holds = self.refused(weak, "", resolving, "invalidPublicKey");
        self.note(
            "If an invalid public key value is detected, an `invalidPublicKey` error MUST \
             be raised.",
            holds,
        );
        let url = format!("{did}/^bar^/?query=`#{KEY}");
        let holds = self.refused(&url, "", dereferencing, "invalidDidUrl");
        self.note(
            "If verificationMethod.id is not a valid DID URL, an `invalidDidUrl` error MUST \
             be raised",
            holds,
        );
        let unknown = "?publicKeyFormat=unknown";
        let holds = self.refused(&did, unknown, resolving, "unsupportedPublicKeyType");
        self.note(
            "If publicKeyFormat is not known to the implementation, an \
             `unsupportedPublicKeyType` error MUST be raised",
            holds,
        );
        let old =
            "?publicKeyFormat=Ed25519VerificationKey2018&enableExperimentalPublicKeyTypes=false";
        for (key, title) in [
            (
                KEY,
                "For Signature Verification Methods, if \
                 options.enableExperimentalPublicKeyTypes is set to false and publicKeyFormat \
                 is not Multikey, JsonWebKey2020, or Ed25519VerificationKey2020, an \
                 `invalidPublicKeyType` error MUST be raised",
            ),
            (
                DERIVED,
                "For Encryption Verification Methods, if \
                 options.enableExperimentalPublicKeyTypes is set to false and publicKeyFormat \
                 is not Multikey, JsonWebKey2020, or X25519KeyAgreementKey2020, an \
                 `invalidPublicKeyType` error MUST be raised",
            ),
        ] {
            let method = format!("{did}#{key}");
            let holds = self.refused(&method, old, dereferencing, "invalidPublicKeyType");
            self.note(title, holds);
        }
        let method = self.key(&format!("{did}#{KEY}"), "");
        let holds = method.status == 200 && method.body["didDocument"]["controller"] == *did;
        self.note(
            "If verificationMethod.controller is not a valid DID, an `invalidDid` error \
             MUST be raised",
            holds,
        );
    }
}
