//! Erasure: a holder deletes what the service knows, in one step.

use super::accept::find;
use crate::App;
use crate::error::Error;

/// Erases one award, with those that it has taken the place of: the badge is revoked at its holder's
/// request, and nothing remains that says whose it was.
///
/// # Errors
/// [`Error::Gone`] when it is erased already.
pub(crate) async fn erase_award(app: &App, award: &str, by: Option<&str>) -> Result<(), Error> {
    find(app, award).await?;
    let awards = with_superseded(app, vec![award.to_owned()]).await?;
    app.db.erase(&awards, None, by, app.seconds()).await?;
    Ok(())
}

/// Erases a person: all that they hold, all that is on offer to their account, sessions, tokens, names.
///
/// # Errors
/// [`Error::Conflict`] when an issuer would be left without an owner.
pub(crate) async fn erase_person(app: &App, person: &str) -> Result<(), Error> {
    let detail = app.db.person(person).await?.ok_or(Error::Gone)?;
    loop {
        let awards = app
            .db
            .awards_about(person, detail.central_id, detail.user_name.as_deref())
            .await?;
        let awards = with_superseded(app, awards).await?;
        let done = app
            .db
            .erase(&awards, Some(person), None, app.seconds())
            .await?;
        if !done {
            return Err(Error::Conflict {
                key: "badges-issuing-last-owner",
            });
        }
        // A job may have awarded something meanwhile.
        if app
            .db
            .awards_about(person, detail.central_id, detail.user_name.as_deref())
            .await?
            .is_empty()
        {
            return Ok(());
        }
    }
}

/// Awards together with those whose place they have taken, which are about the same people.
async fn with_superseded(app: &App, mut awards: Vec<String>) -> Result<Vec<String>, Error> {
    let mut at = 0;
    while let Some(award) = awards.get(at) {
        let row = app.db.award(award).await?;
        if let Some(older) = row.and_then(|row| row.supersedes)
            && !awards.contains(&older)
        {
            awards.push(older);
        }
        at += 1;
    }
    Ok(awards)
}
