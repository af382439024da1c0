//! Plans and states as `terraform show -json` (or `tofu show -json`) writes them, read into resources.
//!
//! The text is read once, from its beginning to its end, and only what the resources need is kept: their values, what of
//! them is unknown or sensitive, and the references of the configuration. The sections may come in any order; they are
//! joined at the end. What the reading decides:
//!
//! - Resources that the plan deletes are left out; so is what is left of replaced objects (`deposed`).
//! - Data resources are kept, with the kind `data.aws_vpc`: they exist without being ours. Those that were read for the
//!   plan come from `prior_state`, of which nothing else is taken.
//! - Members that are null are left out of the values, since null is what an unset attribute is.
//! - An expression names resources through variables, outputs, `for_each` and, where the sources are given, local
//!   values. A resource stands for all its instances unless the expression writes the key. What cannot be decided stands
//!   among the references as a mark (see [`crate::resource`]).
//! - Sensitive values are replaced before anybody sees them; plans of Terraform before 0.15 do not say what is sensitive,
//!   there the names tell.

mod changes;
mod configuration;
mod document;
mod input;
mod json;
mod reference;
mod resolve;
mod scope;
mod secret;
pub mod source;
mod values;

use crate::codes;
use crate::resource::{REFERENCES_BOUND, Resource};
use base::Problem;
use configuration::Module;
use document::{Document, KNOWN_VERSIONS};
use input::Refused;
use json::{Fault, MODULES_DEPTH_MAX, Object, VALUES_DEPTH_MAX, Watch};
use resolve::{Resolver, Written};
use serde::de::DeserializeSeed;
use serde_json::{Map, Value};
use source::Locals;
use std::io::Read;
use std::rc::Rc;
use values::{Found, Resources};

/// Most references in one plan, counted over all resources.
const REFERENCES_MAX: usize = 4_000_000;
/// Longest piece of a plan that is shown in a message, in characters.
const SHOWN_CHARS_MAX: usize = 200;

/// A plan or a state.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How it is called: its file, as it was given.
    pub name: String,
    /// What it tells of, by address.
    pub resources: Vec<Resource>,
    /// The version of its form: `1.2`.
    pub format_version: String,
    /// The Terraform that wrote it; empty where it does not say.
    pub terraform_version: String,
    /// Whether it tells what is, rather than what will be.
    pub is_state: bool,
    /// What it leaves out, and sources that could not be read (SI-0008, SI-0009).
    pub warnings: Vec<Problem>,
}

impl Plan {
    /// Reads a plan or a state. `name` is how messages call it, `place` its number among the plans that are read.
    ///
    /// Fails with SI-0001 to SI-0007; then nothing of it is taken.
    pub fn read(name: &str, reader: impl Read, place: usize) -> Result<Self, Problem> {
        read_bounded(name, reader, place, None, input::PLAN_BYTES_MAX)
    }

    /// Reads a plan, with the sources of its modules for what plans do not hold.
    pub fn read_with_sources(
        name: &str,
        reader: impl Read,
        place: usize,
        sources: &mut Locals<'_>,
    ) -> Result<Self, Problem> {
        read_bounded(name, reader, place, Some(sources), input::PLAN_BYTES_MAX)
    }
}

fn read_bounded(
    name: &str,
    reader: impl Read,
    place: usize,
    sources: Option<&mut Locals<'_>>,
    bytes_max: u64,
) -> Result<Plan, Problem> {
    let mut document = read_document(name, reader, bytes_max)?;
    let mut warnings = Vec::new();
    if let (Some(sources), Some(root)) = (sources, document.configuration.as_mut()) {
        sources.fill(root);
        warnings.extend(sources.take_warnings());
    }
    Ok(joined(name, document, place, warnings))
}

fn read_document(name: &str, reader: impl Read, bytes_max: u64) -> Result<Document, Problem> {
    let watch = Watch::default();
    let input = input::open(reader, bytes_max, &watch).map_err(|refused| match watch.take() {
        Some(fault) => problem_of(name, fault, (1, 1)),
        None => refusal(name, refused),
    })?;
    let mut reader = serde_json::Deserializer::from_reader(input);
    // Depth is counted by the shapes; what is skipped is skipped without recursion.
    reader.disable_recursion_limit();
    let mut document = Document::default();
    let read = Object(&mut document, &watch).deserialize(&mut reader).and_then(|()| reader.end());
    if let Err(error) = read {
        let at = (error.line(), error.column());
        return Err(match watch.take() {
            Some(fault) => problem_of(name, fault, at),
            None => problem_of_json(name, &error),
        });
    }
    match document.fault() {
        Some(fault) => Err(problem_of(name, fault, (1, 1))),
        None => Ok(document),
    }
}

