//! From nothing to claim links.

use super::*;
use crate::db::Role;
use crate::testing::on_both;

on_both! {
    async fn forty_names_are_badges_with_claim_links(app: TestApp) {
        let (scene, mut browser) = owner(&app).await;
        let page = browser.get("/desk/academy/workshops/new").await;
        assert_eq!(page.value("starts_on"), Some("2026-05-01"));

        // What is wrong is said, and what was typed is still there.
        let wrong = [("title", ""), ("starts_on", "2026-05-01"), ("place", "Example Hall"), ("ends_on", "2026-04-01"), ("event_page", "example.org")];
        let page = browser.post("/desk/academy/workshops/new", &wrong).await;
        assert_eq!(page.status, 422);
        assert!(page.says("Give the workshop a title."), "{}", page.body);
        assert!(page.says("The last day is before the first.") && page.says("<details open>"));
        assert_eq!(page.value("place"), Some("Example Hall"));
        assert_eq!(page.value("event_page"), Some("example.org"));

        let fields = [("title", "ورشة مثال"), ("starts_on", "2026-05-01"), ("language", "ar"), ("achievement", scene.achievement.as_str()),
            ("event_id", "https://meta.wikimedia.org/wiki/Special:EventDetails/12"), ("method", "mentoring")];
        let page = browser.post("/desk/academy/workshops/new", &fields).await;
        let participants = page.location().to_owned();
        let workshop = participants.strip_suffix("/participants").unwrap().to_owned();
        // A second press is the same workshop.
        let request = browser.get("/desk/academy/workshops/new").await.value("request").unwrap().to_owned();
        let twice = [("title", "Twice"), ("starts_on", "2026-05-01"), ("language", "ar"), ("method", "mentoring"), ("request", &request)];
        let first = browser.post("/desk/academy/workshops/new", &twice).await.location().to_owned();
        assert_eq!(browser.post("/desk/academy/workshops/new", &twice).await.location(), first);
        assert_eq!(app.count("select count(*) from workshop where title = 'Twice'").await, 1);
        let page = browser.get(&participants).await;
        assert!(page.says("Who took part?") && page.says("ورشة مثال"));

        // What is known of a workshop can be changed at any time.
        let page = browser.get(&format!("{workshop}/edit")).await;
        assert!(page.value("event_id") == Some("12") && page.says("value=\"mentoring\" selected") && page.says("checked"), "{}", page.body);
        let fields = [("title", "ورشة مثال"), ("starts_on", "2026-04-30"), ("ends_on", "2026-05-01"), ("language", "pt-br"), ("place", "Example Hall"), ("achievement", scene.achievement.as_str())];
        let page = browser.post(&format!("{workshop}/edit"), &fields).await;
        let page = browser.follow(&page).await;
        assert!(page.says("30 April 2026 to 1 May 2026") && page.says("português do Brasil") && page.says("Example Hall"), "{}", page.body);
        let page = browser.post(&format!("{workshop}/edit"), &[("title", &"x".repeat(201)), ("starts_on", "soon"), ("language", "?")]).await;
        assert!(page.status == 422 && page.says("Write at most 200 characters.") && page.value("starts_on") == Some("soon"), "{}", page.body);

        // One bad row stops none of the others.
        let names: Vec<String> = (1..=40).map(|number| format!("Example {number}")).collect();
        let list = names.join("\n") + "\nFoo@bar\nexample 7\n# late\n";
        let page = browser.upload(&participants, &[("list", &list)], &[]).await;
        let page = browser.follow(&page).await;
        assert!(page.says("40 will be offered it"), "{}", page.body);
        assert!(page.says("One problem") && page.says("One left out"));
        assert!(page.says("“<bdi>Foo@bar</bdi>” is not a user name") && page.says("The same person as at <bdi>line 7</bdi>."));
        let problem = page.body.find("Foo@bar").unwrap();
        assert!(problem < page.body.find("Example 1<").unwrap(), "problems come first");

        // The bad row is mended, another person added, one removed.
        let row = all(&page, "name=\"row.")[0].to_owned();
        let first = all(&page, "name=\"remove\" value=\"")[1].to_owned();
        let page = browser.post(&format!("{participants}/mend"), &[
            (&format!("row.{row}"), "Foo bar"), ("add", "Late Example"), ("remove", &first)]).await;
        let page = browser.follow(&page).await;
        assert!(page.says("41 will be offered it") && !page.says("One problem"), "{}", page.body);
        assert!(page.says("Foo bar") && page.says("Late Example") && !page.says("<bdi>Example 1</bdi>"));
        assert_eq!(app.count("select count(*) from award").await, 0, "nothing is offered yet");

        // The finished badge is shown.
        let page = browser.get(&format!("{workshop}/award?achievement=editor")).await;
        assert!(page.says("Offer 41 badges") && page.says("Write three articles.") && page.says("OpenBadgeCredential"), "{}", page.body);
        assert!(page.says("until 1 May 2028"));
        let request = page.value("request").unwrap().to_owned();
        let future = [("request", request.as_str()), ("achievement", "editor"), ("awarded_on", "2026-06-01")];
        let page = browser.post(&format!("{workshop}/award"), &future).await;
        assert_eq!((page.status.as_u16(), page.value("awarded_on"), page.value("request")), (422, Some("2026-06-01"), Some(request.as_str())));

        // A second press is the same job.
        let form = [("request", request.as_str()), ("achievement", "editor"), ("awarded_on", "2026-05-01")];
        let first = browser.post(&format!("{workshop}/award"), &form).await.location().to_owned();
        let page = browser.get(&first).await;
        assert!(page.says("0 of 41") && page.says("http-equiv=\"refresh\""), "{}", page.body);
        assert_eq!(browser.post(&format!("{workshop}/award"), &form).await.location(), first);
        let page = finish(&app, &mut browser, &first).await;
        assert!(page.says("41 badges are offered") && !page.says("http-equiv"), "{}", page.body);
        assert_eq!(browser.post(&format!("{workshop}/award"), &form).await.location(), first);
        assert_eq!(app.count("select count(*) from award").await, 41);

        // Each person has a link, and it opens the badge.
        let page = browser.get(&format!("{workshop}/links")).await;
        let links: Vec<String> = all(&page, "value=\"https://badges.example.org/claim/").into_iter().map(str::to_owned).collect();
        assert_eq!(links.len(), 41);
        let page = Browser::new(&app).get(&format!("/claim/{}", links[0])).await;
        assert!(page.status.is_success() && page.says("Wikipedia Editor"), "{}", page.body);

        let page = browser.get(&format!("{workshop}/links.csv")).await;
        assert!(page.bytes.starts_with(b"\xef\xbb\xbfname,display_name,central_id,achievement,state,claim_link"));
        assert_eq!(page.body.lines().filter(|line| line.contains("https://badges.example.org/claim/")).count(), 41);
        let page = browser.get(&format!("{workshop}/links/slips")).await;
        assert_eq!(page.body.matches("<svg class=\"code\"").count(), 41);

        // Nobody gets it again by accident, and the list says so.
        let page = browser.get(&participants).await;
        assert!(page.says("Nobody will be offered it") && page.says("41 have it already"), "{}", page.body);
        assert!(page.says("Wikipedia Editor</bdi>, since"));
        assert_eq!(page.body.matches("name=\"remove\"").count(), 1, "only the row that was passed over");
        let page = browser.get(&workshop).await;
        assert!(page.says("41 badges were offered. Accepted: none."), "{}", page.body);
    }

    async fn several_achievements_are_one_press(app: TestApp) {
        let (_, mut browser) = owner(&app).await;
        paste(&mut browser, "Example\nمثال").await;
        award(&app, &mut browser, "editor").await;
        paste(&mut browser, "Third Example").await;
        let page = browser.get(&at("/participants?achievement=editor&achievement=mentor")).await;
        assert!(page.says("3 will be offered it"), "who lacks one of them: {}", page.body);
        let page = browser.get(&at("/award?achievement=editor&achievement=mentor")).await;
        assert!(page.says("Offer 4 badges"), "{}", page.body);
        let request = page.value("request").unwrap().to_owned();
        let form = [("request", request.as_str()), ("achievement", "editor"), ("achievement", "mentor"), ("awarded_on", "2026-05-01")];
        let path = browser.post(&at("/award"), &form).await.location().to_owned();
        let page = finish(&app, &mut browser, &path).await;
        assert!(page.says("4 badges are offered") && page.says("Had it already"), "{}", page.body);
        assert_eq!(app.count("select count(*) from award").await, 6);
    }

    async fn trainers_award_only_what_they_may(app: TestApp) {
        let (scene, mut owner) = owner(&app).await;
        paste(&mut owner, "Example\nOther Example").await;
        award(&app, &mut owner, "editor").await;
        let join = async |role, achievements: Option<&[String]>| {
            let person = app.db.insert_person(Some("Example Member"), None, 0).await.unwrap();
            app.join_for(&scene.issuer, &person, role, achievements).await;
            Browser::of(&app, &person).await
        };
        let mut trainer = join(Role::Trainer, Some(std::slice::from_ref(&scene.suspendable))).await;
        let page = trainer.get(&at("/participants")).await;
        assert!(page.says("value=\"mentor\"") && !page.says("value=\"editor\""), "{}", page.body);
        let page = trainer.get(&at("/award?achievement=mentor")).await;
        let request = page.value("request").unwrap().to_owned();
        let form = [("request", request.as_str()), ("achievement", "editor"), ("awarded_on", "2026-05-01")];
        assert_eq!(trainer.post(&at("/award"), &form).await.status, 403);
        let page = trainer.get(&at("/links")).await;
        assert!(page.says("Other Example") && !page.says("/claim/"), "links to claim what others award");
        let award = all(&page, "/desk/academy/awards/")[0].to_owned();
        let page = trainer.get(&format!("/desk/academy/awards/{award}")).await;
        assert!(page.status.is_success() && !page.says("/claim/") && !page.says("/revoke"), "{}", page.body);
        for path in ["revoke", "correct"] {
            assert_eq!(trainer.get(&format!("/desk/academy/awards/{award}/{path}")).await.status, 403, "{path}");
        }
        for path in ["revoke", "suspend", "reinstate", "correct", "renew"] {
            let form = [("reason", "mistake"), ("achievement", scene.achievement.as_str()), ("awarded_on", "2026-05-01")];
            assert_eq!(trainer.post(&format!("/desk/academy/awards/{award}/{path}"), &form).await.status, 403, "{path}");
        }
        assert_eq!(trainer.post(&at("/links/renew"), &[("award", &award)]).await.status, 403);

        // Reviewers read.
        let mut reviewer = join(Role::Reviewer, None).await;
        for path in ["", "/participants", "/links"] {
            let page = reviewer.get(&at(path)).await;
            assert!(page.status.is_success() && !page.says("/claim/"), "{path}");
        }
        for path in ["/edit", "/participants/add", "/award?achievement=editor", "/links.csv", "/links/slips", "/links/wikitext"] {
            assert_eq!(reviewer.get(&at(path)).await.status, 403, "{path}");
        }
        for path in ["/edit", "/participants/mend", "/participants/accounts", "/links/renew"] {
            assert_eq!(reviewer.post(&at(path), &[("award", &award)]).await.status, 403, "{path}");
        }
        assert_eq!(reviewer.upload(&at("/participants"), &[("list", "X")], &[]).await.status, 403);
        assert!(reviewer.get("/desk/academy/awards").await.says("Other Example"));

        // Strangers learn nothing, and what is not the issuer's is not there.
        let stranger = app.db.insert_person(None, None, 0).await.unwrap();
        let mut stranger = Browser::of(&app, &stranger).await;
        for path in [at(""), at("/links.csv"), format!("/desk/academy/awards/{award}"), "/desk/academy/awards".to_owned()] {
            assert_eq!(stranger.get(&path).await.status, 403, "{path}");
            assert!(Browser::new(&app).get(&path).await.location().starts_with("/sign-in"), "{path}");
        }
        assert_eq!(owner.get("/desk/academy/workshops/none").await.status, 404);
        assert_eq!(owner.get("/desk/academy/awards/none").await.status, 404);
        assert_eq!(owner.get("/desk/academy/jobs/none").await.status, 404);
    }
}
