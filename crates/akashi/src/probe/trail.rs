//! The trail as it stands: who acted, whether entries name whom they are about, when it was looked through, how far back
//! it goes.

use super::{Sight, maintenance, verification};
use access::{Access, Action, Decided};
use base::Position;
use guideline::{Fact, Text};
use identity::kept::{Account, AccountKind, Duty, Holding};
use records::observed::Trailed;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::{Accessed, ActorKind};

/// Days that a trail must go back before its age says for how long it is kept: a young one says nothing about that.
const TELLING_DAYS: usize = 365;

pub(super) async fn look(sight: &Sight<'_>) -> Vec<Fact> {
    let uses = sight.opened.identity.uses();
    let accounts: BTreeMap<&str, &Account> =
        uses.iter().map(|(account, _)| (account.id.as_str(), Arc::as_ref(account))).collect();
    let asked: Vec<&str> =
        accounts.iter().filter(|(_, account)| looked_at(account)).map(|(id, _)| *id).collect();
    let Ok(trailed) = sight.opened.records.trail_at_the_console(&asked, verification::place(sight)).await
    else {
        return Vec::new();
    };
    let of = |wanted: &dyn Fn(&Account) -> bool| -> Vec<maintenance::Use> {
        uses.iter().filter(|(account, _)| wanted(account)).cloned().collect()
    };
    let maintained = of(&|account| account.kind == AccountKind::Maintenance);
    let mut facts = maintenance::look(sight, &maintained, &trailed);
    let of_emergency = of(&|account| account.holding == Holding::Emergency);
    facts.extend(maintenance::logins(
        sight,
        "runtime.accounts.emergency_uses_90_days",
        &of_emergency,
        &trailed,
    ));
    facts.extend(verification::look(sight, trailed.at.as_ref()));
    facts.extend(individual(sight, &accounts, &trailed.newest));
    facts.extend(named(sight, &trailed));
    facts.extend(reviewed(sight, &trailed));
    facts.extend(ages(sight, &trailed));
    facts
}

/// The accounts whose entries are looked at by themselves.
fn looked_at(account: &Account) -> bool {
    let audits = [Duty::Auditor, Duty::Executive].iter().any(|duty| account.duties.contains(duty));
    account.kind == AccountKind::Maintenance || account.holding == Holding::Emergency || audits
}

fn individual(sight: &Sight<'_>, accounts: &BTreeMap<&str, &Account>, newest: &[Accessed]) -> Option<Fact> {
    let (all, place, count) = by_accounts(accounts, newest)?;
    let how = Text {
        ja: format!("監査証跡の {count} 件をアカウント台帳と照合"),
        en: format!("held {count} entries of the trail against the register of accounts"),
    };
    Some(sight.yes_no("runtime.accounts.individual_ids", all, how).at(place))
}

/// Whether whoever was let to something has an account of their own in the register, with the newest entry that shows it
/// and the number of entries that were held against it; none where nobody was let to anything. The system itself has no
/// account: it takes in what is imported; but where it looked at records of patients, somebody did so in its name. Who tries
/// to come in, or sets factors by an invitation, is nobody yet, and has done nothing in here.
fn by_accounts(accounts: &BTreeMap<&str, &Account>, newest: &[Accessed]) -> Option<(bool, Position, usize)> {
    let looked = |access: &Access| !access.patients.is_empty() && access.action != Action::IMPORT.name();
    let arriving =
        |one: &Accessed| one.actor.kind == ActorKind::Unknown && one.access.action == Action::LOGIN.name();
    let acted = |one: &&Accessed| {
        one.access.decided == Decided::Permitted
            && !arriving(one)
            && (one.actor.kind != ActorKind::System || looked(&one.access))
    };
    let of_one = |one: &&Accessed| {
        accounts.get(one.actor.id.as_str()).is_some_and(|account| one.actor.kind == acts_as(account.kind))
    };
    let acts: Vec<&Accessed> = newest.iter().filter(acted).collect();
    Some((acts.iter().all(of_one), acts.first()?.position, acts.len()))
}

/// As what the journal names the actors of a kind of accounts.
fn acts_as(kind: AccountKind) -> ActorKind {
    match kind {
        AccountKind::Person | AccountKind::Maintenance => ActorKind::Person,
        AccountKind::Device => ActorKind::Device,
        AccountKind::Service => ActorKind::Service,
    }
}

