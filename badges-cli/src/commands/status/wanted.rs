//! Which badge somebody means.

use badges_core::participants::UserName;

use super::day;
use crate::error::{Code, Error};
use crate::folder::ledger::Standing;

/// What somebody calls a badge by.
pub(super) struct Wanted<'a> {
    /// As it was written: an id, or the key of a holder.
    text: &'a str,
    /// What could be a token: the text itself, the end of a path or URL.
    stem: &'a str,
    /// What could be the key of a holder.
    key: Option<String>,
}

impl<'a> Wanted<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let name = text.rsplit(['/', '\\']).next().unwrap_or(text);
        let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
        Self {
            text,
            stem,
            key: UserName::parse(text)
                .ok()
                .map(|name| format!("name:{name}")),
        }
    }

    /// Whether this is the badge. Holders are looked for only `among` some badges.
    pub(super) fn is(&self, standing: &Standing, among: bool) -> bool {
        let award = &standing.award;
        let is_key = |key: &String| key == self.text || Some(key) == self.key.as_ref();
        award.badge == self.text
            || award.token.to_string() == self.stem
            || (among && (award.name == self.text || award.keys.iter().any(is_key)))
    }
}

/// The one badge that is meant.
///
/// # Errors
/// When there is none, or several.
pub(super) fn only(text: &str, mut found: Vec<Standing>) -> Result<Standing, Error> {
    match (found.pop(), found.len()) {
        (Some(standing), 0) => Ok(standing),
        (Some(last), _) => {
            found.push(last);
            let choices: Vec<String> = found
                .iter()
                .map(|standing| {
                    let award = &standing.award;
                    format!(
                        "`{}` ({}, {}, {})",
                        award.token,
                        award.slug,
                        day(award.awarded),
                        standing.status().as_str()
                    )
                })
                .collect();
            Err(Error::new(
                Code::Usage,
                format!(
                    "`{text}` could be one of several badges: {}",
                    choices.join(", ")
                ),
            )
            .hint("say which: give the long name in front"))
        }
        (None, _) => Err(Error::new(
            Code::NoInput,
            format!("no badge `{text}` is in the ledger of this folder"),
        )
        .hint("`badges status list` lists all of them")),
    }
}
