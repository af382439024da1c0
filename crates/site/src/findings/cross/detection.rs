//! Detection everywhere, and ways to services that stay within the cloud.

use super::Crossed;
use super::estate::{Estate, Told, is_true, tell, tell_all, text};
use crate::resource::Resource;
use crate::rules::Verdict;

/// What looks for threats, records who did what, and records how things are set.
const PARTS: [(&str, &str, &str); 3] = [
    ("aws_guardduty_detector", "脅威検知", "threat detection"),
    ("aws_cloudtrail", "証跡", "a trail"),
    ("aws_config_configuration_recorder", "構成の記録", "a configuration recorder"),
];

/// Of each there is one that is on. What no plan has may stand in another: that is asked, not blamed.
pub(super) fn everywhere(estate: &Estate<'_>, out: &mut Vec<Crossed>) {
    const RULE: &str = "xc.threat-detection-everywhere";
    if !estate.resources.iter().any(|one| one.kind.starts_with("aws_")) {
        return;
    }
    let missing: Vec<_> = PARTS.iter().filter(|(kind, ..)| estate.all(kind).is_empty()).collect();
    if !missing.is_empty() {
        let ja: Vec<String> = missing.iter().map(|(kind, ja, _)| format!("{ja}（{kind}）")).collect();
        let en: Vec<String> = missing.iter().map(|(kind, _, en)| format!("{en} ({kind})")).collect();
        tell_all(
            out,
            RULE,
            Verdict::Undecided,
            format!("読み込んだプランにないもの：{}。", ja.join("、")),
            format!("No plan that was read has {}.", en.join(", ")),
        );
    }
    for one in PARTS.iter().flat_map(|(kind, ..)| estate.all(kind)) {
        let (verdict, ja, en) = part(one);
        tell(out, RULE, one, verdict, (ja, en));
    }
}

fn part(one: &Resource) -> (Verdict, &'static str, &'static str) {
    let (told, off_ja, off_en) = match one.kind.as_str() {
        "aws_guardduty_detector" => {
            (is_true(one, "enable", true), "無効になっています。", "It is switched off.")
        }
        "aws_cloudtrail" => {
            let off = is_true(one, "enable_logging", true);
            let all = is_true(one, "is_multi_region_trail", false);
            if off == Told::No {
                (off, "記録が止まっています。", "It does not log.")
            } else {
                (all, "すべてのリージョンを記録していません。", "It does not log all regions.")
            }
        }
        _ => (Told::Yes, "", ""),
    };
    match told {
        Told::Yes => (Verdict::Holds, "有効です。", "It is on."),
        Told::No => (Verdict::Violated, off_ja, off_en),
        Told::Open => (Verdict::Undecided, "適用後に決まります。", "It is known after apply."),
    }
}

/// Services that are used, by what shows it, and the end of the name of their endpoint.
const SERVICES: [(&str, &str); 4] = [
    ("aws_s3_bucket", "s3"),
    ("aws_kms_key", "kms"),
    ("aws_cloudwatch_log_group", "logs"),
    ("aws_bedrock_model_invocation_logging_configuration", "bedrock-runtime"),
];

/// Where a NAT gateway leads out, what is used of the cloud's own services has an endpoint.
pub(super) fn endpoints(estate: &Estate<'_>, out: &mut Vec<Crossed>) {
    const RULE: &str = "xc.vpc-endpoints-private";
    let endpoints = estate.all("aws_vpc_endpoint");
    let names: Vec<Result<Option<&str>, ()>> =
        endpoints.iter().map(|one| text(one, "service_name")).collect();
    let open = names.iter().any(Result::is_err);
    let has = |service: &str| {
        let ends = |name: &str| name.rsplit('.').next() == Some(service);
        names.iter().any(|name| name.is_ok_and(|name| name.is_some_and(ends)))
    };
    let used = SERVICES.iter().filter(|(kind, _)| !estate.all(kind).is_empty());
    let lacks: Vec<&str> = used.map(|(_, service)| *service).filter(|service| !has(service)).collect();
    for gateway in estate.all("aws_nat_gateway") {
        let names = lacks.join(", ");
        let (verdict, ja, en) = match (lacks.is_empty(), open) {
            (true, _) => (
                Verdict::Holds,
                "使っているサービスにはエンドポイントがあります。".to_owned(),
                "What is used has endpoints.".to_owned(),
            ),
            (false, true) => (
                Verdict::Undecided,
                format!("{names} のエンドポイントがあるかは、適用後に決まります。"),
                format!("Whether {names} has an endpoint is known after apply."),
            ),
            (false, false) => (
                Verdict::Violated,
                format!("{names} のエンドポイントがなく、NAT ゲートウェイを通ります。"),
                format!("{names} has no endpoint and goes through the NAT gateway."),
            ),
        };
        tell(out, RULE, gateway, verdict, (ja, en));
    }
}
