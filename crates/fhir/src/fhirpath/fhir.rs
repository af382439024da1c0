//! What FHIR adds (FHIR R4, FHIRPath, additional functions), and where references lead.

use super::function::Fhir;
use super::item::{Item, Part, Value};
use super::kinds::{self, Wanted};
use super::parts::{ON, Sink, Step, go};
use super::run::{Focus, Run, Truth, wrong_kind};
use super::tree::Call;
use crate::definitions::{TypeKind, table};
use crate::json::Node;
use base::Problem;

impl<'n> Run<'_, 'n, '_> {
    pub(super) fn fhir(
        &self,
        function: Fhir,
        call: &'n Call,
        focus: Focus<'_, 'n>,
        sink: Sink<'_, 'n>,
    ) -> Step {
        match function {
            Fhir::Extension => self.extension(call, focus, sink),
            Fhir::GetValue => match self.single_input(call, focus)? {
                Some(Item::Part(part)) if !part.kind.kind.is_primitive() => ON,
                Some(item) => item.value().map_or(ON, |value| sink(Item::Value(value))),
                None => ON,
            },
            Fhir::Resolve => self.input(call.input.as_ref(), focus, &mut |item| {
                self.spend(1)?;
                match self.target(&item)? {
                    Some(target) => sink(target),
                    None => ON,
                }
            }),
            Fhir::Type => self.input(call.input.as_ref(), focus, &mut |item| {
                let (namespace, name) = match &item {
                    Item::Part(part) => ("FHIR", part.kind.name),
                    Item::Value(_) => ("System", item.type_name()),
                };
                sink(Item::Value(Value::Type(namespace, name)))
            }),
        }
    }

    /// The extensions of this address.
    fn extension(&self, call: &'n Call, focus: Focus<'_, 'n>, sink: Sink<'_, 'n>) -> Step {
        let Some(argument) = call.arguments.first() else { return ON };
        let Some(address) = self.single(argument, focus, call.name)? else { return ON };
        let address = address.as_str().ok_or_else(|| wrong_kind(call.name, &address))?;
        self.input(call.input.as_ref(), focus, &mut |item| {
            let (Item::Part(part), Some(kind)) = (item, kinds::extension()) else { return ON };
            let holder = if part.kind.kind.is_primitive() { part.partner } else { part.node };
            let extensions = holder.and_then(|node| node.get("extension")).and_then(Node::as_array);
            for node in extensions.unwrap_or_default() {
                self.spend(1)?;
                if node.get("url").and_then(Node::as_str) == Some(address) {
                    go!(sink(Item::Part(Part { node: Some(node), partner: None, kind })));
                }
            }
            ON
        })
    }

    /// `resolve() is Patient`: answered from the reference itself when it leads nowhere we can see.
    pub(super) fn target_is(&self, call: &'n Call, wanted: Wanted, focus: Focus<'_, 'n>) -> Truth {
        let Some(item) = self.single_input(call, focus)? else { return Ok(None) };
        self.spend(1)?;
        if let Some(target) = self.target(&item)? {
            return Ok(Some(target.is(wanted, self.scope.strict)));
        }
        let kind = named_type(&item).and_then(|name| table().find(name));
        let kind = kind.filter(|kind| kind.kind == TypeKind::Resource);
        Ok(kind.map(|kind| wanted.fhir.is_some_and(|wanted| kinds::is_a(kind, wanted))))
    }

    /// The resource a reference, canonical or string points at: a contained one, one of the Bundle around, or what
    /// the caller finds.
    fn target(&self, item: &Item<'n>) -> Result<Option<Item<'n>>, Problem> {
        let Some(text) = reference_text(item) else { return Ok(None) };
        let root = self.root_resource();
        if let Some(id) = text.strip_prefix('#') {
            return if id.is_empty() { Ok(Some(root.clone())) } else { self.contained_resource(root, id) };
        }
        if let Some(found) = self.entry(root, text)? {
            return Ok(Some(found));
        }
        Ok(self.scope.resolver.and_then(|resolver| resolver(text)))
    }

    fn contained_resource(&self, root: &Item<'n>, id: &str) -> Result<Option<Item<'n>>, Problem> {
        let inside =
            |item: &Item<'n>| item.as_node().and_then(|node| node.get("contained")).and_then(Node::as_array);
        // `%resource` is looked into first: within a Bundle it is the one that contains.
        let near = self.scope.resource.as_ref().and_then(inside).unwrap_or_default();
        let here = inside(self.context).unwrap_or_default();
        for node in near.iter().chain(here).chain(inside(root).unwrap_or_default()) {
            self.spend(1)?;
            if node.get("id").and_then(Node::as_str) == Some(id) {
                return Ok(Item::resource(node));
            }
        }
        Ok(None)
    }

    /// The entry of a Bundle with this address, or whose resource has this type and id.
    fn entry(&self, root: &Item<'n>, text: &str) -> Result<Option<Item<'n>>, Problem> {
        if root.type_name() != "Bundle" {
            return Ok(None);
        }
        let entries =
            root.as_node().and_then(|node| node.get("entry")).and_then(Node::as_array).unwrap_or_default();
        let text = text.split_once("/_history/").map_or(text, |(text, _)| text);
        for entry in entries {
            self.spend(1)?;
            let Some(resource) = entry.get("resource") else { continue };
            let member = |name| resource.get(name).and_then(Node::as_str).unwrap_or_default();
            let named = || text.split_once('/') == Some((member("resourceType"), member("id")));
            if entry.get("fullUrl").and_then(Node::as_str) == Some(text) || named() {
                return Ok(Item::resource(resource));
            }
        }
        Ok(None)
    }
}

/// What a reference says: `reference` of a Reference, the text of anything else.
fn reference_text<'i>(item: &'i Item<'_>) -> Option<&'i str> {
    match item {
        Item::Part(part) if part.kind.name == "Reference" => part.node?.get("reference")?.as_str(),
        _ => item.as_str(),
    }
}

/// The type a reference names: by `type`, or before the id in its address.
fn named_type<'i>(item: &'i Item<'_>) -> Option<&'i str> {
    if let Item::Part(part) = item
        && let Some(name) = part.node.and_then(|node| node.get("type")).and_then(Node::as_str)
    {
        return Some(name.strip_prefix("http://hl7.org/fhir/StructureDefinition/").unwrap_or(name));
    }
    let text = reference_text(item)?;
    let text = text.split_once("/_history/").map_or(text, |(text, _)| text);
    let (before, _) = text.rsplit_once('/')?;
    Some(before.rsplit_once('/').map_or(before, |(_, name)| name))
}
