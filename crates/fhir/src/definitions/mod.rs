//! The types of FHIR R4 as data: resource types, elements, choices, reference targets, bindings, search parameters.
//!
//! Everything comes from `r4.table`, which `cargo xtask fhir-definitions` writes from the published definitions. The
//! table is compiled in and read once; afterwards every look-up is a binary search in memory that never moves. Required
//! value sets (`code_sets`) and invariants (`rules`) have tables of their own.

mod belonging;
mod code_sets;
mod primitive;
mod read;
mod record_state;
mod route;
mod rules;
mod search;
mod suggest;

use std::fmt;
use std::sync::OnceLock;

pub(crate) use belonging::belonging;
pub(crate) use code_sets::CodeSet;
pub use code_sets::{code_allowed, implied_system};
pub(crate) use primitive::Primitive;
pub(crate) use record_state::{ACT, ENTERER, RESPONSIBLE, SINCE, STATE};
pub use record_state::{STATE_PARAMS, STATED_TYPES, StateParam, is_of_state};
pub(crate) use route::{Leaf, Route, Step};
pub(crate) use rules::{Rule, Severity, rules};
pub(crate) use search::{Component, Group};
pub use search::{SearchKind, SearchParam};
pub(crate) use suggest::closest;

/// The compiled-in table.
const TEXT: &str = include_str!("r4.table");

/// Everything the table says. Type numbers are positions in `types`, which are sorted by name.
#[derive(Debug, Default)]
pub(crate) struct Table {
    types: Vec<Type>,
    search: search::Searches,
}

/// A resource type, data type or nested structure.
#[derive(Debug)]
pub(crate) struct Type {
    pub(crate) name: &'static str,
    pub(crate) kind: TypeKind,
    /// How values are written; of a primitive type only.
    pub(crate) primitive: Option<Primitive>,
    /// Invariants of the type, inherited ones first.
    pub(crate) rules: Vec<&'static Rule>,
    /// Own and inherited elements, inherited ones first.
    pub(crate) elements: Vec<Element>,
    /// Positions of the elements that must be there.
    pub(crate) required: Vec<usize>,
    /// JSON member names, sorted, with where they lead.
    members: Vec<(String, Member)>,
}

/// What kind of type it is, as far as JSON and the checks differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TypeKind {
    /// A concrete resource type.
    Resource,
    /// `Resource` and `DomainResource`: as the type of an element, any resource.
    AnyResource,
    /// A data type or nested structure: a JSON object.
    Complex,
    /// A primitive written as a JSON string.
    Text,
    /// A primitive written as a JSON number.
    Number,
    /// A primitive written as `true` or `false`.
    Boolean,
}

impl TypeKind {
    pub(crate) fn is_primitive(self) -> bool {
        matches!(self, Self::Text | Self::Number | Self::Boolean)
    }
}

/// One element of a type.
#[derive(Debug)]
pub struct Element {
    name: &'static str,
    pub(crate) many: bool,
    form: Form,
    summary: bool,
    modifier: bool,
    pub(crate) variants: Vec<Variant>,
    binding: Option<Binding>,
    /// The value set from which codes must come.
    pub(crate) required_set: Option<&'static CodeSet>,
    /// Invariants of every value at this place, beside those of its type.
    pub(crate) rules: Vec<&'static Rule>,
}

/// How an element is spelled in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Under its own name.
    Plain,
    /// Under its own name; in XML an attribute (`Element.id`, `Extension.url`), so it takes no extensions.
    Attribute,
    /// Under its name with the type behind it.
    Choice,
}

/// One type an element may have.
#[derive(Debug)]
pub(crate) struct Variant {
    /// Position of the type in the table.
    kind: u16,
    /// Resource types a reference or canonical may point at; empty: any.
    targets: Vec<&'static str>,
}

/// Where a JSON member leads: an element and one of its types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) element: u16,
    pub(crate) variant: u16,
}

/// A value set an element's codes come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    /// `required`, `extensible`, `preferred` or `example` (FHIR R4, terminologies, binding strength).
    pub strength: &'static str,
    /// Canonical address of the value set, with its version where the definition gives one.
    pub value_set: &'static str,
}

impl Element {
    /// Name as defined; a choice ends with `[x]`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The value set bound to the element.
    pub fn binding(&self) -> Option<Binding> {
        self.binding
    }

    /// True when the element belongs to the resource's summary.
    pub fn is_summary(&self) -> bool {
        self.summary
    }

    /// True when the element can change the meaning of what it stands in.
    pub fn is_modifier(&self) -> bool {
        self.modifier
    }

    /// True for `value[x]` and its like.
    pub(crate) fn is_choice(&self) -> bool {
        self.form == Form::Choice
    }

