//! An assessment on the terminal: a table by chapters, one requirement with its grounds, what is left to do.

use super::time;
use crate::table::Table;
use crate::terminal::Terminal;
use ::report::html;
use base::{Clock, Language, Problem, SystemClock};
use guideline::{Assessed, Assessment, Engine, FactOrigin, Facts, Known, Requirement, Side, Verdict};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A line for each chapter: how many requirements have which verdict, and from where the facts came that decided.
pub(crate) fn table(
    terminal: &Terminal,
    engine: &Engine,
    assessment: &Assessment,
    reply: &Value,
) -> Result<(), Problem> {
    let language = terminal.language();
    let edition = engine.catalogue.edition(&assessment.edition)?;
    let verdicts: BTreeMap<&str, &Assessed> =
        assessment.verdicts.iter().map(|one| (one.requirement.as_str(), one)).collect();
    let mut head = vec![terminal.choose("chapter", "章")];
    head.extend(Verdict::ALL.map(|verdict| verdict.name(language)));
    head.push(terminal.choose("decided by", "判定の根拠"));
    terminal.line(&format!("{} {}", edition.id, whose(terminal, assessment.side)));
    let mut table = Table::new(&head);
    for part in &edition.parts {
        for chapter in &part.chapters {
            let own: Vec<&Assessed> =
                chapter.requirements.iter().filter_map(|id| verdicts.get(id.as_str()).copied()).collect();
            if !own.is_empty() {
                let title = format!("{} {} {}", part.name, chapter.number, chapter.title.of(language));
                table.row(row(terminal, title, &own));
            }
        }
    }
    let all: Vec<&Assessed> = assessment.verdicts.iter().collect();
    table.row(row(terminal, terminal.choose("all", "合計").to_owned(), &all));
    terminal.table(&table);
    let kept = reply.get("kept");
    let place = kept.and_then(|kept| kept.get("position")).and_then(Value::as_u64).unwrap_or_default();
    let since = kept.map(|kept| time(kept, "time")).unwrap_or_default();
    terminal.note(&match language {
        Language::Japanese => {
            format!("この判定はジャーナルの #{place}（{since}）に根拠とともに保存されています。")
        }
        Language::English => {
            format!("These verdicts stand with their grounds in the journal as #{place} ({since}).")
        }
    });
    terminal.note(terminal.choose(
        "Verdicts rest on our own restatement of the guideline. What is not known is never counted as met. --open lists what is left to do, --explain shows the grounds of one requirement.",
        "判定は、ガイドラインを独自に要約したものに基づきます。判明していないことを「適合」に数えることはありません。--open で残る対応、--explain で 1 件ごとの根拠を確認できます。",
    ));
    Ok(())
}

fn whose(terminal: &Terminal, side: Option<Side>) -> &'static str {
    match side {
        None => "",
        Some(Side::Facility) => terminal.choose("(facility)", "（医療機関）"),
        Some(Side::Provider) => terminal.choose("(provider)", "（事業者）"),
    }
}

fn row(terminal: &Terminal, title: String, own: &[&Assessed]) -> Vec<String> {
    let count = |verdict| match own.iter().filter(|one| one.verdict == verdict).count() {
        0 => String::new(),
        count => count.to_string(),
    };
    let mut origins: BTreeMap<FactOrigin, usize> = BTreeMap::new();
    for origin in own.iter().flat_map(|one| one.origins()) {
        let count = origins.entry(origin).or_default();
        *count = count.saturating_add(1);
    }
    let named: Vec<String> = origins
        .into_iter()
        .map(|(origin, count)| format!("{} {count}", origin_name(terminal, origin)))
        .collect();
    let mut cells = vec![title];
    cells.extend(Verdict::ALL.map(count));
    cells.push(named.join(terminal.choose(", ", "・")));
    cells
}

fn origin_name(terminal: &Terminal, origin: FactOrigin) -> &'static str {
    match origin {
        FactOrigin::Runtime => terminal.choose("system", "システム"),
        FactOrigin::Site => terminal.choose("site", "構成"),
        FactOrigin::Document => terminal.choose("documents", "文書"),
        FactOrigin::Person => terminal.choose("people", "回答"),
    }
}

/// What is left to do, the definite failures first.
pub(crate) fn open(terminal: &Terminal, engine: &Engine, assessment: &Assessment) -> Result<(), Problem> {
    let language = terminal.language();
    let mut left: Vec<&Assessed> =
        assessment.verdicts.iter().filter(|one| !one.verdict.is_settled()).collect();
    let order = |verdict: Verdict| match verdict {
        Verdict::NotMet => 0,
        Verdict::Partly => 1,
        Verdict::Unknown => 2,
        _ => 3,
    };
    left.sort_by_key(|one| order(one.verdict));
    for one in left {
        let requirement = engine.catalogue.requirement(&one.requirement)?;
        terminal.line(&format!(
            "[{}] {} {}",
            one.verdict.name(language),
            requirement.id,
            requirement.name.of(language)
        ));
        if matches!(one.verdict, Verdict::NotMet | Verdict::Partly)
            && let Some(check) = engine.checks.of(&engine.catalogue, &requirement.id)
        {
            terminal.line(&format!("    {}", check.remedy.of(language)));
        }
        for key in &one.open {
            terminal.line(&format!("    ? {}", asked(engine, key, language)));
        }
        if let Some(caution) = requirement.basis.caution(language) {
            terminal.line(&format!("    [{caution}]"));
        }
    }
    Ok(())
}

