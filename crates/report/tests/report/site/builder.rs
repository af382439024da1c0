//! Checks built by hand, on the template of a small hospital.

use base::{Class, Code, Problem};
use site::attack::{Assumption, Attacks, Chain, Cut, Leg, Stance};
use site::check::{Check, SiteFact, Value};
use site::connection::{Connection, Kind};
use site::description::{Phase, Site, read, template};
use site::model::{Coverage, Model, Treatment};
use site::picture::Picture;
use site::rules::rule::Severity;
use site::rules::{Advice, Finding, Text, Verdict};
use site::step::Step;
use site::threat::{Stride, Threat};
use std::sync::Arc;

pub(crate) fn text(ja: &str, en: &str) -> Text {
    Text { ja: ja.to_owned(), en: en.to_owned() }
}

pub(crate) fn step(node: &str, name: &str, zone: &str) -> Step {
    Step {
        node: node.to_owned(),
        name: name.to_owned(),
        zone: zone.to_owned(),
        rule: None,
        what: text("経路", "routed"),
    }
}

/// A finding on an element of the description.
pub(crate) fn finding(
    rule: &str,
    element: &str,
    severity: Severity,
    verdict: Verdict,
    words: (&str, &str),
) -> Finding {
    let advice = Advice {
        requirements: vec!["mhlw-6.0/control/13-1".to_owned()],
        text: text(words.0, words.1),
        remedy: text(
            "まず、通信を必要なものだけに絞ってください。次に、事業者に設定の証拠を求めてください。",
            "First let only what is needed pass. Then ask the vendor to show the setting.",
        ),
        terraform: "resource \"aws_security_group\" \"ehr\" {\n  ingress = []\n}\n".to_owned(),
        doubt: None,
    };
    let why = text(
        &format!("{element} の `watched` を書くと判定できます。"),
        &format!("Say `watched` of {element}."),
    );
    Finding {
        id: format!("{rule}@{element}"),
        rule: rule.to_owned(),
        resource: element.to_owned(),
        plan: 0,
        topic: "network.filter".to_owned(),
        severity,
        verdict,
        why: (verdict == Verdict::Undecided).then_some(why),
        seen: if verdict == Verdict::Violated { "default: allow".to_owned() } else { String::new() },
        line: Some(57),
        path: Vec::new(),
        advice: Arc::new(advice),
    }
}

pub(crate) fn leg(from: &str, to: (&str, &str), assumption: Assumption, said: bool) -> Leg {
    Leg {
        from: from.to_owned(),
        to: to.0.to_owned(),
        assumption,
        because: text(
            "サポートの終わったソフトウェアが動いています（2023-10-10 に終了）。",
            "What runs there is past its support (ended 2023-10-10).",
        ),
        said,
        steps: vec![step(from, from, ""), step(to.0, to.1, "medical")],
    }
}

pub(crate) fn chain(stance: Stance, from: &str, decided: bool, legs: Vec<Leg>) -> Chain {
    Chain {
        from: from.to_owned(),
        stance,
        to: legs.last().unwrap().to.clone(),
        holds: vec!["clinical-record".to_owned(), "patient-identity".to_owned()],
        decided,
        reasons: if decided {
            Vec::new()
        } else {
            vec![text(
                "wireless-ap の `forwards` が分かりません。",
                "`forwards` of wireless-ap is not known.",
            )]
        },
        legs,
    }
}

fn chains() -> Vec<Chain> {
    let ehr = ("ehr-server", "電子カルテサーバー");
    let pacs = ("pacs", "PACS");
    vec![
        chain(
            Stance::Internet,
            "internet",
            true,
            vec![
                leg(
                    "internet",
                    ("pacs-vpn", "PACS 保守用 VPN 装置（所有者不明）"),
                    Assumption::Unsupported,
                    true,
                ),
                leg("pacs-vpn", pacs, Assumption::FlatSegment, true),
            ],
        ),
        chain(
            Stance::Vendor,
            "meal-vendor-site",
            true,
            vec![leg("meal-vendor-site", ehr, Assumption::NoSecondFactor, true)],
        ),
        chain(
            Stance::PhishedPc,
            "office-pc",
            true,
            vec![
                leg(
                    "office-pc",
                    ("two-legged-pc", "医事課の PC（両方に接続）"),
                    Assumption::SharedCredential,
                    false,
                ),
                leg("two-legged-pc", ehr, Assumption::NoSecondFactor, true),
            ],
        ),
        chain(
            Stance::Wireless,
            "guest",
            false,
            vec![
                leg("guest", ("wireless-ap", "無線 LAN"), Assumption::WeakProtection, true),
                leg("wireless-ap", ehr, Assumption::UnknownFlaw, false),
            ],
        ),
    ]
}

