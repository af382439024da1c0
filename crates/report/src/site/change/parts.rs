//! The parts of a comparison as lines.

use crate::site::summary::{Names, assumptions, holds};
use crate::site::text;
use crate::site::words::{choose, kind, phase, protection, said, severity, value, verdict};
use base::Language;
use site::attack::Chain;
use site::check::Value;
use site::compare::{Change, Difference, FactChange, Pair, Side};
use site::connection::Connection;
use site::rules::rule::Severity;
use site::rules::{Finding, Verdict};

/// How something came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// What was bad is no more.
    Better,
    /// Something bad came.
    Worse,
    /// It is different, or not known any more.
    Open,
}

impl Turn {
    pub(super) fn mark(self) -> &'static str {
        match self {
            Self::Better => "−",
            Self::Worse => "+",
            Self::Open => "~",
        }
    }
}

/// Things to which the same happened.
#[derive(Debug)]
pub(super) struct List {
    pub(super) turn: Turn,
    pub(super) name: &'static str,
    pub(super) lines: Vec<Line>,
}

/// One of them.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) more: Vec<String>,
}

/// Lists about one kind of things.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) title: &'static str,
    pub(super) lists: Vec<List>,
}

/// A number before and after.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) turn: Option<Turn>,
}

/// The numbers of both.
pub(super) fn head(change: &Change, language: Language) -> Vec<Row> {
    let (before, after) = (&change.before, &change.after);
    let row = |name, of: fn(&Side) -> usize| {
        let (was, is) = (of(before), of(after));
        let turn = match is.cmp(&was) {
            std::cmp::Ordering::Less => Some(Turn::Better),
            std::cmp::Ordering::Greater => Some(Turn::Worse),
            std::cmp::Ordering::Equal => None,
        };
        Row { name, before: was.to_string(), after: is.to_string(), turn }
    };
    let texts =
        |name, of: &dyn Fn(&Side) -> String| Row { name, before: of(before), after: of(after), turn: None };
    let mut chains = row(choose(language, "攻撃経路", "attack paths"), |side| side.chains);
    for (text, side) in [(&mut chains.before, before), (&mut chains.after, after)] {
        text.push_str(if side.more { "+" } else { "" });
    }
    if before.more || after.more {
        // Of paths that were not all worked out nobody can say that they became fewer.
        chains.turn = None;
    }
    vec![
        texts(choose(language, "施設", "facility"), &|side| text::name(&side.facility)),
        texts(choose(language, "段階", "phase"), &|side| text::name(phase(language, &side.phase))),
        texts(choose(language, "ファイル", "files"), &|side| text::cut(&side.sources.join(", "), 200)),
        chains,
        row(choose(language, "必須の違反", "required violated"), |side| side.required),
        row(choose(language, "推奨の違反", "recommended violated"), |side| side.recommended),
        row(choose(language, "判定できない", "undecided"), |side| side.undecided),
    ]
}

/// All parts that have anything in them.
pub(super) fn parts(change: &Change, language: Language) -> Vec<Part> {
    let names = &Names::of_change(change);
    let facts: Vec<Line> = change.facts.iter().map(|one| fact(one, language)).collect();
    let changed = list(Turn::Open, choose(language, "変わったもの", "changed"), facts);
    let parts = [
        Part {
            title: choose(language, "攻撃経路", "Attack paths"), lists: chains(change, names, language)
        },
        Part {
            title: choose(language, "指摘", "Findings"),
            lists: findings(&change.findings, names, language),
        },
        Part {
            title: choose(language, "回線と通信", "Links and flows"),
            lists: connections(&change.connections, names, language),
        },
        Part {
            title: choose(language, "ガイドラインの判定に渡す事実", "Facts for the guideline"),
            lists: vec![changed],
        },
    ];
    let full = |mut part: Part| {
        part.lists.retain(|list| !list.lines.is_empty());
        (!part.lists.is_empty()).then_some(part)
    };
    parts.into_iter().filter_map(full).collect()
}

fn list(turn: Turn, name: &'static str, lines: Vec<Line>) -> List {
    List { turn, name, lines }
}

fn chains(change: &Change, names: &Names, language: Language) -> Vec<List> {
    let all = |of: &[Chain]| of.iter().map(|one| chain(one, names, language)).collect();
    let (sure, unsure): (Vec<_>, Vec<_>) = change.chains.changed.iter().partition(|pair| pair.after.decided);
    let after = |pairs: Vec<&Pair<Chain>>| {
        pairs.into_iter().map(|pair| chain(&pair.after, names, language)).collect()
    };
    // Where not all were worked out, one that is gone may only not have been looked for.
    let gone = if change.after.more { Turn::Open } else { Turn::Better };
    vec![
        list(Turn::Worse, choose(language, "新たに生じる", "new"), all(&change.chains.new)),
        list(Turn::Worse, choose(language, "確定した", "now certain"), after(sure)),
        list(Turn::Open, choose(language, "未確定になった", "not certain any more"), after(unsure)),
        list(gone, choose(language, "なくなる", "gone"), all(&change.chains.gone)),
    ]
}

