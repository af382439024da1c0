//! One visit to the clinic: why, what is measured, done and prescribed.

use super::person::Person;
use crate::calendar::{Date, Moment};
use crate::chance::Chance;
use crate::data::acute::Acute;
use crate::data::laboratory::Analyte;
use crate::data::medicines::{self, Dose, Line, Way};
use crate::data::procedures::{self, Procedure};
use crate::data::staff::{INTERNAL, Member};
use crate::data::vaccines::Vaccine;
use crate::json::Decimal;

/// Why somebody came.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reason {
    /// A long illness is looked after; the days to the next review.
    Review(u32),
    Acute(&'static Acute),
    Shots(&'static [(&'static Vaccine, u32)]),
    Checkup,
}

/// A line of a prescription with the amounts worked out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Prescribed {
    pub(crate) line: Line,
    /// How much at once.
    pub(crate) dose: Decimal,
    /// How much in all.
    pub(crate) total: Decimal,
    /// For how many days, where it is taken by days.
    pub(crate) days: Option<u32>,
}

/// A visit.
#[derive(Debug)]
pub(crate) struct Visit {
    pub(crate) start: Moment,
    pub(crate) minutes: u32,
    pub(crate) reason: Reason,
    pub(crate) physician: &'static Member,
    pub(crate) prescribed: Vec<Prescribed>,
    pub(crate) analytes: Vec<Analyte>,
    pub(crate) procedures: Vec<&'static Procedure>,
    /// Height and weight are taken.
    pub(crate) weighed: bool,
    /// Tenths of a degree, where temperature is taken.
    pub(crate) temperature: Option<i64>,
    /// Left or right, where it is part of the diagnosis.
    pub(crate) side: Option<Side>,
}

/// A side of the body: code of the modifier and its name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Side {
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
}

const SIDES: [Side; 2] = [Side { code: "5194", name: "右" }, Side { code: "5186", name: "左" }];

impl Visit {
    /// The visit of `person` on `date` for `reason`; `deep` once in a while, for tests and scales.
    pub(crate) fn new(person: &Person, date: Date, reason: Reason, deep: bool, chance: &mut Chance) -> Self {
        let analytes = analytes(person, date, reason, deep, chance);
        let procedures = procedures(person, reason, deep, chance);
        let temperature = temperature(reason, chance);
        Self {
            start: Moment { date, minute: minute(date, chance) },
            minutes: if analytes.is_empty() { 20 } else { 40 } + chance.below(12),
            reason,
            physician: person.physician_on(date),
            prescribed: prescribe(person, date, reason),
            weighed: deep || (person.age(date) < 6 && !matches!(reason, Reason::Review(_))),
            side: sided(reason).then(|| *chance.pick(&SIDES)),
            analytes,
            procedures,
            temperature,
        }
    }

    /// About how many resources the visit makes.
    pub(crate) fn resources(&self) -> usize {
        let samples = if self.analytes.is_empty() { 0 } else { self.analytes.len() + 2 };
        let (conditions, shots) = match self.reason {
            Reason::Acute(_) => (1, 0),
            Reason::Shots(shots) => (0, shots.len()),
            Reason::Review(_) | Reason::Checkup => (0, 0),
        };
        let signs = usize::from(self.has_circulation()) * 2 + usize::from(self.temperature.is_some());
        let body = usize::from(self.weighed) * 2;
        1 + conditions + shots + samples + signs + body + self.prescribed.len() + self.procedures.len()
    }

    /// Whether blood pressure and pulse are taken: from 15 years on, and not before a shot.
    pub(crate) fn has_circulation(&self) -> bool {
        !matches!(self.reason, Reason::Shots(_)) && self.physician.department == &INTERNAL
    }

    /// The infection that laboratory values show, if any.
    pub(crate) fn inflamed(&self) -> bool {
        matches!(self.reason, Reason::Acute(_))
    }

    /// When the visit ends.
    pub(crate) fn end(&self) -> Moment {
        self.start.plus(self.minutes)
    }
}

