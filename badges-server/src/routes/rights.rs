//! Who may open and send what: every page of the service for every kind of visitor, as a table. A route
//! that is not in the table fails the test. What tokens may do is in the description of the API.

use std::collections::{BTreeMap, BTreeSet};

use super::badges::tests::person;
use crate::browser::{Browser, Page};
use crate::db::{Role, on};
use crate::issuing::{self, Acceptance, Named, NewIssuer, Visibility};
use crate::testing::{Database, TestApp};
use crate::{App, auth, router};

/// Who asks. Each has a service of their own, and asks in the order of the table.
const VISITORS: [&str; 8] = [
    // Is not signed in.
    "nobody", // Holds the private badge whose token stands in paths.
    "holder", // Owns another issuer.
    "other", "reviewer",
    // A trainer for another achievement than that of the paths.
    "limited", "trainer", "owner", // Owns the service, and has no role for the issuer.
    "host",
];

/// What comes of each request for each visitor: `+` it is answered, even if only that something is
/// wrong with it; `s` asked to sign in; `t` asked for a token; `-` forbidden; `0` nothing is there.
const TABLE: &str = "
GET  /                                                          + + + + + + + +
GET  /1.0/identifiers/                                          + + + + + + + +
GET  /1.0/identifiers/{*did}                                    + + + + + + + +
GET  /.well-known/jwks.json                                     + + + + + + + +
GET  /about                                                     + + + + + + + +
GET  /api/badges/v1/assertions/user/{name}/                     + + + + + + + +
GET  /badge/{token}/                                            0 0 0 0 0 0 0 0
GET  /healthz                                                   + + + + + + + +
GET  /images/{hash}                                             + + + + + + + +
GET  /issuers/{issuer}                                          + + + + + + + +
GET  /issuers/{issuer}/achievements/{file}                      + + + + + + + +
GET  /issuers/{issuer}/achievements/{slug}/versions/{file}      + + + + + + + +
GET  /issuers/{issuer}/badges/{token}                           0 + 0 0 0 0 0 0
GET  /issuers/{issuer}/badges/{token}/certificate               0 + 0 0 0 0 0 0
GET  /issuers/{issuer}/badges/{token}/embed                     0 0 0 0 0 0 0 0
GET  /issuers/{issuer}/badges/{token}/preview.png               0 + 0 0 0 0 0 0
GET  /issuers/{issuer}/did.json                                 + + + + + + + +
GET  /issuers/{issuer}/keys/{file}                              + + + + + + + +
GET  /issuers/{issuer}/status/{number}                          + + + + + + + +
GET  /people/{page}                                             0 + 0 0 0 0 0 0
GET  /problems/{id}                                             + + + + + + + +
GET  /readyz                                                    + + + + + + + +
GET  /static/{hash}/{name}                                      0 0 0 0 0 0 0 0
GET  /user-badges/                                              + + + + + + + +
GET  /verify                                                    + + + + + + + +
POST /verify                                                    + + + + + + + +
GET  /sign-in                                                   + + + + + + + +
GET  /sign-in/link/{secret}                                     + + + + + + + +
GET  /sign-in/wikimedia                                         0 0 0 0 0 0 0 0
GET  /sign-in/wikimedia/callback                                + + + + + + + +
POST /sign-in/wikimedia/confirm                                 + - - - - - - -
GET  /claim/{claim}                                             + + + + + + + +
POST /claim/{claim}/accept                                      + + + + + + + +
POST /claim/{claim}/bind                                        s + + + + + + +
GET  /claim/{claim}/decline                                     + + + + + + + +
POST /claim/{claim}/decline                                     + + + + + + + +
GET  /claim/{claim}/sign-in                                     0 0 0 0 0 0 0 0
GET  /mine/{holder}                                             + + + + + + + +
GET  /mine/{holder}/badge.json                                  + + + + + + + +
POST /mine/{holder}/bind                                        s + + + + + + +
POST /mine/{holder}/change                                      + + + + + + + +
GET  /mine/{holder}/erase                                       + + + + + + + +
GET  /mine/{holder}/picture                                     + + + + + + + +
POST /mine/{holder}/restore                                     + + + + + + + +
GET  /mine/{holder}/sign-in                                     0 0 0 0 0 0 0 0
POST /mine/{holder}/withdraw                                    + + + + + + + +
GET  /me                                                        s + + + + + + +
POST /me/add                                                    s + + + + + + +
GET  /me/badges/{token}                                         s + 0 0 0 0 0 0
POST /me/badges/{token}/accept                                  s + 0 0 0 0 0 0
GET  /me/badges/{token}/badge.json                              s + 0 0 0 0 0 0
POST /me/badges/{token}/change                                  s + 0 0 0 0 0 0
GET  /me/badges/{token}/decline                                 s + 0 0 0 0 0 0
POST /me/badges/{token}/decline                                 s + 0 0 0 0 0 0
POST /me/badges/{token}/end-link                                s + 0 0 0 0 0 0
GET  /me/badges/{token}/erase                                   s + 0 0 0 0 0 0
GET  /me/badges/{token}/picture                                 s + 0 0 0 0 0 0
POST /me/badges/{token}/restore                                 s + 0 0 0 0 0 0
POST /me/badges/{token}/withdraw                                s + 0 0 0 0 0 0
GET  /me/erase                                                  s + + + + + + +
GET  /me/export.json                                            s + + + + + + +
GET  /me/settings                                               s + + + + + + +
POST /me/settings                                               s + + + + + + +
GET  /me/tokens                                                 s + + + + + + +
POST /me/tokens                                                 s + + + + + + +
POST /me/tokens/{token}/delete                                  s 0 0 0 0 0 0 0
GET  /me/wikimedia                                              s + + + + + + +
GET  /metrics                                                   + + + + + + + +
GET  /desk                                                      s + + + + + + +
GET  /desk/new                                                  s - - - - - - +
POST /desk/new                                                  s - - - - - - +
GET  /desk/{issuer}                                             s - - + + + + -
GET  /desk/{issuer}/achievements                                s - - + + + + -
GET  /desk/{issuer}/achievements/new                            s - - - - - + -
POST /desk/{issuer}/achievements/new                            s - - - - - + -
GET  /desk/{issuer}/achievements/{slug}                         s - - - - - + -
POST /desk/{issuer}/achievements/{slug}                         s - - - - - + -
POST /desk/{issuer}/achievements/{slug}/archive                 s - - - - - + -
POST /desk/{issuer}/achievements/{slug}/unarchive               s - - - - - + -
GET  /desk/{issuer}/achievements/{slug}/versions                s - - + + + + -
GET  /desk/{issuer}/audit                                       s - - + + + + -
GET  /desk/{issuer}/audit.csv                                   s - - + + + + -
GET  /desk/{issuer}/audit.json                                  s - - + + + + -
GET  /desk/{issuer}/awards                                      s - - + + + + -
GET  /desk/{issuer}/awards/{award}                              s - - + + + + -
GET  /desk/{issuer}/awards/{award}/correct                      s - - - - + + -
POST /desk/{issuer}/awards/{award}/correct                      s - - - - + + -
POST /desk/{issuer}/awards/{award}/reinstate                    s - - - - + + -
POST /desk/{issuer}/awards/{award}/renew                        s - - - - + + -
GET  /desk/{issuer}/awards/{award}/revoke                       s - - - - + + -
POST /desk/{issuer}/awards/{award}/revoke                       s - - - - + + -
GET  /desk/{issuer}/awards/{award}/suspend                      s - - - - + + -
POST /desk/{issuer}/awards/{award}/suspend                      s - - - - + + -
GET  /desk/{issuer}/jobs/{job}                                  s - - + + + + -
GET  /desk/{issuer}/keys                                        s - - + + + + -
GET  /desk/{issuer}/keys/compromised                            s - - - - - + -
POST /desk/{issuer}/keys/compromised                            s - - - - - + -
GET  /desk/{issuer}/keys/rotate                                 s - - - - - + -
POST /desk/{issuer}/keys/rotate                                 s - - - - - + -
GET  /desk/{issuer}/leave                                       s - - + + + + -
GET  /desk/{issuer}/members                                     s - - + + + + -
POST /desk/{issuer}/members                                     s - - - - - + -
GET  /desk/{issuer}/members/{person}                            s - - - - - + -
POST /desk/{issuer}/members/{person}                            s - - - - - + -
POST /desk/{issuer}/members/{person}/link                       s - - - - - + -
POST /desk/{issuer}/members/{person}/remove                     s - - - - - + -
GET  /desk/{issuer}/settings                                    s - - - - - + -
POST /desk/{issuer}/settings                                    s - - - - - + -
GET  /desk/{issuer}/workshops/new                               s - - - + + + -
POST /desk/{issuer}/workshops/new                               s - - - + + + -
GET  /desk/{issuer}/workshops/{workshop}                        s - - + + + + -
GET  /desk/{issuer}/workshops/{workshop}/award                  s - - - + + + -
POST /desk/{issuer}/workshops/{workshop}/award                  s - - - - + + -
GET  /desk/{issuer}/workshops/{workshop}/edit                   s - - - + + + -
POST /desk/{issuer}/workshops/{workshop}/edit                   s - - - + + + -
GET  /desk/{issuer}/workshops/{workshop}/links                  s - - + + + + -
GET  /desk/{issuer}/workshops/{workshop}/links.csv              s - - - + + + -
POST /desk/{issuer}/workshops/{workshop}/links/renew            s - - - - + + -
GET  /desk/{issuer}/workshops/{workshop}/links/slips            s - - - + + + -
GET  /desk/{issuer}/workshops/{workshop}/links/wikitext         s - - - + + + -
GET  /desk/{issuer}/workshops/{workshop}/participants           s - - + + + + -
POST /desk/{issuer}/workshops/{workshop}/participants           s - - - + + + -
POST /desk/{issuer}/workshops/{workshop}/participants/accounts  s - - - + + + -
GET  /desk/{issuer}/workshops/{workshop}/participants/add       s - - - + + + -
POST /desk/{issuer}/workshops/{workshop}/participants/mend      s - - - + + + -
POST /mine/{holder}/erase                                       + + + + + + + +
POST /me/badges/{token}/erase                                   s + 0 0 0 0 0 0
POST /desk/{issuer}/leave                                       s - - + + + + -
POST /sign-out-everywhere                                       s + + + + + + +
POST /sign-out                                                  + + + + + + + +
POST /sign-in/link/{secret}                                     + + + + + + + +
POST /me/erase                                                  s + + + + + + +
POST /vc-api/{instance}/credentials/derive                      + + + + + + + +
POST /vc-api/{instance}/credentials/issue                       t t t t t t t t
POST /vc-api/{instance}/credentials/verify                      + + + + + + + +
POST /vc-api/{instance}/presentations/verify                    + + + + + + + +
";

