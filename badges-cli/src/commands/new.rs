use std::fs;
use std::path::{Path, PathBuf};

use age::secrecy::SecretString;
use badges_core::did;
use badges_core::key::SigningKey;
use badges_core::model::LanguageTag;
use badges_core::publish::Base;
use clap::Args;

use crate::error::{Code, Error};
use crate::folder::achievement::slug_from;
use crate::folder::files::{self, Access};
use crate::folder::first::{self, FirstAchievement, FirstIssuer};
use crate::folder::issuer::Issuer;
use crate::folder::keyfile::{self, KeyType, PassphraseOptions};
use crate::folder::seed::Seed;
use crate::folder::{Folder, documents, picture};
use crate::output::{Output, word};
use crate::terminal;

/// Make an issuer's folder: who issues, a key, and a first achievement with a picture.
///
/// On a terminal it asks for what the options do not say.
///
///     badges new training --name "Example Wikimedia Chapter" --base https://badges.example.org --plain
///
/// With a web address (`--base`), verifiers find the issuer's keys there, badges can be revoked, and
/// `badges publish` makes the files to put there. It must be yours and stay yours: it stands in every
/// badge. Without one (`--no-web`), badges work at once and need no web site, but prove only that the
/// same key signed them, and can never be revoked.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct New {
    /// The folder to make. By default the current one, which must be empty.
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Who issues the badges.
    #[arg(long)]
    name: Option<String>,
    /// The web address under which badges will be published, such as `https://badges.example.org`.
    #[arg(long, value_name = "URL", conflicts_with = "no_web")]
    base: Option<Base>,
    /// Issue without a web address.
    #[arg(long)]
    no_web: bool,
    /// The issuer in a few words.
    #[arg(long)]
    description: Option<String>,
    /// The issuer's web site.
    #[arg(long)]
    url: Option<String>,
    /// The issuer's e-mail address, for everybody to read.
    #[arg(long)]
    email: Option<String>,
    /// The language of the achievements, such as `en` or `pt-BR`.
    #[arg(long, default_value = "en")]
    language: String,
    /// Seal the key with a passphrase.
    #[arg(long, conflicts_with = "plain")]
    seal: bool,
    /// Keep the key without a passphrase, readable by you only.
    #[arg(long)]
    plain: bool,
    /// The name of the first achievement.
    #[arg(long, value_name = "NAME")]
    achievement_name: Option<String>,
    /// The first achievement in a few words.
    #[arg(long, value_name = "TEXT")]
    achievement_description: Option<String>,
    /// What one has to do for it.
    #[arg(long, value_name = "TEXT")]
    criteria: Option<String>,
    #[command(flatten)]
    passphrase: PassphraseOptions,
}

/// All that is to be known before a folder is made.
struct Answers {
    name: String,
    base: Option<Base>,
    language: LanguageTag,
    passphrase: Option<SecretString>,
    achievement: String,
}

impl New {
    pub(crate) fn run(self, output: &mut Output) -> Result<Code, Error> {
        refuse_if_not_empty(&self.folder)?;
        let answers = self.answers()?;
        let folder = Folder::at(&self.folder);
        let key = KeyType::Ed25519.generate()?;
        let id = match &answers.base {
            Some(base) => base.did().to_owned(),
            None => did::did_key(key.public_key()).unwrap_or_default(),
        };
        let slug = slug_from(&answers.achievement).unwrap_or_else(|| "achievement-1".to_owned());
        let first_issuer = FirstIssuer {
            name: &answers.name,
            description: self.description.as_deref(),
            url: self.url.as_deref(),
            email: self.email.as_deref(),
            language: &answers.language,
            base: answers.base.as_ref(),
            id: &id,
        };
        let description = format!("{}, awarded by {}.", answers.achievement, answers.name);
        let first_achievement = FirstAchievement {
            name: &answers.achievement,
            description: self
                .achievement_description
                .as_deref()
                .unwrap_or(&description),
            criteria: self
                .criteria
                .as_deref()
                .unwrap_or("Took part from beginning to end."),
        };
        first::check(&first_issuer, &first_achievement)?;

        files::create_folder(folder.root(), Access::Public)?;
        files::create_folder(&folder.keys(), Access::Private)?;
        files::create_folder(&folder.achievements(), Access::Public)?;
        let sealed = answers.passphrase.is_some();
        let key_file = folder.keys().join(KeyType::Ed25519.file_name(sealed));
        keyfile::create(&key_file, &key, answers.passphrase.as_ref())?;
        Seed::new()?.create(&folder.seed_file())?;
        let achievement = folder.achievements().join(format!("{slug}.toml"));
        let text = first_achievement.text();
        files::create(&achievement, text.as_bytes(), Access::Public)?;
        picture::draw(&slug, &answers.achievement)?.write(&folder.achievements())?;
        // The settings come last: with them it is an issuer's folder.
        let text = first_issuer.text();
        files::create(&folder.settings(), text.as_bytes(), Access::Public)?;

        let issuer = folder.issuer()?;
        write_documents(&folder, &issuer, &key)?;
        report(&folder, &issuer, &slug, sealed, output);
        Ok(Code::Success)
    }

