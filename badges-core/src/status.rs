//! Status lists ([Bitstring Status List]): one bit a badge, so that asking about one tells nobody
//! which.
//!
//! [Bitstring Status List]: https://www.w3.org/TR/vc-bitstring-status-list/

use std::io::{Read as _, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::json;

use crate::credential::{SignedCredential, UnsignedCredential, verification_method};
use crate::error::Error;
use crate::key::SigningKey;
use crate::model::{CREDENTIALS_V2, DateTimeZ};
use crate::proof::data_integrity::ProofOptions;

/// The fewest entries of a list: so many that an entry hides among others (section 3.1).
pub const MIN_ENTRIES: u64 = 131_072;

/// The most bytes that a list is unpacked to: 8 MiB, 67 million entries. A list that unpacks to
/// more is a bomb.
pub const MAX_BYTES: usize = 8 << 20;

/// A list with more entries than this is full: places are found by chance, and many must stay free
/// for an entry to tell nothing.
pub const FULL: u32 = 100_000;

/// For how long others may keep a copy of a list: five minutes, in milliseconds.
pub const TTL: u32 = 300_000;

/// A status list that is to be signed.
#[derive(Clone, Debug)]
pub struct StatusList<'a> {
    /// Its URL, which is its id.
    pub url: &'a str,
    /// Who issues it.
    pub issuer: &'a str,
    /// `revocation` or `suspension`.
    pub purpose: &'a str,
    /// The entries.
    pub bits: &'a StatusBits,
    /// From when it is valid; the moment of signing.
    pub valid_from: DateTimeZ,
    /// Until when it is valid. Whoever keeps an old list can show it for as long.
    pub valid_until: Option<DateTimeZ>,
}

/// The entries of a status list. Bit 0 is the most significant bit of the first byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusBits(Vec<u8>);

/// Why an `encodedList` cannot be unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StatusFault {
    /// Not `u` and base64url without padding, or not GZIP.
    #[error("the list is not GZIP in base64url with a leading u")]
    Malformed,
    /// It unpacks to more than [`MAX_BYTES`].
    #[error("the list unpacks to more than {MAX_BYTES} bytes")]
    TooLarge,
}

impl StatusList<'_> {
    /// Signs it, as `BitstringStatusListCredential`.
    ///
    /// # Errors
    /// Why it cannot be signed.
    pub fn sign(&self, key: &SigningKey) -> Result<SignedCredential, Error> {
        let mut credential = json!({
            "@context": [CREDENTIALS_V2],
            "id": self.url,
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": self.issuer,
            "validFrom": self.valid_from,
            "credentialSubject": {
                "id": format!("{}#list", self.url),
                "type": "BitstringStatusList",
                "statusPurpose": self.purpose,
                "encodedList": self.bits.encode(),
                "ttl": TTL,
            },
        });
        if let Some(until) = self.valid_until {
            credential["validUntil"] = until.to_string().into();
        }
        let options = ProofOptions {
            verification_method: verification_method(self.issuer, key.public_key()),
            created: self.valid_from.to_string(),
            ..ProofOptions::default()
        };
        UnsignedCredential::from_json(&credential.to_string())?.sign(key, &options)
    }
}

impl Default for StatusBits {
    fn default() -> Self {
        Self(vec![0; (MIN_ENTRIES / 8) as usize])
    }
}

impl StatusBits {
    /// Unpacks `encodedList`.
    ///
    /// # Errors
    /// Why it cannot be unpacked.
    pub fn decode(encoded: &str) -> Result<Self, StatusFault> {
        let compressed = encoded
            .strip_prefix('u')
            .and_then(|text| URL_SAFE_NO_PAD.decode(text).ok())
            .ok_or(StatusFault::Malformed)?;
        Self::unpack(&compressed)
    }

    /// Unpacks the `encodedList` of a [StatusList2021], in Base64 of either alphabet.
    ///
    /// # Errors
    /// Why it cannot be unpacked.
    ///
    /// [StatusList2021]: https://www.w3.org/TR/2023/WD-vc-status-list-20230427/
    pub fn decode_2021(encoded: &str) -> Result<Self, StatusFault> {
        let text = encoded.trim_end_matches('=');
        let text = text.replace('+', "-").replace('/', "_");
        let compressed = URL_SAFE_NO_PAD.decode(text);
        Self::unpack(&compressed.map_err(|_| StatusFault::Malformed)?)
    }

