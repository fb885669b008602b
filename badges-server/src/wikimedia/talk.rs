//! Links that open a form on the wiki, filled in. This service never writes there itself: the
//! trainer reads the form and saves it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use badges_core::participants::UserName;

use super::Wikimedia;

/// The longest link that Wikimedia's servers take, in bytes, with something to spare.
const LONGEST_LINK: usize = 7_500;

impl Wikimedia {
    /// The form for a new section on a person's talk page, with its title and its wikitext.
    ///
    /// MediaWiki fills a form only from a page or from one of its own messages. Its message
    /// `Rawmessage` is nothing but its first parameter, so no page of ours is needed. A body that
    /// would make the link too long for the servers is left out.
    #[must_use]
    pub fn talk_page_url(&self, name: &UserName, title: &str, body: &str) -> String {
        let page = format!("User_talk:{}", name.as_str().replace(' ', "_"));
        let form = [
            ("title", page.as_str()),
            ("action", "edit"),
            ("section", "new"),
            ("preloadtitle", title),
            ("preload", "MediaWiki:Rawmessage"),
            ("preloadparams[]", body),
        ];
        let address = format!("{}/w/index.php", self.address);
        let link = with_query(&address, &form);
        if link.len() > LONGEST_LINK {
            return with_query(&address, &form[..4]);
        }
        link
    }
}

/// RFC 3986, section 2.3: all but the unreserved characters.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

pub(super) fn with_query(address: &str, parameters: &[(&str, &str)]) -> String {
    let encoded = |text| utf8_percent_encode(text, RESERVED);
    let parameters = parameters.iter();
    let query: Vec<_> = parameters
        .map(|&(name, value)| format!("{}={}", encoded(name), encoded(value)))
        .collect();
    format!("{address}?{}", query.join("&"))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::WikiAddress;
    use super::*;

    #[test]
    fn the_form_is_filled_in() {
        let meta = Wikimedia::new(WikiAddress::default(), "https://badges.example.org", None);
        let name = UserName::parse("O'Neil, Jr. & متطوع").unwrap();
        assert_eq!(
            meta.talk_page_url(&name, "A badge?", "[[User:X|100%]] ~~~~\n#1"),
            "https://meta.wikimedia.org/w/index.php\
             ?title=User_talk%3AO%27Neil%2C_Jr._%26_%D9%85%D8%AA%D8%B7%D9%88%D8%B9\
             &action=edit&section=new&preloadtitle=A%20badge%3F\
             &preload=MediaWiki%3ARawmessage\
             &preloadparams%5B%5D=%5B%5BUser%3AX%7C100%25%5D%5D%20~~~~%0A%231"
        );
        let long = meta.talk_page_url(&name, "A badge?", &"م".repeat(2_000));
        assert!(long.ends_with("&preloadtitle=A%20badge%3F"), "{long}");
    }
}
