//! What an attacker needs at the end of a leg: the weakest thing that the description leaves open to them.
//!
//! What is said comes before what is only not ruled out, and a flaw that nobody knows yet comes last: it can never be ruled
//! out.

use super::Assumption;
use super::facts::{Facts, Seat};
use crate::description::{
    ClientCertificate, Id, Node, PeerCheck, Protection, Software, SslVpnKind, Trust, Wireless,
    WirelessCipher, WirelessLink,
};
use crate::model::Thing;
use crate::network::NodeId;
use crate::rules::Text;
use jiff::civil::Date;

/// For how many days a machine counts as updated.
const UPDATED_DAYS_MAX: i32 = 365;

/// Types of resources on which data lie and of which a policy says who may use them.
const JUDGED_BY_POLICY: [&str; 6] = [
    "aws_s3_bucket",
    "aws_sqs_queue",
    "aws_sns_topic",
    "aws_secretsmanager_secret",
    "aws_dynamodb_table",
    "aws_ecr_repository",
];

/// How likely a weakness is, the likelier first: whether it takes a flaw that nobody knows; whether it is only not ruled out;
/// its kind.
pub(super) type Rank = (bool, bool, u32);

/// What is assumed at the end of a leg, and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Weakness {
    pub(super) assumption: Assumption,
    /// Whether the description says so, rather than saying nothing.
    pub(super) said: bool,
    fact: Fact,
}

/// What it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Fact {
    SelfRegistration,
    DefaultPassword,
    SharedAccounts,
    MaintenanceAccounts(String),
    MaintenanceFactor(String),
    OneFactor,
    Support(String),
    Updates(Option<Date>),
    Flat(String),
    Line(String),
    Radio(String),
    Administrator(Option<String>),
    Disk,
    Screen,
    /// The attacker is there already.
    There,
    /// A policy that lets everybody in.
    Policy,
    /// A resource of a plan, which says nothing of who signs in.
    Plan,
    Unknown,
}

impl Weakness {
    fn new(assumption: Assumption, said: bool, fact: Fact) -> Self {
        Self { assumption, said, fact }
    }

    /// Nothing helps: it takes a flaw that nobody knows yet.
    pub(super) fn unknown_flaw() -> Self {
        Self::new(Assumption::UnknownFlaw, false, Fact::Unknown)
    }

    /// The attacker is on it already.
    pub(super) fn there() -> Self {
        Self::new(Assumption::Reachable, true, Fact::There)
    }

    /// How likely it is: less is likelier.
    pub(super) fn rank(&self) -> Rank {
        let rank = match self.assumption {
            Assumption::Reachable => 0,
            Assumption::SharedCredential => 1,
            Assumption::NoSecondFactor => 2,
            Assumption::Unsupported => 3,
            Assumption::FlatSegment | Assumption::UnprotectedDevice => 4,
            Assumption::WeakProtection => 5,
            Assumption::SameAdministrators => 6,
            Assumption::UnknownFlaw => 7,
        };
        (self.assumption == Assumption::UnknownFlaw, !self.said, rank)
    }
}

fn weakest(found: impl IntoIterator<Item = Weakness>) -> Weakness {
    // Of equals the first stays, so that the answer is always the same.
    found.into_iter().min_by_key(Weakness::rank).unwrap_or_else(Weakness::unknown_flaw)
}

