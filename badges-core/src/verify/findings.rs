//! Every answer that a check can give, with its facts and its stable id.

use serde::{Serialize, Serializer};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::Verdict;
use super::wording::{
    because, contradiction, date, established, hosted, list, list_fault, list_time, maybe_date,
    older_version, other_recipient, part, unestablished,
};
use crate::bake::{BakeError, Note};
use crate::jsonld::Fault;
use crate::key::JwkFault;
use crate::model::schema::Departure;
use crate::proof::cose::CoseFault;
use crate::proof::enveloped::EnvelopeFault;
use crate::proof::jwt::JwsFault;
use crate::proof::sd_jwt::SdJwtFault;

/// Declares an enum of findings: each variant with its id, what it says, and its facts.
macro_rules! findings {
    ($(#[$meta:meta])* $name:ident {
        $($(#[$doc:meta])* $variant:ident $id:literal ($($say:tt)*) {
            $($(#[$field_meta:meta])* $field:ident: $type:ty,)*
        })*
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Serialize, thiserror::Error)]
        #[serde(tag = "id", rename_all_fields = "camelCase")]
        #[non_exhaustive]
        pub enum $name {
            $(
                $(#[$doc])*
                #[serde(rename = $id)]
                #[error($($say)*)]
                $variant {
                    $($(#[$field_meta])* $field: $type,)*
                },
            )*
        }

        impl $name {
            /// All ids, in the order of the variants.
            pub const IDS: &'static [&'static str] = &[$($id),*];

            /// The stable id, for machines and translators.
            #[must_use]
            pub const fn id(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $id,)*
                }
            }
        }
    };
}

fn instant<S: Serializer>(time: &OffsetDateTime, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&time.format(&Rfc3339).unwrap_or_default())
}

fn optional<S: Serializer>(time: &Option<OffsetDateTime>, to: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => instant(time, to),
        None => to.serialize_none(),
    }
}

const fn is_false(value: &bool) -> bool {
    !*value
}

const fn is_zero(value: &usize) -> bool {
    *value == 0
}

fn note_ids<S: Serializer>(notes: &[Note], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(notes.iter().map(Note::id))
}

fn image<S: Serializer>(fault: &BakeError, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(fault.id())
}

fn departure_list<S: Serializer>(departures: &[Departure], to: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Entry<'d> {
        id: &'static str,
        path: &'d str,
        message: String,
    }
    to.collect_seq(departures.iter().map(|departure| Entry {
        id: departure.kind.id(),
        path: &departure.path,
        message: departure.kind.to_string(),
    }))
}

/// A proof that holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HoldingProof {
    /// The cryptosuite, or for JWT the algorithm.
    pub suite: String,
    /// The key's URL, as far as the proof names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verification_method: Option<String>,
    /// When the proof says it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
}

/// How it is known that a key is the issuer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Binding {
    /// The issuer's identifier is the key itself (did:key, did:jwk).
    OwnKey,
    /// The document of the issuer's DID lists it.
    DidDocument,
    /// The document at the issuer's https identifier lists it.
    ControllerDocument,
    /// The key set of the issuer's domain has it.
    KeySet,
    /// The badge itself stands at an address of the issuer's, or for Open Badges 1.1 the key does:
    /// whoever can write there is the issuer.
    Hosted,
}

/// How an issuer's own document speaks against a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Contradiction {
    /// The document does not list it.
    NotListed,
    /// The document lists it for another purpose, or for another controller.
    OtherPurpose,
}

/// Why it cannot be told whether a key is the issuer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unestablished {
    /// The issuer's identifier names no document.
    NoDocument,
    /// The issuer's DID is of a method that is not supported.
    UnknownDidMethod,
    /// The document at the issuer's identifier is not about keys.
    NoKeysInDocument,
    /// There is no signature in the issuer's name, only one around it by somebody else.
    NoProof,
    /// It is part of a record whose signature does not say what belongs to which part.
    MixedParts,
}

/// Why a status list cannot be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListFault {
    /// It is no credential that can be read.
    Unreadable,
    /// It is no bitstring status list.
    OtherType,
    /// Another issuer's.
    OtherIssuer,
    /// Its own proof does not hold.
    Proof,
    /// Its own proof could not be checked.
    ProofUnknown,
    /// It is for another purpose.
    OtherPurpose,
    /// Its time has not come, or is over.
    Dates,
    /// It has fewer entries than the standard asks for.
    TooShort,
    /// It unpacks to more than is read.
    TooLarge,
    /// Its bits cannot be unpacked.
    Malformed,
    /// The badge's index is beyond its end.
    OutOfRange,
}

