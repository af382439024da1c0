//! Second factors and the way back in.

use super::Crossed;
use super::estate::{Estate, blocks, tell, text};
use crate::resource::{Attribute, Resource};
use crate::rules::Verdict;

/// Whoever has lost or stolen the phone or the mail box of the second factor does not get in by recovery.
pub(super) fn independent(estate: &Estate<'_>, out: &mut Vec<Crossed>) {
    const RULE: &str = "xc.two-factor-independent";
    for pool in estate.all("aws_cognito_user_pool") {
        if text(pool, "mfa_configuration") == Ok(Some("OFF")) || text(pool, "mfa_configuration") == Ok(None) {
            // That there is no second factor is another rule's.
            continue;
        }
        let (verdict, ja, en) = of_pool(pool);
        tell(out, RULE, pool, verdict, (ja, en));
    }
}

fn of_pool(pool: &Resource) -> (Verdict, &'static str, &'static str) {
    let unknown = |name: &str| matches!(pool.attribute(name), Attribute::Unknown | Attribute::Sensitive);
    if ["mfa_configuration", "account_recovery_setting", "sms_configuration", "email_mfa_configuration"]
        .iter()
        .any(|name| unknown(name))
    {
        return (
            Verdict::Undecided,
            "第二要素または復旧手段は適用後に決まります。",
            "The second factor or the recovery is known after apply.",
        );
    }
    let by_phone = !blocks(&pool.values, "sms_configuration").is_empty();
    let by_mail = !blocks(&pool.values, "email_mfa_configuration").is_empty();
    let settings = blocks(&pool.values, "account_recovery_setting");
    let ways: Vec<&str> = settings
        .iter()
        .flat_map(|block| blocks(block, "recovery_mechanism"))
        .filter_map(|way| way.get("name")?.as_str())
        .collect();
    if !by_phone && !by_mail {
        return (
            Verdict::Holds,
            "第二要素は電話もメールも使いません。",
            "The second factor uses neither phone nor mail.",
        );
    }
    if ways.is_empty() {
        return (
            Verdict::Undecided,
            "復旧手段の設定がありません。既定では電話やメールで復旧できます。",
            "No recovery is set; by default phone or mail can be used.",
        );
    }
    if (by_phone && ways.contains(&"verified_phone_number")) || (by_mail && ways.contains(&"verified_email"))
    {
        return (
            Verdict::Violated,
            "第二要素と復旧に、同じ電話番号またはメールアドレスを使えます。",
            "The second factor and the recovery use the same phone or mail box.",
        );
    }
    (Verdict::Holds, "復旧には別の手段を使います。", "Recovery uses another way.")
}
