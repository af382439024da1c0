//! The evaluation of a tree. Items flow one by one into a sink, so that most expressions need no collection at all;
//! what gives true, false or nothing is asked for that directly.

use super::arithmetic;
use super::compare;
use super::function::{Function, Select};
use super::item::{Item, Items, Part, Value};
use super::kinds;
use super::parts::{Known, ON, Sink, Step, go};
use super::scope::Scope;
use super::tree::{Binary, Call, Expr, Member, Operator, TypeTest, Variable};
use crate::codes::fhirpath as codes;
use base::Problem;
use std::cell::Cell;
use std::ops::ControlFlow;

/// Most steps of one evaluation: items taken, nodes of the tree visited, and every 16 bytes of text made.
pub(super) const STEPS_MAX: u32 = 4_000_000;

/// One evaluation.
pub(super) struct Run<'r, 'n> {
    pub(super) scope: &'r Scope<'n>,
    /// `%context`: what the whole expression works on.
    pub(super) context: &'r Item<'n>,
    left: Cell<u32>,
}

/// What `$this`, `$index` and `$total` are at a place of the tree.
#[derive(Clone, Copy)]
pub(super) struct Focus<'f, 'n> {
    pub(super) this: Option<&'f Item<'n>>,
    pub(super) index: Option<usize>,
    pub(super) total: &'f [Item<'n>],
}

impl<'f, 'n> Focus<'f, 'n> {
    /// The same place with another `$this`.
    pub(super) fn at(self, this: &'f Item<'n>, index: usize) -> Self {
        Self { this: Some(this), index: Some(index), ..self }
    }
}

/// True, false, or nothing.
pub(super) type Truth = Result<Option<bool>, Problem>;

impl<'r, 'n> Run<'r, 'n> {
    pub(super) fn new(scope: &'r Scope<'n>, context: &'r Item<'n>) -> Self {
        Self { scope, context, left: Cell::new(STEPS_MAX) }
    }

    pub(super) fn start(&self) -> Focus<'r, 'n> {
        Focus { this: Some(self.context), index: None, total: &[] }
    }

    /// Counts steps.
    pub(super) fn spend(&self, steps: usize) -> Result<(), Problem> {
        let left = u32::try_from(steps).ok().and_then(|steps| self.left.get().checked_sub(steps));
        match left {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => Err(Problem::new(&codes::STEPS).with("limit", STEPS_MAX)),
        }
    }

    /// Sends the items of an expression into the sink.
    pub(super) fn each(&self, expr: &'n Expr, focus: Focus<'_, 'n>, sink: Sink<'_, 'n>) -> Step {
        self.spend(1)?;
        match expr {
            Expr::Empty => ON,
            Expr::Text(text) => sink(Item::string(text.as_str())),
            Expr::Literal(value) => sink(Item::Value(value.clone())),
            Expr::This => focus.this.map_or(ON, |this| sink(this.clone())),
            Expr::Index => focus.index.map_or(ON, |index| sink(Item::Value(Value::Integer(integer(index))))),
            Expr::Total => self.all_of(focus.total, sink),
            Expr::Variable(variable) => self.variable(variable, sink),
            Expr::Root(kind) => match focus.this {
                Some(this @ Item::Part(part)) if kinds::is_a(part.kind, kind) => sink(this.clone()),
                _ => self.unknown(kind.name, focus.this),
            },
            Expr::Member(member) => self.member(member, focus, sink),
            Expr::Indexer(both) => self.indexed(&both.0, &both.1, focus, sink),
            Expr::Negated(inner) => match self.single(inner, focus, "-")? {
                Some(item) => arithmetic::negated(&item)?.map_or(ON, |value| sink(Item::Value(value))),
                None => ON,
            },
            Expr::As(test) => self.with_type(test, focus, sink),
            Expr::Binary(binary) => match binary.operator {
                Operator::Union => self.union(&binary.left, &binary.right, focus, sink),
                operator if operator.is_arithmetic() => self.arithmetic(binary, focus, sink),
                _ => emit(self.truth(expr, focus)?, sink),
            },
            Expr::Is(_) => emit(self.truth(expr, focus)?, sink),
            Expr::Call(call) => match call.function {
                Function::Test(_) => emit(self.truth(expr, focus)?, sink),
                Function::Select(select) => self.select(select, call, focus, sink),
                Function::Text(function) => self.text(function, call, focus, sink),
                Function::Math(function) => self.math(function, call, focus, sink),
                Function::Convert(function) => self.convert(function, call, focus, sink),
                Function::Boundary(function) => self.boundary(function, call, focus, sink),
                Function::Fhir(function) => self.fhir(function, call, focus, sink),
            },
        }
    }

