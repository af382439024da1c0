//! Accounts: joiners, movers, leavers.

use super::{Identity, Writing, show};
use crate::codes;
use crate::command::{AccountChanges, NewAccount};
use crate::factor::sms::Phone;
use crate::kept::{Account, AccountKind, Duty, Factor, Holding, Invitation, Material, State};
use crate::register::Step;
use crate::session::{InvitationCode, Known, Lane, LaneName, MachineKey, SessionId, Way};
use crate::words::AccountId;
use access::Scopes;
use base::{Problem, ResourceId, Time};
use serde_json::{Value, json};
use store::{Actor, ActorKind};

/// Longest name of a person or machine, in characters.
pub(super) const NAME_CHARS_MAX: usize = 100;
/// Longest list of scopes, in bytes.
const SCOPES_BYTES_MAX: usize = 4_096;
/// Longest reason, in characters.
const REASON_CHARS_MAX: usize = 200;
/// Longest work order, in days.
const WORK_ORDER_DAYS_MAX: i64 = 92;
/// How long an invitation lasts when nothing is said, in hours.
const INVITATION_HOURS: u32 = 72;
/// How long an invitation may last at most, in hours.
const INVITATION_HOURS_MAX: u32 = 24 * 14;

impl Identity {
    /// Makes an account. It has no factors yet: a person is invited, a machine is given a key or a certificate.
    pub(super) async fn create_account(&self, by: &Actor, wanted: NewAccount) -> Result<Value, Problem> {
        let _changing = self.changing.lock().await;
        let now = self.clock.now();
        if self.register().accounts.contains_key(&wanted.account) {
            return Err(Problem::new(&codes::ACCOUNT_EXISTS).with("account", &wanted.account));
        }
        let account = Account {
            id: wanted.account,
            kind: wanted.kind,
            name: wanted.name.trim().to_owned(),
            occupation: wanted.occupation,
            duties: wanted.duties,
            state: at_first(wanted.holding),
            holding: wanted.holding,
            work_order: wanted.work_order,
            phone: wanted.phone.map(|phone| normal_phone(&phone)).transpose()?,
            practitioner: given(wanted.practitioner.as_deref()),
            scopes: given(wanted.scopes.as_deref()),
            made: now,
        };
        check(&account)?;
        let shown = show::account(&account);
        self.write(by, Writing { steps: vec![Step::Account(account)], ..Writing::default() }).await?;
        Ok(shown)
    }

    /// Changes an account. Its open sessions go on, with the new duties.
    pub(super) async fn change_account(&self, by: &Actor, changes: AccountChanges) -> Result<Value, Problem> {
        let _changing = self.changing.lock().await;
        let mut account = self.account(&changes.account)?;
        if let Some(name) = changes.name {
            name.trim().clone_into(&mut account.name);
        }
        if let Some(holding) = changes.holding {
            hold(&mut account, holding)?;
        }
        account.occupation = changes.occupation.or(account.occupation);
        account.duties = changes.duties.unwrap_or(account.duties);
        account.work_order = changes.work_order.or(account.work_order);
        if changes.practitioner.is_some() {
            account.practitioner = given(changes.practitioner.as_deref());
        }
        if changes.scopes.is_some() {
            account.scopes = given(changes.scopes.as_deref());
        }
        if let Some(phone) = changes.phone {
            account.phone = Some(normal_phone(&phone)?);
        }
        check(&account)?;
        self.check_operators(by, &account)?;
        let shown = show::account(&account);
        self.write(by, Writing { steps: vec![Step::Account(account)], ..Writing::default() }).await?;
        Ok(shown)
    }

