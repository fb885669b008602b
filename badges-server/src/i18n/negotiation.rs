//! Which language a reader gets.

use super::{FILES, Lang};

/// Longer tags and longer lists of them are not what a browser sends.
const MAX_TAG: usize = 35;
const MAX_ACCEPTED: usize = 32;

/// Where to look when a language has no messages: MediaWiki's codes that are not BCP 47's, and
/// languages whose readers read another one rather than English.
const FALLBACKS: [(&str, &str); 24] = [
    ("aeb", "ar"),
    ("als", "gsw"),
    ("ary", "ar"),
    ("arz", "ar"),
    ("bat-smg", "sgs"),
    ("be-x-old", "be-tarask"),
    ("fiu-vro", "vro"),
    ("in", "id"),
    ("iw", "he"),
    ("no", "nb"),
    ("roa-rup", "rup"),
    ("roa-tara", "it"),
    ("simple", "en"),
    ("sr-ec", "sr-cyrl"),
    ("sr-el", "sr-latn"),
    ("zh-classical", "lzh"),
    ("zh-cn", "zh-hans"),
    ("zh-hk", "zh-hant"),
    ("zh-min-nan", "nan"),
    ("zh-mo", "zh-hant"),
    ("zh-my", "zh-hans"),
    ("zh-sg", "zh-hans"),
    ("zh-tw", "zh-hant"),
    ("zh-yue", "yue"),
];

impl Lang {
    /// The language that fits a tag best, as BCP 47 (`pt-BR`) or MediaWiki (`pt-br`) writes it:
    /// itself, or what it is a variety of (RFC 4647, 3.4).
    pub(crate) fn from_tag(tag: &str) -> Option<Self> {
        if tag.len() > MAX_TAG {
            return None;
        }
        let mut tag = tag.trim().replace('_', "-").to_ascii_lowercase();
        loop {
            let exact = FILES
                .iter()
                .position(|(known, _)| known.eq_ignore_ascii_case(&tag));
            if let Some(index) = exact {
                return Some(Self(index));
            }
            let fallback = FALLBACKS.iter().find(|(from, _)| *from == tag);
            tag = match fallback {
                Some((_, to)) => (*to).to_owned(),
                None => tag.rsplit_once('-')?.0.to_owned(),
            };
        }
    }

    /// The language to answer in: the one asked for (`?uselang=`), else the one that was chosen
    /// before, else the best of what the browser accepts (`Accept-Language`), else English.
    pub(crate) fn negotiate(
        asked: Option<&str>,
        remembered: Option<&str>,
        accept_language: Option<&str>,
    ) -> Self {
        [asked, remembered]
            .into_iter()
            .flatten()
            .find_map(Self::from_tag)
            .or_else(|| accept_language.and_then(accepted))
            .unwrap_or(Self::ENGLISH)
    }
}

/// The first language of `Accept-Language` (RFC 9110, 12.5.4), by preference, that there is.
fn accepted(header: &str) -> Option<Lang> {
    let mut ranges: Vec<(f32, &str)> = header
        .split(',')
        .take(MAX_ACCEPTED)
        .map(|range| {
            let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
            let quality = parameters.trim().strip_prefix("q=");
            let quality = quality.map_or(1.0, |quality| quality.trim().parse().unwrap_or(0.0));
            (quality, tag.trim())
        })
        .filter(|(quality, _)| *quality > 0.0)
        .collect();
    ranges.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    ranges.into_iter().find_map(|(_, tag)| match tag {
        "*" => Some(Lang::ENGLISH),
        tag => Lang::from_tag(tag),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_lead_to_languages() {
        for (tag, expected) in [
            ("ar", Some("ar")),
            ("AR-eg", Some("ar")),
            ("ar_EG", Some("ar")),
            ("arz", Some("ar")),
            ("en-x-private", Some("en")),
            ("simple", Some("en")),
            ("zh-cn", None),
            ("arabic", None),
            ("", None),
            ("-", None),
            (&"ar-".repeat(20), None),
        ] {
            assert_eq!(Lang::from_tag(tag).map(Lang::tag), expected, "{tag}");
        }
    }

    #[test]
    fn fallbacks_come_to_an_end_in_order() {
        assert!(FALLBACKS.is_sorted());
        for (from, to) in FALLBACKS {
            assert!(FALLBACKS.iter().all(|(other, _)| *other != to), "{from}");
            assert!(!to.starts_with(&format!("{from}-")), "{from}");
        }
    }

    #[test]
    fn the_wish_counts_before_the_browser() {
        let browser = "fr;q=0.9, ar-EG;q=0.8, en;q=0.7";
        for (asked, remembered, accepted, expected) in [
            (Some("en"), Some("ar"), Some("ar"), "en"),
            (Some("xx"), Some("ar"), None, "ar"),
            (None, None, Some(browser), "ar"),
            (None, None, Some("en;q=0.1,ar"), "ar"),
            (None, None, Some("ar;q=0,en-GB;q=0.5"), "en"),
            (None, None, Some("ar; q=x, *;q=0.1"), "en"),
            (None, None, Some(";;,q=1,;q=NaN,ar"), "ar"),
            (None, None, Some("pt-BR,pt;q=0.9"), "en"),
            (None, None, None, "en"),
        ] {
            let found = Lang::negotiate(asked, remembered, accepted);
            assert_eq!(
                found.tag(),
                expected,
                "{asked:?} {remembered:?} {accepted:?}"
            );
        }
    }
}
