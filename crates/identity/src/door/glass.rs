//! Breaking the glass: somebody opens the records of a restricted patient for a while, for a reason that they give, and a
//! second person looks into it.

use super::accounts::well_formed;
use super::law::people_only;
use super::{Caller, Identity, Problems, Writing};
use crate::codes;
use crate::kept::{AccountKind, BrokenGlass, Review};
use crate::register::Step;
use crate::session::SessionId;
use crate::session::codes::SESSION_OVER;
use base::{Problem, ResourceId, Time};
use serde_json::{Value, json};
use std::cmp::Reverse;
use store::Actor;

/// Bounds of a reason, in characters: long enough to say something.
const REASON_CHARS: std::ops::RangeInclusive<usize> = 5..=500;
/// Longest finding, in characters.
const NOTE_CHARS_MAX: usize = 500;
/// Patients that one session may open at a time.
const LASTING_MAX: usize = 20;
/// Those that were looked into, as far as a list shows them.
const REVIEWED_LISTED_MAX: usize = 500;

impl Identity {
    /// Breaks the glass for a patient, for so many minutes or as long as the policy allows, and no longer than the
    /// session lasts. Whether the law lets this person do so is asked before; whether there is such a patient is not asked.
    ///
    /// # Errors
    /// `ID-0040` for whoever does not work here, `ID-0002` without a fresh factor, `ID-0041` for what does not fit,
    /// `ID-0042` for too many at a time.
    pub async fn break_glass(
        &self,
        caller: &Caller,
        patient: &str,
        reason: &str,
        minutes: Option<u32>,
    ) -> Result<BrokenGlass, Problems> {
        let session = self.may_break(caller)?;
        let minutes = self.fitting(patient, reason.trim(), minutes)?;
        let _changing = self.changing.lock().await;
        self.still_there(caller)?;
        let now = self.clock.now();
        if self.register().glasses.lasting(&session, now).count() >= LASTING_MAX {
            return Err(Problem::new(&codes::GLASS_MANY).with("limit", LASTING_MAX).into());
        }
        let ends = self.end_of(caller, &session)?;
        let glass = BrokenGlass {
            id: self.new_id()?,
            account: caller.account.id.clone(),
            session,
            patient: patient.to_owned(),
            reason: reason.trim().to_owned(),
            from: now,
            until: now.plus_seconds(i64::from(minutes) * 60).min(ends),
            reviewed: None,
        };
        // No reason beside the entry: it says something about the patient, and the entry is for everybody.
        let steps = vec![Step::Glass(glass.clone())];
        self.write(&caller.actor, Writing { steps, ..Writing::default() }).await?;
        Ok(glass)
    }

    /// Whoever works here, with a factor shown moments ago.
    fn may_break(&self, caller: &Caller) -> Result<SessionId, Problem> {
        let id = &caller.account.id;
        if caller.account.kind != AccountKind::Person {
            return Err(Problem::new(&codes::GLASS_STAFF_ONLY).with("account", id));
        }
        if !caller.fresh {
            return Err(
                Problem::new(&codes::FRESH_NEEDED).with("seconds", self.register().policy.fresh_seconds)
            );
        }
        caller.session.clone().ok_or_else(|| Problem::new(&SESSION_OVER))
    }

    /// For how many minutes, when all that is said fits.
    pub(super) fn fitting(&self, patient: &str, reason: &str, minutes: Option<u32>) -> Result<u32, Problems> {
        let most = self.register().policy.glass_minutes_max;
        let minutes = minutes.unwrap_or(most);
        let mut problems = Vec::new();
        if ResourceId::parse(patient).is_none() {
            problems.push(wrong("`patient` is the id of a Patient", "`patient` は Patient の id です"));
        }
        if !REASON_CHARS.contains(&reason.chars().count()) || reason.chars().any(char::is_control) {
            problems.push(wrong("a reason has 5 to 500 characters", "理由は 5〜500 文字です"));
        }
        if !(1..=most).contains(&minutes) {
            let en = format!("`minutes` is 1 to {most}");
            problems.push(wrong(&en, &format!("`minutes` は 1〜{most} です")));
        }
        if problems.is_empty() { Ok(minutes) } else { Err(problems.into()) }
    }