findings! {
    /// What was checked and holds.
    Passed {
        /// It can be read in exactly one way.
        FormRead "form.read" ("it can be read, in exactly one way") {
            /// `json`, `jwt`, `sd-jwt` or `cose`.
            form: &'static str,
            /// Whether it came as an `EnvelopedVerifiableCredential`.
            #[serde(skip_serializing_if = "is_false")]
            enveloped: bool,
            /// `png` or `svg`, when it came in an image.
            #[serde(skip_serializing_if = "Option::is_none")]
            image: Option<&'static str>,
            /// How many digests of an SD-JWT stand for nothing that is shown: what the holder
            /// keeps back, or decoys.
            #[serde(skip_serializing_if = "is_zero")]
            undisclosed: usize,
            /// What was unusual about the image, by id.
            #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "note_ids")]
            notes: Vec<Note>,
        }
        /// It has everything that the standard asks for.
        SchemaConforms "schema.conforms" ("it has everything that Open Badges 3.0 asks for") {}
        /// It has what matters; strict readers may mind the rest.
        SchemaDeparts "schema.departs"
            ("it has what matters; strict readers may mind: {}", list(.departures)) {
            /// What they may mind.
            #[serde(serialize_with = "departure_list")]
            departures: Vec<Departure>,
        }
        /// It is a badge of an older version of Open Badges, as that asks for.
        OlderVersion "schema.older-version" ("{}", older_version(version, .departures)) {
            /// The version: `2.0`, `1.1`, `1.0` or `0.5`.
            version: &'static str,
            /// What strict readers may mind.
            #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "departure_list")]
            departures: Vec<Departure>,
        }
        /// It stands at its own address (Open Badges 2.0, hosted verification).
        Hosted "proof.hosted" ("{}", hosted(url, .differs)) {
            /// The address.
            url: String,
            /// The members in which the copy that was given differs from it. They do not count.
            #[serde(skip_serializing_if = "Vec::is_empty")]
            differs: Vec<String>,
        }
        /// Every proof holds.
        ProofHolds "proof.signature" ("it was signed and not altered since") {
            /// The proofs.
            proofs: Vec<HoldingProof>,
            /// Registered claims that a JWT of Open Badges should have and this one does not.
            #[serde(skip_serializing_if = "Vec::is_empty")]
            absent_claims: Vec<&'static str>,
            /// Claims of the holder's key binding that nobody asked about, `aud` and `nonce`: the
            /// presentation may have been made for somebody else.
            #[serde(skip_serializing_if = "Vec::is_empty")]
            unasked: Vec<&'static str>,
            /// Members that the signature does not cover, because the contexts that it was made
            /// with did not have them yet.
            #[serde(skip_serializing_if = "Vec::is_empty")]
            unsigned: Vec<&'static str>,
        }
        /// The key is the issuer's.
        IssuerEstablished "issuer.established" ("{}", established(issuer, *binding, domain.as_deref())) {
            /// `issuer.id`.
            issuer: String,
            /// How it is known.
            binding: Binding,
            /// The domain that is proved by it, for did:web and https.
            #[serde(skip_serializing_if = "Option::is_none")]
            domain: Option<String>,
        }
        /// This is its time.
        Current "validity.current"
            ("valid from {} until {}", maybe_date(from.as_ref()), maybe_date(until.as_ref())) {
            /// From when.
            #[serde(skip_serializing_if = "Option::is_none", serialize_with = "optional")]
            from: Option<OffsetDateTime>,
            /// Until when; for ever when absent.
            #[serde(skip_serializing_if = "Option::is_none", serialize_with = "optional")]
            until: Option<OffsetDateTime>,
            /// The time of the question.
            #[serde(serialize_with = "instant")]
            at: OffsetDateTime,
        }
        /// The issuer has not taken it back.
        StatusClear "status.clear" ("no {purpose} by {}", list_time(as_of.as_ref())) {
            /// The purpose of the list: `revocation`, `suspension`, …
            purpose: String,
            /// The list's URL.
            list: String,
            /// The entry in it.
            index: u64,
            /// From when the list is.
            #[serde(skip_serializing_if = "Option::is_none", serialize_with = "optional")]
            as_of: Option<OffsetDateTime>,
        }
        /// What the issuer says where it would say that the badge is revoked (Open Badges 2.0).
        NotWithdrawn "status.not-withdrawn" ("not revoked, by {document}") {
            /// The badge's own address, or the issuer's list of revoked badges.
            document: String,
        }
        /// The issuer has set a status that takes nothing back.
        StatusMessage "status.message" ("the issuer has set a status for {purpose}") {
            /// The purpose of the list: `message` or `refresh`.
            purpose: String,
            /// The list's URL.
            list: String,
            /// The entry in it.
            index: u64,
            /// The value of the entry.
            value: u64,
        }
        /// It was given to this person.
        RecipientMatches "recipient.matches" ("it was given to this recipient (by {by})") {
            /// `id`, or the identifier's type, such as `emailAddress`.
            by: String,
        }
        /// The issuer is on the verifier's list.
        IssuerTrusted "trust.known" ("the issuer is known to you as {name}") {
            /// `issuer.id`.
            issuer: String,
            /// The verifier's name for it.
            name: String,
        }
        /// Somebody vouches for it, and really does so.
        EndorsementHolds "endorsements.valid" ("{place}: the endorsement by {issuer} holds") {
            /// Which endorsement.
            place: String,
            /// Who endorses.
            issuer: String,
        }
        /// A credential inside a record holds by its own proof (CLR 2.0).
        PartHolds "parts.valid" ("{place}: {} holds by its own signature", part(name.as_deref())) {
            /// Which part.
            place: String,
            /// Its name.
            #[serde(skip_serializing_if = "Option::is_none")]
            name: Option<String>,
            /// Who issued it.
            #[serde(skip_serializing_if = "Option::is_none")]
            issuer: Option<String>,
        }
        /// A credential inside a record has no proof of its own, and is the record's issuer's: the
        /// record's proof covers it.
        PartCovered "parts.covered"
            ("{place}: {} has no signature of its own; the record's covers it", part(name.as_deref())) {
            /// Which part.
            place: String,
            /// Its name.
            #[serde(skip_serializing_if = "Option::is_none")]
            name: Option<String>,
            /// Who issued it.
            #[serde(skip_serializing_if = "Option::is_none")]
            issuer: Option<String>,
        }
    }
}

