//! JSON Schema: does a document conform to a schema that a stranger wrote? Drafts 2020-12, 2019-09
//! and 7.
//!
//! - `read`: JSON to schemas, with their references; `keywords`: the keywords of one. What is no
//!   schema is told here, with its place.
//! - `schema`: what is read: keywords as types; `pattern`: regular expressions.
//! - `evaluate`: judges a document by them, counting its steps.
//! - `decimal`: numbers without rounding.
//!
//! Nothing is fetched: documents that references lead to are looked up, and what is not there is
//! listed. Patterns are matched in linear time.

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod agreement;
mod decimal;
mod evaluate;
mod keywords;
mod pattern;
mod read;
mod schema;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;

use serde::Serialize;

use crate::documents::{Documents, Lookup};
use crate::json::{self, Value};
use evaluate::Evaluation;
use read::{MAX_URI, Reader};
pub(crate) use schema::Draft;

/// The most documents that one schema is made of.
const MAX_DOCUMENTS: usize = 16;

/// One place where a document does not conform to a schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mismatch {
    /// Where in the document, as in [`Departure::path`](crate::model::schema::Departure::path).
    pub path: String,
    /// Which keyword of the schema says so: the schema's URL, and a JSON pointer as its fragment.
    pub keyword: String,
}

impl std::fmt::Display for Mismatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.path.as_str() {
            "" => write!(f, "the document ({})", self.keyword),
            path => write!(f, "{path} ({})", self.keyword),
        }
    }
}

/// Why nothing can be judged by a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SchemaFault {
    /// It is no strict JSON, or longer or deeper than is read.
    NoJson,
    /// It is no JSON Schema.
    NoSchema,
    /// It is of a version of JSON Schema that is not known.
    Draft,
    /// It has a reference that is decided only on the way (`$dynamicRef`, `$recursiveRef`).
    Unsupported,
    /// It has a pattern that is malformed, too large, or cannot be matched in linear time, or of
    /// which it is not known that it is read as ECMA-262 says.
    Pattern,
    /// It has a reference that leads to no schema.
    Reference,
    /// It leads to itself without end.
    Endless,
    /// Judging by it takes more steps, or it has more documents, than are allowed.
    Costly,
}

/// Why there is no judgement.
pub(crate) enum Unusable {
    /// A document is not there.
    NotLoaded { url: String, reason: Option<String> },
    /// There is a fault, at a keyword where that is known.
    Unfit {
        fault: SchemaFault,
        place: Option<String>,
    },
}

impl From<SchemaFault> for Unusable {
    fn from(fault: SchemaFault) -> Self {
        Self::Unfit { fault, place: None }
    }
}

/// The places where a document does not conform to the schema at this URL. The draft is that of a
/// schema that names none.
///
/// # Errors
/// Why it cannot be judged. What is only not there is added to `missing`.
pub(crate) fn check(
    document: &Value<'_>,
    url: &str,
    draft: Draft,
    documents: &Documents,
    missing: &mut Vec<String>,
) -> Result<Vec<Mismatch>, Unusable> {
    if url.len() > MAX_URI {
        return Err(SchemaFault::Reference.into());
    }
    let mut reader = Reader::default();
    let (resource, _) = url.split_once('#').unwrap_or((url, ""));
    let mut wanted = vec![resource.to_owned()];
    let mut read = 0;
    while !wanted.is_empty() {
        read += wanted.len();
        if read > MAX_DOCUMENTS {
            return Err(SchemaFault::Costly.into());
        }
        // All of them are asked for at once.
        let texts: Vec<_> = wanted
            .iter()
            .map(|url| look_up(url, documents, missing))
            .collect();
        for (url, text) in wanted.iter().zip(texts) {
            let root = json::parse(text?).map_err(|_| SchemaFault::NoJson)?;
            reader.document(url, root, draft)?;
        }
        wanted = reader.wanted().into_iter().collect();
    }
    let (schemas, at) = reader.finish(url)?;
    let mut evaluation = Evaluation::new(&schemas);
    evaluation.document(at, document)?;
    Ok(evaluation.mismatches)
}

fn look_up<'d>(
    url: &str,
    documents: &'d Documents,
    missing: &mut Vec<String>,
) -> Result<&'d str, Unusable> {
    let not_loaded = |reason: Option<&str>| Unusable::NotLoaded {
        url: url.to_owned(),
        reason: reason.map(str::to_owned),
    };
    match documents.get(url) {
        Lookup::Loaded(text) => Ok(text),
        Lookup::Failed(reason) => Err(not_loaded(Some(reason))),
        Lookup::Missing if url.starts_with("https://") => {
            if !missing.iter().any(|known| known == url) {
                missing.push(url.to_owned());
            }
            Err(not_loaded(None))
        }
        Lookup::Missing => Err(not_loaded(Some("only https is fetched"))),
    }
}
