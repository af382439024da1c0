//! Where the audit trail is sent, as configured.

use base::Problem;
use serde::Deserialize;
use server::codes::COLLECTOR_SETTINGS;
use server::collector::Settings;
use std::path::{Path, PathBuf};
use store::disk;
use zeroize::Zeroizing;

/// The collector outside; without an address there is none.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CollectorSection {
    address: Option<String>,
    ca: Option<PathBuf>,
    certificate: Option<PathBuf>,
    private_key: Option<PathBuf>,
}

impl CollectorSection {
    /// Reads paths as relative to the data directory.
    pub(super) fn settle(&mut self, data: &Path) {
        for path in [&mut self.ca, &mut self.certificate, &mut self.private_key].into_iter().flatten() {
            *path = data.join(&*path);
        }
    }

    /// Takes what the command line says in place of the file.
    pub(crate) fn take_over(&mut self, address: Option<&String>, ca: Option<&PathBuf>) {
        self.address = address.cloned().or_else(|| self.address.take());
        self.ca = ca.cloned().or_else(|| self.ca.take());
    }

    /// What a sender is told; none without an address.
    ///
    /// # Errors
    /// A file cannot be read, or something that belongs to it is missing or wrong.
    pub(crate) fn settings(&self) -> Result<Option<Settings>, Problem> {
        let Some(address) = self.address.as_deref().filter(|address| !address.is_empty()) else {
            return Ok(None);
        };
        let missing =
            || Problem::new(&COLLECTOR_SETTINGS).with("address", address).log("a file is not named");
        let authorities = disk::read_bytes(self.ca.as_deref().ok_or_else(missing)?)?;
        let own = match (&self.certificate, &self.private_key) {
            (Some(certificate), Some(key)) => {
                Some((disk::read_bytes(certificate)?, Zeroizing::new(disk::read_bytes(key)?)))
            }
            (None, None) => None,
            _ => return Err(missing()),
        };
        let own = own.as_ref().map(|(certificate, key)| (certificate.as_slice(), key.as_slice()));
        Settings::new(address, &authorities, own).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collector_is_told_whole_or_not_at_all() {
        assert!(CollectorSection::default().settings().unwrap().is_none());
        let without_authority =
            CollectorSection { address: Some("a:6514".to_owned()), ..CollectorSection::default() };
        assert_eq!(without_authority.settings().unwrap_err().code().id, "SV-0053");
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.pem"), "no certificate").unwrap();
        let mut unreadable = CollectorSection { ca: Some("ca.pem".into()), ..CollectorSection::default() };
        unreadable.settle(folder.path());
        unreadable.take_over(Some(&"a:6514".to_owned()), None);
        assert_eq!(unreadable.settings().unwrap_err().code().id, "SV-0020");
        let half = CollectorSection { certificate: Some("c.pem".into()), ..unreadable };
        assert_eq!(half.settings().unwrap_err().code().id, "SV-0053");
    }
}
