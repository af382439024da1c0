//! The hops of a path as people and machines read them, apart from the network that was walked.

use crate::model::Model;
use crate::reach::{Hop, Why};
use crate::rules::Text;
use serde::Serialize;

/// One hop of a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The id of the node.
    pub node: String,
    /// What people call it.
    pub name: String,
    /// The zone it lies in; empty where none was said.
    pub zone: String,
    /// The rule, route or rewriting by which packets left it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What happened there.
    pub what: Text,
}

/// The hops of a path in this model.
pub fn steps(model: &Model, hops: &[Hop]) -> Vec<Step> {
    let step = |hop: &Hop| {
        let title = &model.network.node(hop.node)?.title;
        Some(Step {
            node: title.id.clone(),
            name: title.name.clone(),
            zone: title.zone.clone(),
            rule: hop.rule.clone(),
            what: what(hop.why),
        })
    };
    hops.iter().filter_map(step).collect()
}

fn what(why: Why) -> Text {
    let (ja, en) = match why {
        Why::Sent => ("送信", "sent"),
        Why::Routed => ("経路", "routed"),
        Why::Allowed => ("許可", "let through"),
        Why::Translated => ("変換", "rewritten"),
        Why::Carried => ("転送", "carried on"),
        Why::Arrived => ("到達", "arrived"),
    };
    Text::new(ja, en)
}
