//! Signing in with Wikimedia, through the whole router and against a wiki that speaks its shapes.

use wikimedia_stand_in::{StandIn, Upset};

use crate::ambient::random_id;
use crate::browser::{Browser, Page};
use crate::db::{Action, Role};
use crate::testing::{TestApp, on_both};
use crate::{accounts, auth};

/// A wiki with some accounts, and the service that asks it.
async fn with_wiki(app: &TestApp, accounts: &[(u64, &str)]) -> (StandIn, TestApp) {
    let wiki = StandIn::start();
    wiki.change(|wiki| {
        for (id, name) in accounts {
            wiki.add_account(*id, name);
        }
        wiki.client.callbacks = vec![app.settings.public_url.join("/sign-in/wikimedia/callback")];
    });
    let app = app.with_wiki(&wiki).await;
    (wiki, app)
}

/// Goes to the wiki from a path and comes back: the path with which the browser returns.
async fn visit(browser: &mut Browser, path: &str) -> String {
    let url = browser.get(path).await.location().to_owned();
    let location = tokio::task::spawn_blocking(move || {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .max_redirects(0)
            .max_redirects_will_error(false)
            .build()
            .into();
        let answer = agent
            .get(&url)
            .header("user-agent", "tests/1 (example.org)")
            .call()
            .unwrap();
        answer.headers()["location"].to_str().unwrap().to_owned()
    });
    let location = location.await.unwrap();
    location
        .strip_prefix(crate::testing::PUBLIC_URL)
        .unwrap()
        .to_owned()
}

/// Signs in as an account.
async fn sign_in(wiki: &StandIn, browser: &mut Browser, account: u64, path: &str) -> Page {
    wiki.change(|wiki| wiki.signed_in = Some(account));
    let back = visit(browser, path).await;
    browser.get(&back).await
}

/// Lets a program act for a person.
async fn insert_token(app: &TestApp, person: &str, issuer: &str) {
    let id = random_id();
    app.execute(&format!(
        "insert into api_token (id, hash, person, issuer, name, scopes, made_at) \
         values ('{id}', '{id}', '{person}', '{issuer}', 'Example program', 'read', 0)"
    ))
    .await;
}

const SIGN_IN: &str = "/sign-in/wikimedia";

