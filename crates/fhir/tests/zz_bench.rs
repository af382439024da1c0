//! temp
use base::Time;
use fhir::fhirpath::*;
#[test]
fn bench() {
    let patient = fhir::json::parse(r#"{"resourceType":"Patient","id":"p1","meta":{"versionId":"1","profile":["http://jpfhir.jp/fhir/core/StructureDefinition/JP_Patient"]},"text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"},"identifier":[{"use":"usual","system":"urn:oid:1.2.3","value":"12345","period":{"start":"2020-01-01","end":"2021-01-01"}}],"active":true,"name":[{"use":"official","text":"山田 太郎","family":"山田","given":["太郎"],"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation","valueCode":"IDE"}]}],"telecom":[{"system":"phone","value":"03-1234-5678"}],"gender":"male","birthDate":"1974-12-25","managingOrganization":{"reference":"Organization/1"},"contact":[{"name":{"family":"山田"}}]}"#.as_bytes()).unwrap();
    let obs = fhir::json::parse(r##"{"resourceType":"Observation","id":"o1","contained":[{"resourceType":"Patient","id":"pp","gender":"male"}],"status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"85354-9"}]},"subject":{"reference":"#pp"},"effectiveDateTime":"2026-04-01T09:00:00+09:00","issued":"2026-04-01T09:00:00+09:00","component":[{"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":120,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}},{"code":{"coding":[{"system":"http://loinc.org","code":"8462-4"}]},"valueQuantity":{"value":80,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}}]}"##.as_bytes()).unwrap();
    for (name, root, focus, text) in [
        ("ele-1 Patient", &patient, "Patient", "hasValue() or (children().count() > id.count())"),
        ("ele-1 HumanName", &patient, "name", "hasValue() or (children().count() > id.count())"),
        ("ele-1 string", &patient, "name.family", "hasValue() or (children().count() > id.count())"),
        ("ext-1", &patient, "name.extension", "extension.exists() != value.exists()"),
        (
            "per-1",
            &patient,
            "identifier.period",
            "start.hasValue().not() or end.hasValue().not() or (start <= end)",
        ),
        (
            "pat-1",
            &patient,
            "contact",
            "name.exists() or telecom.exists() or address.exists() or organization.exists()",
        ),
        ("cpt-2", &patient, "telecom", "value.empty() or system.exists()"),
        (
            "ref-1",
            &obs,
            "subject",
            "reference.startsWith('#').not() or (reference.substring(1).trace('url') in %rootResource.contained.id.trace('ids'))",
        ),
        ("txt-1", &patient, "text.div", "htmlChecks()"),
        ("dom-2", &obs, "Observation", "contained.contained.empty()"),
        (
            "dom-3 1 contained",
            &obs,
            "Observation",
            "contained.where((('#'+id in (%resource.descendants().reference | %resource.descendants().as(canonical) | %resource.descendants().as(uri) | %resource.descendants().as(url))) or descendants().where(reference = '#').exists() or descendants().where(as(canonical) = '#').exists() or descendants().where(as(canonical) = '#').exists()).not()).trace('unmatched', id).empty()",
        ),
        (
            "dom-3 none",
            &patient,
            "Patient",
            "contained.where((('#'+id in (%resource.descendants().reference | %resource.descendants().as(canonical) | %resource.descendants().as(uri) | %resource.descendants().as(url))) or descendants().where(reference = '#').exists() or descendants().where(as(canonical) = '#').exists() or descendants().where(as(canonical) = '#').exists()).not()).trace('unmatched', id).empty()",
        ),
        (
            "dom-4",
            &obs,
            "Observation",
            "contained.meta.versionId.empty() and contained.meta.lastUpdated.empty()",
        ),
        ("dom-6", &patient, "Patient", "text.`div`.exists()"),
        ("obs-6", &obs, "Observation", "dataAbsentReason.empty() or value.empty()"),
        (
            "obs-7",
            &obs,
            "Observation",
            "value.empty() or component.code.where(coding.intersect(%resource.code.coding).exists()).empty()",
        ),
        ("qty-3", &obs, "component[0].value", "code.empty() or system.exists()"),
        (
            "ele-1 all parts",
            &patient,
            "Patient",
            "descendants().all(hasValue() or (children().count() > id.count()))",
        ),
        ("descendants.count", &patient, "Patient", "descendants().count()"),
    ] {
        let item = Item::resource(root).unwrap();
        let scope = Scope::new(Time::from_microseconds(0)).resource(item.clone()).root_resource(item.clone());
        let pick = Expression::parse(focus).unwrap();
        let focus = pick.evaluate(&scope, &item).unwrap().remove(0);
        let e = Expression::parse(text).unwrap();
        assert!(e.holds(&scope, &focus).unwrap(), "{name}");
        let n = 200_000;
        let start = std::time::Instant::now();
        for _ in 0..n {
            std::hint::black_box(e.holds(&scope, std::hint::black_box(&focus)).unwrap());
        }
        println!("{name:20} {:7.0} ns", start.elapsed().as_secs_f64() * 1e9 / f64::from(n));
    }
}