    /// Disables an account. Its sessions are over when this returns.
    pub(super) async fn disable_account(
        &self,
        by: &Actor,
        id: &AccountId,
        reason: &str,
    ) -> Result<Value, Problem> {
        let _changing = self.changing.lock().await;
        let mut account = self.account(id)?;
        account.state = State::Disabled { reason: checked_reason(reason)? };
        self.check_operators(by, &account)?;
        let shown = show::account(&account);
        let mut steps = vec![Step::Account(account)];
        steps.extend(self.invitations_of(id).into_iter().map(Step::InvitationEnd));
        let (changes, ended) = self.ending_all(id)?;
        self.write(by, Writing { steps, changes, ..Writing::default() }).await?;
        self.end_in_memory(&ended);
        Ok(shown)
    }

    /// Enables an account again; its factors are as they were. The reason stands in the entry of the journal: one of an
    /// emergency account is not enabled without.
    pub(super) async fn enable_account(
        &self,
        by: &Actor,
        id: &AccountId,
        reason: Option<&str>,
    ) -> Result<Value, Problem> {
        let _changing = self.changing.lock().await;
        let mut account = self.account(id)?;
        let reason = reason.map(checked_reason).transpose()?;
        if account.holding == Holding::Emergency && reason.is_none() {
            return Err(wrong(
                "an emergency account is enabled for a reason, which stays in the journal: add one",
                "非常時用アカウントを有効にするには理由が必要です（ジャーナルに残ります）。理由を付けてください",
            ));
        }
        account.state = State::Active;
        check(&account)?;
        let shown = show::account(&account);
        self.write(by, Writing { steps: vec![Step::Account(account)], reason, ..Writing::default() }).await?;
        Ok(shown)
    }

    /// Invites a person: a code that works once, and the link that carries it when the public address is known.
    pub(super) async fn invite(
        &self,
        by: &Actor,
        id: &AccountId,
        hours: Option<u32>,
    ) -> Result<Value, Problem> {
        let hours = hours.unwrap_or(INVITATION_HOURS);
        if !(1..=INVITATION_HOURS_MAX).contains(&hours) {
            return Err(wrong("an invitation lasts 1 to 336 hours", "招待の期限は 1〜336 時間です"));
        }
        let _changing = self.changing.lock().await;
        let account = self.account(id)?;
        if !account.kind.human() {
            return Err(Problem::new(&codes::PEOPLE_ONLY).with("account", id));
        }
        let code = InvitationCode::generate(&*self.entropy)?;
        let ends = self.clock.now().plus_seconds(i64::from(hours) * 3_600);
        let invitation =
            Invitation { id: self.new_id()?, account: id.clone(), digest: code.hash().to_string(), ends };
        let mut steps: Vec<Step> = self.invitations_of(id).into_iter().map(Step::InvitationEnd).collect();
        steps.push(Step::Invitation(invitation));
        self.write(by, Writing { steps, ..Writing::default() }).await?;
        let link = self.base_url.as_deref().map(|base| {
            format!("{}/f/{}/invitation/{}", base.trim_end_matches('/'), self.facility, code.reveal())
        });
        Ok(json!({ "account": id, "code": code.reveal(), "link": link, "ends": ends.to_string() }))
    }

    /// Gives a machine a new key, shown this once. An earlier key with the same label ends.
    pub(super) async fn give_key(
        &self,
        by: &Actor,
        id: &AccountId,
        label: Option<String>,
    ) -> Result<Value, Problem> {
        let _changing = self.changing.lock().await;
        let account = self.account(id)?;
        if account.kind.human() {
            return Err(Problem::new(&codes::MACHINES_ONLY).with("account", id));
        }
        let label = checked_label(label.as_deref().unwrap_or("key"))?;
        let key = MachineKey::generate(&*self.entropy)?;
        let factor = Factor {
            id: self.new_id()?,
            account: id.clone(),
            label: label.clone(),
            material: Material::Key { digest: key.hash().to_string() },
            made: self.clock.now(),
        };
        let mut steps: Vec<Step> = self
            .register()
            .factors_of(id)
            .filter(|factor| matches!(factor.material, Material::Key { .. }) && factor.label == label)
            .map(|factor| Step::FactorEnd(factor.id.clone()))
            .collect();
        let shown = json!({ "account": id, "factor": factor.id, "label": label, "key": key.reveal() });
        steps.push(Step::Factor(factor));
        self.write(by, Writing { steps, ..Writing::default() }).await?;
        Ok(shown)
    }