fn cuts() -> Vec<Cut> {
    let cut = |element: &str, ja: &str, en: &str, chains| Cut {
        element: element.to_owned(),
        change: text(ja, en),
        chains,
        closes: 0,
    };
    vec![
        cut(
            "ehr-server",
            "電子カルテサーバーのリモートデスクトップに二要素認証を求め、共用アカウントを廃止してください。",
            "Ask for a second factor at the remote desktop of the record server, and end shared accounts.",
            3,
        ),
        cut(
            "two-legged-pc",
            "医事課の PC を診療系から外してください。",
            "Take the billing PC out of the medical network.",
            1,
        ),
    ]
}

fn findings() -> Vec<Finding> {
    use Severity::{Context, Recommended, Required};
    use Verdict::{Undecided, Violated};
    let mut all = Vec::new();
    let flat = (
        "診療系のネットワークを分け、互いに不要な通信を止めます。",
        "The medical network is divided, and what needs no other part does not reach it.",
    );
    for element in ["medical", "information", "guest", "pacs-vendor-site", "eligibility"] {
        all.push(finding("net.flat-medical", element, Required, Violated, flat));
    }
    let filter = ("通信制御の既定は「拒否」です。", "What no rule names is refused.");
    all.push(finding("net.default-allow", "information-router", Required, Violated, filter));
    let usb =
        ("USB メモリーは、許可したものだけ使えます。", "Only storage that was allowed can be plugged in.");
    all.push(finding("device.usb-storage", "ward-pc", Recommended, Violated, usb));
    let watched = (
        "診療系と外部との境界で侵入を検知します。",
        "Intrusions are looked for at the edge of the medical network.",
    );
    for element in ["meal-vendor-site", "ehr-vendor-site"] {
        all.push(finding("net.not-watched", element, Required, Undecided, watched));
    }
    let region = ("患者情報を置く国を確かめます。", "It is known in which country patient data lies.");
    all.push(finding("cloud.region", "nas", Context, Violated, region));
    let mut missing = finding(
        "aws.config/aws_config_rule!exists",
        "",
        Required,
        Undecided,
        ("`aws_config_rule` が必要です。", "There must be an `aws_config_rule`."),
    );
    missing.line = None;
    all.push(missing);
    all
}

fn connection(id: &str, ends: (&str, &str), kind: Kind, protection: Verdict) -> Connection {
    Connection {
        id: id.to_owned(),
        from: ends.0.to_owned(),
        to: ends.1.to_owned(),
        kind,
        derivation: vec![text("回線はインターネットを通ります。", "The line runs over the internet.")],
        protection,
        because: text("IKEv1 と 3DES は認められません。", "IKEv1 and 3DES are not admitted."),
        steps: Vec::new(),
    }
}

fn threat() -> Threat {
    Threat {
        id: "stride.spoofing@pacs-maintenance".to_owned(),
        kind: Stride::Spoofing,
        flow: "pacs-maintenance".to_owned(),
        title: text("PACS の保守", "maintenance of the PACS"),
        decided: true,
        boundary: text("事業者から診療系へ", "from the vendor to the medical network"),
        scenario: text(
            "第三者が保守担当者になりすまして接続します。",
            "Somebody passes for the vendor's engineer.",
        ),
        because: vec![text("作業者ごとのアカウントがありません。", "There are no accounts for each person.")],
        requirements: vec!["mhlw-6.0/control/14-1".to_owned()],
        path: vec![step("pacs-vendor-site", "PACS 業者", "vendor"), step("pacs", "PACS", "medical")],
    }
}

static NOTE: Code = Code {
    id: "SI-0008",
    class: Class::Invalid,
    en: "{plan} leaves out a part.",
    ja: "{plan} には含まれない部分があります。",
};

