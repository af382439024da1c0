//! Where in a resource something stands: a chain on the stack that becomes FHIRPath text only when it is needed.

/// Longest name from the input that is repeated in a message, in characters.
const NAME_CHARS_MAX: usize = 80;

/// A place, linked to the place around it.
#[derive(Clone, Copy)]
pub(crate) struct Place<'p> {
    around: Option<&'p Place<'p>>,
    step: Step<'p>,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Root(&'p str),
    Name(&'p str),
    /// A choice: element name and type.
    Choice(&'p str, &'p str),
    Index(usize),
}

impl<'p> Place<'p> {
    pub(crate) fn root(text: &'p str) -> Self {
        Self { around: None, step: Step::Root(text) }
    }

    pub(crate) fn name(&'p self, name: &'p str) -> Self {
        Self { around: Some(self), step: Step::Name(name) }
    }

    pub(crate) fn choice(&'p self, name: &'p str, kind: &'p str) -> Self {
        Self { around: Some(self), step: Step::Choice(name, kind) }
    }

    pub(crate) fn index(&'p self, index: usize) -> Self {
        Self { around: Some(self), step: Step::Index(index) }
    }

    /// FHIRPath of the place: `Patient.name[0].given[1]`, `Observation.value.ofType(Quantity).unit`.
    pub(crate) fn path(&self) -> String {
        let mut chain = vec![self.step];
        let mut place = self;
        while let Some(around) = place.around {
            chain.push(around.step);
            place = around;
        }
        chain.iter().rev().map(Step::text).collect()
    }
}

impl Step<'_> {
    fn text(&self) -> String {
        match self {
            Self::Root(root) => (*root).to_owned(),
            Self::Name(name) => format!(".{}", shown(name)),
            Self::Choice(name, kind) => format!(".{name}.ofType({kind})"),
            Self::Index(index) => format!("[{index}]"),
        }
    }
}

/// A name from the input, short enough for a message.
pub(crate) fn shown(name: &str) -> String {
    match name.char_indices().nth(NAME_CHARS_MAX) {
        None => name.to_owned(),
        Some(_) => name.chars().take(NAME_CHARS_MAX).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_as_fhirpath() {
        let root = Place::root("Observation");
        let (component, first) = (root.name("component"), 0);
        let item = component.index(first);
        let value = item.choice("value", "Quantity");
        assert_eq!(value.name("unit").path(), "Observation.component[0].value.ofType(Quantity).unit");
    }

    #[test]
    fn a_monstrous_name_is_cut() {
        assert_eq!(shown(&"名".repeat(1_000_000)).chars().count(), 81);
    }
}
