//! What a run did, or would do, row by row and in sum.

use std::collections::BTreeMap;

use badges_core::participants::{Outcome, Participants, Problem, Row, Skip};
use serde::Serialize;
use serde_json::value::RawValue;

use super::job::{Job, shown_name};
use super::plan::{Fate, Plan, participant, participant_of};
use super::press::Press;
use crate::folder::Folder;
use crate::folder::ledger::Status;
use crate::output::{BAD, Output, printable};

/// How many rows there are of each kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Tally {
    pub(crate) issued: usize,
    /// Badges that were lost and made again.
    pub(crate) restored: usize,
    /// People who have the badge already.
    pub(crate) already: usize,
    /// Rows that rightly give no badge, by the reason's id.
    pub(crate) skipped: BTreeMap<&'static str, usize>,
    pub(crate) problems: usize,
}

/// One row as JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RowLine<'a> {
    place: String,
    outcome: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    badge: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

/// What a dry run found, as JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rehearsal<'a> {
    would_issue: &'a Tally,
    first: Option<Box<RawValue>>,
}

impl Tally {
    pub(crate) fn of(plan: &Plan, participants: &Participants) -> Self {
        let mut tally = Self::default();
        for (fate, row) in plan.fates.iter().zip(&participants.rows) {
            match (fate, &row.outcome) {
                (Fate::Issued, _) => tally.issued += 1,
                (Fate::Restored, _) => tally.restored += 1,
                (Fate::Already { .. }, _) => tally.already += 1,
                (Fate::AsRead, Outcome::Skipped(skip)) => {
                    *tally.skipped.entry(skip.id()).or_default() += 1;
                }
                _ => tally.problems += 1,
            }
        }
        tally
    }

    /// What happened to those who did not get a badge now, one line a kind.
    pub(crate) fn others(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut add = |count: usize, one: &str, many: &str| match count {
            0 => {}
            1 => lines.push(format!("1 {one}")),
            count => lines.push(format!("{count} {many}")),
        };
        add(
            self.restored,
            "badge whose files were lost was made again",
            "badges whose files were lost were made again",
        );
        add(
            self.already,
            "person has the badge already",
            "people have the badge already",
        );
        for (id, count) in &self.skipped {
            let reason = match *id {
                "skip.duplicate" => "passed over: the same person stands further up",
                "skip.hidden" => "passed over: the account is hidden",
                "skip.not-found" => "passed over: the account no longer exists",
                "skip.private" => "passed over: registered privately",
                "skip.rule-not-met" => "passed over: the rule is not met",
                _ => "passed over",
            };
            add(*count, &format!("row {reason}"), &format!("rows {reason}"));
        }
        add(
            self.problems,
            "row has a problem, named above",
            "rows have problems, named above",
        );
        lines
    }
}

/// Says what a dry run found.
pub(crate) fn rehearsed(
    plan: &Plan,
    participants: &Participants,
    job: &Job,
    folder: &Folder,
    output: &mut Output,
) {
    rows(plan, participants, job, folder, output);
    let tally = Tally::of(plan, participants);
    let mut press = Press::new(job);
    let first = plan.badges.iter().find_map(|planned| {
        let participant = participant_of(participants, planned.row)?;
        let award = planned.award(job, participant);
        press.make(participant, &award).ok()
    });
    if output.is_json() {
        let first = first.and_then(|badge| RawValue::from_string(badge.json).ok());
        output.object(&Rehearsal {
            would_issue: &tally,
            first,
        });
        return;
    }
    if let Some(badge) = first {
        output.line(format_args!("\nThe first badge:\n{}", badge.json));
    }
    output.message(format_args!(
        "Nothing was written. Without `--dry-run`, {} of `{}` would be issued.",
        badges(tally.issued),
        job.achievement.achievement.name
    ));
}

/// Says what a run did, once the problems of the list have been named.
pub(crate) fn issued(
    plan: &Plan,
    participants: &Participants,
    job: &Job,
    folder: &Folder,
    output: &mut Output,
) {
    refusals(plan, participants, output);
    let tally = Tally::of(plan, participants);
    if output.is_json() {
        rows(plan, participants, job, folder, output);
        output.object(&serde_json::json!({"summary": tally}));
        return;
    }
    output.line(format_args!(
        "Issued {} of `{}`.",
        badges(tally.issued),
        job.achievement.achievement.name
    ));
    for line in tally.others() {
        output.line(format_args!("  {line}"));
    }
    if tally.issued > 0 {
        output.line(format_args!(
            "The badges are in `{}`; `awards.csv` there says whose is which.",
            folder.badges(&job.achievement.slug).display()
        ));
    }
}

