//! An achievement as people fill it in, and what becomes of it. Nothing typed is lost: what cannot be
//! used stays in the draft, beside what is wrong with it.

use badges_core::json;
use badges_core::model::schema::{self, Departure, Reading};
use badges_core::model::{
    Achievement, AchievementCredential, AchievementSubject, AchievementType, Criteria, LanguageTag, Profile,
};
use badges_core::UnsignedCredential;
use badges_core::span::Span;
use serde_json::Value;
use time::OffsetDateTime;

use super::rows::{AlignmentRow, ResultRow, TranslationRow, Wrong, lines, some};
use super::complete;
use crate::form::{Fields, Problems};
use crate::i18n::{self, Lang};
use crate::words;

/// What achievements can be, in the standard's words (B.5.1): first what workshops give.
pub(crate) const TYPES: [&str; 31] = [
    "Badge", "Achievement", "Competency", "Course", "CertificateOfCompletion", "Certificate", "Certification",
    "CommunityService", "CoCurricular", "Award", "Membership", "MicroCredential", "LearningProgram", "Assessment",
    "Assignment", "Fieldwork", "License", "Diploma", "Degree", "AssociateDegree", "BachelorDegree", "MasterDegree",
    "DoctoralDegree", "ProfessionalDoctorate", "ResearchDoctorate", "SecondarySchoolDiploma",
    "GeneralEducationDevelopment", "ApprenticeshipCertificate", "JourneymanCertificate", "MasterCertificate",
    "QualityAssuranceCredential",
];

/// What the period of validity is counted in, with the letter of ISO 8601.
pub(crate) const UNITS: [(&str, char); 3] = [("days", 'D'), ("months", 'M'), ("years", 'Y')];

const MAX_NAME: usize = 200;
const MAX_DESCRIPTION: usize = 2_000;
const MAX_CRITERIA: usize = 20_000;
const MAX_TAGS: usize = 30;

/// What stands in the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Draft {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) criteria: String,
    pub(crate) language: String,
    pub(crate) kind: String,
    /// One a line.
    pub(crate) tags: String,
    pub(crate) alignments: Vec<AlignmentRow>,
    pub(crate) results: Vec<ResultRow>,
    pub(crate) translations: Vec<TranslationRow>,
    /// How many units; empty for ever.
    pub(crate) validity: String,
    pub(crate) unit: String,
    pub(crate) suspendable: bool,
}

/// A draft that can be kept and awarded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) name: String,
    pub(crate) document: String,
    pub(crate) validity: Option<String>,
    pub(crate) suspendable: bool,
}

/// A period of validity as a number and what it counts.
pub(crate) fn period(validity: Option<&str>) -> Option<(u32, &'static str)> {
    Some(match validity?.parse().ok()? {
        Span::Months(months) if months % 12 == 0 => (months / 12, "years"),
        Span::Months(months) => (months, "months"),
        Span::Days(days) => (days, "days"),
    })
}

/// What the standard's strictest reader would say of a badge of this achievement by this issuer; and
/// if nothing, why it could not be signed all the same.
pub(crate) fn departures(issuer: Profile, achievement: Achievement) -> (Vec<Departure>, Option<String>) {
    let mut subject = AchievementSubject::new(achievement);
    subject.id = Some("urn:uuid:00000000-0000-4000-8000-000000000000".to_owned());
    let mut badge =
        AchievementCredential::new("https://example.org/badges/b", issuer, OffsetDateTime::UNIX_EPOCH, subject);
    badge.name = Some(badge.credential_subject.achievement.name.clone());
    let text = serde_json::to_string(&badge).unwrap_or_default();
    let departures = json::parse(&text).map(|document| schema::check(&document, Reading::Strict)).unwrap_or_default();
    let other = match departures.is_empty() {
        true => UnsignedCredential::badge(&badge).err().map(|error| error.to_string()),
        false => None,
    };
    (departures, other)
}

impl Draft {
    /// What was sent.
    pub(crate) fn read(fields: &Fields) -> Self {
        let text = |name: &str| fields.text(name).to_owned();
        Self {
            name: text("name"),
            description: text("description"),
            criteria: text("criteria"),
            language: text("language"),
            kind: text("type"),
            tags: text("tags"),
            alignments: AlignmentRow::read(fields),
            results: ResultRow::read(fields),
            translations: TranslationRow::read(fields),
            validity: text("validity"),
            unit: text("unit"),
            suspendable: fields.has("suspendable"),
        }
    }

