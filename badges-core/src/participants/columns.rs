//! Which column of a table says what, by the names people and programs give them.

use super::{Options, ParticipantsError, problem::excerpt};

/// Names of columns, folded, the most telling first.
const USER_NAME: &[&str] = &[
    "username",
    "wikimediausername",
    "wikipediausername",
    "wikiusername",
    "useraccount",
    "account",
    "user",
];
const NAME: &[&str] = &["name"];
const CENTRAL_ID: &[&str] = &["globalid", "centralid", "centraluserid", "globaluserid"];
const ID: &[&str] = &[
    "did",
    "recipientid",
    "recipientidentifier",
    "subjectid",
    "identifier",
    "id",
];
const EMAIL: &[&str] = &["email", "emailaddress", "recipientemail", "mail"];
const DISPLAY_NAME: &[&str] = &[
    "displayname",
    "fullname",
    "recipientname",
    "realname",
    "name",
];
const EVIDENCE: &[&str] = &["certificatelink", "evidence", "evidenceurl", "evidencelink"];

/// Where in a row the things stand that are read from it.
pub(super) struct Columns {
    pub(super) name: Option<usize>,
    pub(super) central_id: Option<usize>,
    pub(super) id: Option<usize>,
    pub(super) email: Option<usize>,
    pub(super) display_name: Option<usize>,
    pub(super) evidence: Option<usize>,
}

impl Columns {
    /// Finds the columns in a header; those that the options name come first.
    ///
    /// A column called just `name` holds user names where nothing else tells people apart. Beside
    /// identifiers or e-mail addresses it says what people are called, which two of them may share.
    pub(super) fn find(header: &[String], options: &Options) -> Result<Self, ParticipantsError> {
        let folded: Vec<_> = header.iter().map(|name| fold(name)).collect();
        let usual = |names: &[&str]| first_of(names, &folded, header);
        let chosen_or_usual = |chosen: &Option<String>, names: &[&str]| match chosen {
            Some(name) => place_of(name, header).map(Some),
            None => usual(names),
        };
        let central_id = chosen_or_usual(&options.central_id_column, CENTRAL_ID)?;
        let id = chosen_or_usual(&options.id_column, ID)?;
        let email = chosen_or_usual(&options.email_column, EMAIL)?;
        let mut name = chosen_or_usual(&options.name_column, USER_NAME)?;
        if name.is_none() && id.is_none() && email.is_none() {
            name = usual(NAME)?;
        }
        let display_name = usual(DISPLAY_NAME)?.filter(|place| Some(*place) != name);
        Ok(Self {
            name,
            central_id,
            id,
            email,
            display_name,
            evidence: usual(EVIDENCE)?,
        })
    }

    /// The columns that say who a row is about.
    pub(super) fn identifying(&self) -> impl Iterator<Item = usize> {
        [self.name, self.central_id, self.id, self.email]
            .into_iter()
            .flatten()
    }
}

/// Where the column of this name stands: as it is written, else without regard to case, spaces and
/// punctuation.
pub(super) fn place_of(column: &str, header: &[String]) -> Result<usize, ParticipantsError> {
    if let Some(place) = only(column.trim(), header, header)? {
        return Ok(place);
    }
    let folded: Vec<_> = header.iter().map(|name| fold(name)).collect();
    let wanted = fold(column);
    let place = if wanted.is_empty() {
        None
    } else {
        only(&wanted, &folded, header)?
    };
    place.ok_or_else(|| ParticipantsError::UnknownColumn {
        column: excerpt(column),
        columns: named(header),
    })
}

/// The names in a header that are not empty, fit to print.
pub(super) fn named(header: &[String]) -> Vec<String> {
    const MOST: usize = 100;
    let names = header.iter().filter(|name| !name.is_empty());
    names.take(MOST).map(|name| excerpt(name)).collect()
}

/// Whether any column of this header says who a row is about, or is one that the options name.
pub(super) fn is_known(header: &[String], options: &Options) -> bool {
    let usual = [USER_NAME, NAME, CENTRAL_ID, ID, EMAIL].concat();
    let chosen: Vec<_> = options.chosen_columns().map(fold).collect();
    header
        .iter()
        .map(|name| fold(name))
        .any(|name| !name.is_empty() && (usual.contains(&name.as_str()) || chosen.contains(&name)))
}

/// Lower case without spaces and punctuation: `User name`, `user_name` and `USERNAME` are one.
pub(super) fn fold(name: &str) -> String {
    name.chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The place of the first of the usual names that is there.
fn first_of(
    usual: &[&str],
    folded: &[String],
    header: &[String],
) -> Result<Option<usize>, ParticipantsError> {
    for wanted in usual {
        let found = only(wanted, folded, header)?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// The place of a name that stands there once; twice is an error, which names the column as the
/// header does.
fn only(
    wanted: &str,
    names: &[String],
    header: &[String],
) -> Result<Option<usize>, ParticipantsError> {
    let mut places = names
        .iter()
        .enumerate()
        .filter(|(_, name)| *name == wanted)
        .map(|(place, _)| place);
    match (places.next(), places.next()) {
        (Some(first), Some(_)) => Err(ParticipantsError::DuplicateColumn {
            column: header
                .get(first)
                .map_or_else(String::new, |name| excerpt(name)),
        }),
        (found, _) => Ok(found),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn header(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn find(names: &[&str]) -> Columns {
        Columns::find(&header(names), &Options::default()).unwrap()
    }

    #[test]
    fn names_are_matched_without_case_and_punctuation() {
        let columns = find(&["Full name", "E-Mail", "User Name", "global_id", "DID"]);
        assert_eq!(columns.name, Some(2));
        assert_eq!(columns.central_id, Some(3));
        assert_eq!(columns.id, Some(4));
        assert_eq!(columns.email, Some(1));
        assert_eq!(columns.display_name, Some(0));
    }

    #[test]
    fn a_name_beside_an_address_is_what_a_person_is_called() {
        let alone = find(&["name", "global_id"]);
        assert_eq!((alone.name, alone.display_name), (Some(0), None));
        let beside = find(&["name", "email"]);
        assert_eq!((beside.name, beside.display_name), (None, Some(0)));

        let options = Options {
            name_column: Some("Name".to_owned()),
            ..Options::default()
        };
        let chosen = Columns::find(&header(&["name", "email"]), &options).unwrap();
        assert_eq!((chosen.name, chosen.display_name), (Some(0), None));
    }

    #[test]
    fn the_exact_name_wins_and_doubles_are_refused() {
        let names = header(&["grade", "Grade", "points", "points"]);
        assert_eq!(place_of("Grade", &names), Ok(1));
        let duplicate = |column: &str| {
            Err(ParticipantsError::DuplicateColumn {
                column: column.to_owned(),
            })
        };
        assert_eq!(place_of("GRADE", &names), duplicate("grade"));
        assert_eq!(place_of("points", &names), duplicate("points"));
        assert_eq!(
            place_of("--", &names).unwrap_err().id(),
            "participants.unknown-column"
        );
    }
}
