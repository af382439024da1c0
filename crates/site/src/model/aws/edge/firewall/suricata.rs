//! Rules in the words of Suricata: `pass tcp $HOME_NET any -> 10.9.0.0/16 443 (sid:1;)`.

use super::header::{Header, Variables};
use super::{Does, FirewallRule};
use crate::network::Match;

/// Options that say nothing of which packets a rule matches.
const NEUTRAL: [&str; 11] = [
    "sid",
    "rev",
    "msg",
    "gid",
    "classtype",
    "priority",
    "metadata",
    "reference",
    "noalert",
    "tag",
    "target",
];

/// What a text of rules says; of a line that is no rule nobody knows what it does.
pub(super) fn read(place: &str, text: &str, variables: &Variables) -> Vec<FirewallRule> {
    let mut joined = String::new();
    let mut rules = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some(begun) = line.strip_suffix('\\') {
            joined.push_str(begun);
            continue;
        }
        joined.push_str(line);
        let whole = std::mem::take(&mut joined);
        if !whole.is_empty() && !whole.starts_with('#') {
            rules.extend(rule(place, rules.len(), &whole, variables));
        }
    }
    rules
}

fn rule(place: &str, at: usize, text: &str, variables: &Variables) -> Vec<FirewallRule> {
    let (head, options) = text.split_once('(').unwrap_or((text, ""));
    let options = options.trim_end().strip_suffix(')').unwrap_or(options);
    let name = match option(options, "sid") {
        Some(sid) => format!("{place} sid {sid}"),
        None => format!("{place} rule[{at}]"),
    };
    let Some((action, header)) = header(head) else {
        return open(&name, "a rule that cannot be read");
    };
    match does(action) {
        Some(does) => rules(&name, does, &header, undecided(options).as_deref(), variables),
        None => Vec::new(),
    }
}

/// What may pass and may drop anything, and nobody knows which.
pub(super) fn open(name: &str, what: &str) -> Vec<FirewallRule> {
    let rule = |does| FirewallRule {
        name: name.to_owned(),
        does,
        matching: Match::all(),
        maybe: Some(what.to_owned()),
    };
    vec![rule(Does::Pass), rule(Does::Drop)]
}

/// What an action does; nothing where it only tells somebody.
pub(super) fn does(action: &str) -> Option<Does> {
    match action.to_ascii_lowercase().as_str() {
        "pass" => Some(Does::Pass),
        "alert" => None,
        _ => Some(Does::Drop),
    }
}

/// The rules of one header: one for each direction.
pub(super) fn rules(
    name: &str,
    does: Does,
    header: &Header<'_>,
    undecided: Option<&str>,
    variables: &Variables,
) -> Vec<FirewallRule> {
    let (matches, unknown) = header.matches(variables);
    let rule = |matching| FirewallRule {
        name: name.to_owned(),
        does,
        matching,
        maybe: unknown.clone().or_else(|| undecided.map(str::to_owned)),
    };
    matches.into_iter().map(rule).collect()
}

/// The action and the header of a rule: seven words, of which lists in brackets may hold blanks.
fn header(head: &str) -> Option<(&str, Header<'_>)> {
    let words = words(head);
    let [action, protocol, source, source_port, direction, destination, port] = words.as_slice() else {
        return None;
    };
    let both_ways = match *direction {
        "->" => false,
        "<>" => true,
        _ => return None,
    };
    Some((action, Header { protocol, source, source_port, destination, port, both_ways }))
}

fn words(text: &str) -> Vec<&str> {
    let (mut depth, mut from, mut words) = (0_usize, None, Vec::new());
    for (at, letter) in text.char_indices() {
        match letter {
            '[' => depth = depth.saturating_add(1),
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match (letter.is_whitespace() && depth == 0, from) {
            (true, Some(begun)) => {
                words.extend(text.get(begun..at));
                from = None;
            }
            (false, None) => from = Some(at),
            _ => {}
        }
    }
    words.extend(from.and_then(|begun| text.get(begun..)));
    words
}

/// The options, each with its setting, as far as quotes tell where one ends.
fn options<'a>(text: &'a str) -> Vec<(&'a str, &'a str)> {
    let (mut quoted, mut escaped, mut from, mut found) = (false, false, 0, Vec::new());
    for (at, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            ';' if !quoted => {
                found.extend(text.get(from..at));
                from = at + 1;
            }
            _ => {}
        }
    }
    found.extend(text.get(from..));
    let split = |option: &'a str| {
        let (name, setting) = option.split_once(':').unwrap_or((option, ""));
        (name.trim(), setting.trim())
    };
    found.into_iter().map(split).filter(|(name, _)| !name.is_empty()).collect()
}

fn option<'a>(text: &'a str, wanted: &str) -> Option<&'a str> {
    options(text).into_iter().find(|(name, _)| *name == wanted).map(|(_, setting)| setting)
}

/// The first option that makes it undecided which packets are matched.
fn undecided(text: &str) -> Option<String> {
    let narrows = |(name, setting): &(&str, &str)| !is_neutral(name, setting);
    options(text).iter().find(|option| narrows(option)).map(|(name, _)| (*name).to_owned())
}

/// Whether an option leaves the match to the header. What a client sends to a server is what opens a connection.
pub(super) fn is_neutral(name: &str, setting: &str) -> bool {
    let towards_server =
        |word: &str| matches!(word.trim(), "to_server" | "from_client" | "established" | "stateless");
    NEUTRAL.contains(&name) || (name == "flow" && setting.split(',').all(towards_server))
}
