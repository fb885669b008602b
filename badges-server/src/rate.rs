//! How often one address may ask for what costs: a bucket of tokens for each address and kind of
//! cost, in the memory of the process.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Mutex, PoisonError};

use axum::extract::{ConnectInfo, FromRequestParts, Request};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::MethodRouter;

use crate::App;
use crate::error::Error;
use crate::page::Ctx;

/// What costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Cost {
    /// To verify a badge, by a page or the API, or to resolve a DID: it may fetch from others.
    Verify,
    /// To open or answer a claim link.
    Claim,
    /// To sign in.
    SignIn,
    /// To read a list of participants and to look up their accounts.
    Import,
    /// Any other request of the API.
    Api,
}

impl Cost {
    /// How many times the limit of the settings is allowed. A whole workshop sits behind one
    /// address, and programs read page after page.
    const fn times(self) -> u32 {
        match self {
            Self::Verify | Self::Import => 1,
            Self::Claim | Self::SignIn => 5,
            Self::Api => 10,
        }
    }
}

/// Who asks: an IPv4 address, or the network (/64) of an IPv6 address, which is what one household
/// or server gets. An extractor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Caller(IpAddr);

impl Caller {
    /// Pays for something that costs `units` more than a request.
    ///
    /// # Errors
    /// [`Error::TooMany`] when there is not enough left.
    pub(crate) fn pay(self, app: &App, cost: Cost, units: u32) -> Result<(), Error> {
        let Some(limit) = app.settings.rate_limit else {
            return Ok(());
        };
        let limit = limit.saturating_mul(cost.times());
        app.rates
            .take((cost, self), units, limit, app.seconds())
            .map_err(|retry_after| Error::TooMany { retry_after })
    }

    /// The caller behind this many proxies of ours: each adds to the end of `X-Forwarded-For` whom
    /// it was asked by, so what stands before that, anybody can have written.
    fn behind(proxies: usize, peer: IpAddr, headers: &HeaderMap) -> Self {
        let forwarded = headers.get_all("x-forwarded-for").iter();
        let texts: Vec<&str> = forwarded.filter_map(|value| value.to_str().ok()).collect();
        let chain: Vec<&str> = texts.iter().flat_map(|text| text.split(',')).collect();
        let told = proxies
            .checked_sub(1)
            .and_then(|nth| chain.iter().nth_back(nth));
        Self::of(told.and_then(|text| address(text.trim())).unwrap_or(peer))
    }

    fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(address) => {
                let network = address.to_bits() & !u128::from(u64::MAX);
                IpAddr::V6(Ipv6Addr::from_bits(network))
            }
            v4 => v4,
        })
    }
}

/// An address as proxies write it, with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
        .unwrap_or(text);
    bare.parse()
        .ok()
        .or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

impl FromRequestParts<App> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        // Whoever calls without a connection is one caller.
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
        Ok(Self::behind(app.settings.proxies, peer, &parts.headers))
    }
}

/// Lets callers use these methods only so often: each request costs one unit, and is refused before
/// its body is read.
///
/// ```ignore
/// Router::new().route("/verify", get(form).merge(costly(Cost::Verify, post(answer))))
/// ```
pub(crate) fn costly(cost: Cost, methods: MethodRouter<App>) -> MethodRouter<App> {
    methods.layer(from_fn(move |request: Request, next: Next| {
        pay(cost, request, next)
    }))
}

/// The same for a whole router, as `.route_layer(from_fn(|request, next| pay(Cost::Api, request, next)))`.
pub(crate) async fn pay(cost: Cost, request: Request, next: Next) -> Result<Response, Error> {
    let (mut parts, body) = request.into_parts();
    let reader = parts.extensions.get::<Ctx>().cloned();
    let app = &reader
        .ok_or_else(|| Error::internal("the request has no reader"))?
        .app;
    let Ok(caller) = Caller::from_request_parts(&mut parts, app).await;
    caller.pay(app, cost, 1)?;
    Ok(next.run(Request::from_parts(parts, body)).await)
}

