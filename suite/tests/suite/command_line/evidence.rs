//! `akashi document`, `attest`, `risk` and the forms of `assess`: what a facility brings forward, at its console.

use super::{Site, good};
use serde_json::Value;

/// The verdict on one requirement, and what else `assess` says of it.
fn verdict(site: &Site, edition: &str, id: &str) -> Value {
    let line = format!("assess --data data --edition {edition} --format json");
    let told: Value = serde_json::from_str(&site.akashi(&line).run().out).unwrap();
    let found = told["verdicts"].as_array().unwrap().iter().find(|one| one["requirement"] == id);
    found.unwrap_or_else(|| panic!("{id}")).clone()
}

fn added(site: &Site, more: &str) -> Value {
    let line = format!("document add --title 図 --document-version 1 --owner 情報管理室 {more}");
    site.json(&line)
}

#[test]
fn a_document_is_registered_listed_and_no_longer_counts_once_its_file_changed() {
    let site = Site::sakura();
    site.write("docs/network.txt", "第1版");
    site.refused("document add --data data --kind network_diagram --title 図 --document-version 1 --file docs/none --owner 情報", "ST-", "none");
    let made = added(&site, "--kind network_diagram --file docs/network.txt --approved-by 院長");
    assert_eq!(made["standing"], "counts");
    assert!(made["place"]["file"].as_str().unwrap().starts_with('/'), "an absolute path: {made}");
    let listed = site.good("document list --data data --language ja");
    assert!(listed.out.contains("有効") && listed.out.contains("情報管理室"), "{listed:?}");
    let missing = site.good("document kinds --data data --missing");
    assert!(!missing.out.contains("network_diagram"), "{missing:?}");
    site.write("docs/network.txt", "第2版");
    let listed = site.good("document list --data data --language ja");
    assert!(listed.out.contains("ファイルが登録時と異なる"), "{listed:?}");
    let id = made["id"].as_str().unwrap();
    site.refused(&format!("document approve {id} --data data --by 院長"), "EV-0006", "--replaces");
    let next = added(&site, &format!("--kind network_diagram --file docs/network.txt --replaces {id}"));
    assert_eq!(next["standing"], "not-approved");
    site.good(&format!("document approve {} --data data --by 院長", next["id"].as_str().unwrap()));
    let all = site.json("document list");
    assert_eq!(all["documents"].as_array().unwrap().len(), 2);
    site.good(&format!("document withdraw {} --data data --reason 廃止", next["id"].as_str().unwrap()));
    assert!(site.good("document list --data data --language en").out.contains("no documents"));
    site.refused(
        "document add --data data --kind no_such --title a --document-version 1 --shelf 棚 --owner b",
        "EV-0004",
        "no_such",
    );
    site.not_understood(
        "document add --data data --kind bcp --title a --document-version 1 --owner b",
        "--shelf",
    );
}

#[test]
fn a_template_is_written_with_what_the_system_knows() {
    let site = Site::sakura();
    site.good("document template account_rules --data data --facility-name さくら医院 --out rules.md");
    let text = site.text("rules.md");
    assert!(text.contains("さくら医院") && text.contains("これは案です") && !text.contains("{{"), "{text}");
    site.refused("document template account_rules --data data --out rules.md", "AK-", "rules.md");
    site.refused("document template contract_vendor --data data", "EV-0012", "contract_vendor");
}

#[test]
fn answers_and_exclusions_decide_and_are_shown_with_their_grounds() {
    let site = Site::sakura();
    let id = "mhlw-6.0/governance/3.2.2-1";
    assert_eq!(verdict(&site, "mhlw-6.0", id)["verdict"], "needs-a-person");
    let open = site.good("attest list --data data --open --language ja");
    assert!(open.out.contains("person.training_held") && open.out.contains("未回答"), "{open:?}");
    site.good("attest answer training_held はい --data data --name 事務長");
    added(&site, "--kind training_record --shelf 事務室 --approved-by 院長");
    let told = verdict(&site, "mhlw-6.0", id);
    assert!(["met", "partly", "needs-a-person"].contains(&told["verdict"].as_str().unwrap()), "{told}");
    assert!(told["decided_by"].as_array().unwrap().iter().any(|key| key == "person.training_held"), "{told}");
    site.refused("attest answer runtime.journal.halted no --data data --name 事務長", "EV-0007", "");
    site.refused("attest answer training_held 3 --data data --name 事務長", "GL-0006", "training_held");
    let excluded = "mhlw-6.0/control/13-1";
    site.good(&format!("attest exclude {excluded} --data data --reason 使わない --name 院長"));
    let explained = site.good(&format!("assess --data data --explain {excluded} --language ja"));
    assert!(explained.out.contains("対象外") && explained.out.contains("使わない"), "{explained:?}");
    for (format, file) in [("html", "page.html"), ("oscal", "results.json")] {
        site.akashi(&format!(
            "assess --data data --edition mhlw-6.0 --format {format} --language ja --out {file}"
        ))
        .run();
        let text = site.text(file);
        assert!(text.contains("使わない") && text.contains("決定者：院長"), "why and who in {format}");
    }
    site.good(&format!("attest include {excluded} --data data"));
    site.refused(&format!("attest include {excluded} --data data"), "EV-0010", excluded);
}

#[test]
fn an_assessment_of_before_is_shown_as_it_was() {
    let site = Site::sakura();
    let read = |more: &str| -> Value {
        let ended = site.akashi(&format!("assess --data data --edition mhlw-6.0 --format json {more}")).run();
        serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error}: {ended:?}"))
    };
    let first = read("");
    site.good("attest exclude mhlw-6.0/control/13-1 --data data --reason 使わない --name 院長");
    let second = read("");
    assert_ne!(first["verdicts"], second["verdicts"]);
    let at = first["at"].as_str().unwrap();
    assert_eq!(read(&format!("--at {at}"))["verdicts"], first["verdicts"]);
    site.refused("assess --data data --edition mhlw-6.0 --at 2020-01-01", "EV-0008", "+09:00");
}

