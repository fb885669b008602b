//! Where in a document the check stands. A place is a chain on the stack; it becomes text only
//! when there is something to say about it.

use std::fmt;

/// A value's place in the document.
#[derive(Clone, Copy)]
pub(crate) struct Place<'p> {
    parent: Option<&'p Self>,
    step: Step<'p>,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Document,
    Member(&'p str),
    Item(usize),
}

impl<'p> Place<'p> {
    pub(crate) const DOCUMENT: Self = Self {
        parent: None,
        step: Step::Document,
    };

    pub(crate) const fn member(&'p self, name: &'p str) -> Self {
        Self {
            parent: Some(self),
            step: Step::Member(name),
        }
    }

    pub(crate) const fn item(&'p self, index: usize) -> Self {
        Self {
            parent: Some(self),
            step: Step::Item(index),
        }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        match self.step {
            Step::Document => Ok(()),
            Step::Item(index) => write!(f, "[{index}]"),
            Step::Member(name) => {
                let nested = self.parent.is_some_and(|parent| parent.parent.is_some());
                write!(
                    f,
                    "{}{}",
                    if nested { "." } else { "" },
                    super::excerpt(name)
                )
            }
        }
    }
}
