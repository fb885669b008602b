//! Which files there are.

use super::page::{self, Recipient};
use super::{
    File, PublishError, PublishedAchievement, PublishedBadge, PublishedIssuer, hosting, keys,
};
use crate::bake::Format;
use crate::credential::{Form, SignedCredential};
use crate::draw;
use crate::json::{self, Value};

impl File {
    /// Whether publishing this file would change nothing for a reader: the bytes are those that are
    /// there, or only a page's day of publication differs.
    #[must_use]
    pub fn is_same_as(&self, there: &[u8]) -> bool {
        self.bytes == there
            || self.path.ends_with(".html")
                && page::without_day(&self.bytes)
                    .is_some_and(|page| page::without_day(there) == Some(page))
    }

    pub(super) fn json(path: impl Into<String>, document: &serde_json::Value) -> Self {
        Self::text(path, format!("{document:#}\n"))
    }

    pub(super) fn text(path: impl Into<String>, text: String) -> Self {
        Self {
            path: path.into(),
            bytes: text.into_bytes(),
        }
    }
}

impl PublishedIssuer {
    /// The files of one badge, and who has it.
    pub(super) fn badge_files(
        &self,
        badge: &PublishedBadge,
    ) -> Result<(Vec<File>, Option<Recipient>), PublishError> {
        let token = checked(&badge.token)?;
        let mut files = Vec::new();
        for credential in &badge.credentials {
            self.check_id(credential, &format!("badges/{token}"))?;
            let ending = ending(credential);
            let path = format!("badges/{token}.{ending}");
            files.push(File::text(path, credential.text().to_owned()));
        }
        let picture = match &badge.baked {
            Some(bytes) => {
                let path = format!("badges/{token}.{}", format_of(bytes, token)?.extension());
                files.push(File {
                    path: path.clone(),
                    bytes: bytes.clone(),
                });
                Some(path)
            }
            None => None,
        };
        let (page, recipient) = page::badge(self, badge, picture.as_deref())?;
        files.push(File::text(format!("badges/{token}/index.html"), page));
        Ok((files, recipient))
    }

    /// The files of all achievements.
    pub(super) fn achievement_files(
        &self,
        recipients: &[Recipient],
    ) -> Result<Vec<File>, PublishError> {
        let mut files = Vec::new();
        for achievement in &self.achievements {
            let slug = checked(&achievement.slug)?;
            let document = parsed(&achievement.json, || format!("the achievement {slug:?}"))?;
            let pictures = self.pictures(achievement, &document)?;
            files.push(File::text(
                format!("achievements/{slug}.json"),
                achievement.json.clone(),
            ));
            let page = page::achievement(self, achievement, &document, recipients)?;
            files.push(File::text(format!("achievements/{slug}/index.html"), page));
            files.extend(pictures);
        }
        Ok(files)
    }

    /// The files of the issuer itself.
    pub(super) fn issuer_files(&self) -> Result<Vec<File>, PublishError> {
        let document = parsed(&self.did_document, || "the DID document".to_owned())?;
        if document.text("id") != Some(self.base.did()) {
            return Err(PublishError::OtherId {
                id: document.text("id").unwrap_or_default().to_owned(),
                url: self.base.did().to_owned(),
            });
        }
        let mut files = keys::files(&self.base, &self.did_document, &document);
        let mut lists = Vec::new();
        for list in &self.status_lists {
            let id = id_of(list);
            let path = self
                .base
                .path_of(&id)
                .filter(|path| path.starts_with("status/"));
            let Some(path) = path else {
                let url = self.base.url("status/");
                return Err(PublishError::OtherId { id, url });
            };
            let ending = format!(".{}", ending(list));
            let is_jwt = list.form() == Form::Jwt;
            // At exactly the URL in the badges, and under a name that any host knows the type of.
            files.push(File::text(path, list.text().to_owned()));
            lists.push((path.to_owned(), is_jwt));
            if !path.ends_with(&ending) {
                files.push(File::text(
                    format!("{path}{ending}"),
                    list.text().to_owned(),
                ));
            }
        }
        let profile = parsed(&self.profile, || "the profile".to_owned())?;
        files.push(File::text("issuer.json", self.profile.clone()));
        files.push(File::text("index.html", page::issuer(self, &profile)?));
        files.extend(hosting::files(&self.base, &lists));
        Ok(files)
    }

