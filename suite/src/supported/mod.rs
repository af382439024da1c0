//! The page `docs/supported.md`: what of FHIR R4 the server supports and what it refuses by name, made from the tables of the
//! server itself. What those tables do not hold stands in the modules here: each example of a search is held against the
//! code that reads searches, and a test sends everything that is refused.

pub mod points;
pub mod refused;
pub mod search;
pub mod texts;

use fhir::ResourceKind;
use fhir::definitions::{self, SearchParam};
use http::Method;
use identity::{CommandRow, Freshness};
use points::{CHECKED, JAPANESE_TEXTS, NOT_LOOKED_AT, Point};
use refused::REFUSED;
use search::{Example, KINDS, LINKS, MODIFIERS, PREFIXES, STATES};
use server::{BodyKind, Caller, Interaction, OF_ALL_TYPES, OPERATIONS, ROUTES, Route};
use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::path::PathBuf;
use texts::{HEADERS, Meaning, PARAMETERS};

/// Where the page stands.
pub fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/supported.md")
}

const HEAD: &str = "# What is supported / 対応範囲

Made by `cargo run -p suite --bin supported` from the tables by which the server itself works; a test compares. The server tells the
same of itself under `/f/{facility}/fhir/metadata`.

**日本語の要約。** FHIR R4 (4.0.1) の REST API を JSON で提供します。すべてのリソース型で、作成、読み出し、更新、パッチ (JSON Patch)、削除、
履歴、検索、条件付きの操作を使えます。バッチとトランザクション、`$everything`、`$validate`、証明ファイル (`$proof`) にも対応します。
検索では、すべての種類のパラメーター、修飾子、接頭辞、連鎖 (チェーン)、`_has`、`_include`、`_revinclude`、並べ替えを使えます。
書き込みの前に、R4 の定義する構造、値の形、必須の値セット、不変条件を検査します。
対応しないものは、無視せずに、名前を挙げて拒否します。以下の表は英語と日本語を併記しています。
";

