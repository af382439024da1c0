//! What a list of rules makes of a box of packets.

use crate::network::{Action, Compiled, Entry, Network, NodeId, ReasonId};
use crate::packet::{Cube, Region};

/// Parts that a box may be cut into for each piece that may be kept: a rule leaves up to ten around it.
const PARTS_PER_PIECE_MAX: usize = 8;

/// There are more cases than are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooMany;

/// What comes to a list of rules.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Incoming<'a> {
    pub(crate) network: &'a Network,
    pub(crate) cube: Cube,
    pub(crate) sender: NodeId,
    pub(crate) pieces_max: usize,
}

/// What a filter did with a part of a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Judged {
    pub(crate) cube: Cube,
    /// The rule that decided; nothing where none matched.
    pub(crate) rule: Option<usize>,
    /// Why it may be otherwise.
    pub(crate) reason: Option<ReasonId>,
}

/// Takes a box through rules in their order. `decide` is told which part of it a rule matches and what is remembered of that
/// part; it says what to remember if the part goes on to the next rules. The parts that were left in the end come back.
pub(crate) fn sift<T, D: Clone>(
    incoming: Incoming<'_>,
    rules: &Compiled<T>,
    start: D,
    mut decide: impl FnMut(&Entry, &Cube, &Cube, &D) -> Option<D>,
) -> Result<Vec<(Cube, D)>, TooMany> {
    if rules.too_many {
        return Err(TooMany);
    }
    let mut rest = Region::new(rules.axis);
    rest.insert(incoming.cube, start);
    let mut made = 0_usize;
    for slot in rules.boxes.overlapping(&incoming.cube) {
        let Some((cube, entry)) = rules.boxes.at(slot) else { continue };
        if entry.sender.is_some_and(|group| !incoming.network.is_member(incoming.sender, group)) {
            continue;
        }
        for part in rest.overlapping(cube) {
            let Some((part, known)) = rest.take(part) else { continue };
            for outside in part.subtract(cube) {
                rest.insert(outside, known.clone());
                made += 1;
            }
            let Some(inside) = part.intersect(cube) else { continue };
            if let Some(known) = decide(entry, cube, &inside, &known) {
                rest.insert(inside, known);
            }
            made += 1;
        }
        if made > incoming.pieces_max.saturating_mul(PARTS_PER_PIECE_MAX) {
            return Err(TooMany);
        }
        if rest.is_empty() {
            break;
        }
    }
    Ok(rest.into_boxes().collect())
}

/// What may have happened to packets before the rule that decides.
#[derive(Clone, Copy, Debug, Default)]
struct Doubts {
    /// A rule may have let them through.
    allowed: Option<(usize, ReasonId)>,
    /// A rule may have stopped them.
    denied: Option<ReasonId>,
}

/// The parts of a box that a filter lets through, and those it stops.
pub(crate) fn judge(
    incoming: Incoming<'_>,
    rules: &Compiled<()>,
    otherwise: Action,
) -> Result<(Vec<Judged>, Vec<Judged>), TooMany> {
    let (mut passed, mut stopped) = (Vec::new(), Vec::new());
    let mut settle = |cube: Cube, rule: Option<usize>, action: Action, doubts: &Doubts| match (action, doubts)
    {
        (Action::Allow, Doubts { denied, .. }) => passed.push(Judged { cube, rule, reason: *denied }),
        (Action::Deny, Doubts { allowed: Some((rule, reason)), .. }) => {
            passed.push(Judged { cube, rule: Some(*rule), reason: Some(*reason) });
        }
        (Action::Deny, Doubts { allowed: None, .. }) => stopped.push(Judged { cube, rule, reason: None }),
    };
    let rest = sift(incoming, rules, Doubts::default(), |entry, _, inside, doubts| {
        let Some(reason) = entry.maybe else {
            settle(*inside, Some(entry.rule), entry.action, doubts);
            return None;
        };
        Some(match entry.action {
            Action::Allow => Doubts { allowed: doubts.allowed.or(Some((entry.rule, reason))), ..*doubts },
            Action::Deny => Doubts { denied: doubts.denied.or(Some(reason)), ..*doubts },
        })
    })?;
    for (cube, doubts) in rest {
        settle(cube, None, otherwise, &doubts);
    }
    Ok((passed, stopped))
}