#[test]
fn an_assessment_leaves_as_a_page_and_as_oscal() {
    let site = Site::sakura();
    let assess = |more: &str| {
        let ended = site.akashi(&format!("assess --data data --edition mhlw-6.0 {more}")).run();
        assert_eq!(ended.code, Some(1), "{ended:?}");
    };
    assess("--format html --language ja --out page.html");
    let page = site.text("page.html");
    assert!(
        page.to_lowercase().starts_with("<!doctype html>")
            && page.contains("mhlw-6.0")
            && !page.contains("<script")
    );
    site.refused("assess --data data --out table.txt", "AK-0016", "--format");
    assess("--format oscal --out results.json");
    let results: Value = serde_json::from_str(&site.text("results.json")).unwrap();
    let findings = results["assessment-results"]["results"][0]["findings"].as_array().unwrap().len();
    assert_eq!(findings, 203);
}

#[test]
fn a_risk_is_entered_assessed_planned_and_approved_by_an_executive_only() {
    let site = Site::sakura();
    site.good("account create inchou --data data --name 院長 --occupation doctor --duty executive");
    site.good("account create sato --data data --name 佐藤 --occupation clerk --duty planner");
    site.good("risk asset emr --data data --name サーバー --kind server --holds clinical-record --where facility --owner 情報");
    site.good("risk flow lab --data data --name 検査 --from emr --to-outside 検査会社 --carries clinical-record --by internet --crosses-boundary");
    let named = site.json("risk propose");
    assert!(named["proposed"].as_array().unwrap().iter().any(|id| id == "rs-01"), "{named}");
    let day = |days: i64| {
        let now = base::Clock::now(&base::SystemClock).plus_seconds(days * 86_400);
        guideline::Day::of(now).to_string()
    };
    site.good(&format!(
        "risk assess rs-01 --data data --likelihood 2 --impact 3 --why 例がある --review-by {}",
        day(60)
    ));
    let plan = format!(
        "risk plan rs-01 --data data --kind accept --why 費用 --cost なし --owner 情報 --due {} --left-likelihood 2 --left-impact 3 --left-why 同じ",
        day(30)
    );
    site.refused(&format!("{plan} --measure preventive:鍵"), "GL-0023", "rs-01");
    site.good(&format!("{plan} --measure detective:点検"));
    site.refused("risk approve rs-01 --data data --why 妥当", "EV-0015", "--by");
    site.refused("risk approve rs-01 --data data --why 妥当 --by sato", "EV-0014", "sato");
    site.good("risk approve rs-01 --data data --why 妥当 --by inchou");
    let shown = site.good("risk show rs-01 --data data --language ja");
    assert!(shown.out.contains("承認") && shown.out.contains("inchou"), "{shown:?}");
    site.good("risk export --data data --out risks.csv");
    assert!(site.text("risks.csv").starts_with('\u{feff}'));
    let journal = site.journal();
    assert!(journal.position("AkashiRisk/rs-01", 3).is_some(), "each step is an entry");
    site.refused("risk show rs-99 --data data", "GL-0020", "rs-99");
    site.not_understood(
        "risk asset x --data data --name a --kind spaceship --where facility --owner b",
        "spaceship",
    );
}

#[test]
fn a_facilitys_own_rules_are_assessed_by_and_wrong_ones_stop_the_start() {
    let site = Site::sakura();
    site.write("foreign.json", include_str!("material/foreign-catalog.json"));
    site.good("catalogue import foreign.json --edition clinic-9 --out rules");
    site.refused("catalogue import foreign.json --edition clinic-9 --out rules", "AK-", "rules");
    let rules = site.path("rules").display().to_string();
    let assess = |more: &str| {
        site.akashi(&format!("assess --data data --edition clinic-9 {more}"))
            .env("AKASHI_GUIDELINE_RULES", &rules)
            .run()
    };
    let told: Value = serde_json::from_str(&assess("--format json").out).unwrap();
    assert_eq!(told["verdicts"].as_array().unwrap().len(), 2, "{told}");
    assert_eq!(told["verdicts"][0]["verdict"], "needs-a-person");
    site.refused("assess --data data --edition clinic-9", "GL-0004", "clinic-9");
    site.write("rules/checks.yaml", "format: akashi-checks/1\nchecks: [\n");
    let serve =
        site.akashi("serve --data data --listen 127.0.0.1:0").env("AKASHI_GUIDELINE_RULES", &rules).run();
    assert!(
        serve.code == Some(1) && serve.err.contains("GL-0001") && serve.err.contains("checks.yaml"),
        "{serve:?}"
    );
}

#[test]
fn the_guidelines_leave_as_oscal_and_come_back() {
    let site = Site::empty();
    let listed = site.good("catalogue list --language ja");
    assert!(listed.out.contains("mhlw-7.0") && listed.out.contains("228"), "{listed:?}");
    site.good("catalogue export --edition mhlw-6.0 --out mhlw.json");
    site.good("catalogue import mhlw.json --edition mhlw-6.0 --out back");
    assert!(site.path("back/mhlw-6.0/control.yaml").exists());
    site.refused("catalogue export --edition mhlw-5.0 --out x.json", "GL-0004", "mhlw-7.0");
    good("nothing is left", site.akashi("catalogue list").run());
    assert!(!site.path("x.json").exists());
}
