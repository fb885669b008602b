//! One verb, one file.

mod completions;
mod did;
mod issue;
mod keygen;
mod new;
mod status;

use clap::Subcommand;

use crate::error::{Code, Error};
use crate::output::Output;

#[derive(Subcommand)]
pub(crate) enum Command {
    New(new::New),
    Keygen(keygen::Keygen),
    Did(did::Did),
    Issue(Box<issue::Issue>),
    Status(Box<status::StatusCommand>),
    Completions(completions::Completions),
}

impl Command {
    pub(crate) fn run(self, output: &mut Output, program: clap::Command) -> Result<Code, Error> {
        match self {
            Self::New(command) => command.run(output),
            Self::Keygen(command) => command.run(output),
            Self::Did(command) => command.run(output),
            Self::Issue(command) => command.run(output),
            Self::Status(command) => command.run(output),
            Self::Completions(command) => command.run(output, program),
        }
    }
}
