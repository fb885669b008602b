//! A person to award, and the keys by which the same person is known again.

use std::fmt;

use serde::{Serialize, Serializer};

use super::names::UserName;

/// What a recipient is known by. The order is that of strength: what survives a rename comes first.
///
/// Its text, for ledgers: `central:123`, `name:Example Volunteer`, `id:did:key:z6Mk...`,
/// `email:volunteer@example.org`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecipientKey {
    /// The id of the account in Wikimedia's central user table; survives a rename.
    CentralId(u64),
    /// The user name.
    Name(UserName),
    /// An identifier from the file, such as a DID.
    Id(String),
    /// An e-mail address, in lower case.
    Email(String),
}

/// One person who gets a badge. There is always at least one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    key: RecipientKey,
    weaker_keys: Vec<RecipientKey>,
    display_name: Option<String>,
    evidence: Option<String>,
}

impl Participant {
    /// A person known by these keys, one of a kind (the first counts); `None` without any.
    #[must_use]
    pub fn new(keys: impl IntoIterator<Item = RecipientKey>) -> Option<Self> {
        let mut keys: Vec<_> = keys.into_iter().collect();
        keys.sort_by_key(RecipientKey::rank);
        keys.dedup_by_key(|key| key.rank());
        let mut keys = keys.into_iter();
        Some(Self {
            key: keys.next()?,
            weaker_keys: keys.collect(),
            display_name: None,
            evidence: None,
        })
    }

    /// The strongest key: the one that tells whether this person already has a badge.
    #[must_use]
    pub const fn key(&self) -> &RecipientKey {
        &self.key
    }

    /// All keys, the strongest first. A ledger that holds any of them may know the person from
    /// before more was known.
    pub fn keys(&self) -> impl Iterator<Item = &RecipientKey> {
        std::iter::once(&self.key).chain(&self.weaker_keys)
    }

    /// The user name on the wikis.
    #[must_use]
    pub fn name(&self) -> Option<&UserName> {
        self.keys().find_map(|key| match key {
            RecipientKey::Name(name) => Some(name),
            _ => None,
        })
    }

    /// The id of the account in Wikimedia's central user table.
    #[must_use]
    pub fn central_id(&self) -> Option<u64> {
        self.keys().find_map(|key| match key {
            RecipientKey::CentralId(id) => Some(*id),
            _ => None,
        })
    }

    /// Another identifier from the file, such as a DID.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.keys().find_map(|key| match key {
            RecipientKey::Id(id) => Some(id.as_str()),
            _ => None,
        })
    }

    /// The e-mail address, in lower case.
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        self.keys().find_map(|key| match key {
            RecipientKey::Email(email) => Some(email.as_str()),
            _ => None,
        })
    }

    /// What the person is called in the file; identifies nobody.
    #[must_use]
    pub fn display_name(&self) -> Option<&str> {
        self.display_name.as_deref()
    }

    /// The address of something that shows the achievement, such as a WikiLearn certificate.
    #[must_use]
    pub fn evidence(&self) -> Option<&str> {
        self.evidence.as_deref()
    }

    /// The same person with this display name and evidence.
    #[must_use]
    pub fn with(self, display_name: Option<String>, evidence: Option<String>) -> Self {
        Self {
            display_name,
            evidence,
            ..self
        }
    }

    /// Whether two people who share a key are told apart by a stronger one.
    pub(super) fn differs_above(&self, shared: &RecipientKey, other: &Self) -> bool {
        let stronger = self.keys().filter(|key| key.rank() < shared.rank());
        let mut theirs = stronger.filter_map(|mine| {
            let theirs = other.keys().find(|theirs| mine.rank() == theirs.rank())?;
            Some(mine != theirs)
        });
        theirs.any(|differs| differs)
    }

    /// Adds what the other row knows of the same person and this one does not.
    pub(super) fn join(&mut self, other: Self) {
        let theirs = std::iter::once(other.key).chain(other.weaker_keys);
        let mine = std::iter::once(self.key.clone()).chain(std::mem::take(&mut self.weaker_keys));
        // Sorting is stable, so of two keys of a kind this one's stays.
        if let Some(joined) = Self::new(mine.chain(theirs)) {
            self.key = joined.key;
            self.weaker_keys = joined.weaker_keys;
        }
        self.display_name = self.display_name.take().or(other.display_name);
        self.evidence = self.evidence.take().or(other.evidence);
    }
}

impl From<RecipientKey> for Participant {
    fn from(key: RecipientKey) -> Self {
        Self {
            key,
            weaker_keys: Vec::new(),
            display_name: None,
            evidence: None,
        }
    }
}

impl RecipientKey {
    const fn rank(&self) -> u8 {
        match self {
            Self::CentralId(_) => 0,
            Self::Name(_) => 1,
            Self::Id(_) => 2,
            Self::Email(_) => 3,
        }
    }
}

impl fmt::Display for RecipientKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CentralId(id) => write!(out, "central:{id}"),
            Self::Name(name) => write!(out, "name:{name}"),
            Self::Id(id) => write!(out, "id:{id}"),
            Self::Email(email) => write!(out, "email:{email}"),
        }
    }
}

impl Serialize for RecipientKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Participant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Facts<'a> {
            key: &'a RecipientKey,
            #[serde(skip_serializing_if = "Option::is_none")]
            central_id: Option<u64>,
            #[serde(skip_serializing_if = "Option::is_none")]
            name: Option<&'a UserName>,
            #[serde(skip_serializing_if = "Option::is_none")]
            recipient_id: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            email: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            display_name: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            evidence: Option<&'a str>,
        }
        let facts = Facts {
            key: self.key(),
            central_id: self.central_id(),
            name: self.name(),
            recipient_id: self.id(),
            email: self.email(),
            display_name: self.display_name(),
            evidence: self.evidence(),
        };
        facts.serialize(serializer)
    }
}
