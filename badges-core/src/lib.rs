//! Open Badges 3.0.
#![forbid(unsafe_code)]
#![deny(missing_docs)]
pub mod bake;
pub mod credential;
pub mod did;
pub mod documents;
pub mod draw;
pub mod error;
#[cfg(feature = "http")]
pub mod fetch;
pub mod json;
pub mod jsonld;
pub mod key;
pub mod model;
pub mod participants;
pub mod proof;
pub mod publish;
pub mod status;
pub mod verify;
mod writing;
