//! What the wiki knows, and what can happen to it.

use std::collections::BTreeMap;

/// The wiki's state.
#[derive(Debug)]
pub struct Wiki {
    /// The accounts, by central id.
    pub accounts: BTreeMap<u64, Account>,
    /// The event registrations, by id.
    pub events: BTreeMap<u64, Event>,
    /// The one OAuth client that is registered.
    pub client: Client,
    /// The account that is signed in to the wiki, in whichever browser.
    pub signed_in: Option<u64>,
    /// Whether profiles hold e-mail address and real name, as for a client that was registered with
    /// `mwoauth-authonlyprivate`.
    pub tells_private: bool,
    /// By how many seconds the copies of the database lag behind.
    pub lag: u64,
    /// What goes wrong, by a piece of the path and query for which it does.
    pub upsets: Vec<(String, Upset)>,
    /// All that was asked, in order.
    pub asked: Vec<Asked>,
    pub(crate) codes: BTreeMap<String, Grant>,
    pub(crate) tokens: BTreeMap<String, u64>,
    pub(crate) issued: u64,
}

/// An account of the whole wiki farm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The name as the wikis write it.
    pub name: String,
    /// When it was registered, as `YYYYMMDDHHMMSS`; the oldest accounts have none.
    pub registered: Option<String>,
    /// Blocked on this wiki.
    pub blocked: bool,
    /// Locked everywhere: it cannot sign in any more.
    pub locked: bool,
    /// Its name is hidden from everybody.
    pub suppressed: bool,
    /// Whether the local account belongs to the one of the whole farm.
    pub attached: bool,
}

/// A registered OAuth 2 client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// The client's id.
    pub id: String,
    /// Its secret.
    pub secret: String,
    /// Where it may be called back; every address when empty.
    pub callbacks: Vec<String>,
}

/// An event registration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// Whether it is marked as a test.
    pub is_test_event: bool,
    /// Who takes part, in the order of their ids.
    pub participants: Vec<Participant>,
    /// The central ids of those who organise it.
    pub organizers: Vec<u64>,
}

/// Somebody who takes part in an event. Whether they are shown by name, hidden or not found follows
/// from the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Participant {
    /// The id of the registration.
    pub participant_id: u64,
    /// The central id of the account.
    pub central_id: u64,
    /// Whether the registration is private.
    pub private: bool,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Upset {
    /// This is answered instead.
    Answer {
        /// The status.
        status: u16,
        /// Further headers.
        headers: Vec<(&'static str, String)>,
        /// The body.
        body: String,
    },
    /// The answer is cut in half.
    CutOff,
    /// No answer comes.
    Silence,
}

/// A request that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Its method.
    pub method: String,
    /// Its path and query.
    pub path: String,
    /// Its user agent.
    pub user_agent: String,
}

/// What was agreed to when a code was given out.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) central_id: u64,
    pub(crate) redirect_uri: Option<String>,
    pub(crate) code_challenge: Option<String>,
}

impl Default for Wiki {
    fn default() -> Self {
        Self {
            accounts: BTreeMap::new(),
            events: BTreeMap::new(),
            client: Client {
                id: "example-client".to_owned(),
                secret: "example-secret".to_owned(),
                callbacks: Vec::new(),
            },
            signed_in: None,
            tells_private: false,
            lag: 0,
            upsets: Vec::new(),
            asked: Vec::new(),
            codes: BTreeMap::new(),
            tokens: BTreeMap::new(),
            issued: 0,
        }
    }
}

impl Wiki {
    /// Adds an account in good standing.
    pub fn add_account(&mut self, central_id: u64, name: &str) {
        let account = Account {
            name: name.to_owned(),
            registered: Some("20150101000000".to_owned()),
            blocked: false,
            locked: false,
            suppressed: false,
            attached: true,
        };
        self.accounts.insert(central_id, account);
    }

    /// Gives an account another name. The old one is free again.
    pub fn rename(&mut self, central_id: u64, name: &str) {
        self.with(central_id, |account| account.name = name.to_owned());
    }

    /// Blocks an account on this wiki.
    pub fn block(&mut self, central_id: u64) {
        self.with(central_id, |account| account.blocked = true);
    }

    /// Locks an account on all wikis.
    pub fn lock(&mut self, central_id: u64) {
        self.with(central_id, |account| account.locked = true);
    }

    /// Hides the name of an account, which blocks it too.
    pub fn suppress(&mut self, central_id: u64) {
        self.with(central_id, |account| {
            account.suppressed = true;
            account.blocked = true;
        });
    }

    /// Lets the owner of an account vanish: a name that tells nothing, and a lock.
    pub fn vanish(&mut self, central_id: u64) {
        self.with(central_id, |account| {
            account.name = format!("Renamed user {central_id:012x}");
            account.locked = true;
        });
    }

    /// From now on what asks for a path and query with this piece in it goes wrong.
    pub fn upset(&mut self, piece: &str, upset: Upset) {
        self.upsets.push((piece.to_owned(), upset));
    }

    /// The account's name, unless it is suppressed.
    pub(crate) fn shown_name(&self, central_id: u64) -> Option<&str> {
        let account = self.accounts.get(&central_id)?;
        (!account.suppressed).then_some(account.name.as_str())
    }

    pub(crate) fn upset_for(&self, path: &str) -> Option<Upset> {
        let mut upsets = self.upsets.iter();
        let (_, upset) = upsets.find(|(piece, _)| path.contains(piece.as_str()))?;
        Some(upset.clone())
    }

    /// A text that was not given out before.
    pub(crate) fn issue(&mut self, kind: &str) -> String {
        self.issued += 1;
        format!("{kind}-{:08x}", self.issued)
    }

    fn with(&mut self, central_id: u64, change: impl FnOnce(&mut Account)) {
        let account = self.accounts.get_mut(&central_id);
        assert!(account.is_some(), "there is no account {central_id}");
        account.map(change);
    }
}