impl Facts<'_> {
    /// What an attacker needs at a machine that they reach from a seat.
    pub(super) fn weakness(&self, from: &Seat, to: NodeId) -> Weakness {
        let Some(device) = self.device(to) else {
            // From the internet such a store is reached only where its policy asks nobody who they are.
            if from.internet && self.is_judged_by_policy(to) {
                return Weakness::new(Assumption::Reachable, true, Fact::Policy);
            }
            return Weakness::new(Assumption::NoSecondFactor, false, Fact::Plan);
        };
        let mut found = self.own(device);
        found.extend(self.maintained(from, device));
        found.extend(self.flat(from, device));
        found.extend(self.lines(device));
        found.extend(administered(from, device));
        weakest(found)
    }

    /// Whether it is a store of a cloud that stands in no network: its policy says who may use it.
    pub(super) fn is_judged_by_policy(&self, node: NodeId) -> bool {
        let Some(Thing::Resource { address, .. }) = self.model.thing(node) else { return false };
        address.split('.').any(|part| JUDGED_BY_POLICY.contains(&part))
    }

    /// What a machine has by itself, from wherever it is reached.
    fn own(&self, device: &Node) -> Vec<Weakness> {
        use Assumption::{NoSecondFactor, Reachable, SharedCredential, Unsupported};
        let sign_in = device.sign_in.as_ref();
        let mut found = Vec::new();
        // Who has no certificate does not come so far as to sign in.
        let asks = asks_for_certificates(device);
        let mut add = |value: Option<bool>, weak: bool, assumption, fact: Fact| {
            if value.map_or(!asks || assumption == Unsupported, |value| value == weak) {
                found.push(Weakness::new(assumption, value.is_some(), fact));
            }
        };
        if sign_in.and_then(|one| one.self_registration) == Some(true) {
            add(Some(true), true, Reachable, Fact::SelfRegistration);
        }
        add(device.default_password, true, SharedCredential, Fact::DefaultPassword);
        add(sign_in.and_then(|one| one.shared_accounts), true, SharedCredential, Fact::SharedAccounts);
        add(sign_in.and_then(|one| one.two_factors), false, NoSecondFactor, Fact::OneFactor);
        if !self.is_managed(device) || device.patched_on.is_some() {
            let (value, name) = self.supported(device);
            add(value, false, Unsupported, Fact::Support(name));
            add(self.updated(device), false, Unsupported, Fact::Updates(device.patched_on.map(|day| day.0)));
        }
        found
    }

    /// Whether all software is still supported, and which is not or of which it is not said.
    fn supported(&self, device: &Node) -> (Option<bool>, String) {
        let is = |software: &Software| match software.end_of_support {
            Some(day) => Some(day.0 >= self.today),
            None => software.supported,
        };
        let Some(all) = device.software.as_ref().filter(|all| !all.is_empty()) else {
            return (None, String::new());
        };
        let named = |wanted: Option<bool>| all.iter().find(|software| is(software) == wanted).map(name_of);
        match (named(Some(false)), named(None)) {
            (Some(name), _) => (Some(false), name),
            (None, Some(name)) => (None, name),
            (None, None) => (Some(true), String::new()),
        }
    }

    fn updated(&self, device: &Node) -> Option<bool> {
        let day = device.patched_on?.0;
        let age = day.until(self.today).ok()?.get_days();
        Some(age <= UPDATED_DAYS_MAX)
    }

    /// Whether maintenance lets a vendor in with less than one account and two factors for each person.
    fn maintained(&self, from: &Seat, device: &Node) -> Vec<Weakness> {
        let mut found = Vec::new();
        for entry in self.maintenance().iter().filter(|_| from.vendor) {
            if !entry.into.iter().flatten().any(|into| into.value == device.id.value) {
                continue;
            }
            let id = &entry.id.value;
            if entry.account_per_person == Some(false) {
                let fact = Fact::MaintenanceAccounts(id.clone());
                found.push(Weakness::new(Assumption::SharedCredential, true, fact));
            }
            if entry.two_factors == Some(false) {
                let fact = Fact::MaintenanceFactor(id.clone());
                found.push(Weakness::new(Assumption::NoSecondFactor, true, fact));
            }
        }
        found
    }

    /// Whether both stand in one segment in which everybody talks to everybody.
    fn flat(&self, from: &Seat, device: &Node) -> Vec<Weakness> {
        let own: Vec<&str> = device.zones.iter().map(Id::as_str).collect();
        let zones = self.around(own.iter().copied());
        let shared = zones.intersection(&from.zones).filter_map(|id| self.zone(id));
        let open = shared.filter(|zone| zone.isolated != Some(true));
        open.map(|zone| {
            let fact = Fact::Flat(zone.id.value.clone());
            Weakness::new(Assumption::FlatSegment, zone.isolated.is_some(), fact)
        })
        .collect()
    }

    /// Whether lines that end at this machine let in who should not come in by them.
    fn lines(&self, device: &Node) -> Vec<Weakness> {
        let id = &device.id.value;
        let ends = self.links().iter().filter(|link| link.from.value == *id || link.to.value == *id);
        let weak = |protection: &Protection| match protection {
            Protection::SslVpn(vpn) => {
                let asked = vpn.client_certificate;
                let open = vpn.kind == Some(SslVpnKind::Clientless)
                    || matches!(asked, Some(ClientCertificate::NotAsked | ClientCertificate::Optional));
                open.then_some(true).or((asked.is_none() || vpn.kind.is_none()).then_some(false))
            }
            Protection::Ipsec(ipsec) => match ipsec.key_shared {
                Some(true) => Some(true),
                Some(false) => None,
                None => (ipsec.authentication != Some(PeerCheck::Certificate)).then_some(false),
            },
            _ => None,
        };
        ends.flat_map(|link| {
            let found = link.protection.iter().flatten().filter_map(weak);
            found.map(|said| {
                Weakness::new(Assumption::WeakProtection, said, Fact::Line(link.id.value.clone()))
            })
        })
        .collect()
    }

    /// What somebody needs who holds a device in their hands.
    pub(super) fn unprotected(device: &Node) -> Weakness {
        let fact = |value: Option<bool>, fact: Fact| match value {
            Some(true) => None,
            said => Some(Weakness::new(Assumption::UnprotectedDevice, said.is_some(), fact)),
        };
        let locks = device.screen_lock_minutes.map(|minutes| minutes > 0);
        let signs_in = device.sign_in.as_ref().and_then(|one| one.two_factors).filter(|both| *both);
        // A lock that asks for two factors is a lock, whatever its minutes.
        let locks = signs_in.filter(|_| locks.is_none()).or(locks);
        weakest(fact(device.disk_encrypted, Fact::Disk).into_iter().chain(fact(locks, Fact::Screen)))
    }

    /// What a stranger in radio range needs. None as `links` means that a wireless network has no line described.
    pub(super) fn radio(id: &str, wireless: Option<&WirelessLink>) -> Weakness {
        use Wireless::{Open, Wep, Wpa, Wpa2Enterprise, Wpa2Personal, Wpa3Enterprise, Wpa3Personal};
        let weak = |said| Weakness::new(Assumption::WeakProtection, said, Fact::Radio(id.to_owned()));
        let Some(wireless) = wireless else { return weak(false) };
        let shared = wireless.key_shared_with_guests;
        match wireless.security {
            Some(Open | Wep | Wpa) => weak(true),
            _ if wireless.cipher == Some(WirelessCipher::Tkip) => weak(true),
            Some(Wpa2Personal | Wpa3Personal) if shared == Some(true) => weak(true),
            Some(Wpa2Personal | Wpa3Personal) if shared.is_none() => weak(false),
            Some(Wpa2Personal | Wpa3Personal | Wpa2Enterprise | Wpa3Enterprise) => Weakness::unknown_flaw(),
            None => weak(false),
        }
    }
}

