//! From Open Badges 2.0 to 3.0: one's own assertion, its class and its profile, issued again as a
//! credential (the implementation guide of 3.0, "Migrating", and its mapping of classes).
//!
//! A badge that is issued again is a new document with a new id, by the same issuer; the two name
//! each other's versions: the achievement is `related` to the old class, the old assertion is
//! `evidence`, and the old issuer's address is among the new one's identifiers. What 3.0 has no place
//! for, or what says something of the old documents only, is left out and listed. Nothing is made up:
//! what is missing is an error.

use std::collections::BTreeSet;

use crate::json::Value;
use crate::model::{
    Achievement, AchievementCredential, AchievementSubject, Alignment, Criteria, DateTimeZ,
    Evidence, IdentifierEntry, IdentifierType, Image, Profile, Related, Types,
};
use crate::verify::open_badges_2::{Identity, date, is_web_address};
use crate::verify::{Question, older_documents};

/// The further type of evidence that is an assertion of Open Badges 2.0.
const ASSERTION: &str = "https://w3id.org/openbadges#Assertion";
/// The further type of what an achievement is related to, when that is a class of Open Badges 2.0.
const BADGE_CLASS: &str = "https://w3id.org/openbadges#BadgeClass";
/// What `version` says of such a class.
const VERSION: &str = "Open Badges v2p0";

/// A badge of Open Badges 2.0, its documents as they stand at their addresses.
#[derive(Clone, Debug)]
pub struct OlderBadge<'v> {
    /// The `Assertion`.
    pub assertion: Value<'v>,
    /// The `BadgeClass`.
    pub class: Value<'v>,
    /// The `Profile` of the issuer.
    pub issuer: Value<'v>,
}

impl OlderBadge<'static> {
    /// The documents that count of a badge in any form, out of those of a question that
    /// [`verify`](mod@crate::verify) has answered; `None` when one of them is not there. Whether the
    /// badge is good is what the answer said.
    #[must_use]
    pub fn find(badge: &[u8], question: &Question<'_>) -> Option<Self> {
        let [assertion, class, issuer] = older_documents(badge, question)?;
        Some(Self {
            assertion,
            class,
            issuer,
        })
    }
}

/// What the new badge has of its own.
#[derive(Clone, Debug)]
pub struct NewBadge {
    /// Its id, which is not that of the assertion.
    pub id: String,
    /// The achievement's id, which is not that of the class.
    pub achievement: String,
    /// The issuer. What it leaves open (name, address and so on) is taken from the old profile.
    pub issuer: Profile,
    /// From when it is valid. The day of the award stays the old one.
    pub valid_from: DateTimeZ,
}

/// The new badge, not signed yet.
#[derive(Clone, Debug)]
pub struct Upgraded {
    /// The badge.
    pub credential: AchievementCredential,
    /// The paths of what was left out, such as `badge.criteria.author`: from the assertion, with its
    /// class at `badge` and the issuer at `badge.issuer`.
    pub left_out: Vec<String>,
}

/// Why a badge cannot be upgraded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UpgradeError {
    /// Something that 3.0 requires is not there, or not as 2.0 has it.
    #[error("{path}: is missing or cannot be read")]
    Missing {
        /// Where it should be, from the assertion on.
        path: &'static str,
    },
    /// The documents do not belong together.
    #[error("{path}: names {found}, not the document at hand")]
    OtherDocument {
        /// The member that names another one.
        path: &'static str,
        /// What it names.
        found: String,
    },
    /// The id of the new badge or achievement is the old one's.
    #[error("{id} is the id of the old document; the new one needs its own")]
    SameId {
        /// The id.
        id: String,
    },
    /// The badge was revoked.
    #[error("the badge was revoked")]
    Revoked,
}

/// Makes a badge of Open Badges 3.0 from one of 2.0.
///
/// # Errors
/// What keeps the badge from being issued again.
pub fn upgrade(older: &OlderBadge<'_>, new: NewBadge) -> Result<Upgraded, UpgradeError> {
    check_links(older, &new)?;
    let mut left_out = Vec::new();
    let mut assertion = Taken::new(&older.assertion, "");
    assertion.skip(&[
        "@context",
        "type",
        "id",
        "badge",
        "verification",
        "verify",
        "revoked",
    ]);

    let achievement = achievement(&older.class, new.achievement, &mut left_out)?;
    let issuer = profile(&older.issuer, new.issuer, &mut left_out);
    let mut subject = AchievementSubject::new(achievement);
    recipient(&mut assertion, &mut subject)?;
    subject.narrative = assertion.text("narrative");

    let mut credential = AchievementCredential::new(new.id, issuer, new.valid_from, subject);
    credential.name = Some(credential.credential_subject.achievement.name.clone());
    credential.awarded_date = moment(&mut assertion, "issuedOn")?;
    credential.valid_until = moment(&mut assertion, "expires")?;
    credential.evidence = evidence(&mut assertion);
    if let Some(id) = older.assertion.text("id").filter(|id| is_web_address(id)) {
        credential.evidence.push(Evidence {
            r#type: Types::with([ASSERTION]),
            ..Evidence::at(id)
        });
    }
    assertion.list_left_out(&mut left_out);
    left_out.sort();
    Ok(Upgraded {
        credential,
        left_out,
    })
}

