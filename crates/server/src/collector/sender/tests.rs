//! A sender against a collector in the same process: TLS on loopback.

use super::*;
use crate::{DevelopmentCertificates, development_certificates, load_chain, load_key};
use access::Access;
use base::Time;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::server::WebPkiClientVerifier;
use std::sync::Mutex;
use store::{Actor, ActorKind};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

const PACE: Pace = Pace {
    idle: Duration::from_millis(10),
    connecting: Duration::from_secs(5),
    sending: Duration::from_secs(5),
    settling: Duration::from_millis(300),
    closing: Duration::from_secs(5),
    pause_least: Duration::from_millis(20),
    pause_most: Duration::from_millis(100),
};

/// A journal in memory whose every third entry is an access.
#[derive(Default)]
struct Journal {
    size: Mutex<u64>,
    mark: Mutex<Option<Position>>,
}

impl Journal {
    fn of(size: u64) -> Arc<Self> {
        Arc::new(Self { size: Mutex::new(size), mark: Mutex::default() })
    }

    fn kept(&self) -> Option<u64> {
        self.mark.lock().unwrap().map(|mark| mark.0)
    }
}

impl Entries for Journal {
    fn after(&self, place: Option<Position>, count: usize) -> Result<Vec<Accessed>, Problem> {
        let from = place.map_or(0, |place| place.0 + 1);
        let places = (from..*self.size.lock().unwrap()).filter(|place| place % 3 == 0).take(count);
        Ok(places.map(accessed).collect())
    }

    fn behind(&self, place: Option<Position>) -> Result<u64, Problem> {
        Ok(*self.size.lock().unwrap() - place.map_or(0, |place| place.0 + 1))
    }

    fn mark(&self) -> Result<Option<Position>, Problem> {
        Ok(*self.mark.lock().unwrap())
    }

    fn keep(&self, mark: Position) -> Keeping<'_> {
        Box::pin(async move {
            *self.mark.lock().unwrap() = Some(mark);
            Ok(())
        })
    }
}

fn accessed(place: u64) -> Accessed {
    let access = Access { action: "read".to_owned(), request: format!("r{place}"), ..Access::default() };
    let actor = Actor::new(ActorKind::Person, "dr-sato");
    Accessed { position: Position(place), time: Time::from_microseconds(0), actor, access }
}

/// What a collector does with a connection.
#[derive(Clone, Copy)]
enum Manner {
    /// Takes everything.
    Good,
    /// Breaks off after so many bytes.
    Breaks(usize),
}

/// A collector: for each connection in turn its manner, and what it took.
struct Collector {
    port: u16,
    taken: Arc<Mutex<Vec<Vec<u8>>>>,
    task: JoinHandle<()>,
}

impl Manner {
    /// Bytes after which the connection is broken.
    fn most(&self) -> usize {
        match self {
            Self::Breaks(most) => *most,
            Self::Good => usize::MAX,
        }
    }
}

/// Reads a connection to its end, or until so much has come.
async fn take_all(
    stream: &mut (impl tokio::io::AsyncRead + Unpin),
    into: &Mutex<Vec<Vec<u8>>>,
    number: usize,
    most: usize,
) {
    let mut buffer = [0; 1_000];
    while let Ok(count @ 1..) = stream.read(&mut buffer).await {
        if taken_in(into, number, &buffer[..count]) >= most {
            break;
        }
    }
}

/// Takes in what came on a connection, and says how much there is by now.
fn taken_in(taken: &Mutex<Vec<Vec<u8>>>, number: usize, bytes: &[u8]) -> usize {
    let mut all = taken.lock().unwrap();
    all[number].extend(bytes);
    all[number].len()
}

impl Collector {
    async fn open(made: &DevelopmentCertificates, clients: Option<&str>, manners: Vec<Manner>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let acceptor = acceptor(made, clients);
        let taken: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
        let into = Arc::clone(&taken);
        let task = tokio::spawn(async move {
            for manner in manners {
                let (stream, _) = listener.accept().await.unwrap();
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                let number = {
                    let mut all = into.lock().unwrap();
                    all.push(Vec::new());
                    all.len() - 1
                };
                take_all(&mut stream, &into, number, manner.most()).await;
                if matches!(manner, Manner::Good) {
                    // The sender may have gone first.
                    drop(stream.shutdown().await);
                }
            }
        });
        Self { port, taken, task }
    }

