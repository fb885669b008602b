//! A report: what it comes to, who signed, and every check.

use badges_core::verify::{Binding, Check, Failure, Outcome, Passed, Report, Unknown, Verdict};

use super::findings::finding;
use super::{Sentence, advice, key};
use crate::i18n::{Lang, text};

/// A report in a reader's language.
#[derive(Clone, Debug)]
pub(crate) struct ReportWords {
    pub(crate) verdict: Verdict,
    pub(crate) tone: Tone,
    /// What it comes to.
    pub(crate) headline: Sentence,
    /// Who signed it, as far as that is proved; `None` when it is not.
    pub(crate) signer: Option<Sentence>,
    /// The check that led to the verdict, when the badge is not valid.
    pub(crate) reason: Option<CheckWords>,
    pub(crate) checks: Vec<CheckWords>,
}

/// How the verdict is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Good,
    /// Neither good nor bad, or good with a reserve.
    Caution,
    Bad,
}

/// A check and its answer.
#[derive(Clone, Debug)]
pub(crate) struct CheckWords {
    /// The stable id of the answer.
    pub(crate) id: &'static str,
    pub(crate) mark: Mark,
    /// What was asked.
    pub(crate) question: String,
    /// The mark in words.
    pub(crate) outcome: String,
    pub(crate) sentence: Sentence,
    pub(crate) details: Vec<Sentence>,
    /// What to do, where there is something.
    pub(crate) advice: Option<Sentence>,
}

/// How an answer is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    Passed,
    Failed,
    Unknown,
    /// Good to know, and no fault.
    Note,
}

impl Tone {
    /// A word for classes and data.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Caution => "caution",
            Self::Bad => "bad",
        }
    }
}

impl Mark {
    /// A word for classes and data.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Note => "note",
        }
    }

    /// The class that shows it.
    pub(crate) const fn tone(self) -> &'static str {
        match self {
            Self::Passed => "good",
            Self::Failed => "bad",
            Self::Unknown => "unknown",
            Self::Note => "info",
        }
    }

    const fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Passed(Passed::SchemaDeparts { .. } | Passed::StatusMessage { .. })
            | Outcome::Unknown(Unknown::IssuerUnlisted { .. }) => Self::Note,
            Outcome::Passed(_) => Self::Passed,
            Outcome::Failed(_) => Self::Failed,
            Outcome::Unknown(_) => Self::Unknown,
        }
    }
}

impl ReportWords {
    /// The class that shows it.
    pub(crate) const fn tone(&self) -> &'static str {
        match (self.verdict, self.tone) {
            (Verdict::Unknown, Tone::Caution) => "unknown",
            (_, tone) => tone.as_str(),
        }
    }

    /// `here` is the issuer of this service that signed it: its name is known.
    pub(crate) fn of(lang: Lang, report: &Report, here: Option<&str>) -> Self {
        let verdict = report.verdict();
        let signer = signer(lang, report, here);
        let genuine = signer.is_some();
        let (tone, headline) = match verdict {
            Verdict::Valid if genuine => valid(lang, report, is_shown(report, here)),
            _ => {
                let (tone, headline) = headline(verdict, genuine);
                (tone, Sentence::new(lang, headline))
            }
        };
        Self {
            verdict,
            tone,
            headline,
            signer,
            reason: report
                .reason()
                .map(|(check, outcome)| CheckWords::of(lang, check, outcome)),
            checks: report
                .checks
                .iter()
                .map(|(check, outcome)| CheckWords::of(lang, *check, outcome))
                .collect(),
        }
    }
}

impl CheckWords {
    pub(super) fn of(lang: Lang, check: Check, outcome: &Outcome) -> Self {
        let mark = Mark::of(outcome);
        let finding = finding(lang, outcome);
        let advised = format!("badges-advice-{}", outcome.as_str());
        Self {
            id: outcome.id(),
            mark,
            question: text(lang, &key("badges-check", check.as_str()), &[]),
            outcome: text(lang, &key("badges-outcome", mark.as_str()), &[]),
            sentence: finding.sentence,
            details: finding.details,
            advice: advice(lang, &advised, outcome.id()),
        }
    }
}

/// What it comes to, for all but a valid badge. A badge is called genuine only when its proofs hold and
/// the key is its issuer's, which is when there is a `signer`.
fn headline(verdict: Verdict, genuine: bool) -> (Tone, &'static str) {
    match (verdict, genuine) {
        (Verdict::Invalid, _) => (Tone::Bad, "badges-verdict-invalid"),
        (Verdict::Revoked, _) => (Tone::Bad, "badges-verdict-revoked"),
        (Verdict::Suspended, _) => (Tone::Caution, "badges-verdict-suspended"),
        (Verdict::NotYetValid, true) => (Tone::Caution, "badges-verdict-not-yet-valid-genuine"),
        (Verdict::NotYetValid, false) => (Tone::Caution, "badges-verdict-not-yet-valid"),
        (Verdict::Expired, true) => (Tone::Caution, "badges-verdict-expired-genuine"),
        (Verdict::Expired, false) => (Tone::Caution, "badges-verdict-expired"),
        (Verdict::Unknown, true) => (Tone::Caution, "badges-verdict-unknown-genuine"),
        (Verdict::Unknown | Verdict::Valid, _) => (Tone::Caution, "badges-verdict-unknown"),
    }
}

