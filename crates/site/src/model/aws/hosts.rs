//! hosts.

use super::cloud::Cloud;

pub(super) fn draw(cloud: &mut Cloud<'_, '_>) {
    let _ = cloud;
}
