//! The types of which hosts stand in subnets: where each says its subnets and groups, whether it can be public, what lies on
//! it.

/// How something gets a public address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Public {
    /// Never.
    Never,
    /// By an attribute; where it is not set, it has none.
    Flag(&'static str),
    /// By an attribute that has this value.
    Word(&'static str, &'static str),
    /// As the subnet says.
    BySubnet,
}

/// The types that say it in one way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) kinds: &'static [&'static str],
    /// The attributes that name its subnets.
    pub(super) subnets: &'static [&'static str],
    /// The attribute that names a group of subnets, and the type of those.
    pub(super) subnet_group: Option<(&'static str, &'static str)>,
    /// The attributes that name its security groups.
    pub(super) groups: &'static [&'static str],
    pub(super) public: Public,
    /// Records may lie on it, and nobody opens connections from it.
    pub(super) store: bool,
    /// What it belongs to and is drawn with: the attribute and the type.
    pub(super) part_of: Option<(&'static str, &'static str)>,
    /// Without subnets it stands outside of the networks, and nobody addresses it.
    pub(super) may_be_outside: bool,
}

const COMPUTE: Row = Row {
    kinds: &[],
    subnets: &["subnet_ids"],
    subnet_group: None,
    groups: &["security_group_ids"],
    public: Public::Never,
    store: false,
    part_of: None,
    may_be_outside: false,
};
const STORE: Row = Row { store: true, groups: &["vpc_security_group_ids"], subnets: &[], ..COMPUTE };

