//! Certificates: the facility's own authority, what it issues and takes back, and the outside authorities that are trusted.

use super::certified::trusted;
use super::{Identity, Writing, show};
use crate::certificate::ca::{self, CLIENT_DAYS_DEFAULT};
use crate::certificate::crl::{self, Draft, Entry, Reason};
use crate::certificate::pkcs12::{Contents, Form, pkcs12};
use crate::certificate::{
    Authority as Trusting, Bundle, Chosen, Fault, Issued, KeyOrder, Revocation, Seen, look, pem,
};
use crate::codes;
use crate::command::{Order, Trusted};
use crate::kept::{Authority, Certificate, Mark};
use crate::register::Step;
use crate::session::{Owner, SessionId};
use crate::words::AccountId;
use base::{Problem, Secret};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use rustls_pki_types::CertificateDer;
use serde_json::{Value, json};
use store::Actor;

/// How long the facility's own authority is valid when nothing is said, in years.
const AUTHORITY_YEARS: u32 = 10;
/// A second own authority is made only when the first ends within this many days.
const RENEWAL_DAYS: i64 = 730;
/// How long a list of the own authority is current, in days.
const LIST_DAYS: i64 = 7;
/// Least characters of a fingerprint that name a certificate.
const FINGERPRINT_CHARS_MIN: usize = 8;

impl Identity {
    /// Makes the facility's own authority.
    pub(super) async fn make_authority(
        &self,
        by: &Actor,
        name: Option<String>,
        years: Option<u32>,
    ) -> Result<Value, Problem> {
        let _changing = self.changing.lock().await;
        let now = self.clock.now();
        if let Some((own, seen)) = self.own_authority()?
            && seen.not_after > now.plus_seconds(RENEWAL_DAYS * 86_400)
        {
            return Err(Problem::new(&codes::AUTHORITY_EXISTS).with("authority", own.id));
        }
        let name = name.unwrap_or_else(|| format!("Akashi CA {}", self.facility));
        let years = years.unwrap_or(AUTHORITY_YEARS);
        let made = ca::make(&name, &self.facility, (years, Chosen::P256), now, &*self.entropy)?;
        let seen = look(&made.certificate_der)?;
        let id = authority_id(&seen);
        let authority = Authority {
            key: Some(self.store.seal_secret(&id, made.key.reveal())?),
            id,
            name,
            certificate: STANDARD.encode(&made.certificate_der),
            intermediates: Vec::new(),
            lists: Vec::new(),
            revocation: Revocation::Register,
            account: None,
            list_number: 0,
        };
        let mut shown = show::authority(&authority);
        put(&mut shown, "certificate", pem::certificates([made.certificate_der.as_slice()]).into());
        self.write(by, Writing { steps: vec![Step::Authority(authority)], ..Writing::default() }).await?;
        Ok(shown)
    }

    /// The newest of the facility's own authorities.
    fn own_authority(&self) -> Result<Option<(Authority, Seen)>, Problem> {
        let register = self.register();
        let mut own = Vec::new();
        for authority in register.authorities.values().filter(|authority| authority.key.is_some()) {
            own.push((authority.clone(), look(&trusted(authority)?.certificate)?));
        }
        Ok(own.into_iter().max_by_key(|(_, seen)| seen.not_after))
    }

    /// Issues a certificate for an account, and hands out key and PKCS#12 file this once.
    pub(super) async fn issue_certificate(&self, by: &Actor, order: Order) -> Result<Value, Problem> {
        let _changing = self.changing.lock().await;
        let now = self.clock.now();
        let account = self.account(&order.account)?;
        let (own, _) = self.own_authority()?.ok_or_else(|| {
            Problem::new(&codes::AUTHORITY_UNKNOWN).with("authority", "of its own / 施設の認証局")
        })?;
        let authority_der = trusted(&own)?.certificate;
        let key = self.authority_key(&own)?;
        let wanted = ca::Order {
            account: account.id.clone(),
            facility: self.facility.clone(),
            // The label is shown by devices; a person's name stays out of certificates.
            label: if account.kind.human() { "person".to_owned() } else { label(&account.name) },
            days: order.days.unwrap_or(CLIENT_DAYS_DEFAULT),
            key: order.request.map_or(KeyOrder::New, |request| KeyOrder::Request(request.into_bytes())),
        };
        let issued = ca::issue(&authority_der, &key, &wanted, now, &*self.entropy)?;
        let seen = look(&issued.certificate_der)?;
        let certificate = kept(&seen, &account.id, &own.id);
        let passphrase = match order.passphrase {
            Some(passphrase) => passphrase.secret().clone(),
            None => self.new_passphrase()?,
        };
        let form = if order.for_old_devices { Form::Compatible } else { Form::Modern };
        let mut shown = show::certificate(&certificate, true, now);
        let chain = [issued.certificate_der.as_slice(), authority_der.as_slice()];
        put(&mut shown, "certificate", pem::certificates(chain).into());
        let file = file(&issued, &authority_der, account.id.as_str(), &passphrase, form)?;
        self.write(by, Writing { steps: vec![Step::Certificate(certificate)], ..Writing::default() }).await?;
        if let (Some(key), Some(file)) = (&issued.key, file) {
            put(&mut shown, "key", pem::key(key).reveal().clone().into());
            put(&mut shown, "pkcs12", STANDARD.encode(&file).into());
            put(&mut shown, "passphrase", passphrase.reveal().clone().into());
            put(&mut shown, "link", json!(self.download_link(file)?));
        }
        Ok(shown)
    }

