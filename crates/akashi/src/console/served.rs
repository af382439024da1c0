//! The side of the running server: it takes commands from whoever may open the data directory.

use super::wire::{Answer, Arrived, REQUEST_BYTES_MAX, Told};
use super::{House, SOCKET, client};
use crate::codes;
use crate::directory::{Directory, Opened};
use crate::probe::Serving;
use base::Problem;
use std::fs::{DirBuilder, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use store::disk::file_problem;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use zeroize::Zeroizing;

/// Folder in which the socket is made before anybody can reach it.
const NURSERY: &str = "console.new";

/// Most commands at a time.
const COMMANDS_MAX: usize = 16;

/// Time for a request to arrive, and again for its answer to be taken.
const REQUEST_TIME: Duration = Duration::from_secs(30);

/// Time that running commands have left when the server stops.
const CLOSING_TIME: Duration = Duration::from_secs(10);

/// Pause after the system could not hand over a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// The console of a running server.
#[derive(Debug)]
pub(crate) struct Console {
    data: PathBuf,
    path: PathBuf,
    listener: UnixListener,
}

impl Console {
    /// Takes the socket's place in the data directory. The caller holds the directory's lock, so that a socket which is
    /// there already is one that a crash left. Must be called within the runtime.
    ///
    /// # Errors
    /// The path is too long for a socket, or the file system says no.
    pub(crate) fn open(directory: &Directory) -> Result<Self, Problem> {
        let path = directory.path().join(SOCKET);
        let nursery = directory.path().join(NURSERY);
        let listener = listen(&nursery, &path).map_err(|error| match error.kind() {
            ErrorKind::InvalidInput => client::too_long(&nursery.join("s")),
            _ => file_problem(&path, &error),
        })?;
        Ok(Self { data: directory.path().to_owned(), path, listener })
    }

    /// Takes commands for a server until `stop` changes; those that run then are finished.
    pub(crate) async fn serve(
        self,
        facilities: Vec<Opened>,
        serving: Option<Serving>,
        mut stop: watch::Receiver<bool>,
    ) {
        let served = Arc::new(Served { facilities, data: self.data.clone(), serving });
        let mut commands = JoinSet::new();
        loop {
            let room = commands.len() < COMMANDS_MAX;
            tokio::select! {
                _ = stop.changed() => break,
                Some(ended) = commands.join_next() => if let Err(error) = ended {
                    tracing::error!(panicked = error.is_panic(), "a command ended in a fault");
                },
                accepted = self.listener.accept(), if room => match accepted {
                    Ok((stream, _)) => { commands.spawn(answer(stream, Arc::clone(&served))); }
                    Err(error) => {
                        tracing::warn!(%error, "no command could be accepted");
                        sleep(ACCEPT_PAUSE).await;
                    }
                },
            }
        }
        let ended = async { while commands.join_next().await.is_some() {} };
        if timeout(CLOSING_TIME, ended).await.is_err() {
            tracing::warn!("commands were cut off at the end");
        }
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.path) {
            tracing::debug!(%error, "the socket of the console is gone already");
        }
    }
}

/// Makes the socket where only its owner can come, and moves it to its place once only its owner can open it.
fn listen(nursery: &Path, path: &Path) -> std::io::Result<UnixListener> {
    remove(|| std::fs::remove_dir_all(nursery))?;
    DirBuilder::new().mode(0o700).create(nursery)?;
    let made = nursery.join("s");
    let listener = UnixListener::bind(&made).and_then(|listener| {
        std::fs::set_permissions(&made, Permissions::from_mode(0o600))?;
        std::fs::rename(&made, path)?;
        Ok(listener)
    });
    remove(|| std::fs::remove_dir_all(nursery))?;
    listener
}