    fn unpack(compressed: &[u8]) -> Result<Self, StatusFault> {
        let mut bytes = Vec::new();
        GzDecoder::new(compressed)
            .take(MAX_BYTES as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(|_| StatusFault::Malformed)?;
        if bytes.len() > MAX_BYTES {
            return Err(StatusFault::TooLarge);
        }
        Ok(Self(bytes))
    }

    /// Packs into `encodedList`; the same bits give the same text.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        // Writing to memory cannot fail.
        let packed = encoder
            .write_all(&self.0)
            .and_then(|()| encoder.finish())
            .unwrap_or_default();
        format!("u{}", URL_SAFE_NO_PAD.encode(packed))
    }

    /// How many entries of one bit there are.
    #[must_use]
    pub const fn entries(&self) -> u64 {
        self.0.len() as u64 * 8
    }

    /// The value of the entry of `size` bits (1 to 64); `None` beyond the end.
    #[must_use]
    pub fn get(&self, index: u64, size: u64) -> Option<u64> {
        let start = index.checked_mul(size)?;
        let end = start.checked_add(size)?;
        if end > self.entries() || !(1..=64).contains(&size) {
            return None;
        }
        Some((start..end).fold(0, |value, bit| value << 1 | u64::from(self.bit(bit))))
    }

    /// Whether this seems to be a list with a byte for each entry, which some issuers make: zeros and
    /// ones as text, or several bytes that are 1 while all others are 0.
    ///
    /// In a list of bits, four entries lie so in one case of 4,096, and eight hardly ever. Four are
    /// enough where the list is as long as one with a byte for each of the fewest entries must be.
    #[must_use]
    pub fn is_bytewise(&self) -> bool {
        let several = if self.0.len() as u64 >= MIN_ENTRIES {
            4
        } else {
            8
        };
        let text = self.0.iter().all(|byte| matches!(byte, b'0' | b'1'));
        let numbers = self.0.iter().all(|byte| *byte <= 1)
            && self.0.iter().filter(|byte| **byte == 1).count() >= several;
        !self.0.is_empty() && (text || numbers)
    }

    /// Sets or clears the entry of one bit; `false` beyond the end.
    #[must_use]
    pub fn set(&mut self, index: u64, value: bool) -> bool {
        let Some(byte) = self.0.get_mut((index / 8) as usize) else {
            return false;
        };
        let mask = 0x80 >> (index % 8);
        if value {
            *byte |= mask;
        } else {
            *byte &= !mask;
        }
        true
    }

    fn bit(&self, index: u64) -> bool {
        self.0
            .get((index / 8) as usize)
            .is_some_and(|byte| byte & 0x80 >> (index % 8) != 0)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_first_entry_is_the_most_significant_bit() {
        let mut bits = StatusBits::default();
        assert!(bits.set(0, true) && bits.set(9, true));
        assert_eq!(bits.0[..2], [0x80, 0x40]);
        let again = StatusBits::decode(&bits.encode()).unwrap();
        assert_eq!(again, bits);
        assert_eq!(
            [0, 1, 9, 131_071, 131_072].map(|index| again.get(index, 1)),
            [Some(1), Some(0), Some(1), Some(0), None]
        );
        assert_eq!(again.get(2, 4), Some(0b0100));
        assert!(bits.set(9, false) && bits.get(9, 1) == Some(0));
        assert!(!bits.set(131_072, true));
    }

    #[test]
    fn bombs_and_rubbish_are_refused() {
        let bomb = StatusBits(vec![0; MAX_BYTES + 1]).encode();
        assert!(bomb.len() < 16_384, "it is small until it is unpacked");
        assert_eq!(StatusBits::decode(&bomb), Err(StatusFault::TooLarge));
        for text in ["", "u", "uAAAA", "H4sIAAAA", "u====", "ü"] {
            assert_eq!(
                StatusBits::decode(text),
                Err(StatusFault::Malformed),
                "{text}"
            );
        }
        assert_eq!(StatusBits::default().get(u64::MAX, 2), None);
        assert_eq!(StatusBits::default().get(0, 65), None);
    }
}
