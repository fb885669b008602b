//! What nobody must be able to guess, made from the folder's seed: the names of badges, their ids
//! and salts, their places in status lists. The same award gives the same ones, so that a run that
//! was interrupted goes on as if it had not been.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::files::{self, Access};
use crate::ambient;
use crate::error::{Code, Error};

/// 32 random bytes that stay in the folder.
pub(crate) struct Seed(Zeroizing<[u8; 32]>);

/// One award, as far as its secrets depend on it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AwardKey<'a> {
    /// The achievement's id.
    pub(crate) achievement: &'a str,
    /// The recipient's strongest key.
    pub(crate) recipient: &'a str,
    /// How many times the badge was given to this person before.
    pub(crate) renewal: u32,
}

/// What a badge is called: 128 random bits, in hexadecimal the name of its files and the end of its
/// URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Token([u8; 16]);

impl Seed {
    /// A new one.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub(crate) fn new() -> Result<Self, Error> {
        ambient::random().map(|bytes| Self(Zeroizing::new(bytes)))
    }

    /// Reads a folder's seed.
    ///
    /// # Errors
    /// When the file is missing or damaged.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let text = Zeroizing::new(files::read_text(path).map_err(|error| {
            error.hint("it was made with the folder, by `badges new`; restore it from a backup")
        })?);
        decode_hex(text.trim())
            .map(|bytes| Self(Zeroizing::new(bytes)))
            .ok_or_else(|| {
                Error::new(
                    Code::Data,
                    format!(
                        "`{}` is damaged: it should hold 64 hexadecimal digits",
                        path.display()
                    ),
                )
                .hint("restore it from a backup: names and ids of badges depend on it")
            })
    }

    /// Writes it where there is none yet.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn create(&self, path: &Path) -> Result<(), Error> {
        let text = Zeroizing::new(format!("{}\n", encode_hex(self.0.as_slice())));
        files::create(path, text.as_bytes(), Access::Private)
    }

    /// The name of the badge.
    pub(crate) fn token(&self, award: AwardKey<'_>) -> Token {
        Token(first(self.of_award("token", award)))
    }

    /// The id of the badge, where there is no address to make one of.
    pub(crate) fn badge_uuid(&self, award: AwardKey<'_>) -> Uuid {
        uuid(self.of_award("badge", award))
    }

    /// The id of the recipient in this badge, and in no other.
    pub(crate) fn subject_uuid(&self, award: AwardKey<'_>) -> Uuid {
        uuid(self.of_award("subject", award))
    }

    /// What is hashed together with the recipient's identifier.
    pub(crate) fn salt(&self, award: AwardKey<'_>) -> String {
        let salt: [u8; 16] = first(self.of_award("salt", award));
        encode_hex(&salt)
    }

    /// Where to look for a free place in a status list: the first, and the step to the next.
    pub(crate) fn places(&self, award: AwardKey<'_>) -> (u64, u64) {
        let bytes = self.of_award("status", award);
        let number = |at: usize| {
            bytes[at..at + 8]
                .iter()
                .fold(0, |number, byte| number << 8 | u64::from(*byte))
        };
        (number(0), number(8))
    }

    /// The id of an achievement, where there is no address to make one of.
    pub(crate) fn achievement_uuid(&self, slug: &str) -> Uuid {
        uuid(self.derive(&["achievement", slug]))
    }

    fn of_award(&self, purpose: &str, award: AwardKey<'_>) -> [u8; 32] {
        let renewal = award.renewal.to_string();
        self.derive(&[purpose, award.achievement, award.recipient, &renewal])
    }

    fn derive(&self, parts: &[&str]) -> [u8; 32] {
        // HMAC fills a key up with zeros to the length of a block.
        let mut key = Zeroizing::new([0; 64]);
        key[..32].copy_from_slice(self.0.as_slice());
        let mut mac = Hmac::<Sha256>::new((&*key).into());
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        mac.finalize().into_bytes().into()
    }
}

fn first(bytes: [u8; 32]) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&bytes[..16]);
    half
}

fn uuid(bytes: [u8; 32]) -> Uuid {
    uuid::Builder::from_random_bytes(first(bytes)).into_uuid()
}

fn encode_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn decode_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != 2 * N {
        return None;
    }
    let digit = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

impl fmt::Display for Token {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&encode_hex(&self.0))
    }
}

impl FromStr for Token {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        decode_hex(text).map(Self).ok_or(())
    }
}

impl Serialize for Token {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Token {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse()
            .map_err(|()| serde::de::Error::custom("a token has 32 hexadecimal digits"))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const AWARD: AwardKey<'_> = AwardKey {
        achievement: "https://example.org/achievements/editor",
        recipient: "name:Example Volunteer",
        renewal: 0,
    };

    #[test]
    fn the_same_award_has_the_same_secrets_and_any_other_has_others() {
        let seed = || Seed(Zeroizing::new([7; 32]));
        assert_eq!(seed().token(AWARD), seed().token(AWARD));
        let others = [
            AwardKey {
                renewal: 1,
                ..AWARD
            },
            AwardKey {
                recipient: "name:Example",
                ..AWARD
            },
            AwardKey {
                achievement: "https://example.org/achievements/editorname",
                recipient: ":Example Volunteer",
                renewal: 0,
            },
        ];
        for other in others {
            assert_ne!(seed().token(other), seed().token(AWARD));
        }
        assert_ne!(
            Seed(Zeroizing::new([8; 32])).token(AWARD),
            seed().token(AWARD)
        );
        assert_ne!(seed().badge_uuid(AWARD), seed().subject_uuid(AWARD));
    }

    #[test]
    fn tokens_are_read_as_they_are_written() {
        let token = Seed(Zeroizing::new([7; 32])).token(AWARD);
        assert_eq!(token.to_string().parse(), Ok(token));
        for text in [
            "",
            "00",
            "0x0000000000000000000000000000000",
            &"é".repeat(16),
        ] {
            assert!(text.parse::<Token>().is_err(), "{text}");
        }
        let json = serde_json::to_string(&token).unwrap();
        assert_eq!(serde_json::from_str::<Token>(&json).unwrap(), token);
    }
}
