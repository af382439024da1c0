//! Two patients held against each other: a finding for each field, their sum, the rules above it, and the grade.

use super::finding::{Field, Finding, Outcome};
use super::read::{Address, Features, Insured, Name};
use crate::readable::Writing;
use base::Language;

/// How likely two patients are one person (FHIR R4, code system match-grade).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Two people.
    CertainlyNot,
    /// Worth looking at.
    Possible,
    /// More likely than not.
    Probable,
    /// Name, birth date and something of their own agree, and nothing speaks against it.
    Certain,
}

/// Tenths of a bit from which on two patients may be one.
const POSSIBLE: i32 = 80;
/// From which on they probably are: a name and a birth date with the sex, or more than that of weaker kinds.
const PROBABLE: i32 = 220;
/// From which on they are, if nothing speaks against it.
const CERTAIN: i32 = 300;

/// A rule that lowers a grade whatever the sum is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Given names differ: twins, siblings, parents agree in all else.
    GivenName,
    /// The birth date is another: people of one name, parents and children of one name.
    BirthDate,
    /// The sex is another.
    Sex,
    /// The branch number is another: a relative.
    Branch,
    /// The name or the birth date cannot be compared.
    NotKnown,
    /// Certain is only what agrees in name and birth date, with an insurance, a number, a telephone or an address.
    NotAll,
}

/// What was found of two patients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Likeness {
    /// How likely they are one person.
    pub grade: Grade,
    /// The sum of what counts, in tenths of a bit.
    pub weight: i32,
    /// One for each field, in their order.
    pub findings: Vec<Finding>,
    /// What lowered the grade.
    pub rule: Option<Rule>,
}

/// Holds two patients against each other. The order makes no difference.
pub fn compare(one: &Features, other: &Features) -> Likeness {
    let findings = vec![
        name(one, other),
        birth(one.birth.as_deref(), other.birth.as_deref()),
        sex(one.male, other.male),
        insurance(one, other),
        number(one, other),
        phone(one, other),
        address(&one.addresses, &other.addresses),
    ];
    let weight = counted(&findings).iter().map(|(_, weight)| *weight).sum();
    let by_weight = match weight {
        CERTAIN.. => Grade::Certain,
        PROBABLE.. => Grade::Probable,
        POSSIBLE.. => Grade::Possible,
        _ => Grade::CertainlyNot,
    };
    let rule = Rule::of(&findings).filter(|rule| rule.highest() < by_weight);
    let grade = rule.map_or(by_weight, Rule::highest);
    Likeness { grade, weight, findings, rule }
}

/// The highest grade that a patient whose keys these are can have: whose birth date is another is at most a possible match.
/// So most who share a name need not be opened.
pub fn highest(one: &Features, keys: &[Vec<u8>]) -> Grade {
    let day = |key: &Vec<u8>| key.strip_prefix(b"b").map(<[u8]>::to_vec);
    let other = keys.iter().find_map(day).and_then(|day| String::from_utf8(day).ok());
    match birth(one.birth.as_deref(), other.as_deref()) {
        Finding::BirthDifferent => Rule::BirthDate.highest(),
        _ => Grade::Certain,
    }
}

/// What each finding adds. Of what those share who live together, the heaviest counts, once.
fn counted(findings: &[Finding]) -> Vec<(Finding, i32)> {
    let household = findings.iter().filter(|one| one.of_household()).max_by_key(|one| one.weight());
    let weight = |one: &Finding| match household {
        Some(heaviest) if one.of_household() && one != heaviest => 0,
        _ => one.weight(),
    };
    findings.iter().map(|one| (*one, weight(one))).collect()
}

impl Likeness {
    /// What each finding adds to the sum, in tenths of a bit.
    pub fn counted(&self) -> Vec<(Finding, i32)> {
        counted(&self.findings)
    }

    /// From 0 to 100, higher for a higher grade, and within a grade for more weight.
    pub fn score(&self) -> u32 {
        let (least, most, from, step) = match self.grade {
            Grade::CertainlyNot => return 0,
            Grade::Possible => (50, 79, POSSIBLE, 10),
            Grade::Probable => (80, 94, PROBABLE, 10),
            Grade::Certain => (95, 100, CERTAIN, 40),
        };
        let above = self.weight.saturating_sub(from).max(0).div_euclid(step);
        u32::try_from(above).map_or(least, |above| most.min(above.saturating_add(least)))
    }
}

impl Grade {
    /// Its code in FHIR.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Probable => "probable",
            Self::Possible => "possible",
            Self::CertainlyNot => "certainly-not",
        }
    }
}

