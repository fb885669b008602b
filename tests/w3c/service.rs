//! The service as conformance suites meet it.

use std::process::Command;

use badges_tests::binary;
use badges_tests::server::{PATIENCE, Server, free_port, run};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::corpus::Case;

/// Where the suites would find it.
const PUBLIC_URL: &str = "https://suites.example.org";

/// A running service with open issuers.
pub(crate) struct Service {
    _server: Server,
    /// Where it listens; a proxy that speaks https would stand before it.
    local: String,
    agent: ureq::Agent,
    _data: TempDir,
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Whether its content type says JSON, which the suites insist on.
    pub(crate) is_json: bool,
    pub(crate) media_type: String,
    pub(crate) body: Value,
}

impl Service {
    pub(crate) fn start() -> Self {
        let data = TempDir::new().unwrap();
        let mut command = Command::new(binary("badges-server"));
        let port = free_port();
        command.args(["--listen", &format!("127.0.0.1:{port}"), "--vc-api-open"]);
        command
            .args(["--public-url", PUBLIC_URL, "--data"])
            .arg(data.path());
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE));
        Self {
            _server: Server::spawn(&mut command),
            local: format!("http://127.0.0.1:{port}"),
            agent: config.build().into(),
            _data: data,
        }
    }

    /// What it says when it does not start.
    pub(crate) fn refused(arguments: &[&str]) -> String {
        let data = TempDir::new().unwrap();
        let mut command = Command::new(binary("badges-server"));
        command.args(arguments).arg("--data").arg(data.path());
        let (code, _, error) = run(&mut command);
        assert_eq!(code, 64, "{error}");
        error
    }

    pub(crate) fn manifest(&self) -> Value {
        self.get("/w3c-manifest.json").body
    }

    /// Asks what a suite asks.
    pub(crate) fn ask(&self, case: &Case) -> Answer {
        let at = format!("/vc-api/{}{}", case.instance, case.path);
        let mut body = case.body.to_string();
        if body.contains("{{ISSUER}}") {
            body = body.replace("{{ISSUER}}", &self.issuer(&case.instance));
        }
        self.send(&at, &body)
    }

    fn issuer(&self, instance: &str) -> String {
        let manifest = self.manifest();
        let issuers = manifest["issuers"].as_array().unwrap();
        let path = format!("/vc-api/{instance}/");
        let issuer = issuers
            .iter()
            .find(|issuer| issuer["endpoint"].as_str().unwrap().contains(&path));
        issuer.unwrap()["id"].as_str().unwrap().to_owned()
    }

    /// What a holder shows of a credential: a part of it, where the suite is for that.
    pub(crate) fn shown(&self, issuer: &Value, credential: &Value) -> Value {
        if issuer["tags"] != json!(["ecdsa-sd-2023"]) {
            return credential.clone();
        }
        let options = json!({"selectivePointers": ["/credentialSubject/id"]});
        let request = json!({"verifiableCredential": credential, "options": options});
        let at = self.manifest()["vcHolders"][0]["endpoint"].clone();
        let mut shown = self.post(at.as_str().unwrap(), &request);
        assert_eq!(shown.status, 201, "{}", shown.body);
        assert_eq!(shown.body["verifiableCredential"].get("validFrom"), None);
        shown.body["verifiableCredential"].take()
    }

    pub(crate) fn post(&self, at: &str, body: &Value) -> Answer {
        self.send(at, &body.to_string())
    }

    pub(crate) fn get(&self, at: &str) -> Answer {
        read(self.agent.get(self.local(at)).call().unwrap())
    }

    /// Gets what is there in one of the media types that `Accept` names.
    pub(crate) fn get_as(&self, at: &str, accept: &str) -> Answer {
        let request = self.agent.get(self.local(at));
        read(request.header("accept", accept).call().unwrap())
    }

    fn local(&self, at: &str) -> String {
        let path = at.strip_prefix(PUBLIC_URL).unwrap_or(at);
        format!("{}{path}", self.local)
    }

    fn send(&self, at: &str, body: &str) -> Answer {
        let request = self.agent.post(self.local(at));
        let request = request.header("content-type", "application/json");
        let request = request.header("accept", "application/ld+json,application/json");
        read(request.send(body).unwrap())
    }
}

fn read(mut answer: http::Response<ureq::Body>) -> Answer {
    let kind = answer.headers().get("content-type");
    let media_type = kind.map_or("", |kind| kind.to_str().unwrap()).to_owned();
    let text = answer.body_mut().read_to_string().unwrap();
    Answer {
        status: answer.status().as_u16(),
        is_json: media_type.contains("json"),
        media_type,
        body: serde_json::from_str(&text).unwrap_or(Value::String(text)),
    }
}
