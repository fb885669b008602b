//! Files by which web hosts learn what they serve: media types, who may read, how long to keep.
//! Netlify and Cloudflare Pages read `_headers`, Apache reads `.htaccess`, GitHub Pages leaves out
//! names that begin with a dot or an underscore unless there is `.nojekyll`.

use super::File;
use super::base::Base;

/// The media type of a credential in JSON. The standard recommends it; `application/vc` is newer
/// and is not taken everywhere.
pub const JSON_MEDIA_TYPE: &str = "application/vc+ld+json";
/// The media type of a credential as JWT.
pub const JWT_MEDIA_TYPE: &str = "text/plain";

/// Without scripts, frames and forms, whatever somebody manages to put into a picture or a page.
const POLICY: &str = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The files for hosts; `lists` are the paths of the status lists, and whether each is a JWT.
pub(super) fn files(base: &Base, lists: &[(String, bool)]) -> Vec<File> {
    vec![
        File::text("_headers", netlify(base, lists)),
        File::text(".htaccess", apache()),
        File::text("badges/.htaccess", apache_for_badges()),
        File::text("status/.htaccess", apache_for_status(lists)),
        File::text(".nojekyll", String::new()),
    ]
}

/// The paths in `_headers` are those of the whole site. A `*` stands only at the end, because the
/// hosts do not agree on others.
fn netlify(base: &Base, lists: &[(String, bool)]) -> String {
    let prefix = base.prefix();
    let mut text = format!(
        "{prefix}/*\n  Access-Control-Allow-Origin: *\n  X-Content-Type-Options: nosniff\n  \
         Referrer-Policy: no-referrer\n  Content-Security-Policy: {POLICY}\n\
         {prefix}/badges/*\n  X-Robots-Tag: noindex\n\
         {prefix}/status/*\n  Cache-Control: public, max-age=60\n"
    );
    for (path, is_jwt) in lists {
        let media_type = media_type(*is_jwt);
        text.push_str(&format!("{prefix}/{path}\n  Content-Type: {media_type}\n"));
    }
    text
}

fn apache() -> String {
    format!(
        "AddType application/json .json\n\
         AddType {JWT_MEDIA_TYPE} .jwt\n\
         AddType image/svg+xml .svg\n\
         AddDefaultCharset UTF-8\n\
         <IfModule mod_headers.c>\n\
         Header always set Access-Control-Allow-Origin \"*\"\n\
         Header always set X-Content-Type-Options \"nosniff\"\n\
         Header always set Referrer-Policy \"no-referrer\"\n\
         Header always set Content-Security-Policy \"{POLICY}\"\n\
         </IfModule>\n"
    )
}

fn apache_for_badges() -> String {
    format!(
        "AddType {JSON_MEDIA_TYPE} .json\n\
         <IfModule mod_headers.c>\n\
         Header always set X-Robots-Tag \"noindex\"\n\
         </IfModule>\n"
    )
}

fn apache_for_status(lists: &[(String, bool)]) -> String {
    let mut text = format!("ForceType {JSON_MEDIA_TYPE}\n");
    for (path, _) in lists.iter().filter(|(_, is_jwt)| *is_jwt) {
        let name = path.rsplit('/').next().unwrap_or_default();
        text.push_str(&format!(
            "<Files \"{name}\">\nForceType {JWT_MEDIA_TYPE}\n</Files>\n"
        ));
    }
    text.push_str(
        "<IfModule mod_headers.c>\n\
         Header always set Cache-Control \"public, max-age=60\"\n\
         </IfModule>\n",
    );
    text
}

const fn media_type(is_jwt: bool) -> &'static str {
    if is_jwt {
        JWT_MEDIA_TYPE
    } else {
        JSON_MEDIA_TYPE
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn headers_are_for_the_whole_site() {
        let lists = [
            ("status/1".to_owned(), false),
            ("status/2".to_owned(), true),
        ];
        let files = files(&"https://example.org/issuers/a".parse().unwrap(), &lists);
        let all: String = files
            .iter()
            .map(|file| {
                let text = String::from_utf8(file.bytes.clone()).unwrap();
                format!("--- {}\n{text}", file.path)
            })
            .collect();
        insta::assert_snapshot!(all);
    }
}
