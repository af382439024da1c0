//! A paper with every kind of block, in both languages: made up, of a hospital that is none.

use base::{Language, Time};
use guideline::Moment;
use report::paper::{Bars, Block, Cell, Column, Field, Paper, Picture, Row, Section, Table, Tone, Trend};

/// All tones with the words that say the same.
const TONES: [(Tone, &str, &str); 7] = [
    (Tone::Good, "はい", "Yes"),
    (Tone::Partly, "一部", "In part"),
    (Tone::Bad, "いいえ", "No"),
    (Tone::Asked, "要確認", "To be answered"),
    (Tone::Unknown, "不明", "Unknown"),
    (Tone::Apart, "対象外", "Not applicable"),
    (Tone::Plain, "―", "―"),
];

/// A moment.
pub(crate) fn at(text: &str) -> Moment {
    Moment(Time::parse(text).unwrap())
}

/// A text in a language.
fn say(language: Language, ja: &str, en: &str) -> String {
    match language {
        Language::Japanese => ja.to_owned(),
        Language::English => en.to_owned(),
    }
}

/// An empty paper.
pub(crate) fn paper(language: Language, sections: Vec<Section>) -> Paper {
    Paper {
        format: report::paper::FORMAT,
        kind: "checklist".to_owned(),
        edition: Some("mhlw-6.0".to_owned()),
        language,
        title: say(
            language,
            "医療機関におけるサイバーセキュリティ対策チェックリスト",
            "Cybersecurity checklist for medical institutions",
        ),
        subtitle: say(
            language,
            "医療情報システムの安全管理に関するガイドライン 第6.0版（医療機関確認用）",
            "Guideline for the safety of medical information systems, edition 6.0 (for the institution)",
        ),
        facility: say(language, "医療法人社団 見本会 見本中央病院", "Sample Central Hospital"),
        version: 3,
        as_of: at("2026-11-23T07:05:00Z"),
        program: "0.1.0".to_owned(),
        positions: vec![1204, 1377],
        sections,
    }
}

/// A paper with so many rows in its table, and every kind of block.
pub(crate) fn every_block(language: Language, rows: usize) -> Paper {
    let say = |ja: &str, en: &str| say(language, ja, en);
    let mut sections = vec![
        Section::new(
            say("はじめに", "Introduction"),
            vec![
                Block::Text(say(
                    "この報告書は、医療情報システムの安全管理に関するガイドラインの各項目について、稼働中のシステムが示す事実と、施設が提出した文書および担当者の回答から、2026年11月23日の時点で確認できたことをまとめたものです。「はい」は、根拠となる事実がそろっている項目だけに記しています。根拠のない項目は「不明」とし、推測では埋めていません。",
                    "This report says what could be established for each item of the guideline from the facts that the running system shows, the documents that the facility brought forward and the answers of its people. Only items with evidence are answered with yes; what is not known is said to be unknown.",
                )),
                Block::Note(say(
                    "項目の文は要約です。提出には、厚生労働省が公表している様式の文言と照らし合わせてください。E- で始まる番号は、付録の根拠一覧の番号です。",
                    "The items are in our own words; compare them with the official form before you hand this in. Numbers with E- are those of the appendix.",
                )),
                Block::Points(vec![
                    say(
                        "サーバー、端末 PC、ネットワーク機器の台帳管理を行っている。",
                        "An inventory of servers, terminals and network devices is kept.",
                    ),
                    say(
                        "リモートメンテナンス（保守）を利用している機器の有無を事業者等に確認した。長い項目は次の行に折り返し、行頭の「・」の右にそろえて示す。",
                        "Whether devices are maintained remotely was asked of all vendors, and the answer of each of them was kept with the date on which it was given.",
                    ),
                    say(
                        "退職者や使用していないアカウント等、不要なアカウントを削除している。",
                        "Accounts that are no longer used are removed.",
                    ),
                ]),
                Block::Fields(vec![
                    Field {
                        label: say("医療機関名", "Institution"),
                        value: say("医療法人社団 見本会 見本中央病院", "Sample Central Hospital"),
                    },
                    Field { label: say("許可病床数", "Beds"), value: say("312床", "312") },
                    Field {
                        label: say(
                            "企画管理者（医療情報システム安全管理責任者）",
                            "Person responsible for safety",
                        ),
                        value: say("医療情報部 部長", "Head of the information department"),
                    },
                    Field {
                        label: say("直近の検証", "Last verification"),
                        value: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
                            .to_owned(),
                    },
                ]),
            ],
        ),
        Section::new(
            say("項目の状況", "State of the items"),
            vec![bars(language), trend(language, 6), trend(language, 30)],
        ),
        Section::new(say("図の読み方", "How to read the figure"), vec![picture(language)]).deeper(),
        Section::new(say("チェックリスト", "Checklist"), vec![table(language, rows, false)]).on_new_page(),
    ];
    sections.push(
        Section::new(say("付録：根拠一覧", "Appendix: evidence"), vec![table(language, rows, true)])
            .on_new_page()
            .wide(),
    );
    sections.push(Section::new(
        say("署名", "Signature"),
        vec![Block::Text(say("確認した日付と氏名を記入してください。", "Please add the day and your name."))],
    ));
    paper(language, sections)
}

