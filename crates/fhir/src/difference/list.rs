//! Which item of a list is which in the later version of the list.

use crate::json::Node;
use std::collections::{BTreeMap, VecDeque};

/// What became of an item, with its places in the earlier and the later list, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pair {
    Gone(usize),
    Came(usize),
    /// It is in both, perhaps with other values; `moved` where the others went past it.
    Stays {
        from: usize,
        to: usize,
        moved: bool,
    },
}

/// The members by which people tell items of a list apart, the surest first.
const NAMES: [&str; 9] =
    ["id", "url", "linkId", "reference", "resourceType", "sequence", "code", "system", "use"];

/// The items of both lists: what went first, then the later list in its order.
pub(super) fn pairs(earlier: &[Node], later: &[Node]) -> Vec<Pair> {
    let mut from: Vec<Option<usize>> = vec![None; later.len()];
    let mut left: Vec<bool> = vec![true; earlier.len()];
    // What is the same, then what has the same name, then what is left, each in the order of the lists.
    for name in [|node: &Node| Some(whole(node)), named, anything] {
        let mut open: BTreeMap<Vec<u8>, VecDeque<usize>> = BTreeMap::new();
        for (index, node) in earlier.iter().enumerate().filter(|(index, _)| is(&left, *index)) {
            if let Some(name) = name(node) {
                open.entry(name).or_default().push_back(index);
            }
        }
        for (place, node) in from.iter_mut().zip(later).filter(|(place, _)| place.is_none()) {
            let found = name(node).and_then(|name| open.get_mut(&name)?.pop_front());
            if let Some(index) = found {
                *place = Some(index);
                if let Some(left) = left.get_mut(index) {
                    *left = false;
                }
            }
        }
    }
    let gone = (0..earlier.len()).filter(|index| is(&left, *index)).map(Pair::Gone);
    let in_place = in_place(&from);
    let came = from.iter().enumerate().map(|(to, from)| match from {
        None => Pair::Came(to),
        Some(from) => Pair::Stays { from: *from, to, moved: !is(&in_place, to) },
    });
    gone.chain(came).collect()
}

fn is(all: &[bool], index: usize) -> bool {
    all.get(index).copied().unwrap_or_default()
}

fn whole(node: &Node) -> Vec<u8> {
    let mut bytes = Vec::new();
    node.write(&mut bytes);
    bytes
}

/// By its most telling member.
fn named(node: &Node) -> Option<Vec<u8>> {
    let (name, value) = NAMES.iter().find_map(|name| Some((*name, node.get(name)?)))?;
    let mut bytes = name.as_bytes().to_vec();
    value.write(&mut bytes);
    Some(bytes)
}

/// What nothing tells apart is compared by its place among its like. What has a name of its own is another thing.
fn anything(node: &Node) -> Option<Vec<u8>> {
    let named = NAMES.iter().take(7).any(|name| node.get(name).is_some());
    (!named).then(Vec::new)
}

/// Of the items that stay, the most that keep their order: the others moved (longest increasing subsequence).
fn in_place(from: &[Option<usize>]) -> Vec<bool> {
    // `ends[n]`: the later place where the best run of n + 1 items ends; `before`: the item before each in its run.
    let (mut ends, mut before): (Vec<usize>, Vec<Option<usize>>) = (Vec::new(), vec![None; from.len()]);
    let earlier = |to: usize| from.get(to).copied().flatten();
    for to in 0..from.len() {
        let Some(own) = earlier(to) else { continue };
        let length = ends.partition_point(|end| earlier(*end).is_some_and(|other| other < own));
        let last = length.checked_sub(1).and_then(|length| ends.get(length)).copied();
        if let Some(place) = before.get_mut(to) {
            *place = last;
        }
        match ends.get_mut(length) {
            Some(end) => *end = to,
            None => ends.push(to),
        }
    }
    let mut stays = vec![false; from.len()];
    let mut next = ends.last().copied();
    while let Some(to) = next {
        if let Some(place) = stays.get_mut(to) {
            *place = true;
        }
        next = before.get(to).copied().flatten();
    }
    stays
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    fn told(earlier: &str, later: &str) -> String {
        let list = |text: &str| parse(text.as_bytes()).unwrap();
        let (earlier, later) = (list(earlier), list(later));
        let found = pairs(earlier.as_array().unwrap(), later.as_array().unwrap());
        let one = |pair: Pair| match pair {
            Pair::Gone(index) => format!("-{index}"),
            Pair::Came(index) => format!("+{index}"),
            Pair::Stays { from, to, moved: false } => format!("{from}={to}"),
            Pair::Stays { from, to, moved: true } => format!("{from}>{to}"),
        };
        found.into_iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn one_item_that_comes_or_goes_leaves_the_others_what_they_were() {
        for (earlier, later, expected) in [
            ("[1,2,3]", "[1,2,3]", "0=0 1=1 2=2"),
            ("[1,2,3]", "[2,3]", "-0 1=0 2=1"),
            ("[1,2]", "[9,1,2]", "+0 0=1 1=2"),
            ("[1,2,3]", "[3,1,2]", "2>0 0=1 1=2"),
            ("[1,1]", "[1]", "-1 0=0"),
            ("[1,2]", "[1,5]", "0=0 1=1"),
            ("[]", "[1]", "+0"),
            (r#"[{"code":"a","v":1},{"code":"b","v":2}]"#, r#"[{"code":"b","v":3}]"#, "-0 1=0"),
            (r#"[{"code":"a"},{"code":"b"}]"#, r#"[{"code":"b","v":1},{"code":"a"}]"#, "1>0 0=1"),
            (r#"[{"code":"a"}]"#, r#"[{"code":"x"}]"#, "-0 +0"),
            (r#"[{"family":"a"}]"#, r#"[{"family":"b"}]"#, "0=0"),
        ] {
            assert_eq!(told(earlier, later), expected, "{earlier} {later}");
        }
    }
}
