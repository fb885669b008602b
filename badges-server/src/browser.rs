//! A browser without scripts, for tests: it keeps cookies, and sends forms with the token of the page
//! that it has seen last.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::request::Builder;
use axum::http::{HeaderMap, Request, StatusCode, header};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tower::ServiceExt as _;

use crate::{App, router};

/// A browser.
#[derive(Clone)]
pub(crate) struct Browser {
    router: Router,
    pub(crate) cookies: BTreeMap<String, String>,
    token: String,
    language: &'static str,
}

/// What was answered.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    pub(crate) bytes: Vec<u8>,
}

impl Browser {
    pub(crate) fn new(app: &App) -> Self {
        Self {
            router: router(app.clone()),
            cookies: BTreeMap::new(),
            token: String::new(),
            language: "en",
        }
    }

    /// A browser that is signed in as a person.
    pub(crate) async fn of(app: &App, person: &str) -> Self {
        let mut browser = Self::new(app);
        let link = crate::auth::sign_in_link(app, person, None, 60)
            .await
            .unwrap();
        let path = link.strip_prefix(app.settings.public_url.as_str()).unwrap();
        let page = browser.post(path, &[]).await;
        assert!(page.status.is_redirection(), "{page:?}");
        browser
    }

    /// Opens a path.
    pub(crate) async fn get(&mut self, path: &str) -> Page {
        let request = self.request("GET", path).body(Body::empty()).unwrap();
        self.send(request).await
    }

    /// Sends a form, as a page of ours does.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let token = self.token.clone();
        let fields: Vec<_> = [("csrf", token.as_str())]
            .into_iter()
            .chain(fields.iter().copied())
            .collect();
        self.post_as("same-origin", path, &fields).await
    }

    /// Sends a form from where `Sec-Fetch-Site` says, without the token.
    pub(crate) async fn post_as(
        &mut self,
        site: &str,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Page {
        let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let pairs: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
            .collect();
        let request = self
            .request("POST", path)
            .header("sec-fetch-site", site)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(pairs.join("&")))
            .unwrap();
        self.send(request).await
    }

    /// Sends a form with files: names, file names and bytes.
    pub(crate) async fn upload(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> Page {
        const BOUNDARY: &str = "boundary-of-the-browser";
        let token = self.token.clone();
        let mut body = Vec::new();
        for (name, value) in [("csrf", token.as_str())].iter().chain(fields) {
            let part = format!(
                "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
            body.extend(part.into_bytes());
        }
        for (name, file, bytes) in files {
            let head = format!(
                "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\
                 content-type: application/octet-stream\r\n\r\n"
            );
            body.extend(head.into_bytes());
            body.extend(*bytes);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
        let request = self
            .request("POST", path)
            .header("sec-fetch-site", "same-origin")
            .header(
                header::CONTENT_TYPE,
                format!("multipart/form-data; boundary={BOUNDARY}"),
            )
            .body(Body::from(body))
            .unwrap();
        self.send(request).await
    }

    /// Goes where a page sends it, here.
    pub(crate) async fn follow(&mut self, page: &Page) -> Page {
        let location = page.location().to_owned();
        self.get(&location).await
    }

    fn request(&self, method: &str, path: &str) -> Builder {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "badges.example.org")
            .header(header::ACCEPT, "text/html")
            .header(header::ACCEPT_LANGUAGE, self.language)
            .header(header::COOKIE, cookies.join("; "))
    }

    /// Sends a request as it is, and keeps what comes with the answer.
    pub(crate) async fn send(&mut self, request: Request<Body>) -> Page {
        let (parts, body) = self
            .router
            .clone()
            .oneshot(request)
            .await
            .unwrap()
            .into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let (pair, attributes) = cookie.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let bytes = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        let page = Page {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
            bytes,
        };
        if let Some(token) = page.value("csrf") {
            self.token = token.to_owned();
        }
        page
    }
}

impl Page {
    /// Where it sends the browser.
    pub(crate) fn location(&self) -> &str {
        assert!(
            self.status.is_redirection(),
            "{} {}",
            self.status,
            self.body
        );
        self.header("location")
    }

    /// A header, or nothing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The value of the first field of this name or id that has one.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.body.split("<input").skip(1).find_map(|rest| {
            let tag = rest.split('>').next()?;
            let is_it = tag.contains(&format!("name=\"{name}\""))
                || tag.contains(&format!("id=\"{name}\""));
            let value = tag.split(" value=\"").nth(1)?;
            is_it.then(|| value.split('"').next())?
        })
    }

    /// Whether it is a page that says this.
    pub(crate) fn says(&self, text: &str) -> bool {
        self.body.contains(text)
    }
}