// Mornings 9:00-11:50; afternoons 15:00-17:50 except on Saturdays.
fn minute(date: Date, chance: &mut Chance) -> u32 {
    let morning = date.is_saturday() || chance.percent(60);
    (if morning { 9 * 60 } else { 15 * 60 }) + chance.below(170)
}

fn sided(reason: Reason) -> bool {
    matches!(reason, Reason::Acute(acute) if acute.sided)
}

fn temperature(reason: Reason, chance: &mut Chance) -> Option<i64> {
    match reason {
        Reason::Acute(acute) => Some(chance.between(acute.temperature.0, acute.temperature.1)),
        Reason::Shots(_) => Some(chance.between(361, 371)),
        Reason::Review(_) | Reason::Checkup => None,
    }
}

const CHECKUP: [Analyte; 11] = [
    Analyte::HbA1c,
    Analyte::Glucose,
    Analyte::Ldl,
    Analyte::Hdl,
    Analyte::Triglycerides,
    Analyte::Ast,
    Analyte::Alt,
    Analyte::GammaGt,
    Analyte::Creatinine,
    Analyte::Egfr,
    Analyte::UricAcid,
];

fn analytes(person: &Person, date: Date, reason: Reason, deep: bool, chance: &mut Chance) -> Vec<Analyte> {
    match reason {
        Reason::Review(_) if deep => {
            let mut wanted: Vec<Analyte> =
                active(person, date).flat_map(|course| course.chronic.analytes).copied().collect();
            wanted.sort_unstable();
            wanted.dedup();
            wanted
        }
        Reason::Acute(acute) if !person.is_child(date) && chance.percent(40) => acute.analytes.to_vec(),
        Reason::Checkup => CHECKUP.to_vec(),
        Reason::Review(_) | Reason::Acute(_) | Reason::Shots(_) => Vec::new(),
    }
}

fn procedures(person: &Person, reason: Reason, deep: bool, chance: &mut Chance) -> Vec<&'static Procedure> {
    use crate::data::chronic::Kind;
    let has = |kinds: &[Kind]| person.courses.iter().any(|course| kinds.contains(&course.chronic.kind));
    match reason {
        Reason::Acute(acute) => acute.procedure.into_iter().collect(),
        Reason::Review(_) if deep && has(&[Kind::Hypertension, Kind::Fibrillation]) && chance.percent(25) => {
            vec![&procedures::ECG]
        }
        Reason::Review(_) if deep && has(&[Kind::Diabetes, Kind::Lipids]) && chance.percent(45) => {
            vec![&procedures::COUNSELLING]
        }
        Reason::Checkup if chance.percent(70) => vec![&procedures::ECG],
        Reason::Review(_) | Reason::Shots(_) | Reason::Checkup => Vec::new(),
    }
}

/// The long illnesses that had begun by `date`.
pub(crate) fn active(person: &Person, date: Date) -> impl Iterator<Item = &super::person::Course> {
    person.courses.iter().filter(move |course| course.onset <= date)
}

fn prescribe(person: &Person, date: Date, reason: Reason) -> Vec<Prescribed> {
    let child = person.is_child(date);
    let (lines, days): (Vec<Line>, u32) = match reason {
        Reason::Review(days) => {
            (active(person, date).flat_map(|course| course.lines(child)).copied().collect(), days)
        }
        Reason::Acute(acute) => (needed(person, date, if child { acute.child } else { acute.adult }), 0),
        Reason::Shots(_) | Reason::Checkup => (Vec::new(), 0),
    };
    let mut chosen: Vec<Line> = Vec::new();
    for line in lines.into_iter().map(|line| spare(person, line, child)) {
        if chosen.iter().all(|known| known.medicine.code != line.medicine.code) {
            chosen.push(line);
        }
    }
    chosen.into_iter().map(|line| measured(person, date, line, days)).collect()
}

/// The lines that are not already covered by what the patient takes for long.
fn needed(person: &Person, date: Date, lines: &[Line]) -> Vec<Line> {
    let taken: Vec<&Line> =
        active(person, date).flat_map(|course| course.lines(person.is_child(date))).collect();
    let covered = |line: &Line| {
        let same = |known: &&Line| known.medicine.code == line.medicine.code;
        let antihistamine = |known: &&Line| known.medicine.group == medicines::Group::Antihistamine;
        taken.iter().any(same) || (antihistamine(&line) && taken.iter().any(antihistamine))
    };
    lines.iter().filter(|line| !covered(line)).copied().collect()
}

