//! Files that are cut, of another form, too deep or too large.

use super::*;

#[test]
fn a_plan_that_ends_too_early_is_refused_wherever_it_ends() {
    let text = Made::guarded(json!({"ingress": []})).json().to_string();
    run("every beginning of a plan", || {
        for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
            let code = code(&text[..end]);
            assert!(code.starts_with("SI-000"), "{end}: {code}");
        }
    });
}

#[test]
fn an_unknown_version_of_the_form_is_named() {
    for version in ["2.0", "1", "", "9999999999999999999999.1", "1.99999999999999999999"] {
        let text = Made::network().json().to_string();
        let text = text.replace("\"format_version\":\"1.2\"", &format!("\"format_version\":\"{version}\""));
        let Err(problem) = Plan::read("plan.json", text.as_bytes(), 0) else { panic!("{version}") };
        assert!(["SI-0002", "SI-0003"].contains(&problem.code().id), "{version}: {problem:?}");
    }
}

#[test]
fn sections_that_are_no_objects_are_refused_or_hold_nothing() {
    for section in ["planned_values", "values", "configuration", "resource_changes", "prior_state"] {
        for value in ["1", "\"x\"", "[1]", "[[]]", "{\"root_module\": 3}", "{\"root_module\": [1]}", "null"] {
            let text =
                format!("{{\"format_version\": \"1.2\", \"planned_values\": {{}}, \"{section}\": {value}}}");
            if let Ok(plan) = Plan::read("plan.json", text.as_bytes(), 0) {
                check(None, &[plan]);
            }
        }
    }
}

#[test]
fn modules_a_thousand_deep_are_refused_with_a_reason() {
    let (mut head, mut tail) = (String::new(), String::new());
    for _ in 0..1_000 {
        head.push_str("{\"child_modules\": [");
        tail.push_str("]}");
    }
    let text =
        format!("{{\"format_version\": \"1.2\", \"planned_values\": {{\"root_module\": {head}{tail}}}}}");
    run("modules a thousand deep", || assert!(code(&text).starts_with("SI-000")));
}

#[test]
fn calls_of_modules_a_thousand_deep_are_refused_with_a_reason() {
    let (mut head, mut tail) = (String::new(), String::new());
    for _ in 0..1_000 {
        head.push_str("{\"module_calls\": {\"a\": {\"module\": ");
        tail.push_str("}}}");
    }
    let text = format!(
        "{{\"format_version\": \"1.2\", \"planned_values\": {{}}, \"configuration\": {{\"root_module\": {head}{{}}{tail}}}}}"
    );
    run("calls a thousand deep", || assert!(code(&text).starts_with("SI-000")));
}

#[test]
fn lists_nested_without_end_do_not_exhaust_the_stack() {
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    for place in ["values", "variables", "configuration", "planned_values", "x"] {
        let text = format!("{{\"format_version\": \"1.2\", \"planned_values\": {{}}, \"{place}\": {deep}}}");
        if let Ok(plan) = Plan::read("plan.json", text.as_bytes(), 0) {
            check(None, &[plan]);
        }
    }
}

#[test]
fn outputs_and_variables_that_lead_in_circles_are_marked() {
    let text = json!({
        "format_version": "1.2",
        "planned_values": {"root_module": {"child_modules": [{"address": "module.a", "resources": [
            {"address": "module.a.aws_subnet.x", "mode": "managed", "type": "aws_subnet", "name": "x", "values": {}}]}]}},
        "configuration": {"root_module": {"module_calls": {
            "a": {"expressions": {"v": {"references": ["module.a.o", "module.a"]}},
                  "module": {"outputs": {"o": {"expression": {"references": ["var.v"]}}}, "variables": {"v": {}},
                             "resources": [{"address": "aws_subnet.x", "mode": "managed", "type": "aws_subnet", "name": "x",
                                            "expressions": {"vpc_id": {"references": ["var.v"]}}}]}}}}},
    });
    let plan = Plan::read("plan.json", text.to_string().as_bytes(), 0).unwrap();
    let references = &plan.resources[0].references["vpc_id"];
    assert!(references.iter().all(|one| one.starts_with("circle.")), "{references:?}");
    check(None, &[plan]);
}

#[test]
fn a_description_that_ends_too_early_is_refused_or_read_and_checked() {
    let text = description::template("small-hospital").unwrap().text;
    run("beginnings of a description", || {
        for end in (0..text.len()).step_by(797).filter(|end| text.is_char_boundary(*end)) {
            match description::read("site.yaml", &text[..end]) {
                Err(problems) => assert!(!problems.is_empty(), "{end}"),
                Ok(site) => drop(checked(Some(&site), &[])),
            }
        }
    });
}

#[test]
fn a_description_of_more_bytes_or_values_than_are_read_is_refused_and_one_of_four_megabytes_is_looked_at() {
    let head = "format: akashi-site/1\nfacility: { name: 架空, kind: clinic }\nzones:\n";
    let row = |number: usize| format!("  - {{ id: z{number}, kind: medical }}\n");
    let mut text = head.to_owned();
    let mut number = 0;
    while text.len() < 4 * 1024 * 1024 - 100 {
        text.push_str(&row(number));
        number += 1;
    }
    let zones =
        run("four megabytes of zones", || description::read("site.yaml", &text).map(|site| site.zones.len()));
    assert!(zones.is_ok_and(|zones| zones == number));
    text.push_str(&"#".repeat(description::BYTES_MAX));
    let many = format!("{head}  - {{ id: a, kind: medical, ranges: [{}] }}\n", "1,".repeat(1_600_000));
    for text in [text, many] {
        let problems = run("too much", || description::read("site.yaml", &text).unwrap_err());
        assert_eq!((problems.len(), problems[0].code().id), (1, "SI-0020"));
    }
    // One line, one scalar, and anchors that multiply.
    for body in [
        "a: ".to_owned() + &"x".repeat(4_000_000),
        "[".repeat(1_000_000),
        "[".repeat(250) + &"]".repeat(250),
        "a: {".repeat(250) + &"}".repeat(250),
        "? ".repeat(1_000_000),
        (0..2_000).map(|depth| " ".repeat(depth) + "a:\n").collect(),
        "a: {".repeat(500_000),
        "- ".repeat(1_000_000),
        "a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e]\ng: [*f,*f,*f,*f,*f,*f,*f,*f]\n".to_owned(),
    ] {
        let begin: String = body.chars().take(20).collect();
        run(&begin, || assert!(!description::read("site.yaml", &body).unwrap_err().is_empty()));
    }
}
