//! A web for tests: what is at each address, and what was asked for.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use badges_core::fetch::FetchError;

type Page = Result<Vec<u8>, FetchError>;

/// A web that tests write, and can look at afterwards.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    pages: Arc<Mutex<BTreeMap<String, Page>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Told {
    /// Forgets all, and has this at these addresses.
    pub(crate) fn tell<'p>(&self, pages: impl IntoIterator<Item = (&'p String, &'p Vec<u8>)>) {
        let pages = pages
            .into_iter()
            .map(|(url, body)| (url.clone(), Ok(body.clone())));
        *self.pages.lock().unwrap() = pages.collect();
        self.asked.lock().unwrap().clear();
    }

    /// Fails at this address.
    pub(crate) fn fail(&self, url: &str, error: FetchError) {
        self.pages
            .lock()
            .unwrap()
            .insert(url.to_owned(), Err(error));
    }

    /// All that was asked for, in this order.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    pub(super) fn get(&self, url: &str) -> Result<Vec<u8>, FetchError> {
        self.asked.lock().unwrap().push(url.to_owned());
        let nothing = Err(FetchError::Status { status: 404 });
        self.pages
            .lock()
            .unwrap()
            .get(url)
            .cloned()
            .unwrap_or(nothing)
    }
}