findings! {
    /// What was checked and is not so.
    Failure {
        /// It is no badge in any form that is known.
        NotABadge "form.not-a-badge" ("this is no badge: {found}") {
            /// What it is instead.
            found: String,
        }
        /// It is not strict JSON.
        Syntax "form.syntax" ("it is not strict JSON: line {line}, column {column}: {reason}") {
            /// The line, from 1.
            line: usize,
            /// The column, from 1.
            column: usize,
            /// What is wrong there.
            reason: String,
        }
        /// It is not a compact JWS with JSON in it.
        Jws "form.jwt" ("it is no readable JWT: {fault}") {
            /// Why.
            #[serde(flatten)]
            fault: JwsFault,
        }
        /// It is no SD-JWT, or what it discloses is not what was signed.
        SdJwt "form.sd-jwt" ("it is no readable SD-JWT: {fault}") {
            /// Why.
            #[serde(flatten)]
            fault: SdJwtFault,
        }
        /// It is not a COSE_Sign1 with JSON in it.
        Cose "form.cose" ("it is no readable COSE_Sign1: {fault}") {
            /// Why.
            #[serde(flatten)]
            fault: CoseFault,
        }
        /// The envelope around it cannot be opened.
        Envelope "form.envelope" ("the envelope around it cannot be opened: {fault}") {
            /// Why.
            #[serde(flatten)]
            fault: EnvelopeFault,
        }
        /// The image holds no badge that can be read.
        Image "form.image" ("{fault}") {
            /// Why, by id.
            #[serde(serialize_with = "image")]
            fault: BakeError,
        }
        /// It is too long to be a badge.
        TooLarge "form.too-large" ("it is longer than the {limit} bytes that are read") {
            /// The limit, in bytes.
            limit: usize,
        }
        /// Something in it would not be signed, or could be read in two ways.
        Ambiguous "form.json-ld" ("{fault}") {
            /// What and where.
            #[serde(flatten)]
            fault: Fault,
        }
        /// `@context` is not a list of URLs.
        Context "form.context" ("{fault}") {
            /// What and where.
            #[serde(flatten)]
            fault: Fault,
        }
        /// It is a credential, but neither a badge nor part of one.
        OtherType "form.type"
            ("it is neither a badge nor an endorsement: its type is {}", types.join(", ")) {
            /// Its types.
            types: Vec<String>,
        }
        /// The claim `vc` is for Verifiable Credentials 1.1 only, and needed there.
        JwtModel "form.jwt-model"
            ("the JWT has the claim `vc` in version 1.1 of the data model and only there") {}
        /// Members are missing or not what the standard says.
        Nonconforming "schema.nonconforming" ("{}", list(.departures)) {
            /// Which, and how.
            #[serde(serialize_with = "departure_list")]
            departures: Vec<Departure>,
        }
        /// There is no proof: anyone can have written it.
        NoProof "proof.missing" ("it is not signed") {}
        /// A proof lacks a member, or has one that cannot be read.
        MalformedProof "proof.malformed" ("the proof's `{member}` is missing or cannot be read") {
            /// The member.
            member: &'static str,
        }
        /// The signature does not fit the document: it was altered, or signed with another key.
        Signature "proof.signature"
            ("the signature does not fit: it was altered after signing, or signed with another key") {
            /// The cryptosuite, or for JWT the algorithm.
            suite: String,
            /// The key's URL, as far as the proof names one.
            #[serde(skip_serializing_if = "Option::is_none")]
            verification_method: Option<String>,
        }
        /// What stands at an address of the badge is something else.
        HostedOther "proof.hosted-other"
            ("what is at {url} is {}", found.as_deref().map_or("no part of this badge", |_| "something else")) {
            /// The address.
            url: String,
            /// The id of what is there.
            #[serde(skip_serializing_if = "Option::is_none")]
            found: Option<String>,
        }
        /// The proof is not meant to assert the credential.
        Purpose "proof.purpose"
            ("the proof is for {}, not for issuing", found.as_deref().unwrap_or("nothing")) {
            /// `proofPurpose`.
            #[serde(skip_serializing_if = "Option::is_none")]
            found: Option<String>,
        }
        /// The algorithm is no signature, or not the key's.
        Algorithm "proof.algorithm" ("the algorithm {algorithm} proves nothing here") {
            /// `alg`, or the cryptosuite.
            algorithm: String,
        }
        /// The header carries a private key: whoever saw it can sign.
        PrivateKey "proof.private-key" ("the header contains the private key: anyone can sign with it") {}
        /// The key in the header cannot be used.
        InvalidKey "proof.key" ("the key in the header: {reason}") {
            /// Why.
            reason: JwkFault,
        }
        /// The verification method is no key.
        InvalidMethod "proof.method" ("{method} is no usable key") {
            /// The verification method.
            method: String,
        }
        /// The header demands extensions that are not known (RFC 7515, 4.1.11).
        Critical "proof.critical" ("the header demands extensions that are not known") {}
        /// The proof says that its time is over.
        ProofExpired "proof.expired" ("the proof expired at {}", date(expires)) {
            /// When.
            #[serde(serialize_with = "instant")]
            expires: OffsetDateTime,
        }
        /// The issuer has revoked the key.
        KeyRevoked "proof.key-revoked" ("the issuer revoked the key at {}", date(revoked)) {
            /// When.
            #[serde(serialize_with = "instant")]
            revoked: OffsetDateTime,
        }
        /// The key's time is over.
        KeyExpired "proof.key-expired" ("the key expired at {}", date(expires)) {
            /// When.
            #[serde(serialize_with = "instant")]
            expires: OffsetDateTime,
        }
        /// A registered claim of the JWT says something else than the credential.
        Claim "proof.claim"
            ("the JWT's `{claim}` says {claimed}, the credential says {credential}") {
            /// The claim.
            claim: &'static str,
            /// What it says.
            claimed: String,
            /// What the credential says.
            credential: String,
        }
        /// The proof of a presentation answers another question than the one that was asked.
        OtherQuestion "proof.question" ("the presentation was made for another question: its {member} is not the one that was asked") {
            /// `challenge` or `domain`.
            member: &'static str,
        }
        /// A proof builds on one that is not there.
        PreviousProof "proof.previous" ("the proof builds on another one that is not there: {proof}") {
            /// The id of the missing proof.
            proof: String,
        }
        /// The issuer's own document speaks against the key.
        IssuerContradicted "issuer.contradicted"
            ("the key is not the issuer's: {document} {}", contradiction(*reason)) {
            /// `issuer.id`.
            issuer: String,
            /// The key's URL.
            #[serde(skip_serializing_if = "Option::is_none")]
            method: Option<String>,
            /// The document.
            document: String,
            /// How it speaks against it.
            reason: Contradiction,
        }
        /// It stands where the issuer does not say that its badges, or their parts, stand.
        OtherOrigin "issuer.other-origin" ("{url} is no address of the issuer {issuer}") {
            /// The issuer's id.
            issuer: String,
            /// The address.
            url: String,
        }
        /// Its time has not come.
        NotYetValid "validity.not-yet" ("valid only from {}", date(from)) {
            /// From when it is valid.
            #[serde(serialize_with = "instant")]
            from: OffsetDateTime,
            /// The time of the question.
            #[serde(serialize_with = "instant")]
            at: OffsetDateTime,
        }
        /// Its time is over.
        Expired "validity.expired" ("expired at {}", date(until)) {
            /// Until when it was valid.
            #[serde(serialize_with = "instant")]
            until: OffsetDateTime,
            /// The time of the question.
            #[serde(serialize_with = "instant")]
            at: OffsetDateTime,
        }
        /// The issuer has revoked it, for good.
        Revoked "status.revoked" ("revoked by its issuer ({})", list_time(as_of.as_ref())) {
            /// The list's URL.
            list: String,
            /// The entry in it.
            index: u64,
            /// From when the list is.
            #[serde(skip_serializing_if = "Option::is_none", serialize_with = "optional")]
            as_of: Option<OffsetDateTime>,
        }
        /// The issuer has suspended it, for now.
        Suspended "status.suspended" ("suspended by its issuer ({})", list_time(as_of.as_ref())) {
            /// The list's URL.
            list: String,
            /// The entry in it.
            index: u64,
            /// From when the list is.
            #[serde(skip_serializing_if = "Option::is_none", serialize_with = "optional")]
            as_of: Option<OffsetDateTime>,
        }
        /// The issuer has revoked it (Open Badges 2.0).
        Withdrawn "status.withdrawn" ("revoked by its issuer, by {document}{}", because(reason.as_deref())) {
            /// The badge's own address, or the issuer's list of revoked badges.
            document: String,
            /// Why, in the issuer's words.
            #[serde(skip_serializing_if = "Option::is_none")]
            reason: Option<String>,
        }
        /// It was given to somebody else, as far as can be told.
        OtherRecipient "recipient.other" ("{}", other_recipient(*salt_needed)) {
            /// Whether it has hashed identifiers without a salt, which only the holder may know.
            salt_needed: bool,
        }
        /// Somebody is said to vouch for it, and does not.
        EndorsementFails "endorsements.invalid"
            ("{place}: the endorsement by {} does not count ({reason})", issuer.as_deref().unwrap_or("nobody")) {
            /// Which endorsement.
            place: String,
            /// Who is said to endorse.
            #[serde(skip_serializing_if = "Option::is_none")]
            issuer: Option<String>,
            /// The id of what is wrong with it.
            reason: String,
        }
        /// A credential inside a record is not valid (CLR 2.0).
        PartFails "parts.invalid" ("{place}: {} is {} ({reason})", part(name.as_deref()), verdict.as_str()) {
            /// Which part.
            place: String,
            /// Its name.
            #[serde(skip_serializing_if = "Option::is_none")]
            name: Option<String>,
            /// Its own verdict.
            verdict: Verdict,
            /// The id of what led to it.
            reason: String,
        }
    }
}

