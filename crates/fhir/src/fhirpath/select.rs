//! Functions from collections to collections (FHIRPath 5.2 to 5.4, 5.8, 5.9, 7).

use super::function::Select;
use super::item::{Item, Items, Value};
use super::moment::Moment;
use super::parts::{ON, Sink, Step, go};
use super::run::{Focus, Run, integer, is_unordered, wrong_kind};
use super::seen::Seen;
use super::tree::{Call, Expr};
use crate::codes::fhirpath as codes;
use base::Problem;
use std::ops::ControlFlow;

/// What has no zone is meant in Japan Standard Time, as everywhere in Akashi.
const JAPAN_MINUTES: i16 = 9 * 60;

impl<'n> Run<'_, 'n, '_> {
    pub(super) fn select(
        &self,
        select: Select,
        call: &'n Call,
        focus: Focus<'_, 'n>,
        sink: Sink<'_, 'n>,
    ) -> Step {
        match select {
            Select::Where | Select::Project | Select::Repeat | Select::Aggregate | Select::Sort => {
                self.with_criteria(select, call, focus, sink)
            }
            Select::Single => match self.single_input(call, focus)? {
                Some(item) => sink(item),
                None => ON,
            },
            Select::First | Select::Last | Select::Tail | Select::Skip | Select::Take => {
                self.subset(select, call, focus, sink)
            }
            Select::Intersect | Select::Exclude | Select::Union | Select::Combine => {
                self.combination(select, call, focus, sink)
            }
            Select::Count => {
                let count = self.count(call, focus)?;
                sink(Item::Value(Value::Integer(integer(count))))
            }
            Select::Distinct => {
                let items = self.all_input(call, focus)?;
                self.all_of(&self.distinct(items)?, sink)
            }
            Select::Children | Select::Descendants => self.input(call.input.as_ref(), focus, &mut |item| {
                let Item::Part(part) = item else { return ON };
                let sink = &mut |item| {
                    self.spend(1)?;
                    sink(item)
                };
                if select == Select::Children { part.children(sink) } else { part.descendants(sink) }
            }),
            // The name and the projection are for people who follow an evaluation; nothing is written here.
            Select::Trace => self.input(call.input.as_ref(), focus, sink),
            Select::Iif => self.iif(call, focus, sink),
            Select::Now | Select::Today | Select::TimeOfDay => {
                let now = Moment::present(self.scope.now.microseconds(), JAPAN_MINUTES);
                sink(Item::Value(match select {
                    Select::Now => Value::DateTime(now),
                    Select::Today => Value::Date(now.to_date()),
                    _ => Value::Time(now.to_time()),
                }))
            }
        }
    }

    fn count(&self, call: &'n Call, focus: Focus<'_, 'n>) -> Result<usize, Problem> {
        let mut count = 0_usize;
        // What is inside is counted without being looked at: the invariant on every element asks for it.
        if let Some(Expr::Call(inner)) = &call.input
            && inner.function == super::function::Function::Select(Select::Children)
        {
            self.visit_input(inner, focus, &mut |item| {
                if let Item::Part(part) = item {
                    count = count.saturating_add(part.count_children());
                }
                ON
            })?;
            return Ok(count);
        }
        self.visit_input(call, focus, &mut |_| {
            count = count.saturating_add(1);
            ON
        })?;
        Ok(count)
    }

    /// Functions that evaluate an argument for each item.
    fn with_criteria(
        &self,
        select: Select,
        call: &'n Call,
        focus: Focus<'_, 'n>,
        sink: Sink<'_, 'n>,
    ) -> Step {
        let criteria = call.arguments.first();
        let mut index = 0_usize;
        match (select, criteria) {
            (Select::Where, Some(criteria)) => self.input(call.input.as_ref(), focus, &mut |item| {
                let holds = self.truth(criteria, focus.at(&item, index))?;
                index = index.saturating_add(1);
                if holds == Some(true) { sink(item) } else { ON }
            }),
            (Select::Project, Some(projection)) => self.input(call.input.as_ref(), focus, &mut |item| {
                let step = self.each(projection, focus.at(&item, index), sink);
                index = index.saturating_add(1);
                step
            }),
            (Select::Repeat, Some(projection)) => self.repeat(projection, call, focus, sink),
            (Select::Aggregate, Some(aggregator)) => self.aggregate(aggregator, call, focus, sink),
            _ => self.sort(call, focus, sink),
        }
    }

