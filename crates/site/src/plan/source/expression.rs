//! Which references stand in an expression of a source file.

use crate::plan::reference::{Own, Reference};
use hcl::expr::{
    BinaryOp, Conditional, Expression, ForExpr, FuncCall, ObjectKey, Operation, TemplateExpr, Traversal,
    TraversalOperator,
};
use hcl::structure::Body;
use hcl::template::{Directive, Element, Template};
use std::collections::BTreeMap;

/// Deepest nesting of blocks, expressions and templates in templates.
const DEPTH_MAX: usize = 100;

/// The references in an expression; none where it cannot be read to its end.
pub(super) fn references(expression: &Expression) -> Option<Vec<Reference>> {
    let mut walk = Walk::default();
    walk.expression(expression, 0)?;
    Some(walk.done())
}

/// Those attributes of a block of which each instance picks its own, with all that they name.
pub(super) fn own(body: &Body) -> Option<BTreeMap<String, Vec<Reference>>> {
    let mut own = BTreeMap::new();
    for attribute in body.attributes() {
        let mut walk = Walk { picks: true, ..Walk::default() };
        walk.expression(&attribute.expr, 0)?;
        let found = walk.done();
        if found.iter().any(|reference| matches!(reference, Reference::Own { .. })) {
            own.insert(attribute.key.as_str().to_owned(), found);
        }
    }
    Some(own)
}

/// What the `dynamic` blocks of a block give: by the path of the block, and of what stands in its content, the references.
pub(super) fn dynamic(body: &Body) -> Option<BTreeMap<String, Vec<Reference>>> {
    let mut dynamics = Dynamics::default();
    dynamics.of_body(body, "", &[], 0)?;
    Some(dynamics.given)
}

/// Iterators of `dynamic` blocks: their names, and what stands behind them.
type Iterators<'a> = [(&'a str, &'a [Reference])];

#[derive(Default)]
struct Dynamics {
    given: BTreeMap<String, Vec<Reference>>,
}

impl Dynamics {
    fn of_body(&mut self, body: &Body, path: &str, iterators: &Iterators<'_>, depth: usize) -> Option<()> {
        if depth > DEPTH_MAX {
            return None;
        }
        for block in body.blocks() {
            match block.identifier.as_str() {
                "dynamic" => {
                    let label = block.labels.first().map_or("", |label| label.as_str());
                    self.of_dynamic(&block.body, &joined(path, label), iterators, depth)?;
                }
                // These are no attributes of the resource.
                "lifecycle" | "provisioner" | "connection" => {}
                name => self.of_body(&block.body, &joined(path, name), iterators, depth.saturating_add(1))?,
            }
        }
        Some(())
    }

    fn of_dynamic(&mut self, body: &Body, path: &str, iterators: &Iterators<'_>, depth: usize) -> Option<()> {
        let attribute = |name: &str| body.attributes().find(|attribute| attribute.key.as_str() == name);
        let behind = match attribute("for_each") {
            Some(attribute) => with_iterators(&attribute.expr, iterators)?,
            None => Vec::new(),
        };
        let iterator = match attribute("iterator").map(|attribute| &attribute.expr) {
            Some(Expression::Variable(name)) => name.as_str(),
            _ => path.rsplit('.').next().unwrap_or(path),
        };
        self.given.entry(path.to_owned()).or_default().extend(behind.iter().cloned());
        let mut inner = iterators.to_vec();
        inner.push((iterator, &behind));
        for content in body.blocks().filter(|block| block.identifier.as_str() == "content") {
            for attribute in content.body.attributes() {
                let found = with_iterators(&attribute.expr, &inner)?;
                self.given.entry(joined(path, attribute.key.as_str())).or_default().extend(found);
            }
            self.of_body(&content.body, path, &inner, depth.saturating_add(1))?;
        }
        Some(())
    }
}