/// What comes of a request, as the table says it.
fn outcome(page: &Page) -> char {
    match page.status.as_u16() {
        303 if page.header("location").starts_with("/sign-in") => 's',
        403 => '-',
        404 => '0',
        401 => 't',
        500.. => '!',
        _ => '+',
    }
}

/// The methods and paths of all routes but the API's, as the router shows itself.
fn routes(app: &App) -> BTreeSet<String> {
    let shown = format!("{:?}", router(app.clone()));
    let (handlers, paths) = shown.split_once("paths: {").unwrap();
    let (paths, _) = paths.split_once("\"}").unwrap();
    let mut methods = BTreeMap::new();
    for handler in handlers.split("RouteId(").skip(1) {
        let (id, rest) = handler.split_once(')').unwrap();
        let (_, allowed) = rest.split_once("allow_header: Bytes(b\"").unwrap();
        methods.insert(id, allowed.split('"').next().unwrap());
    }
    let mut routes = BTreeSet::new();
    for path in paths.split("RouteId(").skip(1) {
        let (id, rest) = path.split_once("): \"").unwrap();
        let path = rest.split('"').next().unwrap();
        if !path.starts_with("/api/v1/") {
            let methods = methods[id].split(',').filter(|method| *method != "HEAD");
            routes.extend(methods.map(|method| format!("{method} {path}")));
        }
    }
    routes
}

