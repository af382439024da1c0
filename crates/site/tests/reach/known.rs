//! Networks of which the answer is known: what each kind of node does, and what is said when nobody knows.

use site::network::{
    Carrier, Doubt, Draft, Edge, Group, Host, Known, Match, NewSource, Next, NodeId, Party, Placement,
    Protection, Reason, Rewrite, Route, Rule, Service, Target, Title,
};
use site::packet::{Addresses, Cube, PacketSet};
use site::reach::{Answer, Lack, Question, Reached, Why, who_can_reach};

fn net(text: &str) -> ipnet::IpNet {
    text.parse().unwrap()
}

fn nets(text: &str) -> Addresses {
    net(text).into()
}

fn host(draft: &mut Draft, id: &str, address: &str) -> NodeId {
    draft.host(id, Host::at(nets(address)))
}

fn reached(answer: Answer) -> Reached {
    match answer {
        Answer::Reached(reached) => *reached,
        other => panic!("{other:?}"),
    }
}

/// The internet, a gateway that knows one public address, a filter, and a database behind it.
fn small(rules: impl IntoIterator<Item = Rule>) -> (Draft, NodeId, NodeId) {
    let mut draft = Draft::new();
    let internet = draft.internet(Title::new("internet").zone("internet"));
    let gateway = draft.router("gateway");
    let filter = draft.filter("security group");
    let database =
        draft.host("database", Host::at(nets("203.0.114.7/32")).holding("records").relaying(Known::No));
    draft.route(internet, Route::to(net("203.0.114.0/24"), gateway));
    draft.route(gateway, Route::to(net("203.0.114.7/32"), filter).named("local route"));
    draft.connect(filter, database);
    rules.into_iter().for_each(|rule| draft.rule(filter, rule));
    (draft, internet, database)
}

#[test]
fn an_answer_names_every_hop_with_its_rule() {
    let https = Match::all().from(net("0.0.0.0/0")).by([Service::tcp(443)]);
    let (draft, internet, database) = small([Rule::allow("ingress[0]", https)]);
    let network = draft.build().unwrap();
    let found = reached(Question::of(&network).from(internet).to(database));
    assert!(found.decided && found.reasons.is_empty());
    let hops: Vec<_> = found
        .path
        .iter()
        .map(|hop| (network.node(hop.node).unwrap().title.id.as_str(), hop.why, hop.rule.as_deref()))
        .collect();
    assert_eq!(
        hops,
        [
            ("internet", Why::Routed, Some("203.0.114.0/24")),
            ("gateway", Why::Routed, Some("local route")),
            ("security group", Why::Allowed, Some("ingress[0]")),
            ("database", Why::Arrived, None),
        ]
    );
    let private = PacketSet::from(Cube::from_net(net("10.0.0.0/8")));
    assert!(found.packets.intersect(&private).is_empty());
    assert!(found.packets.cubes().iter().all(|cube| cube.to_string().ends_with("-> 203.0.114.7, TCP 443")));
}

#[test]
fn a_rule_of_which_nobody_knows_whether_it_matches_leaves_the_answer_undecided() {
    let (mut draft, internet, database) = small([]);
    let filter = draft.filter("another");
    let reason = draft.reason(Reason::attribute("aws_security_group.db", "ingress.cidr_blocks"));
    let gateway = draft.router("second gateway");
    draft.route(internet, Route::to(net("203.0.114.7/32"), gateway));
    draft.route(gateway, Route::to(net("0.0.0.0/0"), filter));
    draft.connect(filter, database);
    draft.rule(filter, Rule::allow("ingress[0]", Match::all()).maybe(reason));
    let network = draft.build().unwrap();
    let found = reached(Question::of(&network).from(internet).to(database));
    assert!(!found.decided);
    assert_eq!(found.reasons, [Reason::attribute("aws_security_group.db", "ingress.cidr_blocks")]);
    assert_eq!(
        found.reasons[0].text(base::Language::English),
        "`ingress.cidr_blocks` of aws_security_group.db is not known."
    );
}

