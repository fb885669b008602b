//! [Open Badges 3.0]: issue, verify and bake badges.
//!
//! Three verbs are the paved road: [`issue`], [`verify`](fn@verify) and [`bake`](fn@bake).
//!
//! ```
//! use badges_core::model::{Achievement, AchievementCredential, AchievementSubject, Criteria, Profile};
//! use badges_core::model::parse_date_time;
//! use badges_core::{Documents, SigningKey, Verdict, bake, did, issue, verify};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // A key: 32 random bytes, which you provide, and the identifier that is made of it.
//! let key = SigningKey::ed25519(&[7; 32]);
//! let issuer = did::did_key(key.public_key()).ok_or("no did:key")?;
//!
//! // Who achieved what, and who says so.
//! let achievement = Achievement::new(
//!     "urn:uuid:2f9d3b80-37ad-4d1c-9a75-3f6b1f0c7a11",
//!     "First Articles",
//!     "Wrote a first encyclopedia article.",
//!     Criteria { narrative: Some("An article that stayed for a month.".into()), ..Default::default() },
//! );
//! let mut subject = AchievementSubject::new(achievement);
//! subject.id = Some("urn:uuid:8d4c25e5-0b6e-4d0e-8c0a-5f8e1f0f3f52".into());
//! let mut profile = Profile::new(issuer);
//! profile.name = Some("Example Users Group".into());
//! let now = parse_date_time("2026-05-01T10:00:00Z")?;
//! let badge = AchievementCredential::new(
//!     "urn:uuid:0c07c1ce-57cb-41af-bef2-1b932b986873", profile, now, subject,
//! );
//!
//! // Issue: the text of `signed` is what travels, for ever as it is.
//! let signed = issue(&badge, &key, now)?;
//!
//! // Verify: everything that is needed is here, so nothing is missing.
//! let report = verify(signed.text().as_bytes(), &Documents::new(), now);
//! assert_eq!(report.verdict(), Verdict::Valid);
//!
//! // Bake: the same text, inside an image that people can show.
//! let image = br#"<svg xmlns="http://www.w3.org/2000/svg"><circle r="9"/></svg>"#;
//! let baked = bake(&signed, image)?;
//! assert_eq!(verify(&baked, &Documents::new(), now).verdict(), Verdict::Valid);
//! # Ok(())
//! # }
//! ```
//!
//! Beneath is the full road: [`credential`] signs with Data Integrity, in sets and chains, and as
//! JWT, SD-JWT and COSE; [`jose_cose`] secures credentials and presentations of any kind; [`batch`]
//! signs many badges of one achievement; [`verify`](mod@verify) answers with a report of every
//! check; [`model`] has the standard's nouns and rules; [`jsonld`] turns a document into what is
//! signed; [`participants`] reads who gets a badge; [`markup`] is what may stand in pages.
//!
//! The library does no input or output, reads no clock, no environment and no ambient randomness:
//! documents from outside, time and random bytes are arguments. The one exception is the feature
//! `http`, a guarded client that fetches what a verification misses.
//!
//! [Open Badges 3.0]: https://www.imsglobal.org/spec/ob/v3p0/

#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod bake;
pub mod batch;
pub mod credential;
pub mod did;
pub mod documents;
pub mod draw;
mod error;
#[cfg(feature = "http")]
pub mod fetch;
mod iri;
pub mod jose_cose;
pub mod json;
mod json_schema;
pub mod jsonld;
pub mod key;
pub mod markup;
pub mod model;
pub mod participants;
pub mod press;
pub mod proof;
pub mod publish;
mod related;
pub mod span;
pub mod status;
pub mod upgrade;
pub mod verify;
pub mod writing;

use time::OffsetDateTime;

pub use credential::{SignedCredential, UnsignedCredential};
pub use documents::Documents;
pub use error::Error;
pub use key::SigningKey;
pub use verify::{Report, Verdict};

/// Signs a badge with Data Integrity (`eddsa-rdfc-2022`), in the name of its issuer.
///
/// ```
/// # use badges_core::model::{Achievement, AchievementCredential, AchievementSubject, Criteria, Profile, parse_date_time};
/// # use badges_core::{SigningKey, did, issue};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let key = SigningKey::ed25519(&[7; 32]);
/// # let now = parse_date_time("2026-05-01T10:00:00Z")?;
/// # let achievement = |criteria| Achievement::new("urn:uuid:2f9d3b80-37ad-4d1c-9a75-3f6b1f0c7a11", "First Articles", "Wrote one.", criteria);
/// # let badge = |criteria| {
/// #     let mut subject = AchievementSubject::new(achievement(criteria));
/// #     subject.id = Some("urn:uuid:8d4c25e5-0b6e-4d0e-8c0a-5f8e1f0f3f52".into());
/// #     let issuer = did::did_key(key.public_key()).unwrap_or_default();
/// #     AchievementCredential::new("urn:uuid:0c07c1ce-57cb-41af-bef2-1b932b986873", Profile::new(issuer), now, subject)
/// # };
/// let incomplete = badge(Criteria::default());
/// let error = issue(&incomplete, &key, now).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "credentialSubject.achievement.criteria: needs an id or a narrative",
/// );
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// The path of what is missing, wrong, or would not be signed.
pub fn issue(
    badge: &model::AchievementCredential,
    key: &SigningKey,
    created: OffsetDateTime,
) -> Result<SignedCredential, Error> {
    let options = proof::data_integrity::ProofOptions {
        verification_method: credential::verification_method(&badge.issuer.id, key.public_key()),
        created: model::DateTimeZ::from(created).to_string(),
        ..Default::default()
    };
    UnsignedCredential::badge(badge)?.sign(key, &options)
}

/// Judges a badge in any form: JSON, JWT, SD-JWT or COSE_Sign1, baked PNG or SVG; of Open Badges 3.0,
/// and of the versions before it.
///
/// What verification needs from outside comes in as documents by URL. What is not there comes back:
///
/// ```
/// use badges_core::documents::{Answer, Documents};
/// use badges_core::{Verdict, model::parse_date_time, verify};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let badge = include_bytes!("../../fixtures/documentation/did-web.json");
/// # let fetch = |url: &str| { assert_eq!(url, "https://issuer.example/.well-known/did.json");
/// #     include_bytes!("../../fixtures/documentation/did.json").to_vec() };
/// let now = parse_date_time("2026-05-01T10:00:00Z")?;
/// let mut documents = Documents::new();
/// let mut report = verify(badge, &documents, now);
/// while let [url, ..] = report.missing() {
///     documents.insert(url, Answer::Loaded(fetch(url)));
///     report = verify(badge, &documents, now);
/// }
/// assert_eq!(report.verdict(), Verdict::Valid);
/// # Ok(())
/// # }
/// ```
pub fn verify(badge: &[u8], documents: &Documents, now: OffsetDateTime) -> Report {
    verify::verify(badge, &verify::Question::new(documents, now))
}

/// Puts a signed badge into a PNG or SVG image. A badge that was in there before is replaced; pixels
/// and everything else stay as they are.
///
/// ```
/// use badges_core::{SignedCredential, bake, bake::extract};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let text = include_str!("../../fixtures/documentation/did-web.json");
/// let signed = SignedCredential::parse(text)?;
/// let image = br#"<svg xmlns="http://www.w3.org/2000/svg"/>"#;
/// let baked = bake(&signed, image)?;
/// assert_eq!(extract(&baked)?.text, signed.text());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Why the image cannot take it.
pub fn bake(credential: &SignedCredential, image: &[u8]) -> Result<Vec<u8>, bake::BakeError> {
    bake::bake(credential.text(), image)
}
