//! The binary in a process of its own, with data of its own.

use std::path::Path;
use std::process::Command;

pub(crate) use badges_tests::server::{Server, free_port, get, post, run};

/// The binary, with nothing of this environment but where programs are.
pub(crate) fn binary(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_badges-server"));
    command
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("BADGES_DATA", data)
        .current_dir(std::env::temp_dir());
    command
}

/// Starts it on a free port, and waits until it says where it is.
pub(crate) fn start(data: &Path) -> Server {
    Server::spawn(binary(data).args(["--listen", "127.0.0.1:0"]))
}
