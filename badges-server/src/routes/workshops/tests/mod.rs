//! Trainers' steps from a list to claim links, through the router, on both databases.

mod awards;
mod lists;
mod story;

use tokio::sync::watch;
use wikimedia_stand_in::StandIn;

use crate::browser::{Browser, Page};
use crate::config::WikimediaSettings;
use crate::testing::{Scene, TestApp};

/// The pages of the scene's workshop.
const WORKSHOP: &str = "/desk/academy/workshops/workshop";

/// A path of the scene's workshop.
fn at(rest: &str) -> String {
    format!("{WORKSHOP}{rest}")
}

/// The scene, and its owner at a browser.
async fn owner(app: &TestApp) -> (Scene, Browser) {
    let scene = app.scene().await;
    let browser = Browser::of(app, &scene.owner).await;
    (scene, browser)
}

/// Pastes a list and looks at what came of it.
async fn paste(browser: &mut Browser, list: &str) -> Page {
    browser.get(&at("/participants")).await;
    let page = browser
        .upload(&at("/participants"), &[("list", list)], &[])
        .await;
    browser.follow(&page).await
}

/// The same data with a wiki to ask.
async fn with_wiki(app: &TestApp, wiki: &StandIn) -> TestApp {
    let address = wiki.url().parse().unwrap();
    app.with(|settings| {
        settings.wikimedia = WikimediaSettings {
            address,
            client: None,
            offline: false,
        }
    })
    .await
}

/// Presses the button, waits until all is done, and shows the job's page.
async fn award(app: &TestApp, browser: &mut Browser, achievement: &str) -> Page {
    let page = browser
        .get(&at(&format!("/award?achievement={achievement}")))
        .await;
    let request = page.value("request").unwrap().to_owned();
    let page = browser
        .post(
            &at("/award"),
            &[
                ("request", &request),
                ("achievement", achievement),
                ("awarded_on", "2026-05-01"),
            ],
        )
        .await;
    finish(app, browser, page.location()).await
}

/// Works until a job is done, and shows its page.
async fn finish(app: &TestApp, browser: &mut Browser, path: &str) -> Page {
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(crate::issuing::work((**app).clone(), stopped));
    loop {
        let progress: serde_json::Value =
            serde_json::from_str(&browser.get(&format!("{path}.json")).await.body).unwrap();
        if progress["finished"] == true {
            assert_eq!(progress["done"], progress["total"]);
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    stop.send(true).unwrap();
    worker.await.unwrap();
    browser.get(path).await
}

/// The parts of a page between a beginning and the next quote.
fn all<'p>(page: &'p Page, beginning: &str) -> Vec<&'p str> {
    page.body
        .split(beginning)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}
