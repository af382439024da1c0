//! Everybody who may come in, in memory: read from the journal at the start, and changed only after the journal was.

use crate::app::Apps;
use crate::factor::passkey::{Handle, Passkey};
use crate::glasses::Glasses;
use crate::kept::{
    Account, App, Authority, BrokenGlass, Certificate, Factor, Granted, Invitation, Law, LawProposal, Mark,
    Material, PasswordHistory, Policy, end, load, put,
};
use crate::words::{AccountId, FactorKind};
use crate::zone::Zones;
use access::Scopes;
use base::{Problem, Time};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::{Change, Expected, Inside};

/// The accounts of a facility and all that belongs to them.
#[derive(Debug, Default)]
pub(crate) struct Register {
    pub(crate) accounts: BTreeMap<AccountId, Arc<Account>>,
    pub(crate) factors: BTreeMap<String, Factor>,
    /// The last passwords of accounts, as hashes with the newest first.
    pub(crate) passwords: BTreeMap<AccountId, Vec<String>>,
    pub(crate) authorities: BTreeMap<String, Authority>,
    pub(crate) certificates: BTreeMap<String, Certificate>,
    pub(crate) invitations: BTreeMap<String, Invitation>,
    pub(crate) apps: Apps,
    pub(crate) policy: Policy,
    /// The networks that the policy names.
    pub(crate) zones: Zones,
    /// What the facility has added to the law; none when it never did.
    pub(crate) law: Option<Law>,
    pub(crate) law_proposals: BTreeMap<String, LawProposal>,
    pub(crate) glasses: Glasses,
    /// What services were granted, read once.
    scopes: BTreeMap<AccountId, Arc<Scopes>>,
    /// Ids of factors by account: how long a look takes says nothing of whether there is such an account.
    of_account: BTreeMap<AccountId, BTreeSet<String>>,
    /// Machine keys by digest, for a look at every request.
    keys: BTreeMap<String, (AccountId, String)>,
    /// Accounts by the handle that their passkeys know.
    handles: BTreeMap<Handle, AccountId>,
}

/// One change of the register: written to the journal first, then applied here.
#[derive(Debug)]
pub(crate) enum Step {
    Account(Account),
    Factor(Factor),
    FactorEnd(String),
    Passwords(PasswordHistory),
    Authority(Authority),
    AuthorityEnd(String),
    Certificate(Certificate),
    Invitation(Invitation),
    InvitationEnd(String),
    App(App),
    Granted(Granted),
    GrantedEnd(String),
    Policy(Policy),
    Law(Law),
    LawProposal(LawProposal),
    LawProposalEnd(String),
    Glass(BrokenGlass),
}

impl Register {
    /// Whether nobody has taken a certificate back, and its authority is trusted still. The time is not looked at.
    pub(crate) fn is_good(&self, certificate: &Certificate) -> bool {
        certificate.mark == Mark::Good && self.trusts(certificate)
    }

    /// Whether the authority of a certificate is one that the facility trusts now.
    pub(crate) fn trusts(&self, certificate: &Certificate) -> bool {
        self.authorities.contains_key(&certificate.authority)
    }

    /// As the journal has it.
    pub(crate) fn load(inside: &Inside<'_>) -> Result<Self, Problem> {
        let mut register = Self::default();
        let mut steps: Vec<Step> = Vec::new();
        steps.extend(load(inside)?.into_iter().map(Step::Account));
        steps.extend(load(inside)?.into_iter().map(Step::Factor));
        steps.extend(load(inside)?.into_iter().map(Step::Passwords));
        steps.extend(load(inside)?.into_iter().map(Step::Authority));
        steps.extend(load(inside)?.into_iter().map(Step::Certificate));
        steps.extend(load(inside)?.into_iter().map(Step::Invitation));
        steps.extend(load(inside)?.into_iter().map(Step::App));
        steps.extend(load(inside)?.into_iter().map(Step::Granted));
        steps.extend(load(inside)?.into_iter().map(Step::Policy));
        steps.extend(load(inside)?.into_iter().map(Step::Law));
        steps.extend(load(inside)?.into_iter().map(Step::LawProposal));
        steps.extend(load(inside)?.into_iter().map(Step::Glass));
        for step in steps {
            register.apply(step);
        }
        Ok(register)
    }

    /// Takes over what the journal has.
    pub(crate) fn apply(&mut self, step: Step) {
        match step {
            Step::Account(account) => self.put_account(account),
            Step::Factor(factor) => self.put_factor(factor),
            Step::FactorEnd(id) => self.end_factor(&id),
            Step::Passwords(history) => {
                self.passwords.insert(history.account, history.hashes);
            }
            Step::Authority(authority) => {
                self.authorities.insert(authority.id.clone(), authority);
            }
            Step::AuthorityEnd(id) => {
                self.authorities.remove(&id);
            }
            Step::Certificate(certificate) => {
                self.certificates.insert(certificate.fingerprint.clone(), certificate);
            }
            Step::Invitation(invitation) => {
                self.invitations.insert(invitation.id.clone(), invitation);
            }
            Step::InvitationEnd(id) => {
                self.invitations.remove(&id);
            }
            Step::App(app) => self.apps.put(app),
            Step::Granted(grant) => self.apps.grant(grant),
            Step::GrantedEnd(id) => self.apps.end_grant(&id),
            Step::Policy(policy) => {
                self.zones = Zones::new(&policy.zones);
                self.policy = policy;
            }
            Step::Law(law) => self.law = Some(law),
            Step::LawProposal(proposal) => {
                self.law_proposals.insert(proposal.id.clone(), proposal);
            }
            Step::LawProposalEnd(id) => {
                self.law_proposals.remove(&id);
            }
            Step::Glass(glass) => self.glasses.put(glass),
        }
    }

