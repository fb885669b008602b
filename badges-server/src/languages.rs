//! Languages that people write in, with their own names: suggestions, since any other may be written
//! too.

/// Tags that the standard allows, and the languages' own names.
pub(crate) const ALL: [(&str, &str); 75] = [
    ("ar", "العربية"), ("en", "English"), ("es", "español"), ("fr", "français"), ("pt", "português"),
    ("pt-BR", "português do Brasil"), ("ru", "русский"), ("zh-Hans", "简体中文"), ("zh-Hant", "繁體中文"),
    ("hi", "हिन्दी"), ("bn", "বাংলা"), ("id", "Bahasa Indonesia"), ("ja", "日本語"), ("de", "Deutsch"),
    ("sw", "Kiswahili"), ("ha", "Hausa"), ("ig", "Igbo"), ("yo", "Yorùbá"), ("zu", "isiZulu"), ("xh", "isiXhosa"),
    ("af", "Afrikaans"), ("am", "አማርኛ"), ("ary", "الدارجة"), ("arz", "مصرى"), ("az", "azərbaycanca"),
    ("be", "беларуская"), ("bg", "български"), ("ca", "català"), ("ckb", "کوردی"), ("cs", "čeština"),
    ("cy", "Cymraeg"), ("da", "dansk"), ("el", "Ελληνικά"), ("eo", "Esperanto"), ("et", "eesti"), ("eu", "euskara"),
    ("fa", "فارسی"), ("fi", "suomi"), ("gl", "galego"), ("gu", "ગુજરાતી"), ("he", "עברית"), ("hr", "hrvatski"),
    ("hu", "magyar"), ("hy", "հայերեն"), ("it", "italiano"), ("ka", "ქართული"), ("kk", "қазақша"), ("kn", "ಕನ್ನಡ"),
    ("ko", "한국어"), ("lt", "lietuvių"), ("lv", "latviešu"), ("ml", "മലയാളം"), ("mr", "मराठी"), ("ms", "Bahasa Melayu"),
    ("my", "မြန်မာဘာသာ"), ("nb", "norsk bokmål"), ("ne", "नेपाली"), ("nl", "Nederlands"), ("pa", "ਪੰਜਾਬੀ"), ("pl", "polski"),
    ("ro", "română"), ("sd", "سنڌي"), ("si", "සිංහල"), ("sk", "slovenčina"), ("sl", "slovenščina"), ("sq", "shqip"),
    ("sr", "српски"), ("sv", "svenska"), ("ta", "தமிழ்"), ("te", "తెలుగు"), ("th", "ไทย"), ("tr", "Türkçe"),
    ("uk", "українська"), ("ur", "اردو"), ("vi", "Tiếng Việt"),
];

/// What a language calls itself, else its tag.
pub(crate) fn name(tag: &str) -> &str {
    ALL.iter().find(|(known, _)| known.eq_ignore_ascii_case(tag)).map_or(tag, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use badges_core::model::LanguageTag;

    use super::*;

    #[test]
    fn every_tag_is_one_of_the_standard() {
        for (tag, _) in ALL {
            assert!(tag.parse::<LanguageTag>().is_ok(), "{tag}");
            assert_eq!(ALL.iter().filter(|(other, _)| *other == tag).count(), 1, "{tag}");
        }
        assert_eq!(name("pt-br"), "português do Brasil");
        assert_eq!(name("xx"), "xx");
    }
}
