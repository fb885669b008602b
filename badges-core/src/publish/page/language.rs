//! Languages, as they call themselves.

use crate::writing::Direction;

/// The language of a text on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Language {
    /// The tag; empty when the language is not known.
    pub(super) tag: String,
}

impl Language {
    /// A language by its tag; anything else than a tag counts as not known.
    pub(super) fn of(tag: Option<&str>) -> Self {
        let is_tag = |tag: &&str| {
            tag.len() <= 35
                && tag.starts_with(|first: char| first.is_ascii_alphabetic())
                && tag
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        Self {
            tag: tag.filter(is_tag).unwrap_or_default().to_owned(),
        }
    }

    /// The value of `dir`: from the text itself when the language is not known.
    pub(super) fn direction(&self) -> &'static str {
        if self.tag.is_empty() {
            "auto"
        } else {
            Direction::of_language(&self.tag).as_str()
        }
    }

    /// What its speakers call it, else its tag.
    pub(super) fn name(&self) -> &str {
        let find = |tag: &str| {
            NAMES
                .iter()
                .find(|(known, _)| known.eq_ignore_ascii_case(tag))
                .map(|(_, name)| *name)
        };
        let lengths = self.tag.rmatch_indices('-').map(|(at, _)| at);
        let exact = find(&self.tag);
        // `de-AT` may be called by the name of `de`; not so `zh-Hant` if there is `zh-Hans` too,
        // which have names of their own.
        exact
            .or_else(|| {
                lengths
                    .into_iter()
                    .find_map(|length| find(&self.tag[..length]))
            })
            .unwrap_or(&self.tag)
    }
}

const NAMES: [(&str, &str); 75] = [
    ("af", "Afrikaans"),
    ("am", "አማርኛ"),
    ("ar", "العربية"),
    ("as", "অসমীয়া"),
    ("az", "azərbaycanca"),
    ("be", "беларуская"),
    ("bg", "български"),
    ("bn", "বাংলা"),
    ("br", "brezhoneg"),
    ("ca", "català"),
    ("ckb", "کوردی"),
    ("cs", "čeština"),
    ("cy", "Cymraeg"),
    ("da", "dansk"),
    ("de", "Deutsch"),
    ("el", "Ελληνικά"),
    ("en", "English"),
    ("eo", "Esperanto"),
    ("es", "español"),
    ("et", "eesti"),
    ("eu", "euskara"),
    ("fa", "فارسی"),
    ("fi", "suomi"),
    ("fr", "français"),
    ("ga", "Gaeilge"),
    ("gl", "galego"),
    ("gu", "ગુજરાતી"),
    ("ha", "Hausa"),
    ("he", "עברית"),
    ("hi", "हिन्दी"),
    ("hr", "hrvatski"),
    ("hu", "magyar"),
    ("hy", "հայերեն"),
    ("id", "Bahasa Indonesia"),
    ("ig", "Igbo"),
    ("is", "íslenska"),
    ("it", "italiano"),
    ("ja", "日本語"),
    ("ka", "ქართული"),
    ("kk", "қазақша"),
    ("km", "ភាសាខ្មែរ"),
    ("kn", "ಕನ್ನಡ"),
    ("ko", "한국어"),
    ("lt", "lietuvių"),
    ("lv", "latviešu"),
    ("mk", "македонски"),
    ("ml", "മലയാളം"),
    ("mr", "मराठी"),
    ("ms", "Bahasa Melayu"),
    ("my", "မြန်မာဘာသာ"),
    ("nb", "norsk bokmål"),
    ("ne", "नेपाली"),
    ("nl", "Nederlands"),
    ("pa", "ਪੰਜਾਬੀ"),
    ("pl", "polski"),
    ("ps", "پښتو"),
    ("pt", "português"),
    ("pt-BR", "português do Brasil"),
    ("ro", "română"),
    ("ru", "русский"),
    ("sk", "slovenčina"),
    ("sl", "slovenščina"),
    ("sq", "shqip"),
    ("sr", "српски / srpski"),
    ("sv", "svenska"),
    ("sw", "Kiswahili"),
    ("ta", "தமிழ்"),
    ("te", "తెలుగు"),
    ("th", "ไทย"),
    ("tr", "Türkçe"),
    ("uk", "українська"),
    ("ur", "اردو"),
    ("vi", "Tiếng Việt"),
    ("yo", "Yorùbá"),
    ("zh", "中文"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_have_their_own_names() {
        for (tag, name, direction) in [
            ("pt-BR", "português do Brasil", "ltr"),
            ("pt-PT", "português", "ltr"),
            ("AR", "العربية", "rtl"),
            ("zh-Hant-TW", "中文", "ltr"),
            ("qqx", "qqx", "ltr"),
            ("\" onload=", "", "auto"),
            ("", "", "auto"),
        ] {
            let language = Language::of(Some(tag));
            assert_eq!((language.name(), language.direction()), (name, direction));
        }
    }
}
