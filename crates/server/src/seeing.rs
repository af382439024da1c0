//! Whether somebody may see a patient, asked on the way to letting an app in.

use crate::door::Door;
use crate::edge::Entered;
use crate::who;
use base::{Class, Language, Problem, RecordKey, ResourceId};
use records::{Call, Intent, Known, Problems};

/// What it takes to look for a patient in somebody's name.
pub(crate) struct Seeing<'e, 'a, D> {
    pub(crate) entered: &'e Entered<'a, D>,
    pub(crate) context: access::Context,
    pub(crate) base_url: String,
}

impl<D> Clone for Seeing<'_, '_, D> {
    fn clone(&self) -> Self {
        let Self { entered, context, base_url } = self;
        Self { entered, context: context.clone(), base_url: base_url.clone() }
    }
}

/// Whether somebody may see a patient: whether a read of it, in their name, is answered.
pub(crate) async fn sees_patient<D: Door>(
    seeing: Seeing<'_, '_, D>,
    caller: identity::Caller,
    id: ResourceId,
) -> Result<bool, Problems> {
    let Entered { door, address, trail, .. } = seeing.entered;
    let who = who::of(&caller, *door, *address);
    let intent =
        Intent::Read { key: RecordKey::new("Patient", id), known: Known::default(), query: Vec::new() };
    let call = Call {
        actor: &caller.actor,
        who: &who,
        context: &seeing.context,
        trail,
        language: Language::English,
        base_url: &seeing.base_url,
        intent,
        provenance: None,
        staff: None,
    };
    match door.perform(call).await {
        Ok(_) => Ok(true),
        Err(problems) => match problems.all().first().map(Problem::class) {
            Some(Class::Absent | Class::Gone | Class::Refused) => Ok(false),
            _ => Err(problems),
        },
    }
}
