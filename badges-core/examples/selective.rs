//! How many badges a second this library signs statement by statement (`ecdsa-sd-2023`), derives a part
//! of, and verifies, on one core: what `tests/peers/selective` compares with another implementation.
//!
//! `cargo run --release --example selective -p badges-core -- BADGE.json [--seconds S]`; the key stands
//! beside the badge in `key-p256.json`.
#![expect(clippy::print_stdout, reason = "prints its result")]

use std::error::Error;
use std::hint::black_box;
use std::path::Path;

use badges_core::credential::{SignedCredential, UnsignedCredential, verification_method};
use badges_core::did::did_key;
use badges_core::documents::Documents;
use badges_core::jsonld::Policy;
use badges_core::key::SigningKey;
use badges_core::model::parse_date_time;
use badges_core::proof::data_integrity::ProofOptions;
use badges_core::proof::selective::Randomness;
use badges_core::proof::suite::Suite;
use badges_core::verify::{Check, Question, verify};
use cpu_time::ThreadTime;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("usage: selective BADGE.json")?;
    let seconds: f64 = match (arguments.next().as_deref(), arguments.next()) {
        (Some("--seconds"), Some(seconds)) => seconds.parse()?,
        _ => 3.0,
    };
    let file = Path::new(&file);
    let text = std::fs::read_to_string(file)?;
    let key = std::fs::read_to_string(file.with_file_name("key-p256.json"))?;
    let key = SigningKey::from_file_text(&key)?;
    let did = did_key(key.public_key()).ok_or("the key has no DID")?;
    let options = ProofOptions {
        suite: Suite::EcdsaSd2023,
        verification_method: verification_method(&did, key.public_key()),
        created: "2026-01-01T00:00:00Z".to_owned(),
        ..ProofOptions::default()
    };
    // The same bytes each time: what chance costs is not measured.
    let randomness = Randomness {
        hmac_key: [7; 32],
        proof_key: [8; 32],
    };
    let sign = || {
        UnsignedCredential::from_json(&text)
            .and_then(|badge| badge.sign_selectively(&key, &options, &["/issuer"], &randomness))
    };
    let signed = sign()?;
    let derive = || {
        SignedCredential::parse(signed.text())
            .and_then(|badge| badge.derive(&["/credentialSubject/achievement/name"], Policy::Badge))
    };
    let derived = derive()?;
    let documents = Documents::new();
    let question = Question::new(&documents, parse_date_time("2026-06-01T00:00:00Z")?);
    let judge = || verify(derived.text().as_bytes(), &question);
    let report = judge();
    if !report
        .outcomes(Check::Proof)
        .all(|outcome| outcome.as_str() == "passed")
    {
        return Err(format!("the part does not verify: {report:?}").into());
    }
    println!(
        "{}",
        serde_json::json!({
            "impl": "badges-core",
            "credential": file.file_stem().map(|name| name.to_string_lossy()),
            "sign_per_s": rate(seconds, || drop(black_box(sign()))),
            "derive_per_s": rate(seconds, || drop(black_box(derive()))),
            "verify_per_s": rate(seconds, || drop(black_box(judge()))),
        })
    );
    Ok(())
}

/// Runs a second of this thread's processor time, the median of five windows.
fn rate(seconds: f64, task: impl Fn()) -> f64 {
    let mut windows: Vec<f64> = (0..5)
        .map(|_| {
            let start = ThreadTime::now();
            let mut runs = 0_u32;
            while start.elapsed().as_secs_f64() < seconds / 5.0 {
                task();
                runs += 1;
            }
            f64::from(runs) / start.elapsed().as_secs_f64()
        })
        .collect();
    windows.sort_by(f64::total_cmp);
    (windows[2] * 10.0).round() / 10.0
}
