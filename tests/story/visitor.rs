//! Somebody at a browser without scripts, or a program with a token.

use std::cell::RefCell;

use badges_tests::server::PATIENCE;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use ureq::http::{Method, Request, header};

/// A visitor. Addresses of the service lead to where it really is.
pub(crate) struct Visitor {
    agent: ureq::Agent,
    public: String,
    address: String,
    cookie: RefCell<String>,
    token: Option<String>,
}

/// An answer.
pub(crate) struct Page {
    pub(crate) status: u16,
    /// Where it leads, or nothing.
    pub(crate) location: String,
    pub(crate) text: String,
}

impl Page {
    /// What stands in the fields of the form that has a field of this name.
    pub(crate) fn form(&self, field: &str) -> Vec<(String, String)> {
        let forms = self.text.split("<form").skip(1);
        let form = forms
            .map(|form| form.split("</form>").next().unwrap())
            .find(|form| form.contains(&format!(" name=\"{field}\"")));
        let form = form.unwrap_or_else(|| panic!("no form with {field}: {}", self.text));
        let fields = form.split("<input").skip(1).filter_map(|input| {
            let tag = input.split('>').next()?;
            let of = |name: &str| {
                Some(
                    tag.split(&format!(" {name}=\""))
                        .nth(1)?
                        .split('"')
                        .next()?
                        .to_owned(),
                )
            };
            let is_choice = tag.contains("\"checkbox\"") || tag.contains("\"radio\"");
            (!is_choice || tag.contains(" checked"))
                .then(|| Some((of("name")?, of("value").unwrap_or_default())))?
        });
        fields.collect()
    }
}

impl Visitor {
    /// Somebody at the service that others know by a public address.
    pub(crate) fn new(public: &str, address: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(PATIENCE));
        Self {
            agent: config.build().into(),
            public: public.to_owned(),
            address: address.to_owned(),
            cookie: RefCell::default(),
            token: None,
        }
    }

    /// A program of this person's, with a token for the only issuer.
    pub(crate) fn program(&self) -> Self {
        let fields = [("name", "Example program"), ("issuer", "example-academy")];
        let scopes = ["read", "award", "manage", "administer"].map(|scope| ("scope", scope));
        let page = self.send("/me/tokens", &[&fields[..], &scopes].concat());
        let token = page.text.split("badges_").nth(1).unwrap();
        let end =
            token.find(|letter: char| !letter.is_ascii_alphanumeric() && !"-_".contains(letter));
        let mut program = Self::new(&self.public, &self.address);
        program.token = Some(format!("badges_{}", &token[..end.unwrap()]));
        program
    }

    /// The token of a program.
    pub(crate) fn token(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }

    /// The path of an address of the service.
    pub(crate) fn path<'u>(&self, url: &'u str) -> &'u str {
        url.strip_prefix(&self.public).unwrap_or(url)
    }

    /// Looks at a page.
    pub(crate) fn open(&self, url: &str) -> Page {
        self.ask(Method::GET, url, "text/html", None)
    }

    /// Sends a form of the page at the same address.
    pub(crate) fn send(&self, url: &str, fields: &[(&str, &str)]) -> Page {
        let body = |name: &str, value: &str| {
            let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
            format!("{}={}&", encoded(name), encoded(value))
        };
        self.post(url, "application/x-www-form-urlencoded", fields, body, "")
    }

    /// Sends a form that could have files.
    pub(crate) fn upload(&self, url: &str, fields: &[(&str, &str)]) -> Page {
        let part = |name: &str, value: &str| {
            format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        self.post(
            url,
            "multipart/form-data; boundary=edge",
            fields,
            part,
            "--edge--\r\n",
        )
    }

    /// What a program gets from an address.
    pub(crate) fn get(&self, url: &str) -> Value {
        Self::read(self.ask(Method::GET, url, "application/json", None))
    }

    /// What a program gets that sends something.
    pub(crate) fn call(&self, url: &str, body: &Value) -> Value {
        let body = Some(("application/json", body.to_string()));
        Self::read(self.ask(Method::POST, url, "application/json", body))
    }

    /// An answer as it is, to whoever takes anything.
    pub(crate) fn fetch(&self, url: &str) -> Page {
        self.ask(Method::GET, url, "*/*", None)
    }

    fn read(page: Page) -> Value {
        assert!(
            (200..300).contains(&page.status),
            "{}: {}",
            page.status,
            page.text
        );
        serde_json::from_str(&page.text).unwrap()
    }

    fn post(
        &self,
        url: &str,
        kind: &str,
        fields: &[(&str, &str)],
        written: impl Fn(&str, &str) -> String,
        end: &str,
    ) -> Page {
        // Any page has the session's token.
        let about = self.open("/about");
        let csrf = about.text.split("name=\"csrf\" value=\"").nth(1);
        let csrf = csrf.map_or("", |rest| rest.split('"').next().unwrap());
        let others = fields.iter().filter(|(name, _)| *name != "csrf");
        let all = [("csrf", csrf)].into_iter().chain(others.copied());
        let body: String = all.map(|(name, value)| written(name, value)).collect();
        self.ask(Method::POST, url, "text/html", Some((kind, body + end)))
    }

    fn ask(&self, method: Method, url: &str, accept: &str, body: Option<(&str, String)>) -> Page {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{}", self.address, self.path(url)))
            .header(header::ACCEPT, accept)
            .header(header::ACCEPT_LANGUAGE, "en")
            .header(header::COOKIE, self.cookie.borrow().as_str())
            .header("sec-fetch-site", "same-origin");
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some((kind, _)) = &body {
            request = request.header(header::CONTENT_TYPE, *kind);
        }
        let body = body.map(|(_, body)| body).unwrap_or_default();
        let mut answer = self.agent.run(request.body(body).unwrap()).unwrap();
        let header = |name| {
            answer
                .headers()
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
        };
        let location = header(header::LOCATION).unwrap_or_default();
        if let Some(cookie) = header(header::SET_COOKIE).filter(|cookie| cookie.contains("badges="))
        {
            *self.cookie.borrow_mut() = cookie.split(';').next().unwrap().to_owned();
        }
        let status = answer.status().as_u16();
        let bytes = answer.body_mut().read_to_vec().unwrap();
        Page {
            status,
            location,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }
}
