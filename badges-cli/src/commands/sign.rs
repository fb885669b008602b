use std::path::PathBuf;

use badges_core::credential::{SignedCredential, UnsignedCredential, verification_method};
use badges_core::did;
use badges_core::json::{self, Value};
use badges_core::key::{Algorithm, SigningKey};
use badges_core::model::{DateTimeZ, issuer_id};
use badges_core::proof::data_integrity::ProofOptions;
use badges_core::proof::selective::{self, Randomness};
use badges_core::proof::suite::Suite;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use serde::Serialize;

use crate::error::{Code, Error};
use crate::folder::keyfile::{PassphraseOptions, Unlock};
use crate::folder::period::When;
use crate::output::{Handed, Output};
use crate::{ambient, files};

/// Sign a credential that somebody has written
///
/// Takes a badge of Open Badges 3.0 (or an endorsement, a status list, a learner record) as JSON,
/// without a proof, and adds one. What does not conform to the standard is refused. For a list of
/// people, `badges issue` writes the badges too.
///
/// How it is signed is a cryptosuite:
///
///     eddsa-rdfc-2022  what `badges issue` uses, with an Ed25519 key
///     eddsa-jcs-2022   the same, over the JSON itself
///     ecdsa-rdfc-2019  with a P-256 or P-384 key
///     ecdsa-jcs-2019   the same, over the JSON itself
///     ecdsa-sd-2023    with a P-256 key: its holder can show parts of it, by `badges derive`
///
///     badges sign badge.json --key ed25519.json -o signed.json
///     badges sign badge.json --key p256.json --suite ecdsa-sd-2023 -o signed.json
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Sign {
    /// The credential as JSON, without a proof; `-` reads standard input.
    #[arg(value_name = "CREDENTIAL")]
    credential: PathBuf,
    /// The issuer's key, made by `badges keygen`.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The cryptosuite. By default `eddsa-rdfc-2022` with an Ed25519 key, `ecdsa-rdfc-2019` with a
    /// P-256 or P-384 key.
    #[arg(long, value_parser = suite())]
    suite: Option<Suite>,
    /// The address under which the issuer lists the key. By default `<issuer>#<public key>`, if the
    /// issuer is a did:web, or the did:key of this key.
    #[arg(long, value_name = "URL")]
    verification_method: Option<String>,
    /// With `ecdsa-sd-2023`: a part that its holder cannot hide, as a JSON pointer such as `/name`.
    /// May be given several times. By default `/credentialSubject/achievement`; issuer, dates and
    /// status in any case.
    #[arg(long, value_name = "POINTER")]
    mandatory: Vec<String>,
    /// The time of signing that the proof names, such as `2026-05-01`. By default now.
    #[arg(long, value_name = "TIME")]
    created: Option<When>,
    /// Write to this file instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace the file if it exists.
    #[arg(long, requires = "output")]
    force: bool,
    #[command(flatten)]
    passphrase: PassphraseOptions,
}

/// What can sign a badge.
const SUITES: [Suite; 5] = [
    Suite::EddsaRdfc2022,
    Suite::EddsaJcs2022,
    Suite::EcdsaRdfc2019,
    Suite::EcdsaJcs2019,
    Suite::EcdsaSd2023,
];

/// The result as JSON.
#[derive(Serialize)]
struct Answer<'r> {
    suite: &'static str,
    #[serde(rename = "verificationMethod")]
    verification_method: &'r str,
    #[serde(flatten)]
    handed: Handed<'r>,
}

impl Sign {
    pub(crate) fn run(self, output: &mut Output) -> Result<Code, Error> {
        let text = files::read_text(&self.credential)?;
        let unsigned = UnsignedCredential::from_json(&text).map_err(|error| self.wrong(&error))?;
        let document = json::parse(unsigned.text()).map_err(|error| self.wrong(&error.into()))?;
        let key = Unlock::new(&self.passphrase).read(&self.key)?;
        let suite = self.suite(&key)?;
        if suite != Suite::EcdsaSd2023 && !self.mandatory.is_empty() {
            let what = format!("with `{}` everything is always shown", suite.name());
            return Err(Error::new(Code::Usage, what)
                .hint("leave `--mandatory` out, or sign with `--suite ecdsa-sd-2023`"));
        }
        let created = self
            .created
            .map_or_else(ambient::now, |created| created.start());
        let options = ProofOptions {
            suite,
            verification_method: self.method(&document, &key)?,
            created: DateTimeZ::from(created).to_string(),
            ..ProofOptions::default()
        };
        let signed = self.sign(&unsigned, &document, &key, &options)?;
        if let Some(path) = &self.output {
            files::write(path, signed.text().as_bytes(), self.force)?;
        }
        advise(&document, &options, output);
        match (&self.output, output.is_json()) {
            (None, false) => output.line(signed.text()),
            (Some(path), false) => output.line(format_args!(
                "signed with {}, in {}",
                suite.name(),
                path.display()
            )),
            (path, true) => output.object(&Answer {
                suite: suite.name(),
                verification_method: &options.verification_method,
                handed: Handed::new(signed.text(), path.as_deref()),
            }),
        }
        Ok(Code::Success)
    }

