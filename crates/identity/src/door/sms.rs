//! Codes by SMS, where the facility has chosen a gateway.

use super::login::{Shown, devices};
use super::{Approach, Identity, Visit};
use crate::codes;
use crate::factor::sms::{self, Gateway, Phone, Settings};
use crate::hidden::Hidden;
use crate::kept::{Account, Policy, Sms};
use crate::session::refusal;
use crate::words::FactorKind;
use base::{Language, Problem, Secret};
use serde::Deserialize;

/// What the sealed header fields of the gateway belong to.
pub(super) const HEADERS: &str = "policy/sms";

/// Who wants a code.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantCode {
    /// The account.
    pub account: String,
    /// Its password: nobody is sent messages by strangers.
    pub password: Hidden,
}

impl Identity {
    /// Sends a code to whoever has shown the right password. The answer is the same for everybody, and does not wait
    /// for the gateway.
    ///
    /// # Errors
    /// Codes by SMS are switched off here; the client certificate is not good.
    pub async fn send_code(
        &self,
        wanted: WantCode,
        approach: &Approach<'_>,
        visit: Visit<'_>,
        language: Language,
    ) -> Result<(), Problem> {
        let certified = self.certified(approach)?;
        let gateway = self.gateway()?;
        let devices = devices(certified.as_ref(), &visit);
        let tried = self.try_password(&wanted.account, wanted.password.secret().clone(), &devices).await?;
        let Ok((account, _)) = self.password_right(tried) else { return Ok(()) };
        let Some(phone) = account.phone.as_deref().and_then(|phone| Phone::parse(phone).ok()) else {
            return Ok(());
        };
        let (code, pending) = sms::Pending::make(self.clock.now(), &*self.entropy)?;
        self.live().sent.insert(account.id.clone(), pending);
        let text = sms::message(language, &code);
        let sending = tokio::task::spawn_blocking(move || match gateway.send(&phone, &text) {
            Ok(()) => tracing::info!("a code was handed to the SMS gateway"),
            Err(problem) => tracing::warn!(%problem, "a code could not be handed to the SMS gateway"),
        });
        drop(sending);
        Ok(())
    }

    fn gateway(&self) -> Result<Gateway, Problem> {
        let Policy { sms, .. } = self.policy();
        let sms = sms.ok_or_else(|| Problem::new(&codes::SMS_NOT_OFFERED))?;
        Gateway::new(&self.gateway_settings(&sms)?)
    }

    pub(super) fn gateway_settings(&self, sms: &Sms) -> Result<Settings, Problem> {
        let unreadable =
            || Problem::new(&codes::UNREADABLE).with("type", "AkashiPolicy").log("sealed headers");
        let opened = self.store.open_secret(HEADERS, &sms.sealed_headers).ok_or_else(unreadable)?;
        let text = std::str::from_utf8(opened.reveal()).map_err(|_| unreadable())?;
        Ok(Settings { url: sms.url.clone(), headers: headers(text), body: sms.body.clone() })
    }

    /// A code that was sent.
    pub(super) fn sent_code(&self, account: &Account, code: &str) -> Result<Shown, Problem> {
        if self.register().policy.sms.is_none() {
            return Err(refusal());
        }
        let now = self.clock.now();
        let mut live = self.live();
        let pending = live.sent.get_mut(&account.id).ok_or_else(refusal)?;
        pending.accept(code, now).map_err(|_| refusal())?;
        live.sent.remove(&account.id);
        Ok(Shown { kind: FactorKind::Sms, step: None, note: None })
    }
}

/// Whether every line of a text is a header field.
pub(super) fn are_headers(text: &str) -> bool {
    text.lines().all(|line| line.contains(':'))
}

/// `Name: value`, one a line.
pub(super) fn headers(text: &str) -> Vec<(String, Secret<String>)> {
    text.lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_owned(), Secret::new(value.trim().to_owned())))
        .collect()
}
