//! Notices: what waits for a second person, told to those whose duty it is when they look at their session.

use super::{Caller, Identity};
use crate::kept::{Account, BrokenGlass, Duty, Kept, LawProposal};
use crate::words::AccountId;
use base::Time;
use serde::Serialize;

/// The types kept in the journal whose changes change notices.
pub const NOTICED: [&str; 2] = [BrokenGlass::KIND, LawProposal::KIND];

/// Notices at a time; the oldest come first.
const NOTICES_MAX: usize = 50;

/// Something that waits for the person who is told. It names no patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// What kind: `broken-glass` or `law-proposal`.
    pub kind: &'static str,
    /// The id that the command takes which settles it.
    pub id: String,
    /// Since when it waits.
    #[serde(with = "crate::moment")]
    pub since: Time,
    /// What it is and what to do, in English.
    pub en: String,
    /// The same in Japanese.
    pub ja: String,
}

impl Identity {
    /// What waits for this person: broken glass that nobody has looked into (auditor, executive), and proposals of the
    /// law (executive, planner, operator). Nothing of their own, which somebody else must settle.
    pub fn notices(&self, caller: &Caller) -> Vec<Notice> {
        let (register, now) = (self.register(), self.clock.now());
        let own = caller.account.id.as_str();
        let mut notices = Vec::new();
        let told = register.glasses.open().filter(|glass| hears_of(&caller.account, &glass.account));
        notices.extend(told.map(of_glass));
        if caller.has_duty(&[Duty::Executive, Duty::Planner, Duty::Operator]) {
            let waiting = register.law_proposals.values().filter(|one| now < one.ends && one.by != own);
            notices.extend(waiting.map(of_proposal));
        }
        notices.sort_by(|one, other| (one.since, &one.id).cmp(&(other.since, &other.id)));
        notices.truncate(NOTICES_MAX);
        notices
    }
}

/// Whether an account is told when another one breaks the glass.
pub(super) fn hears_of(account: &Account, breaker: &AccountId) -> bool {
    let duty = [Duty::Auditor, Duty::Executive].iter().any(|duty| account.duties.contains(duty));
    duty && account.id != *breaker
}

fn of_glass(glass: &BrokenGlass) -> Notice {
    let BrokenGlass { id, account, from, .. } = glass;
    Notice {
        kind: "broken-glass",
        id: id.clone(),
        since: *from,
        en: format!(
            "{account} broke the glass for a restricted patient. Read patient and reason with `glass-list`, and say with `glass-review` what you found."
        ),
        ja: format!(
            "{account} が閲覧制限のある患者に緊急アクセスしました。`glass-list` で患者と理由を確かめ、`glass-review` で確認結果を記録してください。"
        ),
    }
}

fn of_proposal(proposal: &LawProposal) -> Notice {
    let LawProposal { id, by, at, .. } = proposal;
    Notice {
        kind: "law-proposal",
        id: id.clone(),
        since: *at,
        en: format!(
            "{by} proposes a change of who may do what. Read it with `law-show`, and put it in force with `law-approve` if you agree."
        ),
        ja: format!(
            "{by} が権限ルールの変更を提案しています。`law-show` で内容を確かめ、問題がなければ `law-approve` で承認してください。"
        ),
    }
}
