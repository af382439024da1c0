//! Flows with data of patients: that nobody on their way reads along.

use super::super::Judgement;
use super::view::{Found, View, worst};
use crate::connection::flows::{Part, better, course, of_patients};
use crate::connection::parameters::{Assessment, Demand, best};
use crate::description::{Carrier, Flow, ZoneKind};
use crate::rules::Verdict;
use crate::step::Step;

pub(super) fn judge(view: &View<'_>, out: &mut Vec<Judgement>) {
    for flow in view.site.flows.iter().flatten() {
        let patients = of_patients(flow);
        if patients == Some(false) {
            continue;
        }
        let (found, steps) = protected(view, flow);
        let found = match (patients, found.verdict) {
            (None, Verdict::Violated) => Found::unsaid("data"),
            _ => found,
        };
        let at = out.len();
        view.tell(out, "flow.unprotected", &flow.id, found);
        if let Some(told) = out.get_mut(at) {
            told.path = steps;
        }
    }
}

fn protected(view: &View<'_>, flow: &Flow) -> (Found, Vec<Step>) {
    let course = course(view.roads, &view.register, flow);
    let each = course.parts.iter().filter_map(|part| {
        let (name, assessed) = on(*part, flow)?;
        let (ja, en) = (assessed.because.ja, assessed.because.en);
        Some(Found::new(assessed.verdict, format!("{name}：{ja}"), format!("{name}: {en}")))
    });
    let found = worst(each).unwrap_or_else(|| {
        Found::holds(
            "施設内だけを通り、外の回線もクラウドも通りません。",
            "It stays within the facility and passes no outside line and no cloud.",
        )
    });
    (found, course.steps)
}

/// What protects a flow on a part of its way, where something has to: on an open line as the guideline demands, on closed
/// lines and in clouds at all, since others run them; cables within the facility are under its own hand.
fn on<'s>(part: Part<'s>, flow: &Flow) -> Option<(&'s str, Assessment)> {
    match part {
        Part::Line(link) => {
            let assessed = match link.carrier {
                Some(Carrier::Internet | Carrier::Mobile | Carrier::Ipsec) => {
                    better(link, flow, Demand::Open)
                }
                Some(
                    Carrier::LeasedLine
                    | Carrier::IpVpn
                    | Carrier::ClosedMobile
                    | Carrier::Telephone
                    | Carrier::Academic
                    | Carrier::CloudInternal
                    | Carrier::Wireless,
                ) => better(link, flow, Demand::Encrypted),
                Some(Carrier::Lan | Carrier::Media) => return None,
                None => unless_within(better(link, flow, Demand::Open)),
            };
            Some((link.id.as_str(), assessed))
        }
        Part::Network(zone) => match zone.kind {
            ZoneKind::Cloud => Some((zone.id.as_str(), best(flow.protection.as_deref(), Demand::Encrypted))),
            ZoneKind::Internet
            | ZoneKind::Information
            | ZoneKind::Medical
            | ZoneKind::Eligibility
            | ZoneKind::Vendor
            | ZoneKind::Carrier
            | ZoneKind::GuestWireless
            | ZoneKind::Management
            | ZoneKind::Other => None,
        },
    }
}

/// Of a line of which nobody knows what carries it, a lack is not certain.
fn unless_within(found: Assessment) -> Assessment {
    let verdict = found.verdict.max(Verdict::Undecided);
    Assessment { verdict, ..found }
}
