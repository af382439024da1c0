//! The chart of one patient: the story told as resources, in the order in which things happened.

use crate::bundle::Bundle;
use crate::calendar::Date;
use crate::chance::Chance;
use crate::json::Json;
use crate::resource::laboratory::Material;
use crate::resource::medication::Place;
use crate::resource::{
    Scene, allergy, condition, coverage, document, encounter, immunization, laboratory, medication, patient,
    procedure, vital,
};
use crate::story::measure;
use crate::story::person::{Course, Person};
use crate::story::timeline;
use crate::story::visit::{Reason, Visit};

/// Writes the chart of patient `number`.
pub(crate) fn write(seed: u64, number: u32, today: Date) -> String {
    let person = Person::new(seed, number, today);
    let visits = timeline::visits(&person, today);
    let since = visits.first().map_or(person.birth, |visit| visit.start.date);
    let mut chart = Chart {
        person: &person,
        bundle: Bundle::new(),
        counts: Vec::new(),
        known: Vec::new(),
        chance: Chance::new(seed, number, 3),
        coverage: String::new(),
        today,
    };
    chart.bundle.put("Patient", &person.key, patient::patient(&person));
    chart.coverage = chart.put("Coverage", "cov", |id| coverage::coverage(&person, id, since));
    let last = visits.len().saturating_sub(1);
    for (place, visit) in visits.iter().enumerate() {
        let id = chart.next_id("enc");
        let scene = Scene { person: &person, visit, encounter: &id };
        if place == 0 {
            chart.first_visit(&scene);
        }
        chart.visit(&scene);
        if place == last {
            chart.put("DocumentReference", "doc", |id| document::note(&scene, id));
            chart.refer(&scene);
        }
    }
    chart.bundle.finish()
}