    fn put_account(&mut self, account: Account) {
        self.scopes.remove(&account.id);
        if let Some(text) = &account.scopes {
            // What another version of the program took and this one does not know grants nothing.
            let scopes = Scopes::parse(text, None).unwrap_or_default();
            self.scopes.insert(account.id.clone(), Arc::new(scopes));
        }
        self.accounts.insert(account.id.clone(), Arc::new(account));
    }

    /// What a service was granted.
    pub(crate) fn scopes_of(&self, account: &AccountId) -> Option<Arc<Scopes>> {
        self.scopes.get(account).map(Arc::clone)
    }

    fn put_factor(&mut self, factor: Factor) {
        self.end_factor(&factor.id.clone());
        match &factor.material {
            Material::Key { digest } => {
                self.keys.insert(digest.clone(), (factor.account.clone(), factor.id.clone()));
            }
            Material::Passkey { credential } => {
                self.handles.insert(credential.handle(), factor.account.clone());
            }
            _ => {}
        }
        self.of_account.entry(factor.account.clone()).or_default().insert(factor.id.clone());
        self.factors.insert(factor.id.clone(), factor);
    }

    fn end_factor(&mut self, id: &str) {
        let Some(factor) = self.factors.remove(id) else { return };
        if let Some(ids) = self.of_account.get_mut(&factor.account) {
            ids.remove(id);
        }
        match factor.material {
            Material::Key { digest } => {
                self.keys.remove(&digest);
            }
            // The last passkey of an account takes its handle with it, as after a restart.
            Material::Passkey { credential } if self.passkeys_of(&factor.account).is_empty() => {
                self.handles.remove(&credential.handle());
            }
            _ => {}
        }
    }

    /// The factors of an account.
    pub(crate) fn factors_of(&self, account: &AccountId) -> impl Iterator<Item = &Factor> {
        let ids = self.of_account.get(account).into_iter().flatten();
        ids.filter_map(|id| self.factors.get(id))
    }

    /// The one factor of this kind that an account can have, or its first.
    pub(crate) fn factor(&self, account: &AccountId, kind: FactorKind) -> Option<&Factor> {
        self.factors_of(account).find(|factor| factor.kind() == kind)
    }

    /// The last passwords of an account, as hashes with the newest first. Where none were remembered yet, there is the
    /// present one.
    pub(crate) fn last_passwords(&self, account: &AccountId) -> Vec<String> {
        if let Some(hashes) = self.passwords.get(account).filter(|hashes| !hashes.is_empty()) {
            return hashes.clone();
        }
        let present = self.factor(account, FactorKind::Password).map(|factor| &factor.material);
        match present {
            Some(Material::Password { hash }) => vec![hash.clone()],
            _ => Vec::new(),
        }
    }

    /// The account and factor of a machine's key. The digest of a key is no secret by which time could tell anything.
    pub(crate) fn of_key(&self, digest: &str) -> Option<&(AccountId, String)> {
        self.keys.get(digest)
    }

    /// The account whose passkeys carry this handle.
    pub(crate) fn of_handle(&self, handle: Handle) -> Option<&AccountId> {
        self.handles.get(&handle)
    }

    /// The passkeys of an account, with the ids of their factors.
    pub(crate) fn passkeys_of(&self, account: &AccountId) -> Vec<(String, Passkey)> {
        let passkey = |factor: &Factor| match &factor.material {
            Material::Passkey { credential } => Some((factor.id.clone(), (**credential).clone())),
            _ => None,
        };
        self.factors_of(account).filter_map(passkey).collect()
    }

    /// An account that may be used at this moment.
    pub(crate) fn usable(&self, account: &AccountId, now: Time) -> Option<&Arc<Account>> {
        self.accounts.get(account).filter(|account| account.usable(now))
    }
}

impl Step {
    /// What is written to the journal for it.
    pub(crate) fn change(&self) -> Result<Change, Problem> {
        match self {
            Self::Account(account) => put(account, Expected::Anything),
            Self::Factor(factor) => put(factor, Expected::Anything),
            Self::FactorEnd(id) => end::<Factor>(id),
            Self::Passwords(history) => put(history, Expected::Anything),
            Self::Authority(authority) => put(authority, Expected::Anything),
            Self::AuthorityEnd(id) => end::<Authority>(id),
            Self::Certificate(certificate) => put(certificate, Expected::Anything),
            Self::Invitation(invitation) => put(invitation, Expected::Anything),
            Self::InvitationEnd(id) => end::<Invitation>(id),
            Self::App(app) => put(app, Expected::Anything),
            Self::Granted(grant) => put(grant, Expected::Anything),
            Self::GrantedEnd(id) => end::<Granted>(id),
            Self::Policy(policy) => put(policy, Expected::Anything),
            Self::Law(law) => put(law, Expected::Anything),
            Self::LawProposal(proposal) => put(proposal, Expected::Anything),
            Self::LawProposalEnd(id) => end::<LawProposal>(id),
            Self::Glass(glass) => put(glass, Expected::Anything),
        }
    }
}