/// The documents belong together, and the new ids are new.
fn check_links(older: &OlderBadge<'_>, new: &NewBadge) -> Result<(), UpgradeError> {
    if !matches!(
        older.assertion.get("revoked"),
        None | Some(Value::Null | Value::Bool(false))
    ) {
        return Err(UpgradeError::Revoked);
    }
    for (path, member, document) in [
        ("badge", older.assertion.get("badge"), &older.class),
        ("badge.issuer", older.class.get("issuer"), &older.issuer),
    ] {
        let named = member.and_then(|member| member.as_str().or_else(|| member.text("id")));
        match (named, document.text("id")) {
            (Some(named), id) if Some(named) != id => {
                let found = named.to_owned();
                return Err(UpgradeError::OtherDocument { path, found });
            }
            (None, _) if member.is_none() => return Err(UpgradeError::Missing { path }),
            _ => {}
        }
    }
    for (old, id) in [
        (&older.assertion, &new.id),
        (&older.class, &new.achievement),
    ] {
        if old.text("id") == Some(id) {
            return Err(UpgradeError::SameId { id: id.clone() });
        }
    }
    Ok(())
}

fn achievement(
    class: &Value<'_>,
    id: String,
    left_out: &mut Vec<String>,
) -> Result<Achievement, UpgradeError> {
    let mut class = Taken::new(class, "badge.");
    class.skip(&["@context", "type", "id", "issuer"]);
    let missing = |path| UpgradeError::Missing { path };
    let name = class.text("name").ok_or_else(|| missing("badge.name"))?;
    let description = class.text("description");
    let description = description.ok_or_else(|| missing("badge.description"))?;
    let criteria = criteria(&mut class).ok_or_else(|| missing("badge.criteria"))?;
    let mut achievement = Achievement::new(id, name, description, criteria);
    achievement.image = image(&mut class);
    achievement.in_language = class.text("@language");
    achievement.version = class.text("version");
    achievement.tag = class.texts("tags");
    achievement.alignment = alignments(&mut class);
    achievement.related = class.each("related", |related| {
        Some(Related {
            in_language: related.text("@language"),
            version: related.text("version"),
            ..Related::new(related.text("id")?)
        })
    });
    if let Some(id) = class.object.text("id") {
        achievement.related.push(Related {
            r#type: Types::with([BADGE_CLASS]),
            version: Some(VERSION.to_owned()),
            ..Related::new(id)
        });
    }
    class.list_left_out(left_out);
    Ok(achievement)
}

/// A page, or an object with its address, with words, or with both.
fn criteria(class: &mut Taken<'_>) -> Option<Criteria> {
    let found = class.each("criteria", |criteria| {
        criteria.skip(&["type"]);
        Some(Criteria {
            id: criteria.text("id"),
            narrative: criteria.text("narrative"),
        })
    });
    let first = found.into_iter().next()?;
    (first != Criteria::default()).then_some(first)
}

fn image(holder: &mut Taken<'_>) -> Option<Image> {
    let images = holder.each("image", |image| {
        image.skip(&["type"]);
        Some(Image {
            caption: image.text("caption"),
            ..Image::new(image.text("id")?)
        })
    });
    images.into_iter().next()
}

/// `alignment`, whose members had other names before 2.0.
fn alignments(class: &mut Taken<'_>) -> Vec<Alignment> {
    class.each("alignment", |alignment| {
        alignment.skip(&["type"]);
        let name = alignment
            .text("targetName")
            .or_else(|| alignment.text("name"));
        let url = alignment
            .text("targetUrl")
            .or_else(|| alignment.text("url"));
        let description = alignment.text("targetDescription");
        Some(Alignment {
            target_description: description.or_else(|| alignment.text("description")),
            target_framework: alignment.text("targetFramework"),
            target_code: alignment.text("targetCode"),
            ..Alignment::new(name?, url?)
        })
    })
}

fn evidence(assertion: &mut Taken<'_>) -> Vec<Evidence> {
    assertion.each("evidence", |evidence| {
        evidence.skip(&["type"]);
        Some(Evidence {
            id: evidence.text("id"),
            name: evidence.text("name"),
            narrative: evidence.text("narrative"),
            description: evidence.text("description"),
            genre: evidence.text("genre"),
            audience: evidence.text("audience"),
            ..Evidence::default()
        })
    })
}

