//! Tests of the lines of a resource.

use super::*;

const JA: Language = Language::Japanese;

fn said(content: &str, language: Language) -> String {
    let lines = lines(content.as_bytes(), language).unwrap();
    let line = |line: &Line| {
        let indent = "  ".repeat(usize::from(line.depth));
        format!("{indent}{}: {}\n", line.label, line.value.as_deref().unwrap_or("-"))
    };
    lines.iter().map(line).collect()
}

#[test]
fn a_result_is_read_line_by_line() {
    let content = r#"{"resourceType":"Observation","id":"o","meta":{"versionId":"1"},
        "text":{"status":"generated","div":"<div>x</div>"},"status":"final",
        "code":{"text":"血圧","coding":[{"system":"http://loinc.org","code":"85354-9","display":"Blood pressure"}]},
        "subject":{"reference":"Patient/p","display":"山田 花子"},"effectiveDateTime":"2026-04-01T00:30:00Z",
        "component":[{"code":{"text":"収縮期"},"valueQuantity":{"value":128,"unit":"mmHg"}},
                     {"code":{"text":"拡張期"},"valueQuantity":{"value":82.0,"comparator":"<","unit":"mmHg"}}],
        "note":[{"text":"再検","time":"2026-04-02"}]}"#;
    assert_eq!(
        said(content, JA),
        "状態: 確定
検査・観察項目: 血圧 [Blood pressure <LOINC 85354-9>]
対象者: 山田 花子 <Patient/p>
測定・採取日時: 2026年4月1日 9:30
構成項目: -
  項目: 収縮期
  値: 128 mmHg
構成項目: -
  項目: 拡張期
  値: <82.0 mmHg
注記: 再検（2026年4月2日）
"
    );
    assert!(
        said(content, Language::English)
            .contains("Effective: 2026-04-01 09:30 JST\nComponent: -\n  Code: 収縮期\n")
    );
}

#[test]
fn what_is_contained_and_what_extends_is_read_too() {
    let content = r#"{"resourceType":"Patient","birthDate":"1985-03-02",
        "_birthDate":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/patient-birthTime","valueDateTime":"1985-03-02T05:00:00+09:00"}]},
        "extension":[{"url":"http://example.org/a#race","extension":[{"url":"text","valueString":"x"}]}],
        "contained":[{"resourceType":"Organization","id":"c","name":"医院"}],
        "text":{"status":"additional","div":"<div>左 &amp; <b>右</b></div>"},
        "multipleBirthBoolean":false,"photo":[{"contentType":"image/png","data":"AAAA"}]}"#;
    assert_eq!(
        said(content, JA),
        "生年月日: 1985年3月2日
生年月日: -
  patient-birthTime: 1985年3月2日 5:00
race: -
  text: x
組織: -
  名称: 医院
文: 左 & 右
多胎: いいえ
写真: image/png（データ 3 バイト）
"
    );
}

#[test]
fn what_is_no_resource_is_refused() {
    assert!(lines(b"{}", JA).is_err());
    assert!(lines(b"[", JA).is_err());
}
