//! New signing keys.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use super::people::owner;
use crate::db::Issuer;
use crate::serve::Problem;
use crate::{App, issuing};

/// Asks whoever sits at the terminal.
///
/// # Errors
/// When the answer is not yes, or nobody sits there.
pub(super) fn ask(issuer: &Issuer, compromised: bool) -> Result<(), Problem> {
    if !std::io::stdin().is_terminal() {
        return Err("nobody is there to be asked; give --yes".into());
    }
    let what = if compromised {
        "Nothing that its keys have signed is valid any more; the service signs its badges again, but copies that \
         people have kept become invalid."
    } else {
        "Badges that its keys have signed stay valid."
    };
    let mut terminal = std::io::stderr();
    write!(
        terminal,
        "New keys for {}. {what}\nGo on? [y/N] ",
        issuer.name
    )?;
    terminal.flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    if matches!(answer.trim().to_lowercase().as_str(), "y" | "yes") {
        Ok(())
    } else {
        Err("nothing was changed".into())
    }
}

/// Gives an issuer new keys; signs again at once what has to be, whether the service runs or not.
/// Gives what to tell.
pub(super) async fn rotate(
    app: &App,
    issuer: &Issuer,
    compromised: bool,
) -> Result<String, Problem> {
    issuing::rotate(app, issuer, compromised, &owner(app).await?).await?;
    let mut text = format!("`{}` signs with new keys.", issuer.slug);
    if compromised {
        let again = issuing::sign_again(app).await?;
        text.push_str(&format!(" Badges signed again: {again}."));
    }
    Ok(text)
}
