//! The law of a facility, changed by two hands: one person proposes policies, another puts them in force.

use super::accounts::well_formed;
use super::{Identity, Writing};
use crate::codes;
use crate::kept::{self, Duty, LawProposal, Occupation};
use crate::register::{Register, Step};
use crate::words::FactorKind;
use access::{Action, Context, InForce, Law, LawFault, Resource, Who, WhoKind};
use base::{FacilityId, Problem};
use serde_json::{Value, json};
use store::{Actor, ActorKind};

/// Days after which a proposal ends by itself.
const PROPOSAL_DAYS: i64 = 7;
/// Most proposals that wait at a time.
const PROPOSALS_MAX: usize = 20;
/// Longest text of policies, in bytes.
const TEXT_BYTES_MAX: usize = 64 * 1024;
/// Longest reason, in characters.
const REASON_CHARS_MAX: usize = 200;
/// Faults that are told at a time.
const FAULTS_TOLD_MAX: usize = 10;

impl Identity {
    /// The law in force. It changes under whoever holds this when an extension is approved.
    pub fn law(&self) -> InForce {
        self.law.clone()
    }

    /// What the facility has added to the law, what the law says without it and in which words, and what waits for a
    /// second hand.
    pub(super) fn show_law(&self) -> Value {
        let (register, now) = (self.register(), self.clock.now());
        let law = register.law.as_ref();
        let in_force = self.law.law();
        let texts = in_force.texts();
        let waiting = register.law_proposals.values().filter(|one| now < one.ends);
        json!({
            "extension": law.map_or("", |law| &law.text),
            "proposed_by": law.map(|law| &law.proposed_by),
            "approved_by": law.map(|law| &law.approved_by),
            "reason": law.map(|law| &law.reason),
            "since": law.map(|law| law.since.to_string()),
            "schema": texts.schema,
            "groups": texts.groups,
            "default": texts.builtin,
            "proposals": waiting.map(shown).collect::<Vec<_>>(),
        })
    }

    /// Whether policies could be added; nothing is kept.
    pub(super) fn check_law(&self, text: &str) -> Result<Value, Problem> {
        self.checked_law(text)?;
        Ok(json!({ "good": true }))
    }

    /// Proposes to put these policies in place of what the facility has added so far.
    pub(super) async fn propose_law(&self, by: &Actor, text: String, reason: &str) -> Result<Value, Problem> {
        people_only(by)?;
        self.checked_law(&text)?;
        let reason = reason.trim().to_owned();
        if !well_formed(&reason, REASON_CHARS_MAX) {
            return Err(wrong("A reason has 1 to 200 characters.", "理由は 1〜200 文字です。"));
        }
        let _changing = self.changing.lock().await;
        let mut steps = self.ends_of_proposals(|proposal, now| proposal.ends <= now);
        if self.register().law_proposals.len().saturating_sub(steps.len()) >= PROPOSALS_MAX {
            return Err(Problem::new(&codes::LAW_PROPOSALS_MANY).with("limit", PROPOSALS_MAX));
        }
        let at = self.clock.now();
        let ends = at.plus_seconds(PROPOSAL_DAYS * 86_400);
        let proposal = LawProposal { id: self.new_id()?, text, by: by.id.clone(), reason, at, ends };
        let answer = shown(&proposal);
        steps.push(Step::LawProposal(proposal));
        self.write(by, Writing { steps, ..Writing::default() }).await?;
        Ok(answer)
    }

    /// Puts a proposal in force, by another person than the one who made it. Other proposals end: they were made of the
    /// law as it was, and would take back what this one brings.
    pub(super) async fn approve_law(&self, by: &Actor, id: &str) -> Result<Value, Problem> {
        people_only(by)?;
        let _changing = self.changing.lock().await;
        let proposal = self.proposal(id)?;
        second_hand(&proposal.by, &by.id)?;
        let law = self.checked_law(&proposal.text)?;
        let mut steps = self.ends_of_proposals(|_, _| true);
        steps.push(Step::Law(kept::Law {
            text: proposal.text,
            proposed_by: proposal.by,
            approved_by: by.id.clone(),
            reason: proposal.reason,
            since: self.clock.now(),
        }));
        self.write(by, Writing { steps, ..Writing::default() }).await?;
        self.law.replace(law);
        Ok(self.show_law())
    }

    /// Takes a proposal back.
    pub(super) async fn withdraw_law(&self, by: &Actor, id: &str) -> Result<Value, Problem> {
        let _changing = self.changing.lock().await;
        let proposal = self.proposal(id)?;
        let steps = vec![Step::LawProposalEnd(proposal.id.clone())];
        self.write(by, Writing { steps, ..Writing::default() }).await?;
        Ok(json!({ "withdrawn": proposal.id }))
    }

