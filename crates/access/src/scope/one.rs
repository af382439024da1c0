//! One scope: `patient/Observation.rs`, `launch/patient`, `offline_access`.

use std::fmt::Write as _;

/// Longest type name taken, in bytes. FHIR's longest has 34.
const KIND_BYTES_MAX: usize = 64;

/// Why a scope is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeFlaw {
    /// No scope of this form is known.
    Unknown,
    /// It narrows a type by a query, which is not offered.
    Query,
}

/// A scope that cannot be granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeFault {
    /// The scope as asked for.
    pub scope: String,
    /// Why.
    pub flaw: ScopeFlaw,
}

impl std::fmt::Display for ScopeFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.flaw {
            ScopeFlaw::Unknown => write!(f, "scope {:?} is not known", self.scope),
            ScopeFlaw::Query => write!(f, "scope {:?} has a query, which is not offered", self.scope),
        }
    }
}

/// One scope, as it was written, with its meaning.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope {
    text: String,
    meaning: Meaning,
}

/// What a scope stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Meaning {
    Resource(ResourceScope),
    OpenId,
    FhirUser,
    Launch,
    LaunchPatient,
    Offline,
    Online,
}

/// Rights on records of a type. As text: `patient/Observation.rs`, whatever form it was read from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceScope {
    /// Whose records.
    pub reach: Reach,
    /// The type; none for `*`.
    pub kind: Option<String>,
    /// What may be done with them.
    pub rights: Rights,
}

impl ResourceScope {
    /// Whether it is about records of this type.
    pub(super) fn covers(&self, kind: &str) -> bool {
        self.kind.as_ref().is_none_or(|own| own == kind)
    }

    /// Whether it is about all types that another is about.
    pub(super) fn covers_all_of(&self, other: &Self) -> bool {
        self.kind.is_none() || self.kind == other.kind
    }
}

/// Whose records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// Those of the patient of the launch.
    Patient,
    /// What the person behind the app may see.
    User,
    /// What a service may see without a person.
    System,
}

/// Some of create, read, update, delete, search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rights(u8);

impl Rights {
    /// None at all.
    pub const NONE: Self = Self(0);
    /// `c`.
    pub const CREATE: Self = Self(1);
    /// `r`.
    pub const READ: Self = Self(2);
    /// `u`.
    pub const UPDATE: Self = Self(4);
    /// `d`.
    pub const DELETE: Self = Self(8);
    /// `s`.
    pub const SEARCH: Self = Self(16);
    /// In the order in which a scope must name them.
    const LETTERS: [(u8, Self); 5] = [
        (b'c', Self::CREATE),
        (b'r', Self::READ),
        (b'u', Self::UPDATE),
        (b'd', Self::DELETE),
        (b's', Self::SEARCH),
    ];

    /// These and those.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that are among both.
    #[must_use]
    pub const fn common(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether all of those are among these.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether one of those is among these.
    pub(super) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Letters of v2 in their order, or a word of v1 (SMART App Launch 2, "Scopes v1 compatibility").
    fn parse(text: &str) -> Option<Self> {
        match text {
            "read" => return Some(Self::READ.and(Self::SEARCH)),
            "write" => return Some(Self::CREATE.and(Self::UPDATE).and(Self::DELETE)),
            "*" => return Self::parse("cruds"),
            _ => {}
        }
        let mut rest = text.as_bytes();
        let mut rights = Self::NONE;
        for (letter, right) in Self::LETTERS {
            if let Some((first, after)) = rest.split_first()
                && *first == letter
            {
                rights = rights.and(right);
                rest = after;
            }
        }
        (rest.is_empty() && rights != Self::NONE).then_some(rights)
    }
}

impl std::fmt::Display for Rights {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let own = Self::LETTERS.iter().filter(|(_, right)| self.has(*right));
        own.map(|(letter, _)| char::from(*letter)).try_for_each(|letter| f.write_char(letter))
    }
}

impl std::fmt::Display for ResourceScope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let reach = match self.reach {
            Reach::Patient => "patient",
            Reach::User => "user",
            Reach::System => "system",
        };
        write!(f, "{reach}/{}.{}", self.kind.as_deref().unwrap_or("*"), self.rights)
    }
}

impl Scope {
    pub(super) fn parse(text: &str) -> Result<Self, ScopeFault> {
        let flaw = if text.contains('?') { ScopeFlaw::Query } else { ScopeFlaw::Unknown };
        let meaning = Meaning::parse(text).ok_or_else(|| ScopeFault { scope: text.to_owned(), flaw })?;
        Ok(Self { text: text.to_owned(), meaning })
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn meaning(&self) -> &Meaning {
        &self.meaning
    }

    pub(super) fn resource(&self) -> Option<&ResourceScope> {
        match &self.meaning {
            Meaning::Resource(resource) => Some(resource),
            _ => None,
        }
    }

    pub(super) fn reach(&self) -> Option<Reach> {
        self.resource().map(|resource| resource.reach)
    }
}

impl Meaning {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "openid" => Self::OpenId,
            "fhirUser" => Self::FhirUser,
            "launch" => Self::Launch,
            "launch/patient" => Self::LaunchPatient,
            "offline_access" => Self::Offline,
            "online_access" => Self::Online,
            _ => Self::Resource(ResourceScope::parse(text)?),
        })
    }
}

impl ResourceScope {
    /// Reads one; the forms of version 1 (`.read`, `.write`, `.*`) count as what version 2 has for them.
    pub fn parse(text: &str) -> Option<Self> {
        let (reach, rest) = text.split_once('/')?;
        let reach = match reach {
            "patient" => Reach::Patient,
            "user" => Reach::User,
            "system" => Reach::System,
            _ => return None,
        };
        let (kind, rights) = rest.split_once('.')?;
        let rights = Rights::parse(rights)?;
        let kind = if kind == "*" { None } else { Some(kind_name(kind)?) };
        Some(Self { reach, kind, rights })
    }
}

/// The name of a type: a capital letter, then letters. Whether there is such a type is not known here; a scope for none
/// grants nothing.
fn kind_name(text: &str) -> Option<String> {
    let starts = text.bytes().next().is_some_and(|first| first.is_ascii_uppercase());
    let letters = text.bytes().all(|byte| byte.is_ascii_alphabetic());
    (starts && letters && text.len() <= KIND_BYTES_MAX).then(|| text.to_owned())
}
