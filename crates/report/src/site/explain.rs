//! One finding in full, on a terminal.

use super::summary::Names;
use super::text::{self, Sheet};
use super::words::{choose, said, severity, verdict};
use base::Language;
use site::check::Check;
use site::rules::Finding;
use site::step::Step;

/// Most findings of one rule that are explained at once.
const FINDINGS_MAX: usize = 20;

/// The findings of a check with this id, or of the rule with this id, in full; none where there is none.
pub fn explain(check: &Check, id: &str, language: Language) -> Option<String> {
    let names = Names::of(check);
    let mut found = check.findings.iter().filter(|one| one.id == id || one.rule == id);
    let first = found.next()?;
    let shown = Shown { check, names: &names, language };
    let mut sheet = Sheet::default();
    shown.rule(&mut sheet, first);
    shown.element(&mut sheet, first);
    for finding in found.by_ref().take(FINDINGS_MAX.saturating_sub(1)) {
        sheet.gap();
        shown.element(&mut sheet, finding);
    }
    let rest = found.count();
    if rest > 0 {
        let more = match language {
            Language::Japanese => format!("ほか {rest} か所"),
            Language::English => format!("and {rest} more"),
        };
        sheet.head(&more);
    }
    shown.advice(&mut sheet, first);
    Some(sheet.text())
}

struct Shown<'a> {
    check: &'a Check,
    names: &'a Names,
    language: Language,
}

impl Shown<'_> {
    fn labelled(&self, sheet: &mut Sheet, ja: &str, en: &str, text: &str) {
        if !text.is_empty() {
            sheet.say("  ", &format!("{}{text}", choose(self.language, ja, en)));
        }
    }

    fn rule(&self, sheet: &mut Sheet, finding: &Finding) {
        sheet.say("", said(&finding.advice.text, self.language));
        sheet.say("", &finding.rule);
        sheet.gap();
    }

    fn element(&self, sheet: &mut Sheet, finding: &Finding) {
        let language = self.language;
        let name = self.names.of_element(&finding.resource, language);
        let called = if name == finding.resource || finding.resource.is_empty() {
            name
        } else {
            format!("{name} [{}]", text::name(&finding.resource))
        };
        let mark = choose(language, "■ ", "* ");
        sheet.say(mark, &format!("{called}: {}", verdict(language, finding.verdict)));
        self.labelled(sheet, "重み：", "weight: ", severity(language, finding.severity));
        if let Some(line) = finding.line {
            let file = super::sarif::description_of(self.check).map(text::name);
            self.labelled(sheet, "場所：", "stands at: ", &format!("{}:{line}", file.unwrap_or_default()));
        }
        self.labelled(sheet, "見たもの：", "seen: ", &finding.seen);
        let why = finding.why.as_ref().map(|why| said(why, language)).unwrap_or_default();
        self.labelled(sheet, "理由：", "why: ", why);
        self.labelled(sheet, "ID：", "id: ", &finding.id);
        self.path(sheet, &finding.path);
    }

    fn path(&self, sheet: &mut Sheet, path: &[Step]) {
        for (place, step) in path.iter().enumerate() {
            if place == 0 {
                sheet.say("  ", choose(self.language, "経路：", "path:"));
            }
            let zone =
                if step.zone.is_empty() { String::new() } else { format!(" ({})", text::name(&step.zone)) };
            let rule =
                step.rule.as_deref().map(|rule| format!(" [{}]", text::name(rule))).unwrap_or_default();
            let mark = format!("  {:>3}. ", place.saturating_add(1));
            sheet.say(
                &mark,
                &format!("{}{zone}: {}{rule}", text::name(&step.name), said(&step.what, self.language)),
            );
        }
    }

    fn advice(&self, sheet: &mut Sheet, finding: &Finding) {
        let (language, advice) = (self.language, &finding.advice);
        sheet.head(choose(language, "対応", "What to do"));
        sheet.say("  ", said(&advice.remedy, language));
        if !advice.terraform.is_empty() {
            sheet.head(choose(language, "例", "Example"));
            sheet.lines("  ", &advice.terraform);
        }
        if let Some(doubt) = &advice.doubt {
            sheet.head(choose(language, "この規則について確かでないこと", "What is not sure of this rule"));
            sheet.say("  ", said(doubt, language));
        }
        if !advice.requirements.is_empty() {
            sheet.head(choose(language, "関係するガイドラインの要求事項", "Requirements of guidelines"));
            for requirement in &advice.requirements {
                sheet.say("  ", requirement);
            }
        }
    }
}
