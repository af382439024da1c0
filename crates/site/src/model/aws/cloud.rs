//! What is drawn of AWS so far, and where its parts are found.

use super::addresses::Range;
use super::book::{Book, Found};
use super::filters::{Alone, Way};
use super::name_of;
use super::standing::{Set, Standing};
use crate::model::sketch::Sketch;
use crate::network::{Edge, GroupId, Host, Known, NodeId, Placement, Reason, ReasonId, Rule, Title};
use crate::packet::Addresses;
use crate::resource::Resource;
use std::collections::BTreeMap;

/// The number of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct VpcId(pub(super) usize);

/// The number of a subnet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SubnetId(pub(super) usize);

/// The number of a route table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TableId(pub(super) usize);

/// The number of a security group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct GroupNo(pub(super) usize);

/// A network (VPC).
#[derive(Clone, Debug)]
pub(crate) struct Vpc {
    /// What it is called: the name of its resource, or of what stands for one that the plans do not have.
    pub(crate) name: String,
    /// Its addresses.
    pub(crate) range: Range,
    /// Delivers packets to its subnets: by lists and groups. Packets from outside come by [`Cloud::enter`].
    pub(crate) router: NodeId,
    /// Delivers packets to what has a public address: those that the internet gateway rewrote.
    pub(crate) public_router: NodeId,
    /// The main route table.
    pub(crate) main: Option<TableId>,
    /// The number of its plan.
    pub(crate) plan: usize,
    /// Whether it stands for all networks that the plan does not have.
    pub(crate) is_elsewhere: bool,
    /// Set where it is not managed by these plans: others may have given it gateways, routes and lists.
    pub(crate) foreign: Option<ReasonId>,
    /// Its internet gateways, by name.
    pub(crate) internet_gateways: Vec<String>,
    /// Its subnets.
    pub(crate) subnets: Vec<SubnetId>,
}

/// A subnet.
#[derive(Clone, Debug)]
pub(crate) struct Subnet {
    /// What it is called.
    pub(crate) name: String,
    /// Its network.
    pub(crate) vpc: VpcId,
    /// Why nobody knows whether it lies there.
    pub(crate) doubt: Option<ReasonId>,
    /// Its addresses.
    pub(crate) range: Range,
    /// Takes what is sent in it: packets to the subnet itself, and packets that leave it.
    pub(crate) router: NodeId,
    /// Delivers to its hosts, for packets to private addresses and for those that came by a public one.
    pub(crate) inward: [NodeId; 2],
    /// Its route table; where it is not known which it is, those that may be it.
    pub(crate) tables: Vec<TableId>,
    /// Why it is not known.
    pub(crate) tables_doubt: Option<ReasonId>,
    /// Its network ACL.
    pub(crate) acl: AclOf,
    /// Set where it stands for one that the plan does not have: it may be any other one.
    pub(crate) unknown: Option<ReasonId>,
    /// Whether it gives public addresses to what is started in it.
    pub(crate) maps_public: Known,
    /// Whether it gives addresses of IPv6 to what is started in it.
    pub(crate) maps_v6: Known,
}

/// The network ACL of a subnet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AclOf {
    /// The one that lets everything pass.
    Open,
    /// One of the plans, by its number.
    One(usize),
    /// Nobody knows.
    Unknown(ReasonId),
}

/// A route table.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    /// What it is called.
    pub(crate) name: String,
    /// Its network.
    pub(crate) vpc: VpcId,
    /// Why nobody knows whether it belongs to it.
    pub(crate) doubt: Option<ReasonId>,
    /// Its router.
    pub(crate) router: NodeId,
    /// Why its routes are not known.
    pub(crate) unknown: Option<ReasonId>,
}

/// A security group.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    /// What it is called.
    pub(crate) name: String,
    /// Its members, for rules.
    pub(crate) id: GroupId,
    /// Its network where that is known.
    pub(crate) vpc: Option<VpcId>,
    /// What it lets in.
    pub(crate) ingress: Vec<Rule>,
    /// What it lets out.
    pub(crate) egress: Vec<Rule>,
}

