//! Whether care goes on when line or systems are gone, and the steps on the way to a target.

use super::answer::{tell_at, yes};
use super::{Judgement, Scene, Topic};
use crate::description::{FACILITY, Phase, Place, Step};

/// The rules on downtime, and on steps of a move.
pub(super) const TOPIC: Topic = Topic {
    rules: &[
        "downtime.no-copy",
        "downtime.no-procedure",
        "move.old-servers-not-erased",
        "move.terminals-unprotected",
    ],
    judge,
};

fn judge(scene: &Scene<'_>, out: &mut Vec<Judgement>) {
    let facility = &scene.site.facility;
    let place = Place::default();
    let procedure = yes("downtime_procedure", facility.downtime_procedure);
    tell_at(out, "downtime.no-procedure", FACILITY, place, procedure);
    tell_at(out, "downtime.no-copy", FACILITY, place, yes("downtime_copy", facility.downtime_copy));
    scene.site.steps.iter().for_each(|step| of_step(step, out));
}

fn of_step(step: &Step, out: &mut Vec<Judgement>) {
    let phase = step.phase.value;
    let mut tell = |rule, answer| tell_at(out, rule, phase.word(), step.phase.place, answer);
    tell("downtime.no-procedure", yes("downtime_procedure", step.downtime_procedure));
    tell("downtime.no-copy", yes("readable_copy", step.readable_copy));
    // Nothing is on the move before the first step, and old servers may stand until the last.
    if phase != Phase::Now || step.terminals_protected_before.is_some() {
        let protected = yes("terminals_protected_before", step.terminals_protected_before);
        tell("move.terminals-unprotected", protected);
    }
    if phase == Phase::Target || step.old_servers_erased.is_some() {
        tell("move.old-servers-not-erased", yes("old_servers_erased", step.old_servers_erased));
    }
}
