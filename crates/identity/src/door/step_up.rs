//! Step-up: a factor shown once more, right before something that can do harm.

use super::live::{began, of_lane};
use super::login::{Shown, devices};
use super::{Approach, Caller, Identity, LoggedIn, PasskeyAnswer, Visit, Writing};
use crate::factor::password::Verdict;
use crate::hidden::Hidden;
use crate::register::Step;
use crate::session::codes::SESSION_OVER;
use crate::session::{Gate, LaneName, refusal};
use base::Problem;
use serde::Deserialize;
use std::sync::Arc;

/// The factor that is shown; exactly one.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StepUp {
    /// The password.
    pub password: Option<Hidden>,
    /// A one-time code of an app.
    pub totp: Option<Hidden>,
    /// A recovery code.
    pub recovery: Option<Hidden>,
    /// A code by SMS.
    pub sms: Option<Hidden>,
    /// A passkey's answer.
    pub passkey: Option<PasskeyAnswer>,
}

impl Identity {
    /// Takes a factor within a session. The session goes on under a new token; the old one is dead.
    ///
    /// # Errors
    /// `ID-0302` for whatever is not right.
    pub async fn step_up(
        &self,
        caller: &Caller,
        step_up: StepUp,
        approach: &Approach<'_>,
        visit: Visit<'_>,
    ) -> Result<LoggedIn, Problem> {
        let id = caller.session.as_ref().ok_or_else(|| Problem::new(&SESSION_OVER))?;
        let certified = self.certified(approach)?;
        let lane = if step_up.passkey.is_none() {
            let lane = self.lane_of(caller, &devices(certified.as_ref(), &visit)).await?;
            Some(lane.ok_or_else(refusal)?)
        } else {
            None
        };
        // A password takes its time. All else is used up by being shown, one after the other.
        let password = match &step_up.password {
            Some(password) => Some(self.password_again(caller, password).await?),
            None => None,
        };
        let _changing = self.changing.lock().await;
        self.still_there(caller)?;
        let shown = self.shown_again(caller, &step_up, password, approach)?;
        let (begun, notes) = {
            let mut live = self.live();
            let begun = live.sessions.renew(id, shown.kind, &*self.clock, &*self.entropy)?;
            let mut notes: Vec<_> = shown.note.into_iter().collect();
            if let Some(name) = lane {
                let lane = live.lanes.succeeded(&name);
                notes.push(of_lane(&name, &lane));
            }
            (begun, notes)
        };
        let mut steps: Vec<Step> = shown.step.into_iter().collect();
        steps.extend(self.taken_over(id, &begun.kept.session.id));
        let writing = Writing { steps, changes: began(&begun)?, notes, reason: None };
        if let Err(problem) = self.write(&caller.actor, writing).await {
            self.live().sessions.take_back(begun);
            return Err(problem);
        }
        let session = begun.kept.session;
        Ok(LoggedIn {
            token: begun.token,
            device: None,
            session: session.id,
            account: Arc::clone(&caller.account),
            ends: session.ends,
            factors: session.factors.iter().map(|shown| shown.kind).collect(),
        })
    }

    /// Counts the try: whoever has stolen a session shall not guess either. None when the lane is closed.
    pub(super) async fn lane_of(
        &self,
        caller: &Caller,
        devices: &[crate::session::Known],
    ) -> Result<Option<LaneName>, Problem> {
        let (name, gate, lane) = {
            let mut live = self.live();
            let account = caller.account.id.clone();
            let way = live.way(&account, devices.to_vec());
            let name = LaneName { account, way };
            let (gate, lane) = live.lanes.attempt(&name, &*self.clock);
            (name, gate, lane)
        };
        self.keep(vec![of_lane(&name, &lane)]).await?;
        Ok((gate == Gate::Open).then_some(name))
    }

    /// The one factor that is shown. The caller holds `changing`: two who show the same must not both be right.
    fn shown_again(
        &self,
        caller: &Caller,
        step_up: &StepUp,
        password: Option<Shown>,
        approach: &Approach<'_>,
    ) -> Result<Shown, Problem> {
        let account = &caller.account;
        let StepUp { totp, recovery, sms, passkey, .. } = step_up;
        match (password, totp, recovery, sms, passkey) {
            (Some(password), None, None, None, None) => Ok(password),
            (None, Some(code), None, None, None) => self.totp(account, code.reveal()),
            (None, None, Some(code), None, None) => self.recovery(account, code.reveal()),
            (None, None, None, Some(code), None) => self.sent_code(account, code.reveal()),
            (None, None, None, None, Some(answer)) => {
                let (owner, shown) = self.passkey_shown(answer, self.address(approach))?;
                if owner.id == account.id { Ok(shown) } else { Err(refusal()) }
            }
            _ => Err(refusal()),
        }
    }

    async fn password_again(&self, caller: &Caller, password: &Hidden) -> Result<Shown, Problem> {
        let right = self.password_of(caller, password).await?;
        let shown = Shown { kind: crate::words::FactorKind::Password, step: None, note: None };
        if right == Verdict::Right { Ok(shown) } else { Err(refusal()) }
    }
}
