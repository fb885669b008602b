//! The action API: `list=globalusers` of the extension CentralAuth.

use std::collections::HashMap;

use axum::Json;
use axum::extract::{Form, State};
use serde_json::{Value, json};

use crate::wiki::Wiki;
use crate::{Shared, lock};

/// How many values a parameter takes from somebody without further rights.
const VALUES: usize = 50;

pub(crate) async fn query(
    State(wiki): State<Shared>,
    Form(asked): Form<HashMap<String, String>>,
) -> Json<Value> {
    let wiki = lock(&wiki);
    let is = |name: &str, value: &str| asked.get(name).is_some_and(|given| given == value);
    let understood = is("action", "query")
        && is("list", "globalusers")
        && is("format", "json")
        && is("formatversion", "2");
    if !understood {
        return error("badvalue", "Unrecognized value for parameter");
    }
    let locks = is("gusprop", "locked");
    let rows = match (asked.get("gususers"), asked.get("guscentralids")) {
        (Some(names), None) => by_names(&wiki, names, locks),
        (None, Some(ids)) => by_ids(&wiki, ids, locks),
        _ => return error("missingparam", "One of the parameters is required"),
    };
    match rows {
        Ok(rows) => Json(json!({"batchcomplete": true, "query": {"globalusers": rows}})),
        Err(error) => error,
    }
}

/// Each name once, in the order of the names.
fn by_names(wiki: &Wiki, names: &str, locks: bool) -> Result<Vec<Value>, Json<Value>> {
    let mut rows: Vec<Value> = Vec::new();
    for name in values(names)? {
        let row = match canonical(name) {
            None => json!({"name": name, "invalid": true}),
            Some(name) => {
                let found = wiki
                    .accounts
                    .iter()
                    .find(|(_, account)| account.name == name);
                found
                    .and_then(|(id, _)| row(wiki, *id, locks))
                    .unwrap_or_else(|| json!({"name": name, "missing": true}))
            }
        };
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    Ok(rows)
}

fn by_ids(wiki: &Wiki, ids: &str, locks: bool) -> Result<Vec<Value>, Json<Value>> {
    let ids = values(ids)?.into_iter().map(|id| {
        let number = id
            .parse::<u64>()
            .map_err(|_| error("badinteger", "Invalid value"))?;
        let found = row(wiki, number, locks);
        Ok(found.unwrap_or_else(|| json!({"centralid": number, "missing": true})))
    });
    ids.collect()
}

/// An account as anybody sees it: a suppressed one does not exist.
fn row(wiki: &Wiki, central_id: u64, locks: bool) -> Option<Value> {
    let account = wiki.accounts.get(&central_id)?;
    let name = wiki.shown_name(central_id)?;
    let mut row = json!({"centralid": central_id, "name": name});
    if locks {
        row["locked"] = Value::from(account.locked);
    }
    Some(row)
}

fn values(joined: &str) -> Result<Vec<&str>, Json<Value>> {
    let values: Vec<_> = joined.split('|').collect();
    if values.len() > VALUES {
        return Err(error("toomanyvalues", "Too many values supplied"));
    }
    Ok(values)
}

/// What MediaWiki makes of a name: underscores are spaces, the first letter is a capital.
fn canonical(name: &str) -> Option<String> {
    let spaced = name.replace('_', " ");
    let words: Vec<_> = spaced.split(' ').filter(|word| !word.is_empty()).collect();
    let name = words.join(" ");
    let first = name.chars().next()?;
    let forbidden = name.contains(|letter| "#<>[]|{}/@:".contains(letter));
    let rest = name.get(first.len_utf8()..)?;
    (!forbidden).then(|| first.to_uppercase().collect::<String>() + rest)
}

/// Errors come with the status 200.
fn error(code: &str, info: &str) -> Json<Value> {
    Json(json!({"error": {"code": code, "info": info, "docref": "See the help"}}))
}