/// A search for nobody's records must be found with all that belongs to it; and what touched records lately must name
/// the patients whom the records name.
fn named(sight: &Sight<'_>, trailed: &Trailed) -> Option<Fact> {
    let (asked, place) = trailed.asked?;
    let (named, place, how) = if let Some((named, newest)) = trailed.named {
        let how = (
            "患者の記録を要求し、最新の項目を記録と照合",
            "asked for a patient's records, and held the newest entries against the records",
        );
        (named, newest, how)
    } else {
        let how = (
            "患者の記録を要求し、その項目を監査証跡で確認",
            "asked for a patient's records and looked for that in the trail",
        );
        (true, place, how)
    };
    Some(sight.yes_no("runtime.audit.names_patient_and_actor", asked && named, how).at(place))
}

/// When a person last looked through the trail; none where nobody did, as far back as it was looked at.
fn reviewed(sight: &Sight<'_>, trailed: &Trailed) -> Option<Fact> {
    let all = trailed.newest.iter().chain(trailed.of_accounts.values().flatten());
    let by_a_person = all.filter(|one| {
        one.actor.kind == ActorKind::Person
            && one.access.action == Action::AUDIT.name()
            && one.access.decided == Decided::Permitted
            && one.access.status < 300
    });
    let last = by_a_person.max_by_key(|one| one.position)?;
    let days = sight.days_since(last.time);
    Some(
        sight
            .count(
                "runtime.audit.last_review_days",
                days,
                ("監査証跡の最新の閲覧", "newest look into the trail"),
            )
            .at(last.position),
    )
}

/// How old trail and key are. The key was made with the facility, whose first entry the journal begins with.
fn ages(sight: &Sight<'_>, trailed: &Trailed) -> Vec<Fact> {
    let begun = trailed.begun.map(|begun| {
        let how =
            ("この鍵で始まったジャーナルの最初の項目", "first entry of the journal, which began with it");
        sight.count("runtime.keys.data_key_days", sight.days_since(begun), how).at(Position(0))
    });
    let oldest = trailed.oldest.map(|(place, time)| (place, sight.days_since(time)));
    let kept = oldest.filter(|(_, days)| *days >= TELLING_DAYS).map(|(place, days)| {
        sight
            .count(
                "runtime.audit.retained_days",
                days,
                ("残っている最古の項目の経過日数", "age of the oldest entry that is there"),
            )
            .at(place)
    });
    begun.into_iter().chain(kept).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::maintenance::tests::{account, entry};

    fn told(accounts: &[Account], entries: &[Accessed]) -> Option<bool> {
        let accounts = accounts.iter().map(|account| (account.id.as_str(), account)).collect();
        by_accounts(&accounts, entries).map(|(all, place, count)| {
            assert!(entries.iter().any(|one| one.position == place) && count > 0);
            all
        })
    }

    #[test]
    fn whoever_acted_must_be_in_the_register_as_what_they_acted() {
        let doctor = account("doctor", AccountKind::Person);
        let entry_of = |kind, id| entry(kind, id, 1, "read");
        let accounts = [doctor];
        assert_eq!(told(&accounts, &[]), None, "nobody acted");
        assert_eq!(told(&accounts, &[entry_of(ActorKind::Person, "doctor")]), Some(true));
        for (kind, id) in
            [(ActorKind::Person, "somebody"), (ActorKind::Device, "doctor"), (ActorKind::Unknown, "unknown")]
        {
            let entries = [entry_of(ActorKind::Person, "doctor"), entry_of(kind, id)];
            assert_eq!(told(&accounts, &entries), Some(false), "{id}");
        }
    }

    #[test]
    fn who_is_still_coming_in_is_nobody_and_whoever_has_come_in_is_somebody() {
        let accounts = [account("doctor", AccountKind::Person)];
        let login = |kind, id| entry(kind, id, 1, "login");
        let arriving = login(ActorKind::Unknown, "unknown");
        assert_eq!(told(&accounts, std::slice::from_ref(&arriving)), None);
        let came_in = [arriving.clone(), login(ActorKind::Person, "doctor")];
        assert_eq!(told(&accounts, &came_in), Some(true));
        assert_eq!(told(&accounts, &[arriving, login(ActorKind::Person, "somebody")]), Some(false));
    }

    #[test]
    fn the_system_may_import_but_whoever_looks_in_its_name_has_no_id() {
        let of_system = |action, patient: Option<&str>| {
            let mut entry = entry(ActorKind::System, "console", 1, action);
            entry.access.patients = patient.into_iter().map(str::to_owned).collect();
            entry
        };
        assert_eq!(told(&[], &[of_system("facts", None), of_system("import", Some("p1"))]), None);
        assert_eq!(told(&[], &[of_system("export", Some("p1"))]), Some(false));
        let mut refused = of_system("search", Some("p1"));
        refused.access.decided = Decided::Refused;
        assert_eq!(told(&[], &[refused]), None, "what was refused was no look");
    }
}
