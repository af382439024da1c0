//! Measures in the words of somebody who runs a clinic and no computers.

use super::super::Given;
use super::super::measure::Measure;
use super::super::words::{about, tell};
use guideline::{Actor, FactOrigin};

/// For keys that begin so, what to do. The first that fits counts.
const PLAIN: [(&str, &str, &str); 45] = [
    (
        "runtime.tls.certificate",
        "通信を守る証明書を、正式なものに切り替え、期限の前に更新する",
        "Use a proper certificate for traffic, and renew it in time",
    ),
    (
        "runtime.tls.",
        "システムとの通信を、必ず暗号で守る設定にする",
        "Have all traffic with the system encrypted",
    ),
    ("runtime.door.", "短い時間に大量の接続が来たときに断る設定にする", "Have floods of requests refused"),
    (
        "runtime.accounts.with_two_factors",
        "全員が、パスワードと別の方法の二つで本人確認できるようにする",
        "Register two ways of proving identity for everybody",
    ),
    (
        "runtime.accounts.shared",
        "共同で使っているアカウントをやめ、一人に一つずつ渡す",
        "Give everybody an account of their own",
    ),
    ("runtime.accounts.stale", "長く使われていないアカウントを止める", "Close accounts that nobody uses"),
    (
        "runtime.accounts.emergency",
        "非常時用のアカウントを整え、ふだんは使えないようにしておく",
        "Keep emergency accounts ready, and closed in normal times",
    ),
    (
        "runtime.accounts.",
        "利用者のアカウントを一人ずつ点検し、職種を登録する",
        "Review the accounts of all users and register occupations",
    ),
    (
        "runtime.password.",
        "パスワードの決まりを見直し、推測されにくいものだけを使えるようにする",
        "Tighten the rules for passwords",
    ),
    (
        "runtime.lockout.",
        "ログインに何度も失敗したら、しばらく使えなくする設定にする",
        "Refuse logins for a while after repeated failures",
    ),
    (
        "runtime.two_factors.",
        "カルテを開くときに、二つの方法での本人確認を必須にする",
        "Require two ways of proving identity to open records",
    ),
    (
        "runtime.session.",
        "席を離れたら、画面が自動で閉じるようにする",
        "Have screens close by themselves when unattended",
    ),
    (
        "runtime.law.break_glass",
        "緊急時にカルテを開いたことが、必ず別の人に伝わるようにする",
        "Have emergency access told to a second person",
    ),
    (
        "runtime.law.",
        "職種ごとに、見てよい範囲と操作してよい範囲を決める",
        "Settle for each occupation what may be seen and done",
    ),
    (
        "runtime.audit.last_review_days",
        "だれがカルテを見たかの記録を、定期的に点検する",
        "Review regularly who looked at records",
    ),
    (
        "runtime.audit.",
        "だれがカルテを見たかの記録を、消されないように保管する",
        "Keep the trail of who looked at records safe",
    ),
    (
        "runtime.journal.",
        "カルテの記録が書き換えられていないことを、定期的に確かめる",
        "Verify regularly that records were not altered",
    ),
    (
        "runtime.clock.",
        "システムの時計を、自動で正しい時刻に合わせる",
        "Have the clock of the system set automatically",
    ),
    ("runtime.encryption.", "保存しているデータを暗号で守る", "Encrypt stored data"),
    ("runtime.keys.", "暗号の鍵を、データと別の場所に置く", "Keep the encryption key apart from the data"),
    (
        "runtime.backup.offline_copy",
        "ネットワークから切り離したバックアップを持つ",
        "Keep a backup that is cut off from the network",
    ),
    (
        "runtime.backup.restore_drill_days",
        "バックアップからカルテを元に戻す訓練をする",
        "Practise restoring records from the backup",
    ),
    ("runtime.backup.", "バックアップを毎日取り、何日分か残す", "Back up every day and keep several days"),
    (
        "runtime.records.unfinalised",
        "書きかけのまま期限を過ぎたカルテを確定する",
        "Finalise records that are overdue",
    ),
    (
        "runtime.records.proxy",
        "代わりに入力されたカルテを、担当医が確認して承認する",
        "Have proxy entries approved by their doctors",
    ),
    (
        "runtime.records.",
        "カルテの確定・訂正・保存の仕組みを整える",
        "Put finalising, correcting and keeping of records in order",
    ),
    (
        "runtime.software.operating_system",
        "サポートの切れたパソコン・サーバーの基本ソフトを入れ替える",
        "Replace operating systems that are no longer supported",
    ),
    (
        "runtime.software.",
        "電子カルテのソフトを、サポートのある版に保つ",
        "Keep the record system at a supported version",
    ),
    (
        "runtime.maintenance.",
        "業者が保守で入るときは、承認を受け、記録が残るようにする",
        "Let maintainers in only when approved, and on record",
    ),
    (
        "runtime.api.",
        "外からつながる窓口に、必ず本人確認を付ける",
        "Require authentication for everything that connects",
    ),
    ("runtime.log.", "動作の記録に患者の情報が出ないようにする", "Keep patient data out of ordinary logs"),
    (
        "runtime.risk.waiting_for_approval",
        "リスクへの対応案を、経営層が承認する",
        "Have treatments of risks approved by management",
    ),
    (
        "runtime.risk.",
        "起こりうる危険を洗い出し、大きさと対応を決める",
        "List what can go wrong, and settle how large it is and what to do",
    ),
    (
        "site.network.open_paths",
        "院外からカルテに届いてしまう通り道をふさぐ",
        "Close the ways from outside to the records",
    ),
    ("site.network.wireless", "無線 LAN を、安全な方式に切り替える", "Protect the wireless network"),
    (
        "site.network.vpn_devices",
        "院外とつなぐ機器を、最新の状態に更新する",
        "Update the devices that connect to the outside",
    ),
    (
        "site.network.",
        "院内のネットワークを区切り、外との出入口を守る",
        "Divide the network and guard its boundary",
    ),
    (
        "site.remote_maintenance.",
        "業者が外から入る通り道をすべて把握し、ふだんは閉じておく",
        "Know all ways of remote maintenance, and keep them closed in normal times",
    ),
    (
        "site.devices.inventory",
        "パソコンや機器の台帳を、現物と合わせる",
        "Make the inventory agree with what is there",
    ),
    (
        "site.devices.",
        "パソコン・サーバーを、最新で安全な状態に保つ",
        "Keep computers up to date and protected",
    ),
    ("site.cloud.regions", "データを国内で保管しているかを確かめる", "Make sure that data lies in Japan"),
    ("site.cloud.", "クラウドの保管場所と管理者の設定を安全にする", "Secure the settings of the cloud"),
    (
        "site.availability.",
        "止まると診療に困る機器・回線・電源を二重にする",
        "Have a second of whatever care depends on",
    ),
    (
        "site.physical.",
        "サーバー室に鍵をかけ、出入りを記録する",
        "Lock the server room and record who enters",
    ),
    ("site.", "ネットワークと機器の構成を確かめる", "Check network and devices"),
];

