//! Threats in words.

use super::Stride;
use super::crossing::{Crossing, What};
use crate::description::Site;
use crate::rules::Text;

/// What people call a zone, a node or a cloud gateway.
pub(super) fn called(site: &Site, id: &str) -> String {
    let of = |found: Option<&Option<String>>| found.cloned().flatten();
    let zone = of(site.zones.iter().find(|one| one.id.value == id).map(|one| &one.name));
    let node = || of(site.nodes.iter().find(|one| one.id.value == id).map(|one| &one.name));
    let cloud = || of(site.cloud.iter().find(|one| one.id.value == id).map(|one| &one.name));
    zone.or_else(node).or_else(cloud).unwrap_or_else(|| id.to_owned())
}

/// From which zone to which.
pub(super) fn boundary(site: &Site, crossing: &Crossing<'_>) -> Text {
    let [from, to] = crossing.zones.map(|zone| called(site, zone));
    if from == to {
        return Text::new(format!("「{from}」の中の開かれた区間"), format!("an open part within {from}"));
    }
    Text::new(format!("「{from}」から「{to}」へ"), format!("from {from} to {to}"))
}

/// A heading: the kind and what it is about.
pub(super) fn title(kind: Stride, site: &Site, crossing: &Crossing<'_>) -> Text {
    let (ja, en) = match kind {
        Stride::Spoofing => ("なりすまし", "Spoofing"),
        Stride::Tampering => ("改ざん", "Tampering"),
        Stride::Repudiation => ("否認", "Repudiation"),
        Stride::InformationDisclosure => ("漏えい", "Disclosure"),
        Stride::DenialOfService => ("停止", "Outage"),
        Stride::ElevationOfPrivilege => ("権限の逸脱", "More than was granted"),
    };
    let name = match crossing.what {
        What::Flow(flow) => flow.purpose.clone(),
        What::Link(link) => link.name.clone().unwrap_or_else(|| link.id.value.clone()),
        What::Maintenance(entry) => entry.name.clone().unwrap_or_else(|| entry.id.value.clone()),
    };
    let (from, to) = (called(site, crossing.from), called(site, crossing.to));
    Text::new(format!("{ja}：{name}（{from} → {to}）"), format!("{en}: {name} ({from} to {to})"))
}

/// What could happen.
pub(super) fn scenario(kind: Stride, site: &Site, crossing: &Crossing<'_>) -> Text {
    let (ja, en) = match crossing.what {
        What::Flow(_) => of_flow(kind, crossing.patients),
        What::Link(_) => of_link(kind, crossing.patients),
        What::Maintenance(_) => of_maintenance(kind),
    };
    let (from, to) = (called(site, crossing.from), called(site, crossing.to));
    let filled = |text: &str| text.replace("{from}", &from).replace("{to}", &to);
    Text::new(filled(ja), filled(en))
}

fn of_flow(kind: Stride, patients: bool) -> (&'static str, &'static str) {
    match kind {
        Stride::Spoofing => (
            "第三者が「{from}」になりすまして「{to}」に接続するか、「{to}」になりすまして「{from}」の情報を受け取ります。",
            "Somebody passes for {from} and connects to {to}, or passes for {to} and takes what {from} sends.",
        ),
        Stride::Tampering => (
            "「{from}」から「{to}」への通信の途中で、患者の情報が書き換えられます。",
            "On the way from {from} to {to} patient data are changed.",
        ),
        Stride::Repudiation => (
            "「{from}」から「{to}」へ送った情報について、誰が送ったかを後から示せません。",
            "Afterwards nobody can show who sent what from {from} to {to}.",
        ),
        Stride::InformationDisclosure => (
            "「{from}」から「{to}」への通信の途中で、患者の情報が盗み見られます。",
            "On the way from {from} to {to} patient data are read by others.",
        ),
        Stride::DenialOfService => (
            "「{from}」から「{to}」への通信が止まり、診療に必要な情報が届きません。",
            "The way from {from} to {to} fails, and what care needs does not arrive.",
        ),
        Stride::ElevationOfPrivilege if patients => (
            "「{from}」を乗っ取った者が、この通信のための経路を使って「{to}」の患者の情報を許された範囲を超えて扱います。",
            "Who has taken {from} uses this way to handle more of the patient data at {to} than was granted.",
        ),
        Stride::ElevationOfPrivilege => (
            "「{from}」を乗っ取った者が、この通信のための経路を使って「{to}」で許された範囲を超えて操作します。",
            "Who has taken {from} uses this way to do more at {to} than was granted.",
        ),
    }
}

fn of_link(kind: Stride, patients: bool) -> (&'static str, &'static str) {
    match kind {
        Stride::Spoofing => (
            "第三者が「{from}」と「{to}」を結ぶ回線に、正しい相手になりすまして入ります。",
            "Somebody comes into the line between {from} and {to} by passing for one of its ends.",
        ),
        Stride::Tampering => (
            "「{from}」と「{to}」を結ぶ回線の途中で、通信が書き換えられます。",
            "On the line between {from} and {to} traffic is changed.",
        ),
        Stride::Repudiation => (
            "「{from}」と「{to}」を結ぶ回線を誰が使ったかを後から示せません。",
            "Afterwards nobody can show who used the line between {from} and {to}.",
        ),
        Stride::InformationDisclosure => (
            "「{from}」と「{to}」を結ぶ回線の途中で、患者の情報が盗み見られます。",
            "On the line between {from} and {to} patient data are read by others.",
        ),
        Stride::DenialOfService => (
            "「{from}」と「{to}」を結ぶ回線が障害や攻撃で止まります。",
            "The line between {from} and {to} fails, by itself or by an attack.",
        ),
        Stride::ElevationOfPrivilege if patients => (
            "「{from}」と「{to}」を結ぶ回線から入った者が、その先の機器へ移り、患者の情報に届きます。",
            "Who comes in by the line between {from} and {to} goes on from machine to machine to patient data.",
        ),
        Stride::ElevationOfPrivilege => (
            "「{from}」と「{to}」を結ぶ回線から入った者が、必要な範囲を超えて機器に届きます。",
            "Who comes in by the line between {from} and {to} reaches more machines than needed.",
        ),
    }
}

fn of_maintenance(kind: Stride) -> (&'static str, &'static str) {
    match kind {
        Stride::Spoofing => (
            "第三者が「{from}」の保守担当者になりすまし、「{to}」に入ります。",
            "Somebody passes for a maintenance engineer at {from} and comes into {to}.",
        ),
        Stride::Tampering => (
            "「{from}」からの保守で、「{to}」のプログラムや情報が書き換えられます。",
            "In maintenance from {from} programs or data of {to} are changed.",
        ),
        Stride::Repudiation => (
            "「{from}」からの保守で「{to}」に何をしたかを、後から示せません。",
            "Afterwards nobody can show what was done to {to} in maintenance from {from}.",
        ),
        Stride::InformationDisclosure => (
            "「{from}」からの保守で、「{to}」の情報が外へ持ち出されます。",
            "In maintenance from {from} data of {to} are taken out.",
        ),
        Stride::DenialOfService => (
            "「{from}」の事業者が攻撃され、保守の経路から「{to}」が止められます。",
            "The vendor at {from} is attacked, and {to} is brought down by the way of maintenance.",
        ),
        Stride::ElevationOfPrivilege => (
            "「{from}」の事業者のネットワークに侵入した者が、保守の経路から「{to}」に入り、ほかの機器へ移ります。",
            "Who is in the network of the vendor at {from} comes into {to} by the way of maintenance, and goes on from there.",
        ),
    }
}
