//! From a list of people to their badges: what all badges of a run have in common ([`Job`]), what
//! becomes of each row ([`plan`]), and the badges themselves, signed and written ([`batch`]).

pub(crate) mod batch;
pub(crate) mod job;
pub(crate) mod jwt;
pub(crate) mod picture;
pub(crate) mod plan;
pub(crate) mod press;
pub(crate) mod report;

pub(crate) use job::{Identify, Job};
