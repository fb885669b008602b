//! What somebody gives to be verified: pasted, chosen as files, or as addresses. Files are never
//! written to a disk, and their names mean nothing.

use axum::body::Bytes;
use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use axum::http::StatusCode;
use badges_core::writing::on_one_line;

use crate::error::Error;
use crate::form::check_token;
use crate::page::Ctx;
use crate::verifying::Badge;

/// How many badges are verified at once.
pub(super) const MOST_BADGES: usize = 20;
/// How long they may be together: 8 MiB.
pub(super) const MOST_BYTES: usize = 8 << 20;
/// How much is read to the end, to say that it was too long: browsers show no answer that comes
/// before they have sent everything.
pub(super) const MOST_READ: usize = 64 << 20;
/// The longest name of a file that is shown, in characters.
const LONGEST_NAME: usize = 100;

/// A form that was filled in.
#[derive(Debug, Default)]
pub(super) struct Given {
    pub(super) badges: Vec<(Source, Badge)>,
    /// What was pasted.
    pub(super) text: String,
    pub(super) recipient: String,
    pub(super) salt: String,
    /// Whether there was more than is read.
    pub(super) too_long: bool,
}

/// Where a badge came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Pasted,
    File(String),
    Url(String),
}

/// Reads the form.
///
/// # Errors
/// When it is none, or not ours.
pub(super) async fn read(ctx: &Ctx, mut form: Multipart) -> Result<Given, Error> {
    let mut given = Given::default();
    let mut files = Vec::new();
    let mut left = MOST_BYTES;
    let mut token = String::new();
    while let Some(mut field) = form.next_field().await.map_err(unreadable)? {
        let name = field.name().unwrap_or_default().to_owned();
        let file_name = field.file_name().map(str::to_owned);
        let Some(bytes) = take(&mut field, &mut left).await? else {
            given.too_long = true;
            continue;
        };
        match (name.as_str(), file_name) {
            // A browser sends an empty file when none is chosen.
            ("file", Some(name)) if name.is_empty() && bytes.is_empty() => {}
            // More than these are counted, no more.
            ("file", Some(_)) if files.len() > MOST_BADGES => {}
            ("file", Some(name)) => {
                files.push((Source::File(shortened(&name)), Badge::File(bytes.into())))
            }
            ("text", _) => given.text = text(bytes),
            ("recipient", _) => given.recipient = text(bytes).trim().to_owned(),
            ("salt", _) => given.salt = text(bytes).trim().to_owned(),
            ("csrf", _) => token = text(bytes),
            _ => {}
        }
    }
    check_token(ctx, &token)?;
    given.badges = pasted(&given.text);
    given.badges.append(&mut files);
    Ok(given)
}

/// A field to its end; nothing when that is more than is left.
async fn take(field: &mut Field<'_>, left: &mut usize) -> Result<Option<Vec<u8>>, Error> {
    let mut bytes = Vec::new();
    let mut fits = true;
    while let Some(chunk) = field.chunk().await.map_err(unreadable)? {
        match left.checked_sub(chunk.len()) {
            Some(rest) if fits => {
                *left = rest;
                bytes.extend_from_slice(&chunk);
            }
            _ => {
                fits = false;
                bytes = Vec::new();
            }
        }
    }
    Ok(fits.then_some(bytes))
}

fn unreadable(error: MultipartError) -> Error {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Error::TooLarge;
    }
    Error::Unreadable {
        field: "form".to_owned(),
        problem: error.body_text(),
    }
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

fn shortened(name: &str) -> String {
    let name = on_one_line(name);
    match name.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name,
    }
}

/// The badges in a text: addresses and JWTs, apart from each other by white space, or one badge as
/// JSON or whatever else it is.
pub(super) fn pasted(text: &str) -> Vec<(Source, Badge)> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Vec::new();
    }
    let words = || text.split_whitespace();
    if text.starts_with('{') || !words().all(|word| is_address(word) || is_jwt(word)) {
        return vec![one(text)];
    }
    // One more than is taken shows that there are too many.
    words().take(MOST_BADGES + 1).map(one).collect()
}

fn one(text: &str) -> (Source, Badge) {
    if is_address(text) {
        (Source::Url(shortened(text)), Badge::Url(text.to_owned()))
    } else {
        (
            Source::Pasted,
            Badge::File(Bytes::copy_from_slice(text.as_bytes())),
        )
    }
}

fn is_address(text: &str) -> bool {
    let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    (lower.starts_with("https://") || lower.starts_with("http://"))
        && !text.contains(char::is_whitespace)
}

fn is_jwt(text: &str) -> bool {
    text.starts_with("ey") && text.bytes().filter(|byte| *byte == b'.').count() == 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_one_badge_or_a_list() {
        let sources = |text: &str| {
            pasted(text)
                .into_iter()
                .map(|(source, _)| source)
                .collect::<Vec<_>>()
        };
        let url = |text: &str| Source::Url(text.to_owned());
        assert_eq!(sources(" \n"), []);
        assert_eq!(
            sources("{\"a\": \"https://example.org/ https://example.org/\"}"),
            [Source::Pasted]
        );
        assert_eq!(sources("Example text"), [Source::Pasted]);
        assert_eq!(
            sources("<a href=\"https://example.org/\">"),
            [Source::Pasted]
        );
        assert_eq!(
            sources("https://example.org/a\r\neyJh.eyJi.c2ln\n HTTP://example.org/b"),
            [
                url("https://example.org/a"),
                Source::Pasted,
                url("HTTP://example.org/b")
            ]
        );
        assert_eq!(sources("see https://example.org/a"), [Source::Pasted]);
        assert_eq!(
            sources(&"https://example.org/a ".repeat(100)).len(),
            MOST_BADGES + 1
        );
    }

    #[test]
    fn names_of_files_are_short_and_harmless() {
        assert_eq!(shortened("a\u{202e}\n\u{7}gnp.exe"), "a gnp.exe");
        assert_eq!(
            shortened(&"م".repeat(500)).chars().count(),
            LONGEST_NAME + 1
        );
    }
}