/// What a visitor meets.
struct Place {
    /// The visitor, unless that is nobody.
    person: Option<String>,
    /// What stands for the names in paths.
    names: Vec<(&'static str, String)>,
    /// Claim links, a new one for each request.
    claims: Vec<String>,
}

impl Place {
    async fn new(app: &TestApp, visitor: &str) -> Self {
        let names: Vec<String> = (1..=10).map(|number| format!("Example {number}")).collect();
        let people: Vec<(&str, i64)> = names.iter().map(String::as_str).zip(1..).collect();
        let mut offers = app.offers(&people).await;
        let issuer = app.issuing().await.issuer;
        let visiting = person(app, "Example Visitor", 100).await;
        let holding = match visitor {
            "holder" => visiting.clone(),
            _ => person(app, "Example Holder", 101).await,
        };
        let mut accepted = async |visibility, person| {
            let choice = Acceptance {
                visibility,
                named: Named::Nothing,
                person,
            };
            issuing::accept(app, &offers.pop().unwrap().award, choice)
                .await
                .unwrap()
        };
        let private = accepted(Visibility::Private, Some(holding)).await;
        let linked = accepted(Visibility::Private, None).await;

        let member = app
            .db
            .insert_person(Some("Example Member"), None, app.seconds());
        let member = member.await.unwrap();
        app.join(&issuer, &member, Role::Trainer).await;
        let mentor = ["achievement-mentor".to_owned()];
        match visitor {
            "reviewer" => app.join(&issuer, &visiting, Role::Reviewer).await,
            "limited" => {
                app.join_for(&issuer, &visiting, Role::Trainer, Some(&mentor))
                    .await
            }
            "trainer" => app.join(&issuer, &visiting, Role::Trainer).await,
            "owner" => app.join(&issuer, &visiting, Role::Owner).await,
            "host" => app
                .db
                .set_service_owner(&visiting, app.seconds())
                .await
                .unwrap(),
            "other" => {
                let another = NewIssuer {
                    slug: "another",
                    name: "Another Example",
                    profile: r#"{"type":["Profile"],"name":"Another Example"}"#.to_owned(),
                    language: "en",
                    logo: None,
                    first: None,
                    request: None,
                };
                issuing::new_issuer(app, another, &visiting).await.unwrap();
            }
            _ => {}
        }
        let link = auth::sign_in_link(app, &member, None, 60).await.unwrap();
        let first = async |query: &'static str| -> String {
            on!(&app.db, pool => sqlx::query_scalar(query).fetch_one(pool).await.unwrap())
        };
        let last = |path: &str| path.rsplit('/').next().unwrap().to_owned();
        Self {
            person: (visitor != "nobody").then_some(visiting),
            names: vec![
                ("{issuer}", "academy".to_owned()),
                ("{*did}", "did:web:badges.example.org:issuers:academy".to_owned()),
                ("{workshop}", "workshop".to_owned()),
                ("{award}", offers.pop().unwrap().award),
                ("{token}", private.award.token),
                ("{holder}", linked.holder_secret.unwrap()),
                ("{job}", first("select id from job").await),
                ("{slug}", "editor".to_owned()),
                ("{person}", member),
                ("{secret}", last(&link)),
                ("{number}", "1".to_owned()),
                ("{hash}", first("select image from achievement_version where achievement = 'achievement-editor'").await),
                ("{page}", first("select page from person_detail where user_name = 'Example Holder' or user_name = 'Example Visitor' order by user_name").await),
                ("{id}", "not-found".to_owned()),
                ("{instance}", "ecdsa-sd-2023".to_owned()),
                ("{name}", "Example".to_owned()),
                ("achievements/{file}", "achievements/editor".to_owned()),
                ("versions/{file}", "versions/1".to_owned()),
                ("keys/{file}", format!("keys/{}.json", first("select multikey from signing_key join identity on identity.did = signing_key.did \
                    join issuer on issuer.id = identity.issuer where slug = 'academy'").await)),
            ],
            claims: offers.iter().map(|offer| last(&offer.claim)).collect(),
        }
    }

