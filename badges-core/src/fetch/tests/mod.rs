#![expect(clippy::unwrap_used, reason = "tests")]

mod redirects;

use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use std::{env, fs, process, thread};

use time::OffsetDateTime;

use super::*;
use crate::documents::Answer;

const AGENT: &str = "badges-test/1";

/// A server on this machine that lives until the end of the test run. It passes the path of each
/// request to `answer`, which writes the whole response. Returns the server's URL.
fn serve(answer: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static) -> String {
    serve_requests(move |head, stream| {
        let path = head.split(' ').nth(1).unwrap();
        answer(path, stream);
    })
}

fn serve_requests(answer: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = Arc::new(answer);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let answer = Arc::clone(&answer);
            thread::spawn(move || {
                let mut stream = stream.unwrap();
                if let Some(head) = read_head(&mut stream) {
                    answer(&head, &mut stream);
                }
            });
        }
    });
    url
}

fn read_head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        head.extend(byte);
    }
    String::from_utf8(head).ok()
}

/// Writes what the client still takes.
fn send(stream: &mut TcpStream, bytes: &[u8]) {
    let _ = stream.write_all(bytes);
}

/// Writes again and again, until the client has gone.
fn send_forever(stream: &mut TcpStream, bytes: &[u8], pause: Duration) {
    while stream.write_all(bytes).is_ok() {
        thread::sleep(pause);
    }
}

fn ok(stream: &mut TcpStream, headers: &str, body: &[u8]) {
    let length = body.len();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n{headers}\r\n");
    send(stream, head.as_bytes());
    send(stream, body);
}

fn redirect(stream: &mut TcpStream, location: &str) {
    let head = format!("HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: {location}\r\n\r\n");
    send(stream, head.as_bytes());
}

/// For a server on this machine, with time enough for a busy one.
fn local() -> Limits {
    Limits {
        allow_private: true,
        time: Duration::from_secs(60),
        ..Limits::default()
    }
}

fn in_a_hurry() -> Fetcher {
    let limits = Limits {
        time: Duration::from_millis(300),
        ..local()
    };
    Fetcher::new(limits, AGENT)
}

fn body_of(result: Result<Fetched, FetchError>) -> String {
    String::from_utf8(result.unwrap().body).unwrap()
}

#[test]
fn a_document_is_fetched_with_its_facts() {
    let url = serve(|_, stream| {
        let headers = "Content-Type: Application/DID+json; charset=utf-8\r\n\
            Cache-Control: public, max-age=60\r\nAge: 20\r\n";
        ok(stream, headers, b"{}");
    });
    let fetched = Fetcher::new(local(), AGENT).get(&format!("{url}/did.json#key-1"));
    assert_eq!(
        fetched,
        Ok(Fetched {
            url: format!("{url}/did.json"),
            media_type: Some("application/did+json".to_owned()),
            body: b"{}".to_vec(),
            max_age: Some(Duration::from_secs(40)),
        })
    );
}

