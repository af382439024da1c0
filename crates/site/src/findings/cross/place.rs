//! Where resources stand: in Japan.

use super::Crossed;
use super::estate::{Estate, tell, tell_all};
use crate::resource::Resource;
use crate::rules::Verdict;
use serde_json::Value;

/// Attributes that say where a resource stands.
const PLACES: [&str; 4] = ["region", "location", "availability_zone", "zone"];

/// Every resource of which the plan tells the place stands in a Japanese region.
pub(super) fn in_japan(estate: &Estate<'_>, out: &mut Vec<Crossed>) {
    const RULE: &str = "xc.data-in-japan";
    let mut told = false;
    for resource in &estate.resources {
        let Some(region) = region(resource) else { continue };
        told = true;
        let named = region.to_lowercase().replace(' ', "");
        if estate.japanese.contains(region.as_str()) || estate.japanese.contains(named.as_str()) {
            tell(
                out,
                RULE,
                resource,
                Verdict::Holds,
                (format!("{region}（国内）"), format!("{region}, in Japan")),
            );
        } else {
            tell(
                out,
                RULE,
                resource,
                Verdict::Violated,
                (format!("{region} は国外です。"), format!("{region} is outside Japan.")),
            );
        }
    }
    if !told && !estate.resources.is_empty() {
        tell_all(
            out,
            RULE,
            Verdict::Undecided,
            "プランのどのリソースにもリージョンがありません。プロバイダーの設定を確かめてください。",
            "No resource of the plans names its region. See the settings of the provider.",
        );
    }
}

/// The region of a resource: as an attribute says, or as its ARN does.
fn region(resource: &Resource) -> Option<String> {
    if resource.kind == "aws_dx_connection" {
        // The place of a circuit is a building, not a region.
        return None;
    }
    let said = PLACES.iter().find_map(|name| resource.values.get(*name)?.as_str());
    if let Some(said) = said.filter(|said| !said.is_empty() && *said != "global") {
        return Some(without_zone(said).to_owned());
    }
    let arn = resource.values.get("arn").and_then(Value::as_str)?;
    let region = arn.split(':').nth(3)?;
    (!region.is_empty()).then(|| region.to_owned())
}

/// `ap-northeast-1a` as `ap-northeast-1`, `asia-northeast1-b` as `asia-northeast1`.
fn without_zone(place: &str) -> &str {
    if let Some((region, zone)) = place.rsplit_once('-')
        && zone.len() == 1
        && region.ends_with(|last: char| last.is_ascii_digit())
    {
        return region;
    }
    match place.strip_suffix(|last: char| last.is_ascii_lowercase()) {
        Some(region) if region.ends_with(|last: char| last.is_ascii_digit()) && region.contains('-') => {
            region
        }
        _ => place,
    }
}
