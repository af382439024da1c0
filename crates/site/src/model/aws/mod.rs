//! Resources of AWS drawn into the network.
//!
//! In this order: networks, subnets and tables as bare nodes; gateways, which say where packets that leave a network by them
//! go; hosts with their security groups; last the routes and lists, when every target is known. A packet goes from a host
//! through its groups to its subnet, from there through the subnet's list to its route table, and by a local route to the
//! network, which delivers it through the list of the other subnet and the groups of the other host. Packets within a subnet
//! pass no list.
//!
//! What the plans do not tell is drawn as a *maybe* with the attribute, never left out.

mod acl;
mod addresses;
mod book;
mod cloud;
mod clusters;
mod edge;
mod filters;
mod gateways;
mod groups;
mod hidden;
mod hosts;
mod instances;
mod kinds;
mod lay;
mod prefixes;
mod routes;
mod rows;
mod standing;

pub(crate) use hosts::holds;
pub use hosts::{HOLDS_TAG, UNCLASSIFIED};
pub use kinds::{Kind, TREATMENTS, treatment};

use super::sketch::Sketch;
use super::thing::Thing;
use crate::plan::Plan;
use crate::resource::Resource;
use book::Book;
use cloud::Cloud;

/// Draws the resources of all plans.
pub fn draw(sketch: &mut Sketch, plans: &[Plan]) {
    let book = Book::of(plans);
    for resource in book.all() {
        sketch.coverage.count(treatment(&resource.kind), &resource.kind);
    }
    let mut cloud = Cloud::new(sketch, &book);
    lay::draw(&mut cloud);
    prefixes::read(&mut cloud);
    groups::read(&mut cloud);
    edge::gateways(&mut cloud);
    gateways::draw(&mut cloud);
    hosts::draw(&mut cloud);
    edge::hosts(&mut cloud);
    routes::draw(&mut cloud);
    edge::finish(&mut cloud);
}

/// How a resource is called as a node, and as the key of what is drawn of it.
fn name_of(resource: &Resource) -> String {
    Thing::name_of(resource.plan, &resource.address)
}
