use std::collections::HashMap;

use percent_encoding::percent_decode_str;
use time::macros::datetime;
use wikimedia_stand_in::{StandIn, Upset};

use super::*;

const CALLBACK: &str = "http://localhost:8080/sign-in/wikimedia?from=a%20b";

fn pkce() -> Pkce {
    Pkce::new(&[7; 32])
}

/// Does what a browser does with the address, and gives the parameters that it comes back with.
fn consent(wikimedia: &Wikimedia) -> HashMap<String, String> {
    let sign_in = wikimedia.sign_in().unwrap();
    let url = sign_in.authorize_url("state & more", &pkce().challenge, CALLBACK, "ar");
    browse(&url)
}

fn browse(url: &str) -> HashMap<String, String> {
    let browser: Agent = Agent::config_builder()
        .max_redirects(0)
        .user_agent("Mozilla/5.0 (X11; Linux x86_64)")
        .build()
        .into();
    let response = browser.get(url).call().unwrap();
    assert_eq!(response.status(), 302);
    let location = response.headers()["Location"].to_str().unwrap();
    let query = location.strip_prefix(CALLBACK).unwrap();
    let parameters = query.trim_start_matches('&').split('&').map(|parameter| {
        let (name, value) = parameter.split_once('=').unwrap();
        let value = percent_decode_str(value).decode_utf8().unwrap();
        (name.to_owned(), value.into_owned())
    });
    parameters.collect()
}

/// Signs in to the end as who is signed in on the wiki.
async fn profile(wikimedia: &Wikimedia) -> Result<Profile, WikimediaError> {
    let code = &consent(wikimedia)["code"];
    let sign_in = wikimedia.sign_in().unwrap();
    let token = sign_in.exchange(code, &pkce().verifier, CALLBACK).await?;
    sign_in.profile(&token).await
}

fn with_volunteer() -> (StandIn, Wikimedia) {
    let (wiki, wikimedia) = together();
    wiki.change(|wiki| {
        wiki.add_account(1_234_567, "Example Volunteer");
        wiki.signed_in = Some(1_234_567);
        wiki.client.callbacks = vec![CALLBACK.to_owned()];
    });
    (wiki, wikimedia)
}

#[tokio::test]
async fn a_volunteer_signs_in() {
    let (wiki, wikimedia) = with_volunteer();
    let back = consent(&wikimedia);
    assert_eq!(back["state"], "state & more");
    let [page]: [String; 1] = asked(&wiki).try_into().unwrap();
    for parameter in [
        "scope=mwoauth-authonly&",
        "code_challenge_method=S256&",
        "ui_locales=ar",
        "client_id=example-client&",
    ] {
        assert!(page.contains(parameter), "{page}");
    }

    let sign_in = wikimedia.sign_in().unwrap();
    let token = sign_in
        .exchange(&back["code"], &pkce().verifier, CALLBACK)
        .await
        .unwrap();
    let volunteer = Profile::Usable {
        central_id: 1_234_567,
        name: name("Example Volunteer"),
        blocked: false,
        registered: Some(datetime!(2015-01-01 00:00 UTC)),
    };
    assert_eq!(sign_in.profile(&token).await, Ok(volunteer));
    assert_eq!(format!("{token:?}"), "Token(..)");
    let rest = "/w/rest.php/oauth2";
    assert_eq!(
        asked(&wiki),
        [
            format!("{rest}/access_token"),
            format!("{rest}/resource/profile")
        ]
    );
}

#[tokio::test]
async fn renamed_it_is_the_same_account() {
    let (wiki, wikimedia) = with_volunteer();
    wiki.change(|wiki| wiki.rename(1_234_567, "متطوع مثال"));
    let Ok(Profile::Usable {
        central_id,
        name: now,
        ..
    }) = profile(&wikimedia).await
    else {
        unreachable!("a usable account")
    };
    assert_eq!((central_id, now), (1_234_567, name("متطوع مثال")));
}

