//! A fictional person: name, age, home, insurance, body, long illnesses, allergies.

use crate::calendar::Date;
use crate::chance::Chance;
use crate::data::acute::Sex;
use crate::data::allergens::{ALLERGENS, Allergen};
use crate::data::chronic::{CHRONIC, Chronic, Kind};
use crate::data::growth::CURVES;
use crate::data::insurers::{self, INSURERS, Insurer};
use crate::data::medicines::{Group, Line};
use crate::data::names::{GENERATIONS, Name, SURNAMES};
use crate::data::places::{BUILDINGS, PLACES, Place};
use crate::data::staff::{Member, STAFF};

/// Patients of a clinic for internal medicine and paediatrics by decade of age, in percent.
const AGE_PERCENT: [u32; 10] = [13, 7, 7, 9, 11, 13, 13, 16, 9, 2];
/// The youngest patients have been to their first vaccinations.
const AGE_MONTHS_MIN: i32 = 7;

/// A patient.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) seed: u64,
    pub(crate) number: u32,
    /// The id of the Patient resource, and the beginning of all other ids.
    pub(crate) key: String,
    pub(crate) sex: Sex,
    pub(crate) birth: Date,
    pub(crate) family: &'static Name,
    pub(crate) given: &'static Name,
    pub(crate) home: Home,
    pub(crate) cover: Cover,
    pub(crate) build: Build,
    pub(crate) allergies: Vec<&'static Allergen>,
    pub(crate) courses: Vec<Course>,
    /// Who sees the patient as an adult.
    physician: &'static Member,
}

/// Where somebody lives, and how to call there.
#[derive(Debug)]
pub(crate) struct Home {
    pub(crate) place: &'static Place,
    /// Everything after the city.
    pub(crate) line: String,
    pub(crate) phone: String,
    pub(crate) mobile: Option<String>,
}

/// Health insurance of somebody.
#[derive(Debug)]
pub(crate) struct Cover {
    pub(crate) insurer: &'static Insurer,
    /// 記号; the very old have none.
    pub(crate) symbol: Option<String>,
    pub(crate) number: String,
    /// 枝番
    pub(crate) branch: String,
    /// FHIR code of the relationship to the insured.
    pub(crate) relationship: &'static str,
}

/// How somebody is built and lives.
#[derive(Debug)]
pub(crate) struct Build {
    /// Deviation from the curve, per mille.
    height_per_mille: i64,
    weight_per_mille: i64,
    /// Body mass index as an adult, in tenths.
    bmi_tenths: i64,
    /// Cigarettes a day and years of smoking.
    pub(crate) smoking: Option<(i64, i64)>,
}

/// A long illness of a person.
#[derive(Debug)]
pub(crate) struct Course {
    pub(crate) chronic: &'static Chronic,
    pub(crate) onset: Date,
    /// How it is treated in an adult.
    regimen: &'static [Line],
}

impl Course {
    /// What is prescribed for it, to a child or to an adult.
    pub(crate) fn lines(&self, child: bool) -> &'static [Line] {
        if child { self.chronic.child } else { self.regimen }
    }
}

impl Person {
    /// Patient `number` of the clinic `seed`, as known on `today`.
    pub(crate) fn new(seed: u64, number: u32, today: Date) -> Self {
        let mut chance = Chance::new(seed, number, 1);
        let sex = if chance.percent(46) { Sex::Male } else { Sex::Female };
        let birth = birth(&mut chance, today);
        let age = today.months_since(birth) / 12;
        let family = chance.pick(SURNAMES);
        let given = given_name(&mut chance, sex, birth);
        let build = Build::new(&mut chance, sex, age);
        let courses = courses(&mut chance, sex, age, today);
        Self {
            seed,
            number,
            key: format!("p{number:06}"),
            sex,
            birth,
            family,
            given,
            home: home(&mut chance, age),
            cover: cover(&mut chance, age),
            allergies: allergies(&mut chance),
            physician: physician(&mut chance),
            build,
            courses,
        }
    }

    /// Age in whole years on `date`.
    pub(crate) fn age(&self, date: Date) -> i32 {
        date.months_since(self.birth).max(0) / 12
    }

    /// Whether children's medicines and doses are used.
    pub(crate) fn is_child(&self, date: Date) -> bool {
        self.age(date) < 15
    }

