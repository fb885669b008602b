#![expect(clippy::unwrap_used, reason = "tests")]

use badges_core::fetch::FetchError;
use serde_json::{Value, json};

use crate::routes::badges::tests::get;
use crate::testing::{Database, TestApp, on_both};

const KEY: &str = "did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH";
const RESOLUTION: &str = "application/did-resolution";

/// The status, the media type and the body of an answer.
async fn ask(app: &TestApp, did: &str, accept: &str) -> (u16, String, Value) {
    let path = format!("/1.0/identifiers/{did}");
    let answered = get(app, &path, &[("accept", accept)]).await;
    let media_type = answered.headers["content-type"].to_str().unwrap();
    (
        answered.status.as_u16(),
        media_type.to_owned(),
        answered.json(),
    )
}

async fn app() -> TestApp {
    TestApp::new(Database::Sqlite).await.unwrap()
}

/// The status and the error of an answer that has nothing else in it.
async fn error(app: &TestApp, did: &str) -> (u16, String) {
    let (status, media_type, body) = ask(app, did, RESOLUTION).await;
    assert_eq!(media_type, RESOLUTION);
    assert_eq!(body["didDocument"], Value::Null);
    assert_eq!(body["didDocumentMetadata"], json!({}));
    let error = body["didResolutionMetadata"]["error"]["type"].as_str();
    let code = error.and_then(|error| error.strip_prefix("https://www.w3.org/ns/did#"));
    (status, code.unwrap().to_owned())
}

#[tokio::test]
async fn a_did_that_is_a_key_is_resolved() {
    let app = app().await;
    let encoded = KEY.replace(':', "%3A");
    for (did, accept, expected) in [
        (KEY, RESOLUTION, RESOLUTION),
        (&encoded, RESOLUTION, RESOLUTION),
        (KEY, "*/*", RESOLUTION),
        (KEY, "text/html,*/*;q=0.8", "application/json"),
        (
            KEY,
            "application/ld+json;profile=\"https://w3id.org/did-resolution\"",
            "application/ld+json;profile=\"https://w3id.org/did-resolution\"",
        ),
    ] {
        let (status, media_type, body) = ask(&app, did, accept).await;
        assert_eq!((status, &*media_type), (200, expected));
        assert_eq!(body["didDocument"]["id"], KEY);
        assert_eq!(
            body["didResolutionMetadata"],
            json!({"contentType": "application/did"})
        );
        assert_eq!(body["didDocumentMetadata"], json!({}));
    }
    for accept in [
        "application/did",
        "application/did+json",
        "application/did+ld+json",
    ] {
        let (status, media_type, body) = ask(&app, KEY, accept).await;
        assert_eq!((status, &*media_type), (200, accept));
        assert_eq!(body["id"], KEY);
    }
}

#[tokio::test]
async fn what_a_did_url_names_is_found() {
    let app = app().await;
    let key = KEY.strip_prefix("did:key:").unwrap();
    let accept = "application/did-url-dereferencing";
    for url in [
        format!("{KEY}%23{key}"),
        format!("{KEY}#{key}")
            .replace(':', "%3A")
            .replace('#', "%23"),
    ] {
        let (status, media_type, body) = ask(&app, &url, accept).await;
        assert_eq!((status, &*media_type), (200, accept));
        assert_eq!(body["contentStream"]["publicKeyMultibase"], key);
        assert_eq!(
            body["dereferencingMetadata"],
            json!({"contentType": "application/did"})
        );
        assert_eq!(body["contentMetadata"], json!({}));
        let (_, _, method) = ask(&app, &url, "application/json").await;
        assert_eq!(method, body["contentStream"]);
        assert_eq!(error(&app, &url).await, (400, "INVALID_DID".to_owned()));
    }
    let (_, _, body) = ask(&app, KEY, accept).await;
    assert_eq!(body["contentStream"]["id"], KEY);
    for (url, status, code) in [
        (format!("{KEY}%23nothing"), 404, "NOT_FOUND"),
        (format!("{KEY}/path"), 501, "FEATURE_NOT_SUPPORTED"),
        (format!("{KEY}/^"), 400, "INVALID_DID_URL"),
    ] {
        let (found, _, body) = ask(&app, &url, accept).await;
        assert_eq!(found, status);
        assert_eq!(body["contentStream"], Value::Null);
        let error = &body["dereferencingMetadata"]["error"]["type"];
        assert_eq!(*error, format!("https://www.w3.org/ns/did#{code}"));
    }
}