    /// What was kept.
    ///
    /// # Errors
    /// When the document is not what is kept there.
    pub(crate) fn of(document: &str, validity: Option<&str>, suspendable: bool) -> serde_json::Result<Self> {
        let achievement = complete(document, "", 0, None)?;
        let (number, unit) = period(validity).unzip();
        Ok(Self {
            translations: TranslationRow::of(&achievement),
            alignments: achievement.alignment.iter().map(AlignmentRow::of).collect(),
            results: achievement.result_description.iter().map(ResultRow::of).collect(),
            kind: achievement.achievement_type.as_ref().map(|kind| kind.as_str().to_owned()).unwrap_or_default(),
            tags: achievement.tag.join("\n"),
            language: achievement.in_language.unwrap_or_default(),
            criteria: achievement.criteria.narrative.unwrap_or_default(),
            name: achievement.name,
            description: achievement.description,
            validity: number.map(|number| number.to_string()).unwrap_or_default(),
            unit: unit.unwrap_or("years").to_owned(),
            suspendable,
        })
    }

    /// With one more row of each kind, to be filled in.
    pub(crate) fn with_empty_rows(mut self) -> Self {
        self.alignments.retain(|row| !row.is_empty());
        self.results.retain(|row| !row.is_empty());
        self.translations.retain(|row| !row.is_empty());
        self.alignments.push(AlignmentRow::default());
        self.results.push(ResultRow::default());
        self.translations.push(TranslationRow::default());
        self
    }