    /// Who sees the patient on `date`: the paediatrician until 15.
    pub(crate) fn physician_on(&self, date: Date) -> &'static Member {
        let [_, _, paediatrician, ..] = &STAFF;
        if self.is_child(date) { paediatrician } else { self.physician }
    }

    /// The course of an illness that had begun by `date`.
    pub(crate) fn course(&self, kind: Kind, date: Date) -> Option<&Course> {
        self.courses.iter().find(|course| course.chronic.kind == kind && course.onset <= date)
    }

    /// Whether medicines of this group are forbidden by an allergy or an illness.
    pub(crate) fn must_avoid(&self, group: Group) -> bool {
        let harmful = |kind| matches!(kind, Kind::Asthma | Kind::Kidney | Kind::Fibrillation);
        let ill = group == Group::Nsaid && self.courses.iter().any(|course| harmful(course.chronic.kind));
        ill || self.allergies.iter().any(|allergen| allergen.forbids == Some(group))
    }

    /// Body height on `date` in millimetres.
    pub(crate) fn height_millimetres(&self, date: Date) -> i64 {
        let months = date.months_since(self.birth).max(0);
        let middle = curve(months, |point| self.sex.of(point.height_millimetres));
        let shrunk = i64::from((months / 12 - 50).max(0));
        middle * (1000 + self.build.height_per_mille) / 1000 - shrunk
    }

    /// Body weight on `date` in grams.
    pub(crate) fn weight_grams(&self, date: Date) -> i64 {
        let months = date.months_since(self.birth).max(0);
        if months < 18 * 12 {
            let middle = curve(months, |point| self.sex.of(point.weight_grams));
            return middle * (1000 + self.build.weight_per_mille) / 1000;
        }
        let height = self.height_millimetres(date);
        self.build.bmi_tenths * height * height / 10_000
    }

    /// The name as it is shown.
    pub(crate) fn display(&self) -> String {
        format!("{} {}", self.family.kanji, self.given.kanji)
    }
}

impl Build {
    fn new(chance: &mut Chance, sex: Sex, age: i32) -> Self {
        let height_per_mille = chance.noise(60);
        let weight_per_mille = height_per_mille * 2 + chance.noise(80);
        let bmi_tenths = sex.of([236, 221]) + chance.noise(50);
        let smokes = (20..85).contains(&age) && chance.percent(sex.of([30, 9]));
        let smoking = smokes.then(|| {
            let years = i64::from(age - 20).min(chance.between(5, 40)).max(1);
            (chance.between(1, 4) * 5, years)
        });
        Self { height_per_mille, weight_per_mille, bmi_tenths, smoking }
    }
}

fn birth(chance: &mut Chance, today: Date) -> Date {
    let decade = i32::try_from(chance.weighted(AGE_PERCENT.iter().copied())).unwrap_or(0);
    let months = (decade * 120 + chance.days(0, 119)).clamp(AGE_MONTHS_MIN, 99 * 12);
    today.plus_months(-months).plus_days(-chance.days(0, 27))
}

fn given_name(chance: &mut Chance, sex: Sex, birth: Date) -> &'static Name {
    let born = birth.year();
    let [.., youngest] = &GENERATIONS;
    let generation = GENERATIONS.iter().find(|generation| born < generation.born_before).unwrap_or(youngest);
    chance.pick(sex.of([generation.male, generation.female]))
}

// Telephone numbers: no exchange and no mobile series begins with 0, so these can never be dialled.
fn home(chance: &mut Chance, age: i32) -> Home {
    let place = pick_place(chance);
    let (block, house, number) = (chance.between(11, 29), chance.between(1, 30), chance.between(1, 20));
    let mut line = format!("{}{block}-{house}-{number}", place.town);
    if chance.percent(45) {
        let building = chance.pick(BUILDINGS);
        let room = chance.between(1, 9) * 100 + chance.between(1, 8);
        line = format!("{line} {building}{room}号室");
    }
    let phone = format!("03-0{:03}-{:04}", chance.below(1000), chance.below(10_000));
    let mobile = ((15..80).contains(&age) && chance.percent(85))
        .then(|| format!("090-0{:03}-{:04}", chance.below(1000), chance.below(10_000)));
    Home { place, line, phone, mobile }
}

fn pick_place(chance: &mut Chance) -> &'static Place {
    let drawn = chance.weighted(PLACES.iter().map(|place| place.weight));
    PLACES.get(drawn).unwrap_or_else(|| chance.pick(PLACES))
}

fn cover(chance: &mut Chance, age: i32) -> Cover {
    let kind = match age {
        75.. => insurers::Kind::Elderly,
        65..75 if chance.percent(75) => insurers::Kind::Municipal,
        _ if chance.percent(26) => insurers::Kind::Municipal,
        _ => insurers::Kind::Employees,
    };
    let insurer = insurer(chance, kind);
    let relationship = relationship(chance, kind, age);
    let branch = match relationship {
        "self" => String::from("00"),
        "spouse" => String::from("01"),
        _ => format!("{:02}", chance.between(2, 4)),
    };
    let symbol = match kind {
        insurers::Kind::Employees => Some(chance.between(10_000_000, 99_999_999).to_string()),
        insurers::Kind::Municipal => {
            Some(format!("{:02}-{:02}", chance.between(1, 30), chance.between(1, 99)))
        }
        insurers::Kind::Elderly => None,
    };
    let number = chance.between(1_000, 9_999_999).to_string();
    Cover { insurer, symbol, number, branch, relationship }
}

fn insurer(chance: &mut Chance, kind: insurers::Kind) -> &'static Insurer {
    let weights = INSURERS.iter().map(|insurer| u32::from(insurer.kind == kind));
    INSURERS.get(chance.weighted(weights)).unwrap_or_else(|| chance.pick(INSURERS))
}

