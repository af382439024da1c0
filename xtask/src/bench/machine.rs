//! The machine the figures belong to.

use serde_json::{Value, json};
use std::fmt;
use std::fs::read_to_string;

/// What was measured on.
#[derive(Debug)]
pub(crate) struct Machine {
    processor: String,
    cores: usize,
    memory_kibibytes: u64,
    kernel: String,
}

impl Machine {
    /// This one, as Linux describes it.
    pub(crate) fn here() -> Self {
        let processors = read_to_string("/proc/cpuinfo").unwrap_or_default();
        let memory = read_to_string("/proc/meminfo").unwrap_or_default();
        let kernel = read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
        Self {
            processor: field(&processors, "model name").unwrap_or("unknown").to_owned(),
            cores: processors.lines().filter(|line| line.starts_with("processor")).count(),
            memory_kibibytes: kibibytes(&memory, "MemTotal"),
            kernel: kernel.trim().to_owned(),
        }
    }

    /// For the file of results.
    pub(crate) fn json(&self) -> Value {
        json!({
            "processor": self.processor,
            "cores": self.cores,
            "memory_kibibytes": self.memory_kibibytes,
            "kernel": self.kernel,
        })
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { processor, cores, memory_kibibytes, kernel } = self;
        write!(f, "{processor}, {cores} cores, {} GiB, Linux {kernel}", memory_kibibytes / 1024 / 1024)
    }
}

/// The most memory a process ever held.
pub(crate) fn peak_memory_kibibytes(process: u32) -> u64 {
    kibibytes(&read_to_string(format!("/proc/{process}/status")).unwrap_or_default(), "VmHWM")
}

fn kibibytes(text: &str, name: &str) -> u64 {
    field(text, name).and_then(|value| value.split(' ').next()?.parse().ok()).unwrap_or(0)
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_proc_files_are_read() {
        let text = "model name\t: Some CPU @ 2 GHz\nVmHWM:\t   2048 kB\n";
        assert_eq!(field(text, "model name"), Some("Some CPU @ 2 GHz"));
        assert_eq!(kibibytes(text, "VmHWM"), 2048);
        assert_eq!(kibibytes(text, "VmRSS"), 0);
    }

    #[test]
    fn this_process_holds_memory() {
        assert!(peak_memory_kibibytes(std::process::id()) > 0);
    }
}
