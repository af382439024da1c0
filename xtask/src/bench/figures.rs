//! What was measured, as a table and as JSON.

use super::machine::Machine;
use super::request::COUNT;
use serde_json::{Value, json};
use std::fmt;

/// One operation.
#[derive(Debug)]
pub(crate) struct Row {
    name: String,
    /// The request in short.
    shape: String,
    requests_per_second: Option<f64>,
    /// Milliseconds that half, 95 and 99 of a hundred requests stay below.
    percentiles: Option<[f64; 3]>,
    /// Resources (for `verify` entries) each second.
    resources_per_second: Option<f64>,
    /// Mean number of entries in an answer, or in a Bundle sent.
    entries: Option<f64>,
    /// Mean size of an answer with its head, in KiB.
    kibibytes: Option<f64>,
    errors: u64,
}

impl Row {
    /// From the line that the script for wrk prints; times are in microseconds.
    pub(crate) fn of_wrk(
        (name, shape): (&str, &str),
        entries: Option<f64>,
        told: &Value,
    ) -> Result<Self, String> {
        let (bytes, requests) = (number(told, "bytes")?, number(told, "requests")?);
        let kibibytes = (requests > 0.0).then_some(bytes / requests / 1024.0);
        Ok(Self { kibibytes, ..Self::of_load((name, shape), entries, told)? })
    }

    /// From what `load` prints about requests; times are in microseconds.
    pub(crate) fn of_load(
        (name, shape): (&str, &str),
        entries: Option<f64>,
        told: &Value,
    ) -> Result<Self, String> {
        let (seconds, requests) = (number(told, "microseconds")? / 1e6, number(told, "requests")?);
        let rate = requests / seconds;
        Ok(Self {
            name: name.to_owned(),
            shape: shape.to_owned(),
            requests_per_second: Some(rate),
            percentiles: Some(percentiles(told)?.map(|microseconds| microseconds / 1e3)),
            resources_per_second: Some(rate * entries.unwrap_or(1.0)),
            entries,
            kibibytes: None,
            errors: told.get("errors").and_then(Value::as_u64).ok_or("no errors were counted")?,
        })
    }

    /// From what `load` prints; times are in milliseconds.
    pub(crate) fn of_import(told: &Value) -> Result<Self, String> {
        let (seconds, bundles) = (number(told, "seconds")?, number(told, "bundles")?);
        let resources = number(told, "resources")?;
        Ok(Self {
            name: "import".to_owned(),
            shape: "POST transaction, one patient each".to_owned(),
            requests_per_second: Some(bundles / seconds),
            percentiles: Some(percentiles(told)?),
            resources_per_second: Some(resources / seconds),
            entries: Some(resources / bundles),
            kibibytes: None,
            errors: 0,
        })
    }

    /// A whole data directory verified.
    #[expect(clippy::cast_precision_loss, reason = "a rate is shown in whole numbers")]
    pub(crate) fn of_verify(entries: u64, seconds: f64) -> Self {
        Self {
            name: "verify".to_owned(),
            shape: "akashi verify --data (entries of the journal)".to_owned(),
            requests_per_second: None,
            percentiles: None,
            resources_per_second: Some(entries as f64 / seconds),
            entries: None,
            kibibytes: None,
            errors: 0,
        }
    }

    fn json(&self) -> Value {
        let [p50, p95, p99] = self.percentiles.map_or([None; 3], |all| all.map(Some));
        json!({
            "operation": self.name,
            "request": self.shape,
            "requests_per_second": self.requests_per_second,
            "p50_milliseconds": p50,
            "p95_milliseconds": p95,
            "p99_milliseconds": p99,
            "resources_per_second": self.resources_per_second,
            "entries_per_answer": self.entries,
            "kibibytes_per_answer": self.kibibytes,
            "errors": self.errors,
        })
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [p50, p95, p99] = self.percentiles.map_or([None; 3], |all| all.map(Some));
        let Self { name, shape, errors, .. } = self;
        write!(f, "{name:<18} {:>10}", shown(self.requests_per_second, 0))?;
        for milliseconds in [p50, p95, p99] {
            write!(f, " {:>8}", shown(milliseconds, 2))?;
        }
        write!(f, " {:>11}", shown(self.resources_per_second, 0))?;
        write!(f, " {:>7} {:>6}", shown(self.entries, 1), shown(self.kibibytes, 1))?;
        write!(f, " {errors:>6}  {shape}")
    }
}

