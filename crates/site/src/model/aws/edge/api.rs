//! API Gateway: entrances to functions, balancers and services.
//!
//! An API is reached by its default name and by the domains that are mapped to it; each way is a node of its own, since a
//! domain may ask for client certificates while the default name does not. A private API is reached from private endpoints
//! only, as its policy says. Who is let in by an authorizer is no question of the network.

use super::balancer::{self, Balancer, Balancers};
use super::field::Field;
use super::policy::{Call, Reading, Scope, Way, read};
use super::service::{self, FUNCTIONS, Offered};
use super::store::documents;
use super::{owners, part, stands_for, unknown};
use crate::model::aws::cloud::Cloud;
use crate::model::aws::name_of;
use crate::model::aws::standing::Standing;
use crate::network::{Edge, Match, NewSource, NodeId, Placement, Reason, ReasonId, Rewrite, Rule, Target};
use crate::resource::{Resource, is_mark, names};
use std::collections::BTreeMap;

/// What is an API.
pub(super) const APIS: &[&str] = &["aws_api_gateway_rest_api", "aws_apigatewayv2_api"];
const DOMAINS: &[&str] = &["aws_api_gateway_domain_name", "aws_apigatewayv2_domain_name"];
/// Integrations, with the attribute by which they name their API.
const INTEGRATIONS: [(&str, &str); 2] =
    [("aws_api_gateway_integration", "rest_api_id"), ("aws_apigatewayv2_integration", "api_id")];
const MAPPINGS: [&str; 2] = ["aws_api_gateway_base_path_mapping", "aws_apigatewayv2_api_mapping"];
/// The port of every API.
const HTTPS: u16 = 443;

/// An API.
#[derive(Clone, Debug)]
pub(super) struct Api<'a> {
    pub(super) resource: &'a Resource,
    /// Takes what is let in.
    pub(super) entry: NodeId,
    is_private: Option<bool>,
    policy: Reading,
    place: String,
}

/// The APIs by their names.
pub(super) type Apis<'a> = BTreeMap<String, Api<'a>>;

/// Draws the APIs with their ways in and what they call.
pub(super) fn draw<'a>(cloud: &mut Cloud<'a, '_>, balancers: &Balancers<'a>) -> Apis<'a> {
    let mut apis = Apis::new();
    let mut policies = owners(cloud, &["aws_api_gateway_rest_api_policy"], "rest_api_id", APIS);
    let mut domains = domains(cloud);
    let mut integrations: BTreeMap<String, Vec<(&'a Resource, Option<ReasonId>)>> = BTreeMap::new();
    for (kind, path) in INTEGRATIONS {
        for (name, more) in owners(cloud, &[kind], path, APIS) {
            integrations.entry(name).or_default().extend(more);
        }
    }
    let book = cloud.book;
    for resource in book.kinds(APIS) {
        let name = name_of(resource);
        let offered = service::offer_resource(cloud, resource, &[HTTPS]);
        let holder =
            policies.remove(&name).and_then(|all| all.first().map(|(one, _)| *one)).unwrap_or(resource);
        let documents = documents(cloud, holder, "policy");
        let policy = read(holder, "policy", &documents);
        let is_private = is_private(resource);
        let api = Api { resource, entry: offered.entry, is_private, policy, place: name_of(holder) };
        api.open(cloud, domains.remove(&name).unwrap_or_default());
        let integrations = integrations.remove(&name).unwrap_or_default();
        api.call(cloud, offered, &integrations, balancers);
        apis.insert(name, api);
    }
    functions(cloud);
    apis
}

/// Whether an API is reached by private endpoints only.
fn is_private(api: &Resource) -> Option<bool> {
    let types = Field::of(api, "endpoint_configuration").first().at("types");
    if types.has_unknown() {
        return None;
    }
    Some(types.texts().contains(&Some("PRIVATE")))
}

/// The domains that are mapped to each API.
fn domains<'a>(cloud: &mut Cloud<'a, '_>) -> BTreeMap<String, Vec<&'a Resource>> {
    let mut found: BTreeMap<String, Vec<&'a Resource>> = BTreeMap::new();
    let book = cloud.book;
    for kind in MAPPINGS {
        for mapping in book.kind(kind) {
            let apis =
                ["api_id", "rest_api_id"].iter().flat_map(|path| book.named(mapping, path, APIS).these);
            let apis: Vec<&Resource> = apis.collect();
            for domain in book.kinds(DOMAINS).filter(|domain| is_meant(mapping, domain)) {
                for api in &apis {
                    found.entry(name_of(api)).or_default().push(domain);
                }
            }
        }
    }
    // A domain may be mapped by several paths.
    for own in found.values_mut() {
        own.sort_by(|one, other| one.address.cmp(&other.address));
        own.dedup_by(|one, other| std::ptr::eq(*one, *other));
    }
    found
}

