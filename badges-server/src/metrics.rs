//! Figures for Prometheus.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use badges_core::verify::Verdict;
use metrics::{
    Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::db::Figures;

static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Begins to count. The first call of a process counts for all.
fn recorder() -> Option<&'static PrometheusHandle> {
    const SECONDS: [f64; 10] = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.0, 10.0];
    let install = || {
        PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
            .and_then(PrometheusBuilder::install_recorder)
            .inspect(|_| {
                describe();
                gauge!("badges_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
            })
            .inspect_err(|error| tracing::warn!(%error, "nothing is counted"))
            .ok()
    };
    RECORDER.get_or_init(install).as_ref()
}

const REQUESTS: &str = "http_requests_total";
const DURATION: &str = "http_request_duration_seconds";
const VERIFICATIONS: &str = "badges_verifications_total";
const AWARDS: &str = "badges_awards";
const JOBS_WAITING: &str = "badges_jobs_waiting";

fn describe() {
    describe_counter!(REQUESTS, "Requests that were answered");
    describe_histogram!(DURATION, Unit::Seconds, "The time until the answer began");
    describe_counter!(VERIFICATIONS, "Badges that somebody had verified");
    describe_gauge!(AWARDS, "Badges that were awarded, by all processes");
    describe_gauge!(JOBS_WAITING, "Batches that are not done, of all processes");
}

/// Counts a verification.
pub(crate) fn verified(verdict: Verdict) {
    recorder();
    counter!(VERIFICATIONS, "verdict" => verdict.as_str()).increment(1);
}

/// Notes what the database counts.
#[expect(clippy::cast_precision_loss, reason = "gauges are doubles")]
pub(crate) fn note(figures: Figures) {
    recorder();
    gauge!(AWARDS).set(figures.awards as f64);
    gauge!(JOBS_WAITING).set(figures.jobs_waiting as f64);
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
    counter!(REQUESTS, &labels).increment(1);
    histogram!(DURATION, &labels[..2]).record(begin.elapsed().as_secs_f64());
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
