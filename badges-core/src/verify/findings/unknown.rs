//! What could not be checked.

use serde::Serialize;

use super::{ListFault, Unestablished};
use crate::json_schema::SchemaFault;
use crate::verify::wording::{because, list_fault, part, schema_fault, unestablished};

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
        /// It is longer than what is read.
        TooLarge "form.too-large" ("it is longer than the {} MiB that are read", limit >> 20) {
            /// The limit, in bytes.
            limit: usize,
        }
        /// Two things have one id and say different things; which says what is not signed.
        Mixed "form.mixed" ("two things in it are called {node} and differ in `{member}`: which of them says what is not signed") {
            /// The id.
            node: String,
            /// The member.
            member: String,
        }
        /// A context that is not known, so that the words may mean anything.
        Context "form.context" ("the context {url} is not known, so its words may mean anything") {
            /// The context's URL.
            url: String,
        }
        /// The schema was not asked for, because the badge is not known to be genuine.
        SchemaUnasked "schema.unasked"
            ("its schema was not asked for, because the badge is not known to be genuine") {}
        /// A schema, or a part of it, is not there.
        SchemaNotLoaded "schema.not-loaded"
            ("the schema at {url} could not be loaded{}", because(reason.as_deref())) {
            /// Where it would be.
            url: String,
            /// Why not; absent when it was not asked for.
            #[serde(skip_serializing_if = "Option::is_none")]
            reason: Option<String>,
        }
        /// A kind of schema that is not supported.
        SchemaType "schema.type" ("the kind of schema {kind} is not supported") {
            /// `credentialSchema.type`.
            kind: String,
        }
        /// Nothing can be judged by the schema.
        SchemaUnusable "schema.unusable"
            ("the schema {schema} cannot be used: {}", schema_fault(*fault)) {
            /// The schema's URL.
            schema: String,
            /// Why.
            fault: SchemaFault,
            /// The keyword that is at fault, where that is known: a URL, and a JSON pointer as its
            /// fragment.
            #[serde(skip_serializing_if = "Option::is_none")]
            place: Option<String>,
        }
        /// What the schema asks for, or forbids, may be there and not be shown.
        SchemaHidden "schema.hidden"
            ("whether it conforms to the schema {schema} cannot be told: not all of it is shown") {
            /// The schema's URL.
            schema: String,
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
            /// `validFrom`, `validUntil`, `issuanceDate`, `expirationDate` or `credentialStatus`.
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
        /// There are more entries of its status than are looked up.
        StatusesLeft "status.too-many" ("of {found} entries of its status only the first {judged} were looked up") {
            /// How many there are.
            found: usize,
            /// How many of them were looked up.
            judged: usize,
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
        /// There are more endorsements than are judged.
        EndorsementsLeft "endorsements.too-many" ("of {found} endorsements only the first {judged} were checked") {
            /// How many there are.
            found: usize,
            /// How many of them were judged.
            judged: usize,
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
        /// There are more credentials inside a record than are judged.
        PartsLeft "parts.too-many" ("of {found} credentials inside it only the first {judged} were checked") {
            /// How many there are.
            found: usize,
            /// How many of them were judged.
            judged: usize,
        }
    }
}
