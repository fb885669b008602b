//! What was asked about a credential, and the answers.
//!
//! Three voices: [`Passed`], [`Failure`] (checked, and false) and [`Unknown`] (could not be
//! checked). Each carries facts, not sentences, and has a stable id such as `status.revoked` for
//! machines and translators. The English `Display` is for developers and the command line.

use serde::Serialize;
use serde::ser::SerializeStruct as _;
use time::OffsetDateTime;

use super::findings::{Failure, Passed, Unknown};

/// The answer to "is this badge good?", the first that applies, from the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Altered, forged, or no badge at all.
    Invalid,
    /// Taken back by its issuer, for good.
    Revoked,
    /// Taken back by its issuer, for now.
    Suspended,
    /// Its time has not come.
    NotYetValid,
    /// Its time is over.
    Expired,
    /// Something that matters could not be checked.
    Unknown,
    /// Everything that matters was checked and holds.
    Valid,
}

impl Verdict {
    /// The word in reports: `not-yet-valid`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Revoked => "revoked",
            Self::Suspended => "suspended",
            Self::NotYetValid => "not-yet-valid",
            Self::Expired => "expired",
            Self::Unknown => "unknown",
            Self::Valid => "valid",
        }
    }
}

/// One question about a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// Can it be read in exactly one way, and is it a badge?
    Form,
    /// Does it have what Open Badges 3.0 asks for?
    Schema,
    /// Was it signed, and not altered since?
    Proof,
    /// Is the key that signed it the issuer's?
    Issuer,
    /// Is this its time?
    Validity,
    /// Has its issuer taken it back?
    Status,
    /// Was it given to this person?
    Recipient,
    /// Is the issuer on the verifier's own list?
    Trust,
    /// Do those who vouch for it really do so?
    Endorsements,
    /// Are the credentials inside a record good, each on its own?
    Parts,
}

impl Check {
    /// The word in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Schema => "schema",
            Self::Proof => "proof",
            Self::Issuer => "issuer",
            Self::Validity => "validity",
            Self::Status => "status",
            Self::Recipient => "recipient",
            Self::Trust => "trust",
            Self::Endorsements => "endorsements",
            Self::Parts => "parts",
        }
    }

    /// Whether the verdict depends on it. A badge for someone else, from an issuer that one does
    /// not know, or with a bad endorsement, is still genuine; and so is a record with a bad part.
    const fn decides(self) -> bool {
        !matches!(
            self,
            Self::Recipient | Self::Trust | Self::Endorsements | Self::Parts
        )
    }
}

/// The answer to a [`Check`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Outcome {
    /// Checked, and so.
    Passed(Passed),
    /// Checked, and not so.
    Failed(Failure),
    /// Could not be checked.
    Unknown(Unknown),
}

impl Outcome {
    /// The word in reports.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Passed(_) => "passed",
            Self::Failed(_) => "failed",
            Self::Unknown(_) => "unknown",
        }
    }

    /// The stable id, such as `status.revoked`.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::Passed(passed) => passed.id(),
            Self::Failed(failure) => failure.id(),
            Self::Unknown(unknown) => unknown.id(),
        }
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Passed(passed) => passed.fmt(formatter),
            Self::Failed(failure) => failure.fmt(formatter),
            Self::Unknown(unknown) => unknown.fmt(formatter),
        }
    }
}

/// What the credential says of itself, whether or not it is true.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// `id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `type`.
    pub types: Vec<String>,
    /// The credential's name, else its achievement's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The issuer.
    pub issuer: IssuerSummary,
    /// The achievement's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub achievement: Option<String>,
    /// `validFrom`, in 1.1 `issuanceDate`, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<String>,
    /// `validUntil`, in 1.1 `expirationDate`, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<String>,
    /// `awardedDate`, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub awarded_date: Option<String>,
    /// `credentialSubject.id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// `credentialSubject.identifier`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<IdentifierSummary>,
}

/// What the credential says of who earned it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct IdentifierSummary {
    /// `identityType`.
    pub r#type: String,
    /// Whether the identifier is hashed, so that only who knows it can compare it.
    pub hashed: bool,
    /// `identityHash`, when it is the identifier itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
}

