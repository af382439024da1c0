//! The witness of an export, for the tests that read as another process does.

use access::{Access, Action, Decided};
use base::Clock;
use store::{Actor, ActorKind, Store, Witness};

/// Enters an export and answers it, and shows that the journal says so.
pub(crate) async fn of_export(store: &Store, clock: &dyn Clock) -> Witness {
    let action = Action::EXPORT.name().to_owned();
    let access = Access { v: 1, action, decided: Decided::Permitted, status: 200, ..Access::default() };
    let ticket = store.ticket(Actor::new(ActorKind::System, "console"), access).unwrap();
    let position = store.close(ticket).await.unwrap().access.unwrap();
    store.witness(position, clock.now()).unwrap()
}
