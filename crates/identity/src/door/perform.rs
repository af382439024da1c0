//! Commands, each led to what does it.

use super::Identity;
use crate::command::Command;
use base::Problem;
use serde_json::Value;
use store::Actor;

impl Identity {
    /// Does what those who run the facility ask for. Whether they may is decided before.
    ///
    /// # Errors
    /// What the command cannot do, in words that say what to do instead.
    #[expect(clippy::cognitive_complexity, reason = "one arm for each command")]
    pub async fn perform(&self, by: &Actor, command: Command) -> Result<Value, Problem> {
        match command {
            Command::AccountList { unused_days } => Ok(self.list_accounts(unused_days)),
            Command::AccountShow { account } => self.show_account(&account),
            Command::AccountCreate(wanted) => self.create_account(by, wanted).await,
            Command::AccountChange(changes) => self.change_account(by, changes).await,
            Command::AccountDisable { account, reason } => self.disable_account(by, &account, &reason).await,
            Command::AccountEnable { account, reason } => {
                self.enable_account(by, &account, reason.as_deref()).await
            }
            Command::AccountInvite { account, hours } => self.invite(by, &account, hours).await,
            Command::AccountKey { account, label } => self.give_key(by, &account, label).await,
            Command::AccountUnlock { account } => self.unlock(&account).await,
            Command::FactorRemove { account, factor } => self.remove_factor(by, &account, &factor).await,
            Command::SessionEnd { account, session } => {
                self.end_sessions(by, &account, session.as_deref()).await
            }
            Command::CertificateCa { name, years } => self.make_authority(by, name, years).await,
            Command::CertificateIssue(order) => self.issue_certificate(by, order).await,
            Command::CertificateRevoke { certificate, reason } => {
                self.revoke_certificate(by, &certificate, &reason).await
            }
            Command::CertificateList { account } => Ok(self.list_certificates(account.as_ref())),
            Command::CertificateTrust(trusted) => self.trust_authority(by, trusted).await,
            Command::CertificateDistrust { authority } => self.distrust_authority(by, &authority).await,
            Command::CertificateAdmit { account, certificate } => {
                self.admit_certificate(by, &account, &certificate).await
            }
            Command::CertificateCrl {} => self.revocation_list(by).await,
            Command::AppRegister(wanted) => self.register_app(by, wanted).await,
            Command::AppList {} => Ok(self.list_apps()),
            Command::AppShow { app } => self.show_app(&app),
            Command::AppChange(changes) => self.change_app(by, changes).await,
            Command::AppDisable { app, reason } => self.disable_app(by, &app, &reason).await,
            Command::PolicyShow {} => Ok(self.show_policy()),
            Command::PolicySet { values } => self.set_policy(by, &values).await,
            Command::LawShow {} => Ok(self.show_law()),
            Command::LawMatrix(wanted) => self.matrix(&wanted).await,
            Command::LawCheck { text } => self.check_law(&text),
            Command::LawPropose { text, reason } => self.propose_law(by, text, &reason).await,
            Command::LawApprove { proposal } => self.approve_law(by, &proposal).await,
            Command::LawWithdraw { proposal } => self.withdraw_law(by, &proposal).await,
            Command::GlassList {} => Ok(self.list_glass()),
            Command::GlassReview { glass, note } => self.review_glass(by, &glass, &note).await,
            Command::Facts {} => Ok(serde_json::json!({ "facts": self.facts() })),
        }
    }
}
