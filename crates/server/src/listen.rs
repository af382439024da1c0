//! The listener: accepts connections, bounds their number, and ends in good order.

use crate::codes;
use crate::configuration::{Configuration, TlsVersions};
use crate::connection;
use crate::console::Run;
use crate::door::Door;
use crate::edge::Edge;
use crate::handshake::Entrance;
use crate::metrics::Metrics;
use crate::request_id::RequestIds;
use crate::router::Router;
use crate::tls;
use base::{Problem, SystemClock, SystemEntropy};
use identity::session::{Key, Rates};
use socket2::SockRef;
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

/// How often sessions that are over are ended in the journal.
const TIDYING: Duration = Duration::from_secs(1);
/// Pause after the system could not hand over a connection (usually: no file descriptors left).
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Most connections that the system keeps for us until we take them.
const BACKLOG_CONNECTIONS_MAX: u32 = 1_024;

/// A server that listens and does not serve yet.
pub struct Server<D> {
    listener: TcpListener,
    address: SocketAddr,
    entrance: Arc<Entrance>,
    edge: Arc<Edge<D>>,
}

impl<D> fmt::Debug for Server<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

impl<D: Door> Server<D> {
    /// Takes the address. Fails when it is taken, or when two facilities have one id.
    #[expect(
        clippy::unused_async,
        reason = "the listener needs a running runtime, which only a future is sure of"
    )]
    pub async fn bind(configuration: Configuration, facilities: Vec<D>) -> Result<Self, Problem> {
        let metrics = Metrics::new();
        let entrance = entrance(&configuration, &metrics)?;
        let edge = Edge {
            doors: by_id(facilities)?,
            rates: Rates::new(&configuration.quotas, Arc::new(SystemClock)),
            base_url: configuration.base_url.map(|url| url.trim_end_matches('/').to_owned()),
            bounds: configuration.bounds,
            router: Router::new()?,
            request_ids: RequestIds::new(&SystemEntropy)?,
            metrics,
            run: Run::new(&SystemEntropy)?,
            listening: Arc::default(),
        };
        let taken = |error: io::Error| {
            Problem::new(&codes::LISTEN_FAILED).with("address", configuration.listen).log(error.to_string())
        };
        let listener = listen(configuration.listen).map_err(taken)?;
        let address = listener.local_addr().map_err(taken)?;
        Ok(Self { listener, address, entrance: Arc::new(entrance), edge: Arc::new(edge) })
    }

    /// The address that was taken, with the port that the system chose where 0 was asked for.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// What it counts. Whoever has more to tell tells it there.
    pub fn metrics(&self) -> Metrics {
        self.edge.metrics.clone()
    }

    /// Asks whether the rate of requests from one address is limited, at most so many times, as an address that nobody
    /// has (TEST-NET-1, RFC 5737): nobody's requests are counted by that. True when it said no.
    pub fn rate_trial(&self) -> impl Fn(u32) -> bool + Send + Sync + use<D>
    where
        D: Send + Sync,
    {
        const NOBODYS: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
        let edge = Arc::clone(&self.edge);
        move |tries| (0..tries).any(|_| edge.rates.check(Key::Address(NOBODYS)).is_err())
    }

    /// Serves until `stop` is ready. Then it takes no more connections and requests, gives those that run the time
    /// of `Bounds::closing`, and cuts off what is left.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let closing = self.edge.bounds.closing;
        let (stopping, _) = watch::channel(false);
        let mut connections = JoinSet::new();
        let tidying = tokio::spawn(tidy_up(Arc::clone(&self.edge)));
        self.accept(pin!(stop), &stopping, &mut connections).await;
        stopping.send_replace(true);
        let ended = async { while connections.join_next().await.is_some() {} };
        if timeout(closing, ended).await.is_err() {
            tracing::warn!(left = connections.len(), "connections were cut off at the end");
        }
        connections.shutdown().await;
        tidying.abort();
    }

    async fn accept(
        self,
        mut stop: impl Future<Output = ()> + Unpin,
        stopping: &watch::Sender<bool>,
        connections: &mut JoinSet<()>,
    ) {
        loop {
            let room = connections.len() < self.edge.bounds.connections_max;
            tokio::select! {
                biased;
                () = &mut stop => return,
                Some(ended) = connections.join_next() => if let Err(error) = ended {
                    // Its text would hold the message of the panic, and that what was being worked on.
                    tracing::error!(panicked = error.is_panic(), "a connection ended in a fault");
                },
                accepted = self.listener.accept(), if room => match accepted {
                    Ok((stream, from)) => self.start(stream, from, stopping, connections),
                    Err(error) => pause(&error).await,
                },
            }
        }
    }

    fn start(
        &self,
        stream: TcpStream,
        from: SocketAddr,
        stopping: &watch::Sender<bool>,
        connections: &mut JoinSet<()>,
    ) {
        let (entrance, edge) = (Arc::clone(&self.entrance), Arc::clone(&self.edge));
        // On `[::]` clients with IPv4 appear under IPv6 addresses.
        let socket = SocketAddr::new(from.ip().to_canonical(), from.port());
        connections.spawn(connection::serve(stream, socket, entrance, edge, stopping.subscribe()));
    }
}

fn entrance(configuration: &Configuration, metrics: &Metrics) -> Result<Entrance, Problem> {
    let (transport, judge) = (&configuration.transport, &configuration.client_certificates);
    if transport.tls_versions == TlsVersions::Tls12And13 {
        tracing::warn!("TLS 1.2 is spoken too, as the configuration says");
    }
    let settings = tls::settings(&configuration.certificate, judge.clone(), transport.tls_versions)?;
    let each_max = configuration.bounds.connections_per_address_max;
    let proxies = transport.proxy_protocol_from.clone();
    Ok(Entrance::new(settings, proxies, judge.clone(), each_max, metrics.clone()))
}

/// Listens, on `[::]` for IPv4 too, whatever the system's default is.
fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    if address.is_ipv6() && address.ip().is_unspecified() {
        SockRef::from(&socket).set_only_v6(false)?;
    }
    // A server that starts again need not wait for the connections of the one before.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG_CONNECTIONS_MAX)
}

/// Ends sessions that are over, again and again, and keeps what facilities note from time to time.
async fn tidy_up<D: Door>(edge: Arc<Edge<D>>) {
    let mut looks = interval(TIDYING);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        looks.tick().await;
        for identity in edge.doors.values().filter_map(Door::identity) {
            if let Err(problem) = identity.tidy_up().await {
                tracing::warn!(%problem, "sessions that are over could not be ended in the journal");
            }
        }
    }
}

/// After an error that concerns one connection, goes on at once; after any other, waits a little: trying again at
/// once would only burn time until something is freed.
async fn pause(error: &io::Error) {
    let of_one_connection = matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::Interrupted
    );
    if !of_one_connection {
        tracing::warn!(%error, "no connection could be accepted");
        sleep(ACCEPT_PAUSE).await;
    }
}

fn by_id<D: Door>(facilities: Vec<D>) -> Result<BTreeMap<String, D>, Problem> {
    let mut doors = BTreeMap::new();
    for door in facilities {
        let id = door.id().as_str().to_owned();
        if doors.contains_key(&id) {
            return Err(Problem::new(&codes::FACILITY_TWICE).with("facility", id));
        }
        doors.insert(id, door);
    }
    Ok(doors)
}
