//! What expressions name: through modules, variables, outputs, `count`, `for_each` and local values.

use super::super::source::{Folders, Locals, SourceFile};
use super::*;
use std::collections::BTreeMap;

#[test]
fn a_block_stands_for_all_its_instances_and_a_key_for_one() {
    let plan = read(&document(
        &json!([
            planned("aws_subnet.a[0]"),
            planned("aws_subnet.a[1]"),
            planned("aws_x.b[0]"),
            planned("aws_x.b[1]")
        ]),
        &json!([]),
        &json!({ "resources": [
            block("aws_subnet.a", &json!({})),
            block("aws_x.b", &json!({
                "all": refs(&["aws_subnet.a"]),
                "one": refs(&["aws_subnet.a[1].id", "aws_subnet.a[1]", "aws_subnet.a"]),
                "none": refs(&["aws_subnet.a[2].id", "aws_subnet.a[2]", "aws_subnet.a"]),
                "by_number": refs(&["aws_subnet.a", "count.index"]),
            })),
        ] }),
    ));
    let references = &of(&plan, "aws_x.b[0]").references;
    assert_eq!(references["all"], ["aws_subnet.a[0]", "aws_subnet.a[1]"]);
    assert_eq!(references["one"], ["aws_subnet.a[1]"]);
    assert!(references["none"].is_empty());
    assert_eq!(references["by_number"], ["aws_subnet.a[0]", "aws_subnet.a[1]", "count.index"]);
    assert_eq!(*references, of(&plan, "aws_x.b[1]").references);
}

#[test]
fn nested_blocks_are_paths_and_what_is_not_given_is_unset() {
    let mut document = document(
        &json!([planned("aws_sg.a"), planned("aws_sg.b")]),
        &json!([]),
        &json!({ "resources": [
            block("aws_sg.a", &json!({})),
            block("aws_sg.b", &json!({
                "name": { "constant_value": "b" },
                "ingress": [
                    { "groups": refs(&["aws_sg.a.id", "aws_sg.a"]), "port": { "constant_value": 1 } },
                    { "cidr": refs(&["var.cidr"]) },
                ],
                "timeouts": { "create": refs(&["aws_sg.a"]) },
                "references": refs(&["aws_sg.a"]),
            })),
        ] }),
    );
    document["resource_changes"] = json!([{
        "address": "aws_sg.b", "mode": "managed", "type": "aws_sg", "name": "b",
        "change": { "actions": ["create"], "after_unknown": { "id": true, "ingress": true, "key": true } },
    }]);
    let plan = read(&document);
    let found = of(&plan, "aws_sg.b");
    let configured = [
        "ingress",
        "ingress.cidr",
        "ingress.groups",
        "ingress.port",
        "name",
        "references",
        "timeouts",
        "timeouts.create",
    ];
    assert_eq!(found.configured.as_deref().unwrap(), configured);
    assert_eq!(found.references["ingress.groups"], ["aws_sg.a"]);
    assert_eq!(found.references["timeouts.create"], ["aws_sg.a"]);
    assert_eq!(found.references["references"], ["aws_sg.a"]);
    assert!(found.references["ingress.cidr"].is_empty() && !found.references.contains_key("name"));
    assert_eq!(found.attribute("ingress"), crate::resource::Attribute::Unknown);
    assert_eq!(found.attribute("key"), crate::resource::Attribute::Unset);
}

/// The root calls `net` (count 2), which holds a VPC and calls `sub`, which holds a subnet and gives it out.
fn two_levels() -> Value {
    let sub = json!({
        "outputs": { "id": { "expression": refs(&["aws_subnet.s.id", "aws_subnet.s"]) } },
        "resources": [block("aws_subnet.s", &json!({ "vpc_id": refs(&["var.vpc"]) }))],
    });
    let net = json!({
        "outputs": { "subnet": { "expression": refs(&["module.sub.id", "module.sub"]) } },
        "resources": [block("aws_vpc.v", &json!({}))],
        "module_calls": { "sub": {
            "expressions": { "vpc": refs(&["aws_vpc.v.id", "aws_vpc.v"]) }, "module": sub,
        } },
    });
    let child = |at: usize| {
        json!({
            "address": format!("module.net[{at}]"),
            "resources": [planned(&format!("module.net[{at}].aws_vpc.v"))],
            "child_modules": [{
                "address": format!("module.net[{at}].module.sub"),
                "resources": [planned(&format!("module.net[{at}].module.sub.aws_subnet.s"))],
            }],
        })
    };
    document(
        &json!([planned("aws_x.one"), planned("aws_x.all")]),
        &json!([child(0), child(1)]),
        &json!({
            "resources": [
                block("aws_x.one", &json!({ "s": refs(&["module.net[1].subnet", "module.net[1]"]) })),
                block("aws_x.all", &json!({ "s": refs(&["module.net"]) })),
            ],
            "module_calls": { "net": { "count_expression": { "constant_value": 2 }, "module": net } },
        }),
    )
}

