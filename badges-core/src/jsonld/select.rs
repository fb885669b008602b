//! Parts of a document chosen by [JSON pointers], and the statements that these parts make.
//!
//! The standard for selective disclosure gives each object an identifier, then expands and compacts
//! the document, so that a part of its JSON can be told from its statements. Here the document is
//! turned into statements once, and each is marked where it is made.
//!
//! [JSON pointers]: https://www.rfc-editor.org/rfc/rfc6901

use crate::json::Value;

/// The most pointers of one selection. Somebody else's proof can bring them.
pub const MAX_POINTERS: usize = 1024;

/// Sets of pointers, as bits: a statement can be chosen by several.
pub type Groups = u8;

/// A pointer that chooses nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{pointer:?}: {fault}")]
pub struct PointerError {
    /// The pointer.
    pub pointer: String,
    /// What is wrong with it.
    pub fault: PointerFault,
}

/// Why a pointer chooses nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PointerFault {
    /// It is neither empty nor begins with `/`, or has a `~` that escapes nothing.
    #[error("no JSON pointer")]
    Malformed,
    /// The document has no such place.
    #[error("the document has nothing there")]
    Missing,
    /// The place is part of something that is stated as a whole: an item of an ordered list, a part
    /// of a JSON literal or of a text with its language.
    #[error("it cannot be told apart from what it stands in")]
    Inseparable,
    /// There are [`MAX_POINTERS`] before it.
    #[error("more than {MAX_POINTERS} pointers")]
    TooMany,
}

/// Pointers in groups, as one tree. It learns from [`super::RootContext::to_rdf_choosing`] which of
/// its places there are.
#[derive(Clone, Debug)]
pub struct Selection {
    /// The first is the document itself.
    places: Vec<Place>,
}

#[derive(Clone, Debug, Default)]
struct Place {
    /// By member name, or by index in decimal digits.
    steps: Vec<(String, usize)>,
    /// The groups that have a pointer to here.
    ends: Groups,
    /// The groups that have a pointer to somewhere inside.
    through: Groups,
    /// The members that say the types of the object here, and its identifier unless that is a
    /// blank node.
    identity: Vec<String>,
    /// Whether statements can be made from here alone.
    separable: bool,
}

impl Selection {
    /// One tree of these pointers.
    ///
    /// # Errors
    /// [`PointerFault::Malformed`] and [`PointerFault::TooMany`].
    pub fn of<'p>(
        pointers: impl IntoIterator<Item = (Groups, &'p str)>,
    ) -> Result<Self, PointerError> {
        let mut selection = Self {
            places: vec![Place::default()],
        };
        for (number, (groups, pointer)) in pointers.into_iter().enumerate() {
            let refused = |fault| PointerError {
                pointer: pointer.to_owned(),
                fault,
            };
            if number >= MAX_POINTERS {
                return Err(refused(PointerFault::TooMany));
            }
            let mut at = 0;
            for step in steps(pointer).ok_or_else(|| refused(PointerFault::Malformed))? {
                selection.places[at].through |= groups;
                at = selection.step(at, step);
            }
            selection.places[at].ends |= groups;
        }
        Ok(selection)
    }

    fn step(&mut self, from: usize, step: String) -> usize {
        if let Some(known) = self.child(from, &step) {
            return known;
        }
        self.places.push(Place::default());
        let place = self.places.len() - 1;
        self.places[from].steps.push((step, place));
        place
    }

    fn child(&self, from: usize, step: &str) -> Option<usize> {
        let mut steps = self.places[from].steps.iter();
        steps.find_map(|(known, place)| (known == step).then_some(*place))
    }

    /// Checks that every pointer chose something, once the document was turned into statements.
    ///
    /// # Errors
    /// [`PointerFault::Missing`] and [`PointerFault::Inseparable`].
    pub fn check(&self, document: &Value<'_>) -> Result<(), PointerError> {
        self.check_below(0, document, "", false)
    }

    fn check_below(
        &self,
        at: usize,
        value: &Value<'_>,
        path: &str,
        kept: bool,
    ) -> Result<(), PointerError> {
        for (step, place) in &self.places[at].steps {
            let pointer = format!("{path}/{}", escaped(step));
            // Types and contexts are shown with any part of their object, and nobody needs to choose.
            let kept = kept || self.keeps(at, step);
            match below(value, step) {
                Some(inner) if kept || self.places[*place].separable => {
                    self.check_below(*place, inner, &pointer, kept)?;
                }
                inner => {
                    let fault = match inner {
                        None => PointerFault::Missing,
                        Some(_) => PointerFault::Inseparable,
                    };
                    return Err(PointerError { pointer, fault });
                }
            }
        }
        Ok(())
    }

    /// The pointers that chose something, once the document was turned into statements; not those of
    /// what stays with whatever part of its object is chosen.
    #[must_use]
    pub fn chosen(&self) -> Vec<String> {
        let mut chosen = Vec::new();
        self.chosen_below(0, "", &mut chosen);
        chosen
    }

    fn chosen_below(&self, at: usize, path: &str, chosen: &mut Vec<String>) {
        for (step, place) in &self.places[at].steps {
            let Place {
                ends, separable, ..
            } = self.places[*place];
            if separable && !self.keeps(at, step) {
                let pointer = format!("{path}/{}", escaped(step));
                if ends != 0 {
                    chosen.push(pointer.clone());
                }
                self.chosen_below(*place, &pointer, chosen);
            }
        }
    }

    /// Whether a member stays with whatever part of its object is chosen.
    fn keeps(&self, at: usize, key: &str) -> bool {
        key == "@context" || self.places[at].identity.iter().any(|known| known == key)
    }

