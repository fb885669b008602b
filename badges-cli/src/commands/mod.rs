//! One verb, one file.

mod bake;
mod completions;
mod extract;
mod show;
mod verify;

use clap::Subcommand;

use crate::error::{Code, Error};
use crate::output::Output;

/// The verbs. What each does is said where it is defined.
#[derive(Subcommand)]
pub(crate) enum Command {
    Verify(verify::Verify),
    Show(show::Show),
    Bake(bake::Bake),
    Extract(extract::Extract),
    Completions(completions::Completions),
}

impl Command {
    pub(crate) fn run(self, output: &mut Output, program: clap::Command) -> Result<Code, Error> {
        match self {
            Self::Verify(command) => command.run(output),
            Self::Show(command) => command.run(output),
            Self::Bake(command) => command.run(output),
            Self::Extract(command) => command.run(output),
            Self::Completions(command) => command.run(output, program),
        }
    }
}
