//! What wraps the binary for systems that run services.

use crate::server::{Server, free_port, get};
use badges_server::Options;

const PROCFILE: &str = include_str!("../../../Procfile");
const CONTAINERFILE: &str = include_str!("../../../Containerfile");
const UNIT: &str = include_str!("../../../packaging/badges-server.service");

/// Platforms put binaries into `bin` or leave them in `target/release`, and give the port.
#[test]
fn a_platform_starts_it_from_the_procfile() {
    let command = PROCFILE.trim().strip_prefix("web: ").unwrap();
    for place in ["bin", "target/release"] {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join(place);
        std::fs::create_dir_all(&place).unwrap();
        std::os::unix::fs::symlink(
            env!("CARGO_BIN_EXE_badges-server"),
            place.join("badges-server"),
        )
        .unwrap();
        let port = free_port();
        let mut shell = std::process::Command::new("sh");
        let server = Server::spawn(
            shell
                .args(["-c", &format!("exec {command}")])
                .current_dir(&folder)
                .env_clear()
                .envs([
                    ("PATH", "/usr/bin:/bin"),
                    ("PORT", &port.to_string()),
                    ("BADGES_DATA", "data"),
                ]),
        );
        assert_eq!(
            get(&format!("http://127.0.0.1:{port}/healthz"), "").status,
            200
        );
        // The signal reaches it through the shells.
        server.stop();
    }
}

#[test]
fn the_container_and_the_unit_set_what_there_is() {
    let command = Options::clap_command();
    let known: Vec<&str> = command
        .get_arguments()
        .filter_map(|setting| setting.get_env()?.to_str())
        .collect();
    let container = CONTAINERFILE
        .lines()
        .filter_map(|line| line.strip_prefix("ENV "))
        .flat_map(|line| line.split(' '));
    let unit = UNIT
        .lines()
        .filter_map(|line| line.strip_prefix("Environment="));
    let mut variables = container
        .chain(unit)
        .map(|pair| pair.split_once('=').unwrap().0)
        .peekable();
    assert!(variables.peek().is_some());
    for variable in variables {
        assert!(known.contains(&variable), "{variable} is no setting");
    }
    let version = env!("CARGO_PKG_RUST_VERSION");
    assert!(
        CONTAINERFILE.contains(&format!("docker.io/library/rust:{version}-")),
        "the image has another Rust"
    );
    assert!(UNIT.contains("RestartPreventExitStatus=64"));
}