    fn end_of(&self, caller: &Caller, session: &SessionId) -> Result<Time, Problem> {
        let live = self.live();
        let mut all = live.sessions.list(&caller.account.id).into_iter();
        let own = all.find(|one| one.id == *session);
        own.map(|one| one.ends).ok_or_else(|| Problem::new(&SESSION_OVER))
    }

    /// What a step-up takes over from the old session to the new one.
    pub(super) fn taken_over(&self, old: &SessionId, new: &SessionId) -> Vec<Step> {
        let now = self.clock.now();
        let register = self.register();
        let lasting = register.glasses.lasting(old, now);
        lasting.map(|glass| Step::Glass(BrokenGlass { session: new.clone(), ..glass.clone() })).collect()
    }

    /// How many breakings last at this moment.
    pub fn glasses_lasting(&self) -> usize {
        let now = self.clock.now();
        self.register().glasses.all().filter(|glass| glass.lasts(now)).count()
    }

    /// The breakings of whoever asks, newest first.
    pub fn own_glass(&self, caller: &Caller) -> Value {
        let register = self.register();
        let mut own: Vec<&BrokenGlass> =
            register.glasses.all().filter(|glass| glass.account == caller.account.id).collect();
        own.sort_by_key(|glass| Reverse(glass.from));
        let shown: Vec<Value> =
            own.into_iter().take(REVIEWED_LISTED_MAX).map(|glass| self.shown_glass(glass)).collect();
        json!({ "glasses": shown })
    }

    /// All breakings: first those that nobody has looked into, oldest first, then the others, newest first.
    pub(super) fn list_glass(&self) -> Value {
        let register = self.register();
        let mut open: Vec<&BrokenGlass> = register.glasses.open().collect();
        open.sort_by_key(|glass| glass.from);
        let mut reviewed: Vec<&BrokenGlass> =
            register.glasses.all().filter(|glass| glass.reviewed.is_some()).collect();
        reviewed.sort_by_key(|glass| Reverse(glass.from));
        let all = open.into_iter().chain(reviewed.into_iter().take(REVIEWED_LISTED_MAX));
        json!({ "glasses": all.map(|glass| self.shown_glass(glass)).collect::<Vec<_>>() })
    }

    fn shown_glass(&self, glass: &BrokenGlass) -> Value {
        let reviewed = glass.reviewed.as_ref();
        json!({
            "glass": glass.id,
            "account": glass.account,
            "patient": glass.patient,
            "reason": glass.reason,
            "from": glass.from.to_string(),
            "until": glass.until.to_string(),
            "lasts": glass.lasts(self.clock.now()) && self.alive(glass),
            "reviewed": reviewed.map(|one| json!({ "by": one.by, "at": one.at.to_string(), "note": one.note })),
        })
    }

    fn alive(&self, glass: &BrokenGlass) -> bool {
        self.live().sessions.list(&glass.account).iter().any(|session| session.id == glass.session)
    }

    /// The second person says what they found. Never the one who broke it.
    pub(super) async fn review_glass(&self, by: &Actor, id: &str, note: &str) -> Result<Value, Problem> {
        people_only(by)?;
        let note = note.trim().to_owned();
        if !well_formed(&note, NOTE_CHARS_MAX) {
            return Err(wrong("a note has 1 to 500 characters", "所見は 1〜500 文字です"));
        }
        let _changing = self.changing.lock().await;
        let found = self.register().glasses.get(id).cloned();
        let mut glass = found.ok_or_else(|| Problem::new(&codes::GLASS_UNKNOWN).with("glass", id))?;
        if glass.account.as_str() == by.id {
            return Err(Problem::new(&codes::SECOND_PERSON_NEEDED).with("account", &by.id));
        }
        if let Some(before) = &glass.reviewed {
            return Err(Problem::new(&codes::GLASS_REVIEWED).with("account", &before.by));
        }
        glass.reviewed = Some(Review { by: by.id.clone(), at: self.clock.now(), note });
        let shown = self.shown_glass(&glass);
        self.write(by, Writing { steps: vec![Step::Glass(glass)], ..Writing::default() }).await?;
        Ok(shown)
    }
}

fn wrong(en: &str, ja: &str) -> Problem {
    Problem::new(&codes::GLASS_WRONG).with("what_en", en).with("what_ja", ja)
}
