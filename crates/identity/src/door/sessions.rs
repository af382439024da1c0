//! Sessions: listed and ended, by their owners and by those who run the facility.

use super::live::ended;
use super::{Caller, Identity, Writing};
use crate::session::codes::SESSION_UNKNOWN;
use crate::session::{Session, SessionId};
use crate::words::AccountId;
use base::Problem;
use serde_json::{Value, json};
use store::{Actor, Change};

impl Identity {
    /// The sessions of whoever asks.
    pub fn own_sessions(&self, caller: &Caller) -> Value {
        json!({ "sessions": self.sessions_of(&caller.account.id), "this": caller.session })
    }

    /// Ends a session of whoever asks; without an id the one in which they ask.
    ///
    /// # Errors
    /// They have no such session.
    pub async fn end_own_session(&self, caller: &Caller, id: Option<&str>) -> Result<(), Problem> {
        let unknown = || Problem::new(&SESSION_UNKNOWN);
        let id = match id {
            Some(text) => SessionId::parse(text).ok_or_else(unknown)?,
            None => caller.session.clone().ok_or_else(unknown)?,
        };
        let _changing = self.changing.lock().await;
        let session = self.live().sessions.end(&caller.account.id, &id)?;
        self.write(&caller.actor, Writing { changes: ended(&[session])?, ..Writing::default() }).await
    }

    /// Ends one or all sessions of an account.
    pub(super) async fn end_sessions(
        &self,
        by: &Actor,
        account: &AccountId,
        session: Option<&str>,
    ) -> Result<Value, Problem> {
        self.account(account)?;
        let _changing = self.changing.lock().await;
        let over = match session {
            Some(text) => {
                let id = SessionId::parse(text).ok_or_else(|| Problem::new(&SESSION_UNKNOWN))?;
                vec![self.live().sessions.end(account, &id)?]
            }
            None => self.live().sessions.end_all(account),
        };
        let count = over.len();
        self.write(by, Writing { changes: ended(&over)?, ..Writing::default() }).await?;
        Ok(json!({ "account": account, "ended": count }))
    }

    pub(super) fn sessions_of(&self, account: &AccountId) -> Vec<Value> {
        self.live().sessions.list(account).into_iter().map(shown).collect()
    }

    /// What ends with all sessions of an account; they end in memory once it is written.
    pub(super) fn ending_all(&self, account: &AccountId) -> Result<(Vec<Change>, Vec<Session>), Problem> {
        let sessions: Vec<Session> = self.live().sessions.list(account).into_iter().cloned().collect();
        Ok((ended(&sessions)?, sessions))
    }

    pub(super) fn end_in_memory(&self, sessions: &[Session]) {
        for session in sessions {
            self.take_back(&session.account, &session.id);
        }
    }

    /// Ends a session in memory alone: the journal knows of its end, or never knew of its beginning.
    pub(super) fn take_back(&self, account: &AccountId, session: &SessionId) {
        let ended = self.live().sessions.end(account, session);
        tracing::debug!(ended = ended.is_ok(), "a session was taken back");
    }
}

fn shown(session: &Session) -> Value {
    json!({
        "session": session.id,
        "began": session.began.to_string(),
        "last_used": session.seen.to_string(),
        "ends": session.ends.to_string(),
        "factors": session.factors.iter().map(|shown| shown.kind).collect::<Vec<_>>(),
        "carrier": session.way,
        "device": session.device,
        "address": session.address.to_string(),
        "agent": session.agent.as_str(),
    })
}