    fn authority_key(&self, own: &Authority) -> Result<Secret<Vec<u8>>, Problem> {
        let unreadable =
            || Problem::new(&codes::UNREADABLE).with("type", "AkashiAuthority").log("sealed key");
        let sealed = own.key.as_ref().ok_or_else(unreadable)?;
        self.store.open_secret(&own.id, sealed).ok_or_else(unreadable)
    }

    /// 16 letters and digits without look-alikes, 79 random bits: typed once on a tablet.
    fn new_passphrase(&self) -> Result<Secret<String>, Problem> {
        const ALPHABET: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";
        let text = SessionId::generate(&*self.entropy)?;
        let pairs = text.as_str().as_bytes().chunks_exact(2);
        let letters = pairs.filter_map(|pair| {
            let number = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
            ALPHABET.get(usize::from(number % 31)).copied().map(char::from)
        });
        Ok(Secret::new(letters.collect()))
    }

    /// A link by which the file can be fetched once, within a quarter of an hour, from a device without a certificate.
    fn download_link(&self, file: Vec<u8>) -> Result<Option<String>, Problem> {
        let Some(base) = self.base_url.as_deref() else { return Ok(None) };
        let now = self.clock.now();
        let handle = self.live().files.put(Owner::Account(fetcher()?), file, now, &*self.entropy)?;
        let base = base.trim_end_matches('/');
        Ok(Some(format!("{base}/f/{}/certificate/{}", self.facility, handle.reveal())))
    }

    /// A PKCS#12 file that waits for its device. It can be fetched once.
    ///
    /// # Errors
    /// The link was used or is too old.
    pub fn fetch_certificate(&self, handle: &str) -> Result<Vec<u8>, Problem> {
        let now = self.clock.now();
        self.live().files.take(handle, &Owner::Account(fetcher()?), now)
    }

    /// Takes a certificate back. Connections over it are cut, and sessions that began on it end.
    pub(super) async fn revoke_certificate(
        &self,
        by: &Actor,
        name: &str,
        reason: &str,
    ) -> Result<Value, Problem> {
        let _changing = self.changing.lock().await;
        let now = self.clock.now();
        let mut certificate = self.named(name)?;
        if certificate.mark == Mark::Good {
            certificate.mark = Mark::Revoked { time: now, reason: reason_word(reason)?.to_owned() };
        }
        let (changes, over) = self.ending(|session| session.device.as_ref() == Some(&certificate.account))?;
        let trusted = self.register().trusts(&certificate);
        let shown = show::certificate(&certificate, trusted, now);
        let steps = vec![Step::Certificate(certificate)];
        self.write(by, Writing { steps, changes, ..Writing::default() }).await?;
        self.end_in_memory(&over);
        Ok(shown)
    }

    /// A certificate by its serial number, or by the beginning of its fingerprint.
    fn named(&self, name: &str) -> Result<Certificate, Problem> {
        let name = name.trim().to_ascii_lowercase().replace(':', "");
        let register = self.register();
        let fits = |certificate: &&Certificate| {
            let by_fingerprint =
                name.len() >= FINGERPRINT_CHARS_MIN && certificate.fingerprint.starts_with(&name);
            certificate.serial == name || by_fingerprint
        };
        let mut found = register.certificates.values().filter(fits);
        match (found.next(), found.next()) {
            (Some(certificate), None) => Ok(certificate.clone()),
            _ => Err(Problem::new(&codes::CERTIFICATE_UNKNOWN).with("certificate", name)),
        }
    }

