//! A stand-in for Meta-Wiki: a real HTTP server that answers what MediaWiki, CentralAuth, OAuth and
//! CampaignEvents answer there, in the same shapes. It knows nothing of our own crates, so that a
//! mistake of theirs is not repeated here.
//!
//! ```
//! use wikimedia_stand_in::StandIn;
//!
//! let wiki = StandIn::start();
//! wiki.change(|wiki| {
//!     wiki.add_account(7, "Example Volunteer");
//!     wiki.signed_in = Some(7);
//! });
//! assert!(wiki.url().starts_with("http://127.0.0.1:"));
//! ```
//!
//! Everything can be changed while it runs. Who opens the page that asks for consent is signed in
//! as [`Wiki::signed_in`], or as `account=<central id>` in the query says; without either the page
//! offers the accounts as links.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot start its wiki fails"
)]

mod api;
mod events;
mod oauth;
mod wiki;

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::sync::oneshot;

pub use wiki::{Account, Asked, Client, Event, Participant, Upset, Wiki};

/// A running server. It stops when this is dropped.
#[derive(Debug)]
pub struct StandIn {
    address: SocketAddr,
    wiki: Shared,
    stop: Option<oneshot::Sender<()>>,
}

const LONGEST_REQUEST: usize = 1024 * 1024;

type Shared = Arc<Mutex<Wiki>>;

impl StandIn {
    /// Starts a wiki without accounts and events, on a free port of this machine.
    #[must_use]
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let wiki = Shared::default();
        let (stop, stopped) = oneshot::channel();
        let router = router(&wiki);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        thread::spawn(move || {
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                tokio::select! {
                    served = async { axum::serve(listener, router).await } => served.unwrap(),
                    _ = stopped => {}
                }
            });
        });
        Self {
            address,
            wiki,
            stop: Some(stop),
        }
    }

    /// Its address, such as `http://127.0.0.1:40123`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Looks at the wiki or changes it.
    pub fn change<T>(&self, change: impl FnOnce(&mut Wiki) -> T) -> T {
        change(&mut lock(&self.wiki))
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        // A server that has ended already need not be stopped.
        let _ = self.stop.take().map(|stop| stop.send(()));
    }
}

fn router(wiki: &Shared) -> Router {
    let event = "/w/rest.php/campaignevents/v0/event_registration/{id}";
    Router::new()
        .route("/w/rest.php/oauth2/authorize", get(oauth::authorize))
        .route("/w/rest.php/oauth2/access_token", post(oauth::access_token))
        .route("/w/rest.php/oauth2/resource/profile", get(oauth::profile))
        .route("/w/api.php", get(api::query).post(api::query))
        .route(event, get(events::event))
        .route(&format!("{event}/participants"), get(events::participants))
        .route(&format!("{event}/organizers"), get(events::organizers))
        .layer(middleware::from_fn_with_state(
            Arc::clone(wiki),
            keep_house_rules,
        ))
        .with_state(Arc::clone(wiki))
}

/// Notes what was asked, refuses programs that do not say who they are, and upsets what the test
/// wants upset.
async fn keep_house_rules(State(wiki): State<Shared>, request: Request, next: Next) -> Response {
    let user_agent = request.headers().get(header::USER_AGENT);
    let user_agent = user_agent.and_then(|value| value.to_str().ok());
    let asked = Asked {
        method: request.method().to_string(),
        path: request.uri().to_string(),
        user_agent: user_agent.unwrap_or_default().to_owned(),
    };
    let names_itself = asked.user_agent.contains('/') && asked.user_agent.contains('(');
    let upset = {
        let mut wiki = lock(&wiki);
        let upset = wiki.upset_for(&asked.path);
        wiki.asked.push(asked);
        upset
    };
    // Whoever answers before all has come may have to break off the connection, and what was
    // answered is lost.
    let (head, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, LONGEST_REQUEST).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let request = Request::from_parts(head, Body::from(body));
    if !names_itself {
        let page = "<!DOCTYPE html><title>Forbidden</title>Please set a user-agent";
        return (StatusCode::FORBIDDEN, axum::response::Html(page)).into_response();
    }
    match upset {
        None => next.run(request).await,
        Some(Upset::Answer {
            status,
            headers,
            body,
        }) => {
            let status = StatusCode::from_u16(status).unwrap();
            let mut response = (status, body).into_response();
            for (name, value) in headers {
                response.headers_mut().insert(name, value.parse().unwrap());
            }
            response
        }
        Some(Upset::CutOff) => {
            let (mut head, body) = next.run(request).await.into_parts();
            let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
            head.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(head, Body::from(bytes.slice(..bytes.len() / 2)))
        }
        Some(Upset::Silence) => {
            tokio::time::sleep(Duration::from_secs(3600)).await;
            StatusCode::GATEWAY_TIMEOUT.into_response()
        }
    }
}

/// A test that failed while it held the wiki must not fail the others in its way.
fn lock(wiki: &Shared) -> MutexGuard<'_, Wiki> {
    wiki.lock().unwrap_or_else(PoisonError::into_inner)
}
