//! From JSON-LD to RDF, strictly, and from RDF to canonical bytes.
//!
//! Data Integrity signs statements, not text. Whatever a JSON-LD processor drops on the way is not
//! signed, and whatever has two spellings can be re-spelled without breaking the signature. So this
//! is not a general processor: contexts are pinned texts (see `contexts/README.md`), and everything
//! that would be dropped, guessed or read in two ways is a [`Fault`] that names its place
//! ([VC-DI, 2.4.1 and 2.4.2]). Features that pinned contexts never use are refused by name.
//!
//! The way: [`crate::json::parse`] → [`RootContext::to_rdf`] → [`canonicalize`] → a hash.
//!
//! [VC-DI, 2.4.1 and 2.4.2]: https://www.w3.org/TR/vc-data-integrity/#validating-contexts

mod context;
mod dataset;
mod expand;
mod fault;
mod literal;
pub mod nquads;
mod pinned;
mod rdfc;
mod select;

pub(crate) use dataset::escape;
pub use dataset::{Dataset, Quad, Term};
pub use expand::{Part, RootContext};
pub use fault::{Fault, FaultKind};
pub(crate) use literal::check_numbers;
pub(crate) use pinned::is_draft;
pub use pinned::{Edition, PinnedContext, pinned_contexts};
pub use rdfc::{Canonical, MAX_LENGTH, MAX_STEPS, TooComplex, canonicalize, canonicalize_with};
pub(crate) use select::escaped;
pub use select::{Groups, MAX_POINTERS, PointerError, PointerFault, Selection};

/// How strictly a document is read. Nothing is looser than the named policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Policy {
    /// For badges: contexts by URL and pinned only, keys only as the contexts' terms spell them, no
    /// `@direction`.
    #[default]
    Badge,
    /// For the W3C suites: also context objects inside the document, the examples' contexts with
    /// their `@vocab`, keywords unaliased, IRIs as keys, and `@direction` (which RDF drops).
    DataIntegrity,
}
