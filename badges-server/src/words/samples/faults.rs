//! All details of findings.

use std::net::{IpAddr, Ipv4Addr};

use badges_core::bake::{BakeError, ChunkFault, Note};
use badges_core::fetch::FetchError;
use badges_core::json;
use badges_core::jsonld::{Fault, FaultKind, TooComplex};
use badges_core::key::JwkFault;
use badges_core::model::DateTimeError;
use badges_core::model::schema::DepartureKind;
use badges_core::proof::jwt::JwsFault;
use badges_core::verify::{Contradiction, ListFault, SchemaFault, Unestablished};

use super::{departure, some};
use crate::i18n::Lang;
use crate::words::{Sentence, faults};

/// What may be wrong with an endorsement, by id, as far as it has words of its own.
const ENDORSEMENTS: [&str; 18] = [
    "endorsements.other-subject",
    "form.context",
    "issuer.contradicted",
    "issuer.not-established",
    "issuer.not-loaded",
    "issuer.other-origin",
    "proof.document-not-loaded",
    "proof.hosted-other",
    "proof.key-not-loaded",
    "proof.missing",
    "proof.signature",
    "schema.nonconforming",
    "status.not-loaded",
    "status.revoked",
    "status.suspended",
    "status.withdrawn",
    "validity.expired",
    "validity.not-yet",
];

pub(in crate::words) fn faults(lang: Lang) -> Vec<Sentence> {
    let mut said: Vec<Sentence> = departures()
        .into_iter()
        .map(|kind| faults::departure(lang, &departure("credentialSubject", kind)))
        .collect();
    said.extend(json_ld().into_iter().map(|kind| {
        let place = some("credentialSubject.achievement");
        faults::json_ld(lang, &Fault { place, kind })
    }));
    said.extend(images().iter().map(|fault| faults::image(lang, fault)));
    said.extend(
        image_notes()
            .iter()
            .map(|note| faults::image_note(lang, note)),
    );
    said.extend(jws().iter().map(|fault| faults::jws(lang, fault)));
    said.extend(fetches().iter().map(|fault| {
        faults::fetch(lang, fault.id()).unwrap_or_else(|| faults::technical(lang, fault.id()))
    }));
    said.extend(ENDORSEMENTS.map(|reason| faults::endorsement(lang, reason)));
    said.extend(
        [
            JwkFault::Private,
            JwkFault::UnknownKind,
            JwkFault::InvalidKey,
            JwkFault::RsaSize,
        ]
        .map(|fault| faults::jwk(lang, fault)),
    );
    said.extend(
        [Contradiction::NotListed, Contradiction::OtherPurpose]
            .map(|reason| faults::contradiction(lang, reason)),
    );
    said.extend(
        [
            Unestablished::NoDocument,
            Unestablished::UnknownDidMethod,
            Unestablished::NoKeysInDocument,
            Unestablished::NoProof,
            Unestablished::MixedParts,
        ]
        .map(|reason| faults::unestablished(lang, reason)),
    );
    said.extend(
        [
            ListFault::Unreadable,
            ListFault::OtherType,
            ListFault::OtherIssuer,
            ListFault::Proof,
            ListFault::ProofUnknown,
            ListFault::OtherPurpose,
            ListFault::Dates,
            ListFault::Replayed,
            ListFault::Bytewise,
            ListFault::TooShort,
            ListFault::TooLarge,
            ListFault::Malformed,
            ListFault::OutOfRange,
        ]
        .map(|reason| faults::status_list(lang, reason)),
    );
    said.extend(
        [
            SchemaFault::NoJson,
            SchemaFault::NoSchema,
            SchemaFault::Draft,
            SchemaFault::Unsupported,
            SchemaFault::Pattern,
            SchemaFault::Reference,
            SchemaFault::Endless,
            SchemaFault::Costly,
        ]
        .map(|fault| faults::schema(lang, fault)),
    );
    said
}

fn departures() -> Vec<DepartureKind> {
    let found = || some("x");
    vec![
        DepartureKind::Required,
        DepartureKind::Kind {
            expected: "a string",
            found: "an array",
        },
        DepartureKind::NoArray,
        DepartureKind::Array { entries: 3 },
        DepartureKind::Empty { found: "null" },
        DepartureKind::Type {
            expected: "Profile",
            found: found(),
        },
        DepartureKind::Closed { class: "Address" },
        DepartureKind::Enumeration {
            enumeration: "ResultType",
            found: found(),
        },
        DepartureKind::DateTime(DateTimeError::Form { found: found() }),
        DepartureKind::DateTime(DateTimeError::NoTime { found: found() }),
        DepartureKind::DateTime(DateTimeError::NoZone { found: found() }),
        DepartureKind::DateTime(DateTimeError::OutOfRange { found: found() }),
        DepartureKind::Date { found: found() },
        DepartureKind::DateOnly,
        DepartureKind::Iri { found: found() },
        DepartureKind::Language { found: found() },
        DepartureKind::Form {
            expected: "a compact JWS",
            found: found(),
        },
        DepartureKind::Unidentified,
        DepartureKind::Criteria,
        DepartureKind::Context {
            expected: "https://www.w3.org/ns/credentials/v2",
        },
        DepartureKind::OlderContext { found: found() },
        DepartureKind::DataModel,
        DepartureKind::Reference {
            of: "result",
            found: found(),
        },
        DepartureKind::Period,
        DepartureKind::Duplicate,
        DepartureKind::Digest,
        DepartureKind::OtherDigest,
    ]
}

