//! Debian's rsyslog as a collector: a process of its own that takes syslog over TLS and writes each message as it came.

use base::{Clock as _, SystemClock};
use std::fs::{self, File};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

const RSYSLOGD: &str = "/usr/sbin/rsyslogd";

/// How often something is looked for, and the time between two looks: a minute and a half.
const LOOKS: u32 = 1_800;
const PAUSE: Duration = Duration::from_millis(50);

/// rsyslogd with its own configuration, on a port of its own.
pub(super) struct Rsyslog {
    folder: TempDir,
    port: u16,
    process: Option<Child>,
}

impl Rsyslog {
    /// Runs.
    pub(super) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let made = server::development_certificates(&[], SystemClock.now()).unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("ca.pem", &made.ca_certificate);
        write("collector.pem", &made.certificate_chain);
        write("collector.key", made.private_key.reveal());
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        write("rsyslog.conf", &configuration(folder.path().to_str().unwrap(), port));
        let mut rsyslog = Self { folder, port, process: None };
        rsyslog.start_again();
        rsyslog
    }

    /// The options by which a server sends to it.
    pub(super) fn options(&self) -> [String; 4] {
        let ca = self.folder.path().join("ca.pem").to_str().unwrap().to_owned();
        ["--collector".to_owned(), format!("localhost:{}", self.port), "--collector-ca".to_owned(), ca]
    }

    /// Runs again after [`Self::stop`], at the same place.
    pub(super) fn start_again(&mut self) {
        let told = File::options().create(true).append(true).open(self.told()).unwrap();
        let process = Command::new(RSYSLOGD)
            .arg("-n")
            .arg("-f")
            .arg(self.folder.path().join("rsyslog.conf"))
            .arg("-i")
            .arg(self.folder.path().join("rsyslog.pid"))
            .stdin(Stdio::null())
            .stdout(told.try_clone().unwrap())
            .stderr(told)
            .spawn();
        let process = process.unwrap_or_else(|error| {
            panic!("{RSYSLOGD} does not start; `cargo xtask test` installs it, with rsyslog-gnutls: {error}")
        });
        self.process = Some(process);
    }

    /// Ends it as its operator would.
    pub(super) fn stop(&mut self) {
        let mut process = self.process.take().unwrap();
        Command::new("kill").arg("-TERM").arg(process.id().to_string()).status().unwrap();
        process.wait().unwrap();
    }

    /// The messages that it has written whole.
    pub(super) fn messages(&self) -> Vec<String> {
        let text = fs::read_to_string(self.folder.path().join("audit.log")).unwrap_or_default();
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        whole.lines().map(str::to_owned).collect()
    }

    /// Looks until something is there. `what` says what is waited for.
    pub(super) fn until<T>(&mut self, what: &str, look: impl Fn(&Self) -> Option<T>) -> T {
        for _ in 0..LOOKS {
            if let Some(found) = look(self) {
                return found;
            }
            if let Some(ended) = self.process.as_mut().and_then(|process| process.try_wait().unwrap()) {
                panic!(
                    "rsyslogd ended ({ended}); is rsyslog-gnutls installed, and may it read {}? {}",
                    self.folder.path().display(),
                    self.words()
                );
            }
            std::thread::park_timeout(PAUSE);
        }
        panic!("not seen: {what}; rsyslogd says: {}; it has written: {:?}", self.words(), self.messages());
    }

    fn told(&self) -> PathBuf {
        self.folder.path().join("rsyslogd.txt")
    }

    fn words(&self) -> String {
        fs::read_to_string(self.told()).unwrap_or_default()
    }
}

impl Drop for Rsyslog {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            // It may have ended already.
            drop(process.kill());
            drop(process.wait());
        }
    }
}

/// As the operator's manual says, with every path in the folder.
fn configuration(folder: &str, port: u16) -> String {
    format!(
        r#"global(
  workDirectory="{folder}"
  maxMessageSize="64k"
  defaultNetstreamDriver="gtls"
  defaultNetstreamDriverCAFile="{folder}/ca.pem"
  defaultNetstreamDriverCertFile="{folder}/collector.pem"
  defaultNetstreamDriverKeyFile="{folder}/collector.key"
)
module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="anon")
template(name="raw" type="string" string="%rawmsg%\n")
ruleset(name="audit") {{
  action(type="omfile" file="{folder}/audit.log" template="raw" fileCreateMode="0600")
}}
input(type="imtcp" address="127.0.0.1" port="{port}" ruleset="audit")
"#
    )
}
