//! What people do with their account, through the whole router.

use serde_json::Value;

use super::path_of;
use crate::browser::Browser;
use crate::db::Role;
use crate::testing::{TestApp, on_both};

#[test]
fn pasted_links_are_understood() {
    for (pasted, path) in [
        ("https://badges.example.org/claim/abc_-1", Some("/claim/abc_-1")),
        (" badges.example.org/mine/abc.\n", Some("/mine/abc")),
        ("https://badges.example.org/claim/", None),
        ("//example.org/", None),
        ("", None),
    ] {
        assert_eq!(path_of(pasted).as_deref(), path, "{pasted}");
    }
}

on_both! {
    async fn an_account_is_set_up(app: TestApp) {
        let person = app.db.insert_person(None, None, app.seconds()).await.unwrap();
        let mut browser = Browser::of(&app, &person).await;
        let page = browser.get("/me").await;
        assert!(page.says("No badges yet"), "{}", page.body);
        browser.get("/me/settings").await;
        let page = browser.post("/me/settings", &[("display_name", " Example Name "), ("language", "ar")]).await;
        assert_eq!(page.location(), "/me/settings?uselang=ar");
        let page = browser.follow(&page).await;
        assert!(page.says("lang=\"ar\" dir=\"rtl\"") && page.says("حُفظت الإعدادات."), "{}", page.body);
        assert_eq!(page.value("display_name"), Some("Example Name"));
        let known = app.db.person(&person).await.unwrap().unwrap();
        assert_eq!((known.display_name.as_deref(), known.language.as_deref()), (Some("Example Name"), Some("ar")));
        assert_eq!(page.value("page").unwrap(), app.settings.public_url.join(&format!("/people/{}", known.page)));

        let long = "x".repeat(101);
        let page = browser.post("/me/settings", &[("display_name", &long), ("language", "en")]).await;
        assert_eq!(page.status, 422);
        assert_eq!(page.value("display_name"), Some(long.as_str()));
        browser.post("/me/settings", &[("display_name", ""), ("language", "xx")]).await;
        let known = app.db.person(&person).await.unwrap().unwrap();
        assert_eq!((known.display_name, known.language), (None, None));
    }

    async fn a_pasted_link_is_opened(app: TestApp) {
        let offer = &app.offers(&[("Example Volunteer", 0)]).await[0];
        let person = app.db.insert_person(None, None, app.seconds()).await.unwrap();
        let mut browser = Browser::of(&app, &person).await;
        browser.get("/me").await;
        let page = browser.post("/me/add", &[("link", &app.settings.public_url.join(&offer.claim))]).await;
        assert_eq!(page.location(), offer.claim);
        let page = browser.post("/me/add", &[("link", "https://example.org/elsewhere")]).await;
        assert_eq!(page.status, 422);
        assert_eq!(page.value("link"), Some("https://example.org/elsewhere"));
    }

    async fn everything_is_taken_along(app: TestApp) {
        let offer = &app.offers(&[("Example Volunteer", 7)]).await[0];
        let scene = app.issuing().await;
        let person = app.db.insert_account(7, Some("Example Volunteer"), "en", app.seconds()).await.unwrap();
        app.join(&scene.issuer, &person, Role::Reviewer, None).await;
        let mut browser = Browser::of(&app, &person).await;
        browser.get("/me").await;
        browser.post(&format!("/me/badges/{}/accept", offer.token), &[("visibility", "public"), ("named", "hashed")]).await;
        let page = browser.get("/me/export.json").await;
        assert!(page.header("content-disposition").starts_with("attachment"));
        let data: Value = serde_json::from_str(&page.body).unwrap();
        assert_eq!(data["person"]["wikimedia_central_id"], 7);
        assert_eq!(data["roles"][0]["role"], "reviewer");
        assert_eq!(data["badges"][0]["id"], offer.award.as_str());
        assert_eq!(data["badges"][0]["recipient"]["wikimedia_user_name"], "Example Volunteer");
        assert!(data["badges"][0]["recipient"]["salt"].is_string());
        let text = app.db.credential(&offer.award).await.unwrap().unwrap().text;
        assert_eq!(data["badges"][0]["credential"], text);
        assert_eq!(data["sessions"].as_array().unwrap().len(), 1);
        assert!(data["actions"].as_array().unwrap().iter().any(|action| action["action"] == "award.accept"));
        assert!(!page.says(&browser.cookies["__Host-badges"]), "no secrets");
    }

    async fn everything_is_erased(app: TestApp) {
        let offers = app.offers(&[("Example Volunteer", 7), ("Example Second", 8), ("Example Third", 0)]).await;
        let scene = app.issuing().await;
        let person = app.db.insert_account(7, Some("Example Volunteer"), "en", app.seconds()).await.unwrap();
        app.db.set_person(&person, Some("Example Displayed"), Some("en")).await.unwrap();
        app.join(&scene.issuer, &person, Role::Trainer, None).await;
        let page_of = app.db.person(&person).await.unwrap().unwrap().page;
        let mut browser = Browser::of(&app, &person).await;
        browser.get("/me").await;
        // One badge that was offered to the account, and one that came by a link.
        let path = format!("/me/badges/{}/accept", offers[0].token);
        browser.post(&path, &[("visibility", "public"), ("named", "hashed")]).await;
        let salt = app.db.recipient(&offers[0].award).await.unwrap().unwrap().salt.unwrap();
        let fields = [("visibility", "public"), ("named", "name"), ("name", "Example Certified"), ("account", "yes")];
        browser.post(&format!("{}/accept", offers[2].claim), &fields).await;

        let page = browser.get("/me/erase").await;
        assert!(page.says("All your badges are erased"), "{}", page.body);
        let traces = [
            "Example Volunteer", "Example Displayed", "Example Certified", "Example Third", salt.as_str(), page_of.as_str(),
            "central:7",
        ];
        for trace in traces {
            assert!(!app.found(trace).await.is_empty(), "the search finds {trace} while it is there");
        }
        let page = browser.post("/me/erase", &[]).await;
        assert_eq!(page.location(), "/");
        for trace in traces {
            assert_eq!(app.found(trace).await, Vec::<String>::new(), "{trace}");
        }
        assert!(!app.found("Example Second").await.is_empty(), "others keep theirs");
        for offer in [&offers[0], &offers[2]] {
            assert_eq!(app.award(&offer.award).await.acceptance, "erased");
        }
        assert!(browser.get("/me").await.status.is_redirection());
        assert_eq!(app.db.member(&scene.issuer, &person).await.unwrap().map(|member| member.role), None);
    }

    async fn the_last_owner_is_told_what_to_do_first(app: TestApp) {
        app.offers(&[("Example Volunteer", 7)]).await;
        let scene = app.issuing().await;
        let mut owner = Browser::of(&app, &scene.owner).await;
        let page = owner.get("/me/erase").await;
        assert!(page.says("Make somebody else an owner first") && page.says("/desk/academy/members"), "{}", page.body);
        assert_eq!(owner.post("/me/erase", &[]).await.status, 409);
        assert!(app.db.person(&scene.owner).await.unwrap().is_some());
        let other = app.db.insert_person(None, None, app.seconds()).await.unwrap();
        app.join(&scene.issuer, &other, Role::Owner, None).await;
        owner.get("/me/erase").await;
        assert_eq!(owner.post("/me/erase", &[]).await.location(), "/");
        assert_eq!(app.db.person(&scene.owner).await.unwrap(), None);
    }
}
