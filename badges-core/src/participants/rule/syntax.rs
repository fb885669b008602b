//! The text of a rule to its conditions.

use std::{iter::Peekable, vec::IntoIter};

use super::{Condition, Operand, Operator, Rule, RuleError, number};
use crate::participants::problem::excerpt;

/// The most bytes of a rule.
const MAX_LENGTH: usize = 2_000;
/// The most parentheses inside each other.
const MAX_DEPTH: usize = 32;

const OPERAND: &str = "a column, a number or a quoted text";
const OPERATOR: &str = "one of `>=`, `<=`, `>`, `<`, `==`, `!=`";

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Column(String),
    Number(f64),
    Text(String),
    Operator(Operator),
    And,
    Or,
    Open,
    Close,
}

/// A token, its text and its place in characters from 1.
struct Placed {
    token: Token,
    text: String,
    position: usize,
}

pub(super) fn parse(text: &str) -> Result<Rule, RuleError> {
    if text.len() > MAX_LENGTH {
        return Err(RuleError::TooLong { limit: MAX_LENGTH });
    }
    let mut parser = Parser {
        tokens: tokens(text)?.into_iter().peekable(),
        end: text.chars().count() + 1,
        columns: Vec::new(),
    };
    let condition = parser.any(0)?;
    if parser.tokens.peek().is_some() {
        return Err(parser.unexpected("`&&`, `||` or the end"));
    }
    Ok(Rule {
        text: text.to_owned(),
        columns: parser.columns,
        condition,
    })
}

struct Parser {
    tokens: Peekable<IntoIter<Placed>>,
    end: usize,
    columns: Vec<String>,
}

impl Parser {
    /// `all || all || ...`
    fn any(&mut self, depth: usize) -> Result<Condition, RuleError> {
        let first = self.all(depth)?;
        let mut conditions = vec![first];
        while self.take(&Token::Or) {
            conditions.push(self.all(depth)?);
        }
        Ok(single_or(conditions, Condition::Any))
    }

    /// `single && single && ...`
    fn all(&mut self, depth: usize) -> Result<Condition, RuleError> {
        let first = self.single(depth)?;
        let mut conditions = vec![first];
        while self.take(&Token::And) {
            conditions.push(self.single(depth)?);
        }
        Ok(single_or(conditions, Condition::All))
    }

    /// A comparison, or anything in parentheses.
    fn single(&mut self, depth: usize) -> Result<Condition, RuleError> {
        if !self.take(&Token::Open) {
            return self.comparison();
        }
        if depth >= MAX_DEPTH {
            return Err(RuleError::TooDeep { limit: MAX_DEPTH });
        }
        let inner = self.any(depth + 1)?;
        if self.take(&Token::Close) {
            Ok(inner)
        } else {
            Err(self.unexpected("`)`"))
        }
    }

    fn comparison(&mut self) -> Result<Condition, RuleError> {
        let left = self.operand()?;
        let position = self.position();
        let operator = self.operator()?;
        let right = self.operand()?;

        let holds_text = [&left, &right]
            .iter()
            .any(|operand| matches!(operand, Operand::Text(_)));
        if holds_text && !operator.is_equality() {
            return Err(RuleError::TextOrder { position });
        }
        let (column, operator, other) = match (left, right) {
            (Operand::Column(column), other) => (column, operator, other),
            (other, Operand::Column(column)) => (column, operator.exchanged(), other),
            _ => return Err(RuleError::NoColumn { position }),
        };
        Ok(Condition::Compare {
            column,
            operator,
            other,
        })
    }

    fn operand(&mut self) -> Result<Operand, RuleError> {
        let operand = match self.tokens.peek().map(|placed| &placed.token) {
            Some(Token::Number(number)) => Operand::Number(*number),
            Some(Token::Text(text)) => Operand::Text(text.clone()),
            Some(Token::Column(name)) => {
                let name = name.clone();
                Operand::Column(self.column(name))
            }
            _ => return Err(self.unexpected(OPERAND)),
        };
        self.tokens.next();
        Ok(operand)
    }

    fn operator(&mut self) -> Result<Operator, RuleError> {
        let Some(Token::Operator(operator)) = self.tokens.peek().map(|placed| &placed.token) else {
            return Err(self.unexpected(OPERATOR));
        };
        let operator = *operator;
        self.tokens.next();
        Ok(operator)
    }

    /// The place of a column in the rule's list, where it is added if it is new.
    fn column(&mut self, name: String) -> usize {
        let known = self.columns.iter().position(|column| *column == name);
        known.unwrap_or_else(|| {
            self.columns.push(name);
            self.columns.len() - 1
        })
    }

    fn take(&mut self, token: &Token) -> bool {
        self.tokens
            .next_if(|placed| placed.token == *token)
            .is_some()
    }

    fn position(&mut self) -> usize {
        self.tokens
            .peek()
            .map_or(self.end, |placed| placed.position)
    }

    fn unexpected(&mut self, expected: &'static str) -> RuleError {
        let found = self.tokens.peek().map_or_else(
            || "the end".to_owned(),
            |placed| format!("`{}`", excerpt(&placed.text)),
        );
        RuleError::Unexpected {
            expected,
            found,
            position: self.position(),
        }
    }
}