/// Whether who administers the one also administers the other, and needs no second factor for it.
fn administered(from: &Seat, device: &Node) -> Option<Weakness> {
    if device.sign_in.as_ref().and_then(|one| one.two_factors) == Some(true) || from.device.is_none() {
        return None;
    }
    let said = match (&from.administrators, &device.administered_by) {
        (Some(ours), Some(theirs)) => Some(theirs.iter().find(|party| ours.contains(&party.value))?),
        _ => None,
    };
    let fact = Fact::Administrator(said.map(|party| party.value.clone()));
    Some(Weakness::new(Assumption::SameAdministrators, said.is_some(), fact))
}

/// Whether a machine takes connections only from who shows a certificate of its own authority, at everything it offers.
fn asks_for_certificates(device: &Node) -> bool {
    let asks = |protection: &Protection| match protection {
        Protection::Tls(tls) => {
            let is_asked = tls.client_certificate == Some(ClientCertificate::Required);
            is_asked && tls.trust == Some(Trust::Private)
        }
        _ => false,
    };
    device.listens.as_ref().is_some_and(|services| {
        services.iter().all(|service| {
            service.protection.iter().flatten().any(asks) && service.other_entrance != Some(true)
        })
    })
}

fn name_of(software: &Software) -> String {
    match &software.version {
        Some(version) => format!("{} {version}", software.name),
        None => software.name.clone(),
    }
}

impl Weakness {
    /// It in words, at something that is called so.
    pub(super) fn because(&self, facts: &Facts<'_>, at: &str) -> Text {
        let (ja, en) = if self.said { self.said_text(facts) } else { self.open_text(facts) };
        Text::new(format!("「{at}」：{ja}"), format!("{at}: {en}"))
    }

