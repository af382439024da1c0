//! What is modelled of clouds: the list behind `akashi check --modelled`, made from the table that the drawing uses.

use super::text::Sheet;
use super::words::choose;
use base::Language;
use site::model::Treatment;
use site::model::aws::{Kind, TREATMENTS};

/// The types of resources by what becomes of them.
pub fn modelled(language: Language) -> String {
    let mut sheet = Sheet::default();
    for treatment in [Treatment::Modelled, Treatment::Undecided, Treatment::Ignored] {
        let kinds = TREATMENTS.iter().filter(|(of, _)| *of == treatment).flat_map(|(_, kinds)| *kinds);
        let mut names: Vec<String> = kinds.map(name).collect();
        names.sort();
        sheet.head(head(treatment, language));
        for name in &names {
            sheet.say("  ", name);
        }
    }
    sheet.gap();
    sheet.say(
        "",
        choose(
            language,
            "ここにない種類は、通信の経路に関わらないものとして無視します。属性のルールはすべての種類に適用します（docs/site-rules.md）。",
            "Types that are not listed say nothing of where packets go and are ignored. Attribute rules apply to all types (docs/site-rules.md).",
        ),
    );
    sheet.text()
}

fn head(treatment: Treatment, language: Language) -> &'static str {
    match treatment {
        Treatment::Modelled => choose(language, "ネットワークのモデルに入る種類", "Part of the network"),
        Treatment::Undecided => choose(
            language,
            "通信の経路に関わりうるが、計算の対象外（関係する答えは「判断できない」）",
            "May say where packets go, but not modelled: answers that pass by them are undecided",
        ),
        Treatment::Ignored => choose(language, "無視する種類", "Ignored"),
    }
}

fn name(kind: &Kind) -> String {
    match kind {
        Kind::One(name) => (*name).to_owned(),
        Kind::Begins(name) => format!("{name}*"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_list_the_same_types() {
        let types = |language| {
            let shown = modelled(language);
            shown.lines().filter(|line| line.starts_with("  ")).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(types(Language::Japanese), types(Language::English));
        assert!(types(Language::English).contains(&"  aws_vpc".to_owned()));
    }
}