#[test]
fn outputs_are_followed_through_two_levels_and_instances_stay_apart() {
    let plan = read(&two_levels());
    let subnets = ["module.net[0].module.sub.aws_subnet.s", "module.net[1].module.sub.aws_subnet.s"];
    assert_eq!(of(&plan, "aws_x.one").references["s"], subnets[1..]);
    assert_eq!(of(&plan, "aws_x.all").references["s"], subnets);
    for (at, subnet) in subnets.iter().enumerate() {
        assert_eq!(of(&plan, subnet).references["vpc_id"], [format!("module.net[{at}].aws_vpc.v")]);
        assert_eq!(of(&plan, subnet).module, format!("module.net[{at}].module.sub"));
    }
}

#[test]
fn what_passes_through_a_module_without_resources_is_followed() {
    let label = json!({ "outputs": { "same": { "expression": refs(&["var.given"]) } } });
    let plan = read(&document(
        &json!([planned("aws_vpc.v"), planned("aws_x.a")]),
        &json!([]),
        &json!({
            "resources": [
                block("aws_vpc.v", &json!({})),
                block("aws_x.a", &json!({ "vpc": refs(&["module.label.same", "module.label"]) })),
            ],
            "module_calls": { "label": { "expressions": { "given": refs(&["aws_vpc.v"]) }, "module": label } },
        }),
    ));
    assert_eq!(of(&plan, "aws_x.a").references["vpc"], ["aws_vpc.v"]);
}

