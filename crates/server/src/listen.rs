//! The listener: accepts connections, bounds their number, and ends in good order.

use crate::codes;
use crate::configuration::Configuration;
use crate::connection;
use crate::door::Door;
use crate::edge::Edge;
use crate::request_id::RequestIds;
use crate::router::Router;
use crate::tls;
use base::{Problem, SystemEntropy};
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

/// Pause after the system could not hand over a connection (usually: no file descriptors left).
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A server that listens and does not serve yet.
pub struct Server<D> {
    listener: TcpListener,
    address: SocketAddr,
    tls: TlsAcceptor,
    edge: Arc<Edge<D>>,
}

impl<D> fmt::Debug for Server<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

impl<D: Door> Server<D> {
    /// Takes the address and checks certificate and key. Fails when the address is taken, when they do not belong
    /// together, or when two facilities have one id.
    pub async fn bind(configuration: Configuration, facilities: Vec<D>) -> Result<Self, Problem> {
        let settings = tls::settings(configuration.certificate_chain, configuration.private_key)?;
        let edge = Edge {
            doors: by_id(facilities)?,
            callers: configuration.callers,
            base_url: configuration.base_url.map(|url| url.trim_end_matches('/').to_owned()),
            bounds: configuration.bounds,
            router: Router::new()?,
            request_ids: RequestIds::new(&SystemEntropy)?,
        };
        let taken = |error: io::Error| {
            Problem::new(&codes::LISTEN_FAILED).with("address", configuration.listen).log(error.to_string())
        };
        let listener = TcpListener::bind(configuration.listen).await.map_err(taken)?;
        let address = listener.local_addr().map_err(taken)?;
        Ok(Self { listener, address, tls: TlsAcceptor::from(settings), edge: Arc::new(edge) })
    }

    /// The address that was taken, with the port that the system chose where 0 was asked for.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` is ready. Then it takes no more connections and requests, gives those that run the time
    /// of `Bounds::closing`, and cuts off what is left.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let closing = self.edge.bounds.closing;
        let (stopping, _) = watch::channel(false);
        let mut connections = JoinSet::new();
        self.accept(pin!(stop), &stopping, &mut connections).await;
        stopping.send_replace(true);
        let ended = async { while connections.join_next().await.is_some() {} };
        if timeout(closing, ended).await.is_err() {
            tracing::warn!(left = connections.len(), "connections were cut off at the end");
        }
        connections.shutdown().await;
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
                    tracing::error!(%error, "a connection ended in a fault");
                },
                accepted = self.listener.accept(), if room => match accepted {
                    Ok((socket, _)) => self.start(socket, stopping, connections),
                    Err(error) => pause(&error).await,
                },
            }
        }
    }

    fn start(&self, socket: TcpStream, stopping: &watch::Sender<bool>, connections: &mut JoinSet<()>) {
        let (tls, edge) = (self.tls.clone(), Arc::clone(&self.edge));
        connections.spawn(connection::serve(socket, tls, edge, stopping.subscribe()));
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
