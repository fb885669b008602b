//! A web for tests: what is at each address, and what was asked for.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use badges_core::fetch::{FetchError, SeenLists};

type Page = Result<Vec<u8>, FetchError>;

/// A web that tests write, and can look at afterwards.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pages: Arc<Mutex<BTreeMap<String, Page>>>,
    asked: Arc<Mutex<Vec<String>>>,
    lists: Arc<Mutex<Arc<SeenLists>>>,
}

impl Told {
    /// A web with nothing in it, and a folder for the status lists that were met.
    pub(crate) fn new(folder: &Path) -> Self {
        Self {
            pages: Arc::default(),
            asked: Arc::default(),
            lists: Arc::new(Mutex::new(Arc::new(SeenLists::open(folder)))),
        }
    }

    /// Takes the status lists that were met from another folder, and forgets those it knew.
    pub(crate) fn remember(&self, folder: &Path) {
        *self.lists.lock().unwrap() = Arc::new(SeenLists::open(folder));
    }

    pub(super) fn lists(&self) -> Arc<SeenLists> {
        Arc::clone(&self.lists.lock().unwrap())
    }

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
