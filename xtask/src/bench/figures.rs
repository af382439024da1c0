//! What was measured, as a table and as JSON.

use super::machine::Machine;
use serde_json::{Value, json};
use std::fmt;

/// One operation.
#[derive(Debug)]
pub(crate) struct Row {
    title: String,
    requests_per_second: Option<f64>,
    /// Milliseconds that half, 95 and 99 of a hundred requests stay below.
    percentiles: Option<[f64; 3]>,
    /// Resources (for `verify` entries) each second.
    resources_per_second: Option<f64>,
    errors: u64,
}

impl Row {
    /// From the line that the scripts for wrk print; times are in microseconds.
    pub(crate) fn of_wrk(title: &str, told: &Value) -> Result<Self, String> {
        let seconds = number(told, "microseconds")? / 1e6;
        let rate = number(told, "requests")? / seconds;
        let percentiles = percentiles(told)?.map(|microseconds| microseconds / 1e3);
        let errors = told.get("errors").and_then(Value::as_u64).unwrap_or(0);
        Ok(Self {
            title: title.to_owned(),
            requests_per_second: Some(rate),
            percentiles: Some(percentiles),
            resources_per_second: Some(rate),
            errors,
        })
    }

    /// From what `load` prints; times are in milliseconds.
    pub(crate) fn of_import(told: &Value) -> Result<Self, String> {
        let seconds = number(told, "seconds")?;
        Ok(Self {
            title: "transaction import".to_owned(),
            requests_per_second: Some(number(told, "bundles")? / seconds),
            percentiles: Some(percentiles(told)?),
            resources_per_second: Some(number(told, "resources")? / seconds),
            errors: 0,
        })
    }

    /// A whole data directory verified.
    #[expect(clippy::cast_precision_loss, reason = "a rate is shown in whole numbers")]
    pub(crate) fn of_verify(entries: u64, seconds: f64) -> Self {
        Self {
            title: "verify --data (entries)".to_owned(),
            requests_per_second: None,
            percentiles: None,
            resources_per_second: Some(entries as f64 / seconds),
            errors: 0,
        }
    }

    fn json(&self) -> Value {
        let [p50, p95, p99] = self.percentiles.map_or([None; 3], |all| all.map(Some));
        json!({
            "operation": self.title,
            "requests_per_second": self.requests_per_second,
            "p50_milliseconds": p50,
            "p95_milliseconds": p95,
            "p99_milliseconds": p99,
            "resources_per_second": self.resources_per_second,
            "errors": self.errors,
        })
    }
}

fn number(told: &Value, name: &str) -> Result<f64, String> {
    told.get(name).and_then(Value::as_f64).ok_or_else(|| format!("no `{name}` in {told}"))
}

fn percentiles(told: &Value) -> Result<[f64; 3], String> {
    Ok([number(told, "p50")?, number(told, "p95")?, number(told, "p99")?])
}

/// One run.
#[derive(Debug)]
pub(crate) struct Figures {
    /// The operations.
    pub(crate) rows: Vec<Row>,
    /// Entries of the journal after the import.
    pub(crate) entries: u64,
    /// Size of its database then.
    pub(crate) journal_bytes: u64,
    /// The most memory the server held.
    pub(crate) peak_memory_kibibytes: u64,
    /// Where.
    pub(crate) machine: Machine,
    /// Of what.
    pub(crate) commit: String,
    /// With what.
    pub(crate) setup: String,
}

impl Figures {
    fn bytes_per_entry(&self) -> u64 {
        self.journal_bytes.checked_div(self.entries).unwrap_or(0)
    }

    /// For a file.
    pub(crate) fn json(&self) -> Value {
        json!({
            "commit": self.commit,
            "setup": self.setup,
            "machine": self.machine.json(),
            "operations": self.rows.iter().map(Row::json).collect::<Vec<_>>(),
            "entries_after_import": self.entries,
            "journal_bytes_per_entry": self.bytes_per_entry(),
            "peak_memory_kibibytes": self.peak_memory_kibibytes,
        })
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<24} {:>11} {:>9} {:>9} {:>9} {:>12} {:>7}",
            "operation", "requests/s", "p50 ms", "p95 ms", "p99 ms", "resources/s", "errors"
        )?;
        for row in &self.rows {
            let [p50, p95, p99] = row
                .percentiles
                .map_or(["–"; 3].map(str::to_owned), |all| all.map(|one| format!("{one:.2}")));
            let (requests, resources) = (whole(row.requests_per_second), whole(row.resources_per_second));
            let Row { title, errors, .. } = row;
            writeln!(f, "{title:<24} {requests:>11} {p50:>9} {p95:>9} {p99:>9} {resources:>12} {errors:>7}")?;
        }
        writeln!(
            f,
            "\njournal: {} bytes per entry ({} entries after the import)",
            self.bytes_per_entry(),
            self.entries
        )?;
        writeln!(f, "peak memory of the server: {} MiB", self.peak_memory_kibibytes / 1024)?;
        writeln!(f, "setup: {}, server and load on the same cores", self.setup)?;
        writeln!(f, "machine: {}", self.machine)?;
        write!(f, "commit: {}", self.commit)
    }
}

fn whole(rate: Option<f64>) -> String {
    rate.map_or_else(|| "–".to_owned(), |rate| format!("{rate:.0}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures() -> Figures {
        let wrk = json!({ "requests": 20_000, "microseconds": 2_000_000, "errors": 1, "p50": 1500, "p95": 2500, "p99": 9000 });
        let load =
            json!({ "bundles": 10, "resources": 700, "seconds": 0.1, "p50": 5.0, "p95": 6.0, "p99": 7.0 });
        let rows = vec![
            Row::of_wrk("read", &wrk).unwrap(),
            Row::of_import(&load).unwrap(),
            Row::of_verify(900, 0.01),
        ];
        Figures {
            rows,
            entries: 10,
            journal_bytes: 12_345,
            peak_memory_kibibytes: 4096,
            machine: Machine::here(),
            commit: "abc".to_owned(),
            setup: "10 patients".to_owned(),
        }
    }

    #[test]
    fn rates_and_times_are_worked_out_from_what_the_load_generators_say() {
        let text = figures().to_string();
        let row = |title: &str| text.lines().find(|line| line.starts_with(title)).unwrap().to_owned();
        let words = |line: String| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(words(row("read")), ["read", "10000", "1.50", "2.50", "9.00", "10000", "1"]);
        assert_eq!(words(row("transaction"))[2..], ["100", "5.00", "6.00", "7.00", "7000", "0"]);
        assert_eq!(words(row("verify"))[3..], ["–", "–", "–", "–", "90000", "0"]);
        assert!(text.contains("1234 bytes per entry"));
    }

    #[test]
    fn the_file_holds_the_same_figures() {
        let json = figures().json();
        assert_eq!(json.pointer("/operations/0/p95_milliseconds"), Some(&json!(2.5)));
        assert_eq!(json.pointer("/operations/2/p50_milliseconds"), Some(&Value::Null));
    }

    #[test]
    fn a_load_generator_that_leaves_a_figure_out_is_refused() {
        assert!(Row::of_import(&json!({ "bundles": 1 })).is_err());
    }
}