#[tokio::test]
async fn what_cannot_be_resolved_says_why() {
    let app = app().await;
    for (did, status, code) in [
        ("", 400, "INVALID_DID"),
        ("not-a-did", 400, "INVALID_DID"),
        ("did:example", 400, "INVALID_DID"),
        ("did:key:@", 400, "INVALID_DID"),
        ("did:key:zTjsVPtY", 400, "INVALID_DID"),
        ("did:web:example.org:..", 400, "INVALID_DID"),
        (
            "did:unsupported:123456789abcdefghi",
            501,
            "METHOD_NOT_SUPPORTED",
        ),
        (&format!("{KEY}?versionId=1"), 501, "FEATURE_NOT_SUPPORTED"),
    ] {
        assert_eq!(error(&app, did).await, (status, code.to_owned()), "{did}");
    }
    let (status, media_type, body) = ask(&app, KEY, "application/did+cbor").await;
    assert_eq!((status, &*media_type), (406, RESOLUTION));
    let error = &body["didResolutionMetadata"]["error"];
    assert_eq!(
        error["type"],
        "https://www.w3.org/ns/did#REPRESENTATION_NOT_SUPPORTED"
    );
}

#[tokio::test]
async fn the_did_web_of_others_is_fetched() {
    let app = app().await;
    let url = "https://other.example%3A8443/a/did.json".replace("%3A", ":");
    let did = "did:web:other.example%3A8443:a";
    app.web
        .tell([(&url, &json!({"id": did}).to_string().into_bytes())]);
    for written in [did.to_owned(), did.replace('%', "%25").replace(':', "%3A")] {
        let (status, _, body) = ask(&app, &written, RESOLUTION).await;
        assert_eq!((status, &body["didDocument"]), (200, &json!({"id": did})));
    }
    assert_eq!(app.web.asked(), [&*url, &*url]);

    let another = json!({"id": "did:web:another.example"}).to_string();
    for body in [&*another, "{}", "[]", "no JSON", r#"{"id":"a","id":"b"}"#] {
        app.web.tell([(&url, &body.as_bytes().to_vec())]);
        let expected = (500, "INVALID_DID_DOCUMENT".to_owned());
        assert_eq!(error(&app, did).await, expected, "{body}");
    }
    app.web.fail(&url, FetchError::Status { status: 404 });
    assert_eq!(error(&app, did).await, (404, "NOT_FOUND".to_owned()));
    app.web.fail(&url, FetchError::Status { status: 410 });
    let (status, _, body) = ask(&app, did, RESOLUTION).await;
    assert_eq!(status, 410);
    let expected = json!({
        "didResolutionMetadata": {},
        "didDocument": null,
        "didDocumentMetadata": {"deactivated": true},
    });
    assert_eq!(body, expected);
    app.web.fail(&url, FetchError::TooManyLookups);
    assert_eq!(error(&app, did).await, (500, "INTERNAL_ERROR".to_owned()));
}

on_both! {
    async fn our_own_did_web_is_never_fetched(app: TestApp) {
        app.scene().await;
        let did = "did:web:badges.example.org:issuers:academy";
        let (status, _, body) = ask(&app, did, "application/did").await;
        assert_eq!(status, 200);
        assert_eq!(body["id"], did);
        assert!(body["assertionMethod"][0].as_str().unwrap().starts_with(did));
        let nobody = "did:web:badges.example.org:issuers:nobody";
        assert_eq!(error(&app, nobody).await, (404, "NOT_FOUND".to_owned()));
        assert!(app.web.asked().is_empty());
    }
}