/// What is drawn of AWS so far.
pub(crate) struct Cloud<'a, 's> {
    /// The sketch.
    pub(crate) sketch: &'s mut Sketch,
    /// The resources.
    pub(crate) book: &'s Book<'a>,
    pub(super) vpcs: Vec<Vpc>,
    pub(super) subnets: Vec<Subnet>,
    pub(super) tables: Vec<Table>,
    pub(super) groups: Vec<Group>,
    pub(super) acls: Vec<super::acl::Acl>,
    pub(super) vpc_names: BTreeMap<String, VpcId>,
    pub(super) subnet_names: BTreeMap<String, SubnetId>,
    pub(super) table_names: BTreeMap<String, TableId>,
    pub(super) group_names: BTreeMap<String, GroupNo>,
    /// Networks that are the only ones of their modules.
    pub(super) only_vpcs: BTreeMap<(usize, String), VpcId>,
    /// Groups of a module, or of a plan where the module has none: those that may be meant where nothing tells.
    pub(super) groups_beside: BTreeMap<(usize, Option<String>), Vec<GroupNo>>,
    /// Subnets and route tables of each module.
    pub(super) subnets_beside: BTreeMap<(usize, String), Vec<SubnetId>>,
    pub(super) tables_beside: BTreeMap<(usize, String), Vec<TableId>>,
    /// Why it is not known whether the default group of a network is the one that AWS makes.
    pub(super) default_open: BTreeMap<VpcId, ReasonId>,
    /// The prefixes of lists, by name.
    pub(super) lists: BTreeMap<String, Range>,
    pub(super) default_groups: BTreeMap<VpcId, GroupNo>,
    /// Nodes by the names of the gateways that they are, for a network or for all.
    gateways: BTreeMap<(String, Option<VpcId>), Edge>,
    /// What gateways announce to the tables to which they propagate routes.
    pub(super) announced: BTreeMap<String, Range>,
    /// Gateways of which packets that come in are routed by a table of their own, and why that is undecided.
    pub(super) routed_in: BTreeMap<String, ReasonId>,
    /// Where packets come into a network: by a gateway, for private addresses or public ones.
    pub(super) entrances: BTreeMap<(VpcId, String, bool), NodeId>,
    pub(super) filters: BTreeMap<(SubnetId, Way, Set), NodeId>,
    /// Whether everything stands where it will: lists of what is let out can be written.
    pub(super) settled: Option<Alone>,
    unsure_members: Option<GroupId>,
    /// Other names of gateways: a peering is named by who accepted it as well.
    pub(super) aliases: BTreeMap<String, String>,
    /// Nodes that hosts and interfaces are, by their names.
    pub(super) hosts: BTreeMap<String, (NodeId, Standing)>,
    /// What the internet can address, with what to say of it, by network.
    pub(super) fronts: Vec<Front>,
}

/// Something with a public address of IPv4.
#[derive(Clone, Debug)]
pub(crate) struct Front {
    /// The node that sends.
    pub(crate) node: NodeId,
    /// Its subnets.
    pub(crate) subnets: Vec<SubnetId>,
    /// The public address where it is known.
    pub(crate) address: Option<std::net::IpAddr>,
    /// The private addresses where they are known.
    pub(crate) private: Vec<std::net::IpAddr>,
    /// Why nobody knows whether it has one.
    pub(crate) maybe: Option<ReasonId>,
    /// Whether packets may come to it from outside; a NAT gateway only sends.
    pub(crate) takes: bool,
}

impl<'a, 's> Cloud<'a, 's> {
    /// Nothing drawn.
    pub(crate) fn new(sketch: &'s mut Sketch, book: &'s Book<'a>) -> Self {
        Self {
            sketch,
            book,
            vpcs: Vec::new(),
            subnets: Vec::new(),
            tables: Vec::new(),
            groups: Vec::new(),
            acls: Vec::new(),
            vpc_names: BTreeMap::new(),
            subnet_names: BTreeMap::new(),
            table_names: BTreeMap::new(),
            group_names: BTreeMap::new(),
            only_vpcs: BTreeMap::new(),
            groups_beside: BTreeMap::new(),
            subnets_beside: BTreeMap::new(),
            tables_beside: BTreeMap::new(),
            default_open: BTreeMap::new(),
            lists: BTreeMap::new(),
            default_groups: BTreeMap::new(),
            gateways: BTreeMap::new(),
            announced: BTreeMap::new(),
            routed_in: BTreeMap::new(),
            entrances: BTreeMap::new(),
            filters: BTreeMap::new(),
            settled: None,
            unsure_members: None,
            aliases: BTreeMap::new(),
            hosts: BTreeMap::new(),
            fronts: Vec::new(),
        }
    }

    /// The number of a reason.
    pub(crate) fn reason(&mut self, reason: Reason) -> ReasonId {
        self.sketch.draft.reason(reason)
    }

    /// A network by its number.
    #[expect(clippy::indexing_slicing, reason = "numbers are made only where a network is added")]
    pub(crate) fn vpc(&self, id: VpcId) -> &Vpc {
        &self.vpcs[id.0]
    }

    /// All networks.
    pub(crate) fn vpcs(&self) -> impl Iterator<Item = VpcId> + use<> {
        (0..self.vpcs.len()).map(VpcId)
    }