#[test]
fn the_request_says_what_is_wanted_and_nothing_else() {
    let url = serve_requests(|head, stream| ok(stream, "", head.as_bytes()));
    let fetcher = Fetcher::new(local(), "badges/1\r\nX-Smuggled: 1 \u{e4}");
    let head = body_of(fetcher.get(&format!("{url}/a?b#c")));
    let mut lines: Vec<_> = head.trim_end().split("\r\n").collect();
    assert_eq!(lines.remove(0), "GET /a?b HTTP/1.1");
    lines.sort_unstable();
    let host = format!("host: {}", url.strip_prefix("http://").unwrap());
    let accept = format!("accept: {ACCEPT}");
    let expected = [
        "accept-encoding: identity",
        accept.as_str(),
        host.as_str(),
        "user-agent: badges/1X-Smuggled: 1 ",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn other_statuses_are_errors() {
    let url = serve(|path, stream| {
        let status = path.trim_matches('/');
        let head = format!("HTTP/1.1 {status} Any\r\nContent-Length: 2\r\n\r\n{{}}");
        send(stream, head.as_bytes());
    });
    let fetcher = Fetcher::new(local(), AGENT);
    for status in [300, 302, 304, 400, 401, 404, 410, 429, 500, 503] {
        let error = fetcher.get(&format!("{url}/{status}")).unwrap_err();
        assert_eq!(error, FetchError::Status { status });
    }
}

/// A name server that first gives an address that is allowed, and then one that is not: what was
/// checked is what is connected to.
#[test]
fn a_name_is_looked_up_once_for_each_request() {
    static LOOKUPS: AtomicUsize = AtomicUsize::new(0);
    const ALLOWED: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
    const FORBIDDEN: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));
    let guard = Guard {
        allows: |address| address == ALLOWED,
        look_up: |host, port| {
            assert_eq!(host, "changing.example");
            let found: &[IpAddr] = match LOOKUPS.fetch_add(1, Ordering::SeqCst) {
                0 => &[ALLOWED],
                1 => &[FORBIDDEN, ALLOWED],
                _ => &[FORBIDDEN],
            };
            let with_port = |address: &IpAddr| SocketAddr::new(*address, port);
            Ok(found.iter().map(with_port).collect())
        },
        ..Guard::new(true)
    };
    let url = serve(|path, stream| match path {
        "/moved" => redirect(stream, "/secret"),
        _ => ok(stream, "", b"{}"),
    });
    let url = url.replace("127.0.0.1", "changing.example");
    let fetcher = Fetcher::with_guard(local(), guard, AGENT);
    assert_eq!(body_of(fetcher.get(&url)), "{}");
    assert_eq!(LOOKUPS.load(Ordering::SeqCst), 1);
    // The redirect is another request, for which the name has the other address only.
    let refused = FetchError::PrivateAddress {
        host: "changing.example".to_owned(),
        address: FORBIDDEN,
    };
    assert_eq!(fetcher.get(&format!("{url}/moved")), Err(refused));
    assert_eq!(LOOKUPS.load(Ordering::SeqCst), 3);
}

#[test]
fn this_machine_is_refused_before_any_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let fetcher = Fetcher::new(Limits::default(), AGENT);
    let hosts = [
        "127.0.0.1",
        "127.0.0.1.",
        "127.1",
        "0x7f.1",
        "0x7f000001",
        "2130706433",
        "017700000001",
        "0",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "localhost",
        "LOCALHOST.",
    ];
    for host in hosts {
        let url = format!("https://{host}:{port}/");
        let error = fetcher.get(&url).unwrap_err();
        // Some systems know fewer spellings of an address.
        let refused = matches!(
            error,
            FetchError::PrivateAddress { .. } | FetchError::Dns { .. }
        );
        assert!(refused, "{url}: {error}");
        let error = fetcher.get(&url.replace("https", "http")).unwrap_err();
        assert_eq!(error.id(), "fetch.not-https");
    }
    let error = fetcher.get(&format!("https://127.0.0.1:{port}/"));
    assert_eq!(error.unwrap_err().id(), "fetch.private-address");
    listener.set_nonblocking(true).unwrap();
    assert_eq!(listener.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[test]
fn a_server_that_does_not_speak_tls_is_an_error() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        send(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n");
        let _ = stream.read_to_end(&mut Vec::new());
    });
    let error = Fetcher::new(local(), AGENT).get(&url).unwrap_err();
    assert_eq!(error.id(), "fetch.tls");
}

#[test]
fn a_port_without_a_server_is_an_error() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let error = Fetcher::new(local(), AGENT).get(&url).unwrap_err();
    assert_eq!(error.id(), "fetch.connection");
}

#[test]
fn a_body_may_be_as_long_as_the_limit_and_no_longer() {
    let url = serve(|path, stream| {
        let body = vec![b'a'; path.rsplit('/').next().unwrap().parse().unwrap()];
        let plain = "HTTP/1.1 200 OK\r\n";
        if path.starts_with("/length/") {
            ok(stream, "", &body);
        } else if path.starts_with("/chunked/") {
            let head = format!(
                "{plain}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n",
                body.len()
            );
            send(stream, head.as_bytes());
            send(stream, &body);
            send(stream, b"\r\n0\r\n\r\n");
        } else {
            send(
                stream,
                format!("{plain}Connection: close\r\n\r\n").as_bytes(),
            );
            send(stream, &body);
        }
    });
    let limits = Limits {
        bytes: 100_000,
        ..local()
    };
    let fetcher = Fetcher::new(limits, AGENT);
    for framing in ["length", "chunked", "until-closed"] {
        let fetched = fetcher.get(&format!("{url}/{framing}/100000")).unwrap();
        assert_eq!(fetched.body.len(), 100_000, "{framing}");
        let error = fetcher.get(&format!("{url}/{framing}/100001")).unwrap_err();
        assert_eq!(error, FetchError::TooLarge { limit: 100_000 }, "{framing}");
    }
}