/// The references in an expression of a `dynamic` block: an iterator stands for what is behind it.
fn with_iterators(expression: &Expression, iterators: &Iterators<'_>) -> Option<Vec<Reference>> {
    let mut walk =
        Walk { hidden: iterators.iter().map(|(name, _)| (*name).to_owned()).collect(), ..Walk::default() };
    walk.expression(expression, 0)?;
    for (name, behind) in iterators {
        if walk.used.iter().any(|used| used == name) {
            walk.found.extend(behind.iter().cloned());
        }
    }
    Some(walk.done())
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

#[derive(Default)]
struct Walk {
    found: Vec<Reference>,
    /// Names that stand for elements of a `for` or a `dynamic` block: they are no resources.
    hidden: Vec<String>,
    /// Which of them were met.
    used: Vec<String>,
    /// Whether it is told apart that an instance picks its own.
    picks: bool,
}

/// Whether an expression is the number or the key of the instance.
fn is_own_key(expression: &Expression) -> bool {
    match expression {
        Expression::Traversal(traversal) => match (&traversal.expr, traversal.operators.as_slice()) {
            (Expression::Variable(root), [TraversalOperator::GetAttr(name)]) => {
                matches!((root.as_str(), name.as_str()), ("count", "index") | ("each", "key"))
            }
            _ => false,
        },
        _ => false,
    }
}

/// The block that a traversal begins with, and the step after it.
fn block_of(traversal: &Traversal) -> Option<(String, &TraversalOperator)> {
    let Expression::Variable(root) = &traversal.expr else { return None };
    match (root.as_str(), traversal.operators.as_slice()) {
        ("var" | "local" | "module" | "each" | "count" | "path" | "self" | "terraform", _) => None,
        ("data", [TraversalOperator::GetAttr(kind), TraversalOperator::GetAttr(name), next, ..]) => {
            Some((format!("data.{}.{}", kind.as_str(), name.as_str()), next))
        }
        (kind, [TraversalOperator::GetAttr(name), next, ..]) => {
            Some((format!("{kind}.{}", name.as_str()), next))
        }
        _ => None,
    }
}

/// `element(aws_subnet.a[*].id, count.index)`.
fn element_of(call: &FuncCall) -> Option<String> {
    let is_element = call.name.namespace.is_empty() && call.name.name.as_str() == "element";
    match call.args.as_slice() {
        [Expression::Traversal(list), index] if is_element && is_own_key(index) => match block_of(list)? {
            (block, TraversalOperator::FullSplat | TraversalOperator::AttrSplat) => Some(block),
            _ => None,
        },
        _ => None,
    }
}

impl Walk {
    fn done(mut self) -> Vec<Reference> {
        self.found.sort();
        self.found.dedup();
        self.found
    }

    fn all<'e>(&mut self, expressions: impl IntoIterator<Item = &'e Expression>, depth: usize) -> Option<()> {
        expressions.into_iter().try_for_each(|expression| self.expression(expression, depth))
    }

    fn expression(&mut self, expression: &Expression, depth: usize) -> Option<()> {
        if depth > DEPTH_MAX {
            return None;
        }
        let depth = depth.saturating_add(1);
        match expression {
            Expression::Array(elements) => self.all(elements, depth),
            Expression::Object(members) => members.iter().try_for_each(|(key, value)| {
                if let ObjectKey::Expression(key) = key {
                    // A bare word as key is a text; so is what the reader calls a variable there.
                    if !matches!(key, Expression::Variable(_)) {
                        self.expression(key, depth)?;
                    }
                }
                self.expression(value, depth)
            }),
            Expression::TemplateExpr(template) => self.template_expression(template, depth),
            Expression::Variable(name) => {
                self.name(name.as_str(), name.as_str());
                Some(())
            }
            Expression::Traversal(traversal) => self.traversal(traversal, depth),
            Expression::FuncCall(call) => {
                if let Some(address) = element_of(call).filter(|_| self.picks) {
                    self.found.push(Reference::Own { address, by: Own::Element });
                    return Some(());
                }
                self.all(&call.args, depth)
            }
            Expression::Parenthesis(inner) => self.expression(inner, depth),
            Expression::Conditional(conditional) => {
                let Conditional { cond_expr, true_expr, false_expr } = &**conditional;
                self.all([cond_expr, true_expr, false_expr], depth)
            }
            Expression::Operation(operation) => match &**operation {
                Operation::Unary(unary) => self.expression(&unary.expr, depth),
                Operation::Binary(BinaryOp { lhs_expr, rhs_expr, .. }) => {
                    self.all([lhs_expr, rhs_expr], depth)
                }
            },
            Expression::ForExpr(of) => self.for_expression(of, depth),
            // Null, numbers, truth values and texts name nothing; what a later edition of the reader adds is unknown.
            Expression::Null | Expression::Bool(_) | Expression::Number(_) | Expression::String(_) => {
                Some(())
            }
            _ => None,
        }
    }

    fn name(&mut self, root: &str, text: &str) {
        if self.hidden.iter().any(|hidden| hidden == root) {
            self.used.push(root.to_owned());
        } else {
            self.found.extend(Reference::parse(text));
        }
    }

    /// `aws_subnet.a[0].id` is named up to the first step that only running it can tell.
    fn traversal(&mut self, traversal: &Traversal, depth: usize) -> Option<()> {
        if let Some((address, TraversalOperator::Index(key))) = block_of(traversal)
            && self.picks
            && is_own_key(key)
        {
            self.found.push(Reference::Own { address, by: Own::SameKey });
            let rest = traversal.operators.iter().filter_map(|operator| match operator {
                TraversalOperator::Index(other) if !is_own_key(other) => Some(other),
                _ => None,
            });
            return self.all(rest, depth);
        }
        let mut text = match &traversal.expr {
            Expression::Variable(name) => Some((name.as_str().to_owned(), name.as_str().to_owned())),
            other => {
                self.expression(other, depth)?;
                None
            }
        };
        let mut is_open = true;
        for operator in &traversal.operators {
            let step = match operator {
                TraversalOperator::GetAttr(name) => Some(format!(".{}", name.as_str())),
                TraversalOperator::LegacyIndex(index) => Some(format!("[{index}]")),
                TraversalOperator::Index(Expression::Number(index)) => Some(format!("[{index}]")),
                TraversalOperator::Index(Expression::String(key)) => Some(format!("[{key:?}]")),
                TraversalOperator::Index(other) => {
                    self.expression(other, depth)?;
                    None
                }
                TraversalOperator::AttrSplat | TraversalOperator::FullSplat => None,
            };
            is_open &= step.is_some();
            if let (true, Some((_, text)), Some(step)) = (is_open, text.as_mut(), step) {
                text.push_str(&step);
            }
        }
        if let Some((root, text)) = text {
            self.name(&root, &text);
        }
        Some(())
    }

    fn for_expression(&mut self, of: &ForExpr, depth: usize) -> Option<()> {
        self.expression(&of.collection_expr, depth)?;
        let before = self.hidden.len();
        self.hidden.extend(of.key_var.iter().chain([&of.value_var]).map(|name| name.as_str().to_owned()));
        let inner = of.key_expr.iter().chain([&of.value_expr]).chain(&of.cond_expr);
        let read = self.all(inner, depth);
        self.hidden.truncate(before);
        read
    }

    fn template_expression(&mut self, template: &TemplateExpr, depth: usize) -> Option<()> {
        self.template(&Template::from_expr(template).ok()?, depth)
    }

    fn template(&mut self, template: &Template, depth: usize) -> Option<()> {
        if depth > DEPTH_MAX {
            return None;
        }
        let depth = depth.saturating_add(1);
        template.elements().iter().try_for_each(|element| match element {
            Element::Literal(_) => Some(()),
            Element::Interpolation(interpolation) => self.expression(&interpolation.expr, depth),
            Element::Directive(directive) => match &**directive {
                Directive::If(of) => {
                    self.expression(&of.cond_expr, depth)?;
                    self.template(&of.true_template, depth)?;
                    of.false_template.as_ref().map_or(Some(()), |other| self.template(other, depth))
                }
                Directive::For(of) => {
                    self.expression(&of.collection_expr, depth)?;
                    let before = self.hidden.len();
                    self.hidden.extend(
                        of.key_var.iter().chain([&of.value_var]).map(|name| name.as_str().to_owned()),
                    );
                    let read = self.template(&of.template, depth);
                    self.hidden.truncate(before);
                    read
                }
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Vec<String> {
        let body = hcl::parse(&format!("x = {text}\n")).unwrap();
        let attribute = body.attributes().next().unwrap();
        references(&attribute.expr).unwrap().iter().map(|reference| format!("{reference:?}")).collect()
    }

    fn block(address: &str) -> String {
        format!("{:?}", Reference::parse(address).unwrap())
    }

    #[test]
    fn names_are_found_wherever_an_expression_may_stand() {
        for text in [
            "aws_subnet.a.id",
            "[1, aws_subnet.a.id]",
            "{ k = aws_subnet.a.id }",
            "\"x-${aws_subnet.a.id}\"",
            "true ? aws_subnet.a.id : null",
            "!(1 + aws_subnet.a.n > 2)",
            "concat([], aws_subnet.a[*].id)",
            "{ for k, v in aws_subnet.a : k => v.id }",
            "[for v in [1] : aws_subnet.a[v].id if v > 0]",
            "\"%{ if true }${aws_subnet.a.id}%{ endif }\"",
            "\"%{ for v in [1] }${v.x}${aws_subnet.a.id}%{ endfor }\"",
            "<<E\n${aws_subnet.a.id}\nE",
        ] {
            assert_eq!(named(text), [block("aws_subnet.a")], "{text}");
        }
    }

    #[test]
    fn keys_that_are_written_out_are_kept() {
        assert_eq!(named("aws_subnet.a[0].id"), [block("aws_subnet.a[0]")]);
        assert_eq!(named("aws_subnet.a[\"x\"].id"), [block("aws_subnet.a[\"x\"]")]);
        assert_eq!(named("aws_subnet.a[var.n].id"), [block("aws_subnet.a"), block("var.n")]);
    }

    #[test]
    fn an_instance_that_picks_its_own_is_told_apart() {
        let picked = |text: &str| {
            let found = own(&hcl::parse(&format!("x = {text}\n")).unwrap()).unwrap();
            format!("{:?}", found.get("x").map(Vec::as_slice).unwrap_or_default())
        };
        for (text, by) in [
            ("aws_subnet.a[count.index].id", "SameKey"),
            ("var.on ? aws_subnet.a[each.key].id : null", "SameKey"),
            ("element(aws_subnet.a[*].id, count.index)", "Element"),
            ("element(aws_subnet.a.*.id, count.index)", "Element"),
        ] {
            assert!(
                picked(text).contains(&format!(r#"Own {{ address: "aws_subnet.a", by: {by} }}"#)),
                "{text}"
            );
        }
        for text in [
            "aws_subnet.a[count.index + 1].id",
            "element(aws_subnet.a[*].id, var.one ? 0 : count.index)",
            "element(concat(aws_subnet.a[*].id, [1]), count.index)",
            "local.subnets[count.index].id",
        ] {
            assert_eq!(picked(text), "[]", "{text}");
        }
    }

    #[test]
    fn words_of_a_loop_are_no_resources() {
        assert_eq!(named("[for s in var.list : s.id]"), [block("var.list")]);
        assert_eq!(named("{ name = 1, (local.k) = 2 }"), [block("local.k")]);
    }

    #[test]
    fn dynamic_blocks_give_what_their_content_names() {
        let body = hcl::parse(
            "dynamic \"ingress\" {\n for_each = local.rules\n content {\n  port = ingress.value.port\n  groups = [aws_security_group.b.id]\n }\n}\n",
        )
        .unwrap();
        let given = dynamic(&body).unwrap();
        assert_eq!(given.keys().collect::<Vec<_>>(), ["ingress", "ingress.groups", "ingress.port"]);
        assert_eq!(given["ingress.port"], [Reference::Local("rules".into())]);
        assert_eq!(given["ingress.groups"], [Reference::parse("aws_security_group.b").unwrap()]);
    }
}
