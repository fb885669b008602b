use std::path::PathBuf;

use badges_core::bake::{self, Format};
use badges_core::credential::{Form, SignedCredential};
use badges_core::json::{self, Value};
use badges_core::model::{AchievementTexts, IdentityObject, LanguageTag};
use clap::Args;

use super::verify::form_name;
use crate::error::{Code, Error};
use crate::files;
use crate::output::{FAINT, Output, UNSURE, printable};

/// Say in plain words what a badge says, without checking it.
///
/// Everything that is shown is what the badge says of itself: anyone can write such a text.
/// `badges verify` checks whether it is so.
///
/// With `--json`, the badge's own JSON in one line.
///
///     badges show badge.png --language pt-BR
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Show {
    /// The badge: JSON, JWT, or a PNG or SVG picture that carries one; `-` reads standard input.
    #[arg(value_name = "FILE")]
    badge: PathBuf,
    /// The language to show, such as `pt-BR`: this one, else the nearest that the badge has, else
    /// the badge's first.
    #[arg(long, value_name = "TAG", value_parser = language)]
    language: Option<LanguageTag>,
}

impl Show {
    pub(crate) fn run(self, output: &mut Output) -> Result<Code, Error> {
        let wrong = |what: &dyn std::fmt::Display| {
            Error::new(Code::Data, format!("`{}`: {what}", self.badge.display()))
        };
        let bytes = files::read_badge(&self.badge)?;
        let image = Format::detect(&bytes);
        let text = match image {
            Some(_) => {
                let extracted = bake::extract(&bytes).map_err(|fault| wrong(&fault))?;
                for note in &extracted.notes {
                    output.message(format_args!("note: {note}"));
                }
                extracted.text
            }
            None => String::from_utf8(bytes).map_err(|_| wrong(&"this is no badge"))?,
        };
        let signed = SignedCredential::parse(&text).map_err(|error| wrong(&error))?;
        let json = credential_json(&signed);
        let document = json::parse(&json).map_err(|error| wrong(&error))?;
        if document.get("credentialSubject").is_none() {
            return Err(wrong(&"this is no badge: it has no `credentialSubject`"));
        }
        if output.is_json() {
            output.line(one_line(&json));
            return Ok(Code::Success);
        }
        output.line(format_args!(
            "{UNSURE}Not verified{UNSURE:#}: this is what the badge says of itself. \
             `badges verify` checks whether it is so.\n"
        ));
        let form = match signed.form() {
            Form::Jwt => "jwt",
            Form::DataIntegrity => "json",
        };
        let mut form = form_name(form, image.map(Format::extension));
        if signed.form() == Form::DataIntegrity && document.list("proof").is_empty() {
            form.push_str(", not signed");
        }
        for (label, text) in said(&document, self.language.as_ref(), form) {
            print(label, &text, output);
        }
        Ok(Code::Success)
    }
}

/// The credential itself: in a JWT of version 1.1 it stands in the claim `vc`.
fn credential_json(signed: &SignedCredential) -> String {
    let json = signed.json();
    match json::member_span(&json, "vc") {
        Some(span) if signed.form() == Form::Jwt => json[span].to_owned(),
        _ => json,
    }
}

