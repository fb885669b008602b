use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use badges_core::documents::{Answer, Documents};
use badges_core::verify::{Question, Verdict, verify};
use tokio::sync::watch;

use super::*;
use crate::db::AwardFor;
use crate::issuing::{Acceptance, Named, NewJob, Reason, Visibility};
use crate::testing::{Scene, TestApp, on_both};

/// Everybody at the scene's workshop has got the badge; by user name.
async fn awarded(app: &TestApp, scene: &Scene, people: &[&str]) -> BTreeMap<String, AwardFor> {
    let people: Vec<(&str, i64)> = people.iter().map(|name| (*name, 0)).collect();
    app.participants(&scene.workshop, &people).await;
    let job = NewJob {
        workshop: scene.workshop.clone(),
        achievement: scene.achievement.clone(),
        request: "once".to_owned(),
        person: scene.owner.clone(),
        awarded_at: app.seconds(),
        again: false,
        seen: crate::db::Seen::default(),
    };
    let job = issuing::start(app, job).await.unwrap();
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(issuing::work((**app).clone(), stopped));
    while app.db.job(&job.id).await.unwrap().unwrap().state != "done" {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    stop.send_replace(true);
    worker.await.unwrap();
    let awards = app.db.awards_of_workshop(&scene.workshop).await.unwrap();
    awards
        .into_iter()
        .map(|award| (award.user_name.clone().unwrap(), award))
        .collect()
}

async fn accept(app: &App, award: &AwardFor, visibility: Visibility, named: Named) {
    let choice = Acceptance {
        visibility,
        named,
        person: None,
    };
    issuing::accept(app, &award.award.id, choice).await.unwrap();
}

/// All files of a folder, by their paths.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path
                    .strip_prefix(folder)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned();
                found.insert(name, std::fs::read(path).unwrap());
            }
        }
    }
    found
}

