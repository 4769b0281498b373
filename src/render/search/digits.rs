//! Numbers as text: lists of documents are written in 90 characters, none
//! of which JSON has to escape. That is a third of the size of decimal
//! numbers, and as fast to read.

/// Values of a character.
const N_VALUES: u8 = 90;
/// A digit of a number; with this added, another digit follows.
const BASE: u32 = 45;

/// The greatest code of a weight.
pub const MAX_WEIGHT: u8 = N_VALUES - 1;

/// Stands between the number of documents and those that are listed.
pub const CAPPED: u8 = b'~';
/// Stands between the fields of a term.
pub const NEXT_FIELD: u8 = b'!';

/// Returns the character of a value below 90.
pub fn character(value: u8) -> u8 {
    // The backslash is left out.
    value + 35 + u8::from(value >= 57)
}

/// Returns the value of a character.
pub fn value(character: u8) -> Option<u8> {
    match character {
        35..=91 => Some(character - 35),
        93..=125 => Some(character - 36),
        _ => None,
    }
}

/// Returns two characters that a text shares with few others, whatever
/// spaces it has.
pub fn mark(text: &str) -> String {
    const N_MARKS: u32 = N_VALUES as u32 * N_VALUES as u32;
    let chars = text.chars().filter(|c| !c.is_whitespace());
    let mark = chars.fold(0, |mark, c| (mark * 31 + u32::from(c)) % N_MARKS);
    let values = [mark / u32::from(N_VALUES), mark % u32::from(N_VALUES)];
    values.iter().map(|value| char::from(character(*value as u8))).collect()
}

/// Appends a number.
pub fn push_number(out: &mut Vec<u8>, number: u32) {
    if number < BASE {
        return out.push(character(number as u8));
    }
    let mut digits = [0_u8; 6];
    let mut first = digits.len();
    let mut rest = number;
    loop {
        first -= 1;
        digits[first] = (rest % BASE) as u8;
        rest /= BASE;
        if rest == 0 {
            break;
        }
    }
    let last = digits.len() - 1;
    out.extend(digits[first..last].iter().map(|digit| character(digit + BASE as u8)));
    out.push(character(digits[last]));
}

/// Takes a number off the front of some text.
pub fn number(text: &mut &[u8]) -> Option<u32> {
    let mut number = 0_u32;
    loop {
        let digit = u32::from(weight(text)?);
        if digit < BASE {
            return number.checked_mul(BASE)?.checked_add(digit);
        }
        number = number.checked_mul(BASE)?.checked_add(digit - BASE)?;
    }
}

/// Returns how many digits the number has that a text begins with.
pub fn n_digits(text: &[u8]) -> usize {
    let goes_on = |digit: &&u8| value(**digit).is_some_and(|value| u32::from(value) >= BASE);
    text.iter().take_while(goes_on).count() + 1
}

/// Takes a weight off the front of some text.
pub fn weight(text: &mut &[u8]) -> Option<u8> {
    let (first, rest) = text.split_first()?;
    let value = value(*first)?;
    *text = rest;
    Some(value)
}

/// Returns the code of elasticlunr's `tf` with the norm of the field in
/// it, `√(count / length)`: six for each halving of `count / length`,
/// rounded. It is found by comparing, so that it is the same on every
/// machine.
pub fn weight_code(count: u32, length: u32) -> u8 {
    /// Powers of two with the exponents 1/12, 3/12 … 11/12.
    const STEPS: [f64; 6] = [
        1.059_463_094_359_295_3,
        1.189_207_115_002_721,
        1.334_839_854_170_034_4,
        1.498_307_076_876_681_5,
        1.681_792_830_507_429,
        1.887_748_625_363_387,
    ];
    if count >= length {
        return 0;
    }
    let mut ratio = f64::from(length) / f64::from(count.max(1));
    let exponent = (ratio.to_bits() >> 52) - 1023;
    ratio = f64::from_bits(ratio.to_bits() & ((1 << 52) - 1) | 1023 << 52);
    let steps = STEPS.iter().filter(|step| ratio >= **step).count() as u64;
    (exponent * 6 + steps).min(u64::from(MAX_WEIGHT)) as u8
}

/// Returns the `tf` of a code.
pub fn weight_of(code: u8) -> f64 {
    (-f64::from(code) / 12.0).exp2()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_plain_in_json() {
        for n in 0..N_VALUES {
            let c = character(n);
            assert_eq!(value(c), Some(n));
            assert!(c.is_ascii_graphic() && !matches!(c, b'"' | b'\\' | CAPPED | NEXT_FIELD));
        }
        for c in [b' ', b'"', b'\\', CAPPED, NEXT_FIELD, 0x7f, 0xe4] {
            assert_eq!(value(c), None);
        }
    }

    #[test]
    fn numbers_come_back() {
        for expected in [0, 1, 44, 45, 46, 2024, 2025, 91_124, 91_125, 4_100_624, u32::MAX] {
            let mut out = Vec::new();
            push_number(&mut out, expected);
            let mut text = &*out;
            assert_eq!(number(&mut text), Some(expected));
            assert!(text.is_empty());
        }
        let mut text: &[u8] = b"}}}}}}}}}#";
        assert_eq!(number(&mut text), None, "it is too large");
        assert_eq!(number(&mut &b"}"[..]), None, "it has no end");
    }

    #[test]
    fn marks_are_those_that_a_browser_makes() {
        let marks = ["retry policy", "retrypolicy", "setup", "", "検索サービス"].map(mark);
        assert_eq!(marks, ["sW", "sW", "Gu", "##", "1:"]);
    }

    #[test]
    fn weights_are_near_the_truth() {
        for length in [1, 2, 3, 7, 29, 400, 12_345, 100_000] {
            for count in [1, 2, 3, 5, 28, 399] {
                let code = weight_code(count, length);
                let truth = (f64::from(count) / f64::from(length)).sqrt().min(1.0);
                if code < MAX_WEIGHT {
                    assert!((weight_of(code) / truth).ln().abs() <= 0.029, "{count}/{length}: {code}");
                }
            }
        }
        assert_eq!(weight_code(1, 1), 0);
        assert_eq!(weight_code(1, 2), 6);
        assert_eq!(weight_code(5, 1), 0);
        assert_eq!(weight_code(1, u32::MAX), MAX_WEIGHT);
        assert_eq!(weight_code(0, 0), 0);
    }
}
