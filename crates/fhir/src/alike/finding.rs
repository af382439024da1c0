//! What comparing one field of two patients can find, and what it weighs.

use base::Language;

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The name, in kanji, in kana, in Latin letters; former names count.
    Name,
    /// The birth date.
    Birth,
    /// The sex.
    Sex,
    /// The insurance: symbol, number and branch number.
    Insurance,
    /// The facility's number of the patient.
    Number,
    /// The telephone.
    Phone,
    /// The address and its postal code.
    Address,
}

/// What was found of a field, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The same.
    Agree,
    /// The same in part.
    Partly,
    /// Not the same.
    Disagree,
    /// One of both says nothing of it.
    Missing,
}

/// What was found of a field. How often each finding is made, among two records of one person (`m`) and among records of
/// two people (`u`), is written beside it; the weight is `log2(m / u)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// All that is known of the name is the same.
    NameSame,
    /// Read alike, written otherwise.
    NameReading,
    /// Written alike, read otherwise.
    NameWritten,
    /// Another family name, the same given name.
    NameGiven,
    /// One letter of the given name differs.
    NameNear,
    /// The same family name, another given name.
    NameFamily,
    /// Another name.
    NameDifferent,
    /// No name that could be compared.
    NameMissing,
    /// The same day.
    BirthSame,
    /// One digit differs, two are exchanged, month and day are, or the era is another.
    BirthNear,
    /// The same as far as both say it.
    BirthPart,
    /// Another day.
    BirthDifferent,
    /// Not known of both.
    BirthMissing,
    /// The same.
    SexSame,
    /// Male and female.
    SexDifferent,
    /// Not known of both.
    SexMissing,
    /// The same symbol, number and branch number.
    InsuredSame,
    /// The same symbol and number; a branch number is not known of both, so it may be a relative's.
    InsuredUnbranched,
    /// The same symbol and number, another branch number: a relative.
    InsuredBranch,
    /// Other numbers.
    InsuredDifferent,
    /// Not known of both.
    InsuredMissing,
    /// The same number.
    NumberSame,
    /// Other numbers, as two registrations have them.
    NumberOther,
    /// Not known of both.
    NumberMissing,
    /// One is the same.
    PhoneSame,
    /// None is the same.
    PhoneDifferent,
    /// Not known of both.
    PhoneMissing,
    /// The same.
    AddressSame,
    /// The same postal code.
    AddressPostal,
    /// Another.
    AddressDifferent,
    /// Not known of both.
    AddressMissing,
}

/// A row of the table.
pub(super) struct Row {
    pub(super) finding: Finding,
    pub(super) field: Field,
    pub(super) outcome: Outcome,
    /// How often among records of one person.
    #[cfg(test)]
    pub(super) m: f64,
    /// How often among records of two people.
    #[cfg(test)]
    pub(super) u: f64,
    /// Tenths of a bit.
    pub(super) weight: i32,
    /// Whether those who live together share it.
    pub(super) household: bool,
    pub(super) english: &'static str,
    pub(super) japanese: &'static str,
}

macro_rules! table {
    ($($finding:ident $field:ident $outcome:ident $m:literal $u:literal $weight:literal $household:literal $english:literal $japanese:literal;)*) => {
        /// All findings. Frequencies are estimates for one Japanese facility: they are weighed, not counted, and the
        /// tests hold what follows from them against cases that people have judged.
        pub(super) static TABLE: &[Row] = &[$(Row {
            finding: Finding::$finding, field: Field::$field, outcome: Outcome::$outcome, #[cfg(test)] m: $m, #[cfg(test)] u: $u, weight: $weight,
            household: $household, english: $english, japanese: $japanese,
        }),*];
    };
}

