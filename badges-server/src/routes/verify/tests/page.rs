use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn hostile_badges_stay_inside_their_card() {
    let scene = Scene::new().await;
    let hostile = std::fs::read(case::folder().join("cli/hostile.json")).unwrap();
    let file = "\u{202e}<script>alert(1)</script>.json";
    let reply = scene
        .post(
            &[("recipient", "\"><script>")],
            &[(file, &hostile), ("b", b"<script>alert(2)</script>")],
        )
        .await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_well_formed("hostile", &reply.body);
    assert!(!reply.body.contains("<script>"), "{}", reply.body);
    // Words in Arabic are in their own direction, whatever the badge holds.
    let request = Request::post("/verify?uselang=ar")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=B");
    let body = [
        b"--B\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n",
        &hostile[..],
        b"\r\n--B--\r\n",
    ]
    .concat();
    let reply = scene.send(request.body(body.into()).unwrap()).await;
    assert_well_formed("hostile in Arabic", &reply.body);
    assert!(reply.body.contains("<html lang=\"ar\" dir=\"rtl\">"));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_share_what_they_need() {
    let scene = Scene::new().await;
    let good = case("good/did-web.json");
    scene.set(&good);
    let url = "https://example.org/broken.png";
    let reply = scene
        .post(
            &[("text", url)],
            &[
                ("a.json", &good.badge),
                ("b.json", &good.badge),
                ("c.png", b"\x89PNG\r\n\x1a\nbroken"),
            ],
        )
        .await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_well_formed("many", &reply.body);
    let headlines: Vec<&str> = reply
        .body
        .split("\"><div>\n<h2>")
        .skip(1)
        .filter_map(|rest| rest.split('<').next())
        .collect();
    assert_eq!(
        headlines,
        [
            "It could not be told whether this is genuine",
            "Genuine and valid",
            "Genuine and valid",
            "Not valid",
        ]
    );
    let documents = scene
        .web
        .asked()
        .into_iter()
        .filter(|asked| asked != url)
        .count();
    assert_eq!(documents, good.documents.len());
}

/// What is wrong with a part of a record stands in the headline, also in a list.
#[tokio::test(flavor = "multi_thread")]
async fn a_record_says_first_what_is_wrong_inside() {
    let scene = Scene::new().await;
    let record = case("records/altered-part.json");
    scene.set(&record);
    let good = case("records/signed-parts.json");
    let headline = "Valid as a whole, but one badge inside is not valid";
    let alone = scene.post(&[], &[("a", &record.badge)]).await;
    assert_eq!(alone.text("<h2>"), headline);
    let (_, answer) = alone
        .body
        .split_once("<section class=\"verdict bad\">")
        .unwrap();
    let (answer, _) = answer.split_once("</section>").unwrap();
    assert!(
        answer.contains("<bdi>First edits</bdi>” inside it is not valid."),
        "{answer}"
    );
    let both = scene
        .post(&[], &[("a", &record.badge), ("b", &good.badge)])
        .await;
    assert_eq!(both.text("<span class=\"chip bad\">"), headline);
}

/// Anybody can make a key and call it as they like.
#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_nobody_vouches_for_is_not_called_genuine() {
    let scene = Scene::new().await;
    let badge = std::fs::read(case::folder().join("cli/no-web-address.json")).unwrap();
    let reply = scene.post(&[], &[("a", &badge)]).await;
    assert_eq!(
        reply.text("<h2>"),
        "Valid, but it is not shown who issued it"
    );
    assert!(reply.body.contains("<section class=\"verdict caution\">"));
    assert!(!reply.body.contains("Genuine and valid"));
}

