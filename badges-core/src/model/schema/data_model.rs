//! Credentials that are no badges, by the [Verifiable Credentials Data Model 2.0], its
//! version 1.1, and the [Bitstring Status List].
//!
//! [Verifiable Credentials Data Model 2.0]: https://www.w3.org/TR/vc-data-model-2.0/
//! [Bitstring Status List]: https://www.w3.org/TR/vc-bitstring-status-list/

use super::class::Kind::{
    AnyType, Claims, Context, DateTimeZ, Float, Issuer, LanguageText, Object, Status,
    StatusListIndex, String, Types, Uri, Url,
};
use super::class::{Class, Contexts, one, one_or_many, optional};
use super::credential::PROOF;
use super::rule;
use crate::model::context::{CREDENTIALS_V1, CREDENTIALS_V2};

/// A verifiable credential (section 4 of version 2.0).
pub(super) static VERIFIABLE_CREDENTIAL: Class = Class::data_model(
    "VerifiableCredential",
    &[
        one("@context", Context(V2)).array_only(),
        optional("id", Uri),
        one("type", Types(&[&["VerifiableCredential"]])).array_only(),
        one_or_many("name", LanguageText),
        one_or_many("description", LanguageText),
        one("issuer", Issuer),
        one_or_many("credentialSubject", Claims).required(),
        optional("validFrom", DateTimeZ),
        optional("validUntil", DateTimeZ),
        one_or_many("credentialStatus", Status),
        one_or_many("proof", Object(&PROOF)),
        one_or_many("credentialSchema", Object(&SCHEMA)),
        one_or_many("relatedResource", Object(&RELATED_RESOURCE)),
        one_or_many("refreshService", Object(&TYPED)),
        one_or_many("termsOfUse", Object(&TYPED)),
        one_or_many("evidence", Object(&TYPED)),
    ],
)
.rule(rule::verifiable_credential);

/// A verifiable credential of version 1.1.
pub(super) static VERIFIABLE_CREDENTIAL_V1: Class = Class::data_model(
    "VerifiableCredential",
    &[
        one("@context", Context(V1)).array_only(),
        optional("id", Uri),
        one("type", Types(&[&["VerifiableCredential"]])).array_only(),
        one("issuer", Issuer),
        one_or_many("credentialSubject", Claims).required(),
        one("issuanceDate", DateTimeZ),
        optional("expirationDate", DateTimeZ),
        // The context of version 1.1 has these too.
        optional("validFrom", DateTimeZ),
        optional("validUntil", DateTimeZ),
        one_or_many("credentialStatus", Status),
        one_or_many("proof", Object(&PROOF)),
        one_or_many("credentialSchema", Object(&SCHEMA)),
        one_or_many("refreshService", Object(&TYPED)),
        one_or_many("termsOfUse", Object(&TYPED)),
        one_or_many("evidence", Object(&TYPED)),
    ],
)
.rule(rule::data_model_1);

/// A verifiable presentation (section 4.13 of version 2.0).
pub(super) static VERIFIABLE_PRESENTATION: Class = Class::data_model(
    "VerifiablePresentation",
    &[
        one("@context", Context(V2)).array_only(),
        optional("id", Uri),
        one_or_many("type", Types(PRESENTATION)).required(),
        optional("holder", Issuer),
        one_or_many("proof", Object(&PROOF)),
        one_or_many("termsOfUse", Object(&TYPED)),
    ],
);

/// A verifiable presentation of version 1.1.
pub(super) static VERIFIABLE_PRESENTATION_V1: Class = Class::data_model(
    "VerifiablePresentation",
    &[
        one("@context", Context(V1)).array_only(),
        optional("id", Uri),
        one_or_many("type", Types(PRESENTATION)).required(),
        optional("holder", Issuer),
        one_or_many("proof", Object(&PROOF)),
    ],
);

const PRESENTATION: &[&[&str]] = &[&["VerifiablePresentation"]];

/// A `BitstringStatusListCredential`.
pub(super) static STATUS_LIST_CREDENTIAL: Class = Class::data_model(
    "BitstringStatusListCredential",
    &[
        one("@context", Context(V2)).array_only(),
        optional("id", Uri),
        one("type", Types(STATUS_LIST)).array_only(),
        one_or_many("name", LanguageText),
        one_or_many("description", LanguageText),
        one("issuer", Issuer),
        one("credentialSubject", Object(&BITSTRING_STATUS_LIST)),
        optional("validFrom", DateTimeZ),
        optional("validUntil", DateTimeZ),
        one_or_many("credentialStatus", Status),
        one_or_many("proof", Object(&PROOF)),
        one_or_many("credentialSchema", Object(&SCHEMA)),
        one_or_many("refreshService", Object(&TYPED)),
        one_or_many("termsOfUse", Object(&TYPED)),
    ],
)
.rule(rule::period);

/// `BitstringStatusList`, the subject of a status list credential.
static BITSTRING_STATUS_LIST: Class = Class::data_model(
    "BitstringStatusList",
    &[
        optional("id", Uri),
        one_or_many("type", Types(&[&["BitstringStatusList"]])).required(),
        one_or_many("statusPurpose", String).required(),
        one("encodedList", String),
        optional("ttl", Float),
    ],
);

/// `BitstringStatusListEntry`, the `credentialStatus` of a credential.
pub(super) static BITSTRING_STATUS_LIST_ENTRY: Class = Class::extensible(
    "BitstringStatusListEntry",
    &[
        optional("id", Uri),
        one("type", AnyType),
        one("statusPurpose", String),
        one("statusListIndex", StatusListIndex),
        one("statusListCredential", Url),
        optional("statusSize", Float),
    ],
);

/// An issuer that is given as an object.
pub(super) static ISSUER: Class = Class::data_model(
    "issuer",
    &[
        one("id", Uri),
        one_or_many("name", LanguageText),
        one_or_many("description", LanguageText),
    ],
);

/// A subject: an object that makes at least one claim.
pub(super) static CLAIMS: Class = Class::data_model("credentialSubject", &[optional("id", Uri)]);

static SCHEMA: Class = Class::data_model(
    "credentialSchema",
    &[one("id", Uri), one_or_many("type", AnyType).required()],
);

static RELATED_RESOURCE: Class =
    Class::data_model("relatedResource", &[one("id", Uri)]).rule(rule::digest);

/// An object that has to say what it is.
static TYPED: Class = Class::data_model(
    "object",
    &[optional("id", Uri), one_or_many("type", AnyType).required()],
);

const V2: Contexts = Contexts {
    first: CREDENTIALS_V2,
    open_badges: false,
};

const V1: Contexts = Contexts {
    first: CREDENTIALS_V1,
    open_badges: false,
};

const STATUS_LIST: &[&[&str]] = &[
    &["VerifiableCredential"],
    &["BitstringStatusListCredential"],
];