/// Joins the sections.
fn joined(name: &str, mut document: Document, place: usize, mut warnings: Vec<Problem>) -> Plan {
    let is_plan = document.planned.is_some() || document.changes.is_some();
    let mut changes = document.changes.take().unwrap_or_default();
    let mut resources = document.planned.take().or_else(|| document.state.take()).unwrap_or_default();
    for (address, change) in &mut changes.by_address {
        if let Some(after) = change.after.take() {
            resources.entry(address.clone()).or_insert(after);
        }
    }
    let has_read = document.prior.is_some();
    add_read(&mut resources, document.prior.take().unwrap_or_default(), document.configuration.as_ref());
    warnings.extend(left_out(name, &document, changes.forgotten, resources.is_empty()));
    let written = written(&resources, document.configuration.as_ref(), has_read);
    let mut references_left = REFERENCES_MAX;
    let resources = resources.into_values().zip(written).map(|(found, written)| {
        let change = changes.by_address.remove(&found.address).unwrap_or_default();
        let mut resource = resource_of(found, change.unknown, change.sensitive, place);
        if let Some((written, picked)) = written {
            tell(&mut resource, &written, &mut references_left);
            for (path, address) in picked {
                let references = resource.references.entry(path).or_default();
                references.push(address);
                references.sort();
            }
        }
        resource
    });
    Plan {
        name: name.to_owned(),
        resources: resources.collect(),
        format_version: document.format_version,
        terraform_version: document.terraform_version,
        is_state: !is_plan,
        warnings,
    }
}

/// Adds the data resources that were read for the plan, as far as the configuration still has them.
fn add_read(resources: &mut Resources, prior: Resources, configuration: Option<&Module>) {
    for (address, found) in prior {
        if configuration.is_none_or(|root| has_block(root, &found)) {
            resources.entry(address).or_insert(found);
        }
    }
}

fn has_block(root: &Module, found: &Found) -> bool {
    let mut module = root;
    let mut steps = reference::Steps::new(&found.module);
    while let (Some(_), Some(call)) = (steps.next(), steps.next()) {
        match module.calls.get(call.name) {
            Some(call) => module = &call.module,
            None => return false,
        }
    }
    module.blocks.contains_key(&found.block())
}

/// What the configuration says of a resource, and what its instance picks for itself.
type Configured = Option<(Rc<Written>, Vec<(String, String)>)>;

/// What the configuration says of each resource, in their order.
fn written(resources: &Resources, root: Option<&Module>, has_read: bool) -> Vec<Configured> {
    let Some(root) = root else { return resources.values().map(|_| None).collect() };
    let mut resolver = Resolver::new(root, resources, has_read);
    let each = resources.iter().map(|(address, found)| {
        let block = found.block();
        let written = resolver.written(&found.module, &block)?;
        let picked = resolver.picked(&written, scope::key_of(address, &found.module, &block));
        Some((written, picked))
    });
    each.collect()
}

fn resource_of(found: Found, unknown: Option<Value>, sensitive: Option<Value>, plan: usize) -> Resource {
    let nothing = || Value::Object(Map::new());
    let mut values = if found.values.is_null() { nothing() } else { found.values };
    let sensitive = match (found.sensitive, sensitive) {
        (Some(one), Some(other)) => secret::either(one, other),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => secret::by_name(&values),
    };
    secret::hide(&mut values, &sensitive);
    let data = if found.is_data { "data." } else { "" };
    Resource {
        kind: format!("{data}{}", found.kind),
        address: found.address,
        module: found.module.to_string(),
        provider: found.provider,
        values,
        unknown: unknown.unwrap_or_else(nothing),
        sensitive,
        references: std::collections::BTreeMap::new(),
        configured: None,
        plan,
    }
}

fn tell(resource: &mut Resource, written: &Written, left: &mut usize) {
    resource.configured = Some(written.configured.clone());
    for (path, references) in &written.references {
        let kept = match left.checked_sub(references.len()) {
            Some(rest) => {
                *left = rest;
                references.clone()
            }
            None => vec![REFERENCES_BOUND.to_owned()],
        };
        resource.references.insert(path.clone(), kept);
    }
}

/// Warns of what the plan does not tell.
fn left_out(name: &str, document: &Document, forgotten: usize, is_empty: bool) -> Vec<Problem> {
    let warning = |what: &str, what_ja: &str| {
        Problem::new(&codes::INCOMPLETE)
            .with("file", shown(name))
            .with("what", what)
            .with("what_ja", what_ja)
            .log(what.to_owned())
    };
    let mut warnings = Vec::new();
    if document.errored {
        warnings.push(warning("planning ended with an error", "プランの作成がエラーで終わっています"));
    }
    if document.partial {
        warnings.push(warning(
            "it is the plan of a part (`-target`, or deferred changes)",
            "一部だけのプランです（`-target` の指定、または先送りされた変更）",
        ));
    }
    if forgotten > 0 {
        warnings.push(warning(
            &format!("{forgotten} resources leave the plan and go on standing"),
            &format!("{forgotten} 件のリソースが管理から外れますが、実物は残ります"),
        ));
    }
    if is_empty {
        warnings.push(warning("it has no resource", "リソースがありません"));
    }
    warnings
}

