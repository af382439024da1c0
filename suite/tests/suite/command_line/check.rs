//! `akashi check`: a description and plans as somebody checks them, what is told, and with which exit status.

use super::Site;
use super::assess::{assess, fact};
use roxmltree::Document;
use serde_json::{Value, json};
use testkit::Ended;

/// Something required is violated; something required is undecided.
const VIOLATED: i32 = 3;
const UNDECIDED: i32 = 4;

/// A plan of one network with a database that is open to the internet, and one thing that nobody models.
fn plan() -> Value {
    let resource = |kind: &str, name: &str, values: Value| {
        json!({
            "address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": name,
            "provider_name": "registry.terraform.io/hashicorp/aws", "values": values,
        })
    };
    let open =
        json!([{ "cidr_blocks": ["0.0.0.0/0"], "from_port": 5432, "to_port": 5432, "protocol": "tcp" }]);
    json!({
        "format_version": "1.2", "terraform_version": "1.11.4",
        "values": { "root_module": { "resources": [
            resource("aws_vpc", "main", json!({ "id": "vpc-1", "cidr_block": "10.0.0.0/16" })),
            resource("aws_subnet", "front", json!({ "id": "subnet-1", "vpc_id": "vpc-1", "cidr_block": "10.0.1.0/24" })),
            resource("aws_internet_gateway", "main", json!({ "id": "igw-1", "vpc_id": "vpc-1" })),
            resource("aws_route_table", "front", json!({
                "id": "rtb-1", "vpc_id": "vpc-1", "route": [{ "cidr_block": "0.0.0.0/0", "gateway_id": "igw-1" }],
            })),
            resource("aws_route_table_association", "front", json!({ "subnet_id": "subnet-1", "route_table_id": "rtb-1" })),
            resource("aws_security_group", "db", json!({ "id": "sg-1", "vpc_id": "vpc-1", "ingress": open, "egress": [] })),
            resource("aws_db_subnet_group", "db", json!({ "id": "dbs", "name": "dbs", "subnet_ids": ["subnet-1"] })),
            resource("aws_db_instance", "records", json!({
                "id": "records", "db_subnet_group_name": "dbs", "vpc_security_group_ids": ["sg-1"], "port": 5432,
                "publicly_accessible": true, "storage_encrypted": false,
                "password": "canary-8a1f", "tags": { "akashi:holds": "clinical-record" },
            })),
            resource("aws_networkmanager_core_network", "wide", json!({ "id": "core-1" })),
        ] } },
    })
}

fn run(site: &Site, line: &str) -> Ended {
    site.akashi(line).run()
}

fn checked(site: &Site, line: &str, code: i32) -> String {
    let ended = run(site, line);
    assert_eq!(ended.code, Some(code), "{line}: {ended:?}");
    ended.out
}

/// A folder with the description of a small hospital as it is often found.
fn small_hospital() -> Site {
    let site = Site::empty();
    let text = site.good("check --template small-hospital").out;
    site.write("site.yaml", text);
    site
}

#[test]
fn a_newcomer_is_told_on_one_screen_what_is_wrong_and_what_to_do_first() {
    let site = small_hospital();
    for (language, says) in
        [("ja", ["まず行うこと", "攻撃経路", "違反"]), ("en", ["Do these first", "Attack paths", "violated"])]
    {
        let shown = checked(&site, &format!("check site.yaml --language {language}"), VIOLATED);
        for part in says {
            assert!(shown.contains(part), "{language}: {part} is not in\n{shown}");
        }
        assert!(shown.lines().count() <= 60, "{} lines:\n{shown}", shown.lines().count());
    }
    let all = checked(&site, "check site.yaml --all", VIOLATED);
    assert!(all.lines().count() > 200 && all.contains("auth.one-factor"), "{all}");
}