/// Why there is no page.
#[derive(Debug)]
pub enum Fault {
    /// The server does not understand a search that the page would show, or the page has no row for a kind of parameter.
    Search(&'static str),
    /// It could not be written.
    Writing(fmt::Error),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Search(row) => write!(f, "not as the server reads searches: {row}"),
            Self::Writing(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Fault {}

impl From<fmt::Error> for Fault {
    fn from(error: fmt::Error) -> Self {
        Self::Writing(error)
    }
}

/// The page.
///
/// # Errors
/// An example that is not true of the server.
pub fn page() -> Result<String, Fault> {
    search::check().map_err(Fault::Search)?;
    let mut out = HEAD.to_owned();
    interactions(&mut out)?;
    identities(&mut out)?;
    operations(&mut out)?;
    meanings(&mut out, "Header fields / ヘッダー", HEADERS)?;
    points(&mut out, "What is checked before a write / 書き込みの前の検査", CHECKED)?;
    meanings(&mut out, "Parameters of results / 結果のパラメーター", PARAMETERS)?;
    examples(&mut out, "Kinds of search parameters / 検索パラメーターの種類", KINDS)?;
    examples(&mut out, "Prefixes / 接頭辞", PREFIXES)?;
    examples(&mut out, "Modifiers / 修飾子", MODIFIERS)?;
    examples(&mut out, "Links between records / 記録の間の連鎖", LINKS)?;
    examples(&mut out, "State of a record / 記録の状態", STATES)?;
    points(&mut out, "Japanese texts / 日本語の文字列", JAPANESE_TEXTS)?;
    points(&mut out, "What a search does not look at / 検索が見ないもの", NOT_LOOKED_AT)?;
    refusals(&mut out)?;
    parameters(&mut out)?;
    Ok(out)
}

fn interactions(out: &mut String) -> fmt::Result {
    writeln!(out, "\n## Interactions / やり取り\n")?;
    writeln!(out, "| method | path | body | meaning | 意味 |\n|---|---|---|---|---|")?;
    let of_records = |route: &&Route| !matches!(route.interaction, Interaction::Identity(_));
    for route in ROUTES.iter().filter(of_records) {
        let Route { method, path, interaction, body, caller, english, japanese, .. } = route;
        let criteria = match interaction {
            Interaction::UpdateOnly | Interaction::PatchOnly | Interaction::DeleteOnly => "?{criteria}",
            _ => "",
        };
        let head = if *method == Method::GET { ", HEAD" } else { "" };
        writeln!(
            out,
            "| {method}{head} | `{path}{criteria}` | {} | {english}{} | {japanese} |",
            form(*body),
            need(*caller)
        )?;
    }
    Ok(())
}

/// What a caller must show, where it is not the usual.
fn need(caller: Caller) -> &'static str {
    match caller {
        Caller::Required => "",
        Caller::Fresh => " (a fresh factor is needed)",
        Caller::Arriving => " (no login needed)",
        Caller::Open => " (no login needed, nor a client certificate)",
    }
}

fn identities(out: &mut String) -> fmt::Result {
    writeln!(out, "\n## Logging in and identities / ログインと本人確認\n")?;
    writeln!(out, "Plain JSON in and out. / 入出力は JSON です。\n")?;
    writeln!(out, "| method | path | meaning | 意味 |\n|---|---|---|---|")?;
    for route in ROUTES.iter().filter(|route| matches!(route.interaction, Interaction::Identity(_))) {
        let Route { method, path, caller, english, japanese, .. } = route;
        let head = if *method == Method::GET { ", HEAD" } else { "" };
        writeln!(out, "| {method}{head} | `{path}` | {english}{} | {japanese} |", need(*caller))?;
    }
    writeln!(out, "\n### Commands / コマンド\n")?;
    writeln!(
        out,
        "`POST /f/{{facility}}/admin/{{name}}`, and on the server itself `akashi account`, `akashi certificate`, `akashi app`, `akashi policy`, `akashi law`, `akashi glass`, `akashi facts`, `akashi assess`, `akashi document`, `akashi attest`, `akashi risk` and `akashi disclosure`.\n"
    )?;
    writeln!(out, "| name | duties | fresh factor | meaning | 意味 |\n|---|---|---|---|---|")?;
    for CommandRow { name, duties, freshness, english, japanese } in
        identity::COMMANDS.iter().chain(evidence::COMMANDS)
    {
        let duties: Vec<&str> = duties.iter().map(|duty| duty.word()).collect();
        let fresh = if *freshness == Freshness::Fresh { "yes" } else { "–" };
        writeln!(out, "| `{name}` | {} | {fresh} | {english} | {japanese} |", duties.join(", "))?;
    }
    Ok(())
}

fn form(body: BodyKind) -> &'static str {
    match body {
        BodyKind::None => "–",
        BodyKind::Resource => "FHIR JSON",
        BodyKind::Form => "form",
        BodyKind::Upload => "form, or one with files",
        BodyKind::Patch => "JSON Patch",
        BodyKind::Parameters => "Parameters, or none",
        BodyKind::Json => "JSON",
    }
}

fn operations(out: &mut String) -> fmt::Result {
    writeln!(out, "\n## Operations / 操作\n")?;
    writeln!(out, "| operation | types | definition |\n|---|---|---|")?;
    for operation in OPERATIONS {
        let kinds = if operation.kinds.is_empty() { "all".to_owned() } else { operation.kinds.join(", ") };
        let definition = (operation.definition)("{type}");
        writeln!(out, "| `${}` | {kinds} | `{definition}` |", operation.name)?;
    }
    Ok(())
}

fn meanings(out: &mut String, title: &str, rows: &[Meaning]) -> fmt::Result {
    writeln!(out, "\n## {title}\n")?;
    writeln!(out, "| name | where | meaning | 意味 |\n|---|---|---|---|")?;
    for Meaning { name, place, english, japanese } in rows {
        writeln!(out, "| `{name}` | {place} | {english} | {japanese} |")?;
    }
    Ok(())
}

fn examples(out: &mut String, title: &str, rows: &[Example]) -> fmt::Result {
    writeln!(out, "\n## {title}\n")?;
    writeln!(out, "| name | example | meaning | 意味 |\n|---|---|---|---|")?;
    for Example { name, query, english, japanese } in rows {
        let cells = [*query, *english, *japanese].map(|cell| cell.replace('|', "\\|"));
        let [query, english, japanese] = cells;
        writeln!(out, "| `{name}` | `{query}` | {english} | {japanese} |")?;
    }
    Ok(())
}

fn points(out: &mut String, title: &str, rows: &[Point]) -> fmt::Result {
    writeln!(out, "\n## {title}\n")?;
    for Point { english, .. } in rows {
        writeln!(out, "- {english}")?;
    }
    writeln!(out)?;
    for Point { japanese, .. } in rows {
        writeln!(out, "- {japanese}")?;
    }
    Ok(())
}

fn refusals(out: &mut String) -> fmt::Result {
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

/// Per type its search parameters by their kind, those of all types first.
fn parameters(out: &mut String) -> fmt::Result {
    writeln!(out, "\n## Search parameters / 検索パラメーター\n")?;
    let shared = definitions::resource_kinds().next().into_iter().flat_map(definitions::search_params);
    let shared =
        shared.filter(|param| is_of_all_types(param.code)).map(|param| (param.code, param.kind.as_str()));
    let common: Vec<String> =
        OF_ALL_TYPES.into_iter().chain(shared).map(|(name, kind)| format!("`{name}` ({kind})")).collect();
    writeln!(out, "All types / すべての型: {}.\n", common.join(", "))?;
    writeln!(out, "| type | parameters |\n|---|---|")?;
    for kind in definitions::resource_kinds() {
        writeln!(out, "| {kind} | {} |", by_kind(kind))?;
    }
    Ok(())
}

fn is_of_all_types(code: &str) -> bool {
    code.starts_with('_')
        && definitions::resource_kinds().all(|kind| definitions::search_param(kind, code).is_some())
}

fn by_kind(kind: ResourceKind) -> String {
    let mut groups: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for SearchParam { code, kind, .. } in definitions::search_params(kind) {
        if !is_of_all_types(code) {
            groups.entry(kind.as_str()).or_default().push(format!("`{code}`"));
        }
    }
    let groups: Vec<String> =
        groups.iter().map(|(kind, codes)| format!("{kind}: {}", codes.join(" "))).collect();
    if groups.is_empty() { "–".to_owned() } else { groups.join("; ") }
}