impl Rule {
    fn of(findings: &[Finding]) -> Option<Self> {
        let found = |one: Finding| findings.contains(&one);
        let rules = [
            (Self::GivenName, [Finding::NameFamily, Finding::NameNear, Finding::NameDifferent].map(found)),
            (Self::BirthDate, [found(Finding::BirthDifferent), false, false]),
            (Self::Sex, [found(Finding::SexDifferent), false, false]),
            (Self::Branch, [found(Finding::InsuredBranch), false, false]),
            (Self::NotKnown, [found(Finding::NameMissing), found(Finding::BirthMissing), false]),
        ];
        let own = [
            Finding::InsuredSame,
            Finding::InsuredUnbranched,
            Finding::NumberSame,
            Finding::PhoneSame,
            Finding::AddressSame,
        ];
        let all = found(Finding::NameSame) && found(Finding::BirthSame) && own.into_iter().any(found);
        let first = rules.into_iter().find(|(_, applies)| applies.contains(&true)).map(|(rule, _)| rule);
        first.or_else(|| (!all).then_some(Self::NotAll))
    }

    /// The highest grade that it leaves.
    fn highest(self) -> Grade {
        match self {
            Self::GivenName | Self::BirthDate | Self::Sex | Self::Branch | Self::NotKnown => Grade::Possible,
            Self::NotAll => Grade::Probable,
        }
    }

    /// Its word in answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::GivenName => "given-name",
            Self::BirthDate => "birth-date",
            Self::Sex => "sex",
            Self::Branch => "branch",
            Self::NotKnown => "not-known",
            Self::NotAll => "not-all",
        }
    }

    /// What is said of it to people.
    pub const fn text(self, language: Language) -> &'static str {
        let (english, japanese) = match self {
            Self::GivenName => (
                "The given names differ: twins and siblings share the rest.",
                "名が異なります（双子、きょうだいは、ほかの項目が一致します）。",
            ),
            Self::BirthDate => (
                "The birth dates differ: people of one name.",
                "生年月日が異なります（同姓同名の別人の可能性）。",
            ),
            Self::Sex => ("The sexes differ.", "性別が異なります。"),
            Self::Branch => (
                "The branch numbers differ: relatives share symbol and number.",
                "枝番が異なります（家族は同じ記号・番号を使います）。",
            ),
            Self::NotKnown => ("A name or a birth date is not known.", "氏名または生年月日が分かりません。"),
            Self::NotAll => (
                "Nothing beside name and birth date agrees fully: there are people of one name and birth date.",
                "氏名と生年月日のほかに一致を裏付けるものがありません（同姓同名・同生年月日の別人の可能性）。",
            ),
        };
        match language {
            Language::Japanese => japanese,
            Language::English => english,
        }
    }
}

/// Names of one writing are compared with each other, former ones too; where both writings are known, the worse counts.
fn name(one: &Features, other: &Features) -> Finding {
    let written = best(Writing::Ideographic, one, other);
    let read = best(Writing::Syllabic, one, other);
    match (written, read) {
        (Some(Finding::NameSame), Some(Finding::NameSame) | None) | (None, Some(Finding::NameSame)) => {
            Finding::NameSame
        }
        (Some(Finding::NameSame), Some(_)) => Finding::NameWritten,
        (Some(_), Some(Finding::NameSame)) => Finding::NameReading,
        // Findings stand in the order of how much they say: the later one is the worse.
        (Some(written), Some(read)) => written.max(read),
        (Some(found), None) | (None, Some(found)) => found,
        (None, None) => best(Writing::Alphabetic, one, other).unwrap_or(Finding::NameMissing),
    }
}

fn best(writing: Writing, one: &Features, other: &Features) -> Option<Finding> {
    let of = |features: &'_ Features| -> Vec<Name> {
        features.names.iter().filter(|name| name.writing == writing).cloned().collect()
    };
    let others = of(other);
    let pairs = of(one)
        .into_iter()
        .flat_map(|one| others.iter().map(move |other| pair(&one, other)).collect::<Vec<_>>());
    pairs.min()
}

fn pair(one: &Name, other: &Name) -> Finding {
    if one.whole == other.whole {
        return Finding::NameSame;
    }
    let (Some((family, given)), Some((other_family, other_given))) = (&one.parts, &other.parts) else {
        return Finding::NameDifferent;
    };
    let near = one.writing != Writing::Ideographic
        && given.chars().count() >= 3
        && strsim::osa_distance(given, other_given) == 1;
    match (family == other_family, given == other_given) {
        (false, true) => Finding::NameGiven,
        (true, false) if near => Finding::NameNear,
        (true, false) => Finding::NameFamily,
        // Alike in both, and yet not as a whole: parted otherwise.
        (true, true) => Finding::NameSame,
        (false, false) => Finding::NameDifferent,
    }
}

