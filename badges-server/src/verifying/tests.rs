//! Badges of our own: what the service has is never fetched, and what is not for strangers is not
//! told to them.

use badges_core::credential::{UnsignedCredential, verification_method};
use badges_core::did::did_key;
use badges_core::key::SigningKey;
use badges_core::model::DateTimeZ;
use badges_core::proof::data_integrity::ProofOptions;
use badges_core::status::{StatusBits, StatusList};
use badges_core::verify::Verdict;
use serde_json::json;
use tokio::sync::watch;

use super::*;
use crate::db::AwardRow;
use crate::issuing::{self, Acceptance, Named, NewJob, Reason, Visibility};
use crate::testing::{START, TestApp, on_both};

/// A badge of `Example Volunteer`, offered and no more.
async fn offered(app: &TestApp) -> AwardRow {
    let scene = app.scene().await;
    app.participants(&scene.workshop, &[("Example Volunteer", 7)])
        .await;
    let job = NewJob {
        workshop: scene.workshop.clone(),
        achievement: scene.achievement.clone(),
        request: "request".to_owned(),
        person: scene.owner.clone(),
        awarded_at: START,
        again: false,
        seen: crate::db::Seen::default(),
    };
    let job = issuing::start(app, job).await.unwrap();
    let (stop, stopped) = watch::channel(false);
    let work = tokio::spawn(issuing::work((**app).clone(), stopped));
    while app.db.progress(&job.id).await.unwrap().done == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    stop.send_replace(true);
    work.await.unwrap();
    let awards = app.db.awards_of_workshop(&scene.workshop).await.unwrap();
    awards.into_iter().next().unwrap().award
}

async fn accepted(app: &TestApp, visibility: Visibility) -> AwardRow {
    let award = offered(app).await;
    let acceptance = Acceptance {
        visibility,
        named: Named::UserName,
        person: None,
    };
    issuing::accept(app, &award.id, acceptance)
        .await
        .unwrap()
        .award
}

async fn text(app: &TestApp, award: &AwardRow) -> String {
    issuing::credential_text(app, &award.id)
        .await
        .unwrap()
        .unwrap()
}

/// What a stranger is told who gives the text, and what the badge's own page says.
async fn verdicts(app: &TestApp, award: &AwardRow, text: &str) -> [Verdict; 2] {
    let stranger = verify_all(
        app,
        vec![Badge::File(text.to_owned().into())],
        Asked::default(),
    )
    .await
    .unwrap();
    let own = own_report(app, award, text).await.unwrap();
    [stranger[0].report.verdict(), own.verdict()]
}

async fn by_url(app: &TestApp, url: &str) -> Judged {
    let mut judged = verify_all(app, vec![Badge::Url(url.to_owned())], Asked::default())
        .await
        .unwrap();
    judged.remove(0)
}

/// A badge of somebody else, and their status list as of a moment.
fn of_others(valid_from: OffsetDateTime) -> (String, Vec<u8>) {
    let key = SigningKey::ed25519(&[9; 32]);
    let issuer = did_key(key.public_key()).unwrap();
    let list = StatusList {
        url: LIST,
        issuer: &issuer,
        purpose: "revocation",
        bits: &StatusBits::default(),
        valid_from: DateTimeZ::from(valid_from),
        valid_until: None,
    };
    let badge = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "id": "https://elsewhere.example/badges/1",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": issuer, "type": ["Profile"], "name": "Elsewhere"},
        "validFrom": "2026-04-01T00:00:00Z",
        "credentialSubject": {
            "id": "urn:uuid:e9c5a4a2-4c2b-4a0e-8f0e-5b8d2f0f9d11",
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "https://elsewhere.example/achievements/1",
                "type": ["Achievement"],
                "name": "Editor",
                "description": "Edits.",
                "criteria": {"narrative": "Edit."},
            },
        },
        "credentialStatus": {
            "id": format!("{LIST}#7"),
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "7",
            "statusListCredential": LIST,
        },
    });
    let options = ProofOptions {
        verification_method: verification_method(&issuer, key.public_key()),
        created: "2026-04-01T00:00:00Z".to_owned(),
        ..ProofOptions::default()
    };
    let badge = UnsignedCredential::from_json(&badge.to_string()).unwrap();
    let badge = badge.sign(&key, &options).unwrap().into_text();
    (badge, list.sign(&key).unwrap().into_text().into_bytes())
}

