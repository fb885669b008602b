//! Which account a name belongs to, and what became of accounts.
//!
//! Asked is CentralAuth's `list=globalusers`: it knows the accounts of the whole wiki farm, also of
//! those who were never on the wiki that is asked (`list=users` would call them missing), and fifty
//! at once (`meta=globaluserinfo` takes one).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::Deserialize;

use badges_core::participants::UserName;

use super::client::Request;
use super::{Wikimedia, WikimediaError};

/// How many names or ids the API takes at once.
const BATCH: usize = 50;

const CALL: &str = "globalusers";

/// An account of the whole wiki farm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id; stays when it is renamed.
    pub central_id: u64,
    /// Its name now.
    pub name: UserName,
    /// Whether it is locked: nobody can sign in with it any more.
    pub locked: bool,
}

/// What there is for a name or an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// An account.
    Account(Account),
    /// None, or one that is hidden: Wikimedia does not tell these apart.
    Missing,
    /// No account can have that name; or, of an id, its name is of a kind that is not allowed any
    /// more and that this service does not handle.
    Invalid,
}

impl Account {
    /// Whether its owner has left for good (Meta-Wiki's "right to vanish"): the name is one that the
    /// wikis give to those who do.
    #[must_use]
    pub fn has_vanished(&self) -> bool {
        let name = self.name.as_str();
        ["Renamed user ", "Vanished user "]
            .iter()
            .any(|start| name.starts_with(start))
    }
}

impl Wikimedia {
    /// Finds the accounts of these names. Every name is in the answer.
    ///
    /// # Errors
    /// [`WikimediaError`]. What was found before it is lost; asking again does no harm.
    pub async fn accounts_by_name(
        &self,
        names: &[UserName],
    ) -> Result<BTreeMap<UserName, Found>, WikimediaError> {
        let names: Vec<_> = names.iter().collect::<BTreeSet<_>>().into_iter().collect();
        let mut batches: VecDeque<_> = names.chunks(BATCH).map(<[_]>::to_vec).collect();
        let mut found = BTreeMap::new();
        while let Some(batch) = batches.pop_front() {
            let joined = joined(&batch);
            let rows = self.ask_for("gususers", joined, false).await?;
            if let [name] = batch[..] {
                let [row]: [Row; 1] = rows.try_into().map_err(|_| member("query.globalusers"))?;
                found.insert(name.clone(), row.found()?);
                continue;
            }
            let asked: BTreeSet<_> = batch.iter().copied().collect();
            for row in rows {
                let name = row.name.as_deref().map(UserName::parse);
                if let Some(Ok(name)) = name
                    && asked.contains(&name)
                {
                    found.insert(name, row.found()?);
                }
            }
            // Which row belongs to a name that MediaWiki writes in another way than this service is
            // certain when it is asked for alone.
            let rest = batch.into_iter().filter(|name| !found.contains_key(*name));
            batches.extend(rest.map(|name| vec![name]));
        }
        Ok(found)
    }

    /// Looks again at accounts that are known: they may have been renamed or locked, or be gone.
    /// Every id is in the answer. This can wait, so Wikimedia is asked to refuse it when it is slow
    /// (`maxlag`).
    ///
    /// # Errors
    /// [`WikimediaError`]. What was found before it is lost; asking again does no harm.
    pub async fn accounts_by_id(
        &self,
        central_ids: &[u64],
    ) -> Result<BTreeMap<u64, Found>, WikimediaError> {
        let ids: BTreeSet<_> = central_ids.iter().copied().collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let mut found = BTreeMap::new();
        for batch in ids.chunks(BATCH) {
            let rows = self.ask_for("guscentralids", joined(batch), true).await?;
            for row in rows {
                let id = row.centralid.ok_or_else(|| member("centralid"))?;
                found.insert(id, row.found()?);
            }
            if batch.iter().any(|id| !found.contains_key(id)) {
                return Err(member("query.globalusers"));
            }
        }
        Ok(found)
    }

    /// Posted, because fifty names are too long for an address.
    async fn ask_for(
        &self,
        parameter: &'static str,
        values: String,
        can_wait: bool,
    ) -> Result<Vec<Row>, WikimediaError> {
        let fixed = [
            ("action", "query"),
            ("list", "globalusers"),
            ("gusprop", "locked"),
            ("format", "json"),
            ("formatversion", "2"),
        ];
        let mut form: Vec<_> = fixed.map(|(name, value)| (name, value.to_owned())).into();
        form.push((parameter, values));
        if can_wait {
            form.push(("maxlag", "5".to_owned()));
        }
        let request = Request {
            call: CALL,
            path: "/w/api.php".to_owned(),
            bearer: None,
            form: Some(form),
            only_reads: true,
        };
        let answer: Answer = self.ask(request).await?;
        Ok(answer.query.globalusers)
    }
}

#[derive(Deserialize)]
struct Answer {
    query: Query,
}

#[derive(Deserialize)]
struct Query {
    globalusers: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    centralid: Option<u64>,
    name: Option<String>,
    #[serde(default)]
    missing: bool,
    #[serde(default)]
    invalid: bool,
    #[serde(default)]
    locked: bool,
}

impl Row {
    fn found(self) -> Result<Found, WikimediaError> {
        if self.missing {
            return Ok(Found::Missing);
        }
        if self.invalid {
            return Ok(Found::Invalid);
        }
        let central_id = self.centralid.filter(|id| *id > 0);
        let central_id = central_id.ok_or_else(|| member("centralid"))?;
        let name = self.name.ok_or_else(|| member("name"))?;
        let Ok(name) = UserName::parse(&name) else {
            return Ok(Found::Invalid);
        };
        Ok(Found::Account(Account {
            central_id,
            name,
            locked: self.locked,
        }))
    }
}

fn joined(values: &[impl ToString]) -> String {
    let values: Vec<_> = values.iter().map(ToString::to_string).collect();
    values.join("|")
}

fn member(member: &str) -> WikimediaError {
    WikimediaError::member(CALL, member)
}
