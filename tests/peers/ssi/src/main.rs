//! How many badges a second `ssi` signs and verifies, text to text.
//!
//! ```text
//! ssi-peer FILE [--seconds S]
//! ```
//!
//! `FILE` is an unsigned credential of the issuer in `../badges/key.json`.
//! Rates are per second of CPU time, the median of five windows after a
//! warm-up. On credentials with lists, numbers or booleans its signatures
//! agree with nobody else's, so it verifies its own.

use std::collections::HashMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use futures::executor::block_on;
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};
use ssi::claims::SignatureEnvironment;
use ssi::claims::vc::v2::JsonCredential;
use ssi::dids::{DIDKey, DIDURLBuf};
use ssi::json_ld::ContextLoader;
use ssi::jwk::{Base64urlUInt, OctetParams, Params};
use ssi::prelude::*;
use ssi::security::Multibase;

type Outcome<T> = Result<T, Box<dyn Error>>;

const WINDOWS: u32 = 5;
const CREATED: &str = "2026-04-20T08:00:00Z";
/// What stands before the 32 bytes of a key in a Multikey, in bytes.
const MULTIKEY_PREFIX: usize = 2;

fn main() -> Outcome<()> {
    let (file, seconds) = arguments()?;
    let peer = Peer::new()?;
    let unsigned = fs::read_to_string(&file)?;
    let signed = peer.sign(&unsigned)?;
    peer.verify(&signed)?;

    let line = json!({
        "impl": "ssi 0.16.0",
        "credential": file.file_stem().and_then(|stem| stem.to_str()),
        "sign_per_s": rate(seconds, || peer.sign(&unsigned).map(drop))?,
        "verify_per_s": rate(seconds, || peer.verify(&signed))?,
    });
    println!("{line}");
    Ok(())
}

fn arguments() -> Outcome<(PathBuf, Duration)> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let (file, seconds) = match given.as_slice() {
        [file] => (file, 5.0),
        [file, flag, seconds] if flag == "--seconds" => (file, seconds.parse()?),
        _ => return Err("usage: ssi-peer FILE [--seconds S]".into()),
    };
    Ok((PathBuf::from(file), Duration::from_secs_f64(seconds)))
}

struct Peer {
    key: JWK,
    method: DIDURLBuf,
    contexts: ContextLoader,
}

impl Peer {
    fn new() -> Outcome<Self> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let key = read_key(&here.join("../badges/key.json"))?;
        Ok(Self {
            method: DIDKey::generate_url(&key)?,
            contexts: read_contexts(&here.join("../../../badges-core/contexts"))?,
            key,
        })
    }

    fn sign(&self, unsigned: &str) -> Outcome<String> {
        let credential: JsonCredential = serde_json::from_str(unsigned)?;
        let mut options = ProofOptions::from_method(self.method.clone().into_iri().into());
        options.created = Some(CREATED.parse()?);
        let environment = SignatureEnvironment {
            json_ld_loader: &self.contexts,
            eip712_loader: (),
        };
        let signed = block_on(AnySuite::EdDsaRdfc2022.sign_with(
            environment,
            credential,
            DIDKey.into_vm_resolver(),
            SingleSecretSigner::new(self.key.clone()).into_local(),
            options,
            Default::default(),
        ))?;
        Ok(serde_json::to_string(&signed)?)
    }

    fn verify(&self, signed: &str) -> Outcome<()> {
        let credential: DataIntegrity<JsonCredential, AnySuite> = serde_json::from_str(signed)?;
        let parameters =
            VerificationParameters::from_resolver(DIDKey.into_vm_resolver::<AnyMethod>())
                .with_json_ld_loader(&self.contexts);
        block_on(credential.verify(parameters))??;
        Ok(())
    }
}

fn read_key(file: &Path) -> Outcome<JWK> {
    let key: Value = serde_json::from_slice(&fs::read(file)?)?;
    let bytes = |name: &str| -> Outcome<Vec<u8>> {
        let text = key[name].as_str().ok_or("a key is missing")?;
        let (_, bytes) = Multibase::new(text).decode()?;
        Ok(bytes[MULTIKEY_PREFIX..].to_vec())
    };
    Ok(JWK::from(Params::OKP(OctetParams {
        curve: "Ed25519".to_owned(),
        public_key: Base64urlUInt(bytes("publicKeyMultibase")?),
        private_key: Some(Base64urlUInt(bytes("secretKeyMultibase")?)),
    })))
}

/// The contexts of badges-core: rows of URL, file and digest, of which the
/// first of a URL is the current one.
fn read_contexts(folder: &Path) -> Outcome<ContextLoader> {
    let mut texts = HashMap::new();
    for row in fs::read_to_string(folder.join("index.tsv"))?.lines() {
        let mut columns = row.split('\t');
        if let (Some(url), Some(file)) = (columns.next(), columns.next())
            && url.contains(':')
            && !texts.contains_key(url)
        {
            texts.insert(url.to_owned(), fs::read_to_string(folder.join(file))?);
        }
    }
    Ok(ContextLoader::default().with_context_map_from(texts)?)
}

fn rate(seconds: Duration, mut operation: impl FnMut() -> Outcome<()>) -> Outcome<f64> {
    window(seconds / 2, &mut operation)?;
    let mut found = (0..WINDOWS)
        .map(|_| window(seconds / WINDOWS, &mut operation))
        .collect::<Outcome<Vec<f64>>>()?;
    found.sort_by(f64::total_cmp);
    Ok((found[found.len() / 2] * 100.0).round() / 100.0)
}

/// Operations per second of CPU time, over at least `length` of wall time.
fn window(length: Duration, operation: &mut impl FnMut() -> Outcome<()>) -> Outcome<f64> {
    let (start, cpu) = (Instant::now(), cpu_seconds());
    let mut count = 0.0;
    while count == 0.0 || start.elapsed() < length {
        operation()?;
        count += 1.0;
    }
    Ok(count / (cpu_seconds() - cpu))
}

fn cpu_seconds() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}
