//! What comes last on a terminal: what is missing, information, links, threats, facts, types of resources, notes.

use super::Shown;
use crate::site::text;
use crate::site::words::{kind, plural, protection, said, stride, value};
use base::Language;
use site::model::Treatment;

/// Notes on a screen.
const WARNINGS_SHOWN: usize = 2;
/// Types of resources that are named on a screen.
const KINDS_SHOWN: usize = 4;

impl Shown<'_> {
    /// The heading of what comes last: on a screen one line each.
    fn topic(&mut self, text: &str) {
        if self.full {
            self.sheet.head(text);
        } else {
            self.sheet.say("", text);
        }
    }

    pub(super) fn missing(&mut self) {
        let missing = std::mem::take(&mut self.summary.missing);
        if missing.is_empty() {
            return;
        }
        let kinds = missing.iter().map(|one| one.rule.trim_end_matches("!exists"));
        let kinds: Vec<String> =
            kinds.map(|rule| text::name(rule.rsplit('/').next().unwrap_or(rule))).collect();
        let head = match self.language {
            Language::Japanese => format!("プランに見当たらないもの：{} 種類", missing.len()),
            Language::English => format!("Not found in any plan: {}", plural(missing.len(), "type", "types")),
        };
        let some = if self.full { String::new() } else { self.some(&kinds) };
        self.topic(&format!("{head}{some}"));
        for finding in missing.iter().filter(|_| self.full) {
            self.sheet.say("– ", said(&finding.advice.text, self.language));
        }
        self.summary.missing = missing;
    }

    pub(super) fn context(&mut self) {
        let groups = std::mem::take(&mut self.summary.context);
        if groups.is_empty() {
            return;
        }
        let count: usize = groups.iter().map(|group| group.findings.len()).sum();
        let head = match self.language {
            Language::Japanese => format!("参考（良し悪しではなく、確認のため）：{count} 件"),
            Language::English => format!("For information, neither good nor bad: {count}"),
        };
        self.topic(&head);
        for group in groups.iter().filter(|_| self.full) {
            self.sheet.say("– ", said(&group.advice.text, self.language));
            let elements = self.elements(group);
            self.sheet.say("  ", &elements);
        }
        self.summary.context = groups;
    }

    pub(super) fn connections(&mut self) {
        let check = self.summary.check;
        if check.connections.is_empty() {
            return;
        }
        let counts: Vec<String> =
            self.summary.kinds().map(|(of, count)| format!("{} {count}", kind(self.language, of))).to_vec();
        let lacking = match self.language {
            Language::Japanese => format!("保護不足 {}", self.summary.unprotected()),
            Language::English => format!("badly protected: {}", self.summary.unprotected()),
        };
        let head = self.choose("回線と通信：", "Links and flows: ");
        let separator = self.choose("、", ", ");
        self.topic(&format!("{head}{}{separator}{lacking}", counts.join(separator)));
        if !self.full {
            return;
        }
        for one in &check.connections {
            let names = &self.summary.names;
            let ends = [&one.from, &one.to].map(|id| names.of_element(id, self.language)).join(" → ");
            let judged = protection(self.language, one.kind, one.protection);
            let line =
                format!("{} ({ends}): {}, {judged}", text::name(&one.id), kind(self.language, one.kind));
            self.sheet.say("· ", &line);
            self.sheet.say("    ", said(&one.because, self.language));
            for part in &one.derivation {
                self.sheet.say("    ", said(part, self.language));
            }
        }
    }

    pub(super) fn threats(&mut self) {
        let threats = &self.summary.check.threats;
        if threats.is_empty() {
            return;
        }
        let head = match self.language {
            Language::Japanese => format!("脅威（リスク台帳に載せるもの）：{} 件", threats.len()),
            Language::English => format!("Threats for the risk register: {}", threats.len()),
        };
        self.topic(&head);
        for threat in threats.iter().filter(|_| self.full) {
            let title =
                format!("{}: {}", stride(self.language, threat.kind), said(&threat.scenario, self.language));
            self.sheet.say("· ", &title);
            self.sheet.say("    ", &text::name(&threat.id));
        }
    }

    pub(super) fn facts(&mut self) {
        let facts = &self.summary.check.facts;
        if facts.is_empty() {
            return;
        }
        let (known, all) = (self.summary.facts_known(), facts.len());
        let head = match self.language {
            Language::Japanese => format!("ガイドラインの判定に渡す事実：{all} 件中 {known} 件が判明"),
            Language::English => format!("Facts for the guideline: {known} of {all} known"),
        };
        self.topic(&head);
        for fact in facts.iter().filter(|_| self.full) {
            let line = format!(
                "{}: {} ({})",
                text::name(&fact.key),
                value(self.language, fact.value),
                said(&fact.how, self.language)
            );
            self.sheet.say("· ", &line);
        }
    }

    pub(super) fn coverage(&mut self) {
        let coverage = &self.summary.check.coverage;
        let of = |treatment| -> Vec<String> {
            coverage.of(treatment).map(|(kind, count)| format!("{} ({count})", text::name(kind))).collect()
        };
        let lists = [
            (self.choose("経路の計算に入れた", "modelled"), of(Treatment::Modelled)),
            (self.choose("経路に関係しない", "not about paths"), of(Treatment::Ignored)),
            (self.choose("計算の対象外", "not modelled"), of(Treatment::Undecided)),
        ];
        if lists.iter().all(|(_, kinds)| kinds.is_empty()) {
            return;
        }
        let head = self.choose("プランのリソースの種類：", "Types of resources in the plans: ");
        if self.full {
            self.topic(head.trim_end_matches(['：', ':', ' ']));
            for (title, kinds) in &lists {
                self.sheet.say("  ", &format!("{title}: {}", kinds.len()));
                self.sheet.say("    ", &kinds.join(", "));
            }
            return;
        }
        // On a screen only what stood in the way of an answer is named.
        let [_, _, (_, open)] = &lists;
        let some = self.some(open);
        let counts: Vec<String> =
            lists.iter().map(|(title, kinds)| format!("{title} {}", kinds.len())).collect();
        self.topic(&format!("{head}{}{some}", counts.join(self.choose("、", ", "))));
    }

    /// Some of many names, in brackets.
    fn some(&self, names: &[String]) -> String {
        let more = if names.len() > KINDS_SHOWN { ", …" } else { "" };
        let some = names.iter().take(KINDS_SHOWN).cloned().collect::<Vec<_>>().join(", ");
        match self.language {
            _ if names.is_empty() => String::new(),
            Language::Japanese => format!("（{some}{more}）"),
            Language::English => format!(" ({some}{more})"),
        }
    }

    pub(super) fn warnings(&mut self) {
        let warnings = &self.summary.check.warnings;
        if warnings.is_empty() {
            return;
        }
        let head = self.choose("読み込み時の注意", "Notes from reading");
        self.topic(head);
        let shown = self.bound(WARNINGS_SHOWN);
        for warning in warnings.iter().take(shown) {
            self.sheet.say("! ", &format!("{} {}", warning.code().id, warning.text(self.language)));
        }
        self.rest(warnings.len().saturating_sub(shown));
    }
}
