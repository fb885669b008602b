//! One of everything that the library can find, to see that there are words for it.

use std::net::{IpAddr, Ipv4Addr};

use badges_core::bake::{BakeError, ChunkFault, Note as ImageNote};
use badges_core::jsonld::{Fault, FaultKind, TooComplex};
use badges_core::key::JwkFault;
use badges_core::model::DateTimeError;
use badges_core::model::schema::{Departure, DepartureKind, Severity};
use badges_core::participants::{Format, NameFault, Note, ParticipantsError, Place, Problem, Skip};
use badges_core::proof::jwt::JwsFault;
use badges_core::verify::{
    Binding, Contradiction, Failure, HoldingProof, ListFault, Outcome, Passed, Unestablished,
    Unknown,
};
use badges_core::{fetch::FetchError, json};
use time::OffsetDateTime;

use super::{Reason, Sentence, faults};
use crate::i18n::{self, Lang};

/// The sentence has a message that puts in all facts, and no others.
pub(super) fn assert_is_said(sentence: &Sentence) {
    let Sentence { lang, key, facts } = sentence;
    let placeholders = i18n::placeholders(*lang, key);
    let placeholders = placeholders.unwrap_or_else(|| panic!("no message {key} in {lang:?}"));
    assert!(
        placeholders.iter().copied().eq(1..=facts.len()),
        "{key} in {lang:?} has {placeholders:?}, given are {facts:?}"
    );
    assert!(!sentence.text().contains('⧼'), "{}", sentence.text());
}

fn some(text: &str) -> String {
    text.to_owned()
}

pub(super) fn outcomes() -> Vec<Outcome> {
    let passed = passed().into_iter().map(Outcome::Passed);
    let failed = failed().into_iter().map(Outcome::Failed);
    let unknown = unknown().into_iter().map(Outcome::Unknown);
    passed.chain(failed).chain(unknown).collect()
}

