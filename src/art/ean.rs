//! EAN-13: check digits and the bars themselves.

/// Modules of a whole symbol, quiet zones left out.
pub(super) const MODULES: usize = 95;

/// Bars of the digits 0 to 9 in odd parity (set L), seven modules each, most significant first. Set R is its
/// complement, set G is R read backwards.
const ODD: [u8; 10] = [0x0d, 0x19, 0x13, 0x3d, 0x23, 0x31, 0x2f, 0x3b, 0x37, 0x0b];

/// Which of the six left digits are in set G (bit 5 is the first of them), by the leading digit that they encode.
const PARITY: [u8; 10] = [0x00, 0x0b, 0x0d, 0x0e, 0x13, 0x19, 0x1c, 0x15, 0x16, 0x1a];

/// The check digit of the first twelve digits, each 0 to 9.
fn check_digit(digits: &[u8]) -> u8 {
    let sum: u32 =
        digits.iter().take(12).enumerate().map(|(i, &d)| u32::from(d) * if i % 2 == 0 { 1 } else { 3 }).sum();
    u8::try_from((10 - sum % 10) % 10).unwrap_or(0)
}

/// Thirteen digits as text: `payload`'s last twelve decimal digits and their check digit.
pub(super) fn with_check_digit(payload: u64) -> String {
    let text = format!("{:012}", payload % 1_000_000_000_000);
    let digits: Vec<u8> = text.bytes().map(|b| b - b'0').collect();
    format!("{text}{}", check_digit(&digits))
}

/// The digits of a well-formed code with the right check digit.
fn digits(code: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = code.bytes().filter(u8::is_ascii_digit).map(|b| b - b'0').collect();
    (code.len() == 13 && digits.len() == 13 && digits[12] == check_digit(&digits)).then_some(digits)
}

/// Whether `code` is thirteen digits of which the last is the check digit.
#[must_use]
pub fn is_valid_ean13(code: &str) -> bool {
    digits(code).is_some()
}

/// The symbol from left to right, true where it is dark; `None` when the code is not valid.
pub(super) fn bars(code: &str) -> Option<[bool; MODULES]> {
    let digits = digits(code)?;
    let mut modules = Vec::with_capacity(MODULES);
    let mut push = |pattern: u8, width: u32| {
        modules.extend((0..width).rev().map(|bit| pattern >> bit & 1 == 1));
    };
    push(0b101, 3);
    let parity = PARITY[usize::from(digits[0])];
    for place in 0..6_u8 {
        let odd = ODD[usize::from(digits[usize::from(place) + 1])];
        let right = !odd & 0x7f;
        push(if parity >> (5 - place) & 1 == 1 { right.reverse_bits() >> 1 } else { odd }, 7);
    }
    push(0b01010, 5);
    for digit in &digits[7..] {
        push(!ODD[usize::from(*digit)] & 0x7f, 7);
    }
    push(0b101, 3);
    modules.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a symbol as a scanner does, from its own table of run lengths (space, bar, space, bar; or the
    /// other way round in the right half), which says nothing about sets of bit patterns.
    fn decode(bars: &[bool; MODULES]) -> Option<String> {
        const RUNS: [[usize; 4]; 10] = [
            [3, 2, 1, 1],
            [2, 2, 2, 1],
            [2, 1, 2, 2],
            [1, 4, 1, 1],
            [1, 1, 3, 2],
            [1, 2, 3, 1],
            [1, 1, 1, 4],
            [1, 3, 1, 2],
            [1, 2, 1, 3],
            [3, 1, 1, 2],
        ];
        const LEADING: [&str; 10] = [
            "OOOOOO", "OOEOEE", "OOEEOE", "OOEEEO", "OEOOEE", "OEEOOE", "OEEEOO", "OEOEOE", "OEOEEO",
            "OEEOEO",
        ];
        let runs = |modules: &[bool]| {
            let mut runs: Vec<usize> = vec![1];
            for pair in modules.windows(2) {
                if pair[0] == pair[1] {
                    *runs.last_mut().unwrap() += 1;
                } else {
                    runs.push(1);
                }
            }
            runs
        };
        let read = |modules: &[bool]| {
            let mut found = runs(modules);
            let odd = RUNS.iter().position(|r| r.as_slice() == found);
            found.reverse();
            let even = RUNS.iter().position(|r| r.as_slice() == found);
            odd.map(|d| (d, 'O')).or(even.map(|d| (d, 'E')))
        };
        if bars[..3] != [true, false, true] || bars[92..] != [true, false, true] {
            return None;
        }
        if bars[45..50] != [false, true, false, true, false] {
            return None;
        }
        let left: Vec<(usize, char)> =
            (0..6).map(|i| read(&bars[3 + 7 * i..10 + 7 * i])).collect::<Option<_>>()?;
        let right: Vec<(usize, char)> =
            (0..6).map(|i| read(&bars[50 + 7 * i..57 + 7 * i])).collect::<Option<_>>()?;
        let parity: String = left.iter().map(|(_, p)| *p).collect();
        let first = LEADING.iter().position(|p| *p == parity)?;
        let all = std::iter::once(first).chain(left.iter().chain(&right).map(|(d, _)| *d));
        Some(all.map(|d| d.to_string()).collect())
    }

    #[test]
    fn a_scanner_reads_back_what_was_drawn() {
        for payload in (0..2_000).map(|i: u64| i * 499_999_993 + 7) {
            let code = with_check_digit(payload);
            assert_eq!(decode(&bars(&code).unwrap()).as_ref(), Some(&code), "every code survives");
        }
    }

    #[test]
    fn a_flipped_module_is_noticed() {
        let code = with_check_digit(210_001_234_567);
        let mut symbol = bars(&code).unwrap();
        symbol[20] = !symbol[20];
        assert_ne!(decode(&symbol), Some(code), "the decoder can fail");
    }

    #[test]
    fn check_digits_are_the_standards_own() {
        assert!(is_valid_ean13("4006381333931"), "the standard's worked example");
        for wrong in ["4006381333930", "400638133393", "40063813339311", "400638133393x", ""] {
            assert!(!is_valid_ean13(wrong), "'{wrong}' is no code");
        }
    }
}