const LIST: &str = "https://elsewhere.example/status/1";

on_both! {
    async fn a_status_list_that_is_put_back_is_noticed(app: TestApp) {
        let (badge, older) = of_others(app.now() - Duration::from_secs(1));
        let (_, newer) = of_others(app.now());
        for (list, verdict) in [
            (&older, Verdict::Valid),
            (&newer, Verdict::Valid),
            (&older, Verdict::Unknown),
            (&newer, Verdict::Valid),
        ] {
            app.web.tell([(&LIST.to_owned(), list)]);
            let judged = verify_all(&app, vec![Badge::File(badge.clone().into())], Asked::default());
            assert_eq!(judged.await.unwrap()[0].report.verdict(), verdict);
            app.pass(25 * 60 * 60);
        }
        // Another process knows it too.
        let other = app.again("https://badges.example.org").await;
        other.web.tell([(&LIST.to_owned(), &older)]);
        other.pass(60);
        let judged = verify_all(&other, vec![Badge::File(badge.into())], Asked::default());
        assert_eq!(judged.await.unwrap()[0].report.verdict(), Verdict::Unknown);
    }

    async fn our_own_badges_need_nobody_else(app: TestApp) {
        let award = accepted(&app, Visibility::Public).await;
        let text = text(&app, &award).await;
        assert_eq!(verdicts(&app, &award, &text).await, [Verdict::Valid; 2]);
        let jwt = issuing::jwt(&app, &award).await.unwrap();
        assert_eq!(verdicts(&app, &award, &jwt).await, [Verdict::Valid; 2]);
        let asked = Asked::about("example_Volunteer", "");
        let judged = verify_all(&app, vec![Badge::File(text.clone().into())], asked).await.unwrap();
        assert!(matches!(judged[0].report.outcomes(Check::Recipient).next(), Some(Outcome::Passed(_))));
        // A change is seen at once, and a suspicion of an altered text too.
        issuing::revoke(&app, &award.id, Reason::Mistake, None, &award.made_by).await.unwrap();
        assert_eq!(verdicts(&app, &award, &text).await, [Verdict::Revoked; 2]);
        let altered = text.replace("Example Volunteer", "Another");
        assert_eq!(verdicts(&app, &award, &altered).await, [Verdict::Invalid; 2]);
        assert!(app.web.asked().is_empty(), "{:?}", app.web.asked());
    }

    /// A badge of a trial has no status list: what was taken back is known here alone.
    async fn a_trial_knows_what_it_took_back(app: TestApp) {
        let app = app.again("http://localhost:8080").await;
        let award = accepted(&app, Visibility::Public).await;
        let text = text(&app, &award).await;
        assert_eq!(verdicts(&app, &award, &text).await, [Verdict::Valid; 2]);
        let page = app.settings.public_url.join(&format!("/issuers/academy/badges/{}", award.token));
        let here = signer_here(&app, &by_url(&app, &page).await.report).await.unwrap();
        assert_eq!(here.as_deref(), Some("Example Academy"));
        issuing::revoke(&app, &award.id, Reason::Mistake, None, &award.made_by).await.unwrap();
        assert_eq!(verdicts(&app, &award, &text).await, [Verdict::Revoked; 2]);
        let judged = by_url(&app, &page).await;
        let (check, reason) = judged.report.reason().unwrap();
        assert_eq!((check, reason.id()), (Check::Status, "status.withdrawn"));
        // Only what the issuer signed is told about.
        let altered = text.replace("Example Volunteer", "Another");
        assert_eq!(verdicts(&app, &award, &altered).await, [Verdict::Invalid; 2]);
        let (others, _) = of_others(app.now());
        let others = others.replace("https://elsewhere.example/badges/1", &award.credential_id);
        let judged = verify_all(&app, vec![Badge::File(others.into())], Asked::default()).await.unwrap();
        assert_eq!(signer_here(&app, &judged[0].report).await.unwrap(), None);
        // A key that somebody else may have vouches for no name.
        app.execute("update award set standing = 'suspended'").await;
        assert_eq!(verdicts(&app, &award, &text).await, [Verdict::Suspended; 2]);
        app.execute("update signing_key set state = 'compromised'").await;
        let judged = by_url(&app, &page).await;
        assert_eq!(signer_here(&app, &judged.report).await.unwrap(), None);
    }

    async fn an_address_tells_strangers_what_they_may_see(app: TestApp) {
        let award = accepted(&app, Visibility::Unlisted).await;
        let url = &award.credential_id;
        for url in [url.clone(), format!("{url}.json"), format!("{url}.png?x#y"), url.replace("https://badges.example", "HTTPS://Badges.Example")] {
            let judged = by_url(&app, &url).await;
            assert_eq!(judged.report.verdict(), Verdict::Valid, "{url}");
            assert_eq!(judged.file.unwrap(), text(&app, &award).await, "{url}");
        }
        let change = format!("update award set visibility = 'private' where id = '{}'", award.id);
        app.execute(&change).await;
        let private = by_url(&app, url).await;
        let none = by_url(&app, &url.replace(&award.token, "none")).await;
        for judged in [&private, &none] {
            assert_eq!(judged.report.verdict(), Verdict::Unknown);
            assert!(judged.file.is_none());
        }
        let told = |judged: &Judged| serde_json::to_string(&judged.report).unwrap();
        assert_eq!(told(&private).replace(&award.token, "none"), told(&none));
        for path in ["/", "", "/verify", "/issuers/academy/did.json", "/issuers/nobody/did.json", "/issuers/academy/status/99"] {
            let judged = by_url(&app, &format!("https://badges.example.org{path}")).await;
            assert_ne!(judged.report.verdict(), Verdict::Valid, "{path}");
        }
        assert!(app.web.asked().is_empty(), "{:?}", app.web.asked());
        by_url(&app, "https://badges.example.org.example.com/").await;
        assert_eq!(app.web.asked(), ["https://badges.example.org.example.com/"]);
    }

    async fn what_is_only_offered_is_nothing_to_strangers(app: TestApp) {
        let award = offered(&app).await;
        let judged = by_url(&app, &award.credential_id).await;
        assert!(judged.file.is_none());
        assert_eq!(verdicts(&app, &award, &text(&app, &award).await).await, [Verdict::Valid; 2]);
    }

    /// An issuer that had another address answers for the old one too.
    async fn an_old_address_is_ours(app: TestApp) {
        let award = accepted(&app, Visibility::Public).await;
        let text = text(&app, &award).await;
        let moved = app.again("https://new.example.net").await;
        assert_eq!(verdicts(&moved, &award, &text).await, [Verdict::Valid; 2]);
        assert_eq!(by_url(&moved, &award.credential_id).await.report.verdict(), Verdict::Valid);
        assert!(moved.web.asked().is_empty(), "{:?}", moved.web.asked());
    }

    async fn what_matters_is_counted(app: TestApp) {
        assert_eq!(app.db.figures().await.unwrap(), crate::db::Figures { awards: 0, jobs_waiting: 0 });
        offered(&app).await;
        app.execute("update job set state = 'waiting'").await;
        assert_eq!(app.db.figures().await.unwrap(), crate::db::Figures { awards: 1, jobs_waiting: 1 });
    }
}
