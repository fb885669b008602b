//! The end: what was begun is finished.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::server::{Server, start};

/// Begins a request whose body comes in two halves, and sends the first.
fn slow_request(server: &Server) -> TcpStream {
    let mut stream = TcpStream::connect(server.host()).unwrap();
    let head = "POST /sign-out HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: 10\r\n\r\ncsrf=";
    stream.write_all(head.as_bytes()).unwrap();
    // Until the service has taken it.
    std::thread::sleep(Duration::from_millis(300));
    stream
}

fn no_longer_listens(server: &Server) {
    let begin = Instant::now();
    while TcpStream::connect(server.host()).is_ok() {
        assert!(
            begin.elapsed() < Duration::from_secs(20),
            "it still listens"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_request_that_was_begun_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = start(folder.path());
    let mut stream = slow_request(&server);
    server.signal("TERM");
    no_longer_listens(&server);
    stream.write_all(b"12345").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    let (status, log) = server.wait();
    assert!(status.success(), "{status}: {log}");
    assert!(log.contains("stopped"), "{log}");
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = start(folder.path());
    let stream = slow_request(&server);
    server.signal("INT");
    no_longer_listens(&server);
    let begin = Instant::now();
    server.signal("INT");
    let (status, log) = server.wait();
    assert_eq!(status.code(), Some(1), "{log}");
    assert!(
        begin.elapsed() < Duration::from_secs(10) && log.contains("a second time"),
        "{log}"
    );
    drop(stream);
}

#[test]
fn what_never_ends_is_waited_for_half_a_minute() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = start(folder.path());
    let stream = slow_request(&server);
    let begin = Instant::now();
    server.signal("TERM");
    let (status, log) = server.wait();
    assert_eq!(status.code(), Some(1), "{log}");
    assert!(
        begin.elapsed() >= Duration::from_secs(30),
        "{:?}",
        begin.elapsed()
    );
    drop(stream);
}
