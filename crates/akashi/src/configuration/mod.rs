//! Configuration: one TOML file in the data directory, every key of which an environment variable overrides.

mod bounds;
mod collecting;
mod deadlines;
mod watching;
mod witnessing;

pub(crate) use deadlines::{APPROVED_WITHIN, FINAL_WITHIN};
pub(crate) use watching::{LogFormat, LogLevel, LogSection, MetricsSection, OtlpSection};

use base::{FacilityId, Language, Problem};
use bounds::{PasswordSection, RatesSection};
use collecting::CollectorSection;
use deadlines::RecordsSection;
use evidence::Rules;
use identity::session::Quotas;
use ipnet::IpNet;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use witnessing::WitnessesSection;

/// Name of the file.
pub(crate) const FILE: &str = "akashi.toml";

/// The fact with the keys of the witnesses that are listed.
pub(crate) const WITNESSES_LISTED: &str = "journal.witnesses.listed";

/// What `akashi init` writes.
pub(crate) const DEFAULT: &str = include_str!("default.toml");

/// How the text of an environment variable becomes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Text,
    Number,
    Flag,
    List,
}

/// The keys that exist, with their sections.
const KEYS: [(&str, &str, Form); 29] = [
    ("server", "listen", Form::Text),
    ("server", "base_url", Form::Text),
    ("server", "proxy_protocol_from", Form::List),
    ("tls", "certificate", Form::Text),
    ("tls", "private_key", Form::Text),
    ("tls", "versions", Form::Text),
    ("rates", "facility", Form::Number),
    ("rates", "account", Form::Number),
    ("rates", "address", Form::Number),
    ("rates", "logins", Form::Number),
    ("password", "memory_kib", Form::Number),
    ("password", "passes", Form::Number),
    ("password", "lanes", Form::Number),
    ("log", "level", Form::Text),
    ("log", "format", Form::Text),
    ("collector", "address", Form::Text),
    ("collector", "ca", Form::Text),
    ("collector", "certificate", Form::Text),
    ("collector", "private_key", Form::Text),
    ("witnesses", "interval_seconds", Form::Number),
    ("witnesses", "ca", Form::Text),
    ("metrics", "listen", Form::Text),
    ("metrics", "beyond_loopback", Form::Flag),
    ("otlp", "endpoint", Form::Text),
    ("records", "final_within_days", Form::Number),
    ("records", "approved_within_days", Form::Number),
    ("records", "lapse_after_days", Form::Number),
    ("guideline", "rules", Form::Text),
    ("emergency", "folder", Form::Text),
];

/// The configuration, complete.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Configuration {
    pub(crate) server: ServerSection,
    pub(crate) tls: TlsSection,
    #[serde(default)]
    rates: RatesSection,
    #[serde(default)]
    password: PasswordSection,
    pub(crate) log: LogSection,
    #[serde(default)]
    pub(crate) collector: CollectorSection,
    #[serde(default)]
    pub(crate) witnesses: WitnessesSection,
    #[serde(default)]
    pub(crate) metrics: MetricsSection,
    #[serde(default)]
    pub(crate) otlp: OtlpSection,
    #[serde(default)]
    pub(crate) records: RecordsSection,
    #[serde(default)]
    guideline: GuidelineSection,
    #[serde(default)]
    pub(crate) emergency: EmergencySection,
    /// What facilities are called on reports, by their ids.
    #[serde(default)]
    names: BTreeMap<String, FacilityName>,
}

/// What a facility is called: on one line, and not too long for the head of a page.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(try_from = "String")]
struct FacilityName(String);

/// Longest name of a facility, in characters.
const NAME_CHARS_MAX: usize = 200;

