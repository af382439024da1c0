//! What the journal says of each request: its access entries, read as whoever sits at the server may.

use crate::clinic::{Clinic, console};
use access::{Access, Context, Law, Who};
use base::{FacilityId, Problem};
use seal::MasterKey;
use std::path::Path;
use store::{AccessFilter, Accessed, Store, World};

/// Entries read at a time.
const PAGE: usize = 1_000;
/// Entries among which those of a request are that was made just now.
const FEW: usize = 20;
/// What the entries of these looks are called.
const OWN: &str = "testkit-looks";

impl Clinic {
    /// All access entries of the first facility, oldest first, without those of looks like this one.
    pub fn accesses(&self) -> Vec<Accessed> {
        self.accesses_of(self.facility().as_str())
    }

    /// The same of any facility.
    pub fn accesses_of(&self, facility: &str) -> Vec<Accessed> {
        self.with_store(facility, async |store| accesses(store).await.unwrap())
    }

    /// The entries of one request at the first facility, which was among the last ones; its parts after it.
    pub fn accesses_by(&self, request: &str) -> Vec<Accessed> {
        let facility = self.facility().as_str();
        let mut found = self.with_store(facility, async |store| newest(store, FEW).await.unwrap());
        found.retain(|one| one.access.request == request);
        found.sort_by_key(|one| one.access.part);
        found
    }
}

/// All access entries of a store, oldest first, without those of looks like this one.
///
/// # Errors
/// The store cannot be read, or the look not be written down.
pub async fn accesses(store: &Store) -> Result<Vec<Accessed>, Problem> {
    newest(store, usize::MAX).await
}

async fn newest(store: &Store, most: usize) -> Result<Vec<Accessed>, Problem> {
    let facility = store.facility().as_str();
    let law = Law::builtin().at(facility);
    let permit = law.audit(&Who::system(facility, &console().id), &Context::default()).unwrap();
    let own = Access { v: 1, request: OWN.to_owned(), status: 200, ..Access::default() };
    let ticket = store.ticket(console(), own)?;
    let mut found: Vec<Accessed> = Vec::new();
    loop {
        let before = found.last().map(|one| one.position);
        let page = store.read_newest(&ticket, |snapshot| {
            snapshot.accesses(&permit, &AccessFilter { before, ..AccessFilter::default() }, PAGE.min(most))
        })?;
        let last = page.len() < PAGE || found.len().saturating_add(PAGE) >= most;
        found.extend(page);
        if last {
            break;
        }
    }
    store.close(ticket).await?;
    found.retain(|one| one.access.request != OWN);
    found.reverse();
    Ok(found)
}

/// All access entries of a facility on a data directory that no server has open.
pub fn accesses_at(data: &Path, facility: &str, world: &World) -> Vec<Accessed> {
    let key = std::fs::read_to_string(data.join("master.key")).unwrap();
    let master = MasterKey::parse(&key).unwrap();
    let store = Store::open(data, &FacilityId::parse(facility).unwrap(), &master, world).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(accesses(&store)).unwrap()
}
