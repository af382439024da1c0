//! Values and marks: what is kept, what is hidden, which resources count.

use super::*;
use crate::resource::{Attribute, SENSITIVE};

fn change(address: &str, change: &Value) -> Value {
    let mut made = planned(address);
    made["change"] = change.clone();
    made.as_object_mut().unwrap().remove("values");
    made
}

fn with_values(address: &str, values: &Value) -> Value {
    let mut made = planned(address);
    made["values"] = values.clone();
    made
}

#[test]
fn unknown_sensitive_and_unset_are_told_apart() {
    let mut document = json!({
        "format_version": "1.2",
        "planned_values": { "root_module": { "resources": [with_values("aws_x.a", &json!({
            "known": 1, "null": null, "list": [{ "secret": "hush", "open": 2 }], "word": "hush",
        }))] } },
    });
    document["resource_changes"] = json!([change(
        "aws_x.a",
        &json!({
            "actions": ["create"],
            "after": { "ignored": true },
            "after_unknown": { "id": true, "list": [{ "open": false }], "known": false },
            "after_sensitive": { "word": true, "list": [{ "secret": true }] },
        })
    )]);
    let plan = read(&document);
    let found = of(&plan, "aws_x.a");
    assert_eq!(found.attribute("known"), Attribute::Known(&json!(1)));
    assert_eq!(found.attribute("id"), Attribute::Unknown);
    assert_eq!(found.attribute("null"), Attribute::Unset);
    assert_eq!(found.attribute("word"), Attribute::Sensitive);
    assert_eq!(found.values["list"], json!([{ "secret": SENSITIVE, "open": 2 }]));
    assert_eq!(found.unknown, json!({ "id": true }));
    assert!(!format!("{plan:?}").contains("hush"));
}

