use super::*;

/// An award on offer to somebody whose account has the number 7.
async fn offered(app: &App, scene: &Scene, achievement: &str) -> AwardRow {
    award(app, scene, achievement, false).await;
    award_of(app, scene, "Example Volunteer").await
}

/// An award on offer to whoever has this name.
async fn offered_to(app: &App, scene: &Scene, name: &str) -> AwardRow {
    award(app, scene, &scene.achievement, false).await;
    award_of(app, scene, name).await
}

async fn with_volunteer(app: &TestApp) -> Scene {
    let scene = app.scene().await;
    app.participants(&scene.workshop, &[("Example Volunteer", 7)])
        .await;
    scene
}

on_both! {
    async fn whoever_accepts_chooses_how_to_be_named(app: TestApp) {
        let scene = with_volunteer(&app).await;
        let award = offered(&app, &scene, &scene.achievement).await;
        let before = document(&app, &award).await.unwrap().unwrap();
        let old_text = credential_text(&app, &award.id).await.unwrap().unwrap();
        app.pass(3600);

        let accepted_ = accept(&app, &award.id, accepted(Named::UserName)).await.unwrap();
        let secret = accepted_.holder_secret.unwrap();
        let held = app.db.award_by_holder(&secret::hash(&secret)).await.unwrap().unwrap();
        assert_eq!((held.id.as_str(), held.acceptance.as_str(), held.visibility.as_str()), (award.id.as_str(), "accepted", "public"));
        assert_eq!(claim_link(&app, &held), None);
        assert!(accept(&app, &award.id, accepted(Named::Nothing)).await.is_err());
        let after = document(&app, &award).await.unwrap().unwrap();
        assert_eq!((&after.id, after.awarded_date, &after.credential_status), (&before.id, before.awarded_date, &before.credential_status));
        assert_eq!(after.valid_from.get().unix_timestamp(), START + 3600);
        assert_eq!(after.credential_subject.identifier[0].identity_hash, "Example Volunteer");
        assert_eq!(verdict(&app, &award.id).await, Verdict::Valid);
        // The one that was on offer is still genuine.
        let documents = documents(&app, &award.did).await;
        let report = verify(old_text.as_bytes(), &Question::new(&documents, app.now()));
        assert_eq!(report.verdict(), Verdict::Valid);

        // With a salt that only the holder has.
        let hashed = change(&app, &award.id, accepted(Named::Hashed)).await.unwrap();
        let salt = hashed.salt.unwrap();
        let text = credential_text(&app, &award.id).await.unwrap().unwrap();
        assert!(!text.contains("Example Volunteer") && !text.contains(&salt));
        let badge = document(&app, &award).await.unwrap().unwrap();
        assert!(badge.credential_subject.identifier[0].matches("Example Volunteer", Some(&salt)));
        assert_eq!(badge.valid_from.get().unix_timestamp(), START + 3601);
        // The same salt when nothing else is chosen, and no new badge.
        let again = change(&app, &award.id, accepted(Named::Hashed)).await.unwrap();
        assert_eq!(again.salt, Some(salt));
        assert_eq!(app.count("select max(version) from credential").await, 3);

        let did = "did:key:z6MknRctahLqF8rrEXEFJPizSJbxjdkt4opvZ34xE7VrJvxa";
        change(&app, &award.id, accepted(Named::Did(did.to_owned()))).await.unwrap();
        let badge = document(&app, &award).await.unwrap().unwrap();
        assert_eq!(badge.credential_subject.id.as_deref(), Some(did));
        change(&app, &award.id, accepted(Named::Name(" مثال ".to_owned()))).await.unwrap();
        let badge = document(&app, &award).await.unwrap().unwrap();
        assert_eq!(badge.credential_subject.identifier[0].identity_hash, "مثال");
        change(&app, &award.id, accepted(Named::Nothing)).await.unwrap();
        let badge = document(&app, &award).await.unwrap().unwrap();
        assert_eq!(badge.credential_subject.id, before.credential_subject.id);
        assert!(badge.credential_subject.identifier.is_empty());
        assert_eq!(app.db.recipient(&award.id).await.unwrap().unwrap().salt, None);

        for wrong in [Named::Name("\u{1}".to_owned()), Named::Name(" ".to_owned()), Named::Did("did:".to_owned()), Named::Did("did:web:a#b".to_owned())] {
            assert!(matches!(change(&app, &award.id, accepted(wrong)).await, Err(Error::Refused { .. })));
        }
        app.execute("update recipient set user_name = null").await;
        assert!(matches!(change(&app, &award.id, accepted(Named::UserName)).await, Err(Error::Refused { .. })));
        assert_sound(&app).await;
    }

    async fn nothing_is_signed_when_nothing_is_added(app: TestApp) {
        let scene = with_volunteer(&app).await;
        let award = offered(&app, &scene, &scene.achievement).await;
        let person = app.db.insert_person(None, None, START).await.unwrap();
        app.db.set_account(&person, 7, Some("Renamed Volunteer")).await.unwrap();
        let choice = Acceptance { person: Some(person.clone()), ..accepted(Named::Nothing) };
        let taken = accept(&app, &award.id, choice.clone()).await.unwrap();
        assert_eq!((taken.holder_secret, taken.award.person.as_ref()), (None, Some(&person)));
        assert_eq!(app.count("select count(*) from credential").await, 1);
        // What the wiki says counts more than the list.
        change(&app, &award.id, Acceptance { named: Named::UserName, person: None, ..choice }).await.unwrap();
        let badge = document(&app, &award).await.unwrap().unwrap();
        assert_eq!(badge.credential_subject.identifier[0].identity_hash, "Renamed Volunteer");
        withdraw(&app, &award.id, Some(&person)).await.unwrap();
        assert_eq!(verdict(&app, &award.id).await, Verdict::Valid);
        assert!(withdraw(&app, &award.id, Some(&person)).await.is_err());
        restore(&app, &award.id, Some(&person)).await.unwrap();
        assert_sound(&app).await;
    }

    async fn of_two_who_accept_at_once_one_does(app: TestApp) {
        let scene = with_volunteer(&app).await;
        let award = offered(&app, &scene, &scene.achievement).await;
        let tries = (0..6).map(|_| {
            let (app, id) = ((*app).clone(), award.id.clone());
            tokio::spawn(async move { accept(&app, &id, accepted(Named::UserName)).await.is_ok() })
        });
        let mut done = 0;
        for one in tries.collect::<Vec<_>>() {
            done += i32::from(one.await.unwrap());
        }
        assert_eq!(done, 1);
        assert_sound(&app).await;
    }

    async fn a_link_that_was_ended_does_not_come_back(app: TestApp) {
        let scene = with_volunteer(&app).await;
        let award = offered(&app, &scene, &scene.achievement).await;
        accept(&app, &award.id, accepted(Named::Nothing)).await.unwrap();
        let before = award_of(&app, &scene, "Example Volunteer").await;
        let person = app.db.insert_person(None, None, START).await.unwrap();
        // While somebody looks at the badge, its holder puts it into an account and ends the link.
        assert!(app.db.bind_award(&before.id, &person, START).await.unwrap());
        app.db.end_holder_link(&before.id, &person, START).await.unwrap();
        let after = AwardRow { acceptance: "withdrawn".to_owned(), ..before.clone() };
        assert!(matches!(accept::save(&app, &before, &after, "award.withdraw", None).await, Err(Error::Conflict { .. })));
        let now = award_of(&app, &scene, "Example Volunteer").await;
        assert_eq!((now.acceptance.as_str(), now.person, now.holder_hash), ("accepted", Some(person), None));
        assert_sound(&app).await;
    }

    async fn what_was_declined_can_be_offered_again(app: TestApp) {
        let scene = with_volunteer(&app).await;
        let award = offered(&app, &scene, &scene.achievement).await;
        let link = claim_link(&app, &award).unwrap();
        decline(&app, &award.id, None).await.unwrap();
        assert_eq!(claim_link(&app, &award_of(&app, &scene, "Example Volunteer").await), None);
        assert!(accept(&app, &award.id, accepted(Named::Nothing)).await.is_err());
        let renewed = renew_claim(&app, &award.id, Some(&scene.owner)).await.unwrap();
        assert_ne!(renewed, link);
        app.pass(app.settings.claim_seconds);
        assert_eq!(claim_link(&app, &award_of(&app, &scene, "Example Volunteer").await), None);
        let renewed = renew_claim(&app, &award.id, Some(&scene.owner)).await.unwrap();
        let hash = |link: &str| secret::hash(link.rsplit('/').next().unwrap());
        assert_eq!(app.db.award_by_claim(&hash(&link), app.seconds()).await.unwrap(), None);
        let found = app.db.award_by_claim(&hash(&renewed), app.seconds()).await.unwrap().unwrap();
        accept(&app, &found.id, accepted(Named::Nothing)).await.unwrap();
        assert!(matches!(renew_claim(&app, &award.id, None).await, Err(Error::Conflict { .. })));
        assert_sound(&app).await;
    }

    async fn what_is_chosen_for_a_corrected_badge_holds_for_what_it_replaced(app: TestApp) {
        let scene = with_volunteer(&app).await;
        let first = offered(&app, &scene, &scene.achievement).await.id;
        accept(&app, &first, Acceptance { visibility: Visibility::Public, ..accepted(Named::UserName) }).await.unwrap();
        let mut ids = vec![first];
        for days in [1, 2] {
            let new = NewBadge { awarded_at: Some(START - days * 86_400), ..NewBadge::default() };
            let next = correct(&app, ids.last().unwrap(), &new, None, &scene.owner).await.unwrap();
            ids.push(next.id);
        }
        let newest = ids[2].clone();
        let states = async || {
            let mut states = Vec::new();
            for id in &ids {
                let award = app.db.award(id).await.unwrap().unwrap();
                let says = credential_text(&app, id).await.unwrap().unwrap().contains("Example Volunteer");
                states.push((award.acceptance, award.visibility, award.named, says));
            }
            states
        };
        let all = |acceptance: &str, visibility: &str, named: &str, says| {
            vec![(acceptance.to_owned(), visibility.to_owned(), named.to_owned(), says); 3]
        };
        assert_eq!(states().await, all("accepted", "public", "user-name", true));
        // There is one link for all of them: nobody can choose for the old ones alone.
        withdraw(&app, &newest, None).await.unwrap();
        assert_eq!(states().await, all("withdrawn", "public", "user-name", true));
        restore(&app, &newest, None).await.unwrap();
        assert_eq!(states().await, all("accepted", "public", "user-name", true));
        change(&app, &newest, Acceptance { visibility: Visibility::Private, ..accepted(Named::Nothing) }).await.unwrap();
        assert_eq!(states().await, all("accepted", "private", "nothing", false));
        assert_sound(&app).await;
    }

    async fn what_is_in_an_account_is_for_nobody_else(app: TestApp) {
        let scene = with_volunteer(&app).await;
        let award = offered(&app, &scene, &scene.achievement).await;
        let person = app.db.insert_person(None, None, START).await.unwrap();
        let other = app.db.insert_person(None, None, START).await.unwrap();
        assert!(app.db.bind_award(&award.id, &person, START).await.unwrap());
        assert!(matches!(renew_claim(&app, &award.id, None).await, Err(Error::Conflict { .. })));
        for somebody in [None, Some(other)] {
            let choice = Acceptance { person: somebody, ..accepted(Named::Nothing) };
            assert!(matches!(accept(&app, &award.id, choice).await, Err(Error::Conflict { .. })));
        }
        // Corrected it is on offer to the same person, and no link opens it.
        let new = NewBadge { awarded_at: Some(START - 86_400), ..NewBadge::default() };
        let second = correct(&app, &award.id, &new, None, &scene.owner).await.unwrap();
        assert_eq!((second.acceptance.as_str(), second.person.as_ref()), ("offered", Some(&person)));
        assert_eq!(claim_link(&app, &second), None);
        assert_sound(&app).await;
        let choice = Acceptance { person: Some(person), ..accepted(Named::Nothing) };
        accept(&app, &second.id, choice).await.unwrap();
        assert_sound(&app).await;
    }

    async fn the_issuer_is_told_that_a_badge_came_into_an_account(app: TestApp) {
        let scene = app.scene().await;
        app.participants(&scene.workshop, &[("Example Volunteer", 7), ("Another", 8)]).await;
        let bound = offered(&app, &scene, &scene.achievement).await.id;
        let gathered = award_of(&app, &scene, "Another").await.id;
        for award in [&bound, &gathered] {
            accept(&app, award, accepted(Named::Nothing)).await.unwrap();
        }
        let person = app.db.insert_account(8, None, "en", START).await.unwrap();
        assert!(app.db.bind_award(&bound, &person, START).await.unwrap());
        app.db.end_holder_link(&bound, &person, START).await.unwrap();
        app.db.gather_awards(&person, 8, START).await.unwrap();
        let log = app.db.audit(&scene.issuer, None, 100).await.unwrap();
        for (action, award) in [("award.bind", &bound), ("award.end-link", &bound), ("award.bind", &gathered)] {
            assert!(log.iter().any(|entry| entry.action == action && entry.object == *award), "{action}");
            let own = app.db.actions(&person).await.unwrap();
            assert!(own.iter().any(|entry| entry.action == action && entry.object == *award), "{action}");
        }
    }

    async fn a_badge_can_be_accepted_after_it_has_expired(app: TestApp) {
        let scene = with_volunteer(&app).await;
        let award = offered(&app, &scene, &scene.achievement).await;
        app.pass(3 * 366 * 86_400);
        accept(&app, &award.id, accepted(Named::UserName)).await.unwrap();
        assert_eq!(verdict(&app, &award.id).await, Verdict::Expired);
        assert_sound(&app).await;
    }

    async fn what_is_revoked_stays_revoked_and_what_is_suspended_may_come_back(app: TestApp) {
        let scene = with_volunteer(&app).await;
        let revocable = offered(&app, &scene, &scene.achievement).await.id;
        assert_eq!(verdict(&app, &revocable).await, Verdict::Valid);
        assert!(matches!(suspend(&app, &revocable, None, &scene.owner).await, Err(Error::Conflict { .. })));
        revoke(&app, &revocable, Reason::Mistake, Some("not at the workshop"), &scene.owner).await.unwrap();
        assert_eq!(verdict(&app, &revocable).await, Verdict::Revoked);
        for again in [
            revoke(&app, &revocable, Reason::Other, None, &scene.owner).await,
            reinstate(&app, &revocable, &scene.owner).await,
            accept(&app, &revocable, accepted(Named::Nothing)).await.map(drop),
            renew_claim(&app, &revocable, None).await.map(drop),
        ] {
            assert!(matches!(again, Err(Error::Conflict { .. })));
        }

        award(&app, &scene, &scene.suspendable, false).await;
        let awards = app.db.awards_of_workshop(&scene.workshop).await.unwrap();
        let other = awards.iter().find(|other| other.award.achievement == scene.suspendable).unwrap().award.id.clone();
        suspend(&app, &other, None, &scene.owner).await.unwrap();
        assert_eq!(verdict(&app, &other).await, Verdict::Suspended);
        // Who has it may accept it, suspended as it is.
        accept(&app, &other, accepted(Named::UserName)).await.unwrap();
        reinstate(&app, &other, &scene.owner).await.unwrap();
        assert_eq!(verdict(&app, &other).await, Verdict::Valid);
        revoke(&app, &other, Reason::Misconduct, None, &scene.owner).await.unwrap();
        assert_eq!(verdict(&app, &other).await, Verdict::Suspended);
        assert!(reinstate(&app, &other, &scene.owner).await.is_err());

        let log = app.db.audit(&scene.issuer, None, 100).await.unwrap();
        let told = log.iter().find(|entry| entry.action == "award.revoke" && entry.object == revocable).unwrap();
        assert_eq!(told.detail.as_deref(), Some(r#"{"reason":"mistake"}"#));
        assert_sound(&app).await;
    }

    async fn a_corrected_badge_takes_the_place_of_the_old_one(app: TestApp) {
        let scene = with_volunteer(&app).await;
        let award = offered(&app, &scene, &scene.achievement).await;
        // On offer: the new one is on offer, with a link of its own.
        let new = NewBadge { awarded_at: Some(START - 86_400), ..NewBadge::default() };
        let second = correct(&app, &award.id, &new, Some("wrong day"), &scene.owner).await.unwrap();
        assert_eq!(verdict(&app, &award.id).await, Verdict::Revoked);
        assert_eq!(verdict(&app, &second.id).await, Verdict::Valid);
        assert!(claim_link(&app, &second).is_some());
        let first = app.db.award(&award.id).await.unwrap().unwrap();
        assert_eq!((first.reason.as_deref(), first.superseded_by.as_ref()), (Some("corrected"), Some(&second.id)));
        assert_eq!((second.supersedes.as_ref(), second.awarded_at), (Some(&award.id), START - 86_400));
        assert_eq!(claim_link(&app, &first), None);
        assert!(correct(&app, &award.id, &new, None, &scene.owner).await.is_err());

        // Accepted: the holder has the new one, named alike, by the same link.
        let held = accept(&app, &second.id, accepted(Named::UserName)).await.unwrap();
        let new = NewBadge { achievement: Some(scene.suspendable.clone()), evidence: Some(Some("https://example.org/e".to_owned())), ..NewBadge::default() };
        let third = correct(&app, &second.id, &new, None, &scene.owner).await.unwrap();
        let found = app.db.award_by_holder(&secret::hash(&held.holder_secret.unwrap())).await.unwrap().unwrap();
        assert_eq!(found, third);
        assert_eq!((third.acceptance.as_str(), third.visibility.as_str(), third.named.as_str()), ("accepted", "public", "user-name"));
        let badge = document(&app, &third).await.unwrap().unwrap();
        assert_eq!(badge.credential_subject.identifier[0].identity_hash, "Example Volunteer");
        assert_eq!(badge.evidence.last().unwrap().id.as_deref(), Some("https://example.org/e"));
        assert_eq!(badge.credential_status.unwrap().status_purpose.as_deref(), Some("suspension"));
        assert_eq!(verdict(&app, &third.id).await, Verdict::Valid);
        assert_eq!(verdict(&app, &second.id).await, Verdict::Revoked);
        assert_sound(&app).await;

        // Whoever erases the newest erases those before it.
        erase_award(&app, &third.id, None).await.unwrap();
        assert_eq!(app.count("select count(*) from award where acceptance = 'erased'").await, 3);
        assert_sound(&app).await;
    }

    async fn after_erasure_nothing_is_left_that_says_who_it_was(app: TestApp) {
        let scene = app.scene().await;
        let name = "Telltale Volunteer";
        app.participants(&scene.workshop, &[(name, 4_711_471_147), ("Another", 8)]).await;
        app.execute("update participant set display_name = 'Telltale', email = 'telltale@example.org', \
            evidence = 'https://example.org/telltale', place = '{\"text\":\"Telltale\"}' where central_id = 4711471147").await;
        award(&app, &scene, &scene.achievement, false).await;
        award(&app, &scene, &scene.suspendable, false).await;
        let id = award_of(&app, &scene, name).await.id;
        // On another list, known by the name only.
        app.execute(&format!("insert into workshop select 'other', issuer, title, starts_on, ends_on, place, online, organisers, \
            event_page, event_id, method, language, territory, made_at, made_by from workshop where id = '{}'", scene.workshop)).await;
        app.participants("other", &[(name, 0)]).await;
        award(&app, &Scene { workshop: "other".to_owned(), ..scene.clone() }, &scene.achievement, true).await;
        let person = app.db.insert_person(Some("Telltale"), None, START).await.unwrap();
        app.db.set_account(&person, 4_711_471_147, Some(name)).await.unwrap();
        app.db.insert_session("telltale-session", &person, "csrf", START, START + 99).await.unwrap();
        app.db.insert_sign_in_link("telltale-link", &person, None, START + 99).await.unwrap();
        app.execute(&format!("insert into person_did (did, person, bound_at) values ('did:example:telltale', '{person}', 1)")).await;
        app.execute(&format!("insert into api_token (id, hash, person, issuer, name, scopes, made_at) \
            values ('t', 'h', '{person}', '{}', 'Telltale', '', 1)", scene.issuer)).await;
        app.execute("insert into idempotency (token, key, request_hash, body, made_at, taken_at) values ('t', 'k', 'h', 'Telltale', 1, 1)").await;
        let choice = Acceptance { person: Some(person.clone()), ..accepted(Named::Name(format!("{name} III"))) };
        accept(&app, &id, choice).await.unwrap();
        revoke(&app, &id, Reason::Other, Some("Telltale note"), &scene.owner).await.unwrap();
        let row = app.db.award(&id).await.unwrap().unwrap();
        assert!(app.everything().await.contains("Telltale"));

        erase_person(&app, &person).await.unwrap();
        let left = app.everything().await.to_lowercase();
        for trace in ["telltale", "4711471147"] {
            assert!(!left.contains(trace), "{trace}: {}", left.split('\n').find(|line| line.contains(trace)).unwrap());
        }
        assert!(left.contains("another"));
        assert!(matches!(erase_person(&app, &person).await, Err(Error::Gone)));
        assert!(matches!(erase_award(&app, &id, None).await, Err(Error::Gone)));
        assert_eq!(credential_text(&app, &id).await.unwrap(), None);
        let erased = app.db.award(&id).await.unwrap().unwrap();
        assert_eq!((erased.acceptance.as_str(), erased.standing.as_str(), erased.reason.as_deref()), ("erased", "revoked", Some("holder-request")));
        // Whoever has a copy learns that it was taken back.
        let entry = app.db.status_entry(&row.id).await.unwrap().unwrap();
        assert!(app.db.set_places(&entry.did, entry.number).await.unwrap().contains(&entry.position));
        assert_eq!(app.count("select count(*) from award where acceptance = 'erased'").await, 3);
        assert_sound(&app).await;
    }

    async fn erasure_takes_nothing_from_another_of_the_same_name(app: TestApp) {
        let scene = app.scene().await;
        app.participants(&scene.workshop, &[("Foo", 0)]).await;
        let award = offered_to(&app, &scene, "Foo").await;
        accept(&app, &award.id, accepted(Named::Name("Foo".to_owned()))).await.unwrap();
        // Somebody else takes the name on the wiki, signs in, and erases herself.
        let person = app.db.insert_account(99, Some("Foo"), "en", START).await.unwrap();
        erase_person(&app, &person).await.unwrap();
        assert_eq!(award_of(&app, &scene, "Foo").await.acceptance, "accepted");
        assert_eq!(verdict(&app, &award.id).await, Verdict::Valid);
        assert_eq!(app.db.participants(&scene.workshop).await.unwrap().len(), 1);
        // What nobody has claimed is about whoever has the name.
        app.execute("delete from job_row").await;
        app.execute("delete from participant").await;
        app.participants(&scene.workshop, &[("Bar", 0)]).await;
        let award = offered_to(&app, &scene, "Bar").await;
        let person = app.db.insert_account(98, Some("Bar"), "en", START).await.unwrap();
        erase_person(&app, &person).await.unwrap();
        assert_eq!(app.db.award(&award.id).await.unwrap().unwrap().acceptance, "erased");
        assert!(app.db.participants(&scene.workshop).await.unwrap().is_empty());
        assert_sound(&app).await;
    }

    async fn awards_are_found(app: TestApp) {
        let scene = app.scene().await;
        app.participants(&scene.workshop, &[("Élan 100%", 7), ("Under_score", 8), ("مثال", 9)]).await;
        award(&app, &scene, &scene.achievement, false).await;
        app.pass(1);
        award(&app, &scene, &scene.suspendable, false).await;
        let find = async |filter: AwardFilter, before: Option<(i64, &str)>, limit: i64| {
            let found = app.db.find_awards(&scene.issuer, &filter, before, limit).await.unwrap();
            found.into_iter().map(|found| (found.award.made_at, found.award.id, found.user_name.unwrap())).collect::<Vec<_>>()
        };
        let named = async |name: &str| find(AwardFilter { name: Some(name.to_owned()), ..AwardFilter::default() }, None, 9).await.len();
        assert_eq!([named("Élan").await, named("lan 1").await, named("_").await, named("%").await, named("UNDER").await], [2; 5]);
        assert_eq!((named("مثا").await, named("\\").await, named("nobody").await), (2, 0, 0));
        let first = find(AwardFilter::default(), None, 4).await;
        let (at, id, _) = first.last().unwrap();
        let rest = find(AwardFilter::default(), Some((*at, id)), 4).await;
        assert_eq!((first.len(), rest.len()), (4, 2));
        assert!(rest.iter().all(|row| !first.contains(row)));
        let one = AwardFilter { achievement: Some(scene.suspendable.clone()), ..AwardFilter::default() };
        assert_eq!(find(one, None, 9).await.len(), 3);
        let none = AwardFilter { standing: Some("revoked".to_owned()), ..AwardFilter::default() };
        assert_eq!(find(none, None, 9).await.len(), 0);
        let some = AwardFilter { workshop: Some(scene.workshop.clone()), acceptance: Some("offered".to_owned()), ..AwardFilter::default() };
        assert_eq!(find(some, None, 9).await.len(), 6);
        assert_eq!(app.db.jobs(&scene.workshop).await.unwrap().len(), 2);
        let id = &first[0].1;
        assert_eq!(app.db.award_for(id).await.unwrap().unwrap().award.id, *id);
        let token = app.db.award(id).await.unwrap().unwrap().token;
        assert_eq!(app.db.award_by_token(&token).await.unwrap().unwrap().id, *id);
    }

    async fn the_last_owner_cannot_go(app: TestApp) {
        let scene = app.scene().await;
        assert!(matches!(erase_person(&app, &scene.owner).await, Err(Error::Conflict { .. })));
        let other = app.db.insert_person(None, None, START).await.unwrap();
        app.join(&scene.issuer, &other, crate::db::Role::Owner).await;
        erase_person(&app, &scene.owner).await.unwrap();
        assert!(!app.everything().await.contains("Example Owner"));
        // Two who go at once: one of them stays.
        for _ in 0..8 {
            let third = app.db.insert_person(None, None, START).await.unwrap();
            app.join(&scene.issuer, &third, crate::db::Role::Owner).await;
            let owners = app.db.members(&scene.issuer).await.unwrap();
            let tries = owners.into_iter().map(|owner| {
                let app = (*app).clone();
                tokio::spawn(async move { erase_person(&app, &owner.person).await.is_ok() })
            });
            let mut gone = 0;
            for one in tries.collect::<Vec<_>>() {
                gone += i32::from(one.await.unwrap());
            }
            assert_eq!(gone, 1);
        }
    }
}