    /// A subnet by its number.
    #[expect(clippy::indexing_slicing, reason = "numbers are made only where a subnet is added")]
    pub(crate) fn subnet(&self, id: SubnetId) -> &Subnet {
        &self.subnets[id.0]
    }

    /// The subnets of a network.
    pub(crate) fn subnets_of(&self, vpc: VpcId) -> impl Iterator<Item = (SubnetId, &Subnet)> {
        self.vpc(vpc).subnets.iter().map(|id| (*id, self.subnet(*id)))
    }

    /// The routers of the route tables by which packets leave a subnet: one, or those that may be it.
    pub(crate) fn tables_of(&self, subnet: SubnetId) -> Vec<NodeId> {
        let tables = self.subnet(subnet).tables.iter();
        tables.filter_map(|table| Some(self.tables.get(table.0)?.router)).collect()
    }

    /// The network that a resource is, or that an attribute of it names; with the reason where that is not sure. A network
    /// that the plans do not have is drawn as one of which nothing is known.
    pub(crate) fn vpc_named(&mut self, resource: &'a Resource, path: &str) -> (VpcId, Option<ReasonId>) {
        let found = self.book.named(resource, path, super::lay::VPCS);
        self.vpc_found(resource, path, &found)
    }

    pub(super) fn vpc_found(
        &mut self,
        resource: &Resource,
        path: &str,
        found: &Found<'a>,
    ) -> (VpcId, Option<ReasonId>) {
        let known = match found.these.as_slice() {
            [one] => self.vpc_names.get(&name_of(one)).copied(),
            [] if found.open.is_some() => self.only_vpc(resource),
            _ => None,
        };
        let doubt = found.open.clone().map(|reason| self.reason(reason));
        if let Some(id) = known {
            return (id, doubt);
        }
        let reason = Reason::attribute(name_of(resource), path);
        (super::hidden::elsewhere(self, resource.plan, &reason), doubt)
    }

    /// The only network that the module has: the one that is probably meant where nothing tells.
    pub(super) fn only_vpc(&self, resource: &Resource) -> Option<VpcId> {
        self.only_vpcs.get(&(resource.plan, resource.module.clone())).copied()
    }

    /// Where something that names subnets stands in them. What is not known of that is told by `doubt`; a subnet that the
    /// plans do not have is drawn as one of which nothing is known.
    pub(crate) fn subnets_named(
        &mut self,
        resource: &'a Resource,
        paths: &[&str],
    ) -> (Vec<SubnetId>, Option<ReasonId>) {
        let mut found = Found::default();
        for path in paths {
            found = found.with(self.book.named(resource, path, super::lay::SUBNETS));
        }
        let path = paths.first().copied().unwrap_or("subnet_id");
        super::lay::subnets_found(self, resource, path, &found)
    }

    /// The security groups that attributes name. Where they are not set, the default group of the network is meant.
    pub(crate) fn set_named(&mut self, resource: &'a Resource, paths: &[&str], subnets: &[SubnetId]) -> Set {
        super::groups::set_named(self, resource, paths, subnets)
    }

    /// Hosts of which it is not known what groups they have: they may be members of any.
    pub(super) fn unsure_members(&mut self) -> GroupId {
        let draft = &mut self.sketch.draft;
        *self.unsure_members.get_or_insert_with(|| draft.group(crate::network::Group::default()))
    }

    /// Names the node that takes what leaves networks by a gateway: of one network, or of all.
    pub(crate) fn leads_to(&mut self, gateway: &str, vpc: Option<VpcId>, edge: Edge) {
        self.gateways.insert((gateway.to_owned(), vpc), edge);
    }

    /// The way to what takes what leaves a network by a gateway.
    pub(crate) fn gateway(&self, gateway: &str, vpc: VpcId) -> Option<Edge> {
        let own = self.gateways.get(&(gateway.to_owned(), Some(vpc)));
        own.or_else(|| self.gateways.get(&(gateway.to_owned(), None))).copied()
    }

    /// What a gateway announces to the route tables to which it propagates. Of one that nobody named here, everything is
    /// possible.
    pub(crate) fn announces(&mut self, gateway: &str, range: Range) {
        self.announced.insert(gateway.to_owned(), range);
    }

