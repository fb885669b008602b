//! All findings.

use badges_core::bake::{BakeError, Note};
use badges_core::jsonld::{Fault, FaultKind};
use badges_core::key::JwkFault;
use badges_core::model::schema::DepartureKind;
use badges_core::proof::cose::CoseFault;
use badges_core::proof::enveloped::EnvelopeFault;
use badges_core::proof::jwt::JwsFault;
use badges_core::proof::sd_jwt::SdJwtFault;
use badges_core::verify::{
    Binding, Contradiction, Failure, HoldingProof, ListFault, Mismatch, Outcome, Passed,
    SchemaFault, Unestablished, Unknown, Verdict,
};
use time::OffsetDateTime;

use super::{departure, some};

pub(in crate::words) fn outcomes() -> Vec<Outcome> {
    let passed = passed().into_iter().map(Outcome::Passed);
    let failed = failed().into_iter().map(Outcome::Failed);
    let unknown = unknown().into_iter().map(Outcome::Unknown);
    passed.chain(failed).chain(unknown).collect()
}

fn passed() -> Vec<Passed> {
    let at = OffsetDateTime::UNIX_EPOCH;
    let form = |form, image: Option<&'static str>| Passed::FormRead {
        form,
        enveloped: image.is_none(),
        image,
        undisclosed: 2,
        notes: vec![Note::Compressed],
    };
    let issuer = |binding, domain: Option<&str>| Passed::IssuerEstablished {
        issuer: some("did:web:example.org"),
        binding,
        domain: domain.map(some),
    };
    let current = |from, until| Passed::Current { from, until, at };
    let clear = |purpose| Passed::StatusClear {
        purpose: some(purpose),
        list: some("https://example.org/status/1"),
        index: 7,
        as_of: Some(at),
    };
    vec![
        form("json", None),
        form("json", Some("png")),
        form("jwt", None),
        form("jwt", Some("svg")),
        form("sd-jwt", None),
        form("sd-jwt", Some("png")),
        form("cose", None),
        form("cose", Some("svg")),
        Passed::SchemaConforms {},
        Passed::SchemaDeparts {
            departures: vec![departure("name", DepartureKind::NoArray)],
        },
        Passed::SchemaMet {
            schema: some("https://example.org/schema"),
        },
        Passed::OlderVersion {
            version: "2.0",
            departures: vec![departure("badge.image", DepartureKind::Required)],
        },
        Passed::Hosted {
            url: some("https://example.org/1"),
            differs: vec![some("expires")],
        },
        Passed::ProofHolds {
            proofs: vec![HoldingProof {
                suite: some("eddsa-rdfc-2022"),
                verification_method: Some(some("did:web:example.org#key")),
                created: Some(some("2026-05-01T00:00:00Z")),
            }],
            absent_claims: vec!["iss", "jti"],
            unasked: vec!["aud", "nonce"],
            unsigned: vec!["endorsementJwt"],
        },
        issuer(Binding::OwnKey, None),
        issuer(Binding::DidDocument, Some("example.org")),
        issuer(Binding::ControllerDocument, None),
        issuer(Binding::KeySet, Some("example.org")),
        issuer(Binding::Hosted, Some("example.org")),
        current(None, None),
        current(Some(at), None),
        current(None, Some(at)),
        current(Some(at), Some(at)),
        clear("revocation"),
        clear("suspension"),
        clear("refresh"),
        Passed::NotWithdrawn {
            document: some("https://example.org/1"),
        },
        Passed::StatusMessage {
            purpose: some("message"),
            list: some("https://example.org/status/1"),
            index: 7,
            value: 3,
            message: None,
        },
        Passed::StatusMessage {
            purpose: some("message"),
            list: some("https://example.org/status/1"),
            index: 7,
            value: 3,
            message: some("pending").into(),
        },
        Passed::RecipientMatches { by: some("id") },
        Passed::RecipientMatches {
            by: some("emailAddress"),
        },
        Passed::IssuerTrusted {
            issuer: some("did:web:example.org"),
            name: some("Example Issuer"),
        },
        Passed::EndorsementHolds {
            place: some("endorsement[0]"),
            issuer: some("did:web:endorser.example"),
        },
        Passed::PartHolds {
            place: some("credentialSubject.verifiableCredential[0]"),
            name: Some(some("Editor")),
            issuer: Some(some("did:web:example.org")),
        },
        Passed::PartCovered {
            place: some("credentialSubject.verifiableCredential[1]"),
            name: None,
            issuer: None,
        },
    ]
}

