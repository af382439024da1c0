//! Prefix lists: ranges under one name, ours or those of AWS's own services.

use super::addresses::{Range, any_v4, any_v6};
use super::cloud::Cloud;
use super::lay::range;
use super::name_of;
use crate::network::Reason;
use crate::resource::Resource;
use serde_json::Value;

/// What is a prefix list.
pub(super) const LISTS: &[&str] =
    &["aws_ec2_managed_prefix_list", "data.aws_ec2_managed_prefix_list", "data.aws_prefix_list"];

/// The prefixes of a list.
pub(super) fn of(cloud: &Cloud<'_, '_>, list: &Resource) -> Range {
    cloud.lists.get(&name_of(list)).cloned().unwrap_or_default()
}

/// Reads all lists.
pub(super) fn read(cloud: &mut Cloud<'_, '_>) {
    let book = cloud.book;
    let entries = book.naming("aws_ec2_managed_prefix_list_entry", "prefix_list_id", LISTS);
    for list in book.kinds(LISTS) {
        let entries = entries.get(&name_of(list)).map_or(&[][..], Vec::as_slice);
        let range = one(cloud, list, entries);
        cloud.lists.insert(name_of(list), range);
    }
}

fn one(cloud: &mut Cloud<'_, '_>, list: &Resource, entries: &[&Resource]) -> Range {
    let mut all = Range::default();
    let any = [any_v4(), any_v6()];
    if list.is_data() {
        range(cloud, list, "cidr_blocks", &any, &mut all);
        let entries = list.values.get("entries");
        all.nets.extend(entries.into_iter().flat_map(cidrs));
        if all.is_empty() {
            let reason = cloud.reason(Reason::attribute(name_of(list), "entries"));
            all.vague.extend(any.map(|net| (net, reason)));
        }
        return all;
    }
    all.nets.extend(list.values.get("entry").into_iter().flat_map(cidrs));
    if list.unknown.get("entry").is_some_and(super::book::has_true)
        && list.attribute("entry") != crate::resource::Attribute::Unset
    {
        let reason = cloud.reason(Reason::attribute(name_of(list), "entry"));
        all.vague.extend(any.map(|net| (net, reason)));
    }
    for entry in entries {
        range(cloud, entry, "cidr", &any, &mut all);
    }
    all
}

fn cidrs(entries: &Value) -> Vec<ipnet::IpNet> {
    let entries = entries.as_array().into_iter().flatten();
    entries.filter_map(|entry| super::addresses::net(entry.get("cidr")?.as_str()?)).collect()
}