    /// Asks as our own pages do; forms are empty, unless who may send one depends on what is in it.
    async fn ask(&mut self, app: &TestApp, method: &str, route: &str) -> Page {
        let mut path = route.to_owned();
        for (name, value) in &self.names {
            path = path.replace(name, value);
        }
        if path.contains("{claim}") {
            path = path.replace("{claim}", &self.claims.pop().unwrap());
        }
        let mut browser = match &self.person {
            Some(person) => Browser::of(app, person).await,
            None => Browser::new(app),
        };
        if method == "GET" {
            return browser.get(&path).await;
        }
        let award = &self
            .names
            .iter()
            .find(|(name, _)| *name == "{award}")
            .unwrap()
            .1;
        let fields: &[(&str, &str)] = match route.rsplit('/').next().unwrap() {
            "award" => &[
                ("achievement", "editor"),
                ("awarded_on", "2026-05-01"),
                ("request", "a-press-of-the-button"),
            ],
            "renew" => &[("award", award)],
            _ => &[],
        };
        // A page that has the session's token.
        browser.get("/about").await;
        let page = browser.post(&path, fields).await;
        match page.status.as_u16() {
            400 => browser.upload(&path, fields, &[]).await,
            _ => page,
        }
    }
}

async fn rights(database: Database) {
    let mut expected = Vec::new();
    for line in TABLE.lines().filter(|line| !line.trim().is_empty()) {
        let mut words = line.split_whitespace();
        let route = format!("{} {}", words.next().unwrap(), words.next().unwrap());
        expected.push((route, words.collect::<String>()));
    }
    let mut found: Vec<String> = vec![String::new(); expected.len()];
    for visitor in VISITORS {
        let Some(app) = TestApp::new(database).await else {
            return;
        };
        let listed: BTreeSet<String> = expected.iter().map(|(route, _)| route.clone()).collect();
        assert_eq!(
            routes(&app),
            listed,
            "the table lists all routes, and no others"
        );
        let mut place = Place::new(&app, visitor).await;
        for ((route, _), found) in expected.iter().zip(&mut found) {
            let (method, path) = route.split_once(' ').unwrap();
            found.push(outcome(&place.ask(&app, method, path).await));
        }
    }
    let differ: Vec<String> = expected
        .iter()
        .zip(&found)
        .filter(|((_, expected), found)| expected != *found)
        .map(|((route, _), found)| format!("{route} {found}"))
        .collect();
    assert!(differ.is_empty(), "what came of it:\n{}", differ.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_for_whom_the_table_says_sqlite() {
    rights(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_for_whom_the_table_says_postgres() {
    rights(Database::Postgres).await;
}
