//! The action API: `list=globalusers` of the extension CentralAuth.

use std::collections::HashMap;

use axum::Json;
use axum::extract::{Form, State};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::wiki::Wiki;
use crate::{Shared, lock};

/// How many values a parameter takes from somebody without further rights.
const VALUES: usize = 50;

pub(crate) async fn query(
    State(wiki): State<Shared>,
    Form(asked): Form<HashMap<String, String>>,
) -> Response {
    let wiki = lock(&wiki);
    let max_lag = asked.get("maxlag").and_then(|lag| lag.parse().ok());
    if max_lag.is_some_and(|most: u64| wiki.lag > most) {
        let lag = wiki.lag.to_string();
        let headers = [("Retry-After", "5"), ("X-Database-Lag", lag.as_str())];
        return (headers, error("maxlag", "Waiting for a database")).into_response();
    }
    match global_users(&wiki, &asked) {
        Ok(rows) => {
            let query = json!({"batchcomplete": true, "query": {"globalusers": rows}});
            Json(query).into_response()
        }
        Err(error) => error.into_response(),
    }
}

fn global_users(wiki: &Wiki, asked: &HashMap<String, String>) -> Result<Vec<Value>, Json<Value>> {
    let is = |name: &str, value: &str| asked.get(name).is_some_and(|given| given == value);
    let understood = is("action", "query")
        && is("list", "globalusers")
        && is("format", "json")
        && is("formatversion", "2");
    if !understood {
        return Err(error("badvalue", "Unrecognized value for parameter"));
    }
    let locks = is("gusprop", "locked");
    match (asked.get("gususers"), asked.get("guscentralids")) {
        (Some(names), None) => by_names(wiki, names, locks),
        (None, Some(ids)) => by_ids(wiki, ids, locks),
        _ => Err(error("missingparam", "One of the parameters is required")),
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
    // Anonymous editors were once shown as 192.0.2.xxx, and nobody may be called that.
    let parts: Vec<_> = name.split('.').collect();
    let is_address = matches!(parts[..], [_, _, _, last] if last == "xxx");
    let forbidden = is_address || name.contains(|letter| "#<>[]|{}/@:".contains(letter));
    let rest = name.get(first.len_utf8()..)?;
    (!forbidden).then(|| first.to_uppercase().collect::<String>() + rest)
}

/// Errors come with the status 200.
fn error(code: &str, info: &str) -> Json<Value> {
    Json(json!({"error": {"code": code, "info": info, "docref": "See the help"}}))
}
