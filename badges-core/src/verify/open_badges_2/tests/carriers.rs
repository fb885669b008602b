use super::*;

pub(super) fn svg(attributes: &str, body: &str) -> String {
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' xmlns:openbadges='http://openbadges.org'>\
         <openbadges:assertion {attributes}>{body}</openbadges:assertion></svg>"
    )
}

fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let typed = [kind, content].concat();
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    let checksum = crc32fast::hash(&typed).to_be_bytes();
    [&length, typed.as_slice(), &checksum].concat()
}

fn png(kind: &[u8; 4], text: &str) -> Vec<u8> {
    let separator: &[u8] = if kind == b"iTXt" {
        b"\0\0\0\0\0"
    } else {
        b"\0"
    };
    let content = [b"openbadges", separator, text.as_bytes()].concat();
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]),
        chunk(kind, &content),
        chunk(b"IDAT", &[]),
        chunk(b"IEND", &[]),
    ]
    .concat()
}

#[test]
fn pictures_carry_assertions_signatures_and_addresses() {
    let world = World::new();
    let jws = signed(&signed_assertion());
    let json = assertion().to_string();
    for text in [ASSERTION, &json, &jws] {
        for image in [png(b"iTXt", text), png(b"tEXt", text)] {
            let (report, _) = world.ask(&image, None);
            assert_eq!(
                report.verdict(),
                Verdict::Valid,
                "{text}: {:?}",
                report.checks
            );
            let form = serde_json::to_value(report.outcomes(Check::Form).next().unwrap()).unwrap();
            assert_eq!(form["image"], "png");
        }
    }
    for image in [
        svg(&format!("verify='{ASSERTION}'"), ""),
        svg(
            &format!("verify='{ASSERTION}'"),
            &format!("<![CDATA[{json}]]>"),
        ),
        svg(&format!("verify='{jws}'"), ""),
        svg("", &format!("<![CDATA[{json}]]>")),
    ] {
        assert_eq!(world.judge(&image), (Verdict::Valid, vec![]), "{image}");
    }
    let documents = Documents::new();
    let image = png(b"iTXt", ASSERTION);
    let report = verify(&image, &Question::new(&documents, at()));
    assert_eq!(report.missing(), [ASSERTION]);
    assert_eq!(report.credential.unwrap().id.as_deref(), Some(ASSERTION));
    // A copy in the picture does not stand in for its address.
    let other = svg(
        "verify='https://issuer.example/none'",
        &format!("<![CDATA[{json}]]>"),
    );
    assert_eq!(
        world.judge(&other),
        (Verdict::Unknown, vec!["proof.document-not-loaded"])
    );
}

#[test]
fn what_a_picture_carries_otherwise_is_told() {
    let world = World::new();
    for text in ["words", "https:// example.org", "[]", "javascript:alert(1)"] {
        let (verdict, faults) = world.judge(png(b"iTXt", text));
        assert_eq!(
            (verdict, faults),
            (Verdict::Invalid, vec!["form.not-a-badge"]),
            "{text}"
        );
    }
    for image in [svg("", ""), svg("verify=''", ""), svg("", "<g/>")] {
        assert_eq!(world.judge(&image), (Verdict::Invalid, vec!["form.image"]));
    }
}

#[test]
fn nothing_makes_it_panic() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let mut world = World::new();
    for body in [
        deep.as_str(),
        "",
        "{}",
        "null",
        "[]",
        "7",
        "\"x\"",
        "{\"id\":",
        "\u{feff}{}",
    ] {
        for url in [ASSERTION, CLASS, ISSUER, KEY, LIST] {
            let before = world
                .answers
                .insert(url.to_owned(), Answer::Loaded(body.into()));
            assert_ne!(world.judge_hosted().0, Verdict::Revoked);
            assert_ne!(world.judge_signed().0, Verdict::Revoked);
            world.answers.insert(url.to_owned(), before.unwrap());
        }
    }
    let bytes = vec![0xff; 100];
    world
        .answers
        .insert(CLASS.to_owned(), Answer::Loaded(bytes));
    assert_eq!(world.judge_hosted().0, Verdict::Unknown);
    // Every member once as something else.
    let world = World::new();
    for odd in [
        Value::Null,
        Value::from(7),
        Value::from(""),
        Value::from("x"),
        serde_json::json!([]),
        serde_json::json!({}),
        serde_json::json!([[{}]]),
    ] {
        for base in [assertion(), signed_assertion()] {
            let members: Vec<String> = base.as_object().unwrap().keys().cloned().collect();
            for member in members {
                let mut edited = base.clone();
                edited[&member] = odd.clone();
                let _ = world.judge(edited.to_string());
                let _ = world.judge(signed(&edited));
                let mut world = World::new();
                world.put(ASSERTION, &edited);
                let _ = world.judge_hosted();
            }
            for place in [CLASS, ISSUER, KEY, LIST] {
                let Answer::Loaded(body) = &world.answers[place] else {
                    continue;
                };
                let document: Value = serde_json::from_slice(body).unwrap();
                for member in document.as_object().unwrap().keys() {
                    let mut world = World::new();
                    world.edit(place, |it| it[member] = odd.clone());
                    let _ = world.judge_hosted();
                    let _ = world.judge_signed();
                }
            }
        }
    }
}
