//! One message: read once, filled in whenever it is shown.
//!
//! `$1` is what is put in first. `{{PLURAL:$1|one|other}}` chooses by a number, with the forms in
//! CLDR's order and exact ones such as `0=none` anywhere among them; `{{GENDER:$1|he|she|they}}`
//! chooses by `male`, `female` or anything else. Where a form is missing, the last one counts.
//! What is none of this is text.

use askama::filters::{Escaper as _, Html};

use super::catalogue::Plurals;

/// How deep choices stand in each other.
const MAX_DEPTH: usize = 3;

/// A message, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Message(Vec<Part>);

/// What a message becomes.
#[derive(Clone, Copy)]
pub(super) enum Output {
    Text,
    Html,
}

#[derive(Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    /// What is put in, counted from 0.
    Argument(usize),
    Choice {
        by: Chooser,
        argument: usize,
        exact: Vec<(u64, Vec<Self>)>,
        options: Vec<Vec<Self>>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Chooser {
    Plural,
    Gender,
}

impl Message {
    pub(super) fn parse(text: &str) -> Self {
        let (parts, _) = parse_parts(text, 0);
        Self(parts)
    }

    pub(super) fn fill(&self, args: &[&str], plurals: &Plurals, output: Output) -> String {
        let mut out = String::new();
        fill_parts(&self.0, args, plurals, output, &mut out);
        out
    }
}

/// Parts up to the end; inside a choice, up to the `|` or `}}` that ends the option. Also what is
/// left.
fn parse_parts(text: &str, depth: usize) -> (Vec<Part>, &str) {
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if depth > 0 && (first == '|' || rest.starts_with("}}")) {
            break;
        }
        let special = parse_argument(rest)
            .map(|(argument, after)| (Part::Argument(argument), after))
            .or_else(|| parse_choice(rest, depth));
        if let Some((part, after)) = special {
            if !plain.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut plain)));
            }
            parts.push(part);
            rest = after;
        } else {
            plain.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    if !plain.is_empty() {
        parts.push(Part::Text(plain));
    }
    (parts, rest)
}

/// `$1` to `$99`.
fn parse_argument(text: &str) -> Option<(usize, &str)> {
    let digits = text.strip_prefix('$')?;
    let length = digits
        .bytes()
        .take(2)
        .take_while(u8::is_ascii_digit)
        .count();
    let (digits, rest) = digits.split_at(length);
    let number: usize = digits.parse().ok()?;
    Some((number.checked_sub(1)?, rest))
}

/// `{{PLURAL:$1|…}}` or `{{GENDER:$1|…}}`.
fn parse_choice(text: &str, depth: usize) -> Option<(Part, &str)> {
    if depth == MAX_DEPTH {
        return None;
    }
    let inside = text.strip_prefix("{{")?;
    let (by, rest) = None
        .or_else(|| Some((Chooser::Plural, inside.strip_prefix("PLURAL:")?)))
        .or_else(|| Some((Chooser::Gender, inside.strip_prefix("GENDER:")?)))?;
    let (argument, mut rest) = parse_argument(rest)?;
    let mut exact = Vec::new();
    let mut options = Vec::new();
    while let Some(option) = rest.strip_prefix('|') {
        let (number, option) = match exact_number(option) {
            Some((number, option)) if by == Chooser::Plural => (Some(number), option),
            _ => (None, option),
        };
        let (parts, after) = parse_parts(option, depth + 1);
        match number {
            Some(number) => exact.push((number, parts)),
            None => options.push(parts),
        }
        rest = after;
    }
    let after = rest.strip_prefix("}}")?;
    let choice = Part::Choice {
        by,
        argument,
        exact,
        options,
    };
    Some((choice, after))
}

/// The number before `=`, and what follows.
fn exact_number(option: &str) -> Option<(u64, &str)> {
    let (number, option) = option.split_once('=')?;
    Some((number.parse().ok()?, option))
}

fn fill_parts(parts: &[Part], args: &[&str], plurals: &Plurals, output: Output, out: &mut String) {
    for part in parts {
        match part {
            Part::Text(text) => push(text, output, out),
            Part::Argument(index) => match (args.get(*index), output) {
                (Some(arg), Output::Text) => out.push_str(arg),
                (Some(arg), Output::Html) => {
                    out.push_str("<bdi>");
                    push(arg, output, out);
                    out.push_str("</bdi>");
                }
                (None, _) => out.push_str(&format!("${}", index + 1)),
            },
            Part::Choice {
                by,
                argument,
                exact,
                options,
            } => {
                let arg = args.get(*argument).copied().unwrap_or_default();
                let chosen = match by {
                    Chooser::Plural => plural(arg, exact, options, plurals),
                    Chooser::Gender => gender(arg, options),
                };
                fill_parts(chosen, args, plurals, output, out);
            }
        }
    }
}

fn plural<'m>(
    arg: &str,
    exact: &'m [(u64, Vec<Part>)],
    options: &'m [Vec<Part>],
    plurals: &Plurals,
) -> &'m [Part] {
    // Grouped digits are one number.
    let digits: String = arg.chars().filter(char::is_ascii_digit).collect();
    let Ok(number) = digits.parse() else {
        return options.last().map_or(&[], Vec::as_slice);
    };
    exact
        .iter()
        .find(|(exactly, _)| *exactly == number)
        .map(|(_, parts)| parts)
        .or_else(|| options.get(plurals.form(number)))
        .or_else(|| options.last())
        .map_or(&[], Vec::as_slice)
}

