//! Of what kind a line is by what carries it.

use super::Kind;
use super::parameters::{Demand, best};
use crate::description::{Carrier, Link};
use crate::rules::{Text, Verdict};

/// The kind of a line, and why, in the words of the guideline (control 13②, explained in 13.1.2; what only edition 5.2 says
/// in its section 6.11 is marked so).
pub(super) fn of_line(link: &Link) -> (Kind, Text) {
    let Some(carrier) = link.carrier else {
        return (Kind::Undecided, Text::new("`carrier` が分かりません", "`carrier` is not known"));
    };
    if link.public_addresses == Some(true) {
        let why = (
            "クラウドの公開アドレスに届く接続です",
            "it reaches public addresses of the cloud (`public_addresses`)",
        );
        return (Kind::Open, Text::new(why.0, why.1));
    }
    let (kind, ja, en) = match carrier {
        Carrier::LeasedLine => (Kind::Secure, "専用線（13.1.2）", "a dedicated line (13.1.2)"),
        Carrier::IpVpn => (
            Kind::Secure,
            "インターネットを通らない IP-VPN（13.1.2）",
            "an IP-VPN that does not use the Internet (13.1.2)",
        ),
        Carrier::ClosedMobile => (
            Kind::Secure,
            "閉域の携帯回線（5.2版 6.11 の閉域 IP 網）",
            "a mobile network closed to the Internet (a closed IP network, edition 5.2, 6.11)",
        ),
        Carrier::Academic => (
            Kind::Secure,
            "学術情報ネットワークの閉域接続（5.2版 6.11 の閉域 IP 網）",
            "the closed service of an academic network (a closed IP network, edition 5.2, 6.11)",
        ),
        Carrier::Telephone => {
            (Kind::Secure, "公衆電話網（5.2版 6.11）", "the telephone network (edition 5.2, 6.11)")
        }
        Carrier::Lan => (Kind::Secure, "施設内の有線LAN", "a cable within the facility"),
        Carrier::CloudInternal => (Kind::Secure, "クラウド内部の接続", "a connection within a cloud"),
        Carrier::Media => (
            Kind::Secure,
            "媒体による持ち運び（ネットワークを通りません）",
            "carried by hand, over no network",
        ),
        Carrier::Wireless => return of_wireless(link),
        Carrier::Ipsec => {
            (Kind::Open, "オープンなネットワーク上の IPsec トンネル", "a tunnel over an open network")
        }
        Carrier::Internet => (Kind::Open, "インターネット", "the Internet"),
        Carrier::Mobile => (
            Kind::Open,
            "インターネットに出る携帯回線（5.2版 6.11）",
            "a mobile network that leads to the Internet (edition 5.2, 6.11)",
        ),
    };
    (kind, Text::new(ja, en))
}

/// Radio is closed where nobody else can join or read it (control 13⑬).
fn of_wireless(link: &Link) -> (Kind, Text) {
    let assessed = best(link.protection.as_deref(), Demand::Encrypted);
    let kind = match assessed.verdict {
        Verdict::Holds => Kind::Secure,
        Verdict::Violated => Kind::Open,
        Verdict::Undecided => Kind::Undecided,
    };
    let Text { ja, en } = assessed.because;
    (
        kind,
        Text::new(
            format!("施設内の無線LAN（13⑬）、{ja}"),
            format!("wireless within the facility (13⑬): {en}"),
        ),
    )
}
