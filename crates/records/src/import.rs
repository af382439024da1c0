//! Import: resources and bundles from files, made ready on any thread and written in batches with a mark of progress.

use crate::asking::refused;
use crate::bundle::read_bundle;
use crate::call::Problems;
use crate::codes;
use crate::facility::Facility;
use crate::facts::facts;
use crate::status;
use crate::trail::Trail;
use crate::transaction;
use crate::write::{self, Planned};
use access::{Access, Action, Context, Decided, Facts, Permit, Resource, Who};
use base::{Problem, RecordKey, VersionNumber};
use fhir::{BundleKind, Checked, Node};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::{Actor, Batch, Change, Effect, Expected, ImportMark, Mark};

/// Something to import, checked and ready to be written.
#[derive(Debug)]
pub struct Item {
    changes: Vec<Change>,
    /// The patients whom its contents name.
    patients: BTreeSet<String>,
}

/// What became of items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Records that were written.
    pub written: usize,
    /// Records that stood already as they were to be written.
    pub unchanged: usize,
}

impl Item {
    /// The records it writes.
    pub fn keys(&self) -> impl Iterator<Item = &RecordKey> {
        self.changes.iter().map(Change::key)
    }
}

impl Facility {
    /// Reads one JSON document: a resource, a transaction or batch (whose requests are carried out and references
    /// resolved; readings are passed over, since nobody hears the answer), or another Bundle, whose resources are taken
    /// one by one. A resource keeps its id; one without gets a new one.
    pub fn prepare(&self, document: &[u8]) -> Result<Vec<Item>, Problems> {
        let items = self.items(document)?;
        let mut seen = BTreeSet::new();
        if let Some(key) = items.iter().flat_map(Item::keys).find(|key| !seen.insert(*key)) {
            return Err(Problem::new(&store::codes::TWICE).with("record", key).into());
        }
        Ok(items)
    }

    fn items(&self, document: &[u8]) -> Result<Vec<Item>, Problems> {
        let node = fhir::json::parse(document)?;
        if node.get("resourceType").and_then(Node::as_str) != Some("Bundle") {
            return Ok(vec![self.resource(node)?]);
        }
        let bundle = read_bundle(node)?;
        if matches!(bundle.kind, BundleKind::Transaction | BundleKind::Batch) {
            return Ok(vec![self.transaction(bundle.entries)?]);
        }
        let entries = bundle.entries.into_iter().enumerate();
        entries
            .map(|(index, entry)| {
                // A deletion in a history, say, would be lost without a word.
                let needed = || Problem::new(&codes::NO_RESOURCE).with("method", "import").into();
                let taken = entry.resource.ok_or_else(needed).and_then(|resource| self.resource(resource));
                taken.map_err(|problems| problems.below(&format!("Bundle.entry[{index}]")))
            })
            .collect()
    }

    /// Writes items together or not at all, with a mark of how far the source is done. What stands already as it is in an
    /// item is passed over.
    pub async fn import(
        &self,
        actor: &Actor,
        reason: &str,
        items: Vec<Item>,
        mark: Option<ImportMark>,
    ) -> Result<Imported, Problem> {
        let (mut changes, mut patients) = (Vec::new(), BTreeSet::new());
        for item in items {
            changes.extend(item.changes);
            patients.extend(item.patients);
        }
        let count = changes.len();
        let changes = changes.into_iter().map(Change::unless_same).collect();
        let batch = Batch { reason: Some(reason.to_owned()), mark, ..Batch::new(actor.clone(), changes) };
        let access = Access {
            v: 1,
            request: self.new_id()?.as_str().to_owned(),
            route: "import".to_owned(),
            action: Action::IMPORT.name().to_owned(),
            target: reason.to_owned(),
            patients: patients.into_iter().collect(),
            decided: Decided::Permitted,
            ..Access::default()
        };
        let trail = Trail::open(self, actor.clone(), access)?;
        let written = trail.append(self, batch).await?.written;
        let written = written.iter().filter(|one| one.effect != Effect::Nothing).count();
        Ok(Imported { written, unchanged: count.saturating_sub(written) })
    }

    /// How many documents of a source are imported already.
    pub fn import_done(&self, source: &str) -> Result<u64, Problem> {
        self.store().inspect(|inside| inside.import_done(source))
    }

    fn resource(&self, node: Node) -> Result<Item, Problems> {
        let checked = write::check(node)?;
        let id = match write::own_id(&checked) {
            Some(id) => id,
            None => self.new_id()?,
        };
        let key = RecordKey::new(checked.kind().as_str(), id);
        let (planned, patients) = self.imported(&checked, &key, Expected::Anything)?;
        Ok(Item { changes: vec![planned.change], patients: patients.into_iter().collect() })
    }

    /// The change that puts a content which is imported, and the patients whom it names.
    pub(crate) fn imported(
        &self,
        checked: &Checked,
        key: &RecordKey,
        expected: Expected,
    ) -> Result<(Planned, Vec<String>), Problems> {
        write::only_records(&key.kind)?;
        let template = Arc::new(checked.template(&key.id));
        let facts = facts(&key.kind, &template.render(VersionNumber::FIRST, self.now()));
        self.labels_seen(&facts.labels);
        let permit = self.import_permit(key, &facts)?;
        let governed = status::governed(&key.kind);
        let mark = governed.map(|governed| Mark::import(governed.said(checked.node())));
        Ok((write::put(checked, (&permit, mark), expected, template)?, facts.patients))
    }

    /// The law's permit for an import by whoever runs the server.
    pub(crate) fn import_permit(&self, key: &RecordKey, facts: &Facts) -> Result<Permit, Problem> {
        let who = Who::system(self.id().as_str(), "import");
        let on = Resource { facts: Some(facts), ..Resource::of_kind(&key.kind) };
        self.law()
            .permit(&who, Action::IMPORT, key, &on, &Context::default())
            .map_err(|refusal| refused(Action::IMPORT, &key.kind, &refusal))
    }

    fn transaction(&self, entries: Vec<fhir::Entry>) -> Result<Item, Problems> {
        let (changes, patients) = transaction::changes(self, entries)?;
        Ok(Item { changes, patients })
    }
}
