//! The connection to a collector: TCP, then TLS 1.2 or 1.3, its certificate verified against the configured authorities.

use super::sender::Pace;
use crate::codes;
use crate::tls::{load_chain, load_key};
use base::Problem;
use rustls::crypto::aws_lc_rs;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::ServerName;
use socket2::{SockRef, TcpKeepalive};
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// After how long without a word from the other side the operating system asks whether it is there.
const SILENCE: Duration = Duration::from_secs(30);

/// Where the collector is, and how both sides show who they are.
#[derive(Clone)]
pub struct Settings {
    address: String,
    name: ServerName<'static>,
    tls: Arc<ClientConfig>,
}

impl Settings {
    /// `address` is host and port (`audit.example.jp:6514`). `authorities` are the certificates in PEM below which that
    /// of the collector must stand; `own` is this server's chain and key in PEM, for collectors that ask for it.
    ///
    /// # Errors
    /// The address has no port, or a certificate or key cannot be used.
    pub fn new(address: &str, authorities: &[u8], own: Option<(&[u8], &[u8])>) -> Result<Self, Problem> {
        let wrong = |log: String| Problem::new(&codes::COLLECTOR_SETTINGS).with("address", address).log(log);
        let (host, port) = address.rsplit_once(':').ok_or_else(|| wrong("no port".to_owned()))?;
        port.parse::<u16>().map_err(|_| wrong("no port".to_owned()))?;
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let name = ServerName::try_from(host.to_owned()).map_err(|error| wrong(error.to_string()))?;
        let mut roots = RootCertStore::empty();
        for authority in load_chain(authorities)? {
            roots.add(authority).map_err(|error| wrong(error.to_string()))?;
        }
        let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| wrong(error.to_string()))?
            .with_root_certificates(roots);
        let tls = match own {
            Some((chain, key)) => builder
                .with_client_auth_cert(load_chain(chain)?, load_key(key)?)
                .map_err(|error| wrong(error.to_string()))?,
            None => builder.with_no_client_auth(),
        };
        Ok(Self { address: address.to_owned(), name, tls: Arc::new(tls) })
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("address", &self.address).finish_non_exhaustive()
    }
}

/// A connection that stands.
pub(super) struct Link {
    from: ReadHalf<TlsStream<TcpStream>>,
    to: WriteHalf<TlsStream<TcpStream>>,
}

impl Link {
    /// Connects.
    pub(super) async fn open(settings: &Settings, pace: &Pace) -> Result<Self, Problem> {
        let away = |log: String| Problem::new(&codes::COLLECTOR_AWAY).log(log);
        let connect = timeout(pace.connecting, TcpStream::connect(&settings.address)).await;
        let stream =
            connect.map_err(|_| away("timed out".to_owned()))?.map_err(|error| away(error.to_string()))?;
        watch(&stream, pace).map_err(|error| away(error.to_string()))?;
        let connector = TlsConnector::from(Arc::clone(&settings.tls));
        let shake = timeout(pace.connecting, connector.connect(settings.name.clone(), stream)).await;
        let untrusted = |log: String| Problem::new(&codes::COLLECTOR_UNTRUSTED).log(log);
        let stream = shake
            .map_err(|_| untrusted("the handshake timed out".to_owned()))?
            .map_err(|error| untrusted(error.to_string()))?;
        let (from, to) = tokio::io::split(stream);
        Ok(Self { from, to })
    }

    /// Sends bytes.
    pub(super) async fn send(&mut self, bytes: &[u8], pace: &Pace) -> Result<(), Problem> {
        let send = async {
            self.to.write_all(bytes).await?;
            self.to.flush().await
        };
        match timeout(pace.sending, send).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(lost(&error.to_string())),
            Err(_) => Err(lost("the collector takes nothing")),
        }
    }

    /// Waits until the other side ends the connection. What it says is not listened to: syslog has no answers.
    pub(super) async fn ended(&mut self) -> Problem {
        match to_end(&mut self.from).await {
            Ok(()) => lost("the collector closed the connection"),
            Err(error) => lost(&error.to_string()),
        }
    }

    /// Ends the connection. True when the other side has taken everything: its farewell comes after it has read ours.
    pub(super) async fn close(mut self, pace: &Pace) -> bool {
        let close = async {
            self.to.shutdown().await?;
            to_end(&mut self.from).await
        };
        matches!(timeout(pace.closing, close).await, Ok(Ok(())))
    }
}

/// Reads until an orderly end.
async fn to_end(from: &mut ReadHalf<TlsStream<TcpStream>>) -> io::Result<()> {
    let mut nothing = [0; 256];
    while from.read(&mut nothing).await? > 0 {}
    Ok(())
}

fn lost(log: &str) -> Problem {
    Problem::new(&codes::COLLECTOR_LOST).log(log.to_owned())
}

/// Lets the operating system give up a connection whose other side confirms nothing, before what was sent on it counts
/// as taken.
fn watch(stream: &TcpStream, pace: &Pace) -> io::Result<()> {
    let socket = SockRef::from(stream);
    socket.set_tcp_nodelay(true)?;
    socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(SILENCE).with_interval(SILENCE / 3))?;
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(pace.settling * 2 / 3))?;
    Ok(())
}