fn bars(language: Language) -> Block {
    let legend = TONES[..6].iter().map(|(tone, ja, en)| (*tone, say(language, ja, en))).collect();
    let rows = [
        ("体制構築", vec![3, 0, 1, 0, 0, 0]),
        ("医療情報システムの管理・運用", vec![7, 2, 1, 3, 4, 1]),
        ("インシデント発生に備えた対応", vec![0, 0, 0, 0, 0, 0]),
        ("全体", vec![1200, 2, 2, 3, 4, 1]),
    ];
    Block::Bars(Bars {
        caption: say(language, "分野ごとの項目の状況", "State of the items by field"),
        legend,
        rows: rows.into_iter().map(|(label, parts)| (label.to_owned(), parts)).collect(),
    })
}

/// A trend with so many points.
pub(crate) fn trend(language: Language, points: u64) -> Block {
    let legend = TONES[..4].iter().map(|(tone, ja, en)| (*tone, say(language, ja, en))).collect();
    let day =
        |number: u64| at("2026-01-10T00:00:00Z").0.plus_seconds(i64::try_from(number).unwrap() * 86_400 * 9);
    let points =
        (0..points).map(|number| (Moment(day(number)), vec![10 + number, 5, 9 - number.min(9), 2])).collect();
    Block::Trend(Trend { caption: say(language, "判定の推移", "Verdicts over time"), legend, points })
}

/// A picture with Japanese words in it.
pub(crate) fn picture(language: Language) -> Block {
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"640\" height=\"220\" viewBox=\"0 0 640 220\" font-family=\"Meiryo, sans-serif\" font-size=\"14\"><rect x=\"10\" y=\"20\" width=\"180\" height=\"80\" fill=\"#eef\" stroke=\"#335\"/><text x=\"30\" y=\"66\">診療情報端末</text><rect x=\"420\" y=\"20\" width=\"180\" height=\"80\" fill=\"#efe\" stroke=\"#353\"/><text x=\"440\" y=\"66\" font-weight=\"bold\">電子カルテサーバー</text><path d=\"M190 60H420\" stroke=\"#000\" marker-end=\"none\"/><text x=\"250\" y=\"50\">TLS 1.3（443）</text></svg>";
    Block::Picture(Picture {
        caption: say(language, "図：端末からサーバーまでの経路", "From the terminals to the server"),
        svg: svg.to_owned(),
    })
}

