//! What the description says that makes a threat likelier or less likely.

use super::Stride;
use super::crossing::{Crossing, What};
use crate::description::{Link, Maintenance, Opening, Protection, Site};
use crate::rules::Text;

/// A sentence for each of three values: yes, no, not said.
type Said = [(&'static str, &'static str); 3];

fn said(value: Option<bool>, [yes, no, open]: Said) -> Text {
    let (ja, en) = match value {
        Some(true) => yes,
        Some(false) => no,
        None => open,
    };
    Text::new(ja, en)
}

/// It, each once.
pub(super) fn because(kind: Stride, site: &Site, crossing: &Crossing<'_>) -> Vec<Text> {
    let mut found = Vec::new();
    let on_the_way = matches!(kind, Stride::Spoofing | Stride::Tampering | Stride::InformationDisclosure);
    if on_the_way {
        found.push(open_way(crossing));
        found.extend(protection(site, crossing));
    }
    match crossing.what {
        What::Maintenance(entry) => found.extend(of_maintenance(kind, entry)),
        What::Link(link) if kind == Stride::DenialOfService => found.extend(of_outage(site, link)),
        What::Flow(_) if kind == Stride::DenialOfService => found.push(downtime(site)),
        What::Flow(_) | What::Link(_) => {}
    }
    if kind == Stride::ElevationOfPrivilege {
        found.extend(filters(site, crossing));
    }
    if matches!(kind, Stride::Repudiation | Stride::ElevationOfPrivilege) {
        found.extend(watched(site, crossing));
    }
    if !crossing.decided {
        found.push(Text::new(
            "この経路を通れるかどうかは、記述からは決まりません。",
            "The description does not decide whether packets can take this path.",
        ));
    }
    found
}

fn open_way(crossing: &Crossing<'_>) -> Text {
    said(
        Some(crossing.open),
        [
            (
                "インターネット、無線、または種類の書かれていない回線を通ります。",
                "It goes over the internet, radio, or a line of which it is not said what it is.",
            ),
            ("閉じたネットワークだけを通ります。", "It goes over closed networks only."),
            ("", ""),
        ],
    )
}

/// How the flow, the line, or the lines of the maintenance are protected.
fn protection(site: &Site, crossing: &Crossing<'_>) -> Vec<Text> {
    let of_links = |ids: Option<&Vec<crate::description::Id>>| {
        let ids = ids.into_iter().flatten();
        let links = ids.filter_map(|id| site.links.iter().find(|link| link.id.value == id.value));
        links.map(|link| protected(link.protection.as_deref())).collect::<Vec<Text>>()
    };
    let mut found = match crossing.what {
        What::Flow(flow) => {
            let mut found = vec![protected(flow.protection.as_deref())];
            found.extend(of_links(flow.via.as_ref()));
            found
        }
        What::Link(link) => vec![protected(link.protection.as_deref())],
        What::Maintenance(entry) => of_links(entry.by.as_ref()),
    };
    found.dedup();
    found
}

fn protected(protections: Option<&[Protection]>) -> Text {
    let Some(protections) = protections else {
        return Text::new("通信の保護は書かれていません。", "It is not said how it is protected.");
    };
    if protections.is_empty() {
        return Text::new("通信を保護していません。", "It is not protected.");
    }
    let name = |protection: &Protection| match protection {
        Protection::Ipsec(_) => "IPsec",
        Protection::Tls(_) => "TLS",
        Protection::SslVpn(_) => "SSL-VPN",
        Protection::Macsec(_) => "MACsec",
        Protection::Wireless(wireless) => wireless.security.map_or("Wi-Fi", |security| security.word()),
        Protection::Other(_) => "other",
    };
    let names: Vec<&str> = protections.iter().map(name).collect();
    let names = names.join(", ");
    Text::new(format!("{names} で保護しています。"), format!("It is protected by {names}."))
}

