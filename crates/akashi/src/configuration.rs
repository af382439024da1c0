//! Configuration: one TOML file in the data directory, every key of which an environment variable overrides.

use base::{Language, Problem};
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Name of the file.
pub(crate) const FILE: &str = "akashi.toml";

/// What `akashi init` writes.
pub(crate) const DEFAULT: &str = r#"# Akashi configuration / Akashi の設定
# Every key can be overridden by an environment variable named after it: AKASHI_SERVER_LISTEN, AKASHI_TLS_CERTIFICATE …
# どのキーも環境変数で上書きできます（例：AKASHI_SERVER_LISTEN、AKASHI_TLS_CERTIFICATE）。
# Paths are relative to this file. / パスはこのファイルからの相対パスです。

[server]
# Address and port to listen on. / 待ち受けるアドレスとポート
listen = "127.0.0.1:8443"
# Address by which clients reach the server; from each request's Host header when absent.
# クライアントから見たサーバーのアドレス（省略時は Host ヘッダーから作ります）
# base_url = "https://records.example.jp"

[tls]
# Certificate chain and private key in PEM. The ones made by `akashi init` are for development only.
# 証明書と秘密鍵（PEM）。`akashi init` が作るものは開発専用です。
certificate = "tls/server.pem"
private_key = "tls/server.key"

[log]
# error, warn, info, debug or trace / ログの詳しさ
level = "info"
"#;

/// The keys that exist, with their sections.
const KEYS: [(&str, &str); 5] = [
    ("server", "listen"),
    ("server", "base_url"),
    ("tls", "certificate"),
    ("tls", "private_key"),
    ("log", "level"),
];

/// The configuration, complete.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Configuration {
    pub(crate) server: ServerSection,
    pub(crate) tls: TlsSection,
    pub(crate) log: LogSection,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServerSection {
    pub(crate) listen: SocketAddr,
    pub(crate) base_url: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TlsSection {
    pub(crate) certificate: PathBuf,
    pub(crate) private_key: PathBuf,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogSection {
    pub(crate) level: LogLevel,
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
        configuration.tls.certificate = data.join(&configuration.tls.certificate);
        configuration.tls.private_key = data.join(&configuration.tls.private_key);
        Ok(configuration)
    }

    fn parse(text: &str, environment: &dyn Fn(&str) -> Option<String>) -> Result<Self, String> {
        let mut table: toml::Table = toml::from_str(text).map_err(|error| error.to_string())?;
        for (section, key) in KEYS {
            let name = format!("AKASHI_{}_{}", section.to_ascii_uppercase(), key.to_ascii_uppercase());
            let Some(value) = environment(&name) else { continue };
            let section = table.entry(section).or_insert_with(|| toml::Table::new().into());
            let section =
                section.as_table_mut().ok_or_else(|| format!("`{key}` stands outside a section"))?;
            section.insert(key.to_owned(), value.into());
        }
        table.try_into().map_err(|error: toml::de::Error| error.to_string())
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
    fn the_file_that_init_writes_is_complete() {
        let read = Configuration::parse(DEFAULT, &|_| None).unwrap();
        assert_eq!(read.server.listen.to_string(), "127.0.0.1:8443");
        assert_eq!(read.log.level, LogLevel::Info);
    }

    #[test]
    fn every_key_is_overridden_by_its_variable() {
        let values = |name: &str| match name {
            "AKASHI_SERVER_LISTEN" => Some("[::1]:9".to_owned()),
            "AKASHI_LOG_LEVEL" => Some("debug".to_owned()),
            name if KEYS
                .iter()
                .any(|(section, key)| name.eq_ignore_ascii_case(&format!("akashi_{section}_{key}"))) =>
            {
                Some("changed".to_owned())
            }
            _ => None,
        };
        let read = Configuration::parse(DEFAULT, &values).unwrap();
        assert_eq!(read.server.listen.to_string(), "[::1]:9");
        assert_eq!(read.server.base_url.as_deref(), Some("changed"));
        assert_eq!(read.tls.certificate, Path::new("changed"));
        assert_eq!(read.tls.private_key, Path::new("changed"));
        assert_eq!(read.log.level, LogLevel::Debug);
    }

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        let wrong = DEFAULT.replace("level =", "lvel =");
        assert!(Configuration::parse(&wrong, &|_| None).unwrap_err().contains("lvel"));
    }
}
