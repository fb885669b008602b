//! Figures for Prometheus.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Begins to count. The first call of a process counts for all.
fn recorder() -> Option<&'static PrometheusHandle> {
    const SECONDS: [f64; 10] = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.0, 10.0];
    let install = || {
        PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
            .and_then(PrometheusBuilder::install_recorder)
            .inspect(|_| {
                metrics::gauge!("badges_build_info", "version" => env!("CARGO_PKG_VERSION"))
                    .set(1.0)
            })
            .inspect_err(|error| tracing::warn!(%error, "nothing is counted"))
            .ok()
    };
    RECORDER.get_or_init(install).as_ref()
}

/// All figures as text.
pub(crate) fn text() -> String {
    recorder().map(PrometheusHandle::render).unwrap_or_default()
}

/// Sums up what was observed, every now and then: otherwise, while nobody asks for the figures, each
/// observation is kept.
pub(crate) async fn keep_up() {
    let mut minutes = tokio::time::interval(Duration::from_secs(60));
    loop {
        minutes.tick().await;
        if let Some(recorder) = recorder() {
            recorder.run_upkeep();
        }
    }
}

/// Counts requests by route and status, and their time.
pub(crate) async fn measure(request: Request, next: Next) -> Response {
    recorder();
    let begin = Instant::now();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("none", MatchedPath::as_str)
        .to_owned();
    let method = method(request.method());
    let response = next.run(request).await;
    let labels = [
        ("method", method.to_owned()),
        ("route", route),
        ("status", response.status().as_u16().to_string()),
    ];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_duration_seconds", &labels[..2])
        .record(begin.elapsed().as_secs_f64());
    response
}

/// The method, if it is a usual one: callers can make up any number of others.
fn method(method: &Method) -> &'static str {
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
        .into_iter()
        .find(|known| *known == method.as_str())
        .unwrap_or("other")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_that_are_made_up_are_one() {
        assert_eq!(method(&Method::GET), "GET");
        for made_up in [&b"ONE"[..], b"TWO"] {
            assert_eq!(
                Method::from_bytes(made_up)
                    .map(|made_up| method(&made_up))
                    .ok(),
                Some("other")
            );
        }
    }
}
