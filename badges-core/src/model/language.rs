//! Language tags in the form that the standard allows.

use std::fmt;
use std::str::FromStr;

use super::schema::is_language_tag;

/// A language, as the standard's `LanguageCode`: a language, perhaps a script, perhaps a region,
/// such as `pt`, `pt-BR`, `zh-Hans` or `es-419`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LanguageTag(String);

/// A language for which the standard's form has no tag.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no language tag of the form that Open Badges allows fits {code:?}")]
pub struct NoLanguageTag {
    /// The code that was given.
    pub code: String,
}

impl LanguageTag {
    /// The tag of a language that MediaWiki calls by this code: mostly the same in another case
    /// (`pt-br`), sometimes another one (`sr-ec` is `sr-Cyrl`).
    ///
    /// # Errors
    /// Codes for which no tag fits, such as `de-formal`, and those that are no languages (`qqq`).
    pub fn from_mediawiki(code: &str) -> Result<Self, NoLanguageTag> {
        let lower = code.to_ascii_lowercase();
        let tag = match MEDIAWIKI.binary_search_by_key(&lower.as_str(), |(code, _)| code) {
            Ok(at) => MEDIAWIKI[at].1.to_owned(),
            Err(_) => with_case(&lower),
        };
        tag.parse().map_err(|NoLanguageTag { .. }| NoLanguageTag {
            code: code.to_owned(),
        })
    }

    /// The tag, as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LanguageTag {
    type Err = NoLanguageTag;

    fn from_str(tag: &str) -> Result<Self, NoLanguageTag> {
        if is_language_tag(tag) {
            Ok(Self(tag.to_owned()))
        } else {
            Err(NoLanguageTag {
                code: tag.to_owned(),
            })
        }
    }
}

impl AsRef<str> for LanguageTag {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The usual case of a tag in lower case: `zh-hant-tw` is `zh-Hant-TW`.
fn with_case(lower: &str) -> String {
    let mut subtags = lower.split('-');
    let mut tag = subtags.next().unwrap_or_default().to_owned();
    for subtag in subtags {
        tag.push('-');
        match (subtag.len(), subtag.get(..1), subtag.get(1..)) {
            (2, _, _) => tag.push_str(&subtag.to_ascii_uppercase()),
            (4, Some(first), Some(rest)) => {
                tag.push_str(&first.to_ascii_uppercase());
                tag.push_str(rest);
            }
            _ => tag.push_str(subtag),
        }
    }
    tag
}

/// The codes of MediaWiki that are not tags in lower case, sorted
/// (<https://meta.wikimedia.org/wiki/Special_language_codes>). An empty tag is none at all.
const MEDIAWIKI: [(&str, &str); 25] = [
    ("als", "gsw"),
    ("bat-smg", "sgs"),
    ("cbk-zam", "cbk"),
    ("crh-ro", "crh-Latn-RO"),
    ("eml", "egl"),
    ("fiu-vro", "vro"),
    ("kk-cn", "kk-Arab-CN"),
    ("kk-tr", "kk-Latn-TR"),
    ("mo", "ro-Cyrl-MD"),
    ("nrm", "nrf"),
    ("qqq", ""),
    ("qqx", ""),
    ("roa-rup", "rup"),
    ("roa-tara", ""),
    ("sr-ec", "sr-Cyrl"),
    ("sr-el", "sr-Latn"),
    ("zh-classical", "lzh"),
    ("zh-cn", "zh-Hans-CN"),
    ("zh-hk", "zh-Hant-HK"),
    ("zh-min-nan", "nan"),
    ("zh-mo", "zh-Hant-MO"),
    ("zh-my", "zh-Hans-MY"),
    ("zh-sg", "zh-Hans-SG"),
    ("zh-tw", "zh-Hant-TW"),
    ("zh-yue", "yue"),
];

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes_of_mediawiki_become_tags() {
        for (code, tag) in [
            ("de", "de"),
            ("pt-br", "pt-BR"),
            ("pt-BR", "pt-BR"),
            ("zh-hans", "zh-Hans"),
            ("zh-tw", "zh-Hant-TW"),
            ("zh-classical", "lzh"),
            ("sr-ec", "sr-Cyrl"),
            ("sr-el", "sr-Latn"),
            ("sh-latn", "sh-Latn"),
            ("skr-arab", "skr-Arab"),
            ("es-419", "es-419"),
            ("nds-nl", "nds-NL"),
            ("als", "gsw"),
            ("bat-smg", "sgs"),
        ] {
            assert_eq!(LanguageTag::from_mediawiki(code).unwrap().as_str(), tag);
        }
    }

    #[test]
    fn a_language_without_a_fitting_tag_is_refused_by_name() {
        for code in [
            "de-formal",
            "nl-informal",
            "simple",
            "be-tarask",
            "be-x-old",
            "map-bms",
            "roa-tara",
            "ca-valencia",
            "qqq",
            "qqx",
            "en_US",
            "",
        ] {
            let error = LanguageTag::from_mediawiki(code).unwrap_err();
            assert_eq!(error.code, code);
        }
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(MEDIAWIKI.is_sorted_by(|(one, _), (next, _)| one < next));
    }

    proptest! {
        #[test]
        fn never_panics(code in r"[a-zA-Zé-]{0,12}") {
            let _ = LanguageTag::from_mediawiki(&code);
        }
    }
}