    fn sign(
        &self,
        unsigned: &UnsignedCredential,
        document: &Value<'_>,
        key: &SigningKey,
        options: &ProofOptions,
    ) -> Result<SignedCredential, Error> {
        let signed = if options.suite == Suite::EcdsaSd2023 {
            let mandatory = self.mandatory(document);
            let randomness = Randomness {
                hmac_key: ambient::random()?,
                proof_key: ambient::random()?,
            };
            unsigned.sign_selectively(key, options, &mandatory, &randomness)
        } else {
            unsigned.sign(key, options)
        };
        signed.map_err(|error| match error {
            badges_core::Error::Selective(selective::Error::Pointer(fault)) => {
                Error::new(Code::Usage, format!("`--mandatory`: {fault}"))
                    .hint("a pointer says the way from the top, such as `/credentialSubject/id`")
            }
            error => self.wrong(&error),
        })
    }

    /// What is always shown: by default what was achieved, if it is a badge at all.
    fn mandatory(&self, document: &Value<'_>) -> Vec<&str> {
        const ACHIEVEMENT: &str = "/credentialSubject/achievement";
        let subject = document.get("credentialSubject");
        match subject.and_then(|subject| subject.get("achievement")) {
            Some(_) if self.mandatory.is_empty() => vec![ACHIEVEMENT],
            _ => self.mandatory.iter().map(String::as_str).collect(),
        }
    }

    /// The suite, which must be one of the key's.
    fn suite(&self, key: &SigningKey) -> Result<Suite, Error> {
        let fits = |suite: &Suite| suite.hashing(key.algorithm()).is_some();
        let kind = match key.algorithm() {
            Algorithm::EdDsa => "an Ed25519",
            Algorithm::Es256 => "a P-256",
            Algorithm::Es384 => "a P-384",
            Algorithm::Es512 => "a P-521",
            Algorithm::Es256K => "a secp256k1",
            Algorithm::Rs256 => "an RSA",
        };
        let wanted = match self.suite {
            Some(suite) => Some(suite).filter(fits),
            // The first of the list that fits: statements before JSON, everything before parts.
            None => SUITES.into_iter().find(fits),
        };
        wanted.ok_or_else(|| {
            let path = self.key.display();
            let needed = match self.suite {
                Some(Suite::EddsaRdfc2022 | Suite::EddsaJcs2022) | None => "ed25519",
                Some(_) => "p256",
            };
            let what = match self.suite {
                Some(suite) => {
                    format!("`{}` does not sign with {kind} key: `{path}`", suite.name())
                }
                None => format!("no cryptosuite signs with {kind} key: `{path}`"),
            };
            Error::new(Code::Usage, what).hint(format!(
                "give another key (`badges keygen --type {needed}` makes one), or another `--suite`"
            ))
        })
    }

    /// The key's address, which must be one where a verifier can find that it is the issuer's.
    fn method(&self, document: &Value<'_>, key: &SigningKey) -> Result<String, Error> {
        if let Some(given) = &self.verification_method {
            return Ok(given.clone());
        }
        let issuer = issuer_id(document).unwrap_or_default();
        let own = did::did_key(key.public_key());
        if own.as_deref() == Some(issuer) || did::web_document_url(issuer).is_some() {
            return Ok(verification_method(issuer, key.public_key()));
        }
        let what = format!("`{issuer}`, the issuer, may list this key anywhere");
        let hint = "say where, with `--verification-method URL`";
        Err(match own {
            Some(own) if issuer.starts_with("did:key:") => Error::new(
                Code::Data,
                format!("the issuer is the key `{issuer}`, and this one is `{own}`"),
            )
            .hint("give the issuer's key, or write this one's did:key into the credential"),
            _ => Error::new(Code::Usage, what).hint(hint),
        })
    }

    fn wrong(&self, error: &badges_core::Error) -> Error {
        let path = self.credential.display();
        match error {
            badges_core::Error::AlreadySigned => {
                Error::new(Code::Data, format!("`{path}`: it is signed already"))
                    .hint("take the member `proof` out, and sign what is left")
            }
            badges_core::Error::Invalid(_) => Error::new(Code::Data, format!("`{path}`: {error}"))
                .hint("correct the credential there"),
            error => Error::new(Code::Data, format!("`{path}`: {error}")),
        }
    }
}

/// What the issuer should know.
fn advise(document: &Value<'_>, options: &ProofOptions, output: &mut Output) {
    let method = &options.verification_method;
    let did = did::did_of(method);
    if let Some(url) = did.and_then(did::web_document_url) {
        output.note(format_args!(
            "verifiers look for the key in {url}, which has to list {method}"
        ));
    }
    if options.suite != Suite::EcdsaSd2023 {
        return;
    }
    output.note(
        "this is for its holder alone, who shows parts of it with `badges derive`: whoever has the \
         file can show all of it",
    );
    for member in ["validUntil", "credentialStatus"] {
        if document.get(member).is_none() {
            output.note(format_args!(
                "it has no `{member}`, so that parts of it verify as unknown: nobody can see that its \
                 holder has not left that out"
            ));
        }
    }
}

fn suite() -> impl clap::builder::TypedValueParser<Value = Suite> {
    PossibleValuesParser::new(SUITES.map(Suite::name)).map(|name| {
        let mut suites = SUITES.into_iter();
        suites
            .find(|suite| suite.name() == name)
            .unwrap_or_default()
    })
}
