//! Buckets, and other stores of AWS that a policy can open to everybody.
//!
//! A bucket is reached over the internet where its policy or its access list lets everybody in and nothing blocks that, and
//! from networks through private endpoints as far as the policies of both do not forbid it. Whoever has credentials of the
//! account, or an address that was signed with them, can reach a bucket over the internet too; that is no path of a network,
//! and no part of this.

use super::field::Field;
use super::policy::{Call, Reading, Scope, Verdict, Way, read};
use super::service::{self, Offered};
use super::{Owned, owners, unknown};
use crate::model::aws::cloud::Cloud;
use crate::model::aws::hosts::holds;
use crate::model::aws::lay::tag_name;
use crate::model::aws::name_of;
use crate::network::{Edge, Known, NodeId, Reason, ReasonId, Title};
use crate::resource::Resource;
use std::collections::BTreeMap;

const BUCKETS: &[&str] = &["aws_s3_bucket"];
/// The ports of a bucket; a policy can demand the one with TLS.
const PORTS: &[u16] = &[80, 443];
/// What can be done with a bucket: each is judged by itself, as policies tell them apart.
const ACTIONS: [(&str, bool); 4] =
    [("s3:GetObject", true), ("s3:PutObject", true), ("s3:DeleteObject", true), ("s3:ListBucket", false)];
/// Other services whose policies can open them: type, attribute of the policy, type of a policy of its own with the attribute
/// that names the owner, and the actions that are looked at.
const OTHERS: &[(&str, (&str, &str), &[&str])] = &[
    ("aws_sqs_queue", ("aws_sqs_queue_policy", "queue_url"), &["sqs:SendMessage", "sqs:ReceiveMessage"]),
    ("aws_sns_topic", ("aws_sns_topic_policy", "arn"), &["sns:Publish", "sns:Subscribe"]),
    (
        "aws_secretsmanager_secret",
        ("aws_secretsmanager_secret_policy", "secret_arn"),
        &["secretsmanager:GetSecretValue"],
    ),
    ("aws_kms_key", ("aws_kms_key_policy", "key_id"), &["kms:Decrypt"]),
    (
        "aws_dynamodb_table",
        ("aws_dynamodb_resource_policy", "resource_arn"),
        &["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Scan"],
    ),
    ("aws_ecr_repository", ("aws_ecr_repository_policy", "repository"), &["ecr:BatchGetImage"]),
];

/// A bucket.
#[derive(Clone, Debug)]
pub(super) struct Store<'a> {
    pub(super) resource: &'a Resource,
    pub(super) offered: Offered,
    policy: Reading,
    /// Where the policy stands.
    place: String,
    /// The ARN, where its name is known.
    arn: Option<String>,
}

/// The buckets by their names.
pub(super) type Stores<'a> = BTreeMap<String, Store<'a>>;

/// Draws the buckets and other stores.
pub(super) fn draw<'a>(cloud: &mut Cloud<'a, '_>) -> Stores<'a> {
    let mut parts = Parts {
        policies: owners(cloud, &["aws_s3_bucket_policy"], "bucket", BUCKETS),
        blocks: owners(cloud, &["aws_s3_bucket_public_access_block"], "bucket", BUCKETS),
        lists: owners(cloud, &["aws_s3_bucket_acl"], "bucket", BUCKETS),
        ownerships: owners(cloud, &["aws_s3_bucket_ownership_controls"], "bucket", BUCKETS),
        points: owners(cloud, &["aws_s3_access_point"], "bucket", BUCKETS),
        point_policies: owners(
            cloud,
            &["aws_s3control_access_point_policy"],
            "access_point_arn",
            &["aws_s3_access_point"],
        ),
    };
    let mut stores = Stores::new();
    let book = cloud.book;
    for resource in book.kinds(BUCKETS) {
        let store = bucket(cloud, resource, &mut parts);
        stores.insert(name_of(resource), store);
    }
    for (kind, own, actions) in OTHERS {
        other(cloud, kind, *own, actions);
    }
    stores
}

/// What belongs to buckets, by their names.
struct Parts<'a> {
    policies: Owned<'a>,
    blocks: Owned<'a>,
    lists: Owned<'a>,
    ownerships: Owned<'a>,
    points: Owned<'a>,
    point_policies: Owned<'a>,
}

