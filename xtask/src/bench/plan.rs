//! What a run is asked to do: sizes, times and operations.

use super::operations::OPERATIONS;
use crate::options::{Known, Options};
use std::path::PathBuf;

/// Resources of one generated patient, on average.
const RESOURCES_PER_PATIENT: u32 = 69;
/// Measured without requests of its own; the import always is.
const VERIFY: &str = "verify";
const IMPORT: &str = "import";

const KNOWN: Known = Known {
    values: &["patients", "resources", "only", "seconds", "connections", "data", "json"],
    flags: &[],
    free: false,
};

/// One run.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Patients to load.
    pub(crate) patients: u32,
    /// Time for each operation.
    pub(crate) seconds: u32,
    /// Connections at once.
    pub(crate) connections: u32,
    /// The user's own place for the data directory.
    pub(crate) data: Option<PathBuf>,
    /// Where the figures go beside the terminal.
    pub(crate) json: Option<String>,
    /// Names of the operations; none when all are measured.
    only: Option<Vec<String>>,
}

impl Plan {
    /// Reads the arguments.
    pub(crate) fn parse(arguments: &[String]) -> Result<Self, String> {
        let options = Options::parse(arguments, KNOWN)?;
        Ok(Self {
            patients: patients(&options)?,
            seconds: options.value("seconds", 10)?,
            connections: options.value("connections", 64)?,
            data: options.text("data").map(PathBuf::from),
            json: options.text("json").map(str::to_owned),
            only: options.text("only").map(only).transpose()?,
        })
    }

    /// Whether the operation is to be measured.
    pub(crate) fn includes(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.iter().any(|one| one == name))
    }

    /// Whether the whole data directory is to be verified.
    pub(crate) fn includes_verify(&self) -> bool {
        self.includes(VERIFY)
    }
}

fn patients(options: &Options) -> Result<u32, String> {
    let patients = options.value("patients", 200)?;
    let Some(resources) = options.text("resources") else { return Ok(patients) };
    if options.text("patients").is_some() {
        return Err("`--patients` and `--resources` say the same: give one of them".to_owned());
    }
    patients_of(resources)
}

/// How many patients have about so many resources.
pub(crate) fn patients_of(resources: &str) -> Result<u32, String> {
    let resources: u32 =
        resources.parse().map_err(|_| format!("`--resources {resources}` cannot be read"))?;
    Ok(resources.div_ceil(RESOURCES_PER_PATIENT).max(1))
}

fn only(list: &str) -> Result<Vec<String>, String> {
    let mut known = OPERATIONS.map(|operation| operation.name).to_vec();
    known.extend([IMPORT, VERIFY]);
    let names: Vec<String> = list.split(',').map(|name| name.trim().to_owned()).collect();
    match names.iter().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(format!("`--only {name}`: not one of {}", known.join(", "))),
        None => Ok(names),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(words: &[&str]) -> Result<Plan, String> {
        Plan::parse(&words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn resources_are_another_way_to_say_patients() {
        assert_eq!(plan(&["--resources", "690"]).unwrap().patients, 10);
        assert_eq!(plan(&["--resources", "1000000"]).unwrap().patients, 14_493);
        assert_eq!(plan(&["--patients", "7"]).unwrap().patients, 7);
        assert_eq!(plan(&[]).unwrap().patients, 200);
        assert!(plan(&["--patients", "7", "--resources", "7"]).is_err());
        assert!(plan(&["--resources", "many"]).is_err());
    }

    #[test]
    fn only_what_is_named_is_measured_and_an_unknown_name_is_refused() {
        let chosen = plan(&["--only", "read, sort"]).unwrap();
        assert!(chosen.includes("read") && chosen.includes("sort"));
        assert!(!chosen.includes("create") && !chosen.includes_verify());
        assert!(plan(&["--only", "import"]).unwrap().only.is_some());
        assert!(plan(&[]).unwrap().includes("read") && plan(&[]).unwrap().includes_verify());
        assert!(plan(&["--only", "reed"]).unwrap_err().contains("read, vread"));
    }
}