#[test]
fn without_a_rule_there_is_no_path_and_the_filter_is_what_stands_in_the_way() {
    let (draft, internet, database) = small([]);
    let network = draft.build().unwrap();
    let question = Question::of(&network);
    assert!(matches!(question.from(internet).to(database), Answer::NoPath));
    let blocked = question.blocked(internet, database, 10);
    assert!(!blocked.open && blocked.complete);
    assert_eq!(blocked.routes.len(), 1);
    assert_eq!(blocked.routes[0].changes.len(), 1);
    let change = &blocked.routes[0].changes[0];
    assert_eq!((Some(change.node), &change.lacks), (network.find("security group"), &Lack::Rule));
}

#[test]
fn a_rule_that_stops_a_missing_route_and_a_refused_answer_are_each_named() {
    let mut draft = Draft::new();
    let office = host(&mut draft, "office", "10.0.0.5/32");
    let (router, first, second) =
        (draft.router("router"), draft.filter("first"), draft.stateless_filter("second"));
    let records = host(&mut draft, "records", "10.9.0.5/32");
    draft.connect(office, first);
    draft.rule(first, Rule::deny("no office", Match::all().from(net("10.0.0.0/24"))));
    draft.rule(first, Rule::allow("all", Match::all()));
    draft.connect(first, router);
    draft.route(router, Route::to(net("10.1.0.0/16"), second));
    draft.rule(second, Rule::allow("in", Match::all().by([Service::tcp(443)])));
    draft.answer_rule(second, Rule::deny("no answers", Match::all()));
    draft.connect(second, records);
    let network = draft.build().unwrap();
    let blocked = Question::of(&network).blocked(office, records, 10);
    let lacks: Vec<&Lack> = blocked.routes[0].changes.iter().map(|change| &change.lacks).collect();
    assert_eq!(
        lacks,
        [&Lack::DeniedBy("no office".to_owned()), &Lack::Route, &Lack::Answer(Some("no answers".to_owned()))]
    );
}

#[test]
fn tcp_needs_its_answers_and_a_datagram_does_not() {
    let mut draft = Draft::new();
    let office = host(&mut draft, "office", "10.0.0.5/32");
    let filter = draft.stateless_filter("acl");
    let records = host(&mut draft, "records", "10.9.0.5/32");
    draft.connect(office, filter);
    draft.connect(filter, records);
    draft.rule(filter, Rule::allow("in", Match::all().by([Service::tcp(443), Service::udp(161)])));
    let high = Service::protocol(6).ports(site::packet::Span::between(1024, 65535));
    draft.answer_rule(filter, Rule::allow("out", Match::all().to(net("10.0.0.0/24")).by([high])));
    let network = draft.build().unwrap();
    let found = reached(Question::of(&network).from(office).to(records));
    let mut boxes: Vec<String> = found.packets.cubes().iter().map(ToString::to_string).collect();
    boxes.sort();
    assert_eq!(boxes, ["10.0.0.5 (1024-65535) -> 10.9.0.5, TCP 443", "10.0.0.5 -> 10.9.0.5, UDP 161"]);
}

#[test]
fn a_group_matches_by_who_sends_also_where_no_address_is_known() {
    let mut draft = Draft::new();
    let unknown = draft.reason(Reason::address("aws_instance.app"));
    let subnet = || Placement::Within(nets("10.0.0.0/24"), unknown);
    let (app, other) = (draft.host("app", Host::new(subnet())), draft.host("other", Host::new(subnet())));
    let filter = draft.filter("of the database");
    let database = host(&mut draft, "database", "10.0.0.200/32");
    let group = draft.group(Group::default());
    draft.join(group, app);
    draft.rule(filter, Rule::allow("from app", Match::all().from(group).by([Service::tcp(5432)])));
    draft.connect(filter, database);
    draft.connect(app, filter);
    draft.connect(other, filter);
    let network = draft.build().unwrap();
    let question = Question::of(&network);
    assert!(reached(question.from(app).to(database)).decided);
    assert!(matches!(question.from(other).to(database), Answer::NoPath));
    let back = who_can_reach(question, database, network.nodes());
    assert_eq!(back.reached.into_keys().collect::<Vec<_>>(), [app]);
}

