//! Base58 in Bitcoin's alphabet, five digits at a time: a signature takes a tenth of the time that
//! it takes digit by digit, which was as long as signing itself.

const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// How many digits are dealt with at a time, and their radix: 58⁵ fits 32 bits.
const DIGITS: usize = 5;
const RADIX: u64 = 58 * 58 * 58 * 58 * 58;

/// Writes a number's big-endian bytes; each leading zero byte is a `1`.
pub(super) fn encode(bytes: &[u8], out: &mut String) {
    let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
    let mut number: Vec<u32> = bytes[zeros..]
        .rchunks(4)
        .rev()
        .map(|chunk| {
            chunk
                .iter()
                .fold(0, |limb, &byte| limb << 8 | u32::from(byte))
        })
        .collect();
    let mut digits = Vec::with_capacity(bytes.len() * 7 / 5 + DIGITS);
    let mut start = 0;
    while start < number.len() {
        let mut remainder = 0;
        for limb in &mut number[start..] {
            let dividend = remainder << 32 | u64::from(*limb);
            *limb = (dividend / RADIX) as u32;
            remainder = dividend % RADIX;
        }
        for _ in 0..DIGITS {
            digits.push(ALPHABET[(remainder % 58) as usize]);
            remainder /= 58;
        }
        start += number[start..]
            .iter()
            .take_while(|&&limb| limb == 0)
            .count();
    }
    while digits.last() == Some(&b'1') {
        digits.pop();
    }
    out.extend(std::iter::repeat_n('1', zeros));
    out.extend(digits.iter().rev().map(|&digit| char::from(digit)));
}

/// Reads what [`encode`] wrote; `None` for other characters.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let ones = text.bytes().take_while(|&digit| digit == b'1').count();
    let digits = &text.as_bytes()[ones..];
    // Little-endian limbs.
    let mut number: Vec<u32> = Vec::with_capacity(digits.len() / DIGITS + 1);
    for chunk in digits.chunks(DIGITS) {
        let mut carry = 0;
        let mut radix = 1;
        for &digit in chunk {
            carry = carry * 58 + u64::from(value(digit)?);
            radix *= 58;
        }
        for limb in &mut number {
            carry += u64::from(*limb) * radix;
            *limb = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            number.push(carry as u32);
        }
    }
    let mut bytes = vec![0; ones];
    let significant = number.iter().rev().flat_map(|limb| limb.to_be_bytes());
    bytes.extend(significant.skip_while(|&byte| byte == 0));
    Some(bytes)
}

fn value(digit: u8) -> Option<u8> {
    const VALUES: [u8; 256] = {
        let mut values = [u8::MAX; 256];
        let mut index = 0;
        while index < ALPHABET.len() {
            values[ALPHABET[index] as usize] = index as u8;
            index += 1;
        }
        values
    };
    let value = VALUES[usize::from(digit)];
    (value != u8::MAX).then_some(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn encoded(bytes: &[u8]) -> String {
        let mut out = String::new();
        encode(bytes, &mut out);
        out
    }

    proptest! {
        #[test]
        fn agrees_with_bs58(zeros in 0usize..4, rest in proptest::collection::vec(any::<u8>(), 0..80)) {
            let bytes = [vec![0; zeros], rest].concat();
            let text = encoded(&bytes);
            prop_assert_eq!(&text, &bs58::encode(&bytes).into_string());
            prop_assert_eq!(decode(&text), Some(bytes));
        }

        #[test]
        fn reads_the_same_texts(text in "[1-9A-HJ-NP-Za-km-z0OIl]{0,100}") {
            prop_assert_eq!(decode(&text), bs58::decode(&text).into_vec().ok());
        }
    }
}
