use badges_core::model::schema::JsonSchema;
use clap::{Args, ValueEnum};

use crate::error::{Code, Error};
use crate::output::Output;

/// Print a JSON Schema of Open Badges 3.0
///
/// For programs that write or read badges: what this program demands of a badge that names the
/// standard's schema, as far as JSON Schema (draft 2019-09) can say it. The texts are its own, not
/// 1EdTech's.
///
///     badges schema > badge-schema.json
///     badges schema any-endorsement
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Schema {
    /// What it is a schema of.
    #[arg(value_enum, default_value_t = Of::Badge)]
    of: Of,
}

#[derive(Clone, Copy, ValueEnum)]
enum Of {
    /// A badge.
    Badge,
    /// An endorsement.
    Endorsement,
    /// An issuer, or another party.
    Profile,
    /// A badge, also of version 1.1 of Verifiable Credentials.
    AnyBadge,
    /// An endorsement, also of version 1.1 of Verifiable Credentials.
    AnyEndorsement,
}

impl Schema {
    pub(crate) fn run(self, output: &mut Output) -> Result<Code, Error> {
        let schema = match self.of {
            Of::Badge => JsonSchema::AchievementCredential,
            Of::Endorsement => JsonSchema::EndorsementCredential,
            Of::Profile => JsonSchema::Profile,
            Of::AnyBadge => JsonSchema::AnyAchievementCredential,
            Of::AnyEndorsement => JsonSchema::AnyEndorsementCredential,
        };
        output.bytes(schema.text().as_bytes());
        Ok(Code::Success)
    }
}