#[test]
fn every_reference_architecture_can_be_written_and_checked_and_violates_nothing_required() {
    let site = Site::empty();
    let list = site.good("check --templates").out;
    let names: Vec<&str> = list.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.len() >= 12, "{list}");
    for name in names {
        let text = site.good(&format!("check --template {name}")).out;
        site.write(&format!("{name}.yaml"), text);
        let ended = run(&site, &format!("check {name}.yaml --format json"));
        let told: Value = serde_json::from_str(&ended.out).unwrap();
        let wrong: Vec<&Value> =
            told["findings"].as_array().unwrap().iter().filter(|one| one["verdict"] == "violated").collect();
        if name == "small-hospital" {
            assert_eq!((ended.code, wrong.len() > 40), (Some(VIOLATED), true));
        } else {
            assert!(ended.code == Some(0) || ended.code == Some(UNDECIDED), "{name}: {:?}", ended.code);
            assert!(wrong.is_empty(), "{name}: {wrong:?}");
        }
    }
    let init = site.good("check --init").out;
    site.write("init.yaml", init);
    assert_ne!(run(&site, "check init.yaml").code, Some(1), "the example can be checked as it is");
}

#[test]
fn the_same_input_gives_the_same_bytes_in_every_form_that_others_read() {
    let site = small_hospital();
    site.write("plan.json", plan().to_string());
    for form in ["json", "sarif", "html"] {
        let line = format!("check site.yaml --plan plan.json --format {form}");
        let first = checked(&site, &line, VIOLATED);
        assert_eq!(first, checked(&site, &line, VIOLATED), "{form}");
        assert!(!first.contains("canary-8a1f"), "a secret of the plan in {form}");
        match form {
            "html" => assert!(first.contains("<svg") && !first.contains("<script"), "{form}"),
            _ => assert!(serde_json::from_str::<Value>(&first).is_ok(), "{form}"),
        }
    }
    let sarif: Value =
        serde_json::from_str(&checked(&site, "check site.yaml --format sarif", VIOLATED)).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let place = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "site.yaml");
    assert!(place["region"]["startLine"].as_u64().unwrap() > 1);
    checked(&site, "check site.yaml --format html --out page.html", VIOLATED);
    let page = site.text("page.html");
    let svg = &page[page.find("<svg").unwrap()..page.rfind("</svg>").unwrap() + "</svg>".len()];
    Document::parse(svg).unwrap_or_else(|error| panic!("the picture is no XML: {error}"));
    site.refused("check site.yaml --format html --out page.html", "AK-0010", "page.html");
}

#[test]
fn a_plan_alone_shows_the_open_road_and_lists_what_was_modelled() {
    let site = Site::empty();
    site.write("plan.json", plan().to_string());
    let shown = checked(&site, "check --plan plan.json --all --language en", VIOLATED);
    for part in
        ["aws_db_instance.records", "aws_db_instance.publicly_accessible", "aws_networkmanager_core_network"]
    {
        assert!(shown.contains(part), "{part} is not in\n{shown}");
    }
    assert!(!shown.contains("canary-8a1f"));
    let path = "check --plan plan.json --path internet aws_db_instance.records --language en";
    let open = checked(&site, path, VIOLATED);
    assert!(open.contains("TCP 5432") && open.contains("aws_security_group.db"), "{open}");
    let mut closed = plan();
    let resources = closed["values"]["root_module"]["resources"].as_array_mut().unwrap();
    let gateway = resources.iter().position(|one| one["type"] == "aws_internet_gateway").unwrap();
    resources.remove(gateway);
    resources.iter_mut().find(|one| one["type"] == "aws_route_table").unwrap()["values"]["route"] = json!([]);
    site.write("plan.json", closed.to_string());
    let shut = checked(&site, path, 0);
    assert!(shut.contains("does not reach"), "{shut}");
    let modelled = site.good("check --modelled").out;
    assert!(modelled.contains("aws_ec2_transit_gateway") && modelled.contains("google_"), "{modelled}");
}

#[test]
fn one_question_is_answered_with_hops_or_with_what_keeps_it_closed() {
    let site = small_hospital();
    let open = checked(&site, "check site.yaml --path ehr-vendor-site ehr-server --language en", VIOLATED);
    assert!(open.starts_with("Yes") && open.contains("ehr-vpn"), "{open}");
    let json = checked(&site, "check site.yaml --path ehr-vendor-site ehr-server --format json", VIOLATED);
    let told: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(told["answer"]["reached"], true);
    site.refused("check site.yaml --path ehr-vendor-sit ehr-server", "AK-0020", "ehr-vendor-site");
}

#[test]
fn a_finding_is_explained_with_its_remedy_and_an_unknown_one_is_refused() {
    let site = small_hospital();
    let shown = checked(&site, "check site.yaml --explain auth.one-factor --language ja", VIOLATED);
    for part in ["auth.one-factor", "site.yaml:", "mhlw-"] {
        assert!(shown.contains(part), "{part} is not in\n{shown}");
    }
    site.refused("check site.yaml --explain auth.no-such", "AK-0021", "auth.no-such");
}

