//! TLS and SSL-VPN wherever they protect: on links, on flows, and at what nodes offer.
//!
//! What is asked on an open network is what the guideline asks there: TLS 1.3, or 1.2 with a reason, and certificates of
//! clients from an authority of its own (control, chapter 13, item 6); the versions stand in [`TABLE`].

use super::answer::{Answer, tell, unsaid, worst, yes};
use super::look::{Look, of_patients};
use super::service::open;
use super::{Judgement, Scene, Topic};
use crate::connection::parameters::TABLE;
use crate::description::{
    Carrier, ClientCertificate, Flow, Id, Link, Node, NodeKind, Protection, SslVpn, SslVpnKind, Tls,
    TlsProfile, TlsVersion, Trust, ZoneKind,
};
use std::collections::BTreeMap;

/// The rules on TLS and SSL-VPN.
pub(super) const TOPIC: Topic = Topic {
    rules: &[
        "ssl-vpn.clientless",
        "tls.no-client-certificate",
        "tls.old-version-without-reason",
        "tls.passthrough-unverified",
        "tls.public-authority",
        "tls.revocation-unchecked",
        "tls.weak-version",
    ],
    judge,
};

/// Where TLS is used.
#[derive(Clone, Copy)]
struct Use {
    /// It runs over an open network, or comes from there.
    open: bool,
    /// The certificate of a client must be asked for: records lie behind, or tenants are told apart by it.
    certificate: bool,
    /// It is what a node offers: there certificates may be passed on.
    entrance: bool,
}

/// The answers of one element: of all its uses, each rule says the worst.
struct Answers<'a> {
    id: &'a Id,
    all: BTreeMap<&'static str, Vec<Answer>>,
}

fn judge(scene: &Scene<'_>, out: &mut Vec<Judgement>) {
    let look = Look::at(scene.site);
    let links: BTreeMap<&str, &Link> = scene.site.links.iter().map(|link| (link.id.as_str(), link)).collect();
    for link in &scene.site.links {
        let mut answers = Answers::of(&link.id);
        let open = is_open(link);
        let certificate = open && !signs_in(&look, &link.from) && !signs_in(&look, &link.to);
        answers.add(link.protection.as_deref(), Use { open, certificate, entrance: false });
        answers.tell(out);
    }
    for node in &scene.site.nodes {
        of_node(scene, &look, node).tell(out);
    }
    for flow in scene.site.flows.iter().flatten() {
        let mut answers = Answers::of(&flow.id);
        let open = flows_openly(&look, &links, flow);
        let of_others = flow.data.as_ref().is_some_and(|data| !data.iter().copied().any(of_patients));
        answers
            .add(flow.protection.as_deref(), Use { open, certificate: open && !of_others, entrance: false });
        answers.tell(out);
    }
}

fn is_open(link: &Link) -> bool {
    matches!(link.carrier, Some(Carrier::Internet | Carrier::Mobile | Carrier::Telephone))
}

/// Where people sign in, two factors say who they are; no record lies there.
fn signs_in(look: &Look<'_>, end: &Id) -> bool {
    look.node(end).is_some_and(|node| node.kind == NodeKind::Directory)
}

fn flows_openly(look: &Look<'_>, links: &BTreeMap<&str, &Link>, flow: &Flow) -> bool {
    let via = flow.via.iter().flatten().filter_map(|link| links.get(link.as_str()));
    look.lies_in(&flow.from, ZoneKind::Internet)
        || look.lies_in(&flow.to, ZoneKind::Internet)
        || via.into_iter().any(|link| is_open(link))
}

fn of_node<'a>(scene: &Scene<'_>, look: &Look<'_>, node: &'a Node) -> Answers<'a> {
    let mut answers = Answers::of(&node.id);
    for service in node.listens.iter().flatten() {
        let open = open(scene, look, node, service);
        let tenants = service.tenants_told_apart.is_some() && service.approval.is_some();
        let certificate = tenants || (open && node.kind != NodeKind::Directory);
        answers.add(service.protection.as_deref(), Use { open, certificate, entrance: true });
    }
    answers
}

impl<'a> Answers<'a> {
    fn of(id: &'a Id) -> Self {
        Self { id, all: BTreeMap::new() }
    }

    fn push(&mut self, rule: &'static str, answer: Answer) {
        self.all.entry(rule).or_default().push(answer);
    }