fn json_ld() -> Vec<FaultKind> {
    let name = || some("x");
    vec![
        FaultKind::NoContext,
        FaultKind::UnknownContext { url: name() },
        FaultKind::InlineContext,
        FaultKind::MalformedContext,
        FaultKind::UnsupportedContext { feature: name() },
        FaultKind::ProtectedTerm { term: name() },
        FaultKind::UndefinedTerm { term: name() },
        FaultKind::UndefinedType { name: name() },
        FaultKind::Respelled { spelling: name() },
        FaultKind::Displaced { term: name() },
        FaultKind::InvalidIri { iri: name() },
        FaultKind::UnsupportedKeyword { keyword: name() },
        FaultKind::Direction,
        FaultKind::LossyNumber { number: name() },
        FaultKind::InvalidLanguage { tag: name() },
        FaultKind::NestedArray,
        FaultKind::Misplaced { found: "a number" },
        FaultKind::InvalidValueObject,
        FaultKind::CollidingIds,
        FaultKind::TooDeep,
        FaultKind::TooComplex(TooComplex),
    ]
}

fn images() -> Vec<BakeError> {
    let (offset, first, second) = (7, 7, 9);
    let name = || some("x");
    vec![
        BakeError::NotAnImage,
        BakeError::ImageTooLong { bytes: 7 },
        BakeError::TextTooLong,
        BakeError::NotACredential,
        BakeError::NotJson { offset },
        BakeError::NoCredential,
        BakeError::OpenBadges2,
        BakeError::TwoCredentials { first, second },
        BakeError::TwoAssertions { first, second },
        BakeError::EmptyCredential { offset },
        BakeError::Truncated { offset },
        BakeError::ChunkType { offset },
        BakeError::Checksum {
            chunk: name(),
            offset,
        },
        BakeError::MissingChunk { chunk: "IEND" },
        BakeError::Chunk {
            chunk: name(),
            offset,
            fault: ChunkFault::Damaged,
        },
        BakeError::Encoding { encoding: name() },
        BakeError::NotUtf8 { offset },
        BakeError::NotWellFormed {
            offset,
            reason: name(),
        },
        BakeError::TooComplex { offset },
        BakeError::EntityDeclaration { offset },
        BakeError::AttributeDefault { offset },
        BakeError::UnknownEntity {
            name: name(),
            offset,
        },
        BakeError::NotSvg { name: name() },
        BakeError::VerifyAndBody { offset },
        BakeError::NotText { offset },
    ]
}

fn image_notes() -> Vec<Note> {
    vec![
        Note::Compressed,
        Note::TextChunk { chunk: "tEXt" },
        Note::DataAfterEnd { bytes: 7 },
        Note::Prefix { prefix: some("x") },
        Note::NotOneCdata,
        Note::Place,
        Note::Carrier,
    ]
}

fn jws() -> Vec<JwsFault> {
    let syntax = || json::parse("{").unwrap_err();
    vec![
        JwsFault::NotCompact,
        JwsFault::Header { syntax: syntax() },
        JwsFault::Payload { syntax: syntax() },
        JwsFault::NotUtf8,
    ]
}

fn fetches() -> Vec<FetchError> {
    let host = || some("example.org");
    let reason = || some("x");
    vec![
        FetchError::BadUrl { url: host() },
        FetchError::NotHttps { url: host() },
        FetchError::UserInfo { host: host() },
        FetchError::PrivateAddress {
            host: host(),
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        },
        FetchError::Dns { host: host() },
        FetchError::TooManyLookups,
        FetchError::Connection {
            host: host(),
            reason: reason(),
        },
        FetchError::Tls {
            host: host(),
            reason: reason(),
        },
        FetchError::BadResponse {
            host: host(),
            reason: reason(),
        },
        FetchError::Status { status: 500 },
        FetchError::TooLarge { limit: 7 },
        FetchError::TimedOut { milliseconds: 7 },
        FetchError::TooManyRedirects { limit: 7 },
        FetchError::OtherHost { host: host() },
        FetchError::Offline,
    ]
}
