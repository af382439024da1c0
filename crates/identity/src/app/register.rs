//! The apps of a facility and what they were granted, in memory: a part of the register.

use crate::app::AppId;
use crate::kept::{App, Granted};
use crate::session::TokenHash;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Apps and grants.
#[derive(Debug, Default)]
pub(crate) struct Apps {
    by_id: BTreeMap<AppId, Arc<App>>,
    grants: BTreeMap<String, Arc<Granted>>,
    /// Ids of grants by what their refresh tokens have in common.
    families: BTreeMap<TokenHash, String>,
    /// Ids of grants by the code that was exchanged.
    codes: BTreeMap<TokenHash, String>,
}

impl Apps {
    /// Takes over an app.
    pub(crate) fn put(&mut self, app: App) {
        self.by_id.insert(app.id.clone(), Arc::new(app));
    }

    /// Takes over a grant.
    pub(crate) fn grant(&mut self, grant: Granted) {
        self.codes.insert(grant.code, grant.id.clone());
        if let Some(refresh) = grant.refresh {
            self.families.insert(refresh.family, grant.id.clone());
        }
        self.grants.insert(grant.id.clone(), Arc::new(grant));
    }

    /// Forgets a grant.
    pub(crate) fn end_grant(&mut self, id: &str) {
        let Some(grant) = self.grants.remove(id) else { return };
        self.codes.remove(&grant.code);
        if let Some(refresh) = grant.refresh {
            self.families.remove(&refresh.family);
        }
    }

    /// An app.
    pub(crate) fn get(&self, id: &AppId) -> Option<&Arc<App>> {
        self.by_id.get(id)
    }

    /// An app that may be used.
    pub(crate) fn active(&self, id: &AppId) -> Option<&Arc<App>> {
        self.get(id).filter(|app| app.active())
    }

    /// All apps.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<App>> {
        self.by_id.values()
    }

    /// A grant.
    pub(crate) fn granted(&self, id: &str) -> Option<&Arc<Granted>> {
        self.grants.get(id)
    }

    /// All grants.
    pub(crate) fn all_granted(&self) -> impl Iterator<Item = &Arc<Granted>> {
        self.grants.values()
    }

    /// The grant of a family of refresh tokens. Hashes of random texts: how long a look takes tells nothing.
    pub(crate) fn of_family(&self, family: TokenHash) -> Option<&Arc<Granted>> {
        self.families.get(&family).and_then(|id| self.grants.get(id))
    }

    /// The grant for which a code was exchanged.
    pub(crate) fn of_code(&self, code: TokenHash) -> Option<&Arc<Granted>> {
        self.codes.get(&code).and_then(|id| self.grants.get(id))
    }
}
