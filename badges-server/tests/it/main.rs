//! The binary, as those who run the service meet it.

#![expect(clippy::unwrap_used, reason = "tests")]

mod admin;
mod manual;
mod packaging;
mod server;
mod settings;
mod start;
mod stop;
