//! The service: trainers issue badges after a workshop, volunteers claim and share them, anyone
//! verifies.
//!
//! The door for programs and tests: [`App::open`] makes everything that a request needs, and
//! [`router`] answers requests with it. The binary does just that.

#![forbid(unsafe_code)]

mod accounts;
mod achievement;
mod admin;
mod ambient;
mod app;
mod auth;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod browser;
mod config;
mod db;
mod demo;
mod error;
mod form;
mod i18n;
mod images;
mod issuing;
mod keys;
mod languages;
mod log;
mod metrics;
mod page;
mod picture;
mod published;
mod rate;
mod routes;
mod seal;
mod secret;
mod serve;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod testing;
mod verifying;
pub mod wikimedia;
mod words;

pub use ambient::Clock;
pub use app::{App, OpenError};
pub use config::{
    DatabaseUrl, Options, PublicUrl, SettingOptions, Settings, WikimediaSettings, WrongSetting,
    WrongSettings,
};
pub use db::DbError;
pub use routes::router;
pub use seal::{SealError, SealSource};
pub use serve::main;
