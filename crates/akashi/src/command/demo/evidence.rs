//! What the clinic of the demo brings forward for the guidelines, after an inspection: documents, answers, a check of its
//! site, the disclosure of a vendor, risks on their way, target dates. All of it is invented.

use serde_json::{Value, json};

/// A document of the clinic.
#[derive(Debug)]
pub(super) struct Paper {
    pub(super) kind: &'static str,
    pub(super) title: &'static str,
    pub(super) version: &'static str,
    pub(super) shelf: &'static str,
    pub(super) owner: &'static str,
    /// Who approved it, and before how many days; none while it waits for that.
    pub(super) approved: Option<(&'static str, u16)>,
    /// In how many days it must be looked at again.
    pub(super) review: u16,
}

const DIRECTOR: &str = "仮想 弘（院長）";
const OPERATOR: &str = "架空 直樹";

const fn paper(
    kind: &'static str,
    title: &'static str,
    version: &'static str,
    (approved, review): (Option<u16>, u16),
) -> Paper {
    let approved = match approved {
        Some(days) => Some((DIRECTOR, days)),
        None => None,
    };
    Paper { kind, title, version, shelf: "事務室 書棚 A-3", owner: OPERATOR, approved, review }
}

/// The documents: most are good for long, two have to be looked at soon, two wait for the director.
pub(super) const PAPERS: &[Paper] = &[
    paper("operating_rules", "医療情報システム運用管理規程", "第4版", (Some(210), 155)),
    paper("organisation_chart", "安全管理の体制図", "令和8年度", (Some(230), 12)),
    paper("asset_inventory", "機器・ソフトウェア台帳", "2026-10", (Some(40), 140)),
    paper("network_diagram", "ネットワーク構成図", "2026-10", (Some(40), 325)),
    paper("contact_list", "サイバー攻撃時の連絡先一覧", "令和8年度", (Some(230), 3)),
    paper("backup_rules", "バックアップ・復旧の手順", "第2版", (Some(120), 245)),
    paper("account_rules", "アカウント・権限の管理規則", "第3版", (Some(120), 245)),
    paper("provider_disclosure", "画像装置の保守会社の開示書（MDS）", "2026-05", (Some(170), 195)),
    paper("incident_procedure", "インシデント対応手順", "第1版（案）", (None, 365)),
    paper("bcp", "サイバー攻撃を想定した事業継続計画", "第1版（案）", (None, 365)),
];

/// An answer of somebody, with what was said beside it.
pub(super) type Answer = (&'static str, &'static str, bool, &'static str, &'static str);

/// The answers: account, question, answer, name, note.
pub(super) const ANSWERS: &[Answer] = &[
    ("director", "security_manager_appointed", true, DIRECTOR, "4 月 1 日付で事務長を任命"),
    ("director", "rules_approved", true, DIRECTOR, ""),
    ("director", "security_status_reported", true, DIRECTOR, "四半期ごとの会議で報告を受けている"),
    ("director", "bcp_includes_cyberattack", false, DIRECTOR, "計画は作成中"),
    ("operator", "training_held", true, OPERATOR, "5 月の全体会議で実施"),
    ("operator", "accounts_reviewed", true, OPERATOR, "9 月末に点検"),
    ("operator", "administrators_match_appointments", true, OPERATOR, ""),
    ("operator", "password_signs_mixed", true, OPERATOR, ""),
    ("operator", "factory_passwords_changed", false, OPERATOR, "画像装置の保守用の装置を確認中"),
    ("operator", "password_reuse_forbidden", true, OPERATOR, ""),
    ("operator", "external_media_restricted", true, OPERATOR, "端末の管理ソフトで制限"),
    ("operator", "remote_devices_asked", true, OPERATOR, "画像装置の保守会社から回答あり"),
    ("operator", "disclosures_received", false, OPERATOR, "電子カルテ導入会社の分を依頼中"),
    ("operator", "other_system_logs_reviewed", true, OPERATOR, ""),
    ("operator", "rules_cover_checklist", true, OPERATOR, ""),
    ("operator", "wireless_users_limited", true, OPERATOR, ""),
    ("operator", "no_scanning", true, OPERATOR, "紙の診療録は電子化していない"),
];

/// Things in which information rests: id, name, kind, what they hold, where, who answers for them.
pub(super) fn assets() -> [Value; 4] {
    let asset = |id: &str, name: &str, kind: &str, holds: &[&str], owner: &str| json!({ "id": id, "name": name, "kind": kind, "holds": holds, "where": "facility", "owner": owner });
    [
        asset(
            "record-server",
            "電子カルテサーバー（Akashi）",
            "server",
            &["clinical-record", "credentials", "logs"],
            OPERATOR,
        ),
        asset("consulting-pc", "診察室・処置室の端末", "terminal", &["clinical-record"], OPERATOR),
        asset("backup-nas", "バックアップ用 NAS", "medium", &["clinical-record"], OPERATOR),
        asset("ultrasound", "超音波診断装置", "other", &["patient-data"], "例示 春香"),
    ]
}

/// Information on its way.
pub(super) fn flows() -> [Value; 3] {
    let asset = |id: &str| json!({ "asset": id });
    let flow = |id: &str, name: &str, from: Value, to: Value, (carries, by, out): (&str, &str, bool)| {
        json!({
            "id": id, "name": name, "from": from, "to": to, "carries": [carries], "by": by, "crosses_boundary": out,
        })
    };
    let lan = ("clinical-record", "lan", false);
    let maintenance = ("patient-data", "maintenance-line", true);
    [
        flow("charting", "診療録の記載と参照", asset("consulting-pc"), asset("record-server"), lan),
        flow("backup", "夜間のバックアップ", asset("record-server"), asset("backup-nas"), lan),
        flow(
            "imaging-maintenance",
            "画像装置の遠隔保守",
            json!({ "outside": "画像装置の保守会社（架空）" }),
            asset("ultrasound"),
            maintenance,
        ),
    ]
}

/// A risk that the clinic named itself, with how far it came.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) threat: &'static str,
    pub(super) assets: &'static [&'static str],
    /// Likelihood, impact, why.
    pub(super) rated: (u8, u8, &'static str),
    pub(super) plan: Option<Planned>,
    /// What the director says to the plan; none while it waits for that.
    pub(super) approved: Option<&'static str>,
    /// By what it is seen that it is in force.
    pub(super) in_force: Option<&'static str>,
}