fn bucket<'a>(cloud: &mut Cloud<'a, '_>, resource: &'a Resource, parts: &mut Parts<'a>) -> Store<'a> {
    let name = name_of(resource);
    let title = Title::new(name.clone()).named(tag_name(resource));
    let holds = holds(resource, true);
    let offered = service::offer(cloud, title, PORTS, |host| crate::network::Host {
        holds,
        ..host.relaying(Known::No)
    });
    super::stands_for(cloud, offered.host, resource);
    let own = parts.policies.remove(&name).unwrap_or_default();
    let (holder, doubt) = own.first().copied().unwrap_or((resource, None));
    let documents = documents(cloud, holder, "policy");
    let policy = match read(holder, "policy", &documents) {
        Reading::Known(_) if doubt.is_some() => Reading::Unknown,
        policy => policy,
    };
    let bucket = Field::of(resource, "bucket").text();
    let arn = Field::of(resource, "arn").text().map(str::to_owned);
    let arn = arn.or_else(|| bucket.map(|bucket| format!("arn:aws:s3:::{bucket}")));
    let store = Store { resource, offered, policy, place: name_of(holder), arn };
    let closed = blocks(cloud, resource, &parts.blocks.remove(&name).unwrap_or_default());
    by_policy(cloud, &store, closed);
    by_list(cloud, &store, parts, closed);
    for (point, _) in parts.points.remove(&name).unwrap_or_default() {
        let holder = parts
            .point_policies
            .get(&name_of(point))
            .and_then(|all| all.first())
            .map_or(point, |(one, _)| *one);
        by_access_point(cloud, &store, (point, holder), closed);
    }
    store
}

/// Whether public access is cut.
#[derive(Clone, Copy, Debug)]
struct Blocks {
    /// By policies (`restrict_public_buckets`, and `block_public_policy` for those that come later).
    policies: Known,
    /// By access lists (`ignore_public_acls`, and `block_public_acls`).
    lists: Known,
}

/// What blocks public access: a block of the bucket or one of the account; the stricter counts.
fn blocks(cloud: &mut Cloud<'_, '_>, bucket: &Resource, own: &[(&Resource, Option<ReasonId>)]) -> Blocks {
    let account = cloud.book.kind("aws_s3_account_public_access_block").filter(|one| one.plan == bucket.plan);
    let all: Vec<(&Resource, Option<ReasonId>)> =
        own.iter().copied().chain(account.map(|one| (one, None))).collect();
    let mut cut = |effective: &str, later: &str| {
        let mut known = Known::No;
        for (block, doubt) in &all {
            let found = match (flag(cloud, block, effective), flag(cloud, block, later)) {
                (Known::No, Known::Yes) => {
                    // It keeps new policies out; one that stood before goes on standing.
                    Known::Undecided(cloud.reason(Reason::attribute(name_of(block), effective)))
                }
                (Known::No, Known::No) => Known::No,
                (Known::Yes, _) => Known::Yes,
                (Known::Undecided(reason), _) | (_, Known::Undecided(reason)) => Known::Undecided(reason),
            };
            let found = match (found, doubt) {
                (Known::No, _) | (_, None) => found,
                (_, Some(doubt)) => Known::Undecided(*doubt),
            };
            known = match (known, found) {
                (Known::Yes, _) | (_, Known::Yes) => Known::Yes,
                (Known::No, found) => found,
                (known, _) => known,
            };
        }
        known
    };
    Blocks {
        policies: cut("restrict_public_buckets", "block_public_policy"),
        lists: cut("ignore_public_acls", "block_public_acls"),
    }
}

fn flag(cloud: &mut Cloud<'_, '_>, resource: &Resource, name: &str) -> Known {
    let field = Field::of(resource, name);
    match field.flag() {
        Some(true) => Known::Yes,
        _ if field.is_unknown() => Known::Undecided(unknown(cloud, resource, name)),
        _ => Known::No,
    }
}

/// The data resources that an attribute names as its policy.
pub(super) fn documents<'a>(
    cloud: &Cloud<'a, '_>,
    resource: &'a Resource,
    attribute: &str,
) -> Vec<&'a Resource> {
    let found = cloud.book.named(resource, attribute, &["data.aws_iam_policy_document"]);
    if found.open.is_some() { Vec::new() } else { found.these }
}

