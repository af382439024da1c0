//! The description of a site drawn into the network.

use super::sketch::Sketch;
use crate::description::Site;

/// Draws a description, of one phase.
pub fn draw(sketch: &mut Sketch, site: &Site) {
    let _ = (sketch, site);
}
