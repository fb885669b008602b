//! The achievement that a new issuer begins with, so that it can award badges at once.

use super::draft::Draft;
use crate::i18n::{self, Lang};

/// "Workshop participant", in a language of the service; others get it in English.
pub(crate) fn first(language: &str) -> Draft {
    let lang = Lang::from_tag(language).unwrap_or(Lang::ENGLISH);
    let text = |key| i18n::text(lang, key, &[]);
    Draft {
        name: text("badges-first-name"),
        description: text("badges-first-description"),
        criteria: format!(
            "- {}\n- {}",
            text("badges-first-criteria-part"),
            text("badges-first-criteria-exercises")
        ),
        language: lang.tag().to_owned(),
        kind: "Badge".to_owned(),
        unit: "years".to_owned(),
        ..Draft::default()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn it_can_be_awarded_in_every_language() {
        for lang in Lang::all() {
            let draft = first(lang.tag());
            let written = draft.written(lang).unwrap();
            assert_eq!(Draft::of(&written.document, None, false).unwrap(), draft);
        }
        assert_eq!(first("fr").language, "en");
    }
}
