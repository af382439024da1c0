//! What an expression may know beside the part it works on.

use super::item::Item;
use base::Time;
use std::fmt;

/// Finds the resource a reference points at, by its text.
pub type Resolver<'n> = dyn Fn(&str) -> Option<Item<'n>> + 'n;
/// Says whether a coded item is in a value set; nothing when that is not known.
pub type Membership<'n> = dyn Fn(&Item<'_>, &str) -> Option<bool> + 'n;

/// The surroundings of an evaluation: made once per resource, used for many expressions.
pub struct Scope<'n> {
    pub(super) now: Time,
    pub(super) resource: Option<Item<'n>>,
    pub(super) root_resource: Option<Item<'n>>,
    pub(super) variables: Vec<(String, Vec<Item<'n>>)>,
    pub(super) resolver: Option<&'n Resolver<'n>>,
    pub(super) membership: Option<&'n Membership<'n>>,
    pub(super) strict: bool,
}

impl<'n> Scope<'n> {
    /// Nothing is known but the present moment.
    pub fn new(now: Time) -> Self {
        Self {
            now,
            resource: None,
            root_resource: None,
            variables: Vec::new(),
            resolver: None,
            membership: None,
            strict: false,
        }
    }

    /// `%resource`: the resource the focus stands in. Without it the focus itself is meant.
    #[must_use]
    pub fn resource(mut self, resource: Item<'n>) -> Self {
        self.resource = Some(resource);
        self
    }

    /// `%rootResource`: the resource that contains `%resource`. Without it, `%resource`.
    #[must_use]
    pub fn root_resource(mut self, resource: Item<'n>) -> Self {
        self.root_resource = Some(resource);
        self
    }

    /// A variable of the caller: `%name`.
    #[must_use]
    pub fn variable(mut self, name: impl Into<String>, items: Vec<Item<'n>>) -> Self {
        self.variables.push((name.into(), items));
        self
    }

    /// Where `resolve()` looks after contained resources and the entries of the Bundle.
    #[must_use]
    pub fn resolver(mut self, resolver: &'n Resolver<'n>) -> Self {
        self.resolver = Some(resolver);
        self
    }

    /// What `memberOf()` asks. Without it the function gives nothing.
    #[must_use]
    pub fn membership(mut self, membership: &'n Membership<'n>) -> Self {
        self.membership = Some(membership);
        self
    }

    /// Names that no item can have, and choices of one item among several with `as`, become problems.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }
}

impl fmt::Debug for Scope<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope")
            .field("variables", &self.variables.len())
            .field("strict", &self.strict)
            .finish_non_exhaustive()
    }
}
