//! What is published about the issuer: its DID document, and the map by which everything can be
//! verified before it is published.

use std::collections::BTreeMap;
use std::path::Path;

use badges_core::credential::verification_method;
use badges_core::key::PublicKey;
use badges_core::publish::{self, Base};
use serde_json::{Value, json};

use super::files::{self, Access};
use super::settings;
use crate::error::Error;

/// The DID document of a did:web.
pub(crate) fn did_document(did: &str, keys: &[&PublicKey]) -> Value {
    let keys: Vec<PublicKey> = keys.iter().map(|key| (*key).clone()).collect();
    publish::did_document(did, &keys)
}

/// A DID document as text.
pub(crate) fn document_text(document: &Value) -> String {
    format!("{document:#}\n")
}

/// Adds keys to a folder's `did.json`, if they are not there. Those that are there stay: older
/// badges need them.
///
/// # Errors
/// When the file is damaged or cannot be written.
pub(crate) fn update_did_document(
    path: &Path,
    did: &str,
    keys: &[&PublicKey],
) -> Result<(), Error> {
    let mut document = if path.exists() {
        let text = files::read_text(path)?;
        serde_json::from_str(&text).map_err(|error| settings::fault(path, "", error))?
    } else {
        did_document(did, &[])
    };
    if document["id"].as_str() != Some(did) {
        let problem = format!("needs to be `{did}`, the issuer of this folder");
        return Err(settings::fault(path, "id", problem)
            .hint("move the file away; it is made again for this issuer"));
    }
    let mut changed = !path.exists();
    for key in keys {
        changed |= add_key(&mut document, did, key);
    }
    if changed {
        files::replace(path, document_text(&document).as_bytes(), Access::Public)?;
    }
    Ok(())
}

/// Writes `documents.json`: which file answers for which URL.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write_map(
    path: &Path,
    base: Option<&Base>,
    lists: impl Iterator<Item = u32>,
) -> Result<(), Error> {
    let mut map = BTreeMap::new();
    if let Some(base) = base {
        map.insert(base.did_document_url(), "did.json".to_owned());
        for number in lists {
            map.insert(base.status_list(number), format!("status/{number}.json"));
        }
    }
    let text = format!("{:#}\n", json!(map));
    if files::read_text(path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    files::replace(path, text.as_bytes(), Access::Public)
}

/// Returns whether the key was not there.
fn add_key(document: &mut Value, did: &str, key: &PublicKey) -> bool {
    let id = verification_method(did, key);
    let mut added = publish::did_document(did, std::slice::from_ref(key));
    let is_there = |document: &Value, name: &str| {
        let id = Some(id.as_str());
        let listed = document[name].as_array();
        listed.is_some_and(|listed| {
            listed
                .iter()
                .any(|item| item.as_str() == id || item["id"].as_str() == id)
        })
    };
    let mut changed = false;
    for name in ["verificationMethod", "assertionMethod"] {
        if !is_there(document, name) {
            push(document, name, added[name][0].take());
            changed = true;
        }
    }
    let contexts = added["@context"].as_array().cloned().unwrap_or_default();
    for context in contexts.into_iter().filter(|_| changed) {
        let known = document["@context"].as_array();
        if !known.is_some_and(|known| known.contains(&context)) {
            push(document, "@context", context);
        }
    }
    changed
}

/// Adds to a list, or begins one.
fn push(document: &mut Value, name: &str, item: Value) {
    let Some(members) = document.as_object_mut() else {
        return;
    };
    match members.entry(name).or_insert_with(|| json!([])) {
        Value::Array(items) => items.push(item),
        single => *single = json!([single.take(), item]),
    }
}
