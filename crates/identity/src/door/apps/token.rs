//! The token endpoint (RFC 6749, section 3.2): tokens for a code, for a refresh token, or for a service by itself.

use super::super::{Approach, Identity};
use super::client::{ClientShown, request_wrong};
use crate::app::codes::{CLIENT_MAY_NOT, GRANT_NOT_OFFERED, GRANT_OVER, SCOPE_WRONG};
use crate::app::scope::narrow;
use crate::app::{ACCESS_SECONDS, Held, RefreshToken};
use crate::hidden::Hidden;
use crate::kept::{Account, App, AppKind, Granted};
use crate::session::AccessToken;
use crate::words::{AccountId, FactorKind};
use access::Scopes;
use base::Problem;
use std::sync::Arc;

/// What is asked of the token endpoint; members that the grant type does not need are not looked at.
#[derive(Debug, Default)]
pub struct AskedToken {
    /// `grant_type`.
    pub grant_type: String,
    /// Who asks.
    pub client: ClientShown,
    /// `code`.
    pub code: Option<Hidden>,
    /// `redirect_uri`.
    pub redirect: Option<String>,
    /// `code_verifier`.
    pub verifier: Option<Hidden>,
    /// `refresh_token`.
    pub refresh: Option<Hidden>,
    /// `scope`.
    pub scope: Option<String>,
}

/// What is given out.
#[derive(Debug)]
pub struct Tokens {
    /// The access token.
    pub access: AccessToken,
    /// How long it lasts, in seconds.
    pub seconds: u32,
    /// What it grants.
    pub scope: String,
    /// The patient who was chosen.
    pub patient: Option<String>,
    /// For the next access token.
    pub refresh: Option<RefreshToken>,
}

impl Identity {
    /// Gives out tokens.
    ///
    /// # Errors
    /// `ID-0054` to `ID-0060`, each of which has its word in RFC 6749, section 5.2; the certificate's own problems.
    pub async fn app_tokens(
        &self,
        asked: AskedToken,
        approach: &Approach<'_>,
        endpoint: &str,
    ) -> Result<Tokens, Problem> {
        let app = self.client(&asked.client, endpoint).await?;
        let certified = self.certified(approach)?.map(|certified| certified.account);
        let for_people = match asked.grant_type.as_str() {
            "client_credentials" => false,
            "authorization_code" | "refresh_token" => true,
            "" => {
                return Err(request_wrong((
                    "`grant_type` is missing or doubled",
                    "`grant_type` がないか、二重です",
                )));
            }
            _ => return Err(Problem::new(&GRANT_NOT_OFFERED)),
        };
        if for_people == (app.kind == AppKind::Service) {
            return Err(Problem::new(&CLIENT_MAY_NOT));
        }
        match asked.grant_type.as_str() {
            "client_credentials" => self.for_service(&app, &asked, certified),
            "authorization_code" => self.for_code(&app, &asked, certified).await,
            _ => self.for_refresh(&app, &asked, certified).await,
        }
    }

    /// A service comes by itself (SMART Backend Services).
    fn for_service(
        &self,
        app: &App,
        asked: &AskedToken,
        device: Option<AccountId>,
    ) -> Result<Tokens, Problem> {
        let wanted = asked.scope.as_deref().ok_or_else(|| Problem::new(&SCOPE_WRONG))?;
        let text = narrow(wanted, &app.scopes);
        let now = self.clock.now();
        let account = {
            let register = self.register();
            let account = app.account.as_ref().and_then(|id| register.usable(id, now));
            let account = account.cloned().ok_or_else(|| Problem::new(&CLIENT_MAY_NOT))?;
            let factors = service_factors(&account, device.as_ref());
            self.machine(&register, account, factors, device.clone())?.account
        };
        let held = Held {
            app: app.id.clone(),
            account: account.id.clone(),
            grant: None,
            scopes: scopes(&text, None)?,
            text,
            patient: None,
            factors: service_factors(&account, device.as_ref()),
            device,
            made: now,
        };
        self.give(held, None)
    }

    /// The next tokens of a grant. The refresh token is used up; one that was used before ends the grant, because somebody
    /// else has it (RFC 9700, section 4.14.2).
    async fn for_refresh(
        &self,
        app: &App,
        asked: &AskedToken,
        device: Option<AccountId>,
    ) -> Result<Tokens, Problem> {
        let over = || Problem::new(&GRANT_OVER);
        let shown = asked.refresh.as_ref().ok_or_else(|| {
            request_wrong(("`refresh_token` is missing or doubled", "`refresh_token` がないか、二重です"))
        })?;
        let shown = RefreshToken::parse(shown.reveal()).ok_or_else(over)?;
        let _changing = self.changing.lock().await;
        let grant = {
            let register = self.register();
            let grant = register.apps.of_family(shown.family()).filter(|grant| grant.app == app.id);
            let grant = grant.filter(|grant| self.good(&register, grant) && grant.device == device);
            grant.cloned().ok_or_else(over)?
        };
        if grant.refresh.is_none_or(|family| family.token != shown.hash()) {
            self.end_grants(
                &self.app_actor(&grant.account),
                vec![grant.id.clone()],
                super::Writing::default(),
            )
            .await?;
            return Err(over());
        }
        // No more than was granted, and no more than the app may by now.
        let wanted = asked.scope.as_deref().unwrap_or(&grant.scopes);
        let text = narrow(&narrow(wanted, &grant.scopes), &app.scopes);
        let held = self.held_of(&grant, text)?;
        let next = shown.next(&*self.entropy)?;
        self.rotate(&grant, &next).await?;
        self.give(held, Some(next))
    }

    /// What an access token of a grant stands for.
    pub(super) fn held_of(&self, grant: &Granted, text: String) -> Result<Held, Problem> {
        Ok(Held {
            app: grant.app.clone(),
            account: grant.account.clone(),
            grant: Some(grant.id.clone()),
            scopes: scopes(&text, grant.patient.clone())?,
            text,
            patient: grant.patient.clone(),
            factors: grant.factors.clone(),
            device: grant.device.clone(),
            made: self.clock.now(),
        })
    }

    /// Gives out an access token, beside a refresh token that is written already.
    pub(super) fn give(&self, held: Held, refresh: Option<RefreshToken>) -> Result<Tokens, Problem> {
        let (scope, patient) = (held.text.clone(), held.patient.clone());
        let access = self.apps().give(held, &*self.entropy)?;
        Ok(Tokens { access, seconds: ACCESS_SECONDS, scope, patient, refresh })
    }
}

/// What a service shows: its assertion, and its own certificate where it has one.
fn service_factors(account: &Account, device: Option<&AccountId>) -> Vec<FactorKind> {
    let certificate = (device == Some(&account.id)).then_some(FactorKind::Certificate);
    std::iter::once(FactorKind::Key).chain(certificate).collect()
}

/// The scopes as the law reads them; there must be one for some type of resource.
fn scopes(text: &str, patient: Option<String>) -> Result<Arc<Scopes>, Problem> {
    let any = !crate::app::scope::parts(text).is_empty();
    let read = Scopes::parse(text, patient).ok().filter(|_| any);
    read.map(Arc::new).ok_or_else(|| Problem::new(&SCOPE_WRONG))
}