    /// The path of an achievement's picture.
    pub(super) fn picture_path(
        &self,
        achievement: &PublishedAchievement,
        document: &Value<'_>,
    ) -> Result<String, PublishError> {
        let slug = &achievement.slug;
        let format = match &achievement.picture {
            Some(bytes) => format_of(bytes, slug)?,
            None => Format::Svg,
        };
        let named = document
            .list("image")
            .first()
            .and_then(|image| image.as_str().or_else(|| image.text("id")))
            .and_then(|url| self.base.path_of(url))
            .filter(|path| path.starts_with("achievements/"))
            .filter(|path| path.ends_with(&format!(".{}", format.extension())));
        Ok(named.map_or_else(
            || format!("achievements/{slug}.{}", format.extension()),
            str::to_owned,
        ))
    }

    /// The path of a PNG of an achievement's picture, for those who show no SVG.
    pub(super) fn preview_path(
        &self,
        achievement: &PublishedAchievement,
        document: &Value<'_>,
    ) -> Option<String> {
        let path = self.picture_path(achievement, document).ok()?;
        if path.ends_with(".png") {
            return Some(path);
        }
        let drawn = cfg!(feature = "draw-png") && is_drawn(achievement, document);
        drawn.then(|| format!("achievements/{}.png", achievement.slug))
    }

    /// An achievement's picture, and a PNG in place of one that was drawn here.
    fn pictures(
        &self,
        achievement: &PublishedAchievement,
        document: &Value<'_>,
    ) -> Result<Vec<File>, PublishError> {
        let name = document.text("name").unwrap_or_default();
        let path = self.picture_path(achievement, document)?;
        let preview = self
            .preview_path(achievement, document)
            .filter(|preview| *preview != path);
        let picture = achievement.picture.clone();
        let mut files = vec![File {
            path,
            bytes: picture.unwrap_or_else(|| draw::badge(name).into_bytes()),
        }];
        if let Some(path) = preview {
            let bytes = emblem_png(name).map_err(|reason| PublishError::Page {
                name: achievement.slug.clone(),
                reason,
            })?;
            files.push(File { path, bytes });
        }
        Ok(files)
    }

    fn check_id(&self, credential: &SignedCredential, path: &str) -> Result<(), PublishError> {
        let (id, url) = (id_of(credential), self.base.url(path));
        if id == url {
            Ok(())
        } else {
            Err(PublishError::OtherId { id, url })
        }
    }
}

/// Whether a picture was drawn here; nobody's own is ever replaced.
fn is_drawn(achievement: &PublishedAchievement, document: &Value<'_>) -> bool {
    let name = document.text("name").unwrap_or_default();
    achievement.picture.as_deref().is_none_or(|picture| {
        let drawn = [draw::badge(name), draw::emblem(name)];
        drawn.iter().any(|drawn| drawn.as_bytes() == picture)
    })
}

#[cfg(feature = "draw-png")]
fn emblem_png(name: &str) -> Result<Vec<u8>, String> {
    draw::png(&draw::emblem(name), 512).map_err(|error| error.to_string())
}

#[cfg(not(feature = "draw-png"))]
const fn emblem_png(_: &str) -> Result<Vec<u8>, String> {
    Err(String::new())
}

/// A slug or token that may stand in a path.
fn checked(name: &str) -> Result<&str, PublishError> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if (1..=128).contains(&name.len()) && name.bytes().all(plain) {
        Ok(name)
    } else {
        Err(PublishError::Name {
            name: name.to_owned(),
        })
    }
}

pub(super) fn parsed(text: &str, what: impl FnOnce() -> String) -> Result<Value<'_>, PublishError> {
    json::parse(text).map_err(|error| PublishError::Syntax {
        what: what(),
        error,
    })
}

fn format_of(picture: &[u8], name: &str) -> Result<Format, PublishError> {
    Format::detect(picture).ok_or_else(|| PublishError::Picture {
        name: name.to_owned(),
    })
}

fn id_of(credential: &SignedCredential) -> String {
    let text = credential.json();
    let id = json::parse(&text)
        .ok()
        .and_then(|document| Some(document.text("id")?.to_owned()));
    id.unwrap_or_default()
}

/// The ending of the file's name.
const fn ending(credential: &SignedCredential) -> &'static str {
    match credential.form() {
        Form::DataIntegrity => "json",
        Form::Jwt => "jwt",
    }
}
