//! Flows: what becomes of identifiers before data leaves, and who looks at what comes back.

use super::answer::{Answer, tell, unsaid, yes};
use super::look::Look;
use super::{Judgement, Scene, Topic};
use crate::description::{DataClass, FACILITY, Flow, Id, Identifiers, NodeKind};

/// The rules on flows, but for their paths.
pub(super) const TOPIC: Topic = Topic {
    rules: &[
        "flow.basis-unrecorded",
        "flow.fields-unlisted",
        "flow.free-text-unchecked",
        "flow.identifiable-secondary-use",
        "flow.identifier-key-outside",
        "flow.identifiers-kept",
        "flow.plain-hash",
        "flow.unconfirmed-draft",
    ],
    judge,
};

fn judge(scene: &Scene<'_>, out: &mut Vec<Judgement>) {
    let look = Look::at(scene.site);
    for flow in scene.site.flows.iter().flatten() {
        let drafts = drafts(&look, flow);
        if drafts {
            of_drafts(&look, flow, out);
        }
        let secondary = !drafts && is_secondary(flow);
        if secondary {
            tell(out, "flow.identifiable-secondary-use", &flow.id, identifiable(flow));
        }
        if secondary || flow.basis_recorded.is_some() {
            tell(out, "flow.basis-unrecorded", &flow.id, yes("basis_recorded", flow.basis_recorded));
        }
        if flow.identifiers.is_some() || carries(flow, DataClass::Pseudonymised) {
            of_identifiers(&look, flow, out);
        }
        where_said(&look, flow, drafts, out);
    }
}

fn carries(flow: &Flow, data: DataClass) -> bool {
    flow.data.iter().flatten().any(|one| *one == data)
}

/// Whether a flow serves a model that drafts.
fn drafts(look: &Look<'_>, flow: &Flow) -> bool {
    let model = |end: &Id| look.node(end).is_some_and(|node| node.kind == NodeKind::Model);
    carries(flow, DataClass::Draft)
        || model(&flow.from)
        || model(&flow.to)
        || flow.free_text_checked.is_some()
}

/// Whether a flow serves another purpose than care: identifiers are to be replaced, or the purpose is recorded.
fn is_secondary(flow: &Flow) -> bool {
    let replaced = flow.identifiers.is_some_and(|how| how != Identifiers::Kept);
    let of_identifiers = flow.identifiers.is_some() || flow.key_kept_at.is_some();
    let said = of_identifiers && flow.basis_recorded.is_some();
    let without = carries(flow, DataClass::Pseudonymised) || carries(flow, DataClass::Anonymised);
    replaced || said || without
}

/// What goes to a model outside: without identifiers.
fn of_drafts(look: &Look<'_>, flow: &Flow, out: &mut Vec<Judgement>) {
    if !look.with_facility(&flow.to) {
        tell(out, "flow.identifiers-kept", &flow.id, identifiable(flow));
    }
}

/// No identifier goes along.
fn identifiable(flow: &Flow) -> Answer {
    let how = flow.identifiers.map(|how| format!("identifiers: {}", how.word()));
    match (flow.identifiers, how) {
        _ if carries(flow, DataClass::PatientIdentity) => {
            Answer::seen(false, format!("data: {}", DataClass::PatientIdentity.word()))
        }
        (Some(identifiers), Some(how)) => Answer::seen(identifiers != Identifiers::Kept, how),
        _ => unsaid("identifiers"),
    }
}

fn of_identifiers(look: &Look<'_>, flow: &Flow, out: &mut Vec<Judgement>) {
    let id = &flow.id;
    let hashed = flow.identifiers.map_or_else(
        || unsaid("identifiers"),
        |how| Answer::seen(how != Identifiers::PlainHash, format!("identifiers: {}", how.word())),
    );
    tell(out, "flow.plain-hash", id, hashed);
    let keyed = matches!(flow.identifiers, Some(Identifiers::KeyedHash | Identifiers::TokenTable));
    if keyed || flow.key_kept_at.is_some() {
        tell(out, "flow.identifier-key-outside", id, key(look, flow));
    }
}

/// The key or the table stays with the facility.
fn key(look: &Look<'_>, flow: &Flow) -> Answer {
    let Some(at) = &flow.key_kept_at else { return unsaid("key_kept_at") };
    let inside = at.as_str() == FACILITY || look.with_facility(at);
    Answer::seen(inside, format!("key_kept_at: {at}"))
}

/// What must be said of a flow by which a draft is asked for outside, and what may be said of any.
fn where_said(look: &Look<'_>, flow: &Flow, drafts: bool, out: &mut Vec<Judgement>) {
    let leaves = drafts && look.with_facility(&flow.from) && !look.with_facility(&flow.to);
    let questions = [
        ("flow.free-text-unchecked", "free_text_checked", flow.free_text_checked),
        ("flow.fields-unlisted", "fields_listed", flow.fields_listed),
        ("flow.unconfirmed-draft", "confirmed_by_person", flow.confirmed_by_person),
    ];
    for (rule, key, value) in questions {
        if leaves || value.is_some() {
            tell(out, rule, &flow.id, yes(key, value));
        }
    }
}
