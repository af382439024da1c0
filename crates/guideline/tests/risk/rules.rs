//! Each rule of the process by itself.

use super::clinic::{
    Clinic, accept, assess, assets, by, close, day, description, executive, flows, grade, measure, names,
    operator, plan, planner, put_in_force, reduce, review,
};
use guideline::risk::{
    By, CountermeasureKind, End, Information, Level, Register, Risk, Status, Step, Suggestion, TreatmentKind,
};
use guideline::{Actor, Moment};

const EVERY_CODE: [&str; 10] = [
    "GL-0020", "GL-0021", "GL-0022", "GL-0023", "GL-0024", "GL-0025", "GL-0026", "GL-0027", "GL-0028",
    "GL-0029",
];

#[test]
fn every_code_of_the_process_says_in_both_languages_what_to_do() {
    for id in EVERY_CODE {
        let code = guideline::codes::CODES.iter().find(|code| code.id == id).unwrap();
        assert!(code.en.matches('.').count() >= 2 && code.ja.matches('。').count() >= 2, "{id}");
    }
}

#[test]
fn a_risk_goes_from_identified_to_closed_with_two_people() {
    let mut clinic = Clinic::with_a_risk();
    let mut seen = vec![clinic.risk().status()];
    let steps = [
        (assess(4, 4, "2026-04-30"), planner()),
        (reduce((3, 4)), operator()),
        (clinic_approval(), executive()),
        (put_in_force(), operator()),
        (review("2026-06-30"), executive()),
        (close(), executive()),
    ];
    for (step, who) in steps {
        let step = if matches!(step, Step::Approve { .. }) { clinic.approval() } else { step };
        clinic.does(&step, &who);
        seen.push(clinic.risk().status());
    }
    let expected = [
        Status::Identified,
        Status::Assessed,
        Status::Planned,
        Status::Approved,
        Status::InForce,
        Status::InForce,
        Status::Closed,
    ];
    assert_eq!(seen, expected);
    assert_eq!(clinic.risk().review_by, Some(day("2026-06-30")));
}

/// Stands for the approval of whatever is planned by then.
fn clinic_approval() -> Step {
    Step::Approve { note: "了承".into(), planned_at: planner().at }
}

#[test]
fn no_step_is_taken_out_of_its_order() {
    let named = Clinic::with_a_risk();
    for step in [reduce((1, 1)), put_in_force(), review("2026-05-01"), clinic_approval()] {
        assert_eq!(named.refused(&step, &executive()), "GL-0022", "{step:?}");
    }
    let mut closed = Clinic::with_a_risk();
    closed.does(&close(), &executive());
    for step in [assess(1, 1, "2026-04-30"), Step::Describe(description()), close(), reduce((1, 1))] {
        assert_eq!(closed.refused(&step, &executive()), "GL-0022", "{step:?}");
    }
    assert_eq!(named.refused(&Step::Reopen { why: "再開".into() }, &planner()), "GL-0022");
}

#[test]
fn accepting_needs_a_detective_countermeasure() {
    let clinic = Clinic::assessed(2, 3);
    for kind in [CountermeasureKind::Preventive, CountermeasureKind::Corrective] {
        let step = Step::Plan(plan(TreatmentKind::Accept, vec![measure("対策", kind)], (2, 3)));
        assert_eq!(clinic.refused(&step, &planner()), "GL-0023");
    }
    assert_eq!(
        clinic.refused(&Step::Plan(plan(TreatmentKind::Avoid, Vec::new(), (1, 1))), &planner()),
        "GL-0023"
    );
}

#[test]
fn an_acceptance_is_not_in_force_without_an_executives_approval() {
    let mut clinic = Clinic::assessed(2, 3);
    clinic.does(&accept((2, 3)), &planner());
    assert_eq!(clinic.refused(&put_in_force(), &executive()), "GL-0022");
    for role in [Actor::Planner, Actor::Operator, Actor::Provider, Actor::User] {
        let who = by("suzuki", role, super::clinic::MORNING);
        assert_eq!(clinic.refused(&clinic.approval(), &who), "GL-0024", "{role:?}");
    }
    clinic.does(&clinic.approval(), &executive());
    clinic.does(&put_in_force(), &operator());
    assert_eq!(clinic.risk().status(), Status::InForce);
}

