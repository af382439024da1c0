//! Kinds of networks: what templates come to, what makes a closed way open, and what an open one must have.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends at the first thing that is not as it should be"
)]

use site::connection::parameters::{CRYPTREC, Demand, TABLE, assess, best};
use site::connection::{Connection, Kind, classify};
use site::description::{Phase, Protection, Site, read};
use site::findings::{Change, changed};
use site::model::Model;
use site::rules::Verdict;

/// A template with changes; each is `set path value`, `add path value` or `remove path`, the value in YAML.
fn site(template: &str, changes: &[&str]) -> Site {
    let changes: Vec<Change> = changes
        .iter()
        .map(|change| {
            let (what, rest) = change.split_once(' ').expect("what and where");
            let (path, to) = rest.split_once(' ').unwrap_or((rest, ""));
            let to = (what != "remove").then(|| serde_saphyr::from_str(to).expect("a value"));
            let at = |name| (what == name).then(|| path.to_owned());
            Change { set: at("set"), add: at("add"), remove: at("remove"), to }
        })
        .collect();
    let text = changed(template, &changes).unwrap_or_else(|what| panic!("{template}: {what}")).to_string();
    read(template, &text).expect("a description").at(Phase::Now)
}

fn connection(template: &str, changes: &[&str], id: &str) -> Connection {
    let site = site(template, changes);
    let model = Model::draw(Some(&site), &[]).expect("a model");
    let found = classify(&model, &site).into_iter().find(|one| one.id == id);
    found.unwrap_or_else(|| panic!("{template} has no {id}"))
}

fn of(template: &str, changes: &[&str], id: &str) -> (Kind, Verdict) {
    let found = connection(template, changes, id);
    (found.kind, found.protection)
}

fn derived(connection: &Connection) -> String {
    connection.derivation.iter().map(|text| text.en.as_str()).collect::<Vec<_>>().join(" / ")
}

#[test]
fn every_line_and_every_flow_is_classed_once_and_in_both_languages() {
    for template in site::description::templates() {
        let site = read(template.name, template.text).expect("a template").at(Phase::Now);
        let model = Model::draw(Some(&site), &[]).expect("a model");
        let found = classify(&model, &site);
        let flows = site.flows.iter().flatten().map(|flow| &flow.id.value);
        let asked: Vec<&String> = site.links.iter().map(|link| &link.id.value).chain(flows).collect();
        assert_eq!(found.iter().map(|one| &one.id).collect::<Vec<_>>(), asked, "{}", template.name);
        for one in &found {
            assert!(!one.derivation.is_empty(), "{}: {}", template.name, one.id);
            for text in one.derivation.iter().chain([&one.because]) {
                assert!(!text.ja.is_empty() && !text.en.is_empty(), "{}: {}", template.name, one.id);
            }
        }
    }
}

#[test]
fn a_way_over_dedicated_lines_is_closed_and_nothing_is_demanded() {
    let charting = connection("direct-connect", &[], "charting");
    assert_eq!((charting.kind, charting.protection), (Kind::Secure, Verdict::Holds));
    assert!(charting.because.en.contains("13④"), "{}", charting.because.en);
    assert!(!charting.steps.is_empty());
    assert_eq!(of("direct-connect", &["set flows.charting.protection none"], "charting").0, Kind::Secure);
}

#[test]
fn a_tunnel_over_the_internet_is_open_and_its_parameters_decide() {
    assert_eq!(of("site-to-site-vpn", &[], "line-a"), (Kind::Open, Verdict::Holds));
    let weak = |change| of("site-to-site-vpn", &[change], "line-a").1;
    for change in [
        "set links.line-a.protection.0.ipsec.ike [ikev1,ikev2]",
        "set links.line-a.protection.0.ipsec.encryption [3des]",
        "set links.line-a.protection.0.ipsec.integrity [sha1]",
        "set links.line-a.protection.0.ipsec.dh_groups [2]",
        "set links.line-a.protection.0.ipsec.pfs no",
    ] {
        assert_eq!(weak(change), Verdict::Violated, "{change}");
    }
    assert_eq!(weak("remove links.line-a.protection.0.ipsec.pfs"), Verdict::Undecided);
    let charting = connection("site-to-site-vpn", &[], "charting");
    assert_eq!(charting.kind, Kind::Open);
    assert!(derived(&charting).contains("line-a: a tunnel"), "{}", derived(&charting));
    assert!(charting.because.en.contains(CRYPTREC.day), "the edition is told: {}", charting.because.en);
}

#[test]
fn over_the_internet_tls_needs_version_certificates_and_a_reason_for_less() {
    let flow = |changes: &[&str]| of("two-networks-hospital", changes, "liaison");
    assert_eq!(flow(&[]), (Kind::Open, Verdict::Holds));
    let line = "set links.liaison-way.protection none";
    let tls = "flows.liaison.protection.0.tls";
    let with = |change: String| flow(&[line, &change]).1;
    assert_eq!(with(format!("set {tls}.client_certificate not-asked")), Verdict::Violated);
    assert_eq!(with(format!("remove {tls}.client_certificate")), Verdict::Undecided);
    assert_eq!(with(format!("set {tls}.versions [tls1.1,tls1.3]")), Verdict::Violated);
    assert_eq!(with(format!("set {tls}.versions [tls1.2,tls1.3]")), Verdict::Undecided);
    let reasoned = [line, &format!("set {tls}.versions [tls1.2,tls1.3]"), &format!("set {tls}.reason old")];
    assert_eq!(flow(&reasoned).1, Verdict::Holds);
}