/// What to do, in plain words.
pub(super) fn measure(given: &Given<'_>, one: &Measure<'_>) -> String {
    match one.origin() {
        FactOrigin::Document => {
            let name = one.document(given).unwrap_or(&one.key);
            tell(
                given,
                format!("「{name}」を作り、承認して登録する"),
                format!("Make, approve and register: {name}"),
            )
        }
        FactOrigin::Person => {
            let question = about(given, &one.key);
            if one.fact.is_some() {
                tell(
                    given,
                    format!("次のことができていない。実施する：{question}"),
                    format!("Not done yet, do it: {question}"),
                )
            } else {
                tell(
                    given,
                    format!("次のことを担当者に確かめ、答えてもらう：{question}"),
                    format!("Have somebody answer: {question}"),
                )
            }
        }
        FactOrigin::Runtime | FactOrigin::Site => {
            let plain = PLAIN.iter().find(|(begin, ..)| one.key.starts_with(begin));
            let what = plain.map_or_else(|| about(given, &one.key), |(_, ja, en)| given.say(ja, en));
            if one.fact.is_some() {
                return what.to_owned();
            }
            tell(given, format!("まず、できているか確かめる：{what}"), format!("First find out: {what}"))
        }
    }
}

/// Who has to act, as people in a clinic say it.
pub(super) fn actor(given: &Given<'_>, actor: Actor) -> &'static str {
    let (ja, en) = match actor {
        Actor::Executive => ("院長・経営層", "director"),
        Actor::Planner => ("安全管理の担当者", "security manager"),
        Actor::Operator => ("システムの担当者", "system operator"),
        Actor::Provider => ("事業者（業者）", "provider"),
        Actor::User => ("職員", "staff"),
    };
    match given.language {
        base::Language::Japanese => ja,
        base::Language::English => en,
    }
}

#[cfg(test)]
mod tests {
    use super::PLAIN;

    #[test]
    fn every_fact_of_system_and_site_has_plain_words_and_all_words_are_used() {
        let engine = guideline::engine().unwrap();
        let technical: Vec<&str> = engine
            .registry
            .keys()
            .map(|key| key.key.as_str())
            .filter(|key| key.starts_with("runtime.") || key.starts_with("site."))
            .collect();
        for key in &technical {
            assert!(PLAIN.iter().any(|(begin, ..)| key.starts_with(begin)), "{key}");
        }
        for (begin, ja, _) in PLAIN {
            assert!(technical.iter().any(|key| key.starts_with(begin)), "{begin}");
            for word in ["TLS", "VPN", "API", "FHIR", "ジャーナル", "認可", "トークン", "二要素"]
            {
                assert!(!ja.contains(word), "{ja}");
            }
        }
    }
}
