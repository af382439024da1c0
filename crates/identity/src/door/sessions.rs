//! Sessions: listed and ended, by their owners and by those who run the facility.

use super::live::ended;
use super::{Caller, Identity, Writing};
use crate::session::codes::{SESSION_OVER, SESSION_UNKNOWN};
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
        let over = self.found(&caller.account.id, Some(&id))?;
        self.end_written(&caller.actor, over).await
    }

    /// Ends the session in which somebody asks. Where this is noted beside the journal (`noted`), because writing is stopped,
    /// the journal hears of it once it is written again: whoever leaves must not leave a session behind.
    ///
    /// # Errors
    /// They have no session, or its end cannot be written and is noted nowhere.
    pub async fn sign_out(&self, caller: &Caller, noted: bool) -> Result<(), Problem> {
        let id = caller.session.as_ref().ok_or_else(|| Problem::new(&SESSION_UNKNOWN))?;
        let _changing = self.changing.lock().await;
        let over = self.found(&caller.account.id, Some(id))?;
        if self.live().unwritten.remove(id) {
            self.end_in_memory(&over);
            return Ok(());
        }
        match self.end_written(&caller.actor, over.clone()).await {
            Err(_) if noted && self.store.stopped() => {
                self.end_in_memory(&over);
                self.live().owed.extend(over);
                Ok(())
            }
            ended => ended,
        }
    }

    /// Sessions of an account: the one that is named, or all.
    fn found(&self, account: &AccountId, named: Option<&SessionId>) -> Result<Vec<Session>, Problem> {
        let live = self.live();
        let all = live.sessions.list(account).into_iter();
        let found: Vec<Session> =
            all.filter(|session| named.is_none_or(|id| session.id == *id)).cloned().collect();
        let missing = named.is_some() && found.is_empty();
        if missing { Err(Problem::new(&SESSION_UNKNOWN)) } else { Ok(found) }
    }

    /// Ends sessions in the journal and then in memory: what could not be written is no end. The caller holds `changing`.
    async fn end_written(&self, by: &Actor, over: Vec<Session>) -> Result<(), Problem> {
        self.write(by, Writing { changes: ended(&over)?, ..Writing::default() }).await?;
        self.end_in_memory(&over);
        Ok(())
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
        let unknown = || Problem::new(&SESSION_UNKNOWN);
        let named = session.map(|text| SessionId::parse(text).ok_or_else(unknown)).transpose()?;
        let over = self.found(account, named.as_ref())?;
        let count = over.len();
        // Who ends all sessions of an account ends what it granted to apps too, also what outlasts sessions.
        let grants = if named.is_none() { self.grants_of(account) } else { Vec::new() };
        self.end_grants(by, grants, Writing { changes: ended(&over)?, ..Writing::default() }).await?;
        self.end_in_memory(&over);
        Ok(json!({ "account": account, "ended": count }))
    }

    pub(super) fn sessions_of(&self, account: &AccountId) -> Vec<Value> {
        self.live().sessions.list(account).into_iter().map(shown).collect()
    }

    /// What ends with all sessions of an account; they end in memory once it is written.
    pub(super) fn ending_all(&self, account: &AccountId) -> Result<(Vec<Change>, Vec<Session>), Problem> {
        self.ending(|session| session.account == *account)
    }

    /// What ends with some sessions; they end in memory once it is written.
    pub(super) fn ending(
        &self,
        which: impl Fn(&Session) -> bool,
    ) -> Result<(Vec<Change>, Vec<Session>), Problem> {
        let sessions: Vec<Session> =
            self.live().sessions.all().filter(|session| which(session)).cloned().collect();
        Ok((ended(&sessions)?, sessions))
    }

    pub(super) fn end_in_memory(&self, sessions: &[Session]) {
        let mut live = self.live();
        for session in sessions {
            // One that was over has gone by itself.
            let ended = live.sessions.end(&session.account, &session.id);
            tracing::debug!(ended = ended.is_ok(), "a session was ended");
        }
    }

    /// Whether whoever asks may still do so, now that it is their turn: a request that waited while its session was
    /// ended must not set a factor any more. The caller holds `changing`.
    pub(super) fn still_there(&self, caller: &Caller) -> Result<(), Problem> {
        let over = || Problem::new(&SESSION_OVER);
        self.register().usable(&caller.account.id, self.clock.now()).ok_or_else(over)?;
        match &caller.session {
            Some(id) => self.found(&caller.account.id, Some(id)).map(|_| ()).map_err(|_| over()),
            None => Ok(()),
        }
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
