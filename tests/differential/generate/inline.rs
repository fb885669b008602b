//! Documents as the W3C's suites have them: contexts inside, words without a definition, keywords
//! as they are, ordered and unordered lists as objects, text directions.

use serde_json::{Value, json};

use super::{Chance, LANGUAGES, Members};

/// What an inline context may say of a term.
fn context(chance: &mut Chance) -> Value {
    let mut terms = Members::new();
    if chance.once_in(2) {
        terms.insert("@vocab".to_owned(), json!("https://vocabulary.example/#"));
    }
    let ex = json!("https://terms.example/#");
    terms.insert("ex".to_owned(), ex);
    for (term, definition) in [
        ("plain", json!("ex:plain")),
        ("link", json!({"@id": "ex:link", "@type": "@id"})),
        ("word", json!({"@id": "ex:word", "@type": "@vocab"})),
        (
            "date",
            json!({"@id": "ex:date", "@type": "http://www.w3.org/2001/XMLSchema#date"}),
        ),
        (
            "double",
            json!({"@id": "ex:double", "@type": "http://www.w3.org/2001/XMLSchema#double"}),
        ),
        ("list", json!({"@id": "ex:list", "@container": "@list"})),
        ("set", json!({"@id": "ex:set", "@container": "@set"})),
        (
            "translated",
            json!({"@id": "ex:translated", "@container": "@language"}),
        ),
        ("german", json!({"@id": "ex:german", "@language": "de"})),
        ("json", json!({"@id": "ex:json", "@type": "@json"})),
    ] {
        terms.insert(term.to_owned(), definition);
    }
    Value::Object(terms)
}

impl Chance {
    pub(super) fn document_with_contexts(&mut self) -> Value {
        let mut contexts = vec![json!("https://www.w3.org/ns/credentials/v2")];
        if self.once_in(3) {
            contexts.push(json!("https://www.w3.org/ns/credentials/examples/v2"));
        }
        let inline = context(self);
        let any_word = inline.get("@vocab").is_some() || contexts.len() > 1;
        contexts.push(inline);
        let mut subject = self.things(3, any_word);
        if self.once_in(2) {
            subject.insert("id".to_owned(), json!(self.iri()));
        }
        let mut document = self.object("VerifiableCredential", false);
        document.insert("@context".to_owned(), Value::Array(contexts));
        document.insert(
            "id".to_owned(),
            json!(format!("urn:x:credential:{}", self.next())),
        );
        document.insert("issuer".to_owned(), json!(self.iri()));
        document.insert("validFrom".to_owned(), json!(self.date()));
        document.insert("credentialSubject".to_owned(), Value::Object(subject));
        self.texts(&mut document, &["name", "description"]);
        Value::Object(document)
    }

    fn things(&mut self, depth: usize, any_word: bool) -> Members {
        let mut things = Members::new();
        self.maybe(&mut things, "plain", |chance| chance.value(depth, any_word));
        self.maybe(&mut things, "ex:compact", |chance| {
            chance.value(depth, any_word)
        });
        self.maybe(&mut things, "https://iri.example/as/key", |chance| {
            chance.value(depth, any_word)
        });
        self.maybe(&mut things, "link", |chance| {
            chance.some(|chance| json!(chance.iri()))
        });
        self.maybe(&mut things, "word", |chance| {
            json!(chance.pick(&["plain", "ex:other", "https://example.org/a"]))
        });
        self.maybe(&mut things, "date", |_| json!("2026-01-01"));
        self.maybe(&mut things, "double", Self::number);
        self.maybe(&mut things, "list", |chance| {
            let count = chance.below(4);
            (0..count).map(|_| json!(chance.word())).collect()
        });
        self.maybe(&mut things, "set", |chance| {
            chance.some(|chance| chance.value(0, any_word))
        });
        self.maybe(&mut things, "translated", |chance| {
            let tags = [chance.pick(&LANGUAGES), "und"];
            let texts = tags.map(|tag| (tag.to_owned(), json!([chance.word(), chance.word()])));
            Value::Object(texts.into_iter().collect())
        });
        self.maybe(&mut things, "german", |chance| json!(chance.word()));
        self.maybe(
            &mut things,
            "json",
            |chance| json!({"b": [chance.word(), true, null, chance.number()], "\u{20ac}": {}}),
        );
        if any_word {
            self.maybe(&mut things, "anyWord", |chance| {
                chance.value(depth, any_word)
            });
        }
        if self.once_in(3) {
            things.insert("@type".to_owned(), json!("ex:Thing"));
        }
        things
    }

    fn value(&mut self, depth: usize, any_word: bool) -> Value {
        match self.below(if depth == 0 { 8 } else { 10 }) {
            0 => self.number(),
            1 => json!(self.once_in(2)),
            2 => json!({"@value": self.word(), "@type": "ex:datatype"}),
            3 => json!({"@value": self.word(), "@language": self.pick(&LANGUAGES)}),
            4 => json!({"@set": [self.word(), self.word()]}),
            5 => json!({"@list": [self.word(), {"@value": self.word(), "@language": "en"}]}),
            6 if self.once_in(6) => json!({
                "@value": self.word(), "@language": "ar",
                "@direction": self.pick(&["ltr", "rtl"]),
            }),
            6 | 7 => json!(self.word()),
            _ => {
                let mut things = self.things(depth - 1, any_word);
                if things.is_empty() || self.once_in(3) {
                    things.insert("@id".to_owned(), json!(self.iri()));
                }
                Value::Object(things)
            }
        }
    }
}
