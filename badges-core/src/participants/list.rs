//! Lists of user names, one a line.

use super::{
    Format, Options, Outcome, Participant, Participants, ParticipantsError, Place, Problem,
    RecipientKey, UserName, columns, problem::excerpt, roster::Roster,
};

/// Parses a list of names. A `#` at the start of a line or after white space begins a comment: no
/// name holds one. Nothing is split at commas: names may hold them.
pub(super) fn parse(text: &str, options: &Options) -> Result<Participants, ParticipantsError> {
    refuse_columns(options)?;
    // Text of old Macs has carriage returns alone.
    let line_break = if text.contains('\n') { '\n' } else { '\r' };
    let mut roster = Roster::default();
    for (line, text) in (1..).zip(text.split(line_break)) {
        let name = without_comment(text).trim();
        if !name.is_empty() {
            roster.push(Place::Line(line), outcome(name))?;
        }
    }
    let rows = roster.into_rows();
    if rows.is_empty() {
        return Err(ParticipantsError::Empty);
    }
    Ok(Participants {
        format: Format::Names,
        rows,
        notes: Vec::new(),
    })
}

/// A list has no columns, so a rule or an option that names one cannot be followed.
fn refuse_columns(options: &Options) -> Result<(), ParticipantsError> {
    let in_rule = options.rule.iter().flat_map(|rule| rule.columns());
    let mut asked_for = options.chosen_columns().chain(in_rule.map(String::as_str));
    match asked_for.next() {
        Some(column) => columns::place_of(column, &[]).map(drop),
        None => Ok(()),
    }
}

fn without_comment(line: &str) -> &str {
    let starts = line.match_indices('#').map(|(start, _)| start);
    let mut pieces = starts.filter_map(|start| line.get(..start));
    let before = pieces.find(|before| before.is_empty() || before.ends_with(char::is_whitespace));
    before.unwrap_or(line)
}

fn outcome(name: &str) -> Outcome {
    match UserName::parse(name) {
        Ok(name) => Outcome::Award(Participant::from(RecipientKey::Name(name))),
        Err(fault) => Outcome::Problem(Problem::Name {
            column: None,
            value: excerpt(name),
            fault,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_begins_a_line_or_follows_white_space() {
        assert_eq!(without_comment("# all"), "");
        assert_eq!(without_comment("Example # came late"), "Example ");
        assert_eq!(without_comment("Foo#bar # no name"), "Foo#bar ");
        assert_eq!(without_comment("Example"), "Example");
    }
}
