//! Differences for machines: one `operation` for each, with the names of FHIRPath Patch, and one `change` for each in the
//! words of who asks. In a chain each step stands in a parameter `step`.

use super::{Diff, Step};
use crate::audit::element::{identifier, text};
use crate::audit::systems;
use crate::facility::Caller;
use base::{Language, Problem};
use fhir::Node;
use fhir::difference::Difference;

pub(super) fn parameters(diff: &Diff<'_>, caller: &Caller<'_>) -> Result<Vec<u8>, Problem> {
    let mut all = vec![part("record", "valueString", text(diff.key.to_string()))];
    for step in &diff.steps {
        let told = told(diff, step, caller)?;
        if diff.chain {
            all.push(parts("step", told));
        } else {
            all.extend(told);
        }
    }
    let resource = Node::Object(vec![
        ("resourceType".to_owned(), text("Parameters")),
        ("parameter".to_owned(), Node::Array(all)),
    ]);
    let mut out = Vec::new();
    resource.write(&mut out);
    Ok(out)
}

fn told(diff: &Diff<'_>, step: &Step, caller: &Caller<'_>) -> Result<Vec<Node>, Problem> {
    let after = &step.after;
    let number = |number: u64| Node::Number(number.to_string());
    let string = |name: &str, value: &str| part(name, "valueString", text(value));
    let proof = format!("{}/{}/_history/{}/$proof", caller.base_url, diff.key, after.number);
    let mut all = vec![
        part("from", "valuePositiveInt", number(step.before.number)),
        part("to", "valuePositiveInt", number(after.number)),
        part("time", "valueInstant", text(after.time.to_string())),
        part("author", "valueIdentifier", identifier(systems::ACCOUNT, &after.actor)),
    ];
    if let Some(state) = &after.state {
        all.push(part("state", "valueCode", text(state.is.word())));
        let account =
            |name: &str, id: &String| part(name, "valueIdentifier", identifier(systems::ACCOUNT, id));
        all.extend(state.responsible.as_ref().map(|id| account("responsible", id)));
        all.extend(state.entered.as_ref().map(|id| account("entered", id)));
    }
    all.extend(after.reason.as_deref().map(|reason| string("reason", reason)));
    // A journal may be longer than the integers of R4 reach.
    all.push(part("position", "valueDecimal", number(after.position)));
    all.push(part("proof", "valueUrl", text(proof)));
    all.extend(differences(diff, step, caller.language)?);
    Ok(all)
}

fn differences(diff: &Diff<'_>, step: &Step, language: Language) -> Result<Vec<Node>, Problem> {
    let Some(after) = &step.after.content else {
        let said = vec![
            part("type", "valueCode", text("delete")),
            part("path", "valueString", text(&*diff.key.kind)),
        ];
        return Ok(vec![parts("operation", said)]);
    };
    let Some(before) = &step.before.content else { return Ok(Vec::new()) };
    let (earlier, later) = (fhir::json::parse(before)?, fhir::json::parse(after)?);
    let mut all: Vec<Node> =
        fhir::difference::differences(&earlier, &later)?.iter().map(Difference::operation).collect();
    for change in crate::chart::changed(before, after, language)? {
        let mut said = vec![part("element", "valueString", text(change.what))];
        let lines = |name: &str, value: String| part(name, "valueString", Node::String(value));
        said.extend(change.before.map(|value| lines("before", value)));
        said.extend(change.after.map(|value| lines("after", value)));
        all.push(parts("change", said));
    }
    Ok(all)
}

fn part(name: &str, member: &str, value: Node) -> Node {
    Node::Object(vec![("name".to_owned(), text(name)), (member.to_owned(), value)])
}

fn parts(name: &str, all: Vec<Node>) -> Node {
    part(name, "part", Node::Array(all))
}
