//! Circles: nodes that lead to each other. Asked whether a packet could come from one node to another, two of one circle need
//! no search, and in most sites nearly all nodes are of one.

use super::node::NodeId;

/// The number of its circle for each node; a node that lies in none has one of its own.
#[derive(Debug)]
pub(super) struct Circles(Vec<u32>);

impl Circles {
    /// The circles of nodes with these next ones.
    pub(super) fn of(next: &[Vec<NodeId>]) -> Self {
        let mut before: Vec<Vec<NodeId>> = vec![Vec::new(); next.len()];
        for (from, all) in (0..).zip(next) {
            for to in all {
                if let Some(list) = before.get_mut(to.at()) {
                    list.push(NodeId(from));
                }
            }
        }
        let mut circles = vec![u32::MAX; next.len()];
        // Backwards from what is left last: whatever leads there and was left later is of its circle.
        for (number, &last) in (0..).zip(left(next).iter().rev()) {
            let mut open = vec![last];
            while let Some(node) = open.pop() {
                let Some(circle) = circles.get_mut(node.at()).filter(|circle| **circle == u32::MAX) else {
                    continue;
                };
                *circle = number;
                open.extend(before.get(node.at()).into_iter().flatten());
            }
        }
        Self(circles)
    }

    /// Whether each leads to the other.
    pub(super) fn joins(&self, one: NodeId, other: NodeId) -> bool {
        let of = |node: NodeId| self.0.get(node.at());
        of(one).is_some() && of(one) == of(other)
    }
}

/// All nodes in the order in which a walk into the depth leaves them.
fn left(next: &[Vec<NodeId>]) -> Vec<NodeId> {
    let (mut seen, mut left) = (vec![false; next.len()], Vec::with_capacity(next.len()));
    for begin in (0..).map(NodeId).take(next.len()) {
        let mut open: Vec<(NodeId, usize)> = vec![(begin, 0)];
        while let Some((node, at)) = open.pop() {
            if at == 0 && seen.get_mut(node.at()).is_none_or(|seen| std::mem::replace(seen, true)) {
                continue;
            }
            match next.get(node.at()).and_then(|all| all.get(at)) {
                Some(to) => open.extend([(node, at.saturating_add(1)), (*to, 0)]),
                None => left.push(node),
            }
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_are_of_one_circle_that_lead_to_each_other() {
        let next = [&[1][..], &[2, 3], &[0], &[4], &[5], &[4], &[], &[7]];
        let next: Vec<Vec<NodeId>> =
            next.iter().map(|all| all.iter().copied().map(NodeId).collect()).collect();
        let leads = |from: u32, to: u32| {
            let (mut open, mut seen) = (vec![from], vec![from]);
            while let Some(node) = open.pop() {
                for to in next
                    .get(node as usize)
                    .unwrap()
                    .iter()
                    .filter(|to| !seen.contains(&to.0))
                    .copied()
                    .collect::<Vec<_>>()
                {
                    seen.push(to.0);
                    open.push(to.0);
                }
            }
            seen.contains(&to)
        };
        let circles = Circles::of(&next);
        for one in 0..8 {
            for other in 0..8 {
                let expected = leads(one, other) && leads(other, one);
                assert_eq!(circles.joins(NodeId(one), NodeId(other)), expected, "{one} {other}");
            }
        }
        assert!(!circles.joins(NodeId(9), NodeId(9)));
    }
}
