//! Why a whole file cannot be used.

use serde::Serialize;

use super::{Format, problem::listed};

/// Why a whole file cannot be used, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "id")]
#[non_exhaustive]
pub enum ParticipantsError {
    /// Longer than is read.
    #[error("the file has {bytes} bytes, and at most {limit} are read; split it")]
    #[serde(rename = "participants.too-large")]
    TooLarge {
        /// Its length in bytes.
        bytes: usize,
        /// The most that is read.
        limit: usize,
    },
    /// More rows than are read.
    #[error("the file has more than {limit} rows; split it")]
    #[serde(rename = "participants.too-many-rows")]
    TooManyRows {
        /// The most that are read.
        limit: usize,
    },
    /// A line with more separators than any table has.
    #[error(
        "line {line} has more than {limit} separators; delete the line or export the list again"
    )]
    #[serde(rename = "participants.too-wide")]
    TooWide {
        /// The line, from 1.
        line: u64,
        /// The most that are read.
        limit: usize,
    },
    /// Nothing but white space and comments.
    #[error("the file is empty; write one user name a line, or export a list of participants")]
    #[serde(rename = "participants.empty")]
    Empty,
    /// A known format without a single row.
    #[error("the file ({format}) lists no participants; check that the right list was exported")]
    #[serde(rename = "participants.no-rows")]
    NoRows {
        /// The format that was found.
        format: Format,
    },
    /// The Dashboard's answer while it writes the CSV file.
    #[error("the Dashboard was still generating the file; download it again in a minute")]
    #[serde(rename = "participants.being-generated")]
    BeingGenerated,
    /// HTML, such as a page that asks to sign in.
    #[error("the file is a web page, not a list; sign in on the site and download the list again")]
    #[serde(rename = "participants.web-page")]
    WebPage,
    /// An Excel or OpenDocument file.
    #[error("the file is a spreadsheet; open it and save it as \"CSV UTF-8\"")]
    #[serde(rename = "participants.spreadsheet")]
    Spreadsheet,
    /// UTF-16, as some editors write.
    #[error("the file is in UTF-16; save it with the encoding UTF-8 (in Excel: \"CSV UTF-8\")")]
    #[serde(rename = "participants.utf-16")]
    Utf16,
    /// Another encoding than UTF-8, such as Latin-1.
    #[error(
        "line {line} is not in UTF-8; save the file with the encoding UTF-8 (in Excel: \"CSV UTF-8\")"
    )]
    #[serde(rename = "participants.not-utf-8")]
    NotUtf8 {
        /// The first line that is not, from 1.
        line: u64,
    },
    /// An image, an archive or the like.
    #[error("the file is no text; give a list of names, a CSV file or JSON")]
    #[serde(rename = "participants.binary")]
    Binary,
    /// A table of which no column says who it is about.
    #[error(
        "no column says who the participants are; the columns are {}; say which one holds user names, identifiers or e-mail addresses, or ask for the format `names` if each line is a name", listed(.columns)
    )]
    #[serde(rename = "participants.unknown-table")]
    UnknownTable {
        /// The columns there are.
        columns: Vec<String>,
    },
    /// A column that an option or the rule names is not there.
    #[error("there is no column `{column}`; {}", those_there(.columns))]
    #[serde(rename = "participants.unknown-column")]
    UnknownColumn {
        /// The column asked for.
        column: String,
        /// The columns there are.
        columns: Vec<String>,
    },
    /// Two columns of the same name, of which one is needed.
    #[error("the column `{column}` stands there twice; rename or delete one of them")]
    #[serde(rename = "participants.duplicate-column")]
    DuplicateColumn {
        /// The column.
        column: String,
    },
    /// A double quote opens a cell and never closes, which would swallow the rows after it.
    #[error(
        "a cell opened by a double quote in the row at line {line} is never closed; close it, or double the quote if it belongs to the text"
    )]
    #[serde(rename = "participants.unclosed-quote")]
    UnclosedQuote {
        /// The line the row begins on, from 1.
        line: u64,
    },
    /// Not JSON although it begins like it.
    #[error("the file is not correct JSON at line {line}, column {column}; download it again")]
    #[serde(rename = "participants.json")]
    Json {
        /// The line, from 1.
        line: usize,
        /// The column in bytes, from 1.
        column: usize,
    },
    /// JSON that ends before it is complete.
    #[error("the JSON ends too early; download it again completely")]
    #[serde(rename = "participants.json-cut-short")]
    JsonCutShort,
    /// JSON of another shape.
    #[error(
        "the JSON is neither a list of event participants nor of certificates{}; download `/participants` of the event, or the issued certificates", its_members(.members)
    )]
    #[serde(rename = "participants.unknown-json")]
    UnknownJson {
        /// The members of the object that was found; none when it is no object.
        members: Vec<String>,
    },
    /// A registration that its organizer marked as a test.
    #[error("the event{} is a test event; badges are awarded for real events only", its_name(.event.as_deref()))]
    #[serde(rename = "participants.test-event")]
    TestEvent {
        /// The event's name.
        event: Option<String>,
    },
    /// Another format than the one asked for.
    #[error(
        "the file is of the format `{found}`, asked for was `{asked}`; leave the format out or give another file"
    )]
    #[serde(rename = "participants.other-format")]
    OtherFormat {
        /// The format asked for.
        asked: Format,
        /// The format that was found.
        found: Format,
    },
}

impl ParticipantsError {
    /// The stable id of the error, such as `participants.empty`.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "participants.too-large",
            Self::TooManyRows { .. } => "participants.too-many-rows",
            Self::TooWide { .. } => "participants.too-wide",
            Self::Empty => "participants.empty",
            Self::NoRows { .. } => "participants.no-rows",
            Self::BeingGenerated => "participants.being-generated",
            Self::WebPage => "participants.web-page",
            Self::Spreadsheet => "participants.spreadsheet",
            Self::Utf16 => "participants.utf-16",
            Self::NotUtf8 { .. } => "participants.not-utf-8",
            Self::Binary => "participants.binary",
            Self::UnknownTable { .. } => "participants.unknown-table",
            Self::UnknownColumn { .. } => "participants.unknown-column",
            Self::DuplicateColumn { .. } => "participants.duplicate-column",
            Self::UnclosedQuote { .. } => "participants.unclosed-quote",
            Self::Json { .. } => "participants.json",
            Self::JsonCutShort => "participants.json-cut-short",
            Self::UnknownJson { .. } => "participants.unknown-json",
            Self::TestEvent { .. } => "participants.test-event",
            Self::OtherFormat { .. } => "participants.other-format",
        }
    }
}

fn those_there(columns: &[String]) -> String {
    if columns.is_empty() {
        "a list of names has no columns".to_owned()
    } else {
        format!("the columns are {}", listed(columns))
    }
}

fn its_members(members: &[String]) -> String {
    if members.is_empty() {
        String::new()
    } else {
        format!(" (it holds {})", listed(members))
    }
}

fn its_name(event: Option<&str>) -> String {
    event.map_or_else(String::new, |event| format!(" `{event}`"))
}
