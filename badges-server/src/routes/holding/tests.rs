//! What holders do, through the whole router.

use badges_core::bake;
use serde_json::Value;

use super::scene::Offer;
use crate::browser::{Browser, Page};
use crate::issuing::{self, Reason};
use crate::testing::on_both;

/// Accepts an offer by its link, and gives the path of the personal link.
async fn accept(
    browser: &mut Browser,
    offer: &Offer,
    visibility: &str,
    named: &[(&str, &str)],
) -> String {
    browser.get(&offer.claim).await;
    let fields: Vec<_> = [("visibility", visibility)]
        .into_iter()
        .chain(named.iter().copied())
        .collect();
    let page = browser
        .post(&format!("{}/accept", offer.claim), &fields)
        .await;
    page.location().to_owned()
}

/// The signed text as its holder gets it.
async fn text(browser: &mut Browser, base: &str) -> Value {
    let page = browser.get(&format!("{base}/badge.json")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    serde_json::from_str(&page.body).unwrap()
}

fn is_for_nobody_else(page: &Page) {
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert_eq!(page.header("x-robots-tag"), "noindex, nofollow");
}

on_both! {
    async fn who_presses_twice_comes_to_the_same_place(app: TestApp) {
        let offers = app.offers(&[("Example Volunteer", 7), ("Example Other", 8)]).await;
        let mut browser = Browser::new(&app);
        let page = browser.get(&offers[0].claim).await;
        let secret = page.value("secret").unwrap().to_owned();
        let path = format!("{}/accept", offers[0].claim);
        // What is wrong keeps the secret.
        let page = browser.post(&path, &[("visibility", "x"), ("named", "nothing"), ("secret", &secret)]).await;
        assert_eq!(page.value("secret"), Some(secret.as_str()));
        let fields = [("visibility", "unlisted"), ("named", "nothing"), ("secret", secret.as_str())];
        let personal = browser.post(&path, &fields).await.location().to_owned();
        assert_eq!(personal, format!("/mine/{secret}"));
        assert_eq!(browser.post(&path, &fields).await.location(), personal);
        assert!(browser.get(&personal).await.status.is_success());
        assert_eq!(app.award(&offers[0].award).await.acceptance, "accepted");
        // The link of the trainer opens nothing, with another secret or none.
        for other in ["", "short", "kiTYD2uAQ_rB-Rjy_tb5wA"] {
            let fields = [("visibility", "unlisted"), ("named", "nothing"), ("secret", other)];
            assert_eq!(browser.post(&path, &fields).await.status, 404);
        }
        assert_eq!(browser.get(&offers[0].claim).await.status, 404);
        // At once.
        let page = browser.get(&offers[1].claim).await;
        let secret = page.value("secret").unwrap().to_owned();
        let path = format!("{}/accept", offers[1].claim);
        let fields = [("visibility", "unlisted"), ("named", "user-name"), ("secret", secret.as_str())];
        let mut twin = browser.clone();
        let (one, two) = tokio::join!(browser.post(&path, &fields), twin.post(&path, &fields));
        let personal = format!("/mine/{secret}");
        assert_eq!((one.location(), two.location()), (personal.as_str(), personal.as_str()));
    }

    async fn a_wallet_is_named(app: TestApp) {
        const WALLET: &str = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
        let offers = app.offers(&[("Example Volunteer", 7), ("Example Other", 0)]).await;
        let mut browser = Browser::new(&app);
        let personal = accept(&mut browser, &offers[1], "unlisted", &[("named", "did"), ("did", WALLET)]).await;
        assert_eq!(text(&mut browser, &personal).await["credentialSubject"]["id"], WALLET);
        let page = browser.get(&personal).await;
        assert!(page.says("value=\"did\" required checked"), "{}", page.body);
        assert_eq!(page.value("did"), Some(WALLET));
        assert_eq!(app.count("select count(*) from person_did").await, 0, "nobody is known");
        browser.post(&format!("{personal}/change"), &[("visibility", "unlisted"), ("named", "nothing")]).await;
        assert_ne!(text(&mut browser, &personal).await["credentialSubject"]["id"], WALLET);
        // An account knows it the next time.
        let person = app.db.insert_account(7, Some("Example Volunteer"), "en", app.seconds()).await.unwrap();
        let mut browser = Browser::of(&app, &person).await;
        let own = format!("/me/badges/{}", offers[0].token);
        assert_eq!(browser.get(&own).await.value("did"), Some(""));
        for did in [WALLET, "did:web:holder.example.org", WALLET] {
            app.pass(1);
            let act = if did == WALLET && app.award(&offers[0].award).await.acceptance == "offered" { "accept" } else { "change" };
            let page = browser.post(&format!("{own}/{act}"), &[("visibility", "unlisted"), ("named", "did"), ("did", did)]).await;
            assert_eq!(page.location(), own);
            assert_eq!(browser.get(&own).await.value("did"), Some(did));
        }
        assert_eq!(app.db.dids(&person).await.unwrap(), [WALLET, "did:web:holder.example.org"]);
        assert!(browser.get("/me/export.json").await.says("did:web:holder.example.org"));
        browser.get("/me/erase").await;
        browser.post("/me/erase", &[]).await;
        assert_eq!(app.count("select count(*) from person_did").await, 0);
    }

    async fn staff_see_no_more_of_a_badge_than_its_holder_shows(app: TestApp) {
        let offers = app.offers(&[("Example Public", 7), ("Example Unlisted", 8), ("Example Private", 9), ("Example Offered", 10)]).await;
        let scene = app.issuing().await;
        let mut holder = Browser::new(&app);
        for (offer, visibility) in offers.iter().zip(["public", "unlisted", "private"]) {
            accept(&mut holder, offer, visibility, &[("named", "name"), ("name", "Example Certified")]).await;
        }
        let mut owner = Browser::of(&app, &scene.owner).await;
        let reviewer = app.db.insert_person(Some("Example Reviewer"), None, 0).await.unwrap();
        app.join(&scene.issuer, &reviewer, crate::db::Role::Reviewer).await;
        let mut reviewer = Browser::of(&app, &reviewer).await;
        for (offer, shown) in offers.iter().zip([true, false, false, true]) {
            let page = owner.get(&format!("/desk/academy/awards/{}", offer.award)).await;
            assert_eq!(page.status, 200);
            assert_eq!(page.says(&offer.token), shown, "{}", page.body);
            assert_eq!(page.says("credentialSubject"), shown, "{}", page.body);
            assert!(shown || !page.says("Example Certified"), "{}", page.body);
        }
        let page = reviewer.get(&format!("/desk/academy/awards/{}", offers[3].award)).await;
        assert!(page.status.is_success() && !page.says(&offers[3].token), "{}", page.body);
    }

    async fn a_volunteer_accepts_without_an_account(app: TestApp) {
        let offer = &app.offers(&[("Example Volunteer", 7)]).await[0];
        let mut browser = Browser::new(&app);
        let before = app.award(&offer.award).await;
        let page = browser.get(&offer.claim).await;
        assert_eq!(page.status, 200);
        is_for_nobody_else(&page);
        for text in ["<bdi>Example Volunteer</bdi>", "Wikipedia Editor", "Example Academy", "First Articles", "Write three articles."] {
            assert!(page.says(text), "{text}: {}", page.body);
        }
        assert!(page.says("value=\"unlisted\" required checked"), "{}", page.body);
        assert!(page.says("value=\"nothing\" required checked"), "{}", page.body);
        // Looking changes nothing, however often.
        browser.get(&format!("{}/decline", offer.claim)).await;
        browser.get(&offer.claim).await;
        assert_eq!(app.award(&offer.award).await, before);

        let personal = accept(&mut browser, offer, "unlisted", &[("named", "nothing")]).await;
        assert!(personal.starts_with("/mine/"), "{personal}");
        let page = browser.get(&personal).await;
        is_for_nobody_else(&page);
        assert!(page.says("The badge is yours."));
        assert_eq!(page.value("personal"), Some(app.settings.public_url.join(&personal).as_str()));
        let badge = text(&mut browser, &personal).await;
        assert!(!badge.to_string().contains("Example Volunteer"));
        let page = browser.get(&format!("{personal}/picture")).await;
        let baked = bake::extract(&page.bytes).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&baked.text).unwrap(), badge);

        // The claim link is dead, and says so.
        for path in ["", "/accept", "/decline"] {
            let page = if path == "/accept" {
                browser.post(&format!("{}{path}", offer.claim), &[("visibility", "public"), ("named", "nothing")]).await
            } else {
                browser.get(&format!("{}{path}", offer.claim)).await
            };
            assert_eq!(page.status, 404);
            assert!(page.says("You have already accepted or declined the badge."), "{}", page.body);
        }
        assert_eq!(app.award(&offer.award).await.visibility, "unlisted");
    }

    async fn a_holder_is_named_as_chosen(app: TestApp) {
        let offers = app.offers(&[("Example Volunteer", 7), ("مثال", 8), ("Example Third", 0), ("Example Fourth", 0)]).await;
        let mut browser = Browser::new(&app);

        let personal = accept(&mut browser, &offers[0], "public", &[("named", "user-name")]).await;
        let badge = text(&mut browser, &personal).await;
        assert_eq!(badge["credentialSubject"]["identifier"][0]["identityHash"], "Example Volunteer");

        let personal = accept(&mut browser, &offers[1], "private", &[("named", "hashed")]).await;
        let badge = text(&mut browser, &personal).await;
        assert!(!badge.to_string().contains("مثال"));
        let page = browser.get(&personal).await;
        let salt = page.value("salt").unwrap();
        let hash = badge["credentialSubject"]["identifier"][0]["identityHash"].as_str().unwrap();
        let expected = badges_core::model::IdentityObject::hashed(
            badges_core::model::IdentifierType::UserName, "مثال", salt, false);
        assert_eq!(hash, serde_json::to_value(expected).unwrap()["identityHash"]);
        assert!(!badge.to_string().contains(salt));

        let personal = accept(&mut browser, &offers[2], "unlisted", &[("named", "name"), ("name", " Example Name ")]).await;
        let badge = text(&mut browser, &personal).await;
        assert_eq!(badge["credentialSubject"]["identifier"][0]["identityHash"], "Example Name");
        assert_eq!(browser.get(&personal).await.value("name"), Some("Example Name"), "saving again keeps it");
        assert!(!badge.to_string().contains("Example Third"));

        // What cannot be done is said, and nothing typed is lost.
        browser.get(&offers[3].claim).await;
        let path = format!("{}/accept", offers[3].claim);
        let long = "x".repeat(101);
        for (fields, problem) in [
            (&[("visibility", "public"), ("named", "name"), ("name", "  ")][..], "Write the name"),
            (&[("visibility", "public"), ("named", "name"), ("name", &long)], "too long"),
            (&[("visibility", "public"), ("named", "name"), ("name", "a\u{7}b")], "cannot be shown"),
            (&[("visibility", "public"), ("named", "king"), ("name", "")], "what the badge says of you"),
            (&[("visibility", "public"), ("named", "did"), ("did", "wallet")], "is no DID"),
            (&[("visibility", "public"), ("named", "did"), ("did", "did:web:a b")], "is no DID"),
            (&[("visibility", "public"), ("named", "did"), ("did", "did:key:z6Mk#z6Mk")], "is no DID"),
            (&[("visibility", "everywhere"), ("named", "name"), ("name", "Example")], "who may see"),
            (&[], "who may see"),
        ] {
            let page = browser.post(&path, fields).await;
            assert_eq!(page.status, 422, "{problem}");
            assert!(page.says(problem), "{problem}: {}", page.body);
            if let Some((_, name)) = fields.iter().find(|(field, _)| *field == "name") {
                assert_eq!(page.value("name").unwrap(), name.trim(), "{problem}");
                assert!(!problem.starts_with("Write") || page.says("value=\"public\" required checked"));
            }
        }
        assert_eq!(app.award(&offers[3].award).await.acceptance, "offered");
    }

    async fn a_holder_changes_hides_and_shows_a_badge(app: TestApp) {
        let offer = &app.offers(&[("Example Volunteer", 7)]).await[0];
        let mut browser = Browser::new(&app);
        let personal = accept(&mut browser, offer, "public", &[("named", "user-name")]).await;
        app.pass(5);
        let page = browser.post(&format!("{personal}/change"), &[("visibility", "private"), ("named", "nothing")]).await;
        assert_eq!(page.location(), personal);
        let page = browser.get(&personal).await;
        assert!(page.says("Nobody but you sees the badge now."), "{}", page.body);
        assert!(!text(&mut browser, &personal).await.to_string().contains("Example Volunteer"));
        assert_eq!(app.award(&offer.award).await.visibility, "private");

        browser.post(&format!("{personal}/withdraw"), &[]).await;
        let page = browser.get(&personal).await;
        assert!(page.says("The badge is hidden"), "{}", page.body);
        assert_eq!(app.award(&offer.award).await.acceptance, "withdrawn");
        assert_eq!(app.award(&offer.award).await.standing, "valid");
        browser.post(&format!("{personal}/restore"), &[]).await;
        assert_eq!(app.award(&offer.award).await.acceptance, "accepted");
        // Twice is no second time.
        assert_eq!(browser.post(&format!("{personal}/restore"), &[]).await.status, 409);
    }

    async fn who_declines_is_left_alone(app: TestApp) {
        let offers = app.offers(&[("Example Volunteer", 7), ("Example Second", 8), ("Example Third", 9)]).await;
        let mut browser = Browser::new(&app);
        let page = browser.get(&format!("{}/decline", offers[0].claim)).await;
        assert!(page.says("Decline “<bdi>Wikipedia Editor</bdi>”?"), "{}", page.body);
        let page = browser.post(&format!("{}/decline", offers[0].claim), &[]).await;
        assert_eq!(page.location(), "/");
        assert_eq!(app.award(&offers[0].award).await.acceptance, "declined");
        assert_eq!(browser.get(&offers[0].claim).await.status, 404);

        browser.post(&format!("{}/decline", offers[1].claim), &[("erase", "yes")]).await;
        assert_eq!(app.award(&offers[1].award).await.acceptance, "erased");
        assert_eq!(app.found("Example Second").await, Vec::<String>::new());

        // Who waits too long finds the link ended, too.
        app.pass(app.settings.claim_seconds - 1);
        assert_eq!(browser.get(&offers[2].claim).await.status, 200);
        app.pass(1);
        let page = browser.get(&offers[2].claim).await;
        assert_eq!(page.status, 404);
        assert!(page.says("too old"));
    }

    async fn a_holder_erases_a_badge(app: TestApp) {
        let offers = app.offers(&[("Example Volunteer", 7), ("Example Second", 8)]).await;
        let mut browser = Browser::new(&app);
        let personal = accept(&mut browser, &offers[0], "public", &[("named", "name"), ("name", "Example Certified")]).await;
        let page = browser.get(&format!("{personal}/erase")).await;
        assert!(page.says("Nobody can undo it."));
        assert_eq!(app.award(&offers[0].award).await.acceptance, "accepted");
        assert!(!app.found("Example Certified").await.is_empty(), "the search finds what is there");
        assert!(!app.found("Example Volunteer").await.is_empty(), "the search finds what is there");
        let secret = personal.strip_prefix("/mine/").unwrap();
        let page = browser.post(&format!("{personal}/erase"), &[]).await;
        assert_eq!(page.location(), "/");
        let award = app.award(&offers[0].award).await;
        assert_eq!((award.acceptance.as_str(), award.standing.as_str()), ("erased", "revoked"));
        for data in ["Example Certified", "Example Volunteer", &crate::secret::hash(secret)] {
            assert_eq!(app.found(data).await, Vec::<String>::new(), "{data}");
        }
        assert!(!app.found("Example Second").await.is_empty(), "others keep theirs");
        let page = browser.get(&personal).await;
        assert_eq!(page.status, 404);
        assert!(page.says("was erased"));
    }

    async fn a_badge_goes_into_an_account(app: TestApp) {
        let offers = app.offers(&[("Example Volunteer", 7), ("Example Second", 8), ("Example Third", 9)]).await;
        let person = app.db.insert_person(Some("Example Account"), None, app.seconds()).await.unwrap();
        let mut browser = Browser::of(&app, &person).await;

        // At once,
        let page = browser.get(&offers[0].claim).await;
        assert!(page.says("Keep it in my account"));
        let fields = [("visibility", "unlisted"), ("named", "nothing"), ("account", "yes")];
        let page = browser.post(&format!("{}/accept", offers[0].claim), &fields).await;
        assert_eq!(page.location(), format!("/me/badges/{}", offers[0].token));
        let award = app.award(&offers[0].award).await;
        assert_eq!((award.person.as_deref(), award.holder_hash), (Some(person.as_str()), None));

        // or later, from the personal link, which can be ended then;
        let fields = [("visibility", "unlisted"), ("named", "nothing")];
        let page = browser.post(&format!("{}/accept", offers[1].claim), &fields).await;
        let personal = page.location().to_owned();
        assert!(personal.starts_with("/mine/"));
        assert_eq!(app.award(&offers[1].award).await.person, None);
        let page = browser.post(&format!("{personal}/bind"), &[]).await;
        let own = page.location().to_owned();
        assert_eq!(own, format!("/me/badges/{}", offers[1].token));
        assert!(browser.get(&personal).await.says("This badge is in your account, too."));
        let page = browser.get(&own).await;
        assert!(page.says("End the personal link"));
        browser.post(&format!("{own}/end-link"), &[]).await;
        assert_eq!(Browser::new(&app).get(&personal).await.status, 404);

        // and in the list of the account both stand.
        let page = browser.get("/me").await;
        for offer in &offers[..2] {
            assert!(page.says(&format!("/me/badges/{}", offer.token)));
        }
        assert!(!page.says(&offers[2].token), "offered to another account");

        // Somebody else sees none of them.
        let other = app.db.insert_person(None, None, app.seconds()).await.unwrap();
        let mut stranger = Browser::of(&app, &other).await;
        assert_eq!(stranger.get(&own).await.status, 404);
        assert_eq!(stranger.post(&format!("{own}/erase"), &[]).await.status, 404);
        let page = Browser::new(&app).get(&own).await;
        assert!(page.location().starts_with("/sign-in?next="));
    }

    async fn forms_of_others_do_nothing(app: TestApp) {
        let offers = app.offers(&[("Example Volunteer", 7), ("Example Second", 8)]).await;
        let person = app.db.insert_person(None, None, app.seconds()).await.unwrap();
        let mut browser = Browser::of(&app, &person).await;
        let fields = [("visibility", "public"), ("named", "nothing"), ("account", "yes")];
        let path = format!("{}/accept", offers[0].claim);
        for site in ["cross-site", "same-site"] {
            assert_eq!(browser.post_as(site, &path, &fields).await.status, 403);
        }
        // From our own pages, but without the session's token.
        assert_eq!(browser.post_as("same-origin", &path, &fields).await.status, 403);
        assert_eq!(app.award(&offers[0].award).await.acceptance, "offered");

        browser.get(&offers[0].claim).await;
        let own = browser.post(&path, &fields).await.location().to_owned();
        for path in [
            format!("{own}/change"), format!("{own}/withdraw"), format!("{own}/restore"), format!("{own}/erase"),
            format!("{own}/end-link"), "/me/add".to_owned(), "/me/settings".to_owned(), "/me/erase".to_owned(),
            "/sign-out".to_owned(), "/sign-out-everywhere".to_owned(), "/sign-in/wikimedia/confirm".to_owned(),
        ] {
            for site in ["cross-site", "same-origin"] {
                let page = browser.post_as(site, &path, &[("visibility", "private"), ("named", "nothing"), ("state", "x")]).await;
                assert_eq!(page.status, 403, "{path} from {site}");
            }
        }
        assert_eq!(app.award(&offers[0].award).await.visibility, "public");
        assert!(browser.get("/me").await.status.is_success(), "still signed in");

        // Pages that tell nobody where they are send `Origin: null`, and old browsers nothing else.
        let mut holder = Browser::new(&app);
        for (path, status) in [(format!("{}/decline", offers[1].claim), 303), ("/me/add".to_owned(), 403)] {
            let request = http::Request::post(&path)
                .header("origin", "null")
                .header("content-type", "application/x-www-form-urlencoded")
                .body(axum::body::Body::empty())
                .unwrap();
            assert_eq!(holder.send(request).await.status, status, "{path}");
        }
    }

    async fn guessing_is_slow(app: TestApp) {
        let app = app.with(|settings| settings.rate_limit = Some(1)).await;
        let mut browser = Browser::new(&app);
        for _ in 0..5 {
            assert_eq!(browser.get("/claim/guess").await.status, 404);
        }
        assert_eq!(browser.get("/claim/guess").await.status, 429);
        assert_eq!(browser.get("/mine/guess").await.status, 429);
        app.pass(60);
        assert_eq!(browser.get("/mine/guess").await.status, 404);
    }

    async fn what_is_revoked_can_still_lose_its_name(app: TestApp) {
        let offers = app.offers(&[("Example Volunteer", 7), ("Example Second", 8)]).await;
        let mut browser = Browser::new(&app);
        let personal = accept(&mut browser, &offers[0], "public", &[("named", "user-name")]).await;
        for offer in &offers {
            issuing::revoke(&app, &offer.award, Reason::Mistake, None, &app.issuing().await.owner).await.unwrap();
        }
        let page = browser.get(&personal).await;
        assert!(page.says("The issuer has revoked this badge"), "{}", page.body);
        browser.post(&format!("{personal}/change"), &[("visibility", "private"), ("named", "nothing")]).await;
        assert!(!text(&mut browser, &personal).await.to_string().contains("Example Volunteer"));
        assert_eq!(app.award(&offers[0].award).await.standing, "revoked");
        // What was taken back before it was accepted is not accepted any more.
        let page = browser.get(&offers[1].claim).await;
        assert!(page.says("The issuer has revoked this badge") && !page.says("/accept"), "{}", page.body);
    }
}
