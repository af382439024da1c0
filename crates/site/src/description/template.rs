//! Descriptions to start from: the example of a small clinic, and one for each reference architecture.

use crate::codes;
use base::Problem;

/// A template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template {
    /// Its name: `direct-connect`.
    pub name: &'static str,
    /// What it shows, in English.
    pub en: &'static str,
    /// The same in Japanese.
    pub ja: &'static str,
    /// The description.
    pub text: &'static str,
}

macro_rules! templates {
    ($($name:literal, $en:literal, $ja:literal;)*) => {
        static TEMPLATES: &[Template] = &[$(Template {
            name: $name,
            en: $en,
            ja: $ja,
            text: include_str!(concat!("../../templates/", $name, ".yaml")),
        }),*];
    };
}

templates! {
    "small-hospital", "A hospital as it is often found, with its faults: start here to see what a check tells.",
        "よくある状態の病院（問題点あり）。まずこれを判定してみてください。";
    "two-networks-hospital", "The same hospital put right: an information and a medical network with guarded ways between them.",
        "同じ病院を是正した姿。情報系と診療系を分け、間の通信を管理します。";
    "cloud-move", "A hospital on the way from its own servers to a cloud service: now, next, target.",
        "院内サーバーからクラウドへ移る病院（現在、次、目標）。";
    "direct-connect", "A hospital joined to the cloud by dedicated lines.",
        "専用線でクラウドに接続する病院。";
    "site-to-site-vpn", "A hospital joined to the cloud by IPsec over the Internet.",
        "インターネット上の IPsec でクラウドに接続する病院。";
    "redundant-lines", "A dedicated line and a VPN in its stead, a hub, and an inspection of what passes it.",
        "専用線と予備の VPN、ハブ、通信の検査。";
    "privatelink-saas", "A service for many hospitals through private endpoints, with equal addresses at the hospitals.",
        "プライベートエンドポイントで多数の施設に提供する SaaS（施設間でアドレスが重複）。";
    "api-gateway-mtls", "An API on the Internet that asks for client certificates, at a managed gateway.",
        "クライアント証明書を求める API（マネージドゲートウェイ）。";
    "alb-mtls", "An application on the Internet behind a balancer that takes TLS 1.3 with client certificates only.",
        "TLS 1.3 とクライアント証明書だけを受け付けるロードバランサー。";
    "cognito-two-factor", "Clinicians who sign in with two factors at a managed directory.",
        "マネージドな認証基盤による二要素認証。";
    "drafting-llm", "A language model that drafts documents from pseudonymised data.",
        "仮名化したデータから文書の下書きを作る言語モデル。";
    "university-hospital", "A university hospital with two sites, records, health checks and secondary use in the cloud.",
        "二つの拠点を持つ大学病院。電子カルテ、健診、二次利用をクラウドで運用。";
}

/// All templates.
pub fn templates() -> &'static [Template] {
    TEMPLATES
}

/// A template by its name.
///
/// # Errors
///
/// `SI-0024`: there is none of this name.
pub fn template(name: &str) -> Result<&'static Template, Problem> {
    TEMPLATES.iter().find(|template| template.name == name).ok_or_else(|| {
        let known: Vec<&str> = TEMPLATES.iter().map(|template| template.name).collect();
        Problem::new(&codes::TEMPLATE)
            .with("name", name)
            .with("known", known.join(", "))
            .log(format!("no template {name}"))
    })
}

/// A small clinic with a comment at every key: what `akashi check --init` writes.
pub fn init() -> &'static str {
    include_str!("../../templates/example.yaml")
}
