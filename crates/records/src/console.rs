//! What is done at the server itself: decided by the same law, and entered like any request.

use crate::asking::refused;
use crate::facility::Facility;
use crate::trail::Trail;
use access::{Access, Action, Context, Law, Permit, Resource, Who};
use base::{FacilityId, Position, Problem, RecordKey};
use std::sync::LazyLock;
use store::{Actor, ActorKind};

/// The account under which the journal names whoever is at the server.
const CONSOLE: &str = "console";

impl Facility {
    /// Does something for whoever is at the server, and says where its entry stands. `target` names what is asked for.
    ///
    /// # Errors
    /// The law does not permit it, the work fails, or its entry cannot be written.
    pub async fn at_the_console<T>(
        &self,
        action: Action,
        target: &str,
        work: impl Future<Output = Result<T, Problem>>,
    ) -> Result<(T, Position), Problem> {
        self.at_the_console_naming(action, target, work, |_| None).await
    }

    /// The same where only what was done tells what its entry is to name.
    ///
    /// # Errors
    /// As for [`Facility::at_the_console`].
    pub async fn at_the_console_naming<T>(
        &self,
        action: Action,
        target: &str,
        work: impl Future<Output = Result<T, Problem>>,
        name: impl FnOnce(&T) -> Option<String>,
    ) -> Result<(T, Position), Problem> {
        let (trail, decided) = self.begin_at_the_console(action, target)?;
        let done = match decided {
            Ok(()) => work.await,
            Err(refusal) => Err(refusal),
        };
        if let Some(named) = done.as_ref().ok().and_then(name) {
            trail.note(|access| access.target = named);
        }
        let place = self.end_at_the_console(trail, &done).await?;
        let lost = || Problem::new(&store::codes::HALTED).log("an entry without a place");
        done.and_then(|done| place.map(|place| (done, place)).ok_or_else(lost))
    }

    /// The trail of something done at the server, and whether the law permits it.
    pub(crate) fn begin_at_the_console(
        &self,
        action: Action,
        target: &str,
    ) -> Result<(Trail, Result<(), Problem>), Problem> {
        let access = Access {
            v: 1,
            request: self.new_id()?.as_str().to_owned(),
            route: "console".to_owned(),
            target: target.to_owned(),
            purpose: Some("SYSADMIN".to_owned()),
            ..Access::default()
        };
        let trail = Trail::open(self, actor(), access)?;
        let on = Resource::of_kind("Facility");
        let decided = self.law().decide(&who(self.id()), action, &on, &Context::default());
        trail.decided(action, &decided);
        Ok((trail, decided.map(|_| ()).map_err(|refusal| refused(action, on.kind, &refusal))))
    }

    /// Writes how it ended, and says where the entry stands.
    pub(crate) async fn end_at_the_console<T>(
        &self,
        trail: Trail,
        done: &Result<T, Problem>,
    ) -> Result<Option<Position>, Problem> {
        trail.note(|access| match done {
            Ok(_) => access.status = 200,
            Err(problem) => {
                access.status = fhir::outcome::status(problem.class());
                access.code = Some(problem.code().id.to_owned());
            }
        });
        trail.close(self).await
    }
}

/// As whom the journal names whoever is at the server.
pub(crate) fn actor() -> Actor {
    Actor::new(ActorKind::System, CONSOLE)
}

/// As whom the law sees them.
pub(crate) fn who(facility: &FacilityId) -> Who {
    Who::system(facility.as_str(), CONSOLE)
}

/// The permit to export a record, for a command at the server whose entry stands in the journal already.
///
/// # Errors
/// The law does not permit it.
pub fn export_permit(facility: &FacilityId, key: &RecordKey) -> Result<Permit, Problem> {
    // Made once: it takes milliseconds, and an export asks for every record.
    static LAW: LazyLock<Law> = LazyLock::new(Law::builtin);
    let on = Resource::of_kind(&key.kind);
    LAW.permit(&who(facility), Action::EXPORT, key, &on, &Context::default())
        .map_err(|refusal| refused(Action::EXPORT, &key.kind, &refusal))
}