    /// Authorities and client certificates.
    pub(super) fn list_certificates(&self, account: Option<&AccountId>) -> Value {
        let now = self.clock.now();
        let register = self.register();
        let wanted = |one: &&Certificate| account.is_none_or(|account| one.account == *account);
        let shown = |one: &Certificate| show::certificate(one, register.trusts(one), now);
        let certificates: Vec<Value> = register.certificates.values().filter(wanted).map(shown).collect();
        let authorities: Vec<Value> = register.authorities.values().map(show::authority).collect();
        json!({ "authorities": authorities, "certificates": certificates })
    }

    /// Trusts an outside authority, or takes in a newer revocation list of one that is trusted.
    pub(super) async fn trust_authority(&self, by: &Actor, wanted: Trusted) -> Result<Value, Problem> {
        let _changing = self.changing.lock().await;
        let list = wanted.list.as_deref().map(bundle).transpose()?;
        let authority = match &wanted.certificates {
            Some(certificates) => self.new_authority(&wanted, certificates, list)?,
            None => self.newer_list(&list.unwrap_or_default())?,
        };
        let shown = show::authority(&authority);
        self.write(by, Writing { steps: vec![Step::Authority(authority)], ..Writing::default() }).await?;
        Ok(shown)
    }

    fn new_authority(
        &self,
        wanted: &Trusted,
        certificates: &str,
        list: Option<Bundle>,
    ) -> Result<Authority, Problem> {
        if let Some(account) = &wanted.account {
            self.account(account)?;
        }
        let mut bundle = bundle(certificates)?;
        bundle.lists.extend(list.unwrap_or_default().lists);
        let revocation = if wanted.without_list { Revocation::NotOffered } else { Revocation::Required };
        let imported = Trusting::import("", &bundle, revocation, self.clock.now())?;
        let seen = look(&imported.certificate)?;
        let id = authority_id(&seen);
        if self.register().authorities.contains_key(&id) {
            return Err(Problem::new(&codes::AUTHORITY_EXISTS).with("authority", id));
        }
        Ok(Authority {
            id,
            name: wanted.name.clone().unwrap_or(seen.subject),
            account: wanted.account.clone(),
            key: None,
            list_number: 0,
            ..encoded(&imported)
        })
    }

    fn newer_list(&self, bundle: &Bundle) -> Result<Authority, Problem> {
        let now = self.clock.now();
        let [list] = bundle.lists.as_slice() else {
            return Err(Problem::new(&codes::BODY_WRONG)
                .with("what", "certificates, or one list / 証明書または失効リスト 1 つ"));
        };
        let register = self.register();
        let mut refused =
            Problem::new(&codes::AUTHORITY_UNKNOWN).with("authority", "of the list / リストの発行者");
        // Its own revocations stand in the register; a list that ran out would shut everybody out.
        for kept in register.authorities.values().filter(|authority| authority.key.is_none()) {
            match trusted(kept)?.with_list(list, now) {
                Ok(authority) => return Ok(Authority { lists: encoded(&authority).lists, ..kept.clone() }),
                Err(problem) if problem.code().id == "ID-0118" => {}
                Err(problem) => refused = problem,
            }
        }
        Err(refused)
    }

    /// Trusts an authority no longer. Its certificates are of no use from now on.
    pub(super) async fn distrust_authority(&self, by: &Actor, id: &str) -> Result<Value, Problem> {
        let _changing = self.changing.lock().await;
        if !self.register().authorities.contains_key(id) {
            return Err(Problem::new(&codes::AUTHORITY_UNKNOWN).with("authority", id));
        }
        let steps = vec![Step::AuthorityEnd(id.to_owned())];
        self.write(by, Writing { steps, ..Writing::default() }).await?;
        Ok(json!({ "authority": id, "trusted": false }))
    }

    /// Lets a certificate of an outside authority stand for an account.
    pub(super) async fn admit_certificate(
        &self,
        by: &Actor,
        account: &AccountId,
        text: &str,
    ) -> Result<Value, Problem> {
        let _changing = self.changing.lock().await;
        self.account(account)?;
        let bundle = bundle(text)?;
        let chain: Vec<CertificateDer<'_>> =
            bundle.certificates.iter().map(|der| CertificateDer::from(der.as_slice())).collect();
        let judged = self.judge(&chain).map_err(Fault::problem)?;
        let leaf = bundle.certificates.first().ok_or_else(|| Fault::Missing.problem())?;
        let certificate = kept(&look(leaf)?, account, &judged.authority_id);
        let taken = self.register().certificates.get(&certificate.fingerprint).map(|one| one.account.clone());
        if let Some(other) = taken.filter(|other| other != account) {
            return Err(Problem::new(&codes::CERTIFICATE_TAKEN).with("account", other));
        }
        let shown = show::certificate(&certificate, true, self.clock.now());
        self.write(by, Writing { steps: vec![Step::Certificate(certificate)], ..Writing::default() }).await?;
        Ok(shown)
    }

