//! What those who watch over the server are told, and where: log, metrics, traces.

use crate::codes;
use crate::telemetry;
use base::Problem;
use clap::ValueEnum;
use serde::Deserialize;
use std::net::SocketAddr;

/// The log on standard error.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogSection {
    pub(crate) level: LogLevel,
    #[serde(default)]
    pub(crate) format: LogFormat,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

/// How the lines of the log are written.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// for people / 人が読むための形
    #[default]
    Text,
    /// an object of JSON a line / 1 行に 1 つの JSON オブジェクト
    Json,
}

/// The listener for metrics; without an address there is none.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MetricsSection {
    pub(crate) listen: Option<SocketAddr>,
    #[serde(default)]
    pub(crate) beyond_loopback: bool,
}

impl MetricsSection {
    /// Refuses an address that others reach, unless it is said that they may.
    pub(crate) fn check(self) -> Result<(), Problem> {
        match self.listen {
            Some(address) if !address.ip().to_canonical().is_loopback() && !self.beyond_loopback => {
                Err(Problem::new(&codes::METRICS_EXPOSED).with("address", address).log("metrics"))
            }
            _ => Ok(()),
        }
    }
}

/// The collector of traces; without an address nothing is sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OtlpSection {
    pub(crate) endpoint: Option<String>,
}

impl OtlpSection {
    /// Refuses an address to which traces would travel openly.
    pub(crate) fn check(&self) -> Result<(), Problem> {
        self.endpoint.as_deref().map_or(Ok(()), |endpoint| telemetry::endpoint(endpoint).map(drop))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_stay_on_this_machine_unless_it_is_said_otherwise() {
        let check = |address: &str, beyond_loopback| {
            MetricsSection { listen: Some(address.parse().unwrap()), beyond_loopback }.check()
        };
        for here in ["127.0.0.1:9464", "[::1]:9464", "[::ffff:127.0.0.1]:1"] {
            check(here, false).unwrap();
        }
        for open in ["0.0.0.0:9464", "[::]:9464", "192.0.2.1:9464"] {
            assert_eq!(check(open, false).unwrap_err().code().id, "AK-0014");
            check(open, true).unwrap();
        }
        MetricsSection::default().check().unwrap();
    }

    #[test]
    fn traces_go_by_tls_or_stay_on_this_machine() {
        let check = |endpoint: &str| OtlpSection { endpoint: Some(endpoint.to_owned()) }.check();
        for good in [
            "https://collector.example.jp:4318/",
            "http://127.0.0.1:4318",
            "http://[::1]:4318",
            "http://localhost",
        ] {
            check(good).unwrap();
        }
        for bad in [
            "http://collector.example.jp:4318",
            "https://name:password@collector.example.jp",
            "collector.example.jp",
            "grpc://collector.example.jp",
            "https://",
            "",
        ] {
            assert_eq!(check(bad).unwrap_err().code().id, "AK-0015", "{bad}");
        }
        OtlpSection::default().check().unwrap();
    }
}
