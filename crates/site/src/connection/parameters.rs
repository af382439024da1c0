//! What a protection must be made of to count: one table, with the editions it was taken from.
//!
//! The guideline says IPsec with IKE, TLS 1.3 with client certificates, and names the TLS guideline for the rest; for the
//! algorithms of IPsec it names none, so those of the CRYPTREC list count. Whoever updates an edition changes this file and
//! its day, and every derivation says by which edition it was made.

use crate::description::{
    Cipher, ClientCertificate, IkeVersion, Integrity, Ipsec, Macsec, MacsecLink, OtherProtection, PeerCheck,
    Protection, SslVpn, SslVpnKind, Tls, TlsProfile, TlsVersion, Wireless, WirelessCipher, WirelessLink,
};
use crate::rules::{Text, Verdict};

/// A document from which a part of the table was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edition {
    /// What it is called in Japanese.
    pub ja: &'static str,
    /// The same in English.
    pub en: &'static str,
    /// The day or month of the edition.
    pub day: &'static str,
}

/// The guideline itself: what must be protected how.
pub const GUIDELINE: Edition = Edition {
    ja: "安全管理ガイドライン第6.0版 システム運用編 13章",
    en: "MHLW guideline 6.0, control chapter 13",
    day: "2023-05",
};

/// The list of algorithms.
pub const CRYPTREC: Edition =
    Edition {
        ja: "CRYPTREC暗号リスト（LS-0001-2022）", en: "CRYPTREC list LS-0001-2022", day: "2023-03-30"
    };

/// The guideline on settings of TLS.
pub const TLS_GUIDELINE: Edition = Edition {
    ja: "TLS暗号設定ガイドライン 3.0.1版",
    en: "IPA/CRYPTREC TLS guideline 3.0.1",
    day: "2020-07-07",
};

/// The parameters that are admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// Versions of IKE.
    pub ike: &'static [IkeVersion],
    /// Encryption of IPsec.
    pub ciphers: &'static [Cipher],
    /// Integrity of IPsec.
    pub integrity: &'static [Integrity],
    /// Diffie-Hellman groups: 2048 bits and more, and the curves of NIST.
    pub groups: &'static [u16],
    /// Versions of TLS on an open network.
    pub tls: &'static [TlsVersion],
    /// Versions of TLS that also pass with a recorded reason and the profile of high security.
    pub tls_with_reason: &'static [TlsVersion],
    /// Its profile.
    pub profile: TlsProfile,
    /// Where wireless counts as closed.
    pub wireless: &'static [Wireless],
}

/// The table that counts.
pub const TABLE: Table = Table {
    ike: &[IkeVersion::Ikev2],
    ciphers: &[
        Cipher::Aes128,
        Cipher::Aes256,
        Cipher::Aes128Gcm,
        Cipher::Aes256Gcm,
        Cipher::Chacha20Poly1305,
    ],
    integrity: &[Integrity::Sha2256, Integrity::Sha2384, Integrity::Sha2512, Integrity::Aead],
    groups: &[14, 15, 16, 17, 18, 19, 20, 21],
    tls: &[TlsVersion::Tls13],
    tls_with_reason: &[TlsVersion::Tls12],
    profile: TlsProfile::HighSecurity,
    wireless: &[
        Wireless::Wpa2Personal,
        Wireless::Wpa2Enterprise,
        Wireless::Wpa3Personal,
        Wireless::Wpa3Enterprise,
    ],
};

/// What is asked of a protection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// What an open network demands: IPsec, or TLS with client certificates (control 13⑥).
    Open,
    /// That nobody on the way reads along or changes anything, by methods that still hold.
    Encrypted,
}

/// What a protection comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// Whether it is enough.
    pub verdict: Verdict,
    /// Why, in one sentence.
    pub because: Text,
}

impl Assessment {
    pub(super) fn new(verdict: Verdict, ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { verdict, because: Text::new(ja, en) }
    }
}