#[test]
fn a_part_of_a_range_does_not_decide_about_the_one_address_in_it() {
    let part = |to: &str| {
        let mut draft = Draft::new();
        let unknown = draft.reason(Reason::address("aws_instance.db"));
        let office = host(&mut draft, "office", "10.1.0.5/32");
        let filter = draft.filter("filter");
        let database = draft.host("database", Host::new(Placement::Within(nets("10.0.0.0/24"), unknown)));
        draft.connect(office, filter);
        draft.rule(filter, Rule::allow("first half", Match::all().to(net("10.0.0.0/25"))));
        draft.rule(filter, Rule::allow("more", Match::all().to(net(to))));
        draft.connect(filter, database);
        let network = draft.build().unwrap();
        let found = reached(Question::of(&network).from(office).to(database));
        (found.decided, found.reasons.first().map(|reason| reason.doubt))
    };
    assert_eq!(part("10.0.0.128/26"), (false, Some(Doubt::Address)));
    assert_eq!(part("10.0.0.128/25"), (true, None));
}

#[test]
fn a_new_source_does_not_hide_that_only_a_part_of_a_range_was_let_out() {
    let translated = |allowed: &str| {
        let mut draft = Draft::new();
        let unknown = draft.reason(Reason::address("aws_instance.app"));
        let app = draft.host("app", Host::new(Placement::Within(nets("10.0.0.0/24"), unknown)));
        let (filter, nat) = (draft.filter("filter"), draft.translator("nat"));
        let vendor = host(&mut draft, "vendor", "8.8.8.8/32");
        draft.connect(app, filter);
        draft.rule(filter, Rule::allow("out", Match::all().from(net(allowed))));
        draft.connect(filter, nat);
        let source = NewSource::any_of(nets("203.0.114.9/32"));
        draft.rewrite(nat, Rewrite::source("nat", Match::all(), source, Edge::to(vendor)));
        let network = draft.build().unwrap();
        let found = reached(Question::of(&network).from(app).to(vendor));
        assert!(
            found.packets.cubes().iter().all(|cube| cube.to_string().starts_with("203.0.114.9 (1024-65535)"))
        );
        found.decided
    };
    assert!(translated("10.0.0.0/16"));
    assert!(!translated("10.0.0.0/28"));
}

/// Two hospitals with the same range, each behind an endpoint of its own, to one service.
#[test]
fn the_same_range_at_two_hospitals_is_never_confused() {
    let mut draft = Draft::new();
    let service = host(&mut draft, "service", "10.0.0.10/32");
    let mut hospitals = Vec::new();
    for name in ["east", "west"] {
        let ward = host(&mut draft, &format!("{name} ward"), "10.0.0.10/32");
        let router = draft.router(format!("{name} router").as_str());
        let endpoint = draft.translator(format!("{name} endpoint").as_str());
        draft.connect(ward, router);
        draft.route(router, Route::to(net("10.0.0.0/16"), ward));
        draft.route(router, Route::to(net("10.0.0.99/32"), endpoint));
        let front = Match::all().to(net("10.0.0.99/32")).by([Service::tcp(443)]);
        let target = Target::to(nets("10.0.0.10/32"), Edge::to(service)).port(8443);
        let source = NewSource::any_of(nets("10.0.0.77/32"));
        draft.rewrite(endpoint, Rewrite::destination("endpoint", front, [target]).with_source(source));
        hospitals.push(ward);
    }
    let network = draft.build().unwrap();
    let question = Question::of(&network);
    let found = reached(question.from(hospitals[0]).to(service));
    assert_eq!(found.packets.to_string(), "10.0.0.77 (1024-65535) -> 10.0.0.10, TCP 8443");
    assert!(matches!(question.from(hospitals[0]).to(hospitals[1]), Answer::NoPath));
    assert!(matches!(question.from(hospitals[1]).to(hospitals[0]), Answer::NoPath));
    assert!(matches!(question.from(service).to(hospitals[0]), Answer::NoPath));
}