    /// The node that takes what comes into a network by a gateway. Of TCP it lets in what the route tables of the subnets
    /// send answers back to by the same gateway. `by_public_address` is for packets that a translator made of packets to
    /// public addresses: these come only to what has one.
    pub(crate) fn enter(&mut self, vpc: VpcId, gateway: &str, by_public_address: bool) -> NodeId {
        let key = (vpc, gateway.to_owned(), by_public_address);
        if let Some(known) = self.entrances.get(&key) {
            return *known;
        }
        let Vpc { name, router, public_router, .. } = self.vpc(vpc).clone();
        let way = if by_public_address { "by public addresses" } else { "in" };
        let title =
            Title::new(format!("{name} ({way} from {gateway})")).named(gateway).at(gateway).zone(name);
        let node = self.sketch.draft.stateless_filter(title);
        self.sketch.draft.connect(node, if by_public_address { public_router } else { router });
        self.entrances.insert(key, node);
        node
    }

    /// The node that judges what the groups let out, and sends it into the subnet.
    pub(crate) fn egress(&mut self, subnet: SubnetId, set: &Set) -> NodeId {
        self.filter(subnet, Way::Out, set)
    }

    /// The node that judges what the groups let in. It is given what is delivered in the subnet; connect it to what stands
    /// behind it.
    pub(crate) fn ingress(&mut self, subnet: SubnetId, set: &Set, by_public_address: bool) -> NodeId {
        self.filter(subnet, if by_public_address { Way::InByPublicAddress } else { Way::In }, set)
    }

    /// Puts a host into its subnets, with the addresses that it has there.
    pub(crate) fn place(
        &mut self,
        title: Title,
        standing: &Standing,
        host: impl FnOnce(Placement) -> Host,
    ) -> NodeId {
        let name = title.id.clone();
        let placement = self.placement(&title.place, standing);
        let node = self.sketch.draft.host(title, host(placement));
        self.hosts.insert(name, (node, standing.clone()));
        self.join(node, standing);
        node
    }

    /// Joins a host with its subnets in both directions.
    pub(crate) fn join(&mut self, node: NodeId, standing: &Standing) {
        self.attach(node, standing);
        for &subnet in &standing.subnets {
            let out = self.egress(subnet, &standing.set);
            self.sketch.draft.edge(node, Edge { to: out, maybe: standing.doubt });
        }
    }

    /// Delivers to a node what its groups let in, in all its subnets, and makes it a member of its groups. Where it has a
    /// public address, the internet can address it. What it sends goes to [`Cloud::egress`], which is not drawn here.
    pub(crate) fn attach(&mut self, node: NodeId, standing: &Standing) {
        for group in &standing.set.groups {
            if let Some(group) = self.groups.get(group.0) {
                self.sketch.draft.join(group.id, node);
            }
        }
        if standing.set.open.is_some() {
            let unsure = self.unsure_members();
            self.sketch.draft.join(unsure, node);
        }
        let maybe = match standing.public {
            Known::No => None,
            Known::Yes => Some(None),
            Known::Undecided(reason) => Some(Some(reason)),
        };
        for &subnet in &standing.subnets {
            let inward = self.ingress(subnet, &standing.set, false);
            self.sketch.draft.edge(inward, Edge { to: node, maybe: standing.doubt });
            if let Some(maybe) = maybe {
                let inward = self.ingress(subnet, &standing.set, true);
                self.sketch.draft.edge(inward, Edge { to: node, maybe: standing.doubt.or(maybe) });
            }
        }
        if let Some(maybe) = maybe {
            self.front(node, standing, maybe, true);
        }
    }

    /// Gives a node a public address: what it sends to the internet is rewritten. `takes` says whether the internet can
    /// address it too.
    pub(crate) fn front(&mut self, node: NodeId, standing: &Standing, maybe: Option<ReasonId>, takes: bool) {
        self.fronts.push(Front {
            node,
            subnets: standing.subnets.clone(),
            address: standing.public_address,
            private: standing.addresses.clone(),
            maybe: maybe.or(standing.doubt),
            takes,
        });
    }

    /// The addresses that something has where it stands: known ones, or one of each of its subnets.
    pub(crate) fn placement(&mut self, place: &str, standing: &Standing) -> Placement {
        if !standing.addresses.is_empty() {
            return Placement::At(Addresses::from_hosts(standing.addresses.iter().copied()));
        }
        let has_v6 = standing.v6 != Known::No;
        let of = |subnet: &SubnetId| {
            let nets = self.subnet(*subnet).range.all().filter(|net| has_v6 || net.addr().is_ipv4());
            Addresses::from_nets(nets.collect::<Vec<_>>())
        };
        let mut each: Vec<Addresses> = standing.subnets.iter().map(of).collect();
        // Unknown ranges are the same everywhere.
        each.sort_unstable();
        each.dedup();
        let reason = self.reason(Reason::address(place));
        if standing.in_each && each.len() > 1 {
            return Placement::in_each(each, reason);
        }
        let all = each.iter().flat_map(|set| set.spans().iter().copied());
        Placement::Within(Addresses::from_spans(all), reason)
    }
}
