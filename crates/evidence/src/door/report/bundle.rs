//! What lies in a bundle beside the report: the facts it rests on, and how to check it (formats, section 19).

use super::gather::Stated;
use super::render::{self, Rendered};
use base::Problem;
use guideline::Moment;
use report::paper::short_day;
use serde_json::{Value, json};

/// `format` of the facts of a bundle.
const FACTS_FORMAT: &str = "akashi-report-facts/1";

/// Where an assessment stands that a report rests on.
pub(super) fn place(stated: &Stated) -> Value {
    json!({ "record": stated.record, "version": stated.version, "position": stated.judged.position })
}

/// The facts of the assessments.
pub(super) fn facts(stated: &[Stated]) -> Result<Rendered, Problem> {
    let assessments: Vec<Value> = stated
        .iter()
        .map(|one| {
            json!({
                "position": one.judged.position,
                "record": one.record,
                "version": one.version,
                "edition": one.judged.assessment.edition,
                "side": one.judged.assessment.side,
                "at": one.judged.at,
                "facts": one.judged.facts,
            })
        })
        .collect();
    let told = json!({ "format": FACTS_FORMAT, "assessments": assessments });
    let mut bytes = serde_json::to_vec_pretty(&told).map_err(|error| render::failed(&error))?;
    bytes.push(b'\n');
    Ok(Rendered { name: "facts.json".to_owned(), media: "application/json", bytes })
}

/// How to check it, in Japanese and English.
pub(super) fn readme(facility: &str, as_of: Moment) -> Rendered {
    let day = short_day(as_of.0);
    let text = format!(
        "# 検証できる開示 / Verifiable disclosure

施設 / Facility: `{facility}`　基準日 / As of: {day}

## 日本語

| ファイル | 内容 |
|---|---|
| `report.pdf`、`report.xlsx`、`report.html`、`report.json` | 報告書（内容はすべて同じ） |
| `facts.json` | 報告書の根拠となった事実 |
| `proofs/report.akashi-proof.json` | この一式を交付したことを示すジャーナルのエントリーと、その証明。上記の各ファイルの SHA-256 が記録されています |
| `proofs/assessment-1.akashi-proof.json` など | 判定のエントリーと、その証明 |

検証は、ネットワークに接続していない端末でもできます。どちらの方法でも、ファイルが 1 バイトでも変わっていれば拒否されます。

1. 施設の公開鍵（`akashi.example/f/…+…+…` の形の 1 行）を、この一式とは別の経路で入手します。鍵は施設のサーバーの `/f/施設/log/key` で配布されています。
2. `akashi verify 一式.zip --key 鍵` を実行します。
3. Akashi がない場合は、Python だけで動く検証プログラムを使います：`python3 verify.py bundle 一式.zip --key 鍵`

証明が示すのは、施設がこの内容を、ジャーナルのその位置に、その時刻に記録したことです。書かれている内容が事実であることを第三者が認めたものではありません。

## English

| file | content |
|---|---|
| `report.pdf`, `report.xlsx`, `report.html`, `report.json` | the report; all say the same |
| `facts.json` | the facts that it rests on |
| `proofs/report.akashi-proof.json` | the entry of the journal by which this bundle was handed out, with its proof; it names the SHA-256 of each file above |
| `proofs/assessment-1.akashi-proof.json` and so on | the entries of the assessments, with their proofs |

It can be checked on a machine without any network. Both ways refuse it when one byte of it has changed.

1. Obtain the facility's verifier key (one line like `akashi.example/f/…+…+…`) in another way than with this bundle. The facility's server serves it under `/f/FACILITY/log/key`.
2. Run `akashi verify BUNDLE.zip --key KEY`.
3. Without Akashi take the verifier that needs nothing but Python: `python3 verify.py bundle BUNDLE.zip --key KEY`

What is proven is that the facility wrote this, at this place of its journal, at this time. It does not say that a third party found it to be true.
"
    );
    Rendered { name: "README.md".to_owned(), media: "text/markdown; charset=utf-8", bytes: text.into_bytes() }
}
