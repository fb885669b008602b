//! Redirects: each is checked like the first address.

use super::*;

#[test]
fn redirects_are_followed_up_to_the_limit() {
    let url = serve(|path, stream| match path {
        "/3" => redirect(stream, "/2"),
        "/2" => redirect(stream, "./1?again"),
        "/1?again" => redirect(stream, "?"),
        "/1?" => ok(stream, "", b"here"),
        "/4" => redirect(stream, "3"),
        _ => redirect(stream, path),
    });
    let fetcher = Fetcher::new(local(), AGENT);
    let fetched = fetcher.get(&format!("{url}/3")).unwrap();
    assert_eq!(fetched.body, b"here");
    assert_eq!(fetched.url, format!("{url}/1?"));
    for path in ["4", "loop"] {
        let error = fetcher.get(&format!("{url}/{path}")).unwrap_err();
        assert_eq!(error, FetchError::TooManyRedirects { limit: 3 });
    }
}

#[test]
fn a_redirect_does_not_lead_to_another_host() {
    let there = serve(|_, stream| ok(stream, "", b"{}"));
    let target = there.clone();
    let url = serve(move |_, stream| redirect(stream, &target));
    let anywhere = Limits {
        other_hosts: true,
        ..local()
    };
    assert!(Fetcher::new(anywhere, AGENT).get(&url).is_ok());
    let fetcher = Fetcher::new(local(), AGENT);
    let other = FetchError::OtherHost {
        host: "127.0.0.1".to_owned(),
    };
    assert_eq!(fetcher.get(&url), Err(other.clone()));
    let loader = Loader::new(fetcher, None, OffsetDateTime::UNIX_EPOCH);
    assert_eq!(*loader.load(&url), Answer::Failed(other.to_string()));
}

#[test]
fn the_same_host_is_the_same_name_and_port() {
    let fetcher = Fetcher::new(local(), AGENT);
    for (from, to, is_followed) in [
        ("https://a.example/", "https://A.example:443/b", true),
        ("https://a.example:8443/", "https://a.example:8443/b", true),
        ("http://a.example/", "https://a.example/", true),
        ("https://a.example/", "https://www.a.example/", true),
        ("https://www.a.example/", "https://a.example/", true),
        ("https://a.example/", "https://www2.a.example/", false),
        ("https://a.example/", "https://a.example:8443/", false),
        ("http://a.example/", "https://b.example/", false),
        ("http://a.example/", "http://b.example/", false),
    ] {
        let answer = fetcher.check_redirect(&Uri::from_static(from), to);
        assert_eq!(answer.is_ok(), is_followed, "{from} {to}");
    }
}

#[test]
fn each_redirect_is_checked_like_the_first_url() {
    let url = serve(|path, stream| match path {
        "/address" => redirect(stream, "http://127.0.0.2/"),
        "/number" => redirect(stream, "//0x7f.2:8080/"),
        "/user" => redirect(stream, "//me@127.0.0.1/"),
        "/file" => redirect(stream, "file:///etc/passwd"),
        "/ftp" => redirect(stream, "ftp://127.0.0.1/"),
        _ => redirect(stream, "https://127.0.0.1:99999/"),
    });
    let guard = Guard {
        plain_http: true,
        allows: |address| address == IpAddr::V4(Ipv4Addr::LOCALHOST),
        ..Guard::new(true)
    };
    let anywhere = Limits {
        other_hosts: true,
        ..local()
    };
    let fetcher = Fetcher::with_guard(anywhere, guard, AGENT);
    let checks = [
        ("address", "fetch.private-address"),
        ("number", "fetch.private-address"),
        ("user", "fetch.user-info"),
        ("file", "fetch.bad-url"),
        ("ftp", "fetch.not-https"),
        ("port", "fetch.bad-url"),
    ];
    for (path, id) in checks {
        let error = fetcher.get(&format!("{url}/{path}")).unwrap_err();
        assert_eq!(error.id(), id, "{path}");
    }
}

#[test]
fn a_redirect_does_not_lead_from_https_to_http() {
    let fetcher = Fetcher::new(local(), AGENT);
    let secure = Uri::from_static("https://a.example/");
    assert_eq!(
        fetcher.check_redirect(&secure, "http://a.example/b"),
        Err(FetchError::NotHttps {
            url: "http://a.example/b".to_owned()
        })
    );
}