    /// An expression as true, false or nothing. One item that is no boolean counts as true (FHIRPath 5.1.1).
    pub(super) fn truth(&self, expr: &'n Expr, focus: Focus<'_, 'n>) -> Truth {
        match expr {
            Expr::Binary(binary)
                if !binary.operator.is_arithmetic() && binary.operator != Operator::Union =>
            {
                self.spend(1)?;
                self.logic(binary, focus)
            }
            Expr::Is(test) => self.is(test, focus),
            Expr::Call(call) => match call.function {
                Function::Test(test) => {
                    self.spend(1)?;
                    self.test(test, call, focus)
                }
                _ => self.one_as_truth(expr, focus),
            },
            _ => self.one_as_truth(expr, focus),
        }
    }

    fn one_as_truth(&self, expr: &'n Expr, focus: Focus<'_, 'n>) -> Truth {
        let item = self.single(expr, focus, "boolean")?;
        Ok(item.map(|item| item.as_bool().unwrap_or(true)))
    }

    /// The one item of an expression; several are a problem.
    pub(super) fn single(
        &self,
        expr: &'n Expr,
        focus: Focus<'_, 'n>,
        name: &str,
    ) -> Result<Option<Item<'n>>, Problem> {
        match expr {
            Expr::This => return Ok(focus.this.cloned()),
            Expr::Text(text) => return Ok(Some(Item::string(text.as_str()))),
            _ => {}
        }
        let mut found = None;
        let step = self.each(expr, focus, &mut |item| match found.is_some() {
            true => Err(Problem::new(&codes::NOT_SINGLE).with("name", name)),
            false => {
                found = Some(item);
                ON
            }
        });
        step.map(|_| found)
    }

    /// All items of an expression.
    pub(super) fn collect(&self, expr: &'n Expr, focus: Focus<'_, 'n>) -> Result<Items<'n>, Problem> {
        let mut items = Items::new();
        let step = self.each(expr, focus, &mut |item| {
            items.push(item);
            ON
        });
        step.map(|_| items)
    }

    /// The input of a function: what stands before its point, or `$this`.
    pub(super) fn input(&self, input: Option<&'n Expr>, focus: Focus<'_, 'n>, sink: Sink<'_, 'n>) -> Step {
        match (input, focus.this) {
            (Some(expr), _) => self.each(expr, focus, sink),
            (None, Some(this)) => sink(this.clone()),
            (None, None) => ON,
        }
    }

    /// Goes through the items of an expression; stopping early is the business of `take` alone.
    pub(super) fn visit(
        &self,
        expr: &'n Expr,
        focus: Focus<'_, 'n>,
        take: Sink<'_, 'n>,
    ) -> Result<(), Problem> {
        self.each(expr, focus, take).map(drop)
    }

    /// Goes through the input of a function in the same way.
    pub(super) fn visit_input(
        &self,
        call: &'n Call,
        focus: Focus<'_, 'n>,
        take: Sink<'_, 'n>,
    ) -> Result<(), Problem> {
        self.input(call.input.as_ref(), focus, take).map(drop)
    }

    pub(super) fn single_input(
        &self,
        call: &'n Call,
        focus: Focus<'_, 'n>,
    ) -> Result<Option<Item<'n>>, Problem> {
        match &call.input {
            Some(expr) => self.single(expr, focus, call.name),
            None => Ok(focus.this.cloned()),
        }
    }

    pub(super) fn all_input(&self, call: &'n Call, focus: Focus<'_, 'n>) -> Result<Items<'n>, Problem> {
        match &call.input {
            Some(expr) => self.collect(expr, focus),
            None => Ok(focus.this.cloned().into_iter().collect()),
        }
    }

    pub(super) fn all_of(&self, items: &[Item<'n>], sink: Sink<'_, 'n>) -> Step {
        self.spend(items.len())?;
        for item in items {
            go!(sink(item.clone()));
        }
        ON
    }

    fn variable(&self, variable: &Variable, sink: Sink<'_, 'n>) -> Step {
        let scope = self.scope;
        match variable {
            Variable::Context => sink(self.context.clone()),
            Variable::Resource => sink(scope.resource.as_ref().unwrap_or(self.context).clone()),
            Variable::RootResource => sink(self.root_resource().clone()),
            Variable::Named(name) => match scope.variables.iter().find(|(known, _)| known == name) {
                Some((_, items)) => self.all_of(items, sink),
                None => Err(Problem::new(&codes::UNKNOWN_NAME)
                    .with("name", format!("%{}", crate::place::shown(name)))),
            },
        }
    }

    pub(super) fn root_resource(&self) -> &'r Item<'n> {
        self.scope.root_resource.as_ref().or(self.scope.resource.as_ref()).unwrap_or(self.context)
    }

    /// A name that means nothing: a problem when strict.
    fn unknown(&self, name: &str, this: Option<&Item<'n>>) -> Step {
        if !self.scope.strict {
            return ON;
        }
        let kind = this.map_or("{}", Item::type_name);
        Err(Problem::new(&codes::UNKNOWN_MEMBER).with("name", crate::place::shown(name)).with("kind", kind))
    }

    fn member(&self, member: &'n Member, focus: Focus<'_, 'n>, sink: Sink<'_, 'n>) -> Step {
        if self.scope.strict {
            return self.strict_member(member, focus, sink);
        }
        self.input(member.input.as_ref(), focus, &mut |item| {
            let Some((part, known)) = self.known(&item, member) else {
                return of_type_info(&item, member, sink);
            };
            part.member(&member.name, &known, &mut |item| {
                self.spend(1)?;
                sink(item)
            })
        })
    }

    /// What the name means for this item; the first meaning is kept, for most names meet one type only.
    fn known<'i>(&self, item: &'i Item<'n>, member: &Member) -> Option<(&'i Part<'n>, Known)> {
        let Item::Part(part) = item else { return None };
        let owner = part.owner()?;
        let first = member.first.get_or_init(|| Known::find(owner, &member.name));
        match std::ptr::eq(first.owner, owner) {
            true => Some((part, *first)),
            false => Some((part, Known::find(owner, &member.name))),
        }
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
            let Some((part, known)) = self.known(&item, member) else {
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
                .with("name", crate::place::shown(&member.name))
                .with("kind", kind.name)),
            _ => Ok(step),
        }
    }

    fn indexed(&self, input: &'n Expr, index: &'n Expr, focus: Focus<'_, 'n>, sink: Sink<'_, 'n>) -> Step {
        let Some(index) = self.single(index, focus, "[ ]")? else { return ON };
        let Some(index) = index.as_integer() else { return Err(wrong_kind("[ ]", &index)) };
        let Ok(mut left) = usize::try_from(index) else { return ON };
        let mut flow = ControlFlow::Continue(());
        self.visit(input, focus, &mut |item| match left {
            0 => {
                flow = sink(item)?;
                Ok(ControlFlow::Break(()))
            }
            _ => {
                left = left.saturating_sub(1);
                ON
            }
        })?;
        Ok(flow)
    }

    fn is(&self, test: &'n TypeTest, focus: Focus<'_, 'n>) -> Truth {
        self.spend(1)?;
        if let Some(Expr::Call(call)) = &test.input
            && call.function == Function::Fhir(super::function::Fhir::Resolve)
        {
            return self.target_is(call, test.wanted, focus);
        }
        let item = match &test.input {
            Some(expr) => self.single(expr, focus, "is")?,
            None => focus.this.cloned(),
        };
        Ok(item.map(|item| item.is(test.wanted, self.scope.strict)))
    }

    /// `as` and `ofType`. The search parameters of R4 use `as` on several items, so only strict evaluation minds.
    fn with_type(&self, test: &'n TypeTest, focus: Focus<'_, 'n>, sink: Sink<'_, 'n>) -> Step {
        let mut first = true;
        self.input(test.input.as_ref(), focus, &mut |item| {
            if !first && test.single && self.scope.strict {
                return Err(Problem::new(&codes::NOT_SINGLE).with("name", "as"));
            }
            first = false;
            if item.is_as(test.wanted, self.scope.strict) { sink(item) } else { ON }
        })
    }

    fn logic(&self, binary: &'n Binary, focus: Focus<'_, 'n>) -> Truth {
        let left = || self.truth(&binary.left, focus);
        let right = || self.truth(&binary.right, focus);
        Ok(match binary.operator {
            Operator::And => match left()? {
                Some(false) => Some(false),
                left => match (left, right()?) {
                    (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                },
            },
            Operator::Or => match left()? {
                Some(true) => Some(true),
                left => match (left, right()?) {
                    (_, Some(true)) => Some(true),
                    (Some(false), Some(false)) => Some(false),
                    _ => None,
                },
            },
            Operator::Implies => match left()? {
                Some(false) => Some(true),
                Some(true) => right()?,
                None => right()?.filter(|right| *right),
            },
            Operator::Xor => left()?.zip(right()?).map(|(left, right)| left != right),
            _ => return self.comparison(binary, focus),
        })
    }

    fn comparison(&self, binary: &'n Binary, focus: Focus<'_, 'n>) -> Truth {
        let name = binary.operator.sign();
        match binary.operator {
            Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
                let (left, right) =
                    (self.single(&binary.left, focus, name)?, self.single(&binary.right, focus, name)?);
                let (Some(left), Some(right)) = (left, right) else { return Ok(None) };
                let order = compare::order(&left, &right, name)?;
                Ok(order.map(|order| match binary.operator {
                    Operator::Less => order.is_lt(),
                    Operator::LessOrEqual => order.is_le(),
                    Operator::Greater => order.is_gt(),
                    _ => order.is_ge(),
                }))
            }
            Operator::In => self.contained(&binary.left, &binary.right, name, focus),
            Operator::Contains => self.contained(&binary.right, &binary.left, name, focus),
            operator => {
                let (left, right) = (self.collect(&binary.left, focus)?, self.collect(&binary.right, focus)?);
                match operator {
                    Operator::Equal => compare::equal(self, &left, &right),
                    Operator::NotEqual => Ok(compare::equal(self, &left, &right)?.map(|equal| !equal)),
                    Operator::Equivalent => compare::equivalent(self, &left, &right).map(Some),
                    _ => Ok(Some(!compare::equivalent(self, &left, &right)?)),
                }
            }
        }
    }

    /// `in` and `contains`: nothing in anything is nothing, anything in nothing is false.
    fn contained(&self, one: &'n Expr, all: &'n Expr, name: &str, focus: Focus<'_, 'n>) -> Truth {
        let Some(one) = self.single(one, focus, name)? else { return Ok(None) };
        let mut found = false;
        self.visit(all, focus, &mut |item| {
            self.spend(1)?;
            found = compare::equal_items(self, &one, &item)? == Some(true);
            if found { Ok(ControlFlow::Break(())) } else { ON }
        })?;
        Ok(Some(found))
    }

    fn arithmetic(&self, binary: &'n Binary, focus: Focus<'_, 'n>, sink: Sink<'_, 'n>) -> Step {
        let name = binary.operator.sign();
        let (left, right) =
            (self.single(&binary.left, focus, name)?, self.single(&binary.right, focus, name)?);
        let value = match (left, right) {
            (Some(left), Some(right)) => arithmetic::apply(binary.operator, &left, &right)?,
            // `&` takes nothing for an empty string.
            (left, right) if binary.operator == Operator::Concatenate => {
                arithmetic::concatenated(left.as_ref(), right.as_ref())?
            }
            _ => None,
        };
        if let Some(Value::String(text)) = &value {
            self.spend(text.len().div_euclid(16))?;
        }
        value.map_or(ON, |value| sink(Item::Value(value)))
    }
}

