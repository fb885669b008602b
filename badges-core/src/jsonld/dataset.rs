use std::hash::Hasher;

use hashbrown::HashTable;
use rustc_hash::FxHasher;

use crate::json::{equal, special};

/// A term of a [`Dataset`]: a blank node, or an IRI or literal by its place among the texts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Term(u32);

const BLANK: u32 = 1 << 31;

impl Term {
    /// Stands for "no graph name" in the graph position.
    pub const DEFAULT_GRAPH: Self = Self(u32::MAX);

    const fn blank(index: u32) -> Self {
        Self(index | BLANK)
    }

    /// The number of the blank node, if this is one.
    #[must_use]
    pub fn as_blank(self) -> Option<usize> {
        (self.0 & BLANK != 0 && self != Self::DEFAULT_GRAPH).then_some((self.0 & !BLANK) as usize)
    }
}

/// One statement.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Quad {
    /// An IRI or a blank node.
    pub subject: Term,
    /// An IRI.
    pub predicate: Term,
    /// Any term.
    pub object: Term,
    /// An IRI, a blank node, or [`Term::DEFAULT_GRAPH`].
    pub graph: Term,
}

/// A set of quads. Every distinct IRI and literal is held once, already written as canonical
/// N-Quads wants it, so that canonicalising copies bytes and compares numbers.
#[derive(Clone, Default, Debug)]
pub struct Dataset {
    text: String,
    spans: Vec<Span>,
    terms: HashTable<u32>,
    quads: Vec<Quad>,
    quad_set: HashTable<u32>,
    blank_nodes: u32,
}

#[derive(Clone, Copy, Debug)]
struct Span {
    start: u32,
    end: u32,
}

impl Span {
    fn of(self, text: &str) -> &str {
        &text[self.start as usize..self.end as usize]
    }
}

fn hash_text(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}

fn hash_quad(quad: &Quad) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u64(u64::from(quad.subject.0) << 32 | u64::from(quad.predicate.0));
    hasher.write_u64(u64::from(quad.object.0) << 32 | u64::from(quad.graph.0));
    hasher.finish()
}

impl Dataset {
    /// An empty dataset with room for a document of this many bytes.
    #[must_use]
    pub fn with_room_for(document: usize) -> Self {
        let quads = document / 32 + 8;
        Self {
            text: String::with_capacity(document * 3 + 512),
            spans: Vec::with_capacity(quads * 2),
            terms: HashTable::with_capacity(quads * 2),
            quads: Vec::with_capacity(quads),
            quad_set: HashTable::with_capacity(quads),
            blank_nodes: 0,
        }
    }

    /// The statements, without duplicates, in the order in which they were made.
    #[must_use]
    pub fn quads(&self) -> &[Quad] {
        &self.quads
    }

    /// How many blank nodes there are.
    #[must_use]
    pub const fn blank_nodes(&self) -> usize {
        self.blank_nodes as usize
    }

    /// A term's text in N-Quads; empty for blank nodes, whose labels canonicalisation gives.
    #[must_use]
    pub fn text(&self, term: Term) -> &str {
        self.spans
            .get(term.0 as usize)
            .map_or("", |span| span.of(&self.text))
    }

    /// A new blank node.
    pub fn blank_node(&mut self) -> Term {
        self.blank_nodes += 1;
        Term::blank(self.blank_nodes - 1)
    }

    /// An IRI, given with its angle brackets.
    pub fn iri(&mut self, bracketed: &str) -> Term {
        let start = self.text.len();
        self.text.push_str(bracketed);
        self.commit(start)
    }

    /// An IRI, given without angle brackets.
    pub fn bracketed_iri(&mut self, iri: &str) -> Term {
        let start = self.text.len();
        self.text.push('<');
        self.text.push_str(iri);
        self.text.push('>');
        self.commit(start)
    }

    /// A literal: its lexical form, and what follows the closing quote (`^^<datatype>`,
    /// `@language` or nothing).
    pub fn literal(&mut self, lexical: &str, suffix: &str) -> Term {
        let start = self.text.len();
        self.text.push('"');
        escape(lexical, &mut self.text);
        self.text.push('"');
        self.text.push_str(suffix);
        self.commit(start)
    }

    /// Adds a statement, unless it is there; returns its place among the statements.
    pub fn insert(&mut self, quad: Quad) -> usize {
        let hash = hash_quad(&quad);
        let Self {
            quads, quad_set, ..
        } = self;
        if let Some(&known) = quad_set.find(hash, |&index| quads[index as usize] == quad) {
            return known as usize;
        }
        let index = u32::try_from(quads.len()).unwrap_or(u32::MAX);
        quads.push(quad);
        quad_set.insert_unique(hash, index, |&index| hash_quad(&quads[index as usize]));
        index as usize
    }

    /// The same dataset with some of its statements only, and the same terms.
    pub(crate) fn part(&self, keep: impl Fn(usize) -> bool) -> Self {
        let mut part = Self {
            text: self.text.clone(),
            spans: self.spans.clone(),
            terms: self.terms.clone(),
            blank_nodes: self.blank_nodes,
            ..Self::default()
        };
        for (_, &quad) in self.quads.iter().enumerate().filter(|(at, _)| keep(*at)) {
            part.insert(quad);
        }
        part
    }

