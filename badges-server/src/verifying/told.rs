//! A web for tests: what is at each address, and how often it was asked for.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use badges_core::fetch::FetchError;

#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    pub(crate) pages: BTreeMap<String, Result<Vec<u8>, FetchError>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Told {
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    pub(super) fn get(&self, url: &str) -> Result<Vec<u8>, FetchError> {
        self.asked.lock().unwrap().push(url.to_owned());
        let nothing = || Err(FetchError::Status { status: 404 });
        self.pages.get(url).cloned().unwrap_or_else(nothing)
    }
}
