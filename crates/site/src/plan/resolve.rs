//! Which resources the expressions of a block name, through variables, outputs, local values and `for_each`.
//!
//! Every step is bounded: the depth, the number of names of one expression and the work as a whole. What goes beyond,
//! what runs in a circle and what the plan does not hold stand in the result as marks (see [`crate::resource`]).

use super::configuration::{Block, Given, Module};
use super::reference::{Own, Reference};
use super::scope::{Instances, Scopes};
use super::values::Resources;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Most steps from an attribute to a resource.
const STEPS_MAX: usize = 200;
/// Most names that one expression may have.
const NAMES_MAX: usize = 1_000;
/// Most names that are carried along, counted over a whole plan.
const WORK_MAX: usize = 50_000_000;
/// Most instances of a block that are named one by one; above it stands `block[*]`.
const INSTANCES_MAX: usize = 256;

/// What the configuration says of a block, the same for all its instances in one instance of a module.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) references: BTreeMap<String, Vec<String>>,
    pub(super) configured: Vec<String>,
    /// What each instance picks for itself.
    own: Vec<Picked>,
}

/// What an instance picks for an attribute out of a block.
#[derive(Debug)]
struct Picked {
    path: String,
    scope: usize,
    address: String,
    by: Own,
}

/// What an expression names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Target<'c> {
    Instance(&'c str),
    /// All instances of a block.
    All(usize, &'c str),
    /// A data resource whose values the plan does not hold.
    Unread(usize, &'c str),
    /// A local value that is in no source that was given.
    Local(usize, &'c str),
    /// Something that the configuration names and does not have.
    Missing(usize, &'c Reference),
    /// Something that leads to itself.
    Circle(usize, Node<'c>),
    /// Which of several instances is meant depends on this.
    Choice(&'static str),
    /// A bound was reached.
    Bound,
}

/// What may be asked again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Node<'c> {
    Variable(&'c str),
    Local(&'c str),
    Output(&'c str),
}

type Targets<'c> = BTreeSet<Target<'c>>;

enum Answer<'c> {
    /// It is being looked for: whoever asks again runs in a circle.
    Open,
    Known(Rc<Targets<'c>>),
}

/// Resolves references.
pub(super) struct Resolver<'c> {
    scopes: Scopes<'c>,
    answers: BTreeMap<(usize, Node<'c>), Answer<'c>>,
    written: BTreeMap<(usize, &'c str), Rc<Written>>,
    /// Whether the plan holds what was read for it: a data block without instances then has none.
    has_read: bool,
    work: usize,
}

impl<'c> Resolver<'c> {
    pub(super) fn new(root: &'c Module, resources: &'c Resources, has_read: bool) -> Self {
        Self {
            scopes: Scopes::new(root, resources),
            answers: BTreeMap::new(),
            written: BTreeMap::new(),
            has_read,
            work: 0,
        }
    }

    /// What the configuration says of a block; none where it has no such block.
    pub(super) fn written(&mut self, module: &str, block: &str) -> Option<Rc<Written>> {
        let scope = self.scopes.of_path(module);
        let (name, block) = self.scopes.at(scope).module?.blocks.get_key_value(block)?;
        if let Some(known) = self.written.get(&(scope, name.as_str())) {
            return Some(Rc::clone(known));
        }
        let made = Rc::new(self.write(scope, block));
        self.written.insert((scope, name), Rc::clone(&made));
        Some(made)
    }

    /// What an instance with this key picks for itself: by the paths of its attributes, addresses or marks.
    pub(super) fn picked(&self, written: &Written, key: &str) -> Vec<(String, String)> {
        let picks = written.own.iter().filter_map(|picked| {
            let instances = self.scopes.at(picked.scope).instances(&picked.address)?;
            let found = pick(instances, picked.by, key).map(str::to_owned);
            let told = found.unwrap_or_else(|| self.marked("missing", &picked.address, picked.scope));
            Some((picked.path.clone(), told))
        });
        picks.collect()
    }

    fn write(&mut self, scope: usize, block: &'c Block) -> Written {
        let mut written = Written::default();
        for (path, given) in &block.given {
            written.configured.push(path.clone());
            written.own.extend(given.references.iter().filter_map(|reference| match reference {
                Reference::Own { address, by } => {
                    Some(Picked { path: path.clone(), scope, address: address.clone(), by: *by })
                }
                _ => None,
            }));
            if given.names {
                let targets = self.of_attribute(scope, given, block.for_each.as_deref());
                written.references.insert(path.clone(), self.told(&targets));
            }
        }
        written
    }

    fn of_attribute(
        &mut self,
        scope: usize,
        given: &'c Given,
        for_each: Option<&'c [Reference]>,
    ) -> Targets<'c> {
        let mut targets = self.names(scope, &given.references, for_each, 0);
        let several = given.references.iter().any(|reference| match reference {
            Reference::Block { address, key: None } => {
                self.scopes.at(scope).instances(address).is_some_and(|all| all.len() > 1)
            }
            _ => false,
        });
        if several {
            targets.extend(given.references.iter().filter_map(choice));
        }
        targets
    }

    fn names(
        &mut self,
        scope: usize,
        references: &'c [Reference],
        for_each: Option<&'c [Reference]>,
        steps: usize,
    ) -> Targets<'c> {
        let mut targets = Targets::new();
        for reference in references {
            match reference {
                Reference::Block { address, key } => {
                    targets.extend(self.of_block(scope, reference, address, key.as_deref()));
                }
                Reference::Variable(name) => self.join(&mut targets, scope, Node::Variable(name), steps),
                Reference::Local(name) => self.join(&mut targets, scope, Node::Local(name), steps),
                Reference::Output { .. } => self.of_calls(&mut targets, scope, reference, steps),
                Reference::Each(_) => match for_each {
                    // `for_each` itself cannot say `each`.
                    Some(behind) => {
                        targets.extend(self.names(scope, behind, Some(&[]), steps.saturating_add(1)));
                    }
                    None => {
                        targets.insert(Target::Missing(scope, reference));
                    }
                },
                // What an instance picks for itself is told for each instance.
                Reference::CountIndex | Reference::Own { .. } => {}
            }
            if targets.len() > NAMES_MAX {
                return [Target::Bound].into();
            }
        }
        targets
    }

    fn of_block(
        &self,
        scope: usize,
        reference: &'c Reference,
        address: &'c str,
        key: Option<&str>,
    ) -> Option<Target<'c>> {
        let here = self.scopes.at(scope);
        if let Some(instances) = here.instances(address) {
            return match key {
                None => Some(Target::All(scope, address)),
                // An index beyond what there is names nothing: `try(aws_vpc.this[0].id, null)` with a count of 0.
                Some(key) => instances.get(key).map(|address| Target::Instance(address)),
            };
        }
        match here.module.is_some_and(|module| module.blocks.contains_key(address)) {
            false => Some(Target::Missing(scope, reference)),
            true if address.starts_with("data.") && !self.has_read => Some(Target::Unread(scope, address)),
            true => None,
        }
    }

    /// What the outputs of the called instances name.
    fn of_calls(&mut self, targets: &mut Targets<'c>, scope: usize, reference: &'c Reference, steps: usize) {
        let Reference::Output { call, key, output } = reference else { return };
        if !self.scopes.at(scope).module.is_some_and(|module| module.calls.contains_key(call)) {
            targets.insert(Target::Missing(scope, reference));
            return;
        }
        let mut number = 0;
        while let Some(child) = self.scopes.of_call(scope, call, number) {
            number = number.saturating_add(1);
            self.work = self.work.saturating_add(1);
            if targets.len() > NAMES_MAX || self.work >= WORK_MAX {
                targets.insert(Target::Bound);
                return;
            }
            if self.scopes.at(child).has_key(key.as_deref()) {
                self.of_outputs(targets, child, output.as_deref(), steps);
            }
        }
    }

    fn of_outputs(&mut self, targets: &mut Targets<'c>, child: usize, output: Option<&'c str>, steps: usize) {
        let Some(module) = self.scopes.at(child).module else { return };
        match output {
            Some(name) => self.join(targets, child, Node::Output(name), steps),
            None => {
                for name in module.outputs.keys() {
                    self.join(targets, child, Node::Output(name), steps);
                }
            }
        }
    }

    fn join(&mut self, targets: &mut Targets<'c>, scope: usize, node: Node<'c>, steps: usize) {
        let found = self.ask(scope, node, steps);
        self.work = self.work.saturating_add(found.len()).saturating_add(1);
        targets.extend(found.iter().copied());
    }

    fn ask(&mut self, scope: usize, node: Node<'c>, steps: usize) -> Rc<Targets<'c>> {
        match self.answers.get(&(scope, node)) {
            Some(Answer::Known(known)) => return Rc::clone(known),
            Some(Answer::Open) => return Rc::new([Target::Circle(scope, node)].into()),
            None => {}
        }
        if steps >= STEPS_MAX || self.work >= WORK_MAX {
            return Rc::new([Target::Bound].into());
        }
        self.answers.insert((scope, node), Answer::Open);
        let found = Rc::new(self.find(scope, node, steps.saturating_add(1)));
        self.answers.insert((scope, node), Answer::Known(Rc::clone(&found)));
        found
    }

    fn find(&mut self, scope: usize, node: Node<'c>, steps: usize) -> Targets<'c> {
        let here = self.scopes.at(scope);
        match node {
            Node::Variable(name) => {
                // A variable of the root comes from outside; one that is not given has its constant default.
                let (Some(parent), Some(call)) = (here.parent, here.call) else { return Targets::new() };
                let Some(given) = call.given.get(name) else { return Targets::new() };
                self.names(parent, &given.references, call.for_each.as_deref(), steps)
            }
            Node::Local(name) => match here.module.and_then(|module| module.locals.as_ref()?.get(name)) {
                Some(references) => self.names(scope, references, None, steps),
                None => [Target::Local(scope, name)].into(),
            },
            Node::Output(name) => match here.module.and_then(|module| module.outputs.get(name)) {
                Some(references) => self.names(scope, references, None, steps),
                None => Targets::new(),
            },
        }
    }

    /// Targets as they stand in a resource.
    fn told(&self, targets: &Targets<'c>) -> Vec<String> {
        let mut told = BTreeSet::new();
        for target in targets {
            match target {
                Target::Instance(address) => {
                    told.insert((*address).to_owned());
                }
                Target::All(scope, block) => {
                    let here = self.scopes.at(*scope);
                    let Some(instances) = here.instances(block) else { continue };
                    if instances.len() > INSTANCES_MAX {
                        told.insert(format!("{}[*]", here.address_of(block)));
                    } else {
                        told.extend(instances.values().map(|address| (*address).to_owned()));
                    }
                }
                Target::Unread(scope, block) => {
                    told.insert(self.scopes.at(*scope).address_of(block));
                }
                Target::Local(scope, name) => {
                    told.insert(self.marked("local", name, *scope));
                }
                Target::Missing(scope, reference) => {
                    told.insert(self.marked("missing", &name_of(reference), *scope));
                }
                Target::Circle(scope, node) => {
                    let (Node::Variable(name) | Node::Local(name) | Node::Output(name)) = node;
                    told.insert(self.marked("circle", name, *scope));
                }
                Target::Choice(of) => {
                    told.insert((*of).to_owned());
                }
                Target::Bound => {
                    told.insert("bound.names".to_owned());
                }
            }
        }
        told.into_iter().collect()
    }

    fn marked(&self, mark: &str, name: &str, scope: usize) -> String {
        match self.scopes.at(scope).path.as_str() {
            "" => format!("{mark}.{name}"),
            path => format!("{mark}.{name} ({path})"),
        }
    }
}

fn pick<'c>(instances: &Instances<'c>, by: Own, key: &str) -> Option<&'c str> {
    match by {
        Own::SameKey => instances.get(key).copied(),
        Own::Element => {
            let number = key.strip_prefix('[')?.strip_suffix(']')?.parse::<usize>().ok()?;
            instances.get(format!("[{}]", number.checked_rem(instances.len())?).as_str()).copied()
        }
    }
}

/// By what one of several instances is chosen, if a reference is such a thing.
fn choice<'c>(reference: &Reference) -> Option<Target<'c>> {
    match reference {
        Reference::CountIndex => Some(Target::Choice("count.index")),
        Reference::Each(name) => Some(Target::Choice(name)),
        _ => None,
    }
}

fn name_of(reference: &Reference) -> String {
    match reference {
        Reference::Block { address, .. } | Reference::Own { address, .. } => address.clone(),
        Reference::Variable(name) => format!("var.{name}"),
        Reference::Local(name) => name.clone(),
        Reference::Output { call, .. } => format!("module.{call}"),
        Reference::Each(name) => (*name).to_owned(),
        Reference::CountIndex => "count.index".to_owned(),
    }
}
