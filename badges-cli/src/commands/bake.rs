use std::path::PathBuf;

use badges_core::bake::{self, BakeError, Format, escape_json};
use badges_core::credential::{Form, SignedCredential};
use badges_core::json;
use clap::Args;
use serde::Serialize;

use crate::error::{Code, Error};
use crate::files;
use crate::output::Output;

/// Put a signed badge into a picture
///
/// The result is a picture like any other, in the same format (PNG or SVG), that carries the badge
/// inside: people see the picture, and software that knows Open Badges finds the signature. A badge
/// that the picture carried before is replaced; all else in it stays as it is. A learner record goes
/// into the place that CLR 2.0 has for it.
///
/// The badge's text goes in as it is. Only braces inside strings are escaped, because a widely used
/// wallet counts them; this changes no meaning, and no signature in JSON.
///
///     badges bake badge.json picture.png -o badge.png
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Bake {
    /// The signed badge, as JSON or JWT; `-` reads standard input.
    #[arg(value_name = "CREDENTIAL")]
    credential: PathBuf,
    /// The picture: PNG or SVG.
    #[arg(value_name = "IMAGE")]
    image: PathBuf,
    /// The new picture.
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,
    /// Replace the new picture if it exists.
    #[arg(long)]
    force: bool,
}

/// The result as JSON.
#[derive(Serialize)]
struct Answer {
    written: String,
    image: &'static str,
    form: &'static str,
    replaced: bool,
}

impl Bake {
    pub(crate) fn run(self, output: &mut Output) -> Result<Code, Error> {
        let credential = self.read_credential()?;
        let image = files::read_badge(&self.image)?;
        self.check_ending(&image)?;
        let baked = bake::bake(credential.text(), &image).map_err(|fault| self.fault(&fault))?;
        files::write(&self.output, &baked, self.force)?;
        let replaced = bake::extract(&image).is_ok();
        if credential.form() == Form::DataIntegrity {
            if !is_signed(credential.text()) {
                output.message("warning: this badge is not signed; nobody can verify it");
            }
            if escape_json(credential.text()) != credential.text() {
                output.message("note: braces inside strings were escaped; the JSON is equal");
            }
        }
        if replaced {
            output.message("note: the badge that the picture carried was replaced");
        }
        if output.is_json() {
            output.object(&Answer {
                written: self.output.display().to_string(),
                image: Format::detect(&baked).map_or("", Format::extension),
                form: match credential.form() {
                    Form::DataIntegrity => "json",
                    Form::Jwt => "jwt",
                },
                replaced,
            });
        } else {
            output.line(format_args!("baked into {}", self.output.display()));
        }
        Ok(Code::Success)
    }

    fn read_credential(&self) -> Result<SignedCredential, Error> {
        let wrong = |what: &dyn std::fmt::Display| {
            Error::new(
                Code::Data,
                format!("`{}`: {what}", self.credential.display()),
            )
        };
        let bytes = files::read_badge(&self.credential)?;
        if Format::detect(&bytes).is_some() {
            return Err(wrong(&"this is a picture").hint("the badge comes first, then the picture"));
        }
        let text = String::from_utf8(bytes).map_err(|_| wrong(&"it is not UTF-8 text"))?;
        let credential = SignedCredential::parse(&text).map_err(|error| wrong(&error))?;
        if !is_credential(&credential) {
            return Err(wrong(&"this is no badge of Open Badges 3.0")
                .hint("a badge has the type `VerifiableCredential`"));
        }
        Ok(credential)
    }

    /// The new picture has the format of the old one, and must not be named as one of another.
    fn check_ending(&self, image: &[u8]) -> Result<(), Error> {
        const PICTURES: [&str; 6] = ["gif", "jpeg", "jpg", "png", "svg", "webp"];
        let ending = self.output.extension().and_then(|ending| ending.to_str());
        let ending = ending.unwrap_or_default().to_ascii_lowercase();
        match Format::detect(image).map(Format::extension) {
            Some(format) if format != ending && PICTURES.contains(&ending.as_str()) => {
                let (image, output) = (self.image.display(), self.output.display());
                let what = format!(
                    "`{image}` is {}, and so would `{output}` be",
                    format.to_uppercase()
                );
                let better = self.output.with_extension(format);
                Err(Error::new(Code::Usage, what)
                    .hint(format_args!("name it `{}`", better.display())))
            }
            _ => Ok(()),
        }
    }

    fn fault(&self, fault: &BakeError) -> Error {
        let path = match fault {
            BakeError::NotACredential | BakeError::NotJson { .. } | BakeError::TextTooLong => {
                &self.credential
            }
            _ => &self.image,
        };
        Error::new(Code::Data, format!("`{}`: {fault}", path.display()))
    }
}

fn is_credential(credential: &SignedCredential) -> bool {
    json::parse(&credential.json()).is_ok_and(|document| {
        // A JWT of version 1.1 has the credential in a claim.
        let it = document.get("vc").unwrap_or(&document);
        it.has_type("VerifiableCredential") || it.get("credentialSubject").is_some()
    })
}

fn is_signed(text: &str) -> bool {
    json::parse(text).is_ok_and(|document| !document.list("proof").is_empty())
}
