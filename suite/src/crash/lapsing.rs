//! Drafts that are due, and a server that finalises them by itself and is killed at it: none is final in part, none twice, and
//! what somebody was shown stays.

use super::acts::{By, Standing, Who};
use super::chance::Chance;
use super::check::{self, Fate};
use super::site::Site;
use super::states;
use super::write::{REPORT, Stored, Wish, Write};
use crate::client::Client;
use serde_json::Value;
use std::collections::BTreeSet;
use std::time::Duration;

/// Most drafts that are finalised, to somebody's knowledge, before the server is killed.
const SEEN_MAX: u64 = 6;
/// Most looks until they are.
const LOOKS_MAX: u32 = 20_000;
/// Time between two looks.
const PAUSE: Duration = Duration::from_millis(1);
/// So many of the drafts that are left are asked for a second version. All of them are counted as drafts, and at the end of a
/// run all of them become final, once.
const NEXT: usize = 5;
/// With fewer drafts than this left nothing would be cut off.
const LEFT_MIN: usize = 20;

/// The drafts.
#[derive(Debug)]
pub(crate) struct Due {
    drafts: Vec<Wish>,
    /// The ids of those that are known to be final.
    done: BTreeSet<String>,
    /// The ids that somebody was shown as final since then.
    seen: BTreeSet<String>,
}

/// What a look at all of them has shown.
#[derive(Debug, Default)]
pub(crate) struct Looked {
    /// Both versions of those that have become final since the last look.
    pub(crate) lapsed: Vec<Stored>,
    /// What does not hold.
    pub(crate) violations: Vec<String>,
}

impl Due {
    /// These drafts, in their first versions.
    pub(crate) fn new(drafts: Vec<Wish>) -> Self {
        Self { drafts, done: BTreeSet::new(), seen: BTreeSet::new() }
    }

    /// Whether enough are left to be cut off among them.
    pub(crate) fn is_left(&self) -> bool {
        self.drafts.len().saturating_sub(self.done.len()) >= LEFT_MIN
    }

    /// Has a server finalise some of them, or all, and kills it.
    ///
    /// # Errors
    /// A text when the server does not start, or does not finalise any.
    pub(crate) async fn kill_amid(&mut self, site: &Site, chance: Option<&Chance>) -> Result<(), String> {
        let some =
            |chance: &Chance| self.done.len() + usize::try_from(chance.below(SEEN_MAX + 1)).unwrap_or(0);
        let wanted = chance.map_or(self.drafts.len(), some);
        let mut server = site.start_lapsing()?;
        let mut client = server.target.client();
        for _ in 0..LOOKS_MAX {
            self.seen = shown(&mut client).await?;
            if self.seen.len() >= wanted {
                return server.kill();
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(format!("{} of {wanted} drafts were finalised by the deadline", self.seen.len()))
    }

    /// Looks at all of them after a restart.
    pub(crate) async fn look(&mut self, client: &mut Client) -> Result<Looked, String> {
        let mut looked = Looked::default();
        let now = shown(client).await?;
        let lost = self.seen.union(&self.done).filter(|id| !now.contains(*id));
        looked.violations.extend(lost.map(|id| format!("{REPORT}/{id}: it was shown as final, and is not")));
        for draft in self.drafts.iter().filter(|draft| draft.id.as_ref().is_some_and(|id| now.contains(id))) {
            if draft.id.as_ref().is_some_and(|id| self.done.contains(id)) {
                continue;
            }
            for write in [draft.clone(), lapsed(draft)].map(Write::Single) {
                match check::fate(client, &write).await? {
                    Fate::Whole(stored) => looked.lapsed.extend(stored),
                    other => looked.violations.push(format!("a draft that was due: {other:?}")),
                }
            }
        }
        looked.violations.extend(self.left(client, &now).await?);
        self.done = now;
        Ok(looked)
    }

    /// That those which are not final are drafts, whole: nothing tells of them, and there is no second version.
    async fn left(&self, client: &mut Client, now: &BTreeSet<String>) -> Result<Vec<String>, String> {
        let left = self.drafts.iter().filter_map(|draft| draft.id.as_ref()).filter(|id| !now.contains(*id));
        let left: Vec<String> = left.map(|id| format!("{REPORT}/{id}")).collect();
        let told = states::targets(client, &left).await?;
        let mut wrong: Vec<String> = told
            .iter()
            .map(|version| format!("{version}: it is told of, but the draft is not final"))
            .collect();
        let query =
            "record-state=draft&record-state-act=enter&record-responsible=sato&record-enterer:missing=true";
        let answer = client.get(format!("fhir/{REPORT}?{query}&_summary=count")).await?;
        let page: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let found = page.get("total").and_then(Value::as_u64);
        if found != u64::try_from(left.len()).ok() {
            wrong.push(format!("{found:?} drafts are left, but there should be {}", left.len()));
        }
        // The server goes through them in this order: where it was cut off, the first of those left are next.
        for record in left.iter().take(NEXT) {
            let second = client.get(format!("fhir/{record}/_history/2")).await?.status;
            if second != 404 {
                wrong.push(format!("{record}: a draft with a second version, status {second}"));
            }
        }
        Ok(wrong)
    }
}

/// What is to become of a draft.
fn lapsed(draft: &Wish) -> Wish {
    let act = (By::Lapse, Who::Deadline, None);
    let (by, who, _) = act;
    let standing = Some(Standing::after(draft.standing.as_ref(), act));
    Wish { version: 2, replaces: Some(1), by, who, standing, ..draft.clone() }
}

/// The ids of all that a search shows as finalised by the deadline and as nothing since.
async fn shown(client: &mut Client) -> Result<BTreeSet<String>, String> {
    let answer = client.get(format!("fhir/{REPORT}?record-state-act=lapse&_elements=id&_count=1000")).await?;
    if answer.status != 200 {
        return Err(format!("search answered with status {}", answer.status));
    }
    let page: Value = serde_json::from_slice(&answer.body).map_err(|error| format!("search: {error}"))?;
    let entries = page.get("entry").and_then(Value::as_array).cloned().unwrap_or_default();
    let id = |entry: &Value| Some(entry.pointer("/resource/id")?.as_str()?.to_owned());
    Ok(entries.iter().filter_map(id).collect())
}
