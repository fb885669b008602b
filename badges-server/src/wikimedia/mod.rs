//! What the service asks Wikimedia's wikis: who signs in, which account a name belongs to, who took
//! part in an event. It only ever reads, and nothing but what is public: never an e-mail address,
//! never a real name.
//!
//! Errors say what happened ([`WikimediaError`]); what is not understood is never guessed.

mod accounts;
mod address;
mod client;
mod error;
mod events;
mod sign_in;
mod talk;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use ureq::Agent;

pub use accounts::{Account, Found};
pub use address::{WikiAddress, WikiAddressFault};
pub use error::{Fault, WikimediaError};
pub use events::Event;
pub use sign_in::{OAuthClient, Pkce, Profile, SignIn, Token};

/// The wiki that is asked. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Wikimedia {
    address: WikiAddress,
    oauth: Option<Arc<OAuthClient>>,
    agent: Agent,
    /// Requests under way at once: Wikimedia asks programs to be modest.
    places: Arc<Semaphore>,
    time: Duration,
}

impl Wikimedia {
    /// The wiki at `address`. `contact` is how its operators reach those of this service, an address
    /// of a page or for e-mail: the user agent names it, as Wikimedia's rules demand.
    ///
    /// Without an OAuth client nobody can sign in with Wikimedia; the rest works.
    #[must_use]
    pub fn new(address: WikiAddress, contact: &str, oauth: Option<OAuthClient>) -> Self {
        Self {
            agent: client::agent(&address, contact),
            address,
            oauth: oauth.map(Arc::new),
            places: Arc::new(Semaphore::new(client::PLACES)),
            time: client::LONGEST_TIME,
        }
    }

    /// Signing in with Wikimedia, where an OAuth client is set up for it.
    #[must_use]
    pub fn sign_in(&self) -> Option<SignIn<'_>> {
        let client = self.oauth.as_deref()?;
        Some(SignIn::new(self, client))
    }
}

impl fmt::Debug for Wikimedia {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Wikimedia")
            .field("address", &self.address)
            .field("oauth", &self.oauth)
            .finish_non_exhaustive()
    }
}
