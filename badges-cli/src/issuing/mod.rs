//! From a list of people to their badges: what all badges of a run have in common ([`Job`]), what
//! becomes of each row ([`plan`]), and the badges themselves, signed and written ([`batch`]); and a badge
//! of Open Badges 2.0 that is issued again ([`upgrade`]).

pub(crate) mod batch;
pub(crate) mod job;
pub(crate) mod jwt;
pub(crate) mod picture;
pub(crate) mod plan;
pub(crate) mod press;
pub(crate) mod report;
pub(crate) mod upgrade;

pub(crate) use job::{Identify, Job};