/// What the new profile leaves open is as in the old one.
fn profile(old: &Value<'_>, mut new: Profile, left_out: &mut Vec<String>) -> Profile {
    let mut old = Taken::new(old, "badge.issuer.");
    // Keys and lists of the old kind belong to the old badges.
    let verification = ["verification", "publicKey", "revocationList"];
    old.skip(&["@context", "type", "id"]);
    old.skip(&verification);
    let mut fill = |open: &mut Option<String>, member| {
        let text = old.text(member);
        if open.is_none() {
            *open = text;
        }
    };
    fill(&mut new.name, "name");
    fill(&mut new.url, "url");
    fill(&mut new.phone, "telephone");
    fill(&mut new.description, "description");
    fill(&mut new.email, "email");
    let picture = image(&mut old);
    new.image = new.image.or(picture);
    if let Some(id) = old.object.text("id").filter(|id| *id != new.id) {
        let entry = IdentifierEntry::new(id, IdentifierType::Identifier);
        if !new.other_identifier.contains(&entry) {
            new.other_identifier.push(entry);
        }
    }
    old.list_left_out(left_out);
    new
}

fn recipient(
    assertion: &mut Taken<'_>,
    subject: &mut AchievementSubject,
) -> Result<(), UpgradeError> {
    let path = "recipient";
    let identity = Identity::of(assertion.object).ok_or(UpgradeError::Missing { path })?;
    let Identity { kind, mut object } = identity;
    assertion.skip(&[path]);
    match kind.as_str() {
        // An identifier that is a URI is what 3.0 calls the subject's id.
        "id" if !object.hashed => {
            subject.id = Some(object.identity_hash);
            return Ok(());
        }
        "emailAddress" => {}
        _ => {
            // 3.0 has no word for a telephone number or a home page that identifies somebody.
            object.identity_type = IdentifierType::Identifier;
            assertion.left_out.push("recipient.type".to_owned());
        }
    }
    if !object.hashed {
        object.salt = None;
    }
    subject.identifier.push(object);
    Ok(())
}

fn moment(
    assertion: &mut Taken<'_>,
    member: &'static str,
) -> Result<Option<DateTimeZ>, UpgradeError> {
    let Some(value) = assertion
        .object
        .get(member)
        .filter(|value| **value != Value::Null)
    else {
        return Ok(None);
    };
    assertion.skip(&[member]);
    let date = date(value).map_err(|_| UpgradeError::Missing { path: member })?;
    Ok(Some(date.moment.into()))
}

/// An object, and which of its members have found a place.
struct Taken<'v> {
    object: &'v Value<'v>,
    place: String,
    taken: BTreeSet<&'static str>,
    left_out: Vec<String>,
}

impl<'v> Taken<'v> {
    fn new(object: &'v Value<'v>, place: &str) -> Self {
        Self {
            object,
            place: place.to_owned(),
            taken: BTreeSet::new(),
            left_out: Vec::new(),
        }
    }

    /// Members that the new badge has its own for.
    fn skip(&mut self, members: &[&'static str]) {
        self.taken.extend(members);
    }

    /// A member that is a text; a bare text is its own `id`.
    fn text(&mut self, member: &'static str) -> Option<String> {
        let text = match self.object {
            Value::String(id) if member == "id" => id,
            object => object.text(member)?,
        };
        self.taken.insert(member);
        Some(text.to_owned())
    }

    /// All texts of a member; others are left out.
    fn texts(&mut self, member: &'static str) -> Vec<String> {
        self.taken.insert(member);
        let mut texts = Vec::new();
        for (index, item) in self.object.list(member).iter().enumerate() {
            match item.as_str() {
                Some(text) => texts.push(text.to_owned()),
                None => self
                    .left_out
                    .push(format!("{}{member}[{index}]", self.place)),
            }
        }
        texts
    }

    /// One or many objects, each read so; what cannot be is left out.
    fn each<T>(
        &mut self,
        member: &'static str,
        read: impl Fn(&mut Taken<'_>) -> Option<T>,
    ) -> Vec<T> {
        self.taken.insert(member);
        let is_list = matches!(self.object.get(member), Some(Value::Array(_)));
        let mut found = Vec::new();
        for (index, item) in self.object.list(member).iter().enumerate() {
            let position = if is_list {
                format!("[{index}]")
            } else {
                String::new()
            };
            let place = format!("{}{member}{position}", self.place);
            let mut taken = Taken::new(item, &format!("{place}."));
            match read(&mut taken) {
                Some(value) => {
                    found.push(value);
                    taken.list_left_out(&mut self.left_out);
                }
                None => self.left_out.push(place),
            }
        }
        found
    }

    fn list_left_out(self, left_out: &mut Vec<String>) {
        left_out.extend(self.left_out);
        let members = self.object.as_object().into_iter().flatten();
        let others = members.filter(|(name, _)| !self.taken.contains(name.as_ref()));
        left_out.extend(others.map(|(name, _)| format!("{}{name}", self.place)));
    }
}

#[cfg(test)]
mod tests;