/// What is to be done about a risk.
#[derive(Debug)]
pub(super) struct Planned {
    pub(super) what: &'static str,
    pub(super) kind: &'static str,
    pub(super) why: &'static str,
    pub(super) cost: &'static str,
    /// Likelihood, impact, why.
    pub(super) left: (u8, u8, &'static str),
}

/// One risk is treated, one waits for the director, one is only rated.
pub(super) const NAMED: [Named; 3] = [
    Named {
        id: "reception-two-networks",
        title: "受付の端末を経由した感染の広がり",
        threat: "受付の端末が事務系と診療系の両方につながり、メールから感染すると診療系に広がる。",
        assets: &["record-server", "consulting-pc"],
        rated: (3, 3, "同種の施設で過去 3 年に公表事例がある"),
        plan: Some(Planned {
            what: "受付の端末を診療系だけにつなぎ、メールは別の端末で読む",
            kind: "preventive",
            why: "端末を分ければ経路がなくなる",
            cost: "端末 1 台（15 万円）",
            left: (1, 3, "経路がなくなり、独立した対策が二つ同時に破られる必要がある"),
        }),
        approved: Some("年内に実施すること"),
        in_force: Some("10 月 30 日に配線を変更し、両方につながる端末がないことを確認した"),
    },
    Named {
        id: "imaging-vpn",
        title: "画像装置の保守用 VPN 装置からの侵入",
        threat: "更新の止まった VPN 装置がインターネットから届き、診療系に入られる。",
        assets: &["ultrasound", "record-server"],
        rated: (5, 3, "施設の外から届く既知の弱点が直されていない"),
        plan: Some(Planned {
            what: "保守の作業中だけ回線を開き、接続する人と端末を証明書で限る",
            kind: "preventive",
            why: "装置の更改までの間も、外から届く時間をなくせる",
            cost: "保守契約の変更（月 1 万円）",
            left: (4, 3, "装置の更改まで弱点は残り、作業の間は届く"),
        }),
        approved: None,
        in_force: None,
    },
    Named {
        id: "backup-online",
        title: "バックアップごと暗号化される",
        threat: "バックアップが同じネットワークの NAS だけにあり、侵入されると一緒に暗号化される。",
        assets: &["backup-nas", "record-server"],
        rated: (3, 4, "同種の施設で過去 3 年に公表事例がある"),
        plan: None,
        approved: None,
        in_force: None,
    },
];

/// Target dates: requirement, who sees to it, in how many days, what is going to be done.
pub(super) const TARGETS: [(&str, &str, u16, &str); 4] = [
    ("mhlw-checklist-2026/facility/3-3", DIRECTOR, 60, "年明けの会議で計画を承認する"),
    ("mhlw-checklist-2025/facility/2-3", OPERATOR, 30, "電子カルテ導入会社の開示書を受け取る"),
    ("mhlw-checklist-2025/facility/2-7", OPERATOR, 21, "保守用の装置の出荷時パスワードを変える"),
    ("mhlw-checklist-2025/facility/3-1", OPERATOR, 14, "連絡先の見直し"),
];

/// What the vendor of the ultrasound device discloses (formats, section 10).
pub(super) fn disclosure(dated: &str) -> String {
    let says = |requirement: &str, share: &str, texts: [&str; 4]| {
        let [ja, en, rest_ja, rest_en] = texts;
        let mut said =
            json!({ "requirement": requirement, "share": share, "provides_ja": ja, "provides_en": en });
        if let (false, Some(members)) = (rest_ja.is_empty(), said.as_object_mut()) {
            members.insert("remains_ja".to_owned(), json!(rest_ja));
            members.insert("remains_en".to_owned(), json!(rest_en));
        }
        said
    };
    json!({
        "format": "akashi-disclosure/1",
        "party": {
            "id": "imaging-vendor", "layer": "provider",
            "name_ja": "画像装置の保守会社（架空）", "name_en": "Imaging vendor (invented)",
        },
        "dated": dated,
        "based_on": "Invented for the demo.",
        "statements": [
            says("mhlw-7.0/control/13-1", "shared", [
                "保守回線に VPN を使い、接続元を保守拠点に限ります。",
                "The maintenance line is a VPN, restricted to our own site.",
                "作業ごとに回線を開閉し、接続した人を記録に残します。",
                "Open the line for each work only, and keep a record of who connected.",
            ]),
            says("mhlw-7.0/control/8-4", "shared", [
                "装置のソフトウェアの脆弱性情報を四半期ごとに知らせます。",
                "We tell of vulnerabilities of the device's software every quarter.",
                "知らせを受けて、更新の時期を決めます。",
                "Decide when to update once told.",
            ]),
        ],
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Time;
    use guideline::{Day, Disclosure, SourceFile};

    #[test]
    fn everything_that_is_brought_forward_is_something_that_the_guidelines_ask() {
        let engine = guideline::engine().unwrap();
        for paper in PAPERS {
            assert!(engine.registry.document(paper.kind).is_some(), "{}", paper.kind);
        }
        for (_, question, ..) in ANSWERS {
            assert!(engine.registry.question(question).is_some(), "{question}");
        }
        for (requirement, ..) in TARGETS {
            engine.catalogue.requirement(requirement).unwrap();
        }
        let dated = Day::of(Time::from_microseconds(0)).to_string();
        let text = disclosure(&dated);
        Disclosure::read(SourceFile { name: "vendor.json", text: &text }, &engine.catalogue).unwrap();
    }

    #[test]
    fn what_is_said_twice_stands_once() {
        let mut titles: Vec<&str> = PAPERS.iter().map(|paper| paper.title).collect();
        titles.sort_unstable();
        titles.dedup();
        assert_eq!(titles.len(), PAPERS.len(), "an interrupted day knows them by their titles");
    }
}
