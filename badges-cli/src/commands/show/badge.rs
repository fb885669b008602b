//! What a badge of Open Badges 3.0 says.

use badges_core::json::Value;
use badges_core::model::{AchievementTexts, IdentityObject, LanguageTag};

use super::{Said, line, members, prose};

/// All that a badge says.
pub(super) fn said(badge: &Value<'_>, language: Option<&LanguageTag>, form: String) -> Said {
    let subject = badge.list("credentialSubject").first();
    let mut said = beginning("Badge", badge, form);
    if let Some(subject) = subject {
        said.push(("Narrative", prose(subject.text("narrative"))));
        said.push(("Comment", prose(subject.text("endorsementComment"))));
        said.extend(achievement(subject, language));
    }
    for evidence in badge.list("evidence") {
        let mut lines = members(evidence, &["name", "id"]);
        lines.extend(prose(evidence.text("description")));
        lines.extend(prose(evidence.text("narrative")));
        said.push(("Evidence", lines));
    }
    said.extend(end(badge));
    said.retain(|(_, lines)| !lines.is_empty());
    said
}

/// What stands at the head of every credential.
pub(super) fn beginning(what: &'static str, badge: &Value<'_>, form: String) -> Said {
    let either = |new: &str, old: &str| badge.text(new).or_else(|| badge.text(old));
    let subject = badge.list("credentialSubject").first();
    vec![
        (what, line(badge.text("name"))),
        ("", prose(badge.text("description"))),
        ("Id", line(badge.text("id"))),
        ("Form", vec![form]),
        (
            "Issued by",
            badge.get("issuer").map_or_else(Vec::new, profile),
        ),
        ("Given to", subject.map_or_else(Vec::new, recipients)),
        ("Awarded", line(badge.text("awardedDate"))),
        ("Valid from", line(either("validFrom", "issuanceDate"))),
        ("Valid until", line(either("validUntil", "expirationDate"))),
    ]
}

/// How a credential is kept up to date, and who endorses it.
pub(super) fn end(badge: &Value<'_>) -> Said {
    let mut said = Said::new();
    for status in badge.list("credentialStatus") {
        let kind = status.list("type").first().and_then(Value::as_str);
        let purpose = status.text("statusPurpose").or(kind);
        let list = status.text("statusListCredential").or(status.text("id"));
        let (purpose, list) = (purpose.unwrap_or("status"), list.unwrap_or("nothing"));
        said.push((
            "Status",
            vec![format!("{purpose}, to be looked up in {list}")],
        ));
    }
    let endorsements = ["endorsement", "endorsementJwt"].map(|member| badge.list(member).len());
    match endorsements.iter().sum::<usize>() {
        0 => {}
        1 => said.push(("Endorsed", vec!["once".to_owned()])),
        many => said.push(("Endorsed", vec![format!("{many} times")])),
    }
    said
}

fn achievement(subject: &Value<'_>, language: Option<&LanguageTag>) -> Said {
    let Some(achievement) = subject.list("achievement").first() else {
        return Said::new();
    };
    let texts = AchievementTexts::of(achievement);
    let wanted: Vec<&LanguageTag> = language.into_iter().collect();
    let text = texts.best(&wanted);
    let kind = achievement.text("achievementType");
    let kind = kind.map_or_else(String::new, |kind| format!(" ({kind})"));
    let mut criteria = prose(text.criteria.narrative);
    criteria.extend(line(text.criteria.id));
    let shown = text.language.map(|shown| {
        let others = texts.iter().filter_map(|text| text.language);
        let others: Vec<&str> = others.filter(|other| *other != shown).collect();
        match others.as_slice() {
            [] => shown.to_owned(),
            others => format!("{shown}; also in {}", others.join(", ")),
        }
    });
    let mut said = vec![
        ("Achievement", vec![format!("{}{kind}", text.name)]),
        ("Description", prose(Some(text.description))),
        ("Criteria", criteria),
        ("Language", line(shown.as_deref())),
    ];
    for result in subject.list("result") {
        said.push(("Result", vec![result_text(result, achievement)]));
    }
    for alignment in achievement.list("alignment") {
        said.push((
            "Aligned to",
            members(alignment, &["targetName", "targetUrl"]),
        ));
    }
    said
}

/// `Score: 87`, with the names that the achievement gives to results and levels.
fn result_text(result: &Value<'_>, achievement: &Value<'_>) -> String {
    let descriptions = achievement.list("resultDescription");
    let name = result
        .text("resultDescription")
        .and_then(|id| name_of(descriptions, id));
    let level = result.text("achievedLevel").map(|id| {
        let mut levels = descriptions
            .iter()
            .map(|description| description.list("rubricCriterionLevel"));
        levels.find_map(|levels| name_of(levels, id)).unwrap_or(id)
    });
    let values = [result.text("value"), level, result.text("status")];
    let values: Vec<&str> = values.into_iter().flatten().collect();
    format!("{}: {}", name.unwrap_or("result"), values.join(", "))
}

fn name_of<'v>(items: &'v [Value<'_>], id: &str) -> Option<&'v str> {
    items
        .iter()
        .find(|item| item.text("id") == Some(id))?
        .text("name")
}

pub(super) fn profile(issuer: &Value<'_>) -> Vec<String> {
    match issuer.as_str() {
        Some(id) => vec![id.to_owned()],
        None => members(issuer, &["name", "id", "url", "email"]),
    }
}

pub(super) fn recipients(subject: &Value<'_>) -> Vec<String> {
    let mut lines = line(subject.text("id"));
    let identities = subject
        .list("identifier")
        .iter()
        .filter_map(IdentityObject::read);
    lines.extend(identities.map(|identity| {
        let kind = identity.identity_type.as_str();
        match (identity.hashed, identity.salt) {
            (false, _) => format!("{} ({kind})", identity.identity_hash),
            (true, None) => {
                format!("a hashed {kind}, which only who knows it and its salt can compare")
            }
            (true, Some(_)) => format!("a hashed {kind}, which only who knows it can compare"),
        }
    }));
    lines
}
