//! What happens when a process ends in the middle of its work, without a chance to say goodbye.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::*;
use crate::ambient::random;
use crate::config::DatabaseUrl;

/// How many people are on the list, and how many times the work is interrupted.
const PEOPLE: i64 = 5_000;
const KILLS: i64 = 10;

/// What tells the test that is run by another one where the data are, and the time.
const WHERE: &str = "BADGES_TEST_WORK";

/// Not a test of its own: works until it is killed.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "another test runs it"]
#[expect(clippy::disallowed_methods, reason = "one test speaks to another")]
async fn work_until_killed() {
    let said = std::env::var(WHERE).unwrap();
    let (now, said) = said.split_once('|').unwrap();
    let (folder, database) = said.split_once('|').unwrap();
    let app = TestApp::of(
        folder.as_ref(),
        database.parse().unwrap(),
        now.parse().unwrap(),
    )
    .await;
    let (_stop, stopped) = watch::channel(false);
    work(app, stopped).await;
}

fn begin(app: &TestApp) -> Child {
    let database = match &app.settings.database_url {
        DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        DatabaseUrl::Postgres(url) => url.clone(),
    };
    Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "--ignored",
            "issuing::tests::killed::work_until_killed",
        ])
        .env(
            WHERE,
            format!("{}|{}|{database}", app.seconds(), app.folder().display()),
        )
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

on_both! {
    async fn nobody_has_two_badges_or_none(app: TestApp) {
        let scene = app.scene().await;
        app.crowd(&scene.workshop, PEOPLE).await;
        let job = start(&app, new_job(&scene, &scene.achievement, false)).await.unwrap();
        for kill in 0..KILLS {
            let before = app.db.progress(&job.id).await.unwrap().done;
            let mut worker = begin(&app);
            // It has begun, and is not near its end.
            while app.db.progress(&job.id).await.unwrap().done == before {
                assert!(worker.try_wait().unwrap().is_none(), "the worker ended");
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            let [chance] = random::<1>();
            tokio::time::sleep(Duration::from_millis(u64::from(chance) / 4)).await;
            worker.kill().unwrap();
            worker.wait().unwrap();
            let done = app.db.progress(&job.id).await.unwrap().done;
            assert!(before < done && (done < PEOPLE || kill + 1 == KILLS), "{done} after {} kills", kill + 1);
            // Until the lease of the one that is gone has ended.
            app.pass(61);
        }
        finish(&app).await;
        assert_eq!(app.db.progress(&job.id).await.unwrap(), Progress { done: PEOPLE, ..Progress::default() });
        assert_eq!(app.db.job(&job.id).await.unwrap().unwrap().state, "done");
        for count in [
            "select count(*) from award",
            "select count(distinct recipient_key) from recipient",
            "select count(distinct award) from job_row",
            "select count(*) from credential",
            "select count(*) from status_entry",
        ] {
            assert_eq!(app.count(count).await, PEOPLE, "{count}");
        }
        assert_sound(&app).await;
    }
}

on_both! {
    #[ignore = "a measurement, for an optimised build"]
    async fn how_fast(app: TestApp) {
        let scene = app.scene().await;
        app.crowd(&scene.workshop, PEOPLE).await;
        let begin = std::time::Instant::now();
        award(&app, &scene, &scene.achievement, false).await;
        let took = begin.elapsed();
        eprintln!("{PEOPLE} badges in {took:?}: {:.0} a second", PEOPLE as f64 / took.as_secs_f64());
        let begin = std::time::Instant::now();
        assert_sound(&app).await;
        eprintln!("checked in {:?}", begin.elapsed());
    }
}
