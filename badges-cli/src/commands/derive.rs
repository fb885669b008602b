use std::path::{Path, PathBuf};

use badges_core::bake::{self, Format};
use badges_core::credential::SignedCredential;
use badges_core::fetch::verify_online;
use badges_core::json;
use badges_core::jsonld::Policy;
use badges_core::proof::sd_jwt::SdJwt;
use badges_core::proof::selective::{self, Choice};
use badges_core::verify::{Question, Verdict};
use clap::Args;
use serde::Serialize;
use serde_json::Value;

use super::network::Network;
use super::verify::headline;
use crate::error::{Code, Error};
use crate::output::{FAINT, Handed, Output, printable, word};
use crate::{ambient, files};

/// Show only a part of a badge
///
/// A badge that was signed with `ecdsa-sd-2023` lets its holder choose what others see of it. This
/// makes a new badge with the parts that you choose, and those which the issuer wants to be seen.
/// The issuer's signature holds for it, and it tells nothing of the rest.
///
/// Without `--show`, it says what can be chosen:
///
///     badges derive my-badge.json
///     badges derive my-badge.json --show /credentialSubject/identifier/0 -o to-show.json
///     badges derive my-badge.png --show /name --show /evidence/0 -o to-show.png
///
/// Keep the badge itself to yourself: whoever has it can show all of it. If it is in a picture, `-o`
/// with the same ending makes a picture that carries the part instead of the whole.
///
/// The part is verified before it is written, for which the issuer's keys and its list of revoked
/// badges may be fetched. If the badge says nothing of its end, or of where its status is, verifiers
/// call every part of it unknown: they cannot see that you have not left that out.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Derive {
    /// The badge: JSON, or a PNG or SVG picture that carries it; `-` reads standard input.
    #[arg(value_name = "BADGE")]
    badge: PathBuf,
    /// A part to show, as it is listed: a JSON pointer. May be given several times.
    #[arg(long, value_name = "POINTER")]
    show: Vec<String>,
    /// Write to this file instead of standard output.
    #[arg(short, long, value_name = "FILE", requires = "show")]
    output: Option<PathBuf>,
    /// Replace the file if it exists.
    #[arg(long, requires = "output")]
    force: bool,
    #[command(flatten)]
    network: Network,
}

/// What can be shown, as JSON.
#[derive(Serialize)]
struct Line<'r> {
    pointer: &'r str,
    mandatory: bool,
    value: Option<&'r Value>,
}

/// The result as JSON.
#[derive(Serialize)]
struct Answer<'r> {
    verdict: &'static str,
    #[serde(flatten)]
    handed: Handed<'r>,
}

impl Derive {
    pub(crate) fn run(self, output: &mut Output) -> Result<Code, Error> {
        let bytes = files::read_badge(&self.badge)?;
        let image = Format::detect(&bytes);
        let text = match image {
            Some(_) => {
                bake::extract(&bytes)
                    .map_err(|fault| self.wrong(&fault))?
                    .text
            }
            None => String::from_utf8(bytes.clone())
                .map_err(|_| self.wrong(&"it is neither text nor a picture"))?,
        };
        if SdJwt::is_like(text.trim()) {
            return Err(self
                .wrong(&"this is an SD-JWT")
                .hint("only badges with a proof of `ecdsa-sd-2023` are shown in part here"));
        }
        let badge = SignedCredential::parse(&text).map_err(|error| self.fault(&error))?;
        if self.show.is_empty() {
            return self.list(&badge, output);
        }
        let pointers: Vec<&str> = self.show.iter().map(String::as_str).collect();
        let part = badge.derive(&pointers, Policy::Badge);
        let part = part.map_err(|error| self.fault(&error))?;
        let verdict = self.verify(&part, output)?;
        if let Some(path) = &self.output {
            match image.filter(|format| has_ending(path, *format)) {
                Some(_) => {
                    let baked =
                        bake::bake(part.text(), &bytes).map_err(|fault| self.wrong(&fault))?;
                    files::write(path, &baked, self.force)?;
                }
                None => files::write(path, part.text().as_bytes(), self.force)?,
            }
        }
        let shown = json::parse(part.text()).ok();
        if shown.is_some_and(|shown| shown.get("credentialSubject").is_none()) {
            output.note(
                "it says nothing of its holder or of what was achieved; others may refuse it",
            );
        }
        output.note(format_args!(
            "give away the part only: whoever has `{}` can show all of it",
            self.badge.display()
        ));
        match (&self.output, output.is_json()) {
            (None, false) => output.line(part.text()),
            (Some(path), false) => output.line(format_args!("the part is in {}", path.display())),
            (path, true) => output.object(&Answer {
                verdict: verdict.as_str(),
                handed: Handed::new(part.text(), path.as_deref()),
            }),
        }
        Ok(Code::Success)
    }