#[test]
fn an_announced_length_is_not_allocated() {
    let url = serve(|_, stream| {
        send(
            stream,
            b"HTTP/1.1 200 OK\r\nContent-Length: 9000000000000000000\r\n\r\n{}",
        );
    });
    let limits = Limits {
        bytes: u64::MAX,
        ..local()
    };
    let error = Fetcher::new(limits, AGENT).get(&url).unwrap_err();
    assert_eq!(error.id(), "fetch.connection");
}

#[test]
fn endless_bodies_end_at_the_limit() {
    let url = serve(|path, stream| {
        let framing = if path == "/chunked" {
            "Transfer-Encoding: chunked\r\n"
        } else {
            ""
        };
        send(
            stream,
            format!("HTTP/1.1 200 OK\r\n{framing}\r\n").as_bytes(),
        );
        send_forever(stream, b"8\r\n12345678\r\n", Duration::ZERO);
    });
    for path in ["plain", "chunked"] {
        let error = Fetcher::new(local(), AGENT).get(&format!("{url}/{path}"));
        let limit = Limits::default().bytes;
        assert_eq!(error, Err(FetchError::TooLarge { limit }), "{path}");
    }
}

#[test]
fn slow_answers_end_in_time() {
    let pause = Duration::from_millis(5);
    let url = serve(move |path, stream| match path {
        "/silent" => thread::sleep(Duration::from_secs(600)),
        "/head" => send_forever(stream, b"H", Duration::from_secs(1)),
        "/headers" => {
            send(stream, b"HTTP/1.1 200 OK\r\n");
            send_forever(stream, b"A: b\r\n", Duration::from_millis(50));
        }
        "/continue" => send_forever(stream, b"HTTP/1.1 100 Continue\r\n\r\n", pause),
        "/hints" => send_forever(stream, b"HTTP/1.1 103 Early Hints\r\n\r\n", pause),
        "/trailers" => {
            send(
                stream,
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
            );
            send_forever(stream, b"A: b\r\n", pause);
        }
        "/redirect" => {
            thread::sleep(Duration::from_millis(150));
            redirect(stream, "redirect");
        }
        _ => {
            send(
                stream,
                b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n",
            );
            send_forever(stream, b"a", pause);
        }
    });
    let paths = [
        "silent", "head", "headers", "continue", "hints", "body", "trailers", "redirect",
    ];
    for path in paths {
        let error = in_a_hurry().get(&format!("{url}/{path}")).unwrap_err();
        assert_eq!(error, FetchError::TimedOut { milliseconds: 300 }, "{path}");
    }
}

#[test]
fn broken_answers_are_errors() {
    let url = serve(|path, stream| {
        let answers: [&[u8]; 9] = [
            b"",
            b"\r\n\r\n",
            b"SSH-2.0-OpenSSH_9.9\r\n",
            b"HTTP/1.1 99999 OK\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{}",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}",
        ];
        match path.trim_matches('/').parse::<usize>() {
            Ok(number) => send(stream, answers[number]),
            Err(_) => {
                send(stream, b"HTTP/1.1 200 OK\r\n");
                let repeated: &[u8] = match path {
                    "/headers" => b"A: b\r\n",
                    "/header" => b"AAAAAAAA",
                    _ => b"\r\nTransfer-Encoding: chunked\r\n\r\n1;",
                };
                send_forever(stream, repeated, Duration::ZERO);
            }
        }
    });
    let fetcher = Fetcher::new(local(), AGENT);
    let numbers = (0..9).map(|number| number.to_string());
    for path in numbers.chain(["headers", "header"].map(str::to_owned)) {
        let error = fetcher.get(&format!("{url}/{path}")).unwrap_err();
        assert!(
            matches!(error.id(), "fetch.bad-response" | "fetch.connection"),
            "{path}: {error:?}"
        );
    }
}

#[test]
fn compression_is_not_undone() {
    let url = serve(|_, stream| ok(stream, "Content-Encoding: gzip\r\n", b"\x1f\x8b\x08"));
    let fetched = Fetcher::new(local(), AGENT).get(&url).unwrap();
    assert_eq!(fetched.body, b"\x1f\x8b\x08");
}