fn of_maintenance(kind: Stride, entry: &Maintenance) -> Vec<Text> {
    let factors: Said = [
        ("二要素認証です。", "Two factors are needed."),
        ("二要素認証ではありません。", "No second factor is needed."),
        ("二要素認証かどうかは書かれていません。", "It is not said whether two factors are needed."),
    ];
    let accounts: Said = [
        ("作業者ごとにアカウントがあります。", "Each person has an account."),
        ("作業者がアカウントを共用しています。", "People share an account."),
        (
            "作業者ごとのアカウントかどうかは書かれていません。",
            "It is not said whether each person has an account.",
        ),
    ];
    let logged: Said = [
        ("作業の記録を残しています。", "What is done is recorded."),
        ("作業の記録を残していません。", "What is done is not recorded."),
        ("作業の記録を残すかどうかは書かれていません。", "It is not said whether what is done is recorded."),
    ];
    let reviewed: Said = [
        ("施設が記録を作業計画と照合しています。", "The facility compares the record with the plan of work."),
        ("施設は記録を照合していません。", "The facility does not look at the record."),
        (
            "施設が記録を照合するかどうかは書かれていません。",
            "It is not said whether the facility looks at the record.",
        ),
    ];
    let restricted: Said = [
        ("対象の機器にだけ届きます。", "It reaches only the machines it is for."),
        ("対象以外の機器にも届きます。", "It reaches other machines too."),
        (
            "届く範囲を制限しているかどうかは書かれていません。",
            "It is not said whether what it reaches is restricted.",
        ),
    ];
    let protects: Said = [
        ("事業者側の対策を確かめています。", "It is known how the vendor protects its own network."),
        ("事業者側の対策を確かめていません。", "It is not known how the vendor protects its own network."),
        (
            "事業者側の対策を確かめたかどうかは書かれていません。",
            "It is not said whether the vendor's protection was checked.",
        ),
    ];
    let contract: Said = [
        ("守秘を含む契約があります。", "A contract covers it, with confidentiality."),
        ("守秘を含む契約がありません。", "No contract covers it."),
        ("守秘を含む契約があるかどうかは書かれていません。", "It is not said whether a contract covers it."),
    ];
    match kind {
        Stride::Spoofing => vec![said(entry.two_factors, factors), said(entry.account_per_person, accounts)],
        Stride::Repudiation => vec![
            said(entry.account_per_person, accounts),
            said(entry.logged, logged),
            said(entry.log_reviewed, reviewed),
        ],
        Stride::Tampering => vec![said(entry.logged, logged), said(entry.log_reviewed, reviewed)],
        Stride::InformationDisclosure => vec![said(entry.contract, contract), said(entry.logged, logged)],
        Stride::DenialOfService => vec![opened(entry), said(entry.vendor_protects, protects)],
        Stride::ElevationOfPrivilege => {
            vec![opened(entry), said(entry.restricted, restricted), said(entry.vendor_protects, protects)]
        }
    }
}

fn opened(entry: &Maintenance) -> Text {
    said(
        entry.opened.map(|opened| opened == Opening::OnRequest),
        [
            ("作業のたびに施設が開けます。", "The facility opens it for each piece of work."),
            ("常時つながっています。", "It is always open."),
            ("いつ開いているかは書かれていません。", "It is not said when it is open."),
        ],
    )
}

/// Whether another line takes the place of this one.
fn of_outage(site: &Site, link: &Link) -> Vec<Text> {
    let stands_in = |other: &Link| other.redundant_to.as_ref().is_some_and(|id| id.value == link.id.value);
    let spare = site.links.iter().find(|other| stands_in(other));
    let twice = link.redundant_to.is_some() || spare.is_some();
    let mut found = vec![said(
        twice.then_some(true),
        [
            ("代わりの回線があります。", "There is another line for when it fails."),
            ("", ""),
            ("代わりの回線は書かれていません。", "No other line is named for when it fails."),
        ],
    )];
    if twice {
        let tested = link.failover_tested_on.or(spare.and_then(|spare| spare.failover_tested_on));
        found.push(match tested {
            Some(day) => Text::new(
                format!("切り替えを {day} に試しました。"),
                format!("The change-over was tried on {day}."),
            ),
            None => Text::new(
                "切り替えを試した日は書かれていません。",
                "It is not said when the change-over was tried.",
            ),
        });
    }
    found.push(downtime(site));
    found
}

fn downtime(site: &Site) -> Text {
    said(
        site.facility.downtime_procedure,
        [
            ("止まった時の診療手順書があります。", "It is written how care goes on without it."),
            ("止まった時の診療手順書がありません。", "It is not written how care goes on without it."),
            (
                "止まった時の診療手順書があるかどうかは書かれていません。",
                "It is not said whether it is written how care goes on without it.",
            ),
        ],
    )
}

/// The filters that the path passes.
fn filters(site: &Site, crossing: &Crossing<'_>) -> Vec<Text> {
    let Some(all) = &site.filters else {
        return vec![Text::new("通信制御は書かれていません。", "It is not said what filters it.")];
    };
    let passed =
        all.iter().filter(|filter| crossing.path.iter().any(|step| is_of(&step.node, filter.id.as_str())));
    let named: Vec<&str> = passed.map(|filter| filter.id.as_str()).collect();
    if named.is_empty() {
        return vec![Text::new("経路に通信制御がありません。", "No filter stands on the path.")];
    }
    let named = named.join(", ");
    vec![Text::new(
        format!("経路に通信制御（{named}）があります。"),
        format!("Filters stand on the path ({named})."),
    )]
}

/// Whether a node is drawn for this element: it has its id, or its id and what it helps with.
fn is_of(node: &str, id: &str) -> bool {
    node.strip_prefix(id).is_some_and(|rest| rest.is_empty() || rest.starts_with(" ("))
}

/// Whether the zone it leads to is watched.
fn watched(site: &Site, crossing: &Crossing<'_>) -> Option<Text> {
    let [_, to] = crossing.zones;
    let zone = site.zones.iter().find(|zone| zone.id.value == to)?;
    Some(said(
        zone.flow_log,
        [
            ("行き先のネットワークの通信を記録しています。", "Traffic of the network it leads to is logged."),
            (
                "行き先のネットワークの通信を記録していません。",
                "Traffic of the network it leads to is not logged.",
            ),
            (
                "行き先のネットワークの通信を記録しているかどうかは書かれていません。",
                "It is not said whether traffic of the network it leads to is logged.",
            ),
        ],
    ))
}
