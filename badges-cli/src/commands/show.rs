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

/// Say in plain words what a badge says, without checking it
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
        for (label, lines) in said(&document, self.language.as_ref(), form) {
            print(label, &lines, output);
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

/// Labels, and the lines beside each.
type Said = Vec<(&'static str, Vec<String>)>;

/// All that a badge says.
fn said(badge: &Value<'_>, language: Option<&LanguageTag>, form: String) -> Said {
    let either = |new: &str, old: &str| badge.text(new).or_else(|| badge.text(old));
    let subject = badge.list("credentialSubject").first();
    let mut said = vec![
        ("Badge", line(badge.text("name"))),
        ("", prose(badge.text("description"))),
        ("Id", line(badge.text("id"))),
        ("Form", vec![form]),
        (
            "Issued by",
            badge.get("issuer").map_or_else(Vec::new, profile),
        ),
        ("Given to", subject.map_or_else(Vec::new, recipients)),
        ("Awarded", line(badge.text("awardedDate"))),
        ("Valid from", line(either("validFrom", "issuanceDate"))),
        ("Valid until", line(either("validUntil", "expirationDate"))),
    ];
    if let Some(subject) = subject {
        said.push(("Narrative", prose(subject.text("narrative"))));
        said.push(("Comment", prose(subject.text("endorsementComment"))));
        said.extend(achievement(subject, language));
    }
    for evidence in badge.list("evidence") {
        let mut lines = members(evidence, &["name", "id"]);
        lines.extend(prose(evidence.text("description")));
        lines.extend(prose(evidence.text("narrative")));
        said.push(("Evidence", lines));
    }
    for status in badge.list("credentialStatus") {
        let kind = status.list("type").first().and_then(Value::as_str);
        let purpose = status.text("statusPurpose").or(kind);
        let list = status.text("statusListCredential").or(status.text("id"));
        let (purpose, list) = (purpose.unwrap_or("status"), list.unwrap_or("nothing"));
        said.push((
            "Status",
            vec![format!("{purpose}, to be looked up in {list}")],
        ));
    }
    let endorsements = ["endorsement", "endorsementJwt"].map(|member| badge.list(member).len());
    match endorsements.iter().sum::<usize>() {
        0 => {}
        1 => said.push(("Endorsed", vec!["once".to_owned()])),
        many => said.push(("Endorsed", vec![format!("{many} times")])),
    }
    said.retain(|(_, lines)| !lines.is_empty());
    said
}

fn achievement(subject: &Value<'_>, language: Option<&LanguageTag>) -> Said {
    let Some(achievement) = subject.list("achievement").first() else {
        return Said::new();
    };
    let texts = AchievementTexts::of(achievement);
    let wanted: Vec<&LanguageTag> = language.into_iter().collect();
    let text = texts.best(&wanted);
    let kind = achievement.text("achievementType");
    let kind = kind.map_or_else(String::new, |kind| format!(" ({kind})"));
    let mut criteria = prose(text.criteria.narrative);
    criteria.extend(line(text.criteria.id));
    let shown = text.language.map(|shown| {
        let others = texts.iter().filter_map(|text| text.language);
        let others: Vec<&str> = others.filter(|other| *other != shown).collect();
        match others.as_slice() {
            [] => shown.to_owned(),
            others => format!("{shown}; also in {}", others.join(", ")),
        }
    });
    let mut said = vec![
        ("Achievement", vec![format!("{}{kind}", text.name)]),
        ("Description", prose(Some(text.description))),
        ("Criteria", criteria),
        ("Language", line(shown.as_deref())),
    ];
    for result in subject.list("result") {
        said.push(("Result", vec![result_text(result, achievement)]));
    }
    for alignment in achievement.list("alignment") {
        said.push((
            "Aligned to",
            members(alignment, &["targetName", "targetUrl"]),
        ));
    }
    said
}

/// `Score: 87`, with the names that the achievement gives to results and levels.
fn result_text(result: &Value<'_>, achievement: &Value<'_>) -> String {
    let descriptions = achievement.list("resultDescription");
    let name = result
        .text("resultDescription")
        .and_then(|id| name_of(descriptions, id));
    let level = result.text("achievedLevel").map(|id| {
        let mut levels = descriptions
            .iter()
            .map(|description| description.list("rubricCriterionLevel"));
        levels.find_map(|levels| name_of(levels, id)).unwrap_or(id)
    });
    let values = [result.text("value"), level, result.text("status")];
    let values: Vec<&str> = values.into_iter().flatten().collect();
    format!("{}: {}", name.unwrap_or("result"), values.join(", "))
}

fn name_of<'v>(items: &'v [Value<'_>], id: &str) -> Option<&'v str> {
    items
        .iter()
        .find(|item| item.text("id") == Some(id))?
        .text("name")
}

fn profile(issuer: &Value<'_>) -> Vec<String> {
    match issuer.as_str() {
        Some(id) => vec![id.to_owned()],
        None => members(issuer, &["name", "id", "url", "email"]),
    }
}

fn recipients(subject: &Value<'_>) -> Vec<String> {
    let mut lines = line(subject.text("id"));
    let identities = subject
        .list("identifier")
        .iter()
        .filter_map(IdentityObject::read);
    lines.extend(identities.map(|identity| {
        let kind = identity.identity_type.as_str();
        match (identity.hashed, identity.salt) {
            (false, _) => format!("{} ({kind})", identity.identity_hash),
            (true, None) => {
                format!("a hashed {kind}, which only who knows it and its salt can compare")
            }
            (true, Some(_)) => format!("a hashed {kind}, which only who knows it can compare"),
        }
    }));
    lines
}

/// A text in one line.
fn line(text: Option<&str>) -> Vec<String> {
    text.map(str::to_owned).into_iter().collect()
}

/// A text that may have several lines.
fn prose(text: Option<&str>) -> Vec<String> {
    text.unwrap_or_default()
        .lines()
        .map(str::to_owned)
        .collect()
}

/// Members that are texts, a line each.
fn members(object: &Value<'_>, names: &[&str]) -> Vec<String> {
    let texts = names.iter().filter_map(|name| object.text(name));
    texts.map(str::to_owned).collect()
}

fn print(label: &str, lines: &[String], output: &mut Output) {
    let mut label = label;
    for line in lines {
        if line.is_empty() {
            output.line("");
        } else {
            let text = printable(line);
            output.line(format_args!("{FAINT}{label:<13}{FAINT:#}{text}"));
        }
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