/// A valid badge, with the answers to what was asked beside the verdict, the worst first. `shown` is
/// whether it is shown who issued it.
fn valid(lang: Lang, report: &Report, shown: bool) -> (Tone, Sentence) {
    let say = |tone, key: &str| (tone, Sentence::new(lang, key));
    let recipient = report.outcomes(Check::Recipient).next();
    match recipient {
        Some(Outcome::Failed(Failure::OtherRecipient { salt_needed: true })) => {
            return say(Tone::Caution, "badges-verdict-valid-salt-needed");
        }
        Some(Outcome::Failed(_)) => {
            return say(Tone::Bad, "badges-verdict-valid-other-recipient");
        }
        _ => {}
    }
    let parts = report.outcomes(Check::Parts);
    let bad = parts.filter(|part| matches!(part, Outcome::Failed(_)));
    let bad = bad.count();
    if bad > 0 {
        let headline = Sentence::new(lang, "badges-verdict-valid-parts-invalid");
        return (Tone::Bad, headline.number(bad as u64));
    }
    let is_unknown = |check| {
        let mut outcomes = report.outcomes(check);
        outcomes.any(|outcome| matches!(outcome, Outcome::Unknown(_)))
    };
    let is_recipient = matches!(recipient, Some(Outcome::Passed(_)));
    match (shown, is_recipient) {
        _ if is_unknown(Check::Parts) => say(Tone::Caution, "badges-verdict-valid-parts-unknown"),
        _ if is_unknown(Check::Trust) => say(Tone::Caution, "badges-verdict-valid-unlisted"),
        (false, true) => say(Tone::Caution, "badges-verdict-valid-recipient-unshown"),
        (false, false) => say(Tone::Caution, "badges-verdict-valid-unshown"),
        (true, true) => say(Tone::Good, "badges-verdict-valid-recipient"),
        (true, false) => say(Tone::Good, "badges-verdict-valid"),
    }
}

/// Whether it is shown who issued it: anybody can make a key and call it as they like.
fn is_shown(report: &Report, here: Option<&str>) -> bool {
    let is_key = report.outcomes(Check::Issuer).any(|outcome| {
        matches!(
            outcome,
            Outcome::Passed(Passed::IssuerEstablished {
                binding: Binding::OwnKey,
                ..
            })
        )
    });
    let mut trust = report.outcomes(Check::Trust);
    let is_trusted = matches!(trust.next(), Some(Outcome::Passed(_)));
    !is_key || is_trusted || here.is_some()
}

