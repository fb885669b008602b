//! Against a stand-in that speaks as Meta-Wiki does.

mod accounts;
mod answers;
mod events;
mod sign_in;

use badges_core::participants::UserName;
use wikimedia_stand_in::StandIn;

use super::*;

/// A wiki and what asks it.
fn together() -> (StandIn, Wikimedia) {
    let stand_in = StandIn::start();
    let client = stand_in.change(|wiki| wiki.client.clone());
    let wikimedia = Wikimedia::new(
        stand_in.url().parse().unwrap(),
        "https://badges.example.org (مثال)",
        Some(OAuthClient::new(client.id, client.secret)),
    );
    (stand_in, wikimedia)
}

fn name(text: &str) -> UserName {
    UserName::parse(text).unwrap()
}

/// The paths that were asked for, and nothing else.
fn asked(wiki: &StandIn) -> Vec<String> {
    wiki.change(|wiki| {
        let asked = wiki.asked.drain(..);
        asked.map(|asked| asked.path).collect()
    })
}
