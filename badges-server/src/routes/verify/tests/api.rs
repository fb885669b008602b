use super::*;

/// The guard of the real network lets nobody into ours.
#[tokio::test(flavor = "multi_thread")]
async fn our_own_network_is_not_reached() {
    let folder = tempfile::tempdir().unwrap();
    let options = ["badges-server", "--data", folder.path().to_str().unwrap()];
    let settings = Options::try_parse_from(options)
        .unwrap()
        .settings
        .settings()
        .unwrap();
    let router = router(App::open(settings, Clock::System).await.unwrap());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    for host in [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
        "2130706433",
    ] {
        let body = json!({"url": format!("https://{host}:{port}/latest/meta-data")}).to_string();
        let request =
            Request::post("/api/v1/verify").header(header::CONTENT_TYPE, "application/json");
        let response = router
            .clone()
            .oneshot(request.body(Body::from(body)).unwrap())
            .await
            .unwrap();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let answer: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(
            answer["checks"][0]["error"], "fetch.dns",
            "{host}: {answer}"
        );
        assert_eq!(answer["verdict"], "unknown");
    }
    let nobody =
        tokio::time::timeout(std::time::Duration::from_millis(100), listener.accept()).await;
    assert!(nobody.is_err(), "somebody called");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_takes_badges_in_any_form() {
    let scene = Scene::new().await;
    for name in [
        "good/did-web.json",
        "good/jwt-es256.jwt",
        "good/png-json.png",
        "good/svg-jwt.svg",
    ] {
        let case = case(name);
        scene.set(&case);
        let media_type = match name.rsplit('.').next() {
            Some("json") => "application/json; charset=utf-8",
            Some("jwt") => "application/vc+jwt",
            Some("png") => "image/png",
            _ => "image/svg+xml",
        };
        let reply = scene.ask(media_type, case.badge.clone()).await;
        assert_eq!(reply.status, StatusCode::OK, "{name}");
        assert_eq!(reply.headers[header::CACHE_CONTROL], "no-store");
        assert_eq!(reply.json()["verdict"], "valid", "{name}");
    }
    let case = case("good/did-web.json");
    scene.set(&case);
    let text = json!({"text": String::from_utf8(case.badge.clone()).unwrap()});
    assert_eq!(
        scene.ask("application/json", text.to_string()).await.json()["verdict"],
        "valid"
    );
    let url = "https://example.org/badges/1".to_owned();
    scene
        .web
        .tell(case.documents.iter().chain([(&url, &case.badge)]));
    let answer = scene
        .ask("application/json", json!({"url": url}).to_string())
        .await
        .json();
    assert_eq!(
        (answer["verdict"].as_str(), answer["source"].as_str()),
        (Some("valid"), Some(url.as_str()))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_says_what_it_does_not_understand() {
    let scene = Scene::new().await;
    for (body, field) in [
        ("{}", "text"),
        ("{\"text\":\"a\",\"url\":\"b\"}", "text"),
        ("{\"file\":\"*\"}", "file"),
        ("{\"text\":\"a\",\"salt\":\"b\"}", "recipient"),
        ("{\"txet\":\"a\"}", "body"),
        ("[", "body"),
    ] {
        let reply = scene.ask("application/json", body).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(
            reply.headers[header::CONTENT_TYPE],
            "application/problem+json"
        );
        assert_eq!(reply.json()["field"], field, "{body}");
    }
    let long = scene
        .ask("application/octet-stream", vec![b' '; MOST_BYTES + 1])
        .await;
    assert_eq!(long.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(
        scene.ask("application/octet-stream", "text").await.json()["checks"][0]["id"],
        "form.not-a-badge"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn each_address_may_ask_only_so_often() {
    let scene = Scene::limited("30").await;
    let post = |last: u8| {
        let peer = ConnectInfo(SocketAddr::from((Ipv4Addr::new(192, 0, 2, last), 4711)));
        Request::builder()
            .method(Method::POST)
            .uri("/api/v1/verify")
            .header(header::CONTENT_TYPE, "text/plain")
            .extension(peer)
            .body(Body::from("text"))
            .unwrap()
    };
    for _ in 0..30 {
        assert_eq!(scene.send(post(1)).await.status, StatusCode::OK);
    }
    let refused = scene.send(post(1)).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.headers[header::RETRY_AFTER], "2");
    assert_eq!(
        refused.json()["type"],
        "https://badges.example.net/problems/too-many"
    );
    assert_eq!(scene.send(post(2)).await.status, StatusCode::OK);
    scene.clock.fetch_add(2, Ordering::SeqCst);
    assert_eq!(scene.send(post(1)).await.status, StatusCode::OK);
    assert_eq!(
        scene.send(post(1)).await.status,
        StatusCode::TOO_MANY_REQUESTS
    );
    // Each badge of many costs.
    let files = vec![("a.json", &b"{}"[..]); 20];
    assert_eq!(scene.post(&[], &files).await.status, StatusCode::OK);
    let again = scene.post(&[], &files).await;
    assert_eq!(again.status, StatusCode::TOO_MANY_REQUESTS);
    // To look at the form costs nothing.
    assert_eq!(scene.get("/verify").await.status, StatusCode::OK);
}
