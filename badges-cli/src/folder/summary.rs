//! `awards.csv`: the badges of an achievement, for the trainer who hands them out. It names people
//! and holds their salts, so it is for its owner only.

use badges_core::model::DateTimeZ;
use badges_core::writing::harmless_cell;

use super::Folder;
use super::files::{self, Access};
use super::ledger::{Award, History, Standing};
use crate::error::{Code, Error};

const HEADER: [&str; 11] = [
    "name",
    "central_id",
    "file",
    "badge",
    "status_list",
    "status_index",
    "salt",
    "awarded",
    "issued",
    "valid_until",
    "status",
];

/// Writes the summary of an achievement anew.
///
/// # Errors
/// When the ledger cannot be read, or the summary cannot be written.
pub(crate) fn write(folder: &Folder, history: &History, slug: &str) -> Result<(), Error> {
    let path = folder.summary(slug);
    let failed = |error: csv::Error| {
        Error::new(
            Code::Io,
            format!("cannot write `{}`: {error}", path.display()),
        )
    };
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(HEADER).map_err(failed)?;
    folder.ledger().awards(history, |standing| {
        if standing.award.slug == slug {
            table.write_record(row(&standing)).map_err(failed)?;
        }
        Ok(())
    })?;
    let bytes = table
        .into_inner()
        .map_err(|error| Error::new(Code::Io, error.error()))?;
    files::create_folder(&folder.badges(slug), Access::Public)?;
    files::replace(&path, &bytes, Access::Private)
}

fn row(standing: &Standing) -> [String; HEADER.len()] {
    let award = &standing.award;
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    let row = [
        award.name.clone(),
        central_id(award).unwrap_or_default().to_owned(),
        award.main_file(),
        award.badge.clone(),
        number(award.status.map(|status| status.list)),
        number(award.status.map(|status| status.index)),
        award.salt.clone().unwrap_or_default(),
        award.awarded.to_string(),
        award.issued.to_string(),
        award
            .valid_until
            .as_ref()
            .map(DateTimeZ::to_string)
            .unwrap_or_default(),
        standing.status().as_str().to_owned(),
    ];
    row.map(|cell| harmless_cell(&cell).into_owned())
}

fn central_id(award: &Award) -> Option<&str> {
    award
        .keys
        .iter()
        .find_map(|key| key.strip_prefix("central:"))
}
