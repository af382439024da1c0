//! The elements of which the odd resources are made.

use super::{COUNT, Odd};
use crate::search::moment::{self, Precision};

const UNITS: [(&str, &str, &str); 5] = [
    ("mg/dL", "http://unitsofmeasure.org", "mg/dL"),
    ("milligram", "http://unitsofmeasure.org", "mg"),
    ("kg", "http://unitsofmeasure.org", "kg"),
    ("tablets", "urn:units", "TAB"),
    ("kg", "urn:units", "mg"),
];
/// Numbers far apart and close together, in all their spellings.
pub(super) const NUMBERS: [&str; 16] = [
    "0",
    "0.0",
    "1",
    "1.0",
    "1.00",
    "-1",
    "-0.5",
    "99.5",
    "100",
    "100.4",
    "100.5",
    "1e2",
    "12.345",
    "0.001",
    "-12.50",
    "123456789",
];
const CODES: [&str; 6] = ["a", "A", "ab", "a|b", "a,b", "b$c"];
const SYSTEMS: [&str; 3] = ["urn:s", "urn:S", "http://example.org/codes"];

impl Odd<'_> {
    /// One of some texts.
    pub(super) fn one(&self, texts: &[&'static str]) -> &'static str {
        self.chance.one(texts)
    }

    /// A member with its comma, two times out of three.
    pub(super) fn member(&self, name: &str, value: impl FnOnce() -> String) -> String {
        if self.chance.once_in(3) { String::new() } else { format!(r#","{name}":{}"#, value()) }
    }

    pub(super) fn resource(&self, kind: &str, number: usize, members: &str) -> String {
        let meta = self.member("meta", || self.meta());
        let identifier =
            self.member("identifier", || format!("[{},{}]", self.identifier(), self.identifier()));
        format!(r#"{{"resourceType":"{kind}","id":"odd-{number}"{meta}{identifier}{members}}}"#)
    }

    pub(super) fn meta(&self) -> String {
        let profile = self.one(&[
            "http://example.org/StructureDefinition/a",
            "http://example.org/StructureDefinition/a|2",
            "http://example.org/StructureDefinition/a/b",
            "https://example.org/StructureDefinition/A",
        ]);
        let source = self.one(&["urn:source:1", "http://example.org/source", "http://example.org/source#7"]);
        format!(
            r#"{{"profile":["{profile}"],"source":"{source}","tag":[{}],"security":[{}]}}"#,
            self.coding(),
            self.coding()
        )
    }

    pub(super) fn coding(&self) -> String {
        let code = self.one(&CODES);
        let display = self.one(&["Blood Pressure", "blood", "血圧", "ｹﾂｱﾂ", "Ｂｌｏｏｄ sugar"]);
        match self.chance.below(4) {
            0 => format!(r#"{{"code":"{code}"}}"#),
            1 => format!(r#"{{"system":"{}","display":"{display}"}}"#, self.one(&SYSTEMS)),
            _ => {
                format!(r#"{{"system":"{}","code":"{code}","display":"{display}"}}"#, self.one(&SYSTEMS))
            }
        }
    }

    pub(super) fn concept(&self) -> String {
        let text = self.one(&["Blood  pressure", "血圧", "けつあつ", "sugar"]);
        match self.chance.below(4) {
            0 => format!(r#"{{"text":"{text}"}}"#),
            1 => format!(r#"{{"coding":[{},{}]}}"#, self.coding(), self.coding()),
            _ => format!(r#"{{"coding":[{}],"text":"{text}"}}"#, self.coding()),
        }
    }

    pub(super) fn identifier(&self) -> String {
        let system = self.member("system", || format!(r#""{}""#, self.one(&SYSTEMS)));
        let kind = self.member("type", || self.concept());
        format!(r#"{{"value":"{}"{system}{kind}}}"#, self.one(&["1", "12", "a,b", "A|b", "x\\\\y", "Ａ１"]))
    }

    pub(super) fn moment(&self) -> i64 {
        let days = self.chance.between(-8_000, 22_000);
        days * moment::DAY
            + self.chance.between(0, 86_399) * moment::SECOND
            + self.chance.between(0, 999) * 1_000
    }

    /// A date with a time or a part of a date.
    pub(super) fn date_time(&self) -> String {
        let precisions =
            [Precision::Year, Precision::Month, Precision::Day, Precision::Second, Precision::Fraction];
        let precision = self.chance.one(&precisions);
        format!(
            r#""{}""#,
            moment::text(self.moment(), precision, self.chance.one(&[Some(0), Some(540), Some(-330)]))
        )
    }

    pub(super) fn date(&self) -> String {
        let precision = self.chance.one(&[Precision::Year, Precision::Month, Precision::Day]);
        format!(r#""{}""#, moment::text(self.moment(), precision, None))
    }

    pub(super) fn period(&self) -> String {
        let from = self.moment();
        let until = from + self.chance.between(0, 40) * self.chance.between(1, 20) * moment::DAY / 7;
        let side = |at: i64, precision| moment::text(at, precision, Some(540));
        let precision = self.chance.one(&[Precision::Month, Precision::Day, Precision::Second]);
        match self.chance.below(4) {
            0 => format!(r#"{{"start":"{}"}}"#, side(from, precision)),
            1 => format!(r#"{{"end":"{}"}}"#, side(until, precision)),
            _ => format!(r#"{{"start":"{}","end":"{}"}}"#, side(from, precision), side(until, precision)),
        }
    }

    pub(super) fn quantity(&self) -> String {
        let (unit, system, code) = self.chance.one(&UNITS);
        let number = self.one(&NUMBERS);
        match self.chance.below(5) {
            0 => format!(r#"{{"value":{number}}}"#),
            1 => format!(r#"{{"value":{number},"unit":"{unit}"}}"#),
            2 => format!(r#"{{"value":{number},"system":"{system}","code":"{code}"}}"#),
            _ => format!(r#"{{"value":{number},"unit":"{unit}","system":"{system}","code":"{code}"}}"#),
        }
    }

    /// A reference to an odd patient or to somebody else, in one of its forms.
    pub(super) fn subject(&self) -> String {
        let id = format!("odd-{}", self.chance.below(COUNT + 2));
        match self.chance.below(11) {
            10 => r#"{"reference":"https://elsewhere.example.org/fhir/Group/g"}"#.to_owned(),
            0 => format!(r#"{{"reference":"{}/Patient/{id}"}}"#, self.base),
            1 => format!(r#"{{"reference":"https://elsewhere.example.org/fhir/Patient/{id}"}}"#),
            2 => format!(r#"{{"reference":"Patient/{id}/_history/1"}}"#),
            3 => format!(r#"{{"reference":"Group/{id}"}}"#),
            4 => format!(r#"{{"identifier":{}}}"#, self.identifier()),
            5 => format!(r#"{{"type":"Patient","identifier":{}}}"#, self.identifier()),
            6 => format!(
                r#"{{"type":"Patient","reference":"urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee1208{:04}"}}"#,
                id.len()
            ),
            7 => r#"{"display":"somebody"}"#.to_owned(),
            _ => format!(r#"{{"reference":"Patient/{id}"}}"#),
        }
    }
}
