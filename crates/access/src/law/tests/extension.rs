//! What a facility adds: what it may do, and what is wrong with what it must not.

use super::*;

fn faults(text: &str) -> Vec<LawFault> {
    Law::with(text).unwrap_err()
}

#[test]
fn a_facility_permits_more_and_its_policies_carry_its_name() {
    let text = r#"
        // 診療情報管理士: 文書の参照
        @id("medical-records-office")
        permit (principal == Account::"me", action in Action::"consult", resource == Record::"DocumentReference");
        permit (principal, action == Action::"read", resource == Record::"Flag") when { principal.zone == "ward" };
    "#;
    let law = Law::with(text).unwrap();
    let clerk = person("clerk");
    let policies = decide(&law, &clerk, Action::READ, "DocumentReference").unwrap();
    assert_eq!(policies.to_vec(), ["facility/medical-records-office"]);
    let other = Who { account: "other".to_owned(), ..clerk.clone() };
    decide(&law, &other, Action::READ, "DocumentReference").unwrap_err();
    let ward = Who { zone: "ward".to_owned(), ..clerk.clone() };
    assert_eq!(decide(&law, &ward, Action::READ, "Flag").unwrap().to_vec(), ["facility/2"]);
    decide(&law, &clerk, Action::READ, "Flag").unwrap_err();
    assert_eq!((law.extension(), law.texts().extension), (text, text));
}

#[test]
fn a_facility_forbids_more_with_its_own_reason() {
    let law = Law::with(
        r#"@id("night") @reason_ja("夜間は受け付けません。") @reason_en("Not at night.")
           forbid (principal in Staff::"office", action == Action::"create", resource == Record::"Appointment")
           when { context.hour < 6 };
           forbid (principal, action == Action::"create", resource == Record::"Account");"#,
    );
    let law = law.unwrap();
    let clerk = person("clerk");
    let at = |hour| Context { hour, ..Context::default() };
    let create = |kind, hour| law.decide(&clerk, Action::CREATE, &Resource::of_kind(kind), &at(hour));
    let refusal = create("Appointment", 5).unwrap_err();
    assert_eq!(refusal.policies.to_vec(), ["facility/night"]);
    assert_eq!(
        (refusal.english.as_str(), refusal.japanese.as_str()),
        ("Not at night.", "夜間は受け付けません。")
    );
    create("Appointment", 6).unwrap();
    let refusal = create("Account", 12).unwrap_err();
    assert_eq!(refusal.english, "A rule of the facility forbids it.");
}

#[test]
fn nothing_that_a_facility_adds_switches_a_forbid_off() {
    let law = Law::with("permit (principal, action, resource);").unwrap().at("demo");
    let labels = ["R".to_owned()];
    let restricted = Resource { patient_labels: &labels, ..Resource::of_kind("Observation") };
    let context = Context::default();
    let forbidden = [
        (person("doctor"), Action::READ, restricted),
        (person("doctor"), Action::CREATE, Resource::of_kind("AuditEvent")),
        (who(WhoKind::Maintenance), Action::READ, Resource::of_kind("Patient")),
        (who(WhoKind::Unknown), Action::READ, Resource::of_kind("Patient")),
        (who(WhoKind::Unknown), Action::command("facts"), Resource::of_kind("Facility")),
        (who(WhoKind::Service), Action::READ, Resource::of_kind("Patient")),
        (who(WhoKind::Device), Action::command("facts"), Resource::of_kind("Facility")),
        (Who { app: Some("app".to_owned()), ..person("doctor") }, Action::READ, Resource::of_kind("Patient")),
        (
            Who { facility: "other".to_owned(), ..person("doctor") },
            Action::READ,
            Resource::of_kind("Patient"),
        ),
    ];
    for (who, action, on) in forbidden {
        let refusal = law.decide(&who, action, &on, &context).unwrap_err();
        assert!(!refusal.policies.iter().any(|id| id.starts_with("facility/")), "{refusal:?}");
        assert!(!refusal.policies.is_empty(), "{refusal:?}");
    }
    decide(&law, &person("clerk"), Action::READ, "Observation").unwrap();
}

#[test]
fn what_does_not_follow_the_grammar_is_shown_with_its_place() {
    let found =
        faults("permit (principal, action, resource);\n\n  // 医師\n  permit (principal action, resource);");
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].place, Some((4, 21)));
    assert!(found[0].english.contains("grammar") && found[0].japanese.contains("文法"), "{found:?}");
    assert_eq!(faults("permit")[0].place, Some((1, 7)));
}

