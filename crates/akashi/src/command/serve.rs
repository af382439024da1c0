//! `akashi serve`: all facilities of a data directory over HTTPS.

use crate::arguments::Serve;
use crate::command::collecting::Collecting;
use crate::command::lapsing::Lapsing;
use crate::command::witnessing::Witnessing;
use crate::configuration::Configuration;
use crate::console::Console;
use crate::directory::{Directory, Opened};
use crate::probe::Serving;
use crate::reload::{Files, Watched};
use crate::runtime::{self, Renewal};
use crate::telemetry;
use crate::terminal::Terminal;
use base::Problem;
use identity::Identity;
use identity::kept::ClientCertificates;
use records::Problems;
use server::{House, MetricsListener, Server, TlsVersions};
use std::future::pending;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub(crate) fn run(terminal: &Terminal, arguments: &Serve) -> Result<(), Problems> {
    let directory = Directory::at(&arguments.folder.data);
    let facilities = directory.facilities()?;
    if facilities.is_empty() {
        return Err(directory.not_made().into());
    }
    let mut configuration = Configuration::read(directory.path())?;
    take_over(&mut configuration, arguments)?;
    let _telemetry = telemetry::begin(configuration.log, configuration.otlp.endpoint.as_deref())?;
    let _lock = directory.lock()?;
    let (mut opened, rules) = (Vec::new(), configuration.rules());
    if rules.are_own() {
        rules.engine()?;
    }
    let mut ended = None;
    for facility in facilities {
        match directory.open_facility(
            &facility,
            configuration.identity(),
            (&rules, configuration.name_of(&facility)),
        ) {
            // Whoever has left does not keep the others from being served.
            Err(problem) if problem.code() == &store::codes::HANDED_OVER => {
                terminal.note(&terminal.text_of(&problem));
                ended = Some(problem);
            }
            facility => opened.push(facility?),
        }
    }
    if let Some(problem) = ended.filter(|_| opened.is_empty()) {
        return Err(problem.into());
    }
    let runtime = runtime::start()?;
    runtime.block_on(async {
        let open = Open::new(terminal, &directory, &configuration, opened.clone()).await?;
        let collecting = Collecting::begin(&configuration, &opened, open.server.metrics())?;
        let witnessing = Witnessing::begin(terminal, &configuration, &opened, &open.server.metrics())?;
        let lapsing = Lapsing::begin(&configuration, &opened);
        let mut stop = runtime::Stop::catch()?;
        let renewal = Renewal::catch()?;
        terminal.line(&listening(terminal, open.server.local_addr()));
        let Open { server, console, watched } = open;
        let renewing = tokio::spawn(watched.keep(renewal));
        let telling = metrics(terminal, &configuration, &server).await?;
        console.beside(server, stop.asked()).await;
        lapsing.end().await;
        witnessing.end().await;
        collecting.end().await;
        renewing.abort();
        telling.abort();
        Ok::<_, Problem>(())
    })?;
    terminal.note(terminal.choose("stopped", "停止しました"));
    Ok(())
}

/// What was said on the command line goes before the file.
fn take_over(configuration: &mut Configuration, arguments: &Serve) -> Result<(), Problem> {
    if let Some(listen) = arguments.listen {
        configuration.server.listen = listen;
    }
    if let Some(listen) = arguments.metrics {
        configuration.metrics.listen = Some(listen);
    }
    let (address, ca) = (arguments.collector.as_ref(), arguments.collector_ca.as_ref());
    configuration.collector.take_over(address, ca);
    if let Some(format) = arguments.log_format {
        configuration.log.format = format;
    }
    configuration.metrics.check()
}

/// Tells the metrics where the configuration wants it, until it is aborted.
async fn metrics(
    terminal: &Terminal,
    configuration: &Configuration,
    server: &Server<House>,
) -> Result<JoinHandle<()>, Problem> {
    let Some(listen) = configuration.metrics.listen else { return Ok(tokio::spawn(async {})) };
    let listener = MetricsListener::bind(listen, server.metrics()).await?;
    let address = listener.local_addr();
    terminal.line(&format!("{} http://{address}/metrics", terminal.choose("metrics:", "メトリクス:")));
    Ok(tokio::spawn(listener.run(pending())))
}

