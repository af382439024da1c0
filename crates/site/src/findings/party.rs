//! Who else takes part: agreements and disclosures.

use super::answer::{tell, tell_at, yes};
use super::{Judgement, Scene, Topic};
use crate::description::PartyKind;

/// The rules on agreements and disclosures.
pub(super) const TOPIC: Topic = Topic { rules: &["party.no-agreement", "party.no-disclosure"], judge };

fn judge(scene: &Scene<'_>, out: &mut Vec<Judgement>) {
    for party in &scene.site.parties {
        let supplies = matches!(party.kind, PartyKind::Vendor | PartyKind::Provider);
        let serves = supplies || matches!(party.kind, PartyKind::Carrier | PartyKind::Cloud);
        if serves || party.agreement.is_some() {
            tell(out, "party.no-agreement", &party.id, yes("agreement", party.agreement));
        }
        // Carriers and clouds publish reports for everybody; the disclosure is the form of vendors and providers.
        if supplies || party.disclosure.is_some() {
            tell(out, "party.no-disclosure", &party.id, yes("disclosure", party.disclosure));
        }
    }
    for step in &scene.site.steps {
        let phase = step.phase.value.word();
        let disclosure = yes("disclosure_on_file", step.disclosure_on_file);
        tell_at(out, "party.no-disclosure", phase, step.phase.place, disclosure);
    }
}