/// What one protection comes to.
pub fn assess(protection: &Protection, demand: Demand) -> Assessment {
    match protection {
        Protection::Ipsec(ipsec) => of_ipsec(ipsec),
        Protection::Tls(tls) => of_tls(tls, demand),
        Protection::SslVpn(vpn) => of_ssl_vpn(vpn, demand),
        Protection::Macsec(link) => of_macsec(link, demand),
        Protection::Wireless(link) => of_wireless(link, demand),
        Protection::Other(other) => of_other(other, demand),
    }
}

/// What the best of several protections comes to: one that is enough is enough. None was said: it is not known.
pub fn best(protections: Option<&[Protection]>, demand: Demand) -> Assessment {
    let Some(protections) = protections else {
        return Assessment::new(
            Verdict::Undecided,
            "`protection` が分かりません",
            "`protection` is not known",
        );
    };
    let assessed = protections.iter().map(|protection| assess(protection, demand));
    // Of equals the first one is told.
    let best = assessed.reduce(|best, other| if other.verdict > best.verdict { other } else { best });
    best.unwrap_or_else(|| Assessment::new(Verdict::Violated, "保護なし（平文）", "no protection, in clear"))
}

/// What speaks against a protection, and what nobody said of it.
#[derive(Default)]
struct Marks {
    bad: Vec<Text>,
    open: Vec<&'static str>,
}

impl Marks {
    fn bad(&mut self, ja: impl Into<String>, en: impl Into<String>) {
        self.bad.push(Text::new(ja, en));
    }

    /// All that are given must be admitted.
    fn admitted<T: Copy + PartialEq>(
        &mut self,
        name: &'static str,
        given: Option<&[T]>,
        admitted: &[T],
        word: impl Fn(T) -> String,
    ) {
        let Some(given) = given.filter(|given| !given.is_empty()) else {
            self.open.push(name);
            return;
        };
        let refused: Vec<String> =
            given.iter().filter(|one| !admitted.contains(one)).map(|one| word(*one)).collect();
        if !refused.is_empty() {
            let refused = refused.join(", ");
            self.bad(format!("`{name}` の {refused} は認められません"), format!("`{name}` admits {refused}"));
        }
    }

    /// Must be so.
    fn so(&mut self, name: &'static str, given: Option<bool>, wanted: bool, bad: (&str, &str)) {
        match given {
            None => self.open.push(name),
            Some(given) if given == wanted => {}
            Some(_) => self.bad(bad.0, bad.1),
        }
    }

    fn done(self, good: (&str, &str), edition: &[Edition]) -> Assessment {
        let by_ja: Vec<String> = edition.iter().map(|one| format!("{}、{}", one.ja, one.day)).collect();
        let by_en: Vec<String> = edition.iter().map(|one| format!("{}, {}", one.en, one.day)).collect();
        let (by_ja, by_en) = (by_ja.join("；"), by_en.join("; "));
        if !self.bad.is_empty() {
            let ja: Vec<&str> = self.bad.iter().map(|text| text.ja.as_str()).collect();
            let en: Vec<&str> = self.bad.iter().map(|text| text.en.as_str()).collect();
            let (ja, en) = (ja.join("、"), en.join("; "));
            return Assessment::new(Verdict::Violated, format!("{ja}（{by_ja}）"), format!("{en} ({by_en})"));
        }
        if !self.open.is_empty() {
            let names: Vec<String> = self.open.iter().map(|name| format!("`{name}`")).collect();
            let ja = format!("{} が分かりません（{by_ja}）", names.join("、"));
            let en = format!("{} not known ({by_en})", names.join(", "));
            return Assessment::new(Verdict::Undecided, ja, en);
        }
        Assessment::new(Verdict::Holds, format!("{}（{by_ja}）", good.0), format!("{} ({by_en})", good.1))
    }
}