#[test]
fn a_way_in_the_clear_is_found_beside_a_shorter_protected_one() {
    let mut draft = Draft::new();
    let clinic = host(&mut draft, "clinic", "10.0.0.5/32");
    let records = host(&mut draft, "records", "10.9.0.5/32");
    let (router, long) = (draft.router("router"), draft.router("long way"));
    let tunnel = draft.link("tunnel", Carrier::Internet, Protection::Ipsec);
    let open = draft.link("open", Carrier::Internet, Protection::Clear);
    let core = draft.router("core");
    draft.connect(clinic, router);
    for next in [tunnel, long] {
        draft.route(router, Route::to(net("10.9.0.0/16"), next));
    }
    draft.route(long, Route::to(net("10.9.0.0/16"), open));
    draft.connect(tunnel, core);
    draft.connect(open, core);
    draft.route(core, Route::to(net("10.9.0.0/16"), records));
    let network = draft.build().unwrap();
    let question = Question::of(&network);
    let reach = question.from(clinic);
    let clear: Vec<bool> =
        reach.arrivals(records).map(|came| came.labels().has(Carrier::Internet, Protection::Clear)).collect();
    assert_eq!(clear, [false, true]);
    let paths = question.paths(clinic, records, 10);
    assert!(paths.complete);
    assert_eq!(paths.paths.iter().map(|path| path.hops.len()).collect::<Vec<_>>(), [5, 6]);
}

#[test]
fn a_path_that_only_adds_nodes_to_another_is_left_out() {
    let mut draft = Draft::new();
    let (from, to) = (host(&mut draft, "from", "10.0.0.1/32"), host(&mut draft, "to", "10.0.0.2/32"));
    let (near, far) = (draft.router("near"), draft.router("far"));
    draft.connect(from, near);
    draft.connect(from, far);
    draft.route(near, Route::to(net("0.0.0.0/0"), to));
    draft.route(far, Route::to(net("0.0.0.0/0"), near));
    let network = draft.build().unwrap();
    let paths = Question::of(&network).paths(from, to, 10);
    assert_eq!(paths.paths.len(), 1);
    assert_eq!(paths.paths[0].hops.len(), 3);
    assert!(paths.complete);
}

#[test]
fn what_leads_nobody_knows_where_makes_no_path_undecided() {
    let (mut draft, internet, database) = small([]);
    let reason = draft.reason(Reason::attribute("aws_route.x", "gateway_id"));
    draft.route(internet, Route::new(net("203.0.115.0/24"), Next::Undecided(reason, Vec::new())));
    let island = host(&mut draft, "island", "10.0.0.1/32");
    let network = draft.build().unwrap();
    let question = Question::of(&network);
    let reach = question.from(internet);
    let Answer::Undecided(gaps) = reach.to(database) else { panic!() };
    assert_eq!(gaps[0].reason, Reason::attribute("aws_route.x", "gateway_id"));
    assert_eq!(gaps[0].node, internet);
    assert!(matches!(question.from(island).to(database), Answer::NoPath));
    let back = who_can_reach(question, database, network.nodes());
    assert_eq!(back.undecided.into_keys().collect::<Vec<_>>(), [internet]);
}

#[test]
fn names_that_stand_twice_and_parts_that_do_not_fit_are_refused() {
    let mut draft = Draft::new();
    draft.router("one");
    draft.filter("one");
    assert_eq!(draft.build().unwrap_err().code().id, "SI-0010");
    let mut draft = Draft::new();
    let filter = draft.filter("filter");
    draft.route(filter, Route::to(net("0.0.0.0/0"), filter));
    assert_eq!(draft.build().unwrap_err().code().id, "SI-0011");
    let mut other = Draft::new();
    let far = (0..9).map(|at| other.router(at.to_string().as_str())).last().unwrap();
    let mut draft = Draft::new();
    let router = draft.router("router");
    draft.route(router, Route::to(net("0.0.0.0/0"), far));
    assert_eq!(draft.build().unwrap_err().code().id, "SI-0011");
    let mut draft = Draft::new();
    let group = other.group(Group::default());
    let node = draft.router("router");
    draft.join(group, node);
    assert_eq!(draft.build().unwrap_err().code().id, "SI-0011");
}

#[test]
fn anybody_is_who_a_rule_means_that_names_nobody() {
    assert_eq!(Match::all().source, Party::Any);
    let (draft, internet, database) = small([Rule::allow("all", Match::all())]);
    let network = draft.build().unwrap();
    assert!(reached(Question::of(&network).from(internet).to(database)).decided);
}