/// As MediaWiki has it: with two forms, the first is also for who does not say.
fn gender<'m>(arg: &str, options: &'m [Vec<Part>]) -> &'m [Part] {
    let index = match (arg, options.len()) {
        ("female", _) => 1,
        ("male", _) | (_, 0..=2) => 0,
        _ => 2,
    };
    options
        .get(index)
        .or_else(|| options.last())
        .map_or(&[], Vec::as_slice)
}

fn push(text: &str, output: Output, out: &mut String) {
    match output {
        Output::Text => out.push_str(text),
        // A string takes everything.
        Output::Html => drop(Html.write_escaped_str(out, text)),
    }
}

#[cfg(test)]
impl Message {
    /// The numbers of its placeholders, from 1, and the lengths of its plural choices.
    pub(super) fn shape(&self) -> (std::collections::BTreeSet<usize>, Vec<usize>) {
        fn visit(parts: &[Part], shape: &mut (std::collections::BTreeSet<usize>, Vec<usize>)) {
            for part in parts {
                match part {
                    Part::Text(_) => {}
                    Part::Argument(index) => drop(shape.0.insert(index + 1)),
                    Part::Choice {
                        by,
                        argument,
                        exact,
                        options,
                    } => {
                        shape.0.insert(argument + 1);
                        if *by == Chooser::Plural {
                            shape.1.push(options.len());
                        }
                        let exact = exact.iter().map(|(_, parts)| parts);
                        exact.chain(options).for_each(|parts| visit(parts, shape));
                    }
                }
            }
        }
        let mut shape = Default::default();
        visit(&self.0, &mut shape);
        shape
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn filled(tag: &str, message: &str, args: &[&str]) -> String {
        Message::parse(message).fill(args, &Plurals::of(tag), Output::Text)
    }

    #[test]
    fn placeholders_are_replaced() {
        assert_eq!(filled("en", "$2 to $1", &["a", "b"]), "b to a");
        assert_eq!(filled("en", "$11, $1", &["a"]), "$11, a");
        assert_eq!(filled("en", "$, $0, $x, 5 $", &["a"]), "$, $0, $x, 5 $");
        assert_eq!(filled("en", "$1", &["$2", "b"]), "$2");
    }

    #[test]
    fn a_number_chooses() {
        let english = "{{PLURAL:$1|0=no badges|one badge|$1 badges}}";
        for (number, expected) in [
            ("0", "no badges"),
            ("1", "one badge"),
            ("1,001", "1,001 badges"),
            ("many", "many badges"),
        ] {
            assert_eq!(filled("en", english, &[number]), expected);
        }
        let arabic = "{{PLURAL:$1|0|1|2|few|many|other}}";
        for (number, expected) in [
            ("0", "0"),
            ("2", "2"),
            ("3", "few"),
            ("11", "many"),
            ("100", "other"),
            ("1,103", "few"),
            ("111", "many"),
        ] {
            assert_eq!(filled("ar", arabic, &[number]), expected);
        }
        assert_eq!(filled("ar", "{{PLURAL:$1|a|b}}", &["5"]), "b");
        assert_eq!(filled("en", "{{PLURAL:$1}}.", &["5"]), ".");
    }

    #[test]
    fn a_gender_chooses() {
        let three = "{{GENDER:$1|his|her|their}}";
        assert_eq!(filled("en", three, &["male"]), "his");
        assert_eq!(filled("en", three, &["female"]), "her");
        assert_eq!(filled("en", three, &[""]), "their");
        assert_eq!(filled("en", "{{GENDER:$1|his|her}}", &["unknown"]), "his");
        assert_eq!(filled("en", "{{GENDER:$1|their}}", &["female"]), "their");
    }

    #[test]
    fn choices_stand_in_choices() {
        let message = "{{PLURAL:$1|{{GENDER:$2|his|her|their}} badge|$1 {{GENDER:$2|a|b|c}}}}!";
        assert_eq!(filled("en", message, &["1", "female"]), "her badge!");
        assert_eq!(filled("en", message, &["3", ""]), "3 c!");
    }

    #[test]
    fn what_is_not_understood_stays() {
        for text in [
            "{{FOO:$x|a}}",
            "{{PLURAL:1|a}}",
            "{{PLURAL:$x|a|b",
            "a | b }} c",
            "{{{{",
        ] {
            assert_eq!(filled("en", text, &[]), text);
        }
    }

    #[test]
    fn markup_is_made_of_text() {
        let html = Message::parse("<$1> & {{PLURAL:$2|x|\"$2\"}}").fill(
            &["<b>", "2"],
            &Plurals::of("en"),
            Output::Html,
        );
        assert_eq!(
            html,
            "&#60;<bdi>&#60;b&#62;</bdi>&#62; &#38; &#34;<bdi>2</bdi>&#34;"
        );
    }

    proptest! {
        #[test]
        fn any_text_is_a_message(
            text in "([$|{}=:0-9a<\"]|PLURAL|GENDER|\\{\\{PLURAL:\\$1\\||é|م){0,40}",
            args in proptest::collection::vec("[0-9a<&|$م]{0,5}", 0..3),
        ) {
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            let message = Message::parse(&text);
            message.fill(&args, &Plurals::of("ar"), Output::Text);
            let html = message.fill(&args, &Plurals::of("ar"), Output::Html);
            let bare = html.replace("<bdi>", "").replace("</bdi>", "");
            prop_assert!(!bare.contains(['<', '>', '"']));
        }

        #[test]
        fn text_without_signs_is_itself(text in "[^${]*") {
            prop_assert_eq!(filled("en", &text, &["a"]), text);
        }
    }
}