fn relationship(chance: &mut Chance, kind: insurers::Kind, age: i32) -> &'static str {
    match kind {
        insurers::Kind::Elderly => "self",
        _ if age < 22 => "child",
        insurers::Kind::Employees if chance.percent(28) => "spouse",
        _ => "self",
    }
}

fn allergies(chance: &mut Chance) -> Vec<&'static Allergen> {
    let count = [0, 1, 2].get(chance.weighted([72, 23, 5].into_iter())).copied().unwrap_or(0);
    let mut found: Vec<&'static Allergen> = Vec::new();
    for _ in 0..count {
        let drawn = ALLERGENS.get(chance.weighted(ALLERGENS.iter().map(|allergen| allergen.weight)));
        found.extend(drawn.filter(|allergen| found.iter().all(|known| known.text != allergen.text)));
    }
    found
}

fn physician(chance: &mut Chance) -> &'static Member {
    let [first, second, ..] = &STAFF;
    if chance.percent(60) { first } else { second }
}

fn courses(chance: &mut Chance, sex: Sex, age: i32, today: Date) -> Vec<Course> {
    let decade = usize::try_from(age / 10).unwrap_or(0).min(9);
    let mut courses = Vec::new();
    for chronic in CHRONIC {
        let percent = sex.of([0, 1].map(|place| percent_of(chronic, place, decade)));
        if chance.percent(percent) {
            courses.push(course(chance, chronic, age, today));
        }
    }
    courses
}

fn percent_of(chronic: &Chronic, sex: usize, decade: usize) -> u32 {
    chronic.percent.get(sex).and_then(|row| row.get(decade)).map_or(0, |percent| u32::from(*percent))
}

fn course(chance: &mut Chance, chronic: &'static Chronic, age: i32, today: Date) -> Course {
    let years_max = match chronic.kind {
        Kind::Anaemia => 1,
        _ if age < 15 => age / 2,
        _ => (age - 14).min(12),
    };
    let days = chance.days(60, 60 + years_max * 365);
    // Half of the illnesses are young enough for their beginning to be on record.
    let onset = today.plus_days(if chance.percent(50) { -days } else { -(days / 4).max(60) });
    let strict = |kind| matches!(kind, Kind::Fibrillation);
    let regimen: &'static [Line] = match chronic.regimens {
        [] => &[],
        [reduced, full, ..] if strict(chronic.kind) => {
            if age >= 80 {
                reduced
            } else {
                full
            }
        }
        regimens => chance.pick::<&'static [Line]>(regimens),
    };
    Course { chronic, onset, regimen }
}

fn curve(months: i32, read: impl Fn(&crate::data::growth::Point) -> i64) -> i64 {
    let mut before: Option<(i64, i64)> = None;
    for point in CURVES {
        let (age, value) = (i64::from(point.age_months), read(point));
        if point.age_months >= months {
            return before.map_or(value, |(earlier_age, earlier)| {
                earlier + (value - earlier) * (i64::from(months) - earlier_age) / (age - earlier_age)
            });
        }
        before = Some((age, value));
    }
    before.map_or(0, |(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_grow_and_the_old_shrink() {
        let today = Date::new(2026, 4, 1).unwrap();
        for number in 0..200 {
            let person = Person::new(5, number, today);
            let heights: Vec<i64> = (0..20)
                .map(|years| person.height_millimetres(person.birth.plus_months(years * 12)))
                .collect();
            assert!(heights.is_sorted(), "{heights:?}");
            let height = |years: i32| person.height_millimetres(person.birth.plus_months(years * 12));
            assert!((1_400..1_900).contains(&height(30)) && height(80) < height(30));
            assert!((35_000..120_000).contains(&person.weight_grams(person.birth.plus_months(480))));
        }
    }

    #[test]
    fn ages_are_those_of_a_clinic() {
        let today = Date::new(2026, 4, 1).unwrap();
        let ages: Vec<i32> = (0..2000).map(|number| Person::new(1, number, today).age(today)).collect();
        let share =
            |range: std::ops::Range<i32>| ages.iter().filter(|age| range.contains(age)).count() * 100 / 2000;
        assert!((10..25).contains(&share(0..15)), "{}", share(0..15));
        assert!((25..45).contains(&share(65..100)), "{}", share(65..100));
        assert!(ages.iter().all(|age| (0..100).contains(age)));
    }

    #[test]
    fn only_men_have_a_prostate() {
        let today = Date::new(2026, 4, 1).unwrap();
        for person in (0..2000).map(|number| Person::new(2, number, today)) {
            let enlarged = person.courses.iter().any(|course| course.chronic.disease.icd10 == "N40");
            assert!(!enlarged || person.sex == Sex::Male);
        }
    }

    #[test]
    fn insurance_follows_age() {
        let today = Date::new(2026, 4, 1).unwrap();
        for person in (0..1000).map(|number| Person::new(3, number, today)) {
            let elderly = person.cover.insurer.kind == insurers::Kind::Elderly;
            assert_eq!(elderly, person.age(today) >= 75);
            assert_eq!(person.cover.symbol.is_none(), elderly);
        }
    }
}
