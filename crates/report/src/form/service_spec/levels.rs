//! The draft of an agreement on service levels: what is measured or set now, and what remains to be agreed, which is all of it.

use super::super::Given;
use super::super::words::{about, standing, tell};
use crate::paper::{Block, Cell, Column, References, Row, Section, Table, Tone, short_day};

/// An item of the agreement, with the keys of facts that tell how it stands.
struct Item {
    group: (&'static str, &'static str),
    name: (&'static str, &'static str),
    agree: (&'static str, &'static str),
    keys: &'static [&'static str],
}

const AVAILABILITY: (&str, &str) = ("可用性と復旧", "Availability and recovery");
const BACKUP: (&str, &str) = ("バックアップ", "Backup");
const SUPPORT: (&str, &str) = ("支援と保守", "Support and maintenance");
const INCIDENT: (&str, &str) = ("インシデント", "Incidents");
const RECORDS: (&str, &str) = ("記録と証跡", "Records and trail");
const PROTECTION: (&str, &str) = ("データの保護", "Protection of data");
const EXIT: (&str, &str) = ("契約の終了", "End of the contract");

const ITEMS: [Item; 22] = [
    Item {
        group: AVAILABILITY,
        name: ("稼働率", "Availability"),
        agree: ("月間の稼働率（%）と計画停止の扱い", "percent in a month, and how planned stops count"),
        keys: &[],
    },
    Item {
        group: AVAILABILITY,
        name: ("二重化", "Redundancy"),
        agree: ("対象とする機器・回線・電源", "which devices, lines and power"),
        keys: &["site.availability.redundant"],
    },
    Item {
        group: AVAILABILITY,
        name: ("目標復旧時間（RTO）", "Recovery time (RTO)"),
        agree: ("障害から再開までの時間", "hours from failure to service"),
        keys: &["runtime.backup.restore_drill_days"],
    },
    Item {
        group: AVAILABILITY,
        name: ("目標復旧時点（RPO）", "Recovery point (RPO)"),
        agree: ("失われうるデータの最大の時間", "hours of data that may be lost at most"),
        keys: &["runtime.backup.last_hours"],
    },
    Item {
        group: BACKUP,
        name: ("頻度", "Frequency"),
        agree: ("取得の間隔", "interval"),
        keys: &["runtime.backup.last_hours"],
    },
    Item {
        group: BACKUP,
        name: ("世代数", "Generations"),
        agree: ("残す世代の数", "how many are kept"),
        keys: &["runtime.backup.generations"],
    },
    Item {
        group: BACKUP,
        name: ("切り離した写し・保管場所", "Offline copy and place"),
        agree: ("方法と保管場所", "how and where"),
        keys: &["runtime.backup.offline_copy", "site.cloud.backup_separate"],
    },
    Item {
        group: BACKUP,
        name: ("復元訓練", "Restore drill"),
        agree: ("実施の間隔と報告", "interval and report"),
        keys: &["runtime.backup.restore_drill_days"],
    },
    Item {
        group: SUPPORT,
        name: ("問い合わせの受付時間", "Support window"),
        agree: ("曜日・時間帯・連絡先", "days, hours and contact"),
        keys: &[],
    },
    Item {
        group: SUPPORT,
        name: ("ソフトウェアの更新", "Software updates"),
        agree: ("更新の間隔・予告・サポート期間", "interval, notice, support period"),
        keys: &["runtime.software.version", "runtime.software.supported"],
    },
    Item {
        group: SUPPORT,
        name: ("リモート保守", "Remote maintenance"),
        agree: ("承認・経路・報告", "approval, path, report"),
        keys: &[
            "runtime.maintenance.dedicated_accounts",
            "runtime.maintenance.open_without_approval",
            "runtime.maintenance.recorded",
        ],
    },
    Item {
        group: SUPPORT,
        name: ("計画停止の予告", "Notice of planned stops"),
        agree: ("何日前までに知らせるか", "days in advance"),
        keys: &[],
    },
    Item {
        group: INCIDENT,
        name: ("インシデントの通知", "Notification"),
        agree: ("発見から通知までの時間と連絡先", "hours from detection to notice, and to whom"),
        keys: &["document.contact_list"],
    },
    Item {
        group: INCIDENT,
        name: ("調査と報告", "Investigation and report"),
        agree: ("役割・期限・報告の内容", "roles, deadlines, content"),
        keys: &["document.incident_procedure", "person.incident_roles_agreed"],
    },
    Item {
        group: RECORDS,
        name: ("アクセス記録の保存期間", "Retention of the access trail"),
        agree: ("保存する日数・年数", "days or years"),
        keys: &["runtime.audit.retained_days", "runtime.audit.tamper_evident"],
    },
    Item {
        group: RECORDS,
        name: ("診療記録の保存期間", "Retention of records"),
        agree: ("保存する年数", "years"),
        keys: &["runtime.records.retention_enforced"],
    },
    Item {
        group: RECORDS,
        name: ("時刻の同期", "Clock"),
        agree: ("許容するずれ", "offset that is allowed"),
        keys: &["runtime.clock.synchronised", "runtime.clock.offset_seconds"],
    },
    Item {
        group: PROTECTION,
        name: ("通信の暗号化", "Encryption in transit"),
        agree: ("受け入れる方式", "what is accepted"),
        keys: &["runtime.tls.versions", "runtime.tls.plain_http"],
    },
    Item {
        group: PROTECTION,
        name: ("保存データの暗号化", "Encryption at rest"),
        agree: ("対象と鍵の管理", "scope and keys"),
        keys: &["runtime.encryption.at_rest", "runtime.keys.separated"],
    },
    Item {
        group: PROTECTION,
        name: ("データの所在", "Location of data"),
        agree: ("国・地域と法令の適用", "country, region and law"),
        keys: &["site.cloud.regions_in_japan"],
    },
    Item {
        group: EXIT,
        name: ("データの返却・移行", "Return and migration"),
        agree: ("形式・期限・費用", "form, time and cost"),
        keys: &["runtime.records.export_standard", "document.migration_plan", "person.return_terms_agreed"],
    },
    Item {
        group: EXIT,
        name: ("消去と証明", "Erasure and proof"),
        agree: ("期限・方法・証明書", "time, method, certificate"),
        keys: &["document.disposal_rules"],
    },
];

