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

/// Nothing is exported at night.
const GOOD: &str = r#"@id("night")
@reason_ja("夜間は閲覧できません。")
@reason_en("Not at night.")
forbid (principal, action == Action::"export", resource)
when { context.hour < 6 };
"#;

#[tokio::test]
async fn policies_that_do_not_fit_are_told_with_line_and_column() {
    let bench = Bench::new().await;
    bench.run(json!({ "command": "law-check", "text": GOOD })).await;
    for (bad, place) in [
        ("permit (principal, action, resource)\nwhen {", "line 2 "),
        ("\n\npermit (principal, action, resource) when { principal.shoeSize == 3 };", "line 3 "),
    ] {
        for given in [json!({ "command": "law-check", "text": bad }), proposing(bad)] {
            let problem = bench.try_run(given).await.unwrap_err();
            assert_eq!(problem.code().id, "ID-0034", "{bad}");
            assert!(problem.place().unwrap().starts_with(place), "{bad}: {:?}", problem.place());
            for (language, word) in [(base::Language::English, "line"), (base::Language::Japanese, "行")] {
                let text = problem.text(language);
                assert!(text.contains(word) && !text.contains('{'), "{text}");
            }
        }
    }
    assert_eq!(waiting(&shown(&bench).await), 0);
}

#[tokio::test]
async fn policies_after_which_nobody_could_change_them_are_refused() {
    let bench = Bench::new().await;
    bench.set("zones", "office=192.168.10.0/24").await;
    let forbid = |command: &str, when: &str| {
        format!("@id(\"x\") forbid (principal, action == Action::\"{command}\", resource) {when};")
    };
    for command in ["law-propose", "law-approve"] {
        assert_eq!(bench.refused(proposing(&forbid(command, ""))).await, "ID-0038", "{command}");
        let elsewhere = forbid(command, "unless { principal.zone == \"office\" }");
        bench.run(proposing(&elsewhere)).await;
    }
    bench.run(proposing(&forbid("policy-set", ""))).await;
}

#[tokio::test]
async fn the_law_in_force_is_that_of_this_facility() {
    let mut bench = Bench::new().await;
    let one = operator(&bench, "one").await;
    let proposal = proposed(&bench, &one.actor, &remark("ward")).await;
    for round in 0..3 {
        let own = bench.door().who(&one, crate::bench::address("192.0.2.1"));
        let foreign = access::Who { facility: "momiji".to_owned(), ..own.clone() };
        let may = |who: &access::Who| {
            let on = access::Resource::of_kind("Facility");
            let action = access::Action::command("account-list");
            bench.door().law().law().decide(who, action, &on, &access::Context::default()).is_ok()
        };
        assert!(may(&own) && !may(&foreign), "{round}");
        if round == 0 {
            bench.run(approving(&proposal)).await;
        } else {
            bench.reopen();
        }
    }
}

#[tokio::test]
async fn a_kept_law_that_this_program_does_not_understand_keeps_the_door_shut() {
    use store::{Act, Batch, Change, Expected};
    let bench = Bench::new().await;
    let body = r#"{"resourceType":"AkashiLaw","id":"law","meta":{"versionId":"1","lastUpdated":"2026-04-01T00:00:00Z"},"format":1,"body":{"text":"permit (principal, action, resource) when { principal.shoeSize == 3 };","proposed_by":"a","approved_by":"b","reason":"x","since":"2026-04-01T00:00:00Z"}}"#;
    let act = Act::Put { render: Box::new(move |_, _| body.into()), terms: Vec::new() };
    let key = base::RecordKey::parse("AkashiLaw/law").unwrap();
    let change = Change::of_identity(key, Expected::Absent, act).unwrap();
    let batch = Batch::new(crate::bench::console(), vec![change]);
    bench.store().append_identities(batch).await.unwrap();
    let opened = identity::Identity::open(
        bench.store(),
        std::sync::Arc::<base::ManualClock>::clone(&bench.clock),
        std::sync::Arc::new(base::SystemEntropy),
        bench.settings.clone(),
    );
    let problem = opened.err().unwrap();
    assert_eq!(problem.code().id, "ID-0035");
    assert!(problem.text(base::Language::English).contains("line 1"));
}

