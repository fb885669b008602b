//! A line in the log for each request: the method, the route, the status, the time it took, and the
//! request's id. The route is the pattern, never the address, because addresses hold secrets: claim
//! links, sign-in links, whatever is asked in a query.

use std::time::Duration;

use axum::extract::{MatchedPath, Request};
use axum::response::Response;
use tower_http::classify::{ServerErrorsAsFailures, SharedClassifier};
use tower_http::trace::TraceLayer;
use tracing::{Span, field, info_span};

/// What everything that is logged while a request is answered stands in.
type Spans = fn(&Request) -> Span;
type Answered = fn(&Response, Duration, &Span);

/// The layer that writes the lines. It stands inside the one that gives ids.
pub(crate) fn layer()
-> TraceLayer<SharedClassifier<ServerErrorsAsFailures>, Spans, (), Answered, (), (), ()> {
    TraceLayer::new_for_http()
        .make_span_with(span as Spans)
        .on_request(())
        .on_response(answered as Answered)
        .on_body_chunk(())
        .on_eos(())
        // The cause of a failure is logged where it is known.
        .on_failure(())
}

fn span(request: &Request) -> Span {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("none", MatchedPath::as_str);
    let id = request
        .headers()
        .get("x-request-id")
        .and_then(|id| id.to_str().ok());
    info_span!("request", method = %request.method(), route, id = id.map(field::display))
}

fn answered(response: &Response, took: Duration, _: &Span) {
    let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(
        status = response.status().as_u16(),
        milliseconds,
        "answered"
    );
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use axum::body::Body;
    use clap::Parser as _;
    use tower::ServiceExt as _;

    use super::*;
    use crate::{App, Clock, Options, router};

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_line_holds_the_route_and_no_secret() {
        let lines = Lines::default();
        let writer = lines.clone();
        let log = tracing_subscriber::fmt()
            .json()
            .with_writer(move || writer.clone())
            .with_max_level(tracing::Level::TRACE);
        let _guard = tracing::subscriber::set_default(log.finish());
        let folder = tempfile::tempdir().unwrap();
        let options = ["badges-server", "--data", folder.path().to_str().unwrap()];
        let settings = Options::try_parse_from(options)
            .unwrap()
            .settings
            .settings()
            .unwrap();
        let router = router(App::open(settings, Clock::System).await.unwrap());
        for path in [
            "/sign-in/link/s3cret?s3cret",
            "/verify?url=s3cret",
            "/clame/s3cret",
            "/?code=s3cret",
        ] {
            let request = Request::get(path).body(Body::empty()).unwrap();
            router.clone().oneshot(request).await.unwrap();
        }
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        assert!(!text.contains("s3cret"), "{text}");
        let answered: Vec<serde_json::Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .filter(|line: &serde_json::Value| line["fields"]["message"] == "answered")
            .collect();
        let told: Vec<_> = answered
            .iter()
            .map(|line| {
                (
                    line["span"]["route"].as_str().unwrap(),
                    line["fields"]["status"].as_u64().unwrap(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("/sign-in/link/{secret}", 410),
                ("/verify", 200),
                ("none", 404),
                ("/", 200)
            ]
        );
        for line in &answered {
            assert_eq!(line["span"]["method"], "GET");
            assert_eq!(line["span"]["id"].as_str().unwrap().len(), 36);
            assert!(line["fields"]["milliseconds"].is_u64());
        }
    }
}
