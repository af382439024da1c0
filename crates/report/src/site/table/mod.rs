//! A check on a terminal: on one screen what is wrong and what to do first, or everything.

mod rest;

use super::first::first;
use super::summary::{Group, Summary, assumptions, held, holds, reason};
use super::text::{self, Sheet};
use super::words::{choose, phase, plural, said, severity};
use base::Language;
use site::attack::{Chain, Leg};
use site::check::Check;
use std::collections::BTreeSet;

/// How much is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// What fits on a screen: the rest is counted.
    Screen,
    /// Everything.
    Full,
}

/// Attack paths on a screen.
const CHAINS_SHOWN: usize = 3;
/// Rules on a screen.
const RULES_SHOWN: usize = 3;
/// Names of elements of a rule on a screen.
const NAMES_SHOWN: usize = 3;
/// What is to be written, on a screen.
const GAPS_SHOWN: usize = 2;

/// A check as text for a terminal of 80 columns.
pub fn check_table(check: &Check, language: Language, detail: Detail) -> String {
    let mut shown = Shown {
        sheet: Sheet::default(),
        summary: Summary::of(check),
        language,
        answered: BTreeSet::new(),
        full: detail == Detail::Full,
    };
    shown.head();
    shown.measures();
    shown.chains();
    shown.violated();
    shown.undecided();
    shown.sheet.gap();
    shown.missing();
    shown.context();
    shown.connections();
    shown.threats();
    shown.facts();
    shown.coverage();
    shown.warnings();
    shown.close();
    shown.sheet.text()
}

struct Shown<'a> {
    sheet: Sheet,
    summary: Summary<'a>,
    /// Rules that the first measures answer.
    answered: BTreeSet<&'a str>,
    language: Language,
    full: bool,
}