#[tokio::test]
async fn blocked_suppressed_and_local_accounts_are_told_apart() {
    let (wiki, wikimedia) = with_volunteer();
    wiki.change(|wiki| {
        wiki.block(1_234_567);
        wiki.accounts.get_mut(&1_234_567).unwrap().registered = None;
    });
    let blocked = Profile::Usable {
        central_id: 1_234_567,
        name: name("Example Volunteer"),
        blocked: true,
        registered: None,
    };
    assert_eq!(profile(&wikimedia).await, Ok(blocked));

    wiki.change(|wiki| wiki.suppress(1_234_567));
    let suppressed = Profile::Suppressed {
        central_id: 1_234_567,
    };
    assert_eq!(profile(&wikimedia).await, Ok(suppressed));

    wiki.change(|wiki| {
        let account = wiki.accounts.get_mut(&1_234_567).unwrap();
        account.suppressed = false;
        account.attached = false;
    });
    assert_eq!(profile(&wikimedia).await, Ok(Profile::NotAttached));
}

#[tokio::test]
async fn private_data_is_not_read() {
    let (wiki, wikimedia) = with_volunteer();
    wiki.change(|wiki| wiki.tells_private = true);
    let shown = format!("{:?}", profile(&wikimedia).await.unwrap());
    assert!(shown.contains("Example Volunteer"), "{shown}");
    assert!(
        !shown.contains("Real Name") && !shown.contains('@'),
        "{shown}"
    );
}

#[tokio::test]
async fn a_code_works_once_for_who_asked_for_it() {
    let (wiki, wikimedia) = with_volunteer();
    let sign_in = wikimedia.sign_in().unwrap();
    let refused = |status, code: &str| WikimediaError::Refused {
        call: "access_token",
        status,
        code: Some(code.to_owned()),
    };

    let other = Pkce::new(&[8; 32]).verifier;
    let code = &consent(&wikimedia)["code"];
    let error = sign_in.exchange(code, &other, CALLBACK).await.unwrap_err();
    assert_eq!(error, refused(400, "invalid_grant"));

    let verifier = &pkce().verifier;
    let code = &consent(&wikimedia)["code"];
    let elsewhere = "http://localhost:8080/elsewhere";
    let error = sign_in.exchange(code, verifier, elsewhere).await;
    assert_eq!(error.unwrap_err(), refused(400, "invalid_request"));

    let code = &consent(&wikimedia)["code"];
    assert!(sign_in.exchange(code, verifier, CALLBACK).await.is_ok());
    let error = sign_in.exchange(code, verifier, CALLBACK).await;
    assert_eq!(error.unwrap_err(), refused(400, "invalid_grant"));

    let code = &consent(&wikimedia)["code"];
    wiki.change(|wiki| wiki.client.secret = "another".to_owned());
    let error = sign_in.exchange(code, verifier, CALLBACK).await;
    assert_eq!(error.unwrap_err(), refused(401, "invalid_client"));
}

#[tokio::test]
async fn a_token_that_the_wiki_forgot_is_refused() {
    let (wiki, wikimedia) = with_volunteer();
    let sign_in = wikimedia.sign_in().unwrap();
    let code = &consent(&wikimedia)["code"];
    let token = sign_in.exchange(code, &pkce().verifier, CALLBACK).await;
    wiki.change(|wiki| wiki.accounts.clear());
    let error = sign_in.profile(&token.unwrap()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "profile: Wikimedia refuses with status 401 (access_denied)"
    );
}

#[tokio::test]
async fn who_refuses_comes_back_without_a_code() {
    let (_wiki, wikimedia) = with_volunteer();
    let sign_in = wikimedia.sign_in().unwrap();
    let url = sign_in.authorize_url("s", &pkce().challenge, CALLBACK, "en");
    let back = browse(&format!("{url}&cancel=1"));
    assert_eq!(back["error"], "access_denied");
    assert!(!back.contains_key("code"));
}

#[tokio::test]
async fn who_is_not_signed_in_on_the_wiki_chooses_an_account() {
    let (wiki, wikimedia) = with_volunteer();
    wiki.change(|wiki| wiki.signed_in = None);
    let sign_in = wikimedia.sign_in().unwrap();
    let url = sign_in.authorize_url("s", &pkce().challenge, CALLBACK, "en");
    let mut page = ureq::get(&url)
        .header("User-Agent", "Mozilla/5.0 (X11; Linux x86_64)")
        .call()
        .unwrap();
    let page = page.body_mut().read_to_string().unwrap();
    assert!(
        page.contains("account=1234567\">Example Volunteer</a>"),
        "{page}"
    );
    let back = browse(&format!("{url}&account=1234567"));
    let code = &back["code"];
    let token = sign_in.exchange(code, &pkce().verifier, CALLBACK).await;
    assert!(matches!(
        sign_in.profile(&token.unwrap()).await,
        Ok(Profile::Usable {
            central_id: 1_234_567,
            ..
        })
    ));
}

