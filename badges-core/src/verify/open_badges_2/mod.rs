//! Badges of [Open Badges 2.0], 1.1 and before: an assertion, its class, its issuer.
//!
//! Two ways of verification. **Hosted**: the badge is what stands at its own address, at an address
//! of its issuer's. What was given, as a file or in a picture, is a copy and no more: it only says
//! where to look. **Signed**: a JWS by a key that the issuer's profile names. Either way class and
//! issuer are those at their own addresses, and what comes along of them does not count. So no badge
//! of these versions is valid without documents: offline it is unknown, and says what to fetch.
//!
//! What may be asked for: the badge's own address, its class, its issuer, and for a signed one the
//! keys that the issuer names, each only when the one before led to it; the issuer's list of revoked
//! badges, and who endorses the badge, only once it is known to be genuine.
//!
//! [Open Badges 2.0]: https://www.imsglobal.org/sites/default/files/Badges/OBv2p0Final/index.html

mod conformance;
mod endorsements;
mod issuer;
mod library;
mod recipient;
mod revocation;
mod signed;
mod summary;
#[cfg(test)]
mod tests;
mod validity;
mod version;

use super::Question;
use super::findings::{Binding, Failure, Passed};
use super::report::{Check, Outcome, Report, Summary};
use crate::did::domain;
use crate::json::Value;
use crate::proof::jwt::Jws;
pub(crate) use recipient::Identity;
pub(crate) use version::{date, is_web_address};

use issuer::{Chain, NoIssuer};
use library::{Library, NotFollowed};
use signed::Signed;
use version::{Version, own_address, says_signed};

/// A statement (an assertion or an endorsement) as it was given.
#[derive(Clone, Copy)]
pub(super) enum Given<'g, 'v> {
    /// By its address alone.
    Address(&'g str),
    /// As JSON.
    Copy(&'g Value<'v>),
    /// In a JWS.
    Signed(&'g Value<'v>, Signed<'g>),
}

impl<'g, 'v> Given<'g, 'v> {
    /// A document, with the JWS and its header when it came in one; `None` when it is of no version
    /// before 3.0.
    pub(super) fn of(
        document: &'g Value<'v>,
        secured: Option<(&'g Jws<'g>, &'g Value<'g>)>,
    ) -> Option<Self> {
        Version::of(document)?;
        Some(match secured {
            Some((jws, header)) => Self::Signed(document, Signed { jws, header }),
            None => Self::Copy(document),
        })
    }

    /// An address, as a picture may carry it instead of the assertion.
    pub(super) fn at(text: &'g str) -> Option<Self> {
        let text = text.trim();
        (is_web_address(text) && !text.contains(char::is_whitespace)).then_some(Self::Address(text))
    }

    const fn document(&self) -> Option<&'g Value<'v>> {
        match self {
            Self::Address(_) => None,
            Self::Copy(document) | Self::Signed(document, _) => Some(document),
        }
    }
}

/// A statement and all that it stands on, judged.
struct Judged<'v> {
    /// What counts: for a hosted one what stands at its address. `None` when that is not there.
    statement: Option<Value<'v>>,
    chain: Chain<'v>,
    proof: Outcome,
    /// Absent when it could not be told who the issuer would be.
    issuer: Option<Outcome>,
    /// Absent when the issuer has no way to revoke it.
    status: Option<Outcome>,
}

impl Judged<'_> {
    fn only(proof: Outcome) -> Self {
        Self {
            statement: None,
            chain: Chain::default(),
            proof,
            issuer: None,
            status: None,
        }
    }

    const fn is_genuine(&self) -> bool {
        matches!(
            (&self.proof, &self.issuer),
            (Outcome::Passed(_), Some(Outcome::Passed(_)))
        )
    }
}

