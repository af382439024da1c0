//! Descriptions drawn into networks: what each says of who reaches whom.

mod ask;
mod changed;
mod clouds;
mod devices;
mod lines;
mod outside;
mod templates;
mod zones;