impl Shown<'_> {
    fn choose<'t>(&self, ja: &'t str, en: &'t str) -> &'t str {
        choose(self.language, ja, en)
    }

    /// As many of them as are shown.
    fn bound(&self, shown: usize) -> usize {
        if self.full { usize::MAX } else { shown }
    }

    fn head(&mut self) {
        let check = self.summary.check;
        let unnamed = self.choose("施設名なし", "no facility named");
        let facility =
            if check.facility.is_empty() { unnamed.to_owned() } else { text::name(&check.facility) };
        let phase = phase(self.language, check.phase);
        self.sheet.brief("", &format!("{facility} ({phase}, {})", check.day));
        if !check.sources.is_empty() {
            let sources: Vec<String> = check.sources.iter().map(|one| text::name(one)).collect();
            self.sheet.brief("", &sources.join(", "));
        }
        self.sheet.gap();
        let counts = self.counts();
        self.sheet.say("", &counts);
    }

    fn counts(&self) -> String {
        let weight = self.summary.check.weigh();
        let attacks = &self.summary.check.attacks;
        let (chains, more) = (attacks.chains.len(), if attacks.more { "+" } else { "" });
        let uncertain = self.summary.uncertain();
        let by_unknown = self.summary.needs_unknown_flaws();
        match self.language {
            Language::Japanese => {
                let uncertain = match uncertain {
                    _ if by_unknown => "（未知の欠陥がある場合だけ）".to_owned(),
                    0 => String::new(),
                    _ => format!("（うち未確定 {uncertain}）"),
                };
                format!(
                    "必須の違反 {}  推奨の違反 {}  判定できない {}  攻撃経路 {chains}{more}{uncertain}",
                    weight.required, weight.recommended, weight.undecided
                )
            }
            Language::English => {
                let uncertain = match uncertain {
                    _ if by_unknown => " (by unknown flaws)".to_owned(),
                    0 => String::new(),
                    _ => format!(" ({uncertain} uncertain)"),
                };
                format!(
                    "required violated: {}  recommended: {}  undecided: {}  attack paths: {chains}{more}{uncertain}",
                    weight.required, weight.recommended, weight.undecided
                )
            }
        }
    }

    fn measures(&mut self) {
        let (measures, answered) = first(&self.summary, self.language);
        self.answered = answered;
        if measures.is_empty() {
            return;
        }
        let head = self.choose("まず行うこと", "Do these first");
        self.sheet.head(head);
        for (place, one) in measures.iter().enumerate() {
            let mark = format!("{:>2}. ", place.saturating_add(1));
            let effect = match self.language {
                Language::Japanese => format!("（{}）", one.effect),
                Language::English => format!(" ({})", one.effect),
            };
            self.sheet.say(&mark, &format!("{}{effect}", one.text));
        }
    }

    fn chains(&mut self) {
        let chains = self.summary.chains();
        if chains.is_empty() {
            let none = self.choose("攻撃経路は見つかりませんでした。", "No attack path was found.");
            self.sheet.head(none);
            return;
        }
        if !self.full {
            self.ways();
            return;
        }
        let head = self.choose("攻撃経路（短い順）", "Attack paths (the shortest first)");
        self.sheet.head(head);
        for (place, (_, chain)) in chains.iter().enumerate() {
            self.chain(place, chain);
        }
        self.more_chains(0);
    }

    /// How many attack paths were left out, and whether there are more.
    fn more_chains(&mut self, left_out: usize) {
        if !self.summary.check.attacks.more {
            self.rest(left_out);
            return;
        }
        let more = self.choose(
            "ほかにもあります。すべては計算していません。",
            "There are more that were not worked out.",
        );
        let line = match self.language {
            _ if left_out == 0 => more.to_owned(),
            Language::Japanese => format!("ほか {left_out} 件。{more}"),
            Language::English => format!("and {left_out} more. {more}"),
        };
        self.sheet.say("    ", &line);
    }

    /// The attack paths on a screen: those that are alike as one, and of each kind of beginning the first.
    fn ways(&mut self) {
        let ways = self.summary.ways();
        let head = if self.summary.needs_unknown_flaws() {
            self.choose(
                "攻撃経路（どれも、まだ知られていない欠陥がある場合だけ成り立ちます）",
                "Attack paths (each needs a flaw that nobody knows yet)",
            )
        } else {
            self.choose("攻撃経路（入口の種類ごと）", "Attack paths, by where they begin")
        };
        self.sheet.head(head);
        let language = self.language;
        for (place, way) in ways.iter().take(CHAINS_SHOWN).enumerate() {
            let mark = format!("{:>2}. ", place.saturating_add(1));
            let line = self.summary.names.of_way(way, language);
            self.sheet.say(&mark, &format!("{line}{}", in_brackets(&held(way, language), language)));
            self.assumed(way.chain);
        }
        let left_out = ways.iter().skip(CHAINS_SHOWN).map(|way| way.count).fold(0, usize::saturating_add);
        self.more_chains(left_out);
    }

    /// On what a chain rests.
    fn assumed(&mut self, chain: &Chain) {
        let language = self.language;
        let line = format!("{}{}", self.choose("前提：", "if: "), assumptions(chain, language));
        self.sheet.say("    ", &line);
        for doubt in chain.reasons.iter().take(1).filter(|_| !chain.decided) {
            let line = format!("{}{}", choose(language, "未確定：", "not certain: "), said(doubt, language));
            self.sheet.brief("    ? ", &line);
        }
    }

    fn chain(&mut self, place: usize, chain: &Chain) {
        let language = self.language;
        let mark = format!("{:>2}. ", place.saturating_add(1));
        let line = self.summary.names.of_chain(chain, language);
        self.sheet.say(&mark, &format!("{line}{}", in_brackets(&holds(chain, language), language)));
        for leg in &chain.legs {
            self.leg(leg);
        }
        for doubt in chain.reasons.iter().filter(|_| !chain.decided) {
            let line = format!("{}{}", choose(language, "未確定：", "not certain: "), said(doubt, language));
            self.sheet.say("    ? ", &line);
        }
    }

    fn leg(&mut self, leg: &Leg) {
        let language = self.language;
        let names = &self.summary.names;
        let (from, to) = (names.of_element(&leg.from, language), names.of_element(&leg.to, language));
        self.sheet.say("    ", &format!("{from} → {to}"));
        self.sheet.say("      ", said(&leg.because, language));
        for step in &leg.steps {
            let rule =
                step.rule.as_deref().map(|rule| format!(" [{}]", text::name(rule))).unwrap_or_default();
            let what = said(&step.what, language);
            self.sheet.say("      · ", &format!("{}: {what}{rule}", text::name(&step.name)));
        }
    }

    /// On a screen without what the first measures answer.
    fn violated(&mut self) {
        let groups = std::mem::take(&mut self.summary.violated);
        let is_open = |group: &&Group<'_>| self.full || !self.answered.contains(group.rule);
        let left: Vec<&Group<'_>> = groups.iter().filter(is_open).collect();
        if !left.is_empty() {
            let head = if left.len() == groups.len() {
                self.choose("違反（規則ごと）", "Violated, by rule")
            } else {
                self.choose("そのほかの違反（規則ごと）", "Also violated, by rule")
            };
            self.sheet.head(head);
        }
        let shown = self.bound(RULES_SHOWN);
        for group in left.iter().take(shown) {
            self.group("✕ ", group);
        }
        self.rest(left.len().saturating_sub(shown));
        self.summary.violated = groups;
    }

    /// A rule with its elements and its remedy.
    fn group(&mut self, mark: &str, group: &Group<'_>) {
        let language = self.language;
        let title =
            format!("[{}] {}", severity(language, group.severity), said(&group.advice.text, language));
        let remedy = format!("→ {}", said(&group.advice.remedy, language));
        if self.full {
            self.sheet.say(mark, &title);
            self.sheet.say("  ", &self.elements(group));
            self.sheet.say("  ", group.rule);
            self.sheet.say("  ", &remedy);
        } else {
            let text = first_sentence(said(&group.advice.text, language));
            self.sheet.brief(mark, &format!("[{}] {text}", severity(language, group.severity)));
            self.sheet.brief("  ", &self.elements(group));
        }
    }

    fn elements(&self, group: &Group<'_>) -> String {
        let language = self.language;
        let (names, more) = self.summary.names.of_group(group, self.bound(NAMES_SHOWN), language);
        let count = names.len().saturating_add(more);
        let more = match language {
            _ if more == 0 => String::new(),
            Language::Japanese => format!(" ほか {more} か所"),
            Language::English => format!(" and {more} more"),
        };
        let names = names.join(choose(language, "、", ", "));
        match language {
            Language::Japanese => format!("{count} か所：{names}{more}"),
            Language::English => format!("{}: {names}{more}", plural(count, "place", "places")),
        }
    }

    fn undecided(&mut self) {
        let count: usize = self.summary.undecided.iter().map(|group| group.findings.len()).sum();
        if count == 0 {
            return;
        }
        let rules = self.summary.undecided.len();
        let head = match self.language {
            Language::Japanese => {
                format!("判定できないもの：{count} 件（{rules} 個の規則）。次を書くと判定できます。")
            }
            Language::English => {
                format!("Undecided: {count} ({}). Say these to decide them:", plural(rules, "rule", "rules"))
            }
        };
        self.sheet.head(&head);
        if self.full {
            let groups = std::mem::take(&mut self.summary.undecided);
            for group in &groups {
                self.open(group);
            }
            self.summary.undecided = groups;
            return;
        }
        let gaps = self.summary.to_write(self.language);
        for (gap, count) in gaps.iter().take(GAPS_SHOWN) {
            self.sheet.brief("? ", &format!("({count}) {gap}"));
        }
    }

    /// A rule that is undecided, with what is missing at each element.
    fn open(&mut self, group: &Group<'_>) {
        let title = said(&group.advice.text, self.language);
        self.sheet.say("? ", &format!("[{}] {title}", severity(self.language, group.severity)));
        self.sheet.say("  ", group.rule);
        for finding in &group.findings {
            let name = self.summary.names.of_element(&finding.resource, self.language);
            self.sheet.say("  · ", &format!("{name}: {}", reason(finding, self.language)));
        }
    }

    /// How many were left out.
    fn rest(&mut self, count: usize) {
        if count > 0 {
            let line = match self.language {
                Language::Japanese => format!("ほか {count} 件"),
                Language::English => format!("and {count} more"),
            };
            self.sheet.say("    ", &line);
        }
    }

    fn close(&mut self) {
        if !self.full {
            let line = self.choose(
                "すべて表示するには --all、一つの指摘を詳しく見るには --explain を付けます。",
                "Add --all to see everything, --explain to see one finding in full.",
            );
            self.sheet.say("", line);
        }
    }
}

/// What stands behind something, where there is anything.
fn in_brackets(text: &str, language: Language) -> String {
    match language {
        _ if text.is_empty() => String::new(),
        Language::Japanese => format!("（{text}）"),
        Language::English => format!(" ({text})"),
    }
}

/// The first sentence of a text.
fn first_sentence(text: &str) -> &str {
    let end = match text.find('。') {
        Some(place) => Some(place.saturating_add('。'.len_utf8())),
        None => text.find(". ").map(|place| place.saturating_add(1)),
    };
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}