fn number(told: &Value, name: &str) -> Result<f64, String> {
    told.get(name).and_then(Value::as_f64).ok_or_else(|| format!("no `{name}` in {told}"))
}

fn percentiles(told: &Value) -> Result<[f64; 3], String> {
    Ok([number(told, "p50")?, number(told, "p95")?, number(told, "p99")?])
}

/// The store after the import.
#[derive(Debug)]
pub(crate) struct Imported {
    /// Records in it.
    resources: u64,
    /// Entries of its journal.
    entries: u64,
    /// Size of its database.
    bytes: u64,
    /// The most memory the server held until then.
    memory_kibibytes: u64,
}

impl Imported {
    /// From what `load` prints, and from what was measured beside it.
    pub(crate) fn of(told: &Value, bytes: u64, memory_kibibytes: u64) -> Result<Self, String> {
        let whole = |name: &str| {
            told.get(name).and_then(Value::as_u64).ok_or_else(|| format!("no `{name}` in {told}"))
        };
        Ok(Self { resources: whole("stored")?, entries: whole("entries")?, bytes, memory_kibibytes })
    }

    fn bytes_per_resource(&self) -> u64 {
        self.bytes.checked_div(self.resources).unwrap_or(0)
    }

    fn json(&self) -> Value {
        json!({
            "resources": self.resources,
            "entries": self.entries,
            "database_bytes": self.bytes,
            "database_bytes_per_resource": self.bytes_per_resource(),
            "peak_memory_kibibytes": self.memory_kibibytes,
        })
    }
}

/// One run.
#[derive(Debug)]
pub(crate) struct Figures {
    /// The operations.
    pub(crate) rows: Vec<Row>,
    /// The store they worked on.
    pub(crate) imported: Imported,
    /// The most memory the server held while it answered them.
    pub(crate) requests_memory_kibibytes: u64,
    /// Where.
    pub(crate) machine: Machine,
    /// Of what.
    pub(crate) commit: String,
    /// With what.
    pub(crate) setup: String,
}

impl Figures {
    /// For a file.
    pub(crate) fn json(&self) -> Value {
        json!({
            "commit": self.commit,
            "setup": self.setup,
            "machine": self.machine.json(),
            "operations": self.rows.iter().map(Row::json).collect::<Vec<_>>(),
            "after_import": self.imported.json(),
            "peak_memory_kibibytes": self.requests_memory_kibibytes.max(self.imported.memory_kibibytes),
            "search_count": COUNT,
        })
    }

    /// An error that names the operations of which requests failed: their rates mean nothing.
    pub(crate) fn without_errors(&self) -> Result<(), String> {
        let failed = self.rows.iter().filter(|row| row.errors > 0);
        let failed: Vec<String> =
            failed.map(|row| format!("{} ({} requests)", row.name, row.errors)).collect();
        if failed.is_empty() {
            Ok(())
        } else {
            Err(format!("not answered as it should be: {}", failed.join(", ")))
        }
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<18} {:>10} {:>8} {:>8} {:>8} {:>11} {:>7} {:>6} {:>6}  request",
            "operation",
            "requests/s",
            "p50 ms",
            "p95 ms",
            "p99 ms",
            "resources/s",
            "entries",
            "KiB",
            "errors"
        )?;
        for row in &self.rows {
            writeln!(f, "{row}")?;
        }
        let Imported { resources, entries, bytes, memory_kibibytes } = &self.imported;
        writeln!(f, "\nentries, KiB: of an answer on average; searches have _count={COUNT}")?;
        writeln!(f, "store after the import: {resources} resources, {entries} entries of the journal")?;
        let (whole, each) = (bytes / 1024 / 1024, self.imported.bytes_per_resource());
        writeln!(f, "database after the import: {whole} MiB, {each} bytes per resource")?;
        let (import, requests) = (memory_kibibytes / 1024, self.requests_memory_kibibytes / 1024);
        writeln!(f, "peak memory of the server: {import} MiB in the import, {requests} MiB in the requests")?;
        writeln!(f, "setup: {}, server and load on the same cores", self.setup)?;
        writeln!(f, "machine: {}", self.machine)?;
        write!(f, "commit: {}", self.commit)
    }
}

