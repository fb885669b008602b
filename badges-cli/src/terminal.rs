//! Asking the person at the terminal.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use age::secrecy::SecretString;

use crate::error::{Code, Error};

/// Whether there is a person to ask for a passphrase, although a list may come on standard input.
pub(crate) fn shows_questions() -> bool {
    std::io::stderr().is_terminal()
}

/// Whether there is a person to ask.
pub(crate) fn is_there() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Asks until something is answered; an empty answer is the default, if there is one.
///
/// # Errors
/// When nobody answers.
pub(crate) fn ask(question: &str, default: Option<&str>) -> Result<String, Error> {
    loop {
        let shown = match default {
            None | Some("") => format!("{question}: "),
            Some(default) => format!("{question} [{default}]: "),
        };
        let answer = read_answer(&shown)?;
        match (answer.trim(), default) {
            ("", Some(default)) => return Ok(default.to_owned()),
            ("", None) => {}
            (answer, _) => return Ok(answer.to_owned()),
        }
    }
}

/// Asks a question to be answered with yes or no.
///
/// # Errors
/// When nobody answers.
pub(crate) fn confirm(question: &str, default: bool) -> Result<bool, Error> {
    let choice = if default { "Y/n" } else { "y/N" };
    loop {
        let answer = read_answer(&format!("{question} [{choice}] "))?;
        match answer.trim().to_ascii_lowercase().as_str() {
            "" => return Ok(default),
            "y" | "yes" => return Ok(true),
            "n" | "no" => return Ok(false),
            _ => {}
        }
    }
}

/// Asks for a passphrase, which is not shown.
///
/// # Errors
/// When nobody answers.
pub(crate) fn ask_passphrase(question: &str) -> Result<SecretString, Error> {
    rpassword::prompt_password(format!("{question}: "))
        .map(SecretString::from)
        .map_err(|error| nobody(&error))
}

fn read_answer(question: &str) -> Result<String, Error> {
    let mut screen = std::io::stderr();
    let _ = screen.write_all(question.as_bytes());
    let _ = screen.flush();
    let mut answer = String::new();
    match std::io::stdin().lock().read_line(&mut answer) {
        Ok(0) => Err(Error::new(Code::Usage, "the question was not answered")
            .hint("answer it, or say it with an option; `--help` lists them")),
        Ok(_) => Ok(answer),
        Err(error) => Err(nobody(&error)),
    }
}

fn nobody(error: &std::io::Error) -> Error {
    Error::new(Code::Io, format!("cannot read from the terminal: {error}"))
}

/// Says what is wrong with an answer.
pub(crate) fn tell(what: &impl std::fmt::Display) {
    let _ = writeln!(std::io::stderr(), "  {what}");
}