/// What an unknown fact is about, with its key.
fn asked(engine: &Engine, key: &str, language: Language) -> String {
    let about = engine.registry.key(key).map(|known| known.text.of(language).to_owned()).unwrap_or_default();
    format!("{about} ({key})")
}

/// One requirement: what it asks, what decided, and what to do.
pub(crate) fn explained(
    terminal: &Terminal,
    engine: &Engine,
    facts: &Facts,
    id: &str,
    as_json: bool,
) -> Result<Verdict, Problem> {
    let language = terminal.language();
    let requirement = engine.catalogue.requirement(id)?;
    let one = engine.decide(requirement, &Known::of(facts));
    if as_json {
        terminal.line(&told(engine, facts, requirement, &one).to_string());
        return Ok(one.verdict);
    }
    terminal.line(&format!("{} {}", requirement.id, requirement.name.of(language)));
    terminal.line(&format!("  {}", requirement.summary.of(language)));
    let caution = requirement.basis.caution(language).map(|caution| format!("  [{caution}]"));
    terminal.line(&format!("  {}{}", requirement.locator, caution.unwrap_or_default()));
    if let Some(history) = html::history(language, requirement.origin.as_ref()) {
        terminal.line(&format!("  {history}"));
    }
    terminal.line(&format!("{}: {}", terminal.choose("verdict", "判定"), one.verdict.name(language)));
    if let Some(excluded) = &one.excluded {
        let said = terminal.choose("does not apply, decided by", "対象外とした人");
        terminal.line(&format!("{said} {}: {} ({})", excluded.decided_by, excluded.reason, excluded.at.0));
    }
    let Some(check) = engine.checks.of(&engine.catalogue, id) else { return Ok(one.verdict) };
    if let Some(absent) = &check.not_applicable_when {
        terminal.line(&format!(
            "{}: {}",
            terminal.choose("not applicable when", "対象外の条件"),
            absent.text()
        ));
    }
    terminal.line(&format!("{}: {}", terminal.choose("met when", "適合の条件"), check.satisfied_when.text()));
    if let Some(partly) = &check.partly_when {
        terminal.line(&format!("{}: {}", terminal.choose("partly when", "一部適合の条件"), partly.text()));
    }
    let now = SystemClock.now();
    for key in &one.decided_by {
        if let Some(fact) = facts.get(key) {
            let place = fact.position.map(|at| format!(" #{at}")).unwrap_or_default();
            let origin = origin_name(terminal, fact.origin);
            let seconds = now.microseconds().saturating_sub(fact.observed.0.microseconds()) / 1_000_000;
            terminal.line(&format!(
                "  = {key}: {}  [{origin}] ({}{place}, {})",
                html::value(language, &fact.value, fact.unit.as_deref().map(|one| html::unit(language, one))),
                fact.how.of(language),
                html::age(language, seconds)
            ));
        }
    }
    for key in &one.open {
        terminal.line(&format!("  ? {}", asked(engine, key, language)));
    }
    if !one.verdict.is_settled() {
        terminal.line(&format!("{}: {}", terminal.choose("what to do", "対応"), check.remedy.of(language)));
    }
    Ok(one.verdict)
}

/// What is known, key by key.
pub(crate) fn facts(terminal: &Terminal, engine: &Engine, facts: &Facts, as_json: bool) {
    if as_json {
        terminal.line(&json!(facts.iter().collect::<Vec<_>>()).to_string());
        return;
    }
    let mut table = Table::new(&[
        terminal.choose("key", "キー"),
        terminal.choose("value", "値"),
        terminal.choose("about", "内容"),
        terminal.choose("how", "確認方法"),
    ]);
    for key in engine.registry.keys() {
        let fact = facts.get(&key.key);
        if fact.is_none() && (key.key.starts_with("document.") || key.key.starts_with("person.")) {
            continue;
        }
        let unknown = terminal.choose("unknown", "不明").to_owned();
        table.row([
            key.key.clone(),
            fact.map_or(unknown, |fact| fact.value.to_string()),
            key.text.of(terminal.language()).to_owned(),
            fact.map(|fact| fact.how.of(terminal.language()).to_owned()).unwrap_or_default(),
        ]);
    }
    terminal.table(&table);
}

fn told(engine: &Engine, facts: &Facts, requirement: &Requirement, one: &Assessed) -> Value {
    let check = engine.checks.of(&engine.catalogue, &requirement.id);
    let decided: Vec<Value> = one
        .decided_by
        .iter()
        .map(|key| facts.get(key).map_or_else(|| json!({ "key": key }), |fact| json!(fact)))
        .collect();
    json!({
        "requirement": requirement.id,
        "name": { "ja": requirement.name.ja, "en": requirement.name.en },
        "basis": requirement.basis,
        "verdict": one.verdict,
        "decided_by": decided,
        "open": one.open,
        "excluded": one.excluded,
        "not_applicable_when": check.and_then(|check| Some(check.not_applicable_when.as_ref()?.text())),
        "satisfied_when": check.map(|check| check.satisfied_when.text()),
        "remedy": check.map(|check| json!({ "ja": check.remedy.ja, "en": check.remedy.en })),
    })
}
