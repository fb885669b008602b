mod place;
mod source;

use std::path::PathBuf;

use badges_core::publish::{PublishError, publish};
use clap::Args;
use serde::Serialize;

use crate::error::{Code, Error};
use crate::folder::Folder;
use crate::output::Output;
use place::Place;
use source::Source;

/// Write an issuer's folder as static files, for any web host.
///
/// The files are all that wallets, verifiers and people ask for: the issuer's keys, the achievements,
/// each badge as a page, a picture and a signed document, and the status lists.
///
///     badges publish training -o public
///
/// Upload everything in `public`, files that begin with a dot too, so that `public/issuer.json` is
/// at `<base>/issuer.json`. Publish again after issuing and revoking: only what changed is written,
/// and badges that are no longer in the ledger, or were revoked at their holder's request, go.
///
/// Keys, the ledger and names that no badge tells are never among the files. A badge is found only
/// by those who know its address, which nobody can guess, unless `--list` is given.
///
/// Hosts take the right media types from `_headers` (Netlify, Cloudflare Pages) or `.htaccess`
/// (Apache). Where neither is read, have the host serve
///
///     <base>/status/*         as application/vc+ld+json, kept for 60 seconds
///     <base>/badges/*.jwt     as text/plain
///     everything              with `Access-Control-Allow-Origin: *`
///
/// GitHub Pages cannot be told: most verifiers read its status lists all the same, 1EdTech's public
/// validator may not.
///
/// Where the base has a path, such as `https://example.org/training`, merge `_headers` and
/// `.well-known/jwks.json` into those of `https://example.org`.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Publish {
    /// The issuer's folder.
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Where to write the files.
    #[arg(short, long, value_name = "PUBLIC")]
    output: PathBuf,
    /// Name those whose badges name them, on the achievements' pages, with links to their badges.
    #[arg(long)]
    list: bool,
}

/// What was done, as JSON.
#[derive(Serialize)]
struct Answer {
    base: String,
    badges: usize,
    achievements: usize,
    written: usize,
    unchanged: usize,
    removed: usize,
}

impl From<PublishError> for Error {
    fn from(error: PublishError) -> Self {
        Self::new(Code::Data, error)
            .hint("put it right and publish again; what was published before is still there")
    }
}

impl Publish {
    pub(crate) fn run(self, output: &mut Output) -> Result<Code, Error> {
        let folder = Folder::open(&self.folder)?;
        let _lock = folder.lock()?;
        let source = Source::read(&folder, self.list, output)?;
        let mut place = Place::new(&self.output, &folder, source.issuer().base.did())?;
        let bar = output.progress(source.badges(), "badges");
        for file in publish(source.issuer(), source.read_badges(|| bar.inc(1))) {
            place.put(&file?)?;
        }
        bar.finish_and_clear();
        place.remove_others()?;
        place.sync()?;
        let answer = Answer {
            base: source.issuer().base.to_string(),
            badges: source.badges(),
            achievements: source.issuer().achievements.len(),
            written: place.written,
            unchanged: place.unchanged,
            removed: place.removed,
        };
        self.report(&answer, &source, output);
        Ok(Code::Success)
    }

    fn report(&self, answer: &Answer, source: &Source<'_>, output: &mut Output) {
        if output.is_json() {
            return output.object(answer);
        }
        let place = self.output.display();
        output.line(format_args!(
            "Published {} and {} in `{place}`: {} written, {} unchanged, {} removed.",
            counted(answer.badges, "badge"),
            counted(answer.achievements, "achievement"),
            counted(answer.written, "file"),
            answer.unchanged,
            answer.removed,
        ));
        output.message(format_args!(
            "Upload what is in `{place}` to `{}`, files that begin with a dot too.",
            answer.base
        ));
        if let Some(url) = source.first_badge() {
            output.message(format_args!("Then see for yourself: badges verify {url}"));
        }
    }
}

fn counted(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
