//! Which visits there were: from the last one backwards, until there is enough to tell.

use super::person::Person;
use super::visit::{Reason, Visit, active};
use crate::calendar::Date;
use crate::chance::Chance;
use crate::data::acute::{ACUTE, Acute, Sex};
use crate::data::vaccines::{CHILDHOOD, COVID, INFLUENZA, PNEUMOCOCCUS_OLD, Vaccine};

/// Records go back at most this far.
const YEARS_MAX: i32 = 8;
/// Fewest days between two visits; what would come sooner is left out.
const DAYS_BETWEEN: i32 = 4;
/// Resources of one patient, about.
const RESOURCES: (i64, i64) = (48, 74);

/// Something that brings the patient to the clinic.
#[derive(Clone, Copy, Debug)]
struct Event {
    date: Date,
    reason: Reason,
}

/// The visits of `person` before `today`, the oldest first.
pub(crate) fn visits(person: &Person, today: Date) -> Vec<Visit> {
    let mut chance = Chance::new(person.seed, person.number, 2);
    let mut left = usize::try_from(chance.between(RESOURCES.0, RESOURCES.1)).unwrap_or(0);
    let mut visits: Vec<Visit> = Vec::new();
    let mut reviews: u32 = 0;
    for event in events(person, today, &mut chance) {
        if left == 0 {
            break;
        }
        let deep = match event.reason {
            Reason::Review(_) => {
                reviews += 1;
                reviews % 2 == 1
            }
            Reason::Checkup => true,
            Reason::Acute(_) | Reason::Shots(_) => false,
        };
        let visit = Visit::new(person, event.date, event.reason, deep, &mut chance);
        left = left.saturating_sub(visit.resources());
        visits.push(visit);
    }
    visits.reverse();
    visits
}

/// Everything that could have brought the patient, the latest first, with some days between.
fn events(person: &Person, today: Date, chance: &mut Chance) -> Vec<Event> {
    let first = today.plus_months(-12 * YEARS_MAX).max(person.birth.plus_days(40));
    let mut events = reviews(person, first, today, chance);
    events.extend(illnesses(person, first, today, chance));
    events.extend(shots(person, today, chance));
    events.extend(checkups(person, today, chance));
    for event in &mut events {
        event.date = event.date.open_day();
    }
    events.retain(|event| event.date >= first && event.date < today);
    events.sort_by_key(|event| std::cmp::Reverse(event.date));
    events.dedup_by(|earlier, later| earlier.date.plus_days(DAYS_BETWEEN) > later.date);
    events
}

fn reviews(person: &Person, first: Date, today: Date, chance: &mut Chance) -> Vec<Event> {
    let monthly = person
        .courses
        .iter()
        .any(|course| course.lines(false).iter().any(|line| line.medicine.days_max < 31));
    let interval = if monthly { 28 } else { *chance.pick(&[42, 56, 84, 84, 91]) };
    let mut events = Vec::new();
    let mut date = today.plus_days(-chance.days(1, interval));
    let mut days = interval;
    while date >= first {
        if active(person, date).next().is_none() {
            break;
        }
        let reason = Reason::Review(u32::try_from((days + 6) / 7 * 7).unwrap_or(28));
        events.push(Event { date, reason });
        days = interval + chance.days(-3, 3);
        date = date.plus_days(-days);
    }
    events
}

fn illnesses(person: &Person, first: Date, today: Date, chance: &mut Chance) -> Vec<Event> {
    let mut events = Vec::new();
    let mut date = today.plus_days(-chance.days(1, 60));
    while date >= first {
        events
            .extend(illness(person, date, chance).map(|acute| Event { date, reason: Reason::Acute(acute) }));
        let gap = match person.age(date) {
            ..6 => (30, 130),
            6..15 => (60, 240),
            _ if person.courses.is_empty() => (50, 230),
            _ => (110, 420),
        };
        date = date.plus_days(-chance.days(gap.0, gap.1));
    }
    events
}

fn illness(person: &Person, date: Date, chance: &mut Chance) -> Option<&'static Acute> {
    let age = person.age(date);
    let fits = |acute: &Acute| {
        let season = acute.months.is_empty() || acute.months.contains(&date.month());
        let sex = !acute.women_only || person.sex == Sex::Female;
        season && sex && (acute.ages.0..=acute.ages.1).contains(&age)
    };
    ACUTE.get(chance.weighted(ACUTE.iter().map(|acute| if fits(acute) { acute.weight } else { 0 })))
}

const INFLUENZA_FIRST: &[(&Vaccine, u32)] = &[(&INFLUENZA, 1)];
const INFLUENZA_SECOND: &[(&Vaccine, u32)] = &[(&INFLUENZA, 2)];
const COVID_ONCE: &[(&Vaccine, u32)] = &[(&COVID, 1)];
const PNEUMOCOCCUS_ONCE: &[(&Vaccine, u32)] = &[(&PNEUMOCOCCUS_OLD, 1)];

fn shots(person: &Person, today: Date, chance: &mut Chance) -> Vec<Event> {
    let mut events = Vec::new();
    for appointment in CHILDHOOD {
        let date = person.birth.plus_months(appointment.age_months).plus_days(chance.days(2, 20));
        events.push(Event { date, reason: Reason::Shots(appointment.shots) });
    }
    let willing = chance.percent(65);
    for year in (today.year() - YEARS_MAX)..=today.year() {
        let autumn = u16::try_from(year).ok().and_then(|year| Date::new(year, 10, 15));
        let Some(date) = autumn.map(|date| date.plus_days(chance.days(0, 50))) else { continue };
        events.extend(autumn_shots(person, date, willing, chance));
    }
    if chance.percent(50) {
        let date = person.birth.plus_months(65 * 12 + chance.days(1, 10));
        events.push(Event { date, reason: Reason::Shots(PNEUMOCOCCUS_ONCE) });
    }
    events
}

fn autumn_shots(person: &Person, date: Date, willing: bool, chance: &mut Chance) -> Vec<Event> {
    let age = person.age(date);
    let mut events = Vec::new();
    if date.months_since(person.birth) >= 6 && willing && chance.percent(85) {
        events.push(Event { date, reason: Reason::Shots(INFLUENZA_FIRST) });
        if age < 13 {
            events.push(Event { date: date.plus_days(24), reason: Reason::Shots(INFLUENZA_SECOND) });
        }
    }
    if age >= 65 && willing && chance.percent(40) {
        events.push(Event { date: date.plus_days(15), reason: Reason::Shots(COVID_ONCE) });
    }
    events
}

fn checkups(person: &Person, today: Date, chance: &mut Chance) -> Vec<Event> {
    let measured = person.courses.iter().any(|course| !course.chronic.analytes.is_empty());
    let willing = !measured && chance.percent(60);
    let years = (0..YEARS_MAX).filter(|_| willing);
    let dates = years.map(|years| today.plus_months(-12 * years).plus_days(-chance.days(10, 150)));
    let grown = dates.filter(|date| person.age(*date) >= 30);
    grown.map(|date| Event { date, reason: Reason::Checkup }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visits_go_forward_in_time_and_end_before_today() {
        let today = Date::new(2026, 4, 1).unwrap();
        for number in 0..300 {
            let person = Person::new(9, number, today);
            let visits = visits(&person, today);
            let dates: Vec<Date> = visits.iter().map(|visit| visit.start.date).collect();
            assert!(!dates.is_empty());
            assert!(dates.is_sorted_by(|earlier, later| earlier < later), "{dates:?}");
            assert!(dates.iter().all(|date| *date < today && *date > person.birth && !date.is_sunday()));
        }
    }
}