    /// Takes a factor away from somebody.
    pub(super) async fn remove_factor(
        &self,
        by: &Actor,
        id: &AccountId,
        factor: &str,
    ) -> Result<Value, Problem> {
        let _changing = self.changing.lock().await;
        self.account(id)?;
        let theirs = self.register().factors.get(factor).is_some_and(|factor| factor.account == *id);
        if !theirs {
            return Err(Problem::new(&codes::FACTOR_UNKNOWN).with("factor", factor));
        }
        let (changes, ended) = self.ending_all(id)?;
        let steps = vec![Step::FactorEnd(factor.to_owned())];
        self.write(by, Writing { steps, changes, ..Writing::default() }).await?;
        self.end_in_memory(&ended);
        Ok(json!({ "account": id, "removed": factor }))
    }

    /// Forgets the failed attempts of an account.
    pub(super) async fn unlock(&self, id: &AccountId) -> Result<Value, Problem> {
        self.account(id)?;
        let notes = self.live().forgetting(id);
        self.keep(notes).await?;
        self.live().forget(id);
        Ok(json!({ "account": id, "unlocked": true }))
    }

    /// All accounts, or those that nobody used for this many days.
    pub(super) fn list_accounts(&self, unused_days: Option<u32>) -> Value {
        let register = self.register();
        let (now, live) = (self.clock.now(), self.live());
        let rows: Vec<Value> = register
            .accounts
            .values()
            .filter_map(|account| {
                let seen = live.seen.get(&account.id).copied();
                let unused = unused_days_of(account, seen, now);
                let wanted = unused_days.is_none_or(|days| unused >= i64::from(days));
                let listed = unused >= i64::from(register.policy.unused_days);
                wanted.then(|| show::row(&register, account, seen, listed, now))
            })
            .collect();
        json!({ "accounts": rows })
    }

    /// One account with its factors and sessions.
    pub(super) fn show_account(&self, id: &AccountId) -> Result<Value, Problem> {
        let account = self.account(id)?;
        let register = self.register();
        let seen = self.live().seen.get(id).copied();
        let listed =
            unused_days_of(&account, seen, self.clock.now()) >= i64::from(register.policy.unused_days);
        let mut shown = show::row(&register, &account, seen, listed, self.clock.now());
        if let Some(members) = shown.as_object_mut() {
            let factors: Vec<Value> = register.factors_of(id).map(show::factor).collect();
            members.insert("factor_list".to_owned(), factors.into());
            drop(register);
            members.insert("sessions".to_owned(), self.sessions_of(id).into());
            members.insert("wrong_tries".to_owned(), self.wrong_tries(id).into());
        }
        Ok(shown)
    }

    /// Wrong tries at an account since its last login, by the way they came, and until when that way is closed.
    fn wrong_tries(&self, id: &AccountId) -> Vec<Value> {
        let now = self.clock.now();
        let shown = |(name, lane): (&LaneName, &Lane)| {
            let from = match &name.way {
                Way::Stranger => "unknown devices".to_owned(),
                Way::Known(Known::Device(device)) => device.to_string(),
                Way::Known(Known::Cookie(_)) => "a known browser".to_owned(),
            };
            let closed_until = Some(lane.free_at()).filter(|until| *until > now);
            json!({
                "from": from,
                "tries": lane.in_a_row(),
                "closed_until": closed_until.map(|until| until.to_string()),
            })
        };
        self.live().lanes.of_account(id).map(shown).collect()
    }

    pub(super) fn account(&self, id: &AccountId) -> Result<Account, Problem> {
        let account = self.register().accounts.get(id).map(|account| Account::clone(account));
        account.ok_or_else(|| Problem::new(&codes::ACCOUNT_UNKNOWN).with("account", id))
    }

