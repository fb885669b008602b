//! The check `endorsements` (Open Badges 2.0, `Endorsement`): those who vouch for the assertion, its
//! class or its issuer. Each is verified as an assertion is, and must be about what carries it.

use super::signed::Signed;
use super::{Given, Judged, Library, judge, validity};
use crate::json::{self, Value};
use crate::proof::jwt::Jws;
use crate::verify::Question;
use crate::verify::endorsements::{push_judged, sum_up};
use crate::verify::findings::Failure;
use crate::verify::report::{Check, Outcome, Report};

pub(super) fn check<'v>(
    judged: &Judged<'v>,
    question: &Question<'v>,
    library: &mut Library<'v>,
    report: &mut Report,
) {
    let profile = judged.chain.issuer.as_ref().map(|issuer| &issuer.profile);
    let holders = [
        ("", judged.statement.as_ref()),
        ("badge.", judged.chain.class.as_ref()),
        ("badge.issuer.", profile),
    ];
    let endorsements = holders.into_iter().flat_map(|(place, holder)| {
        let list = holder.map_or(&[][..], |holder| holder.list("endorsement"));
        let id = holder.and_then(|holder| holder.text("id"));
        list.iter()
            .enumerate()
            .map(move |(index, item)| (format!("{place}endorsement[{index}]"), id, item))
    });
    push_judged(endorsements, report, |(place, holder, endorsement)| {
        judge_one(endorsement, holder, place, question, library)
    });
}

fn judge_one<'v>(
    endorsement: &Value<'v>,
    holder: Option<&str>,
    place: String,
    question: &Question<'v>,
    library: &mut Library<'v>,
) -> Outcome {
    let fails = |place, reason: &str| {
        Outcome::Failed(Failure::EndorsementFails {
            place,
            issuer: None,
            reason: reason.to_owned(),
        })
    };
    let Some(text) = endorsement.as_str() else {
        let judged = judge(Given::Copy(endorsement), true, question, library);
        return answer(&judged, holder, place, question);
    };
    if let Some(address) = Given::at(text) {
        let judged = judge(address, true, question, library);
        return answer(&judged, holder, place, question);
    }
    let Ok(jws) = Jws::parse(text) else {
        return fails(place, "form.jwt");
    };
    let (Ok(header), Ok(payload)) = (json::parse(&jws.header), json::parse(&jws.payload)) else {
        return fails(place, "form.jwt");
    };
    if !payload.has_type("Endorsement") {
        return fails(place, "form.type");
    }
    // What is in the JWS lives no longer than this answer.
    let signed = Signed {
        jws: &jws,
        header: &header,
    };
    let payload = payload.clone().into_owned();
    let judged = super::judge_signed(&payload, signed, true, question, library);
    answer(&judged, holder, place, question)
}

fn answer(
    judged: &Judged<'_>,
    holder: Option<&str>,
    place: String,
    question: &Question<'_>,
) -> Outcome {
    let issuer = judged.chain.issuer.as_ref().map(|issuer| issuer.id.clone());
    let mut report = Report::empty();
    report.push(Check::Proof, judged.proof.clone());
    let answers = [
        (Check::Issuer, &judged.issuer),
        (Check::Status, &judged.status),
    ];
    for (check, outcome) in answers {
        if let Some(outcome) = outcome {
            report.push(check, outcome.clone());
        }
    }
    if let Some(statement) = &judged.statement {
        report.push(Check::Validity, validity::check(statement, question.at));
        let claim = statement.list("claim").first();
        let about = claim.and_then(|claim| claim.as_str().or_else(|| claim.text("id")));
        // Otherwise it was written for something else and carried over.
        if about.is_none() || about != holder {
            return Outcome::Failed(Failure::EndorsementFails {
                place,
                issuer,
                reason: "endorsements.other-subject".to_owned(),
            });
        }
    }
    sum_up(&report, place, issuer)
}
