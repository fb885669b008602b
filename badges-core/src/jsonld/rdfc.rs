//! [RDFC-1.0]: the same dataset, whatever its blank nodes were called, gives the same bytes.
//!
//! The algorithm can be made to work exponentially long by a hostile graph. What it does beyond one
//! look at each statement is counted in steps, and ends in [`TooComplex`] at [`MAX_STEPS`]. A long
//! identifier stands in many statements, so that their length is limited too ([`MAX_LENGTH`]).
//!
//! [RDFC-1.0]: https://www.w3.org/TR/rdf-canon/

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use sha2::digest::Output;
use sha2::{Digest, Sha256};

use super::dataset::{Dataset, Quad, Term};

/// How many steps telling alike blank nodes apart may take: a statement that mentions one of them is
/// looked at, a temporary label is given, two are copied. Real badges need none to a few hundred. As
/// labels are copied at each level of recursion, there are at most twice the square root of as many
/// levels: 512, for which the stack of any thread has room.
pub const MAX_STEPS: usize = 1 << 16;

/// The longest canonical document that is made, in bytes: sixteen times the longest text of a badge.
pub const MAX_LENGTH: usize = 16 << 20;

/// How much of a predicate is hashed in one step, in bytes.
const PIECE: usize = 64;

/// The dataset's blank nodes are too alike to be told apart within [`MAX_STEPS`], or its statements
/// are longer than [`MAX_LENGTH`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the graph is too large, or its blank nodes are too alike to be told apart")]
pub struct TooComplex;

/// A canonical dataset.
pub struct Canonical {
    nquads: String,
    labels: Vec<u32>,
    steps: usize,
}

impl Canonical {
    /// The hash over the canonical N-Quads document.
    #[must_use]
    pub fn hash<D: Digest>(&self) -> Output<D> {
        D::digest(self.nquads.as_bytes())
    }

    /// The canonical N-Quads document: its lines are sorted.
    #[must_use]
    pub fn nquads(&self) -> &str {
        &self.nquads
    }

    /// How many steps it took to tell alike blank nodes apart: at most [`MAX_STEPS`].
    #[must_use]
    pub const fn steps(&self) -> usize {
        self.steps
    }

    /// How many blank nodes have a number: those that statements mention.
    #[must_use]
    pub fn labels(&self) -> usize {
        let given = self.labels.iter().filter(|&&label| label != NO_LABEL);
        given.count()
    }

    /// The number that the blank node got: 3 for `_:c14n3`.
    #[must_use]
    pub fn label(&self, blank_node: usize) -> Option<u32> {
        self.labels
            .get(blank_node)
            .copied()
            .filter(|&label| label != NO_LABEL)
    }
}

/// Canonicalises with SHA-256, the hash of all suites but those on P-384.
///
/// # Errors
/// [`TooComplex`] for a graph that would take too long.
pub fn canonicalize(dataset: &Dataset) -> Result<Canonical, TooComplex> {
    canonicalize_with::<Sha256>(dataset)
}

/// Canonicalises with another hash for the blank nodes.
///
/// # Errors
/// [`TooComplex`] for a graph that would take too long.
pub fn canonicalize_with<D: Digest>(dataset: &Dataset) -> Result<Canonical, TooComplex> {
    if dataset.length() > MAX_LENGTH {
        return Err(TooComplex);
    }
    let mut state = State::<D>::new(dataset);
    state.label_all()?;
    Ok(state.serialize())
}

const NO_LABEL: u32 = u32::MAX;

/// An identifier issuer for temporary labels (4.5).
#[derive(Clone, Default)]
struct Issuer {
    issued: FxHashMap<usize, u32>,
    order: Vec<usize>,
}

impl Issuer {
    fn issue(&mut self, node: usize) -> u32 {
        let next = self.order.len() as u32;
        let order = &mut self.order;
        *self.issued.entry(node).or_insert_with(|| {
            order.push(node);
            next
        })
    }
}

struct State<'d, D: Digest> {
    dataset: &'d Dataset,
    /// Per blank node, the quads that mention it (4.4.3, step 2).
    mentions: Vec<Vec<u32>>,
    first_degree: Vec<Output<D>>,
    labels: Vec<u32>,
    next_label: u32,
    steps: usize,
}

