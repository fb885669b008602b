//! What was checked and holds.

use serde::Serialize;
use time::OffsetDateTime;

use super::{
    Binding, HoldingProof, departure_list, instant, is_false, is_zero, note_ids, optional,
};
use crate::bake::Note;
use crate::model::schema::Departure;
use crate::verify::wording::{
    because, established, hosted, list, list_time, maybe_date, older_version, part,
};

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
        /// It conforms to a schema that it names.
        SchemaMet "schema.declared" ("it conforms to the schema {schema}") {
            /// The schema's URL.
            schema: String,
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
        /// What the issuer says where it would say that the badge is revoked: its own page or list
        /// (Open Badges 2.0), or a `1EdTechRevocationList`.
        NotWithdrawn "status.not-withdrawn" ("not revoked, by {document}") {
            /// The badge's own address, or the issuer's list of revoked badges.
            document: String,
        }
        /// The issuer has set a status that takes nothing back.
        StatusMessage "status.message"
            ("the issuer has set a status for {purpose}{}", because(message.as_deref())) {
            /// The purpose of the list: `message` or `refresh`.
            purpose: String,
            /// The list's URL.
            list: String,
            /// The entry in it.
            index: u64,
            /// The value of the entry.
            value: u64,
            /// What the badge says that this value means.
            #[serde(skip_serializing_if = "Option::is_none")]
            message: Option<String>,
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

impl Passed {
    /// That a document inside another one can be read.
    pub(in crate::verify) const fn read_inside() -> Self {
        Self::FormRead {
            form: "json",
            enveloped: false,
            image: None,
            undisclosed: 0,
            notes: Vec::new(),
        }
    }
}
