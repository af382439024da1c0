//! The lists everything is drawn from: names, places, diseases, medicines, analytes, vaccines.

pub(crate) mod acute;
pub(crate) mod allergens;
pub(crate) mod chronic;
pub(crate) mod growth;
pub(crate) mod insurers;
pub(crate) mod laboratory;
pub(crate) mod medicines;
pub(crate) mod names;
pub(crate) mod places;
pub(crate) mod procedures;
pub(crate) mod staff;
pub(crate) mod vaccines;