    fn said_text(&self, facts: &Facts<'_>) -> (String, String) {
        let of = |ja: &str, en: &str| (ja.to_owned(), en.to_owned());
        match &self.fact {
            Fact::SelfRegistration => {
                of("誰でもアカウントを作れます。", "anybody can make an account there.")
            }
            Fact::DefaultPassword => {
                of("初期パスワードのままです。", "it still has the password it came with.")
            }
            Fact::SharedAccounts => of("アカウントを共用しています。", "accounts are shared there."),
            Fact::MaintenanceAccounts(id) => (
                format!("保守（{id}）で、作業者がアカウントを共用しています。"),
                format!("for maintenance ({id}) people share an account."),
            ),
            Fact::MaintenanceFactor(id) => (
                format!("保守（{id}）の認証が二要素ではありません。"),
                format!("maintenance ({id}) needs no second factor."),
            ),
            Fact::OneFactor => of("二要素認証を使っていません。", "signing in needs no second factor."),
            Fact::Support(name) => {
                (format!("{name} のサポートが終わっています。"), format!("{name} is no longer supported."))
            }
            Fact::Updates(day) => {
                let day = day.map_or_else(String::new, |day| day.to_string());
                (format!("{day} から更新していません。"), format!("it has not been updated since {day}."))
            }
            Fact::Flat(zone) => flat_text(&facts.called(zone)),
            Fact::Line(link) => (
                format!("回線「{}」は、鍵やパスワードさえあれば誰でも入れます。", facts.called(link)),
                format!("whoever has the key or a password comes in by the line {}.", facts.called(link)),
            ),
            Fact::Radio(link) => (
                format!("無線「{}」の保護が弱く、電波の届く所から入れます。", facts.called(link)),
                format!(
                    "the wireless {} is protected weakly: a stranger in radio range comes in.",
                    facts.called(link)
                ),
            ),
            Fact::Administrator(party) => {
                let party = party.as_deref().unwrap_or_default();
                (
                    format!("手前の機器と同じ管理者（{party}）です。"),
                    format!("{party} administers it and the machine before it."),
                )
            }
            Fact::Disk => of("ディスクを暗号化していません。", "its disk is not encrypted."),
            Fact::Screen => of("画面がロックされません。", "its screen does not lock."),
            Fact::Policy => of("ポリシーが誰にでも公開しています。", "its policy lets everybody in."),
            Fact::There => of("攻撃者がすでに操作しています。", "the attacker is there already."),
            Fact::Plan | Fact::Unknown => unknown_text(),
        }
    }

    fn open_text(&self, facts: &Facts<'_>) -> (String, String) {
        let (ja, en) = match &self.fact {
            Fact::DefaultPassword => ("初期パスワードを変えたか", "whether its first password was changed"),
            Fact::SharedAccounts => ("アカウントを共用しているか", "whether accounts are shared"),
            Fact::OneFactor => ("二要素認証を使っているか", "whether two factors are needed"),
            Fact::Support(_) => ("サポート期間内か", "whether its software is supported"),
            Fact::Updates(_) => ("更新を適用しているか", "when it was last updated"),
            Fact::Administrator(_) => {
                ("手前の機器と管理者が別か", "whether others administer it than the machine before it")
            }
            Fact::Disk => ("ディスクを暗号化しているか", "whether its disk is encrypted"),
            Fact::Screen => ("画面がロックされるか", "whether its screen locks"),
            Fact::Plan => ("認証の方法", "how one signs in there"),
            Fact::Flat(zone) => {
                return not_said(
                    &facts.called(zone),
                    "の中で通信を遮断しているか",
                    "whether its members are kept apart",
                );
            }
            Fact::Line(link) => {
                return not_said(&facts.called(link), "の両端の認証", "how its ends know each other");
            }
            Fact::Radio(link) => {
                return not_said(&facts.called(link), "の無線の保護", "how its wireless is protected");
            }
            _ => return unknown_text(),
        };
        (format!("{ja}が書かれていません。"), format!("it is not said {en}."))
    }
}

fn not_said(of: &str, ja: &str, en: &str) -> (String, String) {
    (format!("「{of}」{ja}が書かれていません。"), format!("it is not said of {of} {en}."))
}

fn flat_text(zone: &str) -> (String, String) {
    (
        format!("「{zone}」の中では機器どうしが互いに通信できます。"),
        format!("in {zone} all machines reach each other."),
    )
}

fn unknown_text() -> (String, String) {
    (
        "分かっている弱点はありません。未知の欠陥がある場合だけ成り立ちます。".to_owned(),
        "no weakness is known: it takes a flaw that nobody knows yet.".to_owned(),
    )
}
