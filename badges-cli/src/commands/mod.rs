//! One verb, one file.

mod bake;
mod completions;
mod derive;
mod did;
mod extract;
mod issue;
mod keygen;
mod network;
mod new;
mod publish;
mod schema;
mod show;
mod sign;
mod status;
mod upgrade;
mod verify;

use clap::Subcommand;

use crate::error::{Code, Error};
use crate::output::Output;

/// The verbs. What each does is said where it is defined.
#[derive(Subcommand)]
pub(crate) enum Command {
    New(new::New),
    Issue(Box<issue::Issue>),
    Sign(Box<sign::Sign>),
    Upgrade(Box<upgrade::Upgrade>),
    Verify(verify::Verify),
    Show(show::Show),
    Derive(derive::Derive),
    Bake(bake::Bake),
    Extract(extract::Extract),
    Status(Box<status::StatusCommand>),
    Publish(publish::Publish),
    Keygen(keygen::Keygen),
    Did(did::Did),
    Schema(schema::Schema),
    Completions(completions::Completions),
}

impl Command {
    pub(crate) fn run(self, output: &mut Output, program: clap::Command) -> Result<Code, Error> {
        match self {
            Self::New(command) => command.run(output),
            Self::Issue(command) => command.run(output),
            Self::Sign(command) => command.run(output),
            Self::Upgrade(command) => command.run(output),
            Self::Verify(command) => command.run(output),
            Self::Show(command) => command.run(output),
            Self::Derive(command) => command.run(output),
            Self::Bake(command) => command.run(output),
            Self::Extract(command) => command.run(output),
            Self::Status(command) => command.run(output),
            Self::Publish(command) => command.run(output),
            Self::Keygen(command) => command.run(output),
            Self::Did(command) => command.run(output),
            Self::Schema(command) => command.run(output),
            Self::Completions(command) => command.run(output, program),
        }
    }
}