    fn subset(&self, select: Select, call: &'n Call, focus: Focus<'_, 'n>, sink: Sink<'_, 'n>) -> Step {
        if self.scope.strict && is_unordered(call.input.as_ref()) {
            let problem = Problem::new(&codes::WRONG_KIND).with("name", call.name);
            return Err(problem.with("kind", "a collection without order"));
        }
        let count = match call.arguments.first() {
            None => 1,
            Some(argument) => match self.single(argument, focus, call.name)? {
                None => return ON,
                Some(item) => item.as_integer().ok_or_else(|| wrong_kind(call.name, &item))?,
            },
        };
        let count = usize::try_from(count).unwrap_or(0);
        match select {
            Select::First | Select::Take if count == 0 => ON,
            Select::First | Select::Take => {
                let (mut left, mut flow) = (count, ControlFlow::Continue(()));
                self.visit_input(call, focus, &mut |item| {
                    left = left.saturating_sub(1);
                    flow = sink(item)?;
                    if left == 0 { Ok(ControlFlow::Break(())) } else { Ok(flow) }
                })?;
                Ok(flow)
            }
            Select::Last => {
                let mut last = None;
                self.visit_input(call, focus, &mut |item| {
                    last = Some(item);
                    ON
                })?;
                last.map_or(ON, sink)
            }
            _ => {
                let mut left = count;
                self.input(call.input.as_ref(), focus, &mut |item| {
                    if left == 0 {
                        return sink(item);
                    }
                    left = left.saturating_sub(1);
                    ON
                })
            }
        }
    }

    fn combination(&self, select: Select, call: &'n Call, focus: Focus<'_, 'n>, sink: Sink<'_, 'n>) -> Step {
        let Some(argument) = call.arguments.first() else { return ON };
        match select {
            Select::Combine => {
                go!(self.input(call.input.as_ref(), focus, sink));
                self.each(argument, focus, sink)
            }
            Select::Union => {
                let mut items = self.all_input(call, focus)?;
                items.extend(self.collect(argument, focus)?);
                self.all_of(&self.distinct(items)?, sink)
            }
            _ => {
                let (items, others) = (self.all_input(call, focus)?, self.collect(argument, focus)?);
                let intersect = select == Select::Intersect;
                let items = if intersect { self.distinct(items)? } else { items };
                let others = Seen::of(self, others)?;
                for item in items {
                    if others.has(self, &item)? == intersect {
                        go!(sink(item));
                    }
                }
                ON
            }
        }
    }

    /// `left | right`
    pub(super) fn union(
        &self,
        left: &'n Expr,
        right: &'n Expr,
        focus: Focus<'_, 'n>,
        sink: Sink<'_, 'n>,
    ) -> Step {
        let mut items = self.collect(left, focus)?;
        items.extend(self.collect(right, focus)?);
        self.all_of(&self.distinct(items)?, sink)
    }

    /// Each item once, where it stands first.
    pub(super) fn distinct(&self, items: Items<'n>) -> Result<Items<'n>, Problem> {
        if items.len() < 2 {
            return Ok(items);
        }
        let mut distinct = Items::new();
        Seen::default().add_new(self, items, &mut distinct)?;
        Ok(distinct)
    }

    /// The projection of the items, the projection of what that gave, and so on; nothing comes twice.
    fn repeat(&self, projection: &'n Expr, call: &'n Call, focus: Focus<'_, 'n>, sink: Sink<'_, 'n>) -> Step {
        let mut waiting = self.all_input(call, focus)?;
        let mut seen = Seen::default();
        while !waiting.is_empty() {
            let mut next = Items::new();
            for (index, item) in waiting.iter().enumerate() {
                let found = self.collect(projection, focus.at(item, index))?;
                seen.add_new(self, found, &mut next)?;
            }
            go!(self.all_of(&next, sink));
            waiting = next;
        }
        ON
    }

    fn aggregate(
        &self,
        aggregator: &'n Expr,
        call: &'n Call,
        focus: Focus<'_, 'n>,
        sink: Sink<'_, 'n>,
    ) -> Step {
        let mut total = match call.arguments.get(1) {
            Some(start) => self.collect(start, focus)?,
            None => Items::new(),
        };
        let mut index = 0_usize;
        self.visit_input(call, focus, &mut |item| {
            let place = Focus { total: &total, ..focus.at(&item, index) };
            let next = self.collect(aggregator, place)?;
            total = next;
            index = index.saturating_add(1);
            ON
        })?;
        self.all_of(&total, sink)
    }

    /// The one branch that is chosen is evaluated; `$this` is the one item before the point.
    fn iif(&self, call: &'n Call, focus: Focus<'_, 'n>, sink: Sink<'_, 'n>) -> Step {
        let input = self.single_input(call, focus)?;
        let focus = Focus { this: input.as_ref(), ..focus };
        let Some(criterion) = call.arguments.first() else { return ON };
        let holds = match self.single(criterion, focus, call.name)? {
            None => false,
            Some(item) => item.as_bool().ok_or_else(|| wrong_kind(call.name, &item))?,
        };
        call.arguments.get(if holds { 1 } else { 2 }).map_or(ON, |branch| self.each(branch, focus, sink))
    }
}
