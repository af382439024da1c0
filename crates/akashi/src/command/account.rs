//! `akashi account`: joiners, movers and leavers, and what they show to come in.

use crate::arguments::{Account, Asked, Create, Traits};
use crate::console::{self, Done, Failure};
use crate::directory::Directory;
use crate::report;
use crate::terminal::Terminal;
use identity::Command;
use identity::command::{AccountChanges, NewAccount};
use identity::kept::{Holding, WorkOrder};
use serde_json::Value;

pub(crate) fn run(terminal: &Terminal, account: &Account) -> Result<(), Failure> {
    let asked = account.asked();
    let done = perform(terminal, asked, command(account))?;
    if let Account::Create(create) = account
        && create.invite
    {
        return invited(terminal, create, &done.reply);
    }
    if asked.json {
        report::json(terminal, &done.reply);
        return Ok(());
    }
    match account {
        Account::List(_) => report::accounts(terminal, &done.reply),
        Account::Show(_) => report::account_in_full(terminal, &done.reply),
        Account::Create(_) | Account::Change(_) | Account::Disable(_) | Account::Enable(_) => {
            report::account(terminal, &done.reply);
        }
        Account::Invite(_) => report::invitation(terminal, &done.reply)?,
        Account::Key(_) => report::key(terminal, &done.reply),
        Account::Unlock(named) => terminal.line(&format!(
            "{}: {}",
            named.account,
            terminal.choose("failed attempts forgotten", "失敗の記録を消しました")
        )),
        Account::EndSessions(_) => report::sessions_ended(terminal, &done.reply),
        Account::RemoveFactor(remove) => terminal.line(&format!(
            "{}: {}",
            remove.named.account,
            terminal.choose("factor removed, sessions ended", "要素を取り除き、セッションを終了しました")
        )),
    }
    Ok(())
}

fn perform(terminal: &Terminal, asked: &Asked, command: Command) -> Result<Done, Failure> {
    let directory = Directory::at(&asked.which.folder.data);
    console::perform(&directory, asked.which.facility.as_ref(), terminal.language(), command)
}

/// Invites the person whose account has just been made.
fn invited(terminal: &Terminal, create: &Create, made: &Value) -> Result<(), Failure> {
    if !create.named.asked.json {
        report::account(terminal, made);
    }
    let command = Command::AccountInvite { account: create.named.account.clone(), hours: None };
    let invitation = perform(terminal, &create.named.asked, command)?.reply;
    if create.named.asked.json {
        report::json(terminal, &serde_json::json!({ "account": made, "invitation": invitation }));
        return Ok(());
    }
    terminal.line("");
    Ok(report::invitation(terminal, &invitation)?)
}

fn command(account: &Account) -> Command {
    match account {
        Account::List(list) => Command::AccountList { unused_days: list.unused_days },
        Account::Show(named) => Command::AccountShow { account: named.account.clone() },
        Account::Create(create) => Command::AccountCreate(new_account(create)),
        Account::Change(change) => Command::AccountChange(AccountChanges {
            account: change.named.account.clone(),
            name: change.name.clone(),
            occupation: change.traits.occupation,
            duties: (change.no_duty || !change.traits.duties.is_empty())
                .then(|| change.traits.duties.iter().copied().collect()),
            holding: change.shared.then_some(Holding::Shared),
            phone: change.traits.phone.clone(),
            work_order: work_order(&change.traits),
            practitioner: change.traits.practitioner.clone(),
            scopes: change.traits.scopes.clone(),
        }),
        Account::Disable(disable) => {
            Command::AccountDisable { account: disable.named.account.clone(), reason: disable.reason.clone() }
        }
        Account::Enable(enable) => {
            Command::AccountEnable { account: enable.named.account.clone(), reason: enable.reason.clone() }
        }
        Account::Invite(invite) => {
            Command::AccountInvite { account: invite.named.account.clone(), hours: invite.hours }
        }
        Account::Key(key) => {
            Command::AccountKey { account: key.named.account.clone(), label: key.label.clone() }
        }
        Account::Unlock(named) => Command::AccountUnlock { account: named.account.clone() },
        Account::EndSessions(end) => {
            Command::SessionEnd { account: end.named.account.clone(), session: end.session.clone() }
        }
        Account::RemoveFactor(remove) => {
            Command::FactorRemove { account: remove.named.account.clone(), factor: remove.factor.clone() }
        }
    }
}

fn new_account(create: &Create) -> NewAccount {
    NewAccount {
        account: create.named.account.clone(),
        kind: create.kind,
        name: create.name.clone(),
        occupation: create.traits.occupation,
        duties: create.traits.duties.iter().copied().collect(),
        holding: holding(create),
        phone: create.traits.phone.clone(),
        work_order: work_order(&create.traits),
        practitioner: create.traits.practitioner.clone(),
        scopes: create.traits.scopes.clone(),
    }
}

/// The command line takes one of the two at most.
fn holding(create: &Create) -> Holding {
    match (create.shared, create.emergency) {
        (true, _) => Holding::Shared,
        (false, true) => Holding::Emergency,
        (false, false) => Holding::Own,
    }
}

/// The command line takes its four parts together or not at all.
fn work_order(traits: &Traits) -> Option<WorkOrder> {
    Some(WorkOrder {
        order: traits.work_order.clone()?,
        company: traits.company.clone()?,
        from: traits.from?,
        until: traits.until?,
    })
}
