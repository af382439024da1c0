//! The page `docs/supported.md`: what of FHIR R4 the server supports and what it refuses by name, made from the tables of the
//! server itself. What those tables do not hold stands in [`texts`], and tests try it.

pub mod refused;
pub mod texts;

use fhir::ResourceKind;
use fhir::definitions::{self, SearchParam};
use http::Method;
use refused::REFUSED;
use server::{BodyKind, Caller, Interaction, OF_ALL_TYPES, OPERATIONS, ROUTES, Route};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;
use texts::{HEADERS, MODIFIERS, Meaning, PARAMETERS};

/// Where the page stands.
pub fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/supported.md")
}

const HEAD: &str = "# What is supported / 対応範囲

Made by `cargo run -p suite --bin supported` from the tables by which the server itself works; a test compares. The server tells the
same of itself under `/f/{facility}/fhir/metadata`.

**日本語の要約。** FHIR R4 (4.0.1) の REST API を JSON で提供します。すべてのリソース型で、作成、読み出し、更新、パッチ (JSON Patch)、削除、
履歴、検索、条件付きの操作を使えます。バッチとトランザクション、`$everything`、`$validate`、証明ファイル (`$proof`) にも対応します。
対応しないものは、無視せずに、名前を挙げて拒否します。以下の表は英語と日本語を併記しています。
";

/// The page.
///
/// # Errors
/// Writing to a text does not fail.
pub fn page() -> Result<String, std::fmt::Error> {
    let mut out = HEAD.to_owned();
    interactions(&mut out)?;
    operations(&mut out)?;
    meanings(&mut out, "Header fields / ヘッダー", HEADERS)?;
    meanings(&mut out, "Parameters of results / 結果のパラメーター", PARAMETERS)?;
    meanings(&mut out, "Modifiers / 修飾子", MODIFIERS)?;
    refusals(&mut out)?;
    parameters(&mut out)?;
    Ok(out)
}

fn interactions(out: &mut String) -> std::fmt::Result {
    writeln!(out, "\n## Interactions / やり取り\n")?;
    writeln!(out, "| method | path | body | meaning | 意味 |\n|---|---|---|---|---|")?;
    for Route { method, path, interaction, body, caller, english, japanese, .. } in ROUTES {
        let criteria = match interaction {
            Interaction::UpdateOnly | Interaction::PatchOnly | Interaction::DeleteOnly => "?{criteria}",
            _ => "",
        };
        let head = if *method == Method::GET { ", HEAD" } else { "" };
        let open = if *caller == Caller::Open { " (no token needed)" } else { "" };
        writeln!(
            out,
            "| {method}{head} | `{path}{criteria}` | {} | {english}{open} | {japanese} |",
            form(*body)
        )?;
    }
    Ok(())
}

fn form(body: BodyKind) -> &'static str {
    match body {
        BodyKind::None => "–",
        BodyKind::Resource => "FHIR JSON",
        BodyKind::Form => "form",
        BodyKind::Patch => "JSON Patch",
        BodyKind::Parameters => "Parameters, or none",
    }
}

fn operations(out: &mut String) -> std::fmt::Result {
    writeln!(out, "\n## Operations / 操作\n")?;
    writeln!(out, "| operation | types | definition |\n|---|---|---|")?;
    for operation in OPERATIONS {
        let kinds = if operation.kinds.is_empty() { "all".to_owned() } else { operation.kinds.join(", ") };
        let definition = (operation.definition)("{type}");
        writeln!(out, "| `${}` | {kinds} | `{definition}` |", operation.name)?;
    }
    Ok(())
}

fn meanings(out: &mut String, title: &str, rows: &[Meaning]) -> std::fmt::Result {
    writeln!(out, "\n## {title}\n")?;
    writeln!(out, "| name | where | meaning | 意味 |\n|---|---|---|---|")?;
    for Meaning { name, place, english, japanese } in rows {
        writeln!(out, "| `{name}` | {place} | {english} | {japanese} |")?;
    }
    Ok(())
}

fn refusals(out: &mut String) -> std::fmt::Result {
    writeln!(out, "\n## Refused by name / 名前を挙げて拒否するもの\n")?;
    writeln!(out, "| what | 内容 | request | status | code |\n|---|---|---|---:|---|")?;
    for row in REFUSED {
        let field = row.field.map(|(name, value)| format!(", `{name}: {value}`")).unwrap_or_default();
        writeln!(
            out,
            "| {} | {} | `{} {}`{field} | {} | [{code}](errors/{code}.md) |",
            row.english,
            row.japanese,
            row.method,
            row.path.replace('|', "\\|"),
            row.status,
            code = row.code,
        )?;
    }
    Ok(())
}

/// Per type its search parameters by their kind.
fn parameters(out: &mut String) -> std::fmt::Result {
    writeln!(out, "\n## Search parameters / 検索パラメーター\n")?;
    let common: Vec<String> = OF_ALL_TYPES.iter().map(|(name, kind)| format!("`{name}` ({kind})")).collect();
    writeln!(out, "All types / すべての型: {}.\n", common.join(", "))?;
    writeln!(out, "| type | parameters |\n|---|---|")?;
    for kind in definitions::resource_kinds() {
        writeln!(out, "| {kind} | {} |", by_kind(kind))?;
    }
    Ok(())
}

fn by_kind(kind: ResourceKind) -> String {
    let mut groups: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for SearchParam { code, kind, .. } in definitions::search_params(kind) {
        groups.entry(kind.as_str()).or_default().push(format!("`{code}`"));
    }
    let groups: Vec<String> =
        groups.iter().map(|(kind, codes)| format!("{kind}: {}", codes.join(" "))).collect();
    if groups.is_empty() { "–".to_owned() } else { groups.join("; ") }
}
