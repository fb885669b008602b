//! CSS in an SVG. Nothing is copied: rules are taken apart, and what is written is made of names
//! from [`allowed`] and of values that call for nothing.

use std::collections::BTreeSet;

use super::{Reference, Remark, allowed};

/// The functions that a value may use, besides `url(#id)`.
const FUNCTIONS: &[&str] = &[
    "blur",
    "brightness",
    "calc",
    "circle",
    "contrast",
    "drop-shadow",
    "ellipse",
    "grayscale",
    "hsl",
    "hsla",
    "hue-rotate",
    "hwb",
    "inset",
    "invert",
    "lab",
    "lch",
    "matrix",
    "oklab",
    "oklch",
    "opacity",
    "polygon",
    "rgb",
    "rgba",
    "rotate",
    "saturate",
    "scale",
    "scalex",
    "scaley",
    "sepia",
    "skew",
    "skewx",
    "skewy",
    "translate",
    "translatex",
    "translatey",
];

/// A rule as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) selectors: Vec<String>,
    pub(super) declarations: Declarations,
}

/// Declarations as they are written, and where their values lead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Declarations {
    pub(super) text: String,
    pub(super) references: Vec<Reference>,
}

/// A value as it is written, and the ids that it refers to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) text: String,
    pub(super) ids: Vec<String>,
}

impl Rule {
    pub(super) fn text(&self) -> String {
        format!("{}{{{}}}", self.selectors.join(","), self.declarations.text)
    }

    /// Whether the rule may be for an element with this name, id and classes. It may seem so where
    /// it is not.
    pub(super) fn concerns(&self, name: &str, id: Option<&str>, classes: &str) -> bool {
        self.selectors.iter().any(|selector| {
            let last = selector.rsplit([' ', '>']).next().unwrap_or_default();
            let mut parts = last.split_inclusive(['.', '#']);
            let first = parts.next().unwrap_or_default();
            let of_name = first.trim_end_matches(['.', '#']);
            if !of_name.is_empty() && of_name != "*" {
                return of_name == name;
            }
            let names: Vec<&str> = last.split(['.', '#']).skip(1).collect();
            names.iter().all(|at| {
                id.is_some_and(|id| id == *at)
                    || classes.split_ascii_whitespace().any(|class| class == *at)
            })
        })
    }
}

/// The rules of a style sheet. Those that call for something, such as `@import`, or that are for
/// something else than elements, ids and classes, are left out.
pub(super) fn rules(sheet: &str, remarks: &mut BTreeSet<Remark>) -> Vec<Rule> {
    let sheet = without_comments(sheet);
    let mut rest = sheet.as_str();
    let mut rules = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return rules;
        }
        if rest.starts_with('@') {
            remarks.insert(Remark::Style);
            rest = match rest.find(['{', ';']) {
                Some(at) if rest[at..].starts_with('{') => block(&rest[at..]).1,
                Some(at) => &rest[at + 1..],
                None => "",
            };
            continue;
        }
        let Some(at) = rest.find('{') else {
            remarks.insert(Remark::Style);
            return rules;
        };
        let (selectors, (body, after)) = (&rest[..at], block(&rest[at..]));
        rest = after;
        let declarations = declarations(body, remarks);
        let selectors: Option<Vec<String>> = selectors.split(',').map(selector).collect();
        match selectors {
            Some(_) if declarations.text.is_empty() => {}
            Some(selectors) => rules.push(Rule {
                selectors,
                declarations,
            }),
            None => {
                remarks.insert(Remark::Style);
            }
        }
    }
}

/// The declarations of a style attribute or of a rule.
pub(super) fn declarations(text: &str, remarks: &mut BTreeSet<Remark>) -> Declarations {
    let mut found = Declarations::default();
    for declaration in without_comments(text).split(';') {
        let declaration = declaration.trim();
        if declaration.is_empty() {
            continue;
        }
        let Some((name, text)) = declaration.split_once(':') else {
            remarks.insert(Remark::Style);
            continue;
        };
        let name = name.trim().to_ascii_lowercase();
        let Some(name) = allowed::property(&name) else {
            if calls(text) {
                remarks.insert(Remark::Reference);
            } else if !allowed::is_silent(&name) {
                remarks.insert(Remark::Style);
            }
            continue;
        };
        match value(name, text) {
            Ok(value) => {
                let references = value
                    .ids
                    .into_iter()
                    .map(|id| Reference { property: name, id });
                found.references.extend(references);
                if !found.text.is_empty() {
                    found.text.push(';');
                }
                found.text.push_str(name);
                found.text.push(':');
                found.text.push_str(&value.text);
            }
            Err(remark) => {
                remarks.insert(remark);
            }
        }
    }
    found
}

