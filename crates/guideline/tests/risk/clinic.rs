//! A small clinic with its assets and flows, the real catalogue, and the people who work on its risks.

use base::Time;
use guideline::risk::{
    Asset, AssetKind, By, Carrier, Countermeasure, CountermeasureKind, Day, Description, End, Flow, Grade,
    Information, Method, Place, Plan, Register, Residual, Risk, Rules, Step, TreatmentKind,
};
use guideline::{Actor, Engine, Moment, engine};
use std::collections::BTreeSet;
use std::sync::LazyLock;

pub(crate) const MORNING: &str = "2026-04-01T09:00:00+09:00";

pub(crate) struct Clinic {
    pub(crate) engine: &'static Engine,
    pub(crate) method: &'static Method,
    pub(crate) register: Register,
}

impl Clinic {
    /// With assets and flows, and no risk yet.
    pub(crate) fn open() -> Self {
        static READ: LazyLock<(Engine, Method)> = LazyLock::new(|| {
            let engine = engine().unwrap();
            let method = Method::builtin(&engine.catalogue).unwrap();
            (engine, method)
        });
        let (engine, method) = &*READ;
        let register = Register::read(assets(), flows(), Vec::new()).unwrap();
        Self { engine, method, register }
    }

    /// With one risk, `rs-09`, that is only named.
    pub(crate) fn with_a_risk() -> Self {
        let mut clinic = Self::open();
        let risk = Risk::named("rs-09", description());
        let risk = clinic.register.identify(risk, &planner(), clinic.rules()).unwrap();
        clinic.register.put_risk(risk).unwrap();
        clinic
    }

    /// The same, assessed by the planner.
    pub(crate) fn assessed(likelihood: u8, impact: u8) -> Self {
        let mut clinic = Self::with_a_risk();
        clinic.does(&assess(likelihood, impact, "2026-04-30"), &planner());
        clinic
    }

    pub(crate) fn rules(&self) -> Rules<'_> {
        Rules { catalogue: &self.engine.catalogue, method: self.method }
    }

    pub(crate) fn risk(&self) -> &Risk {
        self.register.risk("rs-09").unwrap()
    }

    /// The code by which a step is refused.
    pub(crate) fn refused(&self, step: &Step, by: &By) -> &'static str {
        let result = self.register.take("rs-09", step, by, self.rules());
        result.expect_err("the step is refused").code().id
    }

    pub(crate) fn does(&mut self, step: &Step, by: &By) {
        let risk = self.register.take("rs-09", step, by, self.rules()).unwrap();
        self.register.put_risk(risk).unwrap();
    }

    /// Approves of the plan as it is.
    pub(crate) fn approval(&self) -> Step {
        let planned_at = self.risk().treatment.as_ref().unwrap().at;
        Step::Approve { note: "経営会議で了承".into(), planned_at }
    }
}

pub(crate) fn moment(text: &str) -> Time {
    Time::parse(text).unwrap()
}

pub(crate) fn by(person: &str, role: Actor, at: &str) -> By {
    By { person: person.into(), role, at: Moment(moment(at)) }
}

pub(crate) fn planner() -> By {
    by("tanaka", Actor::Planner, MORNING)
}

pub(crate) fn operator() -> By {
    by("sato", Actor::Operator, MORNING)
}

pub(crate) fn executive() -> By {
    by("incho", Actor::Executive, MORNING)
}

pub(crate) fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

pub(crate) fn grade(grade: u8) -> Grade {
    Grade::new(grade).unwrap()
}

pub(crate) fn assess(likelihood: u8, impact: u8, review_by: &str) -> Step {
    Step::Assess {
        likelihood: grade(likelihood),
        impact: grade(impact),
        why: "昨年、近隣の病院で同じ機器から侵入された".into(),
        review_by: day(review_by),
    }
}

pub(crate) fn measure(what: &str, kind: CountermeasureKind) -> Countermeasure {
    Countermeasure { what: what.into(), kind, requirement: None }
}

pub(crate) fn plan(kind: TreatmentKind, measures: Vec<Countermeasure>, left: (u8, u8)) -> Plan {
    Plan {
        kind,
        why: "診療を止めずにできる".into(),
        countermeasures: measures,
        cost: "更新作業 1 日、費用なし".into(),
        owner: "sato".into(),
        due: day("2026-04-20"),
        residual: Residual {
            likelihood: grade(left.0),
            impact: grade(left.1),
            why: "既知の弱点がなくなる".into(),
        },
    }
}

pub(crate) fn reduce(left: (u8, u8)) -> Step {
    let update = measure("VPN 機器を更新する", CountermeasureKind::Preventive);
    Step::Plan(plan(TreatmentKind::Reduce, vec![update], left))
}

pub(crate) fn accept(left: (u8, u8)) -> Step {
    let watch = measure("通信の記録を毎週点検する", CountermeasureKind::Detective);
    Step::Plan(plan(TreatmentKind::Accept, vec![watch], left))
}

pub(crate) fn put_in_force() -> Step {
    Step::PutInForce { why: "作業報告書で確認した".into() }
}

pub(crate) fn close() -> Step {
    Step::Close { why: "機器を撤去した".into() }
}

pub(crate) fn review(review_by: &str) -> Step {
    Step::Review { why: "対策が続いていることを確かめた".into(), review_by: day(review_by) }
}

pub(crate) fn names(all: &[&str]) -> BTreeSet<String> {
    all.iter().map(|name| (*name).to_owned()).collect()
}

pub(crate) fn description() -> Description {
    Description {
        title: "VPN 機器からの侵入".into(),
        scenario: Some("meti-mic-2.0/risk/rs-09".into()),
        assets: names(&["vpn-router"]),
        flows: names(&["maintenance"]),
        threat: "更新されていない VPN 機器の弱点から侵入され、電子カルテが止まる。".into(),
    }
}

pub(crate) fn asset(id: &str, name: &str, kind: AssetKind, holds: &[Information]) -> Asset {
    Asset {
        id: id.into(),
        name: name.into(),
        kind,
        holds: holds.iter().copied().collect(),
        place: Place::Facility,
        owner: "事務長".into(),
    }
}

pub(crate) fn assets() -> Vec<Asset> {
    vec![
        asset("emr-server", "電子カルテサーバー", AssetKind::Server, &[Information::ClinicalRecord]),
        asset("desk", "診察室の端末", AssetKind::Terminal, &[Information::ClinicalRecord]),
        asset("vpn-router", "VPN 機器", AssetKind::NetworkDevice, &[Information::Credentials]),
        asset("charts", "紙カルテ", AssetKind::Paper, &[Information::ClinicalRecord]),
    ]
}

pub(crate) fn flows() -> Vec<Flow> {
    let flow = |id: &str, name: &str, from: End, to: &str, carrier| Flow {
        id: id.into(),
        name: name.into(),
        crosses_boundary: matches!(from, End::Outside(_)),
        from,
        to: End::Asset(to.into()),
        carries: [Information::ClinicalRecord].into(),
        by: carrier,
    };
    vec![
        flow("records", "カルテの閲覧", End::Asset("desk".into()), "emr-server", Carrier::Lan),
        flow(
            "maintenance",
            "リモート保守",
            End::Outside("保守会社".into()),
            "emr-server",
            Carrier::MaintenanceLine,
        ),
    ]
}
