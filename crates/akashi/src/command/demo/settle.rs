//! What the demo's facility needs before anybody logs in: an authority, accounts with factors, a tablet, the policy.

use super::accounts::{Accounts, ROLES, Role, Secrecy, TABLET};
use crate::arguments::DemoCertificates;
use crate::codes;
use crate::command::init::has_own_authority;
use crate::directory::Directory;
use base::Problem;
use data_encoding::BASE64;
use identity::command::{NewAccount, Order};
use identity::kept::{AccountKind, ClientCertificates, Holding};
use identity::{AccountId, Command, Hidden, Identity};
use records::Problems;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use store::disk::{self, Readable};
use store::{Actor, ActorKind};

/// Makes what is missing, and sets the policy.
pub(super) async fn settle(
    directory: &Directory,
    identity: &Identity,
    certificates: DemoCertificates,
) -> Result<Accounts, Problems> {
    let accounts = Accounts::kept_or_made(directory)?;
    let facility = At { identity, by: Actor::new(ActorKind::System, "demo") };
    facility.authority().await?;
    for role in ROLES {
        facility.person(role, &accounts).await?;
    }
    facility.tablet(&accounts).await?;
    facility.policy(certificates).await?;
    Ok(accounts)
}

/// The demo at work on its facility.
struct At<'a> {
    identity: &'a Identity,
    by: Actor,
}

impl At<'_> {
    async fn perform(&self, command: Command) -> Result<Value, Problem> {
        self.identity.perform(&self.by, command).await
    }

    /// An account, if it is there.
    async fn shown(&self, account: &AccountId) -> Result<Option<Value>, Problem> {
        match self.perform(Command::AccountShow { account: account.clone() }).await {
            Err(problem) if problem.code() == &identity::codes::ACCOUNT_UNKNOWN => Ok(None),
            shown => shown.map(Some),
        }
    }

    /// The facility's own authority.
    async fn authority(&self) -> Result<(), Problem> {
        let listed = self.perform(Command::CertificateList { account: None }).await?;
        if !has_own_authority(&listed) {
            self.perform(Command::CertificateCa { name: None, years: None }).await?;
        }
        Ok(())
    }

    /// An account with password and one-time codes. One that has both is left as it is, if its secrets are still known.
    async fn person(&self, role: &Role, accounts: &Accounts) -> Result<(), Problems> {
        let (account, secrets) = (id(role.account)?, accounts.of(role.account)?);
        let has = if let Some(shown) = self.shown(&account).await? {
            kinds(&shown)
        } else {
            self.perform(Command::AccountCreate(new(role)?)).await?;
            BTreeSet::new()
        };
        let complete = ["password", "totp"].iter().all(|kind| has.contains(*kind));
        if accounts.secrecy(role.account) == Secrecy::Kept && complete {
            return Ok(());
        }
        let equipped = self.identity.equip(&self.by, &account, &secrets.password, &secrets.totp).await;
        equipped.map_err(|problems| {
            let mut all = problems.0.into_iter();
            let first = all.next().unwrap_or_else(|| Problem::new(&codes::DEMO_UNREADABLE));
            Problems::new(first, all.collect())
        })
    }

    /// The tablet on which they work, with a certificate that is good and whose files are there.
    async fn tablet(&self, accounts: &Accounts) -> Result<(), Problem> {
        let account = id(TABLET)?;
        let listed = self.perform(Command::CertificateList { account: Some(account.clone()) }).await?;
        let certificates = listed.get("certificates").and_then(Value::as_array);
        let good =
            certificates.is_some_and(|all| all.iter().any(|one| one.get("state") == Some(&"good".into())));
        let there = ["p12", "pem", "key"].iter().all(|ending| accounts.tablet_file(ending).exists());
        if accounts.secrecy(TABLET) == Secrecy::Kept && good && there {
            return Ok(());
        }
        if self.shown(&account).await?.is_none() {
            self.perform(Command::AccountCreate(tablet(account.clone()))).await?;
        }
        let order = Order {
            account,
            days: None,
            request: None,
            passphrase: Some(Hidden::new(accounts.passphrase().reveal().clone())),
            for_old_devices: false,
        };
        let issued = self.perform(Command::CertificateIssue(order)).await?;
        let text = |name: &str| issued.get(name).and_then(Value::as_str).unwrap_or_default();
        let file = BASE64.decode(text("pkcs12").as_bytes());
        let file = file.map_err(|_| Problem::new(&codes::DEMO_UNREADABLE).with("file", TABLET))?;
        let write = |ending, bytes: &[u8]| {
            disk::write_whole(&accounts.tablet_file(ending), bytes, Readable::OwnerOnly)
        };
        write("p12", &file)?;
        write("pem", text("certificate").as_bytes())?;
        write("key", text("key").as_bytes())
    }

    async fn policy(&self, certificates: DemoCertificates) -> Result<(), Problem> {
        let (wanted, word) = match certificates {
            DemoCertificates::Verify => (ClientCertificates::Verify, "verify"),
            DemoCertificates::Off => (ClientCertificates::Off, "off"),
        };
        if self.identity.policy().client_certificates != wanted {
            let values = BTreeMap::from([("client-certificates".to_owned(), word.to_owned())]);
            self.perform(Command::PolicySet { values }).await?;
        }
        Ok(())
    }
}

fn kinds(shown: &Value) -> BTreeSet<String> {
    let factors = shown.get("factors").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    factors.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn id(text: &str) -> Result<AccountId, Problem> {
    AccountId::parse(text)
        .ok_or_else(|| Problem::new(&identity::codes::ACCOUNT_UNKNOWN).with("account", text))
}

fn new(role: &Role) -> Result<NewAccount, Problem> {
    Ok(NewAccount {
        account: id(role.account)?,
        kind: AccountKind::Person,
        name: role.name.to_owned(),
        occupation: Some(role.occupation),
        duties: role.duties.iter().copied().collect(),
        holding: Holding::Own,
        phone: None,
        work_order: None,
        practitioner: role.practitioner.map(str::to_owned),
        scopes: None,
    })
}

fn tablet(account: AccountId) -> NewAccount {
    NewAccount {
        account,
        kind: AccountKind::Device,
        name: "診察室 タブレット".to_owned(),
        occupation: None,
        duties: BTreeSet::new(),
        holding: Holding::Own,
        phone: None,
        work_order: None,
        practitioner: None,
        scopes: None,
    }
}
