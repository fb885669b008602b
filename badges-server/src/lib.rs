//! The service: issue badges after a workshop, claim, share and verify them.

pub mod wikimedia;