    pub(super) fn invitations_of(&self, id: &AccountId) -> Vec<String> {
        let register = self.register();
        register
            .invitations
            .values()
            .filter(|invitation| invitation.account == *id)
            .map(|invitation| invitation.id.clone())
            .collect()
    }

    /// Over the network, nobody may leave a facility without an operator. On the server itself there is always a way.
    fn check_operators(&self, by: &Actor, changed: &Account) -> Result<(), Problem> {
        let operates = |account: &Account| {
            account.state == State::Active
                && account.kind == AccountKind::Person
                && (account.duties.contains(&Duty::Operator) || account.duties.contains(&Duty::Planner))
        };
        let register = self.register();
        let before = register.accounts.get(&changed.id).is_some_and(|account| operates(account));
        let others = register.accounts.values().any(|other| other.id != changed.id && operates(other));
        if by.kind == ActorKind::System || operates(changed) || others || !before {
            return Ok(());
        }
        Err(Problem::new(&codes::OPERATOR_LAST))
    }

    /// A name for something new: 26 letters and digits by chance.
    pub(super) fn new_id(&self) -> Result<String, Problem> {
        Ok(SessionId::generate(&*self.entropy)?.as_str().to_owned())
    }
}

/// Days since an account was used, or made when it never was.
fn unused_days_of(account: &Account, seen: Option<Time>, now: Time) -> i64 {
    let since = seen.unwrap_or(account.made).microseconds();
    now.microseconds().saturating_sub(since) / 86_400_000_000
}

/// An emergency account waits until it is needed.
fn at_first(holding: Holding) -> State {
    match holding {
        Holding::Own | Holding::Shared => State::Active,
        Holding::Emergency => State::Disabled { reason: "非常時用 / for emergencies".to_owned() },
    }
}

/// One's own account becomes a shared one, and never the other way: who knew the password may know it still. An account
/// for emergencies is one from the beginning, so that nobody is used to it.
fn hold(account: &mut Account, holding: Holding) -> Result<(), Problem> {
    match (account.holding, holding) {
        (before, after) if before == after => {}
        (Holding::Own, Holding::Shared) => {
            account.holding = Holding::Shared;
            account.occupation = None;
            account.practitioner = None;
            account.duties.clear();
        }
        _ => {
            return Err(wrong(
                "only a person's own account becomes a shared one; for anything else make a new account and disable this one",
                "共有に変えられるのは個人のアカウントだけです。ほかの変更は、新しいアカウントを作り、このアカウントを無効にしてください",
            ));
        }
    }
    Ok(())
}

fn check_holding(account: &Account) -> Result<(), Problem> {
    let person = account.kind == AccountKind::Person;
    if account.holding != Holding::Own && !person {
        return Err(wrong(
            "only accounts of people are shared or for emergencies",
            "共有・非常時用にできるのは人のアカウントだけです",
        ));
    }
    let shared = account.holding == Holding::Shared;
    if shared
        && (account.occupation.is_some() || !account.duties.is_empty() || account.practitioner.is_some())
    {
        return Err(wrong(
            "a shared account has no occupation, duties or Practitioner, since nobody knows who uses it; make an account for each person",
            "共有アカウントは使う人を特定できないため、職種・役割・Practitioner を付けられません。一人ずつアカウントを作ってください",
        ));
    }
    Ok(())
}

/// Whether an account says what its kind must say.
fn check(account: &Account) -> Result<(), Problem> {
    if !well_formed(&account.name, NAME_CHARS_MAX) {
        return Err(wrong("a name has 1 to 100 characters", "名前は 1〜100 文字です"));
    }
    let person = account.kind == AccountKind::Person;
    check_holding(account)?;
    if (person && account.holding != Holding::Shared) != account.occupation.is_some() {
        return Err(wrong(
            "a person has an occupation, and nobody else has",
            "職種は人に必要で、ほかには付けられません",
        ));
    }
    if !person && account.kind != AccountKind::Service && !account.duties.is_empty() {
        return Err(wrong("only people and services have duties", "役割は人とサービスにだけ付けられます"));
    }
    check_practitioner(account)?;
    check_scopes(account)?;
    check_work_order(account)
}

