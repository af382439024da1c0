//! Which scenarios are proposed for which assets and flows.

use super::clinic::{Clinic, asset, assets, executive, flows, names, planner};
use base::Language;
use guideline::risk::{AssetKind, Carrier, CountermeasureKind, End, Flow, Information, Risk, Status, Step};
use std::collections::BTreeSet;

fn proposed(clinic: &Clinic) -> Vec<Risk> {
    clinic.rules().propose(&assets(), &flows(), &[], Language::Japanese)
}

fn scenarios(risks: &[Risk]) -> BTreeSet<&str> {
    risks.iter().map(|risk| risk.scenario.as_deref().unwrap().rsplit('-').next().unwrap()).collect()
}

#[test]
fn a_clinic_is_told_every_scenario_that_concerns_it() {
    let clinic = Clinic::open();
    let risks = proposed(&clinic);
    assert_eq!(risks.len(), 19, "with server, terminal, network device and paper all concern it");
    let found = |id: &str| risks.iter().find(|risk| risk.id == id).unwrap();
    assert_eq!(found("rs-09").assets, names(&["vpn-router"]));
    assert_eq!(found("rs-09").flows, names(&["maintenance"]));
    assert_eq!(found("rs-14").assets, names(&["charts"]));
    assert_eq!(found("rs-02").assets, names(&["desk"]));
    assert_eq!(found("rs-04").assets.len(), 4, "what the table does not list concerns everything");
    assert_eq!(found("rs-01").title, "なりすましによる閲覧・操作");
    let english = clinic.rules().propose(&assets(), &flows(), &[], Language::English);
    assert_eq!(english[0].title, "Use by someone other than the user");
}

#[test]
fn proposals_are_the_same_whenever_they_are_made() {
    let clinic = Clinic::open();
    let (mut assets, mut flows) = (assets(), flows());
    assets.reverse();
    flows.reverse();
    assert_eq!(clinic.rules().propose(&assets, &flows, &[], Language::Japanese), proposed(&clinic));
}

#[test]
fn where_nothing_is_known_of_what_is_held_every_harm_is_possible() {
    let clinic = Clinic::open();
    let ask = |holds: &[Information]| {
        let one = [asset("desk", "端末", AssetKind::Terminal, holds)];
        clinic.rules().propose(&one, &[], &[], Language::Japanese)
    };
    let nothing = ask(&[Information::Nothing]);
    let (unsaid, records) = (ask(&[]), ask(&[Information::ClinicalRecord]));
    assert_eq!(unsaid, records);
    let spared: Vec<&str> = scenarios(&unsaid).difference(&scenarios(&nothing)).copied().collect();
    assert_eq!(spared, ["13", "18"], "peeping and shadow systems, which harm confidentiality alone");
}

#[test]
fn what_is_of_no_known_kind_is_concerned_by_everything() {
    let clinic = Clinic::open();
    let one = [asset("robot", "搬送ロボット", AssetKind::Other, &[])];
    assert_eq!(clinic.rules().propose(&one, &[], &[], Language::Japanese).len(), 19);
    let flow = Flow {
        id: "talk".into(),
        name: "電話".into(),
        from: End::Outside("患者".into()),
        to: End::Outside("受付".into()),
        carries: BTreeSet::new(),
        by: Carrier::Other,
        crosses_boundary: true,
    };
    let risks = clinic.rules().propose(&[], &[flow], &[], Language::Japanese);
    assert_eq!(risks.len(), 18, "all but the lack of logs, which is nothing that befalls a flow");
    assert!(!scenarios(&risks).contains("07"));
}

#[test]
fn a_flow_over_the_border_is_concerned_by_what_comes_through_the_border() {
    let clinic = Clinic::open();
    let mut paper = flows().remove(0);
    paper.by = Carrier::Paper;
    let ask = |flow: Flow| clinic.rules().propose(&[], &[flow], &[], Language::Japanese);
    assert!(!scenarios(&ask(paper.clone())).contains("09"));
    paper.crosses_boundary = true;
    assert!(scenarios(&ask(paper)).contains("09"));
}

#[test]
fn suggestions_are_the_requirements_of_the_scenario_with_the_kind_where_it_is_known() {
    let clinic = Clinic::open();
    let risks = proposed(&clinic);
    let kind_of = |id: &str| {
        let mut all = risks.iter().flat_map(|risk| &risk.suggested);
        all.find(|one| one.requirement == format!("meti-mic-2.0/provider/{id}")).unwrap().kind
    };
    assert_eq!(kind_of("A2.3.4-1-1"), Some(CountermeasureKind::Detective));
    assert_eq!(kind_of("A2.p38-1-8"), Some(CountermeasureKind::Corrective));
    assert_eq!(kind_of("A2.2.1-1-1"), Some(CountermeasureKind::Preventive));
    assert_eq!(kind_of("6.2-1"), None, "it both prevents and shows: a person says");
    for scenario in clinic.engine.catalogue.scenarios() {
        let risk = risks.iter().find(|risk| risk.scenario.as_ref() == Some(&scenario.id)).unwrap();
        assert_eq!(risk.suggested.len(), scenario.related.len());
    }
}

#[test]
fn every_proposal_can_be_taken_over_and_is_not_made_again() {
    let mut clinic = Clinic::open();
    for risk in proposed(&clinic) {
        let risk = clinic.register.identify(risk, &planner(), clinic.rules()).unwrap();
        assert_eq!(risk.status(), Status::Identified);
        clinic.register.put_risk(risk).unwrap();
    }
    let existing: Vec<Risk> = clinic.register.risks().cloned().collect();
    let rules = clinic.rules();
    assert_eq!(rules.propose(&assets(), &flows(), &existing, Language::Japanese), []);
    // A new asset is proposed for by itself, under ids that are free; what was closed was decided.
    let mut more = assets();
    more.push(asset("tablet", "往診用タブレット", AssetKind::Terminal, &[Information::ClinicalRecord]));
    let closed = Step::Close { why: "対象外".into() };
    let closed = clinic.register.take("rs-13", &closed, &executive(), rules).unwrap();
    let existing: Vec<Risk> =
        existing.into_iter().map(|risk| if risk.id == "rs-13" { closed.clone() } else { risk }).collect();
    let again = rules.propose(&more, &flows(), &existing, Language::Japanese);
    assert!(again.iter().all(|risk| risk.assets == names(&["tablet"]) && risk.flows.is_empty()));
    assert!(again.iter().any(|risk| risk.id == "rs-13-2") && again.len() > 8, "{again:?}");
}
