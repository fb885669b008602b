//! Looking after the service from a terminal.

use clap::Subcommand;

/// What to do.
#[derive(Clone, Debug, Subcommand)]
pub enum AdminCommand {
    /// Print a link with which the owner signs in once.
    SignInLink,
}
