//! What names lead to: members of parts, variables, and the types at the beginning of a path.

use super::item::{Item, Part, Value};
use super::parts::{Known, ON, Sink, Step};
use super::run::{Focus, Run};
use super::tree::{Expr, Member, Variable};
use crate::codes::fhirpath as codes;
use crate::place::shown;
use base::Problem;

impl<'r, 'n> Run<'r, 'n, '_> {
    pub(super) fn variable(&self, variable: &Variable, sink: Sink<'_, 'n>) -> Step {
        let scope = self.scope;
        match variable {
            Variable::Context => sink(self.context.clone()),
            Variable::Resource => sink(scope.resource.as_ref().unwrap_or(self.context).clone()),
            Variable::RootResource => sink(self.root_resource().clone()),
            Variable::Named(name) => match scope.variables.iter().find(|(known, _)| known == name) {
                Some((_, items)) => self.all_of(items, sink),
                None => Err(Problem::new(&codes::UNKNOWN_NAME).with("name", format!("%{}", shown(name)))),
            },
        }
    }

    pub(super) fn root_resource(&self) -> &'r Item<'n> {
        self.scope.root_resource.as_ref().or(self.scope.resource.as_ref()).unwrap_or(self.context)
    }

    /// A name that means nothing: a problem when strict.
    pub(super) fn unknown(&self, name: &str, this: Option<&Item<'n>>) -> Step {
        if !self.scope.strict {
            return ON;
        }
        let kind = this.map_or("{}", Item::type_name);
        Err(Problem::new(&codes::UNKNOWN_MEMBER).with("name", shown(name)).with("kind", kind))
    }

    pub(super) fn member(&self, member: &'n Member, focus: Focus<'_, 'n>, sink: Sink<'_, 'n>) -> Step {
        if self.scope.strict {
            return self.strict_member(member, focus, sink);
        }
        self.input(member.input.as_ref(), focus, &mut |item| {
            let Some((part, known)) = known(&item, member) else {
                return of_type_info(&item, member, sink);
            };
            part.member(&member.name, &known, &mut |item| {
                self.spend(1)?;
                sink(item)
            })
        })
    }

    /// The same with a problem when there are items, but none of them can have the name.
    fn strict_member(&self, member: &'n Member, focus: Focus<'_, 'n>, sink: Sink<'_, 'n>) -> Step {
        if let Some(Expr::As(test)) = &member.input {
            let known = test.wanted.fhir.map(|owner| Known::find(owner, &member.name));
            if known.is_some_and(|known| known.is_nothing()) {
                let kind = test.wanted.fhir.map_or("", |kind| kind.name);
                return Err(Problem::new(&codes::UNKNOWN_MEMBER)
                    .with("name", &member.name)
                    .with("kind", kind));
            }
        }
        let (mut possible, mut met) = (false, None);
        let step = self.input(member.input.as_ref(), focus, &mut |item| {
            let Some((part, known)) = known(&item, member) else {
                return of_type_info(&item, member, sink);
            };
            possible |= !known.is_nothing();
            met = Some(part.kind);
            part.member(&member.name, &known, &mut |item| {
                self.spend(1)?;
                sink(item)
            })
        })?;
        match met {
            Some(kind) if !possible => Err(Problem::new(&codes::UNKNOWN_MEMBER)
                .with("name", shown(&member.name))
                .with("kind", kind.name)),
            _ => Ok(step),
        }
    }
}

/// What the name means for this item; the first meaning is kept, for most names meet one type only.
fn known<'i, 'n>(item: &'i Item<'n>, member: &Member) -> Option<(&'i Part<'n>, Known)> {
    let Item::Part(part) = item else { return None };
    let owner = part.owner()?;
    let first = member.first.get_or_init(|| Known::find(owner, &member.name));
    let same = std::ptr::eq(first.owner, owner);
    Some((part, if same { *first } else { Known::find(owner, &member.name) }))
}

/// `namespace` and `name` of what `type()` gives; other computed values have no members.
fn of_type_info(item: &Item<'_>, member: &Member, sink: Sink<'_, '_>) -> Step {
    match (item, member.name.as_str()) {
        (Item::Value(Value::Type(namespace, _)), "namespace") => sink(Item::string(*namespace)),
        (Item::Value(Value::Type(_, name)), "name") => sink(Item::string(*name)),
        _ => ON,
    }
}
