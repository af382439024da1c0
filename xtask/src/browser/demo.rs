//! A demo that runs while a script looks at it.

use super::{SCRIPTS, folder};
use crate::programs::{program, root, run};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

/// A running demo; it ends with this value.
#[derive(Debug)]
pub(super) struct Demo<'a> {
    child: Child,
    akashi: &'a Path,
    data: &'a Path,
    origin: String,
}

impl<'a> Demo<'a> {
    /// Makes or opens a data directory, and waits until it is served with everything in it.
    pub(super) fn start(akashi: &'a Path, data: &'a Path, patients: &str) -> Result<Self, String> {
        let mut command = program(akashi);
        command.args(["demo", "--language", "en", "--qr", "none", "--listen", "127.0.0.1:0"]);
        command.args(["--patients", patients, "--data"]).arg(data);
        // All pages are asked for by one address, as fast as it can.
        for rate in ["FACILITY", "ACCOUNT", "ADDRESS"] {
            command.env(format!("AKASHI_RATES_{rate}"), "600000");
        }
        command.env("AKASHI_LOG_LEVEL", "warn").stdout(Stdio::piped());
        let mut child =
            command.spawn().map_err(|error| format!("cannot start {}: {error}", akashi.display()))?;
        let output = child.stdout.take();
        let mut demo = Self { child, akashi, data, origin: String::new() };
        let lines = output.map(|output| BufReader::new(output).lines().map_while(Result::ok));
        let mut lines = lines.into_iter().flatten();
        for line in lines.by_ref() {
            if let Some((_, rest)) = line.split_once("https://localhost:")
                && demo.origin.is_empty()
            {
                let port = rest.split('/').next().unwrap_or_default();
                demo.origin = format!("https://localhost:{port}");
            }
            if line.starts_with("Ctrl-C") {
                // What else it says is nobody's concern, and must not fill the pipe.
                std::thread::spawn(move || lines.for_each(drop));
                return Ok(demo);
            }
        }
        Err("the demo ended before it was ready; `akashi demo` says why".to_owned())
    }

    /// Runs a script of `suite/browser/` that looks at it.
    pub(super) fn look(&self, script: &str, more: &[(&str, &str)]) -> Result<(), String> {
        let mut node = program("node");
        node.arg(root().join(SCRIPTS).join(script)).envs(more.iter().copied());
        node.env("AKASHI", self.akashi).env("AKASHI_DEMO_DATA", self.data);
        node.env("AKASHI_DEMO_ORIGIN", &self.origin).env("AKASHI_BROWSER_PACKAGES", folder());
        run(&mut node)
    }
}

impl Drop for Demo<'_> {
    fn drop(&mut self) {
        // Has no effect, and an error to say so, when it has ended already.
        if self.child.kill().is_ok() {
            drop(self.child.wait());
        }
    }
}