/// A check in which everything occurs.
pub(crate) fn check() -> Check {
    let mut coverage = Coverage::default();
    coverage.count(Treatment::Modelled, "aws_vpc");
    coverage.count(Treatment::Ignored, "aws_iam_role");
    coverage.count(Treatment::Undecided, "aws_networkfirewall_rule_group");
    let fact = |key: &str, value| SiteFact {
        key: key.to_owned(),
        value,
        how: text("通信の経路を計算しました。", "Worked out from the paths."),
    };
    Check {
        facility: "架空第一病院".to_owned(),
        phase: "now",
        day: "2026-11-22".to_owned(),
        sources: vec!["site.yaml".to_owned(), "plan.json".to_owned()],
        described: true,
        findings: findings(),
        held: [("network.filter".to_owned(), 3)].into(),
        connections: vec![
            connection("internet-line", ("information-router", "internet"), Kind::Open, Verdict::Violated),
            connection("meal-line", ("meal-vendor-site", "medical"), Kind::Secure, Verdict::Holds),
            connection("pacs-line", ("pacs-vpn", "pacs-vendor-site"), Kind::Open, Verdict::Undecided),
        ],
        attacks: Attacks { chains: chains(), cuts: cuts(), more: false },
        threats: vec![threat()],
        facts: vec![
            fact("site.network.zones_separated", Some(Value::Is(false))),
            fact("site.network.links_count", Some(Value::Count(8))),
            fact("site.network.watched", None),
        ],
        coverage,
        warnings: vec![Problem::new(&NOTE).with("plan", "plan.json")],
    }
}

/// A check that found nothing.
pub(crate) fn nothing() -> Check {
    Check {
        facility: String::new(),
        phase: "target",
        findings: Vec::new(),
        held: [].into(),
        connections: Vec::new(),
        attacks: Attacks::default(),
        threats: Vec::new(),
        facts: Vec::new(),
        coverage: Coverage::default(),
        warnings: Vec::new(),
        ..check()
    }
}

/// A name that would like to do harm.
pub(crate) fn hostile() -> String {
    format!("\u{1b}[2J</title><script>alert(1)</script>\u{202e}\"'&\u{9b}31m{}", "長".repeat(10_000))
}

/// Every name in it would like to do harm.
pub(crate) fn hostile_check() -> Check {
    let mut check = check();
    let bad = hostile();
    check.facility.clone_from(&bad);
    check.sources = vec![format!("{bad}.yaml")];
    for finding in &mut check.findings {
        finding.resource.clone_from(&bad);
        finding.seen.clone_from(&bad);
        finding.rule.push_str(&bad);
        finding.topic.clone_from(&bad);
        finding.path = vec![step(&bad, &bad, &bad)];
        finding.why = Some(text(&bad, &bad));
        let mut advice = Advice::clone(&finding.advice);
        advice.terraform = format!("{bad}\n{bad}");
        advice.requirements.push(bad.clone());
        (advice.text, advice.remedy) = (text(&bad, &bad), text(&bad, &bad));
        finding.advice = Arc::new(advice);
    }
    for chain in &mut check.attacks.chains {
        chain.holds.push(bad.clone());
        chain.reasons.push(text(&bad, &bad));
        chain.from.clone_from(&bad);
        for leg in &mut chain.legs {
            leg.to.clone_from(&bad);
            leg.steps.push(Step { rule: Some(bad.clone()), ..step(&bad, &bad, &bad) });
        }
    }
    check.attacks.cuts.iter_mut().for_each(|cut| (cut.element, cut.change) = (bad.clone(), text(&bad, &bad)));
    for one in &mut check.connections {
        (one.id, one.from, one.to) = (bad.clone(), bad.clone(), bad.clone());
        one.because = text(&bad, &bad);
    }
    check.threats.iter_mut().for_each(|threat| (threat.id, threat.flow) = (bad.clone(), bad.clone()));
    check.facts.iter_mut().for_each(|fact| fact.key.clone_from(&bad));
    check.coverage.count(Treatment::Undecided, &bad);
    check.warnings.push(Problem::new(&NOTE).with("plan", &bad));
    check
}

/// The template with this name, as it is today.
pub(crate) fn site(name: &str) -> Site {
    read("site.yaml", template(name).unwrap().text).unwrap().at(Phase::Now)
}

/// The picture of a template.
pub(crate) fn picture_of(name: &str, check: &Check) -> Picture {
    let site = site(name);
    let model = Model::draw(Some(&site), &[]).unwrap();
    Picture::draw(Some(&site), &[], &model, check)
}