    fn tell(self, out: &mut Vec<Judgement>) {
        for (rule, answers) in self.all {
            if let Some(answer) = worst(answers) {
                tell(out, rule, self.id, answer);
            }
        }
    }

    fn add(&mut self, protections: Option<&[Protection]>, used: Use) {
        for protection in protections.unwrap_or_default() {
            match protection {
                Protection::Tls(tls) => self.tls(tls, used),
                Protection::SslVpn(vpn) => self.ssl_vpn(vpn),
                Protection::Ipsec(_)
                | Protection::Macsec(_)
                | Protection::Wireless(_)
                | Protection::Other(_) => {}
            }
        }
    }

    fn tls(&mut self, tls: &Tls, used: Use) {
        self.push("tls.weak-version", versions(tls.versions.as_deref(), tls.profile));
        if used.open {
            self.push("tls.old-version-without-reason", newest(tls));
        }
        if used.certificate {
            self.push("tls.no-client-certificate", asks(tls.client_certificate));
        }
        let asked = tls.client_certificate.is_some_and(|how| how != ClientCertificate::NotAsked);
        if asked {
            self.push("tls.public-authority", authority(tls.trust));
        }
        if (asked && used.open) || tls.revocation.is_some() {
            self.push("tls.revocation-unchecked", yes("revocation", tls.revocation));
        }
        match tls.client_certificate {
            Some(ClientCertificate::Passthrough) => {
                self.push("tls.passthrough-unverified", verified(tls.verified_by.as_ref()));
            }
            None if used.entrance && used.certificate => {
                self.push("tls.passthrough-unverified", unsaid("client_certificate"));
            }
            _ => {}
        }
    }

    fn ssl_vpn(&mut self, vpn: &SslVpn) {
        self.push("tls.weak-version", versions(vpn.versions.as_deref(), vpn.profile));
        // Only the client type passes, on known devices that show certificates.
        let kind = vpn.kind.map_or_else(
            || unsaid("ssl-vpn.kind"),
            |kind| Answer::seen(kind == SslVpnKind::Client, format!("ssl-vpn.kind: {}", kind.word())),
        );
        self.push("ssl-vpn.clientless", kind);
        self.push("ssl-vpn.clientless", asks(vpn.client_certificate));
        self.push("ssl-vpn.clientless", yes("devices_restricted", vpn.devices_restricted));
    }
}

fn versions(versions: Option<&[TlsVersion]>, profile: Option<TlsProfile>) -> Answer {
    if profile == Some(TlsProfile::Exception) {
        return Answer::seen(false, format!("profile: {}", TlsProfile::Exception.word()));
    }
    let Some(versions) = versions else { return unsaid("versions") };
    let admitted = |version| TABLE.tls.contains(version) || TABLE.tls_with_reason.contains(version);
    Answer::seen(versions.iter().all(admitted), said(versions))
}

fn said(versions: &[TlsVersion]) -> String {
    let words: Vec<&str> = versions.iter().map(|version| version.word()).collect();
    format!("versions: {}", words.join(", "))
}

/// TLS 1.3 alone, or what is older with a reason.
fn newest(tls: &Tls) -> Answer {
    let Some(versions) = &tls.versions else { return unsaid("versions") };
    let new = versions.iter().all(|version| TABLE.tls.contains(version));
    let reason = tls.reason.as_ref().is_some_and(|reason| !reason.trim().is_empty());
    let seen = if new || reason { said(versions) } else { format!("{}, reason: none", said(versions)) };
    Answer::seen(new || reason, seen)
}

fn asks(how: Option<ClientCertificate>) -> Answer {
    // Whether somebody checks what is passed through is a question of its own.
    let good = [ClientCertificate::Required, ClientCertificate::Passthrough];
    how.map_or_else(
        || unsaid("client_certificate"),
        |how| Answer::seen(good.contains(&how), format!("client_certificate: {}", how.word())),
    )
}

fn authority(trust: Option<Trust>) -> Answer {
    trust.map_or_else(
        || unsaid("trust"),
        |trust| Answer::seen(trust == Trust::Private, format!("trust: {}", trust.word())),
    )
}

fn verified(by: Option<&Id>) -> Answer {
    by.map_or_else(
        || Answer::seen(false, "client_certificate: passthrough, verified_by: none"),
        |by| Answer::seen(true, format!("verified_by: {by}")),
    )
}
