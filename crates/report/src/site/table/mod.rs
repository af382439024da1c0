//! A check on a terminal: on one screen what is wrong and what to do first, or everything.

mod rest;

use super::summary::{Group, Summary, assumptions, holds, reason};
use super::text::{self, Sheet};
use super::words::{choose, phase, plural, said, severity};
use base::Language;
use site::attack::{Chain, Leg};
use site::check::Check;

/// How much is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// What fits on a screen: the rest is counted.
    Screen,
    /// Everything.
    Full,
}

/// Changes to be made first.
const CUTS_MAX: usize = 5;
/// Attack paths on a screen.
const CHAINS_SHOWN: usize = 3;
/// Rules on a screen.
const RULES_SHOWN: usize = 6;
/// Names of elements of a rule on a screen.
const NAMES_SHOWN: usize = 3;
/// What is to be written, on a screen.
const GAPS_SHOWN: usize = 4;

/// A check as text for a terminal of 80 columns.
pub fn check_table(check: &Check, language: Language, detail: Detail) -> String {
    let mut shown = Shown {
        sheet: Sheet::default(),
        summary: Summary::of(check),
        language,
        full: detail == Detail::Full,
    };
    shown.head();
    shown.cuts();
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
        match self.language {
            Language::Japanese => {
                let uncertain =
                    if uncertain == 0 { String::new() } else { format!("（うち未確定 {uncertain}）") };
                format!(
                    "必須の違反 {}  推奨の違反 {}  判定できない {}  攻撃経路 {chains}{more}{uncertain}",
                    weight.required, weight.recommended, weight.undecided
                )
            }
            Language::English => {
                let uncertain =
                    if uncertain == 0 { String::new() } else { format!(" ({uncertain} not certain)") };
                format!(
                    "required violated: {}  recommended: {}  undecided: {}  attack paths: {chains}{more}{uncertain}",
                    weight.required, weight.recommended, weight.undecided
                )
            }
        }
    }

    fn cuts(&mut self) {
        let cuts = &self.summary.check.attacks.cuts;
        if cuts.is_empty() {
            return;
        }
        let head = self.choose("まず行うこと", "Do these first");
        self.sheet.head(head);
        for (place, cut) in cuts.iter().take(CUTS_MAX).enumerate() {
            let effect = match self.language {
                Language::Japanese => format!("（攻撃経路 {} 件を断つ）", cut.chains),
                Language::English => format!(" (cuts {})", plural(cut.chains, "attack path", "attack paths")),
            };
            let mark = format!("{:>2}. ", place.saturating_add(1));
            self.sheet.say(&mark, &format!("{}{effect}", said(&cut.change, self.language)));
        }
    }

    fn chains(&mut self) {
        let chains = self.summary.chains();
        if chains.is_empty() {
            let none = self.choose("攻撃経路は見つかりませんでした。", "No attack path was found.");
            self.sheet.head(none);
            return;
        }
        let head = self.choose("攻撃経路（短い順）", "Attack paths (the shortest first)");
        self.sheet.head(head);
        let shown = self.bound(CHAINS_SHOWN);
        for (place, (_, chain)) in chains.iter().take(shown).enumerate() {
            self.chain(place, chain);
        }
        self.rest(chains.len().saturating_sub(shown));
        if self.summary.check.attacks.more {
            let more = self.choose(
                "ほかにもあります。すべては計算していません。",
                "There are more that were not worked out.",
            );
            self.sheet.say("    ", more);
        }
    }

    fn chain(&mut self, place: usize, chain: &Chain) {
        let language = self.language;
        let mark = format!("{:>2}. ", place.saturating_add(1));
        let line = self.summary.names.of_chain(chain, language);
        let held = holds(chain, language);
        let held = match language {
            _ if held.is_empty() => String::new(),
            Language::Japanese => format!("（{held}）"),
            Language::English => format!(" ({held})"),
        };
        self.sheet.say(&mark, &format!("{line}{held}"));
        if self.full {
            for leg in &chain.legs {
                self.leg(leg);
            }
        } else {
            let line = format!("{}{}", self.choose("前提：", "if: "), assumptions(chain, language));
            self.sheet.say("    ", &line);
        }
        let doubts = chain.reasons.iter().take(self.bound(1));
        for doubt in doubts.filter(|_| !chain.decided) {
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

    fn violated(&mut self) {
        let shown = self.bound(RULES_SHOWN);
        let groups = std::mem::take(&mut self.summary.violated);
        if !groups.is_empty() {
            let head = self.choose("違反（規則ごと）", "Violated, by rule");
            self.sheet.head(head);
        }
        for group in groups.iter().take(shown) {
            self.group("✕ ", group);
        }
        self.rest(groups.len().saturating_sub(shown));
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
            self.sheet.brief(mark, &title);
            self.sheet.brief("  ", &self.elements(group));
            self.sheet.brief("  ", &remedy);
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
        self.rest(gaps.len().saturating_sub(GAPS_SHOWN));
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
            self.sheet.head(line);
        }
    }
}