#[test]
fn sections_may_come_in_any_order() {
    let resource = with_values("aws_x.a", &json!({ "a": 1, "s": "hush" })).to_string();
    let changed = change(
        "aws_x.a",
        &json!({
            "actions": ["create"], "after": { "a": 1, "s": "hush" }, "after_unknown": { "id": true },
            "after_sensitive": { "s": true },
        }),
    );
    let configured = json!({ "resources": [block("aws_x.a", &json!({ "a": refs(&["aws_x.a"]) }))] });
    let sections = [
        r#""format_version":"1.2""#.to_owned(),
        format!(r#""planned_values":{{"root_module":{{"resources":[{resource}]}}}}"#),
        format!(r#""resource_changes":[{changed}]"#),
        format!(r#""configuration":{{"root_module":{configured}}}"#),
    ];
    let texts = (0..4).flat_map(|turn| {
        let mut turned = sections.clone();
        turned.rotate_left(turn);
        let forward = format!("{{{}}}", turned.join(","));
        turned.reverse();
        [forward, format!("{{{}}}", turned.join(","))]
    });
    let plans: Vec<Plan> = texts.map(|text| Plan::read("p", text.as_bytes(), 0).unwrap()).collect();
    for plan in &plans {
        assert_eq!(plan.resources, plans[0].resources);
    }
    assert_eq!(plans[0].resources[0].values, json!({ "a": 1, "s": SENSITIVE }));
    assert_eq!(plans[0].resources[0].references["a"], ["aws_x.a"]);
}

#[test]
fn deleted_and_deposed_objects_are_left_out_and_forgotten_ones_are_told() {
    let plan = read(&json!({
        "format_version": "1.2",
        "planned_values": { "root_module": { "resources": [planned("aws_x.kept")] } },
        "resource_changes": [
            change("aws_x.gone", &json!({ "actions": ["delete"], "after": null, "after_unknown": false })),
            change("aws_x.left", &json!({ "actions": ["forget"], "after": null })),
            { "address": "aws_x.kept", "deposed": "1234", "mode": "managed", "type": "aws_x", "name": "kept",
              "change": { "actions": ["no-op"], "after_unknown": { "all": true } } },
            change("aws_x.only", &json!({ "actions": ["update"], "after": { "a": 1 } })),
        ],
    }));
    let addresses: Vec<_> = plan.resources.iter().map(|resource| resource.address.as_str()).collect();
    assert_eq!(addresses, ["aws_x.kept", "aws_x.only"]);
    assert_eq!(of(&plan, "aws_x.only").values, json!({ "a": 1 }));
    assert_eq!(of(&plan, "aws_x.kept").unknown, json!({}));
    assert_eq!(plan.warnings.len(), 1);
    assert_eq!(plan.warnings[0].code().id, "SI-0009");
}

#[test]
fn data_resources_are_marked_and_read_ones_come_from_the_prior_state() {
    let plan = read(&json!({
        "format_version": "1.2",
        "planned_values": { "root_module": { "resources": [planned("aws_x.a")] } },
        "prior_state": { "format_version": "1.0", "values": { "root_module": { "resources": [
            with_values("data.aws_vpc.main", &json!({ "id": "vpc-1" })),
            with_values("data.aws_vpc.old", &json!({ "id": "vpc-2" })),
            with_values("aws_x.past", &json!({})),
        ] } } },
        "configuration": { "root_module": { "resources": [
            block("aws_x.a", &json!({ "vpc": refs(&["data.aws_vpc.main.id", "data.aws_vpc.main"]) })),
            block("data.aws_vpc.main", &json!({})),
        ] } },
    }));
    let addresses: Vec<_> = plan.resources.iter().map(|resource| resource.address.as_str()).collect();
    assert_eq!(addresses, ["aws_x.a", "data.aws_vpc.main"]);
    let read = of(&plan, "data.aws_vpc.main");
    assert_eq!((read.kind.as_str(), read.is_data()), ("data.aws_vpc", true));
    assert_eq!(of(&plan, "aws_x.a").references["vpc"], ["data.aws_vpc.main"]);
}

#[test]
fn a_state_has_no_configuration() {
    let plan = read(&json!({
        "format_version": "1.0",
        "terraform_version": "1.11.4",
        "values": { "root_module": { "child_modules": [{
            "resources": [{
                "address": "module.a.aws_x.b[0]", "mode": "managed", "type": "aws_x", "name": "b", "index": 0,
                "provider_name": "registry.terraform.io/hashicorp/aws",
                "values": { "secret": "hush", "id": "x" }, "sensitive_values": { "secret": true },
            }],
            "address": "module.a",
        }] } },
    }));
    assert!(plan.is_state);
    let found = of(&plan, "module.a.aws_x.b[0]");
    assert_eq!(found.module, "module.a");
    assert_eq!(found.provider, "registry.terraform.io/hashicorp/aws");
    assert_eq!(found.values, json!({ "secret": SENSITIVE, "id": "x" }));
    assert_eq!((found.configured.is_none(), found.references.len()), (true, 0));
}

#[test]
fn a_plan_that_says_nothing_of_marks_is_judged_by_names() {
    let plan = read(&json!({
        "format_version": "0.1",
        "planned_values": { "root_module": { "resources": [
            with_values("aws_db.a", &json!({ "password": "hush", "port": 1 })),
        ] } },
    }));
    assert_eq!(of(&plan, "aws_db.a").attribute("password"), Attribute::Sensitive);
    assert!(!format!("{plan:?}").contains("hush"));
}

#[test]
fn an_empty_state_and_a_plan_of_a_part_are_read_with_a_warning() {
    let empty = read(&json!({ "format_version": "1.0" }));
    assert!(empty.is_state && empty.resources.is_empty());
    assert_eq!(empty.warnings.len(), 1);
    let part = read(&json!({
        "format_version": "1.2", "errored": true, "complete": false,
        "planned_values": { "root_module": { "resources": [planned("aws_x.a")] } },
    }));
    assert_eq!(part.warnings.len(), 2);
}