fn failed() -> Vec<Failure> {
    let time = OffsetDateTime::UNIX_EPOCH;
    let fault = || Fault {
        place: some("credentialSubject"),
        kind: FaultKind::InlineContext,
    };
    vec![
        Failure::NotABadge {
            found: some("a number"),
        },
        Failure::Syntax {
            line: 1,
            column: 2,
            reason: some("malformed number"),
        },
        Failure::Jws {
            fault: JwsFault::NotCompact,
        },
        Failure::SdJwt {
            fault: SdJwtFault::NotCompact,
        },
        Failure::Cose {
            fault: CoseFault::NotSign1,
        },
        Failure::Envelope {
            fault: EnvelopeFault::NotData,
        },
        Failure::Image {
            fault: BakeError::NoCredential,
        },
        Failure::TooManyCredentials {
            found: 65,
            limit: 64,
        },
        Failure::Ambiguous { fault: fault() },
        Failure::Context { fault: fault() },
        Failure::OtherType { types: Vec::new() },
        Failure::OtherType {
            types: vec![some("VerifiableCredential"), some("Diploma")],
        },
        Failure::JwtModel {},
        Failure::Nonconforming {
            departures: vec![departure("", DepartureKind::Required)],
        },
        Failure::SchemaUnmet {
            schema: some("https://example.org/schema"),
            mismatches: vec![Mismatch {
                path: some("name"),
                keyword: some("https://example.org/schema#/properties/name/maxLength"),
            }],
        },
        Failure::NoProof {},
        Failure::MalformedProof {
            member: "proofValue",
        },
        Failure::Signature {
            suite: some("EdDSA"),
            verification_method: None,
        },
        Failure::HostedOther {
            url: some("https://example.org/1"),
            found: None,
        },
        Failure::Purpose { found: None },
        Failure::Purpose {
            found: Some(some("authentication")),
        },
        Failure::Algorithm {
            algorithm: some("none"),
        },
        Failure::PrivateKey {},
        Failure::InvalidKey {
            reason: JwkFault::RsaSize,
        },
        Failure::InvalidMethod { method: some("#a") },
        Failure::Critical {},
        Failure::ProofExpired { expires: time },
        Failure::KeyRevoked { revoked: time },
        Failure::KeyExpired { expires: time },
        Failure::Claim {
            claim: "sub",
            claimed: some("a"),
            credential: some("b"),
        },
        Failure::PreviousProof {
            proof: some("urn:uuid:0"),
        },
        Failure::OtherQuestion { member: "domain" },
        Failure::IssuerContradicted {
            issuer: some("did:web:example.org"),
            method: None,
            document: some("https://example.org/.well-known/did.json"),
            reason: Contradiction::NotListed,
        },
        Failure::OtherOrigin {
            issuer: some("https://example.org/issuer"),
            url: some("https://example.com/1"),
        },
        Failure::NotYetValid {
            from: time,
            at: time,
        },
        Failure::Expired {
            until: time,
            at: time,
        },
        Failure::Revoked {
            list: some("https://example.org/status/1"),
            index: 7,
            as_of: Some(time),
        },
        Failure::Suspended {
            list: some("https://example.org/status/1"),
            index: 7,
            as_of: None,
        },
        Failure::Withdrawn {
            document: some("https://example.org/1"),
            reason: Some(some("Issued in error")),
        },
        Failure::OtherRecipient { salt_needed: false },
        Failure::OtherRecipient { salt_needed: true },
        Failure::EndorsementFails {
            place: some("endorsement[0]"),
            issuer: None,
            reason: some("proof.missing"),
        },
        Failure::PartFails {
            place: some("credentialSubject.verifiableCredential[0]"),
            name: Some(some("Editor")),
            verdict: Verdict::Expired,
            reason: some("validity.expired"),
        },
    ]
}

fn unknown() -> Vec<Unknown> {
    let url = || some("https://example.org/1");
    let reason = || Some(some("the server answered with the status 500"));
    vec![
        Unknown::NotFetched {
            url: url(),
            error: "fetch.status",
            reason: some("the server answered with the status 500"),
        },
        Unknown::TooLarge { limit: 16 << 20 },
        Unknown::Mixed {
            node: some("https://issuer.example/achievements/1"),
            member: some("name"),
        },
        Unknown::Context { url: url() },
        Unknown::Suite { suite: some("x") },
        Unknown::Algorithm {
            algorithm: some("x"),
        },
        Unknown::KeyNotLoaded {
            url: url(),
            reason: reason(),
        },
        Unknown::DocumentNotLoaded {
            url: url(),
            reason: reason(),
        },
        Unknown::Method {
            method: some("did:x:y"),
        },
        Unknown::NoKeyNamed {},
        Unknown::IssuerNotEstablished {
            issuer: some("did:x:y"),
            method: None,
            reason: Unestablished::UnknownDidMethod,
        },
        Unknown::IssuerNotLoaded {
            url: url(),
            reason: None,
        },
        Unknown::Hidden {
            member: "validUntil",
        },
        Unknown::Hidden {
            member: "credentialStatus",
        },
        Unknown::SchemaUnasked {},
        Unknown::SchemaNotLoaded {
            url: url(),
            reason: reason(),
        },
        Unknown::SchemaType { kind: some("x") },
        Unknown::SchemaUnusable {
            schema: url(),
            fault: SchemaFault::Endless,
            place: Some(some("https://example.org/schema#/allOf")),
        },
        Unknown::SchemaHidden { schema: url() },
        Unknown::StatusUnasked {},
        Unknown::StatusNotLoaded {
            url: url(),
            reason: reason(),
        },
        Unknown::StatusType { kind: some("x") },
        Unknown::StatusEntry {
            member: "statusListIndex",
        },
        Unknown::StatusList {
            url: url(),
            reason: ListFault::Dates,
        },
        Unknown::IssuerUnlisted { issuer: None },
        Unknown::IssuerUnlisted {
            issuer: Some(some("did:web:example.org")),
        },
        Unknown::EndorsementUnknown {
            place: some("endorsement[0]"),
            issuer: Some(some("did:web:endorser.example")),
            reason: some("issuer.not-loaded"),
        },
        Unknown::StatusesLeft {
            found: 17,
            judged: 16,
        },
        Unknown::EndorsementsLeft {
            found: 33,
            judged: 32,
        },
        Unknown::PartUnknown {
            place: some("credentialSubject.verifiableCredential[0]"),
            name: None,
            reason: some("issuer.not-loaded"),
        },
        Unknown::PartsLeft {
            found: 65,
            judged: 64,
        },
    ]
}