pub(super) fn section(given: &Given<'_>, references: &References<'_>) -> Section {
    let columns = vec![
        Column::new(given.say("項目", "Item"), 10),
        Column::new(given.say("取り決めること", "What to agree on"), 12),
        Column::new(given.say("現在の測定値・設定値", "Measured or set now"), 20),
        Column::new(given.say("合意する水準", "Agreed level"), 10),
        Column::new(given.say("根拠（確認日）", "Evidence (seen)"), 8),
    ];
    let mut rows = Vec::new();
    let mut group = None;
    for item in &ITEMS {
        if group != Some(item.group) {
            rows.push(Row::Heading(given.say(item.group.0, item.group.1).to_owned()));
            group = Some(item.group);
        }
        rows.push(row(given, item, references));
    }
    let note = given.say(
        "これは協議のための案です。「現在の測定値・設定値」は確認した時点の状態であり、約束する水準ではありません。「（合意して記入）」とある欄は、双方で合意した水準を記入してください。",
        "This is a draft to talk about. What is measured or set now is how it stood when it was looked at, not a level that is promised. Fields that say \u{201c}(to be agreed)\u{201d} are for the level that both sides agree on.",
    );
    let name = given.say("SLA案", "SLA draft").to_owned();
    let heading = given.say("サービスレベル合意書（SLA）案", "Draft service level agreement");
    let blocks = vec![Block::Note(note.to_owned()), Block::Table(Table { name, columns, rows })];
    Section::new(heading, blocks).on_new_page().wide()
}

fn row(given: &Given<'_>, item: &Item, references: &References<'_>) -> Row {
    let facts: Vec<_> =
        references.facts().filter(|(_, fact)| item.keys.contains(&fact.key.as_str())).collect();
    let to_agree = given.say("（合意して記入）", "(to be agreed)");
    let now = if facts.is_empty() {
        let why = if item.keys.is_empty() {
            given.say("システムからは測れません", "not measured by the system")
        } else {
            given.say("不明（示す事実がありません）", "unknown (no fact shows it)")
        };
        Cell::of(Tone::Unknown, why)
    } else {
        let said = |(_, fact): &(usize, &guideline::Fact)| {
            format!("{}{}{}", about(given, &fact.key), given.say("：", ": "), standing(given, fact))
        };
        Cell::plain(facts.iter().map(said).collect::<Vec<_>>().join("\n"))
    };
    let seen = |(number, fact): &(usize, &guideline::Fact)| {
        let day = short_day(fact.observed.0);
        tell(given, format!("E-{number}（{day}）"), format!("E-{number} ({day})"))
    };
    let evidence: Vec<String> = facts.iter().map(seen).collect();
    let none = given.say("根拠となる事実なし", "no fact to rest on");
    let cells = vec![
        Cell::plain(given.say(item.name.0, item.name.1)),
        Cell::plain(given.say(item.agree.0, item.agree.1)),
        now,
        Cell::of(Tone::Asked, to_agree),
        Cell::plain(if evidence.is_empty() { none.to_owned() } else { evidence.join("\n") }),
    ];
    Row::Cells { key: Some(format!("sla/{}/{}", item.group.1, item.name.1)), cells }
}

#[cfg(test)]
mod tests {
    use super::ITEMS;

    #[test]
    fn the_items_look_at_facts_that_there_are() {
        let engine = guideline::engine().unwrap();
        for key in ITEMS.iter().flat_map(|item| item.keys) {
            assert!(engine.registry.key(key).is_ok(), "{key}");
        }
    }
}
