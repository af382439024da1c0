//! From a part of a resource to the parts inside it, by the definitions: choices under their short name, primitives
//! together with their partners, resources inside resources with their own type.

use super::item::{Item, Part};
use super::kinds;
use crate::definitions::{Element, Type, TypeKind, Variant, table};
use crate::json::Node;
use base::Problem;
use std::ops::ControlFlow;

/// Whether more items are wanted.
pub(super) type Step = Result<ControlFlow<()>, Problem>;

/// Takes items one after the other.
pub(super) type Sink<'s, 'n> = &'s mut dyn FnMut(Item<'n>) -> Step;

/// More items are wanted.
pub(super) const ON: Step = Ok(ControlFlow::Continue(()));

/// Leaves the function when no more items are wanted.
macro_rules! go {
    ($step:expr) => {
        if $step?.is_break() {
            return Ok(std::ops::ControlFlow::Break(()));
        }
    };
}
pub(super) use go;

/// What a name means in a type.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) owner: &'static Type,
    meaning: Meaning,
}

#[derive(Clone, Copy, Debug)]
enum Meaning {
    Nothing,
    /// A member under its own name.
    Plain(&'static Element, &'static Type),
    /// `value` for `value[x]`.
    Choice(&'static Element),
}

impl Known {
    pub(super) fn find(owner: &'static Type, name: &str) -> Self {
        let element = owner.elements.iter().find(|element| element.path_name() == name);
        let meaning = match element {
            None => Meaning::Nothing,
            Some(element) if element.is_choice() => Meaning::Choice(element),
            Some(element) => match element.variants.first().and_then(Variant::kind) {
                Some(kind) => Meaning::Plain(element, kind),
                None => Meaning::Nothing,
            },
        };
        Self { owner, meaning }
    }

    pub(super) fn is_nothing(&self) -> bool {
        matches!(self.meaning, Meaning::Nothing)
    }
}

impl<'n> Part<'n> {
    /// The JSON members of the part and the type that says what they are: of a primitive those of its partner.
    fn members(&self) -> Option<(&'n [(String, Node)], &'static Type)> {
        let (node, kind) = if self.kind.kind.is_primitive() {
            (self.partner?, kinds::element()?)
        } else {
            (self.node?, self.kind)
        };
        Some((node.as_object()?, kind))
    }

    /// The type in which names below this part are looked up.
    pub(super) fn owner(&self) -> Option<&'static Type> {
        if self.kind.kind.is_primitive() { kinds::element() } else { Some(self.kind) }
    }

    /// The parts under a name.
    pub(super) fn member(&self, name: &str, known: &Known, sink: Sink<'_, 'n>) -> Step {
        let Some((members, owner)) = self.members() else { return ON };
        match known.meaning {
            Meaning::Nothing => ON,
            Meaning::Plain(element, kind) => {
                let with_partner = kind.kind.is_primitive() && !element.is_attribute();
                let (node, partner) = find(members, name, with_partner);
                emit(node, partner, kind, sink)
            }
            Meaning::Choice(element) => {
                for entry in members {
                    let plain = plain(&entry.0);
                    if !plain.starts_with(name) {
                        continue;
                    }
                    let Some((_, found, kind)) = owner.member(plain) else { continue };
                    if !std::ptr::eq(found, element) {
                        continue;
                    }
                    go!(pair(members, entry, kind, sink));
                }
                ON
            }
        }
    }

    /// All parts directly inside.
    pub(super) fn children(&self, sink: Sink<'_, 'n>) -> Step {
        let Some((members, owner)) = self.members() else { return ON };
        for entry in members {
            if let Some((_, _, kind)) = owner.member(plain(&entry.0)) {
                go!(pair(members, entry, kind, sink));
            }
        }
        ON
    }

    /// How many parts are directly inside. Where no partner stands among them, members are taken as known: the check
    /// refuses others before anything is asked of them.
    pub(super) fn count_children(&self) -> usize {
        let Some((members, owner)) = self.members() else { return 0 };
        let mut count = 0_usize;
        let partners = members.iter().any(|(member, _)| member.starts_with('_'));
        for (member, node) in members {
            let has_owner = || owner.member(plain(member)).is_some();
            let more = match (node, partners) {
                (Node::Array(items), false) => items.iter().filter(|item| **item != Node::Null).count(),
                (_, false) => usize::from(member != "resourceType"),
                (_, true) if !has_owner() => 0,
                // A member that has its partner beside it is counted once, by the longer of both.
                (node, true) => match member.strip_prefix('_') {
                    Some(plain) if find(members, plain, false).0.is_some() => 0,
                    Some(_) => present(None, Some(node)),
                    None => present(Some(node), find(members, member, true).1),
                },
            };
            count = count.saturating_add(more);
        }
        count
    }

