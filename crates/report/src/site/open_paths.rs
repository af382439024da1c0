//! The open paths of a check to the records, hop by hop, as reports show them.

use super::summary::Summary;
use super::text;
use super::words::{assumption, choose, said};
use crate::form::OpenPath;
use base::Language;
use guideline::Text;
use site::attack::{Assumption, Chain, Cut, Leg};
use site::check::Check;

/// Changes that are named where none is known to lie on the path itself.
const CUTS_SHOWN: usize = 3;

/// The paths that need no flaw that nobody knows, what is certain first; those that differ only in where they begin or end
/// are one.
pub fn open_paths(check: &Check) -> Vec<OpenPath> {
    let summary = Summary::of(check);
    let needs = |leg: &Leg| leg.assumption == Assumption::UnknownFlaw;
    let ways = summary.ways();
    let open = ways.iter().filter(|way| !way.chain.legs.iter().any(needs));
    open.map(|way| {
        let title = both(|language| {
            let doubt =
                if way.chain.decided { "" } else { choose(language, "（未確定）", " (not certain)") };
            format!("{}{doubt}", summary.names.of_way(way, language))
        });
        let hops = way.chain.legs.iter().map(|leg| both(|language| hop(leg, &summary, language)));
        OpenPath { title, hops: hops.collect(), cuts: cuts(way.chain, &check.attacks.cuts) }
    })
    .collect()
}

/// From where to where, what lets an attacker stay there, and why that is so.
fn hop(leg: &Leg, summary: &Summary<'_>, language: Language) -> String {
    let name = |id: &str| summary.names.of_element(id, language);
    let doubt = if leg.said { "" } else { choose(language, "（未確認）", " (not ruled out)") };
    let (from, to, what) = (name(&leg.from), name(&leg.to), assumption(language, leg.assumption));
    let because = text::harmless(said(&leg.because, language));
    let because = because.trim();
    let colon = choose(language, "：", ": ");
    let rest = if because.is_empty() { String::new() } else { format!("{colon}{because}") };
    format!("{from} → {to}{colon}{what}{doubt}{rest}")
}

/// The changes of what lies on the path; where none of those that were tried does, the ones that cut most paths.
fn cuts(chain: &Chain, all: &[Cut]) -> Vec<Text> {
    let on_it = |cut: &&Cut| {
        chain.legs.iter().any(|leg| {
            leg.to == cut.element
                || leg
                    .steps
                    .iter()
                    .any(|step| step.node == cut.element || step.rule.as_ref() == Some(&cut.element))
        })
    };
    let own: Vec<&Cut> = all.iter().filter(on_it).collect();
    if !own.is_empty() {
        return own
            .into_iter()
            .map(|cut| both(|language| text::harmless(said(&cut.change, language))))
            .collect();
    }
    let most = |cut: &Cut| {
        both(|language| {
            let change = text::harmless(said(&cut.change, language));
            match language {
                Language::Japanese => format!("{change}（見つかった経路のうち {} 本を断つ）", cut.chains),
                Language::English => format!("{change} (cuts {} of the paths found)", cut.chains),
            }
        })
    };
    all.iter().take(CUTS_SHOWN).map(most).collect()
}

fn both(say: impl Fn(Language) -> String) -> Text {
    Text { ja: say(Language::Japanese), en: say(Language::English) }
}