fn table(language: Language, rows: usize, is_wide: bool) -> Block {
    let say = |ja: &str, en: &str| say(language, ja, en);
    let mut columns = vec![
        Column::new(say("番号", "No."), 4),
        Column::new(say("項目", "Item"), 26),
        Column::choice(say("確認結果", "Answer"), 6, &["はい", "いいえ"]),
        Column::new(say("根拠", "Evidence"), 8),
        Column::new(say("備考", "Remarks"), 14),
    ];
    if is_wide {
        columns.push(Column::new(say("確認日時", "Seen"), 9));
        columns.push(Column::new(say("件数", "Count"), 3));
    }
    let mut lines = Vec::new();
    for number in 0..rows {
        if number % 9 == 0 {
            lines.push(Row::Heading(say(
                &format!("{} 医療情報システムの管理・運用", number / 9 + 1),
                &format!("{} Operation", number / 9 + 1),
            )));
        }
        let (tone, ja, en) = TONES[number % TONES.len()];
        let mut cells = vec![
            Cell::plain(format!("2-{number}")),
            Cell::plain(say(
                "セキュリティパッチ（最新ファームウェアや更新プログラム）を適用している。対象は、電子カルテシステムを構成するサーバー、端末、ネットワーク機器である。",
                "Security patches (firmware and updates) are applied to all servers, terminals and network devices that the electronic record consists of.",
            )),
            Cell::of(tone, say(ja, en)),
            Cell::plain(if number % 3 == 0 {
                "―".to_owned()
            } else {
                say(
                    &format!("E-{number}、E-{}（2026-11-20）", number + 3),
                    &format!("E-{number}, E-{} (2026-11-20)", number + 3),
                )
            }),
            Cell::plain(say(
                "次回の確認は令和9年2月。https://example.jp/documents/policy/security-patch-management-2026.pdf",
                "Next check in February 2027. https://example.jp/documents/policy/security-patch-management-2026.pdf",
            )),
        ];
        if is_wide {
            cells.push(Cell::plain(report::paper::moment(at("2026-11-22T15:05:59Z").0, language)));
            cells.push(Cell::count(number * 17));
        }
        lines.push(Row::Cells { key: Some(format!("k{number}")), cells });
    }
    Block::Table(Table { name: say("項目ごとの確認結果", "Answers"), columns, rows: lines })
}

/// A page for a director: what can stand on one.
pub(crate) fn director(language: Language) -> Paper {
    let say = |ja: &str, en: &str| say(language, ja, en);
    let measures = (1..=5).map(|number| Row::Cells {
        key: None,
        cells: vec![
            Cell::count(number),
            Cell::plain(say(
                "バックアップを、記録のあるネットワークから切り離した場所にも保存する",
                "Keep a copy of the backup apart from the network of the records",
            )),
            Cell::plain(say("情報システム課　令和9年1月31日まで", "IT, by 31 January 2027")),
            Cell::of(Tone::Bad, say("未着手", "not begun")),
        ],
    });
    let table = Table {
        name: String::new(),
        columns: vec![
            Column::new(say("順位", "No."), 3),
            Column::new(say("対策", "Measure"), 30),
            Column::new(say("担当と期限", "Who and when"), 14),
            Column::new(say("状況", "State"), 6),
        ],
        rows: measures.collect(),
    };
    let sections = vec![
        Section::new(
            say("結論", "In short"),
            vec![
                Block::Text(say(
                    "12項目のうち、根拠をもって満たしていると確認できたのは7項目です。2項目は満たしておらず、3項目は不明です。前回（第2版）から1項目が改善しました。",
                    "Of twelve items seven are met with evidence. Two are not, three are unknown. One item is better than in version 2.",
                )),
                bars(language),
            ],
        ),
        Section::new(say("推移", "Over time"), vec![trend(language, 8)]),
        Section::new(say("優先して行うこと", "What comes first"), vec![Block::Table(table)]),
        Section::new(
            say("お願いしたい決定", "Decisions asked of you"),
            vec![
                Block::Points(vec![
                    say(
                        "リモート保守の接続元を、契約した事業者に限ることの承認",
                        "Approve that remote maintenance comes from contracted companies only",
                    ),
                    say(
                        "業務継続計画（BCP）の訓練を年1回行うことの決定",
                        "Decide on one exercise of the continuity plan each year",
                    ),
                ]),
                Block::Note(say(
                    "この報告書は、指針への適合を保証するものではありません。",
                    "This report vouches for nothing beyond what it names.",
                )),
            ],
        ),
    ];
    Paper {
        kind: "director".to_owned(),
        edition: None,
        title: say(
            "医療情報システムの安全管理：院長報告",
            "Safety of the information systems: to the director",
        ),
        ..paper(language, sections)
    }
}