/// A server that listens, with what runs beside it.
pub(crate) struct Open {
    pub(crate) server: Server<House>,
    pub(crate) console: Beside,
    pub(crate) watched: Watched,
}

impl Open {
    /// Takes address and socket. Says what nobody may miss about the facilities.
    pub(crate) async fn new(
        terminal: &Terminal,
        directory: &Directory,
        configuration: &Configuration,
        opened: Vec<Opened>,
    ) -> Result<Self, Problem> {
        let (certificate, watched) = Files::of(configuration).read()?;
        let identities: Vec<Arc<Identity>> = opened.iter().map(|one| Arc::clone(&one.identity)).collect();
        let settings = server::Configuration {
            listen: configuration.server.listen,
            certificate,
            client_certificates: Some(server::trust_of(&identities)),
            transport: configuration.transport(),
            quotas: configuration.quotas(),
            base_url: configuration.server.base_url.clone(),
            bounds: server::Bounds::default(),
        };
        announce(terminal, configuration, &identities);
        let commanded = opened.clone();
        let houses =
            opened.into_iter().map(|one| House::new(one.records, one.identity, one.evidence)).collect();
        let server = Server::bind(settings, houses).await?;
        for one in &commanded {
            server.metrics().watch(&one.store, &one.identity);
            // Somebody who looks before that sees no more than without a server.
            one.serving.get_or_init(|| Serving {
                address: server.local_addr(),
                rates: Arc::new(server.rate_trial()),
            });
        }
        let console = Beside { console: console(terminal, directory)?, commanded };
        Ok(Self { server, console, watched })
    }
}

/// The console of a server, and whom it commands.
pub(crate) struct Beside {
    console: Option<Console>,
    commanded: Vec<Opened>,
}

impl Beside {
    /// Serves until `stop` is ready, the console as long as the server.
    pub(crate) async fn beside(self, server: Server<House>, stop: impl Future<Output = ()>) {
        let (stopping, stopped) = watch::channel(false);
        // As long as the server runs it can be looked at, also where no console is.
        let _serving: Vec<_> = self.commanded.iter().map(|one| Arc::clone(&one.serving)).collect();
        let console = self.console.map(|console| tokio::spawn(console.serve(self.commanded, stopped)));
        server.run(stop).await;
        stopping.send_replace(true);
        if let Some(console) = console
            && let Err(error) = console.await
        {
            tracing::error!(panicked = error.is_panic(), "the console ended in a fault");
        }
    }
}

/// The socket for commands. Without one the server runs all the same: nobody may be kept from the records for that.
fn console(terminal: &Terminal, directory: &Directory) -> Result<Option<Console>, Problem> {
    match Console::open(directory) {
        Ok(console) => Ok(Some(console)),
        Err(problem) if problem.code() == &crate::codes::CONSOLE_PATH_LONG => {
            tracing::warn!(%problem, "no commands are taken while the server runs");
            terminal.note(&terminal.text_of(&problem));
            Ok(None)
        }
        Err(problem) => Err(problem),
    }
}

/// What weakens the protection, said where nobody can miss it.
fn announce(terminal: &Terminal, configuration: &Configuration, identities: &[Arc<Identity>]) {
    if configuration.transport().tls_versions == TlsVersions::Tls12And13 {
        terminal.warn(
            "TLS 1.2 is spoken too, as tls.versions says: only while old devices are in use",
            "tls.versions の設定により TLS 1.2 も受け付けます。古い端末が残っている間だけにしてください",
        );
    }
    let open = identities.iter().filter(|one| one.policy().client_certificates == ClientCertificates::Off);
    for facility in open.map(|identity| identity.facility()) {
        tracing::warn!(%facility, "no client certificates are asked for: for development only");
        terminal.warn(
            &format!("{facility}: no client certificates are asked for, so any device can try to log in. For development only"),
            &format!("{facility}: クライアント証明書を求めない設定です。どの端末からもログインを試みられます。開発専用です"),
        );
    }
}

pub(crate) fn listening(terminal: &Terminal, address: SocketAddr) -> String {
    format!("{} https://{address}", terminal.choose("listening on", "待ち受け中:"))
}
