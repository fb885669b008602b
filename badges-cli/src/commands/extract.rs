use std::path::PathBuf;

use badges_core::bake::{self, BakeError, Extracted, Note};
use clap::Args;
use serde::Serialize;

use crate::error::{Code, Error};
use crate::files;
use crate::output::{Handed, Output};

/// Take the signed badge out of a picture
///
/// A baked badge is a PNG or SVG picture that carries the signed badge inside, as JSON or JWT. This
/// writes what it carries, byte for byte, and checks nothing of it: `badges verify` does that, and
/// takes the picture as it is. A learner record (CLR 2.0) comes out too, and from a picture that has
/// nothing newer the badge of Open Badges 2.0, which may be no more than an address.
///
/// How the picture departs from the standard, if it does, is told on standard error.
///
///     badges extract badge.png -o badge.json
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Extract {
    /// The picture; `-` reads standard input.
    #[arg(value_name = "IMAGE")]
    image: PathBuf,
    /// Write to this file instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace the file if it exists.
    #[arg(long, requires = "output")]
    force: bool,
}

/// The result as JSON.
#[derive(Serialize)]
struct Answer<'r> {
    source: String,
    image: &'static str,
    notes: Vec<&'static str>,
    #[serde(flatten)]
    handed: Handed<'r>,
}

impl Extract {
    pub(crate) fn run(self, output: &mut Output) -> Result<Code, Error> {
        let image = files::read_badge(&self.image)?;
        let (extracted, is_older) = match bake::extract(&image) {
            Err(BakeError::OpenBadges2) => (bake::extract_assertion(&image), true),
            extracted => (extracted, false),
        };
        let extracted = extracted.map_err(|fault| self.error(&fault))?;
        for note in &extracted.notes {
            output.message(format_args!("note: {note}"));
        }
        if is_older {
            output.message("note: this is a badge of Open Badges 2.0 or before");
        }
        if let Some(path) = &self.output {
            files::write(path, extracted.text.as_bytes(), self.force)?;
        }
        if output.is_json() {
            output.object(&self.result(&extracted, is_older));
        } else if self.output.is_none() {
            output.bytes(extracted.text.as_bytes());
        }
        Ok(Code::Success)
    }

    fn result<'r>(&self, extracted: &'r Extracted, is_older: bool) -> Answer<'r> {
        let older = is_older.then(|| BakeError::OpenBadges2.id());
        Answer {
            source: self.image.display().to_string(),
            image: extracted.format.extension(),
            notes: extracted.notes.iter().map(Note::id).chain(older).collect(),
            handed: Handed::new(&extracted.text, self.output.as_deref()),
        }
    }

    fn error(&self, fault: &BakeError) -> Error {
        let error = Error::new(Code::Data, format!("`{}`: {fault}", self.image.display()));
        match fault {
            BakeError::NotAnImage => error.hint("a badge as JSON or JWT needs no extracting"),
            BakeError::NoCredential => {
                error.hint("somebody may have saved the picture anew: ask for the original file")
            }
            _ => error,
        }
    }
}
