#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::*;
use crate::json::{self, Value};
use crate::key::SigningKey;
use crate::proof::jwt;

const PAYLOAD: &str =
    r#"{"iss":"a","list":[{"x":1},"two"],"name":"Ann","nested":{"deep":{"er":true},"plain":0}}"#;

fn issuer() -> SigningKey {
    SigningKey::ed25519(&[7; 32])
}

/// A signed payload in front of these disclosures.
fn sd_jwt(payload: &str, disclosures: &[&str]) -> String {
    let input = jwt::signing_input(r#"{"alg":"EdDSA"}"#, payload);
    let signature = issuer().sign(input.as_bytes()).unwrap();
    let jws = jwt::finish(input, &signature);
    let disclosures: String = disclosures.iter().map(|it| format!("{it}~")).collect();
    format!("{jws}~{disclosures}")
}

fn encode(disclosure: &str) -> String {
    URL_SAFE_NO_PAD.encode(disclosure)
}

fn digest(encoded: &str) -> String {
    HashFunction::Sha256.digest(encoded)
}

fn disclosed(text: &str) -> Result<(String, usize), SdJwtFault> {
    let sd_jwt = SdJwt::parse(text)?;
    let disclosed = sd_jwt.disclosed()?;
    Ok((json::canonical(&disclosed.payload), disclosed.undisclosed))
}

fn fault(text: &str) -> SdJwtFault {
    disclosed(text).unwrap_err()
}

fn salts() -> impl FnMut() -> [u8; 16] {
    let mut count = 0;
    move || {
        count += 1;
        [count; 16]
    }
}

fn concealed(paths: &[&str]) -> Concealed {
    conceal(&json::parse(PAYLOAD).unwrap(), paths, salts()).unwrap()
}

#[test]
fn what_is_concealed_is_disclosed_again() {
    let paths = ["name", "list[0]", "nested", "nested.deep", "nested.deep.er"];
    let concealed = concealed(&paths);
    let shown: Vec<&str> = concealed.disclosures.iter().map(String::as_str).collect();
    let text = sd_jwt(&concealed.payload, &shown);
    assert_eq!(disclosed(&text), Ok((PAYLOAD.to_owned(), 0)));
    let jws = text.split('~').next().unwrap();
    assert_eq!(concealed.join(jws), text);
    // Less is shown.
    let text = sd_jwt(&concealed.payload, &[shown[1], shown[2]]);
    assert_eq!(
        disclosed(&text),
        Ok((
            r#"{"iss":"a","list":[{"x":1},"two"],"nested":{"plain":0}}"#.to_owned(),
            2
        ))
    );
    // A disclosure inside one that is not shown belongs to nothing.
    let text = sd_jwt(&concealed.payload, &[shown[4]]);
    assert_eq!(fault(&text), SdJwtFault::Unreferenced { index: 0 });
    let nothing = sd_jwt(&concealed.payload, &[]);
    assert_eq!(
        disclosed(&nothing),
        Ok((r#"{"iss":"a","list":["two"]}"#.to_owned(), 3))
    );
}

#[test]
fn paths_that_lead_nowhere_are_refused() {
    let payload = json::parse(PAYLOAD).unwrap();
    let fault = |path: &str| conceal(&payload, &[path], salts()).unwrap_err().to_string();
    insta::assert_snapshot!(
        ["", "a..b", "list[", "list[x]", "list[0]x", "none", "list[2]", "name.x", "nested[0]", "_sd"]
            .map(fault)
            .join("\n"),
        @r#"
    "" is no path such as `credentialSubject.phoneNumbers[0]`
    "a..b" is no path such as `credentialSubject.phoneNumbers[0]`
    "list[" is no path such as `credentialSubject.phoneNumbers[0]`
    "list[x]" is no path such as `credentialSubject.phoneNumbers[0]`
    "list[0]x" is no path such as `credentialSubject.phoneNumbers[0]`
    nothing stands at none
    nothing stands at list[2]
    nothing stands at name.x
    nothing stands at nested[0]
    nothing stands at _sd
    "#
    );
    for twice in [["name", "name"], ["list[0]", "list[0]"]] {
        assert!(conceal(&payload, &twice, salts()).is_err());
    }
    for reserved in [
        r#"{"a":{"_sd":[]}}"#,
        r#"{"a":[{"...":"x"}]}"#,
        r#"{"_sd_alg":"x"}"#,
        "[]",
    ] {
        let payload = json::parse(reserved).unwrap();
        let fault = conceal(&payload, &["a"], salts()).unwrap_err();
        assert_eq!(fault, PathFault::Reserved);
    }
}

/// RFC 9901, 4.2.1 and 4.2.3, and section 5.1's address.
#[test]
fn the_standards_own_digests() {
    let disclosure = "WyI2cU1RdlJMNWhhaiIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0";
    assert_eq!(
        digest(disclosure),
        "uutlBuYeMDyjLLTpf6Jxi7yNkEF35jdyWMn9U7b_RYY"
    );
    let payload = format!(
        r#"{{"_sd":["{}"],"_sd_alg":"sha-256"}}"#,
        digest(disclosure)
    );
    assert_eq!(
        disclosed(&sd_jwt(&payload, &[disclosure])),
        Ok((r#"{"family_name":"Möbius"}"#.to_owned(), 0))
    );
}

#[test]
fn all_hash_functions_of_the_registry_that_are_not_broken() {
    let claim = encode(r#"["s","a",1]"#);
    for (name, hash) in [
        ("sha-256", HashFunction::Sha256),
        ("sha-384", HashFunction::Sha384),
        ("sha-512", HashFunction::Sha512),
    ] {
        let payload = format!(
            r#"{{"_sd":["{}"],"_sd_alg":"{name}"}}"#,
            hash.digest(&claim)
        );
        let disclosed = disclosed(&sd_jwt(&payload, &[&claim])).unwrap();
        assert_eq!(disclosed.0, r#"{"a":1}"#);
    }
    for name in ["\"md5\"", "\"SHA-256\"", "1", "null"] {
        let payload = format!(r#"{{"_sd_alg":{name}}}"#);
        assert_eq!(fault(&sd_jwt(&payload, &[])), SdJwtFault::HashFunction);
    }
}

#[test]
fn disclosures_fit_in_exactly_one_way() {
    let member = encode(r#"["salt","a",1]"#);
    let item = encode(r#"["salt",1]"#);
    let (of_member, of_item) = (digest(&member), digest(&item));
    let reserved = |name| SdJwtFault::Reserved { name };
    for (payload, shown, expected) in [
        // Used twice, shown or not.
        (
            format!(r#"{{"_sd":["{of_member}"],"x":{{"_sd":["{of_member}"]}}}}"#),
            vec![&member],
            SdJwtFault::RepeatedDigest,
        ),
        (
            format!(r#"{{"_sd":["{of_member}","{of_member}"]}}"#),
            vec![],
            SdJwtFault::RepeatedDigest,
        ),
        (
            format!(r#"{{"_sd":["{of_member}"]}}"#),
            vec![&member, &member],
            SdJwtFault::RepeatedDisclosure { index: 1 },
        ),
        // Shown, and not signed.
        (
            "{}".to_owned(),
            vec![&member],
            SdJwtFault::Unreferenced { index: 0 },
        ),
        // An item where a member stands, and the other way round.
        (
            format!(r#"{{"_sd":["{of_item}"]}}"#),
            vec![&item],
            SdJwtFault::WrongPlace { index: 0 },
        ),
        (
            format!(r#"{{"x":[{{"...":"{of_member}"}}]}}"#),
            vec![&member],
            SdJwtFault::WrongPlace { index: 0 },
        ),
        // A claim that is there already.
        (
            format!(r#"{{"a":0,"_sd":["{of_member}"]}}"#),
            vec![&member],
            SdJwtFault::Clash { index: 0 },
        ),
        // Names that only digests have.
        (r#"{"_sd":"x"}"#.to_owned(), vec![], reserved("_sd")),
        (r#"{"_sd":[1]}"#.to_owned(), vec![], reserved("_sd")),
        (r#"{"...":"x"}"#.to_owned(), vec![], reserved("...")),
        (r#"{"x":[{"...":1}]}"#.to_owned(), vec![], reserved("...")),
        (
            r#"{"x":[{"...":"x","y":1}]}"#.to_owned(),
            vec![],
            reserved("..."),
        ),
        (
            r#"{"x":{"_sd_alg":"sha-256"}}"#.to_owned(),
            vec![],
            reserved("_sd_alg"),
        ),
        ("[]".to_owned(), vec![], SdJwtFault::NoObject),
    ] {
        let shown: Vec<&str> = shown.into_iter().map(String::as_str).collect();
        assert_eq!(fault(&sd_jwt(&payload, &shown)), expected, "{payload}");
    }
}

#[test]
fn two_disclosures_of_one_name_clash() {
    let [one, other] = ["[\"s\",\"a\",1]", "[\"t\",\"a\",2]"].map(encode);
    let payload = format!(r#"{{"_sd":["{}","{}"]}}"#, digest(&one), digest(&other));
    let text = sd_jwt(&payload, &[&one, &other]);
    assert_eq!(fault(&text), SdJwtFault::Clash { index: 1 });
    assert!(disclosed(&sd_jwt(&payload, &[&other])).is_ok());
}

#[test]
fn disclosures_are_strict() {
    for (content, expected) in [
        (r#"["s","_sd",[]]"#, SdJwtFault::Reserved { name: "_sd" }),
        (r#"["s","...","x"]"#, SdJwtFault::Reserved { name: "..." }),
        (
            r#"["s","_sd_alg","x"]"#,
            SdJwtFault::Reserved { name: "_sd_alg" },
        ),
        (r#"["s"]"#, SdJwtFault::Malformed { index: 0 }),
        (r#"["s","a",1,2]"#, SdJwtFault::Malformed { index: 0 }),
        (r#"["s",1,2]"#, SdJwtFault::Malformed { index: 0 }),
        (r#"[1,"a",2]"#, SdJwtFault::Malformed { index: 0 }),
        (r#"{"s":"a"}"#, SdJwtFault::Malformed { index: 0 }),
    ] {
        let claim = encode(content);
        let payload = format!(r#"{{"_sd":["{}"]}}"#, digest(&claim));
        assert_eq!(fault(&sd_jwt(&payload, &[&claim])), expected, "{content}");
    }
    let twice = encode(r#"["s","a",{"b":1,"b":2}]"#);
    let payload = format!(r#"{{"_sd":["{}"]}}"#, digest(&twice));
    assert!(matches!(
        fault(&sd_jwt(&payload, &[&twice])),
        SdJwtFault::Syntax { index: 0, .. }
    ));
    let jwt = sd_jwt("{}", &[]);
    for (text, expected) in [
        (jwt.trim_end_matches('~').to_owned(), SdJwtFault::NotCompact),
        (format!("{jwt}~"), SdJwtFault::NotCompact),
        (format!("{jwt} ~"), SdJwtFault::NotCompact),
        (format!("{jwt}a~"), SdJwtFault::Undecodable { index: 0 }),
        (
            jwt.clone() + &"YQ~".repeat(MAX_DISCLOSURES + 1),
            SdJwtFault::TooMany,
        ),
    ] {
        assert_eq!(SdJwt::parse(&text).unwrap_err(), expected);
    }
    assert!(matches!(
        SdJwt::parse(&format!("{jwt}YQ")).unwrap_err(),
        SdJwtFault::KeyBinding { .. }
    ));
}

/// Each disclosure holds the digest of the next: cheap to make, deep to read.
#[test]
fn disclosures_inside_disclosures_are_bounded() {
    let mut inner = encode(r#"["s","a",1]"#);
    let mut shown = vec![inner.clone()];
    for _ in 0..1000 {
        inner = encode(&format!(r#"["s","a",{{"_sd":["{}"]}}]"#, digest(&inner)));
        shown.push(inner.clone());
    }
    let payload = format!(r#"{{"_sd":["{}"]}}"#, digest(&inner));
    let shown: Vec<&str> = shown.iter().map(String::as_str).collect();
    assert_eq!(fault(&sd_jwt(&payload, &shown)), SdJwtFault::TooDeep);
}

mod key_bindings {
    use super::*;

    fn holder() -> SigningKey {
        SigningKey::p256(&[9; 32]).unwrap()
    }

    /// An SD-JWT for the holder, with one claim to show.
    fn bound() -> (String, String) {
        let payload = format!(
            r#"{{"cnf":{{"jwk":{}}},"name":"Ann"}}"#,
            holder().public_key().to_jwk()
        );
        let payload = json::parse(&payload).unwrap();
        let concealed = conceal(&payload, &["name"], salts()).unwrap();
        let nothing = sd_jwt(&concealed.payload, &[]);
        let all = format!("{nothing}{}~", concealed.disclosures[0]);
        (all, nothing)
    }

    fn check(text: &str, expected: Expected<'_>) -> Result<i64, KeyBindingFault> {
        let sd_jwt = SdJwt::parse(text).unwrap();
        let payload = sd_jwt.disclosed().unwrap().payload;
        sd_jwt
            .check_key_binding(&payload, expected)
            .map(|binding| binding.issued_at)
    }

    /// A key binding with this header and payload, where `HASH` is the right one.
    fn forged(presented: &str, header: &str, payload: &str) -> String {
        let payload = payload.replace("HASH", &digest(presented));
        let input = jwt::signing_input(header, &payload);
        let signature = holder().sign(input.as_bytes()).unwrap();
        presented.to_owned() + &jwt::finish(input, &signature)
    }

    #[test]
    fn hold_for_one_question_and_one_verifier() {
        let (all, nothing) = bound();
        let text = key_binding(&all, &holder(), "n-1", "https://verifier.example", 7).unwrap();
        let expected = Expected {
            nonce: Some("n-1"),
            audience: Some("https://verifier.example"),
        };
        assert_eq!(check(&text, expected), Ok(7));
        assert_eq!(check(&text, Expected::default()), Ok(7));
        let nonce = Some("n-2");
        assert_eq!(
            check(&text, Expected { nonce, ..expected }),
            Err(KeyBindingFault::Nonce)
        );
        let audience = Some("https://other.example");
        assert_eq!(
            check(
                &text,
                Expected {
                    audience,
                    ..expected
                }
            ),
            Err(KeyBindingFault::Audience)
        );
        assert_eq!(check(&all, expected), Err(KeyBindingFault::Absent));
        // Under another presentation: a disclosure taken away.
        let binding = text.rsplit('~').next().unwrap();
        assert_eq!(
            check(&format!("{nothing}{binding}"), expected),
            Err(KeyBindingFault::OtherPresentation)
        );
        let stolen = key_binding(&all, &issuer(), "n-1", "v", 7).unwrap();
        assert_eq!(check(&stolen, expected), Err(KeyBindingFault::Algorithm));
        let other = SigningKey::p256(&[8; 32]).unwrap();
        let stolen = key_binding(&all, &other, "n-1", "v", 7).unwrap();
        assert_eq!(check(&stolen, expected), Err(KeyBindingFault::Signature));
        assert_eq!(key_binding(&text, &holder(), "n", "v", 7), None);
    }

    #[test]
    fn need_a_key_from_the_issuer() {
        let text = key_binding(&sd_jwt("{}", &[]), &holder(), "n", "v", 7).unwrap();
        assert_eq!(
            check(&text, Expected::default()),
            Err(KeyBindingFault::NoKey)
        );
    }

    #[test]
    fn have_all_that_the_standard_asks_for() {
        let (all, _) = bound();
        let header = r#"{"alg":"ES256","typ":"kb+jwt"}"#;
        let payload = r#"{"aud":"v","iat":7,"nonce":"n","sd_hash":"HASH"}"#;
        let result = |header: &str, payload: &str| {
            check(&forged(&all, header, payload), Expected::default())
        };
        assert_eq!(result(header, payload), Ok(7));
        let member = |member| Err(KeyBindingFault::Member { member });
        for typ in ["vc+jwt", "JWT", ""] {
            assert_eq!(
                result(&header.replace("kb+jwt", typ), payload),
                member("typ")
            );
        }
        let critical = r#"{"alg":"ES256","typ":"kb+jwt","crit":["x"]}"#;
        assert_eq!(result(critical, payload), member("crit"));
        for alg in ["none", "HS256", "ES384"] {
            assert_eq!(
                result(&header.replace("ES256", alg), payload),
                Err(KeyBindingFault::Algorithm)
            );
        }
        for name in ["aud", "iat", "nonce", "sd_hash"] {
            let without = payload.replace(&format!("\"{name}\""), "\"x\"");
            assert_eq!(result(header, &without), member(name));
        }
        let dated = payload.replace("7", "\"2026-05-01\"");
        assert_eq!(result(header, &dated), member("iat"));
    }
}

proptest! {
    #[test]
    fn never_panics(
        text in "[A-Za-z0-9_.~-]{0,80}",
        payload in r#"\{("_sd":\["[a-z]?"\]|"a":\[\{"\.\.\.":("b"|1)\}\]|"_sd_alg":("sha-256"|0))?\}"#,
        claim in r#"\[?("s",)?("a",|"_sd",)?(1|\{"_sd":\["x"\]\})\]?"#,
    ) {
        let _ = disclosed(&text);
        let _ = disclosed(&sd_jwt(&payload, &[&encode(&claim)]));
        if let Ok(Value::Object(_)) = json::parse(&payload) {
            let _ = conceal(&json::parse(&payload).unwrap(), &[&text], salts());
        }
    }
}
