//! `akashi account`: while the server runs and while it does not.

use super::{Site, good};
use testkit::{Akashi, Process};

/// Both ways to a facility: with a server that runs, and without.
fn both(test: impl Fn(&Site)) {
    let alone = Site::sakura();
    test(&alone);
    let served = Site::sakura();
    let process = serve(&served);
    test(&served);
    let ended = stop(process);
    assert!(!ended.contains("佐藤") && !ended.contains("山田"), "names are not logged: {ended}");
    assert!(
        !ended.contains(" ERROR ") && !ended.contains(" WARN "),
        "a refusal is no fault of the server: {ended}"
    );
    served.good("verify --data data");
}

fn serve(site: &Site) -> Process {
    site.akashi("serve --data data --listen 127.0.0.1:0").serve().0
}

/// Ends the server, and gives its log.
fn stop(process: Process) -> String {
    process.signal("TERM");
    good("serve", process.wait()).err
}

fn create(site: &Site, more: &str) -> String {
    site.good(&format!("account create {more} --data data")).out
}

#[test]
fn an_account_goes_through_its_life_with_the_server_running_and_without() {
    both(|site| {
        create(site, "dr-sato --name 佐藤花子 --occupation doctor --duty operator --duty planner");
        create(site, "dr-yama --name 山田太郎 --occupation doctor --duty operator");
        let all = site.json("account list");
        assert_eq!(all["accounts"].as_array().unwrap().len(), 2);
        let shown = site.json("account show dr-sato");
        assert_eq!((&shown["name"], &shown["occupation_ja"]), (&"佐藤花子".into(), &"医師".into()));
        site.good("account change dr-sato --occupation nurse --no-duty --data data");
        let changed = site.json("account show dr-sato");
        assert_eq!(
            (&changed["occupation"], changed["duties"].as_array().unwrap().len()),
            (&"nurse".into(), 0)
        );
        site.good("account disable dr-sato --reason 退職 --data data");
        let disabled = site.json("account show dr-sato");
        assert_eq!((&disabled["state"], &disabled["disabled_because"]), (&"disabled".into(), &"退職".into()));
        site.good("account enable dr-sato --data data");
        assert_eq!(site.json("account show dr-sato")["state"], "active");
        assert_eq!(site.json("account unlock dr-sato")["unlocked"], true);
        assert_eq!(site.json("account end-sessions dr-sato")["ended"], 0);
        assert_eq!(site.json("account list --unused-days 1")["accounts"].as_array().unwrap().len(), 0);
    });
}

#[test]
fn a_machine_has_a_key_and_a_maintenance_a_work_order() {
    both(|site| {
        create(site, "analyser-1 --kind device --name 分析装置");
        let given = site.json("account key analyser-1 --label night");
        assert!(given["key"].as_str().unwrap().len() > 30);
        let listed = &site.json("account show analyser-1")["factor_list"][0];
        assert_eq!(listed["label"], "night");
        assert!(!listed.to_string().contains(given["key"].as_str().unwrap()));
        let factor = listed["factor"].as_str().unwrap().to_owned();
        site.good(&format!("account remove-factor analyser-1 {factor} --data data"));
        assert!(site.json("account show analyser-1")["factor_list"].as_array().unwrap().is_empty());
        create(
            site,
            "m-1 --kind maintenance --name 鈴木一郎 --work-order W-1 --company 保守 --from 2026-04-01T09:00 --until 2026-04-02",
        );
        let order = site.json("account show m-1")["work_order"].clone();
        assert_eq!(order["from"], "2026-04-01T00:00:00.000000Z");
        assert_eq!(order["until"], "2026-04-01T15:00:00.000000Z");
    });
}