#[test]
fn the_element_of_for_each_names_what_stands_behind_it() {
    let mut caller = json!({
        "expressions": { "subnet": refs(&["each.value.subnet", "each.value"]) },
        "for_each_expression": refs(&["aws_subnet.a", "aws_subnet.b"]),
        "module": { "resources": [block("aws_x.in", &json!({ "subnet": refs(&["var.subnet"]) }))] },
    });
    caller["source"] = json!("./m");
    let mut looped =
        block("aws_x.c", &json!({ "subnet": refs(&["each.value"]), "name": refs(&["each.key"]) }));
    looped["for_each_expression"] = refs(&["aws_subnet.a"]);
    let plan = read(&document(
        &json!([planned("aws_subnet.a"), planned("aws_subnet.b"), planned(r#"aws_x.c["k.1"]"#)]),
        &json!([{ "address": r#"module.m["x.y"]"#, "resources": [planned(r#"module.m["x.y"].aws_x.in"#)] }]),
        &json!({
            "resources": [block("aws_subnet.a", &json!({})), block("aws_subnet.b", &json!({})), looped],
            "module_calls": { "m": caller },
        }),
    ));
    assert_eq!(of(&plan, r#"aws_x.c["k.1"]"#).references["subnet"], ["aws_subnet.a"]);
    assert_eq!(
        of(&plan, r#"module.m["x.y"].aws_x.in"#).references["subnet"],
        ["aws_subnet.a", "aws_subnet.b"]
    );
}

#[test]
fn what_leads_to_itself_is_undecided_and_ends() {
    let module = |other: &str| {
        json!({
            "outputs": { "out": { "expression": refs(&["var.in"]) } },
            "resources": [block("aws_x.r", &json!({ "a": refs(&["var.in"]) }))],
            "other": other,
        })
    };
    let call = |from: &str| {
        json!({
            "expressions": { "in": refs(&[&format!("module.{from}.out"), &format!("module.{from}")]) },
            "module": module(from),
        })
    };
    let plan = read(&document(
        &json!([]),
        &json!([{ "address": "module.a", "resources": [planned("module.a.aws_x.r")] }]),
        &json!({ "module_calls": { "a": call("b"), "b": call("a") } }),
    ));
    let references = &of(&plan, "module.a.aws_x.r").references["a"];
    assert!(references.iter().any(|mark| mark.starts_with("circle.")), "{references:?}");
    assert!(references.iter().all(|mark| crate::resource::is_mark(mark)));
}

#[test]
fn a_chain_longer_than_is_followed_is_undecided() {
    let calls: Map<String, Value> = (0..300)
        .map(|at| {
            let next = format!("module.c{}.o", at + 1);
            let inner = json!({ "outputs": { "o": { "expression": refs(&["var.v"]) } } });
            (format!("c{at}"), json!({ "expressions": { "v": refs(&[&next]) }, "module": inner }))
        })
        .collect();
    let plan = read(&document(
        &json!([planned("aws_x.r")]),
        &json!([]),
        &json!({
            "resources": [block("aws_x.r", &json!({ "a": refs(&["module.c0.o"]) }))],
            "module_calls": calls,
        }),
    ));
    assert_eq!(of(&plan, "aws_x.r").references["a"], ["bound.names"]);
}

#[test]
fn a_block_of_very_many_instances_stands_for_them_in_one_entry() {
    let mut resources: Vec<Value> = (0..300).map(|at| planned(&format!("aws_subnet.a[{at}]"))).collect();
    resources.push(planned("aws_x.b"));
    let plan = read(&document(
        &json!(resources),
        &json!([]),
        &json!({ "resources": [
            block("aws_subnet.a", &json!({})),
            block("aws_x.b", &json!({ "s": refs(&["aws_subnet.a"]) })),
        ] }),
    ));
    assert_eq!(of(&plan, "aws_x.b").references["s"], ["aws_subnet.a[*]"]);
    assert!(crate::resource::names("aws_subnet.a[*]", "aws_subnet.a[299]"));
    assert!(!crate::resource::names("aws_subnet.a[*]", "aws_subnet.ab[0]"));
}

#[test]
fn what_the_configuration_names_and_does_not_have_is_marked() {
    let plan = read(&document(
        &json!([planned("aws_x.a")]),
        &json!([]),
        &json!({ "resources": [
            block("aws_x.a", &json!({
                "gone": refs(&["aws_y.gone.id", "aws_y.gone"]),
                "call": refs(&["module.gone.out", "module.gone"]),
                "none": refs(&["aws_y.none"]),
                "read": refs(&["data.aws_vpc.main.id", "data.aws_vpc.main"]),
            })),
            block("aws_y.none", &json!({})),
            block("data.aws_vpc.main", &json!({})),
        ] }),
    ));
    let references = &of(&plan, "aws_x.a").references;
    assert_eq!(references["gone"], ["missing.aws_y.gone"]);
    assert_eq!(references["call"], ["missing.module.gone"]);
    assert!(references["none"].is_empty(), "a count of 0");
    assert_eq!(references["read"], ["data.aws_vpc.main"]);
}

struct Disk(BTreeMap<&'static str, Vec<(&'static str, &'static str)>>);

impl Folders for Disk {
    fn files(&self, folder: &str) -> Option<Vec<SourceFile>> {
        let files = self.0.get(folder)?;
        Some(
            files
                .iter()
                .map(|(name, text)| SourceFile { name: (*name).into(), text: (*text).into() })
                .collect(),
        )
    }
}

fn with_locals() -> Value {
    let inner = json!({ "resources": [block("aws_x.in", &json!({ "ids": refs(&["local.ids"]) }))] });
    document(
        &json!([planned("aws_subnet.a"), planned("aws_x.r")]),
        &json!([
            { "address": "module.near", "resources": [planned("module.near.aws_x.in")] },
            { "address": "module.far", "resources": [planned("module.far.aws_x.in")] },
        ]),
        &json!({
            "resources": [
                block("aws_subnet.a", &json!({})),
                block("aws_x.r", &json!({ "id": refs(&["local.first"]) })),
            ],
            "module_calls": {
                "near": { "source": "./near", "expressions": { "s": refs(&["aws_subnet.a"]) }, "module": inner },
                "far": { "source": "registry/far/aws", "expressions": { "s": refs(&["aws_subnet.a"]) }, "module": inner },
            },
        }),
    )
}

#[test]
fn without_sources_a_local_value_is_undecided() {
    let plan = read(&with_locals());
    assert_eq!(of(&plan, "aws_x.r").references["id"], ["local.first"]);
    assert_eq!(of(&plan, "module.far.aws_x.in").references["ids"], ["local.ids (module.far)"]);
}

#[test]
fn with_sources_local_values_and_dynamic_blocks_are_followed() {
    let disk = Disk(
        [
            (".", vec![("main.tf", "locals {\n first = try(local.second, null)\n second = aws_subnet.a.id\n}\nresource \"aws_x\" \"r\" {\n dynamic \"rule\" {\n  for_each = local.second\n  content {\n   id = rule.value\n  }\n }\n}\n")]),
            ("near", vec![("locals.tf", "locals {\n ids = [for s in var.s : s.id]\n}\n")]),
            (".terraform/modules", vec![("modules.json", r#"{"Modules":[{"Key":"far","Source":"x","Dir":".terraform/modules/far"}]}"#)]),
            (".terraform/modules/far", vec![("a.tf", "locals {\n ids = var.s\n}\n")]),
        ]
        .into(),
    );
    let mut locals = Locals::new(&disk);
    let plan =
        Plan::read_with_sources("plan.json", with_locals().to_string().as_bytes(), 0, &mut locals).unwrap();
    assert_eq!(plan.warnings, []);
    assert_eq!(of(&plan, "aws_x.r").references["id"], ["aws_subnet.a"]);
    assert_eq!(of(&plan, "aws_x.r").references["rule.id"], ["aws_subnet.a"]);
    assert!(of(&plan, "aws_x.r").configured.as_ref().unwrap().contains(&"rule".to_owned()));
    for module in ["near", "far"] {
        assert_eq!(of(&plan, &format!("module.{module}.aws_x.in")).references["ids"], ["aws_subnet.a"]);
    }
}

#[test]
fn sources_that_cannot_be_read_leave_local_values_undecided_with_a_warning() {
    let disk = Disk([(".", vec![("main.tf", "locals { secret-word")])].into());
    let mut locals = Locals::new(&disk);
    let plan =
        Plan::read_with_sources("plan.json", with_locals().to_string().as_bytes(), 0, &mut locals).unwrap();
    assert_eq!(of(&plan, "aws_x.r").references["id"], ["local.first"]);
    let warned: Vec<_> = plan.warnings.iter().filter_map(|warning| warning.value("module")).collect();
    assert_eq!(warned, [".", "module.far", "module.near"]);
    plan.warnings.iter().for_each(assert_whole);
    assert!(plan.warnings.iter().all(|warning| warning.code().id == "SI-0008"));
    assert!(
        !plan.warnings.iter().any(|warning| warning.text(base::Language::English).contains("secret-word"))
    );
}

/// Two groups of three instances, of which one names the other by `expression` in its source.
fn paired(expression: &str, keys: [&str; 3]) -> Plan {
    let resources: Vec<Value> = keys
        .iter()
        .flat_map(|key| [planned(&format!("aws_subnet.a{key}")), planned(&format!("aws_x.b{key}"))])
        .chain([planned("aws_x.b[3]")])
        .collect();
    let names = if expression.contains("each.key") {
        ["aws_subnet.a", "each.key"]
    } else {
        ["aws_subnet.a", "count.index"]
    };
    let document = document(
        &json!(resources),
        &json!([]),
        &json!({ "resources": [
            block("aws_subnet.a", &json!({})),
            block("aws_x.b", &json!({ "subnet": refs(&names) })),
        ] }),
    );
    let source = format!("resource \"aws_x\" \"b\" {{\n subnet = {expression}\n}}\n").leak();
    let disk = Disk([(".", vec![("main.tf", &*source)])].into());
    Plan::read_with_sources("p", document.to_string().as_bytes(), 0, &mut Locals::new(&disk)).unwrap()
}

#[test]
fn with_sources_an_instance_names_the_one_that_belongs_to_it() {
    let numbers = ["[0]", "[1]", "[2]"];
    let plan = paired("aws_subnet.a[count.index].id", numbers);
    assert_eq!(of(&plan, "aws_x.b[1]").references["subnet"], ["aws_subnet.a[1]"]);
    assert_eq!(of(&plan, "aws_x.b[3]").references["subnet"], ["missing.aws_subnet.a"]);
    let plan = paired("element(aws_subnet.a[*].id, count.index)", numbers);
    assert_eq!(of(&plan, "aws_x.b[2]").references["subnet"], ["aws_subnet.a[2]"]);
    assert_eq!(of(&plan, "aws_x.b[3]").references["subnet"], ["aws_subnet.a[0]"]);
    let plan = paired("aws_subnet.a[each.key].id", [r#"["x"]"#, r#"["y.z"]"#, r#"["]"]"#]);
    assert_eq!(of(&plan, r#"aws_x.b["y.z"]"#).references["subnet"], [r#"aws_subnet.a["y.z"]"#]);
}

#[test]
fn sources_that_name_something_else_than_the_plan_do_not_count() {
    let plan = paired("aws_other.a[count.index].id", ["[0]", "[1]", "[2]"]);
    assert_eq!(
        of(&plan, "aws_x.b[1]").references["subnet"],
        ["aws_subnet.a[0]", "aws_subnet.a[1]", "aws_subnet.a[2]", "count.index"]
    );
}