fn passed() -> Vec<Passed> {
    let at = OffsetDateTime::UNIX_EPOCH;
    let form = |form, image| Passed::FormRead {
        form,
        image,
        notes: vec![ImageNote::Compressed],
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
        Passed::SchemaConforms {},
        Passed::SchemaDeparts {
            departures: vec![departure("name", DepartureKind::NoArray)],
        },
        Passed::ProofHolds {
            proofs: vec![HoldingProof {
                suite: some("eddsa-rdfc-2022"),
                verification_method: Some(some("did:web:example.org#key")),
                created: Some(some("2026-05-01T00:00:00Z")),
            }],
            absent_claims: vec!["iss", "jti"],
            unsigned: vec!["endorsementJwt"],
        },
        issuer(Binding::OwnKey, None),
        issuer(Binding::DidDocument, Some("example.org")),
        issuer(Binding::ControllerDocument, None),
        issuer(Binding::KeySet, Some("example.org")),
        current(None, None),
        current(Some(at), None),
        current(None, Some(at)),
        current(Some(at), Some(at)),
        clear("revocation"),
        clear("suspension"),
        clear("refresh"),
        Passed::StatusMessage {
            purpose: some("message"),
            list: some("https://example.org/status/1"),
            index: 7,
            value: 3,
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
        Failure::Image {
            fault: BakeError::NoCredential,
        },
        Failure::TooLarge { limit: 1_048_576 },
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
        Failure::NoProof {},
        Failure::MalformedProof {
            member: "proofValue",
        },
        Failure::Signature {
            suite: some("EdDSA"),
            verification_method: None,
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
        Failure::IssuerContradicted {
            issuer: some("did:web:example.org"),
            method: None,
            document: some("https://example.org/.well-known/did.json"),
            reason: Contradiction::NotListed,
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
        Failure::OtherRecipient { salt_needed: false },
        Failure::OtherRecipient { salt_needed: true },
        Failure::EndorsementFails {
            place: some("endorsement[0]"),
            issuer: None,
            reason: some("proof.missing"),
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
        Unknown::Context { url: url() },
        Unknown::Suite { suite: some("x") },
        Unknown::Algorithm {
            algorithm: some("x"),
        },
        Unknown::KeyNotLoaded {
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
    ]
}

fn departure(path: &str, kind: DepartureKind) -> Departure {
    Departure {
        path: some(path),
        kind,
        severity: Severity::Fault,
    }
}

/// All details of findings.
pub(super) fn faults(lang: Lang) -> Vec<Sentence> {
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
            ListFault::TooShort,
            ListFault::TooLarge,
            ListFault::Malformed,
            ListFault::OutOfRange,
        ]
        .map(|reason| faults::status_list(lang, reason)),
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

fn image_notes() -> Vec<ImageNote> {
    vec![
        ImageNote::Compressed,
        ImageNote::TextChunk { chunk: "tEXt" },
        ImageNote::DataAfterEnd { bytes: 7 },
        ImageNote::Prefix { prefix: some("x") },
        ImageNote::NotOneCdata,
        ImageNote::Place,
        ImageNote::Carrier,
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
        FetchError::Offline,
    ]
}

/// Everything that can be said of a list of participants.
pub(super) fn reasons(lang: Lang) -> Vec<Reason> {
    let skips = skips();
    let problems = problems();
    let notes = [
        Note::MorePages {
            last_participant_id: Some(7),
        },
        Note::NamesIdentifyNobody { column: some("x") },
    ];
    let errors = list_errors();
    let skips = skips.iter().map(|skip| Reason::of_skip(lang, skip));
    let problems = problems
        .iter()
        .map(|problem| Reason::of_problem(lang, problem));
    let notes = notes.iter().map(|note| Reason::of_note(lang, note));
    let errors = errors.iter().map(|error| Reason::of_error(lang, error));
    skips.chain(problems).chain(notes).chain(errors).collect()
}

fn skips() -> Vec<Skip> {
    vec![
        Skip::Duplicate {
            first: Place::Item(2),
        },
        Skip::Hidden,
        Skip::NotFound,
        Skip::Private,
        Skip::RuleNotMet {
            column: some("completed"),
            value: some("3"),
            needed: some(">= 5"),
        },
    ]
}

fn problems() -> Vec<Problem> {
    let column = || some("x");
    let value = || some("y");
    let names = [
        NameFault::Empty,
        NameFault::TooLong {
            characters: 90,
            bytes: 90,
        },
        NameFault::Character { character: '@' },
        NameFault::Character {
            character: '\u{7f}',
        },
        NameFault::Encoding,
        NameFault::IpAddress,
        NameFault::NotAUserPage,
    ];
    let names = names.map(|fault| Problem::Name {
        column: None,
        value: value(),
        fault,
    });
    let number = |value| Problem::Number {
        column: column(),
        value,
    };
    let others = [
        Problem::CentralId {
            column: column(),
            value: value(),
        },
        Problem::RecipientId {
            column: column(),
            value: value(),
        },
        Problem::Email {
            column: column(),
            value: value(),
        },
        Problem::Evidence {
            column: column(),
            value: value(),
        },
        Problem::Spreadsheet {
            column: column(),
            value: value(),
        },
        Problem::NoRecipient {
            columns: vec![column(), column()],
        },
        Problem::CellCount {
            expected: 3,
            found: 4,
        },
        number(value()),
        number(String::new()),
        Problem::TwoAccounts {
            name: some("Example Volunteer"),
            central_id: 12_345,
            other: 7,
            first: Place::Line(2),
        },
        Problem::Entry,
    ];
    names.into_iter().chain(others).collect()
}

fn list_errors() -> Vec<ParticipantsError> {
    let columns = || vec![some("a"), some("b")];
    let column = || some("x");
    let unknown_column = |columns| ParticipantsError::UnknownColumn {
        column: column(),
        columns,
    };
    vec![
        ParticipantsError::TooLarge { bytes: 9, limit: 8 },
        ParticipantsError::TooManyRows { limit: 200_000 },
        ParticipantsError::TooWide {
            line: 3,
            limit: 1000,
        },
        ParticipantsError::Empty,
        ParticipantsError::NoRows {
            format: Format::Csv,
        },
        ParticipantsError::BeingGenerated,
        ParticipantsError::WebPage,
        ParticipantsError::Spreadsheet,
        ParticipantsError::Utf16,
        ParticipantsError::NotUtf8 { line: 3 },
        ParticipantsError::Binary,
        ParticipantsError::UnknownTable { columns: columns() },
        unknown_column(columns()),
        unknown_column(Vec::new()),
        ParticipantsError::DuplicateColumn { column: column() },
        ParticipantsError::UnclosedQuote { line: 3 },
        ParticipantsError::Json { line: 1, column: 2 },
        ParticipantsError::JsonCutShort,
        ParticipantsError::UnknownJson { members: columns() },
        ParticipantsError::TestEvent { event: None },
        ParticipantsError::OtherFormat {
            asked: Format::Csv,
            found: Format::Names,
        },
    ]
}
