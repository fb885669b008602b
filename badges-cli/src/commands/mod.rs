//! One verb, one file.

mod completions;

use clap::Subcommand;

use crate::error::{Code, Error};
use crate::output::Output;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Print a shell's completions for this program.
    Completions(completions::Completions),
}

impl Command {
    pub(crate) fn run(self, output: &mut Output, program: clap::Command) -> Result<Code, Error> {
        match self {
            Self::Completions(command) => command.run(output, program),
        }
    }
}
