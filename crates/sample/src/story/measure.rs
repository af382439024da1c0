//! What is measured: values that follow the person's body and the course of the illnesses, with some noise.

use super::person::{Course, Person};
use crate::calendar::Date;
use crate::chance::Chance;
use crate::data::chronic::Kind;
use crate::data::laboratory::Analyte;

/// Blood pressure in mmHg and pulse per minute.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Circulation {
    pub(crate) systolic: i64,
    pub(crate) diastolic: i64,
    pub(crate) pulse: i64,
}

/// Blood pressure and pulse on `date`; `fever_tenths` above 37.0 °C quicken the pulse.
pub(crate) fn circulation(
    person: &Person,
    date: Date,
    fever_tenths: i64,
    chance: &mut Chance,
) -> Circulation {
    let age = i64::from(person.age(date));
    let own = own(person, 1, 7);
    let calm = 96 + (age.min(20) + age * 2) / 5 + own;
    let untreated = 150 + own + i64::from(winter(date)) * 6;
    let settled = 128 + own / 2 + i64::from(winter(date)) * 5;
    let middle = person
        .course(Kind::Hypertension, date)
        .map_or(calm.min(136), |course| settle(untreated + 8, settled, course, date, 3));
    let systolic = middle + chance.noise(9);
    let diastolic = systolic * (64 - age / 9) / 100 + chance.noise(5);
    let child_pulse = (14 - age).max(0) * 3;
    let pulse = 70 + child_pulse + own + fever_tenths.max(0) + chance.noise(8);
    Circulation { systolic, diastolic, pulse }
}

/// The values of one blood or urine sample, in units of each analyte's last place.
pub(crate) fn sample(
    person: &Person,
    analytes: &[Analyte],
    date: Date,
    inflamed: bool,
    chance: &mut Chance,
) -> Vec<(Analyte, i64)> {
    let mut values: Vec<(Analyte, i64)> =
        analytes.iter().map(|analyte| (*analyte, value(person, *analyte, date, inflamed, chance))).collect();
    // The filtration rate is worked out from the creatinine of the same sample.
    let drawn = values.iter().find(|(analyte, _)| *analyte == Analyte::Creatinine).map(|(_, value)| *value);
    if let Some(creatinine) = drawn {
        for (_, value) in values.iter_mut().filter(|(analyte, _)| *analyte == Analyte::Egfr) {
            *value = egfr(person, date, creatinine);
        }
    }
    values
}

/// The value of an analyte on `date`, in units of its last place; `inflamed` during an infection.
fn value(person: &Person, analyte: Analyte, date: Date, inflamed: bool, chance: &mut Chance) -> i64 {
    match analyte {
        Analyte::HbA1c => hba1c(person, date) + chance.noise(2),
        // Fasting glucose follows the average glucose of the last weeks (28.7 mg/dL for each percent).
        Analyte::Glucose => 287 * hba1c(person, date) / 100 - 57 + chance.noise(9),
        Analyte::Ldl => ldl(person, date) + chance.noise(9),
        Analyte::Hdl => person.sex.of([52, 63]) + own(person, 3, 12) + chance.noise(3),
        Analyte::Triglycerides => triglycerides(person, date) + chance.noise(24),
        Analyte::Ast => alt(person) * 2 / 5 + 13 + chance.noise(3),
        Analyte::Alt => alt(person) + chance.noise(4),
        Analyte::GammaGt => person.sex.of([34, 20]) + own(person, 6, 14) + chance.noise(4),
        Analyte::Creatinine => creatinine(person, date) + chance.noise(3),
        Analyte::Egfr => egfr(person, date, creatinine(person, date)),
        Analyte::UricAcid => uric_acid(person, date) + chance.noise(3),
        Analyte::Potassium => 43 + own(person, 9, 3) + chance.noise(2),
        Analyte::Leukocytes => leukocytes(person, inflamed, chance),
        Analyte::Haemoglobin => haemoglobin(person, date) + chance.noise(3),
        Analyte::Platelets => 240 + own(person, 11, 55) + chance.noise(15),
        Analyte::Crp if inflamed => chance.between(40, 320),
        Analyte::Crp => chance.between(2, 14),
        Analyte::UrineProtein => urine_protein(person, date, chance),
    }
}

/// eGFR of Japanese adults (194 × Cr^-1.094 × age^-0.287, women × 0.739) in tenths, from hundredths of mg/dL.
fn egfr(person: &Person, date: Date, creatinine_hundredths: i64) -> i64 {
    let creatinine = f64::from(i32::try_from(creatinine_hundredths).unwrap_or(100)) / 100.0;
    let age = f64::from(person.age(date).max(18));
    let rate = 194.0 * creatinine.powf(-1.094) * age.powf(-0.287) * person.sex.of([1.0, 0.739]);
    #[expect(clippy::cast_possible_truncation, reason = "a filtration rate is a few hundred at most")]
    let tenths = (rate * 10.0).round() as i64;
    tenths
}

/// How much of `start` is left on the way to `target`: half of the difference after `half_months`.
fn settle(start: i64, target: i64, course: &Course, date: Date, half_months: i64) -> i64 {
    let months = i64::from(date.months_since(course.onset).max(0));
    target + (start - target) * half_months / (half_months + months)
}

