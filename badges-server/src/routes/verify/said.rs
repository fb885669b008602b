//! What a badge says, whether or not it is true: in its own words, harmless, and not too long.

use axum::body::Bytes;
use badges_core::SignedCredential;
use badges_core::bake::{Format, extract};
use badges_core::json::{self, Value};
use badges_core::markup::{Markup, link};
use badges_core::model::parse_date_time;
use badges_core::verify::{Check, Outcome, Passed, Report};
use badges_core::writing::on_one_line;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::i18n;
use crate::page::Ctx;

/// What a badge says.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Its picture, as a `data:` URL.
    pub(super) picture: Option<String>,
    /// Whether that is the picture around the badge, which no signature covers.
    pub(super) picture_unsigned: bool,
    /// The language of its words, as it says.
    pub(super) language: Option<String>,
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    /// What the issuer calls itself, and its id.
    pub(super) issuer: Option<String>,
    pub(super) issuer_id: Option<String>,
    /// Who earned it, as far as it is to be read, and the id.
    pub(super) holders: Vec<String>,
    pub(super) holder_id: Option<String>,
    /// Whether the holder stands in it as a hash.
    pub(super) hashed: bool,
    /// Days in words.
    pub(super) awarded: Option<String>,
    pub(super) from: Option<String>,
    pub(super) until: Option<String>,
    pub(super) criteria: Option<Markup>,
    pub(super) criteria_link: Option<String>,
    pub(super) narrative: Option<Markup>,
    pub(super) evidence: Vec<Evidence>,
}

/// What shows that it was achieved.
#[derive(Debug)]
pub(super) struct Evidence {
    pub(super) name: String,
    pub(super) link: Option<String>,
}

/// The longest name, description and other text, in characters.
const LONGEST_NAME: usize = 300;
const LONGEST_DESCRIPTION: usize = 2_000;
const LONGEST_TEXT: usize = 20_000;
/// How many holders, pieces of evidence are shown.
const MOST: usize = 20;
/// The largest picture that is shown: 1 MiB.
const LARGEST_PICTURE: usize = 1 << 20;

impl Said {
    /// Reads a file that is a badge in any form; nothing when the report says that there is none.
    pub(super) fn read(ctx: &Ctx, file: &Bytes, report: &Report) -> Option<Self> {
        let summary = report.credential.as_ref()?;
        let format = Format::detect(file);
        let text = match format {
            Some(_) => extract(file).ok()?.text,
            None => std::str::from_utf8(file).ok()?.to_owned(),
        };
        let json = SignedCredential::parse(&text).ok()?.json();
        let document = json::parse(&json).ok()?;
        let credential = document.get("vc").unwrap_or(&document);
        let subject = credential.list("credentialSubject").first();
        let achievement = subject.and_then(|subject| subject.get("achievement"));
        let of_achievement =
            |name: &str| achievement.and_then(|achievement| achievement.text(name));
        let criteria = achievement.and_then(|achievement| achievement.get("criteria"));
        let markdown = |text: &str| Markup::markdown(cut(text, LONGEST_TEXT));
        let line = |text: &str| line(text, LONGEST_NAME);
        let day = |text: &Option<String>| day(ctx, text.as_deref()?);
        let holders = summary
            .identifiers
            .iter()
            .filter_map(|identifier| line(identifier.identity.as_deref()?));
        let around = format.and_then(|format| picture(format.media_type(), file));
        let said = Self {
            picture_unsigned: around.is_some(),
            picture: around.or_else(|| data_picture(achievement?)),
            language: of_achievement("inLanguage")
                .filter(|tag| is_tag(tag))
                .map(str::to_owned),
            name: summary.name.as_deref().and_then(line),
            description: of_achievement("description")
                .or_else(|| credential.text("description"))
                .and_then(|text| self::line(text, LONGEST_DESCRIPTION)),
            issuer: summary.issuer.name.as_deref().and_then(line),
            issuer_id: summary.issuer.id.as_deref().and_then(line),
            holders: holders.take(MOST).collect(),
            holder_id: summary.subject.as_deref().and_then(line),
            hashed: summary
                .identifiers
                .iter()
                .any(|identifier| identifier.hashed),
            awarded: day(&summary.awarded_date),
            from: day(&summary.valid_from),
            until: day(&summary.valid_until),
            criteria: criteria
                .and_then(|criteria| criteria.text("narrative"))
                .map(markdown),
            criteria_link: criteria
                .and_then(|criteria| criteria.text("id"))
                .and_then(short_link),
            narrative: subject
                .and_then(|subject| subject.text("narrative"))
                .map(markdown),
            evidence: credential
                .list("evidence")
                .iter()
                .filter_map(Evidence::read)
                .take(MOST)
                .collect(),
        };
        // What counts of a hosted badge stands at its address, and not in the copy that was given.
        let mut proofs = report.outcomes(Check::Proof);
        let is_hosted = proofs.any(|proof| matches!(proof, Outcome::Passed(Passed::Hosted { .. })));
        Some(if is_hosted { said.summary() } else { said })
    }

    /// Without what the report does not have.
    fn summary(self) -> Self {
        Self {
            language: None,
            description: None,
            criteria: None,
            criteria_link: None,
            narrative: None,
            evidence: Vec::new(),
            ..self
        }
    }
}

impl Evidence {
    fn read(evidence: &Value<'_>) -> Option<Self> {
        let link = evidence.text("id").and_then(short_link);
        let name = evidence.text("name").or_else(|| evidence.text("genre"));
        let name = name.and_then(|name| line(name, LONGEST_NAME));
        Some(Self {
            name: name.or_else(|| link.clone())?,
            link,
        })
    }
}

fn line(text: &str, longest: usize) -> Option<String> {
    let line = on_one_line(cut(text, longest));
    (!line.is_empty()).then_some(line)
}

fn cut(text: &str, longest: usize) -> &str {
    text.char_indices()
        .nth(longest)
        .map_or(text, |(end, _)| &text[..end])
}

fn short_link(target: &str) -> Option<String> {
    link(target).filter(|target| target.len() <= 2_000)
}

/// A day or a moment in words; what is no time, as it was written.
fn day(ctx: &Ctx, text: &str) -> Option<String> {
    match parse_date_time(text) {
        Ok(moment) => Some(i18n::moment(ctx.lang, moment)),
        Err(_) => line(text, LONGEST_NAME),
    }
}

/// Whether a text can stand in `lang` (BCP 47, in its widest form).
fn is_tag(text: &str) -> bool {
    let part = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    text.len() <= 35 && text.split('-').all(part)
}

/// A picture as an address of its own: in a page it runs no script and loads nothing.
fn picture(media_type: &str, bytes: &[u8]) -> Option<String> {
    (bytes.len() <= LARGEST_PICTURE)
        .then(|| format!("data:{media_type};base64,{}", STANDARD.encode(bytes)))
}

/// The picture that stands in the badge itself. Those that stand elsewhere are not fetched.
fn data_picture(achievement: &Value<'_>) -> Option<String> {
    let image = achievement.get("image")?;
    let url = image.text("id").or_else(|| image.as_str())?;
    let (kind, data) = url.strip_prefix("data:")?.split_once(";base64,")?;
    let bytes = STANDARD.decode(data).ok()?;
    let format = Format::detect(&bytes)?;
    (format.media_type() == kind).then(|| picture(kind, &bytes))?
}
