//! CSV text as rows with their lines: which separator, where the header is, where a row begins.

use std::io::Read;

use csv::{Reader, ReaderBuilder, StringRecord};

use super::{Format, Options, ParticipantsError, columns};

const SEPARATORS: &[u8] = b",;\t";

/// No table is wider; a row of nothing but separators would take many times its length in memory.
const WIDEST: usize = 10_000;

/// CSV text whose first row is a header.
pub(super) struct Sheet<'t> {
    body: &'t str,
    /// The line of the file on which the body begins, from 1.
    first_line: u64,
    separator: u8,
    header: Vec<String>,
}

impl<'t> Sheet<'t> {
    /// Takes the separator that gives the widest header among those in which a column is known.
    /// `None` when no column is, unless the options say that this is a table.
    pub(super) fn detect(text: &'t str, options: &Options) -> Option<Self> {
        let (hinted, body) = without_separator_hint(text);
        let first_line = if hinted.is_some() { 2 } else { 1 };
        let separators = hinted.as_ref().map_or(SEPARATORS, std::slice::from_ref);

        let sheets = separators.iter().filter_map(|&separator| {
            let header = first_row(body, separator)?;
            Some(Self {
                body,
                first_line,
                separator,
                header,
            })
        });
        let is_asked_for = options.chosen_columns().next().is_some()
            || matches!(
                options.format,
                Some(Format::Csv | Format::Dashboard | Format::WikiLearn)
            );
        // Known columns first; of equal width the last one, the tab, which splits no cell.
        sheets
            .map(|sheet| (columns::is_known(&sheet.header, options), sheet))
            .filter(|(is_known, _)| *is_known || is_asked_for)
            .max_by_key(|(is_known, sheet)| (*is_known, sheet.header.len()))
            .map(|(_, sheet)| sheet)
    }

    /// The names of the columns, without white space around them.
    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    /// Hands over each row after the header with the line it begins on.
    pub(super) fn each_row(
        &self,
        mut row: impl FnMut(u64, &StringRecord) -> Result<(), ParticipantsError>,
    ) -> Result<(), ParticipantsError> {
        // A row after the last one: when an unclosed quote swallows the rest of the file, this one
        // goes with it and does not come.
        const END: &[u8] = b"\nend";
        let mut reader = reader(self.body.as_bytes().chain(END), self.separator);
        let mut lines = Lines {
            text: self.body.as_bytes(),
            offset: 0,
            line: self.first_line,
        };
        let mut record = StringRecord::new();
        let mut is_header = true;
        while read(&mut reader, &mut record) {
            let start = record.position().map_or(0, csv::Position::byte);
            lines.advance(start);
            if lines.is_at_end() {
                return Ok(());
            }
            if !is_header {
                row(lines.line, &record)?;
            }
            is_header = false;
        }
        Err(ParticipantsError::UnclosedQuote { line: lines.line })
    }
}

/// Counts lines up to the beginning of a row.
struct Lines<'t> {
    text: &'t [u8],
    offset: usize,
    line: u64,
}

impl Lines<'_> {
    /// Goes on to a place, and past the line breaks there: empty lines belong to no row.
    fn advance(&mut self, to: u64) {
        let to = usize::try_from(to).unwrap_or(usize::MAX);
        while let Some(&byte) = self.text.get(self.offset) {
            if self.offset >= to && !matches!(byte, b'\n' | b'\r') {
                return;
            }
            let is_pair = byte == b'\r' && self.text.get(self.offset + 1) == Some(&b'\n');
            if matches!(byte, b'\n' | b'\r') && !is_pair {
                self.line += 1;
            }
            self.offset += 1;
        }
    }

    fn is_at_end(&self) -> bool {
        self.offset >= self.text.len()
    }
}

