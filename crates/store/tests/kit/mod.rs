//! What the tests of the store have in common: a desk with a ticket to look by, and changes that are permitted.

use access::{Access, Action, Context, Law, Permit, Resource, Scopes, Who, WhoKind};
use base::{Problem, RecordKey};
use std::ops::Deref;
use std::sync::{Arc, LazyLock};
use store::{
    Act, Actor, ActorKind, Batch, Change, Expected, IDENTITY_PREFIX, Newest, Receipt, Store, Ticket,
};

/// A store, and one ticket for everything that is looked at. It is abandoned when the desk is left: one entry.
pub(crate) struct Desk {
    looking: Ticket,
    store: Store,
}

impl Desk {
    pub(crate) fn at(store: Store) -> Self {
        Self { looking: ticket(&store), store }
    }

    pub(crate) fn look<T>(&self, look: impl FnOnce(&Newest<'_>) -> Result<T, Problem>) -> Result<T, Problem> {
        self.store.read_newest(&self.looking, look)
    }

    /// Writes with a ticket, which is closed when the batch is refused.
    pub(crate) async fn append(&self, batch: Batch) -> Result<Receipt, Problem> {
        match self.store.append(ticket(&self.store), batch).await {
            Ok(receipt) => Ok(receipt),
            Err(refused) => {
                // Where nothing can be written, this is refused too.
                drop(self.store.close(refused.ticket).await);
                Err(refused.problem)
            }
        }
    }
}

impl Deref for Desk {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

/// A ticket of a request that wants to test.
pub(crate) fn ticket(store: &Store) -> Ticket {
    let access =
        Access { v: 1, request: "r-1".to_owned(), route: "GET /test".to_owned(), ..Access::default() };
    store.ticket(Actor::new(ActorKind::Service, "test"), access).unwrap()
}

/// The default law. Reading its policies takes a while: once is enough.
pub(crate) static LAW: LazyLock<Law> = LazyLock::new(Law::builtin);

/// A permit to do anything with a record that can be done with one.
pub(crate) fn permit(action: Action, key: &RecordKey) -> Permit {
    let system = Who::system("sakura", "test");
    // The system imports, but does not read or prove: that is for somebody with scopes.
    let scopes = Scopes::parse("system/*.cruds", None).unwrap();
    let tester = Who {
        kind: WhoKind::Service,
        duties: ["auditor"].into(),
        scopes: Some(Arc::new(scopes)),
        ..system.clone()
    };
    let who = if action == Action::IMPORT { system } else { tester };
    LAW.permit(&who, action, key, &Resource::of_kind(&key.kind), &Context::default()).unwrap()
}

/// A permitted change.
pub(crate) fn change(key: RecordKey, expected: Expected, act: Act) -> Change {
    if key.kind.starts_with(IDENTITY_PREFIX) {
        return Change::of_identity(key, expected, act).unwrap();
    }
    Change::new(&permit(Action::IMPORT, &key), expected, act).unwrap()
}