table! {
    // Full names repeat: the most frequent ones are borne by one in two thousand, most by one in ten thousand.
    NameSame Name Agree 0.87 0.0003 115 false "the same name" "氏名が一致";
    NameReading Name Partly 0.03 0.001 49 false "read alike, written otherwise" "読みは一致、表記が異なる";
    NameWritten Name Partly 0.03 0.0002 72 false "written alike, read otherwise" "表記は一致、読みが異なる";
    // Marriage, divorce, adoption.
    NameGiven Name Partly 0.04 0.005 30 false "another family name, the same given name" "名は一致、姓が異なる";
    NameNear Name Partly 0.02 0.003 27 false "one letter of the given name differs" "名の 1 文字が異なる";
    NameFamily Name Disagree 0.005 0.01 -10 false "the same family name, another given name" "姓は一致、名が異なる";
    NameDifferent Name Disagree 0.005 0.9805 -76 false "another name" "氏名が異なる";
    NameMissing Name Missing 1.0 1.0 0 false "no name to compare" "比べられる氏名がない";
    // A day in some seventy years.
    BirthSame Birth Agree 0.95 0.00004 145 false "the same birth date" "生年月日が一致";
    BirthNear Birth Partly 0.03 0.0015 43 false "birth dates that one slip makes of each other" "生年月日が 1 か所だけ異なる（打ち間違いの可能性）";
    BirthPart Birth Partly 0.01 0.003 17 false "the same birth date as far as it is known" "生年月日が分かる範囲で一致";
    BirthDifferent Birth Disagree 0.01 0.99546 -66 false "another birth date" "生年月日が異なる";
    BirthMissing Birth Missing 1.0 1.0 0 false "no birth date to compare" "生年月日が不明";
    SexSame Sex Agree 0.99 0.5 10 false "the same sex" "性別が一致";
    SexDifferent Sex Disagree 0.01 0.5 -56 false "another sex" "性別が異なる";
    SexMissing Sex Missing 1.0 1.0 0 false "no sex to compare" "性別が不明";
    InsuredSame Insurance Agree 0.5 0.00001 156 false "the same insurance number with its branch" "被保険者の記号・番号・枝番が一致";
    InsuredUnbranched Insurance Partly 0.2 0.00005 120 true "the same insurance number; without a branch it may be a relative's" "被保険者の記号・番号が一致（枝番が不明で、家族の可能性）";
    // Who is registered twice has one branch number; who has another is a relative. Neither speaks for one person.
    InsuredBranch Insurance Disagree 0.00002 0.00002 0 false "the same insurance number, another branch: a relative's" "被保険者の記号・番号は一致、枝番が異なる（家族）";
    // Employers change, people turn 75.
    InsuredDifferent Insurance Disagree 0.29998 0.99992 -17 false "another insurance number" "被保険者の記号・番号が異なる";
    InsuredMissing Insurance Missing 1.0 1.0 0 false "no insurance number to compare" "被保険者の記号・番号が不明";
    // Who is registered twice was given two numbers.
    NumberSame Number Agree 0.01 0.000_000_1 166 false "the same patient number" "患者番号が一致";
    NumberOther Number Disagree 0.99 0.999_999_9 0 false "other patient numbers, as two registrations have" "患者番号が異なる（二重登録では通常異なる）";
    NumberMissing Number Missing 1.0 1.0 0 false "no patient number to compare" "患者番号が不明";
    PhoneSame Phone Agree 0.6 0.002 82 true "the same telephone" "電話番号が一致";
    PhoneDifferent Phone Disagree 0.4 0.998 -13 false "another telephone" "電話番号が異なる";
    PhoneMissing Phone Missing 1.0 1.0 0 false "no telephone to compare" "電話番号が不明";
    AddressSame Address Agree 0.5 0.001 90 true "the same address" "住所が一致";
    AddressPostal Address Partly 0.2 0.01 43 true "the same postal code" "郵便番号が一致";
    // People move.
    AddressDifferent Address Disagree 0.3 0.989 -17 false "another address" "住所が異なる";
    AddressMissing Address Missing 1.0 1.0 0 false "no address to compare" "住所が不明";
}

impl Field {
    /// Its word in answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Birth => "birthDate",
            Self::Sex => "gender",
            Self::Insurance => "insurance",
            Self::Number => "patientNumber",
            Self::Phone => "phone",
            Self::Address => "address",
        }
    }
}

impl Outcome {
    /// Its word in answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Agree => "agree",
            Self::Partly => "partly",
            Self::Disagree => "disagree",
            Self::Missing => "missing",
        }
    }
}

impl Finding {
    /// Its row. The table has one of each, in their order: a test sees to it.
    pub(super) fn row(self) -> Option<&'static Row> {
        TABLE.iter().find(|row| row.finding == self)
    }

    /// What it was found of.
    pub fn field(self) -> Field {
        self.row().map_or(Field::Name, |row| row.field)
    }

    /// What it comes to.
    pub fn outcome(self) -> Outcome {
        self.row().map_or(Outcome::Missing, |row| row.outcome)
    }

    /// What it weighs, in tenths of a bit.
    pub fn weight(self) -> i32 {
        self.row().map_or(0, |row| row.weight)
    }

    /// Whether those who live together share it.
    pub(super) fn of_household(self) -> bool {
        self.row().is_some_and(|row| row.household)
    }

    /// What is said of it to people.
    pub fn text(self, language: Language) -> &'static str {
        self.row().map_or("", |row| match language {
            Language::Japanese => row.japanese,
            Language::English => row.english,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn every_weight_is_that_of_its_frequencies() {
        for row in TABLE {
            let weight = (10.0 * (row.m / row.u).log2()).round();
            assert!((weight - f64::from(row.weight)).abs() < 0.5, "{:?}: {weight}", row.finding);
        }
    }

    #[test]
    fn the_findings_of_a_field_are_all_that_can_be_found() {
        let mut sums: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
        for row in TABLE.iter().filter(|row| row.outcome != Outcome::Missing) {
            let sum = sums.entry(row.field.word()).or_default();
            *sum = (sum.0 + row.m, sum.1 + row.u);
        }
        for (field, (m, u)) in sums {
            assert!((m - 1.0).abs() < 1e-9 && (u - 1.0).abs() < 1e-6, "{field}: {m} {u}");
        }
        let order: Vec<Finding> = TABLE.iter().map(|row| row.finding).collect();
        assert!(order.is_sorted() && order.last() == Some(&Finding::AddressMissing));
        assert_eq!(order.len(), 31);
    }
}
