//! The facility's side: asks a witness to cosign the newest checkpoint, and understands what it says against it.

use crate::codes;
use crate::cosigned::{Cosigned, origin_digest, verify_cosigned};
use crate::kept::{Says, contradicted_note, cosigned_note, joined, of_one, told};
use base::{Problem, Time};
use merkle::checkpoint::{Checkpoint, Head};
use merkle::cosignature::CosignerKey;
use merkle::note::{Signature, SignedNote};
use merkle::proof::ConsistencyProof;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use store::{Note, Store};
use ureq::http::Uri;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, TlsProvider, parse_pem};
use ureq::{Agent, Error};

/// How long a witness may take for an answer.
const ANSWER_TIME: Duration = Duration::from_secs(10);
/// Longest answer that is read, in bytes.
const ANSWER_BYTES_MAX: u64 = 64 * 1024;
/// How often a witness may name another size before it counts as confused.
const TRIES: usize = 3;

/// A witness as a facility lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The prefix of its addresses, without a slash at the end.
    pub url: String,
    /// Its public key.
    pub key: CosignerKey,
}

impl Listed {
    /// `url` is https, or http on this machine; `key` is written as the witness publishes it.
    ///
    /// # Errors
    /// WI-0010 when one of them cannot be taken.
    pub fn new(url: &str, key: &str) -> Result<Self, Problem> {
        let wrong = || Problem::new(&codes::LISTING_WRONG).with("url", url).log("a listed witness");
        let url = url.trim_end_matches('/');
        let key = CosignerKey::parse(key).ok_or_else(wrong)?;
        let read: Uri = url.parse().map_err(|_| wrong())?;
        let host = read.host().unwrap_or_default().trim_matches(['[', ']']);
        let here = host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback());
        let with_name = read.authority().is_some_and(|authority| authority.as_str().contains('@'));
        let open = read.scheme_str() != Some("https") && !(here && read.scheme_str() == Some("http"));
        if host.is_empty() || with_name || open || read.query().is_some() {
            return Err(wrong());
        }
        Ok(Self { url: url.to_owned(), key })
    }
}

/// What came of asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It cosigned.
    Cosigned {
        /// The checkpoint with its line, verified.
        note: String,
        /// What it cosigned, and when.
        cosigned: Cosigned,
    },
    /// It has seen something else.
    Contradicted {
        /// What it says.
        says: Says,
        /// The size that it cosigned last.
        size: u64,
        /// The checkpoint that it was asked to cosign.
        own: String,
        /// The checkpoint that it cosigned instead, when it showed one that does not fit.
        theirs: Option<String>,
    },
}

/// What a witness says against a journal: see [`Asked::Contradicted`].
struct Against {
    says: Says,
    size: u64,
    own: String,
}

/// Where a witness stands that was asked for the checkpoint of a handover.
enum Led {
    /// At so many entries.
    To(u64),
    /// It has seen something else.
    Contradicted(Against),
}

/// Asks witnesses. Every call blocks until the answer is there.
pub struct Asker(Agent);

impl fmt::Debug for Asker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Asker")
    }
}

impl Asker {
    /// Trusts the certificates of witnesses below `authorities` (PEM), or without them what this machine trusts.
    ///
    /// # Errors
    /// WI-0010 when the authorities cannot be read.
    pub fn new(authorities: Option<&[u8]>) -> Result<Self, Problem> {
        let roots = match authorities {
            Some(pem) => RootCerts::new_with_certs(&certificates(pem)?),
            None => RootCerts::PlatformVerifier,
        };
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .root_certs(roots)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .timeout_global(Some(ANSWER_TIME))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            // The environment is not asked: what the server does stands in its configuration.
            .proxy(None);
        Ok(Self(config.build().into()))
    }