/// What is left in each bucket. One that is not there is full.
#[derive(Debug, Default)]
pub(crate) struct Rates(Mutex<HashMap<(Cost, Caller), Bucket>>);

#[derive(Clone, Copy, Debug)]
struct Bucket {
    /// What was in it at the time, in sixtieths of a unit: a bucket that holds the limit of a
    /// minute gains `limit` of them a second.
    level: u64,
    at: i64,
    limit: u32,
}

/// How many callers are remembered: a few megabytes.
const MOST_CALLERS: usize = 1 << 16;

impl Bucket {
    const UNIT: u64 = 60;

    fn full(limit: u32, at: i64) -> Self {
        Self {
            level: Self::UNIT * u64::from(limit),
            at,
            limit,
        }
    }

    fn now(self, now: i64) -> Self {
        let seconds = u64::try_from(now.saturating_sub(self.at)).unwrap_or_default();
        let gained = seconds.saturating_mul(u64::from(self.limit));
        let full = Self::full(self.limit, now);
        Self {
            level: self.level.saturating_add(gained).min(full.level),
            ..full
        }
    }

    fn is_full(self, now: i64) -> bool {
        self.now(now).level == Self::full(self.limit, now).level
    }
}

impl Rates {
    /// Takes units out of a bucket that holds `limit`, or says after how many seconds that can be
    /// done. What is more than a bucket holds costs all of it.
    fn take(&self, key: (Cost, Caller), units: u32, limit: u32, now: i64) -> Result<(), u64> {
        let price = Bucket::UNIT * u64::from(units.min(limit));
        // What the lock guards is whole at all times.
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets
            .get(&key)
            .map_or_else(|| Bucket::full(limit, now), |bucket| bucket.now(now));
        if let Some(missing) = price
            .checked_sub(bucket.level)
            .filter(|missing| *missing > 0)
        {
            return Err(missing.div_ceil(u64::from(limit).max(1)));
        }
        if buckets.len() >= MOST_CALLERS && !buckets.contains_key(&key) {
            buckets.retain(|_, bucket| !bucket.is_full(now));
            // So many at once are an attack from many places, which this does not stop; looking
            // through all of them for each would make it worse.
            if buckets.len() > MOST_CALLERS / 2 {
                buckets.clear();
            }
        }
        buckets.insert(
            key,
            Bucket {
                level: bucket.level - price,
                ..bucket
            },
        );
        Ok(())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use axum::http::HeaderValue;

    use super::*;
    use crate::browser::Browser;
    use crate::testing::on_both;

    fn caller(text: &str) -> Caller {
        Caller::of(text.parse().unwrap())
    }

    /// How many of many requests at one second are let through.
    fn passed(rates: &Rates, key: (Cost, Caller), now: i64) -> usize {
        (0..1000)
            .filter(|_| rates.take(key, 1, 60, now).is_ok())
            .count()
    }

    #[test]
    fn a_minute_gives_the_limit_and_no_more() {
        let rates = Rates::default();
        let key = (Cost::Verify, caller("192.0.2.1"));
        assert_eq!(passed(&rates, key, 1_000), 60);
        assert_eq!(rates.take(key, 1, 60, 1_000), Err(1));
        assert_eq!(rates.take(key, 20, 60, 1_000), Err(20));
        assert_eq!(passed(&rates, key, 1_010), 10);
        assert_eq!(passed(&rates, key, 1_000_000), 60);
        // A clock that was set back gives nothing, and takes nothing away.
        assert_eq!(passed(&rates, key, 0), 0);
    }

    #[test]
    fn callers_and_costs_have_buckets_of_their_own() {
        let rates = Rates::default();
        let one = caller("192.0.2.1");
        assert_eq!(passed(&rates, (Cost::Verify, one), 0), 60);
        assert_eq!(passed(&rates, (Cost::Import, one), 0), 60);
        assert_eq!(passed(&rates, (Cost::Verify, caller("192.0.2.2")), 0), 60);
        assert_eq!(
            passed(&rates, (Cost::Verify, caller("::ffff:192.0.2.1")), 0),
            0
        );
        assert_eq!(
            passed(&rates, (Cost::Verify, caller("2001:db8:1:2::1")), 0),
            60
        );
        assert_eq!(
            passed(&rates, (Cost::Verify, caller("2001:db8:1:2:ffff::9")), 0),
            0
        );
        assert_eq!(
            passed(&rates, (Cost::Verify, caller("2001:db8:1:3::1")), 0),
            60
        );
    }

    #[test]
    fn what_is_more_than_a_bucket_costs_a_whole_one() {
        let rates = Rates::default();
        let key = (Cost::Verify, caller("192.0.2.1"));
        assert_eq!(rates.take(key, 20, 5, 0), Ok(()));
        assert_eq!(rates.take(key, 1, 5, 0), Err(12));
        assert_eq!(rates.take(key, 1, 5, 12), Ok(()));
    }

    #[test]
    fn memory_is_bounded() {
        let rates = Rates::default();
        for number in 0..200_000 {
            let caller = Caller::of(Ipv4Addr::from_bits(number).into());
            assert_eq!(
                rates.take((Cost::Claim, caller), 1, 60, i64::from(number) / 10_000),
                Ok(())
            );
            assert!(number % 1_000 != 0 || rates.0.lock().unwrap().len() <= MOST_CALLERS);
        }
    }

    #[test]
    fn only_what_our_own_proxies_wrote_is_believed() {
        let peer: IpAddr = "203.0.113.9".parse().unwrap();
        let told = |proxies, lines: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append("x-forwarded-for", HeaderValue::from_static(line));
            }
            Caller::behind(proxies, peer, &headers)
        };
        let forged = ["198.51.100.66, 192.0.2.1", "192.0.2.2"];
        assert_eq!(told(0, &forged), Caller(peer));
        assert_eq!(told(1, &forged), caller("192.0.2.2"));
        assert_eq!(told(2, &forged), caller("192.0.2.1"));
        assert_eq!(told(1, &["192.0.2.3:4711"]), caller("192.0.2.3"));
        assert_eq!(told(1, &["[2001:db8::1]:4711"]), caller("2001:db8::1"));
        assert_eq!(told(1, &["[2001:db8::1]"]), caller("2001:db8::1"));
        assert_eq!(told(1, &["2001:db8::1"]), caller("2001:db8::1"));
        for nothing in [&[][..], &["unknown"], &[""]] {
            assert_eq!(told(1, nothing), Caller(peer));
        }
        assert_eq!(told(2, &["192.0.2.2"]), Caller(peer));
    }

    on_both! {
        async fn what_costs_is_refused_after_a_while(app: TestApp) {
            let scene = app.scene().await;
            let app = app.with(|settings| settings.rate_limit = Some(2)).await;
            let mut owner = Browser::of(&app, &scene.owner).await;
            owner.get("/about").await;
            for (path, before) in [
                ("/verify", 2),
                ("/desk/academy/workshops/workshop/participants", 2),
                ("/claim/AAAAAAAAAAAAAAAAAAAAAA/accept", 10),
                ("/mine/AAAAAAAAAAAAAAAAAAAAAA/change", 10),
                ("/sign-in/link/AAAAAAAAAAAAAAAAAAAAAA", 10),
            ] {
                let mut answered = 0;
                let refused = loop {
                    let page = owner.upload(path, &[("text", "no badge"), ("list", "Example")], &[]).await;
                    if page.status == 429 {
                        break page;
                    }
                    answered += 1;
                    assert!(answered < 100, "{path} is never refused");
                };
                assert_eq!(answered, before, "{path}");
                assert!(refused.header("retry-after").parse::<u32>().unwrap() > 0, "{path}");
                // Another kind is paid apart.
                assert_eq!(owner.get("/about").await.status, 200);
                app.pass(120);
            }
        }
    }
}
