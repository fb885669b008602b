use super::*;

fn account(central_id: u64, text: &str) -> Found {
    Found::Account(Account {
        central_id,
        name: name(text),
        locked: false,
    })
}

#[tokio::test]
async fn names_are_found_fifty_at_a_time() {
    let (wiki, wikimedia) = together();
    let names: Vec<_> = (1..=120)
        .map(|n| name(&format!("متطوع مثال {n}")))
        .collect();
    wiki.change(|wiki| {
        for (id, name) in (1..).zip(&names) {
            wiki.add_account(id, name.as_str());
        }
    });
    let twice = [names.clone(), names.clone()].concat();
    let found = wikimedia.accounts_by_name(&twice).await.unwrap();
    assert_eq!(found.len(), 120);
    for (id, name) in (1..).zip(&names) {
        assert_eq!(found[name], account(id, name.as_str()));
    }
    assert_eq!(asked(&wiki), ["/w/api.php"; 3]);
}

#[tokio::test]
async fn every_name_gets_an_answer() {
    let (wiki, wikimedia) = together();
    wiki.change(|wiki| {
        wiki.add_account(1, "Example Volunteer");
        wiki.add_account(2, "O'Neil, Jr.");
        wiki.add_account(3, "Example Hidden");
        wiki.suppress(3);
        wiki.add_account(4, "Example Locked");
        wiki.lock(4);
    });
    let names = [
        "user:example_Volunteer",
        "O'Neil, Jr.",
        "Example Hidden",
        "Example Locked",
        "Nobody at all",
        "192.0.2.xxx",
    ]
    .map(name);
    let found = wikimedia.accounts_by_name(&names).await.unwrap();
    let locked = Found::Account(Account {
        central_id: 4,
        name: name("Example Locked"),
        locked: true,
    });
    let expected = [
        account(1, "Example Volunteer"),
        account(2, "O'Neil, Jr."),
        Found::Missing,
        locked,
        Found::Missing,
        Found::Invalid,
    ];
    assert_eq!(found, names.into_iter().zip(expected).collect());
    assert_eq!(asked(&wiki).len(), 1);
}

/// MediaWiki and this service need not agree on the capital of every letter.
#[tokio::test]
async fn names_that_the_wiki_writes_in_another_way_are_found() {
    let (wiki, wikimedia) = together();
    wiki.change(|wiki| {
        wiki.add_account(1, "Example Volunteer");
        wiki.add_account(2, "Მაგალითი");
        wiki.add_account(3, "SStraße");
    });
    let names = ["Example Volunteer", "მაგალითი", "ßtraße", "ßtrasse"].map(name);
    let found = wikimedia.accounts_by_name(&names).await.unwrap();
    let expected = [
        account(1, "Example Volunteer"),
        account(2, "Მაგალითი"),
        account(3, "SStraße"),
        Found::Missing,
    ];
    assert_eq!(found, names.into_iter().zip(expected).collect());
    assert_eq!(asked(&wiki).len(), 4);
}

#[tokio::test]
async fn ids_outlive_names() {
    let (wiki, wikimedia) = together();
    wiki.change(|wiki| {
        wiki.add_account(1, "Example Volunteer");
        wiki.add_account(2, "Example Leaving");
        wiki.add_account(3, "Example Hidden");
    });
    let before = wikimedia
        .accounts_by_name(&[name("Example Volunteer")])
        .await;
    assert_eq!(
        before.unwrap()[&name("Example Volunteer")],
        account(1, "Example Volunteer")
    );

    wiki.change(|wiki| {
        wiki.rename(1, "Example Renamed");
        wiki.vanish(2);
        wiki.suppress(3);
        // Somebody else may take the name.
        wiki.add_account(5, "Example Volunteer");
    });
    let found = wikimedia.accounts_by_id(&[1, 2, 3, 4, 1]).await.unwrap();
    assert_eq!(found.len(), 4);
    assert_eq!(found[&1], account(1, "Example Renamed"));
    let Found::Account(gone) = &found[&2] else {
        unreachable!("an account")
    };
    assert!(gone.locked && gone.has_vanished(), "{gone:?}");
    assert_eq!(found[&3], Found::Missing);
    assert_eq!(found[&4], Found::Missing);
}

#[tokio::test]
async fn many_ids_take_several_requests_and_none_takes_none() {
    let (wiki, wikimedia) = together();
    let ids: Vec<u64> = (1..=101).collect();
    assert_eq!(wikimedia.accounts_by_id(&ids).await.unwrap().len(), 101);
    assert_eq!(asked(&wiki).len(), 3);
    assert!(wikimedia.accounts_by_id(&[]).await.unwrap().is_empty());
    assert!(wikimedia.accounts_by_name(&[]).await.unwrap().is_empty());
    assert!(asked(&wiki).is_empty());
}

/// A name of older times, which nobody could choose today.
#[tokio::test]
async fn a_name_that_cannot_be_handled_does_not_spoil_the_others() {
    let (wiki, wikimedia) = together();
    wiki.change(|wiki| {
        wiki.add_account(1, "Old@example");
        wiki.add_account(2, "Example Volunteer");
    });
    let found = wikimedia.accounts_by_id(&[1, 2]).await.unwrap();
    assert_eq!(found[&1], Found::Invalid);
    assert_eq!(found[&2], account(2, "Example Volunteer"));
}

#[tokio::test]
async fn only_what_can_wait_gives_way_to_a_slow_database() {
    let (wiki, wikimedia) = together();
    wiki.change(|wiki| wiki.lag = 6);
    let error = wikimedia.accounts_by_id(&[1]).await.unwrap_err();
    let busy = WikimediaError::Busy {
        call: "globalusers",
        retry_after: Some(Duration::from_secs(5)),
    };
    assert_eq!(error, busy);
    assert!(wikimedia.accounts_by_name(&[name("A")]).await.is_ok());
}
