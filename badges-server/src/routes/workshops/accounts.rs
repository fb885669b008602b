//! Which accounts the names of a list belong to (decision C4). The wiki may be slow or away: what is
//! not found out in time stays open, and can be asked for again.

use std::collections::BTreeMap;
use std::time::Duration;

use badges_core::participants::{Outcome, Participant, RecipientKey, Skip, UserName};

use crate::App;
use crate::wikimedia::{Found, WikimediaError};

/// How many names are asked for before the time is looked at.
const MANY: usize = 250;
/// How long people wait for the wiki at most.
const LONGEST: Duration = Duration::from_secs(45);

/// What the wiki says of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Account {
    /// There is an account.
    Found,
    /// There is none, or it is hidden.
    Missing,
    /// There is one, and nobody can sign in with it.
    Locked,
    /// The wiki was not asked, or did not answer.
    Unknown,
    /// There is no name.
    None,
}

impl Account {
    pub(super) const ALL: [Self; 5] = [
        Self::Found,
        Self::Missing,
        Self::Locked,
        Self::Unknown,
        Self::None,
    ];

    /// The name in the database.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Missing => "missing",
            Self::Locked => "locked",
            Self::Unknown => "unknown",
            Self::None => "none",
        }
    }
}

/// What the wiki said.
#[derive(Debug, Default)]
pub(super) struct Accounts {
    found: BTreeMap<UserName, Found>,
}

impl Accounts {
    /// Asks the wiki for these names, unless the service does not ask wikis.
    pub(super) async fn of(app: &App, names: &[UserName]) -> Self {
        let mut accounts = Self::default();
        if app.settings.wikimedia.offline {
            return accounts;
        }
        let ask = async {
            for names in names.chunks(MANY) {
                accounts
                    .found
                    .extend(app.wikimedia.accounts_by_name(names).await?);
            }
            Ok::<(), WikimediaError>(())
        };
        match tokio::time::timeout(LONGEST, ask).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "names of a list were not looked up"),
            Err(_) => tracing::warn!("names of a list were not looked up in time"),
        }
        accounts
    }

    /// The person with what is known of the account now.
    pub(super) fn resolve(&self, person: Participant) -> (Outcome, Account) {
        let Some(name) = person.name() else {
            let account = if person.central_id().is_some() {
                Account::Found
            } else {
                Account::None
            };
            return (Outcome::Award(person), account);
        };
        if person.central_id().is_some() {
            return (Outcome::Award(person), Account::Found);
        }
        match self.found.get(name) {
            None => (Outcome::Award(person), Account::Unknown),
            Some(Found::Missing | Found::Invalid) => (Outcome::Award(person), Account::Missing),
            Some(Found::Account(account)) if account.has_vanished() => {
                (Outcome::Skipped(Skip::NotFound), Account::None)
            }
            Some(Found::Account(account)) => {
                let state = if account.locked {
                    Account::Locked
                } else {
                    Account::Found
                };
                let keys = [
                    RecipientKey::CentralId(account.central_id),
                    RecipientKey::Name(account.name.clone()),
                ];
                let others = person
                    .keys()
                    .filter(|key| !matches!(key, RecipientKey::Name(_)))
                    .cloned();
                let known = Participant::new(keys.into_iter().chain(others))
                    .unwrap_or_else(|| person.clone());
                let known = known.with(
                    person.display_name().map(str::to_owned),
                    person.evidence().map(str::to_owned),
                );
                (Outcome::Award(known), state)
            }
        }
    }
}
