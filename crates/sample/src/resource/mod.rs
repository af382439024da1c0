//! One file for each kind of resource.

pub(crate) mod allergy;
pub(crate) mod clinic;
pub(crate) mod condition;
pub(crate) mod coverage;
pub(crate) mod document;
pub(crate) mod encounter;
pub(crate) mod immunization;
pub(crate) mod laboratory;
pub(crate) mod medication;
pub(crate) mod patient;
pub(crate) mod procedure;
pub(crate) mod staff;
pub(crate) mod vital;

use crate::data::staff::Member;
use crate::element::shown;
use crate::json::Json;
use crate::story::person::Person;
use crate::story::visit::Visit;

/// The visit a resource is made in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scene<'a> {
    pub(crate) person: &'a Person,
    pub(crate) visit: &'a Visit,
    /// Id of the Encounter.
    pub(crate) encounter: &'a str,
}

impl Scene<'_> {
    fn subject(&self) -> Json {
        subject(self.person)
    }

    fn encounter(&self) -> Json {
        crate::element::reference("Encounter", self.encounter)
    }

    fn physician(&self) -> Json {
        practitioner(self.visit.physician)
    }

    /// The time `minutes` after the beginning of the visit.
    fn after(&self, minutes: u32) -> String {
        self.visit.start.plus(minutes).to_string()
    }
}

fn subject(person: &Person) -> Json {
    shown("Patient", &person.key, person.display())
}

fn practitioner(member: &'static Member) -> Json {
    shown("Practitioner", member.id, format!("{} {}", member.family.kanji, member.given.kanji))
}
