//! What the head of a response says about its body.

use std::time::Duration;

use ureq::http::HeaderMap;
use ureq::http::header::{AGE, CACHE_CONTROL, CONTENT_TYPE};

/// The media type in lower case, without parameters.
pub(super) fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let (media_type, _) = value.split_once(';').unwrap_or((value, ""));
    Some(media_type.trim().to_ascii_lowercase()).filter(|media_type| !media_type.is_empty())
}

/// What the server allows (RFC 9111, section 4.2): the shortest `max-age`, less the time that the
/// document has already been kept on its way here. A number that cannot be read counts as zero.
pub(super) fn max_age(headers: &HeaderMap) -> Option<Duration> {
    let mut lifetime: Option<u64> = None;
    let values = headers.get_all(CACHE_CONTROL).iter();
    for directive in values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
    {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        match name.trim().to_ascii_lowercase().as_str() {
            "no-store" | "no-cache" => return Some(Duration::ZERO),
            "max-age" => {
                let seconds = value.trim().trim_matches('"').parse().unwrap_or(0);
                lifetime = Some(lifetime.map_or(seconds, |shortest| shortest.min(seconds)));
            }
            _ => {}
        }
    }
    let age = headers.get(AGE).and_then(|age| age.to_str().ok());
    let age = age.and_then(|age| age.trim().parse().ok()).unwrap_or(0);
    lifetime.map(|seconds| Duration::from_secs(seconds.saturating_sub(age)))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn media_types_lose_their_parameters() {
        let checks = [
            ("application/vc", Some("application/vc")),
            (" Text/HTML ; charset=utf-8", Some("text/html")),
            ("", None),
            (";a=b", None),
        ];
        for (value, expected) in checks {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, value.parse().unwrap());
            assert_eq!(media_type(&headers).as_deref(), expected, "{value:?}");
        }
        assert_eq!(media_type(&HeaderMap::new()), None);
    }

    #[test]
    fn lifetimes_are_read_from_the_headers() {
        let checks: [(&[&str], Option<u64>); 12] = [
            (&[], None),
            (&["public"], None),
            (&["max-age=60"], Some(60)),
            (&["Public, MAX-AGE=\"60\" , immutable"], Some(60)),
            (&["max-age=60", "max-age=30"], Some(30)),
            (&["s-maxage=60"], None),
            (&["max-age=0"], Some(0)),
            (&["max-age"], Some(0)),
            (&["max-age=-1"], Some(0)),
            (&["max-age=99999999999999999999"], Some(0)),
            (&["max-age=60", "no-store"], Some(0)),
            (&["no-cache=\"a, b\""], Some(0)),
        ];
        for (values, seconds) in checks {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(CACHE_CONTROL, value.parse().unwrap());
            }
            let expected = seconds.map(Duration::from_secs);
            assert_eq!(max_age(&headers), expected, "{values:?}");
        }
    }

    #[test]
    fn time_spent_on_the_way_is_taken_off() {
        let mut headers = HeaderMap::new();
        headers.insert(CACHE_CONTROL, "max-age=60".parse().unwrap());
        for (age, left) in [("20", 40), ("61", 0), ("soon", 60)] {
            headers.insert(AGE, age.parse().unwrap());
            assert_eq!(max_age(&headers), Some(Duration::from_secs(left)), "{age}");
        }
    }
}
