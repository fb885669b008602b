//! Whose badge it is: from the statement over its class to the issuer's own profile, and where that
//! says that its badges stand.

use percent_encoding::percent_decode_str;

use super::library::{Library, NotFollowed, address};
use super::version::Version;
use crate::did::domain;
use crate::json::Value;
use crate::verify::controller::OTHER_ID;
use crate::verify::findings::{Failure, Unestablished, Unknown};
use crate::verify::report::Outcome;

/// What a statement stands on.
#[derive(Debug, Default)]
pub(super) struct Chain<'v> {
    /// The class that an assertion is of; an endorsement has none.
    pub(super) class: Option<Value<'v>>,
    pub(super) issuer: Option<Issuer<'v>>,
}

/// An issuer, by its own profile.
#[derive(Debug)]
pub(super) struct Issuer<'v> {
    pub(super) id: String,
    pub(super) profile: Value<'v>,
}

/// Why there is no issuer: the answers to the checks of the proof and of the issuer.
pub(super) enum NoIssuer {
    Proof(Outcome),
    Issuer(Outcome),
}

impl<'v> Chain<'v> {
    /// Follows the chain as far as it leads.
    pub(super) fn follow(
        statement: &Value<'v>,
        is_endorsement: bool,
        library: &mut Library<'v>,
    ) -> (Self, Option<NoIssuer>) {
        let mut chain = Self::default();
        let broken = chain.extend(statement, is_endorsement, library).err();
        (chain, broken)
    }

    fn extend(
        &mut self,
        statement: &Value<'v>,
        is_endorsement: bool,
        library: &mut Library<'v>,
    ) -> Result<(), NoIssuer> {
        let holder = if is_endorsement {
            statement
        } else {
            let member = statement.list("badge").first().unwrap_or(&Value::Null);
            let class = library.follow(member);
            let class = class.map_err(|fault| NoIssuer::Proof(fault.outcome("badge")))?;
            self.class.insert(class)
        };
        let member = holder.list("issuer").first().unwrap_or(&Value::Null);
        if !is_endorsement && Version::of(statement) == Some(Version::V0_5) {
            self.issuer = member
                .text("origin")
                .map(|origin| Issuer::at(origin, member));
            return Ok(());
        }
        self.issuer = Some(own_profile(member, library).map_err(NoIssuer::Issuer)?);
        Ok(())
    }

    /// Whether the statement's address, and that of its class, are the issuer's (Open Badges 2.0,
    /// "Hosted Verification" and `VerificationObject`).
    pub(super) fn check_addresses(&self, own: Option<&str>) -> Result<(), Failure> {
        let Some(issuer) = &self.issuer else {
            return Ok(());
        };
        let class = self.class.as_ref().and_then(address);
        let stranger = own
            .filter(|url| !issuer.publishes(url))
            .or_else(|| class.filter(|url| !issuer.may_host(url)));
        stranger.map_or(Ok(()), |url| {
            Err(Failure::OtherOrigin {
                issuer: issuer.id.clone(),
                url: url.to_owned(),
            })
        })
    }
}

/// A profile that comes along says nothing: only the one at the issuer's own address does.
fn own_profile<'v>(member: &Value<'v>, library: &mut Library<'v>) -> Result<Issuer<'v>, Outcome> {
    let Some(id) = address(member) else {
        let id = member.as_str().or_else(|| member.text("id"));
        return Err(Outcome::Unknown(Unknown::IssuerNotEstablished {
            issuer: id.unwrap_or_default().to_owned(),
            method: None,
            reason: Unestablished::NoDocument,
        }));
    };
    let not_loaded = |reason| {
        Outcome::Unknown(Unknown::IssuerNotLoaded {
            url: id.to_owned(),
            reason,
        })
    };
    match library.about(id) {
        Ok(profile) => Ok(Issuer {
            id: id.to_owned(),
            profile,
        }),
        Err(NotFollowed::Absent(absent)) => Err(not_loaded(absent.reason)),
        Err(_) => Err(not_loaded(Some(OTHER_ID.to_owned()))),
    }
}

impl<'v> Issuer<'v> {
    /// An issuer of 0.5, which has no profile but what comes along. So only its host counts: keys,
    /// lists and further hosts that came along would be anybody's.
    fn at(origin: &str, member: &Value<'v>) -> Self {
        let name = member.get("name").map(|name| ("name".into(), name.clone()));
        Self {
            id: origin.replacen("http://", "https://", 1),
            profile: Value::Object(name.into_iter().collect()),
        }
    }
}

impl Issuer<'_> {
    /// `allowedOrigins`; the issuer's own host when nothing is said.
    fn may_host(&self, url: &str) -> bool {
        let Some(authority) = domain(url) else {
            return false;
        };
        let mut allowed = self.policy("allowedOrigins").peekable();
        if allowed.peek().is_none() {
            return domain(&self.id).as_deref() == Some(&authority);
        }
        let host = authority.split(':').next();
        allowed.any(|origin| {
            let origin = origin.strip_prefix("https://").unwrap_or(origin);
            let origin = origin.trim_end_matches('/').to_ascii_lowercase();
            origin == authority || Some(origin.as_str()) == host
        })
    }

    /// Whether what stands at an address is the issuer's own: a host of the issuer's, and
    /// `startsWith`, when that is said.
    pub(super) fn publishes(&self, url: &str) -> bool {
        let mut prefixes = self.policy("startsWith").peekable();
        let has_prefix = prefixes.peek().is_none()
            || !leads_elsewhere(url) && prefixes.any(|prefix| url.starts_with(prefix));
        has_prefix && self.may_host(url)
    }

    fn policy(&self, member: &'static str) -> impl Iterator<Item = &str> {
        self.profile
            .list("verification")
            .iter()
            .flat_map(move |how| how.list(member))
            .filter_map(Value::as_str)
    }
}

/// Whether a server may take the address for one that begins otherwise: with a segment `.` or `..`
/// in its path, however that is written, or with a backslash for a slash.
fn leads_elsewhere(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path: Vec<u8> = percent_decode_str(path).collect();
    path.contains(&b'\\')
        || path.split(|byte| *byte == b'/').any(|segment| {
            // Some servers take what follows a semicolon for parameters.
            let name = segment.split(|byte| *byte == b';').next();
            matches!(name, Some(b"." | b".."))
        })
}
