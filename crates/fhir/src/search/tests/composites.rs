//! Composites: their parts belong together.

use super::*;

#[test]
fn parts_of_a_composite_belong_together() {
    let observation = r#"{"resourceType":"Observation","status":"final",
      "code":{"coding":[{"system":"http://loinc.org","code":"85354-9"}]},
      "component":[
        {"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"},{"code":"sys"}]},"valueQuantity":{"value":120,"code":"mm[Hg]","system":"http://unitsofmeasure.org"}},
        {"code":{"coding":[{"system":"http://loinc.org","code":"8462-4"}]},"valueQuantity":{"value":80,"code":"mm[Hg]"}}]}"#;
    check(
        observation,
        &[
            "component-code-value-quantity=http://loinc.org|8480-6$120",
            "component-code-value-quantity=8480-6$gt100",
            "component-code-value-quantity=8480-6$120||mm[Hg]",
            "component-code-value-quantity=http://loinc.org|8462-4$le80||mm[Hg]",
            "combo-code-value-quantity=http://loinc.org|8480-6$120",
            "component-code-value-quantity=|sys$lt121",
            "component-code-value-quantity=http://loinc.org|$80",
            "component-code-value-quantity=8480-6$120|http://unitsofmeasure.org|mm[Hg]",
            "component-code-value-quantity=8480-6$ne119",
        ],
        &[
            "component-code-value-quantity=http://loinc.org|8480-6$80",
            "component-code-value-quantity=8462-4$120",
            "component-code-value-quantity=8462-4$gt100",
            "component-code-value-quantity=urn:other|8480-6$120",
            "component-code-value-quantity=|8480-6$120",
            "code-value-quantity=85354-9$120",
            "component-code-value-quantity=urn:other|$80",
            "component-code-value-quantity=8462-4$80|http://unitsofmeasure.org|mm[Hg]",
            "component-code-value-quantity=8480$120",
        ],
    );
}

#[test]
fn composites_take_texts_dates_codes_and_references() {
    let text = r#"{"resourceType":"Observation","status":"final","code":{"coding":[{"code":"smoking"}]},"valueString":"Never Smoker"}"#;
    check(
        text,
        &["code-value-string=smoking$never", "code-value-string=|smoking$ＮＥＶＥＲ"],
        &["code-value-string=smoking$smoker"],
    );
    let date = r#"{"resourceType":"Observation","status":"final","code":{"coding":[{"code":"due"}]},"valuePeriod":{"start":"2026-04-01","end":"2026-06-30"}}"#;
    check(
        date,
        &["code-value-date=due$ge2026-05", "code-value-date=|due$sa2026-03"],
        &["code-value-date=due$2026-04", "code-value-date=due$ge2026-06", "code-value-date=due$gt2026-07"],
    );
    let code = r#"{"resourceType":"Observation","status":"final","code":{"coding":[{"code":"a"}]},"valueCodeableConcept":{"coding":[{"system":"urn:s","code":"b"}]}}"#;
    check(
        code,
        &["code-value-concept=a$urn:s|b", "code-value-concept=a$b", "code-value-concept=a$urn:s|"],
        &["code-value-concept=a$|b", "code-value-concept=b$a"],
    );
    let related = r#"{"resourceType":"DocumentReference","status":"current","relatesTo":[{"code":"replaces","target":{"reference":"DocumentReference/1"}},{"code":"appends","target":{"reference":"DocumentReference/2"}}]}"#;
    check(
        related,
        &["relationship=replaces$DocumentReference/1", "relationship=appends$2"],
        &["relationship=replaces$2"],
    );
}

#[test]
fn three_parts_of_a_composite_belong_together() {
    let sequence = r#"{"resourceType":"MolecularSequence","coordinateSystem":0,
      "referenceSeq":{"chromosome":{"coding":[{"system":"urn:c","code":"7"}]},"windowStart":-5,"windowEnd":2000},
      "variant":[{"start":100,"end":101},{"start":300,"end":301}]}"#;
    check(
        sequence,
        &[
            "chromosome-window-coordinate=7$lt0$2000",
            "chromosome-window-coordinate=urn:c|7$-5$gt1999",
            "chromosome-variant-coordinate=7$100$101",
            "chromosome-variant-coordinate=urn:c|7$ge200$301",
        ],
        &[
            "chromosome-window-coordinate=7$gt0$2000",
            "chromosome-variant-coordinate=7$100$301",
            "chromosome-variant-coordinate=8$100$101",
        ],
    );
}