/// Whether a mapping names a domain: by the domain itself or by a reference.
fn is_meant(mapping: &Resource, domain: &Resource) -> bool {
    let field = "domain_name";
    let text = Field::of(mapping, field).text();
    let same = text.is_some() && text == Field::of(domain, field).text();
    let references = mapping.references.get(field).map_or(&[][..], Vec::as_slice);
    same || references.iter().any(|reference| !is_mark(reference) && names(reference, &domain.address))
}

impl<'a> Api<'a> {
    /// The ways in over the internet.
    fn open(&self, cloud: &mut Cloud<'a, '_>, domains: Vec<&'a Resource>) {
        let unsure = match self.is_private {
            Some(true) => return,
            Some(false) => None,
            None => Some(unknown(cloud, self.resource, "endpoint_configuration.types")),
        };
        let gates = self.gates(cloud, Way::Internet, "the internet");
        let off = Field::of(self.resource, "disable_execute_api_endpoint");
        if off.flag() != Some(true) {
            let maybe = off.is_unknown().then(|| unknown(cloud, self.resource, off.path()));
            let title = part(self.resource, "default name");
            Self::way_in(cloud, title, &gates, unsure.or(maybe));
        }
        for domain in domains {
            let mutual = !Field::of(domain, "mutual_tls_authentication").each().is_empty();
            let policy = domain_policy(domain);
            let notes = if mutual { format!("{policy}, client certificate") } else { policy };
            let title = part(self.resource, &format!("{}, {notes}", name_of(domain))).at(name_of(domain));
            Self::way_in(cloud, title, &gates, unsure);
        }
    }

    /// A way in over the internet, by a name of its own.
    fn way_in(
        cloud: &mut Cloud<'a, '_>,
        title: crate::network::Title,
        gates: &[NodeId],
        maybe: Option<ReasonId>,
    ) {
        let name = title.id.clone();
        let node = cloud.sketch.draft.filter(title);
        let matching = Match::all().by(service::tcp(&[HTTPS]));
        cloud.sketch.draft.rule(node, Rule::allow(name, matching));
        for gate in gates {
            cloud.sketch.draft.connect(node, *gate);
        }
        service::from_internet(cloud, node, maybe);
    }

    /// What lets in who may call it: its policy, where it has one.
    fn gates(&self, cloud: &mut Cloud<'a, '_>, way: Way<'_>, from: &str) -> Vec<NodeId> {
        let call = Call { way, action: "execute-api:Invoke", scope: Scope::Inside };
        let gate = match (&self.policy, way) {
            (Reading::Unset, Way::Internet) => return vec![self.entry],
            // A private API without a policy lets nobody in.
            (Reading::Unset, Way::Endpoint { .. }) => return Vec::new(),
            (Reading::Unknown, _) => {
                let reason = cloud.reason(Reason::attribute(self.place.clone(), "policy"));
                service::doubtful(cloud, &format!("{} policy from {from}", self.place), reason)
            }
            (Reading::Known(policy), _) => {
                let verdicts = policy.judge(&call);
                service::gate(
                    cloud,
                    &format!("{} policy from {from}", self.place),
                    &self.place,
                    &verdicts,
                    false,
                )
            }
        };
        cloud.sketch.draft.connect(gate, self.entry);
        vec![gate]
    }

    /// The ways in from a private endpoint, where the API is private.
    pub(super) fn by_endpoint(
        &self,
        cloud: &mut Cloud<'a, '_>,
        endpoint: &Resource,
        way: Way<'_>,
    ) -> Vec<NodeId> {
        if self.is_private == Some(false) {
            return Vec::new();
        }
        let gates = self.gates(cloud, way, &name_of(endpoint));
        if self.is_private.is_some() {
            return gates;
        }
        let reason = unknown(cloud, self.resource, "endpoint_configuration.types");
        let name = format!("{} from {}", name_of(self.resource), name_of(endpoint));
        let doubtful = service::doubtful(cloud, &name, reason);
        for gate in gates {
            cloud.sketch.draft.connect(doubtful, gate);
        }
        vec![doubtful]
    }