impl TryFrom<String> for FacilityName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let name = text.trim();
        if (1..=NAME_CHARS_MAX).contains(&name.chars().count()) && !name.chars().any(char::is_control) {
            return Ok(Self(name.to_owned()));
        }
        Err(format!("the name of a facility has 1 to {NAME_CHARS_MAX} characters on one line"))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct GuidelineSection {
    /// Folder with the facility's own rules; within the data directory when it is relative.
    rules: Option<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EmergencySection {
    /// Folder for the emergency logs, better on another disk; within the data directory when it is relative.
    pub(crate) folder: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServerSection {
    pub(crate) listen: SocketAddr,
    pub(crate) base_url: Option<String>,
    #[serde(default)]
    proxy_protocol_from: Vec<Net>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TlsSection {
    pub(crate) certificate: PathBuf,
    pub(crate) private_key: PathBuf,
    #[serde(default)]
    versions: Versions,
}

/// The oldest version of TLS that is spoken.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
enum Versions {
    #[serde(rename = "1.2")]
    From12,
    #[default]
    #[serde(rename = "1.3")]
    From13,
}

/// An address, or a net of them.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(try_from = "String")]
struct Net(IpNet);

impl TryFrom<String> for Net {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let net = text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
        net.map(Self).ok_or_else(|| format!("`{text}` is no address like 10.0.0.5 or 10.0.0.0/24"))
    }
}

impl Configuration {
    /// Reads the file in a data directory and lets the environment override it.
    pub(crate) fn read(data: &Path) -> Result<Self, Problem> {
        let path = data.join(FILE);
        let text = store::disk::read_text(&path)?;
        let read = Self::parse(&text, &environment);
        let mut configuration = read.map_err(|reason| {
            Problem::new(&store::codes::FILE)
                .with("file", path.display())
                .with("reason", reason)
                .log("configuration")
        })?;
        configuration.password.check()?;
        configuration.metrics.check()?;
        configuration.collector.settle(data);
        configuration.witnesses.settle(data);
        configuration.witnesses.listed()?;
        configuration.otlp.check()?;
        configuration.records.check()?;
        configuration.guideline.rules = configuration.guideline.rules.map(|rules| data.join(rules));
        configuration.emergency.folder = configuration.emergency.folder.map(|folder| data.join(folder));
        configuration.tls.certificate = data.join(&configuration.tls.certificate);
        configuration.tls.private_key = data.join(&configuration.tls.private_key);
        Ok(configuration)
    }

    fn parse(text: &str, environment: &dyn Fn(&str) -> Option<String>) -> Result<Self, String> {
        let mut table: toml::Table = toml::from_str(text).map_err(|error| error.to_string())?;
        for (section, key, form) in KEYS {
            let name = format!("AKASHI_{}_{}", section.to_ascii_uppercase(), key.to_ascii_uppercase());
            let Some(value) = environment(&name) else { continue };
            let value = formed(form, value).map_err(|error| format!("{name}: {error}"))?;
            let section = table.entry(section).or_insert_with(|| toml::Table::new().into());
            let section =
                section.as_table_mut().ok_or_else(|| format!("`{key}` stands outside a section"))?;
            section.insert(key.to_owned(), value);
        }
        table.try_into().map_err(|error: toml::de::Error| error.to_string())
    }

    /// What the doors of identities are told.
    pub(crate) fn identity(&self) -> identity::Settings {
        identity::Settings {
            password_cost: self.password.cost(),
            base_url: self.server.base_url.clone(),
            facts: self.facts(),
        }
    }

    /// Facts about transport, witnesses and deadlines, as configured.
    fn facts(&self) -> Vec<(&'static str, serde_json::Value)> {
        let versions = match self.tls.versions {
            Versions::From13 => serde_json::json!(["1.3"]),
            Versions::From12 => serde_json::json!(["1.2", "1.3"]),
        };
        let behind_proxy = !self.server.proxy_protocol_from.is_empty();
        let of_server = [
            ("transport.tls_versions", versions),
            ("transport.proxy_protocol", behind_proxy.into()),
            (WITNESSES_LISTED, self.witnesses.keys().into()),
        ];
        of_server.into_iter().chain(self.records.facts()).collect()
    }

    /// What the server's listener is told.
    pub(crate) fn transport(&self) -> server::Transport {
        server::Transport {
            tls_versions: match self.tls.versions {
                Versions::From12 => server::TlsVersions::Tls12And13,
                Versions::From13 => server::TlsVersions::Tls13,
            },
            proxy_protocol_from: self.server.proxy_protocol_from.iter().map(|net| net.0).collect(),
        }
    }

    /// By which rules the guideline engine decides.
    pub(crate) fn rules(&self) -> Arc<Rules> {
        Arc::new(Rules::new(self.guideline.rules.clone()))
    }

    /// What a facility is called, where its name is configured.
    pub(crate) fn name_of(&self, facility: &FacilityId) -> Option<String> {
        self.names.get(facility.as_str()).map(|name| name.0.clone())
    }

    /// How many requests there may be.
    pub(crate) fn quotas(&self) -> Quotas {
        self.rates.quotas()
    }
}

fn formed(form: Form, text: String) -> Result<toml::Value, String> {
    match form {
        Form::Text => Ok(text.into()),
        Form::Flag => text.parse::<bool>().map(toml::Value::from).map_err(|error| error.to_string()),
        Form::Number => text.parse::<i64>().map(toml::Value::from).map_err(|error| error.to_string()),
        Form::List => Ok(text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
            .into()),
    }
}

/// The user's language by the locale: Japanese when it says so, English otherwise.
pub(crate) fn locale_language() -> Language {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(environment).unwrap_or_default();
    if locale.starts_with("ja") { Language::Japanese } else { Language::English }
}

#[expect(clippy::disallowed_methods, reason = "the one place where the environment comes in")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_that_init_writes_is_complete_and_holds_the_defaults() {
        let read = Configuration::parse(DEFAULT, &|_| None).unwrap();
        assert_eq!(read.server.listen.to_string(), "127.0.0.1:8443");
        assert_eq!(read.log.level, LogLevel::Info);
        let uncommented: String = DEFAULT.replace("\n# facility", "\nfacility");
        let uncommented = ["account", "address", "logins", "memory_kib", "passes", "lanes"]
            .iter()
            .fold(uncommented, |text, key| text.replace(&format!("\n# {key} ="), &format!("\n{key} =")));
        let told = Configuration::parse(&uncommented, &|_| None).unwrap();
        assert_ne!(uncommented, DEFAULT);
        assert_eq!(told.quotas(), Quotas::default());
        assert_eq!(told.identity().password_cost, identity::Settings::clone(&read.identity()).password_cost);
        assert_eq!(told.identity().password_cost, identity::factor::password::Cost::default());
    }

    #[test]
    fn a_file_of_an_earlier_version_is_complete_too() {
        let earlier = "[server]\nlisten = \"127.0.0.1:1\"\n[tls]\ncertificate = \"a\"\nprivate_key = \"b\"\n[log]\nlevel = \"info\"\n";
        let read = Configuration::parse(earlier, &|_| None).unwrap();
        assert_eq!(read.transport().tls_versions, server::TlsVersions::Tls13);
        assert_eq!(read.quotas(), Quotas::default());
        assert_eq!((read.log.format, read.metrics.listen), (LogFormat::Text, None));
    }

    #[test]
    fn facilities_are_called_as_configured_and_no_name_breaks_a_page() {
        let named = |name: &str| {
            let text = DEFAULT.replacen("[names]\n", &format!("[names]\nsakura = {name}\n"), 1);
            Configuration::parse(&text, &|_| None)
                .map(|read| read.name_of(&FacilityId::parse("sakura").unwrap()))
        };
        assert_eq!(named("\"さくら診療所 \"").unwrap().as_deref(), Some("さくら診療所"));
        assert!(Configuration::parse(DEFAULT, &|_| None).unwrap().names.is_empty());
        for wrong in ["\"\"", "\"a\\nb\"", &format!("\"{}\"", "長".repeat(201)), "7"] {
            assert!(named(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_key_is_overridden_by_its_variable() {
        let values = |name: &str| match name {
            "AKASHI_SERVER_LISTEN" => Some("[::1]:9".to_owned()),
            "AKASHI_LOG_LEVEL" => Some("debug".to_owned()),
            "AKASHI_LOG_FORMAT" => Some("json".to_owned()),
            "AKASHI_METRICS_LISTEN" => Some("[::1]:8".to_owned()),
            "AKASHI_TLS_VERSIONS" => Some("1.2".to_owned()),
            name => KEYS
                .iter()
                .find(|(section, key, _)| name.eq_ignore_ascii_case(&format!("akashi_{section}_{key}")))
                .map(|(_, _, form)| match form {
                    Form::Text => "changed".to_owned(),
                    Form::Number => "7".to_owned(),
                    Form::Flag => "true".to_owned(),
                    Form::List => "10.0.0.0/8, 192.0.2.1,".to_owned(),
                }),
        };
        let read = Configuration::parse(DEFAULT, &values).unwrap();
        assert_eq!(read.server.listen.to_string(), "[::1]:9");
        assert_eq!(read.server.base_url.as_deref(), Some("changed"));
        assert_eq!(read.tls.certificate, Path::new("changed"));
        assert_eq!(read.tls.private_key, Path::new("changed"));
        assert_eq!((read.log.level, read.log.format), (LogLevel::Debug, LogFormat::Json));
        assert_eq!(read.metrics.listen.unwrap().to_string(), "[::1]:8");
        assert!(read.metrics.beyond_loopback);
        assert_eq!(read.witnesses.interval().as_secs(), 7);
        assert_eq!(read.otlp.endpoint.as_deref(), Some("changed"));
        assert_eq!(read.records.facts().map(|(_, days)| days), [7, 7, 7].map(serde_json::Value::from));
        let transport = read.transport();
        assert_eq!(transport.tls_versions, server::TlsVersions::Tls12And13);
        let nets: Vec<String> = transport.proxy_protocol_from.iter().map(ToString::to_string).collect();
        assert_eq!(nets, ["10.0.0.0/8", "192.0.2.1/32"]);
        let Quotas { facility, account, address, logins } = read.quotas();
        assert!([facility, account, address, logins].iter().all(|rate| rate.per_minute.get() == 7));
        let cost = read.identity().password_cost;
        assert_eq!(read.guideline.rules.as_deref(), Some(Path::new("changed")));
        assert_eq!(read.emergency.folder.as_deref(), Some(Path::new("changed")));
        assert_eq!((cost.memory_kib, cost.passes, cost.lanes), (7, 7, 7));
    }

    #[test]
    fn an_unknown_key_or_a_wrong_value_is_refused_by_name() {
        for (from, to, says) in [
            ("level =", "lvel =", "lvel"),
            ("# format = \"text\"", "format = \"xml\"", "xml"),
            ("# listen = \"127.0.0.1:9464\"", "listen = \"here\"", "listen"),
            ("versions = \"1.3\"", "versions = \"1.1\"", "1.1"),
            ("proxy_protocol_from = []", "proxy_protocol_from = [\"lb\"]", "lb"),
            ("# logins = 120", "logins = 0", "logins"),
            ("# passes = 2", "passes = -1", "passes"),
        ] {
            let told = Configuration::parse(&DEFAULT.replace(from, to), &|_| None).unwrap_err();
            assert!(told.contains(says), "{to}: {told}");
        }
        let wrong = |name: &str| (name == "AKASHI_RATES_LOGINS").then(|| "many".to_owned());
        assert!(Configuration::parse(DEFAULT, &wrong).unwrap_err().contains("AKASHI_RATES_LOGINS"));
    }
}
