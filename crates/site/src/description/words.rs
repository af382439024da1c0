//! The words a description may use, each with what it means.
//!
//! The comment of a word is what editors show beside it (`docs/site.schema.json`), so it stands in both languages.

use schemars::JsonSchema;
use serde::Deserialize;

/// A choice of words: the type, and for each word its name in files.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $word:ident = $written:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
        pub enum $name {
            $($(#[$word_doc])* #[serde(rename = $written)] $word,)*
        }

        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$word),*];

            /// As it is written in files.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$word => $written,)*
                }
            }
        }
    )*};
}

words! {
    /// When something stands. / いつの状態か。
    Phase {
        /// As it is today. / 現在。
        Now = "now",
        /// After the next step. / 次の段階。
        Next = "next",
        /// As it is to be in the end. / 最終的な姿。
        Target = "target",
    }
    /// What a zone is for. / ゾーンの種類。
    ZoneKind {
        /// The Internet. / インターネット。
        Internet = "internet",
        /// The information network: offices, mail, web. / 情報系ネットワーク。
        Information = "information",
        /// The medical network: records, orders, images. / 診療系ネットワーク。
        Medical = "medical",
        /// The network of online eligibility checks. / オンライン資格確認のネットワーク。
        Eligibility = "eligibility",
        /// A vendor's network. / 保守業者などのネットワーク。
        Vendor = "vendor",
        /// A network of a carrier that is closed to the Internet. / 通信事業者の閉域網。
        Carrier = "carrier",
        /// A network in a cloud. / クラウド内のネットワーク。
        Cloud = "cloud",
        /// Wireless network for patients and visitors. / 患者・来訪者用の無線LAN。
        GuestWireless = "guest-wireless",
        /// Where devices are administered from. / 機器の管理用ネットワーク。
        Management = "management",
        /// Another one. / その他。
        Other = "other",
    }
    /// What a node is. / 機器・システムの種類。
    NodeKind {
        /// A PC, tablet or other terminal. / 端末（PC、タブレットなど）。
        Terminal = "terminal",
        /// A server. / サーバー。
        Server = "server",
        /// A database. / データベース。
        Database = "database",
        /// A store of files or objects. / ファイルやオブジェクトの保管先。
        Store = "store",
        /// A gateway that takes on connections and passes them on as its own. / 中継して接続し直すゲートウェイ。
        Gateway = "gateway",
        /// A router. / ルーター。
        Router = "router",
        /// A firewall. / ファイアウォール。
        Firewall = "firewall",
        /// A device that ends VPN connections. / VPN装置。
        VpnDevice = "vpn-device",
        /// A load balancer. / ロードバランサー。
        Balancer = "balancer",
        /// A modality: CT, MR, ultrasound. / モダリティ（CT、MR、超音波など）。
        Modality = "modality",
        /// An image archive. / PACS（医用画像管理システム）。
        Pacs = "pacs",
        /// A printer or scanner. / プリンター、スキャナー。
        Printer = "printer",
        /// A wireless access point. / 無線LANアクセスポイント。
        WirelessAp = "wireless-ap",
        /// An appliance whose inside only its maker knows. / 中身を変更できない専用機器。
        Appliance = "appliance",
        /// An API entrance. / APIの入口。
        Api = "api",
        /// A function without a server of its own. / サーバーレスの関数。
        Function = "function",
        /// A language model or other model. / 言語モデルなどのAIモデル。
        Model = "model",
        /// A directory of users. / 利用者ディレクトリ、認証基盤。
        Directory = "directory",
        /// A resolver of names. / DNSリゾルバー。
        Resolver = "resolver",
        /// Another service. / その他のサービス。
        Service = "service",
    }
    /// A class of information. / 情報の区分。
    DataClass {
        /// Medical records. / 診療録など。
        ClinicalRecord = "clinical-record",
        /// Medical images. / 医用画像。
        Image = "image",
        /// Results of tests. / 検査結果。
        Laboratory = "laboratory",
        /// Who a patient is: name, address, number. / 患者の氏名、住所、番号など。
        PatientIdentity = "patient-identity",
        /// Billing data with names of patients. / 医事会計、レセプト。
        Billing = "billing",
        /// Answers of the eligibility check. / 資格確認の結果。
        Eligibility = "eligibility",
        /// Results of health checks. / 健診結果。
        HealthCheck = "health-check",
        /// Drafts of medical documents. / 医療文書の下書き。
        Draft = "draft",
        /// Data in which identifiers are replaced and can be joined again. / 識別子を置き換えた（照合可能な）データ。
        Pseudonymised = "pseudonymised",
        /// Data that cannot be joined to a patient again. / 復元できないように匿名化したデータ。
        Anonymised = "anonymised",
        /// Data of the staff. / 職員の情報。
        Staff = "staff",
        /// Passwords, keys, certificates. / パスワード、鍵、証明書。
        Credentials = "credentials",
        /// Configuration. / 設定。
        Configuration = "configuration",
        /// Logs. / ログ。
        Logs = "logs",
        /// Other data, not of patients. / その他（患者の情報を含まない）。
        Other = "other",
    }
    /// What a party is. / 関係者の種類。
    PartyKind {
        /// A hospital or a clinic. / 医療機関。
        Facility = "facility",
        /// A vendor who supplies or maintains. / 販売・保守の事業者。
        Vendor = "vendor",
        /// A provider of a service for several facilities. / サービス提供事業者。
        Provider = "provider",
        /// A telecommunications carrier. / 電気通信事業者。
        Carrier = "carrier",
        /// A cloud operator. / クラウド事業者。
        Cloud = "cloud",
        /// A public body. / 公的機関。
        Authority = "authority",
        /// Another one. / その他。
        Other = "other",
    }
    /// What the facility is. / 施設の種類。
    FacilityKind {
        /// A clinic. / 診療所。
        Clinic = "clinic",
        /// A hospital. / 病院。
        Hospital = "hospital",
        /// A university hospital. / 大学病院。
        UniversityHospital = "university-hospital",
        /// A pharmacy. / 薬局。
        Pharmacy = "pharmacy",
        /// A provider of a service for facilities. / 医療機関向けサービスの事業者。
        Provider = "provider",
        /// Another one. / その他。
        Other = "other",
    }
    /// Over what a link runs. / 回線の種類。
    Carrier {
        /// A dedicated line. / 専用線。
        LeasedLine = "leased-line",
        /// IP-VPN of a carrier, closed to the Internet. / IP-VPN（インターネットを通らない閉域網）。
        IpVpn = "ip-vpn",
        /// An IPsec tunnel over an open network. / オープンなネットワーク上のIPsecトンネル。
        Ipsec = "ipsec",
        /// The Internet. / インターネット。
        Internet = "internet",
        /// Wireless within the facility. / 施設内の無線LAN。
        Wireless = "wireless",
        /// A cable within the facility. / 施設内の有線LAN。
        Lan = "lan",
        /// A mobile network that leads to the Internet. / インターネットに出る携帯回線。
        Mobile = "mobile",
        /// A mobile network that is closed to the Internet. / 閉域の携帯回線。
        ClosedMobile = "closed-mobile",
        /// The telephone network, by dialling. / 公衆電話網（ダイヤルアップ）。
        Telephone = "telephone",
        /// An academic network, by its closed service. / 学術情報ネットワークの閉域接続。
        Academic = "academic",
        /// Within a cloud. / クラウド内部。
        CloudInternal = "cloud-internal",
        /// Carried by hand on a medium. / 媒体による持ち運び。
        Media = "media",
    }
    /// A protocol. / プロトコル。
    Protocol {
        /// TCP. / TCP。
        Tcp = "tcp",
        /// UDP. / UDP。
        Udp = "udp",
        /// ICMP. / ICMP。
        Icmp = "icmp",
        /// ESP of IPsec. / IPsecのESP。
        Esp = "esp",
        /// All of them. / すべて。
        Any = "any",
    }
    /// What a rule does. / ルールの動作。
    Action {
        /// Lets it pass. / 通す。
        Allow = "allow",
        /// Stops it. / 止める。
        Deny = "deny",
    }
    /// Who can open connections over a link. / 接続を開始できる側。
    Direction {
        /// Both ends. / 両端。
        Both = "both",
        /// Only from `from` to `to`. / `from` から `to` へのみ。
        Forward = "forward",
    }
    /// When a way in for maintenance is open. / 保守用の入口がいつ開いているか。
    Opening {
        /// Closed; opened by the facility for a piece of work. / 通常は閉じ、作業のたびに施設が開ける。
        OnRequest = "on-request",
        /// Always open. / 常時開いている。
        Permanently = "permanently",
    }
    /// A version of IKE. / IKEのバージョン。
    IkeVersion {
        /// IKEv1. / IKEv1。
        Ikev1 = "ikev1",
        /// IKEv2. / IKEv2。
        Ikev2 = "ikev2",
    }
    /// An encryption algorithm. / 暗号化方式。
    Cipher {
        /// No encryption. / 暗号化なし。
        None = "none",
        /// DES. / DES。
        Des = "des",
        /// Triple DES. / トリプルDES。
        TripleDes = "3des",
        /// AES-128-CBC. / AES-128-CBC。
        Aes128 = "aes128",
        /// AES-256-CBC. / AES-256-CBC。
        Aes256 = "aes256",
        /// AES-128-GCM. / AES-128-GCM。
        Aes128Gcm = "aes128-gcm",
        /// AES-256-GCM. / AES-256-GCM。
        Aes256Gcm = "aes256-gcm",
        /// ChaCha20-Poly1305. / ChaCha20-Poly1305。
        Chacha20Poly1305 = "chacha20-poly1305",
    }
    /// An integrity algorithm. / 完全性の方式。
    Integrity {
        /// MD5. / MD5。
        Md5 = "md5",
        /// SHA-1. / SHA-1。
        Sha1 = "sha1",
        /// SHA-256. / SHA-256。
        Sha2256 = "sha2-256",
        /// SHA-384. / SHA-384。
        Sha2384 = "sha2-384",
        /// SHA-512. / SHA-512。
        Sha2512 = "sha2-512",
        /// By the encryption itself (GCM, Poly1305). / 暗号化方式自体による（GCM など）。
        Aead = "aead",
    }
    /// How both ends of a tunnel know each other. / トンネルの両端の認証方法。
    PeerCheck {
        /// A pre-shared key. / 事前共有鍵。
        Psk = "psk",
        /// Certificates. / 証明書。
        Certificate = "certificate",
    }
    /// A version of TLS. / TLSのバージョン。
    TlsVersion {
        /// SSL 3.0. / SSL 3.0。
        Ssl3 = "ssl3",
        /// TLS 1.0. / TLS 1.0。
        Tls10 = "tls1.0",
        /// TLS 1.1. / TLS 1.1。
        Tls11 = "tls1.1",
        /// TLS 1.2. / TLS 1.2。
        Tls12 = "tls1.2",
        /// TLS 1.3. / TLS 1.3。
        Tls13 = "tls1.3",
    }
    /// A profile of the Japanese TLS guideline. / TLS暗号設定ガイドラインの設定。
    TlsProfile {
        /// High security. / 高セキュリティ型。
        HighSecurity = "high-security",
        /// Recommended. / 推奨セキュリティ型。
        Recommended = "recommended",
        /// Security exception. / セキュリティ例外型。
        Exception = "exception",
    }
    /// Whether clients show certificates. / クライアント証明書の扱い。
    ClientCertificate {
        /// Without one nobody comes in. / 必須。
        Required = "required",
        /// Asked for, but not needed. / 任意。
        Optional = "optional",
        /// Handed to the node behind, which must check. / 後段に渡し、後段が検証する。
        Passthrough = "passthrough",
        /// Not asked for. / 求めない。
        NotAsked = "not-asked",
    }
    /// Whose certificates are taken. / 信頼する認証局。
    Trust {
        /// An authority of its own for this purpose. / この用途専用の認証局。
        Private = "private",
        /// A public authority, whose certificates anybody can get. / 誰でも証明書を取得できる公的な認証局。
        Public = "public",
    }
    /// A kind of SSL-VPN. / SSL-VPNの方式。
    SslVpnKind {
        /// With software of its own on devices that are known. / 専用ソフトと限定した端末による型。
        Client = "client",
        /// From any browser. / ブラウザーだけで使う型。
        Clientless = "clientless",
    }
    /// How strictly MACsec is used. / MACsecの強制度。
    Macsec {
        /// Nothing passes in clear. / 暗号化を強制。
        Must = "must-encrypt",
        /// In clear where it fails. / 失敗時は平文。
        Should = "should-encrypt",
        /// Not used. / 使わない。
        Off = "no-encrypt",
    }
    /// How wireless is protected. / 無線LANの方式。
    Wireless {
        /// Not at all. / 保護なし。
        Open = "open",
        /// WEP. / WEP。
        Wep = "wep",
        /// WPA. / WPA。
        Wpa = "wpa",
        /// WPA2 with one key for all. / WPA2（共通の鍵）。
        Wpa2Personal = "wpa2-personal",
        /// WPA2 with a sign-in of each. / WPA2（個別認証、802.1X）。
        Wpa2Enterprise = "wpa2-enterprise",
        /// WPA3 with one key for all. / WPA3（共通の鍵）。
        Wpa3Personal = "wpa3-personal",
        /// WPA3 with a sign-in of each. / WPA3（個別認証、802.1X）。
        Wpa3Enterprise = "wpa3-enterprise",
    }
    /// The cipher of wireless. / 無線LANの暗号。
    WirelessCipher {
        /// TKIP. / TKIP。
        Tkip = "tkip",
        /// AES (CCMP or GCMP). / AES（CCMP、GCMP）。
        Aes = "aes",
    }
    /// What somebody shows at a sign-in. / 認証要素。
    Factor {
        /// A password. / パスワード。
        Password = "password",
        /// A code from an app. / アプリの使い捨てコード。
        Totp = "totp",
        /// A code by SMS. / SMSのコード。
        Sms = "sms",
        /// A passkey. / パスキー。
        Passkey = "passkey",
        /// A certificate on a device. / 端末の証明書。
        Certificate = "certificate",
        /// An IC card. / ICカード。
        IcCard = "ic-card",
        /// A part of the body. / 生体認証。
        Biometric = "biometric",
    }
    /// What becomes of identifiers before data leaves. / 外へ出す前の識別子の扱い。
    Identifiers {
        /// They go along. / そのまま送る。
        Kept = "kept",
        /// A hash without a key. / 鍵なしのハッシュ。
        PlainHash = "plain-hash",
        /// A hash with a key. / 鍵付きハッシュ。
        KeyedHash = "keyed-hash",
        /// Tokens from a table. / 対応表によるトークン。
        TokenTable = "token-table",
        /// They are taken out. / 取り除く。
        Removed = "removed",
    }
    /// On what a backup lies. / バックアップの媒体。
    Medium {
        /// A disk or NAS. / ディスク、NAS。
        Disk = "disk",
        /// Tape. / テープ。
        Tape = "tape",
        /// A removable disk. / 取り外し式ディスク。
        Removable = "removable",
        /// A write-once disc. / 追記型の光ディスク。
        Optical = "optical",
        /// An object store. / オブジェクトストレージ。
        ObjectStore = "object-store",
        /// A second running copy; not a backup by itself. / 稼働中の複製（それだけではバックアップにならない）。
        Replica = "replica",
    }
    /// What a resource of a cloud is for the site. / クラウド側の接続点の種類。
    CloudKind {
        /// A site-to-site VPN connection. / サイト間VPN接続。
        VpnConnection = "vpn-connection",
        /// A gateway of dedicated lines. / 専用線のゲートウェイ。
        DxGateway = "dx-gateway",
        /// A gateway of one cloud network. / 仮想プライベートゲートウェイ。
        VirtualGateway = "virtual-gateway",
        /// A hub of cloud networks. / トランジットゲートウェイ。
        TransitGateway = "transit-gateway",
        /// A service offered through private endpoints. / エンドポイントサービス。
        EndpointService = "endpoint-service",
        /// A private endpoint. / プライベートエンドポイント。
        Endpoint = "endpoint",
        /// A load balancer. / ロードバランサー。
        Balancer = "balancer",
        /// An API entrance. / APIの入口。
        Api = "api",
        /// A cloud network. / クラウドのネットワーク。
        Network = "network",
        /// Another one. / その他。
        Other = "other",
    }
}
