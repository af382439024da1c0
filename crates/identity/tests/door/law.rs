//! The law in two hands: one proposes, another approves, and nothing else puts it in force.

use crate::bench::{Bench, Way, command, id, text};
use identity::door::Caller;
use serde_json::{Value, json};
use store::{Actor, ActorKind};

/// Policies that every version of the law takes: none, with a remark that tells texts apart.
fn remark(said: &str) -> String {
    format!("// {said}\n")
}

fn proposing(text: &str) -> Value {
    json!({ "command": "law-propose", "text": text, "reason": "病棟ごとの見直し" })
}

fn approving(proposal: &str) -> Value {
    json!({ "command": "law-approve", "proposal": proposal })
}

async fn by(bench: &Bench, actor: &Actor, given: Value) -> Result<Value, base::Problem> {
    bench.door().perform(actor, command(given).unwrap()).await
}

async fn operator(bench: &Bench, id: &str) -> Caller {
    let operator = bench.operator(id).await;
    operator.session(bench, &Way::bearer()).await.0
}

/// The id of a new proposal.
async fn proposed(bench: &Bench, actor: &Actor, said: &str) -> String {
    let proposal = by(bench, actor, proposing(said)).await.unwrap();
    text(&proposal, "/proposal").to_owned()
}

async fn shown(bench: &Bench) -> Value {
    bench.run(json!({ "command": "law-show" })).await
}

