//! The catalogue's files, compiled in.

use crate::yaml::SourceFile;

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(SourceFile { name: $name, text: include_str!(concat!("../../catalogue/", $name)) }),*]
    };
}

/// Guidelines: what is required.
pub(super) static FILES: &[SourceFile<'static>] = files![
    "mhlw-6.0/governance.yaml",
    "mhlw-6.0/management.yaml",
    "mhlw-6.0/control.yaml",
    "mhlw-6.0/three-principles.yaml",
    "mhlw-7.0/overview.yaml",
    "mhlw-7.0/governance.yaml",
    "mhlw-7.0/management.yaml",
    "mhlw-7.0/control.yaml",
    "mhlw-7.0/three-principles.yaml",
    "mhlw-7.0/maintenance-outsourcing.yaml",
    "meti-mic-2.0/provider.yaml",
    "meti-mic-2.0/risk-scenarios.yaml",
    "checklist-2025/facility.yaml",
    "checklist-2025/provider.yaml",
    "checklist-2026/facility.yaml",
    "checklist-2026/provider.yaml",
    "jahis-sds-5.0/sds.yaml",
];