/// A piece of a plan, as it may stand in a message: without control characters, and not too long.
fn shown(text: &str) -> String {
    let mut letters = text.chars().map(|letter| if letter.is_control() { '\u{fffd}' } else { letter });
    let mut short: String = letters.by_ref().take(SHOWN_CHARS_MAX).collect();
    if letters.next().is_some() {
        short.push('…');
    }
    short
}

fn refusal(name: &str, refused: Refused) -> Problem {
    match refused {
        Refused::Empty => unreadable(name, (1, 1), "it is empty", "空のファイルです"),
        Refused::Encoding => Problem::new(&codes::ENCODING).with("file", shown(name)).log("unknown encoding"),
        Refused::NotAPlan(what, what_ja) => problem_of(name, Fault::NotAPlan(what, what_ja), (1, 1)),
        Refused::Failed(error) => failed(name, (1, 1), error.kind()),
    }
}

fn unreadable(name: &str, at: (usize, usize), what: &str, what_ja: &str) -> Problem {
    let (line, column) = at;
    Problem::new(&codes::UNREADABLE)
        .with("file", shown(name))
        .with("line", line)
        .with("column", column)
        .with("what", what)
        .with("what_ja", what_ja)
        .at(format!("{line}:{column}"))
        .log(format!("{line}:{column}: {what}"))
}

fn failed(name: &str, at: (usize, usize), kind: std::io::ErrorKind) -> Problem {
    unreadable(name, at, &format!("reading failed ({kind})"), &format!("読み取りに失敗しました（{kind}）"))
}

/// What the reader of JSON found. Its message is not taken over: it may quote values.
fn problem_of_json(name: &str, error: &serde_json::Error) -> Problem {
    let at = (error.line(), error.column());
    match error.classify() {
        serde_json::error::Category::Io => {
            failed(name, at, error.io_error_kind().unwrap_or(std::io::ErrorKind::Other))
        }
        serde_json::error::Category::Eof => {
            unreadable(name, at, "it ends before its end: it was cut off", "途中で終わっています")
        }
        // The messages about syntax are fixed texts.
        serde_json::error::Category::Syntax if error.to_string().starts_with("invalid unicode") => {
            Problem::new(&codes::ENCODING).with("file", shown(name)).log("not UTF-8")
        }
        serde_json::error::Category::Syntax => {
            unreadable(name, at, "this is not JSON", "JSON として読み取れません")
        }
        serde_json::error::Category::Data => {
            let problem = problem_of(
                name,
                Fault::NotAPlan(
                    "a part has not the form that it has in a plan",
                    "プランの形式と異なる部分があります",
                ),
                at,
            );
            problem.at(format!("{}:{}", at.0, at.1))
        }
    }
}

fn problem_of(name: &str, fault: Fault, at: (usize, usize)) -> Problem {
    let (line, column) = at;
    let deep = |what: &str, what_ja: &str, most: usize| {
        Problem::new(&codes::DEEP)
            .with("file", shown(name))
            .with("line", line)
            .with("column", column)
            .with("what", what)
            .with("what_ja", what_ja)
            .with("most", most)
            .at(format!("{line}:{column}"))
            .log(format!("{line}:{column}: {what} too deep"))
    };
    match fault {
        Fault::DeepModules => deep("modules", "モジュール", MODULES_DEPTH_MAX),
        Fault::DeepValues => deep("values", "値", VALUES_DEPTH_MAX),
        Fault::Large => Problem::new(&codes::LARGE)
            .with("file", shown(name))
            .with("most", input::PLAN_BYTES_MAX)
            .log("too large"),
        Fault::Duplicate(address) => Problem::new(&codes::DUPLICATE)
            .with("file", shown(name))
            .with("address", shown(&address))
            .log("an address stands twice"),
        Fault::Version(version) => Problem::new(&codes::VERSION)
            .with("file", shown(name))
            .with("version", shown(&version))
            .with("known", KNOWN_VERSIONS)
            .log("unknown format version"),
        Fault::NotAPlan(what, what_ja) => Problem::new(&codes::NOT_A_PLAN)
            .with("file", shown(name))
            .with("what", what)
            .with("what_ja", what_ja)
            .log(what),
    }
}

#[cfg(test)]
mod tests;