/// The line itself, or another when an allergy or an illness forbids it.
fn spare(person: &Person, line: Line, child: bool) -> Line {
    match line.medicine.group {
        group if !person.must_avoid(group) => line,
        medicines::Group::Penicillin if child => {
            medicines::child(&medicines::CLARITHROMYCIN_DS, 5, 20, &medicines::TWICE, line.amount)
        }
        medicines::Group::Penicillin => {
            medicines::line(&medicines::CLARITHROMYCIN_200, 1, &medicines::TWICE, line.amount)
        }
        _ => medicines::line(&medicines::ACETAMINOPHEN_500, 1, &medicines::IN_PAIN, 14),
    }
}

fn measured(person: &Person, date: Date, line: Line, review_days: u32) -> Prescribed {
    let dose = match line.dose {
        Dose::Fixed(dose) => dose,
        Dose::ByWeight { grams_per_100_kilograms, tenths_of_gram_max } => {
            let tenths =
                (person.weight_grams(date) * grams_per_100_kilograms / 10_000).clamp(1, tenths_of_gram_max);
            Decimal::new(tenths, 1).times(1)
        }
        Dose::ByAge([young, old]) => Decimal::new(if person.age(date) < 7 { young } else { old }, 1),
    };
    let days = if line.amount == 0 { review_days.min(line.medicine.days_max) } else { line.amount };
    let count = i64::from(days);
    let (total, days) = match line.usage.way {
        Way::Swallowed => (dose.times(line.usage.times * count), Some(days)),
        Way::WhenNeeded => (dose.times(i64::from(line.amount)), None),
        // One inhaler holds 60 puffs.
        Way::Inhaled => (Decimal::whole((dose.units * line.usage.times * count + 59) / 60), Some(days)),
        Way::OnSkin | Way::InNose | Way::InEyes => (Decimal::whole(i64::from(line.amount)), None),
    };
    Prescribed { line, dose, total, days }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::chronic::Kind;
    use crate::data::medicines::Group;
    use crate::story::timeline;

    #[test]
    fn nobody_is_prescribed_what_an_allergy_or_illness_forbids() {
        let today = Date::new(2026, 4, 1).unwrap();
        let mut spared = 0;
        for number in 0..1_000 {
            let person = Person::new(4, number, today);
            let told = |word: &str| person.allergies.iter().any(|allergen| allergen.text.contains(word));
            let has =
                |kinds: &[Kind]| person.courses.iter().any(|course| kinds.contains(&course.chronic.kind));
            let no_painkiller = told("NSAIDs") || has(&[Kind::Asthma, Kind::Kidney, Kind::Fibrillation]);
            let forbidden: Vec<Group> =
                [(Group::Nsaid, no_painkiller), (Group::Penicillin, told("ペニシリン"))]
                    .into_iter()
                    .filter(|(_, forbidden)| *forbidden)
                    .map(|(group, _)| group)
                    .collect();
            for visit in timeline::visits(&person, today) {
                spared += forbidden.len();
                let groups = visit.prescribed.iter().map(|prescribed| prescribed.line.medicine.group);
                assert!(groups.into_iter().all(|group| !forbidden.contains(&group)));
            }
        }
        assert!(spared > 500);
    }

    #[test]
    fn sleeping_tablets_are_prescribed_for_a_month_at_most() {
        let today = Date::new(2026, 4, 1).unwrap();
        let mut nights = 0;
        for number in 0..500 {
            for visit in timeline::visits(&Person::new(4, number, today), today) {
                let lines = visit.prescribed.iter().filter(|line| line.line.medicine.code == "1129009F1ZZZ");
                for line in lines {
                    nights += 1;
                    assert!(line.days.is_some_and(|days| days <= 30));
                }
            }
        }
        assert!(nights > 20);
    }
}