on_both! {
    async fn a_volunteer_finds_what_was_offered_under_an_older_name(app: TestApp) {
        let (wiki, app) = with_wiki(&app, &[(7, "Example Volunteer"), (8, "Example Other")]).await;
        let offer = &app.offers(&[("Example Volunteer", 7)]).await[0];
        // Renamed since, and somebody else has the name now.
        wiki.change(|wiki| {
            wiki.rename(7, "Example Renamed");
            wiki.rename(8, "Example Volunteer");
        });
        let mut other = Browser::new(&app);
        let page = sign_in(&wiki, &mut other, 8, SIGN_IN).await;
        assert_eq!(page.status, 403);
        assert!(page.says("Nothing is waiting for Example Volunteer here"), "{}", page.body);

        let mut browser = Browser::new(&app);
        let page = sign_in(&wiki, &mut browser, 7, SIGN_IN).await;
        assert_eq!(page.location(), "/me");
        let page = browser.get("/me").await;
        assert!(page.says("One badge is waiting for you") && page.says("Example Renamed"), "{}", page.body);
        let own = format!("/me/badges/{}", offer.token);
        let page = browser.post(&format!("{own}/accept"), &[("visibility", "public"), ("named", "user-name")]).await;
        assert_eq!(page.location(), own);
        let page = browser.get(&format!("{own}/badge.json")).await;
        assert!(page.says("Example Renamed") && !page.says("Example Volunteer"), "{}", page.body);
        // Again is the same account.
        sign_in(&wiki, &mut browser, 7, SIGN_IN).await;
        assert_eq!(app.count("select count(*) from person_detail where central_id is not null").await, 1);
    }

    async fn nothing_is_kept_of_whom_nothing_waits_for(app: TestApp) {
        let (wiki, app) = with_wiki(&app, &[(7, "Example Visitor")]).await;
        let people = app.count("select count(*) from person").await;
        let mut browser = Browser::new(&app);
        let page = sign_in(&wiki, &mut browser, 7, SIGN_IN).await;
        assert_eq!(page.status, 403);
        assert!(!browser.cookies.keys().any(|name| name == "__Host-badges"), "{:?}", browser.cookies);
        assert_eq!(app.count("select count(*) from person").await, people);
        assert_eq!(app.found("Example Visitor").await, Vec::<String>::new());
    }

    async fn hidden_and_blocked_accounts_keep_what_is_theirs(app: TestApp) {
        let (wiki, app) = with_wiki(&app, &[(7, "Example Hidden"), (8, "Example Blocked"), (9, "Example Local")]).await;
        let offers = app.offers(&[("Example Hidden", 7), ("Example Blocked", 8), ("Example Local", 9)]).await;
        wiki.change(|wiki| {
            wiki.suppress(7);
            wiki.block(8);
            wiki.accounts.get_mut(&9).unwrap().attached = false;
        });
        let mut hidden = Browser::new(&app);
        assert_eq!(sign_in(&wiki, &mut hidden, 7, SIGN_IN).await.location(), "/me");
        let page = hidden.get(&format!("/me/badges/{}", offers[0].token)).await;
        assert_eq!(page.status, 200);
        assert!(!page.says("Example Hidden") && !page.says("value=\"user-name\""), "{}", page.body);
        let person = app.db.person_by_central_id(7).await.unwrap().unwrap();
        assert_eq!(person.user_name, None);

        let mut blocked = Browser::new(&app);
        assert_eq!(sign_in(&wiki, &mut blocked, 8, SIGN_IN).await.location(), "/me");
        assert!(blocked.get("/me").await.says("One badge is waiting for you"));

        // `sub` is "0": an account of one wiki, which could be anybody's tomorrow.
        let mut local = Browser::new(&app);
        let page = sign_in(&wiki, &mut local, 9, SIGN_IN).await;
        assert_eq!(page.status, 403);
        assert!(page.says("belongs to one wiki only"), "{}", page.body);
    }

    async fn signing_in_counts_once_and_in_the_browser_that_began_it(app: TestApp) {
        let (wiki, app) = with_wiki(&app, &[(7, "Example Volunteer")]).await;
        app.offers(&[("Example Volunteer", 7)]).await;
        wiki.change(|wiki| wiki.signed_in = Some(7));
        let mut browser = Browser::new(&app);
        let back = visit(&mut browser, SIGN_IN).await;
        // Another browser was sent the address,
        let page = Browser::new(&app).get(&back).await;
        assert_eq!(page.status, 400);
        let mut other = Browser::new(&app);
        visit(&mut other, SIGN_IN).await;
        assert_eq!(other.get(&back).await.status, 400);
        // the state was changed,
        assert_eq!(browser.get(&back.replace("state=", "state=x")).await.status, 400);
        // and then it is the right one: once.
        let mut twin = browser.clone();
        assert_eq!(browser.get(&back).await.location(), "/me");
        assert_eq!(twin.get(&back).await.status, 400);
        // Ten minutes are the longest.
        let back = visit(&mut browser, SIGN_IN).await;
        app.pass(600);
        let page = browser.get(&back).await;
        assert_eq!(page.status, 400);
        assert!(page.says("This took too long"), "{}", page.body);
        // What the database holds is of no use to whoever reads it.
        let back = visit(&mut browser, SIGN_IN).await;
        let (_, state) = back.split_once("state=").unwrap();
        assert_eq!(app.found(state).await, Vec::<String>::new());
        assert_eq!(app.found(&browser.cookies["__Host-badges_sign_in"]).await, Vec::<String>::new());
    }

    async fn a_wiki_that_fails_is_told_kindly(app: TestApp) {
        let (wiki, app) = with_wiki(&app, &[(7, "Example Volunteer")]).await;
        app.offers(&[("Example Volunteer", 7)]).await;
        let mut browser = Browser::new(&app);
        for (piece, upset, status, says) in [
            ("access_token", Upset::Answer { status: 503, headers: Vec::new(), body: "busy".to_owned() }, 502, "does not answer as it should"),
            ("access_token", Upset::Answer { status: 400, headers: Vec::new(), body: r#"{"error":"invalid_grant"}"#.to_owned() }, 400, "took too long"),
            ("access_token", Upset::Answer { status: 401, headers: Vec::new(), body: r#"{"error":"invalid_client"}"#.to_owned() }, 502, "does not answer as it should"),
            ("resource/profile", Upset::CutOff, 502, "does not answer as it should"),
            ("resource/profile", Upset::Answer { status: 200, headers: Vec::new(), body: "<html>".to_owned() }, 502, "does not answer as it should"),
        ] {
            wiki.change(|wiki| wiki.upsets = vec![(piece.to_owned(), upset.clone())]);
            let page = sign_in(&wiki, &mut browser, 7, "/sign-in/wikimedia?next=/me/settings").await;
            assert_eq!(page.status, status, "{upset:?}");
            assert!(page.says(says), "{upset:?}: {}", page.body);
            assert!(page.says("/sign-in/wikimedia?next=%2Fme%2Fsettings"), "{}", page.body);
        }
        wiki.change(|wiki| wiki.upsets.clear());
        // Whoever says no there is not asked why.
        let url = browser.get(SIGN_IN).await.location().to_owned();
        let (_, rest) = url.split_once("state=").unwrap();
        let state = rest.split('&').next().unwrap();
        let page = browser.get(&format!("/sign-in/wikimedia/callback?error=access_denied&state={state}")).await;
        assert_eq!(page.status, 403);
        assert!(page.says("Nothing was changed"), "{}", page.body);
        let page = sign_in(&wiki, &mut browser, 7, "/sign-in/wikimedia?next=/me/settings").await;
        assert_eq!(page.location(), "/me/settings");
        let page = sign_in(&wiki, &mut browser, 7, "/sign-in/wikimedia?next=//example.org/").await;
        assert_eq!(page.location(), "/me");
    }

    async fn cookies_are_for_this_host_and_sessions_change(app: TestApp) {
        let (wiki, app) = with_wiki(&app, &[(7, "Example Volunteer")]).await;
        app.offers(&[("Example Volunteer", 7)]).await;
        let mut browser = Browser::new(&app);
        let page = sign_in(&wiki, &mut browser, 7, SIGN_IN).await;
        let cookies: Vec<&str> = page.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
        assert_eq!(cookies.len(), 2, "{cookies:?}");
        for cookie in cookies {
            assert!(cookie.starts_with("__Host-badges"), "{cookie}");
            for attribute in ["; HttpOnly", "; Secure", "; Path=/", "; SameSite=Lax", "; Max-Age="] {
                assert!(cookie.contains(attribute), "{cookie}");
            }
            assert!(!cookie.contains("Domain"), "{cookie}");
        }
        let before = browser.clone();
        sign_in(&wiki, &mut browser, 7, SIGN_IN).await;
        assert_ne!(before.cookies["__Host-badges"], browser.cookies["__Host-badges"]);
        assert!(before.clone().get("/me").await.status.is_redirection(), "the session before has ended");
        assert_eq!(app.found(&browser.cookies["__Host-badges"]).await, Vec::<String>::new());

        let mut elsewhere = Browser::new(&app);
        sign_in(&wiki, &mut elsewhere, 7, SIGN_IN).await;
        browser.get("/me").await;
        browser.post("/sign-out-everywhere", &[]).await;
        for mut browser in [browser, elsewhere] {
            assert!(browser.get("/me").await.location().starts_with("/sign-in"));
        }
    }

    async fn a_claim_makes_an_account(app: TestApp) {
        let (wiki, app) = with_wiki(&app, &[(7, "Example Volunteer"), (8, "Example Other")]).await;
        let offers = app.offers(&[("Somebody Unknown", 0), ("Example Volunteer", 7)]).await;
        let mut browser = Browser::new(&app);
        let page = browser.get(&offers[0].claim).await;
        let path = format!("{}/sign-in", offers[0].claim);
        assert!(page.says(&format!("href=\"{path}\"")));
        let page = sign_in(&wiki, &mut browser, 8, &path).await;
        // The wiki has sent whoever is signed in there: asked is whether that is meant.
        assert_eq!(page.status, 200, "{}", page.body);
        assert!(page.says("Wikimedia says that you are <bdi>Example Other</bdi>."), "{}", page.body);
        assert!(page.says("<bdi>Wikipedia Editor</bdi>"));
        assert_eq!(app.db.person_by_central_id(8).await.unwrap(), None);
        let state = page.value("state").unwrap().to_owned();
        assert_eq!(Browser::new(&app).post("/sign-in/wikimedia/confirm", &[("state", &state)]).await.status, 400);
        let page = browser.post("/sign-in/wikimedia/confirm", &[("state", &state)]).await;
        assert_eq!(page.location(), format!("/me/badges/{}", offers[0].token));
        let page = browser.follow(&page).await;
        assert!(page.says("What accepting means"), "{}", page.body);
        let person = app.db.person_by_central_id(8).await.unwrap().unwrap().person;
        assert_eq!(app.award(&offers[0].award).await.person, Some(person));
        assert_eq!(Browser::new(&app).get(&offers[0].claim).await.status, 404, "the account has it now");

        // What was offered to one account does not go into another.
        let mut browser = Browser::new(&app);
        let page = sign_in(&wiki, &mut browser, 8, &format!("{}/sign-in", offers[1].claim)).await;
        assert_eq!(page.status, 403);
        assert!(page.says("offered to another account"), "{}", page.body);
        assert_eq!(app.award(&offers[1].award).await.person, None);
    }

    async fn two_people_with_one_account_become_one(app: TestApp) {
        let (wiki, app) = with_wiki(&app, &[(7, "Example Volunteer"), (8, "Example Fresh")]).await;
        let offer = &app.offers(&[("Example Volunteer", 7)]).await[0];
        let scene = app.issuing().await;
        // A volunteer with an account,
        let mut volunteer = Browser::new(&app);
        sign_in(&wiki, &mut volunteer, 7, SIGN_IN).await;
        volunteer.get("/me").await;
        let own = format!("/me/badges/{}", offer.token);
        volunteer.post(&format!("{own}/accept"), &[("visibility", "public"), ("named", "nothing")]).await;
        let before = app.db.person_by_central_id(7).await.unwrap().unwrap();
        app.join(&scene.issuer, &before.person, Role::Reviewer).await;
        // who becomes a trainer by a link,
        let trainer = app.db.insert_person(Some("Example Trainer"), None, 0).await.unwrap();
        app.join(&scene.issuer, &trainer, Role::Trainer).await;
        let mut browser = Browser::of(&app, &trainer).await;
        let page = browser.get("/me/settings").await;
        assert!(page.says("Connect my Wikimedia account"), "{}", page.body);
        let page = sign_in(&wiki, &mut browser, 7, "/me/wikimedia").await;
        assert!(page.says("Both become one"), "{}", page.body);
        let state = page.value("state").unwrap().to_owned();
        // which nobody else can confirm,
        let mut thief = Browser::of(&app, &scene.owner).await;
        thief.cookies.insert("__Host-badges_sign_in".to_owned(), browser.cookies["__Host-badges_sign_in"].clone());
        thief.get("/me").await;
        assert_eq!(thief.post("/sign-in/wikimedia/confirm", &[("state", &state)]).await.status, 403);
        let page = sign_in(&wiki, &mut browser, 7, "/me/wikimedia").await;
        let state = page.value("state").unwrap().to_owned();
        let page = browser.post("/sign-in/wikimedia/confirm", &[("state", &state)]).await;
        assert_eq!(page.location(), "/me/settings");
        // has everything in one place.
        let now = app.db.person_by_central_id(7).await.unwrap().unwrap();
        assert_eq!((now.person.as_str(), now.page.as_str()), (trainer.as_str(), before.page.as_str()));
        assert_eq!(now.display_name.as_deref(), Some("Example Trainer"));
        assert!(browser.get(&own).await.status.is_success());
        // What an owner has called them is not for strangers.
        let (_, told) = app.db.person_by_page(&now.page).await.unwrap().unwrap();
        assert_eq!(told, None);
        app.db.set_person(&trainer, Some("Example Own"), None).await.unwrap();
        let (_, told) = app.db.person_by_page(&now.page).await.unwrap().unwrap();
        assert_eq!(told.as_deref(), Some("Example Own"));
        app.db.set_person(&trainer, Some("Example Trainer"), None).await.unwrap();
        let member = app.db.member(&scene.issuer, &trainer).await.unwrap().unwrap();
        assert_eq!((member.role(), member.every_achievement), (Role::Trainer, true));
        assert_eq!(app.db.member(&scene.issuer, &before.person).await.unwrap().map(|member| member.role), None);
        assert!(volunteer.get("/me").await.status.is_redirection(), "sessions of the other half have ended");
        // The log tells who it was, under the name of today, but not who took a badge.
        let action = Action {
            at: app.seconds(), issuer: Some(&scene.issuer), person: Some(&before.person),
            action: "workshop.make", noun: "workshop", object: "workshop", detail: None,
        };
        app.db.log(&action).await.unwrap();
        let log = app.db.audit(&scene.issuer, None, 100).await.unwrap();
        for (action, name) in [("workshop.make", Some("Example Trainer")), ("award.accept", None)] {
            let entry = log.iter().find(|entry| entry.action == action).unwrap();
            assert_eq!((entry.name.as_deref(), entry.person.is_some()), (name, name.is_some()), "{action}");
        }
        assert!(app.db.actions(&trainer).await.unwrap().iter().any(|entry| entry.action == "award.accept"));

        // An account that nobody had is just bound; a second one is refused.
        let mut owner = Browser::of(&app, &scene.owner).await;
        let page = sign_in(&wiki, &mut owner, 8, "/me/wikimedia").await;
        assert!(!page.says("Both become one"));
        let state = page.value("state").unwrap().to_owned();
        owner.post("/sign-in/wikimedia/confirm", &[("state", &state)]).await;
        assert_eq!(app.db.person_by_central_id(8).await.unwrap().unwrap().person, scene.owner);
        assert_eq!(owner.get("/me/wikimedia").await.location(), "/me/settings");
    }

    async fn whoever_gave_a_link_has_no_part_in_the_account(app: TestApp) {
        let (wiki, app) = with_wiki(&app, &[(7, "Example Volunteer")]).await;
        let offer = &app.offers(&[("Example Volunteer", 7)]).await[0];
        let scene = app.issuing().await;
        let mut volunteer = Browser::new(&app);
        sign_in(&wiki, &mut volunteer, 7, SIGN_IN).await;
        let before = app.db.person_by_central_id(7).await.unwrap().unwrap().person;
        insert_token(&app, &before, &scene.issuer).await;
        // An owner invites somebody,
        let mut owner = Browser::of(&app, &scene.owner).await;
        owner.get("/desk/academy/members").await;
        let invited = [("name", "Example Invited"), ("role", "trainer")];
        let link = |page: &Page| page.value("link").unwrap().strip_prefix(crate::testing::PUBLIC_URL).unwrap().to_owned();
        let first = link(&owner.post("/desk/academy/members", &invited).await);
        let members = app.db.members(&scene.issuer).await.unwrap();
        let person = members.iter().find(|member| member.role == "trainer").unwrap().person.clone();
        let more = format!("/desk/academy/members/{person}/link");
        let unused = link(&owner.post(&more, &[]).await);
        // is the first to use the link,
        let mut thief = Browser::new(&app);
        assert!(thief.post(&first, &[]).await.status.is_redirection());
        assert_eq!(Browser::new(&app).post(&unused, &[]).await.status, 410, "one link is enough");
        insert_token(&app, &person, &scene.issuer).await;
        wiki.change(|wiki| wiki.signed_in = Some(7));
        visit(&mut thief, "/me/wikimedia").await;
        // and hands over two more.
        let second = link(&owner.post(&more, &[]).await);
        let mut browser = Browser::new(&app);
        assert!(browser.post(&second, &[]).await.status.is_redirection());
        let third = link(&owner.post(&more, &[]).await);
        let page = sign_in(&wiki, &mut browser, 7, "/me/wikimedia").await;
        assert!(page.says("other browsers are signed out"), "{}", page.body);
        let state = page.value("state").unwrap().to_owned();
        assert_eq!(browser.post("/sign-in/wikimedia/confirm", &[("state", &state)]).await.location(), "/me/settings");
        // The account's badge is in nobody else's hands.
        assert!(browser.get(&format!("/me/badges/{}", offer.token)).await.status.is_success());
        assert!(thief.get("/me").await.status.is_redirection());
        assert!(volunteer.get("/me").await.status.is_redirection());
        assert_eq!(Browser::new(&app).post(&third, &[]).await.status, 410);
        assert_eq!(app.count("select count(*) from api_token").await, 0);
        assert_eq!(app.count("select count(*) from oauth_attempt").await, 0);
        assert_eq!(app.count("select count(*) from session").await, 2, "this browser's and the owner's");
    }

    async fn a_link_is_good_only_as_long_as_it_could_be_given(app: TestApp) {
        let scene = app.scene().await;
        let person = app.db.insert_person(Some("Example Invited"), None, app.seconds()).await.unwrap();
        app.join(&scene.issuer, &person, Role::Trainer).await;
        let given = auth::sign_in_link(&app, &person, Some(&scene.owner), 60).await.unwrap();
        let own = auth::sign_in_link(&app, &person, None, 60).await.unwrap();
        app.db.set_service_owner(&person, app.seconds()).await.unwrap();
        for (link, status) in [(given, 410), (own, 303)] {
            let path = link.strip_prefix(crate::testing::PUBLIC_URL).unwrap();
            assert_eq!(Browser::new(&app).post(path, &[]).await.status, status);
        }
    }

    async fn an_account_takes_what_it_accepted_before(app: TestApp) {
        let (wiki, app) = with_wiki(&app, &[(7, "Example Volunteer")]).await;
        let offer = &app.offers(&[("Example Volunteer", 7)]).await[0];
        let mut browser = Browser::new(&app);
        browser.get(&offer.claim).await;
        let page = browser.post(&format!("{}/accept", offer.claim), &[("visibility", "unlisted"), ("named", "nothing")]).await;
        let personal = page.location().to_owned();
        sign_in(&wiki, &mut browser, 7, SIGN_IN).await;
        assert!(browser.get("/me").await.says(&offer.token));
        let person = app.db.person_by_central_id(7).await.unwrap().unwrap().person;
        assert_eq!(app.award(&offer.award).await.person, Some(person));
        assert!(Browser::new(&app).get(&personal).await.status.is_success(), "the personal link goes on");
    }

    async fn names_are_followed(app: TestApp) {
        let (wiki, app) = with_wiki(&app, &[(7, "Example Old"), (8, "Example Vanishing"), (9, "Example Locked")]).await;
        let offers = app.offers(&[("Example Old", 7), ("Example Vanishing", 8), ("Example Locked", 9)]).await;
        let mut browsers = Vec::new();
        for (offer, id) in offers.iter().zip([7, 8, 9]) {
            let mut browser = Browser::new(&app);
            sign_in(&wiki, &mut browser, id, SIGN_IN).await;
            browser.get("/me").await;
            let path = format!("/me/badges/{}/accept", offer.token);
            browser.post(&path, &[("visibility", "public"), ("named", "user-name")]).await;
            browsers.push(browser);
        }
        wiki.change(|wiki| {
            wiki.rename(7, "Example New");
            wiki.vanish(8);
            wiki.lock(9);
            wiki.asked.clear();
        });
        assert_eq!(accounts::refresh(&app).await.unwrap(), 0, "looked at just now");
        app.pass(86_401);
        let locked = app.db.person_by_central_id(9).await.unwrap().unwrap().person;
        insert_token(&app, &locked, &app.issuing().await.issuer).await;
        auth::sign_in_link(&app, &locked, None, 1_000_000).await.unwrap();
        // A wiki that does not answer is asked again in an hour, not in a day.
        wiki.change(|wiki| wiki.upset("api.php", Upset::Answer { status: 503, headers: Vec::new(), body: String::new() }));
        assert_eq!(accounts::refresh(&app).await.unwrap(), 3);
        assert_eq!(accounts::refresh(&app).await.unwrap(), 0);
        app.pass(3_601);
        wiki.change(|wiki| {
            wiki.upsets.clear();
            wiki.asked.clear();
        });
        // Two processes at once: each account is asked for once.
        let (one, two) = tokio::join!(accounts::refresh(&app), accounts::refresh(&app));
        assert_eq!(one.unwrap() + two.unwrap(), 3);

        for (number, name) in [(0, Some("Example New")), (1, None), (2, Some("Example Locked"))] {
            let person = app.db.person_by_central_id(7 + i64::try_from(number).unwrap()).await.unwrap().unwrap();
            assert_eq!(person.user_name.as_deref(), name);
            let text = app.db.credential(&offers[number].award).await.unwrap().unwrap().text;
            assert_eq!(text.contains("identityHash"), name.is_some(), "{text}");
            assert!(name.is_none_or(|name| text.contains(name)), "{text}");
        }
        // What has changed is overwritten in SQLite's log of changes with the next thousand pages.
        let found = app.found("Example Vanishing").await;
        assert!(found.iter().all(|place| place == "badges.sqlite-wal"), "{found:?}");
        assert!(browsers[0].get("/me").await.says("Example New"));
        assert!(browsers[2].get("/me").await.status.is_redirection(), "who is locked out there is signed out here");
        for table in ["api_token", "sign_in_link"] {
            assert_eq!(app.count(&format!("select count(*) from {table} where person = '{locked}'")).await, 0, "{table}");
        }
    }

    async fn names_in_badges_of_nobody_here_are_followed_too(app: TestApp) {
        let (wiki, app) = with_wiki(&app, &[(7, "Example Old"), (8, "Example Hidden")]).await;
        let offers = app.offers(&[("Example Old", 7), ("Example Hidden", 8)]).await;
        let text = async |offer: usize| app.db.credential(&offers[offer].award).await.unwrap().unwrap().text;
        for offer in &offers {
            let mut browser = Browser::new(&app);
            browser.get(&offer.claim).await;
            let choice = [("visibility", "public"), ("named", "user-name")];
            browser.post(&format!("{}/accept", offer.claim), &choice).await;
        }
        wiki.change(|wiki| {
            wiki.rename(7, "Example New");
            wiki.suppress(8);
        });
        // The name was learned, but the service ended before the badge was signed again.
        app.db.follow_account(7, Some("Example New"), app.seconds()).await.unwrap();
        assert!(text(0).await.contains("Example Old"));
        app.pass(86_401);
        assert_eq!(accounts::refresh(&app).await.unwrap(), 2);
        assert!(text(0).await.contains("Example New") && !text(0).await.contains("Example Old"));
        assert!(!text(1).await.contains("identityHash"), "{}", text(1).await);
        let versions = app.count("select count(*) from credential").await;
        app.pass(86_401);
        accounts::refresh(&app).await.unwrap();
        assert_eq!(app.count("select count(*) from credential").await, versions, "nothing is signed again for nothing");
    }

    async fn sign_in_links_work_once(app: TestApp) {
        let person = app.db.insert_person(None, None, app.seconds()).await.unwrap();
        let link = auth::sign_in_link(&app, &person, None, 60).await.unwrap();
        let path = link.strip_prefix(crate::testing::PUBLIC_URL).unwrap();
        let mut browser = Browser::new(&app);
        // Looking at it does not use it.
        for _ in 0..2 {
            assert_eq!(browser.get(path).await.status, 200);
        }
        assert_eq!(browser.post_as("cross-site", path, &[]).await.status, 403);
        assert_eq!(browser.post(path, &[]).await.location(), "/me");
        assert_eq!(Browser::new(&app).post(path, &[]).await.status, 410);
    }
}
