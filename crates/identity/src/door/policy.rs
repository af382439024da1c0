//! The policy: shown with what each value means, and changed value by value.

use super::certified::net;
use super::{Identity, Writing, sms};
use crate::codes;
use crate::factor::password::Edition;
use crate::factor::sms::{Gateway, why_off};
use crate::kept::{ClientCertificates, Policy, Sms};
use crate::register::Step;
use crate::zone;
use base::{Language, Problem};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use store::Actor;

/// Every value by its name, with what it may be, in English and Japanese.
pub const VALUES: &[(&str, &str, &str)] = &[
    ("password-edition", "6.0 | 7.0: whose rules passwords follow", "6.0 | 7.0：パスワード規則の版"),
    (
        "passwords-remembered",
        "0 to 24: last passwords that cannot be chosen again, the present one among them",
        "0〜24：再び選べない直近のパスワードの数（現在のものを含む）",
    ),
    ("factors-needed", "1 | 2: factors of different kinds for people", "1 | 2：人に必要な種類の違う要素の数"),
    (
        "machine-factors-needed",
        "1 | 2: factors for machines (certificate, key)",
        "1 | 2：機器に必要な要素の数（証明書、キー）",
    ),
    (
        "device-certificate-counts",
        "true | false: a device's certificate is a factor of whoever works on it",
        "true | false：端末の証明書を利用者の要素に数えるか",
    ),
    (
        "client-certificates",
        "off | verify | passthrough (off: development only)",
        "off | verify | passthrough（off は開発用のみ）",
    ),
    (
        "from-proxy-addresses",
        "addresses of load balancers, by commas",
        "ロードバランサーのアドレス（コンマ区切り）",
    ),
    ("from-proxy-certificate-header", "header with the certificate", "証明書を渡すヘッダー"),
    (
        "from-proxy-verified-header",
        "header that says the check went well; empty for none",
        "確認の成功を示すヘッダー（空で不使用）",
    ),
    ("from-proxy-verified-value", "what that header says", "そのヘッダーの値"),
    (
        "from-proxy-address-header",
        "header with the client's address; empty for none",
        "クライアントのアドレスを渡すヘッダー（空で不使用）",
    ),
    ("session-idle-seconds", "60 to 3600", "60〜3600：無操作でセッションが終わる秒数"),
    (
        "session-idle-seconds-privileged",
        "60 to 3600, for accounts with duties",
        "60〜3600：役割のあるアカウントの場合",
    ),
    ("session-seconds-max", "300 to 86400", "300〜86400：セッションの最長秒数"),
    ("fresh-seconds", "30 to 900: how long a step-up lasts", "30〜900：再認証が有効な秒数"),
    ("unused-days", "1 to 366: when an unused account is listed", "1〜366：未使用アカウントとして示す日数"),
    (
        "zones",
        "names of networks for the law: ward=10.1.0.0/16,office=192.168.10.0/24; the first that fits",
        "権限ルールで使うネットワークの名前：ward=10.1.0.0/16,office=192.168.10.0/24（先に一致したもの）",
    ),
    (
        "glass-minutes-max",
        "5 to 480: how long an emergency access to a restricted patient lasts",
        "5〜480：閲覧制限のある患者への緊急アクセスの最長の分数",
    ),
    (
        "sms-url",
        "https address of an SMS gateway; empty switches it off",
        "SMS ゲートウェイの https アドレス（空で無効）",
    ),
    ("sms-body", "JSON with {to} and {text}", "{to} と {text} を含む JSON"),
    ("sms-headers", "`Name: value`, one a line", "`名前: 値`（1 行に 1 つ）"),
];

impl Identity {
    /// The policy with the meaning of each value, and why SMS is off.
    pub(super) fn show_policy(&self) -> Value {
        let policy = self.policy();
        let meanings: BTreeMap<&str, Value> =
            VALUES.iter().map(|(name, en, ja)| (*name, json!({ "en": en, "ja": ja }))).collect();
        let mut shown = json!(policy);
        if let Some(members) = shown.as_object_mut() {
            let sms = policy.sms.map(|sms| json!({ "url": sms.url, "body": sms.body }));
            members.insert("sms".to_owned(), json!(sms));
        }
        json!({
            "policy": shown,
            "values": meanings,
            "sms_off_because": { "en": why_off(Language::English), "ja": why_off(Language::Japanese) },
        })
    }

