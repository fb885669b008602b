//! What the service itself publishes, from its database.

use axum::body::Bytes;
use badges_core::documents::{Answer, Documents};
use badges_core::key::PublicKey;
use badges_core::publish::{Base, did_document};
use badges_core::verify::{Check, Failure, Outcome, Report};
use http::Uri;

use super::{Asked, look};
use crate::App;
use crate::db::{AwardRow, IdentityRow};
use crate::error::Error;
use crate::issuing::status_list;
use crate::keys::KeyState;

/// What is at an address of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Own {
    Document(String),
    /// Nothing, or nothing for strangers.
    Nothing,
}

impl Own {
    pub(super) fn answer(self) -> Answer {
        match self {
            Self::Document(text) => Answer::Loaded(text.into_bytes()),
            Self::Nothing => Answer::Failed("there is nothing at this address".to_owned()),
        }
    }
}

/// The report of a badge of ours, by our own documents alone: nothing is fetched.
///
/// # Errors
/// When the database fails.
pub(crate) async fn own_report(app: &App, award: &AwardRow, text: &str) -> Result<Report, Error> {
    let entry = app.db.status_entry(&award.id).await?;
    let documents = own_documents(app, &award.did, entry.map(|entry| entry.number)).await?;
    let text = Bytes::copy_from_slice(text.as_bytes());
    let mut report = look(app, &text, &documents, &Asked::default()).await?;
    add_standing(app, &mut report).await?;
    Ok(report)
}

/// Says of a badge of ours from a trial that it was taken back: it has no status list, so that only
/// the database knows.
pub(super) async fn add_standing(app: &App, report: &mut Report) -> Result<(), Error> {
    if report.outcomes(Check::Status).next().is_some() {
        return Ok(());
    }
    let Some(identity) = signed_by(app, report).await? else {
        return Ok(());
    };
    let id = report.credential.as_ref().and_then(|it| it.id.as_deref());
    let award = match id {
        Some(id) => app.db.award_by_credential_id(id).await?,
        None => None,
    };
    let Some(award) = award.filter(|award| award.issuer == identity.issuer) else {
        return Ok(());
    };
    let Some(issuer) = app.db.issuer(&award.issuer).await? else {
        return Ok(());
    };
    // In place of a list stands the page that says it.
    let page = format!("/issuers/{}/badges/{}", issuer.slug, award.token);
    let page = app.settings.public_url.join(&page);
    let failure = match award.standing.as_str() {
        "valid" => return Ok(()),
        "suspended" => Failure::Suspended {
            list: page,
            index: 0,
            as_of: None,
        },
        _ => Failure::Withdrawn {
            document: page,
            reason: None,
        },
    };
    let checks = report.checks.iter();
    let place = checks
        .take_while(|(check, _)| !COME_AFTER_STATUS.contains(check))
        .count();
    let outcome = Outcome::Failed(failure);
    report.checks.insert(place, (Check::Status, outcome));
    Ok(())
}

/// The checks that stand below [`Check::Status`] in a report.
const COME_AFTER_STATUS: [Check; 4] = [
    Check::Recipient,
    Check::Trust,
    Check::Endorsements,
    Check::Parts,
];

/// The identity of an issuer of this service under which the badge was signed, if it is one.
async fn signed_by(app: &App, report: &Report) -> Result<Option<IdentityRow>, Error> {
    let passed = |check| {
        let mut outcomes = report.outcomes(check);
        matches!(outcomes.next(), Some(Outcome::Passed(_)))
    };
    let did = report.credential.as_ref();
    let did = did.and_then(|credential| credential.issuer.id.as_deref());
    match did.filter(|_| passed(Check::Proof) && passed(Check::Issuer)) {
        Some(did) => Ok(app.db.identity(did).await?),
        None => Ok(None),
    }
}

/// The name of the issuer of this service that signed the badge, unless somebody else may have its
/// key.
///
/// # Errors
/// When the database fails.
pub(crate) async fn signer_here(app: &App, report: &Report) -> Result<Option<String>, Error> {
    let Some(identity) = signed_by(app, report).await? else {
        return Ok(None);
    };
    let keys = app.db.keys(&identity.did).await?;
    let compromised = KeyState::Compromised.as_str();
    let is_kept = keys.iter().any(|key| key.state != compromised);
    let issuer = app.db.issuer(&identity.issuer).await?;
    Ok(issuer.filter(|_| is_kept).map(|issuer| issuer.name))
}

/// What verifying a badge of ours needs: the DID document of its issuer, and the status list that
/// it stands in.
///
/// # Errors
/// When the database fails.
async fn own_documents(app: &App, did: &str, list: Option<i64>) -> Result<Documents, Error> {
    let mut documents = Documents::new();
    let Some(base) = Base::from_did(did) else {
        // A did:key needs none.
        return Ok(documents);
    };
    documents.insert(did, below(app, &base, Below::DidDocument).await?.answer());
    if let Some(number) = list {
        let url = base.url(&format!("status/{number}"));
        documents.insert(
            &url,
            below(app, &base, Below::StatusList(number)).await?.answer(),
        );
    }
    Ok(documents)
}