    /// What is kept of it.
    ///
    /// # Errors
    /// All that is wrong, at the fields of the form.
    pub(crate) fn written(&self, lang: Lang) -> Result<Written, Problems> {
        let mut problems = Problems::default();
        let validity = self.span(lang, &mut problems);
        let achievement = self.achievement(lang, &mut problems);
        if problems.is_empty() {
            self.rehearse(&achievement, lang, &mut problems);
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut document = serde_json::to_value(&achievement).unwrap_or_default();
        if let Value::Object(members) = &mut document {
            members.remove("id");
        }
        Ok(Written {
            name: self.name.clone(),
            document: document.to_string(),
            validity: validity.map(|span| span.to_string()),
            suspendable: self.suspendable,
        })
    }

    fn achievement(&self, lang: Lang, problems: &mut Problems) -> Achievement {
        let mut wrong = |field: String, key: &str| problems.add(field, i18n::text(lang, key, &[]));
        for (field, text, most, missing) in [
            ("name", &self.name, MAX_NAME, "badges-achievement-name-missing"),
            ("description", &self.description, MAX_DESCRIPTION, "badges-achievement-description-missing"),
            ("criteria", &self.criteria, MAX_CRITERIA, "badges-achievement-criteria-missing"),
        ] {
            if text.is_empty() {
                wrong(field.to_owned(), missing);
            } else if text.chars().count() > most {
                wrong(field.to_owned(), "badges-form-too-long");
            }
        }
        // Until it is published somewhere it has no id, and neither have its parts.
        let mut achievement =
            Achievement::new("", &self.name, &self.description, Criteria::narrative(&self.criteria));
        match LanguageTag::from_mediawiki(&self.language) {
            Ok(tag) => achievement.in_language = Some(tag.to_string()),
            Err(_) => wrong("language".to_owned(), "badges-form-no-language"),
        }
        if TYPES.contains(&self.kind.as_str()) {
            achievement.achievement_type = Some(AchievementType::from(self.kind.as_str()));
        } else {
            wrong("type".to_owned(), "badges-form-choose");
        }
        achievement.tag = lines(&self.tags).map(str::to_owned).collect();
        if achievement.tag.len() > MAX_TAGS || achievement.tag.iter().any(|tag| tag.chars().count() > MAX_NAME) {
            wrong("tags".to_owned(), "badges-form-too-long");
        }
        let mut at = |kind: &str, row: usize, (field, key): Wrong| wrong(format!("{kind}-{row}-{field}"), key);
        for (row, alignment) in self.alignments.iter().enumerate().filter(|(_, row)| !row.is_empty()) {
            match alignment.written() {
                Ok(alignment) => achievement.alignment.push(alignment),
                Err(problem) => at("alignment", row, problem),
            }
        }
        for (row, result) in self.results.iter().enumerate().filter(|(_, row)| !row.is_empty()) {
            match result.written(achievement.result_description.len() + 1) {
                Ok(result) => achievement.result_description.push(result),
                Err(problem) => at("result", row, problem),
            }
        }
        for (row, translation) in self.translations.iter().enumerate().filter(|(_, row)| !row.is_empty()) {
            if let Err(problem) = translation.write(&mut achievement) {
                at("translation", row, problem);
            }
        }
        achievement
    }

    fn span(&self, lang: Lang, problems: &mut Problems) -> Option<Span> {
        let number = some(&self.validity)?;
        let letter = UNITS.iter().find(|(unit, _)| *unit == self.unit).map_or('Y', |(_, letter)| *letter);
        let span = format!("P{number}{letter}").parse::<Span>().ok();
        // A thousand years are nobody's intention, and end before time can be written.
        let is_sensible = |span: &Span| span.after(OffsetDateTime::UNIX_EPOCH).is_some_and(|end| end.year() < 2970);
        let span = span.filter(is_sensible);
        if span.is_none() {
            problems.add("validity", i18n::text(lang, "badges-achievement-validity-wrong", &[]));
        }
        span
    }

    /// Makes a badge of it for nobody, as the standard's strictest reader wants it, so that what is
    /// wrong is said now and not when forty people wait for their badges.
    fn rehearse(&self, achievement: &Achievement, lang: Lang, problems: &mut Problems) {
        const ID: &str = "https://example.org/achievements/a";
        const PREFIX: &str = "credentialSubject.achievement";
        let document = serde_json::to_string(achievement).unwrap_or_default();
        let Ok(achievement) = complete(&document, ID, 1, None) else {
            return problems.add("", i18n::text(lang, "badges-form-unusable", &[&document]));
        };
        let mut issuer = Profile::new("did:web:example.org");
        issuer.name = Some("Example".to_owned());
        let (departures, other) = departures(issuer, achievement);
        for departure in departures {
            let path = departure.path.strip_prefix(PREFIX).unwrap_or(&departure.path);
            problems.add(self.field(path.trim_start_matches('.')), words::departure(lang, &departure));
        }
        if let Some(text) = other {
            let path = text.strip_prefix(PREFIX).map_or("", |rest| rest.trim_start_matches('.'));
            let path = path.split([':', ' ']).next().unwrap_or_default();
            problems.add(self.field(path), i18n::text(lang, "badges-form-unusable", &[&text]));
        }
    }

    /// The field of the form for a path in the achievement, such as `alignment[0].targetUrl`.
    fn field(&self, path: &str) -> String {
        let (member, rest) = path.split_at(path.find(['.', '[']).unwrap_or(path.len()));
        let index = rest.strip_prefix('[').and_then(|rest| rest.split(']').next()?.parse::<usize>().ok());
        let last = path.rsplit('.').next().unwrap_or_default();
        let row = |mut filled: Box<dyn Iterator<Item = usize> + '_>| index.and_then(|index| filled.nth(index)).unwrap_or_default();
        fn filled<'r, T>(rows: &'r [T], is_empty: fn(&T) -> bool) -> Box<dyn Iterator<Item = usize> + 'r> {
            Box::new(rows.iter().enumerate().filter(move |(_, row)| !is_empty(row)).map(|(at, _)| at))
        }
        match member {
            "inLanguage" => "language".to_owned(),
            "achievementType" => "type".to_owned(),
            "tag" => "tags".to_owned(),
            "alignment" => {
                let field = match last {
                    "targetName" => "name",
                    "targetCode" => "code",
                    "targetFramework" => "framework",
                    _ => "address",
                };
                format!("alignment-{}-{field}", row(filled(&self.alignments, AlignmentRow::is_empty)))
            }
            "resultDescription" => {
                let field = match last {
                    "resultType" => "type",
                    last if last.starts_with("allowedValue") => "values",
                    _ => "name",
                };
                format!("result-{}-{field}", row(filled(&self.results, ResultRow::is_empty)))
            }
            "related" => {
                let field = match last {
                    "inLanguage" | "id" => "language",
                    "name" => "name",
                    "description" => "description",
                    _ => "criteria",
                };
                format!("translation-{}-{field}", row(filled(&self.translations, TranslationRow::is_empty)))
            }
            "description" | "criteria" => member.to_owned(),
            _ => "name".to_owned(),
        }
    }
}
