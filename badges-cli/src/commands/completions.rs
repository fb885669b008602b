use clap::Args;
use clap_complete::Shell;

use crate::error::{Code, Error};
use crate::output::Output;

/// Print a shell's completions for this program.
///
/// For bash: `badges completions bash > ~/.local/share/bash-completion/completions/badges`
#[derive(Args)]
pub(crate) struct Completions {
    /// The shell.
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(
        self,
        output: &mut Output,
        mut program: clap::Command,
    ) -> Result<Code, Error> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut program, "badges", &mut script);
        output.bytes(&script);
        Ok(Code::Success)
    }
}