/// The value of a property: words, numbers, colours, quoted names, known functions, and `url(#id)`.
pub(super) fn value(property: &str, text: &str) -> Result<Value, Remark> {
    let is_costly = matches!(property, "clip-path" | "filter" | "mask");
    if is_costly && text.to_ascii_lowercase().contains("inherit") {
        // It would be applied more often than references can be counted.
        return Err(Remark::Style);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    let mut ids = Vec::new();
    let mut depth = 0_usize;
    let mut rest = text.as_str();
    while let Some(next) = rest.chars().next() {
        let length = match next {
            '\'' | '"' => {
                let inside = &rest[1..];
                let end = inside.find(next).ok_or(Remark::Style)?;
                let is_name = |character: char| {
                    character.is_alphanumeric() || matches!(character, ' ' | '-' | '_' | '.' | ',')
                };
                if !inside[..end].chars().all(is_name) {
                    return Err(Remark::Style);
                }
                end + 2
            }
            next if next.is_alphabetic() || matches!(next, '-' | '_') => {
                let is_word =
                    |character: char| character.is_alphanumeric() || matches!(character, '-' | '_');
                let end = rest.find(|character| !is_word(character));
                let end = end.unwrap_or(rest.len());
                let word = rest[..end].to_ascii_lowercase();
                let opens = rest[end..].starts_with('(');
                if opens && word == "url" {
                    let (id, length) = local_url(&rest[end..]).ok_or(Remark::Reference)?;
                    ids.push(id.to_owned());
                    end + length
                } else if opens && !FUNCTIONS.contains(&word.as_str()) {
                    return Err(if calls(&text) {
                        Remark::Reference
                    } else {
                        Remark::Style
                    });
                } else {
                    end
                }
            }
            '(' => {
                depth += 1;
                1
            }
            ')' => {
                depth = depth.checked_sub(1).ok_or(Remark::Style)?;
                1
            }
            ' ' | '#' | '%' | '.' | ',' | '+' | '*' | '!' => 1,
            // Not the beginning of a comment.
            '/' if !rest.starts_with("/*") => 1,
            next if next.is_numeric() => next.len_utf8(),
            _ => return Err(Remark::Style),
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    if depth > 0 || text.is_empty() {
        return Err(Remark::Style);
    }
    Ok(Value { text, ids })
}

/// The id in the rest of `url(#id)` from its parenthesis, and the length of that.
fn local_url(rest: &str) -> Option<(&str, usize)> {
    let end = rest.find(')')?;
    let inside = rest[1..end].trim();
    let unquoted = ['"', '\''].iter().find_map(|quote| {
        let inside = inside.strip_prefix(*quote)?;
        inside.strip_suffix(*quote)
    });
    Some((allowed::local(unquoted.unwrap_or(inside))?, end + 1))
}

/// Whether a value would make a browser fetch something.
fn calls(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["url", "image", "src", "element", "\\", "//"]
        .iter()
        .any(|call| text.contains(call))
}

/// A selector of names, ids and classes, one inside the other or not.
fn selector(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    let mut is_compound = !text.is_empty();
    for compound in text
        .replace('>', " ")
        .split(' ')
        .filter(|word| !word.is_empty())
    {
        let mut parts = compound.split(['.', '#']);
        let is_part = |part: &str| {
            let is_name = |at: char| at.is_alphanumeric() || matches!(at, '_' | '-');
            !part.is_empty() && part.chars().all(is_name)
        };
        let first = parts.next().unwrap_or_default();
        is_compound &= matches!(first, "" | "*") || is_part(first);
        is_compound &= parts.all(is_part);
    }
    // `>` stands between two.
    let ends = text.starts_with('>') || text.ends_with('>') || text.replace(' ', "").contains(">>");
    (is_compound && !ends).then_some(text)
}

/// What stands between braces, and what follows.
fn block(text: &str) -> (&str, &str) {
    let mut depth = 0_usize;
    for (at, character) in text.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => continue,
        }
        if depth == 0 {
            return (&text[1..at], &text[at + 1..]);
        }
    }
    (text.get(1..).unwrap_or_default(), "")
}

fn without_comments(text: &str) -> String {
    let text = text.replace("<!--", " ").replace("-->", " ");
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, comment)) = rest.split_once("/*") {
        out.push_str(before);
        out.push(' ');
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}
