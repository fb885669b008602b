//! Results go to standard output, messages to standard error. Colours only on a terminal, and never
//! needed to understand.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;

use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::error::{Code, Error};

/// Where a command writes.
pub(crate) struct Output {
    json: bool,
    /// Why the result, or its end, could not be written.
    lost: Option<io::Error>,
}

/// A word's colour, where there are colours.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
/// As [`GOOD`], for what is not so.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
/// As [`GOOD`], for what could not be told.
pub(crate) const UNSURE: Style = AnsiColor::Yellow.on_default().bold();
/// As [`GOOD`], for what matters less.
pub(crate) const FAINT: Style = Style::new().dimmed();

/// A text of somebody else, fit for a terminal: characters that move the cursor, change colours or
/// turn the direction of the text are written as `<U+202E>`.
pub(crate) fn printable(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        let steers = letter.is_control()
            || matches!(
                letter,
                '\u{61c}'
                    | '\u{200e}'
                    | '\u{200f}'
                    | '\u{2028}'..='\u{202e}'
                    | '\u{2060}'..='\u{206f}'
                    | '\u{feff}'
                    | '\u{fff9}'..='\u{fffb}'
                    | '\u{e0000}'..='\u{e007f}'
            );
        if steers {
            safe.push_str(&format!("<U+{:04X}>", u32::from(letter)));
        } else {
            safe.push(letter);
        }
    }
    safe
}

/// A path as a word of a command that people can copy: in quotes when it needs them.
pub(crate) fn word(path: &Path) -> String {
    let path = path.display().to_string();
    let is_plain = |letter: char| {
        letter.is_alphanumeric()
            || "/._-+@%:,=".contains(letter)
            || (cfg!(windows) && letter == '\\')
    };
    if !path.is_empty() && path.chars().all(is_plain) {
        path
    } else if cfg!(windows) {
        format!("\"{path}\"")
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}

/// In an answer as JSON, a text that was asked for: the file that it was written to, or itself.
#[derive(Serialize)]
pub(crate) struct Handed<'t> {
    #[serde(skip_serializing_if = "Option::is_none")]
    written: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'t str>,
}

impl<'t> Handed<'t> {
    pub(crate) fn new(text: &'t str, file: Option<&Path>) -> Self {
        Self {
            written: file.map(|file| file.display().to_string()),
            text: file.is_none().then_some(text),
        }
    }
}

impl Output {
    pub(crate) const fn new(json: bool) -> Self {
        Self { json, lost: None }
    }

    /// Whether results are asked for as JSON.
    pub(crate) const fn is_json(&self) -> bool {
        self.json
    }

    /// Whether a person watches the messages.
    #[expect(clippy::unused_self, reason = "asked of the output")]
    pub(crate) fn is_watched(&self) -> bool {
        io::stderr().is_terminal()
    }

    /// A line of the result.
    pub(crate) fn line(&mut self, text: impl std::fmt::Display) {
        self.wrote(writeln!(anstream::stdout(), "{text}"));
    }

    /// The result's exact bytes.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        let mut out = io::stdout().lock();
        self.wrote(out.write_all(bytes).and_then(|()| out.flush()));
    }

    /// What is left to do goes on all the same: a badge that is issued must be in the ledger.
    fn wrote(&mut self, written: io::Result<()>) {
        if let Err(error) = written {
            self.lost.get_or_insert(error);
        }
    }

    /// Whether the result was written.
    ///
    /// # Errors
    /// When some of it was not. A reader that has gone away, such as `head`, is no error.
    pub(crate) fn finish(&mut self) -> Result<(), Error> {
        match self.lost.take() {
            Some(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Error::new(
                Code::Io,
                format!("cannot write the result: {error}"),
            )),
            _ => Ok(()),
        }
    }

    /// One JSON object on a line.
    pub(crate) fn object(&mut self, value: &impl Serialize) {
        // Everything that is printed has string keys and no infinities, so it can be written.
        self.line(serde_json::to_string(value).unwrap_or_default());
    }

    /// A message for the person, not part of the result.
    #[expect(clippy::unused_self, reason = "written to the output")]
    pub(crate) fn message(&mut self, text: impl std::fmt::Display) {
        let _ = writeln!(anstream::stderr(), "{text}");
    }

    /// Something to know, although all goes on.
    pub(crate) fn note(&mut self, text: impl std::fmt::Display) {
        self.message(format_args!("{UNSURE}note{UNSURE:#}: {text}"));
    }

    /// Shows a person who watches how far something is.
    pub(crate) fn progress(&self, length: usize, what: &str) -> ProgressBar {
        if !self.is_watched() {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new(length as u64);
        let template = format!("{{bar:30}} {{pos}} of {{len}} {what}, {{eta}} to go");
        match ProgressStyle::with_template(&template) {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        }
    }

    /// What happened, then what to do.
    pub(crate) fn error(&mut self, error: &Error) {
        self.message(format_args!("{BAD}error{BAD:#}: {}", error.what));
        if let Some(hint) = &error.hint {
            self.message(format_args!("{FAINT}  →{FAINT:#} {hint}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn words_of_a_command_are_quoted_when_they_need_it() {
        for (path, written) in [
            ("a/b-c_1.toml", "a/b-c_1.toml"),
            ("y 7/sub dir", "'y 7/sub dir'"),
            ("it's", r"'it'\''s'"),
            ("$HOME", "'$HOME'"),
            ("ورشة", "ورشة"),
        ] {
            assert_eq!(word(Path::new(path)), written);
        }
    }

    #[test]
    fn what_steers_a_terminal_is_escaped() {
        for (text, safe) in [
            ("Añjali म्‍ 👩‍🏫 עברית", "Añjali म्‍ 👩‍🏫 עברית"),
            ("a\u{1b}[31mb\u{9b}c", "a<U+001B>[31mb<U+009B>c"),
            ("two\nlines\t", "two<U+000A>lines<U+0009>"),
            ("gro\u{202e}.live", "gro<U+202E>.live"),
            ("\u{2066}\u{feff}\u{e0041}", "<U+2066><U+FEFF><U+E0041>"),
        ] {
            assert_eq!(printable(text), safe);
        }
    }
}
