//! IPsec: what both ends admit, judged by the table of what may still be used.
//!
//! The table is that of November 2026: IKEv2; AES and ChaCha20-Poly1305, SHA-2 (the CRYPTREC list of ciphers that the
//! government recommends, edition of March 2023 with later changes); groups 14 to 21 of Diffie-Hellman. Groups that neither the
//! table nor the list of weak ones names are for somebody to look at.

use super::answer::{Answer, no, tell, unsaid, worst, yes};
use super::look::Look;
use super::{Judgement, Scene, Topic};
use crate::description::{
    Carrier, Cipher, Id, IkeVersion, Integrity, Ipsec, Link, PeerCheck, Placed, Protection, SslVpn, ZoneKind,
};
use crate::rules::Verdict;

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
    let ike = list("ike", ipsec.ike.as_deref(), |ike| (ike.word().to_owned(), judge_ike(*ike)));
    let encryption =
        list("encryption", ipsec.encryption.as_deref(), |one| (one.word().to_owned(), judge_cipher(*one)));
    let integrity =
        list("integrity", ipsec.integrity.as_deref(), |one| (one.word().to_owned(), judge_integrity(*one)));
    let group = |one: &Placed<u16>| (one.value.to_string(), judge_group(one.value));
    let groups = list("dh_groups", ipsec.dh_groups.as_deref(), group);
    worst([ike, encryption, integrity, groups]).unwrap_or_else(|| unsaid("ipsec"))
}

fn list<T>(key: &str, all: Option<&[T]>, judge: impl Fn(&T) -> (String, Verdict)) -> Answer {
    let Some(all) = all.filter(|all| !all.is_empty()) else { return unsaid(key) };
    let judged: Vec<(String, Verdict)> = all.iter().map(judge).collect();
    let verdict = judged.iter().map(|(_, verdict)| *verdict).min().unwrap_or(Verdict::Undecided);
    let words: Vec<&str> =
        judged.iter().filter(|(_, of)| *of == verdict).map(|(word, _)| word.as_str()).collect();
    let seen = format!("{key}: {}", words.join(", "));
    Answer::new(verdict, seen.clone(), seen)
}

fn allowed(good: bool) -> Verdict {
    if good { Verdict::Holds } else { Verdict::Violated }
}

fn judge_ike(ike: IkeVersion) -> Verdict {
    allowed(ike == IkeVersion::Ikev2)
}

fn judge_cipher(cipher: Cipher) -> Verdict {
    allowed(!matches!(cipher, Cipher::None | Cipher::Des | Cipher::TripleDes))
}

fn judge_integrity(integrity: Integrity) -> Verdict {
    allowed(!matches!(integrity, Integrity::Md5 | Integrity::Sha1))
}

fn judge_group(group: u16) -> Verdict {
    match group {
        14..=21 => Verdict::Holds,
        0..=13 | 22..=26 => Verdict::Violated,
        _ => Verdict::Undecided,
    }
}