    /// Waits until it has served all its connections, and gives what arrived on each.
    async fn end(self) -> Vec<Vec<u64>> {
        let Self { taken, task, .. } = self;
        task.await.unwrap();
        let taken = taken.lock().unwrap();
        taken.iter().map(|bytes| places(bytes)).collect()
    }

    /// The places of the entries that arrived whole, by connection.
    fn places(&self) -> Vec<Vec<u64>> {
        self.taken.lock().unwrap().iter().map(|bytes| places(bytes)).collect()
    }
}

fn acceptor(made: &DevelopmentCertificates, clients: Option<&str>) -> TlsAcceptor {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .unwrap();
    let builder = match clients {
        None => builder.with_no_client_auth(),
        Some(authority) => {
            let mut roots = rustls::RootCertStore::empty();
            roots.add(load_chain(authority.as_bytes()).unwrap().remove(0)).unwrap();
            let judge = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            builder.with_client_cert_verifier(judge.build().unwrap())
        }
    };
    let chain = load_chain(made.certificate_chain.as_bytes()).unwrap();
    let key = load_key(made.private_key.reveal().as_bytes()).unwrap();
    TlsAcceptor::from(Arc::new(builder.with_single_cert(chain, key).unwrap()))
}

/// Reads frames: a number, a space, so many bytes. What is not whole at the end does not count.
fn places(mut bytes: &[u8]) -> Vec<u64> {
    let mut found = Vec::new();
    while let Some(space) = bytes.iter().position(|byte| *byte == b' ') {
        let length: usize = std::str::from_utf8(&bytes[..space]).unwrap().parse().unwrap();
        let Some(message) = bytes.get(space + 1..space + 1 + length) else { break };
        let message = std::str::from_utf8(message).unwrap();
        assert!(message.starts_with("<85>1 ") && message.ends_with("</AuditMessage>"), "{message}");
        let (_, rest) = message.split_once("ParticipantObjectID=\"r").unwrap();
        found.push(rest.split_once('"').unwrap().0.parse().unwrap());
        bytes = &bytes[space + 1 + length..];
    }
    found
}

fn made() -> DevelopmentCertificates {
    use base::Clock;
    development_certificates(&[], base::SystemClock.now()).unwrap()
}

fn settings(port: u16, authority: &str) -> Settings {
    Settings::new(&format!("127.0.0.1:{port}"), authority.as_bytes(), None).unwrap()
}

fn accesses(size: u64) -> Vec<u64> {
    (0..size).filter(|place| place % 3 == 0).collect()
}

async fn until(what: impl Fn() -> bool) {
    let waited = tokio::time::timeout(Duration::from_secs(20), async {
        while !what() {
            sleep(Duration::from_millis(5)).await;
        }
    });
    waited.await.unwrap();
}

/// A sender that runs until it is told to stop.
struct Running {
    stop: watch::Sender<bool>,
    standing: Arc<Standing>,
    task: JoinHandle<()>,
}

fn start(settings: Settings, journal: &Arc<Journal>) -> Running {
    let (stop, stopped) = watch::channel(false);
    let entries: Arc<dyn Entries> = Arc::<Journal>::clone(journal);
    let sender = Sender::new(settings, entries, "https://r.example.jp/f/a/fhir").at(PACE);
    let standing = sender.standing();
    Running { stop, standing, task: tokio::spawn(sender.run(stopped)) }
}

#[tokio::test]
async fn every_access_arrives_once_in_order_and_the_mark_follows() {
    let (made, journal) = (made(), Journal::of(1_000));
    let collector = Collector::open(&made, None, vec![Manner::Good]).await;
    let running = start(settings(collector.port, &made.ca_certificate), &journal);
    until(|| running.standing.sent() == 334).await;
    assert!(running.standing.is_connected());
    until(|| journal.kept() == Some(999)).await;
    *journal.size.lock().unwrap() = 1_010;
    until(|| running.standing.sent() == 337).await;
    assert_eq!((running.standing.behind(), running.standing.last_problem()), (0, None));
    running.stop.send_replace(true);
    running.task.await.unwrap();
    assert_eq!(journal.kept(), Some(1_008), "a collector that says farewell has everything");
    assert_eq!(collector.end().await, [accesses(1_010)]);
    assert!(!running.standing.is_connected());
}