/// What the credential says of its issuer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct IssuerSummary {
    /// `issuer.id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `issuer.name`: the issuer's own claim.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// All that was asked about a credential, and the answers.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Report {
    /// What the credential says of itself; `None` when it could not be read.
    pub credential: Option<Summary>,
    /// The checks that were made, in order. One that does not apply is left out.
    pub checks: Vec<(Check, Outcome)>,
    pub(super) missing: Vec<String>,
}

impl Report {
    pub(super) const fn empty() -> Self {
        Self {
            credential: None,
            checks: Vec::new(),
            missing: Vec::new(),
        }
    }

    /// The report of a badge that could not be fetched, so that nothing is known of it.
    /// `error` is the stable id of what went wrong, `reason` says it in words.
    pub fn not_fetched(url: &str, error: &'static str, reason: impl ToString) -> Self {
        let mut report = Self::empty();
        let unknown = Unknown::NotFetched {
            url: url.to_owned(),
            error,
            reason: reason.to_string(),
        };
        report.push(Check::Form, Outcome::Unknown(unknown));
        report
    }

    pub(super) fn push(&mut self, check: Check, outcome: Outcome) {
        self.checks.push((check, outcome));
    }

    pub(super) fn fail(&mut self, check: Check, failure: Failure) {
        self.push(check, Outcome::Failed(failure));
    }

    /// The verdict, computed from the checks.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.decisive()
            .map_or(Verdict::Invalid, |(verdict, ..)| verdict)
    }

    /// Why the badge is not valid: the first of the checks that led to the verdict. `None` when it
    /// is valid.
    #[must_use]
    pub fn reason(&self) -> Option<(Check, &Outcome)> {
        self.decisive()
            .filter(|(verdict, ..)| *verdict != Verdict::Valid)
            .map(|(_, check, outcome)| (check, outcome))
    }

    fn decisive(&self) -> Option<(Verdict, Check, &Outcome)> {
        self.checks
            .iter()
            .filter(|(check, _)| check.decides())
            .map(|(check, outcome)| {
                let verdict = match outcome {
                    Outcome::Passed(_) => Verdict::Valid,
                    Outcome::Unknown(_) => Verdict::Unknown,
                    Outcome::Failed(failure) => failure.verdict(),
                };
                (verdict, *check, outcome)
            })
            .min_by_key(|(verdict, ..)| *verdict)
    }

    /// The documents that were not there, by URL: fetch them, add what comes of it to the
    /// documents, and verify again.
    #[must_use]
    pub fn missing(&self) -> &[String] {
        &self.missing
    }

    /// The status lists that were relied on, with when they were signed, as far as they say so.
    pub fn status_lists(&self) -> impl Iterator<Item = (&str, OffsetDateTime)> {
        self.checks.iter().filter_map(|(_, outcome)| match outcome {
            Outcome::Passed(Passed::StatusClear { list, as_of, .. })
            | Outcome::Failed(
                Failure::Revoked { list, as_of, .. } | Failure::Suspended { list, as_of, .. },
            ) => Some((list.as_str(), (*as_of)?)),
            _ => None,
        })
    }

    /// The answers to one question.
    pub fn outcomes(&self, check: Check) -> impl Iterator<Item = &Outcome> {
        self.checks
            .iter()
            .filter(move |(asked, _)| *asked == check)
            .map(|(_, outcome)| outcome)
    }
}

/// As JSON: `verdict`, `credential`, and `checks`, each with `check`, `outcome`, `id` and its facts.
impl Serialize for Report {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Entry<'r> {
            check: Check,
            outcome: &'static str,
            #[serde(flatten)]
            facts: &'r Outcome,
        }
        let checks: Vec<Entry<'_>> = self
            .checks
            .iter()
            .map(|(check, outcome)| Entry {
                check: *check,
                outcome: outcome.as_str(),
                facts: outcome,
            })
            .collect();
        let mut fields = serializer.serialize_struct("Report", 3)?;
        fields.serialize_field("verdict", &self.verdict())?;
        fields.serialize_field("credential", &self.credential)?;
        fields.serialize_field("checks", &checks)?;
        fields.end()
    }
}