#[test]
fn nobody_approves_of_what_they_assessed_or_planned() {
    let mut clinic = Clinic::with_a_risk();
    let also_executive = |by: By| By { role: Actor::Executive, ..by };
    clinic.does(&assess(2, 3, "2026-04-30"), &planner());
    clinic.does(&accept((2, 3)), &operator());
    for own in [planner(), operator()] {
        assert_eq!(clinic.refused(&clinic.approval(), &also_executive(own)), "GL-0025");
    }
    clinic.does(&clinic.approval(), &executive());
}

#[test]
fn an_approval_holds_for_the_plan_that_was_read() {
    let mut clinic = Clinic::assessed(2, 3);
    clinic.does(&accept((2, 3)), &planner());
    let read = clinic.approval();
    clinic.does(&accept((1, 1)), &by("tanaka", Actor::Planner, "2026-04-01T09:00:01+09:00"));
    assert_eq!(clinic.refused(&read, &executive()), "GL-0022");
}

#[test]
fn planning_again_drops_the_approval_and_that_it_is_in_force() {
    let mut clinic = Clinic::assessed(2, 3);
    clinic.does(&accept((2, 3)), &planner());
    clinic.does(&clinic.approval(), &executive());
    clinic.does(&put_in_force(), &operator());
    clinic.does(&accept((2, 2)), &planner());
    let risk = clinic.risk();
    assert_eq!((risk.status(), &risk.approval, &risk.in_force), (Status::Planned, &None, &None));
}

#[test]
fn assessing_again_drops_the_approval_and_a_treatment_that_no_longer_fits() {
    let mut clinic = Clinic::assessed(2, 3);
    clinic.does(&accept((2, 3)), &planner());
    clinic.does(&clinic.approval(), &executive());
    clinic.does(&put_in_force(), &operator());
    clinic.does(&assess(3, 3, "2026-04-30"), &planner());
    let risk = clinic.risk();
    assert_eq!((risk.status(), &risk.approval, &risk.in_force), (Status::Planned, &None, &None));
    clinic.does(&assess(5, 5, "2026-04-30"), &planner());
    assert_eq!(clinic.risk().status(), Status::Assessed, "what is critical may not be accepted");
}

#[test]
fn another_threat_is_another_risk_but_a_better_heading_is_not() {
    let mut clinic = Clinic::assessed(2, 3);
    let mut same = description();
    same.title = "VPN 機器の弱点".into();
    clinic.does(&Step::Describe(same.clone()), &planner());
    assert_eq!(clinic.risk().status(), Status::Assessed);
    same.threat = "別の脅威".into();
    clinic.does(&Step::Describe(same), &planner());
    assert_eq!(clinic.risk().status(), Status::Identified);
    assert_eq!(clinic.risk().review_by, None);
}

#[test]
fn what_is_left_is_lower_than_the_risk_or_it_is_accepted() {
    let clinic = Clinic::assessed(3, 3);
    for left in [(4, 1), (1, 4), (3, 3)] {
        assert_eq!(clinic.refused(&reduce(left), &planner()), "GL-0026", "{left:?}");
    }
    assert_eq!(clinic.refused(&accept((4, 3)), &planner()), "GL-0026");
    let mut least = Clinic::assessed(1, 1);
    least.does(&reduce((1, 1)), &planner());
}

#[test]
fn a_critical_risk_is_neither_accepted_nor_left() {
    let clinic = Clinic::assessed(5, 5);
    assert_eq!(clinic.refused(&accept((1, 1)), &planner()), "GL-0029");
    assert_eq!(clinic.refused(&reduce((4, 5)), &planner()), "GL-0029");
    let mut reduced = Clinic::assessed(5, 5);
    reduced.does(&reduce((2, 5)), &planner());
}

