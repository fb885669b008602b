//! One verb, one file.

mod bake;
mod completions;
mod extract;
mod show;
mod verify;

use clap::Subcommand;

use crate::error::{Code, Error};
use crate::output::Output;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Check whether badges are genuine and valid.
    Verify(verify::Verify),
    /// Say in plain words what a badge says, without checking it.
    Show(show::Show),
    /// Put a signed badge into a picture.
    Bake(bake::Bake),
    /// Take the signed badge out of a picture.
    Extract(extract::Extract),
    /// Print a shell's completions for this program.
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