    /// Makes sure that nothing is handed out that nobody would believe.
    fn verify(&self, part: &SignedCredential, output: &mut Output) -> Result<Verdict, Error> {
        let now = ambient::now();
        let documents = self.network.documents()?;
        let loader = self.network.loader(now)?;
        let question = Question::new(&documents, now);
        let report = verify_online(part.text().as_bytes(), &question, &loader);
        let verdict = report.verdict();
        output.message(headline("the part", &report));
        if verdict == Verdict::Invalid {
            let what = "the part does not verify, so it is not written";
            return Err(Error::new(Code::Negative, what).hint(format!(
                "something is wrong with the badge itself; `badges verify {} --full` says more",
                word(&self.badge)
            )));
        }
        Ok(verdict)
    }

    /// Says what can be shown.
    fn list(&self, badge: &SignedCredential, output: &mut Output) -> Result<Code, Error> {
        let choices = badge.choices(Policy::Badge);
        let choices = choices.map_err(|error| self.fault(&error))?;
        // It was read before, as strictly as can be.
        let document: Value = serde_json::from_str(badge.text()).unwrap_or_default();
        if output.is_json() {
            for Choice { pointer, mandatory } in &choices {
                output.object(&Line {
                    pointer,
                    mandatory: *mandatory,
                    value: document.pointer(pointer),
                });
            }
            return Ok(Code::Success);
        }
        let shown: Vec<(&Choice, &Value)> = choices
            .iter()
            .filter_map(|choice| Some((choice, document.pointer(&choice.pointer)?)))
            .filter(|(choice, value)| is_plain(&choice.pointer, value))
            .collect();
        let width = shown.iter().map(|(choice, _)| choice.pointer.len()).max();
        let width = width.unwrap_or_default();
        for (title, mandatory) in [("Always shown", true), ("Shown if you choose", false)] {
            output.line(title);
            let choices = shown
                .iter()
                .filter(|(choice, _)| choice.mandatory == mandatory);
            for (choice, value) in choices {
                output.line(format_args!(
                    "  {:<width$}  {FAINT}{}{FAINT:#}",
                    printable(&choice.pointer),
                    printable(&preview(value))
                ));
            }
        }
        output.message(format_args!(
            "\nChoose with `--show`, once or more: badges derive {} --show POINTER -o FILE",
            word(&self.badge)
        ));
        let finer = choices.len() - shown.len();
        if finer > 0 {
            output.message(format_args!("{finer} finer ones are listed with `--json`."));
        }
        Ok(Code::Success)
    }

    fn wrong(&self, what: &dyn std::fmt::Display) -> Error {
        Error::new(Code::Data, format!("`{}`: {what}", self.badge.display()))
    }

    fn fault(&self, error: &badges_core::Error) -> Error {
        use badges_core::Error as Fault;
        match error {
            Fault::NotData => self
                .wrong(&"a JWT can only be shown whole")
                .hint("ask the issuer for a badge that is signed with `ecdsa-sd-2023`"),
            Fault::Selective(selective::Error::NoBaseProof) => self
                .wrong(&"it has no base proof of `ecdsa-sd-2023`, so it can only be shown whole")
                .hint(
                    "take the badge as the issuer gave it to you, or ask for one that is signed with \
                     `ecdsa-sd-2023`",
                ),
            Fault::Selective(selective::Error::Pointer(fault)) => {
                Error::new(Code::Usage, format!("`--show`: {fault}")).hint(format!(
                    "`badges derive {}` lists what can be shown",
                    word(&self.badge)
                ))
            }
            error => self.wrong(error),
        }
    }
}

/// Whether a file is to be such a picture.
fn has_ending(path: &Path, format: Format) -> bool {
    path.extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case(format.extension()))
}

/// Whether people would choose this: not the details of details, and items rather than their list.
fn is_plain(pointer: &str, value: &Value) -> bool {
    const DEPTH: usize = 3;
    pointer.matches('/').count() <= DEPTH && !value.is_array()
}

/// A value in a few words.
fn preview(value: &Value) -> String {
    const LONGEST: usize = 50;
    const TELLING: [&str; 6] = [
        "name",
        "targetName",
        "identityHash",
        "narrative",
        "value",
        "id",
    ];
    let text = match value {
        Value::Object(members) => {
            let mut telling = TELLING
                .into_iter()
                .filter_map(|name| members.get(name)?.as_str());
            telling.next().map_or_else(
                || "all of it".to_owned(),
                |text| format!("{text}, all of it"),
            )
        }
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None if line.len() < text.len() => format!("{line} …"),
        None => text,
    }
}
