//! `akashi serve`: all facilities of a data directory over HTTPS.

use crate::arguments::Serve;
use crate::configuration::Configuration;
use crate::directory::Directory;
use crate::runtime;
use crate::terminal::Terminal;
use base::Problem;
use records::Problems;
use std::net::SocketAddr;
use store::{Actor, ActorKind, disk};

pub(crate) fn run(terminal: &Terminal, arguments: &Serve) -> Result<(), Problems> {
    let directory = Directory::at(&arguments.folder.data);
    let facilities = directory.facilities()?;
    if facilities.is_empty() {
        return Err(directory.not_made().into());
    }
    let mut configuration = Configuration::read(directory.path())?;
    runtime::log(configuration.log.level);
    if let Some(listen) = arguments.listen {
        configuration.server.listen = listen;
    }
    let _lock = directory.lock()?;
    let mut doors = Vec::new();
    for facility in facilities {
        doors.push(directory.open_facility(&facility)?.1);
    }
    let runtime = runtime::start()?;
    runtime.block_on(async {
        let server = bind(&directory, &configuration, doors).await?;
        let mut stop = runtime::Stop::catch()?;
        terminal.line(&listening(terminal, server.local_addr()));
        server.run(stop.asked()).await;
        Ok::<_, Problem>(())
    })?;
    terminal.note(terminal.choose("stopped", "停止しました"));
    Ok(())
}

/// Binds the server to its address, with the directory's certificate and token.
pub(crate) async fn bind(
    directory: &Directory,
    configuration: &Configuration,
    doors: Vec<records::Facility>,
) -> Result<server::Server<records::Facility>, Problem> {
    let token = directory.token()?;
    let callers =
        move |presented: &str| token.matches(presented).then(|| Actor::new(ActorKind::Service, "token"));
    let settings = server::Configuration {
        listen: configuration.server.listen,
        certificate: server::ServerCertificate::new(
            server::load_chain(&disk::read_bytes(&configuration.tls.certificate)?)?,
            server::load_key(&disk::read_bytes(&configuration.tls.private_key)?)?,
        )?,
        client_certificates: None,
        transport: server::Transport::default(),
        callers: Box::new(callers),
        base_url: configuration.server.base_url.clone(),
        bounds: server::Bounds::default(),
    };
    server::Server::bind(settings, doors).await
}

pub(crate) fn listening(terminal: &Terminal, address: SocketAddr) -> String {
    format!("{} https://{address}", terminal.choose("listening on", "待ち受け中:"))
}
