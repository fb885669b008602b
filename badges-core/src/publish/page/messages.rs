//! What the pages say themselves. What badges say is theirs, in their own languages.

use time::OffsetDateTime;

use crate::writing::Direction;

/// All texts of the pages in one language. `$1` and `$2` stand for what is put in.
pub(super) struct Messages {
    /// The language.
    pub(super) language: &'static str,
    pub(super) months: [&'static str; 12],
    /// Day, month and year as `$1`, `$2` and `$3`.
    pub(super) date: &'static str,
    pub(super) picture: &'static str,
    pub(super) languages: &'static str,
    pub(super) original: &'static str,
    pub(super) issued_by: &'static str,
    pub(super) awarded_to: &'static str,
    pub(super) the_holder: &'static str,
    pub(super) awarded_on: &'static str,
    pub(super) valid_until: &'static str,
    pub(super) criteria: &'static str,
    pub(super) criteria_page: &'static str,
    pub(super) results: &'static str,
    pub(super) evidence: &'static str,
    pub(super) alignments: &'static str,
    pub(super) about: &'static str,
    pub(super) keep: &'static str,
    pub(super) picture_file: &'static str,
    pub(super) json_file: &'static str,
    pub(super) jwt_file: &'static str,
    pub(super) linkedin: &'static str,
    pub(super) check: &'static str,
    pub(super) check_why: &'static str,
    pub(super) check_how: &'static str,
    pub(super) check_command: &'static str,
    pub(super) proved: &'static str,
    pub(super) proved_of_issuer: &'static str,
    pub(super) published: &'static str,
    pub(super) code: &'static str,
    pub(super) revoked: &'static str,
    pub(super) suspended: &'static str,
    pub(super) badges: &'static str,
    pub(super) no_badges: &'static str,
    pub(super) recipients: &'static str,
    pub(super) website: &'static str,
    pub(super) for_machines: &'static str,
    pub(super) achievement_json: &'static str,
    pub(super) issuer_json: &'static str,
    pub(super) did_json: &'static str,
}

const ENGLISH: Messages = Messages {
    language: "en",
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    date: "$1 $2 $3",
    picture: "Badge: $1",
    languages: "Languages",
    original: "Original",
    issued_by: "Issued by",
    awarded_to: "Awarded to",
    the_holder: "the holder",
    awarded_on: "Awarded on",
    valid_until: "Valid until",
    criteria: "How it is earned",
    criteria_page: "The criteria, on a page of their own",
    results: "Results",
    evidence: "Evidence",
    alignments: "Corresponds to",
    about: "About this badge",
    keep: "Keep and share",
    picture_file: "Picture with the signed badge inside",
    json_file: "Signed badge as JSON",
    jwt_file: "Signed badge as JWT",
    linkedin: "Add to LinkedIn",
    check: "Check this badge",
    check_why: "Anybody can make a page that looks like this one. What counts is the signed badge: \
                whether a key of its issuer signed it, whether it was altered since, and whether \
                its issuer has taken it back.",
    check_how: "Give the picture, or one of the files, to any verifier of Open Badges 3.0. At a \
                command line:",
    check_command: "badges verify $1",
    proved: "The name is the issuer's own word. What the signature proves is that the badge comes \
             from whoever runs $1.",
    proved_of_issuer: "The name is the issuer's own word. What is proved of its badges is that they \
                       come from whoever runs $1.",
    published: "This page was published on $1 and knows nothing of what happened since; a check \
                does.",
    code: "Code that leads to this page",
    revoked: "Revoked. When this page was published, the issuer had taken this badge back for good.",
    suspended: "Suspended. When this page was published, the issuer had taken this badge back for \
                the time being.",
    badges: "Badges",
    no_badges: "There are no badges yet.",
    recipients: "Awarded to",
    website: "Website",
    for_machines: "For machines",
    achievement_json: "This achievement as JSON",
    issuer_json: "This issuer as JSON",
    did_json: "Keys (DID document)",
};

impl Messages {
    /// The texts in the language that fits best; so far, there is one.
    pub(super) const fn for_language(_tag: Option<&str>) -> &'static Self {
        const { &ENGLISH }
    }

    /// The direction of the language.
    pub(super) fn direction(&self) -> &'static str {
        Direction::of_language(self.language).as_str()
    }

    /// What a badge's picture shows.
    pub(super) fn picture_of(&self, name: &str) -> String {
        fill(self.picture, name)
    }

    /// A day, in words.
    pub(super) fn day(&self, moment: OffsetDateTime) -> String {
        let (year, month, day) = moment.to_calendar_date();
        self.date
            .replace("$1", &day.to_string())
            .replace("$2", self.months[usize::from(u8::from(month)) - 1])
            .replace("$3", &year.to_string())
    }
}

/// A message with something put in.
pub(super) fn fill(message: &str, value: &str) -> String {
    message.replacen("$1", value, 1)
}
