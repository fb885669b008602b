//! The first files of a new folder, made to be read and edited.

use badges_core::credential::UnsignedCredential;
use badges_core::model::{
    Achievement, AchievementCredential, AchievementSubject, Criteria, DateTimeZ, LanguageTag,
    Profile,
};
use badges_core::publish::Base;
use time::OffsetDateTime;

use crate::error::{Code, Error};

/// What is known of a new issuer.
pub(crate) struct FirstIssuer<'a> {
    pub(crate) name: &'a str,
    pub(crate) description: Option<&'a str>,
    pub(crate) url: Option<&'a str>,
    pub(crate) email: Option<&'a str>,
    pub(crate) language: &'a LanguageTag,
    pub(crate) base: Option<&'a Base>,
    pub(crate) id: &'a str,
}

/// What is known of a first achievement.
pub(crate) struct FirstAchievement<'a> {
    pub(crate) name: &'a str,
    pub(crate) description: &'a str,
    pub(crate) criteria: &'a str,
}

/// The options of `badges new`, by the member of a badge that each becomes.
const OPTIONS: [(&str, &str); 7] = [
    ("issuer.name", "--name"),
    ("issuer.description", "--description"),
    ("issuer.url", "--url"),
    ("issuer.email", "--email"),
    ("credentialSubject.achievement.name", "--achievement-name"),
    (
        "credentialSubject.achievement.description",
        "--achievement-description",
    ),
    (
        "credentialSubject.achievement.criteria.narrative",
        "--criteria",
    ),
];

/// Makes sure that badges can be issued with what was said.
///
/// # Errors
/// Which option cannot stand in a badge.
pub(crate) fn check(
    issuer: &FirstIssuer<'_>,
    achievement: &FirstAchievement<'_>,
) -> Result<(), Error> {
    let mut profile = Profile::new(issuer.id);
    profile.name = Some(issuer.name.to_owned());
    profile.description = issuer.description.map(str::to_owned);
    profile.url = issuer.url.map(str::to_owned);
    profile.email = issuer.email.map(str::to_owned);
    let mut subject = AchievementSubject::new(Achievement::new(
        "urn:example:achievement",
        achievement.name,
        achievement.description,
        Criteria::narrative(achievement.criteria),
    ));
    subject.id = Some("urn:example:holder".to_owned());
    let any_day = DateTimeZ::from(OffsetDateTime::UNIX_EPOCH);
    let badge = AchievementCredential::new("urn:example:badge", profile, any_day, subject);
    let Err(error) = UnsignedCredential::badge(&badge) else {
        return Ok(());
    };
    let text = error.to_string();
    let of_option = OPTIONS.iter().find_map(|(member, option)| {
        let problem = text.strip_prefix(member)?.strip_prefix(": ")?;
        Some(format!("`{option}`: {problem}"))
    });
    Err(Error::new(Code::Usage, of_option.unwrap_or(text))
        .hint("nothing was made; say it otherwise"))
}

impl FirstIssuer<'_> {
    /// The text of `issuer.toml`.
    pub(crate) fn text(&self) -> String {
        let mut text = String::from(
            "# Who issues the badges of this folder. This stands in every badge: what is changed \
             here is so in\n# badges that are issued from then on.\n\n",
        );
        let base = self.base.map(Base::to_string);
        let who = [
            ("name", Some(self.name)),
            ("description", self.description),
            ("url", self.url),
            ("email", self.email),
            ("language", Some(self.language.as_str())),
        ];
        let identity = [("base", base.as_deref()), ("id", Some(self.id))];
        text.push_str(&lines(&who));
        text.push_str("\n# What identifies the issuer. Never change it once badges are issued.\n");
        text.push_str(&lines(&identity));
        text.push_str(
            "\n# More of the issuer's profile, in the words of Open Badges 3.0:\n\
             # image = \"https://example.org/logo.png\"\n\
             # phone = \"+00 000\"\n",
        );
        text
    }
}

impl FirstAchievement<'_> {
    /// The text of the achievement's file.
    pub(crate) fn text(&self) -> String {
        let named = [
            ("name", Some(self.name)),
            ("description", Some(self.description)),
            ("achievementType", Some("Badge")),
        ];
        let criteria = [("narrative", Some(self.criteria))];
        format!(
            "# What can be achieved, in the words of Open Badges 3.0. Its picture is the file of \
             the same name\n# beside this one, as PNG or SVG.\n\n\
             {}\
             # tag = [\"workshop\"]\n\
             # validFor = \"2y\"          # also 18mo, 90d\n\
             # suspendable = true       # badges can be suspended and reinstated, not revoked\n\
             # evidence = [\"https://example.org/programme\"]\n\n\
             [criteria]\n\
             {}\n\
             # [translations.fr]\n\
             # name = \"…\"\n\
             # description = \"…\"\n\
             # criteria = \"…\"\n\n\
             # [[alignment]]\n\
             # targetName = \"…\"\n\
             # targetUrl = \"https://…\"\n",
            lines(&named),
            lines(&criteria),
        )
    }
}

fn lines(members: &[(&str, Option<&str>)]) -> String {
    members
        .iter()
        .filter_map(|(name, value)| {
            let value = toml::Value::String((*value)?.to_owned());
            Some(format!("{name} = {value}\n"))
        })
        .collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_said_is_written_as_toml() {
        let odd = "\"Quotes\" \\ 'and'\nlines\u{7}";
        let text = FirstAchievement {
            name: odd,
            description: "",
            criteria: odd,
        }
        .text();
        let table: toml::Table = text.parse().unwrap();
        assert_eq!(table["name"].as_str(), Some(odd));
        assert_eq!(table["criteria"]["narrative"].as_str(), Some(odd));
    }
}