#[test]
fn what_a_planned_change_does_is_compared_between_files_and_between_phases() {
    let site = small_hospital();
    site.write("better.yaml", site.good("check --template two-networks-hospital").out);
    let shown = run(&site, "check --compare site.yaml better.yaml --language en");
    assert!(shown.out.contains("before") && shown.out.contains("better.yaml"), "{shown:?}");
    let json = run(&site, "check --compare site.yaml better.yaml --format json");
    let told: Value = serde_json::from_str(&json.out).unwrap();
    let gone = told["findings"]["gone"].as_array().unwrap_or_else(|| panic!("{told:#}"));
    assert!(gone.len() > 30, "{} are gone", gone.len());
    site.write("move.yaml", site.good("check --template cloud-move").out);
    let phases = run(&site, "check move.yaml --compare now target --format json");
    assert_ne!(phases.code, Some(1), "{phases:?}");
    site.refused("check move.yaml --compare now target --format sarif", "AK-0022", "");
}

#[test]
fn wrong_input_is_told_with_its_place_and_nothing_is_judged() {
    let site = small_hospital();
    site.refused("check", "AK-0019", "akashi check --init");
    site.refused("check no.yaml", "ST-", "no.yaml");
    site.refused("check --template small-clinic", "SI-0024", "small-hospital");
    let text = site.text("site.yaml");
    site.write("wrong.yaml", text.replacen("kind: medical", "kind: medicine", 1));
    site.refused("check wrong.yaml", "SI-0021", "wrong.yaml");
    site.write("sjis.yaml", [0x83_u8, 0x65, 0x83, 0x58]);
    site.refused("check sjis.yaml", "AK-0018", "sjis.yaml");
    let whole = plan().to_string();
    site.write("half.json", &whole[..whole.len() / 2]);
    site.refused("check --plan half.json", "SI-0001", "half.json");
    let newer = whole.replacen("\"1.2\"", "\"9.0\"", 1);
    site.write("newer.json", newer);
    site.refused("check --plan newer.json", "SI-0002", "9.0");
    site.refused(
        "check --plan half.json --plan half.json --plan half.json --source . --source .",
        "AK-0017",
        "",
    );
}

#[test]
fn what_a_check_shows_decides_requirements_of_the_infrastructure() {
    let site = Site::sakura();
    let sakura = |line: &str| run(&site, line);
    site.write("bad.yaml", site.good("check --template small-hospital").out);
    site.write("good.yaml", site.good("check --template two-networks-hospital").out);
    let verdicts = |told: &Value| -> Vec<(String, String)> {
        let all = told["verdicts"].as_array().unwrap().iter();
        all.map(|one| (one["requirement"].to_string(), one["verdict"].to_string())).collect()
    };
    let before = verdicts(&assess(&site, "--edition mhlw-6.0"));
    let kept = sakura("check bad.yaml --keep --data data --language en");
    assert_eq!(kept.code, Some(VIOLATED), "{kept:?}");
    assert!(kept.err.contains("kept"), "{kept:?}");
    assert_eq!(fact(&site, "site.devices.malware_protected"), Some(false.into()));
    let bad = verdicts(&assess(&site, "--edition mhlw-6.0"));
    let good = verdicts(&assess(&site, "--edition mhlw-6.0 --site good.yaml"));
    assert_eq!(fact(&site, "site.devices.malware_protected"), Some(true.into()));
    let differ = |one: &[(String, String)], other: &[(String, String)]| {
        one.iter().zip(other).filter(|(one, other)| one.1 != other.1).count()
    };
    assert!(
        differ(&before, &bad) > 0 && differ(&bad, &good) > 0,
        "{} {}",
        differ(&before, &bad),
        differ(&bad, &good)
    );
    let kept = sakura("check good.yaml --phase target --keep --data data");
    assert_eq!(kept.code, Some(1), "{kept:?}");
    let proposed = site.json("risk propose");
    let ids = proposed["proposed"].as_array().unwrap();
    assert!(ids.iter().any(|id| id.as_str().unwrap().starts_with("stride-")), "{proposed}");
}
