//! What nodes of the network stand for.

/// What a node of the network stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    /// The internet.
    Internet,
    /// A zone of the description, by its id.
    Zone(String),
    /// A device or system of the description, by its id.
    Device(String),
    /// A link of the description, by its id; `back` is its direction from `to` to `from`.
    Link {
        /// Its id.
        id: String,
        /// Whether it is the way back.
        back: bool,
    },
    /// A filter of the description, by its id.
    Filter(String),
    /// A resource of a plan.
    Resource {
        /// The number of its plan.
        plan: usize,
        /// Its address.
        address: String,
    },
    /// What lies behind a handoff of a cloud that nothing describes.
    Undescribed {
        /// The number of the plan of the handoff.
        plan: usize,
        /// The address of the handoff.
        address: String,
    },
}

impl Thing {
    /// The resource with this address of a plan.
    pub fn resource(plan: usize, address: &str) -> Self {
        Self::Resource { plan, address: address.to_owned() }
    }

    /// How a resource is called as a node: by its address, and by the number of its plan where it is not the first.
    pub fn name_of(plan: usize, address: &str) -> String {
        if plan == 0 { address.to_owned() } else { format!("{address}#{plan}") }
    }
}
