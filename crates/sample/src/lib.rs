//! A synthetic Japanese clinic: invented patients as FHIR R4 resources in the shape of JP Core 1.2.0.
//!
//! For demonstrations, benchmarks and tests. Nobody in it exists: names are put together by chance, block numbers,
//! telephone numbers, insurers and the clinic's own number are of ranges given to nobody. The same seed and day give
//! the same bytes, and a patient is the same however many others are made. Nothing here reads a clock or a file.

mod bundle;
mod calendar;
mod chance;
mod chart;
mod data;
mod element;
mod json;
mod resource;
mod story;
mod systems;
#[cfg(test)]
mod tests;

pub use calendar::Date;

use crate::bundle::Bundle;
use crate::data::insurers::INSURERS;
use crate::data::staff::{CLINIC_ID, INTERNAL, PAEDIATRICS, STAFF};
use crate::resource::{clinic, staff};

/// A clinic with as many patients as one likes.
#[derive(Clone, Copy, Debug)]
pub struct Clinic {
    seed: u64,
    today: Date,
}

impl Clinic {
    /// The clinic grown from `seed`, as it stands at the beginning of `today`: nothing in it is dated later.
    pub fn new(seed: u64, today: Date) -> Self {
        Self { seed, today }
    }

    /// What all patients refer to, as one transaction Bundle: the clinic, its departments, rooms and people, the
    /// health insurers, a pharmacy. Every entry is a PUT with a fixed id; send it before any patient.
    #[expect(clippy::unused_self, reason = "it belongs to the clinic, though every seed has the same")]
    pub fn shared(&self) -> String {
        let mut bundle = Bundle::new();
        bundle.put("Organization", CLINIC_ID, clinic::clinic());
        bundle.put("Organization", "pharmacy", clinic::pharmacy());
        for department in [&INTERNAL, &PAEDIATRICS] {
            bundle.put("Organization", department.id, clinic::department(department));
            bundle.put("Location", department.room_id, clinic::room(department.room_id, department.room));
        }
        bundle.put("Location", "room-3", clinic::room("room-3", "処置室"));
        for insurer in INSURERS {
            bundle.put("Organization", insurer.id, clinic::insurer(insurer));
        }
        for member in &STAFF {
            bundle.put("Practitioner", member.id, staff::practitioner(member));
            bundle.put("PractitionerRole", member.role_id, staff::role(member));
        }
        bundle.finish()
    }

    /// Everything about one patient, as one transaction Bundle of some 70 resources. Every entry is a PUT with an id
    /// that begins with the patient's, such as `p000042-enc-3`.
    pub fn patient(&self, index: u32) -> String {
        chart::write(self.seed, index, self.today)
    }

    /// The first `count` patients.
    pub fn patients(&self, count: u32) -> impl Iterator<Item = String> + use<> {
        let clinic = *self;
        (0..count).map(move |index| clinic.patient(index))
    }
}
