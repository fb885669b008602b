//! Forms from our own pages. A form of somebody who is signed in carries the session's token;
//! forms of nobody do nothing that a stranger could not do.

use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::extract::{FromRequestParts as _, State};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::Response;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use crate::App;
use crate::error::Error;
use crate::page::Ctx;
use crate::routes::holding;

/// The fields of a form, its token checked. Fields of the same name become a list.
pub(crate) struct Form<T>(pub(crate) T);

#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    csrf: String,
}

impl<T: DeserializeOwned> FromRequest<App> for Form<T> {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self, Error> {
        let (mut parts, body) = request.into_parts();
        let ctx = Ctx::from_request_parts(&mut parts, app).await?;
        let bytes = Bytes::from_request(Request::from_parts(parts, body), app)
            .await
            .map_err(|_| Error::TooLarge)?;
        // The percent sign itself is `%25`.
        if bytes.contains(&0) || bytes.windows(3).any(|part| part == b"%00") {
            return Err(zero());
        }
        let token: Token = serde_html_form::from_bytes(&bytes).map_err(unreadable)?;
        check_token(&ctx, &token.csrf)?;
        serde_html_form::from_bytes(&bytes)
            .map(Self)
            .map_err(unreadable)
    }
}

/// The fields of a form by name, for forms whose fields are not known beforehand.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields(Vec<(String, String)>);

/// A form with files (`multipart/form-data`), its token checked.
pub(crate) struct Upload {
    pub(crate) fields: Fields,
    files: Vec<(String, Bytes)>,
}

/// What is wrong with a form that is shown again: the field and, in the reader's language, what to do.
#[derive(Clone, Debug, Default)]
pub(crate) struct Problems(Vec<(String, String)>);

impl Fields {
    /// A field's text, without space around it; empty if there is no such field.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// The texts of all fields of this name.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, text)| text.trim())
    }

    /// Whether there is such a field: a box that is ticked, a button that was pressed.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// By which a second press of the same button is known; `None` if the form has nothing of the kind.
    ///
    /// # Errors
    /// [`Error::Unreadable`] when it is not what our pages make.
    pub(crate) fn request(&self) -> Result<Option<&str>, Error> {
        let request = self.text("request");
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        match request.len() {
            0 => Ok(None),
            16..=64 if request.bytes().all(plain) => Ok(Some(request)),
            _ => Err(Error::Unreadable {
                field: "request".to_owned(),
                problem: "16 to 64 letters, digits, - and _".to_owned(),
            }),
        }
    }

    /// Adds a field. Browsers end lines as the network does; here they end with `\n`.
    fn add(&mut self, name: String, text: &str) {
        self.0.push((name, text.replace("\r\n", "\n")));
    }
}

impl FromIterator<(String, String)> for Fields {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        let mut fields = Self::default();
        for (name, text) in pairs {
            fields.add(name, &text);
        }
        fields
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::<(String, String)>::deserialize(deserializer).map(Self::from_iter)
    }
}

impl Upload {
    /// The file of this field, if one was chosen; it may be empty.
    pub(crate) fn file(&self, name: &str) -> Option<&Bytes> {
        self.files
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, bytes)| bytes)
    }
}

impl FromRequest<App> for Upload {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self, Error> {
        let (mut parts, body) = request.into_parts();
        let ctx = Ctx::from_request_parts(&mut parts, app).await?;
        let mut multipart = Multipart::from_request(Request::from_parts(parts, body), app)
            .await
            .map_err(|error| Error::Unreadable {
                field: "form".to_owned(),
                problem: error.to_string(),
            })?;
        let mut upload = Self {
            fields: Fields::default(),
            files: Vec::new(),
        };
        while let Some(field) = multipart.next_field().await.map_err(unreadable_part)? {
            let name = field.name().unwrap_or_default().to_owned();
            if name.contains('\0') {
                return Err(zero());
            }
            if let Some(file) = field.file_name().map(str::to_owned) {
                let bytes = field.bytes().await.map_err(unreadable_part)?;
                // A browser sends an empty file without a name when none is chosen.
                if !file.is_empty() || !bytes.is_empty() {
                    upload.files.push((name, bytes));
                }
            } else {
                let text = field.text().await.map_err(unreadable_part)?;
                if text.contains('\0') {
                    return Err(zero());
                }
                upload.fields.add(name, &text);
            }
        }
        check_token(&ctx, upload.fields.text("csrf"))?;
        Ok(upload)
    }
}

impl Problems {
    /// Something is wrong with a field; the first thing counts.
    pub(crate) fn add(&mut self, field: impl Into<String>, text: impl Into<String>) {
        let field = field.into();
        if self.of(&field).is_empty() {
            self.0.push((field, text.into()));
        }
    }

    /// What is wrong with a field; empty if nothing.
    pub(crate) fn of(&self, field: &str) -> &str {
        self.0
            .iter()
            .find(|(known, _)| known == field)
            .map_or("", |(_, text)| text)
    }

    /// Whether nothing is wrong.
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them: fields and texts.
    pub(crate) fn list(&self) -> &[(String, String)] {
        &self.0
    }
}

/// PostgreSQL keeps no text with U+0000.
fn zero() -> Error {
    Error::Unreadable {
        field: "form".to_owned(),
        problem: "the character U+0000 can stand nowhere".to_owned(),
    }
}

fn unreadable_part(error: axum::extract::multipart::MultipartError) -> Error {
    if error.status() == http::StatusCode::PAYLOAD_TOO_LARGE {
        return Error::TooLarge;
    }
    Error::Unreadable {
        field: "form".to_owned(),
        problem: error.body_text(),
    }
}

/// Checks the token of a form that is read in another way.
///
/// # Errors
/// [`Error::Csrf`] when somebody is signed in and the token is not the session's.
pub(crate) fn check_token(ctx: &Ctx, token: &str) -> Result<(), Error> {
    // Hashed, so that the time of comparing tells nothing.
    match &ctx.person {
        Some(person) if crate::secret::hash(&person.csrf) != crate::secret::hash(token) => {
            Err(Error::Csrf)
        }
        _ => Ok(()),
    }
}

fn unreadable(error: serde_html_form::de::Error) -> Error {
    Error::Unreadable {
        field: "form".to_owned(),
        problem: error.to_string(),
    }
}

/// Refuses requests that change something and come from pages of others, by what browsers say of
/// where a request comes from (Fetch Metadata, `Origin`). Programs with a token are no browsers.
pub(crate) async fn same_origin(
    State(app): State<App>,
    request: Request,
    next: Next,
) -> Result<Response, Error> {
    if is_allowed(&app, &request) {
        Ok(next.run(request).await)
    } else {
        Err(Error::Csrf)
    }
}

fn is_allowed(app: &App, request: &Request) -> bool {
    let is_safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if is_safe || request.headers().contains_key(header::AUTHORIZATION) {
        return true;
    }
    let says = |name: &str| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    match (says("sec-fetch-site"), says("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        // Pages whose address is a secret tell nobody where a form comes from, not even us. Who does
        // not know the address cannot send the form.
        (None, Some("null")) => holding::is_secret(request.uri().path()),
        (None, Some(origin)) => {
            let host = says("host").unwrap_or_default();
            origin == app.settings.public_url.origin()
                || origin.split_once("://").is_some_and(|(_, own)| own == host)
        }
        (None, None) => true,
    }
}
