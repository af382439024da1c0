//! Buckets with the whole set of protections.

use super::Crossed;
use super::estate::{Estate, Told, blocks, is_true, tell};
use crate::description::DataClass;
use crate::findings::look::names_patients;
use crate::model::aws::holds;
use crate::resource::{Attribute, Resource};
use crate::rules::Verdict;
use serde_json::Value;

const BLOCKS: [&str; 4] =
    ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];

/// Every bucket blocks the public, keeps versions, takes TLS only, and locks what must be kept. Of encryption nothing can
/// be lacking: since January 2023 the service encrypts every object, and a configuration chooses between its ways only.
pub(super) fn complete(estate: &Estate<'_>, out: &mut Vec<Crossed>) {
    const RULE: &str = "xc.bucket-set";
    for bucket in estate.all("aws_s3_bucket") {
        let parts: [(&str, &str, Told); 4] = [
            (
                "パブリックアクセスブロック",
                "public access block",
                beside(estate, bucket, "aws_s3_bucket_public_access_block", blocks_public),
            ),
            ("バージョニング", "versioning", beside(estate, bucket, "aws_s3_bucket_versioning", versions)),
            (
                "TLS 限定のポリシー",
                "a policy for TLS only",
                beside(estate, bucket, "aws_s3_bucket_policy", tls_only),
            ),
            (
                "保存義務のあるデータに対する COMPLIANCE モードのオブジェクトロック（内容はタグ akashi:holds で示す）",
                "object lock in mode COMPLIANCE for what must be kept (the tag akashi:holds says what the bucket holds)",
                keeps(estate, bucket),
            ),
        ];
        let with = |told| parts.iter().filter(move |part| part.2 == told);
        let named = |told| {
            let ja: Vec<&str> = with(told).map(|part| part.0).collect();
            let en: Vec<&str> = with(told).map(|part| part.1).collect();
            (ja.join("、"), en.join(", "))
        };
        let (lacks, open) = (named(Told::No), named(Told::Open));
        if !lacks.0.is_empty() {
            let (ja, en) = (format!("ないもの：{}。", lacks.0), format!("It lacks {}.", lacks.1));
            tell(out, RULE, bucket, Verdict::Violated, (ja, en));
        } else if !open.0.is_empty() {
            let (ja, en) = (
                format!("プランから分からないもの：{}。", open.0),
                format!("The plan does not tell of {}.", open.1),
            );
            tell(out, RULE, bucket, Verdict::Undecided, (ja, en));
        } else {
            let (ja, en) = (
                "必要な保護がそろっています（暗号化は S3 が標準で行います）。",
                "It has the whole set (S3 itself encrypts).",
            );
            tell(out, RULE, bucket, Verdict::Holds, (ja, en));
        }
    }
}

/// Whether a resource that names the bucket is as it should be.
fn beside(estate: &Estate<'_>, bucket: &Resource, kind: &str, good: fn(&Resource) -> Told) -> Told {
    let (found, open) = estate.joined(kind, "bucket", bucket);
    match found.first() {
        Some(one) => good(one),
        None if open => Told::Open,
        None => Told::No,
    }
}

fn blocks_public(block: &Resource) -> Told {
    let each = BLOCKS.map(|name| is_true(block, name, false));
    if each.contains(&Told::No) {
        Told::No
    } else if each.contains(&Told::Open) {
        Told::Open
    } else {
        Told::Yes
    }
}

fn versions(versioning: &Resource) -> Told {
    let found = blocks(&versioning.values, "versioning_configuration");
    match found.first().and_then(|block| block.get("status")).and_then(Value::as_str) {
        Some("Enabled") => Told::Yes,
        Some(_) => Told::No,
        None => Told::Open,
    }
}

/// Whether a policy denies what comes without TLS. The text of a policy that is made of other resources is known after apply.
fn tls_only(policy: &Resource) -> Told {
    let text = match policy.attribute("policy") {
        Attribute::Known(Value::String(text)) => text,
        Attribute::Known(_) | Attribute::Unset => return Told::No,
        Attribute::Unknown | Attribute::Sensitive => return Told::Open,
    };
    let Ok(read) = serde_json::from_str::<Value>(text) else { return Told::Open };
    let denies = |statement: &&Value| {
        let insecure = statement.pointer("/Condition/Bool/aws:SecureTransport");
        let no = match insecure {
            Some(Value::String(text)) => text == "false",
            Some(Value::Bool(value)) => !value,
            Some(Value::Array(all)) => all.iter().all(|one| one == "false"),
            _ => false,
        };
        statement.get("Effect").and_then(Value::as_str) == Some("Deny") && no
    };
    if blocks(&read, "Statement").iter().any(denies) { Told::Yes } else { Told::No }
}

/// Whether what must be kept is locked.
fn keeps(estate: &Estate<'_>, bucket: &Resource) -> Told {
    match (must_keep(bucket), is_locked(estate, bucket)) {
        (Told::No, _) | (_, Told::Yes) => Told::Yes,
        (Told::Yes, locked) => locked,
        (Told::Open, _) => Told::Open,
    }
}

/// Whether the law or the guideline says how long that is kept what its tag says it holds: records of patients, logs.
/// A backup is what it is a backup of. Without the tag, or with a word of one's own, nobody said.
fn must_keep(bucket: &Resource) -> Told {
    let class = |word: &String| DataClass::ALL.iter().find(|class| class.word() == word);
    let each = holds(bucket, true).iter().map(class).collect::<Vec<_>>();
    if each.iter().flatten().any(|class| names_patients(**class) || **class == DataClass::Logs) {
        Told::Yes
    } else if each.contains(&None) {
        Told::Open
    } else {
        Told::No
    }
}

/// Whether objects of a bucket are locked so that no administrator can lift it.
pub(super) fn is_locked(estate: &Estate<'_>, bucket: &Resource) -> Told {
    let (found, open) = estate.joined("aws_s3_bucket_object_lock_configuration", "bucket", bucket);
    let mode = |lock: &Resource| {
        let rules = blocks(&lock.values, "rule");
        let kept = rules.iter().flat_map(|rule| blocks(rule, "default_retention"));
        kept.into_iter().find_map(|one| one.get("mode")?.as_str()).map(str::to_owned)
    };
    match found.first() {
        Some(lock) => match mode(lock).as_deref() {
            Some("COMPLIANCE") => Told::Yes,
            Some(_) => Told::No,
            None => Told::Open,
        },
        None if open => Told::Open,
        None => Told::No,
    }
}