/// Who signed it, as far as that is proved: a domain, or a key that has no proved name.
fn signer(lang: Lang, report: &Report, here: Option<&str>) -> Option<Sentence> {
    let passed = |check| match report.outcomes(check).next() {
        Some(Outcome::Passed(passed)) => Some(passed),
        _ => None,
    };
    let proof = passed(Check::Proof)?;
    let Passed::IssuerEstablished {
        issuer,
        binding,
        domain,
    } = passed(Check::Issuer)?
    else {
        return None;
    };
    let known = match passed(Check::Trust) {
        Some(Passed::IssuerTrusted { name, .. }) => Some(name),
        _ => None,
    };
    let say = |key: &str| Sentence::new(lang, key);
    Some(match (binding, known) {
        (Binding::OwnKey, Some(known)) => say("badges-signer-known-key").fact(known),
        (Binding::OwnKey, None) => {
            let credential = report.credential.as_ref();
            let name = credential.and_then(|credential| credential.issuer.name.as_deref());
            match (here, name) {
                (Some(here), _) => say("badges-signer-here").fact(here),
                (None, Some(name)) => say("badges-signer-named-key").fact(name),
                (None, None) => say("badges-signer-key"),
            }
        }
        (_, known) => {
            let owner = domain.as_ref().unwrap_or(issuer);
            // An address can also be that of a key, which then signed.
            let is_hosted = matches!(proof, Passed::Hosted { .. });
            match (known, is_hosted) {
                (Some(known), false) => say("badges-signer-known-domain").fact(owner).fact(known),
                (None, false) => say("badges-signer-domain").fact(owner),
                (Some(known), true) => say("badges-signer-known-host").fact(owner).fact(known),
                (None, true) => say("badges-signer-host").fact(owner),
            }
        }
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use badges_core::documents::{Answer, Documents};
    use badges_core::model::parse_date_time;
    use badges_core::verify::{Question, Recipient, TrustList, verify};

    use super::super::samples;
    use super::*;

    const ISSUER: &str = "did:web:example.org";

    fn fixture(name: &str) -> Vec<u8> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/cli");
        fs::read(folder.join(name)).unwrap()
    }

    fn documents() -> Documents {
        let mut documents = Documents::new();
        for (url, file) in [
            ("https://example.org/.well-known/did.json", "did.json"),
            ("https://example.org/status/1", "status-1.json"),
        ] {
            documents.insert(url, Answer::Loaded(fixture(file)));
        }
        documents
    }

    fn words(name: &str, documents: &Documents, recipient: Option<&str>) -> ReportWords {
        let now = parse_date_time("2026-06-01T00:00:00Z").unwrap();
        let trust = TrustList::parse(&format!("{ISSUER} Example Issuer")).unwrap();
        let mut question = Question::new(documents, now);
        question.recipient = recipient.map(|identifier| Recipient {
            identifier,
            salt: None,
        });
        if recipient.is_some() {
            question.trust = Some(&trust);
        }
        ReportWords::of(Lang::ENGLISH, &verify(&fixture(name), &question), None)
    }

    #[test]
    fn the_first_lines_say_what_is_proved_and_no_more() {
        let (some, none) = (documents(), Documents::new());
        for (name, documents, headline, signer, reason) in [
            (
                "editor.png",
                &some,
                "Genuine and valid",
                Some("Signed by whoever runs example.org."),
                None,
            ),
            (
                "editor.json",
                &none,
                "It could not be told whether this is genuine",
                None,
                Some("issuer.not-loaded"),
            ),
            (
                "no-web-address.json",
                &none,
                "Valid, but it is not shown who issued it",
                Some(
                    "It says that it is from “Example Wiki Trainers”, but nobody vouches for that name: anybody can make such a badge.",
                ),
                None,
            ),
            (
                "altered.json",
                &some,
                "Not valid",
                None,
                Some("proof.signature"),
            ),
            (
                "stolen-name.json",
                &some,
                "Not valid",
                None,
                Some("issuer.contradicted"),
            ),
            (
                "expired.json",
                &some,
                "Genuine, but expired",
                Some("Signed by whoever runs example.org."),
                Some("validity.expired"),
            ),
            (
                "expired.json",
                &none,
                "Expired",
                None,
                Some("validity.expired"),
            ),
            (
                "revoked.json",
                &some,
                "Revoked: its issuer has taken it back",
                Some("Signed by whoever runs example.org."),
                Some("status.revoked"),
            ),
            ("picture.png", &some, "Not valid", None, Some("form.image")),
        ] {
            let words = words(name, documents, None);
            assert_eq!(words.headline.text(), headline, "{name}");
            assert_eq!(
                words.signer.map(|signer| signer.text()).as_deref(),
                signer,
                "{name}"
            );
            assert_eq!(words.reason.map(|reason| reason.id), reason, "{name}");
        }
    }

    #[test]
    fn a_valid_badge_of_somebody_else_is_not_called_good() {
        let documents = documents();
        let other = words("editor.json", &documents, Some("Nobody"));
        assert_eq!(
            other.headline.text(),
            "Genuine, but does not name the person you asked about"
        );
        assert_eq!((other.verdict, other.tone), (Verdict::Valid, Tone::Bad));
        assert_eq!(
            other.signer.unwrap().text(),
            "Signed by whoever runs example.org, known to you as “Example Issuer”."
        );
        let hashed = words("hashed.json", &documents, Some("Example Volunteer"));
        assert_eq!(hashed.tone, Tone::Caution);
    }

    #[test]
    fn hostile_badges_give_harmless_markup() {
        let words = words("hostile.json", &documents(), Some("<script>"));
        let sentences = words.checks.iter().flat_map(|check| {
            check
                .details
                .iter()
                .chain([&check.sentence])
                .chain(&check.advice)
        });
        for sentence in sentences.chain([&words.headline]).chain(&words.signer) {
            let bare = sentence.html().replace("<bdi>", "").replace("</bdi>", "");
            assert!(!bare.contains(['<', '>']), "{bare}");
        }
    }

    /// Every badge of the fixtures, with few documents from outside, in every language.
    #[test]
    fn every_badge_has_words_and_none_too_good() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/badges");
        let now = parse_date_time("2026-06-01T00:00:00Z").unwrap();
        let (mut checks, mut genuine) = (0, 0);
        for path in files(&folder) {
            let bytes = fs::read(&path).unwrap();
            let report = badges_core::verify(&bytes, &documents(), now);
            for lang in Lang::all() {
                let words = ReportWords::of(lang, &report, None);
                for check in &words.checks {
                    samples::assert_is_said(&check.sentence);
                    check.details.iter().for_each(samples::assert_is_said);
                }
                checks += words.checks.len();
            }
            let words = ReportWords::of(Lang::ENGLISH, &report, None);
            if words.headline.text().starts_with("Genuine") {
                let proved = |check| {
                    let mut outcomes = report.outcomes(check).peekable();
                    outcomes.peek().is_some() && outcomes.all(is_passed)
                };
                let proved = proved(Check::Proof) && proved(Check::Issuer);
                assert!(proved, "{}", path.display());
                genuine += 1;
            }
        }
        assert!(checks > 500 && genuine > 50, "{checks}, {genuine}");
    }

    fn is_passed(outcome: &Outcome) -> bool {
        matches!(outcome, Outcome::Passed(_))
    }

    fn files(folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        entries
            .flat_map(|path| {
                if path.is_dir() {
                    files(&path)
                } else {
                    vec![path]
                }
            })
            .collect()
    }
}