fn waiting(shown: &Value) -> usize {
    shown["proposals"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_proposal_is_in_force_once_another_person_approves_it_and_after_a_restart() {
    let mut bench = Bench::new().await;
    let (one, other) = (operator(&bench, "one").await, operator(&bench, "other").await);
    let law = remark("ward");
    let (in_force, proposal) = (bench.door().law(), proposed(&bench, &one.actor, &law).await);
    assert_eq!(text(&shown(&bench).await, "/extension"), "", "a proposal changes nothing");
    assert_eq!(in_force.law().extension(), "");
    by(&bench, &other.actor, approving(&proposal)).await.unwrap();
    assert_eq!(in_force.law().extension(), law, "for whoever holds the law already");
    for _ in 0..2 {
        let shown = shown(&bench).await;
        assert_eq!(text(&shown, "/extension"), law);
        assert_eq!((text(&shown, "/proposed_by"), text(&shown, "/approved_by")), ("one", "other"));
        assert_eq!((text(&shown, "/reason"), waiting(&shown)), ("病棟ごとの見直し", 0));
        assert_eq!(bench.door().law().law().extension(), law);
        bench.reopen();
    }
}

#[tokio::test]
async fn whoever_proposed_cannot_approve_and_the_console_is_one_person() {
    let mut bench = Bench::new().await;
    let one = operator(&bench, "one").await;
    let own = proposed(&bench, &one.actor, &remark("own")).await;
    let of_console = text(&bench.run(proposing(&remark("console"))).await, "/proposal").to_owned();
    for _ in 0..2 {
        assert_eq!(id(by(&bench, &one.actor, approving(&own)).await), "ID-0037");
        assert_eq!(bench.refused(approving(&of_console)).await, "ID-0037");
        assert_eq!(bench.door().law().law().extension(), "");
        bench.reopen();
    }
    bench.run(approving(&own)).await;
    assert_eq!(text(&shown(&bench).await, "/approved_by"), "console");
}

#[tokio::test]
async fn a_machine_is_no_second_person() {
    let bench = Bench::new().await;
    let proposal = text(&bench.run(proposing("")).await, "/proposal").to_owned();
    for kind in [ActorKind::Service, ActorKind::Device, ActorKind::Unknown] {
        let machine = Actor::new(kind, "machine");
        assert_eq!(id(by(&bench, &machine, proposing("")).await), "ID-0029");
        assert_eq!(id(by(&bench, &machine, approving(&proposal)).await), "ID-0029");
    }
}

#[tokio::test]
async fn approving_one_proposal_ends_the_others() {
    let mut bench = Bench::new().await;
    let one = operator(&bench, "one").await;
    let first = proposed(&bench, &one.actor, &remark("first")).await;
    let second = proposed(&bench, &one.actor, &remark("second")).await;
    assert_eq!(waiting(&shown(&bench).await), 2);
    bench.run(approving(&second)).await;
    for _ in 0..2 {
        assert_eq!(waiting(&shown(&bench).await), 0);
        assert_eq!(bench.refused(approving(&first)).await, "ID-0036", "it would take the second one back");
        bench.reopen();
    }
}

#[tokio::test]
async fn a_proposal_ends_after_seven_days_or_when_it_is_withdrawn() {
    let mut bench = Bench::new().await;
    let one = operator(&bench, "one").await;
    let old = proposed(&bench, &one.actor, &remark("old")).await;
    bench.pass(7 * 86_400 - 1);
    assert_eq!(waiting(&shown(&bench).await), 1);
    let new = proposed(&bench, &one.actor, &remark("new")).await;
    bench.pass(1);
    for _ in 0..2 {
        assert_eq!(waiting(&shown(&bench).await), 1);
        assert_eq!(bench.refused(approving(&old)).await, "ID-0036");
        bench.reopen();
    }
    bench.run(json!({ "command": "law-withdraw", "proposal": new })).await;
    for _ in 0..2 {
        assert_eq!(bench.refused(approving(&new)).await, "ID-0036");
        bench.reopen();
    }
    assert_eq!(bench.refused(json!({ "command": "law-withdraw", "proposal": new })).await, "ID-0036");
    assert_eq!(bench.door().law().law().extension(), "");
}

#[tokio::test]
async fn as_many_proposals_wait_as_somebody_can_read() {
    let bench = Bench::new().await;
    for _ in 0..20 {
        bench.run(proposing("")).await;
    }
    assert_eq!(bench.refused(proposing("")).await, "ID-0039");
    bench.pass(7 * 86_400);
    bench.run(proposing("")).await;
}

#[tokio::test]
async fn a_text_too_long_or_without_a_reason_is_no_proposal() {
    let bench = Bench::new().await;
    let long = "/".repeat(64 * 1024 + 1);
    assert_eq!(bench.refused(proposing(&long)).await, "ID-0034");
    assert_eq!(bench.refused(json!({ "command": "law-check", "text": long })).await, "ID-0034");
    for reason in ["", " ", "a\nb", &"x".repeat(201)] {
        let propose = json!({ "command": "law-propose", "text": "", "reason": reason });
        assert_eq!(bench.refused(propose).await, "ID-0034", "{reason:?}");
    }
    assert_eq!(bench.run(json!({ "command": "law-check", "text": "" })).await["good"], true);
    assert_eq!(waiting(&shown(&bench).await), 0);
}

#[tokio::test]
async fn a_law_that_was_not_written_is_not_in_force() {
    let mut bench = Bench::new().await;
    let one = operator(&bench, "one").await;
    let proposal = proposed(&bench, &one.actor, &remark("ward")).await;
    bench.journal_refuses(true);
    assert_eq!(bench.refused(approving(&proposal)).await, "ST-0002");
    bench.journal_refuses(false);
    for _ in 0..2 {
        assert_eq!(bench.door().law().law().extension(), "");
        assert_eq!(waiting(&shown(&bench).await), 1);
        bench.reopen();
    }
}

#[tokio::test]
async fn two_who_approve_at_once_do_not_both_do_so() {
    let bench = Bench::new().await;
    let (one, other) = (operator(&bench, "one").await, operator(&bench, "other").await);
    let proposal = text(&bench.run(proposing(&remark("ward"))).await, "/proposal").to_owned();
    let (first, second) = tokio::join!(
        by(&bench, &one.actor, approving(&proposal)),
        by(&bench, &other.actor, approving(&proposal))
    );
    let mut outcomes = [id(first), id(second)];
    outcomes.sort_unstable();
    assert_eq!(outcomes, ["ID-0036", "none"]);
}

#[tokio::test]
async fn those_who_may_approve_are_told_and_the_proposer_is_not() {
    let bench = Bench::new().await;
    let (one, other) = (operator(&bench, "one").await, operator(&bench, "other").await);
    let nurse = bench.person("sato").await.session(&bench, &Way::bearer()).await.0;
    let proposal = proposed(&bench, &one.actor, "").await;
    let told = bench.door().notices(&other);
    assert_eq!(
        told.iter().map(|one| (one.kind, one.id.as_str())).collect::<Vec<_>>(),
        [("law-proposal", proposal.as_str())]
    );
    assert!(told[0].en.contains("one ") && told[0].ja.contains("one "));
    assert!(bench.door().notices(&one).is_empty() && bench.door().notices(&nurse).is_empty());
    bench.pass(7 * 86_400);
    assert!(bench.door().notices(&other).is_empty());
}