/// What is at this address, if it is one of ours.
pub(super) async fn at(app: &App, url: &str) -> Result<Option<Own>, Error> {
    // No address has control characters, and PostgreSQL looks for no U+0000.
    if url.contains(char::is_control) {
        return Ok(None);
    }
    let open = app.open_issuers.as_ref();
    if let Some(list) = open.and_then(|open| open.list_at(app, url)) {
        return Ok(Some(Own::Document(list)));
    }
    let public = normal(app.settings.public_url.as_str());
    let below_ours = normal(url).zip(public).is_some_and(|(url, public)| {
        url.strip_prefix(&public)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    let Some((base, path)) = split(url) else {
        return Ok(below_ours.then_some(Own::Nothing));
    };
    if below_ours && let Below::Badge(token) = path {
        return badge(app, token).await.map(Some);
    }
    // An issuer of ours may have had another address before.
    let base: Option<Base> = base.parse().ok();
    let known = match &base {
        Some(base) => app.db.identity(base.did()).await?.is_some(),
        None => false,
    };
    match base.filter(|_| known) {
        Some(base) => below(app, &base, path).await.map(Some),
        None => Ok(below_ours.then_some(Own::Nothing)),
    }
}

/// What an issuer publishes that verifying a badge needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Below<'u> {
    DidDocument,
    StatusList(i64),
    /// By its token.
    Badge(&'u str),
}

/// The address of an issuer, and what stands below it.
fn split(url: &str) -> Option<(&str, Below<'_>)> {
    let url = url.split(['#', '?']).next().unwrap_or(url);
    if let Some(base) = url.strip_suffix("/did.json") {
        return Some((
            base.strip_suffix("/.well-known").unwrap_or(base),
            Below::DidDocument,
        ));
    }
    let (folder, name) = url.rsplit_once('/')?;
    if let Some(base) = folder.strip_suffix("/status") {
        return Some((base, Below::StatusList(name.parse().ok()?)));
    }
    let token = name.split('.').next().unwrap_or(name);
    Some((folder.strip_suffix("/badges")?, Below::Badge(token)))
}

async fn below(app: &App, base: &Base, path: Below<'_>) -> Result<Own, Error> {
    match path {
        Below::Badge(token) => badge(app, token).await,
        Below::DidDocument => {
            let rows = app.db.keys(base.did()).await?;
            let compromised = KeyState::Compromised.as_str();
            let listed = rows.iter().filter(|row| row.state != compromised);
            let keys: Vec<PublicKey> = listed
                .filter_map(|row| PublicKey::from_multikey(&row.multikey).ok())
                .collect();
            Ok(Own::Document(did_document(base.did(), &keys).to_string()))
        }
        Below::StatusList(number) => {
            let number = u32::try_from(number).unwrap_or_default();
            let list = status_list(app, base.did(), number).await?;
            Ok(list.map_or(Own::Nothing, |list| Own::Document(list.text)))
        }
    }
}

/// A badge that anybody may see who has its address.
async fn badge(app: &App, token: &str) -> Result<Own, Error> {
    let Some(award) = app.db.award_by_token(token).await? else {
        return Ok(Own::Nothing);
    };
    if award.acceptance != "accepted" || award.visibility == "private" {
        return Ok(Own::Nothing);
    }
    let credential = app.db.credential(&award.id).await?;
    Ok(credential.map_or(Own::Nothing, |credential| Own::Document(credential.text)))
}

/// An address as it is compared: without a query and a fragment, the host in lower case, no port
/// that goes without saying.
fn normal(url: &str) -> Option<String> {
    let uri: Uri = url.split('#').next()?.parse().ok()?;
    let scheme = uri.scheme_str()?.to_ascii_lowercase();
    let host = uri.host()?.to_ascii_lowercase();
    let port = match (scheme.as_str(), uri.port_u16()) {
        ("https", Some(443)) | ("http", Some(80)) | (_, None) => String::new(),
        (_, Some(port)) => format!(":{port}"),
    };
    Some(format!(
        "{scheme}://{host}{port}{}",
        uri.path().trim_end_matches('/')
    ))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_by_what_they_lead_to() {
        for url in [
            "https://badges.example.org",
            "https://BADGES.example.org:443/",
            "HTTPS://badges.example.org/?q#f",
        ] {
            assert_eq!(normal(url).unwrap(), "https://badges.example.org", "{url}");
        }
        assert_eq!(
            normal("http://localhost:8080/a").unwrap(),
            "http://localhost:8080/a"
        );
        assert_eq!(
            normal("urn:uuid:00000000-0000-4000-8000-000000000007"),
            None
        );
    }

    #[test]
    fn an_issuer_is_found_by_what_stands_below_it() {
        let base = "https://example.org/issuers/a";
        for (path, below) in [
            ("/did.json", Below::DidDocument),
            ("/.well-known/did.json", Below::DidDocument),
            ("/status/12", Below::StatusList(12)),
            ("/badges/x7", Below::Badge("x7")),
            ("/badges/x7.json", Below::Badge("x7")),
            ("/badges/x7.png?uselang=ar#top", Below::Badge("x7")),
        ] {
            assert_eq!(
                split(&format!("{base}{path}")),
                Some((base, below)),
                "{path}"
            );
        }
        for path in ["", "/status/x", "/achievements/a", "/badges/x7/certificate"] {
            assert_eq!(split(&format!("{base}{path}")), None, "{path}");
        }
    }
}