#[tokio::test]
async fn what_a_broken_connection_may_have_lost_is_sent_again() {
    let (made, journal) = (made(), Journal::of(600));
    let manners = vec![Manner::Breaks(20_000), Manner::Breaks(100_000), Manner::Good];
    let collector = Collector::open(&made, None, manners).await;
    let running = start(settings(collector.port, &made.ca_certificate), &journal);
    until(|| journal.kept() == Some(597)).await;
    running.stop.send_replace(true);
    running.task.await.unwrap();
    let taken = collector.end().await;
    assert_eq!(taken.len(), 3);
    let mut all: Vec<u64> = taken.concat();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all, accesses(600), "nothing is missing");
}

#[tokio::test]
async fn a_sender_starts_after_its_mark() {
    let (made, journal) = (made(), Journal::of(30));
    *journal.mark.lock().unwrap() = Some(Position(21));
    let collector = Collector::open(&made, None, vec![Manner::Good]).await;
    let running = start(settings(collector.port, &made.ca_certificate), &journal);
    until(|| running.standing.sent() == 2).await;
    running.stop.send_replace(true);
    running.task.await.unwrap();
    assert_eq!(collector.end().await, [[24, 27]]);
}

#[tokio::test]
async fn a_collector_that_another_authority_vouches_for_gets_nothing() {
    let (one, other, journal) = (made(), made(), Journal::of(30));
    let collector = Collector::open(&one, None, vec![Manner::Good; 100]).await;
    let running = start(settings(collector.port, &other.ca_certificate), &journal);
    until(|| running.standing.last_problem() == Some("SV-0051")).await;
    until(|| running.standing.behind() == 30).await;
    running.stop.send_replace(true);
    running.task.await.unwrap();
    collector.task.abort();
    assert_eq!((collector.places().concat().len(), journal.kept()), (0, None));
}

#[tokio::test]
async fn a_collector_that_asks_for_a_certificate_gets_the_configured_one() {
    let (made, journal) = (made(), Journal::of(3));
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(Vec::new()).unwrap().self_signed(&key).unwrap().pem();
    let collector = Collector::open(&made, Some(&certificate), vec![Manner::Good; 100]).await;
    let without = start(settings(collector.port, &made.ca_certificate), &journal);
    until(|| without.standing.last_problem().is_some()).await;
    without.stop.send_replace(true);
    without.task.await.unwrap();
    assert_eq!(collector.places().concat(), Vec::<u64>::new());
    let address = format!("127.0.0.1:{}", collector.port);
    let key = key.serialize_pem();
    let own = Some((certificate.as_bytes(), key.as_bytes()));
    let with = start(Settings::new(&address, made.ca_certificate.as_bytes(), own).unwrap(), &journal);
    until(|| collector.places().concat() == [0]).await;
    with.stop.send_replace(true);
    with.task.await.unwrap();
    collector.task.abort();
}

#[tokio::test]
async fn a_collector_that_is_away_is_waited_for() {
    let (made, journal) = (made(), Journal::of(9));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let running = start(settings(port, &made.ca_certificate), &journal);
    until(|| running.standing.last_problem() == Some("SV-0050")).await;
    until(|| running.standing.behind() == 9).await;
    running.stop.send_replace(true);
    running.task.await.unwrap();
}

#[test]
fn settings_that_mean_nothing_are_refused() {
    let made = made();
    let authority = made.ca_certificate.as_bytes();
    for address in ["audit.example.jp", "audit.example.jp:syslog", "a b:6514", ""] {
        assert_eq!(Settings::new(address, authority, None).unwrap_err().code().id, "SV-0053", "{address}");
    }
    for address in ["audit.example.jp:6514", "192.0.2.1:6514", "[2001:db8::1]:6514"] {
        assert!(Settings::new(address, authority, None).is_ok(), "{address}");
    }
    let foreign = (made.certificate_chain.as_bytes(), made.ca_key.reveal().as_bytes());
    assert_eq!(Settings::new("a:1", authority, Some(foreign)).unwrap_err().code().id, "SV-0053");
    assert_eq!(Settings::new("a:1", b"", None).unwrap_err().code().id, "SV-0020");
}