#[test]
fn a_network_is_closed_only_if_no_chain_leads_out_of_it_or_into_it() {
    let terminals = |changes: &[&str]| connection("two-networks-hospital", changes, "charting");
    let without = ["remove links.ehr-vendor-line", "remove links.pacs-vendor-line", "set maintenance none"];
    let without =
        [&without[..], &["remove flows.ehr-vendor-work.via", "remove flows.pacs-vendor-work.via"]].concat();
    assert_eq!(terminals(&without).kind, Kind::Secure);
    // By a host that ends connections, and on from there.
    let through = terminals(&[]);
    assert_eq!(through.kind, Kind::Open);
    assert!(derived(&through).contains("vendors → jump-host"), "{}", derived(&through));
    // Outwards, by one PC with a mobile line.
    let mobile = "add links {id: mobile, from: ward-pc, to: internet, carrier: mobile}";
    let out = terminals(&[&without[..], &[mobile]].concat());
    assert_eq!(out.kind, Kind::Open);
    assert!(derived(&out).contains("ward-pc"), "{}", derived(&out));
}

#[test]
fn what_is_in_clear_in_a_network_that_others_can_come_into_is_told() {
    assert_eq!(of("small-hospital", &[], "charting"), (Kind::Open, Verdict::Violated));
    assert_eq!(
        of("small-hospital", &["remove flows.charting.protection"], "charting"),
        (Kind::Open, Verdict::Undecided)
    );
}

#[test]
fn a_closed_line_that_leads_to_a_vendor_is_open_and_an_unknown_one_undecided() {
    assert_eq!(of("small-hospital", &[], "meal-line"), (Kind::Open, Verdict::Undecided));
    let closed = |changes: &[&str]| of("two-networks-hospital", changes, "eligibility-line").0;
    assert_eq!(closed(&[]), Kind::Secure);
    assert_eq!(closed(&["remove links.eligibility-line.carrier"]), Kind::Undecided);
    assert_eq!(closed(&["set links.eligibility-line.public_addresses yes"]), Kind::Open);
    // Whether the router at the Internet lets others through to it, nobody said.
    assert_eq!(of("small-hospital", &[], "eligibility-line").0, Kind::Undecided);
}

#[test]
fn a_flow_that_no_path_lets_pass_is_not_called_closed() {
    let cut = connection("direct-connect", &["set filters.vpc-rules.rules none"], "charting");
    assert_eq!(cut.kind, Kind::Undecided);
    assert!(cut.steps.is_empty());
}

#[test]
fn of_several_protections_one_that_is_enough_is_enough() {
    let all = |text: &str| -> Vec<Protection> {
        let changes = [format!("set flows.charting.protection {text}")];
        let changes: Vec<&str> = changes.iter().map(String::as_str).collect();
        let flows = site("site-to-site-vpn", &changes).flows.expect("flows");
        let flow = flows.into_iter().find(|flow| flow.id.as_str() == "charting").expect("the flow");
        flow.protection.expect("protections")
    };
    let told = |text: &str, demand| best(Some(&all(text)), demand).verdict;
    let good = "{tls: {versions: [tls1.3], client_certificate: required}}";
    assert_eq!(told(&format!("[{{macsec: {{mode: must-encrypt}}}}, {good}]"), Demand::Open), Verdict::Holds);
    assert_eq!(told("[{macsec: {mode: must-encrypt}}]", Demand::Open), Verdict::Violated);
    assert_eq!(told("[{macsec: {mode: must-encrypt}}]", Demand::Encrypted), Verdict::Holds);
    assert_eq!(told("[{other: {encrypted: yes, mutual: yes}}]", Demand::Open), Verdict::Undecided);
    let client = "kind: client, versions: [tls1.3], profile: high-security, client_certificate: required";
    assert_eq!(
        told(&format!("[{{ssl-vpn: {{{client}, devices_restricted: yes}}}}]"), Demand::Open),
        Verdict::Holds
    );
    assert_eq!(told("[{ssl-vpn: {kind: clientless}}]", Demand::Open), Verdict::Violated);
    assert_eq!(best(None, Demand::Open).verdict, Verdict::Undecided);
    assert_eq!(best(Some(&[]), Demand::Open).verdict, Verdict::Violated);
    let groups = all(
        "[{ipsec: {ike: [ikev2], encryption: [aes128], integrity: [sha2-256], dh_groups: [14,15,16,17,18,19,20,21], authentication: certificate, pfs: yes}}]",
    );
    assert_eq!(
        groups.iter().map(|one| assess(one, Demand::Open).verdict).collect::<Vec<_>>(),
        [Verdict::Holds]
    );
    assert_eq!(TABLE.groups, [14, 15, 16, 17, 18, 19, 20, 21]);
}