    /// The revocation list of the facility's own authority, for load balancers that check certificates themselves.
    pub(super) async fn revocation_list(&self, by: &Actor) -> Result<Value, Problem> {
        let _changing = self.changing.lock().await;
        let now = self.clock.now();
        let (mut own, _) = self.own_authority()?.ok_or_else(|| {
            Problem::new(&codes::AUTHORITY_UNKNOWN).with("authority", "of its own / 施設の認証局")
        })?;
        let entries = self.revoked_by(&own.id);
        own.list_number = own.list_number.saturating_add(1);
        let next_update = now.plus_seconds(LIST_DAYS * 86_400);
        let draft = Draft { number: own.list_number, this_update: now, next_update, entries };
        let list = crl::make(&trusted(&own)?.certificate, &self.authority_key(&own)?, &draft)?;
        let number = own.list_number;
        self.write(by, Writing { steps: vec![Step::Authority(own)], ..Writing::default() }).await?;
        Ok(json!({ "list": pem::list(&list), "number": number, "next_update": next_update.to_string() }))
    }

    fn revoked_by(&self, authority: &str) -> Vec<Entry> {
        let register = self.register();
        let of_authority = register.certificates.values().filter(|one| one.authority == authority);
        of_authority
            .filter_map(|one| match &one.mark {
                Mark::Revoked { time, reason } => Some(Entry {
                    serial: one.serial.clone(),
                    time: *time,
                    reason: parse_reason(reason).unwrap_or(Reason::Unspecified),
                }),
                Mark::Good => None,
            })
            .collect()
    }
}

fn file(
    issued: &Issued,
    authority: &[u8],
    name: &str,
    passphrase: &Secret<String>,
    form: Form,
) -> Result<Option<Vec<u8>>, Problem> {
    if issued.key.is_none() {
        return Ok(None);
    }
    let chain = [authority.to_vec()];
    pkcs12(Contents { issued, chain: &chain, friendly_name: name }, passphrase, form).map(Some)
}

fn kept(seen: &Seen, account: &AccountId, authority: &str) -> Certificate {
    Certificate {
        fingerprint: seen.fingerprint_hex(),
        account: account.clone(),
        authority: authority.to_owned(),
        serial: seen.serial.clone(),
        subject: seen.subject.clone(),
        not_before: seen.not_before,
        not_after: seen.not_after,
        mark: Mark::Good,
    }
}

/// The beginning of the certificate's fingerprint.
fn authority_id(seen: &Seen) -> String {
    seen.fingerprint_hex().chars().take(16).collect()
}

fn encoded(authority: &Trusting) -> Authority {
    let all = |ders: &[Vec<u8>]| ders.iter().map(|der| STANDARD.encode(der)).collect();
    Authority {
        id: authority.id.clone(),
        name: String::new(),
        certificate: STANDARD.encode(&authority.certificate),
        intermediates: all(&authority.intermediates),
        lists: all(&authority.lists),
        revocation: authority.revocation,
        account: None,
        key: None,
        list_number: 0,
    }
}

/// PEM as it is, anything else as DER in base64.
fn bundle(text: &str) -> Result<Bundle, Problem> {
    match STANDARD.decode(text.trim()) {
        Ok(der) if !text.contains("-----BEGIN") => Bundle::read(&der),
        _ => Bundle::read(text.as_bytes()),
    }
}

fn label(name: &str) -> String {
    name.chars().take(ca::TEXT_CHARS_MAX).collect()
}

fn parse_reason(word: &str) -> Option<Reason> {
    serde_json::from_value(word.into()).ok()
}

/// A reason as RFC 5280 names it; `lost` and `left` say it in the words of a hospital.
fn reason_word(word: &str) -> Result<&str, Problem> {
    let word = match word.trim() {
        "" => "unspecified",
        "lost" | "stolen" => "key-compromise",
        "left" => "affiliation-changed",
        "replaced" => "superseded",
        "unused" => "cessation-of-operation",
        other => other,
    };
    let known = parse_reason(word).is_some();
    let list = "lost, stolen, left, replaced, unused, unspecified";
    if known {
        Ok(word)
    } else {
        Err(Problem::new(&codes::BODY_WRONG).with("what", format!("reason: {list}")))
    }
}

/// For whom files wait: their devices have no account to be named by.
fn fetcher() -> Result<AccountId, Problem> {
    AccountId::parse("file").ok_or_else(|| Problem::new(&codes::NOT_KEPT))
}

fn put(shown: &mut Value, name: &str, value: Value) {
    if let Some(members) = shown.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
}
