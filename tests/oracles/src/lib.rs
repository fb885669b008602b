//! Other implementations in Rust, each as a function from text to text. They are a crate of their own
//! to be optimised: tests ask them ten thousand times.

use std::collections::{HashMap, HashSet};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use json_ld::iref::IriBuf;
use json_ld::rdf_types::RdfDisplay as _;
use json_ld::rdf_types::generator::Blank;
use json_ld::syntax::{Parse as _, Value};
use json_ld::{JsonLdProcessor as _, RemoteDocument};
use oxrdf::dataset::{CanonicalizationAlgorithm, CanonicalizationHashAlgorithm};
use oxttl::NQuadsParser;
use sophia_api::quad::Spog;
use sophia_api::source::QuadSource as _;
use sophia_api::term::SimpleTerm;

/// `json-ld`: a document to its statements.
#[derive(Debug, Default)]
pub struct JsonLd(HashMap<IriBuf, RemoteDocument>);

impl JsonLd {
    /// Lets it know a context.
    ///
    /// # Errors
    /// What it cannot read.
    pub fn know(&mut self, url: &str, context: &str) -> Result<(), String> {
        let url = IriBuf::new(url.to_owned()).map_err(|error| error.to_string())?;
        let document = RemoteDocument::new(Some(url.clone()), None, read(context)?);
        self.0.insert(url, document);
        Ok(())
    }

    /// The statements as N-Quads, in no order and with any names for blank nodes.
    ///
    /// # Errors
    /// Why it has none.
    pub fn statements(&self, document: &str) -> Result<String, String> {
        let document = RemoteDocument::new(None, None, read(document)?);
        let mut generator = Blank::new();
        let mut statements = pin!(document.to_rdf(&mut generator, &self.0));
        let mut context = Context::from_waker(Waker::noop());
        // All that it loads is there, so that it never waits.
        let Poll::Ready(statements) = statements.as_mut().poll(&mut context) else {
            return Err("it waits for something".to_owned());
        };
        let mut statements = statements.map_err(|error| error.to_string())?;
        let statements = statements.cloned_quads();
        Ok(statements
            .map(|quad| format!("{} .\n", quad.rdf_display()))
            .collect())
    }
}

fn read(json: &str) -> Result<Value, String> {
    let (value, _) = Value::parse_str(json).map_err(|error| error.to_string())?;
    Ok(value)
}

/// Canonical N-Quads by `oxrdf`.
///
/// # Errors
/// What it cannot read.
pub fn oxrdf(nquads: &str) -> Result<String, String> {
    let quads = NQuadsParser::new().for_slice(nquads.as_bytes());
    let dataset: Result<oxrdf::Dataset, _> = quads.collect();
    let mut dataset = dataset.map_err(|error| error.to_string())?;
    dataset.canonicalize(CanonicalizationAlgorithm::Rdfc10 {
        hash_algorithm: CanonicalizationHashAlgorithm::Sha256,
    });
    let mut lines: Vec<String> = dataset.iter().map(|quad| format!("{quad} .\n")).collect();
    lines.sort();
    Ok(lines.concat())
}

/// Canonical N-Quads by `sophia_c14n`.
///
/// # Errors
/// What it cannot read, or gives up.
pub fn sophia(nquads: &str) -> Result<String, String> {
    let quads: Result<HashSet<Spog<SimpleTerm<'static>>>, _> =
        sophia_turtle::parser::nq::parse_str(nquads).collect_quads();
    let quads = quads.map_err(|error| error.to_string())?;
    let mut canonical = Vec::new();
    sophia_c14n::rdfc10::normalize(&quads, &mut canonical).map_err(|error| error.to_string())?;
    String::from_utf8(canonical).map_err(|error| error.to_string())
}