/// So many badges, in words.
pub(crate) fn badges(count: usize) -> String {
    match count {
        0 => "no badges".to_owned(),
        1 => "1 badge".to_owned(),
        count => format!("{count} badges"),
    }
}

/// So many rows, in words.
pub(crate) fn rows_counted(count: usize) -> String {
    match count {
        1 => "1 row".to_owned(),
        count => format!("{count} rows"),
    }
}

/// Names the rows that have to be mended.
pub(crate) fn problems(plan: &Plan, participants: &Participants, output: &mut Output) {
    for (fate, row) in plan.fates.iter().zip(&participants.rows) {
        if let Some(problem) = problem(fate, row) {
            name_problem(row, &problem, output);
        }
    }
}

/// Names the rows of which no badge could be made, although they could be read.
fn refusals(plan: &Plan, participants: &Participants, output: &mut Output) {
    for (fate, row) in plan.fates.iter().zip(&participants.rows) {
        if let Fate::Refused { problem } = fate {
            name_problem(row, problem, output);
        }
    }
}

fn name_problem(row: &Row, problem: &str, output: &mut Output) {
    output.message(format_args!(
        "{BAD}problem{BAD:#}: {}: {}",
        row.place,
        printable(problem)
    ));
}

/// Says what becomes, or became, of each row.
fn rows(plan: &Plan, participants: &Participants, job: &Job, folder: &Folder, output: &mut Output) {
    let mut planned = plan.badges.iter().peekable();
    for (at, (fate, row)) in plan.fates.iter().zip(&participants.rows).enumerate() {
        let award = planned
            .next_if(|planned| planned.row == at)
            .zip(participant(row))
            .map(|(planned, participant)| planned.award(job, participant));
        let award = award.filter(|_| matches!(fate, Fate::Issued | Fate::Restored));
        let file = award.as_ref().map(|award| {
            let file = folder.badges(&award.slug).join(award.main_file());
            file.display().to_string()
        });
        let line = RowLine {
            place: row.place.to_string(),
            outcome: outcome(fate, row),
            name: participant(row).map(shown_name),
            badge: award.map(|award| award.badge),
            file,
            status: match fate {
                Fate::Already { status, .. } => Some(status.as_str()),
                _ => None,
            },
            id: match &row.outcome {
                Outcome::Award(_) => None,
                Outcome::Skipped(skip) => Some(Skip::id(skip)),
                Outcome::Problem(problem) => Some(Problem::id(problem)),
            },
            message: match &row.outcome {
                Outcome::Skipped(skip) => Some(skip.to_string()),
                _ => problem(fate, row),
            },
        };
        if output.is_json() {
            output.object(&line);
        } else {
            output.line(&line);
        }
    }
}

fn outcome(fate: &Fate, row: &Row) -> &'static str {
    match (fate, &row.outcome) {
        (Fate::Issued, _) => "issued",
        (Fate::Restored, _) => "restored",
        (Fate::Already { .. }, _) => "already",
        (Fate::AsRead, Outcome::Skipped(_)) => "skipped",
        _ => "problem",
    }
}

fn problem(fate: &Fate, row: &Row) -> Option<String> {
    match (fate, &row.outcome) {
        (Fate::Refused { problem }, _) => Some(problem.clone()),
        (Fate::Unidentified { lacks }, _) => Some(format!(
            "the row has no {lacks}, which `--identify` asks for: the badge would be nobody's"
        )),
        (Fate::AsRead, Outcome::Problem(problem)) => Some(problem.to_string()),
        _ => None,
    }
}

impl std::fmt::Display for RowLine<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}: ", self.place)?;
        if let Some(name) = &self.name {
            write!(out, "{}: ", printable(name))?;
        }
        let valid = Status::Valid.as_str();
        match (self.outcome, &self.message, self.status) {
            (outcome, Some(message), _) => write!(out, "{outcome}: {message}"),
            ("issued", ..) => write!(out, "gets the badge"),
            ("restored", ..) => write!(out, "the badge is lost and will be made again"),
            (_, _, Some(status)) if status != valid => {
                write!(out, "has the badge already, which is {status}")
            }
            _ => write!(out, "has the badge already"),
        }
    }
}
