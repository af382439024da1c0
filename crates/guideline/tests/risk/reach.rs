//! No sequence of steps, by whomever and in whatever order, reaches an acceptance that nobody would notice or approve.

use super::clinic::{
    Clinic, accept, assess, by, close, description, measure, plan, put_in_force, reduce, review,
};
use guideline::Actor;
use guideline::risk::{
    Assessed, By, CountermeasureKind, Level, Register, Risk, Scale, Status, Step, Treatment, TreatmentKind,
};
use proptest::prelude::*;

/// One attempt: which step, by whom, as what, after how many minutes.
type Attempt = (u8, (u8, u8), (u8, u8), u8, u8, u16);

fn attempt() -> impl Strategy<Value = Attempt> {
    (0_u8..18, (1_u8..6, 1_u8..6), (1_u8..6, 1_u8..6), 0_u8..3, 0_u8..4, 0_u16..600)
}

fn step(clinic: &Clinic, number: u8, first: (u8, u8), second: (u8, u8)) -> Step {
    let kinds = TreatmentKind::ALL;
    let measures = CountermeasureKind::ALL;
    match number {
        0 => assess(first.0, first.1, "2026-04-25"),
        1 | 2 => accept(clinic.risk().assessed.as_ref().map_or(second, so_far)),
        3 => reduce(second),
        4 | 5 => {
            let kind = kinds[usize::from(first.0) % kinds.len()];
            let what = measure("対策", measures[usize::from(first.1) % measures.len()]);
            Step::Plan(plan(kind, if number == 4 { vec![what] } else { Vec::new() }, second))
        }
        6 | 7 | 12 | 13 => {
            let planned = clinic.risk().treatment.as_ref().map(|treatment| treatment.at);
            let planned_at = planned.unwrap_or(super::clinic::planner().at);
            Step::Approve { note: "了承".into(), planned_at }
        }
        8 | 14 | 15 | 16 => put_in_force(),
        9 => review("2026-04-28"),
        10 if first.0 > 3 => close(),
        11 | 17 => Step::Reopen { why: "再開".into() },
        _ => {
            let mut other = description();
            other.threat = format!("脅威 {}", first.1);
            Step::Describe(other)
        }
    }
}

fn so_far(assessed: &Assessed) -> (u8, u8) {
    (assessed.likelihood.into(), assessed.impact.into())
}

fn who(person: u8, role: u8, minutes: u32) -> By {
    let roles = [Actor::Executive, Actor::Executive, Actor::Planner, Actor::Operator];
    let at = format!("2026-04-{:02}T09:{:02}:00+09:00", 1 + minutes / 3_600 % 15, minutes % 60);
    by(["tanaka", "sato", "incho"][usize::from(person)], roles[usize::from(role)], &at)
}

/// What must hold of every risk that was ever reached.
fn holds(risk: &Risk, scale: &Scale) {
    let involved = |person: &str| {
        risk.assessed.as_ref().is_some_and(|one| one.by == person)
            || risk.treatment.as_ref().is_some_and(|one| one.by == person)
    };
    if let Some(approval) = &risk.approval {
        assert_eq!(approval.role, Actor::Executive, "{risk:?}");
        assert!(!involved(&approval.by), "{risk:?}");
    }
    if let Some(treatment) = &risk.treatment {
        of_treatment(risk, treatment, scale);
    }
    if let Some(closed) = &risk.closed {
        let avoided = risk.treatment.as_ref().is_some_and(|one| one.kind == TreatmentKind::Avoid);
        let executive = closed.role == Actor::Executive;
        assert!(!involved(&closed.by) && (executive || (avoided && risk.in_force.is_some())), "{risk:?}");
    }
}

fn of_treatment(risk: &Risk, treatment: &Treatment, scale: &Scale) {
    let left = scale.level(treatment.residual.extent());
    assert_ne!(left, Level::Critical, "{risk:?}");
    if treatment.kind == TreatmentKind::Accept {
        let detects = treatment.countermeasures.iter().any(|one| one.kind == CountermeasureKind::Detective);
        assert!(detects, "{risk:?}");
        assert_ne!(scale.level(risk.assessed.as_ref().unwrap().extent()), Level::Critical, "{risk:?}");
    }
    let weighty = treatment.kind == TreatmentKind::Accept || left == Level::High;
    assert!(!weighty || risk.in_force.is_none() || risk.approval.is_some(), "{risk:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn no_sequence_of_steps_accepts_without_detection_and_an_executive(
        attempts in prop::collection::vec(attempt(), 1..60)
    ) {
        let mut clinic = clinic();
        let mut minutes = 0_u32;
        for (number, first, second, person, role, later) in attempts {
            minutes += u32::from(later);
            let (step, who) = (step(&clinic, number, first, second), who(person, role, minutes));
            let Ok(risk) = clinic.register.take("rs-09", &step, &who, clinic.rules()) else { continue };
            holds(&risk, &clinic.method.scale);
            // What the steps make is always taken, and comes back from storage as it was.
            clinic.register.put_risk(risk).unwrap();
            let again = Register::from_json(&clinic.register.to_json().to_string()).unwrap();
            prop_assert_eq!(&again, &clinic.register);
        }
    }
}

fn clinic() -> Clinic {
    Clinic::with_a_risk()
}

/// The attempts do reach what they are meant to try: otherwise the test above would hold for want of trying.
#[test]
fn the_attempts_reach_accepted_and_closed_risks() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let attempts = prop::collection::vec(attempt(), 60..61);
    let (mut accepted, mut closed) = (0, 0);
    for _ in 0..60 {
        let mut clinic = clinic();
        for (number, first, second, person, role, _) in attempts.new_tree(&mut runner).unwrap().current() {
            let (step, who) = (step(&clinic, number, first, second), who(person, role, 0));
            let Ok(risk) = clinic.register.take("rs-09", &step, &who, clinic.rules()) else { continue };
            let accepts = risk.treatment.as_ref().is_some_and(|one| one.kind == TreatmentKind::Accept);
            accepted += i32::from(accepts && risk.status() == Status::InForce);
            closed += i32::from(risk.status() == Status::Closed);
            clinic.register.put_risk(risk).unwrap();
        }
    }
    assert!(accepted > 5 && closed > 5, "{accepted} accepted, {closed} closed");
}
