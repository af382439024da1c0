//! The server's certificate, read from its files at the start and again whenever they change.

use crate::configuration::Configuration;
use crate::runtime::Renewal;
use base::Problem;
use server::ServerCertificate;
use sha2::{Digest, Sha256};
use std::path::PathBuf;
use std::time::Duration;
use store::disk;
use tokio::time::sleep;
use zeroize::Zeroizing;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(30);

/// Where the server's certificate comes from.
#[derive(Debug)]
pub(crate) struct Files {
    certificate: PathBuf,
    private_key: PathBuf,
}

/// What the files held.
struct Held {
    certificate: Vec<u8>,
    private_key: Zeroizing<Vec<u8>>,
}

/// The files as they were when they were last looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    /// A pair with this digest.
    Pair([u8; 32]),
    /// They could not be read.
    Unreadable,
    /// They count as not looked at.
    Never,
}

/// What came of looking at the files.
#[derive(Debug)]
enum Looked {
    /// They are as they were.
    Same,
    /// The server has the new pair.
    Taken,
    /// What is there now is not good; the server keeps what it has.
    Refused(Problem),
}

impl Files {
    /// Those of the configuration.
    pub(crate) fn of(configuration: &Configuration) -> Self {
        Self {
            certificate: configuration.tls.certificate.clone(),
            private_key: configuration.tls.private_key.clone(),
        }
    }

    /// Reads the pair that the server begins with.
    pub(crate) fn read(self) -> Result<(ServerCertificate, Watched), Problem> {
        let held = self.held()?;
        let certificate = ServerCertificate::new(
            server::load_chain(&held.certificate)?,
            server::load_key(&held.private_key)?,
        )?;
        let watched = Watched { files: self, seen: Seen::Pair(held.digest()), handle: certificate.clone() };
        Ok((certificate, watched))
    }

    fn held(&self) -> Result<Held, Problem> {
        Ok(Held {
            certificate: disk::read_bytes(&self.certificate)?,
            private_key: Zeroizing::new(disk::read_bytes(&self.private_key)?),
        })
    }
}

impl Held {
    fn digest(&self) -> [u8; 32] {
        let parts = [Sha256::digest(&self.certificate), Sha256::digest(&*self.private_key)];
        Sha256::digest(parts.concat()).into()
    }
}

/// The files of a running server.
pub(crate) struct Watched {
    files: Files,
    seen: Seen,
    handle: ServerCertificate,
}

impl Watched {
    /// Looks at the files every half minute, and whenever the operator asks for it. Ends never.
    pub(crate) async fn keep(mut self, mut renewal: Renewal) {
        loop {
            tokio::select! {
                () = sleep(LOOK) => {}
                // A bad pair is told again to whoever asks.
                () = renewal.asked() => self.seen = Seen::Never,
            }
            match self.look() {
                Looked::Same => {}
                Looked::Taken => tracing::info!("the server's certificate was exchanged"),
                Looked::Refused(problem) => {
                    tracing::error!(%problem, "the new certificate or key is not good; the server keeps the one it has");
                }
            }
        }
    }

    /// Takes the pair if it is another one than before. What is not good is told once.
    fn look(&mut self) -> Looked {
        let held = self.files.held();
        let now = held.as_ref().map_or(Seen::Unreadable, |held| Seen::Pair(held.digest()));
        if std::mem::replace(&mut self.seen, now) == now {
            return Looked::Same;
        }
        let taken = held.and_then(|held| {
            let chain = server::load_chain(&held.certificate)?;
            self.handle.replace(chain, server::load_key(&held.private_key)?)
        });
        match taken {
            Ok(()) => Looked::Taken,
            Err(problem) => Looked::Refused(problem),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{Clock, SystemClock};
    use server::{DevelopmentCertificates, development_certificates};
    use std::path::Path;

    fn write(folder: &Path, certificate: &DevelopmentCertificates, key: &DevelopmentCertificates) -> Files {
        let files = Files { certificate: folder.join("c"), private_key: folder.join("k") };
        std::fs::write(&files.certificate, &certificate.certificate_chain).unwrap();
        std::fs::write(&files.private_key, key.private_key.reveal()).unwrap();
        files
    }

    fn made() -> DevelopmentCertificates {
        development_certificates(&[], SystemClock.now()).unwrap()
    }

    #[test]
    fn a_new_pair_is_taken_and_a_bad_one_is_told_once() {
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (made(), made());
        let (_, mut watched) = write(folder.path(), &one, &one).read().unwrap();
        assert!(matches!(watched.look(), Looked::Same));
        write(folder.path(), &two, &one);
        let Looked::Refused(problem) = watched.look() else { panic!("taken") };
        assert_eq!(problem.code().id, "SV-0022");
        assert!(matches!(watched.look(), Looked::Same), "told once");
        write(folder.path(), &two, &two);
        assert!(matches!(watched.look(), Looked::Taken));
        assert!(matches!(watched.look(), Looked::Same));
    }

    #[test]
    fn files_that_are_gone_are_told_once_and_taken_when_they_are_back() {
        let folder = tempfile::tempdir().unwrap();
        let one = made();
        let (_, mut watched) = write(folder.path(), &one, &one).read().unwrap();
        std::fs::remove_file(folder.path().join("k")).unwrap();
        assert!(matches!(watched.look(), Looked::Refused(_)));
        assert!(matches!(watched.look(), Looked::Same));
        watched.seen = Seen::Never;
        assert!(matches!(watched.look(), Looked::Refused(_)), "told again to whoever asks");
        write(folder.path(), &one, &one);
        assert!(matches!(watched.look(), Looked::Taken));
    }
}
