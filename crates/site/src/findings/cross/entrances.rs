//! Entrances that ask for client certificates: which versions of TLS go with that, what stands open beside them, and who looks
//! at certificates that are passed on.

use super::Crossed;
use super::estate::{Estate, Told, blocks, is_true, refers, tell, text};
use crate::description::{ClientCertificate, Node, Protection, Tls};
use crate::resource::{Attribute, Resource};
use crate::rules::Verdict;
use serde_json::Value;

/// The domains of API gateways, with what joins an API to them.
const DOMAINS: [&str; 2] = ["aws_api_gateway_domain_name", "aws_apigatewayv2_domain_name"];

/// Whether a domain asks for client certificates.
fn asks(domain: &Resource) -> Told {
    match domain.attribute("mutual_tls_authentication") {
        Attribute::Known(Value::Array(blocks)) if blocks.is_empty() => Told::No,
        Attribute::Known(_) => Told::Yes,
        Attribute::Unknown | Attribute::Sensitive => Told::Open,
        Attribute::Unset => Told::No,
    }
}

/// The security policy of a domain: of the second form of gateways it stands in a block.
fn policy(domain: &Resource) -> Result<Option<String>, ()> {
    if let Some(block) = blocks(&domain.values, "domain_name_configuration").first() {
        return Ok(block.get("security_policy").and_then(Value::as_str).map(str::to_owned));
    }
    text(domain, "security_policy").map(|text| text.map(str::to_owned))
}

/// Client certificates and TLS 1.3 only do not go together at an API gateway.
pub(super) fn tls13(estate: &Estate<'_>, out: &mut Vec<Crossed>) {
    const RULE: &str = "xc.apigw-mtls-tls13";
    for domain in estate.any(&DOMAINS) {
        let (verdict, ja, en) = match (asks(domain), policy(domain)) {
            (Told::No, _) => continue,
            (Told::Open, _) => (
                Verdict::Undecided,
                "相互 TLS を使うかどうかは適用後に決まります。",
                "Whether it asks for client certificates is known after apply.",
            ),
            (Told::Yes, Err(())) => (
                Verdict::Undecided,
                "`security_policy` は適用後に決まります。",
                "`security_policy` is known after apply.",
            ),
            (Told::Yes, Ok(Some(policy))) if policy.starts_with("SecurityPolicy_") => (
                Verdict::Violated,
                "相互 TLS と拡張セキュリティポリシーは併用できません。",
                "Mutual TLS does not go with an enhanced security policy.",
            ),
            (Told::Yes, Ok(_)) if reasoned(estate) => (
                Verdict::Holds,
                "TLS 1.2 を許す理由がサイト記述にあります。",
                "The description says why TLS 1.2 is admitted.",
            ),
            (Told::Yes, Ok(_)) => (
                Verdict::Undecided,
                "TLS 1.2 も受け付けます。理由がサイト記述にありません。",
                "TLS 1.2 is admitted as well, and no description says why.",
            ),
        };
        tell(out, RULE, domain, verdict, (ja, en));
    }
}

/// Whether an entrance of the description says why it admits something weaker.
fn reasoned(estate: &Estate<'_>) -> bool {
    entrances(estate).any(|(_, tls)| tls.reason.is_some())
}

fn entrances<'a>(estate: &Estate<'a>) -> impl Iterator<Item = (&'a Node, &'a Tls)> {
    let nodes = estate.site.into_iter().flat_map(|site| &site.nodes);
    nodes.flat_map(|node| {
        let offered = node.listens.iter().flatten().flat_map(|one| one.protection.iter().flatten());
        let tls = offered.filter_map(|one| match one {
            Protection::Tls(tls) => Some(tls),
            _ => None,
        });
        tls.map(move |tls| (node, tls))
    })
}

/// What joins an API to a domain, and the API.
const MAPPINGS: [(&str, &str, &str, &str); 2] = [
    ("aws_api_gateway_base_path_mapping", "domain_name", "api_id", "aws_api_gateway_rest_api"),
    ("aws_apigatewayv2_api_mapping", "domain_name", "api_id", "aws_apigatewayv2_api"),
];

/// Beside a domain that asks for client certificates, the address that an API has by default is off, and what stands behind
/// is not open to the Internet.
pub(super) fn side_door(estate: &Estate<'_>, out: &mut Vec<Crossed>) {
    const RULE: &str = "xc.mtls-no-side-door";
    for domain in estate.any(&DOMAINS) {
        if asks(domain) == Told::No {
            continue;
        }
        let mut apis: Vec<&Resource> = Vec::new();
        for (mapping, by, to, api) in MAPPINGS {
            for one in estate.joined(mapping, by, domain).0 {
                apis.extend(estate.named(one, to, api));
            }
        }
        if apis.is_empty() || asks(domain) == Told::Open {
            tell(
                out,
                RULE,
                domain,
                Verdict::Undecided,
                (
                    "どの API の入口かがプランからは分かりません。",
                    "Which API it is the entrance of, the plan does not tell.",
                ),
            );
            continue;
        }
        for api in apis {
            let (verdict, ja, en) = match is_true(api, "disable_execute_api_endpoint", false) {
                Told::No => {
                    (Verdict::Violated, "既定のエンドポイントが有効です。", "The default endpoint is on.")
                }
                Told::Open => (
                    Verdict::Undecided,
                    "`disable_execute_api_endpoint` は適用後に決まります。",
                    "`disable_execute_api_endpoint` is known after apply.",
                ),
                Told::Yes => behind(estate),
            };
            tell(out, RULE, api, verdict, (ja, en));
        }
    }
}

