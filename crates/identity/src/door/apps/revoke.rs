//! Tokens that are given back (RFC 7009), and what a token stands for (RFC 7662).

use super::super::{Identity, Writing};
use super::client::ClientShown;
use crate::app::codes::CLIENT_MAY_NOT;
use crate::app::{AppId, RefreshToken};
use crate::kept::AppKind;
use crate::session::AccessToken;
use base::{Problem, Time};

/// What a token stands for, to the client that holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Introspected {
    /// The client.
    pub client: String,
    /// The account.
    pub account: String,
    /// The scopes.
    pub scope: String,
    /// The patient who was chosen.
    pub patient: Option<String>,
    /// When it was given out.
    pub made: Time,
    /// When it ends.
    pub ends: Time,
}

impl Identity {
    /// Ends a token of this client; with a refresh token, all that was granted. A token that is none, or of another
    /// client, is not told apart from one that was ended (RFC 7009, section 2.2).
    ///
    /// # Errors
    /// `ID-0054`: the client is not known.
    pub async fn revoke_token(
        &self,
        client: &ClientShown,
        token: &str,
        endpoint: &str,
    ) -> Result<(), Problem> {
        let app = self.client(client, endpoint).await?;
        if let Some(token) = AccessToken::parse(token) {
            let mut apps = self.apps();
            let own = apps.find(token.hash(), self.clock.now()).is_some_and(|held| held.app == app.id);
            if own {
                apps.end(token.hash());
            }
        }
        match RefreshToken::parse(token) {
            Some(token) => self.end_family(&app.id, &token).await,
            None => Ok(()),
        }
    }

    async fn end_family(&self, app: &AppId, token: &RefreshToken) -> Result<(), Problem> {
        let _changing = self.changing.lock().await;
        let found = self.register().apps.of_family(token.family()).cloned();
        match found.filter(|grant| grant.app == *app) {
            Some(grant) => {
                let by = self.app_actor(&grant.account);
                self.end_grants(&by, vec![grant.id.clone()], Writing::default()).await
            }
            None => Ok(()),
        }
    }

    /// What an access token of this client stands for; none where it is not, or no longer, one of its tokens.
    ///
    /// # Errors
    /// `ID-0054`: the client is not known; `ID-0060`: it is a public one.
    pub async fn introspect_token(
        &self,
        client: &ClientShown,
        token: &str,
        endpoint: &str,
    ) -> Result<Option<Introspected>, Problem> {
        let app = self.client(client, endpoint).await?;
        if app.kind == AppKind::Public {
            return Err(Problem::new(&CLIENT_MAY_NOT));
        }
        let register = self.register();
        let held = AccessToken::parse(token).and_then(|token| self.held(&register, &token));
        Ok(held.filter(|held| held.app == app.id).map(|held| Introspected {
            client: held.app.to_string(),
            account: held.account.to_string(),
            ends: held.ends(),
            scope: held.text,
            patient: held.patient,
            made: held.made,
        }))
    }
}
