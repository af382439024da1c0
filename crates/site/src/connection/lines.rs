//! A line by itself: its kind, where it leads, and whether what passes it is protected.

use super::chains::Chains;
use super::flows::{Part, better, kind, of_patients, weaker};
use super::kind::of_line;
use super::parameters::{Assessment, Demand, best};
use super::register::Register;
use super::{Connection, Kind};
use crate::description::{Flow, Link, ZoneKind};
use crate::rules::{Text, Verdict};

/// The connection of a line, with the flows that pass it.
pub(super) fn connection(
    link: &Link,
    register: &Register<'_>,
    listed: bool,
    chains: &Chains,
    passing: &[&Flow],
) -> Connection {
    let (line, why) = of_line(link);
    let mut derivation = vec![why];
    let mut weakest = line;
    let mut internet = false;
    for end in [&link.from, &link.to] {
        let Some(zone) = register.zone(end.as_str()) else { continue };
        internet |= matches!(zone.kind, ZoneKind::Internet | ZoneKind::GuestWireless);
        let (found, why) = kind(Part::Network(zone), chains);
        derivation.push(why);
        weakest = weaker(weakest, found);
    }
    let assessed = match weakest {
        Kind::Secure => closed(link),
        Kind::Open | Kind::Undecided => open(link, line, internet, passing, listed),
    };
    let lack = weakest == Kind::Undecided && assessed.verdict == Verdict::Violated;
    Connection {
        id: link.id.value.clone(),
        from: link.from.value.clone(),
        to: link.to.value.clone(),
        kind: weakest,
        derivation,
        protection: if lack { Verdict::Undecided } else { assessed.verdict },
        because: assessed.because,
        steps: Vec::new(),
    }
}

/// What the guideline still asks of a closed line: who answers for which part (13①), up to where the carrier protects it
/// (13③), and that the ends confirm each other (13④).
fn closed(link: &Link) -> Assessment {
    let said = |value: bool, ja: &str, en: &str| {
        let (known_ja, known_en) =
            if value { ("記載あり", "said") } else { ("記載なし", "not said") };
        (format!("{ja}：{known_ja}"), format!("{en}: {known_en}"))
    };
    let parts = [
        said(link.answered_for_by.is_some(), "責任を負う者（13①）", "who answers for it (13①)"),
        said(
            link.boundary_documented == Some(true),
            "責任分界点の文書（13①、13③）",
            "a written boundary (13①, 13③)",
        ),
        said(
            link.protection.as_ref().is_some_and(|all| !all.is_empty()),
            "暗号化または相手の確認（13④）",
            "encryption or confirmation of the other end (13④)",
        ),
    ];
    let ja: Vec<&str> = parts.iter().map(|part| part.0.as_str()).collect();
    let en: Vec<&str> = parts.iter().map(|part| part.1.as_str()).collect();
    Assessment::new(
        Verdict::Holds,
        format!("クローズドな回線です。{}", ja.join("、")),
        format!("the line is closed; {}", en.join(", ")),
    )
}

/// An open line: protected itself, or carrying only what protects itself.
fn open(link: &Link, line: Kind, internet: bool, passing: &[&Flow], listed: bool) -> Assessment {
    let demand = if line == Kind::Open { Demand::Open } else { Demand::Encrypted };
    let own = best(link.protection.as_deref(), demand);
    if own.verdict == Verdict::Holds || !internet {
        return own;
    }
    if !listed {
        return Assessment::new(Verdict::Undecided, "`flows` の記載がありません", "`flows` is not said");
    }
    let patients = passing.iter().filter(|flow| of_patients(flow) != Some(false));
    let worst =
        patients.map(|flow| (flow, better(link, flow, Demand::Open))).min_by_key(|(_, found)| found.verdict);
    let Some((flow, found)) = worst else {
        return Assessment::new(
            Verdict::Holds,
            "一覧の中に、患者の情報を運んでここを通る通信はありません",
            "no listed flow with data of patients passes it",
        );
    };
    let Text { ja, en } = found.because;
    let id = &flow.id;
    Assessment { verdict: found.verdict, because: Text::new(format!("{id}：{ja}"), format!("{id}: {en}")) }
}