#[test]
fn a_treatment_that_leaves_a_high_risk_needs_an_approval_too() {
    let mut clinic = Clinic::assessed(5, 5);
    clinic.does(&reduce((2, 5)), &planner());
    assert_eq!(clinic.refused(&put_in_force(), &operator()), "GL-0022");
    let mut lower = Clinic::assessed(5, 5);
    lower.does(&reduce((2, 3)), &planner());
    lower.does(&put_in_force(), &operator());
}

#[test]
fn due_and_review_lie_between_today_and_what_the_level_allows() {
    let clinic = Clinic::assessed(4, 4);
    let rule = clinic.method.scale.rule(Level::Critical);
    assert_eq!((rule.due_days_max, rule.review_days_max), (30, 30));
    let due = |text| {
        let Step::Plan(plan) = reduce((2, 2)) else { return reduce((2, 2)) };
        Step::Plan(guideline::risk::Plan { due: day(text), ..plan })
    };
    for wrong in ["2026-03-31", "2026-05-02"] {
        assert_eq!(clinic.refused(&due(wrong), &planner()), "GL-0027", "{wrong}");
        assert_eq!(clinic.refused(&assess(4, 4, wrong), &planner()), "GL-0027", "{wrong}");
    }
    for right in ["2026-04-01", "2026-05-01"] {
        let mut clinic = Clinic::assessed(4, 4);
        clinic.does(&due(right), &planner());
        clinic.does(&assess(4, 4, right), &planner());
    }
}

#[test]
fn today_is_the_day_in_japan() {
    let clinic = Clinic::assessed(2, 2);
    let late = by("tanaka", Actor::Planner, "2026-04-01T15:00:00Z");
    assert_eq!(clinic.refused(&assess(2, 2, "2026-04-01"), &late), "GL-0027");
}

#[test]
fn an_acceptance_is_prolonged_by_the_people_who_may_approve_of_it() {
    let mut clinic = Clinic::assessed(2, 5);
    clinic.does(&accept((1, 1)), &planner());
    clinic.does(&clinic.approval(), &executive());
    clinic.does(&put_in_force(), &operator());
    assert_eq!(clinic.refused(&review("2026-05-01"), &operator()), "GL-0024");
    let own = By { role: Actor::Executive, ..planner() };
    assert_eq!(clinic.refused(&review("2026-05-01"), &own), "GL-0025");
    // High as assessed: 90 days, whatever is hoped for.
    assert_eq!(clinic.refused(&review("2026-07-01"), &executive()), "GL-0027");
    clinic.does(&review("2026-06-30"), &executive());
    let mut reduced = Clinic::assessed(2, 3);
    reduced.does(&reduce((1, 1)), &planner());
    reduced.does(&put_in_force(), &planner());
    reduced.does(&review("2027-04-01"), &planner());
}

#[test]
fn closing_is_no_way_around_an_approval() {
    let clinic = Clinic::assessed(5, 5);
    assert_eq!(clinic.refused(&close(), &operator()), "GL-0024");
    assert_eq!(clinic.refused(&close(), &By { role: Actor::Executive, ..planner() }), "GL-0025");
    let mut avoided = Clinic::assessed(5, 5);
    let remove = measure("リモート保守をやめる", CountermeasureKind::Preventive);
    avoided.does(&Step::Plan(plan(TreatmentKind::Avoid, vec![remove], (1, 1))), &planner());
    assert_eq!(avoided.refused(&close(), &operator()), "GL-0024", "it is not in force yet");
    avoided.does(&put_in_force(), &planner());
    assert_eq!(avoided.refused(&close(), &planner()), "GL-0025");
    avoided.does(&close(), &operator());
    avoided.does(&Step::Reopen { why: "保守を再開した".into() }, &operator());
    assert_eq!(avoided.risk().status(), Status::Identified);
}

