//! Resources with what Synthea and the generated patients lack: kana in all its widths, dates of every precision, open
//! periods, units of many kinds, references in every form, ranges, versions of canonicals, numbers far apart.

mod parts;

use super::chance::Chance;
use parts::NUMBERS;

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
    let ids = |kind: &&str| {
        (COUNT..COUNT + SUPERFLUOUS).map(|number| format!("{kind}/odd-{number}")).collect::<Vec<_>>()
    };
    kinds.iter().chain(&more).flat_map(ids).collect()
}

struct Odd<'b> {
    chance: Chance,
    base: &'b str,
}

const FAMILIES: [&str; 8] =
    ["山田", "ヤマダ", "ﾔﾏﾀﾞ", "やまだ", "Yamada", "ＹＡＭＡＤＡ", "髙橋", "Müller-Lüd"];
const GIVENS: [&str; 8] = ["太郎", "タロウ", "ﾀﾛｳ", "たろう", "Taro", "TARO José", "ｼﾞｮｰｼﾞ", "ヴィー"];
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
            format!(
                r#"[{{"system":"{system}","value":"{}","use":"work"}},{{"system":"other","value":"1"}}]"#,
                self.one(&["03-1", "a@b"])
            )
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
        let component = || format!(r#"{{"code":{}{}}}"#, self.component_code(), self.value());
        let members = [
            format!(r#","status":"preliminary","code":{}"#, self.concept()),
            effective,
            self.value(),
            self.member("subject", || self.subject()),
            self.member("component", || format!("[{},{}]", component(), component())),
            self.member("category", || format!("[{}]", self.concept())),
        ];
        self.resource("Observation", number, &members.concat())
    }

    /// A concept whose codings are never equal to those of the observation itself, which R4 forbids (obs-7), although
    /// system and code may be.
    fn component_code(&self) -> String {
        let concept = self.concept().replace(r#"{"system""#, r#"{"version":"2","system""#);
        concept.replace(r#"{"code""#, r#"{"version":"2","code""#)
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
        let range =
            |low: &str, high: &str| format!(r#"{{"low":{{"value":{low}}},"high":{{"value":{high}}}}}"#);
        let onset = match self.chance.below(5) {
            0 => format!(
                r#","onsetAge":{{"value":{},"system":"http://unitsofmeasure.org","code":"a"}}"#,
                self.chance.between(1, 90)
            ),
            1 => format!(r#","onsetRange":{}"#, range("10", self.one(&["10.5", "20", "100"]))),
            2 => format!(r#","onsetPeriod":{}"#, self.period()),
            3 => r#","onsetString":"幼少期　ﾖｳｼｮｳｷ""#.to_owned(),
            _ => format!(r#","onsetDateTime":{}"#, self.date_time()),
        };
        let subject = format!(r#","subject":{}"#, self.subject());
        let members = [
            onset,
            subject,
            self.member("code", || self.concept()),
            self.member("recordedDate", || self.date_time()),
        ];
        self.resource("Condition", number, &members.concat())
    }

    fn service_request(&self, number: usize) -> String {
        let canonical = self.one(&[
            "http://example.org/a|1",
            "http://example.org/a|2",
            "http://example.org/a",
            "ActivityDefinition/x",
        ]);
        let uri = self.one(&[
            "http://example.org/x/y",
            "http://example.org/x/",
            "http://example.org/xy",
            "urn:x:y",
        ]);
        let members = [
            format!(r#","status":"active","intent":"order","subject":{}"#, self.subject()),
            self.member("instantiatesCanonical", || format!(r#"["{canonical}"]"#)),
            self.member("instantiatesUri", || format!(r#"["{uri}"]"#)),
            self.member("occurrencePeriod", || self.period()),
            self.member("basedOn", || {
                format!(r#"[{{"reference":"CarePlan/odd-{}"}}]"#, self.chance.below(COUNT))
            }),
        ];
        self.resource("ServiceRequest", number, &members.concat())
    }

    fn risk_assessment(&self, number: usize) -> String {
        let chances = ["0", "0.5", "0.50", "1", "12.5", "99.95", "100", "1e1", "0.001"];
        let probability = match self.chance.below(3) {
            0 => format!(
                r#","probabilityRange":{{"low":{{"value":{}}},"high":{{"value":100}}}}"#,
                self.one(&chances)
            ),
            _ => format!(r#","probabilityDecimal":{}"#, self.one(&chances)),
        };
        let members = format!(
            r#","status":"preliminary","subject":{},"prediction":[{{"outcome":{}{probability}}}]"#,
            self.subject(),
            self.concept()
        );
        self.resource("RiskAssessment", number, &members)
    }

    fn molecular_sequence(&self, number: usize) -> String {
        let (start, end) = (self.chance.between(0, 30), self.chance.between(25, 60));
        let named = match self.chance.below(2) {
            0 => format!(r#""referenceSeqId":{}"#, self.concept()),
            _ => format!(r#""genomeBuild":"GRCh37","chromosome":{}"#, self.concept()),
        };
        let reference = format!(r#"{{{named},"strand":"watson","windowStart":{start},"windowEnd":{end}}}"#);
        let variants = format!(r#"[{{"start":{start},"end":{}}},{{"start":{end}}}]"#, start + 5);
        let members = format!(r#","coordinateSystem":0,"referenceSeq":{reference},"variant":{variants}"#);
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
            self.member("partOf", || {
                format!(r#"[{{"reference":"CarePlan/odd-{}"}}]"#, self.chance.below(COUNT))
            }),
            self.member("instantiatesCanonical", || {
                r#"["http://example.org/PlanDefinition/p|1.0"]"#.to_owned()
            }),
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
            self.member("description", || {
                format!(
                    r#""A *description* in Ｍａｒｋｄｏｗｎ{}""#,
                    " 長い。".repeat(self.chance.below(300))
                )
            }),
            self.member("date", || self.date_time()),
        ];
        self.resource("ValueSet", number, &members.concat())
    }

    fn charge_item(&self, number: usize) -> String {
        let money =
            || format!(r#"{{"value":{},"currency":"{}"}}"#, self.one(&NUMBERS), self.one(&["JPY", "USD"]));
        let members = [
            format!(r#","status":"billable","code":{},"subject":{}"#, self.concept(), self.subject()),
            self.member("factorOverride", || self.one(&NUMBERS).to_owned()),
            self.member("priceOverride", money),
            self.member("quantity", || self.quantity()),
            self.member("occurrenceTiming", || {
                format!(r#"{{"repeat":{{"boundsPeriod":{}}}}}"#, self.period())
            }),
        ];
        self.resource("ChargeItem", number, &members.concat())
    }
}
