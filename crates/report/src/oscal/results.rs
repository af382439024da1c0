//! An assessment as OSCAL assessment results: each fact is an observation, each verdict a finding on the statement of its
//! control.
//!
//! OSCAL knows two states. What is met, and what somebody decided not to apply, is `satisfied`; everything else is
//! `not-satisfied`, with the verdict in a property and in words: what is not known says so, and is never satisfied.

use super::Said;
use super::catalogue::word;
use super::token::encode;
use super::write::{Object, Props, document, line, metadata, title, uuid};
use base::{Language, Problem, Time};
use guideline::{Assessed, Assessment, Engine, Fact, FactOrigin, Facts, Origin, Requirement, Side, Verdict};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const REMARKS: &str = "判定は、ガイドラインを独自に要約したものに基づきます。判明していないことを「適合」に数えることはありません。\n\nVerdicts rest on our own restatement of the guideline. What is not known is never counted as met.";

const PLAN: Said = Said {
    ja: "個別の評価計画はありません。版の各要求事項を、事実の上の判定式で判定します。事実は、稼働中のシステム、ネットワークとクラウドの構成、登録された文書、担当者の回答から集めます。",
    en: "There is no plan of its own. Each requirement of the edition is decided by an expression over facts, which come from the running system, from the configuration of network and cloud, from registered documents and from people.",
};

/// An assessment of this moment as assessment results. `facts` are those that it rests on.
///
/// # Errors
/// The assessment is of an edition or of requirements that the engine does not have.
pub fn write_results(
    engine: &Engine,
    assessment: &Assessment,
    facts: &Facts,
    at: Time,
) -> Result<String, Problem> {
    let edition = engine.catalogue.edition(&assessment.edition)?;
    let names = Names::of(assessment, at);
    let side = match assessment.side {
        None => "",
        Some(Side::Facility) => "（医療機関） (facility)",
        Some(Side::Provider) => "（事業者） (provider)",
    };
    let heading = format!("{} {}{side}", edition.publisher, edition.id);
    let props = Props::new().add("edition", &edition.id).maybe("side", side_word(assessment)?.as_deref());
    let people = json!({
        "uuid": names.people(), "type": "organization", "name": "文書を登録し、質問に回答した担当者 / those who registered documents and answered",
    });
    let plan = names.of_kind("plan");
    let resource = json!({
        "uuid": plan,
        "title": "評価の方法 / how it is assessed",
        "description": format!("{}\n\n{}", PLAN.ja, PLAN.en),
        "rlinks": [{ "href": format!("{}.json", edition.id), "media-type": "application/oscal.catalog+json" }],
    });
    let content = Object::new()
        .put("metadata", metadata(&title(&heading, &edition.id), at, props, REMARKS, vec![people]))
        .put("import-ap", json!({ "href": format!("#{plan}") }))
        .list("results", vec![result(engine, assessment, facts, &names)?])
        .put("back-matter", json!({ "resources": [resource] }));
    Ok(document("assessment-results", content))
}

fn side_word(assessment: &Assessment) -> Result<Option<String>, Problem> {
    assessment.side.map(word).transpose()
}

/// The names of what one assessment holds.
struct Names {
    edition: String,
    side: Option<Side>,
    at: Time,
}

impl Names {
    fn of(assessment: &Assessment, at: Time) -> Self {
        Self { edition: assessment.edition.clone(), side: assessment.side, at }
    }

    fn of_kind(&self, kind: &str) -> String {
        self.of_one(kind, "")
    }

    fn of_one(&self, kind: &str, one: &str) -> String {
        let side = match self.side {
            None => "",
            Some(Side::Facility) => "facility",
            Some(Side::Provider) => "provider",
        };
        uuid(kind, &[&self.edition, side, &self.at.to_string(), one])
    }

    /// The program that looks: the same in all documents.
    fn tool() -> String {
        uuid("tool", &["akashi"])
    }

    fn people(&self) -> String {
        self.of_kind("people")
    }

    /// The same fact has the same name in every assessment that rests on it.
    fn fact(fact: &Fact) -> String {
        uuid("fact", &[&fact.key, &fact.observed.0.to_string(), &fact.value.to_string(), &fact.how.en])
    }
}

