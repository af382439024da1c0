//! Disks that fail: what was acknowledged stays, what was not is there whole or not at all, and the server says so.
//!
//! `strace` makes single system calls of the real process fail. Where it is not installed the tests say so and pass.

mod clock;
mod failed_sync;
mod full;

use crate::command_line::{Site, good};
use crate::material::{born, versions};
use std::collections::BTreeMap;
use testkit::{Client, Process, Reply};

/// A command that runs another one under `strace` with this option; none, and a line that says so, where that is not
/// possible. The other program stays the child of the test, so that signals reach it.
pub(crate) fn strace(option: &str) -> Option<Vec<String>> {
    Some([trace(option)?, ["-o", "/dev/null"].map(str::to_owned).to_vec()].concat())
}

/// The same; what is traced stands in what the program writes to standard error.
pub(crate) fn trace(option: &str) -> Option<Vec<String>> {
    let tried = std::process::Command::new("strace").args(["-D", "-f", "-o", "/dev/null", "true"]).output();
    if tried.is_ok_and(|output| output.status.success()) {
        return Some(["strace", "-D", "-f", "-qq", "-e", option].map(str::to_owned).to_vec());
    }
    eprintln!("SKIPPED: `strace` is not installed or may not trace");
    None
}

/// A server whose system calls go wrong, and what it has acknowledged.
struct Patient {
    site: Site,
    acknowledged: BTreeMap<String, String>,
    tried: usize,
}

impl Patient {
    fn new() -> Self {
        Self { site: Site::with_tester(), acknowledged: BTreeMap::new(), tried: 0 }
    }

    /// Starts the server by another program.
    fn serve_under(&self, wrapper: Vec<String>) -> (Process, Client) {
        self.site.serve_by(&self.site.akashi("serve --data data --listen 127.0.0.1:0").under(wrapper))
    }

    /// Writes a new record and notes it when it is acknowledged.
    fn write(&mut self, client: &Client) -> Reply {
        self.write_with(client, "")
    }

    /// The same with a text in it that makes it long.
    fn write_with(&mut self, client: &Client, text: &str) -> Reply {
        self.tried += 1;
        let id = format!("p{}", self.tried);
        let body = born(&id, "1950").replace('}', &format!(r#","text":{{"status":"empty","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x{text}</div>"}}}}"#));
        let reply = client.put(&format!("Patient/{id}"), body);
        if reply.status() == 201 {
            self.acknowledged.insert(id, reply.text());
        }
        reply
    }

    /// Writes until a write is refused.
    fn write_until_refused(&mut self, client: &Client, most: usize, text: &str) -> Reply {
        for _ in 0..most {
            let reply = self.write_with(client, text);
            if reply.status() != 201 {
                return reply;
            }
        }
        panic!("none of {most} writes was refused");
    }

    /// Everything acknowledged can be read as it was answered.
    fn expect_acknowledged(&self, client: &Client) {
        for (id, text) in &self.acknowledged {
            assert_eq!(&client.get(&format!("Patient/{id}")).expect(200).text(), text);
        }
    }

    /// The same, where it may be that nobody is shown anything because that could not be written down.
    fn expect_acknowledged_or_refused(&self, client: &Client) {
        for (id, text) in &self.acknowledged {
            let reply = client.get(&format!("Patient/{id}"));
            let refused = [503, 507].contains(&reply.status());
            assert!(refused || reply.expect(200).text() == *text, "{id}");
        }
    }

    /// Everything acknowledged is there, and nothing else but whole records that were sent.
    fn expect_whole(&mut self) {
        self.site.good("verify --data data");
        let (process, client) = self.site.serve();
        self.expect_acknowledged(&client);
        assert_eq!(client.get("/health").status(), 200);
        let total = versions(&client);
        assert!((self.acknowledged.len()..=self.tried).contains(&total), "{total} records");
        self.write(&client).expect(201);
        self.write(&client).expect(201);
        process.signal("TERM");
        good("serve", process.wait());
        self.site.good("verify --data data");
    }
}

/// A server that has stopped writing says so with every request and in its health. It shows nothing either: who looked
/// could not be written down.
fn expect_halted(server: &mut Patient, client: &Client) {
    for _ in 0..3 {
        assert_eq!(server.write(client).refusal(), (503, "ST-0001".to_owned()));
    }
    assert_eq!(client.delete("Patient/p1").refusal(), (503, "ST-0001".to_owned()));
    let health = client.get("/health");
    assert_eq!((health.status(), health.text().as_str()), (503, r#"{"status":"halted"}"#));
    for path in ["Patient/p1", "Patient", "_history", "metadata", "/f/sakura/log/checkpoint"] {
        assert_eq!(client.get(path).refusal(), (503, "ST-0001".to_owned()), "{path}");
    }
}