on_both! {
    async fn an_export_holds_what_may_be_seen_and_nothing_else(app: TestApp) {
        let scene = app.scene().await;
        let names = ["Public", "Unlisted", "Private", "Revoked", "Offered", "Declined", "Withdrawn", "Erased"];
        let people = names.map(|name| format!("Example {name}"));
        let awards = awarded(&app, &scene, &people.each_ref().map(String::as_str)).await;
        let of = |name: &str| &awards[&format!("Example {name}")];
        accept(&app, of("Public"), Visibility::Public, Named::UserName).await;
        accept(&app, of("Unlisted"), Visibility::Unlisted, Named::Nothing).await;
        accept(&app, of("Private"), Visibility::Private, Named::UserName).await;
        for name in ["Revoked", "Withdrawn", "Erased"] {
            accept(&app, of(name), Visibility::Public, Named::Nothing).await;
        }
        issuing::revoke(&app, &of("Revoked").award.id, Reason::Mistake, Some("private note"), &scene.owner).await.unwrap();
        issuing::decline(&app, &of("Declined").award.id, None).await.unwrap();
        issuing::withdraw(&app, &of("Withdrawn").award.id, None).await.unwrap();
        issuing::erase_award(&app, &of("Erased").award.id, None).await.unwrap();

        let issuer = app.db.issuer(&scene.issuer).await.unwrap().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("public");
        let exported = export::export(&app, &issuer, &place, false).await.unwrap();
        assert_eq!((exported.badges, exported.achievements, exported.elsewhere), (3, 2, 0));
        let files = files(&place);
        assert_eq!(files.len(), exported.files);
        for name in names {
            let token = &of(name).award.token;
            let is_there = files.keys().any(|path| path.contains(token.as_str()));
            assert_eq!(is_there, ["Public", "Unlisted", "Revoked"].contains(&name), "{name}: {:?}", files.keys());
        }
        // Of names, only the one that a badge tells, nor anything else that is nobody's business.
        for (path, bytes) in &files {
            let text = String::from_utf8_lossy(bytes);
            for name in &people[1..] {
                assert!(!text.contains(name.as_str()), "{path} tells {name}");
            }
            assert!(!text.contains("private note") && !text.contains("AGE-SECRET"), "{path}");
        }
        for path in ["did.json", "issuer.json", "index.html", "status/1", "achievements/editor.json", "achievements/editor/versions/1",
            "achievements/editor/versions/1.json", "achievements/editor/versions/1.svg", "achievements/mentor/versions/1.json"] {
            assert!(files.contains_key(path), "{path} is missing: {:?}", files.keys());
        }

        // A stranger verifies with nothing but these files.
        let base = &exported.base;
        let mut documents = Documents::new();
        for (path, bytes) in &files {
            documents.insert(&format!("{base}/{path}"), Answer::Loaded(bytes.clone()));
        }
        for (name, verdict) in [("Public", Verdict::Valid), ("Unlisted", Verdict::Valid), ("Revoked", Verdict::Revoked)] {
            for ending in ["json", "jwt", "svg"] {
                let badge = &files[&format!("badges/{}.{ending}", of(name).award.token)];
                let report = verify(badge, &Question::new(&documents, app.now()));
                assert_eq!(report.verdict(), verdict, "{name}.{ending}: {report:?}");
            }
        }
    }

    async fn an_export_is_replaced_only_by_one_of_the_same_issuer(app: TestApp) {
        let scene = app.scene().await;
        let issuer = app.db.issuer(&scene.issuer).await.unwrap().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("public");
        export::export(&app, &issuer, &place, false).await.unwrap();
        assert!(export::export(&app, &issuer, &place, false).await.is_err());
        export::export(&app, &issuer, &place, true).await.unwrap();
        std::fs::write(place.join("issuer.json"), "{\"id\":\"did:web:example.com\"}").unwrap();
        assert!(export::export(&app, &issuer, &place, true).await.is_err());
        assert_eq!(std::fs::read_to_string(place.join("issuer.json")).unwrap(), "{\"id\":\"did:web:example.com\"}");
        // Nothing of what failed stays.
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);

        let trial = app.again("http://localhost:8080").await;
        let refused = export::export(&trial, &issuer, &folder.path().join("other"), false).await.unwrap_err();
        assert!(refused.to_string().contains("trial"), "{refused}");
    }

    async fn new_keys_leave_all_in_agreement(app: TestApp) {
        let scene = app.scene().await;
        let awards = awarded(&app, &scene, &["Example Volunteer", "مثال"]).await;
        let issuer = app.db.issuer(&scene.issuer).await.unwrap().unwrap();
        for (compromised, told) in [(true, "Badges signed again: 2."), (false, "`academy` signs with new keys.")] {
            let said = keys::rotate(&app, &issuer, compromised).await.unwrap();
            assert!(said.contains(told), "{said}");
        }
        assert_eq!(issuing::check(&app).await.unwrap(), []);
        let counts: BTreeMap<&str, i64> = app.db.counts().await.unwrap().into_iter().collect();
        assert_eq!((counts["issuers"], counts["awards"], counts["keys"]), (1, 2, 6));

        let id = &awards["مثال"].award.id;
        app.execute(&format!("update award set standing = 'revoked' where id = '{id}'")).await;
        let found = issuing::check(&app).await.unwrap();
        assert!(found.iter().any(|found| found.id == *id), "{found:?}");
    }

    async fn people_are_found_by_name(app: TestApp) {
        let scene = app.scene().await;
        let issuer = app.db.issuer(&scene.issuer).await.unwrap().unwrap();
        let link = people::add(&app, " Example Trainer ", &issuer, "trainer").await.unwrap();
        let secret = link.rsplit('/').next().unwrap();
        let person = app.db.use_sign_in_link(&crate::secret::hash(secret), app.seconds()).await.unwrap().unwrap();
        let member = app.db.member(&issuer.id, &person).await.unwrap().unwrap();
        assert_eq!((member.role.as_str(), member.every_achievement), ("trainer", true));
        assert_eq!(app.count("select count(*) from audit where action = 'member.invite'").await, 1);

        assert!(people::member_link(&app, "Example Trainer", None).await.is_ok());
        owner_link(&app).await.unwrap();
        let links = "select count(*) from audit where action = 'member.link'";
        assert_eq!(app.count(&format!("{links} and issuer = '{}' and object = '{person}'", scene.issuer)).await, 1);
        assert_eq!(app.count(&format!("{links} and issuer is null and object = '{}'", scene.owner)).await, 1);
        assert_eq!(app.count("select count(*) from audit where action = 'service.own'").await, 1);
        for (name, role, why) in [("Example Trainer", "trainer", "already"), ("  ", "trainer", "empty"), ("Other", "boss", "no such role")] {
            let refused = people::add(&app, name, &issuer, role).await.unwrap_err();
            assert!(refused.to_string().contains(why), "{refused}");
        }
        let refused = people::member_link(&app, "Nobody", None).await.unwrap_err();
        assert!(refused.to_string().contains("no member is called"), "{refused}");
        let refused = issuer_of(&app, "other").await.unwrap_err();
        assert!(refused.to_string().contains("`academy`"), "{refused}");
        // Twice the same owner.
        assert_eq!(owner(&app).await.unwrap(), owner(&app).await.unwrap());
    }
}
