//! Numbers as they are spelled in JSON, compared and divided without rounding.

use std::cmp::Ordering;

/// A number that JSON spells: `digits` times a power of ten.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decimal {
    is_negative: bool,
    /// Not divisible by ten, or zero.
    digits: u64,
    exponent: i64,
}

impl Decimal {
    /// Reads a number; `None` if it has more digits than 64 bits hold. Rust's integers and floats never do.
    pub(super) fn parse(spelled: &str) -> Option<Self> {
        let (is_negative, rest) = match spelled.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, spelled),
        };
        let (number, exponent) = match rest.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, exponent.parse().ok()?),
            None => (rest, 0),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let fraction = fraction.trim_end_matches('0');
        let mut digits = 0_u64;
        for digit in whole.bytes().chain(fraction.bytes()) {
            let digit = digit.is_ascii_digit().then(|| u64::from(digit - b'0'))?;
            digits = digits.checked_mul(10)?.checked_add(digit)?;
        }
        let mut exponent = i64::checked_sub(exponent, i64::try_from(fraction.len()).ok()?)?;
        while digits != 0 && digits.is_multiple_of(10) {
            digits /= 10;
            exponent = exponent.checked_add(1)?;
        }
        Some(Self {
            is_negative: is_negative && digits != 0,
            digits,
            exponent: if digits == 0 { 0 } else { exponent },
        })
    }

    /// Compares exactly.
    pub(super) fn compare(self, other: Self) -> Ordering {
        match (self.is_negative, other.is_negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => self.compare_size(other),
            (true, true) => other.compare_size(self),
        }
    }

    fn compare_size(self, other: Self) -> Ordering {
        if self.digits == 0 || other.digits == 0 {
            return self.digits.cmp(&other.digits);
        }
        let places =
            |number: Self| i64::from(number.digits.ilog10()).saturating_add(number.exponent);
        places(self).cmp(&places(other)).then_with(|| {
            // As many places before the point, so both can be brought to twenty digits.
            let aligned =
                |number: Self| u128::from(number.digits) * 10_u128.pow(19 - number.digits.ilog10());
            aligned(self).cmp(&aligned(other))
        })
    }

    /// Whether this is a whole multiple of `step`; nothing is one of zero.
    pub(super) fn is_multiple_of(self, step: Self) -> bool {
        if self.digits == 0 || step.digits == 0 {
            return step.digits != 0;
        }
        let step_digits = u128::from(step.digits);
        let Some(shift) = self.exponent.checked_sub(step.exponent) else {
            return false;
        };
        match (u32::try_from(shift), u32::try_from(-shift)) {
            (Ok(shift), _) => {
                let rest = u128::from(self.digits) % step_digits;
                (rest * power(shift, step_digits)).is_multiple_of(step_digits)
            }
            // The last digit is not zero: it would have to be divisible by ten.
            _ => false,
        }
    }
}

/// Ten to the power of `exponent`, modulo `modulus`, which has 64 bits at most.
fn power(mut exponent: u32, modulus: u128) -> u128 {
    let (mut base, mut result) = (10 % modulus, 1 % modulus);
    while exponent > 0 {
        if exponent % 2 == 1 {
            result = result * base % modulus;
        }
        base = base * base % modulus;
        exponent /= 2;
    }
    result
}