fn check_practitioner(account: &Account) -> Result<(), Problem> {
    let Some(id) = &account.practitioner else { return Ok(()) };
    if account.kind != AccountKind::Person {
        return Err(wrong(
            "only people have a Practitioner record",
            "Practitioner は人のアカウントにだけ付けられます",
        ));
    }
    match ResourceId::parse(id) {
        Some(_) => Ok(()),
        None => Err(wrong(
            "`practitioner` is the id of a Practitioner, without the type",
            "`practitioner` は Practitioner の id です（型名は付けません）",
        )),
    }
}

/// A service asks for itself: its scopes are of the system, and not of a patient or user that an app would have.
fn check_scopes(account: &Account) -> Result<(), Problem> {
    let Some(text) = &account.scopes else { return Ok(()) };
    if account.kind != AccountKind::Service {
        return Err(wrong("only services have scopes", "スコープはサービスのアカウントにだけ付けられます"));
    }
    if text.len() > SCOPES_BYTES_MAX {
        return Err(wrong("scopes have at most 4096 bytes", "スコープは 4096 バイトまでです"));
    }
    let unknown = |scope: &str| Problem::new(&codes::SCOPE_WRONG).with("scope", scope);
    if let Some(other) = text.split(' ').find(|scope| !scope.starts_with("system/")) {
        return Err(unknown(other));
    }
    Scopes::parse(text, None).map(|_| ()).map_err(|fault| unknown(&fault.scope))
}

fn check_work_order(account: &Account) -> Result<(), Problem> {
    if (account.kind == AccountKind::Maintenance) != account.work_order.is_some() {
        return Err(wrong(
            "remote maintenance has a work order, and nothing else has",
            "作業指示はリモート保守に必要で、ほかには付けられません",
        ));
    }
    let Some(order) = &account.work_order else { return Ok(()) };
    if !well_formed(&order.order, NAME_CHARS_MAX) || !well_formed(&order.company, NAME_CHARS_MAX) {
        return Err(wrong("a work order names order and company", "作業指示には番号と会社名が必要です"));
    }
    let span = order.until.microseconds().saturating_sub(order.from.microseconds());
    if !(1..=WORK_ORDER_DAYS_MAX * 86_400_000_000).contains(&span) {
        return Err(wrong(
            "a work order ends after it begins, at most 92 days later",
            "作業指示の終了は開始より後、92 日以内にしてください",
        ));
    }
    Ok(())
}

/// A text with its spaces in order; none for nothing.
fn given(text: Option<&str>) -> Option<String> {
    let words: Vec<&str> = text?.split_ascii_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

pub(super) fn well_formed(text: &str, chars_max: usize) -> bool {
    (1..=chars_max).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

pub(super) fn checked_reason(reason: &str) -> Result<String, Problem> {
    let reason = reason.trim();
    let good = well_formed(reason, REASON_CHARS_MAX);
    if good {
        Ok(reason.to_owned())
    } else {
        Err(wrong("a reason has 1 to 200 characters", "理由は 1〜200 文字です"))
    }
}

pub(super) fn checked_label(label: &str) -> Result<String, Problem> {
    let label = label.trim();
    let good = well_formed(label, NAME_CHARS_MAX);
    if good {
        Ok(label.to_owned())
    } else {
        Err(wrong("a label has 1 to 100 characters", "名称は 1〜100 文字です"))
    }
}

fn normal_phone(text: &str) -> Result<String, Problem> {
    Ok(Phone::parse(text)?.reveal().to_owned())
}

pub(super) fn wrong(en: &'static str, ja: &'static str) -> Problem {
    Problem::new(&codes::ACCOUNT_WRONG).with("what_en", en).with("what_ja", ja)
}