    /// Asks a witness to cosign the newest checkpoint of a journal.
    ///
    /// # Errors
    /// WI-0011 to WI-0013 when there is no answer that says something about the journal.
    pub fn ask(&self, store: &Store, listed: &Listed) -> Result<Asked, Problem> {
        let mut old = of_one(store, &listed.key)?.cosigned.map_or(0, |cosigned| cosigned.head.size);
        for size in store.handed_over()? {
            match self.lead(store, listed, old, size)? {
                Led::To(next) => old = next,
                Led::Contradicted(against) => return Ok(self.contradicted(store, listed, against)),
            }
        }
        for _ in 0..TRIES {
            let Some(proof) = store.consistency(old)? else {
                let own = store.checkpoint()?;
                return Ok(self.contradicted(store, listed, Against { says: Says::Larger, size: old, own }));
            };
            let own = proof.checkpoint.clone();
            let size = size_of(&own)?;
            match self.post(listed, &proof)? {
                (200, body) => return cosigned(&own, &body, &listed.key),
                (409, body) => {
                    let seen = seen(&body).ok_or_else(|| strange(listed, 409))?;
                    if seen > size {
                        return Ok(self.contradicted(
                            store,
                            listed,
                            Against { says: Says::Larger, size: seen, own },
                        ));
                    }
                    if seen == old && seen == size {
                        return Ok(self.contradicted(
                            store,
                            listed,
                            Against { says: Says::OtherRoot, size: seen, own },
                        ));
                    }
                    old = seen;
                }
                (422, _) => {
                    let against = Against { says: Says::NotContinued, size: old, own };
                    return Ok(self.contradicted(store, listed, against));
                }
                (status @ (403 | 404), _) => {
                    let problem = Problem::new(&codes::NOT_TAKEN).with("name", &listed.key.name);
                    return Err(problem.with("status", status).log(format!("status {status}")));
                }
                (status, _) => return Err(strange(listed, status)),
            }
        }
        Err(strange(listed, 409))
    }

    /// Brings a witness that has cosigned `old` entries to the checkpoint of `size` entries with which the journal was handed
    /// over. The key before signed that one, so the witness knows it, and whoever runs it can take its successor from there.
    fn lead(&self, store: &Store, listed: &Listed, mut old: u64, size: u64) -> Result<Led, Problem> {
        for _ in 0..TRIES {
            let proof = if old < size { store.consistency_until(old, size)? } else { None };
            let Some(proof) = proof else { break };
            match self.post(listed, &proof)? {
                (200, body) => {
                    cosigned(&proof.checkpoint, &body, &listed.key)?;
                    old = size;
                }
                (409, body) => old = seen(&body).ok_or_else(|| strange(listed, 409))?,
                (422, _) => {
                    let own = proof.checkpoint;
                    return Ok(Led::Contradicted(Against { says: Says::NotContinued, size: old, own }));
                }
                // It knows the key that came after, or none: the newest checkpoint shows which.
                (403 | 404, _) => break,
                (status, _) => return Err(strange(listed, status)),
            }
        }
        Ok(Led::To(old))
    }

    /// Has the witness show what it has seen. Only what carries the journal's own signature and does not fit the journal
    /// proves anything.
    fn contradicted(&self, store: &Store, listed: &Listed, against: Against) -> Asked {
        let shown = self.get(listed, &origin_digest(store.verifier().name.as_str())).ok();
        let theirs =
            shown.filter(|note| own_head(store, listed, note).is_some_and(|head| differs(store, &head)));
        let Against { says, size, own } = against;
        Asked::Contradicted { says, size, own, theirs }
    }

    fn post(&self, listed: &Listed, proof: &ConsistencyProof) -> Result<(u16, String), Problem> {
        let request = self.0.post(format!("{}/add-checkpoint", listed.url));
        let reply = request.header("content-type", "text/plain; charset=utf-8").send(proof.to_string());
        read(listed, reply)
    }

    fn get(&self, listed: &Listed, digest: &str) -> Result<String, Problem> {
        match read(listed, self.0.get(format!("{}/cosigned/{digest}", listed.url)).call())? {
            (200, body) => Ok(body),
            (status, _) => Err(strange(listed, status)),
        }
    }
}

/// The notes to keep after a witness was asked, and whether it contradicted the journal just now for the first time.
///
/// # Errors
/// The store cannot be read.
pub fn answered(
    store: &Store,
    listed: &Listed,
    asked: &Asked,
    now: Time,
) -> Result<(Vec<Note>, bool), Problem> {
    let before = of_one(store, &listed.key)?.contradiction;
    match asked {
        Asked::Cosigned { note, .. } => {
            let mut notes = vec![cosigned_note(&listed.key, note)];
            if let Some(mut contradiction) = before.filter(crate::Contradiction::stands) {
                contradiction.since = Some(now.to_string());
                notes.push(contradicted_note(&listed.key, &contradiction));
            }
            Ok((notes, false))
        }
        Asked::Contradicted { says, size, own, theirs } => {
            let is_new = !before.as_ref().is_some_and(crate::Contradiction::stands);
            let contradiction = joined(before.as_ref(), told(*says, *size, own.clone(), theirs.clone(), now));
            Ok((vec![contradicted_note(&listed.key, &contradiction)], is_new))
        }
    }
}

