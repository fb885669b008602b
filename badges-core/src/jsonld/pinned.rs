//! The contexts that badges use, as texts inside the program. They never come from the network:
//! whoever could change a context could change what a signature says. `contexts/README.md` gives
//! each text's source and licence, and a test holds their hashes.

/// Which texts stand for URLs whose text was edited in place. Only
/// `https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json` has several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edition {
    /// As of 2024-03.
    March2024,
    /// As of 2025-11: with `jti`.
    November2025,
    /// As of 2026-06: with `jti` and `endorsementJwt`.
    June2026,
}

impl Edition {
    /// What is used unless a signature says otherwise.
    pub const NEWEST: Self = Self::June2026;
}

/// One pinned context text.
#[derive(Clone, Copy, Debug)]
pub struct PinnedContext {
    /// The URL in `@context`.
    pub url: &'static str,
    /// The file's name in `contexts/`.
    pub file: &'static str,
    /// The JSON text.
    pub text: &'static str,
    /// The first edition that has this text.
    pub since: Edition,
    /// Whether it is for examples only: its `@vocab` gives every word a meaning.
    pub examples: bool,
}

/// All pinned contexts, newer texts of a URL before older ones.
#[must_use]
pub const fn pinned_contexts() -> &'static [PinnedContext] {
    PINNED
}

macro_rules! pinned {
    ($($url:literal $file:literal $since:ident $examples:literal;)*) => {
        &[$(PinnedContext {
            url: $url,
            file: $file,
            text: include_str!(concat!("../../contexts/", $file)),
            since: Edition::$since,
            examples: $examples,
        }),*]
    };
}

#[rustfmt::skip]
const PINNED: &[PinnedContext] = pinned! {
    "https://www.w3.org/2018/credentials/v1" "credentials-v1.json" March2024 false;
    "https://www.w3.org/ns/credentials/v2" "credentials-v2.json" March2024 false;
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json" "ob-3.0.3-2026-06.json" June2026 false;
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json" "ob-3.0.3-2025-11.json" November2025 false;
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json" "ob-3.0.3-2024-03.json" March2024 false;
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json" "ob-3.0.2.json" March2024 false;
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json" "ob-3.0.1.json" March2024 false;
    "https://purl.imsglobal.org/spec/ob/v3p0/context.json" "ob-3.0.0.json" March2024 false;
    "https://purl.imsglobal.org/spec/ob/v3p0/context/ob_v3p0.jsonld" "ob-3.0.0.json" March2024 false;
    "https://w3c-ccg.github.io/vc-ed/plugfest-1-2022/jff-vc-edu-plugfest-1-context.json" "ob-draft-2022.json" March2024 false;
    "https://imsglobal.github.io/openbadges-specification/ob_v3p0.html" "ob-draft-2022.json" March2024 false;
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json" "ob-extensions.json" March2024 false;
    "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json" "clr-2.0.1.json" March2024 false;
    "https://purl.imsglobal.org/spec/clr/v2p0/context.json" "clr-2.0.0.json" March2024 false;
    "https://w3id.org/security/data-integrity/v2" "data-integrity-v2.json" March2024 false;
    "https://w3id.org/security/data-integrity/v1" "data-integrity-v1.json" March2024 false;
    "https://w3id.org/security/multikey/v1" "multikey-v1.json" March2024 false;
    "https://w3id.org/security/suites/ed25519-2018/v1" "ed25519-2018-v1.json" March2024 false;
    "https://w3id.org/security/suites/ed25519-2020/v1" "ed25519-2020-v1.json" March2024 false;
    "https://w3id.org/security/suites/jws-2020/v1" "jws-2020-v1.json" March2024 false;
    "https://www.w3.org/ns/did/v1" "did-v1.json" March2024 false;
    "https://www.w3.org/ns/cid/v1" "cid-v1.json" March2024 false;
    "https://w3id.org/vc/status-list/2021/v1" "status-list-2021-v1.json" March2024 false;
    "https://www.w3.org/ns/credentials/status/v1" "bitstring-status-v1.json" March2024 false;
    "https://www.w3.org/ns/credentials/undefined-terms/v2" "undefined-terms-v2.json" March2024 true;
    "https://www.w3.org/ns/credentials/examples/v2" "examples-v2.json" March2024 true;
    "https://www.w3.org/2018/credentials/examples/v1" "examples-v1.json" March2024 true;
    "https://www.w3.org/ns/odrl.jsonld" "odrl.json" March2024 true;
    "https://w3id.org/citizenship/v4rc1" "citizenship-v4rc1.json" March2024 true;
};

/// Whether a URL is that of the draft of 2022.
pub(crate) fn is_draft(url: &str) -> bool {
    let mut pinned = PINNED.iter();
    pinned.any(|context| context.url == url && context.file == "ob-draft-2022.json")
}

