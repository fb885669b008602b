//! What can be done with awards.

use super::*;
use crate::testing::on_both;

/// The page of the first award whose name is this.
async fn open(browser: &mut Browser, name: &str) -> (String, Page) {
    let page = browser
        .get(&format!("/desk/academy/awards?name={name}"))
        .await;
    let path = format!(
        "/desk/academy/awards/{}",
        all(&page, "href=\"/desk/academy/awards/")[0]
    );
    let page = browser.get(&path).await;
    (path, page)
}

on_both! {
    async fn an_award_is_found_and_taken_back(app: TestApp) {
        let (_, mut browser) = owner(&app).await;
        paste(&mut browser, "Example Volunteer\nمثال\n100% Example").await;
        award(&app, &mut browser, "mentor").await;
        let page = browser.get("/desk/academy/awards?name=100%25").await;
        assert!(page.says("100% Example") && !page.says("Example Volunteer"), "{}", page.body);
        assert!(browser.get("/desk/academy/awards?state=accepted").await.says("No award was found."));
        assert!(browser.get("/desk/academy/awards?workshop=workshop&achievement=achievement-mentor&state=offered").await.says("مثال"));

        let (path, page) = open(&mut browser, "volunteer").await;
        assert!(page.says("https://badges.example.org/claim/") && page.says("Offered a badge") && page.says("/suspend"), "{}", page.body);

        // Back for now, and again.
        assert!(browser.get(&format!("{path}/suspend")).await.says("Until you reinstate it"));
        let page = browser.post(&format!("{path}/suspend"), &[("note", "We are looking into it.")]).await;
        let page = browser.follow(&page).await;
        assert!(page.says("The badge is suspended.") && page.says("We are looking into it."), "{}", page.body);
        let page = browser.post(&format!("{path}/reinstate"), &[]).await;
        assert!(browser.follow(&page).await.says("The badge is valid again."));

        // Another link, and the old one is dead.
        let before = browser.get(&path).await.value("claim").unwrap().to_owned();
        let page = browser.post(&format!("{path}/renew"), &[]).await;
        let after = browser.follow(&page).await.value("claim").unwrap().to_owned();
        assert_ne!(before, after);
        let status = async |link: &str| Browser::new(&app).get(link.strip_prefix("https://badges.example.org").unwrap()).await.status;
        assert!(status(&after).await.is_success() && status(&before).await.is_client_error());

        // For good: asked first, a reason is needed, what was typed stays.
        let page = browser.get(&format!("{path}/revoke")).await;
        assert!(page.says("It is for good.") && page.says("within minutes"), "{}", page.body);
        let page = browser.post(&format!("{path}/revoke"), &[("note", "Was not there.")]).await;
        assert!(page.status == 422 && page.says("Choose a reason.") && page.says("Was not there."), "{}", page.body);
        let page = browser.post(&format!("{path}/revoke"), &[("reason", "mistake"), ("note", "Was not there.")]).await;
        let page = browser.follow(&page).await;
        assert!(page.says("It was awarded by mistake") && page.says("Was not there.") && page.says("Revoked a badge"), "{}", page.body);
        assert!(!page.says("/claim/") && !page.says("/correct"));
        assert_eq!(browser.get(&format!("{path}/revoke")).await.status, 409);
        let page = Browser::new(&app).get(after.strip_prefix("https://badges.example.org").unwrap()).await;
        assert!(page.says("revoked"), "{}", page.body);
        assert!(browser.get("/desk/academy/awards?state=revoked").await.says("Example Volunteer"));
        let log = browser.get("/desk/academy/audit").await;
        assert!(log.says("Revoked a badge") && log.says(&format!("<a href=\"{path}\"><bdi>Example Volunteer</bdi></a>")), "{}", log.body);
        assert!(log.says("<bdi>Example Owner</bdi>") && log.says("href=\"/desk/academy/workshops/workshop\"><bdi>First Articles</bdi>"));
        app.execute("update person_detail set display_name = null").await;
        assert!(browser.get("/desk/academy/audit").await.says("No name given (you)"));
        // Whose badge was taken back has had it, and the list says what became of it.
        assert!(browser.get(&at("/participants?achievement=mentor")).await.says("It was revoked."));
    }

    async fn slips_stand_in_the_order_of_the_list_and_say_which_they_are(app: TestApp) {
        let (_, mut browser) = owner(&app).await;
        paste(&mut browser, "Example Second\nExample First").await;
        award(&app, &mut browser, "editor").await;
        let page = browser.get(&at("/links/slips")).await;
        let place = |name: &str| page.body.find(name).unwrap();
        assert!(place("Example Second") < place("Example First") && !page.says("Slips 1 to"), "{}", page.body);
        app.execute(
            "insert into award (id, token, issuer, did, achievement, version, workshop, credential_id, subject, acceptance, \
                visibility, named, standing, awarded_at, claim_renewal, claim_hash, claim_until, made_by, made_at) \
             with recursive n (i) as (select 1 union all select i + 1 from n where i < 500) \
             select 'copy-' || i, 'copy-' || i, issuer, did, achievement, version, workshop, 'urn:copy:' || i, subject, acceptance, \
                visibility, named, standing, awarded_at, 0, 'hash-' || i, claim_until, made_by, made_at \
             from n, (select * from award limit 1) as one").await;
        let page = browser.get(&at("/links/slips")).await;
        assert!(page.says("Slips 1 to 500 of 502.") && page.says("Example Second"));
        assert_eq!(page.body.matches("<svg class=\"code\"").count(), 500);
        let page = browser.get(&at("/links/slips?page=2")).await;
        assert!(page.says("Slips 501 to 502 of 502."), "{}", page.body);
    }

    async fn erased_and_corrected_awards_are_not_among_the_revoked(app: TestApp) {
        let (_, mut browser) = owner(&app).await;
        paste(&mut browser, "Example First\nExample Second\nExample Third").await;
        award(&app, &mut browser, "editor").await;
        let of = |name: &str| format!("where id in (select award from recipient where user_name = 'Example {name}')");
        app.execute("update award set standing = 'revoked'").await;
        app.execute(&format!("update award set superseded_by = id {}", of("Second"))).await;
        app.execute(&format!("update award set acceptance = 'erased' {}", of("Third"))).await;
        let overview = browser.get("/desk/academy").await;
        for (state, name) in [("revoked", "First"), ("corrected", "Second"), ("erased", "Third")] {
            let page = browser.get(&format!("/desk/academy/awards?state={state}")).await;
            assert_eq!(all(&page, "href=\"/desk/academy/awards/").len(), 1, "{state}: {}", page.body);
            assert!(page.says(&format!("Example {name}")), "{state}: {}", page.body);
        }
        for words in ["Revoked", "Corrected", "Removed by their holders"] {
            assert!(overview.says(&format!("<dt>{words}</dt><dd class=\"number\">1</dd>")), "{words}: {}", overview.body);
        }
    }

    async fn what_would_have_ended_is_told_beside_the_day(app: TestApp) {
        let (_, mut browser) = owner(&app).await;
        paste(&mut browser, "Example Volunteer").await;
        app.execute("update workshop set starts_on = '2024-04-30'").await;
        app.execute("update achievement_version set validity = 'P1Y'").await;
        let page = browser.get(&at("/award?achievement=editor")).await;
        assert_eq!((page.status.as_u16(), page.value("awarded_on")), (200, Some("2024-04-30")));
        assert!(page.says("would not be valid any more") && page.says("Write three articles."), "{}", page.body);
        let request = page.value("request").unwrap().to_owned();
        let press = |day: &'static str| [("request", request.clone()), ("achievement", "editor".to_owned()), ("awarded_on", day.to_owned())];
        for (day, status) in [("2024-04-30", 422), ("2025-05-01", 422), ("2025-05-02", 303)] {
            let form = press(day);
            let form: Vec<(&str, &str)> = form.iter().map(|(name, text)| (*name, text.as_str())).collect();
            let page = browser.post(&at("/award"), &form).await;
            assert_eq!(page.status.as_u16(), status, "{day}: {}", page.body);
            assert_eq!(page.says("would not be valid any more"), status == 422, "{day}");
        }
    }

    async fn what_nobody_looked_at_is_not_awarded(app: TestApp) {
        let (_, mut browser) = owner(&app).await;
        paste(&mut browser, "Example Volunteer").await;
        let mut page = browser.get(&at("/award?achievement=editor")).await;
        // Somebody joins the list, somebody is changed on it, and the achievement says something else, in
        // its version or in another one.
        for change in [
            "update participant set evidence = 'https://example.org/' where user_name = 'Example Volunteer'",
            "update participant set recipient_key = 'name:Other', user_name = 'Other'",
            "update achievement_version set document = replace(document, 'Write three', 'Write thirty') where achievement = 'achievement-editor'",
            "insert into achievement_version select achievement, 2, name, document, image, validity, suspendable, made_at, made_by \
                from achievement_version where achievement = 'achievement-editor'",
            "",
        ] {
            let value = |name: &str| page.value(name).unwrap().to_owned();
            let (request, list, version) = (value("request"), value("list"), value("version.editor"));
            if change.is_empty() {
                app.participants("workshop", &[("Late Example", 7)]).await;
            } else {
                app.execute(change).await;
                app.execute("update achievement set version = (select max(version) from achievement_version where achievement = achievement.id)").await;
            }
            let form = [("request", request.as_str()), ("achievement", "editor"), ("awarded_on", "2026-05-01"),
                ("list", &list), ("version.editor", &version), ("again", "yes")];
            page = browser.post(&at("/award"), &form).await;
            assert_eq!(page.status, 409, "{change}: {}", page.body);
            assert!(page.says("was changed since you looked at it") && page.value("request") == Some(&request), "{}", page.body);
        }
        assert_eq!(app.count("select count(*) from job").await, 0);
        let value = |name: &str| page.value(name).unwrap().to_owned();
        let (request, list, version) = (value("request"), value("list"), value("version.editor"));
        let form = [("request", request.as_str()), ("achievement", "editor"), ("awarded_on", "2026-05-01"),
            ("list", &list), ("version.editor", &version)];
        let first = browser.post(&at("/award"), &form).await.location().to_owned();
        assert_eq!(app.count("select count(*) from job_row").await, 2);
        // A second press is the same job, whatever the list is by now.
        app.participants("workshop", &[("Last Example", 8)]).await;
        assert_eq!(browser.post(&at("/award"), &form).await.location(), first);
    }

    async fn what_stops_the_awarding_is_told(app: TestApp) {
        let (_, mut browser) = owner(&app).await;
        paste(&mut browser, "Example Volunteer").await;
        let page = browser.get(&at("/award?achievement=editor")).await;
        let request = page.value("request").unwrap().to_owned();
        let form = [("request", request.as_str()), ("achievement", "editor"), ("awarded_on", "2026-05-01")];
        let path = browser.post(&at("/award"), &form).await.location().to_owned();
        app.execute("update job set error = 'internal'").await;
        for path in [path.clone(), format!("{path}.json")] {
            let page = browser.get(&path).await;
            assert!(page.says("0 of 1. Something here does not work") && page.says("(internal)"), "{}", page.body);
        }
    }

    async fn why_no_badge_was_made_is_told_in_the_readers_language(app: TestApp) {
        let (_, mut browser) = owner(&app).await;
        paste(&mut browser, "Example Volunteer").await;
        app.execute("update participant set evidence = 'no address'").await;
        award(&app, &mut browser, "editor").await;
        let job = app.db.jobs("workshop").await.unwrap()[0].id.clone();
        let path = format!("/desk/academy/jobs/{job}");
        for (reason, en, ar) in [
            (None, "No badge can be made of this: ", "لا يمكن صنع شارة من هذا: "),
            (Some("nobody"), "The row names nobody.", "لا يُسمّي هذا الصف أحدًا."),
            (Some("in-the-way"), "Something that is there already stands in the way.", "يعترض ذلك شيء موجود من قبل."),
        ] {
            if let Some(reason) = reason {
                app.execute(&format!("update job_row set reason = '{{\"id\":\"{reason}\"}}'")).await;
            }
            for (lang, told) in [("en", en), ("ar", ar)] {
                let page = browser.get(&format!("{path}?uselang={lang}")).await;
                assert!(page.says(told), "{told}: {}", page.body);
            }
        }
    }

    async fn an_award_is_corrected(app: TestApp) {
        let (scene, mut browser) = owner(&app).await;
        paste(&mut browser, "Example Volunteer").await;
        award(&app, &mut browser, "editor").await;
        let (path, _) = open(&mut browser, "volunteer").await;
        let page = browser.get(&format!("{path}/correct")).await;
        assert_eq!(page.value("awarded_on"), Some("2026-05-01"));
        let wrong = [("achievement", scene.achievement.as_str()), ("awarded_on", "1.4.2026"), ("evidence", "example.org")];
        let page = browser.post(&format!("{path}/correct"), &wrong).await;
        assert_eq!((page.status.as_u16(), page.value("awarded_on"), page.value("evidence")), (422, Some("1.4.2026"), Some("example.org")));
        let right = [("achievement", scene.suspendable.as_str()), ("awarded_on", "2026-04-30"), ("evidence", "https://example.org/article")];
        let page = browser.post(&format!("{path}/correct"), &right).await;
        let new = page.location().to_owned();
        assert_ne!(new, path);
        let page = browser.follow(&page).await;
        assert!(page.says("30 April 2026") && page.says("https://example.org/article"), "{}", page.body);
        assert!(page.says(&format!("href=\"{path}\"")) && page.says("/claim/"));
        let page = browser.get(&path).await;
        assert!(page.says(&format!("href=\"{new}\"")) && page.says("Another badge takes its place"), "{}", page.body);
        assert!(browser.get("/desk/academy/awards").await.says("Corrected"));
    }

    async fn many_awards_are_listed_page_by_page(app: TestApp) {
        let (_, mut browser) = owner(&app).await;
        let names: String = (1..=120).map(|number| format!("Example {number}\n")).collect();
        paste(&mut browser, &names).await;
        award(&app, &mut browser, "editor").await;
        let mut page = browser.get("/desk/academy/awards?name=example").await;
        let mut seen = std::collections::BTreeSet::new();
        for rows in [50, 50, 20] {
            let awards = all(&page, "href=\"/desk/academy/awards/");
            assert_eq!(awards.len(), rows);
            seen.extend(awards.into_iter().map(str::to_owned));
            if let Some(next) = all(&page, "rel=\"next\" href=\"").first() {
                let next = format!("/desk/academy/awards{}", next.replace("&#38;", "&").replace("&amp;", "&"));
                page = browser.get(&next).await;
            }
        }
        assert_eq!(seen.len(), 120);
        let page = browser.get(&at("/links?page=2")).await;
        assert_eq!(all(&page, "value=\"https://badges.example.org/claim/").len(), 20);
    }

    async fn what_stands_in_public_has_no_link(app: TestApp) {
        let (_, mut browser) = owner(&app).await;
        app.participants("workshop", &[("Example Volunteer", 7), ("=Example", 0)]).await;
        award(&app, &mut browser, "editor").await;
        let client = Some(("client".to_owned(), "secret".to_owned()));
        let app = app.with(|settings| settings.wikimedia.client = client).await;
        let mut browser = Browser::of(&app, &app.db.first_owner().await.unwrap().unwrap()).await;
        let page = browser.get(&at("/links/wikitext")).await;
        assert!(page.says("* [[User:Example Volunteer|Example Volunteer]]") && page.says("https://badges.example.org/me"), "{}", page.body);
        assert!(!page.says("/claim/") && !page.says("User:=Example") && page.says("One person without a known account"));
        let page = browser.get(&at("/links")).await;
        let talk = all(&page, "href=\"https://meta.wikimedia.org/w/index.php?");
        assert_eq!(talk.len(), 1);
        assert!(talk[0].contains("User_talk%3AExample_Volunteer") && !talk[0].contains("claim"), "{talk:?}");
        // A spreadsheet runs nothing.
        assert!(browser.get(&at("/links.csv")).await.says("\n'=Example,"));
    }
}
