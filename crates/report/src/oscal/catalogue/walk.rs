//! Groups and controls of an OSCAL catalog in their order, however they stand within each other.

use super::super::Said;
use super::super::read::Node;
use base::Problem;

/// How deep groups and controls may stand within each other.
const DEPTH_MAX: usize = 16;

/// All controls, in their order, each with the number of controls that it stands in.
pub(super) fn controls_within<'a>(holder: &Node<'a>) -> Result<Vec<Node<'a>>, Problem> {
    let mut found = Vec::new();
    let mut waiting: Vec<(usize, Node<'a>)> =
        holder.list("controls")?.into_iter().rev().map(|one| (1, one)).collect();
    while let Some((depth, control)) = waiting.pop() {
        deep_enough(&control, depth)?;
        let below = control.list("controls")?;
        waiting.extend(below.into_iter().rev().map(|one| (depth.saturating_add(1), one)));
        found.push(control);
    }
    Ok(found)
}

/// All groups, in their order, each with the titles of those that it stands in and its own.
pub(super) fn groups_within<'a>(holder: &Node<'a>) -> Result<Vec<(Vec<&'a str>, Node<'a>)>, Problem> {
    let mut found = Vec::new();
    let mut waiting: Vec<(Vec<&'a str>, Node<'a>)> =
        holder.list("groups")?.into_iter().rev().map(|one| (Vec::new(), one)).collect();
    while let Some((mut titles, group)) = waiting.pop() {
        titles.push(group.needed_text("title")?);
        deep_enough(&group, titles.len())?;
        let below = group.list("groups")?;
        waiting.extend(below.into_iter().rev().map(|one| (titles.clone(), one)));
        found.push((titles, group));
    }
    Ok(found)
}

/// Everything that can hold parameters.
pub(super) fn holders<'a>(catalog: &Node<'a>) -> Result<Vec<Node<'a>>, Problem> {
    let mut found = vec![catalog.clone()];
    found.extend(groups_within(catalog)?.into_iter().map(|(_, group)| group));
    let mut controls = Vec::new();
    for holder in &found {
        controls.extend(controls_within(holder)?);
    }
    found.extend(controls);
    Ok(found)
}

fn deep_enough(node: &Node<'_>, depth: usize) -> Result<(), Problem> {
    let what = Said {
        en: "groups or controls stand too deep within each other, more than",
        ja: "グループまたは管理策の入れ子が深すぎます。上限の段数：",
    };
    if depth > DEPTH_MAX { Err(node.wrong(what, DEPTH_MAX)) } else { Ok(()) }
}