impl<'d, D: Digest> State<'d, D> {
    fn new(dataset: &'d Dataset) -> Self {
        let count = dataset.blank_nodes();
        let mut mentions = vec![Vec::new(); count];
        for (index, quad) in dataset.quads().iter().enumerate() {
            for node in blanks(quad) {
                let quads: &mut Vec<u32> = &mut mentions[node];
                if quads.last() != Some(&(index as u32)) {
                    quads.push(index as u32);
                }
            }
        }
        Self {
            dataset,
            mentions,
            first_degree: Vec::with_capacity(count),
            labels: vec![NO_LABEL; count],
            next_label: 0,
            steps: 0,
        }
    }

    /// Steps 3 to 5 of the canonicalisation algorithm (4.4.3).
    fn label_all(&mut self) -> Result<(), TooComplex> {
        self.hash_first_degrees();
        let mut by_hash: Vec<usize> = (0..self.labels.len())
            .filter(|&node| !self.mentions[node].is_empty())
            .collect();
        by_hash.sort_by(|&a, &b| self.first_degree[a].cmp(&self.first_degree[b]));
        let groups: Vec<&[usize]> = by_hash
            .chunk_by(|&a, &b| self.first_degree[a] == self.first_degree[b])
            .collect();
        for group in groups.iter().filter(|group| group.len() == 1) {
            self.label(group[0]);
        }
        for group in groups.iter().filter(|group| group.len() > 1) {
            self.label_alike(group)?;
        }
        Ok(())
    }

    fn label_alike(&mut self, group: &[usize]) -> Result<(), TooComplex> {
        let mut paths = Vec::with_capacity(group.len());
        for &node in group {
            if self.labels[node] != NO_LABEL {
                continue;
            }
            let mut issuer = Issuer::default();
            issuer.issue(node);
            paths.push(self.hash_n_degree(node, issuer)?);
        }
        paths.sort_by(|(a, _), (b, _)| a.cmp(b));
        for (_, issuer) in paths {
            for node in issuer.order {
                self.label(node);
            }
        }
        Ok(())
    }

    fn label(&mut self, node: usize) {
        if self.labels[node] == NO_LABEL {
            self.labels[node] = self.next_label;
            self.next_label += 1;
        }
    }

    /// Hash First Degree Quads (4.6) of every blank node.
    fn hash_first_degrees(&mut self) {
        let mut text = String::with_capacity(2048);
        let mut sorted = String::with_capacity(2048);
        let mut lines: Vec<(usize, usize)> = Vec::new();
        for node in 0..self.labels.len() {
            text.clear();
            sorted.clear();
            lines.clear();
            for &quad in &self.mentions[node] {
                let start = text.len();
                let quad = &self.dataset.quads()[quad as usize];
                self.dataset.write_quad(quad, &mut text, |other, out| {
                    out.push_str(if other == node { "_:a" } else { "_:z" });
                });
                lines.push((start, text.len()));
            }
            let line = |&(start, end): &(usize, usize)| &text[start..end];
            lines.sort_unstable_by(|a, b| line(a).cmp(line(b)));
            sorted.extend(lines.iter().map(line));
            self.first_degree.push(D::digest(sorted.as_bytes()));
        }
    }

    /// Hash N-Degree Quads (4.8).
    fn hash_n_degree(
        &mut self,
        node: usize,
        mut issuer: Issuer,
    ) -> Result<(Output<D>, Issuer), TooComplex> {
        self.step(1 + self.mentions[node].len())?;
        let mut related: BTreeMap<Output<D>, Vec<usize>> = BTreeMap::new();
        let mut pieces = 0;
        for &index in &self.mentions[node] {
            let quad = &self.dataset.quads()[index as usize];
            for (term, position) in [(quad.subject, 's'), (quad.object, 'o'), (quad.graph, 'g')] {
                if let Some(other) = term.as_blank().filter(|&other| other != node) {
                    pieces += self.dataset.text(quad.predicate).len() / PIECE;
                    let hash = self.hash_related(other, quad, &issuer, position);
                    related.entry(hash).or_default().push(other);
                }
            }
        }
        self.step(pieces)?;
        let mut data = String::new();
        for (hash, mut nodes) in related {
            write_hex(&hash, &mut data);
            let (path, chosen) = self.shortest_path(&mut nodes, &issuer)?;
            data.push_str(&path);
            issuer = chosen;
        }
        Ok((D::digest(data.as_bytes()), issuer))
    }

    /// The least path over all orders of the related nodes (4.8.3, step 5.4).
    fn shortest_path(
        &mut self,
        nodes: &mut [usize],
        issuer: &Issuer,
    ) -> Result<(String, Issuer), TooComplex> {
        nodes.sort_unstable();
        let mut best: Option<(String, Issuer)> = None;
        loop {
            self.step(nodes.len() + issuer.order.len() / 2)?;
            if let Some(found) = self.path(nodes, issuer.clone(), best.as_ref())? {
                best = Some(found);
            }
            if !next_permutation(nodes) {
                return Ok(best.unwrap_or_default());
            }
        }
    }

