#![expect(clippy::unwrap_used, reason = "tests")]

use badges_core::documents::{Answer, Documents};
use badges_core::publish::{Base, did_document};
use badges_core::verify::{Question, Verdict, verify};
use badges_core::{Report, bake};
use tokio::sync::watch;

use super::*;
use crate::ambient::random_id;
use crate::db::{AwardFilter, AwardRow, Progress, Refusal};
use crate::error::Error;
use crate::keys;
use crate::testing::{START, Scene, TestApp, on_both};
use crate::{App, secret};

mod awarding;
mod holding;
mod keys_and_lists;
mod killed;

/// Awards everybody on the list of the scene's workshop, and does the work.
async fn award(app: &App, scene: &Scene, achievement: &str, again: bool) -> String {
    let job = start(app, new_job(scene, achievement, again))
        .await
        .unwrap();
    finish(app).await;
    job.id
}

fn new_job(scene: &Scene, achievement: &str, again: bool) -> NewJob {
    NewJob {
        workshop: scene.workshop.clone(),
        achievement: achievement.to_owned(),
        request: random_id(),
        person: scene.owner.clone(),
        awarded_at: START,
        again,
        seen: crate::db::Seen::default(),
    }
}

/// Does all work that waits.
async fn finish(app: &App) {
    let (_stop, stopped) = watch::channel(false);
    while job::work_once(app, "worker", &stopped).await.unwrap() {}
}

/// The award of whoever has this name.
async fn award_of(app: &App, scene: &Scene, name: &str) -> AwardRow {
    let awards = app.db.awards_of_workshop(&scene.workshop).await.unwrap();
    let mut awards = awards
        .into_iter()
        .filter(|award| award.user_name.as_deref() == Some(name));
    awards.next().unwrap().award
}

/// What others can fetch of an issuer.
async fn documents(app: &App, did: &str) -> Documents {
    let mut documents = Documents::new();
    let Some(base) = Base::from_did(did) else {
        return documents;
    };
    let keys = identity::stored(app, did).await.unwrap();
    let document = did_document(did, &keys::listed(&keys)).to_string();
    documents.insert(
        &base.did_document_url(),
        Answer::Loaded(document.into_bytes()),
    );
    for number in 1..4 {
        if let Some(list) = status_list(app, did, number).await.unwrap() {
            documents.insert(
                &base.status_list(number),
                Answer::Loaded(list.text.into_bytes()),
            );
        }
    }
    documents
}

/// What a stranger finds out about a badge now.
async fn judged(app: &App, award: &str) -> Report {
    let award = app.db.award(award).await.unwrap().unwrap();
    let text = credential_text(app, &award.id).await.unwrap().unwrap();
    let documents = documents(app, &award.did).await;
    verify(text.as_bytes(), &Question::new(&documents, app.now()))
}

async fn verdict(app: &App, award: &str) -> Verdict {
    judged(app, award).await.verdict()
}

/// That everything agrees.
async fn assert_sound(app: &App) {
    assert_eq!(check(app).await.unwrap(), []);
}

fn accepted(named: Named) -> Acceptance {
    Acceptance {
        visibility: Visibility::Public,
        named,
        person: None,
    }
}
