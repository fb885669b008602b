//! How a case is to be judged.

use super::documents::Document;
use crate::case::{Expectation, MetList};

/// The time of the question, unless a case says another one.
const AT: &str = "2026-06-01T12:00:00Z";

/// An expectation in the making.
#[derive(Clone)]
pub(super) struct Expected {
    expectation: Expectation,
    documents: Vec<Document>,
}

/// A verdict with nothing that fails or is unknown.
pub(super) fn verdict(word: &str) -> Expected {
    Expected {
        expectation: Expectation {
            at: AT.to_owned(),
            verdict: word.to_owned(),
            ..Expectation::default()
        },
        documents: Vec::new(),
    }
}

pub(super) fn valid() -> Expected {
    verdict("valid")
}

/// Invalid, because this check fails.
pub(super) fn invalid(id: &str) -> Expected {
    verdict("invalid").fails(id)
}

/// Could not be told, because this check could not be made.
pub(super) fn unknown(id: &str) -> Expected {
    verdict("unknown").unknown(id)
}

pub(super) fn expired() -> Expected {
    verdict("expired").fails("validity.expired")
}

pub(super) fn not_yet_valid() -> Expected {
    verdict("not-yet-valid").fails("validity.not-yet")
}

pub(super) fn revoked() -> Expected {
    verdict("revoked").fails("status.revoked")
}

pub(super) fn suspended() -> Expected {
    verdict("suspended").fails("status.suspended")
}

impl Expected {
    /// Another check that fails.
    pub(super) fn fails(mut self, id: &str) -> Self {
        self.expectation.fails.push(id.to_owned());
        self
    }

    /// Another check that could not be made.
    pub(super) fn unknown(mut self, id: &str) -> Self {
        self.expectation.unknown.push(id.to_owned());
        self
    }

    /// A check that holds.
    pub(super) fn passes(mut self, id: &str) -> Self {
        self.expectation.passes.push(id.to_owned());
        self
    }

    /// A text in the report.
    pub(super) fn says(mut self, text: &str) -> Self {
        self.expectation.says = Some(text.to_owned());
        self
    }

    /// The time of the question.
    pub(super) fn at(mut self, time: &str) -> Self {
        self.expectation.at = time.to_owned();
        self
    }

    /// What the outside world answers.
    pub(super) fn knows(mut self, documents: impl IntoIterator<Item = Document>) -> Self {
        self.documents.extend(documents);
        self
    }

    /// A status list of this issuer and time was met at a URL.
    pub(super) fn met(mut self, url: &str, issuer: &str, valid_from: &str) -> Self {
        let list = MetList {
            issuer: issuer.to_owned(),
            valid_from: valid_from.to_owned(),
        };
        self.expectation.newest_lists.insert(url.to_owned(), list);
        self
    }

    /// All that is asked for.
    pub(super) fn asks<const N: usize>(mut self, urls: [&str; N]) -> Self {
        self.expectation.asks = Some(urls.map(str::to_owned).to_vec());
        self
    }

    /// Schemas of others are asked for.
    pub(super) const fn schemas(mut self) -> Self {
        self.expectation.schemas = true;
        self
    }

    pub(super) fn recipient(mut self, identifier: &str, salt: Option<&str>) -> Self {
        self.expectation.recipient = Some(identifier.to_owned());
        self.expectation.salt = salt.map(str::to_owned);
        self
    }

    pub(super) fn trust<const N: usize>(mut self, issuers: [&str; N]) -> Self {
        self.expectation.trust = Some(issuers.map(str::to_owned).to_vec());
        self
    }

    pub(super) fn finish(mut self, why: &str) -> (Expectation, Vec<Document>) {
        self.expectation.why = why.to_owned();
        self.expectation.documents = self
            .documents
            .iter()
            .map(|document| {
                let file = format!("../../documents/{}", document.file);
                (document.url.clone(), file)
            })
            .collect();
        (self.expectation, self.documents)
    }
}
