//! Resources with what Synthea and the generated patients lack: kana in all its widths, dates of every precision, open
//! periods, units of many kinds, references in every form, ranges, versions of canonicals, numbers far apart.

use super::chance::Chance;
use super::moment::{self, Precision};

/// From which the odd resources follow.
const SEED: u64 = 7;
/// From which those follow that are replaced.
const EARLIER_SEED: u64 = 8;
/// Of each type.
const COUNT: usize = 40;
/// Of each type, to be deleted.
const SUPERFLUOUS: usize = 5;

/// The resources as JSON; some refer to others by the address of the server.
pub(crate) fn resources(base: &str) -> Vec<String> {
    let odd = Odd { chance: Chance::new(SEED), base };
    (0..COUNT).flat_map(|number| odd.each(number)).collect()
}

/// Other resources for some of the same ids, and for some more.
pub(crate) fn earlier(base: &str) -> Vec<String> {
    let odd = Odd { chance: Chance::new(EARLIER_SEED), base };
    (COUNT / 2..COUNT + SUPERFLUOUS).flat_map(|number| odd.each(number)).collect()
}

/// Type and id of those that are to be deleted.
pub(crate) fn superfluous() -> Vec<String> {
    let kinds = ["Patient", "Observation", "Condition", "ServiceRequest", "RiskAssessment"];
    let more = ["MolecularSequence", "CarePlan", "ValueSet", "ChargeItem"];
    let ids = |kind: &&str| (COUNT..COUNT + SUPERFLUOUS).map(|number| format!("{kind}/odd-{number}")).collect::<Vec<_>>();
    kinds.iter().chain(&more).flat_map(ids).collect()
}

struct Odd<'b> {
    chance: Chance,
    base: &'b str,
}

const FAMILIES: [&str; 8] =
    ["山田", "ヤマダ", "ﾔﾏﾀﾞ", "やまだ", "Yamada", "ＹＡＭＡＤＡ", "髙橋", "Müller-Lüd"];
const GIVENS: [&str; 8] = ["太郎", "タロウ", "ﾀﾛｳ", "たろう", "Taro", "TARO José", "ｼﾞｮｰｼﾞ", "ヴィー"];
const UNITS: [(&str, &str, &str); 5] = [
    ("mg/dL", "http://unitsofmeasure.org", "mg/dL"),
    ("milligram", "http://unitsofmeasure.org", "mg"),
    ("kg", "http://unitsofmeasure.org", "kg"),
    ("tablets", "urn:units", "TAB"),
    ("kg", "urn:units", "mg"),
];
const NUMBERS: [&str; 16] = [
    "0", "0.0", "1", "1.0", "1.00", "-1", "-0.5", "99.5", "100", "100.4", "100.5", "1e2", "12.345", "0.001", "-12.50",
    "123456789",
];
const CODES: [&str; 6] = ["a", "A", "ab", "a|b", "a,b", "b$c"];
const SYSTEMS: [&str; 4] = ["urn:s", "urn:S", "http://example.org/codes", "http://example.org/codes|1"];

