//! PostgreSQL for tests: Debian's package, started once for a test process in a folder of its own,
//! without a network port. It ends when the process does, however that ends.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::variable;

struct Server {
    /// Where its programs are.
    bin: PathBuf,
    /// Where its socket is.
    folder: PathBuf,
    /// It ends when this is closed.
    _life: ChildStdin,
}

static SERVER: LazyLock<Option<Server>> = LazyLock::new(Server::start);

/// The URL of a new, empty database.
///
/// Returns `None`, after saying so, where PostgreSQL is not installed.
///
/// # Panics
/// When it is not installed in continuous integration (`CI=true`), or does not start.
#[must_use]
pub fn database() -> Option<String> {
    static NUMBER: AtomicU32 = AtomicU32::new(1);
    let Some(server) = SERVER.as_ref() else {
        assert!(
            variable("CI").as_deref() != Some("true"),
            "PostgreSQL is not installed: apt-get install postgresql"
        );
        eprintln!("SKIPPED: PostgreSQL is not installed");
        return None;
    };
    let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::SeqCst));
    let made = Command::new(server.bin.join("createdb"))
        .arg("--host")
        .arg(&server.folder)
        .args(["--username=postgres", &name])
        .status();
    assert!(made.is_ok_and(|status| status.success()), "no database");
    Some(format!(
        "postgres:///{name}?host={}&user=postgres",
        server.folder.display()
    ))
}

impl Server {
    fn start() -> Option<Self> {
        let bin = std::fs::read_dir("/usr/lib/postgresql")
            .ok()?
            .filter_map(|version| Some(version.ok()?.path().join("bin")))
            .filter(|bin| bin.join("initdb").exists())
            .max()?;
        // Postgres does not run as root.
        let script = r#"
            folder=$(mktemp -d)
            "$0/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
            "$0/postgres" -D "$folder/data" -k "$folder" -c listen_addresses= -c fsync=off -c max_connections=400 >>"$folder/log" 2>&1 </dev/null &
            until "$0/pg_isready" -q -h "$folder"; do kill -0 $! || { cat "$folder/log" >&2; exit 1; }; sleep 0.1; done
            echo "$folder"
            cat
            kill -QUIT $!
            wait
            rm -rf "$folder"
        "#;
        let is_root = std::fs::metadata("/proc/self")
            .is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
        let mut command = if is_root {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
            command.arg("sh");
            command
        } else {
            Command::new("sh")
        };
        let mut child = command
            .args(["-c", script])
            .arg(&bin)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let life = child.stdin.take()?;
        let mut folder = String::new();
        BufReader::new(child.stdout.take()?)
            .read_line(&mut folder)
            .ok()?;
        assert!(!folder.is_empty(), "PostgreSQL does not start");
        Some(Self {
            bin,
            folder: folder.trim().into(),
            _life: life,
        })
    }
}
