//! Who cosigns the checkpoints of the facilities, as configured.

use base::Problem;
use serde::Deserialize;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;
use store::disk;
use witness::{Asker, Listed};

/// Seconds between two askings where nothing is said.
const INTERVAL_SECONDS: u32 = 300;

/// The witnesses; without a list nobody is asked.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WitnessesSection {
    interval_seconds: Option<NonZeroU32>,
    ca: Option<PathBuf>,
    #[serde(default)]
    listed: Vec<ListedSection>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListedSection {
    url: String,
    key: String,
}

impl WitnessesSection {
    /// Reads paths as relative to the data directory.
    pub(super) fn settle(&mut self, data: &Path) {
        if let Some(path) = &mut self.ca {
            *path = data.join(&*path);
        }
    }

    /// The witnesses, in their order.
    ///
    /// # Errors
    /// WI-0010 when an address or key cannot be taken.
    pub(crate) fn listed(&self) -> Result<Vec<Listed>, Problem> {
        self.listed.iter().map(|one| Listed::new(&one.url, &one.key)).collect()
    }

    /// Who asks them.
    ///
    /// # Errors
    /// The authorities cannot be read.
    pub(crate) fn asker(&self) -> Result<Asker, Problem> {
        let authorities = self.ca.as_deref().map(disk::read_bytes).transpose()?;
        Asker::new(authorities.as_deref())
    }

    /// Between two askings.
    pub(crate) fn interval(&self) -> Duration {
        Duration::from_secs(self.interval_seconds.map_or(INTERVAL_SECONDS, NonZeroU32::get).into())
    }

    /// The keys as they are written, for facts.
    pub(super) fn keys(&self) -> Vec<&str> {
        self.listed.iter().map(|one| one.key.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<WitnessesSection, toml::de::Error> {
        toml::from_str(text)
    }

    #[test]
    fn a_witness_is_listed_by_its_address_and_its_key() {
        let name = merkle::note::KeyName::parse("w1").unwrap();
        let key = merkle::cosignature::CosignerKey::new(name, [7; 32]).to_string();
        let section =
            read(&format!("[[listed]]\nurl = \"https://w.example.jp/\"\nkey = \"{key}\"\n")).unwrap();
        let listed = section.listed().unwrap();
        assert_eq!((listed[0].url.as_str(), listed[0].key.to_string()), ("https://w.example.jp", key));
        assert_eq!(section.interval(), Duration::from_mins(5));
        assert_eq!(read("interval_seconds = 9").unwrap().interval(), Duration::from_secs(9));
        assert!(read("interval_seconds = 0").is_err());
        assert!(read("[[listed]]\nurl = \"https://w.example.jp\"\n").is_err());
        let bad = read("[[listed]]\nurl = \"https://w.example.jp\"\nkey = \"w1+00000000+AA==\"\n").unwrap();
        assert_eq!(bad.listed().unwrap_err().code().id, "WI-0010");
    }
}
