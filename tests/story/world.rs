//! The service at a public address behind no proxy, and a stranger's command `badges`. What the
//! service publishes at the address is handed to the command as `--documents`, since nothing really
//! is there; the badges themselves it fetches over HTTP.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use badges_tests::binary;
use badges_tests::server::{PATIENCE, Server, free_port, run};
use serde_json::Value;
use tempfile::TempDir;
use wikimedia_stand_in::StandIn;

use crate::visitor::Visitor;

/// What is part of every id.
const PUBLIC: &str = "https://badges.example.org";
const ISSUER: &str = "https://badges.example.org/issuers/example-academy";

pub(crate) struct World {
    server: Server,
    folder: TempDir,
    database: Option<String>,
    /// It answers as long as this is there.
    _wiki: StandIn,
    address: String,
    service: PathBuf,
    badges: PathBuf,
}

/// Asks again and again until there is an answer.
pub(crate) fn until<T>(mut ask: impl FnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(begin.elapsed() < PATIENCE, "it does not happen");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

impl World {
    /// Starts the service on an empty database: a file, unless another is named.
    pub(crate) fn new(database: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (service, badges) = (binary("badges-server"), binary("badges"));
        let address = format!("127.0.0.1:{}", free_port());
        let mut command = command(&service, folder.path(), database);
        let wiki = StandIn::start();
        wiki.change(|wiki| {
            for (id, name) in (7..).zip([
                "Example Volunteer",
                "Example editor",
                "مثال",
                "Example Leaver",
            ]) {
                wiki.add_account(id, name);
            }
        });
        command.args([
            "--listen",
            &address,
            "--wikimedia-url",
            &wiki.url(),
            "--rate-limit",
            "0",
        ]);
        Self {
            _wiki: wiki,
            server: Server::spawn(&mut command),
            folder,
            database: database.map(str::to_owned),
            address: format!("http://{address}"),
            service,
            badges,
        }
    }

    /// The link for the first sign-in.
    pub(crate) fn link(&mut self) -> String {
        self.server.link()
    }

    pub(crate) fn visitor(&self) -> Visitor {
        Visitor::new(PUBLIC, &self.address)
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Runs `badges-server admin`: the code, standard output and standard error.
    pub(crate) fn admin(&self, arguments: &[&str]) -> (i32, String, String) {
        let mut command = command(&self.service, self.folder(), self.database.as_deref());
        run(command.arg("admin").args(arguments))
    }

    /// Keeps what is at an address as a file.
    pub(crate) fn keep(&self, url: &str, name: &str) -> PathBuf {
        let path = self.folder().join(name);
        std::fs::write(&path, self.visitor().fetch(url).text).unwrap();
        path
    }

    /// What the command says of the badge at an address, which it fetches.
    pub(crate) fn verify(&self, url: &str) -> String {
        let url = url.replace(PUBLIC, &self.address);
        self.ask(&self.published(), &[&url, "--allow-private-network"])
            .0
    }

    /// What the command says of a file, with its exit code.
    pub(crate) fn verify_file(&self, file: &Path, more: &[&str]) -> (String, i32) {
        let arguments = [&[file.to_str().unwrap(), "--offline"], more].concat();
        self.ask(&self.published(), &arguments)
    }

    /// What the command says of a badge, knowing nothing but the files of an export.
    pub(crate) fn verify_export(&self, export: &Path, badge: &str) -> String {
        let at = |path: &str| {
            (
                format!("{ISSUER}/{path}"),
                format!("{}/{path}", export.display()),
            )
        };
        let lists = std::fs::read_dir(export.join("status")).unwrap();
        let lists =
            lists.map(|list| at(&format!("status/{}", list.unwrap().file_name().display())));
        let documents: BTreeMap<_, _> = lists.chain([at("did.json")]).collect();
        let badge = export.join(badge.strip_prefix(ISSUER).unwrap().trim_start_matches('/'));
        let file = [badge.with_extension("json"), badge.join("badge.json")];
        let file = file.iter().find(|file| file.exists()).unwrap();
        self.ask(&documents, &[file.to_str().unwrap(), "--offline"])
            .0
    }

    /// Ends the service as a system does, and gives its log.
    pub(crate) fn stop(self) -> String {
        self.server.stop()
    }

    /// The issuer's keys and status lists as they are now, as files by their addresses.
    fn published(&self) -> BTreeMap<String, String> {
        let visitor = self.visitor();
        let mut documents = BTreeMap::new();
        for path in ["did.json", "status/1", "status/2"] {
            let url = format!("{ISSUER}/{path}");
            let page = visitor.fetch(&url);
            if page.status == 200 {
                let file = self.folder().join(path.replace('/', "-"));
                std::fs::write(&file, page.text).unwrap();
                documents.insert(url, file.display().to_string());
            }
        }
        documents
    }

    fn ask(&self, documents: &BTreeMap<String, String>, arguments: &[&str]) -> (String, i32) {
        let map = self.folder().join("documents.json");
        std::fs::write(&map, serde_json::to_vec(documents).unwrap()).unwrap();
        let mut command = Command::new(&self.badges);
        command
            .args(["verify", "--json", "--no-cache", "--documents"])
            .arg(&map)
            .args(arguments);
        let (code, told, error) = run(&mut command);
        let line: Value = serde_json::from_str(&told).unwrap_or_else(|_| panic!("{told}{error}"));
        (line["verdict"].as_str().unwrap().to_owned(), code)
    }
}

fn command(service: &Path, folder: &Path, database: Option<&str>) -> Command {
    let mut command = Command::new(service);
    command
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("BADGES_DATA", folder.join("data"));
    command.env("BADGES_PUBLIC_URL", PUBLIC);
    if let Some(database) = database {
        command.env("DATABASE_URL", database);
    }
    command
}
