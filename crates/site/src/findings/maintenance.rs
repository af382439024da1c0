//! How vendors come in to maintain, but for how far they get.

use super::answer::{Answer, tell, tell_at, unsaid, yes};
use super::{Judgement, Scene, Topic};
use crate::description::{FACILITY, Maintenance, Opening, Place};

const RULES: &[&str] = &[
    "maintenance.no-contract",
    "maintenance.not-logged",
    "maintenance.one-factor",
    "maintenance.open-permanently",
    "maintenance.shared-account",
    "maintenance.unapproved",
];

/// The rules on maintenance from outside.
pub(super) const TOPIC: Topic = Topic { rules: RULES, judge };

fn judge(scene: &Scene<'_>, out: &mut Vec<Judgement>) {
    match &scene.site.maintenance {
        Some(all) => all.iter().for_each(|one| of(one, out)),
        None => {
            for rule in RULES {
                tell_at(out, rule, FACILITY, Place::default(), unsaid("maintenance"));
            }
        }
    }
}

fn of(one: &Maintenance, out: &mut Vec<Judgement>) {
    let id = &one.id;
    tell(out, "maintenance.no-contract", id, yes("contract", one.contract));
    tell(out, "maintenance.not-logged", id, yes("logged", one.logged));
    tell(out, "maintenance.one-factor", id, yes("two_factors", one.two_factors));
    tell(out, "maintenance.open-permanently", id, opened(one.opened));
    tell(out, "maintenance.shared-account", id, yes("account_per_person", one.account_per_person));
    tell(out, "maintenance.unapproved", id, yes("approval", one.approval));
}

fn opened(opened: Option<Opening>) -> Answer {
    opened.map_or_else(
        || unsaid("opened"),
        |opened| Answer::seen(opened == Opening::OnRequest, format!("opened: {}", opened.word())),
    )
}
