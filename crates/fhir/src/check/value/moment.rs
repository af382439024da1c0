//! Dates and times as R4 writes them: real days of the calendar, and a time zone wherever there is a time with a date.

use crate::codes::content as codes;
use base::Code;

/// What is wrong, if anything.
type Fault = Option<&'static Code>;

/// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
pub(super) fn date(text: &str) -> Fault {
    let mut rest = Rest(text.as_bytes());
    rest.date().map_or_else(Some, |_| rest.end())
}

/// A date, or a day with time and zone.
pub(super) fn date_time(text: &str) -> Fault {
    let mut rest = Rest(text.as_bytes());
    match rest.date() {
        Err(code) => Some(code),
        Ok(Precision::Day) if rest.takes(b'T') => rest.time_and_zone(),
        Ok(_) => rest.end(),
    }
}

/// A day with time and zone.
pub(super) fn instant(text: &str) -> Fault {
    let mut rest = Rest(text.as_bytes());
    match rest.date() {
        Err(code) => Some(code),
        Ok(Precision::Day) if rest.takes(b'T') => rest.time_and_zone(),
        Ok(_) => Some(&codes::VALUE_FORM),
    }
}

/// `hh:mm:ss` with a fraction.
pub(super) fn time(text: &str) -> Fault {
    let mut rest = Rest(text.as_bytes());
    rest.clock().map_or(Some(&codes::VALUE_FORM), |()| rest.end())
}

/// How exactly a date is given.
#[derive(PartialEq, Eq)]
enum Precision {
    Year,
    Month,
    Day,
}

/// What is left to read.
struct Rest<'t>(&'t [u8]);

impl Rest<'_> {
    fn takes(&mut self, wanted: u8) -> bool {
        match self.0 {
            [first, rest @ ..] if *first == wanted => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    /// The number that the next `count` digits are.
    fn number(&mut self, count: usize) -> Option<u16> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        let mut value = 0_u16;
        for digit in digits {
            let digit = digit.is_ascii_digit().then(|| digit.wrapping_sub(b'0'))?;
            value = value.checked_mul(10)?.checked_add(u16::from(digit))?;
        }
        self.0 = rest;
        Some(value)
    }

    /// Two digits that are at most `most`.
    fn pair(&mut self, most: u16) -> Option<u16> {
        self.number(2).filter(|value| *value <= most)
    }

    fn end(&self) -> Fault {
        (!self.0.is_empty()).then_some(&codes::VALUE_FORM)
    }

    fn date(&mut self) -> Result<Precision, &'static Code> {
        let form = &codes::VALUE_FORM;
        let year = self.number(4).filter(|year| *year > 0).ok_or(form)?;
        if !self.takes(b'-') {
            return Ok(Precision::Year);
        }
        let month = self.number(2).ok_or(form)?;
        if !(1..=12).contains(&month) {
            return Err(&codes::CALENDAR);
        }
        if !self.takes(b'-') {
            return Ok(Precision::Month);
        }
        let day = self.number(2).ok_or(form)?;
        if (1..=days_in(year, month)).contains(&day) { Ok(Precision::Day) } else { Err(&codes::CALENDAR) }
    }

    fn clock(&mut self) -> Option<()> {
        self.pair(23)?;
        self.takes(b':').then_some(())?;
        self.pair(59)?;
        self.takes(b':').then_some(())?;
        // 60 is a leap second.
        self.pair(60)?;
        if self.takes(b'.') {
            let digits = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
            self.0 = self.0.get(digits..).filter(|_| digits > 0)?;
        }
        Some(())
    }

    fn time_and_zone(&mut self) -> Fault {
        if self.clock().is_none() {
            return Some(&codes::VALUE_FORM);
        }
        if self.0.is_empty() {
            return Some(&codes::ZONE);
        }
        self.zone().map_or(Some(&codes::VALUE_FORM), |()| self.end())
    }

    /// `Z`, or an offset of at most 14 hours.
    fn zone(&mut self) -> Option<()> {
        if self.takes(b'Z') {
            return Some(());
        }
        (self.takes(b'+') || self.takes(b'-')).then_some(())?;
        let hours = self.pair(14)?;
        self.takes(b':').then_some(())?;
        let minutes = self.pair(59)?;
        (hours < 14 || minutes == 0).then_some(())
    }
}

fn days_in(year: u16, month: u16) -> u16 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}