    fn answers(&self) -> Result<Answers, Error> {
        let language = LanguageTag::from_mediawiki(&self.language)
            .map_err(|error| Error::new(Code::Usage, error).hint("write it such as `pt-BR`"))?;
        let wants_seal = self.seal || (self.passphrase.is_given() && !self.plain);
        if !terminal::is_there() {
            self.check_complete(wants_seal)?;
        }
        let name = match &self.name {
            Some(name) => name.clone(),
            None => terminal::ask("Who issues the badges", None)?,
        };
        let base = match &self.base {
            Some(base) => Some(base.clone()),
            None if self.no_web => None,
            None => ask_base()?,
        };
        let seal = wants_seal
            || (!self.plain && terminal::confirm("Seal the key with a passphrase?", true)?);
        let passphrase = if seal {
            Some(self.passphrase.choose()?)
        } else {
            None
        };
        let achievement = match &self.achievement_name {
            Some(name) => name.clone(),
            None if terminal::is_there() => {
                terminal::ask("What can be achieved first", Some("Workshop Participant"))?
            }
            None => "Workshop Participant".to_owned(),
        };
        Ok(Answers {
            name,
            base,
            language,
            passphrase,
            achievement,
        })
    }

    /// Without a person to ask, all must be said.
    fn check_complete(&self, wants_seal: bool) -> Result<(), Error> {
        let needed = [
            (self.name.is_none(), "`--name NAME`"),
            (
                self.base.is_none() && !self.no_web,
                "`--base https://…` or `--no-web`",
            ),
            (!wants_seal && !self.plain, "`--seal` or `--plain`"),
        ];
        let missing: Vec<&str> = needed
            .iter()
            .filter(|(missing, _)| *missing)
            .map(|(_, option)| *option)
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(Error::new(
            Code::Usage,
            format!(
                "there is no terminal to ask at, and these are missing: {}",
                missing.join(", ")
            ),
        )
        .hint("`badges new --help` explains them"))
    }
}

fn refuse_if_not_empty(path: &Path) -> Result<(), Error> {
    let mut entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Error::reading(path, &error)),
    };
    match entries.next() {
        None => Ok(()),
        Some(_) => Err(Error::new(
            Code::CannotCreate,
            format!("the folder `{}` is not empty", path.display()),
        )
        .hint("name another one: `badges new FOLDER`")),
    }
}

fn ask_base() -> Result<Option<Base>, Error> {
    let question = "Web address where badges will be published, such as \
                    https://badges.example.org (empty: none)";
    loop {
        let answer = terminal::ask(question, Some(""))?;
        match answer.parse() {
            _ if answer.is_empty() => return Ok(None),
            Ok(base) => return Ok(Some(base)),
            Err(error) => terminal::tell(&error),
        }
    }
}

fn write_documents(folder: &Folder, issuer: &Issuer, key: &SigningKey) -> Result<(), Error> {
    if issuer.base().is_some() {
        let keys = [key.public_key()];
        documents::update_did_document(&folder.did_document(), issuer.id(), &keys)?;
    }
    documents::write_map(&folder.documents(), issuer.base(), std::iter::empty())
}

fn report(folder: &Folder, issuer: &Issuer, slug: &str, sealed: bool, output: &mut Output) {
    let root = folder.root();
    let achievement = folder.achievements().join(format!("{slug}.toml"));
    let key = folder.keys().join(KeyType::Ed25519.file_name(sealed));
    if output.is_json() {
        output.object(&serde_json::json!({
            "folder": root,
            "issuer": issuer.id(),
            "key": key,
            "achievement": achievement,
        }));
        return;
    }
    output.line(format_args!(
        "Made the folder of `{}`: {}",
        issuer.profile.name.as_deref().unwrap_or_default(),
        issuer.id()
    ));
    output.line(format_args!(
        "  {}  the key: keep a copy, and show it to nobody",
        key.display()
    ));
    output.line(format_args!(
        "  {}  what can be achieved, with a picture",
        achievement.display()
    ));
    output.line("Next:");
    output.line(format_args!(
        "  1. edit `{}` and `{}`",
        folder.settings().display(),
        achievement.display()
    ));
    output.line("  2. write the user names of the participants into a file, one a line");
    output.line(format_args!(
        "  3. badges issue {} names.txt",
        word(&achievement)
    ));
    if issuer.base().is_none() {
        output.note(
            "without a web address badges can never be revoked, and the issuer's name is not proved",
        );
    }
}
