//! The parts of the form that repeat: alignments, results, translations. A row that nothing was
//! written into is no row.

use badges_core::model::{
    Achievement, Alignment, AlignmentTargetType, Criteria, LanguageTag, ResultDescription,
    ResultType, Types,
};

use crate::form::Fields;

/// The most rows of one kind.
const MAX_ROWS: usize = 50;

/// Where an alignment leads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Target {
    /// An item of Wikidata.
    #[default]
    Wikidata,
    /// A capacity of Wikimedia's Capacity Exchange, which is known by its item of Wikidata.
    Capacity,
    /// A skill or occupation of ESCO.
    Esco,
    /// Anything else with an address.
    Other,
}

/// An alignment as it is written into the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AlignmentRow {
    pub(crate) target: Target,
    pub(crate) name: String,
    /// The number of an item, else the address.
    pub(crate) address: String,
    pub(crate) code: String,
    pub(crate) framework: String,
}

/// A result as it is written into the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ResultRow {
    pub(crate) name: String,
    pub(crate) kind: String,
    /// The values that it can have, one a line.
    pub(crate) values: String,
}

/// The texts in another language, as they are written into the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TranslationRow {
    pub(crate) language: String,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) criteria: String,
}

/// What is wrong with a row: the field, and the message that says it.
pub(super) type Wrong = (&'static str, &'static str);

/// The kinds of results that the standard has (B.5.4), but for those of rubrics, which need levels.
pub(crate) const RESULT_TYPES: [&str; 9] = [
    "Result",
    "Status",
    "Percent",
    "LetterGrade",
    "GradePointAverage",
    "RawScore",
    "ScaledScore",
    "PredictedScore",
    "PerformanceLevel",
];

const ITEM: &str = "http://www.wikidata.org/entity/";
const CAPACITIES: &str = "Wikimedia Capacity Directory";

impl Target {
    /// All of them.
    pub(crate) const ALL: [Self; 4] = [Self::Wikidata, Self::Capacity, Self::Esco, Self::Other];

    /// The name, as in the form.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Wikidata => "wikidata",
            Self::Capacity => "capacity",
            Self::Esco => "esco",
            Self::Other => "other",
        }
    }

    /// The framework's own name.
    const fn framework(self) -> Option<&'static str> {
        match self {
            Self::Wikidata => Some("Wikidata"),
            Self::Capacity => Some(CAPACITIES),
            Self::Esco => Some("ESCO"),
            Self::Other => None,
        }
    }
}

impl AlignmentRow {
    /// The rows of a form, by their place in it.
    pub(super) fn read(fields: &Fields) -> Vec<Self> {
        rows(fields, "alignment", |field| {
            let kind = field("target");
            Self {
                target: Target::ALL
                    .into_iter()
                    .find(|target| target.as_str() == kind)
                    .unwrap_or_default(),
                name: field("name"),
                address: field("address"),
                code: field("code"),
                framework: field("framework"),
            }
        })
    }

