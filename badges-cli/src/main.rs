//! `badges`: issue, bake and verify Open Badges 3.0 from a terminal.

mod ambient;
mod commands;
mod error;
mod files;
mod folder;
mod issuing;
mod output;
mod terminal;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser};

use commands::Command;
use error::Code;
use output::Output;

/// Issue, bake and verify Open Badges 3.0.
#[derive(Parser)]
#[command(
    name = "badges",
    version,
    max_term_width = 100,
    arg_required_else_help = true
)]
struct Cli {
    /// Print results as JSON, one object a line.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors; everything else is misuse, which is not 2 here:
            // 2 says that something could not be told.
            let code = if error.use_stderr() {
                Code::Usage
            } else {
                Code::Success
            };
            let _ = error.print();
            return code.into();
        }
    };
    let mut output = Output::new(cli.json);
    let ran = cli.command.run(&mut output, Cli::command());
    match ran.and_then(|code| output.finish().map(|()| code)) {
        Ok(code) => code.into(),
        Err(error) => {
            output.error(&error);
            error.code.into()
        }
    }
}
