//! What was checked and is not so.

use serde::Serialize;
use time::OffsetDateTime;

use super::{Contradiction, departure_list, image, instant, optional};
use crate::bake::BakeError;
use crate::json_schema::Mismatch;
use crate::jsonld::Fault;
use crate::key::JwkFault;
use crate::model::schema::Departure;
use crate::proof::cose::CoseFault;
use crate::proof::enveloped::EnvelopeFault;
use crate::proof::jwt::JwsFault;
use crate::proof::sd_jwt::SdJwtFault;
use crate::verify::Verdict;
use crate::verify::wording::{
    because, contradiction, date, list, list_time, other_recipient, part,
};

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
        /// A presentation shows more credentials than are judged.
        TooManyCredentials "form.too-many" ("it shows {found} credentials; at most {limit} are checked") {
            /// How many it shows.
            found: usize,
            /// The limit.
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
        /// It does not conform to a schema that it names.
        SchemaUnmet "schema.declared"
            ("it does not conform to the schema {schema}: {}", list(.mismatches)) {
            /// The schema's URL.
            schema: String,
            /// Where not.
            mismatches: Vec<Mismatch>,
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
        /// The issuer has revoked it, in its own page or list (Open Badges 2.0) or in a
        /// `1EdTechRevocationList`.
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

impl Failure {
    /// What becomes of a badge in which a check that decides failed so.
    pub(in crate::verify) const fn verdict(&self) -> Verdict {
        match self {
            Self::Revoked { .. } | Self::Withdrawn { .. } => Verdict::Revoked,
            Self::Suspended { .. } => Verdict::Suspended,
            Self::NotYetValid { .. } => Verdict::NotYetValid,
            Self::Expired { .. } => Verdict::Expired,
            _ => Verdict::Invalid,
        }
    }
}