/// A redirect would carry the client's secret or the token to another place.
#[tokio::test]
async fn redirects_are_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let (wiki, wikimedia) = with_volunteer();
        let code = &consent(&wikimedia)["code"];
        asked(&wiki);
        let elsewhere = Upset::Answer {
            status,
            headers: vec![("Location", format!("{}/elsewhere", wiki.url()))],
            body: String::new(),
        };
        wiki.change(|wiki| wiki.upset("access_token", elsewhere));
        let sign_in = wikimedia.sign_in().unwrap();
        let error = sign_in.exchange(code, &pkce().verifier, CALLBACK).await;
        assert_eq!(error.unwrap_err().id(), "wikimedia.refused", "{status}");
        assert_eq!(asked(&wiki), ["/w/rest.php/oauth2/access_token"]);
    }
}

#[tokio::test]
async fn odd_tokens_and_profiles_are_not_understood() {
    let (wiki, wikimedia) = with_volunteer();
    let answer = |body: &str| Upset::Answer {
        status: 200,
        headers: Vec::new(),
        body: body.to_owned(),
    };
    for (body, member) in [
        (r#"{"access_token":"a"}"#, "."),
        (r#"{"token_type":"mac","access_token":"a"}"#, "token_type"),
        (
            r#"{"token_type":"Bearer","access_token":""}"#,
            "access_token",
        ),
        (
            r#"{"token_type":"Bearer","access_token":"a\r\nb"}"#,
            "access_token",
        ),
        (
            r#"{"token_type":"Bearer","access_token":5}"#,
            "access_token",
        ),
    ] {
        wiki.change(|wiki| wiki.upsets = vec![("access_token".to_owned(), answer(body))]);
        let error = profile(&wikimedia).await.unwrap_err();
        assert_eq!(
            error,
            WikimediaError::member("access_token", member),
            "{body}"
        );
    }
    for (body, member) in [
        ("{}", "."),
        (r#"{"sub":"-1"}"#, "sub"),
        (r#"{"sub":"1","username":"A/B"}"#, "username"),
        (
            r#"{"sub":"1","username":"A","registered":"yesterday"}"#,
            "registered",
        ),
    ] {
        wiki.change(|wiki| wiki.upsets = vec![("profile".to_owned(), answer(body))]);
        let error = profile(&wikimedia).await.unwrap_err();
        assert_eq!(error, WikimediaError::member("profile", member), "{body}");
    }
    // As MediaWiki wrote it before 2021.
    wiki.change(|wiki| wiki.upsets = vec![("profile".to_owned(), answer(r#"{"sub":7}"#))]);
    let suppressed = Profile::Suppressed { central_id: 7 };
    assert_eq!(profile(&wikimedia).await, Ok(suppressed));
}

#[test]
fn without_a_client_nobody_signs_in() {
    let wikimedia = Wikimedia::new(WikiAddress::default(), "https://badges.example.org", None);
    assert!(wikimedia.sign_in().is_none());
}

#[test]
fn secrets_are_not_shown() {
    let (_wiki, wikimedia) = together();
    let shown = format!("{wikimedia:?} {:?} {:?}", wikimedia.sign_in(), pkce());
    assert!(shown.contains("example-client"), "{shown}");
    assert!(!shown.contains("example-secret"), "{shown}");
    assert!(!shown.contains(&pkce().verifier), "{shown}");
}

/// RFC 7636, appendix B.
#[test]
fn pkce_is_that_of_the_standard() {
    let random = [
        116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37,
        77, 105, 214, 191, 240, 91, 88, 5, 88, 83, 132, 141, 121,
    ];
    let pkce = Pkce::new(&random);
    assert_eq!(pkce.verifier, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    assert_eq!(
        pkce.challenge,
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    );
}
