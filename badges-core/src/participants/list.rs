//! Lists of user names, one a line.

use super::{
    Format, Note, Options, Outcome, Participant, Participants, ParticipantsError, Place, Problem,
    RecipientKey, UserName, columns, names::LIST_MARKS, problem::excerpt, roster::Roster,
};

/// Parses a list of names. A `#` at the start of a line or after white space begins a comment: no
/// name holds one. A mark of a list in front of a name goes. Nothing is split at commas, and no number
/// is taken off: names may hold them, so a note asks.
pub(super) fn parse(text: &str, options: &Options) -> Result<Participants, ParticipantsError> {
    refuse_columns(options)?;
    // Text of old Macs has carriage returns alone.
    let line_break = if text.contains('\n') { '\n' } else { '\r' };
    let mut roster = Roster::default();
    let mut doubtful = Vec::new();
    for (line, text) in (1..).zip(text.split(line_break)) {
        let name = without_mark(without_comment(text).trim());
        if name.is_empty() {
            continue;
        }
        let place = Place::Line(line);
        let outcome = outcome(name);
        if matches!(outcome, Outcome::Award(_)) && is_doubtful(name) {
            doubtful.push((place, name));
        }
        roster.push(place, outcome)?;
    }
    let rows = roster.into_rows();
    if rows.is_empty() {
        return Err(ParticipantsError::Empty);
    }
    Ok(Participants {
        format: Format::Names,
        rows,
        notes: note(&doubtful).into_iter().collect(),
    })
}

fn note(doubtful: &[(Place, &str)]) -> Option<Note> {
    let (&(first, name), others) = doubtful.split_first()?;
    Some(Note::DoubtfulNames {
        name: excerpt(name),
        first,
        others: others.len(),
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

/// A line without the mark of a list and the white space that sets it off.
fn without_mark(line: &str) -> &str {
    line.strip_prefix(LIST_MARKS)
        .filter(|rest| rest.starts_with(char::is_whitespace))
        .map_or(line, str::trim_start)
}

/// Whether a name may be several, or a name and its number in a list.
fn is_doubtful(name: &str) -> bool {
    const SEPARATORS: [char; 6] = [',', ';', '،', '؛', '、', '，'];
    let mut parts = name.split(SEPARATORS).skip(1);
    let is_several = parts.any(|part| !["Jr", "Sr"].contains(&part.trim().trim_end_matches('.')));
    let unnumbered = name.trim_start_matches(|letter: char| letter.is_numeric());
    let is_numbered = unnumbered.len() < name.len()
        && unnumbered
            .strip_prefix(['.', ')'])
            .is_some_and(|rest| rest.starts_with(char::is_whitespace));
    is_several || is_numbered
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