    /// The row that writes this alignment.
    pub(super) fn of(alignment: &Alignment) -> Self {
        let framework = alignment.target_framework.as_deref();
        let target = Target::ALL
            .into_iter()
            .find(|target| framework.is_some() && target.framework() == framework)
            .unwrap_or(Target::Other);
        let url = &alignment.target_url;
        let (target, address) = match target {
            Target::Wikidata | Target::Capacity => match item(url) {
                Some(number) => (target, number.to_owned()),
                None => (Target::Other, url.clone()),
            },
            target => (target, url.clone()),
        };
        Self {
            target,
            name: alignment.target_name.clone(),
            address,
            code: alignment.target_code.clone().unwrap_or_default(),
            framework: match target {
                Target::Other => framework.unwrap_or_default().to_owned(),
                _ => String::new(),
            },
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        [&self.name, &self.address, &self.code, &self.framework]
            .iter()
            .all(|text| text.is_empty())
    }

    /// The alignment.
    pub(super) fn written(&self) -> Result<Alignment, Wrong> {
        if self.name.is_empty() {
            return Err(("name", "badges-achievement-alignment-name-missing"));
        }
        let url = match self.target {
            Target::Wikidata | Target::Capacity => {
                let number = item(&self.address)
                    .ok_or(("address", "badges-achievement-alignment-no-item"))?;
                format!("{ITEM}{number}")
            }
            Target::Esco if !is_esco(&self.address) => {
                return Err(("address", "badges-achievement-alignment-no-esco"));
            }
            Target::Other if !is_web_address(&self.address) => {
                return Err(("address", "badges-form-no-address"));
            }
            Target::Esco | Target::Other => self.address.clone(),
        };
        let mut alignment = Alignment::new(&self.name, url);
        alignment.target_code = some(&self.code);
        alignment.target_framework = self
            .target
            .framework()
            .map(str::to_owned)
            .or_else(|| some(&self.framework));
        if self.target == Target::Capacity {
            alignment.target_type = AlignmentTargetType::extension("ext:Capacity");
        }
        Ok(alignment)
    }
}

impl ResultRow {
    /// The rows of a form, by their place in it.
    pub(super) fn read(fields: &Fields) -> Vec<Self> {
        rows(fields, "result", |field| Self {
            name: field("name"),
            kind: field("type"),
            values: field("values"),
        })
    }

    /// The row that writes this result.
    pub(super) fn of(result: &ResultDescription) -> Self {
        Self {
            name: result.name.clone(),
            kind: result.result_type.as_str().to_owned(),
            values: result.allowed_value.join("\n"),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.name.is_empty() && self.values.is_empty()
    }

    /// The description of the result, whose id belongs to the achievement.
    pub(super) fn written(&self, number: usize) -> Result<ResultDescription, Wrong> {
        if self.name.is_empty() {
            return Err(("name", "badges-achievement-result-name-missing"));
        }
        if !RESULT_TYPES.contains(&self.kind.as_str()) {
            return Err(("type", "badges-form-choose"));
        }
        Ok(ResultDescription {
            id: format!("#result-{number}"),
            r#type: Types::default(),
            name: self.name.clone(),
            result_type: ResultType::from(self.kind.as_str()),
            allowed_value: lines(&self.values).map(str::to_owned).collect(),
            required_level: None,
            required_value: None,
            rubric_criterion_level: Vec::new(),
            value_min: None,
            value_max: None,
            alignment: Vec::new(),
        })
    }
}

impl TranslationRow {
    /// The rows of a form, by their place in it.
    pub(super) fn read(fields: &Fields) -> Vec<Self> {
        rows(fields, "translation", |field| Self {
            language: field("language"),
            name: field("name"),
            description: field("description"),
            criteria: field("criteria"),
        })
    }

    /// The rows that write the translations of an achievement.
    pub(super) fn of(achievement: &Achievement) -> Vec<Self> {
        achievement
            .texts()
            .iter()
            .skip(1)
            .map(|text| Self {
                language: text.language.unwrap_or_default().to_owned(),
                name: text.name.to_owned(),
                description: text.description.to_owned(),
                criteria: text.criteria.narrative.unwrap_or_default().to_owned(),
            })
            .collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        [
            &self.language,
            &self.name,
            &self.description,
            &self.criteria,
        ]
        .iter()
        .all(|text| text.is_empty())
    }

