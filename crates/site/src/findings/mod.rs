//! Findings on a site as a whole: what its description says, and what its paths show.
//!
//! What a finding means and what to do about it is data, one file for each rule (`catalogue/findings`); whether it holds is
//! worked out here, topic by topic. What nobody said is undecided, with the key that would decide it; of an element to which
//! a rule does not apply, nothing is said.

mod answer;
mod auth;
mod backup;
mod catalogue;
mod change;
mod cross;
mod data;
mod device;
mod downtime;
mod files;
mod filter;
mod flow;
mod host;
mod line;
mod look;
mod maintenance;
mod party;
mod paths;
mod prefix;
mod scene;
mod service;
mod tls;
mod vpn;
mod wireless;
mod zone;

pub use catalogue::{Catalogue, Fixture, Fixtures, SiteRule};
pub use change::{Change, changed};
pub use cross::{Crossed, cross};
pub use scene::{Judgement, Scene};

use crate::model::Roads;

/// Rules that are worked out together: their ids, and what works them out.
struct Topic {
    rules: &'static [&'static str],
    judge: fn(&Scene<'_>, &mut Vec<Judgement>),
}

/// All of them, in the order in which they are worked out.
static TOPICS: &[Topic] = &[
    auth::TOPIC,
    backup::TOPIC,
    data::TOPIC,
    device::TOPIC,
    downtime::TOPIC,
    filter::TOPIC,
    flow::TOPIC,
    host::TOPIC,
    line::TOPIC,
    maintenance::TOPIC,
    party::TOPIC,
    paths::TOPIC,
    service::TOPIC,
    tls::TOPIC,
    vpn::TOPIC,
    wireless::TOPIC,
    zone::TOPIC,
];

/// The ids of all rules.
pub fn rules() -> impl Iterator<Item = &'static str> {
    TOPICS.iter().flat_map(|topic| topic.rules).copied()
}

/// What every rule says of every element to which it applies: of each element at most once.
pub fn judge(scene: &Scene<'_>) -> Vec<Judgement> {
    let roads = Roads::of(scene.model);
    judge_over(scene, &roads)
}

/// The same over roads that others walk as well.
pub(crate) fn judge_over<'a>(scene: &'a Scene<'a>, roads: &'a Roads<'a>) -> Vec<Judgement> {
    let mut all = Vec::new();
    for topic in TOPICS {
        if topic.rules == paths::TOPIC.rules {
            paths::judge_over(scene, roads, &mut all);
        } else {
            (topic.judge)(scene, &mut all);
        }
    }
    all
}

/// What some rules say.
pub fn judge_only(scene: &Scene<'_>, asked: impl Fn(&str) -> bool) -> Vec<Judgement> {
    let mut all = Vec::new();
    for topic in TOPICS.iter().filter(|topic| topic.rules.iter().any(|rule| asked(rule))) {
        (topic.judge)(scene, &mut all);
    }
    all.retain(|judgement| asked(judgement.rule));
    all
}

/// Whether a rule asks where packets get to, and not only what was said: those are the ones that take time.
pub fn needs_paths(rule: &str) -> bool {
    paths::TOPIC.rules.contains(&rule)
}
