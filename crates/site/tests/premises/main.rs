//! Descriptions drawn into networks: what each says of who reaches whom.

mod templates;