#[test]
fn what_a_facility_refuses_is_told_with_its_code_in_the_language_of_the_terminal() {
    both(|site| {
        create(site, "dr-sato --name 佐藤花子 --occupation doctor");
        create(site, "tablet --kind device --name T");
        for (line, code, en, ja) in [
            ("account create dr-sato --name S --occupation nurse", "ID-0009", "choose another id", "別の id"),
            ("account show nobody", "ID-0010", "no account nobody", "ありません"),
            ("account create x --name S", "ID-0011", "a person has an occupation", "職種は人に必要"),
            ("account invite tablet", "ID-0029", "accounts of people", "人のアカウント"),
            ("account key dr-sato", "ID-0030", "devices and services", "機器・サービス"),
            ("account remove-factor dr-sato x", "ID-0012", "no factor x", "要素 x"),
        ] {
            let line = format!("{line} --data data");
            site.refused(&line, code, en);
            site.refused(&format!("{line} --language ja"), code, ja);
        }
    });
}

#[test]
fn an_invitation_shows_code_link_and_qr_code_once_and_the_log_has_none_of_it() {
    let site = Site::sakura();
    let base = "https://records.example.jp";
    let line = "account create dr-sato --name 佐藤花子 --occupation doctor --invite --data data";
    let alone = site.akashi(line).env("AKASHI_SERVER_BASE_URL", base).run();
    let alone = good(line, alone);
    assert!(
        alone.out.contains(&format!("{base}/f/sakura/invitation/")) && alone.out.contains('█'),
        "{alone:?}"
    );
    let server = site
        .akashi("serve --data data --listen 127.0.0.1:0")
        .env("AKASHI_SERVER_BASE_URL", base)
        .env("AKASHI_LOG_LEVEL", "trace");
    let (process, _) = server.serve();
    let invited = site.json("account invite dr-sato --hours 1");
    let (code, link) = (invited["code"].as_str().unwrap(), invited["link"].as_str().unwrap());
    assert_eq!(link, format!("{base}/f/sakura/invitation/{code}"));
    assert_eq!(site.json("account show dr-sato")["invited"], true);
    let log = stop(process);
    assert!(log.contains("account-invite") && !log.contains(code), "{log}");
}

#[test]
fn without_a_public_address_an_invitation_is_a_code_and_says_why() {
    let site = Site::sakura();
    let line = "account create dr-sato --name 佐藤花子 --occupation doctor --invite --data data";
    let ended = site.good(line);
    assert!(ended.err.contains("server.base_url") && !ended.out.contains('█'), "{ended:?}");
    assert!(site.good(&format!("{line} --language ja").replace("dr-sato", "dr-b")).out.contains("コード"));
}

#[test]
fn the_list_is_aligned_and_in_the_language_of_the_terminal() {
    let site = Site::sakura();
    create(&site, "dr-sato --name 佐藤花子 --occupation doctor --duty operator");
    create(&site, "t --kind device --name Tablet");
    let english = site.good("account list --data data").out;
    let japanese = site.good("account list --data data --language ja").out;
    assert!(english.contains("doctor") && english.contains("never"), "{english}");
    for word in ["アカウント", "医師", "システム運用担当者", "機器", "有効"] {
        assert!(japanese.contains(word), "{word}: {japanese}");
    }
    // A Japanese character is two columns wide and three bytes long.
    let columns = |text: &str| text.chars().map(|one| if one.is_ascii() { 1 } else { 2 }).sum::<usize>();
    let at = |out: &str, words: &[&str]| {
        let places = out.lines().map(|line| {
            let word = words.iter().find(|word| line.contains(**word)).unwrap_or_else(|| panic!("{line}"));
            columns(line.split(word).next().unwrap())
        });
        places.collect::<std::collections::BTreeSet<usize>>().len()
    };
    assert_eq!(at(&english, &["kind", "person", "device"]), 1, "{english}");
    assert_eq!(at(&japanese, &["種類", "人  ", "機器"]), 1, "{japanese}");
}

#[test]
fn a_name_with_spaces_and_quotes_stands_as_it_was_given() {
    let site = Site::sakura();
    let name = "佐藤 \"花子\" \\ 'x'";
    let arguments =
        ["account", "create", "dr-sato", "--name", name, "--occupation", "doctor", "--data", "data"];
    let ended = Akashi::new(arguments).within(&site.path("")).run();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(site.json("account show dr-sato")["name"], name);
}
