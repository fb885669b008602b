//! A program that serves, in a process of its own, and what asks it. For tests.

use std::io::{BufRead as _, BufReader, Read};
use std::net::TcpListener;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long a test waits for what should happen: much, for crowded machines.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Runs it to its end: the code, standard output and standard error.
pub fn run(command: &mut Command) -> (i32, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

/// A service that runs until it is dropped.
pub struct Server {
    child: Child,
    /// Where it is.
    pub url: String,
    output: Receiver<String>,
    log: Option<JoinHandle<String>>,
}

impl Server {
    /// Starts this command, and waits until it says where it is.
    pub fn spawn(command: &mut Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (lines, output) = channel();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            stdout
                .lines()
                .map_while(Result::ok)
                .try_for_each(|line| lines.send(line))
        });
        let mut stderr = child.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut text = String::new();
            stderr.read_to_string(&mut text).unwrap();
            text
        });
        let mut server = Self {
            child,
            url: String::new(),
            output,
            log: Some(log),
        };
        let first = server.line_with(" is at ");
        server.url = first.rsplit(' ').next().unwrap().to_owned();
        server
    }

    /// Waits for a line that holds a text.
    pub fn line_with(&mut self, text: &str) -> String {
        loop {
            match self.output.recv_timeout(PATIENCE) {
                Ok(line) if line.contains(text) => return line,
                Ok(_) => {}
                Err(_) => panic!("it did not say {text:?}: {}", self.end_now()),
            }
        }
    }

    /// The link for the first sign-in.
    pub fn link(&mut self) -> String {
        self.line_with("/sign-in/link/").trim().to_owned()
    }

    /// Its address without the scheme.
    pub fn host(&self) -> String {
        let port = self.url.rsplit(':').next().unwrap();
        format!("127.0.0.1:{port}")
    }

    /// Sends a signal: `TERM`, `INT`, `KILL`.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([&format!("-{name}"), &self.child.id().to_string()])
            .status();
        assert!(sent.unwrap().success());
    }

    /// Waits for its end: the code, and what it has logged.
    pub fn wait(&mut self) -> (ExitStatus, String) {
        let begin = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return (status, self.log.take().unwrap().join().unwrap());
            }
            assert!(begin.elapsed() < PATIENCE, "it does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ends it as a system does, and gives its log.
    pub fn stop(mut self) -> String {
        self.signal("TERM");
        let (status, log) = self.wait();
        assert!(status.success(), "{status}: {log}");
        log
    }

    fn end_now(&mut self) -> String {
        self.child.kill().unwrap();
        self.wait().1
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A port that nobody has.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("[::]:0").or_else(|_| TcpListener::bind("0.0.0.0:0"));
    listener.unwrap().local_addr().unwrap().port()
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Where it leads, or nothing.
    pub location: String,
    /// The cookie that it sets, or nothing.
    pub cookie: String,
    /// Its text.
    pub text: String,
}

/// Asks for a page, as somebody with a cookie.
pub fn get(url: &str, cookie: &str) -> Answer {
    let answer = agent()
        .get(url)
        .header("cookie", cookie)
        .header("accept", "text/html")
        .call();
    read(answer.unwrap())
}

/// Sends an empty form.
pub fn post(url: &str) -> Answer {
    read(
        agent()
            .post(url)
            .header("accept", "text/html")
            .send_empty()
            .unwrap(),
    )
}

fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0);
    config.timeout_global(Some(PATIENCE)).build().into()
}

fn read(mut answer: http::Response<ureq::Body>) -> Answer {
    let header = |name: &str| {
        let value = answer
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok());
        value
            .unwrap_or_default()
            .split(';')
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    Answer {
        status: answer.status().as_u16(),
        location: header("location"),
        cookie: header("set-cookie"),
        text: answer.body_mut().read_to_string().unwrap(),
    }
}
