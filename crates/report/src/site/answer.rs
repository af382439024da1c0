//! The answer to one question (`akashi check --path`): the ways with their hops, or what keeps them closed.

use super::text::{self, Sheet};
use super::words::{choose, said};
use base::Language;
use serde_json::json;
use site::question::{Answer, Closed, Way};

/// The version of the document that [`answer_json`] writes.
pub const ANSWER_FORMAT: &str = "akashi-path/1";

/// An answer for programs.
pub fn answer_json(answer: &Answer) -> String {
    format!("{:#}\n", json!({ "format": ANSWER_FORMAT, "answer": answer }))
}

/// An answer for a terminal.
pub fn answer_text(answer: &Answer, language: Language) -> String {
    let mut sheet = Sheet::default();
    sheet.say("", &verdict(answer, language));
    for reason in &answer.unknown {
        sheet.say("  ? ", said(reason, language));
    }
    for (number, way) in answer.ways.iter().enumerate() {
        tell_way(&mut sheet, way, number.saturating_add(1), language);
    }
    if answer.more {
        sheet.gap();
        sheet.say("", choose(language, "ほかにも経路がある可能性があります。", "There may be more ways."));
    }
    if !answer.closed.is_empty() {
        sheet.head(choose(language, "遮断しているもの", "What keeps it closed"));
        answer.closed.iter().for_each(|closed| tell_closed(&mut sheet, closed, language));
    }
    sheet.text()
}

fn verdict(answer: &Answer, language: Language) -> String {
    let (from, to) = (text::name(&answer.from), text::name(&answer.to));
    match (answer.reached, language) {
        (Some(true), Language::Japanese) => format!("届きます：{from} → {to}"),
        (Some(true), Language::English) => format!("Yes: {from} reaches {to}"),
        (Some(false), Language::Japanese) => {
            format!("届きません：{from} → {to}（モデル上に経路はありません）")
        }
        (Some(false), Language::English) => format!("No: {from} does not reach {to}; the model has no path"),
        (None, Language::Japanese) => format!("判断できません：{from} → {to}"),
        (None, Language::English) => format!("Undecided: whether {from} reaches {to}"),
    }
}

fn tell_way(sheet: &mut Sheet, way: &Way, number: usize, language: Language) {
    let sure = if way.decided { "" } else { choose(language, "（不確か）", " (not certain)") };
    let by = way.services.join(", ");
    sheet.head(&match language {
        Language::Japanese => format!("経路 {number}{sure}：{by}"),
        Language::English => format!("Way {number}{sure}: {by}"),
    });
    for (hop, step) in way.steps.iter().enumerate() {
        let rule = step.rule.as_ref().map(|rule| format!(" [{}]", text::name(rule))).unwrap_or_default();
        let zone = if step.zone.is_empty() || step.zone == step.node {
            String::new()
        } else {
            format!(" @{}", text::name(&step.zone))
        };
        let line = format!("{}{zone}: {}{rule}", text::name(&step.name), said(&step.what, language));
        sheet.say(&format!("  {:2} ", hop.saturating_add(1)), &line);
    }
    for reason in &way.reasons {
        sheet.say("   ? ", said(reason, language));
    }
}

fn tell_closed(sheet: &mut Sheet, closed: &Closed, language: Language) {
    let nodes: Vec<String> = closed.nodes.iter().map(|node| text::name(node)).collect();
    sheet.say("  - ", &nodes.join(" → "));
    for stop in &closed.stops {
        sheet.say("      ", said(stop, language));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use site::rules::Text;
    use site::step::Step;

    fn both(ja: &str, en: &str) -> Text {
        Text { ja: ja.to_owned(), en: en.to_owned() }
    }

    fn answer(reached: Option<bool>) -> Answer {
        let step = Step {
            node: "pc".to_owned(),
            name: "事務 PC\u{1b}[31m".to_owned(),
            zone: "information".to_owned(),
            rule: Some("any".to_owned()),
            what: both("送信", "sent"),
        };
        let way = Way {
            decided: reached == Some(true),
            services: vec!["TCP 443".to_owned()],
            steps: vec![step],
            reasons: vec![both("`listens` が分かりません", "`listens` is not known")],
        };
        Answer {
            from: "pc".to_owned(),
            to: "records".to_owned(),
            reached,
            ways: vec![way],
            more: false,
            unknown: Vec::new(),
            closed: vec![Closed {
                nodes: vec!["pc".to_owned()], stops: vec![both("規則なし", "no rule")]
            }],
        }
    }

    #[test]
    fn what_is_undecided_is_never_told_as_a_no() {
        let shown = answer_text(&answer(None), Language::English);
        assert!(shown.starts_with("Undecided"), "{shown}");
        assert!(shown.contains("not certain") && shown.contains("`listens` is not known"), "{shown}");
        let no = answer_text(&answer(Some(false)), Language::Japanese);
        assert!(no.starts_with("届きません") && no.contains("遮断しているもの"), "{no}");
    }

    #[test]
    fn no_name_moves_the_cursor_of_a_terminal() {
        assert!(!answer_text(&answer(Some(true)), Language::Japanese).contains('\u{1b}'));
    }

    #[test]
    fn programs_are_told_the_format() {
        let told: serde_json::Value = serde_json::from_str(&answer_json(&answer(Some(true)))).unwrap();
        assert_eq!(told["format"], ANSWER_FORMAT);
        assert_eq!(told["answer"]["reached"], true);
    }
}