fn birth(one: Option<&str>, other: Option<&str>) -> Finding {
    let (Some(one), Some(other)) = (one, other) else { return Finding::BirthMissing };
    match (one == other, one.len() == 10 && other.len() == 10) {
        (true, true) => Finding::BirthSame,
        (false, true) if is_slip(one, other) => Finding::BirthNear,
        (_, true) => Finding::BirthDifferent,
        _ if one.starts_with(other) || other.starts_with(one) => Finding::BirthPart,
        _ => Finding::BirthDifferent,
    }
}

/// Years between a year of one era and the same number in the next: Taisho and Showa, Showa and Heisei, Heisei and Reiwa.
const ERAS: [i32; 3] = [14, 63, 30];

/// Whether one slip makes one date of the other: a digit, two digits exchanged, month and day exchanged, another era.
fn is_slip(one: &str, other: &str) -> bool {
    if strsim::osa_distance(one, other) == 1 {
        return true;
    }
    let parts = |date: &str| -> Option<(i32, i32, i32)> {
        let mut parts = date.split('-').map(str::parse::<i32>);
        Some((parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?))
    };
    let (Some((year, month, day)), Some((other_year, other_month, other_day))) = (parts(one), parts(other))
    else {
        return false;
    };
    let exchanged = year == other_year && month == other_day && day == other_month;
    let era =
        month == other_month && day == other_day && ERAS.contains(&year.saturating_sub(other_year).abs());
    exchanged || era
}

fn sex(one: Option<bool>, other: Option<bool>) -> Finding {
    match (one, other) {
        (Some(one), Some(other)) if one == other => Finding::SexSame,
        (Some(_), Some(_)) => Finding::SexDifferent,
        _ => Finding::SexMissing,
    }
}

fn insurance(one: &Features, other: &Features) -> Finding {
    let pairs = one.insured.iter().flat_map(|one| other.insured.iter().map(move |other| card(one, other)));
    pairs.min().unwrap_or(Finding::InsuredMissing)
}

fn card(one: &Insured, other: &Insured) -> Finding {
    let insurers = one.insurer.is_none() || other.insurer.is_none() || one.insurer == other.insurer;
    match (one.card == other.card && insurers, &one.branch, &other.branch) {
        (false, _, _) => Finding::InsuredDifferent,
        (true, Some(one), Some(other)) if one == other => Finding::InsuredSame,
        (true, Some(_), Some(_)) => Finding::InsuredBranch,
        (true, _, _) => Finding::InsuredUnbranched,
    }
}

fn number(one: &Features, other: &Features) -> Finding {
    let pairs = one.numbers.iter().flat_map(|one| other.numbers.iter().map(move |other| (one, other)));
    // Where one does not say who gave the number, nothing follows from it.
    let found = pairs.filter(|(one, other)| one.system == other.system && !one.system.is_empty());
    let found = found.map(
        |(one, other)| {
            if one.value == other.value { Finding::NumberSame } else { Finding::NumberOther }
        },
    );
    found.min().unwrap_or(Finding::NumberMissing)
}

fn phone(one: &Features, other: &Features) -> Finding {
    if one.phones.is_empty() || other.phones.is_empty() {
        Finding::PhoneMissing
    } else if one.phones.is_disjoint(&other.phones) {
        Finding::PhoneDifferent
    } else {
        Finding::PhoneSame
    }
}

fn address(one: &[Address], other: &[Address]) -> Finding {
    let pairs = one.iter().flat_map(|one| other.iter().map(move |other| place(one, other)));
    pairs.min().unwrap_or(Finding::AddressMissing)
}

/// Shortest text of an address that says where it is.
const ADDRESS_LETTERS: usize = 6;

fn place(one: &Address, other: &Address) -> Finding {
    let postal = match (&one.postal_code, &other.postal_code) {
        (Some(one), Some(other)) => Some(one == other),
        _ => None,
    };
    let text = match (&one.text, &other.text) {
        // One may begin with the prefecture or the town, the other not.
        (Some(one), Some(other)) => {
            let long = one.chars().count().min(other.chars().count()) >= ADDRESS_LETTERS;
            Some(one == other || long && (one.ends_with(other.as_str()) || other.ends_with(one.as_str())))
        }
        _ => None,
    };
    match (postal, text) {
        (Some(true) | None, Some(true)) => Finding::AddressSame,
        (Some(true), _) => Finding::AddressPostal,
        (Some(false), _) | (None, Some(false)) => Finding::AddressDifferent,
        (None, None) => Finding::AddressMissing,
    }
}

impl Likeness {
    /// The fields with this outcome.
    pub fn fields(&self, outcome: Outcome) -> impl Iterator<Item = Field> {
        self.findings.iter().filter(move |one| one.outcome() == outcome).map(|one| one.field())
    }
}
