//! Who answers for each requirement, on the terminal.

use crate::table::Table;
use crate::terminal::Terminal;
use base::Problem;
use guideline::{Answered, Catalogue, Matrix, MatrixRow, Share};
use serde_json::json;

fn answered(terminal: &Terminal, one: Answered) -> &'static str {
    match one {
        Answered::Below => terminal.choose("layers below", "下位の層"),
        Answered::Shared => terminal.choose("shared", "分担"),
        Answered::Facility => terminal.choose("facility", "医療機関"),
        Answered::Contradicted => terminal.choose("CONTRADICTED", "矛盾あり"),
    }
}

fn share(terminal: &Terminal, one: Share) -> &'static str {
    match one {
        Share::Provided => terminal.choose("provided", "提供"),
        Share::Shared => terminal.choose("shared", "分担"),
        Share::Customer => terminal.choose("customer", "利用者"),
    }
}

/// A line for each requirement, and the sum.
pub(crate) fn table(terminal: &Terminal, catalogue: &Catalogue, matrix: &Matrix) -> Result<(), Problem> {
    let mut head = vec![terminal.choose("requirement", "要求事項"), terminal.choose("name", "名称")];
    head.extend(matrix.parties.iter().map(|party| party.id.as_str()));
    head.extend([
        terminal.choose("answers", "担当"),
        terminal.choose("left to the facility", "医療機関に残ること"),
    ]);
    let mut table = Table::new(&head);
    for row in &matrix.rows {
        let name = catalogue.requirement(&row.requirement)?.name.of(terminal.language()).to_owned();
        let mut cells = vec![row.requirement.clone(), name];
        cells.extend(matrix.parties.iter().map(|party| said(terminal, row, &party.id)));
        cells.push(answered(terminal, row.answered).to_owned());
        cells.push(left(terminal, row));
        table.row(cells);
    }
    terminal.table(&table);
    let count = |one| matrix.counts().get(&one).copied().unwrap_or(0);
    let (below, shared) = (count(Answered::Below), count(Answered::Shared));
    let (own, wrong) = (count(Answered::Facility), count(Answered::Contradicted));
    let all = matrix.rows.len();
    terminal.note(&match terminal.choose("en", "ja") {
        "ja" => format!("{all} 件のうち {below} 件は下位の層が受け持ち、{shared} 件は分担、{own} 件は医療機関が受け持ちます。矛盾 {wrong} 件。"),
        _ => format!("{below} of {all} are answered below you, {shared} are shared, {own} are yours; {wrong} are contradicted."),
    });
    Ok(())
}

fn said(terminal: &Terminal, row: &MatrixRow, party: &str) -> String {
    let own = row.says.iter().find(|(id, _)| id == party);
    own.map(|(_, said)| share(terminal, said.share).to_owned()).unwrap_or_default()
}

fn left(terminal: &Terminal, row: &MatrixRow) -> String {
    let unfounded = row.unfounded.iter().map(|(who, below)| match terminal.choose("en", "ja") {
        "ja" => format!("{who} は {below} に頼っているが、{below} は受け持っていない"),
        _ => format!("{who} relies on {below}, which does not answer for it"),
    });
    let remains = row.remains.iter().map(|text| text.of(terminal.language()).to_owned());
    unfounded.chain(remains).collect::<Vec<_>>().join(" / ")
}

/// Everything for programs.
pub(crate) fn json(terminal: &Terminal, matrix: &Matrix) {
    let rows: Vec<_> = matrix
        .rows
        .iter()
        .map(|row| {
            let says: Vec<_> =
                row.says.iter().map(|(id, said)| json!({ "party": id, "share": said.share })).collect();
            let remains: Vec<_> =
                row.remains.iter().map(|text| json!({ "ja": text.ja, "en": text.en })).collect();
            json!({
                "requirement": row.requirement,
                "answered": row.answered,
                "says": says,
                "remains": remains,
                "unfounded": row.unfounded,
            })
        })
        .collect();
    let parties: Vec<_> = matrix.parties.iter().map(|party| party.id.as_str()).collect();
    terminal.line(&json!({ "edition": matrix.edition, "parties": parties, "rows": rows }).to_string());
}