fn of_ipsec(ipsec: &Ipsec) -> Assessment {
    let mut marks = Marks::default();
    marks.admitted("ike", ipsec.ike.as_deref(), TABLE.ike, |one| one.word().to_owned());
    marks.admitted("encryption", ipsec.encryption.as_deref(), TABLE.ciphers, |one| one.word().to_owned());
    // Where the encryption brings its own integrity, another one need not be said.
    let brings =
        |one: &Cipher| matches!(one, Cipher::Aes128Gcm | Cipher::Aes256Gcm | Cipher::Chacha20Poly1305);
    let own = ipsec.encryption.as_ref().is_some_and(|all| !all.is_empty() && all.iter().all(brings));
    if !(own && ipsec.integrity.is_none()) {
        marks.admitted("integrity", ipsec.integrity.as_deref(), TABLE.integrity, |one| one.word().to_owned());
    }
    let groups: Option<Vec<u16>> =
        ipsec.dh_groups.as_ref().map(|all| all.iter().map(|one| one.value).collect());
    marks.admitted("dh_groups", groups.as_deref(), TABLE.groups, |one| one.to_string());
    marks.so("pfs", ipsec.pfs, true, ("PFS を使っていません", "keys are not agreed anew (`pfs`)"));
    match ipsec.authentication {
        None => marks.open.push("authentication"),
        Some(PeerCheck::Certificate) => {}
        Some(PeerCheck::Psk) => {
            let shared =
                ("事前共有鍵を他の拠点と共用しています", "the pre-shared key serves other sites too");
            marks.so("key_shared", ipsec.key_shared, false, shared);
        }
    }
    let good = ("IKEv2 と認められた方式による IPsec", "IPsec with IKEv2 and admitted parameters");
    marks.done(good, &[CRYPTREC])
}

fn of_tls(tls: &Tls, demand: Demand) -> Assessment {
    let mut marks = Marks::default();
    versions(&mut marks, tls.versions.as_deref());
    if demand == Demand::Encrypted {
        return marks.done(("TLS 1.2 以上", "TLS 1.2 or later"), &[TLS_GUIDELINE]);
    }
    if admits_older(tls.versions.as_deref()) {
        profile(&mut marks, tls.profile);
        if tls.reason.is_none() {
            marks.open.push("reason");
        }
    } else if let Some(other) = tls.profile.filter(|one| *one != TABLE.profile) {
        refuse_profile(&mut marks, other);
    }
    match (tls.client_certificate, &tls.verified_by) {
        (None, _) => marks.open.push("client_certificate"),
        (Some(ClientCertificate::Required), _) | (Some(ClientCertificate::Passthrough), Some(_)) => {}
        (Some(ClientCertificate::Passthrough), None) => marks.open.push("verified_by"),
        (Some(ClientCertificate::Optional | ClientCertificate::NotAsked), _) => {
            marks.bad("クライアント証明書を必須にしていません", "client certificates are not required");
        }
    }
    let good = ("TLS 1.3 とクライアント証明書", "TLS 1.3 with client certificates");
    let weaker = (
        "高セキュリティ型の TLS（1.2 を理由とともに許可）とクライアント証明書",
        "TLS of the high security profile (1.2 admitted with a reason) with client certificates",
    );
    let good = if admits_older(tls.versions.as_deref()) { weaker } else { good };
    marks.done(good, &[GUIDELINE, TLS_GUIDELINE])
}

fn versions(marks: &mut Marks, given: Option<&[TlsVersion]>) {
    let admitted: Vec<TlsVersion> = TABLE.tls.iter().chain(TABLE.tls_with_reason).copied().collect();
    marks.admitted("versions", given, &admitted, |one| one.word().to_owned());
}

fn admits_older(given: Option<&[TlsVersion]>) -> bool {
    given.is_some_and(|given| given.iter().any(|one| TABLE.tls_with_reason.contains(one)))
}

fn profile(marks: &mut Marks, given: Option<TlsProfile>) {
    match given {
        None => marks.open.push("profile"),
        Some(given) if given == TABLE.profile => {}
        Some(other) => refuse_profile(marks, other),
    }
}

fn refuse_profile(marks: &mut Marks, given: TlsProfile) {
    let given = given.word();
    marks.bad(
        format!("`profile` の {given} は高セキュリティ型ではありません"),
        format!("`profile` is {given}, not high-security"),
    );
}