/// Refuses text with a line of more separators than any table or list of names has.
pub(super) fn refuse_too_wide(text: &str) -> Result<(), ParticipantsError> {
    let mut lines = Lines {
        text: text.as_bytes(),
        offset: 0,
        line: 1,
    };
    let mut start = 0;
    for line in text.split(['\n', '\r']) {
        let separators = line.bytes().filter(|byte| SEPARATORS.contains(byte));
        if separators.count() > WIDEST {
            lines.advance(start);
            return Err(ParticipantsError::TooWide {
                line: lines.line,
                limit: WIDEST,
            });
        }
        start += line.len() as u64 + 1;
    }
    Ok(())
}

/// The columns of a table that says nowhere who its rows are about: at least two lines, all with
/// the same number of separators. A comma before a space does not count, as in `O'Neil, Jr.`
pub(super) fn columns_of_unknown_table(text: &str) -> Option<Vec<String>> {
    const ENOUGH: usize = 100;
    let is_row = |line: &&str| !line.is_empty() && !line.starts_with('#');
    let rows = || text.lines().map(str::trim).filter(is_row).take(ENOUGH);

    let separator = SEPARATORS.iter().copied().find(|&separator| {
        let mut counts = rows().map(|row| separators_in(row, separator));
        let first = counts.next().unwrap_or(0);
        let mut others = counts.peekable();
        first > 0 && others.peek().is_some() && others.all(|count| count == first)
    })?;
    let header = first_row(rows().next()?, separator)?;
    Some(columns::named(&header))
}

fn separators_in(row: &str, separator: u8) -> usize {
    let pairs = row.as_bytes().windows(2);
    pairs
        .filter(|pair| pair.first() == Some(&separator) && pair.last() != Some(&b' '))
        .count()
}

/// `sep=;` on the first line tells spreadsheets the separator; and what follows that line.
fn without_separator_hint(text: &str) -> (Option<u8>, &str) {
    let hint = text.split_once('\n').and_then(|(first, body)| {
        let (key, separator) = first.trim_end_matches('\r').split_once('=')?;
        let separator = SEPARATORS
            .iter()
            .find(|known| separator.as_bytes() == [**known])?;
        key.eq_ignore_ascii_case("sep")
            .then_some((*separator, body))
    });
    hint.map_or((None, text), |(separator, body)| (Some(separator), body))
}

/// The names in the first row; `None` when there is no row, or one wider than tables are.
fn first_row(text: &str, separator: u8) -> Option<Vec<String>> {
    let mut record = StringRecord::new();
    let found = read(&mut reader(text.as_bytes(), separator), &mut record);
    (found && record.len() <= WIDEST)
        .then(|| record.iter().map(|name| name.trim().to_owned()).collect())
}

fn reader<R: Read>(source: R, separator: u8) -> Reader<R> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(source)
}

/// Whether there was another row. Reading from memory does not fail, nor do rows of a text hold
/// anything but text; if it did, the missing end would be reported.
fn read<R: Read>(reader: &mut Reader<R>, record: &mut StringRecord) -> bool {
    reader.read_record(record).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_separators_is_refused_with_its_number() {
        let too_wide = ",".repeat(WIDEST + 1);
        for start in [
            "username\r\nExample\r\n",
            "username\rExample\r",
            "username\n\n",
        ] {
            assert_eq!(
                refuse_too_wide(&format!("{start}{too_wide}\n")),
                Err(ParticipantsError::TooWide {
                    line: 3,
                    limit: WIDEST
                })
            );
        }
        assert_eq!(refuse_too_wide(&"a,b\r".repeat(WIDEST + 1)), Ok(()));
    }

    #[test]
    fn names_with_commas_are_no_table() {
        let columns = |text| columns_of_unknown_table(text);
        assert_eq!(columns("O'Neil, Jr.\nExample, Sr."), None);
        assert_eq!(columns("Example,one\nExample"), None);
        assert_eq!(columns("Example,one"), None);
        let found = Some(vec!["pseudo".to_owned(), "points".to_owned()]);
        assert_eq!(columns("# all\npseudo;points\n\nExample;3"), found);
    }
}