    /// What an API calls, as rewritings of what came in.
    fn call(
        &self,
        cloud: &mut Cloud<'a, '_>,
        offered: Offered,
        integrations: &[(&'a Resource, Option<ReasonId>)],
        balancers: &Balancers<'a>,
    ) {
        let mut targets = Vec::new();
        for (integration, doubt) in integrations {
            let found = Self::targets(cloud, integration, balancers);
            targets.extend(found.into_iter().map(|target| {
                let maybe = target.next.maybe.or(*doubt);
                Target { next: Edge { maybe, ..target.next }, ..target }
            }));
        }
        let body = Field::of(self.resource, "body");
        if (body.text().is_some() || body.is_unknown()) && integrations.is_empty() {
            let reason = unknown(cloud, self.resource, "body");
            targets.extend(self.anything(cloud, reason));
        }
        // It calls as itself: what stands behind it sees the API, not the client.
        let caller = cloud.sketch.draft.translator(part(self.resource, "calls"));
        let rewrite = Rewrite::destination(name_of(self.resource), Match::all(), targets)
            .with_source(NewSource::any_of(service::nowhere()));
        cloud.sketch.draft.rewrite(caller, rewrite);
        cloud.sketch.draft.connect(offered.host, caller);
        cloud.sketch.draft.connect(offered.passed, caller);
    }

    /// Any function that belongs to the same plan may be what a description in another language names.
    fn anything(&self, cloud: &mut Cloud<'a, '_>, reason: ReasonId) -> Vec<Target> {
        let book = cloud.book;
        let functions = book.kind("aws_lambda_function").filter(|one| one.plan == self.resource.plan);
        let names: Vec<String> = functions.map(name_of).collect();
        let mut targets = Vec::new();
        for name in names {
            targets.extend(to_function(cloud, &name, Some(reason)));
        }
        targets
    }

    fn targets(
        cloud: &mut Cloud<'a, '_>,
        integration: &'a Resource,
        balancers: &Balancers<'a>,
    ) -> Vec<Target> {
        let uri = if integration.kind == "aws_apigatewayv2_integration" { "integration_uri" } else { "uri" };
        let mut targets = Vec::new();
        let found = cloud.book.named(integration, uri, FUNCTIONS);
        let doubt = found.open.clone().filter(|_| !found.these.is_empty()).map(|reason| cloud.reason(reason));
        for one in &found.these {
            targets.extend(to_function(cloud, &name_of(one), doubt));
        }
        let by_link = Field::of(integration, "connection_type").text() == Some("VPC_LINK");
        if by_link && integration.kind == "aws_apigatewayv2_integration" {
            targets.extend(http_link(cloud, integration, balancers));
        } else if by_link {
            targets.extend(rest_link(cloud, integration, balancers));
        }
        targets
    }
}

fn domain_policy(domain: &Resource) -> String {
    let inner = Field::of(domain, "domain_name_configuration").first().at("security_policy");
    let text = Field::of(domain, "security_policy").text().or(inner.text());
    text.unwrap_or("TLS").to_owned()
}

fn to_function(cloud: &mut Cloud<'_, '_>, name: &str, maybe: Option<ReasonId>) -> Option<Target> {
    let node = service::function(cloud, name)?;
    let addresses = cloud.sketch.draft.addresses(node).cloned().unwrap_or_else(service::nowhere);
    Some(Target { addresses: Some(addresses), port: None, next: Edge { to: node, maybe } })
}

/// The port that the address of an integration names.
fn port_of(uri: Option<&str>) -> Option<u16> {
    let (scheme, rest) = uri?.split_once("://")?;
    let host = rest.split('/').next()?;
    match host.rsplit_once(':') {
        Some((_, port)) => port.parse().ok(),
        None if scheme == "https" => Some(HTTPS),
        None => Some(80),
    }
}

/// A link of a REST API: a private endpoint of a network balancer.
fn rest_link<'a>(
    cloud: &mut Cloud<'a, '_>,
    integration: &'a Resource,
    balancers: &Balancers<'a>,
) -> Vec<Target> {
    let links = cloud.book.named(integration, "connection_id", &["aws_api_gateway_vpc_link"]);
    let doubt = links.open.clone().map(|reason| cloud.reason(reason));
    let port = port_of(Field::of(integration, "uri").text());
    let mut targets = Vec::new();
    for link in &links.these {
        let found = cloud.book.named(link, "target_arns", balancer::BALANCERS);
        let open = found.open.clone().map(|reason| cloud.reason(reason));
        for one in found.these.iter().filter_map(|one| balancers.get(&name_of(one))) {
            let node = balancer::by_endpoints(cloud, one);
            for port in ports(cloud, one, port) {
                let next = Edge { to: node, maybe: doubt.or(open) };
                targets.push(Target { addresses: Some(one.addresses.clone()), port: Some(port), next });
            }
        }
    }
    if targets.is_empty() {
        let reason = doubt.unwrap_or_else(|| unknown(cloud, integration, "connection_id"));
        let node = service::beyond(cloud, integration, reason);
        targets.push(Target::to(service::nowhere(), Edge::maybe(node, reason)));
    }
    targets
}

fn ports(cloud: &Cloud<'_, '_>, balancer: &Balancer<'_>, port: Option<u16>) -> Vec<u16> {
    port.map_or_else(|| balancer::ports(cloud, balancer), |port| vec![port])
}

/// A link of an HTTP API: interfaces in subnets behind groups, from which a listener is called.
fn http_link<'a>(
    cloud: &mut Cloud<'a, '_>,
    integration: &'a Resource,
    balancers: &Balancers<'a>,
) -> Vec<Target> {
    let links = cloud.book.named(integration, "connection_id", &["aws_apigatewayv2_vpc_link"]);
    let doubt = links.open.clone().map(|reason| cloud.reason(reason));
    let listeners =
        cloud.book.named(integration, "integration_uri", &["aws_lb_listener", "aws_alb_listener"]);
    let mut targets = Vec::new();
    for link in &links.these {
        let (node, standing) = link_node(cloud, link);
        for listener in &listeners.these {
            let found = cloud.book.named(listener, "load_balancer_arn", balancer::BALANCERS);
            let port = Field::of(listener, "port").number().and_then(|port| u16::try_from(port).ok());
            for one in found.these.iter().filter_map(|one| balancers.get(&name_of(one))) {
                for port in ports(cloud, one, port) {
                    let next = Edge { to: node, maybe: doubt.or(standing.doubt) };
                    targets.push(Target { addresses: Some(one.addresses.clone()), port: Some(port), next });
                }
            }
        }
    }
    if targets.is_empty() {
        let reason = doubt.unwrap_or_else(|| unknown(cloud, integration, "integration_uri"));
        let node = service::beyond(cloud, integration, reason);
        targets.push(Target::to(service::nowhere(), Edge::maybe(node, reason)));
    }
    targets
}