/// The draft's context among others that know its words by other names, so that members could be
/// renamed and signed alike: it is read at the top of a badge only, beside the credentials' own context
/// and those of proofs.
pub(super) fn misplaced_draft<'u>(urls: &[&'u str], is_inside: bool) -> Option<&'u str> {
    let is_beside = |url: &str| {
        url == "https://www.w3.org/2018/credentials/v1"
            || url.starts_with("https://w3id.org/security/")
    };
    let draft = urls.iter().copied().find(|url| is_draft(url))?;
    let mut others = urls.iter().filter(|url| **url != draft);
    (is_inside || others.any(|url| !is_beside(url))).then_some(draft)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use sha2::{Digest, Sha256};

    use super::*;
    use crate::json::{self, Value};
    use crate::jsonld::{Policy, RootContext};

    #[test]
    fn texts_are_the_ones_that_the_index_pins() {
        let index = include_str!("../../contexts/index.tsv");
        let listed: Vec<(&str, &str, &str)> = index
            .lines()
            .filter(|line| line.starts_with("http"))
            .map(|line| {
                let mut cells = line.split('\t');
                (
                    cells.next().unwrap(),
                    cells.next().unwrap(),
                    cells.next().unwrap(),
                )
            })
            .collect();
        assert_eq!(listed.len(), PINNED.len());
        for (context, (url, file, sha256)) in PINNED.iter().zip(listed) {
            assert_eq!((context.url, context.file), (url, file));
            let digest = Sha256::digest(context.text.as_bytes());
            let hash: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(hash, sha256, "{file}");
        }
    }

    #[test]
    fn every_text_can_be_processed() {
        for context in PINNED {
            let document = format!("{{\"@context\":[\"{}\"]}}", context.url);
            let document = json::parse(&document).unwrap();
            let policy = if context.examples {
                Policy::DataIntegrity
            } else {
                Policy::Badge
            };
            let processed = RootContext::of(&document, context.since, policy);
            assert!(processed.is_ok(), "{}: {:?}", context.file, processed.err());
            if context.examples {
                assert!(RootContext::of(&document, context.since, Policy::Badge).is_err());
            }
        }
    }

    /// Collects every term with the IRI that its own text gives it, prefixes resolved.
    fn terms<'v>(
        context: &'v Value<'v>,
        prefixes: &BTreeMap<&'v str, &'v str>,
        found: &mut BTreeMap<String, BTreeSet<&'v str>>,
    ) {
        for item in context.items() {
            let Value::Object(members) = item else {
                continue;
            };
            let id = |value: &'v Value<'v>| value.as_str().or_else(|| value.text("@id"));
            let mut prefixes = prefixes.clone();
            prefixes.extend(
                members
                    .iter()
                    .filter_map(|(term, value)| Some((term.as_ref(), id(value)?))),
            );
            for (term, value) in members.iter().filter(|(term, _)| !term.starts_with('@')) {
                let iri = id(value).unwrap_or(term);
                let iri = match iri.split_once(':') {
                    Some((prefix, rest)) if !rest.starts_with("//") => prefixes
                        .get(prefix)
                        .map_or_else(|| iri.to_owned(), |base| format!("{base}{rest}")),
                    _ => iri.to_owned(),
                };
                found.entry(iri).or_default().insert(term);
                if let Some(scoped) = value.get("@context") {
                    terms(scoped, &prefixes, found);
                }
            }
        }
    }

    /// What the badge policy relies on: among all contexts that may stand beside each other, one IRI
    /// has one spelling, apart from keyword aliases and from classes that share theirs with a property.
    #[test]
    fn no_term_is_another_spelling_of_one_in_another_context() {
        let draft = PINNED.iter().find(|context| is_draft(context.url)).unwrap();
        let is_beside =
            |context: &&PinnedContext| misplaced_draft(&[draft.url, context.url], false).is_none();
        let (final_ones, with_draft): (Vec<_>, Vec<_>) = (
            PINNED
                .iter()
                .filter(|context| !is_draft(context.url))
                .collect(),
            PINNED.iter().filter(is_beside).collect(),
        );
        assert!(
            with_draft.len() > 3,
            "the draft and what may stand beside it"
        );
        for (contexts, least) in [(final_ones, 200), (with_draft, 100)] {
            let documents: Vec<Value<'_>> = contexts
                .iter()
                .filter(|context| !context.examples)
                .map(|context| json::parse(context.text).unwrap())
                .collect();
            let mut found = BTreeMap::new();
            for document in &documents {
                terms(
                    document.get("@context").unwrap(),
                    &BTreeMap::new(),
                    &mut found,
                );
            }
            assert!(found.len() > least, "the terms are there");
            for (iri, spellings) in found {
                let properties = spellings
                    .iter()
                    .filter(|term| term.starts_with(|first: char| first.is_ascii_lowercase()));
                let classes = spellings
                    .iter()
                    .filter(|term| !term.starts_with(|first: char| first.is_ascii_lowercase()));
                assert!(
                    iri.starts_with('@') || properties.count() <= 1 && classes.count() <= 1,
                    "{iri}: {spellings:?}"
                );
            }
        }
    }
}
