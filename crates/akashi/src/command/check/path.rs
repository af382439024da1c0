//! `akashi check --path FROM TO`: one question, answered with its hops, or with what stands in the way.

use super::{UNDECIDED, VIOLATED};
use crate::codes;
use crate::console::Failure;
use crate::terminal::Terminal;
use ::report::site as shown;
use base::Problem;
use site::model::Model;
use site::network::NodeId;
use site::question::ask;
use std::process::ExitCode;

/// Most names that a message suggests.
const NEAR_MAX: usize = 12;

/// Ends with 0 when there is no path, with 3 when there is one, with 4 when nobody knows.
pub(super) fn run(
    terminal: &Terminal,
    model: &Model,
    ends: &[String],
    json: bool,
) -> Result<ExitCode, Failure> {
    let [from, to] = ends else { return Err(Problem::new(&codes::NOTHING_TO_CHECK).into()) };
    let answer = ask(model, end(model, from)?, end(model, to)?);
    let text =
        if json { shown::answer_json(&answer) } else { shown::answer_text(&answer, terminal.language()) };
    terminal.line(text.trim_end());
    Ok(match answer.reached {
        Some(false) => ExitCode::SUCCESS,
        Some(true) => ExitCode::from(VIOLATED),
        None => ExitCode::from(UNDECIDED),
    })
}

fn end(model: &Model, name: &str) -> Result<NodeId, Problem> {
    model.find(name).ok_or_else(|| {
        let near = near(model, name);
        Problem::new(&codes::PLACE_ABSENT).with("name", name).with("near", near.join(", "))
    })
}

/// Names that hold what was written or are held by it; otherwise the first there are.
fn near(model: &Model, name: &str) -> Vec<String> {
    let all: Vec<String> = model
        .things()
        .filter_map(|(node, _)| model.network.node(node).map(|node| node.title.id.clone()))
        .collect();
    let alike = |one: &&String| one.contains(name) || name.contains(one.as_str());
    let mut near: Vec<String> = all.iter().filter(alike).take(NEAR_MAX).cloned().collect();
    if near.is_empty() {
        near = all.into_iter().take(NEAR_MAX).collect();
    }
    near
}
