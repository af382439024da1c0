//! The rows of the page: chains, findings, connections, threats as they are shown.

use crate::site::summary::{Group, Names, Summary, holds};
use crate::site::text;
use crate::site::words::{assumption, choose, kind, protection, said, severity, stride, verdict};
use base::Language;
use site::attack::{Chain, Leg};
use site::connection::{Connection, Kind};
use site::rules::rule::Severity;
use site::rules::{Finding, Verdict};
use site::step::Step;
use site::threat::Threat;

/// How many elements of a rule are written out.
const ELEMENTS_MAX: usize = 100;

pub(super) struct ChainShown {
    /// By which letter the picture shows it.
    pub(super) letter: Option<char>,
    pub(super) class: &'static str,
    pub(super) mark: &'static str,
    pub(super) certainty: &'static str,
    pub(super) line: String,
    pub(super) holds: String,
    pub(super) legs: Vec<LegShown>,
    pub(super) reasons: Vec<String>,
}

pub(super) struct LegShown {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) assumption: &'static str,
    pub(super) said: bool,
    pub(super) because: String,
    pub(super) steps: Vec<StepShown>,
}

pub(super) struct StepShown {
    pub(super) name: String,
    pub(super) zone: String,
    pub(super) what: String,
    pub(super) rule: String,
}

pub(super) struct GroupShown {
    pub(super) class: &'static str,
    pub(super) mark: &'static str,
    pub(super) verdict: &'static str,
    pub(super) severity: &'static str,
    pub(super) is_open: bool,
    pub(super) text: String,
    pub(super) count: usize,
    pub(super) elements: Vec<ElementShown>,
    pub(super) left_out: usize,
    pub(super) remedy: String,
    pub(super) example: String,
    pub(super) doubt: Option<String>,
    pub(super) requirements: Vec<String>,
    pub(super) rule: String,
}

pub(super) struct ElementShown {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) place: Option<String>,
    pub(super) lines: Vec<String>,
    pub(super) path: String,
}

pub(super) struct ConnectionShown {
    pub(super) id: String,
    pub(super) ends: String,
    pub(super) kind: &'static str,
    pub(super) kind_class: &'static str,
    pub(super) protection: &'static str,
    pub(super) class: &'static str,
    pub(super) because: String,
    pub(super) derivation: Vec<String>,
}

pub(super) struct ThreatShown {
    pub(super) id: String,
    pub(super) kind: &'static str,
    pub(super) scenario: String,
    pub(super) because: Vec<String>,
    pub(super) path: String,
}

pub(super) fn chain(chain: &Chain, names: &Names, language: Language) -> ChainShown {
    let (class, mark, certainty) = if chain.decided {
        ("not-met", "✕", choose(language, "通じている", "open"))
    } else {
        ("unknown", "?", choose(language, "未確定", "not certain"))
    };
    ChainShown {
        letter: None,
        class,
        mark,
        certainty,
        line: names.of_chain(chain, language),
        holds: holds(chain, language),
        legs: chain.legs.iter().map(|one| leg(one, names, language)).collect(),
        reasons: chain.reasons.iter().map(|reason| text::harmless(said(reason, language))).collect(),
    }
}

fn leg(leg: &Leg, names: &Names, language: Language) -> LegShown {
    LegShown {
        from: names.of_element(&leg.from, language),
        to: names.of_element(&leg.to, language),
        assumption: assumption(language, leg.assumption),
        said: leg.said,
        because: text::harmless(said(&leg.because, language)),
        steps: leg.steps.iter().map(|one| step(one, language)).collect(),
    }
}

fn step(step: &Step, language: Language) -> StepShown {
    StepShown {
        name: text::name(&step.name),
        zone: text::name(&step.zone),
        what: text::harmless(said(&step.what, language)),
        rule: step.rule.as_deref().map(text::name).unwrap_or_default(),
    }
}

/// `verdict` is "holds" for what is only information.
pub(super) fn group(group: &Group<'_>, of: Verdict, summary: &Summary<'_>, language: Language) -> GroupShown {
    let (class, mark) = match (of, group.severity) {
        (Verdict::Violated, Severity::Required) => ("not-met", "✕"),
        (Verdict::Violated, _) => ("partly", "△"),
        (Verdict::Undecided, _) => ("unknown", "?"),
        (Verdict::Holds, _) => ("none", "–"),
    };
    let is_context = of == Verdict::Holds;
    let advice = group.advice;
    let elements = group.findings.iter().take(ELEMENTS_MAX);
    GroupShown {
        class,
        mark,
        verdict: if is_context { severity(language, Severity::Context) } else { verdict(language, of) },
        severity: if is_context { "" } else { severity(language, group.severity) },
        is_open: of == Verdict::Violated && group.severity == Severity::Required,
        text: text::harmless(said(&advice.text, language)),
        count: group.findings.len(),
        elements: elements.map(|one| element(one, summary, language)).collect(),
        left_out: group.findings.len().saturating_sub(ELEMENTS_MAX),
        remedy: text::harmless(said(&advice.remedy, language)),
        example: advice.terraform.lines().map(text::harmless).collect::<Vec<_>>().join("\n"),
        doubt: advice.doubt.as_ref().map(|doubt| text::harmless(said(doubt, language))),
        requirements: advice.requirements.iter().map(|one| text::name(one)).collect(),
        rule: text::cut(group.rule, 200),
    }
}

fn element(finding: &Finding, summary: &Summary<'_>, language: Language) -> ElementShown {
    let why = finding.why.as_ref().map(|why| said(why, language)).unwrap_or_default();
    let lines = [finding.seen.as_str(), why];
    let file = crate::site::sarif::description_of(summary.check).unwrap_or_default();
    ElementShown {
        name: summary.names.of_element(&finding.resource, language),
        id: text::name(&finding.resource),
        place: finding.line.map(|line| format!("{}:{line}", text::name(file))),
        lines: lines.iter().filter(|line| !line.is_empty()).map(|line| text::harmless(line)).collect(),
        path: path(&finding.path),
    }
}

fn path(steps: &[Step]) -> String {
    let mut names: Vec<String> = steps.iter().map(|step| text::name(&step.name)).collect();
    names.dedup();
    names.join(" → ")
}

pub(super) fn connection(one: &Connection, names: &Names, language: Language) -> ConnectionShown {
    ConnectionShown {
        id: text::name(&one.id),
        ends: [&one.from, &one.to].map(|id| names.of_element(id, language)).join(" → "),
        kind: kind(language, one.kind),
        kind_class: match one.kind {
            Kind::Secure => "none",
            Kind::Open => "partly",
            Kind::Undecided => "unknown",
        },
        protection: protection(language, one.kind, one.protection),
        class: match one.protection {
            Verdict::Holds => "none",
            Verdict::Violated => "not-met",
            Verdict::Undecided => "unknown",
        },
        because: text::harmless(said(&one.because, language)),
        derivation: one.derivation.iter().map(|part| text::harmless(said(part, language))).collect(),
    }
}

pub(super) fn threat(one: &Threat, language: Language) -> ThreatShown {
    ThreatShown {
        id: text::name(&one.id),
        kind: stride(language, one.kind),
        scenario: text::harmless(said(&one.scenario, language)),
        because: one.because.iter().map(|line| text::harmless(said(line, language))).collect(),
        path: path(&one.path),
    }
}
