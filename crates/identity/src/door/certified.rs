//! Which account a client certificate stands for, by the facility's policy and trust.

use super::Identity;
use crate::certificate::{Authority as TrustedAuthority, Bundle, Fault, Judged, Trust};
use crate::codes;
use crate::kept::{ClientCertificates, FromProxy, Mark, Policy};
use crate::register::Register;
use crate::words::AccountId;
use base::limits::CERTIFICATES_REMEMBERED_MAX;
use base::{Problem, Time};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use ipnet::IpNet;
use rustls_pki_types::CertificateDer;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::{Arc, PoisonError};

/// How a request comes: what is known of the connection and of the header fields.
#[derive(Clone, Copy)]
pub struct Approach<'a> {
    /// The client's address.
    pub address: IpAddr,
    /// The other end of the TCP connection.
    pub socket: IpAddr,
    /// The chain that the client showed in the TLS handshake, its own certificate first.
    pub chain: &'a [CertificateDer<'a>],
    /// The values of a header field.
    pub header: &'a (dyn Fn(&str) -> Vec<&'a str> + Send + Sync),
    /// Whether a page asks by itself, without its person: such a request is no use of a session.
    pub unattended: bool,
}

impl std::fmt::Debug for Approach<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Approach").field("address", &self.address).finish_non_exhaustive()
    }
}

/// A certificate that is good, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certified {
    /// The account that it stands for.
    pub account: AccountId,
    /// Until when it is good, if nobody revokes it.
    pub good_until: Time,
}

/// Judgements that stand until something changes.
#[derive(Debug, Default)]
pub(crate) struct Known {
    trust: Option<Arc<Trust>>,
    good: BTreeMap<[u8; 32], Certified>,
}

impl Identity {
    /// Judges a chain by this facility's trust, at this moment, whatever the policy asks for.
    pub fn judge(&self, chain: &[CertificateDer<'_>]) -> Result<Judged, Fault> {
        let trust = self.trust().map_err(|_| Fault::Unreadable)?;
        trust.judge(chain, self.clock.now())
    }

    /// The names of the authorities that this facility trusts (X.501 in DER).
    pub fn authority_names(&self) -> Vec<Vec<u8>> {
        self.trust().map(|trust| trust.names()).unwrap_or_default()
    }

    /// The client's address: behind a load balancer the one that it tells, else that of the connection.
    pub fn address(&self, approach: &Approach<'_>) -> IpAddr {
        let register = self.register();
        let FromProxy { addresses, address_header, .. } = &register.policy.from_proxy;
        let Some(header) = address_header.as_deref() else { return approach.address };
        let passes = register.policy.client_certificates == ClientCertificates::Passthrough
            && listed(addresses, approach.socket);
        // Whoever came before the load balancer wrote the entries before the last one.
        let told = (approach.header)(header).last().and_then(|value| value.rsplit(',').next());
        told.filter(|_| passes).and_then(|told| told.trim().parse().ok()).unwrap_or(approach.address)
    }

    /// Whether the facility takes the connection of somebody who has not logged in yet.
    ///
    /// # Errors
    /// It asks for a client certificate, and there is none or it is not good.
    pub fn admit(&self, approach: &Approach<'_>) -> Result<(), Problem> {
        self.certified(approach).map(|_| ())
    }

    /// Whose certificate the client shows, in the way that the policy asks for; none when it asks for none.
    ///
    /// # Errors
    /// There is none, it is not good, or it is not of this facility.
    pub(crate) fn certified(&self, approach: &Approach<'_>) -> Result<Option<Certified>, Problem> {
        let (mode, from_proxy) = {
            let Policy { client_certificates, from_proxy, .. } = &self.register().policy;
            let passes = *client_certificates == ClientCertificates::Passthrough;
            (*client_certificates, passes.then(|| from_proxy.clone()))
        };
        match (mode, from_proxy) {
            (ClientCertificates::Off, _) => Ok(None),
            (ClientCertificates::Passthrough, Some(from_proxy)) => {
                let chain = passed_on(&from_proxy, approach)?;
                self.stands_for(&chain).map(Some)
            }
            _ => self.stands_for(approach.chain).map(Some),
        }
    }

    fn stands_for(&self, chain: &[CertificateDer<'_>]) -> Result<Certified, Problem> {
        let leaf = chain.first().ok_or_else(|| Problem::new(&codes::CERTIFICATE_NEEDED))?;
        let fingerprint: [u8; 32] = Sha256::digest(leaf).into();
        let now = self.clock.now();
        if let Some(known) = self.known().good.get(&fingerprint).filter(|known| now < known.good_until) {
            return Ok(known.clone());
        }
        let generation = self.generation();
        let judged = self.judge(chain).map_err(Fault::problem)?;
        let certified = certified(&self.register(), &judged, now)?;
        let mut known = self.known();
        if generation == self.generation() {
            if known.good.len() >= CERTIFICATES_REMEMBERED_MAX {
                known.good.clear();
            }
            known.good.insert(fingerprint, certified.clone());
        }
        Ok(certified)
    }

    fn trust(&self) -> Result<Arc<Trust>, Problem> {
        if let Some(trust) = &self.known().trust {
            return Ok(Arc::clone(trust));
        }
        let generation = self.generation();
        let trust = Arc::new(made_of(&self.register())?);
        if generation == self.generation() {
            self.known().trust = Some(Arc::clone(&trust));
        }
        Ok(trust)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.certified.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// After a change of accounts, authorities, certificates or policy.
    pub(super) fn forget_certified(&self) {
        *self.known() = Known::default();
    }
}

/// The account that a good certificate stands for: the one it was issued or admitted for, or that of its authority. A
/// work order ends its certificate as well.
fn certified(register: &Register, judged: &Judged, now: Time) -> Result<Certified, Problem> {
    let foreign = || Problem::new(&codes::CERTIFICATE_FOREIGN);
    let fingerprint = hex(&judged.fingerprint);
    let account = match register.certificates.get(&fingerprint) {
        Some(certificate) if certificate.mark == Mark::Good => Some(&certificate.account),
        Some(_) => None,
        None => register.authorities.get(&judged.authority_id).and_then(|one| one.account.as_ref()),
    };
    let account = account.ok_or_else(foreign)?;
    let account = register.usable(account, now).ok_or_else(foreign)?;
    let until = account.work_order.as_ref().map_or(judged.good_until, |order| order.until);
    Ok(Certified { account: account.id.clone(), good_until: judged.good_until.min(until) })
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len().saturating_mul(2)), |mut text, byte| {
        const DIGITS: [char; 16] =
            ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
        for half in [byte >> 4, byte & 15] {
            text.extend(DIGITS.get(usize::from(half)));
        }
        text
    })
}

fn made_of(register: &Register) -> Result<Trust, Problem> {
    let authorities: Vec<TrustedAuthority> =
        register.authorities.values().map(trusted).collect::<Result<_, _>>()?;
    let revoked: BTreeSet<[u8; 32]> = register
        .certificates
        .values()
        .filter(|certificate| certificate.mark != Mark::Good)
        .filter_map(|certificate| bytes_of_hex(&certificate.fingerprint))
        .collect();
    Trust::new(&authorities, revoked)
}

/// An authority as the judgement takes it.
pub(super) fn trusted(kept: &crate::kept::Authority) -> Result<TrustedAuthority, Problem> {
    let der = |text: &String| {
        STANDARD.decode(text).map_err(|_| Problem::new(&codes::UNREADABLE).with("type", "AkashiAuthority"))
    };
    Ok(TrustedAuthority {
        id: kept.id.clone(),
        certificate: der(&kept.certificate)?,
        intermediates: kept.intermediates.iter().map(der).collect::<Result<_, _>>()?,
        lists: kept.lists.iter().map(der).collect::<Result<_, _>>()?,
        revocation: kept.revocation,
    })
}

fn bytes_of_hex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        let from = index.saturating_mul(2);
        *byte = u8::from_str_radix(text.get(from..from.saturating_add(2))?, 16).ok()?;
    }
    Some(bytes)
}