fn remove(how: impl FnOnce() -> std::io::Result<()>) -> std::io::Result<()> {
    match how() {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// What commands are for.
struct Served {
    facilities: Vec<Opened>,
    data: PathBuf,
    serving: Option<Serving>,
}

async fn answer(stream: UnixStream, served: Arc<Served>) {
    let (from, mut to) = stream.into_split();
    let mut line = Zeroizing::new(Vec::new());
    let mut from = BufReader::new(from.take(REQUEST_BYTES_MAX));
    let arrived = timeout(REQUEST_TIME, from.read_until(b'\n', &mut line)).await;
    // Whoever connects and says nothing only looked whether the server runs.
    if matches!(arrived, Ok(Ok(0) | Err(_))) {
        return;
    }
    let answer = match perform(&line, &served).await {
        Ok(reply) => Answer::Done(reply),
        Err(problem) => Answer::Problem(Told::from(&problem)),
    };
    // Keys and passphrases may stand in it.
    let text = Zeroizing::new(serde_json::to_vec(&answer).unwrap_or_default());
    let send = async {
        to.write_all(&text).await?;
        to.write_all(b"\n").await?;
        to.shutdown().await
    };
    if !matches!(timeout(REQUEST_TIME, send).await, Ok(Ok(()))) {
        tracing::warn!("nobody took the answer to a command");
    }
}

async fn perform(line: &[u8], served: &Served) -> Result<serde_json::Value, Problem> {
    let arrived = read(line)?;
    let (facility, language) = (arrived.facility.clone(), arrived.language);
    let wrong = || Problem::new(&codes::REQUEST_WRONG).with("limit", REQUEST_BYTES_MAX);
    let errand = arrived.errand().ok_or_else(wrong)?;
    let opened = served.facilities.iter().find(|opened| opened.identity.facility().as_str() == facility);
    let opened =
        opened.ok_or_else(|| Problem::new(&store::codes::FACILITY_ABSENT).with("facility", &facility))?;
    let name = errand.name();
    let house = House { data: &served.data, serving: served.serving.as_ref() };
    let done = opened.perform(errand, house).await;
    let facility = opened.identity.facility();
    match &done {
        Ok(_) => {
            tracing::info!(command = name, %facility, ?language, "done for the console");
        }
        Err(problem) => {
            tracing::info!(command = name, %facility, ?language, %problem, "refused to the console");
        }
    }
    done
}

/// A request is whole when its line ends.
fn read(line: &[u8]) -> Result<Arrived, Problem> {
    let wrong = || Problem::new(&codes::REQUEST_WRONG).with("limit", REQUEST_BYTES_MAX);
    let line = line.strip_suffix(b"\n").ok_or_else(wrong)?;
    // The error would name what was sent, secrets included.
    serde_json::from_slice(line).map_err(|_| wrong().log("a request of the console that is not understood"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stop() -> (watch::Sender<bool>, watch::Receiver<bool>) {
        watch::channel(false)
    }

    async fn said(path: &Path, request: &[u8]) -> String {
        let mut stream = UnixStream::connect(path).await.unwrap();
        stream.write_all(request).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn the_socket_is_for_its_owner_takes_the_place_of_a_stale_one_and_goes_at_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let directory = Directory::at(folder.path());
        std::fs::write(folder.path().join(SOCKET), "left by a crash").unwrap();
        std::fs::create_dir(folder.path().join(NURSERY)).unwrap();
        let console = Console::open(&directory).unwrap();
        let path = folder.path().join(SOCKET);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(!folder.path().join(NURSERY).exists());
        let (sender, stop) = stop();
        let served = tokio::spawn(console.serve(Vec::new(), None, stop));
        let told =
            said(&path, b"{\"facility\":\"a\",\"language\":\"en\",\"command\":{\"command\":\"facts\"}}\n")
                .await;
        assert!(told.starts_with("{\"problem\":{\"code\":\"ST-0015\"") && told.ends_with("}\n"), "{told}");
        sender.send_replace(true);
        served.await.unwrap();
        assert!(!path.exists());
    }

    #[tokio::test]
    async fn what_is_no_whole_request_is_refused_without_saying_what_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let console = Console::open(&Directory::at(folder.path())).unwrap();
        let path = folder.path().join(SOCKET);
        let (_sender, stop) = stop();
        tokio::spawn(console.serve(Vec::new(), None, stop));
        let whole = "{\"facility\":\"a\",\"language\":\"en\",\"command\":{\"command\":\"facts\"}}";
        for request in [
            "hunter2-secret\n".to_owned(),
            whole.to_owned(),
            format!("{}\n", whole.replace("facts", "hunter2-secret")),
            format!("{}\n", whole.replace("\"en\"", "\"en\",\"more\":1")),
        ] {
            let told = said(&path, request.as_bytes()).await;
            assert!(told.contains("AK-0009") && !told.contains("hunter2"), "{request}: {told}");
        }
        assert_eq!(said(&path, b"").await, "", "a look whether it runs");
    }

    #[test]
    fn a_path_that_is_too_long_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("x".repeat(120));
        std::fs::create_dir(&deep).unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let _inside = runtime.enter();
        assert_eq!(Console::open(&Directory::at(&deep)).unwrap_err().code().id, "AK-0007");
        assert!(!deep.join(NURSERY).exists());
    }
}