/// A name that leads into our own network is answered like one that leads nowhere.
#[tokio::test(flavor = "multi_thread")]
async fn private_addresses_are_not_told() {
    let scene = Scene::new().await;
    let badge = case("good/did-web.json");
    let document = badge.documents.keys().next().unwrap().clone();
    let host = "intranet.example.org".to_owned();
    let address = IpAddr::V4(Ipv4Addr::new(10, 11, 12, 13));
    let mut replies = Vec::new();
    for error in [
        FetchError::PrivateAddress {
            host: host.clone(),
            address,
        },
        FetchError::Dns { host },
    ] {
        scene.web.tell([]);
        scene
            .web
            .fail("https://intranet.example.org/a", error.clone());
        scene.web.fail(&document, error);
        let page = scene
            .post(
                &[("text", "https://intranet.example.org/a")],
                &[("a", &badge.badge)],
            )
            .await;
        let answer = scene
            .ask(
                "application/json",
                r#"{"url":"https://intranet.example.org/a"}"#,
            )
            .await;
        assert!(
            page.body
                .contains("There is no such server, or its name could not be looked up.")
        );
        assert_eq!(answer.json()["checks"][0]["error"], "fetch.dns");
        for text in [&page.body, &answer.body] {
            assert!(
                !text.contains("10.11.12.13") && !text.contains("private"),
                "{text}"
            );
        }
        replies.push((page.body, answer.body));
    }
    assert_eq!(replies[0], replies[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recipient_is_compared() {
    let scene = Scene::new().await;
    let hashed = case("good/recipient-hashed.json");
    let plain = case("good/recipient-plain.json");
    let salt = hashed.expectation.salt.clone().unwrap();
    let who = hashed.expectation.recipient.clone().unwrap();
    let name = plain.expectation.recipient.clone().unwrap();
    // Users of the wikis write their names in several ways.
    let variant = name.replace(' ', "_");
    let lower = format!("user:{}{}", variant[..1].to_lowercase(), &variant[1..]);
    for (case, recipient, salt, headline) in [
        (
            &hashed,
            who.as_str(),
            salt.as_str(),
            "Valid and given to the person you asked about, but it is not shown who issued it",
        ),
        (
            &hashed,
            &who,
            "another",
            "Genuine, but does not name the person you asked about",
        ),
        (
            &plain,
            &name,
            "",
            "Valid and given to the person you asked about, but it is not shown who issued it",
        ),
        (
            &plain,
            &lower,
            "",
            "Valid and given to the person you asked about, but it is not shown who issued it",
        ),
        (
            &plain,
            "Nobody",
            "x",
            "Genuine, but does not name the person you asked about",
        ),
        // It also names its holder as a hash.
        (
            &plain,
            "Nobody",
            "",
            "Genuine and valid, but not shown to be for the person you asked about",
        ),
        (&plain, " ", "", "Valid, but it is not shown who issued it"),
    ] {
        scene.set(case);
        let reply = scene
            .post(
                &[("recipient", recipient), ("salt", salt)],
                &[("a", &case.badge)],
            )
            .await;
        assert_eq!(reply.text("<h2>"), headline, "{recipient} {salt}");
    }
    let reply = scene.post(&[("text", "{}"), ("salt", "x")], &[]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.body.contains("id=\"recipient-error\"") && reply.body.contains("value=\"x\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_in_the_query_is_filled_in_and_not_fetched() {
    let scene = Scene::new().await;
    let reply = scene
        .get("/verify?url=https%3A%2F%2Fexample.org%2F%22%3E%3Cscript%3E&recipient=A")
        .await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_well_formed("prefilled", &reply.body);
    assert!(
        reply
            .body
            .contains("https://example.org/&#34;&#62;&#60;script&#62;"),
        "{}",
        reply.body
    );
    assert!(scene.web.asked().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_is_taken_is_refused_with_words() {
    let scene = Scene::new().await;
    let nothing = scene.post(&[("text", " ")], &[("", b"")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.body.contains("Choose a file, or paste"));
    let files = vec![("a.json", &b"{}"[..]); MOST_BADGES];
    let most = scene.post(&[], &files).await;
    assert_eq!(most.status, StatusCode::OK);
    let more = scene
        .post(&[("text", "https://example.org/a")], &files)
        .await;
    assert_eq!(more.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(more.body.contains("give at most 20"), "{}", more.body);
    assert!(more.body.contains("https://example.org/a</textarea>"));
    let large = vec![b' '; MOST_BYTES + 1];
    let long = scene.post(&[("recipient", "A")], &[("a", &large)]).await;
    assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        long.body.contains("at most 8 MiB are read"),
        "{}",
        long.body
    );
    let huge = vec![b' '; given::MOST_READ + 1];
    assert_eq!(
        scene.post(&[], &[("a", &huge)]).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    assert!(scene.web.asked().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_verified_is_counted() {
    let scene = Scene::new().await;
    scene.post(&[("text", "nothing")], &[]).await;
    let figures = scene.get("/metrics").await.body;
    for figure in [
        "badges_verifications_total{verdict=\"invalid\"} ",
        "badges_awards ",
        "badges_jobs_waiting ",
    ] {
        assert!(
            figures.lines().any(|line| line.starts_with(figure)),
            "{figure} in {figures}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_signed_is_not_shown_as_said() {
    let scene = Scene::new().await;
    let hosted = case("open-badges-2/hosted.json");
    scene.set(&hosted);
    let mut copy: Value = serde_json::from_slice(&hosted.badge).unwrap();
    copy["evidence"] = json!([{"type": "Evidence", "name": "Master of everything"}]);
    let copy = copy.to_string();
    let reply = scene.post(&[], &[("copy.json", copy.as_bytes())]).await;
    assert!(reply.body.contains("Genuine and valid"), "{}", reply.body);
    assert!(!reply.body.contains("<h4>"), "{}", reply.body);

    let baked = case("good/png-json.png");
    scene.set(&baked);
    let reply = scene.post(&[], &[("good.png", &baked.badge)]).await;
    assert!(reply.body.contains("The picture around it is not signed."));
}
