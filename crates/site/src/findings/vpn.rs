//! IPsec: what both ends admit, judged by the table of what may still be used ([`TABLE`]).

use super::answer::{Answer, no, tell, unsaid, worst, yes};
use super::look::Look;
use super::{Judgement, Scene, Topic};
use crate::connection::parameters::TABLE;
use crate::description::{Carrier, Cipher, Id, Ipsec, Link, PeerCheck, Protection, SslVpn, ZoneKind};

/// The rules on VPNs.
pub(super) const TOPIC: Topic = Topic {
    rules: &[
        "vpn.no-pfs",
        "vpn.not-logged",
        "vpn.one-tunnel",
        "vpn.shared-key",
        "vpn.split-tunnel",
        "vpn.weak-parameters",
    ],
    judge,
};

/// How many tunnels a line to a cloud must have.
const TUNNELS_LEAST: u32 = 2;

fn judge(scene: &Scene<'_>, out: &mut Vec<Judgement>) {
    let look = Look::at(scene.site);
    for link in &scene.site.links {
        let protections = link.protection.as_deref().unwrap_or_default();
        let nothing = Ipsec::default();
        let mut all: Vec<&Ipsec> = protections.iter().filter_map(ipsec).collect();
        if all.is_empty() && link.carrier == Some(Carrier::Ipsec) {
            all.push(&nothing);
        }
        let to_cloud = look.ends_in(link, ZoneKind::Cloud) && !look.ends_in(link, ZoneKind::Vendor);
        of_link(link, &all, to_cloud, out);
        let ssl = protections.iter().filter_map(ssl_vpn).map(|vpn| no("split", vpn.split));
        let split = all.iter().map(|ipsec| no("split", ipsec.split)).chain(ssl);
        add(out, "vpn.split-tunnel", &link.id, split);
    }
    for flow in scene.site.flows.iter().flatten() {
        let all = flow.protection.iter().flatten().filter_map(ipsec);
        add(out, "vpn.weak-parameters", &flow.id, all.map(parameters));
    }
}

fn ipsec(protection: &Protection) -> Option<&Ipsec> {
    if let Protection::Ipsec(ipsec) = protection { Some(ipsec) } else { None }
}

fn ssl_vpn(protection: &Protection) -> Option<&SslVpn> {
    if let Protection::SslVpn(vpn) = protection { Some(vpn) } else { None }
}

fn add(out: &mut Vec<Judgement>, rule: &'static str, id: &Id, answers: impl Iterator<Item = Answer>) {
    if let Some(answer) = worst(answers) {
        tell(out, rule, id, answer);
    }
}

fn of_link(link: &Link, all: &[&Ipsec], to_cloud: bool, out: &mut Vec<Judgement>) {
    let each = || all.iter().copied();
    add(out, "vpn.weak-parameters", &link.id, each().map(parameters));
    add(out, "vpn.no-pfs", &link.id, each().map(|ipsec| yes("pfs", ipsec.pfs)));
    add(out, "vpn.not-logged", &link.id, each().map(|ipsec| yes("logged", ipsec.logged)));
    add(out, "vpn.shared-key", &link.id, each().map(key));
    if to_cloud {
        add(out, "vpn.one-tunnel", &link.id, each().map(tunnels));
    }
}

fn tunnels(ipsec: &Ipsec) -> Answer {
    ipsec.tunnels.map_or_else(
        || unsaid("tunnels"),
        |count| Answer::seen(count >= TUNNELS_LEAST, format!("tunnels: {count}")),
    )
}

/// A key of one site only, or none but certificates.
fn key(ipsec: &Ipsec) -> Answer {
    match (ipsec.authentication, ipsec.key_shared) {
        (_, Some(true)) => Answer::seen(false, "key_shared: yes"),
        (Some(PeerCheck::Certificate), _) => Answer::seen(true, "authentication: certificate"),
        (_, Some(false)) => Answer::seen(true, "key_shared: no"),
        (Some(PeerCheck::Psk), None) => unsaid("key_shared"),
        (None, None) => unsaid("authentication"),
    }
}

/// Everything that is admitted may be used; it is violated by the first that may not, be the rest known or not.
fn parameters(ipsec: &Ipsec) -> Answer {
    let ike = list("ike", ipsec.ike.as_deref(), TABLE.ike, |one| one.word().to_owned());
    let encryption =
        list("encryption", ipsec.encryption.as_deref(), TABLE.ciphers, |one| one.word().to_owned());
    let integrity =
        list("integrity", ipsec.integrity.as_deref(), TABLE.integrity, |one| one.word().to_owned());
    let groups = ipsec.dh_groups.as_ref().map(|all| all.iter().map(|one| one.value).collect::<Vec<u16>>());
    let groups = list("dh_groups", groups.as_deref(), TABLE.groups, |one| one.to_string());
    // Where the encryption brings its own integrity, another one need not be said.
    let own = ipsec.integrity.is_none() && brings_integrity(ipsec.encryption.as_deref());
    let all = [ike, encryption, groups].into_iter().chain((!own).then_some(integrity));
    worst(all).unwrap_or_else(|| unsaid("ipsec"))
}

fn brings_integrity(ciphers: Option<&[Cipher]>) -> bool {
    let brings =
        |one: &Cipher| matches!(one, Cipher::Aes128Gcm | Cipher::Aes256Gcm | Cipher::Chacha20Poly1305);
    ciphers.is_some_and(|all| !all.is_empty() && all.iter().all(brings))
}

/// All of these are in the table.
fn list<T: Copy + PartialEq>(
    key: &str,
    all: Option<&[T]>,
    table: &[T],
    word: impl Fn(T) -> String,
) -> Answer {
    let Some(all) = all.filter(|all| !all.is_empty()) else { return unsaid(key) };
    let refused: Vec<T> = all.iter().filter(|one| !table.contains(one)).copied().collect();
    let shown = if refused.is_empty() { all } else { &refused };
    let words: Vec<String> = shown.iter().map(|one| word(*one)).collect();
    Answer::seen(refused.is_empty(), format!("{key}: {}", words.join(", ")))
}
