//! What went wrong, what to do about it, and the code that the program ends with.

use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    /// All was done; all badges are valid.
    Success = 0,
    /// Something is not valid, or was not done.
    Negative = 1,
    /// Something could not be told.
    Unknown = 2,
    /// The command line makes no sense.
    Usage = 64,
    /// A file's content cannot be used.
    Data = 65,
    /// There is no such file.
    NoInput = 66,
    /// A file cannot be created.
    CannotCreate = 73,
    /// Reading or writing failed.
    Io = 74,
}

impl From<Code> for ExitCode {
    fn from(code: Code) -> Self {
        Self::from(code as u8)
    }
}

/// Why a command ended early: what happened, then what to do.
#[derive(Debug)]
pub(crate) struct Error {
    pub(crate) code: Code,
    pub(crate) what: String,
    pub(crate) hint: Option<String>,
}

impl Error {
    pub(crate) fn new(code: Code, what: impl Display) -> Self {
        Self {
            code,
            what: what.to_string(),
            hint: None,
        }
    }

    /// Adds what to do about it.
    pub(crate) fn hint(self, hint: impl Display) -> Self {
        Self {
            hint: Some(hint.to_string()),
            ..self
        }
    }

    /// A file that could not be read.
    pub(crate) fn reading(path: &Path, error: &std::io::Error) -> Self {
        let code = if error.kind() == std::io::ErrorKind::NotFound {
            Code::NoInput
        } else {
            Code::Io
        };
        Self::new(code, format!("cannot read `{}`: {error}", path.display()))
    }

    /// A file that could not be written.
    pub(crate) fn writing(path: &Path, error: &std::io::Error) -> Self {
        Self::new(
            Code::CannotCreate,
            format!("cannot write `{}`: {error}", path.display()),
        )
    }
}
