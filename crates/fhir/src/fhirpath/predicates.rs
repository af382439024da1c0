//! Functions that answer true, false or nothing (FHIRPath 5.1; FHIR R4, FHIRPath, additional functions).

use super::function::Test;
use super::item::{Item, Items, Value};
use super::kinds;
use super::parts::ON;
use super::run::{Focus, Run, Truth, wrong_kind};
use super::seen::Seen;
use super::tree::Call;
use crate::check::narrative;
use crate::codes::fhirpath as codes;
use crate::definitions::table;
use base::Problem;
use std::ops::ControlFlow;

/// Where the definitions of FHIR's own types are.
const DEFINITIONS: &str = "http://hl7.org/fhir/StructureDefinition/";

impl<'n> Run<'_, 'n, '_> {
    pub(super) fn test(&self, test: Test, call: &'n Call, focus: Focus<'_, 'n>) -> Truth {
        match test {
            Test::Empty => self.any(call, focus, &mut |_| Ok(true)).map(|found| Some(!found)),
            Test::Exists => {
                let mut index = 0_usize;
                let found = self.any(call, focus, &mut |item| match call.arguments.first() {
                    None => Ok(true),
                    Some(criteria) => {
                        let holds = self.truth(criteria, focus.at(&item, index))?;
                        index = index.saturating_add(1);
                        Ok(holds == Some(true))
                    }
                });
                found.map(Some)
            }
            Test::All => {
                let mut index = 0_usize;
                let failed = self.any(call, focus, &mut |item| {
                    let Some(criteria) = call.arguments.first() else { return Ok(false) };
                    let holds = self.truth(criteria, focus.at(&item, index))?;
                    index = index.saturating_add(1);
                    Ok(holds != Some(true))
                });
                failed.map(|failed| Some(!failed))
            }
            Test::AllTrue => self.any_is(false, call, focus).map(|found| Some(!found)),
            Test::AllFalse => self.any_is(true, call, focus).map(|found| Some(!found)),
            Test::AnyTrue => self.any_is(true, call, focus).map(Some),
            Test::AnyFalse => self.any_is(false, call, focus).map(Some),
            Test::SubsetOf | Test::SupersetOf => self.subset_of(test, call, focus).map(Some),
            Test::IsDistinct => {
                let items = self.all_input(call, focus)?;
                let count = items.len();
                Ok(Some(self.distinct(items)?.len() == count))
            }
            Test::Not => self.not(call, focus),
            Test::HasValue => Ok(Some(self.has_value(call, focus)?)),
            Test::HtmlChecks => self.html_checks(call, focus),
            Test::MemberOf | Test::ConformsTo => self.by_address(test, call, focus),
            Test::Comparable => self.comparable(call, focus),
        }
    }

    /// True when one of the items passes; the rest is not looked at.
    fn any(
        &self,
        call: &'n Call,
        focus: Focus<'_, 'n>,
        passes: &mut dyn FnMut(Item<'n>) -> Result<bool, Problem>,
    ) -> Result<bool, Problem> {
        let mut found = false;
        self.visit_input(call, focus, &mut |item| {
            found = passes(item)?;
            if found { Ok(ControlFlow::Break(())) } else { ON }
        })?;
        Ok(found)
    }

    /// True when one of the items, which are all booleans, has this value.
    fn any_is(&self, wanted: bool, call: &'n Call, focus: Focus<'_, 'n>) -> Result<bool, Problem> {
        let mut found = false;
        self.visit_input(call, focus, &mut |item| {
            let value = item.as_bool().ok_or_else(|| wrong_kind(call.name, &item))?;
            found |= value == wanted;
            ON
        })?;
        Ok(found)
    }

    fn not(&self, call: &'n Call, focus: Focus<'_, 'n>) -> Truth {
        let truth = match &call.input {
            Some(expr) => self.truth(expr, focus)?,
            None => focus.this.map(|this| this.as_bool().unwrap_or(true)),
        };
        Ok(truth.map(|truth| !truth))
    }

    /// One primitive with a value of its own, not only an extension.
    fn has_value(&self, call: &'n Call, focus: Focus<'_, 'n>) -> Result<bool, Problem> {
        let is_value = |item: &Item<'n>| match item {
            Item::Part(part) => part.node.is_some() && part.kind.kind.is_primitive(),
            Item::Value(_) => true,
        };
        let (mut count, mut found) = (0_usize, false);
        self.visit_input(call, focus, &mut |item| {
            count = count.saturating_add(1);
            found = is_value(&item);
            if count > 1 { Ok(ControlFlow::Break(())) } else { ON }
        })?;
        Ok(count == 1 && found)
    }

    fn subset_of(&self, test: Test, call: &'n Call, focus: Focus<'_, 'n>) -> Result<bool, Problem> {
        let items = self.all_input(call, focus)?;
        let others = match call.arguments.first() {
            Some(argument) => self.collect(argument, focus)?,
            None => Items::new(),
        };
        let (small, large) = if test == Test::SubsetOf { (items, others) } else { (others, items) };
        let large = Seen::of(self, large)?;
        for item in &small {
            if !large.has(self, item)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn html_checks(&self, call: &'n Call, focus: Focus<'_, 'n>) -> Truth {
        let Some(item) = self.single_input(call, focus)? else { return Ok(None) };
        Ok(item.as_str().map(|text| narrative::check(text).is_empty()))
    }

    /// Functions whose argument is the address of a value set or profile.
    fn by_address(&self, test: Test, call: &'n Call, focus: Focus<'_, 'n>) -> Truth {
        let Some(item) = self.single_input(call, focus)? else { return Ok(None) };
        let Some(argument) = call.arguments.first() else { return Ok(None) };
        let Some(address) = self.single(argument, focus, call.name)? else { return Ok(None) };
        let text = address.as_str().ok_or_else(|| wrong_kind(call.name, &address))?;
        if test == Test::MemberOf {
            return Ok(self.scope.membership.and_then(|member_of| member_of(&item, text)));
        }
        let kind = text.strip_prefix(DEFINITIONS).and_then(|name| table().find(name));
        let unknown = || Problem::new(&codes::UNKNOWN_NAME).with("name", crate::place::shown(text));
        let kind = kind.ok_or_else(unknown)?;
        Ok(Some(matches!(item, Item::Part(part) if kinds::is_a(part.kind, kind))))
    }

    fn comparable(&self, call: &'n Call, focus: Focus<'_, 'n>) -> Truth {
        let Some(item) = self.single_input(call, focus)? else { return Ok(None) };
        let Some(argument) = call.arguments.first() else { return Ok(None) };
        let Some(other) = self.single(argument, focus, call.name)? else { return Ok(None) };
        match (item.value(), other.value()) {
            (Some(Value::Quantity(left)), Some(Value::Quantity(right))) => {
                Ok(Some(left.is_comparable(&right)))
            }
            (Some(Value::Quantity(_)), _) => Err(wrong_kind(call.name, &other)),
            _ => Err(wrong_kind(call.name, &item)),
        }
    }
}