struct Chart<'a> {
    person: &'a Person,
    bundle: Bundle,
    /// The highest number given out for each kind of id.
    counts: Vec<(&'static str, u32)>,
    /// Long illnesses already recorded: their diseases' codes and the ids of the Conditions.
    known: Vec<(&'static str, String)>,
    chance: Chance,
    /// Id of the Coverage.
    coverage: String,
    today: Date,
}

impl Chart<'_> {
    fn next_id(&mut self, short: &'static str) -> String {
        let number = if let Some((_, count)) = self.counts.iter_mut().find(|(name, _)| *name == short) {
            *count += 1;
            *count
        } else {
            self.counts.push((short, 1));
            1
        };
        format!("{}-{short}-{number}", self.person.key)
    }

    fn put(&mut self, kind: &'static str, short: &'static str, make: impl FnOnce(&str) -> Json) -> String {
        let id = self.next_id(short);
        self.bundle.put(kind, &id, make(&id));
        id
    }

    fn first_visit(&mut self, scene: &Scene<'_>) {
        for allergen in &self.person.allergies {
            self.put("AllergyIntolerance", "alg", |id| allergy::allergy(scene, id, allergen));
        }
        if let Some((cigarettes, years)) = self.person.build.smoking {
            self.put("Observation", "obs", |id| vital::smoking(scene, id, cigarettes, years));
        }
    }

    fn visit(&mut self, scene: &Scene<'_>) {
        let conditions = self.conditions(scene);
        self.bundle.put("Encounter", scene.encounter, encounter::encounter(scene, &conditions));
        self.signs(scene);
        self.laboratory(scene);
        for done in &scene.visit.procedures {
            self.put("Procedure", "proc", |id| procedure::procedure(scene, id, done));
        }
        if let Reason::Shots(shots) = scene.visit.reason {
            for shot in shots {
                let lot = self.chance.below(10_000);
                self.put("Immunization", "imm", |id| immunization::immunization(scene, id, *shot, lot));
            }
        }
        self.prescription(scene);
    }

    /// Records what is new and returns the ids of the conditions this visit is about.
    fn conditions(&mut self, scene: &Scene<'_>) -> Vec<String> {
        let date = scene.visit.start.date;
        match scene.visit.reason {
            Reason::Acute(acute) => {
                let onset = date.plus_days(-self.chance.days(0, 3)).max(self.person.birth);
                let end = date.plus_days(self.chance.days(acute.days.0, acute.days.1));
                let end = (end < self.today).then_some(end);
                vec![self.put("Condition", "cond", |id| condition::acute(scene, id, acute, onset, end))]
            }
            Reason::Review(_) => {
                let courses = self.person.courses.iter().filter(|course| course.onset <= date);
                courses.map(|course| self.record(scene, course)).collect()
            }
            Reason::Shots(_) | Reason::Checkup => Vec::new(),
        }
    }

    fn record(&mut self, scene: &Scene<'_>, course: &Course) -> String {
        let code = course.chronic.disease.receipt;
        if let Some((_, id)) = self.known.iter().find(|(known, _)| *known == code) {
            return id.clone();
        }
        let id = self.put("Condition", "cond", |id| condition::chronic(scene, id, course));
        self.known.push((code, id.clone()));
        id
    }

    fn signs(&mut self, scene: &Scene<'_>) {
        let visit = scene.visit;
        if let Some(tenths) = visit.temperature {
            self.put("Observation", "obs", |id| vital::temperature(scene, id, tenths));
        }
        if visit.has_circulation() {
            let fever = visit.temperature.map_or(0, |tenths| tenths - 370);
            let measured = measure::circulation(self.person, visit.start.date, fever, &mut self.chance);
            self.put("Observation", "obs", |id| vital::blood_pressure(scene, id, measured));
            self.put("Observation", "obs", |id| vital::pulse(scene, id, measured));
        }
        if visit.weighed {
            let noise = self.chance.noise(if self.person.is_child(visit.start.date) { 1 } else { 9 });
            self.put("Observation", "obs", |id| vital::height(scene, id));
            self.put("Observation", "obs", |id| vital::weight(scene, id, noise));
        }
    }

    fn laboratory(&mut self, scene: &Scene<'_>) {
        let Visit { analytes, start, .. } = scene.visit;
        let inflamed = scene.visit.inflamed();
        let values = measure::sample(self.person, analytes, start.date, inflamed, &mut self.chance);
        let (mut specimens, mut results) = (Vec::new(), Vec::new());
        for material in [Material::Blood, Material::Urine] {
            let drawn: Vec<_> =
                values.iter().filter(|(analyte, _)| Material::of(*analyte) == material).collect();
            if drawn.is_empty() {
                continue;
            }
            let specimen = self.put("Specimen", "spec", |id| laboratory::specimen(scene, id, material));
            for value in drawn {
                results.push(
                    self.put("Observation", "obs", |id| laboratory::result(scene, id, &specimen, *value)),
                );
            }
            specimens.push(specimen);
        }
        if !results.is_empty() {
            self.put("DiagnosticReport", "rep", |id| laboratory::report(scene, id, &specimens, &results));
        }
    }

    /// Lines taken the same way for the same time stand in one group.
    fn prescription(&mut self, scene: &Scene<'_>) {
        let mut groups: Vec<(&'static str, Option<u32>, u32)> = Vec::new();
        for line in &scene.visit.prescribed {
            let key = (line.line.usage.text, line.days);
            let found = groups.iter_mut().zip(1..).find(|((text, days, _), _)| (*text, *days) == key);
            let place = if let Some(((_, _, lines), group)) = found {
                *lines += 1;
                Place { group, line: *lines }
            } else {
                groups.push((key.0, key.1, 1));
                Place { group: u32::try_from(groups.len()).unwrap_or(1), line: 1 }
            };
            let coverage = self.coverage.clone();
            self.put("MedicationRequest", "rx", |id| medication::request(scene, id, &coverage, place, line));
        }
    }

    fn refer(&mut self, scene: &Scene<'_>) {
        let date = scene.visit.start.date;
        let course = self
            .person
            .courses
            .iter()
            .find(|course| course.onset <= date && course.chronic.referral.is_some());
        let Some((course, (department, question))) =
            course.and_then(|course| Some((course, course.chronic.referral?)))
        else {
            return;
        };
        self.put("DocumentReference", "doc", |id| {
            document::referral(scene, id, course, department, question)
        });
    }
}
