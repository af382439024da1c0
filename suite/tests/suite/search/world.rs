//! The resources that are searched, as they came back from the server, and their values for each parameter.

use super::moment::span;
use super::parameters::{self, Kind, Parameter};
use super::value::{self, Value};
use fhir::Node;
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// A stored resource.
pub(crate) struct Record {
    pub(crate) kind: String,
    pub(crate) id: String,
    /// When it was last updated, in microseconds since 1970.
    pub(crate) updated: i64,
    pub(crate) node: Node,
}

/// The values of all resources of a type for one parameter, in the order of the resources.
pub(crate) type Column = Rc<Vec<Vec<Value>>>;

/// All stored resources.
pub(crate) struct World {
    /// Address of the server.
    pub(crate) base: String,
    /// Resources by type.
    kinds: BTreeMap<String, Vec<Record>>,
    /// Where a resource stands among those of its type.
    places: BTreeMap<(String, String), usize>,
    parameters: BTreeMap<(String, String), Parameter>,
    columns: RefCell<BTreeMap<(String, String), Column>>,
    links: OnceCell<Vec<Link>>,
}

/// A reference parameter that leads from some resources to some of another type.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(crate) source: String,
    pub(crate) code: String,
    pub(crate) target: String,
}

impl Record {
    /// A resource as the server shows it.
    pub(crate) fn new(node: Node) -> Self {
        let text = |path: &str| testkit::at(&node, path).and_then(Node::as_str).unwrap().to_owned();
        let updated = span(&text("meta.lastUpdated")).unwrap().0;
        Self { kind: text("resourceType"), id: text("id"), updated, node }
    }
}

impl World {
    pub(crate) fn new(base: String, records: Vec<Record>) -> Self {
        let mut kinds: BTreeMap<String, Vec<Record>> = BTreeMap::new();
        let mut places = BTreeMap::new();
        for record in records {
            let of_kind = kinds.entry(record.kind.clone()).or_default();
            let before = places.insert((record.kind.clone(), record.id.clone()), of_kind.len());
            assert!(before.is_none(), "{} {} is there twice", record.kind, record.id);
            of_kind.push(record);
        }
        let parameters = parameters::of_types(&kinds.keys().map(String::as_str).collect::<Vec<_>>());
        Self { base, kinds, places, parameters, columns: RefCell::default(), links: OnceCell::new() }
    }

    /// The types of which there are resources.
    pub(crate) fn kinds(&self) -> Vec<&str> {
        self.kinds.keys().map(String::as_str).collect()
    }

    /// The resources of a type.
    pub(crate) fn records(&self, kind: &str) -> &[Record] {
        self.kinds.get(kind).map_or(&[], Vec::as_slice)
    }

    /// Where a resource stands among those of its type.
    pub(crate) fn place(&self, kind: &str, id: &str) -> Option<usize> {
        self.places.get(&(kind.to_owned(), id.to_owned())).copied()
    }

    /// A parameter, if there are resources of the type.
    pub(crate) fn parameter(&self, kind: &str, code: &str) -> Option<&Parameter> {
        self.parameters.get(&(kind.to_owned(), code.to_owned()))
    }

    /// The codes of all parameters of a type.
    pub(crate) fn codes(&self, kind: &str) -> Vec<&str> {
        let of_kind = self.parameters.keys().filter(|(owner, _)| owner == kind);
        of_kind.map(|(_, code)| code.as_str()).collect()
    }

    /// The values of all resources of a type for a parameter, worked out when first asked for.
    pub(crate) fn column(&self, kind: &str, code: &str) -> Column {
        let name = (kind.to_owned(), code.to_owned());
        if let Some(column) = self.columns.borrow().get(&name) {
            return Rc::clone(column);
        }
        let parameter = &self.parameters[&name];
        let values = |record: &Record| value::of(parameter, &record.node, &self.base);
        let column = Rc::new(self.records(kind).iter().map(values).collect());
        self.columns.borrow_mut().insert(name, Rc::clone(&column));
        column
    }

    /// All ways from one type to another by references.
    pub(crate) fn links(&self) -> &[Link] {
        self.links.get_or_init(|| {
            let references =
                self.parameters.iter().filter(|(_, parameter)| parameter.kind == Kind::Reference);
            let links = references.flat_map(|((source, code), parameter)| {
                let targets = self.led_to(source, code);
                let allowed = targets.into_iter().filter(|target| parameter.targets.contains(target));
                allowed.map(|target| Link { source: source.clone(), code: code.clone(), target })
            });
            links.collect()
        })
    }

    /// The types of the resources that references of a parameter lead to.
    fn led_to(&self, kind: &str, code: &str) -> BTreeSet<String> {
        let column = self.column(kind, code);
        let there = |value: &Value| {
            let (kind, id) = value.leads_to()?;
            self.place(kind, id).map(|_| kind.to_owned())
        };
        column.iter().flatten().filter_map(there).collect()
    }
}
