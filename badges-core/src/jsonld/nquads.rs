//! Reading [N-Quads] into a [`Dataset`], for comparing with other implementations.
//!
//! [N-Quads]: https://www.w3.org/TR/n-quads/

use rustc_hash::FxHashMap;

use super::dataset::{Dataset, Quad, Term};

/// A line that is not N-Quads as far as this reader knows it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} is not N-Quads: {rest:?}")]
pub struct NotNQuads {
    /// The line, from 1.
    pub line: usize,
    /// From where it could not be read on.
    pub rest: String,
}

/// Reads a document; also returns the blank nodes' labels, without `_:`, by their number.
///
/// # Errors
/// The first line that cannot be read.
pub fn parse(text: &str) -> Result<(Dataset, Vec<String>), NotNQuads> {
    let mut reader = Reader {
        dataset: Dataset::default(),
        labels: FxHashMap::default(),
        names: Vec::new(),
        rest: "",
    };
    for (index, line) in text.lines().enumerate() {
        reader.rest = line.trim();
        if reader.rest.is_empty() || reader.rest.starts_with('#') {
            continue;
        }
        if reader.quad().is_none() {
            return Err(NotNQuads {
                line: index + 1,
                rest: reader.rest.to_owned(),
            });
        }
    }
    Ok((reader.dataset, reader.names))
}

struct Reader<'t> {
    dataset: Dataset,
    labels: FxHashMap<&'t str, Term>,
    names: Vec<String>,
    rest: &'t str,
}

impl<'t> Reader<'t> {
    fn quad(&mut self) -> Option<()> {
        let subject = self.term()?;
        let predicate = self.term()?;
        let object = self.term()?;
        let graph = if self.rest.starts_with('.') {
            Term::DEFAULT_GRAPH
        } else {
            self.term()?
        };
        self.rest = self.rest.strip_prefix('.')?.trim_start();
        if !(self.rest.is_empty() || self.rest.starts_with('#')) {
            return None;
        }
        self.dataset.insert(Quad {
            subject,
            predicate,
            object,
            graph,
        });
        Some(())
    }

    fn term(&mut self) -> Option<Term> {
        let term = match self.rest.as_bytes().first()? {
            b'<' => {
                let (iri, rest) = self.rest[1..].split_once('>')?;
                self.rest = rest;
                let iri = unescape(iri)?;
                self.dataset.bracketed_iri(&iri)
            }
            b'_' => {
                let label = self.rest.strip_prefix("_:")?;
                let end = label.find([' ', '\t']).unwrap_or(label.len());
                self.rest = &label[end..];
                self.blank(&label[..end])
            }
            b'"' => self.literal()?,
            _ => return None,
        };
        self.rest = self.rest.trim_start();
        Some(term)
    }

    fn literal(&mut self) -> Option<Term> {
        let body = &self.rest[1..];
        let mut escaped = false;
        let end = body.find(|character| {
            let closes = character == '"' && !escaped;
            escaped = character == '\\' && !escaped;
            closes
        })?;
        let lexical = unescape(&body[..end])?;
        let after = &body[end + 1..];
        let length = if after.starts_with("^^<") {
            after.find('>')? + 1
        } else if after.starts_with('@') {
            after.find([' ', '\t']).unwrap_or(after.len())
        } else {
            0
        };
        let (suffix, rest) = after.split_at(length);
        self.rest = rest;
        let suffix = match unescape(suffix)? {
            string if string == "^^<http://www.w3.org/2001/XMLSchema#string>" => String::new(),
            other => other,
        };
        Some(self.dataset.literal(&lexical, &suffix))
    }

    fn blank(&mut self, label: &'t str) -> Term {
        if let Some(&known) = self.labels.get(label) {
            return known;
        }
        let node = self.dataset.blank_node();
        self.labels.insert(label, node);
        self.names.push(label.to_owned());
        node
    }
}

fn unescape(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        let digits = match characters.next()? {
            't' => {
                out.push('\t');
                continue;
            }
            'b' => {
                out.push('\u{8}');
                continue;
            }
            'n' => {
                out.push('\n');
                continue;
            }
            'r' => {
                out.push('\r');
                continue;
            }
            'f' => {
                out.push('\u{c}');
                continue;
            }
            same @ ('"' | '\'' | '\\') => {
                out.push(same);
                continue;
            }
            'u' => 4,
            'U' => 8,
            _ => return None,
        };
        let hex: String = characters.by_ref().take(digits).collect();
        out.push(char::from_u32(u32::from_str_radix(&hex, 16).ok()?)?);
    }
    Some(out)
}