fn single_or(
    mut conditions: Vec<Condition>,
    several: fn(Vec<Condition>) -> Condition,
) -> Condition {
    match conditions.pop() {
        Some(only) if conditions.is_empty() => only,
        last => {
            conditions.extend(last);
            several(conditions)
        }
    }
}

fn tokens(text: &str) -> Result<Vec<Placed>, RuleError> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let position = characters_before(text, rest) + 1;
        let (token, length) = token(rest, position)?;
        let (taken, remaining) = rest.split_at(length);
        tokens.push(Placed {
            token,
            text: taken.to_owned(),
            position,
        });
        rest = remaining.trim_start();
    }
    Ok(tokens)
}

/// The token at the start of a text that is not empty, and its length in bytes.
fn token(text: &str, position: usize) -> Result<(Token, usize), RuleError> {
    const SYMBOLS: [(&str, Token); 10] = [
        ("&&", Token::And),
        ("||", Token::Or),
        (">=", Token::Operator(Operator::AtLeast)),
        ("<=", Token::Operator(Operator::AtMost)),
        ("==", Token::Operator(Operator::Equal)),
        ("!=", Token::Operator(Operator::Different)),
        (">", Token::Operator(Operator::More)),
        ("<", Token::Operator(Operator::Less)),
        ("(", Token::Open),
        (")", Token::Close),
    ];
    let symbol = SYMBOLS
        .into_iter()
        .find(|(symbol, _)| text.starts_with(symbol));
    if let Some((symbol, token)) = symbol {
        return Ok((token, symbol.len()));
    }
    if let Some(quote) = text.chars().next().filter(|c| "\"'`".contains(*c)) {
        let inner = text.get(1..).and_then(|rest| rest.split(quote).next());
        let inner = inner.unwrap_or_default();
        let length = inner.len() + 2;
        if text.len() < length {
            return Err(RuleError::Unclosed { position });
        }
        let inner = inner.to_owned();
        let token = if quote == '`' {
            Token::Column(inner)
        } else {
            Token::Text(inner)
        };
        return Ok((token, length));
    }

    let is_word = |c: char| c.is_alphanumeric() || "_.+-".contains(c);
    let word: &str = text.split(|c| !is_word(c)).next().unwrap_or_default();
    if let Some(number) = number(word) {
        return Ok((Token::Number(number), word.len()));
    }
    let begins_name = |c: char| c.is_alphabetic() || c == '_';
    if word.starts_with(begins_name) && !word.contains(['.', '+', '-']) {
        return Ok((Token::Column(word.to_owned()), word.len()));
    }
    let found = if word.is_empty() {
        text.chars().take(1).collect()
    } else {
        excerpt(word)
    };
    Err(RuleError::Unexpected {
        expected: "a column, a number, a quoted text or an operator (a column with other characters than letters, digits and `_` stands in backticks)",
        found: format!("`{found}`"),
        position,
    })
}

/// How many characters of a text stand before its end piece.
fn characters_before(text: &str, end: &str) -> usize {
    let bytes = text.len().saturating_sub(end.len());
    text.get(..bytes).map_or(0, |before| before.chars().count())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn error(text: &str) -> RuleError {
        parse(text).unwrap_err()
    }

    #[test]
    fn faults_say_where_they_are() {
        let cases = [
            (
                "",
                "the rule needs a column, a number or a quoted text at character 1, where the end stands",
            ),
            (
                "é > ",
                "the rule needs a column, a number or a quoted text at character 5, where the end stands",
            ),
            ("a = 1", "where `=` stands"),
            (
                "a 1",
                "the rule needs one of `>=`, `<=`, `>`, `<`, `==`, `!=` at character 3, where `1` stands",
            ),
            (
                "a > 1 b",
                "the rule needs `&&`, `||` or the end at character 7, where `b` stands",
            ),
            (
                "(a > 1",
                "the rule needs `)` at character 7, where the end stands",
            ),
            ("a > 1 &", "where `&` stands"),
            (
                "a == 'x",
                "the quoted text at character 6 of the rule is not closed",
            ),
            (
                "a > 'x'",
                "the comparison at character 3 of the rule orders a text",
            ),
            (
                "1 == 1",
                "the comparison at character 3 of the rule has no column on either side",
            ),
            ("a-b > 1", "stands in backticks"),
            ("a > 1e5", "where `1e5` stands"),
        ];
        for (text, expected) in cases {
            let message = error(text).to_string();
            assert!(message.contains(expected), "{text}: {message}");
        }
    }

    #[test]
    fn length_and_depth_are_limited() {
        let nested = |depth| "(".repeat(depth) + "a > 1" + &")".repeat(depth);
        assert!(parse(&nested(MAX_DEPTH)).is_ok());
        assert_eq!(error(&nested(MAX_DEPTH + 1)).id(), "rule.too-deep");
        assert_eq!(error(&"(".repeat(MAX_LENGTH)).id(), "rule.too-deep");
        assert_eq!(error(&" ".repeat(MAX_LENGTH + 1)).id(), "rule.too-long");
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC*|[a-c0-2<>=!&|()\"'` .é-]{0,40}") {
            let _ = parse(&text);
        }
    }
}
