use serde::Deserialize;
use serde_json::value::RawValue;

use super::date_time::DateTimeZ;

/// When a credential is valid, in either version of the data model.
pub(super) struct Period {
    pub(super) valid_from: DateTimeZ,
    pub(super) valid_until: Option<DateTimeZ>,
}

/// Some issuers write the members of both versions into one credential, so that they cannot be
/// aliases of each other.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Members {
    issuance_date: Option<DateTimeZ>,
    expiration_date: Option<DateTimeZ>,
    valid_from: Option<DateTimeZ>,
    valid_until: Option<DateTimeZ>,
}

impl Period {
    pub(super) fn read(credential: &RawValue) -> serde_json::Result<Self> {
        let members: Members = serde_json::from_str(credential.get())?;
        let valid_from = members.issuance_date.or(members.valid_from);
        Ok(Self {
            valid_from: valid_from.ok_or_else(|| serde::de::Error::missing_field("validFrom"))?,
            valid_until: members.expiration_date.or(members.valid_until),
        })
    }
}

/// What stands in for `validFrom` until its [`Period`] is read.
pub(super) fn unread() -> DateTimeZ {
    time::OffsetDateTime::UNIX_EPOCH.into()
}