    /// The path for one order, unless the best so far is less (steps 5.4.1 to 5.4.6).
    fn path(
        &mut self,
        nodes: &[usize],
        mut issuer: Issuer,
        best: Option<&(String, Issuer)>,
    ) -> Result<Option<(String, Issuer)>, TooComplex> {
        let worse = |path: &str| {
            best.is_some_and(|(best, _)| path.len() >= best.len() && path > best.as_str())
        };
        let mut path = String::new();
        let mut to_visit = Vec::new();
        for &node in nodes {
            if self.labels[node] == NO_LABEL {
                if !issuer.issued.contains_key(&node) {
                    to_visit.push(node);
                }
                write_label("_:b", issuer.issue(node), &mut path);
            } else {
                write_label("_:c14n", self.labels[node], &mut path);
            }
            if worse(&path) {
                return Ok(None);
            }
        }
        for node in to_visit {
            self.step(issuer.order.len() / 2)?;
            let (hash, visited) = self.hash_n_degree(node, issuer.clone())?;
            write_label("_:b", issuer.issue(node), &mut path);
            path.push('<');
            write_hex(&hash, &mut path);
            path.push('>');
            issuer = visited;
            if worse(&path) {
                return Ok(None);
            }
        }
        let least = best.is_none_or(|(best, _)| path < *best);
        Ok(least.then_some((path, issuer)))
    }

    /// Hash Related Blank Node (4.7).
    fn hash_related(&self, node: usize, quad: &Quad, issuer: &Issuer, position: char) -> Output<D> {
        let mut input = String::from(position);
        if position != 'g' {
            input.push_str(self.dataset.text(quad.predicate));
        }
        if self.labels[node] != NO_LABEL {
            write_label("_:c14n", self.labels[node], &mut input);
        } else if let Some(&label) = issuer.issued.get(&node) {
            write_label("_:b", label, &mut input);
        } else {
            write_hex(&self.first_degree[node], &mut input);
        }
        D::digest(input.as_bytes())
    }

    const fn step(&mut self, steps: usize) -> Result<(), TooComplex> {
        self.steps += steps;
        if self.steps > MAX_STEPS {
            Err(TooComplex)
        } else {
            Ok(())
        }
    }

    fn serialize(self) -> Canonical {
        let quads = self.dataset.quads();
        let mut unsorted = String::with_capacity(quads.len() * 144);
        let mut lines = Vec::with_capacity(quads.len());
        for quad in quads {
            let start = unsorted.len();
            self.dataset.write_quad(quad, &mut unsorted, |node, out| {
                write_label("_:c14n", self.labels[node], out);
            });
            lines.push((start, unsorted.len()));
        }
        let line = |&(start, end): &(usize, usize)| &unsorted[start..end];
        lines.sort_unstable_by(|a, b| line(a).cmp(line(b)));
        let mut nquads = String::with_capacity(unsorted.len());
        for range in &lines {
            nquads.push_str(line(range));
        }
        Canonical {
            nquads,
            labels: self.labels,
            steps: self.steps,
        }
    }
}

fn blanks(quad: &Quad) -> impl Iterator<Item = usize> {
    [quad.subject, quad.object, quad.graph]
        .into_iter()
        .filter_map(Term::as_blank)
}

fn write_label(prefix: &str, label: u32, out: &mut String) {
    out.push_str(prefix);
    let mut digits = [0; 10];
    let mut start = digits.len();
    let mut rest = label;
    loop {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend(digits[start..].iter().map(|&digit| char::from(digit)));
}

fn write_hex(bytes: &[u8], out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    for &byte in bytes {
        out.push(char::from(HEX[usize::from(byte >> 4)]));
        out.push(char::from(HEX[usize::from(byte & 15)]));
    }
}

/// Steps to the next order in lexicographic sequence; `false` after the last.
fn next_permutation(items: &mut [usize]) -> bool {
    let Some(pivot) = (1..items.len()).rev().find(|&i| items[i - 1] < items[i]) else {
        return false;
    };
    let Some(swap) = (pivot..items.len())
        .rev()
        .find(|&i| items[i] > items[pivot - 1])
    else {
        return false;
    };
    items.swap(pivot - 1, swap);
    items[pivot..].reverse();
    true
}