impl Operator {
    pub(super) fn is_arithmetic(self) -> bool {
        use Operator::{Concatenate, Div, Divide, Minus, Mod, Plus, Times};
        matches!(self, Plus | Minus | Concatenate | Times | Divide | Div | Mod)
    }
}

/// Sends a truth on as an item.
pub(super) fn emit(truth: Option<bool>, sink: Sink<'_, '_>) -> Step {
    truth.map_or(ON, |truth| sink(Item::Value(Value::Boolean(truth))))
}

/// `namespace` and `name` of what `type()` gives; other computed values have no members.
fn of_type_info(item: &Item<'_>, member: &Member, sink: Sink<'_, '_>) -> Step {
    match (item, member.name.as_str()) {
        (Item::Value(Value::Type(namespace, _)), "namespace") => sink(Item::string(*namespace)),
        (Item::Value(Value::Type(_, name)), "name") => sink(Item::string(*name)),
        _ => ON,
    }
}

/// A count as an Integer.
pub(super) fn integer(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

pub(super) fn wrong_kind(name: &str, item: &Item<'_>) -> Problem {
    Problem::new(&codes::WRONG_KIND).with("name", name).with("kind", item.type_name())
}

/// Functions applied to what has no order (`children()`, `descendants()`) where order decides.
pub(super) fn is_unordered(input: Option<&Expr>) -> bool {
    let Some(Expr::Call(call)) = input else { return false };
    matches!(call.function, Function::Select(Select::Children | Select::Descendants))
}
