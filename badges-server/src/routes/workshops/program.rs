//! What programs do with a list, in place of the steps that people take.

use badges_core::participants::{Format, Note, ParticipantsError};

use super::AtWorkshop;
use super::import::{List, fetch, read, take, unusable};
use super::mend::{mended, mended_list};
use super::roster::{Joined, Reading};
use crate::App;
use crate::db::ParticipantRow;
use crate::error::Error;
use crate::form::Problems;
use crate::page::Ctx;

/// How a list is to be taken.
pub(in crate::routes) struct Import {
    pub(in crate::routes) anew: bool,
    pub(in crate::routes) reading: Reading,
}

/// What came of it.
pub(in crate::routes) struct Imported {
    pub(in crate::routes) format: Format,
    pub(in crate::routes) notes: Vec<Note>,
    pub(in crate::routes) joined: Joined,
}

/// Adds a list, as a file has it.
pub(in crate::routes) async fn import_list(
    ctx: &Ctx,
    at: &AtWorkshop,
    bytes: &[u8],
    import: Import,
) -> Result<Imported, Error> {
    let list = read(bytes, import.reading).map_err(|error| refused(ctx, &error))?;
    add(ctx, at, list, import.anew).await
}

/// Adds the participants of an event on the wiki.
pub(in crate::routes) async fn import_event(
    ctx: &Ctx,
    at: &AtWorkshop,
    event: u64,
    import: Import,
) -> Result<Imported, Error> {
    if ctx.app.settings.wikimedia.offline {
        return Err(Error::refused("event", "badges-import-no-answer", &[]));
    }
    let bytes = fetch(&ctx.app, event)
        .await
        .map_err(|key| Error::refused("event", key, &[]))?;
    let list = read(&bytes, Reading::default()).map_err(|error| refused(ctx, &error))?;
    add(ctx, at, list, import.anew).await
}

async fn add(ctx: &Ctx, at: &AtWorkshop, list: List, anew: bool) -> Result<Imported, Error> {
    let (format, notes) = (list.found.format, list.found.notes.clone());
    let joined = take(&ctx.app, at, list.coming().collect(), anew).await?;
    let joined = joined.map_err(|error| refused(ctx, &error))?;
    Ok(Imported {
        format,
        notes,
        joined,
    })
}

fn refused(ctx: &Ctx, error: &ParticipantsError) -> Error {
    let mut problems = Problems::default();
    problems.add("body", unusable(ctx, error));
    Error::Problems(problems)
}

/// Puts this text where something is wrong with a row.
pub(in crate::routes) async fn mend_row(
    app: &App,
    at: &AtWorkshop,
    row: &ParticipantRow,
    text: &str,
) -> Result<(), Error> {
    let known = app.db.participants(&at.workshop.id).await?;
    let coming = mended(row, text).into_iter().collect();
    mended_list(app, at, known, coming, Vec::new())
        .await
        .map(drop)
}

/// Takes a row off a list, unless something was offered because of it.
pub(in crate::routes) async fn remove_row(
    app: &App,
    at: &AtWorkshop,
    id: &str,
) -> Result<(), Error> {
    let known = app.db.participants(&at.workshop.id).await?;
    mended_list(app, at, known, Vec::new(), vec![id.to_owned()])
        .await
        .map(drop)
}
