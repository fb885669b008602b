//! The service `badges-server`.

use std::process::ExitCode;

fn main() -> ExitCode {
    badges_server::main()
}