/// What the gateway hands requests to: balancers that stand within the network only.
fn behind(estate: &Estate<'_>) -> (Verdict, &'static str, &'static str) {
    let links = estate.all("aws_api_gateway_vpc_link");
    let balancers = estate.any(&["aws_lb", "aws_alb"]);
    for link in links {
        for balancer in &balancers {
            let open = is_true(balancer, "internal", false);
            match (refers(link, "target_arns", balancer), open) {
                (Told::Yes, Told::No) => {
                    return (
                        Verdict::Violated,
                        "後段の負荷分散装置がインターネットに公開されています。",
                        "The balancer behind it is open to the Internet.",
                    );
                }
                (Told::Yes, Told::Open) | (Told::Open, Told::No | Told::Open) => {
                    return (
                        Verdict::Undecided,
                        "後段の負荷分散装置が内部用かどうか分かりません。",
                        "Whether the balancer behind it is internal is not known.",
                    );
                }
                _ => {}
            }
        }
    }
    (Verdict::Holds, "既定のエンドポイントは無効です。", "The default endpoint is off.")
}

/// Certificates that are passed on are looked at by somebody, and nobody comes round the balancer with a forged one.
pub(super) fn passthrough(estate: &Estate<'_>, out: &mut Vec<Crossed>) {
    const RULE: &str = "xc.passthrough-verified";
    for listener in estate.any(&["aws_lb_listener", "aws_alb_listener"]) {
        let modes: Vec<&str> = blocks(&listener.values, "mutual_authentication")
            .iter()
            .filter_map(|block| block.get("mode").and_then(Value::as_str))
            .collect();
        if listener.attribute("mutual_authentication") == Attribute::Unknown {
            tell(
                out,
                RULE,
                listener,
                Verdict::Undecided,
                (
                    "`mutual_authentication` は適用後に決まります。",
                    "`mutual_authentication` is known after apply.",
                ),
            );
            continue;
        }
        if !modes.contains(&"passthrough") {
            continue;
        }
        let (verdict, ja, en) = match (round(estate, listener), verifier(estate)) {
            (Some(group), _) => (
                Verdict::Violated,
                format!("{group} が、どこからの通信も許しています。"),
                format!("{group} takes connections from anywhere."),
            ),
            (None, None) => (
                Verdict::Undecided,
                "証明書を検証する機器の記載がありません（`verified_by`）。".to_owned(),
                "Who checks the certificates is not said (`verified_by`).".to_owned(),
            ),
            (None, Some(node)) => {
                (Verdict::Holds, format!("{node} が検証します。"), format!("{node} checks the certificates."))
            }
        };
        tell(out, RULE, listener, verdict, (ja, en));
    }
}

fn verifier(estate: &Estate<'_>) -> Option<String> {
    let passes = |tls: &&Tls| tls.client_certificate == Some(ClientCertificate::Passthrough);
    entrances(estate)
        .filter(|(_, tls)| passes(tls))
        .find_map(|(_, tls)| Some(tls.verified_by.as_ref()?.value.clone()))
}

/// A security group, not that of the balancer, that takes connections from anywhere.
fn round(estate: &Estate<'_>, listener: &Resource) -> Option<String> {
    let balancer =
        ["aws_lb", "aws_alb"].iter().find_map(|kind| estate.named(listener, "load_balancer_arn", kind));
    let of_balancer = |group: &Resource| {
        balancer.is_some_and(|balancer| refers(balancer, "security_groups", group) != Told::No)
    };
    let groups = estate.all("aws_security_group");
    let inline = groups.iter().find(|group| {
        !of_balancer(group) && blocks(&group.values, "ingress").iter().any(|rule| is_wide(rule))
    });
    if let Some(group) = inline {
        return Some(group.address.clone());
    }
    let rules = estate.any(&["aws_vpc_security_group_ingress_rule", "aws_security_group_rule"]);
    let wide =
        rules.into_iter().filter(|rule| is_wide(&rule.values) && text(rule, "type") != Ok(Some("egress")));
    let mut other = wide.filter(|rule| {
        let own = estate.named(rule, "security_group_id", "aws_security_group");
        own.is_some_and(|group| !of_balancer(group))
    });
    other.next().map(|rule| rule.address.clone())
}

fn is_wide(rule: &Value) -> bool {
    let wide = |text: &str| matches!(text, "0.0.0.0/0" | "::/0");
    let lists = ["cidr_blocks", "ipv6_cidr_blocks"].iter().filter_map(|name| rule.get(*name)?.as_array());
    let ones = ["cidr_ipv4", "cidr_ipv6"].iter().filter_map(|name| rule.get(*name)?.as_str());
    lists.flatten().filter_map(Value::as_str).chain(ones).any(wide)
}