/// What is a person's own in one measurement: always the same number around 0.
fn own(person: &Person, topic: u64, spread: i64) -> i64 {
    Chance::new(person.seed, person.number, 500 + topic).noise(spread)
}

fn winter(date: Date) -> bool {
    matches!(date.month(), 12 | 1 | 2)
}

fn hba1c(person: &Person, date: Date) -> i64 {
    let healthy = 54 + own(person, 2, 3);
    person.course(Kind::Diabetes, date).map_or(healthy, |course| {
        let target = 68 + own(person, 2, 5);
        settle(target + 16 + own(person, 12, 10), target, course, date, 4) + i64::from(winter(date))
    })
}

fn ldl(person: &Person, date: Date) -> i64 {
    let healthy = 112 + own(person, 4, 24);
    person.course(Kind::Lipids, date).map_or(healthy, |course| {
        settle(172 + own(person, 13, 22), 102 + own(person, 4, 16), course, date, 1)
    })
}

fn triglycerides(person: &Person, date: Date) -> i64 {
    let raised = [Kind::Lipids, Kind::Diabetes]
        .into_iter()
        .filter(|kind| person.course(*kind, date).is_some())
        .count();
    95 + own(person, 5, 35) + i64::try_from(raised).unwrap_or(0) * 38
}

fn alt(person: &Person) -> i64 {
    person.sex.of([23, 16]) + own(person, 7, 9)
}

fn creatinine(person: &Person, date: Date) -> i64 {
    let healthy = person.sex.of([83, 63]) + own(person, 8, 12);
    person.course(Kind::Kidney, date).map_or(healthy, |course| {
        let slow_loss = i64::from(date.months_since(course.onset).clamp(0, 96)) / 6;
        person.sex.of([112, 88]) + own(person, 8, 12) + slow_loss
    })
}

fn uric_acid(person: &Person, date: Date) -> i64 {
    let healthy = person.sex.of([58, 45]) + own(person, 10, 8);
    person
        .course(Kind::UricAcid, date)
        .map_or(healthy, |course| settle(84 + own(person, 14, 6), 57 + own(person, 10, 4), course, date, 2))
}

fn leukocytes(person: &Person, inflamed: bool, chance: &mut Chance) -> i64 {
    let hundreds =
        58 + own(person, 15, 16) + chance.noise(6) + if inflamed { chance.between(10, 48) } else { 0 };
    hundreds * 100
}

fn haemoglobin(person: &Person, date: Date) -> i64 {
    let old = i64::from(person.age(date) - 70).max(0) / 2;
    let healthy = person.sex.of([150, 132]) + own(person, 16, 8) - old;
    person
        .course(Kind::Anaemia, date)
        .map_or(healthy, |course| settle(96 + own(person, 17, 8), healthy - 4, course, date, 2))
}

fn urine_protein(person: &Person, date: Date, chance: &mut Chance) -> i64 {
    let ill = person.course(Kind::Kidney, date).is_some();
    let diabetic = person.course(Kind::Diabetes, date).is_some();
    let highest = i64::from(ill) * 2 + i64::from(diabetic);
    (chance.between(0, highest.min(3)) + own(person, 18, 1)).clamp(0, 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ill(kind: Kind) -> impl Iterator<Item = (Person, Date)> {
        let today = Date::new(2026, 4, 1).unwrap();
        (0..1_000).filter_map(move |number| {
            let person = Person::new(6, number, today);
            let onset = person.course(kind, today).map(|course| course.onset)?;
            Some((person, onset))
        })
    }

    fn at(person: &Person, analyte: Analyte, date: Date) -> i64 {
        sample(person, &[analyte], date, false, &mut Chance::new(0, 0, 0))[0].1
    }

    #[test]
    fn treatment_brings_values_down() {
        for (kind, analyte) in [
            (Kind::Diabetes, Analyte::HbA1c),
            (Kind::Lipids, Analyte::Ldl),
            (Kind::UricAcid, Analyte::UricAcid),
        ] {
            let mut people = 0;
            for (person, onset) in ill(kind) {
                people += 1;
                assert!(at(&person, analyte, onset.plus_months(12)) < at(&person, analyte, onset));
            }
            assert!(people > 10, "{kind:?}");
        }
    }

    #[test]
    fn filtration_follows_the_creatinine_of_the_same_sample() {
        let person = Person::new(6, 0, Date::new(2026, 4, 1).unwrap());
        let today = person.birth.plus_months(60 * 12);
        // 194 × 0.80^-1.094 × 60^-0.287 = 76.5 for a man, × 0.739 for a woman.
        let expected = person.sex.of([765, 565]);
        assert!((egfr(&person, today, 80) - expected).abs() <= 1, "{}", egfr(&person, today, 80));
        let values =
            sample(&person, &[Analyte::Creatinine, Analyte::Egfr], today, false, &mut Chance::new(1, 1, 1));
        assert_eq!(values[1].1, egfr(&person, today, values[0].1));
    }
}
