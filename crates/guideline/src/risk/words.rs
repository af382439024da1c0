//! The words of the register that are a choice of a few. What fits none of them is `other`, which is treated with doubt.

use base::Language;
use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$what:meta])* $variant:ident = $ja:literal, $en:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name {
            $($(#[$what])* $variant,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its name.
            pub fn name(self, language: Language) -> &'static str {
                let (ja, en) = match self { $(Self::$variant => ($ja, $en),)* };
                match language {
                    Language::Japanese => ja,
                    Language::English => en,
                }
            }
        }
    };
}

words! {
    /// What kind of thing an asset is.
    AssetKind {
        /// What people work at: also what is carried out, and what maintenance works at.
        Terminal = "端末", "terminal";
        /// A server or storage of one's own.
        Server = "サーバー", "server";
        /// A router, firewall, VPN device, switch or access point.
        NetworkDevice = "ネットワーク機器", "network device";
        /// A disk, tape, USB memory or optical disc.
        Medium = "媒体", "medium";
        /// Paper or film.
        Paper = "紙・フィルム", "paper or film";
        /// A program.
        Software = "ソフトウェア", "software";
        /// A service of others, such as a cloud.
        Service = "外部サービス", "service";
        /// A room, a building, its power and lines.
        Premises = "建物・設備", "premises";
        /// Anything else.
        Other = "その他", "other";
    }
}

words! {
    /// What information an asset holds or a flow carries.
    Information {
        /// Clinical records.
        ClinicalRecord = "診療記録", "clinical records";
        /// What else is known of patients: reception, accounting, insurance.
        PatientData = "診療記録以外の患者情報", "other patient data";
        /// Information on staff.
        StaffData = "職員の情報", "staff data";
        /// Passwords, keys, certificates.
        Credentials = "認証情報・鍵", "credentials and keys";
        /// Configuration, diagrams, rules.
        Configuration = "設定・構成の情報", "configuration";
        /// Logs.
        Logs = "ログ", "logs";
        /// Any other, or not known.
        Other = "その他・不明", "other or unknown";
        /// Nothing that would have to be kept from anybody. It stands alone.
        Nothing = "守るべき情報なし", "nothing to protect";
    }
}

words! {
    /// Where an asset is.
    Place {
        /// Within the facility.
        Facility = "施設内", "within the facility";
        /// At a data centre.
        DataCentre = "データセンター", "data centre";
        /// In a cloud.
        Cloud = "クラウド", "cloud";
        /// With a provider or contractor.
        Provider = "事業者", "provider";
        /// Carried about: visits, home.
        Carried = "持ち出し", "carried out";
        /// Anywhere else.
        Other = "その他", "other";
    }
}

words! {
    /// By what a flow goes.
    Carrier {
        /// Wired network of the facility.
        Lan = "施設内 LAN", "internal network";
        /// Wireless network of the facility.
        Wireless = "無線 LAN", "wireless network";
        /// A tunnel over an open network.
        Vpn = "VPN", "VPN";
        /// A leased line or closed network.
        LeasedLine = "専用線・閉域網", "leased line or closed network";
        /// The Internet without a tunnel.
        Internet = "インターネット", "the Internet";
        /// The way by which maintenance comes in.
        MaintenanceLine = "保守回線", "maintenance line";
        /// A medium that is carried.
        Medium = "媒体の受け渡し", "a medium that is carried";
        /// Paper or film that is carried, also fax.
        Paper = "紙・フィルム・ファクス", "paper, film or fax";
        /// Anything else.
        Other = "その他", "other";
    }
}

words! {
    /// What is done about a risk.
    TreatmentKind {
        /// 回避: what brings it about is given up.
        Avoid = "回避", "avoid";
        /// 低減: it is made smaller.
        Reduce = "低減", "reduce";
        /// 移転: others bear part of it. Responsibility does not move.
        Transfer = "移転", "transfer";
        /// 受容: it is borne as it is, noticed when it comes true, and an executive knows.
        Accept = "受容", "accept";
    }
}

words! {
    /// How a countermeasure works. What each means stands in the scale.
    CountermeasureKind {
        /// Keeps it from happening.
        Preventive = "予防的対策", "preventive";
        /// Notices that it happened.
        Detective = "発見的対策", "detective";
        /// Limits the harm and restores.
        Corrective = "是正的対策", "corrective";
    }
}

words! {
    /// How large a risk is, the smallest first. What each allows stands in the scale.
    Level {
        /// 低
        Low = "低", "low";
        /// 中
        Middle = "中", "middle";
        /// 高
        High = "高", "high";
        /// 重大
        Critical = "重大", "critical";
    }
}

words! {
    /// How far the process has come with a risk.
    Status {
        /// It is named, and not yet rated.
        Identified = "特定済み（未評価）", "identified, not assessed";
        /// It is rated; what is done about it is open.
        Assessed = "評価済み（対応未定）", "assessed, no treatment";
        /// What is to be done is planned.
        Planned = "対応計画済み", "treatment planned";
        /// The plan is approved.
        Approved = "承認済み", "approved";
        /// What was planned is done.
        InForce = "実施済み", "in force";
        /// It is gone, or does not apply.
        Closed = "終結", "closed";
    }
}