findings! {
    /// What could not be checked.
    Unknown {
        /// There is nothing to check: the badge itself could not be fetched.
        NotFetched "form.not-fetched" ("it could not be fetched from {url}: {reason}") {
            /// Where it would be.
            url: String,
            /// The stable id of what went wrong, such as `fetch.status`.
            error: &'static str,
            /// What went wrong, in words.
            reason: String,
        }
        /// A context that is not known, so that the words may mean anything.
        Context "form.context" ("the context {url} is not known, so its words may mean anything") {
            /// The context's URL.
            url: String,
        }
        /// A cryptosuite that is not implemented.
        Suite "proof.suite" ("the cryptosuite {suite} is not supported") {
            /// The cryptosuite, or the proof's type.
            suite: String,
        }
        /// A signature algorithm that is not implemented.
        Algorithm "proof.algorithm" ("the algorithm {algorithm} is not supported") {
            /// `alg`.
            algorithm: String,
        }
        /// The key is not there.
        KeyNotLoaded "proof.key-not-loaded"
            ("the key at {url} could not be loaded{}", because(reason.as_deref())) {
            /// Where it would be.
            url: String,
            /// Why not; absent when it was not asked for.
            #[serde(skip_serializing_if = "Option::is_none")]
            reason: Option<String>,
        }
        /// A document that the badge stands on is not there: itself at its own address, or what it
        /// was given for (Open Badges 2.0).
        DocumentNotLoaded "proof.document-not-loaded"
            ("the document at {url} could not be loaded{}", because(reason.as_deref())) {
            /// Where it would be.
            url: String,
            /// Why not; absent when it was not asked for.
            #[serde(skip_serializing_if = "Option::is_none")]
            reason: Option<String>,
        }
        /// A kind of key or of key URL that is not supported.
        Method "proof.method" ("{method} is a kind of key reference that is not supported") {
            /// The verification method.
            method: String,
        }
        /// The JWT's header names no key.
        NoKeyNamed "proof.no-key" ("it does not say which key signed it") {}
        /// Whose key it is cannot be told.
        IssuerNotEstablished "issuer.not-established"
            ("nothing shows that the key is the issuer's: {}", unestablished(*reason)) {
            /// `issuer.id`.
            issuer: String,
            /// The key's URL.
            #[serde(skip_serializing_if = "Option::is_none")]
            method: Option<String>,
            /// Why.
            reason: Unestablished,
        }
        /// The issuer's own document is not there.
        IssuerNotLoaded "issuer.not-loaded"
            ("the issuer's own document at {url} could not be loaded{}", because(reason.as_deref())) {
            /// Where it would be.
            url: String,
            /// Why not; absent when it was not asked for.
            #[serde(skip_serializing_if = "Option::is_none")]
            reason: Option<String>,
        }
        /// A member is not shown, and its holder may have left it out.
        Hidden "form.hidden" ("whether it has `{member}` cannot be told: its holder may have left that out") {
            /// `validUntil`, `expirationDate` or `credentialStatus`.
            member: &'static str,
        }
        /// The status was not asked for, because the badge is not known to be genuine.
        StatusUnasked "status.unasked" ("not asked for, because the badge is not known to be genuine") {}
        /// The status list is not there.
        StatusNotLoaded "status.not-loaded"
            ("the status list at {url} could not be loaded{}", because(reason.as_deref())) {
            /// Where it would be.
            url: String,
            /// Why not; absent when it was not asked for.
            #[serde(skip_serializing_if = "Option::is_none")]
            reason: Option<String>,
        }
        /// A kind of status that is not supported.
        StatusType "status.type" ("the kind of status {kind} is not supported") {
            /// `credentialStatus.type`, or its purpose.
            kind: String,
        }
        /// The badge's own status entry cannot be read.
        StatusEntry "status.entry" ("the badge's `credentialStatus.{member}` is missing or cannot be read") {
            /// The member.
            member: &'static str,
        }
        /// The status list cannot be relied on.
        StatusList "status.list" ("the status list at {url} cannot be relied on: {}", list_fault(*reason)) {
            /// The list's URL.
            url: String,
            /// Why.
            reason: ListFault,
        }
        /// The issuer is not on the verifier's list.
        IssuerUnlisted "trust.unlisted" ("the issuer is not on your list") {
            /// `issuer.id`.
            #[serde(skip_serializing_if = "Option::is_none")]
            issuer: Option<String>,
        }
        /// Whether somebody vouches for it could not be checked.
        EndorsementUnknown "endorsements.unknown"
            ("{place}: the endorsement by {} could not be checked ({reason})", issuer.as_deref().unwrap_or("somebody")) {
            /// Which endorsement.
            place: String,
            /// Who is said to endorse.
            #[serde(skip_serializing_if = "Option::is_none")]
            issuer: Option<String>,
            /// The id of what could not be checked.
            reason: String,
        }
        /// Whether a credential inside a record is genuine could not be checked (CLR 2.0).
        PartUnknown "parts.unknown" ("{place}: {} could not be checked ({reason})", part(name.as_deref())) {
            /// Which part.
            place: String,
            /// Its name.
            #[serde(skip_serializing_if = "Option::is_none")]
            name: Option<String>,
            /// The id of what could not be checked.
            reason: String,
        }
    }
}

impl Failure {
    /// What becomes of a badge in which a check that decides failed so.
    pub(super) const fn verdict(&self) -> Verdict {
        match self {
            Self::Revoked { .. } | Self::Withdrawn { .. } => Verdict::Revoked,
            Self::Suspended { .. } => Verdict::Suspended,
            Self::NotYetValid { .. } => Verdict::NotYetValid,
            Self::Expired { .. } => Verdict::Expired,
            _ => Verdict::Invalid,
        }
    }
}