/// The checkpoint with the lines of this witness, verified.
fn cosigned(own: &str, body: &str, key: &CosignerKey) -> Result<Asked, Problem> {
    let wrong = |log: &'static str| Problem::new(&codes::ANSWER_WRONG).with("name", &key.name).log(log);
    let mut note = SignedNote::parse(own).ok_or_else(|| wrong("no checkpoint"))?;
    for line in body.lines() {
        let line = Signature::parse(line).ok_or_else(|| wrong("a line that is no signature"))?;
        // Lines of others are ignored (`tlog-witness`, add-checkpoint).
        if key.is_of(&line) {
            note.signatures.push(line);
        }
    }
    let note = note.to_string();
    let cosigned = verify_cosigned(&note, key).map_err(|_| wrong("no valid cosignature"))?;
    Ok(Asked::Cosigned { note, cosigned })
}

/// What a checkpoint says that carries the signatures of both the journal and the witness.
fn own_head(store: &Store, listed: &Listed, note: &str) -> Option<Head> {
    let cosigned = verify_cosigned(note, &listed.key).ok()?;
    // It may be from before another key took over.
    let (key, note) = (store.lineage().signer(note).ok()?, SignedNote::parse(note)?);
    let lines: Vec<&Signature> = note.signatures_of(key).collect();
    let verifies =
        |line: &&Signature| seal::verify_signature(&key.public, note.text.as_bytes(), &line.bytes).is_ok();
    let good = !lines.is_empty() && lines.iter().all(verifies);
    (good && cosigned.head.origin == key.name.as_str()).then_some(cosigned.head)
}

/// Whether a tree is not the beginning of the journal as it is.
fn differs(store: &Store, head: &Head) -> bool {
    let Ok(proof) = store.consistency(head.size) else { return false };
    let Some(proof) = proof else { return true };
    let newest = SignedNote::parse(&proof.checkpoint).and_then(|note| Checkpoint::parse(&note.text));
    newest.is_some_and(|newest| {
        merkle::verify_consistency(head.size, &head.root, newest.size, &newest.root, &proof.hashes).is_err()
    })
}

/// The size in the answer to a conflict.
fn seen(body: &str) -> Option<u64> {
    let line = body.strip_suffix('\n')?;
    line.parse().ok().filter(|size: &u64| size.to_string() == line)
}

fn size_of(note: &str) -> Result<u64, Problem> {
    let size = note.lines().nth(1).and_then(|line| line.parse().ok());
    size.ok_or_else(|| Problem::new(&store::codes::CORRUPT).with("what", "a checkpoint"))
}

fn read(
    listed: &Listed,
    reply: Result<ureq::http::Response<ureq::Body>, Error>,
) -> Result<(u16, String), Problem> {
    let mut reply = reply.map_err(|error| away(listed, said(&error)))?;
    let body = reply.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec();
    let body = body.map_err(|error| away(listed, said(&error)))?;
    let body = String::from_utf8(body).map_err(|_| strange(listed, reply.status().as_u16()))?;
    Ok((reply.status().as_u16(), body))
}

fn away(listed: &Listed, (what, what_ja): (&'static str, &'static str)) -> Problem {
    let problem = Problem::new(&codes::AWAY).with("name", &listed.key.name);
    problem.with("what", what).with("what_ja", what_ja).log(what)
}

/// It answered, but not as the protocol says.
fn strange(listed: &Listed, status: u16) -> Problem {
    let problem = Problem::new(&codes::AWAY).with("name", &listed.key.name);
    let (what, what_ja) = (format!("status {status}"), format!("ステータス {status}"));
    problem.with("what", &what).with("what_ja", what_ja).log(what)
}

/// What went wrong, without the address.
fn said(error: &Error) -> (&'static str, &'static str) {
    // What TLS says arrives as an error of the stream.
    let by_tls = |inner: &(dyn std::error::Error + Send + Sync + 'static)| inner.is::<rustls::Error>();
    let untrusted =
        ("its certificate is not trusted, or TLS failed", "証明書を信頼できないか、TLS の接続に失敗しました");
    match error {
        Error::Io(stream) if stream.get_ref().is_some_and(by_tls) => untrusted,
        Error::Tls(_) | Error::Rustls(_) => untrusted,
        Error::Timeout(_) => ("it takes too long", "応答に時間がかかりすぎています"),
        Error::HostNotFound => ("its name is not known", "ホスト名を解決できません"),
        Error::ConnectionFailed | Error::Io(_) => ("it cannot be reached", "接続できません"),
        _ => ("the exchange failed", "通信に失敗しました"),
    }
}

fn certificates(pem: &[u8]) -> Result<Vec<Certificate<'static>>, Problem> {
    let wrong = || Problem::new(&codes::LISTING_WRONG).with("url", "ca").log("authorities of witnesses");
    let mut found = Vec::new();
    for item in parse_pem(pem) {
        match item.map_err(|_| wrong())? {
            PemItem::Certificate(certificate) => found.push(certificate),
            _ => return Err(wrong()),
        }
    }
    if found.is_empty() { Err(wrong()) } else { Ok(found) }
}
