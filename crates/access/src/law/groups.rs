//! The groups of occupations and of types that policies name: `policies/groups.txt`.

use cedar_policy::{EntityId, EntityTypeName, EntityUid};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::str::FromStr;
use std::sync::LazyLock;

/// The groups as they are written, for people.
pub(super) const TEXT: &str = include_str!("../../policies/groups.txt");

/// To which groups an occupation and a type belong.
#[derive(Debug, Default)]
pub(super) struct Groups {
    staff: BTreeMap<&'static str, HashSet<EntityUid>>,
    types: BTreeMap<&'static str, HashSet<EntityUid>>,
    /// `Staff::"nursing"`, `Types::"clinical"`.
    names: BTreeSet<EntityUid>,
}

impl Groups {
    /// Reads the file. A line that is none of the two kinds is nobody's: tests hold that there is no such line.
    pub(super) fn read(text: &'static str) -> Self {
        let mut groups = Self::default();
        let mut current = None;
        for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            let members = match line.split_once(':') {
                Some((head, members)) => {
                    current = Group::parse(head);
                    members
                }
                None => line,
            };
            if let Some(group) = &current {
                groups.add(group, members);
            }
        }
        groups
    }

    fn add(&mut self, group: &Group, members: &'static str) {
        self.names.insert(group.uid.clone());
        let all = if group.staff { &mut self.staff } else { &mut self.types };
        for member in members.split_ascii_whitespace() {
            all.entry(member).or_default().insert(group.uid.clone());
        }
    }

    /// The groups of an occupation.
    pub(super) fn of_occupation(&self, word: &str) -> HashSet<EntityUid> {
        self.staff.get(word).cloned().unwrap_or_default()
    }

    /// The groups of a type.
    pub(super) fn of_type(&self, name: &str) -> HashSet<EntityUid> {
        self.types.get(name).cloned().unwrap_or_default()
    }

    /// Whether there is a group of this name.
    pub(super) fn has(&self, group: &EntityUid) -> bool {
        self.names.contains(group)
    }

    /// The types that belong to a group.
    pub(super) fn types(&self) -> impl Iterator<Item = &'static str> {
        self.types.keys().copied()
    }

    #[cfg(test)]
    pub(super) fn members(&self) -> (Vec<&'static str>, Vec<&'static str>) {
        (self.staff.keys().copied().collect(), self.types.keys().copied().collect())
    }
}

/// The head of a group's line.
struct Group {
    staff: bool,
    uid: EntityUid,
}

impl Group {
    fn parse(head: &str) -> Option<Self> {
        let (word, name) = head.split_once(' ')?;
        let (staff, entity_type) = match word {
            "staff" => (true, &STAFF),
            "types" => (false, &TYPES),
            _ => return None,
        };
        Some(Self { staff, uid: entity_type.uid(name)? })
    }
}

/// The name of a type of entity, read once: Cedar reads names by its whole grammar.
#[derive(Debug)]
pub(super) struct NameOf(LazyLock<Option<EntityTypeName>>);

/// Who asks.
pub(super) static ACCOUNT: NameOf = NameOf(LazyLock::new(|| EntityTypeName::from_str("Account").ok()));
/// What is touched.
pub(super) static RECORD: NameOf = NameOf(LazyLock::new(|| EntityTypeName::from_str("Record").ok()));
/// Groups of occupations.
pub(super) static STAFF: NameOf = NameOf(LazyLock::new(|| EntityTypeName::from_str("Staff").ok()));
/// Groups of types.
pub(super) static TYPES: NameOf = NameOf(LazyLock::new(|| EntityTypeName::from_str("Types").ok()));

impl NameOf {
    /// `Staff::"nursing"`; none only where the name were no name, which tests exclude.
    pub(super) fn uid(&self, id: &str) -> Option<EntityUid> {
        Some(EntityUid::from_type_name_and_id(self.0.as_ref()?.clone(), EntityId::new(id)))
    }
}
