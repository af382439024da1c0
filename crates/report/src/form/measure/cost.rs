//! What a measure costs, roughly: a class by where its fact comes from. An estimate of our own; the guidelines name none.

use super::super::Given;
use crate::paper::{Block, Cell, Column, Row, Table};
use guideline::FactOrigin;

/// How much a measure takes, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::form) enum Cost {
    /// A setting or a record is enough.
    Small,
    /// A document or a procedure has to be made.
    Medium,
    /// A contract, equipment or the configuration changes.
    Large,
}

impl Cost {
    /// Its letter.
    pub(in crate::form) fn letter(self) -> &'static str {
        match self {
            Self::Small => "S",
            Self::Medium => "M",
            Self::Large => "L",
        }
    }

    /// What it means.
    pub(in crate::form) fn name(self, given: &Given<'_>) -> &'static str {
        let (ja, en) = match self {
            Self::Small => ("設定の変更・記録だけで済む", "setting or record only"),
            Self::Medium => ("文書・手順の整備", "document or procedure"),
            Self::Large => ("契約・機器・構成の変更", "contract, equipment, configuration"),
        };
        match given.language {
            base::Language::Japanese => ja,
            base::Language::English => en,
        }
    }
}

/// For facts whose keys begin so: the cost while the fact is not known, and once it is known not to be as it should.
struct Rule {
    begins: &'static [&'static str],
    unknown: Cost,
    known: Cost,
    ja: &'static str,
    en: &'static str,
}

/// The first that fits counts.
const RULES: [Rule; 10] = [
    Rule {
        begins: &[
            "runtime.backup.offline_copy",
            "runtime.keys.separated",
            "runtime.software.operating_system_supported",
            "runtime.audit.forwarded",
            "runtime.journal.witnessed",
        ],
        unknown: Cost::Large,
        known: Cost::Large,
        ja: "システムの外に、機器・保管先・契約先を用意するもの",
        en: "needs equipment, a place or a party outside of the system",
    },
    Rule {
        begins: &["runtime.risk.", "runtime.backup.restore_drill_days"],
        unknown: Cost::Medium,
        known: Cost::Medium,
        ja: "リスクの登録・復元訓練など、まとまった作業を要するもの",
        en: "work of its own, such as the risk register or a restore drill",
    },
    Rule {
        begins: &["runtime."],
        unknown: Cost::Small,
        known: Cost::Small,
        ja: "そのほかのシステムの状態",
        en: "any other state of the system",
    },
    Rule {
        begins: &[
            "document.provider_contract",
            "document.sla",
            "document.responsibility_matrix",
            "document.provider_disclosure",
            "document.third_party_report",
            "document.subcontractor_list",
            "document.migration_plan",
        ],
        unknown: Cost::Large,
        known: Cost::Large,
        ja: "相手方との契約・合意や、相手方からの提出を要する文書",
        en: "documents that need a contract or agreement, or come from another party",
    },
    Rule {
        begins: &["document."],
        unknown: Cost::Medium,
        known: Cost::Medium,
        ja: "そのほかの文書",
        en: "any other document",
    },
    Rule {
        begins: &[
            "person.storage_contract_",
            "person.updates_in_every_contract",
            "person.contract_resources_checked",
            "person.support_agreed",
            "person.subcontractors_bound",
            "person.outside_destruction_agreed",
            "person.return_terms_agreed",
        ],
        unknown: Cost::Small,
        known: Cost::Large,
        ja: "契約の内容に関する質問",
        en: "questions on what contracts say",
    },
    Rule {
        begins: &["person."],
        unknown: Cost::Small,
        known: Cost::Medium,
        ja: "そのほかの質問",
        en: "any other question",
    },
    Rule {
        begins: &["site.devices.screen_lock"],
        unknown: Cost::Small,
        known: Cost::Small,
        ja: "端末の設定で済むもの",
        en: "a setting of terminals",
    },
    Rule {
        begins: &["site.devices.inventory_complete", "site.remote_maintenance.paths_declared"],
        unknown: Cost::Medium,
        known: Cost::Medium,
        ja: "台帳・申告を整えるもの",
        en: "inventories and declarations",
    },
    Rule {
        begins: &["site."],
        unknown: Cost::Medium,
        known: Cost::Large,
        ja: "そのほかのネットワーク・機器の構成",
        en: "any other configuration of network and devices",
    },
];

