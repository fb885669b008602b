//! Whether a credential was secured for what a program asks: its challenge and its domain
//! ([VC Data Integrity, 4.4]). Of presentations the library tells that.
//!
//! [VC Data Integrity, 4.4]: https://www.w3.org/TR/vc-data-integrity/#verify-proof

use badges_core::json::{self, Value};
use badges_core::proof::enveloped::Enveloped;
use badges_core::proof::jwt::Jws;

use crate::verifying::Challenge;

/// `challenge` or `domain`, if it is not what was asked: in each proof, or, as `nonce` and `aud`, in the
/// claims of the JWT. Other syntaxes have neither.
pub(super) fn other_question(credential: &Value<'_>, asked: &Challenge) -> Option<&'static str> {
    let envelope = Enveloped::open(credential);
    let jwt = match (credential.as_str(), &envelope) {
        (Some(jwt), _) => jwt,
        (None, None) => return differs(credential.list("proof"), ["challenge", "domain"], asked),
        (None, Some(Ok(envelope))) => str::from_utf8(&envelope.content).unwrap_or_default(),
        (None, Some(Err(_))) => "",
    };
    let payload = Jws::parse(jwt).map_or_else(|_| String::new(), |jws| jws.payload);
    let claims = json::parse(&payload).unwrap_or(Value::Null);
    differs(&[claims], ["nonce", "aud"], asked)
}

fn differs(
    secured: &[Value<'_>],
    [challenge, domain]: [&str; 2],
    asked: &Challenge,
) -> Option<&'static str> {
    [
        ("challenge", challenge, &asked.challenge),
        ("domain", domain, &asked.domain),
    ]
    .into_iter()
    .find_map(|(name, member, expected)| {
        let expected = expected.as_deref()?;
        let says = |one: &Value<'_>| {
            let mut given = one.list(member).iter();
            given.any(|given| given.as_str() == Some(expected))
        };
        (!secured.iter().all(says)).then_some(name)
    })
}