    /// True when the element takes no extensions, so no partner with an underscore.
    pub(crate) fn is_attribute(&self) -> bool {
        self.form == Form::Attribute
    }

    /// Resource types the element may point at, over all its types; nothing when it points nowhere or anywhere.
    pub fn targets(&self) -> impl Iterator<Item = &'static str> {
        self.variants.iter().flat_map(|variant| variant.targets.iter().copied())
    }

    /// Name without the `[x]` of a choice: the name in FHIRPath.
    pub(crate) fn path_name(&self) -> &'static str {
        self.name.strip_suffix("[x]").unwrap_or(self.name)
    }
}

impl Type {
    /// Where the JSON member `name` leads.
    pub(crate) fn member(&self, name: &str) -> Option<(Member, &Element, &'static Type)> {
        let at = self.members.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok()?;
        let (_, member) = self.members.get(at)?;
        let element = self.elements.get(usize::from(member.element))?;
        let variant = element.variants.get(usize::from(member.variant))?;
        Some((*member, element, variant.kind()?))
    }

    /// All JSON member names.
    pub(crate) fn member_names(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|(name, _)| name.as_str())
    }

    pub(crate) fn is_resource(&self) -> bool {
        matches!(self.kind, TypeKind::Resource | TypeKind::AnyResource)
    }
}

impl Variant {
    pub(crate) fn kind(&self) -> Option<&'static Type> {
        table().type_of(self)
    }
}

/// A concrete resource type of R4.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceKind(&'static str);

impl ResourceKind {
    /// The name, as it stands in `resourceType`.
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// The elements of the type itself, inherited ones first.
    pub fn elements(self) -> impl Iterator<Item = &'static Element> {
        self.definition().into_iter().flat_map(|kind| kind.elements.iter())
    }

    pub(crate) fn definition(self) -> Option<&'static Type> {
        table().find(self.0)
    }
}

impl fmt::Debug for ResourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Display for ResourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// The type of this name, if it is a concrete resource type.
pub fn resource_kind(name: &str) -> Option<ResourceKind> {
    table().resource_kind(name)
}

/// All concrete resource types (146 in R4; `Resource` and `DomainResource` are abstract), sorted by name.
pub fn resource_kinds() -> impl Iterator<Item = ResourceKind> {
    let resources = table().types.iter().filter(|kind| kind.kind == TypeKind::Resource);
    resources.map(|kind| ResourceKind(kind.name))
}

/// The search parameters served for a type beside `_id` and `_lastUpdated`, sorted by name: all that R4 defines for it,
/// except those that look at something else than the resource (`_text`, `_content`, `_filter`, `_query`, `_list`) or are
/// special (`near`); and Akashi's own over the state of a record ([`STATE_PARAMS`]).
pub fn search_params(kind: ResourceKind) -> impl Iterator<Item = &'static SearchParam> {
    params(kind).iter()
}

/// The same as a slice.
pub(crate) fn params(kind: ResourceKind) -> &'static [SearchParam] {
    table().search.of(kind.as_str())
}

/// The search parameter of a type by its code.
pub fn search_param(kind: ResourceKind, code: &str) -> Option<&'static SearchParam> {
    let params = params(kind);
    let at = params.binary_search_by(|param| param.code.cmp(code)).ok()?;
    params.get(at)
}

/// The names under which the terms of those references are kept by which a resource of type `kind` belongs to a
/// compartment (Patient, Encounter, Practitioner, RelatedPerson, Device); empty when it cannot. That a resource belongs
/// to the compartment which it is about itself (a Patient to its own) is not among them.
pub fn compartment(compartment: ResourceKind, kind: ResourceKind) -> &'static [&'static str] {
    table().search.belonging(compartment.as_str(), kind.as_str())
}

impl Table {
    /// All types, nested structures among them.
    #[cfg(test)]
    pub(crate) fn all(&self) -> impl Iterator<Item = &Type> {
        self.types.iter()
    }

    pub(crate) fn find(&self, name: &str) -> Option<&Type> {
        let at = self.types.binary_search_by(|kind| kind.name.cmp(name)).ok()?;
        self.types.get(at)
    }

    fn type_of(&self, variant: &Variant) -> Option<&Type> {
        self.types.get(usize::from(variant.kind))
    }

    fn resource_kind(&self, name: &str) -> Option<ResourceKind> {
        let kind = self.find(name)?;
        (kind.kind == TypeKind::Resource).then_some(ResourceKind(kind.name))
    }
}

/// The table, read on first use. The text is compiled in and a test reads it, so reading cannot fail at run time; if
/// it did, the table would be empty and every resource refused.
pub(crate) fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| read::read(TEXT).unwrap_or_default())
}

#[cfg(test)]
mod tests;
