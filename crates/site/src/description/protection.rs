//! How a connection is protected, with the parameters that decide whether it is.

use super::place::{Id, Placed};
use super::words::{
    Cipher, ClientCertificate, IkeVersion, Integrity, Macsec, PeerCheck, SslVpnKind, TlsProfile, TlsVersion,
    Trust, Wireless, WirelessCipher,
};
use schemars::JsonSchema;
use serde::Deserialize;

/// A protection: one key with its parameters. A list of them, or `none`. / 通信の保護。パラメーターを持つキーを一つ。一覧にするか、`none` と書く。
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Protection {
    /// IPsec with IKE. / IPsec と IKE。
    Ipsec(Ipsec),
    /// TLS. / TLS。
    Tls(Tls),
    /// SSL-VPN. / SSL-VPN。
    SslVpn(SslVpn),
    /// MACsec on a dedicated line. / 専用線上の MACsec。
    Macsec(MacsecLink),
    /// Protection of wireless. / 無線LANの保護。
    Wireless(WirelessLink),
    /// Another one. / その他。
    Other(OtherProtection),
}

/// IPsec: what both ends admit, not only what they use today. / IPsec：実際に使うものだけでなく、両端が許すものすべて。
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ipsec {
    /// Versions of IKE that are admitted. / 許可する IKE のバージョン。
    pub ike: Option<Vec<IkeVersion>>,
    /// Encryption that is admitted. / 許可する暗号化方式。
    pub encryption: Option<Vec<Cipher>>,
    /// Integrity that is admitted. / 許可する完全性の方式。
    pub integrity: Option<Vec<Integrity>>,
    /// Diffie-Hellman groups that are admitted. / 許可する DH グループ。
    pub dh_groups: Option<Vec<Placed<u16>>>,
    /// The longest life of a key. / 鍵の最長有効秒数。
    pub lifetime_seconds: Option<u32>,
    /// How both ends know each other. / 両端の認証方法。
    pub authentication: Option<PeerCheck>,
    /// Whether other sites have the same pre-shared key. / 同じ事前共有鍵を他の拠点でも使っているか。
    pub key_shared: Option<bool>,
    /// Whether each key is agreed anew (PFS). / PFS を使うか。
    pub pfs: Option<bool>,
    /// How many tunnels there are. / トンネルの本数。
    pub tunnels: Option<u32>,
    /// Whether tunnels are logged. / トンネルの記録を残すか。
    pub logged: Option<bool>,
    /// Whether the end of the tunnel also reaches other networks meanwhile. / 接続中に別のネットワークにも出られるか（回り込み）。
    pub split: Option<bool>,
}

/// TLS. / TLS。
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// Versions that are admitted. / 許可するバージョン。
    pub versions: Option<Vec<TlsVersion>>,
    /// Its profile. / 設定の型。
    pub profile: Option<TlsProfile>,
    /// Whether clients show certificates. / クライアント証明書の扱い。
    pub client_certificate: Option<ClientCertificate>,
    /// Whose client certificates are taken. / クライアント証明書の認証局。
    pub trust: Option<Trust>,
    /// Whether revoked certificates are refused. / 失効した証明書を拒否するか。
    pub revocation: Option<bool>,
    /// The node that checks client certificates that are passed through. / 引き渡されたクライアント証明書を検証する機器の ID。
    pub verified_by: Option<Id>,
    /// Whether clients check the server's certificate. / クライアントがサーバー証明書を検証するか。
    pub server_checked: Option<bool>,
    /// Why something weaker than usual is admitted. / 通常より弱い設定を許す理由。
    pub reason: Option<String>,
}

/// SSL-VPN. / SSL-VPN。
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SslVpn {
    /// Its kind. / 方式。
    pub kind: Option<SslVpnKind>,
    /// Versions of TLS that are admitted. / 許可する TLS のバージョン。
    pub versions: Option<Vec<TlsVersion>>,
    /// Its profile. / 設定の型。
    pub profile: Option<TlsProfile>,
    /// Whether clients show certificates. / クライアント証明書の扱い。
    pub client_certificate: Option<ClientCertificate>,
    /// Whether only known devices come in. / 端末を限定しているか。
    pub devices_restricted: Option<bool>,
    /// Whether the device also reaches other networks meanwhile. / 接続中に別のネットワークにも出られるか（回り込み）。
    pub split: Option<bool>,
}

/// MACsec. / MACsec。
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MacsecLink {
    /// How strictly. / 強制度。
    pub mode: Option<Macsec>,
}

/// Wireless. / 無線LAN。
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WirelessLink {
    /// How it is protected. / 方式。
    pub security: Option<Wireless>,
    /// Its cipher. / 暗号。
    pub cipher: Option<WirelessCipher>,
    /// Whether devices show certificates. / 端末証明書で認証するか。
    pub client_certificate: Option<bool>,
    /// Whether guests have the same key. / 来訪者と同じ鍵か。
    pub key_shared_with_guests: Option<bool>,
    /// Whether devices do not reach each other. / 端末どうしの通信を遮断するか。
    pub isolated: Option<bool>,
    /// Whether connections without its name are refused. / ANY 接続を拒否するか。
    pub any_refused: Option<bool>,
}

/// Another protection. / その他の保護。
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OtherProtection {
    /// What it is. / 名称。
    pub name: Option<String>,
    /// Whether it encrypts. / 暗号化するか。
    pub encrypted: Option<bool>,
    /// Whether both ends check each other. / 両端が互いを認証するか。
    pub mutual: Option<bool>,
}