/// The interfaces of a link: what it sends has their addresses and leaves by their groups.
fn link_node<'a>(cloud: &mut Cloud<'a, '_>, link: &'a Resource) -> (NodeId, Standing) {
    let (subnets, doubt) = cloud.subnets_named(link, &["subnet_ids"]);
    let set = cloud.set_named(link, &["security_group_ids"], &subnets);
    let standing = Standing { doubt, ..Standing::new(subnets, set) };
    if let Some(known) = cloud.sketch.draft.find(&name_of(link)) {
        return (known, standing);
    }
    let node = cloud.sketch.draft.translator(super::title(link));
    stands_for(cloud, node, link);
    for group in &standing.set.groups {
        if let Some(group) = cloud.groups.get(group.0) {
            cloud.sketch.draft.join(group.id, node);
        }
    }
    let exit = balancer::leave(cloud, part(link, "out"), &standing);
    let source = match cloud.placement(&name_of(link), &standing) {
        Placement::At(addresses) => NewSource::any_of(addresses),
        Placement::Within(addresses, reason) | Placement::InEach { all: addresses, reason, .. } => {
            NewSource::one_of(addresses, reason)
        }
    };
    let rewrite = Rewrite::source(name_of(link), Match::all(), source, Edge::to(exit));
    cloud.sketch.draft.rewrite(node, rewrite);
    (node, standing)
}

/// Functions with an address of their own on the internet.
fn functions(cloud: &mut Cloud<'_, '_>) {
    let book = cloud.book;
    for url in book.kind("aws_lambda_function_url") {
        let kind = Field::of(url, "authorization_type");
        let maybe = match kind.text() {
            // With IAM, whoever calls needs credentials; that is no path of a network.
            Some("AWS_IAM") => continue,
            Some(_) => None,
            None => Some(unknown(cloud, url, "authorization_type")),
        };
        let found = book.named(url, "function_name", FUNCTIONS);
        let mut targets = Vec::new();
        for one in &found.these {
            targets.extend(to_function(cloud, &name_of(one), maybe));
        }
        let node = cloud.sketch.draft.translator(super::title(url));
        stands_for(cloud, node, url);
        let matching = Match::all().by(service::tcp(&[HTTPS]));
        let rewrite = Rewrite::destination(name_of(url), matching, targets);
        cloud.sketch.draft.rewrite(node, rewrite.with_source(NewSource::any_of(service::nowhere())));
        service::from_internet(cloud, node, maybe);
    }
}
