use super::*;

const ELSEWHERE: &str = "https://other.example.org";

async fn issuer(app: &App, scene: &Scene) -> crate::db::Issuer {
    app.db.issuer(&scene.issuer).await.unwrap().unwrap()
}

/// What the issuer's log says more of each time something was done.
async fn details(app: &App, scene: &Scene, action: &str) -> Vec<String> {
    let log = app.db.audit(&scene.issuer, None, 1000).await.unwrap();
    let mut details: Vec<String> = log
        .into_iter()
        .filter(|entry| entry.action == action)
        .filter_map(|entry| entry.detail)
        .collect();
    details.sort();
    details
}

on_both! {
    async fn a_list_is_signed_once_for_many_changes(app: TestApp) {
        let scene = app.scene().await;
        let people = [("A", 1), ("B", 2), ("C", 3), ("D", 4)];
        app.participants(&scene.workshop, &people).await;
        award(&app, &scene, &scene.achievement, false).await;
        let did = award_of(&app, &scene, "A").await.did;
        let list = async || status_list(&app, &did, 1).await.unwrap().unwrap();
        let first = list().await;
        app.pass(60);
        assert_eq!(list().await, first);
        for name in ["A", "B", "C"] {
            let award = award_of(&app, &scene, name).await;
            revoke(&app, &award.id, Reason::Mistake, None, &scene.owner).await.unwrap();
        }
        let second = list().await;
        assert_ne!(second.etag, first.etag);
        assert_eq!(list().await, second);
        assert_eq!(verdict(&app, &award_of(&app, &scene, "A").await.id).await, Verdict::Revoked);
        assert_eq!(verdict(&app, &award_of(&app, &scene, "D").await.id).await, Verdict::Valid);
        // It does not get old.
        app.pass(13 * 3600);
        assert_ne!(list().await, second);
        assert_eq!(status_list(&app, &did, 2).await.unwrap(), None);
        assert_eq!(status_list(&app, "did:web:example.org", 1).await.unwrap(), None);
        assert_sound(&app).await;
    }

    async fn old_badges_outlive_new_keys(app: TestApp) {
        let scene = app.scene().await;
        app.participants(&scene.workshop, &[("Example Volunteer", 7)]).await;
        award(&app, &scene, &scene.achievement, false).await;
        let award = award_of(&app, &scene, "Example Volunteer").await;
        let before = app.db.credential(&award.id).await.unwrap().unwrap();
        rotate(&app, &issuer(&app, &scene).await, false, &scene.owner).await.unwrap();
        finish(&app).await;
        assert_eq!(verdict(&app, &award.id).await, Verdict::Valid);
        assert_eq!(app.db.credential(&award.id).await.unwrap().unwrap().text, before.text);
        accept(&app, &award.id, accepted(Named::UserName)).await.unwrap();
        assert_ne!(app.db.credential(&award.id).await.unwrap().unwrap().multikey, before.multikey);
        assert_eq!(verdict(&app, &award.id).await, Verdict::Valid);
        assert_sound(&app).await;

        // A key that was retired turns out to be known to others: what it signed is void.
        disown(&app, &issuer(&app, &scene).await, &before.multikey, &scene.owner).await.unwrap();
        finish(&app).await;
        assert_eq!(app.count("select count(*) from credential").await, 1);
        assert_eq!(verdict(&app, &award.id).await, Verdict::Valid);
        assert!(matches!(disown(&app, &issuer(&app, &scene).await, "z6Mk", &scene.owner).await, Err(Error::NotFound)));
        assert_sound(&app).await;
    }

    async fn what_a_compromised_key_signed_is_signed_again(app: TestApp) {
        let scene = app.scene().await;
        let names: Vec<String> = (1..=120).map(|number| format!("Volunteer {number}")).collect();
        let people: Vec<(&str, i64)> = names.iter().map(String::as_str).zip(1..).collect();
        app.participants(&scene.workshop, &people).await;
        award(&app, &scene, &scene.achievement, false).await;
        let award = award_of(&app, &scene, "Volunteer 1").await;
        accept(&app, &award.id, accepted(Named::UserName)).await.unwrap();
        let revoked = award_of(&app, &scene, "Volunteer 2").await;
        revoke(&app, &revoked.id, Reason::Mistake, None, &scene.owner).await.unwrap();
        let old = credential_text(&app, &award.id).await.unwrap().unwrap();
        let old_badge = document(&app, &award).await.unwrap().unwrap();
        app.pass(60);
        rotate(&app, &issuer(&app, &scene).await, true, &scene.owner).await.unwrap();
        // From this moment on nobody takes what the key has signed.
        assert_eq!(verdict(&app, &award.id).await, Verdict::Invalid);
        finish(&app).await;
        let badge = document(&app, &award).await.unwrap().unwrap();
        assert_eq!((&badge.id, &badge.issuer.id, &badge.credential_status), (&old_badge.id, &old_badge.issuer.id, &old_badge.credential_status));
        assert_eq!(badge.credential_subject.identifier, old_badge.credential_subject.identifier);
        assert!(badge.valid_from > old_badge.valid_from);
        assert_eq!(verdict(&app, &award.id).await, Verdict::Valid);
        assert_eq!(verdict(&app, &revoked.id).await, Verdict::Revoked);
        let documents = documents(&app, &award.did).await;
        assert_eq!(verify(old.as_bytes(), &Question::new(&documents, app.now())).verdict(), Verdict::Invalid);
        assert_eq!(app.db.compromised_awards("", 1).await.unwrap(), Vec::<String>::new());
        let told = details(&app, &scene, "award.sign-again").await;
        assert_eq!(told, [r#"{"count":100}"#, r#"{"count":20}"#]);
        assert_eq!(sign_again(&app).await.unwrap(), 0);
        assert_sound(&app).await;
    }

    async fn a_badge_has_the_forms_that_others_read(app: TestApp) {
        let scene = app.scene().await;
        app.participants(&scene.workshop, &[("Example Volunteer", 7)]).await;
        award(&app, &scene, &scene.achievement, false).await;
        let award = award_of(&app, &scene, "Example Volunteer").await;
        let documents = documents(&app, &award.did).await;
        let question = Question::new(&documents, app.now());
        let token = jwt(&app, &award).await.unwrap();
        assert_eq!(verify(token.as_bytes(), &question).verdict(), Verdict::Valid);
        let version = app.db.version(&award.achievement, 1).await.unwrap().unwrap();
        let picture = app.db.image(&version.image).await.unwrap().unwrap().bytes;
        let baked = baked(&app, &award, picture).await.unwrap();
        assert_eq!(verify(&baked, &question).verdict(), Verdict::Valid);
        assert_eq!(bake::extract(&baked).unwrap().text, credential_text(&app, &award.id).await.unwrap().unwrap());
        let workshop = app.db.workshop(&scene.workshop).await.unwrap();
        let achievement = app.db.achievement(&scene.achievement).await.unwrap().unwrap();
        let shown = preview(&app, workshop.as_ref(), &achievement, START).await.unwrap();
        assert_eq!(shown.evidence, document(&app, &award).await.unwrap().unwrap().evidence);
    }

    async fn when_the_address_changes_new_badges_have_it_and_old_ones_stay(app: TestApp) {
        let scene = app.scene().await;
        app.participants(&scene.workshop, &[("Example Volunteer", 7)]).await;
        award(&app, &scene, &scene.achievement, false).await;
        let first = award_of(&app, &scene, "Example Volunteer").await;
        let moved = app.again(ELSEWHERE).await;
        let who = issuer(&moved, &scene).await;
        let (row, _) = identity(&moved, &who).await.unwrap();
        assert_eq!(row.did, "did:web:other.example.org:issuers:academy");
        assert_eq!(identity(&moved, &who).await.unwrap().0, row);
        award(&moved, &scene, &scene.achievement, true).await;
        let awards = moved.db.awards_of_workshop(&scene.workshop).await.unwrap();
        assert_eq!(awards.iter().filter(|award| award.award.did == row.did).count(), 1);
        assert_eq!(verdict(&moved, &first.id).await, Verdict::Valid);
        accept(&moved, &first.id, accepted(Named::UserName)).await.unwrap();
        assert_eq!(verdict(&moved, &first.id).await, Verdict::Valid);
        assert_sound(&moved).await;
        // And back: the first identity is the current one again.
        assert_eq!(identity(&app, &who).await.unwrap().0.did, first.did);
        assert_eq!(app.db.identities(&scene.issuer).await.unwrap()[0].did, first.did);
        let log = app.db.audit(&scene.issuer, None, 100).await.unwrap();
        for (action, did) in [("identity.make", &row.did), ("identity.return", &first.did)] {
            assert_eq!(log.iter().filter(|entry| entry.action == action && entry.object == *did).count(), 1, "{action}");
        }
        assert_sound(&app).await;
    }

    async fn a_key_of_an_earlier_address_is_exchanged_under_that_address(app: TestApp) {
        let scene = app.scene().await;
        app.participants(&scene.workshop, &[("Example Volunteer", 7)]).await;
        award(&app, &scene, &scene.achievement, false).await;
        let first = award_of(&app, &scene, "Example Volunteer").await;
        let key = app.db.credential(&first.id).await.unwrap().unwrap().multikey;
        let moved = app.again(ELSEWHERE).await;
        let who = issuer(&moved, &scene).await;
        let (current, _) = identity(&moved, &who).await.unwrap();
        disown(&moved, &who, &key, &scene.owner).await.unwrap();
        assert_eq!(verdict(&moved, &first.id).await, Verdict::Invalid);
        finish(&moved).await;
        let last = moved.db.credential(&first.id).await.unwrap().unwrap();
        assert_ne!(last.multikey, key);
        assert_eq!(moved.db.award(&first.id).await.unwrap().unwrap().did, first.did);
        assert_eq!(verdict(&moved, &first.id).await, Verdict::Valid);
        // The keys that sign now are as they were.
        assert!(moved.db.keys(&current.did).await.unwrap().iter().all(|key| key.state == "active"));
        assert_sound(&moved).await;
    }

    async fn a_fault_is_found(app: TestApp) {
        let scene = app.scene().await;
        app.participants(&scene.workshop, &[("Example Volunteer", 7), ("Another", 8)]).await;
        award(&app, &scene, &scene.achievement, false).await;
        assert_sound(&app).await;
        // On offer in an account, without a link.
        let bound = award_of(&app, &scene, "Another").await;
        assert!(app.db.bind_award(&bound.id, &scene.owner, START).await.unwrap());
        assert_sound(&app).await;
        for (fault, mended, noun) in [
            ("update award set standing = 'revoked'", "update award set standing = 'valid'", "award"),
            ("update achievement_version set document = replace(document, 'Wikipedia Editor', 'Wikipedia Expert')",
                "update achievement_version set document = replace(document, 'Wikipedia Expert', 'Wikipedia Editor')", "award"),
            ("update status_list set used = 7", "update status_list set used = 2", "status_list"),
            ("update award set claim_renewal = 3", "update award set claim_renewal = 0", "award"),
            ("update award set acceptance = 'erased', standing = 'revoked'", "update award set acceptance = 'offered', standing = 'valid'", "award"),
            ("update status_entry set position = position + 200000", "update status_entry set position = position - 200000", "award"),
            ("update image set media_type = 'image/png', bytes = (select sealed from signing_key limit 1)", "select 1", "image"),
        ] {
            app.execute(fault).await;
            let found = check(&app).await.unwrap();
            assert!(found.iter().any(|found| found.noun == noun), "{fault}: {found:?}");
            app.execute(mended).await;
        }
        app.execute("delete from recipient").await;
        app.execute("update signing_key set state = 'retired'").await;
        let found = check(&app).await.unwrap();
        assert!(found.iter().any(|found| found.noun == "identity") && found.iter().any(|found| found.noun == "award"));
    }
}

/// Without an address an issuer is its key.
async fn trial(database: crate::testing::Database) {
    let Some(app) = TestApp::open(database, "http://localhost:8080").await else {
        return;
    };
    let scene = app.scene().await;
    app.participants(&scene.workshop, &[("Example Volunteer", 7)])
        .await;
    award(&app, &scene, &scene.achievement, false).await;
    let first = award_of(&app, &scene, "Example Volunteer").await;
    assert!(first.did.starts_with("did:key:") && first.credential_id.starts_with("urn:uuid:"));
    let badge = document(&app, &first).await.unwrap().unwrap();
    assert!(
        badge.credential_status.is_none() && badge.credential_subject.achievement.image.is_none()
    );
    assert_eq!(verdict(&app, &first.id).await, Verdict::Valid);
    let token = jwt(&app, &first).await.unwrap();
    assert_eq!(
        verify(
            token.as_bytes(),
            &Question::new(&Documents::new(), app.now())
        )
        .verdict(),
        Verdict::Valid
    );

    // A new key is somebody new; the badge stays the old one's.
    let who = issuer(&app, &scene).await;
    rotate(&app, &who, false, &scene.owner).await.unwrap();
    finish(&app).await;
    let (now, _) = identity(&app, &who).await.unwrap();
    assert_ne!(now.did, first.did);
    accept(&app, &first.id, accepted(Named::UserName))
        .await
        .unwrap();
    assert_eq!(verdict(&app, &first.id).await, Verdict::Valid);
    assert_sound(&app).await;

    // If others may have the key, the new one says so again.
    let key = app
        .db
        .credential(&first.id)
        .await
        .unwrap()
        .unwrap()
        .multikey;
    disown(&app, &who, &key, &scene.owner).await.unwrap();
    finish(&app).await;
    assert_eq!(app.db.award(&first.id).await.unwrap().unwrap().did, now.did);
    assert_eq!(verdict(&app, &first.id).await, Verdict::Valid);
    assert_sound(&app).await;

    // An address has come: new badges have it.
    let app = app.again(ELSEWHERE).await;
    award(&app, &scene, &scene.achievement, true).await;
    let awards = app.db.awards_of_workshop(&scene.workshop).await.unwrap();
    assert!(
        awards
            .iter()
            .any(|award| award.award.credential_id.starts_with(ELSEWHERE))
    );
    assert_sound(&app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_address_an_issuer_is_its_key_sqlite() {
    trial(crate::testing::Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_address_an_issuer_is_its_key_postgres() {
    trial(crate::testing::Database::Postgres).await;
}