impl Odd<'_> {
    /// One resource of each type.
    fn each(&self, number: usize) -> [String; 9] {
        [
            self.patient(number),
            self.observation(number),
            self.condition(number),
            self.service_request(number),
            self.risk_assessment(number),
            self.molecular_sequence(number),
            self.care_plan(number),
            self.value_set(number),
            self.charge_item(number),
        ]
    }

    /// One of some texts.
    fn one(&self, texts: &[&'static str]) -> &'static str {
        self.chance.one(texts)
    }

    /// A member with its comma, two times out of three.
    fn member(&self, name: &str, value: impl FnOnce() -> String) -> String {
        if self.chance.once_in(3) { String::new() } else { format!(r#","{name}":{}"#, value()) }
    }

    fn resource(&self, kind: &str, number: usize, members: &str) -> String {
        let meta = self.member("meta", || self.meta());
        let identifier = self.member("identifier", || format!("[{},{}]", self.identifier(), self.identifier()));
        format!(r#"{{"resourceType":"{kind}","id":"odd-{number}"{meta}{identifier}{members}}}"#)
    }

    fn meta(&self) -> String {
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

    fn coding(&self) -> String {
        let code = self.one(&CODES);
        let display = self.one(&["Blood Pressure", "blood", "血圧", "ｹﾂｱﾂ", "Ｂｌｏｏｄ sugar"]);
        match self.chance.below(4) {
            0 => format!(r#"{{"code":"{code}"}}"#),
            1 => format!(r#"{{"system":"{}","display":"{display}"}}"#, self.one(&SYSTEMS[..3])),
            _ => format!(r#"{{"system":"{}","code":"{code}","display":"{display}"}}"#, self.one(&SYSTEMS[..3])),
        }
    }

    fn concept(&self) -> String {
        let text = self.one(&["Blood  pressure", "血圧", "けつあつ", "sugar"]);
        match self.chance.below(4) {
            0 => format!(r#"{{"text":"{text}"}}"#),
            1 => format!(r#"{{"coding":[{},{}]}}"#, self.coding(), self.coding()),
            _ => format!(r#"{{"coding":[{}],"text":"{text}"}}"#, self.coding()),
        }
    }

    fn identifier(&self) -> String {
        let system = self.member("system", || format!(r#""{}""#, self.one(&SYSTEMS[..3])));
        let kind = self.member("type", || self.concept());
        format!(r#"{{"value":"{}"{system}{kind}}}"#, self.one(&["1", "12", "a,b", "A|b", "x\\\\y", "Ａ１"]))
    }

    fn moment(&self) -> i64 {
        let days = self.chance.between(-8_000, 22_000);
        days * moment::DAY + self.chance.between(0, 86_399) * moment::SECOND + self.chance.between(0, 999) * 1_000
    }

    /// A date with a time or a part of a date.
    fn date_time(&self) -> String {
        let precisions = [Precision::Year, Precision::Month, Precision::Day, Precision::Second, Precision::Fraction];
        let precision = self.chance.one(&precisions);
        format!(r#""{}""#, moment::text(self.moment(), precision, self.chance.one(&[Some(0), Some(540), Some(-330)])))
    }

    fn date(&self) -> String {
        let precision = self.chance.one(&[Precision::Year, Precision::Month, Precision::Day]);
        format!(r#""{}""#, moment::text(self.moment(), precision, None))
    }

    fn period(&self) -> String {
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

    fn quantity(&self) -> String {
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
    fn subject(&self) -> String {
        let id = format!("odd-{}", self.chance.below(COUNT + 2));
        match self.chance.below(11) {
            10 => r#"{"reference":"https://elsewhere.example.org/fhir/Group/g"}"#.to_owned(),
            0 => format!(r#"{{"reference":"{}/Patient/{id}"}}"#, self.base),
            1 => format!(r#"{{"reference":"https://elsewhere.example.org/fhir/Patient/{id}"}}"#),
            2 => format!(r#"{{"reference":"Patient/{id}/_history/1"}}"#),
            3 => format!(r#"{{"reference":"Group/{id}"}}"#),
            4 => format!(r#"{{"identifier":{}}}"#, self.identifier()),
            5 => format!(r#"{{"type":"Patient","identifier":{}}}"#, self.identifier()),
            6 => format!(r#"{{"type":"Patient","reference":"urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee1208{:04}"}}"#, id.len()),
            7 => r#"{"display":"somebody"}"#.to_owned(),
            _ => format!(r#"{{"reference":"Patient/{id}"}}"#),
        }
    }

    fn patient(&self, number: usize) -> String {
        let name = || {
            let (family, given) = (self.one(&FAMILIES), self.one(&GIVENS));
            match self.chance.below(3) {
                0 => format!(r#"[{{"text":"{family}　{given}"}}]"#),
                1 => format!(r#"[{{"family":"{family}","given":["{given}"],"text":"{family} {given}"}}]"#),
                _ => format!(r#"[{{"family":"{family}","given":["{given}","II"],"prefix":["Dr."]}}]"#),
            }
        };
        let address = || {
            let city = self.one(&["東京都", "ﾄｳｷｮｳ", "Tokyo", "São Paulo"]);
            format!(r#"[{{"city":"{city}","line":["1-2-３","A棟"],"postalCode":"100-0001","use":"home"}}]"#)
        };
        let telecom = || {
            let system = self.one(&["phone", "email", "fax"]);
            format!(r#"[{{"system":"{system}","value":"{}","use":"work"}},{{"value":"1"}}]"#, self.one(&["03-1", "a@b"]))
        };
        let deceased = match self.chance.below(4) {
            0 => r#","deceasedBoolean":false"#.to_owned(),
            1 => r#","deceasedBoolean":true"#.to_owned(),
            2 => format!(r#","deceasedDateTime":{}"#, self.date_time()),
            _ => String::new(),
        };
        let members = [
            self.member("name", name),
            self.member("address", address),
            self.member("telecom", telecom),
            self.member("birthDate", || self.date()),
            self.member("active", || self.one(&["true", "false"]).to_owned()),
            self.member("gender", || format!(r#""{}""#, self.one(&["male", "female", "other"]))),
            self.member("communication", || format!(r#"[{{"language":{}}}]"#, self.concept())),
            deceased,
        ];
        self.resource("Patient", number, &members.concat())
    }

    fn observation(&self, number: usize) -> String {
        let effective = match self.chance.below(4) {
            0 => format!(r#","effectiveDateTime":{}"#, self.date_time()),
            1 => format!(r#","effectivePeriod":{}"#, self.period()),
            2 => format!(
                r#","effectiveTiming":{{"event":[{},{}],"repeat":{{"boundsPeriod":{}}}}}"#,
                self.date_time(),
                self.date_time(),
                self.period()
            ),
            _ => String::new(),
        };
        let component = || format!(r#"[{{"code":{}{}}},{{"code":{}{}}}]"#, self.concept(), self.value(), self.concept(), self.value());
        let members = [
            format!(r#","status":"final","code":{}"#, self.concept()),
            effective,
            self.value(),
            self.member("subject", || self.subject()),
            self.member("component", component),
            self.member("category", || format!("[{}]", self.concept())),
        ];
        self.resource("Observation", number, &members.concat())
    }

    fn value(&self) -> String {
        match self.chance.below(7) {
            0 => format!(r#","valueCodeableConcept":{}"#, self.concept()),
            1 => format!(r#","valueString":"{}""#, self.one(&["Positive", "positive +", "陽性", "ﾖｳｾｲ"])),
            2 => format!(r#","valueDateTime":{}"#, self.date_time()),
            3 => format!(r#","valuePeriod":{}"#, self.period()),
            4 => format!(r#","valueSampledData":{{"origin":{},"period":1,"dimensions":1}}"#, self.quantity()),
            _ => format!(r#","valueQuantity":{}"#, self.quantity()),
        }
    }

    fn condition(&self, number: usize) -> String {
        let range = |low: &str, high: &str| format!(r#"{{"low":{{"value":{low}}},"high":{{"value":{high}}}}}"#);
        let onset = match self.chance.below(5) {
            0 => format!(r#","onsetAge":{{"value":{},"system":"http://unitsofmeasure.org","code":"a"}}"#, self.chance.between(1, 90)),
            1 => format!(r#","onsetRange":{}"#, range("10", self.one(&["10.5", "20", "100"]))),
            2 => format!(r#","onsetPeriod":{}"#, self.period()),
            3 => r#","onsetString":"幼少期　ﾖｳｼｮｳｷ""#.to_owned(),
            _ => format!(r#","onsetDateTime":{}"#, self.date_time()),
        };
        let subject = format!(r#","subject":{}"#, self.subject());
        let members = [onset, subject, self.member("code", || self.concept()), self.member("recordedDate", || self.date_time())];
        self.resource("Condition", number, &members.concat())
    }

    fn service_request(&self, number: usize) -> String {
        let canonical = self.one(&["http://example.org/a|1", "http://example.org/a|2", "http://example.org/a", "ActivityDefinition/x"]);
        let uri = self.one(&["http://example.org/x/y", "http://example.org/x/", "http://example.org/xy", "urn:x:y"]);
        let members = [
            format!(r#","status":"active","intent":"order","subject":{}"#, self.subject()),
            self.member("instantiatesCanonical", || format!(r#"["{canonical}"]"#)),
            self.member("instantiatesUri", || format!(r#"["{uri}"]"#)),
            self.member("occurrencePeriod", || self.period()),
            self.member("basedOn", || format!(r#"[{{"reference":"CarePlan/odd-{}"}}]"#, self.chance.below(COUNT))),
        ];
        self.resource("ServiceRequest", number, &members.concat())
    }

    fn risk_assessment(&self, number: usize) -> String {
        let chances = ["0", "0.5", "0.50", "1", "12.5", "99.95", "100", "1e1", "0.001"];
        let probability = match self.chance.below(3) {
            0 => format!(r#","probabilityRange":{{"low":{{"value":{}}},"high":{{"value":100}}}}"#, self.one(&chances)),
            _ => format!(r#","probabilityDecimal":{}"#, self.one(&chances)),
        };
        let members = format!(
            r#","status":"final","subject":{},"prediction":[{{"outcome":{}{probability}}}]"#,
            self.subject(),
            self.concept()
        );
        self.resource("RiskAssessment", number, &members)
    }

    fn molecular_sequence(&self, number: usize) -> String {
        let (start, end) = (self.chance.between(0, 30), self.chance.between(25, 60));
        let members = format!(
            r#","coordinateSystem":0,"referenceSeq":{{"referenceSeqId":{},"strand":"watson","windowStart":{start},"windowEnd":{end},"chromosome":{}}},"variant":[{{"start":{start},"end":{}}},{{"start":{end}}}]"#,
            self.concept(),
            self.concept(),
            start + 5
        );
        self.resource("MolecularSequence", number, &members)
    }

    fn care_plan(&self, number: usize) -> String {
        let events = || {
            format!(
                r#"[{{"detail":{{"status":"unknown","scheduledTiming":{{"event":[{}]}}}}}},{{"detail":{{"status":"unknown","scheduledPeriod":{}}}}}]"#,
                self.date_time(),
                self.period()
            )
        };
        let members = [
            format!(r#","status":"active","intent":"plan","subject":{}"#, self.subject()),
            self.member("period", || self.period()),
            self.member("activity", events),
            self.member("partOf", || format!(r#"[{{"reference":"CarePlan/odd-{}"}}]"#, self.chance.below(COUNT))),
            self.member("instantiatesCanonical", || r#"["http://example.org/PlanDefinition/p|1.0"]"#.to_owned()),
        ];
        self.resource("CarePlan", number, &members.concat())
    }

    fn value_set(&self, number: usize) -> String {
        let address = self.one(&[
            "http://example.org/fhir/ValueSet/a",
            "http://example.org/fhir/ValueSet/a/b",
            "http://example.org/fhir/",
            "http://example.org/fhirx",
            "urn:oid:1.2.3",
        ]);
        let range = format!(r#""valueRange":{{"low":{},"high":{{"value":1000}}}}"#, r#"{"value":1}"#);
        let context = match self.chance.below(3) {
            0 => range,
            1 => format!(r#""valueCodeableConcept":{}"#, self.concept()),
            _ => format!(r#""valueQuantity":{}"#, self.quantity()),
        };
        let members = [
            format!(r#","status":"draft","url":"{address}","version":"{}""#, self.one(&["1", "1.0", "A"])),
            format!(r#","useContext":[{{"code":{},{context}}}]"#, self.coding()),
            self.member("description", || format!(r#""A *description* in Ｍａｒｋｄｏｗｎ{}""#, " 長い。".repeat(self.chance.below(300)))),
            self.member("date", || self.date_time()),
        ];
        self.resource("ValueSet", number, &members.concat())
    }

    fn charge_item(&self, number: usize) -> String {
        let money = || format!(r#"{{"value":{},"currency":"{}"}}"#, self.one(&NUMBERS), self.one(&["JPY", "USD"]));
        let members = [
            format!(r#","status":"billable","code":{},"subject":{}"#, self.concept(), self.subject()),
            self.member("factorOverride", || self.one(&NUMBERS).to_owned()),
            self.member("priceOverride", money),
            self.member("quantity", || self.quantity()),
            self.member("occurrenceTiming", || format!(r#"{{"repeat":{{"boundsPeriod":{}}}}}"#, self.period())),
        ];
        self.resource("ChargeItem", number, &members.concat())
    }
}