/// Whoever may give a command by the table may give it by the default set, and nobody else.
#[tokio::test]
async fn the_default_set_gives_commands_as_the_table_says() {
    use identity::kept::Duty;
    let bench = Bench::new().await;
    let law = bench.door().law().law();
    for row in identity::COMMANDS {
        let action = access::Action::command(row.name);
        assert!(law.knows(action), "{}", row.name);
        for duty in Duty::ALL {
            let who = access::Who {
                kind: access::WhoKind::Person,
                account: "somebody".to_owned(),
                occupation: Some("clerk"),
                duties: [duty.word()].into(),
                fresh: true,
                ..access::Who::unknown("sakura")
            };
            let on = access::Resource::of_kind("Facility");
            let given = law.decide(&who, action, &on, &access::Context::default()).is_ok();
            assert_eq!(given, row.duties.contains(duty), "{} by {}", row.name, duty.word());
        }
    }
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

/// At night nurses create no observations, never do they create flags, and clerks see care plans.
const OWN: &str = r#"@id("night") @reason_ja("夜間は記載できません。") @reason_en("Not at night.")
forbid (principal in Staff::"nursing", action == Action::"create", resource == Record::"Observation")
when { context.hour < 6 };
@id("flags") @reason_ja("医師が記載します。") @reason_en("Doctors do.")
forbid (principal in Staff::"nursing", action == Action::"create", resource == Record::"Flag");
@id("plans") permit (principal in Staff::"office", action in Action::"consult", resource == Record::"CarePlan");
"#;

fn role<'a>(matrix: &'a Value, word: &str) -> &'a Value {
    matrix["roles"].as_array().unwrap().iter().find(|one| one["role"] == word).unwrap()
}

fn changed(matrix: &Value) -> Vec<&str> {
    let otherwise = |one: &&Value| one["changes"] != json!([]) || one["others_gained"] != json!([]);
    matrix["roles"]
        .as_array()
        .unwrap()
        .iter()
        .filter(otherwise)
        .filter_map(|one| one["role"].as_str())
        .collect()
}

#[tokio::test]
async fn who_may_do_what_is_told_by_the_law_in_force_and_as_a_proposal_would_change_it() {
    let bench = Bench::new().await;
    let matrix = |more: Value| {
        let mut given = json!({ "command": "law-matrix" });
        given.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        given
    };
    let plain = bench.run(matrix(json!({}))).await;
    assert_eq!((&plain["compared_with"], &plain["own_policies"]), (&json!("default"), &json!(false)));
    assert!(changed(&plain).is_empty());
    let operator_may = role(&plain, "operator")["others"].as_array().unwrap();
    assert!(operator_may.contains(&json!("law-propose")) && !operator_may.contains(&json!("audit")));

    let (one, other) = (operator(&bench, "one").await, operator(&bench, "other").await);
    let id = text(&by(&bench, &one.actor, proposing(OWN)).await.unwrap(), "/proposal").to_owned();
    let proposal = bench.run(matrix(json!({ "proposal": id }))).await;
    assert_eq!(proposal["compared_with"], "in-force");
    assert_eq!(proposal["conditions"], json!(["hour"]));
    let nursing = ["nurse", "assistant-nurse", "public-health-nurse", "midwife"];
    let otherwise = [&nursing[..], &["clerk"]].concat();
    assert_eq!(changed(&proposal), otherwise, "a medical clerk sees care plans by the default set");
    let gained = &role(&proposal, "clerk")["changes"][0];
    assert_eq!(gained["types"], json!(["CarePlan"]));
    assert!(gained["gained"].as_array().unwrap().contains(&json!("read")) && gained["lost"] == json!([]));
    let lost = json!({ "types": ["Flag"], "gained": [], "lost": ["create"] });
    assert_eq!(role(&proposal, "nurse")["changes"], json!([lost]), "it is noon");
    assert!(changed(&bench.run(matrix(json!({}))).await).is_empty(), "a proposal changes nothing");

    by(&bench, &other.actor, approving(&id)).await.unwrap();
    let in_force = bench.run(matrix(json!({}))).await;
    assert_eq!((changed(&in_force), &in_force["own_policies"]), (otherwise, &json!(true)));
}

#[tokio::test]
async fn a_table_is_refused_for_what_there_is_not() {
    let bench = Bench::new().await;
    bench.set("zones", "office=192.168.10.0/24").await;
    for wrong in [json!({ "zone": "ward" }), json!({ "hour": 24 }), json!({ "weekday": 0 })] {
        let mut given = json!({ "command": "law-matrix" });
        given.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
        assert_eq!(bench.refused(given).await, "ID-0019", "{wrong}");
    }
    let unknown = json!({ "command": "law-matrix", "proposal": "0123456789abcdef0123456789abcdef" });
    assert_eq!(bench.refused(unknown).await, "ID-0036");
}
