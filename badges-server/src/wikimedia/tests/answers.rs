use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use wikimedia_stand_in::{StandIn, Upset};

use super::*;

fn answers(
    status: u16,
    headers: &[(&'static str, &str)],
    body: impl Into<String>,
) -> (StandIn, Wikimedia) {
    let (wiki, wikimedia) = together();
    let headers = headers.iter();
    let answer = Upset::Answer {
        status,
        headers: headers
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect(),
        body: body.into(),
    };
    wiki.change(|wiki| wiki.upset("api.php", answer));
    (wiki, wikimedia)
}

async fn error(wikimedia: &Wikimedia) -> WikimediaError {
    wikimedia.accounts_by_id(&[7]).await.unwrap_err()
}

#[tokio::test]
async fn every_request_says_who_asks() {
    let (wiki, wikimedia) = together();
    wikimedia.accounts_by_id(&[1]).await.unwrap();
    let asked = wiki.change(|wiki| wiki.asked.clone());
    assert_eq!(asked.len(), 1);
    assert_eq!(
        asked[0].user_agent,
        concat!(
            "badges-server/",
            env!("CARGO_PKG_VERSION"),
            " (https://badges.example.org) ureq/3"
        )
    );
}

#[tokio::test]
async fn other_answers_are_not_guessed_at() {
    let row = |row: &str| format!(r#"{{"query":{{"globalusers":[{row}]}}}}"#);
    for (body, fault) in [
        (
            "<!DOCTYPE html><p>Our servers".to_owned(),
            "it is not JSON (at line 1, column 1)",
        ),
        (String::new(), "it ends too early"),
        (r#"{"query":{"globalus"#.to_owned(), "it ends too early"),
        (row("") + "<p>", "it is not JSON (at line 1, column 29)"),
        ("{}".to_owned(), "`.` is missing or not what it should be"),
        (
            r#"{"query":{}}"#.to_owned(),
            "`query` is missing or not what it should be",
        ),
        (
            row(r#"{"centralid":"7","name":"A"}"#),
            "`query.globalusers[0].centralid` is missing or not what it should be",
        ),
        (
            row(r#"{"centralid":0,"name":"A"}"#),
            "`centralid` is missing or not what it should be",
        ),
        (
            row(r#"{"centralid":7}"#),
            "`name` is missing or not what it should be",
        ),
        (
            row(""),
            "`query.globalusers` is missing or not what it should be",
        ),
        (
            row(r#"{"centralid":8,"missing":true}"#),
            "`query.globalusers` is missing or not what it should be",
        ),
    ] {
        let (_wiki, wikimedia) = answers(200, &[], body.clone());
        assert_eq!(
            error(&wikimedia).await.to_string(),
            format!("globalusers: the answer of Wikimedia is not understood: {fault}"),
            "{body}"
        );
    }
}

#[tokio::test]
async fn half_an_answer_is_none() {
    let (wiki, wikimedia) = together();
    wiki.change(|wiki| wiki.upset("api.php", Upset::CutOff));
    let cut_short = WikimediaError::NotUnderstood {
        call: "globalusers",
        fault: Fault::CutShort,
    };
    assert_eq!(error(&wikimedia).await, cut_short);
}

#[tokio::test]
async fn busy_says_until_when() {
    let date = ("Date", "Wed, 21 Oct 2026 07:28:00 GMT");
    for (status, headers, seconds) in [
        (429, vec![("Retry-After", "60")], Some(60)),
        (
            503,
            vec![("Retry-After", "999999999999")],
            Some(24 * 60 * 60),
        ),
        (
            503,
            vec![date, ("Retry-After", "Wed, 21 Oct 2026 07:30:00 GMT")],
            Some(120),
        ),
        (
            503,
            vec![date, ("Retry-After", "Wed, 21 Oct 2026 07:00:00 GMT")],
            Some(0),
        ),
        (503, vec![("Retry-After", "soon")], None),
        (502, vec![], None),
    ] {
        let (_wiki, wikimedia) = answers(status, &headers, "<p>Too many requests");
        let error = error(&wikimedia).await;
        let busy = WikimediaError::Busy {
            call: "globalusers",
            retry_after: seconds.map(Duration::from_secs),
        };
        assert_eq!(error, busy, "{headers:?}");
        let json = serde_json::json!({
            "id": error.id(), "call": "globalusers", "retry_after_seconds": seconds,
        });
        assert_eq!(serde_json::to_value(&error).unwrap(), json);
    }
    let limited = r#"{"error":{"code":"ratelimited","info":"…"}}"#;
    let (_wiki, wikimedia) = answers(200, &[], limited);
    assert_eq!(error(&wikimedia).await.id(), "wikimedia.busy");
}

#[tokio::test]
async fn a_refusal_keeps_its_word_for_the_reason() {
    for (status, body, code) in [
        (
            200,
            r#"{"error":{"code":"readapidenied","info":"…"}}"#,
            Some("readapidenied"),
        ),
        (403, "<p>Please set a user-agent", None),
        (500, r#"{"error":"<script>"}"#, None),
        (404, r#"{"httpCode":404}"#, None),
    ] {
        let (_wiki, wikimedia) = answers(status, &[], body);
        let refused = WikimediaError::Refused {
            call: "globalusers",
            status,
            code: code.map(str::to_owned),
        };
        assert_eq!(error(&wikimedia).await, refused);
    }
}

#[tokio::test]
async fn an_answer_has_a_limit() {
    let (_wiki, wikimedia) = answers(200, &[], " ".repeat(1024 * 1024 + 1));
    let WikimediaError::NotUnderstood { fault, .. } = error(&wikimedia).await else {
        unreachable!("it is too large")
    };
    assert_eq!(fault, Fault::TooLarge { limit: 1024 * 1024 });
}

#[tokio::test]
async fn silence_has_a_limit() {
    let (wiki, wikimedia) = together();
    wiki.change(|wiki| wiki.upset("api.php", Upset::Silence));
    let wikimedia = Wikimedia {
        time: Duration::from_millis(200),
        ..wikimedia
    };
    assert_eq!(error(&wikimedia).await.id(), "wikimedia.unreachable");
}

/// The service goes on with what it can do alone.
#[tokio::test]
async fn a_wiki_that_is_not_there_is_unreachable() {
    let (wiki, wikimedia) = together();
    drop(wiki);
    thread::sleep(Duration::from_millis(100));
    assert_eq!(error(&wikimedia).await.id(), "wikimedia.unreachable");
}

#[tokio::test]
async fn a_connection_that_breaks_off_is_no_answer() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 4096];
        let _ = stream.read(&mut request);
        let half = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"query\":{}}";
        stream.write_all(half).unwrap();
    });
    let wikimedia = Wikimedia::new(url.parse().unwrap(), "https://badges.example.org", None);
    assert_eq!(error(&wikimedia).await.id(), "wikimedia.unreachable");
}
