//! What trail and records show to whoever probes them at the server: bounded looks that leave entries of their own, open
//! no content about a patient and change nothing.

mod content;
mod input;
mod overdue;
mod trail;

pub use content::Sampled;
pub use input::refuses_broken_input;
pub use overdue::{Deadlines, Overdue};
pub use trail::Trailed;

use crate::facility::Facility;
use crate::trail::Trail;
use access::Access;
use base::Problem;
use store::{Actor, ActorKind};

/// The account under which the journal names whoever is at the server.
const CONSOLE: &str = "console";

impl Facility {
    /// A trail of somebody at the server.
    fn console_trail(&self) -> Result<Trail, Problem> {
        let access = Access {
            v: 1,
            request: self.new_id()?.as_str().to_owned(),
            route: "console".to_owned(),
            purpose: Some("SYSADMIN".to_owned()),
            ..Access::default()
        };
        Trail::open(self, Actor::new(ActorKind::System, CONSOLE), access)
    }
}

/// What the entry says of how it went.
fn noted<T>(trail: &Trail, done: &Result<T, Problem>) {
    trail.note(|access| match done {
        Ok(_) => access.status = 200,
        Err(problem) => {
            access.status = fhir::outcome::status(problem.class());
            access.code = Some(problem.code().id.to_owned());
        }
    });
}
