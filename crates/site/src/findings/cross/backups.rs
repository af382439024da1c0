//! Copies and trails that the administrators of the first account cannot delete.

use super::Crossed;
use super::buckets::is_locked;
use super::estate::{Estate, Told, blocks, tell, text};
use crate::resource::{Attribute, Resource};
use crate::rules::Verdict;
use serde_json::Value;

/// A copy of each backup lies in another account, under a lock that nobody can lift.
pub(super) fn out_of_reach(estate: &Estate<'_>, out: &mut Vec<Crossed>) {
    const RULE: &str = "xc.backup-out-of-reach";
    for plan in estate.all("aws_backup_plan") {
        let (verdict, ja, en) = of_plan(estate, plan);
        tell(out, RULE, plan, verdict, (ja, en));
    }
    for vault in estate.all("azurerm_recovery_services_vault") {
        let lock = text(vault, "immutability").map(|mode| mode == Some("Locked"));
        let (verdict, ja, en) = elsewhere(lock);
        tell(out, RULE, vault, verdict, (ja, en));
    }
    for vault in estate.all("google_backup_dr_backup_vault") {
        let lock = text(vault, "backup_minimum_enforced_retention_duration").map(|kept| kept.is_some());
        let (verdict, ja, en) = elsewhere(lock);
        tell(out, RULE, vault, verdict, (ja, en));
    }
}

type Said = (Verdict, &'static str, &'static str);

/// A vault that is locked may be the copy; whether it lies in another account, no attribute says.
fn elsewhere(locked: Result<bool, ()>) -> Said {
    match locked {
        Ok(false) => (Verdict::Violated, "保管庫がロックされていません。", "The vault is not locked."),
        Ok(true) => (
            Verdict::Undecided,
            "ロックされています。別のアカウント（テナント）にあるかはプランからは分かりません。",
            "It is locked; whether it lies in another account, the plan does not tell.",
        ),
        Err(()) => (Verdict::Undecided, "ロックは適用後に決まります。", "Its lock is known after apply."),
    }
}

fn of_plan(estate: &Estate<'_>, plan: &Resource) -> Said {
    let rules = blocks(&plan.values, "rule");
    let unknown = matches!(plan.attribute("rule"), Attribute::Unknown);
    let copies: Vec<&Value> = rules.iter().flat_map(|rule| blocks(rule, "copy_action")).collect();
    if copies.is_empty() {
        return if unknown {
            (Verdict::Undecided, "`rule` は適用後に決まります。", "`rule` is known after apply.")
        } else {
            (
                Verdict::Violated,
                "別の保管庫への複製（copy_action）がありません。",
                "Nothing is copied to another vault (`copy_action`).",
            )
        };
    }
    let arns = copies.iter().filter_map(|copy| copy.get("destination_vault_arn")?.as_str());
    let vaults = estate.all("aws_backup_vault");
    for arn in arns {
        let of_arn = |vault: &&&Resource| vault.values.get("arn").and_then(Value::as_str) == Some(arn);
        if let Some(vault) = vaults.iter().find(of_arn).filter(|vault| vault.plan != plan.plan) {
            return locked_vault(estate, vault);
        }
    }
    let local = plan.references.get("rule.copy_action.destination_vault_arn").into_iter().flatten();
    let own = local.into_iter().any(|named| {
        vaults.iter().any(|vault| vault.plan == plan.plan && crate::resource::names(named, &vault.address))
    });
    if own {
        return (
            Verdict::Undecided,
            "複製先の保管庫が別のアカウントのものか、プランからは分かりません。",
            "Whether the vault that it copies to is another account's, the plan does not tell.",
        );
    }
    (
        Verdict::Undecided,
        "複製先の保管庫は、読み込んだプランにありません。ロックを確かめてください。",
        "The vault that it copies to is in no plan that was read. See that it is locked.",
    )
}

/// A lock holds for everybody once it can no longer be changed.
fn locked_vault(estate: &Estate<'_>, vault: &Resource) -> Said {
    let (locks, open) = estate.joined("aws_backup_vault_lock_configuration", "backup_vault_name", vault);
    let kept = locks.iter().map(|lock| lock.attribute("changeable_for_days")).next();
    match kept {
        Some(Attribute::Known(_)) => (
            Verdict::Holds,
            "別のプランの保管庫に、解除できないロックがあります。",
            "The vault of another plan has a lock that nobody can lift.",
        ),
        Some(Attribute::Unset) => (
            Verdict::Violated,
            "ロックを管理者が解除できます（changeable_for_days がありません）。",
            "An administrator can lift the lock (`changeable_for_days` is not set).",
        ),
        None if !open => (
            Verdict::Violated,
            "複製先の保管庫にロックがありません。",
            "The vault that it copies to has no lock.",
        ),
        Some(Attribute::Unknown | Attribute::Sensitive) | None => {
            (Verdict::Undecided, "ロックは適用後に決まります。", "Its lock is known after apply.")
        }
    }
}

/// The audit trail lies in another account, in a bucket with locked objects.
pub(super) fn log_out_of_reach(estate: &Estate<'_>, out: &mut Vec<Crossed>) {
    const RULE: &str = "xc.log-out-of-reach";
    for trail in estate.all("aws_cloudtrail") {
        let bucket = estate.named(trail, "s3_bucket_name", "aws_s3_bucket");
        let (verdict, ja, en): Said =
            match bucket.map(|bucket| (is_locked(estate, bucket), bucket.plan != trail.plan)) {
                None => (
                    Verdict::Undecided,
                    "保存先のバケットは、読み込んだプランにありません。",
                    "The bucket that it is stored in is in no plan that was read.",
                ),
                Some((Told::No, _)) => (
                    Verdict::Violated,
                    "保存先のバケットに、解除できないオブジェクトロックがありません。",
                    "The bucket that it is stored in has no object lock that nobody can lift.",
                ),
                Some((Told::Open, _)) => (
                    Verdict::Undecided,
                    "オブジェクトロックはプランからは分かりません。",
                    "The plan does not tell of an object lock.",
                ),
                Some((Told::Yes, true)) => (
                    Verdict::Holds,
                    "別のプランのバケットに、オブジェクトロックをかけて保存します。",
                    "It is stored in a bucket of another plan, with object lock.",
                ),
                Some((Told::Yes, false)) => (
                    Verdict::Undecided,
                    "ロックはあります。別のアカウントのバケットかはプランからは分かりません。",
                    "There is a lock; whether the bucket is another account's, the plan does not tell.",
                ),
            };
        tell(out, RULE, trail, verdict, (ja, en));
    }
}
