//! States written in few words: the id of each resource is its address.

use serde_json::{Map, Value, json};
use site::model::Model;
use site::network::NodeId;
use site::plan::Plan;
use site::reach::{Answer, Question, Reached};

/// Resources by their addresses.
#[derive(Clone, Debug, Default)]
pub(crate) struct World(Vec<(String, Value)>);

impl World {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// One more resource.
    pub(crate) fn with(mut self, address: &str, values: Value) -> Self {
        self.0.push((address.to_owned(), values));
        self
    }

    /// The same world with other values of a resource.
    pub(crate) fn but(mut self, address: &str, values: &Value) -> Self {
        let found = self.0.iter_mut().find(|(known, _)| known == address).unwrap();
        for (key, value) in values.as_object().unwrap() {
            found.1[key] = value.clone();
        }
        self
    }

    pub(crate) fn without(mut self, address: &str) -> Self {
        self.0.retain(|(known, _)| known != address);
        self
    }

    /// A network with one subnet of the same range, one table with these routes, and a host that lets everything in.
    pub(crate) fn network(self, name: &str, range: &str, routes: Value) -> Self {
        let vpc = format!("aws_vpc.{name}");
        self.with(&vpc, json!({ "cidr_block": range }))
            .with(&format!("aws_subnet.{name}"), json!({ "vpc_id": vpc, "cidr_block": range }))
            .with(&format!("aws_route_table.{name}"), json!({ "vpc_id": vpc, "route": routes }))
            .with(
                &format!("aws_route_table_association.{name}"),
                json!({ "subnet_id": format!("aws_subnet.{name}"), "route_table_id": format!("aws_route_table.{name}") }),
            )
            .group(name, name)
            .host(name)
    }

    /// A group that lets everything in and out.
    pub(crate) fn group(self, name: &str, vpc: &str) -> Self {
        let all = json!([{ "from_port": 0, "to_port": 0, "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"] }]);
        let vpc = format!("aws_vpc.{vpc}");
        self.with(
            &format!("aws_security_group.{name}"),
            json!({ "vpc_id": vpc, "ingress": all, "egress": all }),
        )
    }

    /// A host in the subnet and the group of this name.
    pub(crate) fn host(self, name: &str) -> Self {
        let (subnet, group) = (format!("aws_subnet.{name}"), format!("aws_security_group.{name}"));
        self.with(
            &format!("aws_instance.{name}"),
            json!({ "subnet_id": subnet, "vpc_security_group_ids": [group], "associate_public_ip_address": false }),
        )
    }

    pub(crate) fn plan(&self, place: usize) -> Plan {
        let resource = |(address, values): &(String, Value)| {
            let (kind, name) = address.split_once('.').unwrap();
            let mut all = Map::new();
            all.insert("id".to_owned(), json!(address));
            all.insert("arn".to_owned(), json!(format!("arn:{address}")));
            all.extend(values.as_object().unwrap().clone());
            json!({ "address": address, "mode": "managed", "type": kind, "name": name, "values": all })
        };
        let resources: Vec<Value> = self.0.iter().map(resource).collect();
        let state =
            json!({ "format_version": "1.0", "values": { "root_module": { "resources": resources } } });
        Plan::read("state.json", state.to_string().as_bytes(), place).unwrap()
    }

    pub(crate) fn model(&self) -> Model {
        Model::draw(None, &[self.plan(0)]).unwrap()
    }

    /// Whether packets come from one to the other: `yes`, `no`, or `maybe` with the attributes.
    pub(crate) fn ask(&self, from: &str, to: &str) -> String {
        ask(&self.model(), from, to)
    }
}

pub(crate) fn node(model: &Model, name: &str) -> NodeId {
    model.find(name).unwrap_or_else(|| panic!("no {name}"))
}

pub(crate) fn answer(model: &Model, from: &str, to: &str) -> Answer {
    Question::of(&model.network).from(node(model, from)).to(node(model, to))
}

pub(crate) fn ask(model: &Model, from: &str, to: &str) -> String {
    // The internet is a node only where something leads to it or comes from it.
    if from == "internet" && model.find(from).is_none() {
        return "no".to_owned();
    }
    match answer(model, from, to) {
        Answer::NoPath => "no".to_owned(),
        Answer::Reached(reached) if reached.decided => "yes".to_owned(),
        Answer::Reached(reached) => {
            let told = reached.reasons.iter().map(|reason| format!("{} {}", reason.place, reason.attribute));
            format!("maybe: {}", told.collect::<Vec<_>>().join(", "))
        }
        Answer::Undecided(gaps) => {
            format!("lost: {:?}", gaps.iter().map(|gap| &gap.reason).collect::<Vec<_>>())
        }
    }
}

pub(crate) fn reached(answer: Answer) -> Reached {
    match answer {
        Answer::Reached(reached) => *reached,
        other => panic!("{other:?}"),
    }
}

/// The names of the nodes and rules of a path.
pub(crate) fn told(model: &Model, reached: &Reached) -> String {
    let hop = |hop: &site::reach::Hop| {
        let id = model.network.node(hop.node).map_or(String::new(), |node| node.title.id.clone());
        format!("{id} [{}]", hop.rule.clone().unwrap_or_default())
    };
    reached.path.iter().map(hop).collect::<Vec<_>>().join(" -> ")
}