/// The chain that a load balancer has checked and passes on. Nobody else may send that header.
fn passed_on(
    from_proxy: &FromProxy,
    approach: &Approach<'_>,
) -> Result<Vec<CertificateDer<'static>>, Problem> {
    let values = (approach.header)(&from_proxy.certificate_header);
    let foreign = || Problem::new(&codes::PROXY_FOREIGN).with("header", &from_proxy.certificate_header);
    if !listed(&from_proxy.addresses, approach.socket) {
        let header_sent = !values.is_empty()
            || from_proxy.verified_header.as_deref().is_some_and(|name| !(approach.header)(name).is_empty());
        return Err(if header_sent { foreign() } else { Problem::new(&codes::CERTIFICATE_NEEDED) });
    }
    let unverified = || Problem::new(&codes::PROXY_UNVERIFIED);
    if let Some(name) = &from_proxy.verified_header
        && (approach.header)(name).as_slice() != [from_proxy.verified_value.as_str()]
    {
        return Err(unverified());
    }
    let [value] = values.as_slice() else {
        return Err(if values.is_empty() { Problem::new(&codes::CERTIFICATE_NEEDED) } else { unverified() });
    };
    let pem = percent_encoding::percent_decode_str(value).collect::<Vec<u8>>();
    let bundle = Bundle::read(&pem).map_err(|_| unverified())?;
    Ok(bundle.certificates.into_iter().map(CertificateDer::from).collect())
}

fn listed(addresses: &[String], socket: IpAddr) -> bool {
    // A socket for both families shows IPv4 addresses as IPv6 (RFC 4291, section 2.5.5.2).
    let socket = socket.to_canonical();
    addresses.iter().filter_map(|text| net(text)).any(|net| net.contains(&socket))
}

/// `10.0.0.0/24`, or one address.
pub(super) fn net(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}