fn shown(number: Option<f64>, places: usize) -> String {
    number.map_or_else(|| "–".to_owned(), |number| format!("{number:.places$}"))
}

#[cfg(test)]
mod tests {
    use super::super::operations::OPERATIONS;
    use super::*;

    fn of_wrk(place: usize, errors: u32, entries: Option<f64>) -> Row {
        let told = json!({ "requests": 20_000, "microseconds": 2_000_000, "bytes": 20_480_000, "errors": errors,
            "p50": 1500, "p95": 2500, "p99": 9000 });
        let operation = &OPERATIONS[place];
        Row::of_wrk((operation.name, operation.shape), entries, &told).unwrap()
    }

    fn load() -> Value {
        json!({ "bundles": 10, "resources": 700, "stored": 724, "entries": 724, "seconds": 0.1,
            "p50": 5.0, "p95": 6.0, "p99": 7.0 })
    }

    fn figures(rows: Vec<Row>) -> Figures {
        Figures {
            rows,
            imported: Imported::of(&load(), 2_000_000, 4096).unwrap(),
            requests_memory_kibibytes: 8192,
            machine: Machine::here(),
            commit: "abc".to_owned(),
            setup: "10 patients".to_owned(),
        }
    }

    #[test]
    fn rates_and_times_are_worked_out_from_what_the_load_generators_say() {
        let rows = vec![
            of_wrk(0, 0, None),
            of_wrk(3, 0, Some(7.5)),
            Row::of_import(&load()).unwrap(),
            Row::of_verify(900, 0.01),
        ];
        let text = figures(rows).to_string();
        let words = |name: &str| {
            let line = text.lines().find(|line| line.starts_with(name)).unwrap();
            line.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(words("read")[1..9], ["10000", "1.50", "2.50", "9.00", "10000", "–", "1.0", "0"]);
        assert_eq!(words("code")[5..9], ["75000", "7.5", "1.0", "0"]);
        assert_eq!(words("import")[1..9], ["100", "5.00", "6.00", "7.00", "7000", "70.0", "–", "0"]);
        assert_eq!(words("verify")[1..9], ["–", "–", "–", "–", "90000", "–", "–", "0"]);
        assert!(text.contains("1 MiB, 2762 bytes per resource"), "{text}");
        assert!(text.contains("724 resources") && text.contains("4 MiB in the import, 8 MiB"));
    }

    #[test]
    fn the_table_is_at_most_140_columns_wide() {
        let mut rows: Vec<Row> = (0..OPERATIONS.len()).map(|place| of_wrk(place, 0, Some(1234.5))).collect();
        rows.extend([Row::of_import(&load()).unwrap(), Row::of_verify(900_000_000, 0.5)]);
        let text = figures(rows).to_string();
        let widest = text.lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(140), "{widest:?}");
    }

    #[test]
    fn the_file_holds_the_same_figures() {
        let json = figures(vec![of_wrk(3, 0, Some(7.5)), Row::of_verify(1, 1.0)]).json();
        assert_eq!(json.pointer("/operations/0/p95_milliseconds"), Some(&json!(2.5)));
        assert_eq!(json.pointer("/operations/0/entries_per_answer"), Some(&json!(7.5)));
        assert_eq!(json.pointer("/operations/1/p50_milliseconds"), Some(&Value::Null));
        assert_eq!(json.pointer("/after_import/database_bytes_per_resource"), Some(&json!(2762)));
        assert_eq!(json.get("peak_memory_kibibytes"), Some(&json!(8192)));
    }

    #[test]
    fn failed_requests_make_the_run_fail_by_name() {
        assert_eq!(figures(vec![of_wrk(0, 0, None)]).without_errors(), Ok(()));
        let error = figures(vec![of_wrk(0, 0, None), of_wrk(1, 3, None)]).without_errors().unwrap_err();
        assert!(error.ends_with("vread (3 requests)"), "{error}");
    }

    #[test]
    fn a_load_generator_that_leaves_a_figure_out_is_refused() {
        assert!(Row::of_import(&json!({ "bundles": 1 })).is_err());
        assert!(Imported::of(&json!({ "stored": 1 }), 1, 1).is_err());
    }
}
