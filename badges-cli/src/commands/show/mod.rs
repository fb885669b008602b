mod badge;
mod older;
mod record;

use std::path::PathBuf;

use badges_core::bake::{self, BakeError, Format};
use badges_core::credential::{Form, SignedCredential};
use badges_core::json::{self, Value};
use badges_core::model::LanguageTag;
use badges_core::verify::older_version;
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
/// Takes badges of Open Badges 3.0 and of all versions before, and comprehensive learner records
/// (CLR 2.0), whose badges are told in short. Badges of 2.0 often leave to their addresses what they
/// are: nothing is fetched, the addresses are named.
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

/// What was found in a file.
struct Found {
    /// Where it was found, if in a picture.
    image: Option<Format>,
    text: String,
}

impl Show {
    pub(crate) fn run(self, output: &mut Output) -> Result<Code, Error> {
        let Found { image, text } = self.find(output)?;
        let image_name = image.map(Format::extension);
        if image.is_some() && is_address(&text) {
            let form = form_name("address", image_name);
            let json = serde_json::json!({ "id": text.trim() });
            return Ok(tell(
                older::said_elsewhere(text.trim(), &form),
                &json.to_string(),
                output,
            ));
        }
        let signed = SignedCredential::parse(&text).map_err(|error| self.wrong(&error))?;
        let json = credential_json(&signed);
        let document = json::parse(&json).map_err(|error| self.wrong(&error))?;
        let form = match signed.form() {
            Form::Jwt => "jwt",
            Form::DataIntegrity => "json",
        };
        let mut form = form_name(form, image_name);
        if let Some(version) = older_version(&document) {
            return Ok(tell(
                older::said(&document, version, signed.form() == Form::Jwt, &form),
                &json,
                output,
            ));
        }
        // A part that its holder shows may be without it.
        if document.get("credentialSubject").is_none() && !document.has_type("VerifiableCredential")
        {
            return Err(self.wrong(&"this is no badge: it has no `credentialSubject`"));
        }
        if signed.form() == Form::DataIntegrity && document.list("proof").is_empty() {
            form.push_str(", not signed");
        }
        let said = if record::is_record(&document) {
            record::said(&document, form)
        } else {
            badge::said(&document, self.language.as_ref(), form)
        };
        Ok(tell(said, &json, output))
    }

    /// The text of the badge: that of 3.0, if a picture has both.
    fn find(&self, output: &mut Output) -> Result<Found, Error> {
        let bytes = files::read_badge(&self.badge)?;
        let image = Format::detect(&bytes);
        if image.is_none() {
            let text = String::from_utf8(bytes).map_err(|_| self.wrong(&"this is no badge"))?;
            return Ok(Found { image, text });
        }
        let extracted = match bake::extract(&bytes) {
            Err(BakeError::OpenBadges2) => bake::extract_assertion(&bytes),
            extracted => extracted,
        };
        let extracted = extracted.map_err(|fault| self.wrong(&fault))?;
        for note in &extracted.notes {
            output.message(format_args!("note: {note}"));
        }
        Ok(Found {
            image,
            text: extracted.text,
        })
    }

    fn wrong(&self, what: &dyn std::fmt::Display) -> Error {
        Error::new(Code::Data, format!("`{}`: {what}", self.badge.display()))
    }
}

/// Prints what a badge says, or its JSON.
fn tell(said: Said, json: &str, output: &mut Output) -> Code {
    if output.is_json() {
        output.line(one_line(json));
        return Code::Success;
    }
    output.line(format_args!(
        "{UNSURE}Not verified{UNSURE:#}: this is what the badge says of itself. \
         `badges verify` checks whether it is so.\n"
    ));
    for (label, lines) in said {
        print(label, &lines, output);
    }
    Code::Success
}

/// Whether a picture has an address in the place of a badge, as those of 2.0 may.
fn is_address(text: &str) -> bool {
    let text = text.trim();
    ["https://", "http://"]
        .iter()
        .any(|scheme| text.starts_with(scheme))
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