    /// Changes values of the policy, all or none.
    pub(super) async fn set_policy(
        &self,
        by: &Actor,
        values: &BTreeMap<String, String>,
    ) -> Result<Value, Problem> {
        let _changing = self.changing.lock().await;
        let mut policy = self.policy();
        for (name, value) in values {
            self.set(&mut policy, name, value.trim())?;
        }
        self.check(&policy, values)?;
        self.write(by, Writing { steps: vec![Step::Policy(policy)], ..Writing::default() }).await?;
        Ok(self.show_policy())
    }

    fn set(&self, policy: &mut Policy, name: &str, value: &str) -> Result<(), Problem> {
        let optional = |value: &str| Some(value).filter(|name| !name.is_empty()).map(header).transpose();
        match name {
            "password-edition" => policy.password_edition = edition(value)?,
            "passwords-remembered" => policy.passwords_remembered = number(value, 0..=24)?,
            "factors-needed" => policy.factors_needed = factors(value)?,
            "machine-factors-needed" => policy.machine_factors_needed = factors(value)?,
            "device-certificate-counts" => policy.device_certificate_counts = flag(value)?,
            "client-certificates" => policy.client_certificates = mode(value)?,
            "from-proxy-addresses" => policy.from_proxy.addresses = addresses(value)?,
            "from-proxy-certificate-header" => policy.from_proxy.certificate_header = header(value)?,
            "from-proxy-verified-header" => policy.from_proxy.verified_header = optional(value)?,
            "from-proxy-verified-value" => policy.from_proxy.verified_value = header_value(value)?,
            "from-proxy-address-header" => policy.from_proxy.address_header = optional(value)?,
            "session-idle-seconds" => policy.session_idle_seconds = number(value, 60..=3_600)?,
            "session-idle-seconds-privileged" => {
                policy.session_idle_seconds_privileged = number(value, 60..=3_600)?;
            }
            "session-seconds-max" => policy.session_seconds_max = number(value, 300..=86_400)?,
            "fresh-seconds" => policy.fresh_seconds = number(value, 30..=900)?,
            "unused-days" => policy.unused_days = number(value, 1..=366)?,
            "zones" => {
                let words = (
                    "zones is like ward=10.1.0.0/16,office=192.168.10.0/24, with names of a-z, 0-9 and -",
                    "zones は ward=10.1.0.0/16,office=192.168.10.0/24 の形で、名前は a-z、0-9、- です",
                );
                policy.zones = zone::parse(value).ok_or_else(|| wrong(words.0, words.1))?;
            }
            "glass-minutes-max" => policy.glass_minutes_max = number(value, 5..=480)?,
            "sms-url" if value.is_empty() => policy.sms = None,
            "sms-url" => value.clone_into(&mut self.sms_of(policy)?.url),
            "sms-body" => value.clone_into(&mut self.sms_of(policy)?.body),
            "sms-headers" if !sms::are_headers(value) => {
                let words = (
                    "sms-headers is `Name: value`, one a line",
                    "sms-headers は 1 行に 1 つの「名前: 値」です",
                );
                return Err(wrong(words.0, words.1));
            }
            "sms-headers" => {
                self.sms_of(policy)?.sealed_headers =
                    self.store.seal_secret(sms::HEADERS, value.as_bytes())?;
            }
            _ => return Err(wrong("there is no such value", "そのような値はありません")),
        }
        Ok(())
    }

