//! Credentials (B.1) and what belongs to them, and their VCDM 1.1 forms, which are only read.

use super::Reading;
use super::achievement::{ACHIEVEMENT_SUBJECT, EVIDENCE};
use super::class::Kind::{
    AnyType, CompactJws, Context, DateTimeZ, Endorsement, Image, Markdown, Object, ProfileRef,
    Status, String, Uri,
};
use super::class::{Class, Contexts, compacted, many, one, one_or_many, optional, types, wanted};
use super::rule;
use crate::model::context::{CREDENTIALS_V1, CREDENTIALS_V2};

/// `AchievementCredential`, also called `OpenBadgeCredential`.
pub(super) static ACHIEVEMENT_CREDENTIAL: Class = Class::extensible(
    "AchievementCredential",
    &[
        one("@context", Context(V2)).array_only(),
        one("id", Uri),
        types(BADGE),
        optional("name", String),
        optional("description", String),
        optional("image", Image),
        optional("awardedDate", DateTimeZ),
        one("credentialSubject", Object(&ACHIEVEMENT_SUBJECT)),
        many("endorsement", Endorsement),
        many("endorsementJwt", CompactJws),
        many("evidence", Object(&EVIDENCE)),
        one("issuer", ProfileRef(Reading::Strict)),
        one("validFrom", DateTimeZ),
        optional("validUntil", DateTimeZ),
        // Most signers write a single proof.
        one_or_many("proof", Object(&PROOF)),
        compacted("credentialSchema", Object(&CREDENTIAL_SCHEMA)),
        optional("credentialStatus", Status),
        optional("refreshService", Object(&REFRESH_SERVICE)),
        compacted("termsOfUse", Object(&TERMS_OF_USE)),
    ],
)
.rule(rule::credential);

/// `AchievementCredentialv1p1`.
pub(super) static ACHIEVEMENT_CREDENTIAL_V1P1: Class = Class::extensible(
    "AchievementCredentialv1p1",
    &[
        one("@context", Context(V1)).array_only(),
        one("id", Uri),
        types(BADGE),
        wanted("name", String),
        optional("description", String),
        optional("image", Image),
        optional("awardedDate", DateTimeZ),
        one("credentialSubject", Object(&ACHIEVEMENT_SUBJECT)),
        many("endorsement", Endorsement),
        many("endorsementJwt", CompactJws),
        many("evidence", Object(&EVIDENCE)),
        one("issuer", ProfileRef(Reading::Declared)),
        one("issuanceDate", DateTimeZ),
        optional("expirationDate", DateTimeZ),
        // The context of version 1.1 has these too.
        optional("validFrom", DateTimeZ),
        optional("validUntil", DateTimeZ),
        one_or_many("proof", Object(&PROOF)),
        compacted("credentialSchema", Object(&CREDENTIAL_SCHEMA)),
        optional("credentialStatus", Status),
        optional("refreshService", Object(&REFRESH_SERVICE)),
        compacted("termsOfUse", Object(&TERMS_OF_USE)),
    ],
)
.rule(rule::credential_v1p1);

/// `EndorsementCredential`.
pub(super) static ENDORSEMENT_CREDENTIAL: Class = Class::extensible(
    "EndorsementCredential",
    &[
        one("@context", Context(V2)).array_only(),
        one("id", Uri),
        types(ENDORSEMENT),
        wanted("name", String),
        optional("description", String),
        one("credentialSubject", Object(&ENDORSEMENT_SUBJECT)),
        optional("awardedDate", DateTimeZ),
        one("issuer", ProfileRef(Reading::Strict)),
        one("validFrom", DateTimeZ),
        optional("validUntil", DateTimeZ),
        one_or_many("proof", Object(&PROOF)),
        compacted("credentialSchema", Object(&CREDENTIAL_SCHEMA)),
        optional("credentialStatus", Status),
        optional("refreshService", Object(&REFRESH_SERVICE)),
        compacted("termsOfUse", Object(&TERMS_OF_USE)),
    ],
)
.rule(rule::credential);

/// `EndorsementCredentialv1p1`.
pub(super) static ENDORSEMENT_CREDENTIAL_V1P1: Class = Class::extensible(
    "EndorsementCredentialv1p1",
    &[
        one("@context", Context(V1)).array_only(),
        one("id", Uri),
        types(ENDORSEMENT),
        wanted("name", String),
        optional("description", String),
        one("credentialSubject", Object(&ENDORSEMENT_SUBJECT)),
        optional("awardedDate", DateTimeZ),
        one("issuer", ProfileRef(Reading::Declared)),
        one("issuanceDate", DateTimeZ),
        optional("expirationDate", DateTimeZ),
        // The context of version 1.1 has these too.
        optional("validFrom", DateTimeZ),
        optional("validUntil", DateTimeZ),
        one_or_many("proof", Object(&PROOF)),
        compacted("credentialSchema", Object(&CREDENTIAL_SCHEMA)),
        optional("credentialStatus", Status),
        optional("refreshService", Object(&REFRESH_SERVICE)),
        compacted("termsOfUse", Object(&TERMS_OF_USE)),
    ],
)
.rule(rule::credential_v1p1);

/// `EndorsementSubject`.
static ENDORSEMENT_SUBJECT: Class = Class::extensible(
    "EndorsementSubject",
    &[
        one("id", Uri),
        types(&[&["EndorsementSubject"]]),
        optional("endorsementComment", Markdown),
    ],
);

/// `CredentialSchema`.
static CREDENTIAL_SCHEMA: Class =
    Class::extensible("CredentialSchema", &[one("id", Uri), one("type", AnyType)]);

/// `CredentialStatus`; its `id` became optional in version 1.4.
pub(super) static CREDENTIAL_STATUS: Class = Class::extensible(
    "CredentialStatus",
    &[optional("id", Uri), one("type", AnyType)],
);

/// `RefreshService`.
static REFRESH_SERVICE: Class =
    Class::extensible("RefreshService", &[one("id", Uri), one("type", AnyType)]);

/// `TermsOfUse`.
static TERMS_OF_USE: Class =
    Class::extensible("TermsOfUse", &[optional("id", Uri), one("type", AnyType)]);

/// `Proof`. Which members a proof needs depends on its type, and is for its verification to say.
pub(super) static PROOF: Class = Class::extensible(
    "Proof",
    &[
        one("type", AnyType),
        optional("created", DateTimeZ),
        optional("cryptosuite", String),
        optional("challenge", String),
        // Data Integrity has one or many.
        one_or_many("domain", String),
        optional("nonce", String),
        optional("proofPurpose", String),
        optional("proofValue", String),
        optional("verificationMethod", Uri),
    ],
);

const V2: Contexts = Contexts {
    first: CREDENTIALS_V2,
    open_badges: true,
};

const V1: Contexts = Contexts {
    first: CREDENTIALS_V1,
    open_badges: true,
};

const BADGE: &[&[&str]] = &[
    &["VerifiableCredential"],
    &["AchievementCredential", "OpenBadgeCredential"],
];

const ENDORSEMENT: &[&[&str]] = &[&["VerifiableCredential"], &["EndorsementCredential"]];