fn result(engine: &Engine, assessment: &Assessment, facts: &Facts, names: &Names) -> Result<Value, Problem> {
    let observations = facts.iter().map(|fact| observation(engine, fact, names)).collect::<Result<_, _>>()?;
    let findings = assessment.verdicts.iter().map(|one| finding(engine, one, facts, names));
    let start = facts.iter().map(|fact| fact.observed.0).min().unwrap_or(names.at);
    let counts: BTreeMap<Verdict, usize> = assessment.counts();
    let mut props = Props::new();
    for verdict in Verdict::ALL {
        let count = counts.get(&verdict).copied().unwrap_or_default();
        props = props.of_class("count", &word(verdict)?, &count.to_string());
    }
    let tool = json!({
        "uuid": Names::tool(), "type": "software", "title": "Akashi",
        "description": "稼働中のシステムと構成を調べ、判定するプログラム / the program that looks at the running system and at its configuration, and decides",
        "status": { "state": "operational" },
    });
    let platform = json!({
        "uuid": names.of_kind("platform"), "title": "Akashi", "uses-components": [{ "component-uuid": Names::tool() }],
    });
    Ok(Object::new()
        .put("uuid", names.of_kind("result"))
        .put("title", title(&format!("{} の判定 / assessment", assessment.edition), "assessment"))
        .put("description", format!("{}\n\n{}", PLAN.ja, PLAN.en))
        .put("start", start.min(names.at).to_string())
        .put("end", names.at.to_string())
        .props(props)
        .put(
            "local-definitions",
            json!({ "assessment-assets": { "components": [tool], "assessment-platforms": [platform] } }),
        )
        .put("reviewed-controls", json!({ "control-selections": [reviewed(engine, assessment)?] }))
        .list("observations", observations)
        .list("findings", findings.collect::<Result<_, _>>()?)
        .into())
}

/// Which controls were looked at. OSCAL has no empty selection: none is all of them without each of them.
fn reviewed(engine: &Engine, assessment: &Assessment) -> Result<Value, Problem> {
    let controls = |ids: &mut dyn Iterator<Item = &str>| -> Vec<Value> {
        ids.map(|id| json!({ "control-id": encode(id) })).collect()
    };
    let selection = Object::new();
    let assessed = controls(&mut assessment.verdicts.iter().map(|one| one.requirement.as_str()));
    if !assessed.is_empty() {
        return Ok(selection.list("include-controls", assessed).into());
    }
    let all = controls(&mut engine.catalogue.edition(&assessment.edition)?.requirements());
    Ok(selection.put("include-all", json!({})).list("exclude-controls", all).into())
}

fn observation(engine: &Engine, fact: &Fact, names: &Names) -> Result<Value, Problem> {
    let key = engine.registry.key(&fact.key)?;
    let method = match fact.origin {
        FactOrigin::Runtime => "TEST",
        FactOrigin::Site | FactOrigin::Document => "EXAMINE",
        FactOrigin::Person => "INTERVIEW",
    };
    let actor = if fact.origin.needs_a_person() {
        json!({ "type": "party", "actor-uuid": names.people() })
    } else {
        json!({ "type": "tool", "actor-uuid": Names::tool() })
    };
    let props = Props::new()
        .add("fact", &fact.key)
        .add("value", &fact.value.to_string())
        .add("kind", key.kind.word())
        .maybe("unit", key.unit.as_deref())
        .add("origin", fact.origin.word())
        .maybe("position", fact.position.map(|at| at.to_string()).as_deref());
    let evidence = Object::new().put("description", format!("{} / {}", fact.how.ja, fact.how.en));
    Ok(Object::new()
        .put("uuid", Names::fact(fact))
        .put("title", title(&key.text.ja, &fact.key))
        .put("description", format!("{}: {}\n\n{}: {}", key.text.ja, fact.value, key.text.en, fact.value))
        .props(props)
        .put("methods", json!([method]))
        .put("types", json!(["control-objective"]))
        .put("origins", json!([{ "actors": [actor] }]))
        .list("relevant-evidence", vec![evidence.into()])
        .put("collected", fact.observed.0.to_string())
        .maybe("expires", fact.valid_until.map(|until| until.0.to_string()))
        .into())
}

