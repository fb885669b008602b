use super::*;

on_both! {
    async fn everybody_on_a_list_gets_a_badge_that_is_valid_and_names_nobody(app: TestApp) {
        let scene = app.scene().await;
        app.participants(&scene.workshop, &[("Example Volunteer", 7), ("Another", 0)]).await;
        let job = award(&app, &scene, &scene.achievement, false).await;
        assert_eq!(app.db.progress(&job).await.unwrap(), Progress { done: 2, ..Progress::default() });
        let row = app.db.job(&job).await.unwrap().unwrap();
        assert_eq!((row.state.as_str(), row.total, row.ended_at), ("done", 2, Some(START)));
        let award = award_of(&app, &scene, "Example Volunteer").await;
        assert_eq!(award.credential_id, format!("https://badges.example.org/issuers/academy/badges/{}", award.token));
        assert_eq!(verdict(&app, &award.id).await, Verdict::Valid);
        let text = credential_text(&app, &award.id).await.unwrap().unwrap();
        assert!(!text.contains("Example Volunteer") && text.contains("First Articles"));
        let badge = document(&app, &award).await.unwrap().unwrap();
        assert_eq!(badge.valid_until.unwrap().to_string(), "2028-05-01T10:00:00Z");
        assert_eq!(badge.credential_subject.achievement.image.unwrap().id,
            "https://badges.example.org/issuers/academy/achievements/editor/versions/1.svg");
        let link = claim_link(&app, &award).unwrap();
        let secret = link.strip_prefix("https://badges.example.org/claim/").unwrap();
        let found = app.db.award_by_claim(&secret::hash(secret), START).await.unwrap().unwrap();
        assert_eq!(found, award);
        assert!(app.db.is_awarded(&scene.achievement, 1).await.unwrap());
        assert!(!app.db.is_awarded(&scene.suspendable, 1).await.unwrap());
        assert_sound(&app).await;
    }

    async fn nobody_can_tell_from_a_place_who_was_before(app: TestApp) {
        let scene = app.scene().await;
        app.crowd(&scene.workshop, 40).await;
        award(&app, &scene, &scene.achievement, false).await;
        // By chance, places of a list would be this close to each other never.
        let spread = app.count("select max(position) - min(position) from status_entry").await;
        assert!(spread > 40_000, "{spread}");
    }

    async fn nobody_gets_a_badge_twice_unless_it_is_renewed(app: TestApp) {
        let scene = app.scene().await;
        app.participants(&scene.workshop, &[("Example Volunteer", 0), ("Another", 8)]).await;
        award(&app, &scene, &scene.achievement, false).await;
        // Their numbers, or names, have become known or changed since.
        app.execute("delete from job_row").await;
        app.execute("delete from participant").await;
        app.participants(&scene.workshop, &[("Example Volunteer", 7), ("Renamed", 8), ("Third", 0), ("Another", 0)]).await;
        let job = award(&app, &scene, &scene.achievement, false).await;
        assert_eq!(app.db.progress(&job).await.unwrap(), Progress { done: 1, had: 3, ..Progress::default() });
        let volunteer = award_of(&app, &scene, "Example Volunteer").await;
        let recipient = app.db.recipient(&volunteer.id).await.unwrap().unwrap();
        assert_eq!((recipient.recipient_key.as_str(), recipient.central_id), ("central:7", Some(7)));
        // Two rows turn out to be the same person: one badge more.
        let job = award(&app, &scene, &scene.achievement, true).await;
        assert_eq!(app.db.progress(&job).await.unwrap(), Progress { done: 3, had: 1, ..Progress::default() });
        assert_eq!(app.count("select max(renewal) from recipient").await, 1);
        assert_sound(&app).await;
    }

    async fn who_turns_out_to_have_it_twice_stops_nobody(app: TestApp) {
        let scene = app.scene().await;
        let list = async |people: &[(&str, i64)]| {
            app.execute("delete from job_row").await;
            app.execute("delete from participant").await;
            app.participants(&scene.workshop, people).await;
        };
        // Renamed, and awarded by the new name while nobody knew whose it was.
        list(&[("Old", 7)]).await;
        award(&app, &scene, &scene.achievement, false).await;
        list(&[("New", 0)]).await;
        award(&app, &scene, &scene.achievement, false).await;
        list(&[("New", 7), ("Another", 8)]).await;
        let job = award(&app, &scene, &scene.achievement, false).await;
        assert_eq!(app.db.progress(&job).await.unwrap(), Progress { done: 1, had: 1, ..Progress::default() });
        assert_eq!(app.count("select count(*) from recipient where recipient_key = 'central:7' and central_id = 7").await, 2);
        assert_eq!(app.count("select max(renewal) from recipient").await, 1);

        // A badge of somebody unknown becomes another one, which the person has.
        list(&[("Third", 0)]).await;
        award(&app, &scene, &scene.suspendable, false).await;
        let unknown = award_of(&app, &scene, "Third").await;
        list(&[("Third", 9)]).await;
        award(&app, &scene, &scene.achievement, false).await;
        let new = NewBadge { achievement: Some(scene.achievement.clone()), ..NewBadge::default() };
        correct(&app, &unknown.id, &new, None, &scene.owner).await.unwrap();
        let job = award(&app, &scene, &scene.achievement, false).await;
        assert_eq!(app.db.progress(&job).await.unwrap(), Progress { had: 1, ..Progress::default() });
        assert_eq!(app.count("select count(*) from recipient where recipient_key = 'central:9'").await, 2);
        assert_sound(&app).await;
    }

    async fn a_row_that_cannot_be_written_is_given_up(app: TestApp) {
        let scene = app.scene().await;
        app.participants(&scene.workshop, &[("Example Volunteer", 7)]).await;
        award(&app, &scene, &scene.achievement, false).await;
        // The key says one thing, and all else another.
        app.execute("update recipient set central_id = 70, user_name = 'Somebody Else'").await;
        app.participants(&scene.workshop, &[("Another", 8), ("Third", 9)]).await;
        let job = award(&app, &scene, &scene.achievement, false).await;
        assert_eq!(app.db.progress(&job).await.unwrap(), Progress { done: 2, refused: 1, ..Progress::default() });
        let refused = app.db.job_rows(&job, "refused", 0, 10).await.unwrap();
        assert_eq!(refused[0].user_name.as_deref(), Some("Example Volunteer"));
        assert_eq!(refused[0].refusal(), Some(Refusal::InTheWay));
    }

    async fn the_same_request_is_the_same_job(app: TestApp) {
        let scene = app.scene().await;
        app.participants(&scene.workshop, &[("Example Volunteer", 7)]).await;
        let job = new_job(&scene, &scene.achievement, true);
        let starts = (0..8).map(|_| {
            let (app, job) = ((*app).clone(), job.clone());
            tokio::spawn(async move { start(&app, job).await.unwrap().id })
        });
        let mut ids = Vec::new();
        for start in starts.collect::<Vec<_>>() {
            ids.push(start.await.unwrap());
        }
        ids.dedup();
        assert_eq!(ids.len(), 1);
        finish(&app).await;
        assert_eq!(start(&app, job.clone()).await.unwrap().id, ids[0]);
        assert_eq!(app.count("select count(*) from award").await, 1);
        let other = NewJob { achievement: scene.suspendable.clone(), ..job };
        assert!(matches!(start(&app, other).await, Err(Error::Conflict { .. })));
    }

    async fn a_row_of_which_no_badge_can_be_made_does_not_stop_the_others(app: TestApp) {
        let scene = app.scene().await;
        app.participants(&scene.workshop, &[("Example Volunteer", 7), ("Another", 8)]).await;
        app.execute("update participant set evidence = 'no address' where central_id = 7").await;
        app.execute("update participant set evidence = 'https://example.org/work' where central_id = 8").await;
        let job = award(&app, &scene, &scene.achievement, false).await;
        assert_eq!(app.db.progress(&job).await.unwrap(), Progress { done: 1, refused: 1, ..Progress::default() });
        let refused = app.db.job_rows(&job, "refused", 0, 10).await.unwrap();
        assert_eq!(refused[0].user_name.as_deref(), Some("Example Volunteer"));
        assert!(matches!(refused[0].refusal(), Some(Refusal::NoBadge { cause }) if cause.contains("no address")));
        let badge = document(&app, &award_of(&app, &scene, "Another").await).await.unwrap().unwrap();
        let evidence: Vec<_> = badge.evidence.iter().filter_map(|evidence| evidence.id.as_deref()).collect();
        assert_eq!(evidence, ["https://meta.wikimedia.org/wiki/Event:Example", "https://example.org/work"]);
        assert_sound(&app).await;
    }

    async fn a_workshop_without_a_page_is_shown_by_its_registration(app: TestApp) {
        let scene = app.scene().await;
        app.participants(&scene.workshop, &[("Example Volunteer", 7), ("Another", 8)]).await;
        for (page, id) in [("''", "https://meta.wikimedia.org/wiki/Special:EventDetails/12"), ("'https://example.org/event'", "https://example.org/event")] {
            app.execute(&format!("update workshop set event_id = 12, event_page = {page}")).await;
            award(&app, &scene, &scene.achievement, true).await;
            let newest = app.db.find_awards(&scene.issuer, &AwardFilter::default(), None, 1).await.unwrap().remove(0).award;
            let badge = document(&app, &newest).await.unwrap().unwrap();
            assert_eq!(badge.evidence[0].id.as_deref(), Some(id));
            app.pass(60);
        }
        assert_sound(&app).await;
    }

    async fn several_workers_make_each_badge_once(app: TestApp) {
        let scene = app.scene().await;
        let names: Vec<String> = (1..=450).map(|number| format!("Volunteer {number}")).collect();
        let people: Vec<(&str, i64)> = names.iter().map(String::as_str).zip(1..).collect();
        app.participants(&scene.workshop, &people).await;
        // Two jobs of the same achievement, whose lists of people are the same.
        for _ in 0..2 {
            start(&app, new_job(&scene, &scene.achievement, false)).await.unwrap();
        }
        let (stop, stopped) = watch::channel(false);
        let mut workers = Vec::new();
        for _ in 0..3 {
            let other = app.again(crate::testing::PUBLIC_URL).await;
            workers.push(tokio::spawn(work((*other).clone(), stopped.clone())));
        }
        while app.count("select count(*) from job where state = 'waiting'").await > 0 {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        stop.send_replace(true);
        for worker in workers {
            worker.await.unwrap();
        }
        assert_eq!(app.count("select count(*) from award").await, 450);
        assert_eq!(app.count("select count(*) from job_row where state = 'had'").await, 450);
        assert_sound(&app).await;
    }

    async fn what_stops_a_job_is_kept_until_it_goes_on(app: TestApp) {
        let scene = app.scene().await;
        app.participants(&scene.workshop, &[("Example Volunteer", 7)]).await;
        app.execute("update signing_key set state = 'retired'").await;
        let job = start(&app, new_job(&scene, &scene.achievement, false)).await.unwrap().id;
        let (_stop, stopped) = watch::channel(false);
        assert!(job::work_once(&app, "worker", &stopped).await.is_err());
        let error = async || app.db.job(&job).await.unwrap().unwrap().error;
        assert_eq!(error().await.as_deref(), Some("internal"));
        app.execute("update signing_key set state = 'active'").await;
        app.pass(61);
        finish(&app).await;
        assert_eq!(error().await, None);
        assert_eq!(app.db.progress(&job).await.unwrap().done, 1);
    }

    async fn a_job_that_was_left_is_gone_on_with(app: TestApp) {
        let scene = app.scene().await;
        let names: Vec<String> = (1..=450).map(|number| format!("Volunteer {number}")).collect();
        let people: Vec<(&str, i64)> = names.iter().map(String::as_str).zip(1..).collect();
        app.participants(&scene.workshop, &people).await;
        let job = start(&app, new_job(&scene, &scene.achievement, false)).await.unwrap();
        // Somebody has it, and is gone for good.
        let now = app.seconds();
        assert!(app.db.claim_job("gone", now, now + 60).await.unwrap().is_some());
        finish(&app).await;
        assert_eq!(app.db.progress(&job.id).await.unwrap().waiting, 450);
        app.pass(61);
        finish(&app).await;
        assert_eq!(app.db.progress(&job.id).await.unwrap().done, 450);
        // Back again, it writes nothing any more.
        let written = app.db.write_chunk(&job.id, "gone", now + 200, &crate::db::Chunk::default()).await.unwrap();
        assert_eq!(written, crate::db::Written::Lost);
        assert_sound(&app).await;
    }

    async fn a_full_list_is_followed_by_another(app: TestApp) {
        let scene = app.scene().await;
        app.participants(&scene.workshop, &[("Example Volunteer", 7)]).await;
        award(&app, &scene, &scene.achievement, false).await;
        app.execute("update status_list set used = 100000").await;
        award(&app, &scene, &scene.suspendable, false).await;
        award(&app, &scene, &scene.achievement, true).await;
        let did = award_of(&app, &scene, "Example Volunteer").await.did;
        let lists = app.db.status_lists(&did).await.unwrap();
        let lists: Vec<_> = lists.iter().map(|list| (list.number, list.purpose.as_str())).collect();
        assert_eq!(lists, [(1, "revocation"), (2, "suspension"), (3, "revocation")]);
    }
}