    pub(super) fn proposal(&self, id: &str) -> Result<LawProposal, Problem> {
        let register = self.register();
        let now = self.clock.now();
        let proposal = register.law_proposals.get(id).filter(|one| now < one.ends);
        proposal.cloned().ok_or_else(|| Problem::new(&codes::LAW_PROPOSAL_UNKNOWN).with("proposal", id))
    }

    fn ends_of_proposals(&self, which: impl Fn(&LawProposal, base::Time) -> bool) -> Vec<Step> {
        let now = self.clock.now();
        let register = self.register();
        let ended = register.law_proposals.values().filter(|one| which(one, now));
        ended.map(|one| Step::LawProposalEnd(one.id.clone())).collect()
    }

    /// Policies that fit, and leave a way to change them again.
    fn checked_law(&self, text: &str) -> Result<Law, Problem> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(wrong("The text has at most 65536 bytes.", "テキストは 65536 バイトまでです。"));
        }
        let law = Law::with(text).map_err(|faults| told(&codes::LAW_WRONG, &faults))?;
        let law = law.at(self.facility.as_str());
        if shuts_out(&self.register(), &self.facility, &law) {
            return Err(Problem::new(&codes::LAW_SHUTS_OUT));
        }
        Ok(law)
    }
}

/// The law that was kept, at the start.
///
/// # Errors
/// This program does not understand it.
pub(super) fn load(register: &Register, facility: &FacilityId) -> Result<InForce, Problem> {
    let law = match &register.law {
        Some(kept) => Law::with(&kept.text).map_err(|faults| {
            let log = format!("{} faults in the law that was kept", faults.len());
            told(&codes::LAW_UNREADABLE, &faults).log(log)
        })?,
        None => Law::builtin(),
    };
    Ok(InForce::new(law.at(facility.as_str())))
}

fn shown(proposal: &LawProposal) -> Value {
    json!({
        "proposal": proposal.id,
        "text": proposal.text,
        "by": proposal.by,
        "reason": proposal.reason,
        "at": proposal.at.to_string(),
        "ends": proposal.ends.to_string(),
    })
}

/// Whoever made a proposal does not put it in force.
pub(super) fn second_hand(proposed_by: &str, by: &str) -> Result<(), Problem> {
    if proposed_by == by {
        return Err(Problem::new(&codes::SECOND_PERSON_NEEDED).with("account", by));
    }
    Ok(())
}

/// A device or service is no second hand.
pub(super) fn people_only(by: &Actor) -> Result<(), Problem> {
    match by.kind {
        ActorKind::Person | ActorKind::System => Ok(()),
        _ => Err(Problem::new(&codes::PEOPLE_ONLY).with("account", &by.id)),
    }
}

fn wrong(en: &'static str, ja: &'static str) -> Problem {
    Problem::new(&codes::LAW_WRONG).with("faults_en", en).with("faults_ja", ja)
}

/// Faults with their places, one after the other.
pub(super) fn told(code: &'static base::Code, faults: &[LawFault]) -> Problem {
    let list = |text: &dyn Fn(&LawFault) -> String| {
        let texts: Vec<String> = faults.iter().take(FAULTS_TOLD_MAX).map(text).collect();
        texts.join(" ")
    };
    let english = list(&|fault| match fault.place {
        Some((line, column)) => format!("line {line}, column {column}: {}", fault.english),
        None => fault.english.clone(),
    });
    let japanese = list(&|fault| match fault.place {
        Some((line, column)) => format!("{line} 行 {column} 文字目: {}", fault.japanese),
        None => fault.japanese.clone(),
    });
    let problem = Problem::new(code).with("faults_en", english).with("faults_ja", japanese);
    match faults.iter().find_map(|fault| fault.place) {
        Some((line, column)) => problem.at(format!("line {line} column {column}")),
        None => problem,
    }
}

/// Whether a law takes from everybody what the default set gives to those who change it: nobody could put it right.
fn shuts_out(register: &Register, facility: &FacilityId, law: &Law) -> bool {
    ["law-propose", "law-approve"].into_iter().any(|name| {
        let given = |law: &Law| anybody_may(register, facility, law, Action::command(name));
        given(&Law::builtin()) && !given(law)
    })
}

fn anybody_may(register: &Register, facility: &FacilityId, law: &Law, action: Action) -> bool {
    let on = Resource::of_kind("Facility");
    let may = |who: &Who| law.decide(who, action, &on, &Context::default()).is_ok();
    Duty::ALL.iter().any(|duty| {
        register.zones.names().into_iter().any(|zone| {
            may(&Who {
                kind: WhoKind::Person,
                account: "anybody".to_owned(),
                occupation: Some(Occupation::Other.word()),
                duties: [duty.word()].into(),
                zone: zone.to_owned(),
                factors: vec![FactorKind::Password.word(), FactorKind::Totp.word()],
                fresh: true,
                ..Who::unknown(facility.as_str())
            })
        })
    })
}
