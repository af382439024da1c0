//! Real plans, and probes in them: most name no host with a known address, so some are put into their subnets.

use crate::fact::Net;
use serde_json::{Value, json};
use site::plan::Plan;
use site::resource::Resource;
use std::net::Ipv4Addr;
use std::path::Path;

/// The plans of the corpus that can be read and have a place for a host, in order; none where the corpus is not here.
pub(crate) fn plans() -> Vec<(String, Plan)> {
    let read =
        |(name, bytes): (String, Vec<u8>)| Some((name.clone(), Plan::read(&name, bytes.as_slice(), 0).ok()?));
    files().into_iter().filter_map(read).collect()
}

/// Whether a plan may have hosts or subnets: others have nothing that sends a packet.
fn has_places(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    ["\"aws_subnet\"", "\"aws_instance\"", "\"aws_network_interface\""].iter().any(|kind| text.contains(kind))
}

/// The files of the corpus that have a place for a host.
pub(crate) fn files() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/tfplans");
    let folders = ["fixtures", "planned"].map(|part| folder.join(part));
    let entries = folders.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap())
    };
    paths.iter().map(read).filter(|(_, bytes)| has_places(bytes)).collect()
}

/// Puts hosts with known addresses into the subnets of a plan: in turn with a group that is open and with those of the plan.
pub(crate) fn probe(plan: &mut Plan, probes_max: usize) {
    let of =
        |kind: &str| plan.resources.iter().filter(|one| one.kind == kind).cloned().collect::<Vec<Resource>>();
    let (subnets, groups) = (of("aws_subnet"), of("aws_security_group"));
    let known = |one: &&Resource| net(one).is_some();
    let subnets: Vec<&Resource> = subnets.iter().filter(known).collect();
    let Some(first) = subnets.first() else { return };
    let open = json!([{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}]);
    let group = made(first, "aws_security_group.probe", json!({"ingress": open, "egress": open}), &[]);
    plan.resources.push(group);
    // Of many, some from each part of the plan.
    let step = subnets.len().div_ceil(probes_max);
    for (at, subnet) in subnets.iter().step_by(step).enumerate() {
        let address = Ipv4Addr::from(net(subnet).unwrap().at(10));
        let group = if at % 3 == 2 { groups.get(at % groups.len().max(1)) } else { None };
        let group = group.map_or("aws_security_group.probe", |group| group.address.as_str());
        let values = json!({"private_ip": address.to_string(), "associate_public_ip_address": at % 2 == 0});
        let names = [("subnet_id", subnet.address.as_str()), ("vpc_security_group_ids", group)];
        plan.resources.push(made(subnet, &format!("aws_instance.probe_{}", label(subnet)), values, &names));
    }
}

/// A name for the probe of a subnet.
fn label(subnet: &Resource) -> String {
    subnet.address.replace(|letter: char| !letter.is_ascii_alphanumeric(), "_")
}

fn net(subnet: &Resource) -> Option<Net> {
    Net::read(subnet.values.get("cidr_block")?.as_str()?)
}

/// A resource beside another one, with attributes that name others.
fn made(beside: &Resource, address: &str, values: Value, names: &[(&str, &str)]) -> Resource {
    let (kind, _) = address.split_once('.').unwrap();
    let mut unknown = json!({});
    for (attribute, _) in names {
        unknown[*attribute] = if attribute.ends_with('s') { json!([true]) } else { json!(true) };
    }
    let own = values.as_object().unwrap().keys().cloned();
    let configured = own.chain(names.iter().map(|(attribute, _)| (*attribute).to_owned())).collect();
    Resource {
        address: address.to_owned(),
        kind: kind.to_owned(),
        module: String::new(),
        values,
        unknown,
        sensitive: Value::Null,
        references: names
            .iter()
            .map(|(attribute, name)| ((*attribute).to_owned(), vec![(*name).to_owned()]))
            .collect(),
        configured: Some(configured),
        ..beside.clone()
    }
}
