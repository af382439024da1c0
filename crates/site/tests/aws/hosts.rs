//! Functions, databases, groups of instances, clusters.

use super::made::Made;
use serde_json::json;
use site::model::aws::UNCLASSIFIED;

fn data() -> Made {
    Made::network()
        .subnet("private2", "10.0.3.0/24")
        .with("aws_route_table.private2", json!({"vpc_id": "=aws_vpc.main"}))
        .group("app", "10.0.0.0/8", 443)
        .group("db", "0.0.0.0/0", 5432)
        .with(
            "aws_db_subnet_group.db",
            json!({"name": "records", "subnet_ids": ["=aws_subnet.private", "=aws_subnet.private2"]}),
        )
        .with(
            "aws_db_instance.db",
            json!({
                "db_subnet_group_name": "=aws_db_subnet_group.db",
                "vpc_security_group_ids": ["=aws_security_group.db"],
                "publicly_accessible": false,
            }),
        )
}

#[test]
fn a_database_stands_in_the_subnets_of_its_group_and_holds_records() {
    let plan = data().instance("app", "public", "app", true);
    let model = plan.model();
    assert_eq!(plan.ask("aws_instance.app", "aws_db_instance.db"), "yes");
    assert_eq!(plan.ask("internet", "aws_db_instance.db"), "no");
    let host = model.network.host(model.find("aws_db_instance.db").unwrap()).unwrap();
    assert_eq!(host.holds, [UNCLASSIFIED]);
}

#[test]
fn a_tag_says_what_lies_on_a_database() {
    let plan = data().change("aws_db_instance.db", json!({"tags": {"akashi:holds": "clinical-record, log"}}));
    let model = plan.model();
    let host = model.network.host(model.find("aws_db_instance.db").unwrap()).unwrap();
    assert_eq!(host.holds, ["clinical-record", "log"]);
}

#[test]
fn a_public_database_is_reached_where_its_subnets_lead_to_the_gateway() {
    let public = data().change("aws_db_instance.db", json!({"publicly_accessible": true}));
    assert_eq!(public.ask("internet", "aws_db_instance.db"), "no");
    let routed = ["private", "private2"].iter().fold(public.clone(), |plan, name| {
        plan.change(
            &format!("aws_route_table_association.{name}"),
            json!({"route_table_id": "=aws_route_table.public"}),
        )
    });
    assert_eq!(routed.ask("internet", "aws_db_instance.db"), "yes");
    let half = public
        .change("aws_route_table_association.private", json!({"route_table_id": "=aws_route_table.public"}));
    assert_eq!(half.ask("internet", "aws_db_instance.db"), "maybe");
    let open = routed.change("aws_db_instance.db", json!({"publicly_accessible": "?"}));
    assert_eq!(open.ask("internet", "aws_db_instance.db"), "maybe");
}

#[test]
fn a_function_in_the_network_reaches_what_its_subnets_reach() {
    let plan = data().with(
        "aws_lambda_function.f",
        json!({"vpc_config": [{
            "subnet_ids": ["=aws_subnet.private", "=aws_subnet.private2"],
            "security_group_ids": ["=aws_security_group.app"],
        }]}),
    );
    assert_eq!(plan.ask("aws_lambda_function.f", "aws_db_instance.db"), "yes");
    assert_eq!(plan.ask("aws_lambda_function.f", "internet"), "no");
    let outside = data().with("aws_lambda_function.f", json!({}));
    assert_eq!(outside.ask("aws_lambda_function.f", "aws_db_instance.db"), "no");
    assert_eq!(outside.ask("aws_lambda_function.f", "internet"), "yes");
}

#[test]
fn a_group_of_instances_is_as_its_template_says() {
    let plan = data()
        .group("web", "0.0.0.0/0", 443)
        .with(
            "aws_launch_template.web",
            json!({"network_interfaces": [{"associate_public_ip_address": "true", "security_groups": ["=aws_security_group.web"]}]}),
        )
        .with(
            "aws_autoscaling_group.web",
            json!({"vpc_zone_identifier": ["=aws_subnet.public"], "launch_template": [{"id": "=aws_launch_template.web"}]}),
        );
    assert_eq!(plan.ask("internet", "aws_autoscaling_group.web"), "yes");
    assert_eq!(plan.ask("aws_autoscaling_group.web", "aws_db_instance.db"), "yes");
}

#[test]
fn nodes_of_a_cluster_reach_each_other_and_its_endpoint_is_open_to_whom_it_says() {
    let cluster = |nets: serde_json::Value| {
        data()
            .with(
                "aws_eks_cluster.main",
                json!({"vpc_config": [{
                    "subnet_ids": ["=aws_subnet.private", "=aws_subnet.private2"],
                    "endpoint_public_access": true,
                    "public_access_cidrs": nets,
                }]}),
            )
            .with(
                "aws_eks_node_group.main",
                json!({"cluster_name": "=aws_eks_cluster.main", "subnet_ids": ["=aws_subnet.private", "=aws_subnet.private2"]}),
            )
    };
    let open = cluster(json!(["0.0.0.0/0"]));
    assert_eq!(open.ask("internet", "aws_eks_cluster.main"), "yes");
    assert_eq!(open.ask("aws_eks_node_group.main", "aws_eks_cluster.main"), "yes");
    assert_eq!(open.ask("aws_eks_cluster.main", "aws_eks_node_group.main"), "yes");
    assert_eq!(cluster(json!(["10.0.0.0/8"])).ask("internet", "aws_eks_cluster.main"), "no");
}

#[test]
fn instances_of_a_database_cluster_are_drawn_with_it() {
    let plan = data()
        .with(
            "aws_rds_cluster.c",
            json!({"db_subnet_group_name": "=aws_db_subnet_group.db", "vpc_security_group_ids": ["=aws_security_group.db"]}),
        )
        .with("aws_rds_cluster_instance.c", json!({"cluster_identifier": "=aws_rds_cluster.c", "publicly_accessible": true}));
    let routed = ["private", "private2"].iter().fold(plan.clone(), |plan, name| {
        plan.change(
            &format!("aws_route_table_association.{name}"),
            json!({"route_table_id": "=aws_route_table.public"}),
        )
    });
    assert_eq!(plan.ask("internet", "aws_rds_cluster.c"), "no");
    assert_eq!(routed.ask("internet", "aws_rds_cluster.c"), "yes");
    assert_eq!(routed.ask("internet", "aws_rds_cluster_instance.c"), "yes");
}

#[test]
fn what_stands_in_several_subnets_does_what_any_of_them_may() {
    let group = |half: &str| {
        data()
            .group("web", "0.0.0.0/0", 443)
            .with("aws_launch_template.web", json!({"vpc_security_group_ids": ["=aws_security_group.web"]}))
            .with(
                "aws_autoscaling_group.web",
                json!({"vpc_zone_identifier": ["=aws_subnet.private", "=aws_subnet.private2"], "launch_template": [{"id": "=aws_launch_template.web"}]}),
            )
            .with("aws_nat_gateway.n", json!({"subnet_id": "=aws_subnet.public"}))
            .with(
                "aws_route.out",
                json!({"route_table_id": format!("=aws_route_table.{half}"), "destination_cidr_block": "0.0.0.0/0", "nat_gateway_id": "=aws_nat_gateway.n"}),
            )
    };
    for half in ["private", "private2"] {
        assert_eq!(group(half).ask("aws_autoscaling_group.web", "internet"), "yes");
        assert_eq!(group(half).ask("internet", "aws_autoscaling_group.web"), "no");
    }
    assert_eq!(group("public").ask("aws_autoscaling_group.web", "internet"), "no");
}