fn of_ssl_vpn(vpn: &SslVpn, demand: Demand) -> Assessment {
    let mut marks = Marks::default();
    versions(&mut marks, vpn.versions.as_deref());
    if demand == Demand::Encrypted {
        return marks.done(("TLS 1.2 以上の SSL-VPN", "SSL-VPN by TLS 1.2 or later"), &[TLS_GUIDELINE]);
    }
    match vpn.kind {
        None => marks.open.push("kind"),
        Some(SslVpnKind::Client) => {}
        Some(SslVpnKind::Clientless) => {
            marks.bad("ブラウザーだけで使う SSL-VPN です", "an SSL-VPN from any browser");
        }
    }
    profile(&mut marks, vpn.profile);
    match vpn.client_certificate {
        None => marks.open.push("client_certificate"),
        Some(ClientCertificate::Required) => {}
        Some(_) => {
            marks.bad("クライアント証明書を必須にしていません", "client certificates are not required");
        }
    }
    let any = ("端末を限定していません", "devices are not restricted");
    marks.so("devices_restricted", vpn.devices_restricted, true, any);
    let good = ("クライアント型の SSL-VPN とクライアント証明書", "a client SSL-VPN with client certificates");
    marks.done(good, &[GUIDELINE, TLS_GUIDELINE])
}

fn of_macsec(link: &MacsecLink, demand: Demand) -> Assessment {
    let mut marks = Marks::default();
    match link.mode {
        None => marks.open.push("mode"),
        Some(Macsec::Must) => {}
        Some(Macsec::Should | Macsec::Off) => {
            marks.bad("MACsec を強制していません", "MACsec is not enforced");
        }
    }
    if demand == Demand::Open {
        marks.bad(
            "MACsec は回線区間だけを保護し、オープンなネットワークの保護になりません",
            "MACsec protects a line only, not an open network",
        );
    }
    marks.done(("MACsec を強制", "MACsec is enforced"), &[GUIDELINE])
}

fn of_wireless(link: &WirelessLink, demand: Demand) -> Assessment {
    let mut marks = Marks::default();
    let security = link.security.map(|one| [one]);
    marks.admitted("security", security.as_ref().map(<[Wireless; 1]>::as_slice), TABLE.wireless, |one| {
        one.word().to_owned()
    });
    match link.cipher {
        None => marks.open.push("cipher"),
        Some(WirelessCipher::Aes) => {}
        Some(WirelessCipher::Tkip) => marks.bad("暗号が TKIP です", "its cipher is TKIP"),
    }
    if link.key_shared_with_guests == Some(true) {
        marks.bad("来訪者と同じ鍵です", "guests have the same key");
    }
    if demand == Demand::Open {
        marks.bad(
            "無線区間だけの保護は、オープンなネットワークの保護になりません",
            "protection of the radio alone does not protect an open network",
        );
    }
    marks.done(("WPA2 または WPA3 と AES", "WPA2 or WPA3 with AES"), &[GUIDELINE, CRYPTREC])
}

/// The guideline names IPsec and TLS: whether something else is as good, people must judge.
fn of_other(other: &OtherProtection, demand: Demand) -> Assessment {
    let mut marks = Marks::default();
    marks.so("encrypted", other.encrypted, true, ("暗号化していません", "it does not encrypt"));
    if demand == Demand::Open {
        let bad = ("両端が互いを認証していません", "the ends do not check each other");
        marks.so("mutual", other.mutual, true, bad);
    }
    let done = marks.done(("暗号化あり", "it encrypts"), &[GUIDELINE]);
    if demand == Demand::Encrypted || done.verdict != Verdict::Holds {
        return done;
    }
    Assessment::new(
        Verdict::Undecided,
        "ガイドラインが挙げる方式は IPsec と TLS です。同等かどうかは人が判断してください",
        "the guideline names IPsec and TLS; whether this is as good, people must judge",
    )
}