/// Lets in over the internet whom the policy lets in.
fn by_policy(cloud: &mut Cloud<'_, '_>, store: &Store<'_>, closed: Blocks) {
    let doubt = match closed.policies {
        Known::Yes => return,
        Known::No => None,
        Known::Undecided(reason) => Some(reason),
    };
    match &store.policy {
        Reading::Unset => {}
        Reading::Unknown => {
            let reason = cloud.reason(Reason::attribute(store.place.clone(), "policy"));
            let gate = service::doubtful(cloud, &format!("{} policy", store.place), reason);
            cloud.sketch.draft.connect(gate, store.offered.entry);
            service::from_internet(cloud, gate, doubt);
        }
        Reading::Known(policy) => {
            for (action, verdicts) in by_action(|action, inside| {
                let scope = if inside { Scope::Inside } else { Scope::Own };
                policy.judge(&Call { way: Way::Internet, action, scope })
            }) {
                if !verdicts.iter().any(|verdict| verdict.allows) {
                    continue;
                }
                let name = format!("{} policy ({action})", store.place);
                let gate = service::gate(cloud, &name, &store.place, &verdicts, false);
                cloud.sketch.draft.connect(gate, store.offered.entry);
                service::from_internet(cloud, gate, doubt);
            }
        }
    }
}

/// The judgement of each action; actions with the same judgement together.
fn by_action(judge: impl Fn(&str, bool) -> Vec<Verdict>) -> Vec<(String, Vec<Verdict>)> {
    let mut found: Vec<(String, Vec<Verdict>)> = Vec::new();
    for (action, inside) in ACTIONS {
        let verdicts = judge(action, inside);
        match found.iter_mut().find(|(_, known)| *known == verdicts) {
            Some((actions, _)) => *actions = format!("{actions}, {action}"),
            None => found.push((action.to_owned(), verdicts)),
        }
    }
    found
}

/// Lets in over the internet whom the access list lets in.
fn by_list<'a>(cloud: &mut Cloud<'a, '_>, store: &Store<'a>, parts: &mut Parts<'a>, closed: Blocks) {
    let name = name_of(store.resource);
    let blocked = match closed.lists {
        Known::Yes => return,
        Known::No => None,
        Known::Undecided(reason) => Some(reason),
    };
    let enforced = parts.ownerships.remove(&name).unwrap_or_default().into_iter().any(|(one, _)| {
        Field::of(one, "rule").first().at("object_ownership").text() == Some("BucketOwnerEnforced")
    });
    if enforced {
        return;
    }
    let mut lists = parts.lists.remove(&name).unwrap_or_default();
    lists.push((store.resource, None));
    for (list, doubt) in lists {
        let field = Field::of(list, "acl");
        let grants = [Field::of(list, "access_control_policy").first().at("grant"), Field::of(list, "grant")];
        let uri = |grant: &Field<'_>| {
            let inner = grant.at("grantee").first().at("uri");
            grant.at("uri").text().or(inner.text()).is_some_and(is_everybody)
        };
        let granted = grants.iter().any(|grants| grants.each().iter().any(uri));
        let named =
            field.text().is_some_and(|text| text.starts_with("public-read") || text == "authenticated-read");
        let open = [&field].into_iter().chain(&grants).find(|field| field.is_unknown());
        let maybe = match (granted || named, open) {
            (true, _) => doubt.or(blocked),
            (false, Some(open)) => Some(unknown(cloud, list, open.path())),
            (false, None) => continue,
        };
        service::from_internet(cloud, store.offered.entry, maybe);
    }
}

fn is_everybody(uri: &str) -> bool {
    uri.ends_with("/global/AllUsers") || uri.ends_with("/global/AuthenticatedUsers")
}

/// An access point has a policy of its own. It lets in whom that and the bucket's policy let in; of the second, what it
/// leaves to access points is not told apart here.
fn by_access_point<'a>(
    cloud: &mut Cloud<'a, '_>,
    store: &Store<'a>,
    (point, holder): (&'a Resource, &'a Resource),
    closed: Blocks,
) {
    let of_network = !Field::of(point, "vpc_configuration").each().is_empty();
    let own = Field::of(point, "public_access_block_configuration").first();
    // Where a point says nothing, public access is blocked.
    let is_open = |name: &str| own.at(name).flag() == Some(false);
    if of_network || closed.policies == Known::Yes || !is_open("restrict_public_buckets") {
        return;
    }
    let documents = documents(cloud, holder, "policy");
    let is_public = match read(holder, "policy", &documents) {
        Reading::Unset => false,
        Reading::Unknown => true,
        Reading::Known(policy) => ACTIONS.iter().any(|(action, _)| {
            let verdicts = policy.judge(&Call { way: Way::Internet, action, scope: Scope::Inside });
            verdicts.iter().any(|verdict| verdict.allows)
        }),
    };
    if is_public {
        let reason = unknown(cloud, holder, "policy");
        service::from_internet(cloud, store.offered.entry, Some(reason));
    }
}