/// Judges a badge; `read` is what came of reading it.
pub(super) fn check<'v>(
    given: Given<'_, 'v>,
    read: Passed,
    question: &Question<'v>,
    report: &mut Report,
) {
    if let Some(document) = given.document().filter(|it| !is_assertion(it)) {
        let types = summary::types(document);
        return report.fail(Check::Form, Failure::OtherType { types });
    }
    report.push(Check::Form, Outcome::Passed(read));
    let mut missing = Vec::new();
    let mut library = Library::new(question.documents, &mut missing);
    let judged = judge(given, false, question, &mut library);
    let counts = judged.statement.as_ref();
    report.credential = Some(match (counts.or_else(|| given.document()), given) {
        (Some(statement), _) => summary::of(statement, &judged.chain),
        (None, Given::Address(url)) => summary::at(url),
        (None, _) => Summary::default(),
    });
    if let Some(statement) = counts {
        report.push(Check::Schema, conformance::check(statement, &judged.chain));
    }
    report.push(Check::Proof, judged.proof.clone());
    if let Some(issuer) = &judged.issuer {
        report.push(Check::Issuer, issuer.clone());
    }
    if let Some(statement) = counts {
        report.push(Check::Validity, validity::check(statement, question.at));
    }
    if let Some(status) = &judged.status {
        report.push(Check::Status, status.clone());
    }
    if let (Some(recipient), Some(statement)) = (&question.recipient, counts) {
        report.push(Check::Recipient, recipient::check(statement, recipient));
    }
    if judged.is_genuine() {
        if let Some(trust) = question.trust {
            let issuer = judged.chain.issuer.as_ref();
            let outcome = trust.check(issuer.map(|issuer| issuer.id.as_str()));
            report.push(Check::Trust, outcome);
        }
        endorsements::check(&judged, question, &mut library, report);
    }
    report.missing = missing;
}

/// What counts of a badge, whether it is good or not: the assertion, its class, the issuer's profile.
pub(super) fn documents(
    given: Given<'_, '_>,
    question: &Question<'_>,
) -> Option<[Value<'static>; 3]> {
    let mut missing = Vec::new();
    let mut library = Library::new(question.documents, &mut missing);
    let Judged {
        statement, chain, ..
    } = judge(given, false, question, &mut library);
    let documents = [statement?, chain.class?, chain.issuer?.profile];
    Some(documents.map(Value::into_owned))
}

/// The version of a document before 3.0.
pub(super) fn older_version(document: &Value<'_>) -> Option<&'static str> {
    Version::of(document).map(Version::as_str)
}

fn is_assertion(document: &Value<'_>) -> bool {
    document.has_type("Assertion")
        || (document.get("type").is_none() && document.get("badge").is_some())
}

/// Judges a statement, by the way that it was given.
fn judge<'v>(
    given: Given<'_, 'v>,
    is_endorsement: bool,
    question: &Question<'v>,
    library: &mut Library<'v>,
) -> Judged<'v> {
    match given {
        Given::Signed(statement, signed) => {
            judge_signed(statement, signed, is_endorsement, question, library)
        }
        Given::Address(url) => judge_hosted(url, None, is_endorsement, library),
        Given::Copy(copy) => match own_address(copy).filter(|_| !says_signed(copy)) {
            Some(url) => judge_hosted(url, Some(copy), is_endorsement, library),
            // Without a signature and without an address anyone can have written it.
            None => Judged::only(Outcome::Failed(Failure::NoProof {})),
        },
    }
}

fn judge_hosted<'v>(
    url: &str,
    copy: Option<&Value<'v>>,
    is_endorsement: bool,
    library: &mut Library<'v>,
) -> Judged<'v> {
    let statement = match library.about(url) {
        Ok(statement) => statement,
        Err(NotFollowed::Absent(absent)) => {
            let status = absent.is_gone.then(|| revocation::withdrawn(url, None));
            return Judged {
                status,
                ..Judged::only(absent.into())
            };
        }
        Err(other) => return Judged::only(other.outcome("id")),
    };
    let named = own_address(&statement).filter(|_| statement.get("id").is_none());
    // A badge that was revoked may have lost everything but its id.
    let revoked = revocation::own(&statement, url);
    if revoked.is_none()
        && (!is_statement(&statement, is_endorsement) || named.is_some_and(|it| it != url))
    {
        return Judged::only(Outcome::Failed(Failure::HostedOther {
            url: url.to_owned(),
            found: summary::types(&statement).into_iter().next(),
        }));
    }
    if revoked.is_some() && statement.get("badge").is_none() {
        return Judged {
            status: revoked,
            ..Judged::only(Outcome::Passed(hosted(url, copy, &statement)))
        };
    }
    let (chain, broken) = Chain::follow(&statement, is_endorsement, library);
    let (proof, issuer) = match broken {
        Some(NoIssuer::Proof(outcome)) => (outcome, None),
        Some(NoIssuer::Issuer(outcome)) => (
            Outcome::Passed(hosted(url, copy, &statement)),
            Some(outcome),
        ),
        None => {
            let proof = Outcome::Passed(hosted(url, copy, &statement));
            let issuer = match chain.check_addresses(Some(url)) {
                Ok(()) => established(&chain, Binding::Hosted),
                Err(failure) => Some(Outcome::Failed(failure)),
            };
            (proof, issuer)
        }
    };
    let status = revoked.unwrap_or_else(|| {
        Outcome::Passed(Passed::NotWithdrawn {
            document: url.to_owned(),
        })
    });
    Judged {
        statement: Some(statement),
        chain,
        proof,
        issuer,
        status: Some(status),
    }
}