/// All types but those that are drawn by rules of their own (instances, interfaces, groups of instances, clusters of
/// containers).
pub(super) const ROWS: &[Row] = &[
    Row {
        kinds: &["aws_lambda_function"],
        subnets: &["vpc_config.subnet_ids"],
        groups: &["vpc_config.security_group_ids"],
        may_be_outside: true,
        ..COMPUTE
    },
    Row {
        kinds: &["aws_ecs_service", "aws_ecs_task_set"],
        subnets: &["network_configuration.subnets"],
        groups: &["network_configuration.security_groups"],
        public: Public::Flag("network_configuration.assign_public_ip"),
        may_be_outside: true,
        ..COMPUTE
    },
    Row {
        kinds: &["aws_batch_compute_environment"],
        subnets: &["compute_resources.subnets"],
        groups: &["compute_resources.security_group_ids"],
        public: Public::BySubnet,
        may_be_outside: true,
        ..COMPUTE
    },
    Row {
        kinds: &["aws_codebuild_project"],
        subnets: &["vpc_config.subnets"],
        groups: &["vpc_config.security_group_ids"],
        may_be_outside: true,
        ..COMPUTE
    },
    Row {
        kinds: &["aws_sagemaker_notebook_instance"],
        subnets: &["subnet_id"],
        groups: &["security_groups"],
        may_be_outside: true,
        ..COMPUTE
    },
    Row {
        kinds: &["aws_appstream_fleet"],
        subnets: &["vpc_config.subnet_ids"],
        groups: &["vpc_config.security_group_ids"],
        public: Public::Flag("enable_default_internet_access"),
        may_be_outside: true,
        ..COMPUTE
    },
    Row {
        kinds: &["aws_mwaa_environment"],
        subnets: &["network_configuration.subnet_ids"],
        groups: &["network_configuration.security_group_ids"],
        ..COMPUTE
    },
    Row {
        kinds: &["aws_apprunner_vpc_connector"],
        subnets: &["subnets"],
        groups: &["security_groups"],
        ..COMPUTE
    },
    Row {
        kinds: &["aws_glue_connection"],
        subnets: &["physical_connection_requirements.subnet_id"],
        groups: &["physical_connection_requirements.security_group_id_list"],
        may_be_outside: true,
        ..COMPUTE
    },
    Row {
        kinds: &["aws_cloud9_environment_ec2"],
        subnets: &["subnet_id"],
        groups: &[],
        public: Public::BySubnet,
        ..COMPUTE
    },
    Row {
        kinds: &["aws_emr_cluster"],
        subnets: &["ec2_attributes.subnet_id", "ec2_attributes.subnet_ids"],
        groups: &[
            "ec2_attributes.emr_managed_master_security_group",
            "ec2_attributes.emr_managed_slave_security_group",
            "ec2_attributes.additional_master_security_groups",
        ],
        public: Public::BySubnet,
        ..COMPUTE
    },
    Row {
        kinds: &["aws_workspaces_workspace"],
        subnets: &[],
        subnet_group: Some(("directory_id", "aws_workspaces_directory")),
        groups: &[],
        public: Public::BySubnet,
        ..COMPUTE
    },
    Row {
        kinds: &["aws_dms_replication_instance"],
        subnets: &[],
        subnet_group: Some(("replication_subnet_group_id", "aws_dms_replication_subnet_group")),
        groups: &["vpc_security_group_ids"],
        public: Public::Flag("publicly_accessible"),
        ..COMPUTE
    },
    Row {
        kinds: &["aws_db_proxy"],
        subnets: &["vpc_subnet_ids"],
        groups: &["vpc_security_group_ids"],
        ..COMPUTE
    },
    Row {
        kinds: &["aws_db_instance", "aws_rds_cluster"],
        subnet_group: Some(("db_subnet_group_name", "aws_db_subnet_group")),
        public: Public::Flag("publicly_accessible"),
        ..STORE
    },
    Row {
        kinds: &["aws_rds_cluster_instance"],
        subnet_group: Some(("db_subnet_group_name", "aws_db_subnet_group")),
        public: Public::Flag("publicly_accessible"),
        part_of: Some(("cluster_identifier", "aws_rds_cluster")),
        ..STORE
    },
    Row {
        kinds: &["aws_docdb_cluster"],
        subnet_group: Some(("db_subnet_group_name", "aws_docdb_subnet_group")),
        ..STORE
    },
    Row {
        kinds: &["aws_docdb_cluster_instance"],
        part_of: Some(("cluster_identifier", "aws_docdb_cluster")),
        ..STORE
    },
    Row {
        kinds: &["aws_neptune_cluster"],
        subnet_group: Some(("neptune_subnet_group_name", "aws_neptune_subnet_group")),
        ..STORE
    },
    Row {
        kinds: &["aws_neptune_cluster_instance"],
        subnet_group: Some(("neptune_subnet_group_name", "aws_neptune_subnet_group")),
        public: Public::Flag("publicly_accessible"),
        part_of: Some(("cluster_identifier", "aws_neptune_cluster")),
        ..STORE
    },
    Row {
        kinds: &["aws_redshift_cluster"],
        subnet_group: Some(("cluster_subnet_group_name", "aws_redshift_subnet_group")),
        public: Public::Flag("publicly_accessible"),
        ..STORE
    },
    Row {
        kinds: &["aws_redshiftserverless_workgroup"],
        subnets: &["subnet_ids"],
        groups: &["security_group_ids"],
        public: Public::Flag("publicly_accessible"),
        ..STORE
    },
    Row {
        kinds: &["aws_elasticache_cluster", "aws_elasticache_replication_group"],
        subnet_group: Some(("subnet_group_name", "aws_elasticache_subnet_group")),
        groups: &["security_group_ids"],
        ..STORE
    },
    Row {
        kinds: &[
            "aws_elasticache_serverless_cache",
            "aws_fsx_lustre_file_system",
            "aws_fsx_windows_file_system",
            "aws_fsx_ontap_file_system",
            "aws_fsx_openzfs_file_system",
        ],
        subnets: &["subnet_ids"],
        groups: &["security_group_ids"],
        ..STORE
    },
    Row {
        kinds: &["aws_memorydb_cluster"],
        subnet_group: Some(("subnet_group_name", "aws_memorydb_subnet_group")),
        groups: &["security_group_ids"],
        ..STORE
    },
    Row {
        kinds: &["aws_opensearch_domain", "aws_elasticsearch_domain"],
        subnets: &["vpc_options.subnet_ids"],
        groups: &["vpc_options.security_group_ids"],
        may_be_outside: true,
        ..STORE
    },
    Row { kinds: &["aws_efs_mount_target"], subnets: &["subnet_id"], groups: &["security_groups"], ..STORE },
    Row {
        kinds: &["aws_mq_broker"],
        subnets: &["subnet_ids"],
        groups: &["security_groups"],
        public: Public::Flag("publicly_accessible"),
        ..STORE
    },
    Row {
        kinds: &["aws_msk_cluster"],
        subnets: &["broker_node_group_info.client_subnets"],
        groups: &["broker_node_group_info.security_groups"],
        public: Public::Word(
            "broker_node_group_info.connectivity_info.public_access.type",
            "SERVICE_PROVIDED_EIPS",
        ),
        ..STORE
    },
    Row {
        kinds: &["aws_msk_serverless_cluster"],
        subnets: &["vpc_config.subnet_ids"],
        groups: &["vpc_config.security_group_ids"],
        ..STORE
    },
    Row {
        kinds: &["aws_directory_service_directory"],
        subnets: &["vpc_settings.subnet_ids"],
        groups: &[],
        ..COMPUTE
    },
];