    /// Writes a statement as a line of canonical N-Quads; the caller labels blank nodes, by their
    /// number.
    pub(crate) fn write_quad(
        &self,
        quad: &Quad,
        out: &mut String,
        mut blank: impl FnMut(usize, &mut String),
    ) {
        let mut write = |term: Term, out: &mut String| match term.as_blank() {
            Some(node) => blank(node, out),
            None => out.push_str(self.text(term)),
        };
        write(quad.subject, out);
        out.push(' ');
        out.push_str(self.text(quad.predicate));
        out.push(' ');
        write(quad.object, out);
        if quad.graph != Term::DEFAULT_GRAPH {
            out.push(' ');
            write(quad.graph, out);
        }
        out.push_str(" .\n");
    }

    /// How long all statements are in N-Quads, but for the labels of blank nodes.
    pub(crate) fn length(&self) -> usize {
        let of = |quad: &Quad| {
            let terms = [quad.subject, quad.predicate, quad.object, quad.graph];
            let texts = terms.into_iter().map(|term| self.text(term).len());
            texts.sum::<usize>()
        };
        self.quads.iter().map(of).sum()
    }

    /// All terms that are IRIs or literals.
    pub(crate) fn terms(&self) -> impl Iterator<Item = Term> {
        (0..self.spans.len()).map(|index| Term(u32::try_from(index).unwrap_or(u32::MAX)))
    }

    /// How much text there is: what [`Dataset::substitute`] goes back to.
    pub(crate) const fn mark(&self) -> usize {
        self.text.len()
    }

    /// Gives terms other texts, in N-Quads, in place of what was given to them since `mark`.
    /// `false` when two terms would be one: then the quads would no longer be a set, and the
    /// dataset is of no use.
    #[must_use]
    pub(crate) fn substitute(&mut self, mark: usize, terms: &[(Term, String)]) -> bool {
        self.text.truncate(mark);
        let mut distinct = true;
        for (index, (_, text)) in terms.iter().enumerate() {
            distinct &= terms[..index].iter().all(|(_, other)| other != text);
            distinct &= self
                .find(text)
                .is_none_or(|known| terms.iter().any(|(term, _)| *term == known));
        }
        for (term, text) in terms {
            let start = self.text.len();
            self.text.push_str(text);
            if let Some(span) = self.spans.get_mut(term.0 as usize) {
                *span = span_of(start, self.text.len());
            }
        }
        distinct
    }

    fn find(&self, text: &str) -> Option<Term> {
        let found = self.terms.find(hash_text(text), |&index| {
            let Span { start, end } = self.spans[index as usize];
            self.text.get(start as usize..end as usize) == Some(text)
        });
        found.map(|&index| Term(index))
    }

    /// Interns what was pushed on the text since `start`.
    fn commit(&mut self, start: usize) -> Term {
        let Self {
            text, spans, terms, ..
        } = self;
        let new = &text[start..];
        let hash = hash_text(new);
        let known = terms.find(hash, |&index| spans[index as usize].of(text) == new);
        if let Some(&index) = known {
            text.truncate(start);
            return Term(index);
        }
        let index = u32::try_from(spans.len()).unwrap_or(u32::MAX);
        spans.push(span_of(start, text.len()));
        terms.insert_unique(hash, index, |&index| {
            hash_text(spans[index as usize].of(text))
        });
        Term(index)
    }
}

/// Documents are at most a mebibyte and terms grow them by less than a hundredfold, so positions
/// fit; saturating keeps the impossible from wrapping.
fn span_of(start: usize, end: usize) -> Span {
    let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span {
        start: narrow(start),
        end: narrow(end),
    }
}

/// Escapes a literal as canonical N-Quads does ([RDFC-1.0, appendix A]).
///
/// [RDFC-1.0, appendix A]: https://www.w3.org/TR/rdf-canon/#canonical-quads
pub(crate) fn escape(lexical: &str, out: &mut String) {
    let bytes = lexical.as_bytes();
    let mut copied = 0;
    let mut at = 0;
    while at < bytes.len() {
        if let Some(chunk) = bytes[at..].first_chunk()
            && let eight = u64::from_le_bytes(*chunk)
            && special(eight) | equal(eight, 0x7f) == 0
        {
            at += 8;
            continue;
        }
        // A stretch of eight that has something, or the end.
        for _ in 0..8.min(bytes.len() - at) {
            let byte = bytes[at];
            if matches!(byte, b'"' | b'\\' | 0..=0x1f | 0x7f) {
                out.push_str(&lexical[copied..at]);
                escape_byte(byte, out);
                copied = at + 1;
            }
            at += 1;
        }
    }
    out.push_str(&lexical[copied..]);
}

fn escape_byte(byte: u8, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    match byte {
        b'"' => out.push_str("\\\""),
        b'\\' => out.push_str("\\\\"),
        b'\n' => out.push_str("\\n"),
        b'\r' => out.push_str("\\r"),
        b'\t' => out.push_str("\\t"),
        0x08 => out.push_str("\\b"),
        0x0c => out.push_str("\\f"),
        control => {
            out.push_str("\\u00");
            out.push(char::from(HEX[usize::from(control >> 4)]));
            out.push(char::from(HEX[usize::from(control & 15)]));
        }
    }
}
