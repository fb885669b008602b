//! How many badges a second this library signs and verifies on one core, and how many the bare
//! cryptography would: the line that `tests/peers/run` compares with other implementations.
//!
//! `cargo run --release --example peer -p badges-core -- BADGE.json [--seconds S]`; the issuer's
//! key stands beside the badge in `key.json`.
#![expect(clippy::print_stdout, reason = "prints its result")]

use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use badges_core::credential::{UnsignedCredential, verification_method};
use badges_core::documents::Documents;
use badges_core::json::{self, Value};
use badges_core::jsonld::{Edition, Part, Policy, RootContext, canonicalize};
use badges_core::key::SigningKey;
use badges_core::model::{issuer_id, parse_date_time};
use badges_core::proof::data_integrity::ProofOptions;
use badges_core::verify::{Check, Question, verify};
use cpu_time::ThreadTime;
use sha2::{Digest as _, Sha256};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments
        .next()
        .ok_or("usage: peer BADGE.json [--seconds S]")?;
    let seconds = match (arguments.next().as_deref(), arguments.next()) {
        (Some("--seconds"), Some(seconds)) => seconds.parse()?,
        _ => 3.0,
    };
    let file = Path::new(&file);
    let text = std::fs::read_to_string(file)?;
    let key = file.with_file_name("key.json");
    let key = SigningKey::from_file_text(&std::fs::read_to_string(key)?)?;
    let document = json::parse(&text)?;
    let issuer = issuer_id(&document).ok_or("the badge has no issuer")?;
    let options = ProofOptions {
        verification_method: verification_method(issuer, key.public_key()),
        created: "2026-01-01T00:00:00Z".to_owned(),
        ..ProofOptions::default()
    };
    let sign = || UnsignedCredential::from_json(&text).and_then(|badge| badge.sign(&key, &options));
    let signed = sign()?;
    let documents = Documents::new();
    let question = Question::new(&documents, parse_date_time("2026-06-01T00:00:00Z")?);
    let judge = || verify(signed.text().as_bytes(), &question).verdict();
    // Its status list is not at hand: that may stay unknown, and nothing else.
    let report = verify(signed.text().as_bytes(), &question);
    let genuine = |check| {
        report
            .outcomes(check)
            .all(|outcome| outcome.as_str() == "passed")
    };
    if ![Check::Form, Check::Schema, Check::Proof, Check::Issuer]
        .into_iter()
        .all(genuine)
    {
        return Err(format!("the badge does not verify: {report:?}").into());
    }
    let canonical = canonical_text(&document)?;
    let hash = || Sha256::digest(canonical.as_bytes());
    let signature = key.sign(&[7; 64]).ok_or("cannot sign")?;

    let window = Duration::from_secs_f64(seconds / 20.0);
    let rates = rates(
        window,
        [
            &|| drop(black_box(sign())),
            &|| {
                black_box(judge());
            },
            &|| {
                black_box(hash());
                black_box(key.sign(&[7; 64]));
            },
            &|| {
                black_box(hash());
                black_box(key.public_key().verify(&[7; 64], &signature));
            },
        ],
    );
    println!(
        "{}",
        serde_json::json!({
            "impl": "badges-core",
            "credential": file.file_stem().map(|name| name.to_string_lossy()),
            "sign_per_s": rates[0].round(),
            "verify_per_s": rates[1].round(),
            "floor_sign_per_s": rates[2].round(),
            "floor_verify_per_s": rates[3].round(),
        })
    );
    Ok(())
}

fn canonical_text(document: &Value<'_>) -> Result<String, Box<dyn Error>> {
    let root = RootContext::of(document, Edition::NEWEST, Policy::Badge)?;
    let dataset = root.to_rdf(document, Part::Unsecured)?;
    Ok(canonicalize(&dataset)?.nquads().to_owned())
}

/// Runs a second of this thread's processor time, per task the median of five windows, the tasks
/// taking turns so that a noisy neighbour disturbs all alike.
fn rates<const N: usize>(window: Duration, tasks: [&dyn Fn(); N]) -> [f64; N] {
    let mut windows = [(); N].map(|()| Vec::with_capacity(5));
    for _ in 0..5 {
        for (task, windows) in tasks.iter().zip(&mut windows) {
            let start = ThreadTime::now();
            let mut runs = 0;
            while start.elapsed() < window {
                for _ in 0..50 {
                    task();
                }
                runs += 50;
            }
            windows.push(f64::from(runs) / start.elapsed().as_secs_f64());
        }
    }
    windows.map(|mut windows| {
        windows.sort_by(f64::total_cmp);
        windows[windows.len() / 2]
    })
}
