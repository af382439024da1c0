//! Which client is calling: a public app says its id, all others sign an assertion.

use super::super::Identity;
use crate::app::codes::{CLIENT_REFUSED, REQUEST_WRONG};
use crate::app::{ASSERTION_TYPE, AppId, UNKNOWN, check_assertion, claimed};
use crate::hidden::Hidden;
use crate::kept::{App, AppKind};
use base::Problem;
use jsonwebtoken::jwk::JwkSet;
use std::sync::Arc;

/// What a client shows of itself.
#[derive(Debug, Default)]
pub struct ClientShown {
    /// `client_id`.
    pub id: Option<String>,
    /// `client_assertion_type`.
    pub assertion_type: Option<String>,
    /// `client_assertion`.
    pub assertion: Option<Hidden>,
}

/// Said twice: in English and Japanese.
type Said = (&'static str, &'static str);

impl Identity {
    /// The client, if it is one and shows what its kind must show. An assertion is used up by it.
    ///
    /// # Errors
    /// `ID-0054` (`invalid_client`), `ID-0056` (`invalid_request`).
    pub(super) async fn client(&self, shown: &ClientShown, endpoint: &str) -> Result<Arc<App>, Problem> {
        let Some(assertion) = &shown.assertion else {
            return self.public_client(shown);
        };
        if shown.assertion_type.as_deref() != Some(ASSERTION_TYPE) {
            return Err(request_wrong((
                "`client_assertion_type` must be that of JWT bearer assertions",
                "`client_assertion_type` は JWT ベアラーのものにしてください",
            )));
        }
        let refused = |said: Said| refused(said);
        let id = claimed(assertion.reveal()).ok_or_else(|| refused(UNKNOWN))?;
        if shown.id.as_deref().is_some_and(|other| other != id.as_str()) {
            return Err(refused((
                "`client_id` and assertion differ",
                "`client_id` とアサーションが一致しません",
            )));
        }
        let (app, keys) = self.client_with_keys(&id).ok_or_else(|| refused(UNKNOWN))?;
        let now = self.clock.now();
        let checked = check_assertion(assertion.reveal(), &keys, &id, endpoint, now).map_err(refused)?;
        let note = self.apps().use_assertion(checked.id, checked.until);
        let note = note.ok_or_else(|| {
            refused((
                "this assertion was used before; make one for each request",
                "使用済みのアサーションです。リクエストごとに作ってください",
            ))
        })?;
        self.keep(vec![note]).await?;
        Ok(app)
    }

    fn public_client(&self, shown: &ClientShown) -> Result<Arc<App>, Problem> {
        let id = shown
            .id
            .as_deref()
            .ok_or_else(|| request_wrong(("the client is not named", "クライアントが指定されていません")))?;
        let register = self.register();
        let app = AppId::parse(id).and_then(|id| register.apps.active(&id).cloned());
        app.filter(|app| app.kind == AppKind::Public).ok_or_else(|| {
            refused((
                "there is no such public app; others sign a `client_assertion`",
                "public のアプリとして登録されていません。それ以外は `client_assertion` が必要です",
            ))
        })
    }

    fn client_with_keys(&self, id: &AppId) -> Option<(Arc<App>, JwkSet)> {
        let register = self.register();
        let app = register.apps.active(id)?;
        let keys = serde_json::from_value(app.keys.clone()?).ok()?;
        Some((Arc::clone(app), keys))
    }
}

fn refused((en, ja): Said) -> Problem {
    Problem::new(&CLIENT_REFUSED).with("what_en", en).with("what_ja", ja)
}

pub(super) fn request_wrong((en, ja): Said) -> Problem {
    Problem::new(&REQUEST_WRONG).with("what_en", en).with("what_ja", ja)
}