#[test]
fn what_a_risk_names_must_be_there() {
    let clinic = Clinic::assessed(3, 3);
    let mut strange = [description(), description(), description()];
    strange[0].scenario = Some("meti-mic-2.0/risk/rs-99".into());
    strange[1].assets = names(&["nowhere"]);
    strange[2].flows = names(&["nothing"]);
    for one in strange {
        assert_eq!(clinic.refused(&Step::Describe(one.clone()), &planner()), "GL-0021");
        let risk = Risk::named("new", one);
        let result = clinic.register.identify(risk, &planner(), clinic.rules());
        assert_eq!(result.unwrap_err().code().id, "GL-0021");
    }
    let mut asked = measure("対策", CountermeasureKind::Preventive);
    asked.requirement = Some("mhlw-6.0/control/99-9".into());
    let step = |requirement| Step::Plan(plan(TreatmentKind::Reduce, vec![requirement], (1, 1)));
    assert_eq!(clinic.refused(&step(asked.clone()), &planner()), "GL-0021");
    asked.requirement = Some("mhlw-6.0/control/13-1".into());
    assert!(clinic.register.take("rs-09", &step(asked), &planner(), clinic.rules()).is_ok());
    let mut suggested = Risk::named("new", description());
    suggested.suggested = vec![Suggestion { requirement: "mhlw-6.0/control/99-9".into(), kind: None }];
    let result = clinic.register.identify(suggested, &planner(), clinic.rules());
    assert_eq!(result.unwrap_err().code().id, "GL-0021");
}

#[test]
fn what_is_named_stays() {
    let mut clinic = Clinic::with_a_risk();
    let code = |result: Result<(), base::Problem>| result.unwrap_err().code().id;
    assert_eq!(code(clinic.register.remove_asset("vpn-router")), "GL-0021", "a risk names it");
    assert_eq!(code(clinic.register.remove_asset("desk")), "GL-0021", "a flow names it");
    assert_eq!(code(clinic.register.remove_flow("maintenance")), "GL-0021");
    assert_eq!(code(clinic.register.remove_asset("nowhere")), "GL-0020");
    clinic.register.remove_flow("records").unwrap();
    clinic.register.remove_asset("desk").unwrap();
    clinic.does(&close(), &executive());
    clinic.register.remove_flow("maintenance").unwrap();
    clinic.register.remove_asset("vpn-router").unwrap();
    let kept = Register::from_json(&clinic.register.to_json().to_string()).unwrap();
    assert_eq!(kept, clinic.register, "what is closed may name what has gone");
}

#[test]
fn there_is_no_step_on_a_risk_that_is_not_there() {
    let clinic = Clinic::open();
    let result = clinic.register.take("rs-09", &close(), &executive(), clinic.rules());
    assert_eq!(result.unwrap_err().code().id, "GL-0020");
}

#[test]
fn texts_are_visible_and_bounded() {
    let clinic = Clinic::assessed(3, 3);
    let long = "あ".repeat(2_001);
    for wrong in ["", " ", "二\n行", "\u{7}", long.as_str()] {
        let mut worse = description();
        worse.threat = wrong.into();
        assert_eq!(clinic.refused(&Step::Describe(worse), &planner()), "GL-0028", "{wrong:?}");
        assert_eq!(clinic.refused(&Step::Close { why: wrong.into() }, &executive()), "GL-0028");
    }
    let mut right = description();
    right.threat = "あ".repeat(2_000);
    assert!(clinic.register.take("rs-09", &Step::Describe(right), &planner(), clinic.rules()).is_ok());
    let many = vec![measure("対策", CountermeasureKind::Detective); 51];
    let step = Step::Plan(plan(TreatmentKind::Reduce, many, (1, 1)));
    assert_eq!(clinic.refused(&step, &planner()), "GL-0028");
}

#[test]
fn one_person_does_not_become_two_by_a_blank() {
    let clinic = Clinic::assessed(2, 3);
    for person in ["tanaka ", "", "田中", "tana\u{200b}ka"] {
        let step = assess(2, 3, "2026-04-30");
        assert_eq!(clinic.refused(&step, &by(person, Actor::Executive, super::clinic::MORNING)), "GL-0028");
    }
}