type Said = Vec<(&'static str, String)>;

/// All that a badge says, with a label each.
fn said(badge: &Value<'_>, language: Option<&LanguageTag>, form: String) -> Said {
    let mut said = Said::new();
    let text = |value: &Value<'_>, member: &str| value.text(member).map(str::to_owned);
    let mut add = |label, text: Option<String>| said.extend(text.map(|text| (label, text)));
    add("Badge", text(badge, "name"));
    add("", text(badge, "description"));
    add("Id", text(badge, "id"));
    add("Form", Some(form));
    if let Some(issuer) = badge.get("issuer") {
        add("Issued by", Some(profile(issuer)));
    }
    let subject = badge.list("credentialSubject").first();
    for recipient in subject.map(recipients).unwrap_or_default() {
        add("Given to", Some(recipient));
    }
    let either = |new: &str, old: &str| text(badge, new).or_else(|| text(badge, old));
    add("Awarded", text(badge, "awardedDate"));
    add("Valid from", either("validFrom", "issuanceDate"));
    add("Valid until", either("validUntil", "expirationDate"));
    if let Some(subject) = subject {
        add("Narrative", text(subject, "narrative"));
        add("Comment", text(subject, "endorsementComment"));
        said.extend(achievement(subject, language));
    }
    for evidence in badge.list("evidence") {
        said.push((
            "Evidence",
            joined(evidence, &["name", "id", "description", "narrative"]),
        ));
    }
    for status in badge.list("credentialStatus") {
        let kind = status.list("type").first().and_then(Value::as_str);
        let purpose = status.text("statusPurpose").or(kind).unwrap_or("status");
        let list = status
            .text("statusListCredential")
            .or_else(|| status.text("id"));
        said.push((
            "Status",
            format!(
                "{purpose}, to be looked up in {}",
                list.unwrap_or("nothing")
            ),
        ));
    }
    let endorsements = ["endorsement", "endorsementJwt"].map(|member| badge.list(member).len());
    match endorsements.iter().sum::<usize>() {
        0 => {}
        1 => said.push(("Endorsed", "by one".to_owned())),
        many => said.push(("Endorsed", format!("by {many}"))),
    }
    said
}

fn achievement(subject: &Value<'_>, language: Option<&LanguageTag>) -> Said {
    let Some(achievement) = subject.list("achievement").first() else {
        return Said::new();
    };
    let texts = AchievementTexts::of(achievement);
    let wanted: Vec<&LanguageTag> = language.into_iter().collect();
    let text = texts.best(&wanted);
    let mut said = Said::new();
    let kind = achievement.text("achievementType");
    let kind = kind.map_or_else(String::new, |kind| format!(" ({kind})"));
    said.push(("Achievement", format!("{}{kind}", text.name)));
    said.push(("Description", text.description.to_owned()));
    let criteria = [text.criteria.narrative, text.criteria.id];
    let criteria: Vec<&str> = criteria.into_iter().flatten().collect();
    said.push(("Criteria", criteria.join("\n")));
    let languages: Vec<&str> = texts.iter().filter_map(|text| text.language).collect();
    if let Some(shown) = text.language {
        said.push((
            "Language",
            match languages.as_slice() {
                [_] => shown.to_owned(),
                all => format!("{shown}, of {}", all.join(", ")),
            },
        ));
    }
    for result in subject.list("result") {
        said.push(("Result", result_text(result, achievement)));
    }
    for alignment in achievement.list("alignment") {
        said.push((
            "Aligned to",
            joined(alignment, &["targetName", "targetUrl"]),
        ));
    }
    said.retain(|(_, text)| !text.is_empty());
    said
}

/// `Score: 87`, with the names that the achievement gives to results and levels.
fn result_text(result: &Value<'_>, achievement: &Value<'_>) -> String {
    let with_id = |list: &'_ [Value<'_>], id: Option<&str>| {
        let found = list
            .iter()
            .find(|item| id.is_some() && item.text("id") == id);
        found.and_then(|item| item.text("name")).map(str::to_owned)
    };
    let descriptions = achievement.list("resultDescription");
    let name = with_id(descriptions, result.text("resultDescription"));
    let level = result.text("achievedLevel").map(|id| {
        let levels = descriptions
            .iter()
            .find_map(|description| with_id(description.list("rubricCriterionLevel"), Some(id)));
        levels.unwrap_or_else(|| id.to_owned())
    });
    let values = [
        result.text("value"),
        level.as_deref(),
        result.text("status"),
    ];
    let values: Vec<&str> = values.into_iter().flatten().collect();
    format!(
        "{}: {}",
        name.as_deref().unwrap_or("result"),
        values.join(", ")
    )
}

fn profile(issuer: &Value<'_>) -> String {
    match issuer.as_str() {
        Some(id) => id.to_owned(),
        None => joined(issuer, &["name", "id", "url", "email"]),
    }
}

fn recipients(subject: &Value<'_>) -> Vec<String> {
    let identifiers = subject
        .list("identifier")
        .iter()
        .filter_map(IdentityObject::read)
        .map(|identity| {
            let kind = identity.identity_type.as_str();
            match (identity.hashed, identity.salt) {
                (false, _) => format!("{} ({kind})", identity.identity_hash),
                (true, None) => {
                    format!("a hashed {kind}; only who knows it and its salt can compare it")
                }
                (true, Some(_)) => format!("a hashed {kind}; only who knows it can compare it"),
            }
        });
    subject
        .text("id")
        .map(str::to_owned)
        .into_iter()
        .chain(identifiers)
        .collect()
}

/// Members that are texts, a line each.
fn joined(object: &Value<'_>, members: &[&str]) -> String {
    let texts: Vec<&str> = members
        .iter()
        .filter_map(|member| object.text(member))
        .collect();
    texts.join("\n")
}

fn print(label: &str, text: &str, output: &mut Output) {
    let mut label = label;
    for line in text.lines() {
        output.line(format_args!(
            "{FAINT}{label:<13}{FAINT:#}{}",
            printable(line)
        ));
        label = "";
    }
}

/// JSON without white space between its tokens, and else as it is.
fn one_line(json: &str) -> String {
    let mut line = String::with_capacity(json.len());
    let mut in_string = false;
    let mut escaped = false;
    for letter in json.chars() {
        if in_string || !letter.is_ascii_whitespace() {
            line.push(letter);
        }
        if letter == '"' && !escaped {
            in_string = !in_string;
        }
        escaped = letter == '\\' && !escaped;
    }
    line
}

fn language(tag: &str) -> Result<LanguageTag, String> {
    tag.parse::<LanguageTag>()
        .or_else(|_| LanguageTag::from_mediawiki(tag))
        .map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn json_in_one_line_keeps_its_strings() {
        let json = "{\n  \"a b\" : [ 1.0 , \"c \\\" \\\\\" ],\t\"d\" : \"  \"\r\n}";
        assert_eq!(one_line(json), r#"{"a b":[1.0,"c \" \\"],"d":"  "}"#);
    }
}
