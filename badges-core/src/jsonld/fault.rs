use serde::Serialize;

use super::TooComplex;

/// Where and why a document cannot be turned into statements without loss or doubt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{}{}{kind}", place, if place.is_empty() { "" } else { ": " })]
pub struct Fault {
    /// The member, from the document's root: `credentialSubject.achievement.tag[2]`.
    pub place: String,
    /// What is wrong there.
    #[serde(flatten)]
    pub kind: FaultKind,
}

impl From<FaultKind> for Fault {
    fn from(kind: FaultKind) -> Self {
        Self {
            place: String::new(),
            kind,
        }
    }
}

impl Fault {
    /// The same fault, seen from the object that has it in this member.
    pub(crate) fn within(mut self, key: &str) -> Self {
        let separator = if self.place.is_empty() || self.place.starts_with('[') {
            ""
        } else {
            "."
        };
        self.place = format!("{key}{separator}{}", self.place);
        self
    }

    /// The same fault, seen from the document that has it in its proof.
    pub(crate) fn in_proof(self) -> Self {
        self.within("proof")
    }

    /// The same fault, seen from the array that has it in this item.
    pub(super) fn at(self, index: usize) -> Self {
        self.within(&format!("[{index}]"))
    }
}

/// Why a document cannot be turned into statements.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "fault", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FaultKind {
    /// No `@context`: nothing has a meaning.
    #[error("there is no @context")]
    NoContext,
    /// A context that is not among the pinned ones, which the policy allows.
    #[error("the context {url} is not one of the known ones")]
    UnknownContext {
        /// The context's URL.
        url: String,
    },
    /// A context object inside the document, which no signature covers.
    #[error("a context inside the document is not covered by the signature")]
    InlineContext,
    /// `@context` is neither a URL nor a list of at most a few.
    #[error("a malformed @context")]
    MalformedContext,
    /// A context uses a feature of JSON-LD that pinned contexts never use.
    #[error("the context uses {feature}, which is not supported")]
    UnsupportedContext {
        /// The keyword or construct.
        feature: String,
    },
    /// A context gives a protected term another meaning.
    #[error("a context redefines the protected term `{term}`")]
    ProtectedTerm {
        /// The term.
        term: String,
    },
    /// A key that no context defines: it would not be signed.
    #[error("no context defines `{term}`, so it would not be signed")]
    UndefinedTerm {
        /// The key.
        term: String,
    },
    /// A type that no context defines.
    #[error("no context defines the type `{name}`, so it would not be signed")]
    UndefinedType {
        /// The type.
        name: String,
    },
    /// A known term in another spelling: signed alike, but read differently.
    #[error("`{spelling}` is another spelling of a known term")]
    Respelled {
        /// What the document has.
        spelling: String,
    },
    /// A member about the document's own subject in another object with its identifier: signed alike,
    /// but read elsewhere.
    #[error("`{term}` is said of the document itself and stands in another object with its id")]
    Displaced {
        /// The member.
        term: String,
    },
    /// An identifier that is no absolute IRI.
    #[error("{iri:?} is no absolute IRI")]
    InvalidIri {
        /// What the document has.
        iri: String,
    },
    /// A keyword that would be dropped or that pinned contexts never need.
    #[error("the keyword {keyword} is not supported")]
    UnsupportedKeyword {
        /// The keyword.
        keyword: String,
    },
    /// A text direction, which the statements cannot hold.
    #[error("a text direction would not be signed")]
    Direction,
    /// A number that other implementations would sign as another one.
    #[error("the number {number} cannot be signed without loss")]
    LossyNumber {
        /// As written.
        number: String,
    },
    /// A language tag that is not well-formed.
    #[error("{tag:?} is no language tag")]
    InvalidLanguage {
        /// What the document has.
        tag: String,
    },
    /// An array in an array, which would be flattened.
    #[error("an array directly inside an array would be flattened")]
    NestedArray,
    /// A value of a kind that cannot stand here.
    #[error("{found} cannot stand here")]
    Misplaced {
        /// The kind, such as "a number".
        found: &'static str,
    },
    /// A value object (`@value`) that is not well-formed.
    #[error("a malformed value object")]
    InvalidValueObject,
    /// Two members that both say the identifier.
    #[error("two members both say the identifier")]
    CollidingIds,
    /// Objects nested too deep.
    #[error("nested too deep")]
    TooDeep,
    /// Blank nodes too alike to be told apart in reasonable time.
    #[error(transparent)]
    TooComplex(#[serde(skip)] TooComplex),
}

impl From<TooComplex> for Fault {
    fn from(error: TooComplex) -> Self {
        FaultKind::TooComplex(error).into()
    }
}