impl Store<'_> {
    /// Whether its policy may treat calls by one private endpoint otherwise than those by another.
    pub(super) fn tells_endpoints_apart(&self) -> bool {
        matches!(&self.policy, Reading::Known(policy) if policy.tells_endpoints_apart())
    }

    /// Lets in by an endpoint what the bucket's policy does not forbid there. `allowed` says what the endpoint's own policy
    /// does with an action on this bucket; the nodes that take what comes from the endpoint come back.
    pub(super) fn by_endpoint(
        &self,
        cloud: &mut Cloud<'_, '_>,
        (name, way): (&str, Way<'_>),
        allowed: &dyn Fn(&Call<'_>) -> Option<Vec<Verdict>>,
        same_account: bool,
    ) -> Vec<NodeId> {
        let mut nodes: Vec<NodeId> = Vec::new();
        let mut seen: Vec<(Option<Vec<Verdict>>, Vec<Verdict>)> = Vec::new();
        for (action, inside) in ACTIONS {
            let scope = match (&self.arn, inside) {
                (None, _) => Scope::Unknown,
                (Some(arn), true) => Scope::In(arn),
                (Some(arn), false) => Scope::Arn(arn),
            };
            let by_endpoint = allowed(&Call { way, action, scope });
            let own = Call { way, action, scope: if inside { Scope::Inside } else { Scope::Own } };
            let by_bucket = match &self.policy {
                Reading::Known(policy) if same_account => policy.denials(&own),
                Reading::Known(policy) => policy.judge(&own),
                Reading::Unset => Vec::new(),
                Reading::Unknown => {
                    let maybe = Some("policy".to_owned());
                    vec![Verdict { name: String::new(), allows: false, sources: None, port: None, maybe }]
                }
            };
            let judged = (by_endpoint, by_bucket);
            if seen.contains(&judged) {
                continue;
            }
            let (by_endpoint, by_bucket) = judged.clone();
            seen.push(judged);
            if by_endpoint.is_none() && by_bucket.is_empty() && same_account {
                nodes.push(self.offered.entry);
                continue;
            }
            let gate_name = format!("{} ({action}) from {name}", self.place);
            let mut next = service::gate(cloud, &gate_name, &self.place, &by_bucket, same_account);
            cloud.sketch.draft.edge(next, Edge::to(self.offered.entry));
            if let Some(verdicts) = by_endpoint {
                let gate = service::gate(
                    cloud,
                    &format!("{name} ({action}) to {}", self.place),
                    name,
                    &verdicts,
                    false,
                );
                cloud.sketch.draft.connect(gate, next);
                next = gate;
            }
            nodes.push(next);
        }
        nodes
    }
}

/// Another service: a host only where its policy lets everybody in, or nobody knows.
fn other(
    cloud: &mut Cloud<'_, '_>,
    kind: &'static str,
    (policy, owner): (&'static str, &'static str),
    actions: &[&str],
) {
    let book = cloud.book;
    let mut policies = owners(cloud, &[policy], owner, &[kind]);
    for resource in book.kind(kind) {
        let name = name_of(resource);
        let holder =
            policies.remove(&name).and_then(|all| all.first().map(|(one, _)| *one)).unwrap_or(resource);
        let documents = documents(cloud, holder, "policy");
        let place = name_of(holder);
        let mut gates = Vec::new();
        match read(holder, "policy", &documents) {
            Reading::Unset => {}
            Reading::Unknown => {
                let reason = cloud.reason(Reason::attribute(place.clone(), "policy"));
                gates.push(service::doubtful(cloud, &format!("{place} policy"), reason));
            }
            Reading::Known(policy) => {
                for action in actions {
                    let verdicts = policy.judge(&Call { way: Way::Internet, action, scope: Scope::Own });
                    if verdicts.iter().any(|verdict| verdict.allows) {
                        let name = format!("{place} policy ({action})");
                        gates.push(service::gate(cloud, &name, &place, &verdicts, false));
                    }
                }
            }
        }
        if gates.is_empty() {
            continue;
        }
        let offered = service::offer_resource(cloud, resource, &[443]);
        for gate in gates {
            cloud.sketch.draft.connect(gate, offered.entry);
            service::from_internet(cloud, gate, None);
        }
    }
}