#[test]
fn many_documents_come_in_order_and_in_parallel() {
    let open = Arc::new(AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    let (open_here, most_here) = (Arc::clone(&open), Arc::clone(&most));
    let url = serve(move |path, stream| {
        let now_open = open_here.fetch_add(1, Ordering::SeqCst) + 1;
        most_here.fetch_max(now_open, Ordering::SeqCst);
        let number: u64 = path.trim_matches('/').parse().unwrap();
        thread::sleep(Duration::from_millis(20 * (number % 3)));
        open_here.fetch_sub(1, Ordering::SeqCst);
        ok(stream, "", path.as_bytes());
    });
    let mut urls: Vec<_> = (0..30).map(|number| format!("{url}/{number}")).collect();
    urls[7] = "ftp://example.org/".to_owned();
    let answers = Fetcher::new(local(), AGENT).get_all(&urls);
    assert_eq!(answers.len(), urls.len());
    for (asked, (url, answer)) in urls.iter().zip(answers) {
        assert_eq!(&url, asked);
        match answer {
            Ok(fetched) => assert_eq!(fetched.url, url),
            Err(error) => assert_eq!((error.id(), url), ("fetch.not-https", urls[7].clone())),
        }
    }
    assert!(most.load(Ordering::SeqCst) <= THREADS);
    assert_eq!(Fetcher::new(local(), AGENT).get_all(&[]), []);
}

#[test]
fn cached_documents_are_not_fetched_again_before_they_expire() {
    let folder = env::temp_dir().join(format!("badges-fetch-{}", process::id()));
    let cache = Cache::open(folder.clone()).unwrap();
    let requests = AtomicUsize::new(0);
    let url = serve(move |path, stream| {
        let number = requests.fetch_add(1, Ordering::SeqCst).to_string();
        let lifetime = match path {
            "/never" => "no-store",
            _ => "max-age=60",
        };
        let header = format!("Cache-Control: {lifetime}\r\n");
        ok(stream, &header, number.as_bytes());
    });
    let fetcher = Fetcher::new(local(), AGENT);
    let get = |path: &str, seconds: i64| {
        let now = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
        body_of(fetcher.get_cached(&cache, &format!("{url}{path}"), now))
    };
    assert_eq!(get("/kept", 0), "0");
    assert_eq!(get("/kept#key-1", 59), "0");
    assert_eq!(get("/kept", 60), "1");
    assert_eq!(get("/never", 60), "2");
    assert_eq!(get("/never", 60), "3");

    let url = format!("{url}/kept");
    let now = OffsetDateTime::from_unix_timestamp(61).unwrap();
    let kept = fetcher.get_all_cached(&cache, std::slice::from_ref(&url), now);
    assert_eq!(body_of(kept[0].1.clone()), "1");
    let strict = Fetcher::new(Limits::default(), AGENT);
    let error = strict.get_cached(&cache, &url, now).unwrap_err();
    assert_eq!(error.id(), "fetch.not-https");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_document_is_loaded_once_however_many_ask() {
    let requests = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&requests);
    let url = serve(move |_, stream| {
        counted.fetch_add(1, Ordering::SeqCst);
        thread::sleep(Duration::from_millis(50));
        ok(stream, "", b"{}");
    });
    let loader = Loader::new(
        Fetcher::new(local(), AGENT),
        None,
        OffsetDateTime::UNIX_EPOCH,
    );
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(*loader.load(&url), Answer::Loaded(b"{}".to_vec())));
        }
    });
    assert_eq!(requests.load(Ordering::SeqCst), 1);
}

#[test]
fn what_is_gone_is_told_from_what_is_not_there() {
    let url = serve(|path, stream| match path {
        "/gone" => send(stream, b"HTTP/1.1 410 Gone\r\nContent-Length: 2\r\n\r\n{}"),
        "/moved" => redirect(stream, "/here"),
        "/here" => ok(stream, "", b"{}"),
        _ => send(
            stream,
            b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        ),
    });
    let loader = Loader::new(
        Fetcher::new(local(), AGENT),
        None,
        OffsetDateTime::UNIX_EPOCH,
    );
    let load = |path: &str| loader.load(&format!("{url}{path}"));
    assert_eq!(*load("/gone"), Answer::Gone);
    assert_eq!(*load("/moved"), Answer::Loaded(b"{}".to_vec()));
    assert!(matches!(*load("/never"), Answer::Failed(_)));
}