    /// Everything inside, at any depth. Without recursion, for the sink may well evaluate more of the expression.
    pub(super) fn descendants(&self, sink: Sink<'_, 'n>) -> Step {
        let mut waiting = vec![];
        let mut part = *self;
        loop {
            let before = waiting.len();
            go!(part.children(&mut |item| {
                waiting.push(item);
                ON
            }));
            // The first child is the next to be taken.
            waiting.get_mut(before..).unwrap_or_default().reverse();
            let Some(item) = waiting.pop() else { return ON };
            if let Item::Part(inner) = &item {
                part = *inner;
            }
            go!(sink(item));
        }
    }
}

/// Items of a member and its partner, where either may be missing.
fn present(node: Option<&Node>, partner: Option<&Node>) -> usize {
    let mut count = 0_usize;
    each_of(node, partner, &mut |_, _| {
        count = count.saturating_add(1);
        ON
    })
    .map_or(0, |_| count)
}

/// A member and, for a primitive, its partner.
fn find<'n>(
    members: &'n [(String, Node)],
    name: &str,
    with_partner: bool,
) -> (Option<&'n Node>, Option<&'n Node>) {
    let (mut node, mut partner) = (None, None);
    for (member, value) in members {
        if member == name {
            node = Some(value);
            if !with_partner {
                break;
            }
        } else if with_partner && member.strip_prefix('_') == Some(name) {
            partner = Some(value);
        }
    }
    (node, partner)
}

/// The name of a member or of its partner, without the underscore.
fn plain(member: &str) -> &str {
    member.strip_prefix('_').unwrap_or(member)
}

/// A member met while going through all of them: with its partner, and not a second time at the partner.
fn pair<'n>(
    members: &'n [(String, Node)],
    entry: &'n (String, Node),
    kind: &'static Type,
    sink: Sink<'_, 'n>,
) -> Step {
    let (member, node) = entry;
    let name = plain(member);
    if !kind.kind.is_primitive() {
        return emit(Some(node), None, kind, sink);
    }
    if member.len() == name.len() {
        return emit(Some(node), find(members, name, true).1, kind, sink);
    }
    match find(members, name, false).0 {
        Some(_) => ON,
        None => emit(None, Some(node), kind, sink),
    }
}

/// The values of a member with their partners, arrays item by item; `null` is no value.
fn each_of<'n>(
    node: Option<&'n Node>,
    partner: Option<&'n Node>,
    take: &mut dyn FnMut(Option<&'n Node>, Option<&'n Node>) -> Step,
) -> Step {
    let nodes = node.map(std::slice::from_ref).map(inside).unwrap_or_default();
    let partners = partner.map(std::slice::from_ref).map(inside).unwrap_or_default();
    for at in 0..nodes.len().max(partners.len()) {
        let some = |node: &&Node| !matches!(node, Node::Null);
        let (node, partner) = (nodes.get(at).filter(some), partners.get(at).filter(some));
        if node.is_some() || partner.is_some() {
            go!(take(node, partner));
        }
    }
    ON
}

/// The items of an array, or the one value.
fn inside(one: &[Node]) -> &[Node] {
    match one {
        [Node::Array(items)] => items,
        other => other,
    }
}

fn emit<'n>(
    node: Option<&'n Node>,
    partner: Option<&'n Node>,
    kind: &'static Type,
    sink: Sink<'_, 'n>,
) -> Step {
    each_of(node, partner, &mut |node, partner| {
        // A resource of a type that R4 does not have stays what it is: some resource.
        let named = if kind.kind == TypeKind::AnyResource { node.and_then(resource_type) } else { None };
        sink(Item::Part(Part { node, partner, kind: named.unwrap_or(kind) }))
    })
}

fn resource_type(node: &Node) -> Option<&'static Type> {
    table().find(node.get("resourceType")?.as_str()?).filter(|kind| kind.kind == TypeKind::Resource)
}