#[test]
fn what_the_schema_does_not_know_is_shown_with_its_place() {
    let wrong = [
        ("permit (principal, action, resource) when { principal.age > 3 };", "属性", (1, 45)),
        ("permit (principal, action == Action::\"look-up\", resource);", "操作", (1, 30)),
        ("permit (principal, action, resource)\nwhen { resource.author == principal };", "has", (2, 8)),
        ("permit (principal, action, resource) when { context.hour == \"5\" };", "型", (1, 45)),
        ("permit (principal, action, resource is Patient);", "種類", (1, 40)),
        (
            "forbid (principal, action, resource) when { resource has author && resource.author.kind == \"x\" };",
            "属性",
            (1, 68),
        ),
    ];
    for (text, japanese, place) in wrong {
        let found = faults(text);
        assert!(found.iter().any(|fault| fault.japanese.contains(japanese)), "{text}: {found:?}");
        assert_eq!(found[0].place, Some(place), "{text}: {found:?}");
        assert!(found[0].english.is_ascii() && !found[0].english.contains("policy0"), "{found:?}");
    }
}

#[test]
fn what_never_applies_is_a_fault() {
    let text = "permit (principal, action, resource) when { context.hour > 3 && false };";
    assert!(faults(text)[0].japanese.contains("当てはまりません"), "{:?}", faults(text));
    let misspelt = [
        r#"permit (principal in Staff::"nurses", action, resource);"#,
        r#"permit (principal, action, resource in Types::"lab");"#,
        r#"permit (principal, action, resource) when { resource == Record::"Patients" };"#,
        r#"permit (principal, action, resource == Record::"Patient/1");"#,
    ];
    for text in misspelt {
        assert!(faults(text)[0].english.contains("which there is not"), "{text}: {:?}", faults(text));
    }
}

#[test]
fn names_are_proper_and_given_once() {
    let policy = |id: &str| format!("@id(\"{id}\") permit (principal, action, resource);");
    for id in ["", "Night", "a/b", "夜間", &"a".repeat(65)] {
        assert!(faults(&policy(id))[0].english.contains("64"), "{id}");
    }
    let twice = policy("night") + &policy("night");
    assert!(faults(&twice)[0].english.contains("Two policies have the id facility/night"));
    let law = Law::with(&policy("restricted")).unwrap();
    assert_eq!(law.policies.num_of_policies(), Law::builtin().policies.num_of_policies() + 1);
}

#[test]
fn templates_and_what_is_too_long_or_too_deep_are_refused() {
    assert!(faults("permit (principal == ?principal, action, resource);")[0].english.contains("Templates"));
    let long = "// x\n".repeat(20_000);
    assert!(faults(&long)[0].japanese.contains("65536"));
    let nested = |open: &str, close: &str, times: usize| {
        format!(
            "permit (principal, action, resource)\nwhen {{ {}true{} }};",
            open.repeat(times),
            close.repeat(times)
        )
    };
    for (open, close) in [("(", ")"), ("[", "]"), ("!(", ")"), ("if true then ", " else false"), ("-", "")] {
        let found = faults(&nested(open, close, 2_000));
        assert!(found[0].japanese.contains("入れ子") && found[0].place.unwrap().0 == 2, "{open}: {found:?}");
    }
    for more in [" || context.fresh", " == true", " && !context.app", ".a", " has a", " + 1"] {
        let found = faults(&nested("", &more.repeat(9_000 / more.len() * 4), 1));
        assert!(found[0].english.contains("operators"), "{more}: {found:?}");
    }
}

#[test]
fn what_is_as_nested_as_it_may_be_is_read() {
    let chain = |sign: &str| format!("context.app{}", format!(" {sign} context.app").repeat(120));
    let brackets = format!("{}context.app{}", "(".repeat(31), ")".repeat(31));
    let ifs = format!("{}context.app{}", "if context.app then ".repeat(31), " else false".repeat(31));
    for condition in [chain("||"), chain("&&"), brackets, ifs] {
        let text = format!("permit (principal, action, resource) when {{ {condition} }};");
        let law = Law::with(&text.repeat(5)).unwrap();
        decide(&law, &person("clerk"), Action::READ, "Observation").unwrap_err();
    }
    let quoted = format!(
        "@reason_en(\"{}\\\"(\") permit (principal, action, resource); // {}",
        "((".repeat(100),
        "[".repeat(100)
    );
    Law::with(&quoted).unwrap();
}

#[test]
fn an_empty_text_adds_nothing() {
    for text in ["", " \n", "// まだありません\n"] {
        let law = Law::with(text).unwrap();
        assert_eq!(law.policies, Law::builtin().policies);
    }
}

#[test]
fn a_policy_that_cannot_be_evaluated_refuses() {
    let overflow = "context.hour * 9223372036854775807 > 0";
    let permit = format!(
        "permit (principal, action == Action::\"read\", resource);
         permit (principal, action == Action::\"read\", resource) when {{ {overflow} }};"
    );
    let forbid = format!(
        "permit (principal, action == Action::\"read\", resource);
         forbid (principal, action == Action::\"read\", resource) when {{ {overflow} }};"
    );
    for text in [permit, forbid] {
        let law = Law::of(&text).unwrap();
        assert_eq!(decide(&law, &person("doctor"), Action::READ, "Flag").unwrap_err(), Refusal::faulty());
    }
}