    /// The chosen parts of a document, without its `proof`: arrays lose the items that are not
    /// chosen, objects on the way to a part keep contexts, types, and identifiers that are no blank
    /// nodes ([selectJsonLd]). `None` when nothing is chosen.
    ///
    /// [selectJsonLd]: https://www.w3.org/TR/vc-di-ecdsa/#selectjsonld
    #[must_use]
    pub fn part<'a>(&self, document: &Value<'a>) -> Option<Value<'a>> {
        let Place { ends, through, .. } = self.places.first()?;
        if ends | through == 0 {
            return None;
        }
        let mut part = self.part_of(0, document);
        if let Value::Object(members) = &mut part {
            members.retain(|(key, _)| key != "proof");
        }
        Some(part)
    }

    fn part_of<'a>(&self, at: usize, value: &Value<'a>) -> Value<'a> {
        if self.places[at].ends != 0 {
            return value.clone();
        }
        let part = |step: &str, value: &Value<'a>| match self.child(at, step) {
            Some(place) if !self.keeps(at, step) => Some(self.part_of(place, value)),
            _ => self.keeps(at, step).then(|| value.clone()),
        };
        match value {
            Value::Object(members) => Value::Object(
                members
                    .iter()
                    .filter_map(|(key, value)| Some((key.clone(), part(key, value)?)))
                    .collect(),
            ),
            Value::Array(items) => Value::Array(
                items
                    .iter()
                    .enumerate()
                    .filter_map(|(index, item)| part(&index.to_string(), item))
                    .collect(),
            ),
            scalar => scalar.clone(),
        }
    }
}

/// A pointer's steps; `None` when it is none.
fn steps(pointer: &str) -> Option<Vec<String>> {
    if pointer.is_empty() {
        return Some(Vec::new());
    }
    pointer
        .strip_prefix('/')?
        .split('/')
        .map(unescape)
        .collect()
}

/// A step as it is written in a pointer.
pub(crate) fn escaped(step: &str) -> String {
    step.replace('~', "~0").replace('/', "~1")
}

fn unescape(step: &str) -> Option<String> {
    let mut pieces = step.split('~');
    let mut text = pieces.next()?.to_owned();
    for piece in pieces {
        text.push(match piece.as_bytes().first()? {
            b'0' => '~',
            b'1' => '/',
            _ => return None,
        });
        text.push_str(&piece[1..]);
    }
    Some(text)
}

fn below<'v, 'a>(value: &'v Value<'a>, step: &str) -> Option<&'v Value<'a>> {
    match value {
        Value::Object(_) => value.get(step),
        Value::Array(items) => {
            let index: usize = step.parse().ok()?;
            // Not "+1" nor "01".
            (index.to_string() == step).then(|| items.get(index))?
        }
        _ => None,
    }
}

/// A step into a part of a document.
#[derive(Clone, Copy)]
pub(super) enum Step<'k> {
    Member(&'k str),
    Item(usize),
    /// Into something that is stated as a whole, where no pointer can go.
    Whole,
}

/// Where a document is being turned into statements, among the places of a selection.
pub(super) struct Marker<'s> {
    selection: &'s mut Selection,
    standing: Standing,
    outer: Vec<Standing>,
    /// Per statement, the groups that choose it.
    marks: Vec<Groups>,
}

/// A place of the document.
#[derive(Clone, Copy)]
struct Standing {
    /// Among the selection's places, unless no pointer goes here.
    place: Option<usize>,
    /// The groups that chose all that is here.
    whole: Groups,
}

/// Never inlined: documents are mostly read without a selection.
impl<'s> Marker<'s> {
    pub(super) fn new(selection: &'s mut Selection) -> Self {
        let standing = Standing {
            place: Some(0),
            whole: selection.places[0].ends,
        };
        Self {
            selection,
            standing,
            outer: Vec::new(),
            marks: Vec::new(),
        }
    }

    /// Steps into a part of the document; [`Marker::back`] goes back.
    #[inline(never)]
    pub(super) fn step(&mut self, step: Step<'_>) {
        self.outer.push(self.standing);
        self.standing.place = self.standing.place.and_then(|place| match step {
            Step::Member(key) => self.selection.child(place, key),
            Step::Item(_) if self.selection.places[place].steps.is_empty() => None,
            Step::Item(index) => self.selection.child(place, &index.to_string()),
            Step::Whole => None,
        });
        if let Some(place) = self.standing.place {
            let place = &mut self.selection.places[place];
            place.separable = true;
            self.standing.whole |= place.ends;
        }
    }

    #[inline(never)]
    pub(super) fn back(&mut self) {
        if let Some(outer) = self.outer.pop() {
            self.standing = outer;
        }
    }

    /// A member of the object here says what it is: it stays with any part of the object.
    pub(super) fn identity(&mut self, key: &str) {
        if let Some(place) = self.standing.place {
            self.selection.places[place].identity.push(key.to_owned());
        }
    }

    /// A statement is made here. What links an object, and what it is, is shown with any part of it.
    #[inline(never)]
    pub(super) fn mark(&mut self, statement: usize) {
        let Standing { place, whole } = self.standing;
        let through = place.map_or(0, |place| self.selection.places[place].through);
        if self.marks.len() <= statement {
            self.marks.resize(statement + 1, 0);
        }
        self.marks[statement] |= whole | through;
    }

    /// Per statement, the groups that choose it.
    pub(super) fn marks(self) -> Vec<Groups> {
        self.marks
    }
}