    /// Adds the translation to an achievement whose own language is known.
    pub(super) fn write(&self, achievement: &mut Achievement) -> Result<(), Wrong> {
        let language = LanguageTag::from_mediawiki(&self.language)
            .map_err(|_| ("language", "badges-form-no-language"))?;
        let known = achievement.texts();
        if known
            .iter()
            .any(|text| text.language == Some(language.as_str()))
        {
            return Err(("language", "badges-achievement-translation-twice"));
        }
        for (field, text) in [
            ("name", &self.name),
            ("description", &self.description),
            ("criteria", &self.criteria),
        ] {
            if text.is_empty() {
                return Err((field, "badges-achievement-translation-missing"));
            }
        }
        achievement.translate(
            &language,
            &self.name,
            &self.description,
            Criteria::narrative(&self.criteria),
        );
        Ok(())
    }
}

/// The number of an item in what people paste: `Q42`, or the address of its page.
fn item(text: &str) -> Option<&str> {
    let number = match text.split_once("wikidata.org/") {
        Some((_, path)) => path
            .strip_prefix("wiki/")
            .or_else(|| path.strip_prefix("entity/"))?,
        None => text,
    };
    let digits = number.strip_prefix('Q')?;
    let is_number = digits.len() < 12
        && !digits.starts_with('0')
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && !digits.is_empty()).then_some(number)
}

fn is_esco(text: &str) -> bool {
    let rest = text
        .strip_prefix("http://")
        .or_else(|| text.strip_prefix("https://"));
    is_web_address(text) && rest.is_some_and(|rest| rest.starts_with("data.europa.eu/esco/"))
}

/// Whether a text is an address on the web that browsers and the standard both take.
pub(crate) fn is_web_address(text: &str) -> bool {
    let parsed = text.parse::<http::Uri>();
    parsed.is_ok_and(|uri| {
        uri.host().is_some_and(|host| !host.is_empty())
            && matches!(uri.scheme_str(), Some("http" | "https"))
    })
}

/// What stands on the lines of a text.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

pub(super) fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Reads the rows `<kind>-0-…`, `<kind>-1-…`, as far as there are any.
fn rows<T>(fields: &Fields, kind: &str, read: impl Fn(&dyn Fn(&str) -> String) -> T) -> Vec<T> {
    (0..MAX_ROWS)
        .take_while(|row| fields.has(&format!("{kind}-{row}-name")))
        .map(|row| read(&|field| fields.text(&format!("{kind}-{row}-{field}")).to_owned()))
        .collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn items_are_known_by_their_number() {
        for text in [
            "Q42",
            "https://www.wikidata.org/wiki/Q42",
            "http://www.wikidata.org/entity/Q42",
        ] {
            assert_eq!(item(text), Some("Q42"), "{text}");
        }
        for text in [
            "",
            "42",
            "Q",
            "Q0",
            "P31",
            "Q4 2",
            "https://www.wikidata.org/wiki/Property:P31",
            "q42",
        ] {
            assert_eq!(item(text), None, "{text}");
        }
    }

    #[test]
    fn an_alignment_is_read_as_it_was_written() {
        let row = |target, name: &str, address: &str, code: &str, framework: &str| AlignmentRow {
            target,
            name: name.to_owned(),
            address: address.to_owned(),
            code: code.to_owned(),
            framework: framework.to_owned(),
        };
        for row in [
            row(Target::Wikidata, "editing", "Q42", "", ""),
            row(Target::Capacity, "facilitation", "Q42", "Q7", ""),
            row(
                Target::Esco,
                "teach",
                "http://data.europa.eu/esco/skill/1",
                "1",
                "",
            ),
            row(
                Target::Other,
                "anything",
                "https://example.org/a",
                "a",
                "Example",
            ),
            row(Target::Other, "anything", "https://example.org/a", "", ""),
        ] {
            assert_eq!(AlignmentRow::of(&row.written().unwrap()), row);
        }
        let capacity = row(Target::Capacity, "n", "Q42", "", "").written().unwrap();
        assert_eq!(capacity.target_url, "http://www.wikidata.org/entity/Q42");
        assert_eq!(
            capacity.target_framework.as_deref(),
            Some("Wikimedia Capacity Directory")
        );
        for (row, field) in [
            (row(Target::Wikidata, "", "Q42", "", ""), "name"),
            (row(Target::Wikidata, "n", "42", "", ""), "address"),
            (
                row(Target::Esco, "n", "https://example.org/esco/", "", ""),
                "address",
            ),
            (row(Target::Other, "n", "example.org", "", ""), "address"),
            (
                row(Target::Other, "n", "javascript:alert(1)", "", ""),
                "address",
            ),
        ] {
            assert_eq!(row.written().unwrap_err().0, field);
        }
    }
}
