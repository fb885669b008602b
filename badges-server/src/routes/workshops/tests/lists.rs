//! Lists of every kind come in, and nothing is lost by one bad row.

use std::time::Duration;

use badges_core::participants::{Options, Outcome, parse};
use wikimedia_stand_in::{Event, Participant, Upset};

use super::*;
use crate::i18n::Lang;
use crate::testing::on_both;
use crate::words::Reason;

on_both! {
    async fn every_golden_list_comes_in(app: TestApp) {
        let (_, mut browser) = owner(&app).await;
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/participants");
        let (mut read, mut refused) = (0, 0);
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if name.ends_with(".expected") || [".gitattributes", "README.md"].contains(&name) {
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            browser.get(&at("/participants/add")).await;
            let page = browser.upload(&at("/participants"), &[("anew", "yes"), ("who", "everyone"), ("column", "-")], &[("file", name, &bytes)]).await;
            match parse(&bytes, &Options::default()) {
                Ok(list) => {
                    read += 1;
                    let page = browser.follow(&page).await;
                    assert!(page.status.is_success(), "{name}");
                    let counts = app.db.list_counts("workshop").await.unwrap();
                    let count = |is: fn(&Outcome) -> bool| i64::try_from(list.rows.iter().filter(|row| is(&row.outcome)).count()).unwrap();
                    let expected = (
                        count(|outcome| matches!(outcome, Outcome::Award(_))),
                        count(|outcome| matches!(outcome, Outcome::Problem(_))),
                        count(|outcome| matches!(outcome, Outcome::Skipped(_))),
                    );
                    assert_eq!((counts.awards, counts.problems, counts.skipped), expected, "{name}");
                    assert_eq!(page.body.matches("name=\"row.").count(), usize::try_from(counts.problems).unwrap(), "{name}");
                }
                Err(error) if bytes.is_empty() => drop(error),
                Err(error) => {
                    refused += 1;
                    assert_eq!(page.status, 422, "{name}: {}", page.body);
                    let reason = Reason::of_error(Lang::ENGLISH, &error).sentence.text();
                    assert!(page.says(&reason.replace('"', "&#34;").replace('\'', "&#39;")), "{name}: {reason}\n{}", page.body);
                }
            }
        }
        assert!(read > 20 && refused > 15, "{read} {refused}");
    }

    async fn bad_cells_are_mended_where_they_stand(app: TestApp) {
        let (_, mut browser) = owner(&app).await;
        let list = "username,evidence,email\nExample,not an address,\nOther,https://example.org/other,x\n,https://example.org/third,\nFourth,,d@example.org";
        let page = paste(&mut browser, list).await;
        assert!(page.says("3 problems") && page.says("Correct “<bdi>evidence</bdi>”"), "{}", page.body);
        // The row says whom it is about, as far as it can be told.
        assert!(page.says("<bdi>Example</bdi>") && page.says("value=\"not an address\""));
        let rows: Vec<String> = all(&page, "name=\"row.").into_iter().map(|id| format!("row.{id}")).collect();
        let page = browser.post(&at("/participants/mend"), &[(&rows[0], "https://example.org/first"), (&rows[1], "still wrong"), (&rows[2], "Example")]).await;
        let page = browser.follow(&page).await;
        assert!(page.says("Some rows still have problems.") && page.says("value=\"still wrong\""), "{}", page.body);
        let page = browser.post(&at("/participants/mend"), &[(&rows[1], "other@example.org")]).await;
        let page = browser.follow(&page).await;
        assert!(page.says("Saved.") && !page.says("name=\"row."), "{}", page.body);
        let people = app.db.participants("workshop").await.unwrap();
        let found: Vec<_> = people.iter().map(|row| (row.user_name.as_deref().unwrap(), row.evidence.as_deref(), row.email.as_deref())).collect();
        // The third row was the first person again.
        assert_eq!(found, [
            ("Example", Some("https://example.org/first"), None),
            ("Other", Some("https://example.org/other"), Some("other@example.org")),
            ("Fourth", None, Some("d@example.org")),
        ]);
    }

    async fn nothing_of_a_row_is_lost_when_it_is_mended(app: TestApp) {
        let (_, mut browser) = owner(&app).await;
        let list = "display name,username,global_id,completed_training_modules_count,assigned_training_modules_count,evidence\n\
            First,Example,1,3,3,https://example.org/1\n\
            Second,,,3,3,https://example.org/2\n\
            Third, Jr.,Third,3,3,3,https://example.org/3\n\
            Fourth, Sr.,Fourth,4,2,3,https://example.org/4\n\
            Fifth,Example,5,3,3,https://example.org/5\n";
        browser.get(&at("/participants")).await;
        let page = browser.upload(&at("/participants"), &[("list", list), ("who", "training")], &[]).await;
        let page = browser.follow(&page).await;
        assert!(page.says("4 problems") && page.says("Correct “<bdi>username</bdi>”"), "{}", page.body);
        assert!(page.says("with commas between the cells of <bdi>display name, username, global_id,"), "{}", page.body);
        assert!(page.says("value=\"Third, Jr.,Third,3,3,3,https://example.org/3\"") || page.says("value=\"Third,\u{20}Jr.,Third"), "{}", page.body);
        let rows: Vec<String> = all(&page, "name=\"row.").into_iter().map(|id| format!("row.{id}")).collect();
        let page = browser.post(&at("/participants/mend"), &[
            (&rows[0], "Second"),
            // Still one too many.
            (&rows[1], "Third, Jr.,Third,3,3,3,https://example.org/third"),
            (&rows[2], "\"Fourth, Sr.\",Fourth,4,2,3,https://example.org/4"),
            (&rows[3], "Foo@bar"),
        ]).await;
        let page = browser.follow(&page).await;
        assert!(page.says("2 problems") && page.says("One left out"), "{}", page.body);
        let page = browser.post(&at("/participants/mend"), &[
            (&rows[1], "\"Third, Jr.\",Third,3,3,3,https://example.org/third"),
            (&rows[3], "Fifth"),
        ]).await;
        assert!(!browser.follow(&page).await.says("name=\"row."));
        // Another list knows another account of that name.
        let page = paste(&mut browser, "username,global_id,display name,evidence\nThird,9,Ninth,https://example.org/9").await;
        let rows: Vec<String> = all(&page, "name=\"row.").into_iter().map(|id| format!("row.{id}")).collect();
        assert!(page.says("value=\"Third\""), "{}", page.body);
        browser.post(&at("/participants/mend"), &[(&rows[0], "Ninth")]).await;
        let people = app.db.participants("workshop").await.unwrap();
        let found: Vec<_> = people.iter().filter(|row| row.outcome == "award").map(|row| (
            row.user_name.as_deref().unwrap(), row.central_id, row.display_name.as_deref().unwrap(), row.evidence.as_deref().unwrap(),
        )).collect();
        assert_eq!(found, [
            ("Example", Some(1), "First", "https://example.org/1"),
            ("Second", None, "Second", "https://example.org/2"),
            ("Third", Some(3), "Third, Jr.", "https://example.org/third"),
            ("Fifth", Some(5), "Fifth", "https://example.org/5"),
            ("Ninth", Some(9), "Ninth", "https://example.org/9"),
        ]);
    }

    async fn one_list_comes_at_a_time(app: TestApp) {
        let (_, _) = owner(&app).await;
        let wiki = StandIn::start();
        wiki.change(|wiki| {
            wiki.add_account(1, "Example Registered");
            let participants = vec![Participant { participant_id: 1, central_id: 1, private: false }];
            wiki.events.insert(12, Event { name: "Example Event".to_owned(), participants, ..Event::default() });
        });
        let app = with_wiki(&app, &wiki).await;
        let mut browser = Browser::of(&app, &app.db.first_owner().await.unwrap().unwrap()).await;
        browser.get(&at("/participants/add")).await;
        let file = [("file", "list.txt", &b"Example File"[..])];
        for (fields, files) in [
            (&[("list", "Example Pasted")][..], &file[..]),
            (&[("list", "Example Pasted"), ("event", "12")][..], &[][..]),
            (&[("event", "12")][..], &file[..]),
        ] {
            let page = browser.upload(&at("/participants"), fields, files).await;
            assert!(page.status == 422 && page.says("One list at a time"), "{}", page.body);
            assert_eq!(page.says("Example Pasted"), fields[0].0 == "list", "{}", page.body);
        }
        assert_eq!(app.db.list_counts("workshop").await.unwrap().all(), 0);
        // The number that the workshop has anyway stands there unasked.
        app.execute("update workshop set event_id = 12").await;
        let page = browser.get(&at("/participants/add")).await;
        assert_eq!(page.value("event"), Some("12"));
        let page = browser.upload(&at("/participants"), &[("list", "Example Pasted"), ("event", "12")], &[]).await;
        assert!(browser.follow(&page).await.says("Example Pasted"));
        assert_eq!(app.db.list_counts("workshop").await.unwrap().all(), 1);
        // A file that is too long to be sent back and forth is asked for again, and no event in its place.
        let long = format!("name,email\nExample Volunteer,a@example.org\n,{}@example.org", "x".repeat(5 << 20));
        let page = browser.upload(&at("/participants"), &[("event", "12")], &[("file", "list.csv", long.as_bytes())]).await;
        assert!(page.status.is_success() && page.says("type=\"file\" id=\"file\" name=\"file\" required"), "{}", page.body);
        assert_eq!(page.value("event"), None);
        let page = browser.upload(&at("/participants"), &[("column", "-")], &[]).await;
        assert_eq!(page.status, 422);
    }

    async fn whoever_stands_there_twice_has_a_name(app: TestApp) {
        let (_, mut browser) = owner(&app).await;
        let page = paste(&mut browser, "Example\nfoo bar\nFoo bar").await;
        assert_eq!(page.body.matches("<th scope=\"row\"><bdi>Foo bar</bdi>").count(), 2, "{}", page.body);
        assert!(page.says("Remove <bdi>Foo bar</bdi>") && !page.says("<bdi></bdi>"), "{}", page.body);
    }

    async fn an_empty_file_is_called_empty(app: TestApp) {
        let (_, mut browser) = owner(&app).await;
        browser.get(&at("/participants")).await;
        let page = browser.upload(&at("/participants"), &[], &[("file", "list.csv", b"")]).await;
        assert!(page.status == 422 && page.says("This file is empty."), "{}", page.body);
        let page = browser.upload(&at("/participants"), &[], &[("file", "", b"")]).await;
        assert!(page.status == 422 && page.says("Paste names, choose a file"), "{}", page.body);
    }

    async fn what_a_list_leaves_open_is_asked(app: TestApp) {
        let (_, mut browser) = owner(&app).await;
        let list = "username,global_id,completed_training_modules_count,assigned_training_modules_count\n\
            Example,1,3,3\nOther,2,1,3\nThird,3,3,3\n";
        browser.get(&at("/participants")).await;
        let page = browser.upload(&at("/participants"), &[], &[("file", "editors.csv", list.as_bytes())]).await;
        assert!(page.status.is_success() && page.says("2 of 3 people completed all training modules"), "{}", page.body);
        assert!(page.says("Example,1,3,3"), "the file need not be chosen again");
        let page = browser.upload(&at("/participants"), &[("list", list), ("who", "training")], &[]).await;
        let page = browser.follow(&page).await;
        assert!(page.says("One left out") && page.says("completed_training_modules_count"), "{}", page.body);

        // A table of which no column tells people apart.
        let table = "given;score\nExample;3\nOther;4";
        browser.get(&at("/participants/add")).await;
        let page = browser.upload(&at("/participants"), &[], &[("file", "table.csv", table.as_bytes())]).await;
        assert_eq!(page.status, 422);
        assert!(page.says("No column says who the participants are.") && page.says("<option value=\"given\">"), "{}", page.body);
        assert!(page.says("Example;3"), "what was sent is still there");
        let page = browser.upload(&at("/participants"), &[("list", table), ("column", "given"), ("holds", "names"), ("anew", "yes")], &[]).await;
        browser.follow(&page).await;
        let counts = app.db.list_counts("workshop").await.unwrap();
        assert_eq!((counts.awards, counts.all()), (2, 2));

        // Names beside what identifies people.
        let table = "name,email\nExample Volunteer,a@example.org";
        browser.get(&at("/participants/add")).await;
        let page = browser.upload(&at("/participants"), &[("list", table)], &[]).await;
        assert!(page.says("Does the column “<bdi>name</bdi>” hold user names?"), "{}", page.body);
        let page = browser.upload(&at("/participants"), &[("list", table), ("column", "-"), ("anew", "yes")], &[]).await;
        browser.follow(&page).await;
        assert_eq!(app.db.participants("workshop").await.unwrap()[0].recipient_key.as_deref(), Some("email:a@example.org"));

        let page = browser.upload(&at("/participants"), &[("list", " ")], &[]).await;
        assert_eq!(page.status, 422);
        assert!(page.says("Paste names, choose a file or name an event."), "{}", page.body);
    }

    async fn names_are_resolved_when_the_wiki_answers(app: TestApp) {
        let (_, _) = owner(&app).await;
        let wiki = StandIn::start();
        wiki.change(|wiki| {
            wiki.add_account(7, "Example");
            wiki.add_account(8, "مثال");
            wiki.add_account(9, "Locked Example");
            wiki.lock(9);
            wiki.upset("api.php", Upset::CutOff);
        });
        let app = with_wiki(&app, &wiki).await;
        let mut browser = Browser::of(&app, &app.db.first_owner().await.unwrap().unwrap()).await;
        let page = paste(&mut browser, "example\nمثال\nLocked Example\nMisspelt Example").await;
        assert!(page.says("4 names were not looked up"), "{}", page.body);

        wiki.change(|wiki| wiki.upsets.clear());
        let page = browser.post(&at("/participants/accounts"), &[]).await;
        let page = browser.follow(&page).await;
        assert!(page.says("The names were looked up.") && page.says("2 names belong to no account"), "{}", page.body);
        assert!(page.says("Is it spelt right?") && page.says("This account is locked"));
        let keys = |rows: Vec<crate::db::ParticipantRow>| rows.into_iter().map(|row| (row.recipient_key.unwrap(), row.account)).collect::<Vec<_>>();
        let expected = [("central:7", "found"), ("central:8", "found"), ("central:9", "locked"), ("name:Misspelt Example", "missing")];
        let expected: Vec<_> = expected.iter().map(|(key, account)| ((*key).to_owned(), (*account).to_owned())).collect();
        assert_eq!(keys(app.db.participants("workshop").await.unwrap()), expected);

        // The same people by number are nobody new.
        let page = browser.upload(&at("/participants"), &[("list", "username,global_id\nRenamed Example,7\nمثال,8")], &[]).await;
        let page = browser.follow(&page).await;
        assert!(page.says("Everybody on this list was on yours already."), "{}", page.body);
        assert_eq!(app.db.list_counts("workshop").await.unwrap().all(), 4);
    }

    async fn what_was_offered_to_a_name_is_offered_to_its_account_once_that_is_known(app: TestApp) {
        let (scene, _) = owner(&app).await;
        let wiki = StandIn::start();
        wiki.change(|wiki| {
            for (id, name) in [(7, "Example"), (8, "مثال"), (9, "Third Example")] {
                wiki.add_account(id, name);
            }
            wiki.upset("api.php", Upset::CutOff);
        });
        let app = with_wiki(&app, &wiki).await;
        let mut browser = Browser::of(&app, &app.db.first_owner().await.unwrap().unwrap()).await;
        // One of them has it already under the number, by another name.
        app.participants("workshop", &[("Renamed Example", 7)]).await;
        award(&app, &mut browser, "editor").await;
        app.execute("delete from job_row").await;
        app.execute("delete from participant").await;
        paste(&mut browser, "Example\nمثال\nThird Example").await;
        award(&app, &mut browser, "editor").await;
        // And one has claimed it: that proved more than the name.
        app.execute("update award set acceptance = 'accepted', claim_hash = null, holder_hash = 'h' \
            where id in (select award from recipient where user_name = 'Third Example')").await;

        wiki.change(|wiki| wiki.upsets.clear());
        let page = browser.post(&at("/participants/accounts"), &[]).await;
        assert!(browser.follow(&page).await.says("The names were looked up."));
        let known = async |name: &str| {
            let awards = app.db.awards_of_workshop(&scene.workshop).await.unwrap();
            awards.into_iter().find(|award| award.user_name.as_deref() == Some(name)).unwrap().central_id
        };
        assert_eq!((known("Example").await, known("مثال").await, known("Third Example").await), (Some(7), Some(8), None));
        assert_eq!(app.count("select count(*) from recipient where recipient_key = 'central:7'").await, 2);
        // It stands in the account's list.
        let person = app.db.insert_account(8, Some("مثال"), "ar", app.seconds()).await.unwrap();
        assert_eq!(app.db.held(&person, Some(8)).await.unwrap().len(), 1);
    }

    async fn people_who_registered_for_an_event_are_fetched(app: TestApp) {
        let (_, _) = owner(&app).await;
        let wiki = StandIn::start();
        wiki.change(|wiki| {
            for id in 1..=45 {
                wiki.add_account(id, &format!("Example {id}"));
            }
            wiki.suppress(3);
            let participant = |id| Participant { participant_id: id, central_id: id, private: id == 4 };
            let event = Event { name: "Example Event".to_owned(), participants: (1..=45).map(participant).collect(), ..Event::default() };
            wiki.events.insert(12, event.clone());
            wiki.events.insert(13, Event { is_test_event: true, ..event });
        });
        let app = with_wiki(&app, &wiki).await;
        let mut browser = Browser::of(&app, &app.db.first_owner().await.unwrap().unwrap()).await;
        browser.get(&at("/participants")).await;
        for (event, told) in [("13", "This is a test event"), ("14", "There is no event with this number."), ("x", "Write the number of the event")] {
            let page = browser.upload(&at("/participants"), &[("event", event)], &[]).await;
            assert_eq!(page.status, 422);
            assert!(page.says(told) && page.value("event") == Some(event), "{}", page.body);
        }
        let page = browser.upload(&at("/participants"), &[("event", "12")], &[]).await;
        let page = browser.follow(&page).await;
        assert!(page.says("44 rows") || page.says("45 rows"), "{}", page.body);
        let people = app.db.participants("workshop").await.unwrap();
        assert!(people.iter().all(|row| row.outcome == "skipped" || row.central_id.is_some()));
        assert_eq!(people.iter().filter(|row| row.outcome == "award").count(), 43);
        // Who registered privately is not named anywhere.
        assert!(!format!("{people:?}").contains("\"Example 4\"") && !page.says("Example 4<"));

        wiki.change(|wiki| wiki.upset("campaignevents", Upset::CutOff));
        let page = browser.upload(&at("/participants"), &[("event", "12")], &[]).await;
        assert!(page.status == 422 && page.says("The wiki does not answer."), "{}", page.body);
    }

    async fn five_thousand_rows_are_checked_page_by_page(app: TestApp) {
        let (_, mut browser) = owner(&app).await;
        let names: String = (1..=5_000).map(|number| format!("Example {number}\n")).collect();
        let list = names + "Foo@bar\nBar@foo\n";
        let work = async {
            let page = paste(&mut browser, &list).await;
            assert!(page.says("2 problems") && page.says("page=2"), "{}", page.body);
            assert_eq!(page.body.matches("<tr").count(), 101);
            let page = browser.get(&at("/participants?page=51&achievement=editor")).await;
            assert!(page.says("5,000 will be offered it"));
            assert_eq!(page.body.matches("<tr").count(), 3);
            // The same list again changes nothing.
            let page = browser.upload(&at("/participants"), &[("list", &list)], &[]).await;
            assert!(browser.follow(&page).await.says("Everybody on this list was on yours already."));
            assert_eq!(app.db.list_counts("workshop").await.unwrap().all(), 5_002);
        };
        // Far more than it takes, and far less than people wait.
        tokio::time::timeout(Duration::from_secs(60), work).await.unwrap();
    }
}
