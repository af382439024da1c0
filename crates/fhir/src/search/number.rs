//! Number values (FHIR R4, search, number): exact decimals, compared by the bytes under which they are kept.
//!
//! `100` means [99.5, 100.5), `100.00` [99.995, 100.005): half a unit of the last place written, to either side. With an
//! exponent R4 counts one place more: `1e2` is [95, 105). The other prefixes take the number exactly; `ap` is a tenth to
//! either side.

use super::prefix::Prefix;
use super::value::{Match, bad};
use crate::codes::search as codes;
use crate::terms::decimal::Decimal;
use base::{Code, Problem};

/// Most digits in a number asked for.
const DIGITS_MAX: usize = 34;

/// Furthest exponent of a number asked for, so that its neighbours still differ from it.
const EXPONENT_MAX: u64 = 1_000_000;

/// Kept numbers from one up to another, as bytes; an open side is `None`.
pub(super) struct Numbers {
    from: Option<Vec<u8>>,
    until: Option<Vec<u8>>,
}

impl Numbers {
    /// The terms in which such a number stands behind `prefix`.
    pub(super) fn behind(self, prefix: &[u8]) -> Match {
        let joined = |side: &[u8]| [prefix, side].concat();
        // No number begins with `ff`.
        Match::between(
            joined(&self.from.unwrap_or_default()),
            joined(self.until.as_deref().unwrap_or(&[0xFF])),
        )
    }
}

/// The matches for one value.
pub(super) fn matches(code: &str, value: &str) -> Result<Vec<Match>, Problem> {
    let found = numbers(&codes::BAD_NUMBER, code, value)?;
    Ok(found.into_iter().map(|numbers| numbers.behind(&[1])).collect())
}

/// The numbers that `value`, with its prefix, asks for.
pub(super) fn numbers(problem: &'static Code, code: &str, value: &str) -> Result<Vec<Numbers>, Problem> {
    let (prefix, text) = Prefix::split(code, value)?;
    let asked = Asked::read(text).ok_or_else(|| bad(problem, code, value))?;
    let within = |(from, until)| vec![Numbers { from: Some(from), until: Some(until) }];
    let above = |from| vec![Numbers { from: Some(from), until: None }];
    let below = |until| vec![Numbers { from: None, until: Some(until) }];
    Ok(match prefix {
        Prefix::Equal => within(asked.written()),
        Prefix::NotEqual => {
            let (from, until) = asked.written();
            below(from).into_iter().chain(above(until)).collect()
        }
        Prefix::Greater | Prefix::StartsAfter => above(after(asked.exactly())),
        Prefix::GreaterOrEqual => above(asked.exactly()),
        Prefix::Less | Prefix::EndsBefore => below(asked.exactly()),
        Prefix::LessOrEqual => below(after(asked.exactly())),
        Prefix::Approximately => within(asked.roughly()),
    })
}

/// Behind every term that holds the number.
fn after(mut number: Vec<u8>) -> Vec<u8> {
    number.push(0xFF);
    number
}

/// A number asked for: `amount` × 10^`exponent`.
struct Asked {
    amount: i128,
    exponent: i64,
    scientific: bool,
}

impl Asked {
    fn read(text: &str) -> Option<Self> {
        let number = Decimal::parse(text)?;
        if number.digits.len() > DIGITS_MAX || number.exponent.unsigned_abs() > EXPONENT_MAX {
            return None;
        }
        let digits = number.digits.iter().map(|digit| i128::from(*digit));
        let amount = digits.fold(0_i128, |amount, digit| amount.saturating_mul(10).saturating_add(digit));
        let amount = if number.negative { amount.saturating_neg() } else { amount };
        Some(Self { amount, exponent: number.exponent, scientific: text.contains(['e', 'E']) })
    }

    fn exactly(&self) -> Vec<u8> {
        encoded(self.amount, self.exponent)
    }

    /// By the precision in which it is written.
    fn written(&self) -> (Vec<u8>, Vec<u8>) {
        let (times, places) = if self.scientific { (100, 2) } else { (10, 1) };
        let (amount, exponent) = (self.amount.saturating_mul(times), self.exponent.saturating_sub(places));
        (encoded(amount.saturating_sub(5), exponent), encoded(amount.saturating_add(5), exponent))
    }

    /// A tenth to either side, both ends inside.
    fn roughly(&self) -> (Vec<u8>, Vec<u8>) {
        let (nine, eleven) = (self.amount.saturating_mul(9), self.amount.saturating_mul(11));
        let exponent = self.exponent.saturating_sub(1);
        (encoded(nine.min(eleven), exponent), after(encoded(nine.max(eleven), exponent)))
    }
}

fn encoded(amount: i128, exponent: i64) -> Vec<u8> {
    let digits = amount.unsigned_abs().to_string().bytes().map(|digit| digit.saturating_sub(b'0')).collect();
    Decimal { negative: amount < 0, digits, exponent }.encoded()
}