#[test]
fn ids_are_plain_and_stand_once() {
    let mut clinic = Clinic::with_a_risk();
    for id in ["", "RS-01", "rs 01", "リスク", &"a".repeat(65), "rs-09"] {
        let risk = Risk::named(id, description());
        let result = clinic.register.identify(risk, &planner(), clinic.rules());
        assert_eq!(result.unwrap_err().code().id, "GL-0028", "{id:?}");
    }
    let mut twice = assets();
    twice.extend(assets());
    assert_eq!(Register::read(twice, Vec::new(), Vec::new()).unwrap_err().code().id, "GL-0028");
    let mut flow = flows().remove(0);
    flow.to = End::Asset("nowhere".into());
    assert_eq!(clinic.register.put_flow(flow).unwrap_err().code().id, "GL-0021");
    let mut asset = assets().remove(0);
    asset.holds = [Information::Nothing, Information::Logs].into();
    assert_eq!(clinic.register.put_asset(asset).unwrap_err().code().id, "GL-0028");
}

#[test]
fn nothing_is_decided_about_a_risk_when_it_is_named() {
    let clinic = Clinic::assessed(2, 3);
    let mut decided = clinic.risk().clone();
    decided.id = "another".into();
    let result = clinic.register.identify(decided, &planner(), clinic.rules());
    assert_eq!(result.unwrap_err().code().id, "GL-0022");
}

/// Whoever writes into the store does not get around the rules either.
#[test]
fn a_stored_risk_that_breaks_a_rule_is_not_read() {
    let mut clinic = Clinic::assessed(2, 3);
    clinic.does(&accept((2, 3)), &planner());
    clinic.does(&clinic.approval(), &executive());
    clinic.does(&put_in_force(), &operator());
    let good = clinic.risk().clone();
    let forged = |change: &dyn Fn(&mut Risk)| {
        let mut risk = good.clone();
        change(&mut risk);
        Register::read(assets(), flows(), vec![risk]).map(|_| ()).map_err(|problem| problem.code().id)
    };
    assert_eq!(forged(&|_| ()), Ok(()));
    assert_eq!(forged(&|risk| risk.approval = None), Err("GL-0022"));
    assert_eq!(forged(&|risk| risk.assessed = None), Err("GL-0022"));
    assert_eq!(forged(&|risk| risk.review_by = None), Err("GL-0022"));
    assert_eq!(forged(&|risk| risk.treatment = None), Err("GL-0022"));
    let treated = |change: fn(&mut guideline::risk::Treatment)| {
        forged(&move |risk| risk.treatment.iter_mut().for_each(change))
    };
    assert_eq!(treated(|one| one.countermeasures.clear()), Err("GL-0023"));
    assert_eq!(treated(|one| one.residual.impact = grade(5)), Err("GL-0026"));
    assert_eq!(treated(|one| one.kind = TreatmentKind::Reduce), Err("GL-0026"));
    assert_eq!(treated(|one| one.cost = String::new()), Err("GL-0028"));
    let approved = |change: fn(&mut guideline::risk::Approval)| {
        forged(&move |risk| risk.approval.iter_mut().for_each(change))
    };
    assert_eq!(approved(|one| one.role = Actor::Planner), Err("GL-0024"));
    assert_eq!(approved(|one| one.by = "tanaka".into()), Err("GL-0025"));
    assert_eq!(forged(&|risk| risk.assets = names(&["nowhere"])), Err("GL-0021"));
    let closed =
        |role| guideline::risk::Done { by: "x".into(), role, at: Moment(planner().at.0), why: "-".into() };
    assert_eq!(forged(&|risk| risk.closed = Some(closed(Actor::User))), Err("GL-0024"));
    assert_eq!(forged(&|risk| risk.closed = Some(closed(Actor::Executive))), Ok(()));
}