fn finding(engine: &Engine, one: &Assessed, facts: &Facts, names: &Names) -> Result<Value, Problem> {
    let requirement = engine.catalogue.requirement(&one.requirement)?;
    let rests_on = one.decided_by.iter().filter_map(|key| facts.get(key));
    let related: Vec<Value> = rests_on.map(|fact| json!({ "observation-uuid": Names::fact(fact) })).collect();
    let props = Props::new()
        .add("requirement", &requirement.id)
        .add("verdict", &word(one.verdict)?)
        .add("basis", &word(requirement.basis)?)
        .each("decided-by", &one.decided_by)
        .each("open", &one.open);
    let tool = json!({ "actors": [{ "type": "tool", "actor-uuid": Names::tool() }] });
    Ok(Object::new()
        .put("uuid", names.of_one("finding", &one.requirement))
        .put("title", title(&line(&requirement.name.ja), &requirement.id))
        .put("description", format!("{}\n\n{}", requirement.summary.ja, requirement.summary.en))
        .props(props)
        .list("origins", vec![tool])
        .put("target", target(requirement, one))
        .list("related-observations", related)
        .maybe("remarks", remarks(engine, requirement, one))
        .into())
}

fn target(requirement: &Requirement, one: &Assessed) -> Value {
    let (state, reason, implemented) = match one.verdict {
        Verdict::Met => ("satisfied", "pass", Some("implemented")),
        Verdict::NotApplicable => ("satisfied", "other", Some("not-applicable")),
        Verdict::Partly => ("not-satisfied", "other", Some("partial")),
        Verdict::NotMet => ("not-satisfied", "fail", None),
        Verdict::NeedsAPerson | Verdict::Unknown => ("not-satisfied", "other", None),
    };
    let verdict = format!(
        "判定：{}（{}）\n\nVerdict: {}. {}",
        one.verdict.name(Language::Japanese),
        meaning(one.verdict).ja,
        one.verdict.name(Language::English),
        meaning(one.verdict).en
    );
    Object::new()
        .put("type", "statement-id")
        .put("target-id", format!("{}_smt", encode(&requirement.id)))
        .put("status", json!({ "state": state, "reason": reason, "remarks": verdict }))
        .maybe("implementation-status", implemented.map(|state| json!({ "state": state })))
        .into()
}

fn meaning(verdict: Verdict) -> Said {
    match verdict {
        Verdict::Met => Said {
            ja: "判明している事実により適合しています",
            en: "It is met, by what is known.",
        },
        Verdict::Partly => Said { ja: "一部のみ適合しています", en: "Part of it is met." },
        Verdict::NotMet => Said { ja: "適合していません", en: "It is not met." },
        Verdict::NeedsAPerson => Said {
            ja: "不明です。文書の登録または質問への回答を待っています",
            en: "It is unknown: a document is to be registered, or a question to be answered.",
        },
        Verdict::NotApplicable => Said {
            ja: "理由を付して対象外と決められています",
            en: "Somebody decided, with a reason, that it does not apply.",
        },
        Verdict::Unknown => Said {
            ja: "不明です。判定に必要な事実がまだ判明していません",
            en: "It is unknown: the facts that decide it are not there.",
        },
    }
}

/// What the reader should know: how well the wording was read, and what is to be done.
fn remarks(engine: &Engine, requirement: &Requirement, one: &Assessed) -> Option<String> {
    let caution = |language| requirement.basis.caution(language);
    let mut lines: Vec<String> = Vec::new();
    if let (Some(ja), Some(en)) = (caution(Language::Japanese), caution(Language::English)) {
        lines.push(format!("{ja} / {en}"));
    }
    if let Some(Origin::Inherited(before)) = &requirement.origin {
        lines.push(format!("{before} から引き継ぎ。この版の原文は未確認 / taken over from {before}; the text of this edition was not read"));
    }
    if let Some(exclusion) = &one.excluded {
        let said = |language| crate::html::excluded(language, exclusion);
        lines.push(format!("{} / {}", said(Language::Japanese), said(Language::English)));
    }
    if !one.verdict.is_settled()
        && let Some(check) = engine.checks.of(&engine.catalogue, &requirement.id)
    {
        lines.push(format!("対応：{}", check.remedy.ja));
        lines.push(format!("What to do: {}", check.remedy.en));
    }
    (!lines.is_empty()).then(|| lines.join("\n\n"))
}