fn chain(chain: &Chain, names: &Names, language: Language) -> Line {
    let doubt = if chain.decided { "" } else { choose(language, "（未確定）", " (not certain)") };
    let more = [holds(chain, language), assumptions(chain, language)];
    Line {
        text: format!("{}{doubt}", names.of_chain(chain, language)),
        more: more.into_iter().filter(|one| !one.is_empty()).collect(),
    }
}

fn findings(difference: &Difference<Finding>, names: &Names, language: Language) -> Vec<List> {
    let of = |all: &[Finding], wanted: Verdict| -> Vec<Line> {
        let counts = |one: &&Finding| one.verdict == wanted && one.severity != Severity::Context;
        all.iter().filter(counts).map(|one| finding(one, names, language)).collect()
    };
    let turned = |wanted: Verdict| -> Vec<Line> {
        let counts =
            |pair: &&Pair<Finding>| pair.after.verdict == wanted && pair.after.severity != Severity::Context;
        let changed = difference.changed.iter().filter(counts);
        changed.map(|pair| turned(pair, names, language)).collect()
    };
    vec![
        list(
            Turn::Worse,
            choose(language, "新たな違反", "new violations"),
            of(&difference.new, Verdict::Violated),
        ),
        list(Turn::Worse, choose(language, "違反になった", "now violated"), turned(Verdict::Violated)),
        list(
            Turn::Open,
            choose(language, "新たに判定できない", "new undecided"),
            of(&difference.new, Verdict::Undecided),
        ),
        list(Turn::Open, choose(language, "判定できなくなった", "now undecided"), turned(Verdict::Undecided)),
        list(
            Turn::Better,
            choose(language, "なくなった違反", "violations gone"),
            of(&difference.gone, Verdict::Violated),
        ),
        list(
            Turn::Better,
            choose(language, "なくなった「判定できない」", "undecided ones gone"),
            of(&difference.gone, Verdict::Undecided),
        ),
    ]
}

fn finding(one: &Finding, names: &Names, language: Language) -> Line {
    let place = if one.resource.is_empty() {
        text::name(&one.rule)
    } else {
        names.of_element(&one.resource, language)
    };
    Line {
        text: format!(
            "[{}] {place}: {}",
            severity(language, one.severity),
            text::harmless(said(&one.advice.text, language))
        ),
        more: vec![text::cut(&one.id, 200)],
    }
}

fn turned(pair: &Pair<Finding>, names: &Names, language: Language) -> Line {
    let mut line = finding(&pair.after, names, language);
    let turn =
        format!("{} → {}", verdict(language, pair.before.verdict), verdict(language, pair.after.verdict));
    line.more.insert(0, turn);
    line
}

fn connections(difference: &Difference<Connection>, names: &Names, language: Language) -> Vec<List> {
    let all = |of: &[Connection]| of.iter().map(|one| connection(one, names, language)).collect();
    let changed = difference.changed.iter().map(|pair| {
        let mut line = connection(&pair.after, names, language);
        line.more.insert(0, format!("{} → {}", state(&pair.before, language), state(&pair.after, language)));
        line
    });
    vec![
        list(Turn::Open, choose(language, "新しいもの", "new"), all(&difference.new)),
        list(Turn::Open, choose(language, "変わったもの", "changed"), changed.collect()),
        list(Turn::Open, choose(language, "なくなるもの", "gone"), all(&difference.gone)),
    ]
}

fn state(one: &Connection, language: Language) -> String {
    let judged = protection(language, one.kind, one.protection);
    format!("{}{}{judged}", kind(language, one.kind), choose(language, "、", ", "))
}

fn connection(one: &Connection, names: &Names, language: Language) -> Line {
    let ends = [&one.from, &one.to].map(|id| names.of_element(id, language)).join(" → ");
    Line {
        text: format!("{} ({ends}): {}", text::name(&one.id), state(one, language)),
        more: vec![text::harmless(said(&one.because, language))],
    }
}

fn fact(one: &FactChange, language: Language) -> Line {
    let told = |of: Option<Value>| value(language, of);
    let requirements: Vec<String> = one.requirements.iter().map(|id| text::name(id)).collect();
    Line {
        text: format!("{}: {} → {}", text::name(&one.key), told(one.before), told(one.after)),
        more: (!requirements.is_empty()).then(|| requirements.join(", ")).into_iter().collect(),
    }
}