fn is_statement(document: &Value<'_>, is_endorsement: bool) -> bool {
    if is_endorsement {
        document.has_type("Endorsement")
    } else {
        Version::of(document).is_some() && is_assertion(document)
    }
}

fn hosted(url: &str, copy: Option<&Value<'_>>, statement: &Value<'_>) -> Passed {
    Passed::Hosted {
        url: url.to_owned(),
        differs: copy.map_or_else(Vec::new, |copy| summary::differing(copy, statement)),
    }
}

fn established(chain: &Chain<'_>, binding: Binding) -> Option<Outcome> {
    let issuer = chain.issuer.as_ref()?;
    Some(Outcome::Passed(Passed::IssuerEstablished {
        issuer: issuer.id.clone(),
        binding,
        domain: domain(&issuer.id),
    }))
}

fn judge_signed<'v>(
    statement: &Value<'v>,
    signed: Signed<'_>,
    is_endorsement: bool,
    question: &Question<'v>,
    library: &mut Library<'v>,
) -> Judged<'v> {
    // 0.5 knows no signed badges: whose key it is, nothing but the badge itself could say.
    let is_signable = match Version::of(statement) {
        Some(Version::V0_5) => Err(Outcome::Failed(Failure::NoProof {})),
        _ => signed.algorithm().map(|_| ()),
    };
    if let Err(outcome) = is_signable {
        // Nothing is asked for in the name of what cannot be a signature.
        return Judged {
            statement: Some(statement.clone()),
            ..Judged::only(outcome)
        };
    }
    let (chain, broken) = Chain::follow(statement, is_endorsement, library);
    let (proof, issuer) = match (broken, &chain.issuer) {
        (Some(NoIssuer::Issuer(outcome)), _) => {
            let key = super::findings::Unknown::NoKeyNamed {};
            (Outcome::Unknown(key), Some(outcome))
        }
        (Some(NoIssuer::Proof(outcome)), _) => (outcome, None),
        (None, None) => {
            let key = super::findings::Unknown::NoKeyNamed {};
            (Outcome::Unknown(key), None)
        }
        (None, Some(by)) => {
            let judged = signed.judge(statement, by, question, library);
            let issuer = match (chain.check_addresses(None), judged.binding) {
                (_, None) => None,
                (_, Some(Err(outcome))) => Some(outcome),
                (Err(failure), _) => Some(Outcome::Failed(failure)),
                (Ok(()), Some(Ok(binding))) => established(&chain, binding),
            };
            let proof = match judged.holds {
                Ok(proof) => Outcome::Passed(Passed::ProofHolds {
                    proofs: vec![proof],
                    absent_claims: Vec::new(),
                    unasked: Vec::new(),
                    unsigned: Vec::new(),
                }),
                Err(outcome) => outcome,
            };
            (proof, issuer)
        }
    };
    let mut judged = Judged {
        statement: Some(statement.clone()),
        chain,
        proof,
        issuer,
        status: None,
    };
    judged.status = status_of_signed(statement, &judged, library);
    judged
}

/// What the issuer says of a signed statement today: asked for only when it is genuine.
fn status_of_signed<'v>(
    statement: &Value<'v>,
    judged: &Judged<'v>,
    library: &mut Library<'v>,
) -> Option<Outcome> {
    let issuer = judged.chain.issuer.as_ref()?;
    if !judged.is_genuine() {
        let has_list = issuer.profile.get("revocationList").is_some();
        let unasked = super::findings::Unknown::StatusUnasked {};
        return has_list.then_some(Outcome::Unknown(unasked));
    }
    let id = statement.text("id").unwrap_or(&issuer.id);
    revocation::own(statement, id).or_else(|| revocation::by_list(statement, issuer, library))
}