    fn sms_of<'a>(&self, policy: &'a mut Policy) -> Result<&'a mut Sms, Problem> {
        if policy.sms.is_none() {
            let sealed_headers = self.store.seal_secret(sms::HEADERS, b"")?;
            policy.sms = Some(Sms {
                url: String::new(),
                body: r#"{"to":"{to}","text":"{text}"}"#.to_owned(),
                sealed_headers,
            });
        }
        policy.sms.as_mut().ok_or_else(|| Problem::new(&codes::NOT_KEPT))
    }

    /// What one value alone does not show.
    fn check(&self, policy: &Policy, values: &BTreeMap<String, String>) -> Result<(), Problem> {
        let asks = policy.client_certificates != ClientCertificates::Off;
        let chosen = values.contains_key("client-certificates");
        if asks && chosen && self.register().authorities.is_empty() {
            return Err(wrong(
                "no authority is trusted yet: use `akashi certificate ca` or `akashi certificate trust` first",
                "信頼する認証局がまだありません。先に `akashi certificate ca` または `akashi certificate trust` を実行してください",
            ));
        }
        let passes = policy.client_certificates == ClientCertificates::Passthrough;
        if passes && policy.from_proxy.addresses.is_empty() {
            return Err(wrong(
                "passthrough needs from-proxy-addresses",
                "passthrough には from-proxy-addresses が必要です",
            ));
        }
        if let Some(sms) = &policy.sms {
            Gateway::new(&self.gateway_settings(sms)?)?;
        }
        Ok(())
    }
}

fn wrong(en: &'static str, ja: &'static str) -> Problem {
    Problem::new(&codes::POLICY_WRONG).with("what_en", en).with("what_ja", ja)
}

fn edition(value: &str) -> Result<Edition, Problem> {
    match value {
        "6.0" => Ok(Edition::V6_0),
        "7.0" => Ok(Edition::V7_0),
        _ => Err(wrong("password-edition is 6.0 or 7.0", "password-edition は 6.0 または 7.0 です")),
    }
}

fn factors(value: &str) -> Result<u8, Problem> {
    match value {
        "1" => Ok(1),
        "2" => Ok(2),
        _ => Err(wrong("the number of factors is 1 or 2", "要素の数は 1 または 2 です")),
    }
}

fn flag(value: &str) -> Result<bool, Problem> {
    value.parse().map_err(|_| wrong("the value is true or false", "値は true または false です"))
}

fn mode(value: &str) -> Result<ClientCertificates, Problem> {
    match value {
        "off" => Ok(ClientCertificates::Off),
        "verify" => Ok(ClientCertificates::Verify),
        "passthrough" => Ok(ClientCertificates::Passthrough),
        _ => Err(wrong(
            "client-certificates is off, verify or passthrough",
            "client-certificates は off、verify、passthrough のいずれかです",
        )),
    }
}

fn addresses(value: &str) -> Result<Vec<String>, Problem> {
    let texts: Vec<String> =
        value.split(',').map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect();
    let good = texts.iter().all(|text| net(text).is_some());
    let words =
        ("an address is like 10.0.0.5 or 10.0.0.0/24", "アドレスは 10.0.0.5 または 10.0.0.0/24 の形です");
    if good { Ok(texts) } else { Err(wrong(words.0, words.1)) }
}

/// The name of a header field (RFC 9110, section 5.6.2), in lower case.
fn header(value: &str) -> Result<String, Problem> {
    let mark = |byte: u8| b"!#$%&'*+-.^_`|~".contains(&byte);
    let good = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || mark(byte));
    let words =
        ("the name of a header has letters, digits and hyphens", "ヘッダーの名前は英数字とハイフンです");
    if good { Ok(value.to_ascii_lowercase()) } else { Err(wrong(words.0, words.1)) }
}

fn header_value(value: &str) -> Result<String, Problem> {
    let good = !value.is_empty() && value.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
    let words = (
        "from-proxy-verified-value is ASCII and not empty",
        "from-proxy-verified-value は空でない ASCII です",
    );
    if good { Ok(value.to_owned()) } else { Err(wrong(words.0, words.1)) }
}

fn number(value: &str, range: RangeInclusive<u32>) -> Result<u32, Problem> {
    let words = ("the number is out of its bounds", "数値が範囲外です");
    value.parse().ok().filter(|number| range.contains(number)).ok_or_else(|| wrong(words.0, words.1))
}