/// The class of the measure that one fact asks for.
pub(super) fn of(key: &str, is_known: bool) -> Cost {
    let rule = RULES.iter().find(|rule| rule.begins.iter().any(|begin| key.starts_with(begin)));
    match rule {
        Some(rule) if is_known => rule.known,
        Some(rule) => rule.unknown,
        // A facility's own keys follow those of documents, which is the middle.
        None => Cost::Medium,
    }
}

/// The rule as a table, so that whoever reads the report can judge it.
pub(in crate::form) fn explained(given: &Given<'_>) -> Vec<Block> {
    let note = given.say(
        "費用の区分は、対策の種類から決めた当方の目安です。見積もりではありません。まだ分かっていないものは、まず確かめるまでの手間で区分しています。",
        "The cost class is our own estimate from the kind of the measure; it is no quotation. What is not known yet is classed by what it takes to find out.",
    );
    let columns = vec![
        Column::new(given.say("根拠の種類", "Source"), 6),
        Column::new(given.say("対策の種類", "Kind of measure"), 18),
        Column::new(given.say("まだ不明なとき", "While unknown"), 9),
        Column::new(given.say("不足と分かっているとき", "Once known to fall short"), 9),
    ];
    let class = |cost: Cost| Cell::plain(format!("{} {}", cost.letter(), cost.name(given)));
    let row = |rule: &Rule| {
        let cells = vec![
            Cell::plain(source(given, rule.begins)),
            Cell::plain(given.say(rule.ja, rule.en)),
            class(rule.unknown),
            class(rule.known),
        ];
        Row::Cells { key: None, cells }
    };
    let name = given.say("費用の区分の決め方", "How cost classes follow").to_owned();
    vec![
        Block::Note(note.to_owned()),
        Block::Table(Table { name, columns, rows: RULES.iter().map(row).collect() }),
    ]
}

fn source(given: &Given<'_>, begins: &[&str]) -> &'static str {
    let word = begins.first().and_then(|begin| begin.split('.').next()).unwrap_or_default();
    let origins = [FactOrigin::Runtime, FactOrigin::Site, FactOrigin::Document, FactOrigin::Person];
    let (ja, en) = match origins.into_iter().find(|origin| origin.word() == word) {
        Some(FactOrigin::Runtime) => ("システム", "system"),
        Some(FactOrigin::Site) => ("構成", "site"),
        Some(FactOrigin::Document) => ("文書", "document"),
        Some(FactOrigin::Person) => ("回答", "answer"),
        None => ("そのほか", "other"),
    };
    match given.language {
        base::Language::Japanese => ja,
        base::Language::English => en,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_the_registry_has_a_class_by_a_rule_and_every_rule_has_a_key() {
        let engine = guideline::engine().unwrap();
        let fits = |rule: &Rule, key: &str| rule.begins.iter().any(|begin| key.starts_with(begin));
        for key in engine.registry.keys() {
            assert!(RULES.iter().any(|rule| fits(rule, &key.key)), "{}", key.key);
        }
        for begin in RULES.iter().flat_map(|rule| rule.begins) {
            assert!(engine.registry.keys().any(|key| key.key.starts_with(begin)), "{begin}");
        }
    }

    #[test]
    fn what_is_unknown_costs_what_it_takes_to_find_out() {
        assert_eq!(of("person.training_held", false), Cost::Small);
        assert_eq!(of("person.training_held", true), Cost::Medium);
        assert_eq!(of("site.network.zones_separated", true), Cost::Large);
        assert_eq!(of("runtime.backup.offline_copy", true), Cost::Large);
        assert_eq!(of("document.bcp", false), Cost::Medium);
    }
}
