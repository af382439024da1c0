//! What the staff of the demo do with records on their first day, in order: all that a record can go through, once.

/// Something that somebody does with a record.
#[derive(Debug)]
pub(super) struct Deed {
    /// The account.
    pub(super) by: &'static str,
    /// `Type/id`. Each deed writes one version of it.
    pub(super) record: &'static str,
    pub(super) act: Act,
}

/// What is done.
#[derive(Debug)]
pub(super) enum Act {
    /// It is written; on behalf of another account where one is named.
    Write { content: &'static str, responsible: Option<&'static str> },
    /// An operation with a reason and, for an amendment, the new content; without either where it needs none.
    Settle { operation: &'static str, reason: Option<&'static str>, content: Option<&'static str> },
    /// It is deleted. Its versions stay.
    Delete,
}

/// The note that the medical clerk writes for the doctor: what is shown to whoever looks at the demo.
pub(super) const NOTE: &str = "Composition/demo-note";
const TEMPERATURE: &str = "Observation/demo-temperature";
const WEIGHT: &str = "Observation/demo-weight";
const MISTAKEN: &str = "Observation/demo-mistaken";
const WAITING: &str = "Composition/demo-waiting";
const RETURNED: &str = "Composition/demo-returned";
const BEGUN: &str = "Composition/demo-begun";

const DOCTOR: &str = "doctor";
const NURSE: &str = "nurse";
const SCRIBE: &str = "scribe";

const NOTE_SHORT: &str = r#"{"resourceType":"Composition","id":"demo-note","status":"preliminary",
    "type":{"coding":[{"system":"http://loinc.org","code":"11506-3","display":"Progress note"}],"text":"経過記録"},
    "subject":{"reference":"Patient/p000000"},"date":"2026-04-01T10:00:00+09:00","author":[{"reference":"Practitioner/staff-1"}],
    "title":"経過記録","section":[{"title":"所見","text":{"status":"additional",
    "div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>咳が続く。</p></div>"}}]}"#;
const NOTE_WHOLE: &str = r#"{"resourceType":"Composition","id":"demo-note","status":"preliminary",
    "type":{"coding":[{"system":"http://loinc.org","code":"11506-3","display":"Progress note"}],"text":"経過記録"},
    "subject":{"reference":"Patient/p000000"},"date":"2026-04-01T10:00:00+09:00","author":[{"reference":"Practitioner/staff-1"}],
    "title":"経過記録","section":[{"title":"所見","text":{"status":"additional",
    "div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>咳が 3 日続く。発熱なし。聴診で異常なし。</p></div>"}}]}"#;
const NOTE_AMENDED: &str = r#"{"resourceType":"Composition","id":"demo-note","status":"amended",
    "type":{"coding":[{"system":"http://loinc.org","code":"11506-3","display":"Progress note"}],"text":"経過記録"},
    "subject":{"reference":"Patient/p000000"},"date":"2026-04-01T10:00:00+09:00","author":[{"reference":"Practitioner/staff-1"}],
    "title":"経過記録","section":[{"title":"所見","text":{"status":"additional",
    "div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>咳が 5 日続く。発熱なし。聴診で異常なし。</p></div>"}}]}"#;
const TEMPERATURE_TAKEN: &str = r#"{"resourceType":"Observation","id":"demo-temperature","status":"preliminary",
    "code":{"coding":[{"system":"http://loinc.org","code":"8310-5","display":"Body temperature"}],"text":"体温"},
    "subject":{"reference":"Patient/p000000"},"effectiveDateTime":"2026-04-01T09:50:00+09:00",
    "performer":[{"reference":"Practitioner/staff-1"}],
    "valueQuantity":{"value":38.9,"unit":"℃","system":"http://unitsofmeasure.org","code":"Cel"}}"#;
const WEIGHT_TAKEN: &str = r#"{"resourceType":"Observation","id":"demo-weight","status":"preliminary",
    "code":{"coding":[{"system":"http://loinc.org","code":"29463-7","display":"Body weight"}],"text":"体重"},
    "subject":{"reference":"Patient/p000000"},"effectiveDateTime":"2026-04-01T09:45:00+09:00",
    "performer":[{"reference":"Practitioner/staff-5"}],
    "valueQuantity":{"value":85.4,"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}}"#;
const WEIGHT_RIGHT: &str = r#"{"resourceType":"Observation","id":"demo-weight","status":"preliminary",
    "code":{"coding":[{"system":"http://loinc.org","code":"29463-7","display":"Body weight"}],"text":"体重"},
    "subject":{"reference":"Patient/p000000"},"effectiveDateTime":"2026-04-01T09:45:00+09:00",
    "performer":[{"reference":"Practitioner/staff-5"}],
    "valueQuantity":{"value":58.4,"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}}"#;
const MISTAKEN_TAKEN: &str = r#"{"resourceType":"Observation","id":"demo-mistaken","status":"preliminary",
    "code":{"coding":[{"system":"http://loinc.org","code":"8867-4","display":"Heart rate"}],"text":"脈拍"},
    "subject":{"reference":"Patient/p000000"},"effectiveDateTime":"2026-04-01T09:46:00+09:00",
    "performer":[{"reference":"Practitioner/staff-5"}],
    "valueQuantity":{"value":72,"unit":"回/分","system":"http://unitsofmeasure.org","code":"/min"}}"#;

const WAITING_NOTE: &str = r#"{"resourceType":"Composition","id":"demo-waiting","status":"preliminary",
    "type":{"coding":[{"system":"http://loinc.org","code":"11506-3","display":"Progress note"}],"text":"経過記録"},
    "subject":{"reference":"Patient/p000000"},"date":"2026-04-08T10:00:00+09:00","author":[{"reference":"Practitioner/staff-1"}],
    "title":"経過記録（再診）","section":[{"title":"所見","text":{"status":"additional",
    "div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>咳は軽快。体温 36.4℃。内服は終了。</p></div>"}}]}"#;
const RETURNED_NOTE: &str = r#"{"resourceType":"Composition","id":"demo-returned","status":"preliminary",
    "type":{"coding":[{"system":"http://loinc.org","code":"11506-3","display":"Progress note"}],"text":"経過記録"},
    "subject":{"reference":"Patient/p000000"},"date":"2026-04-08T11:00:00+09:00","author":[{"reference":"Practitioner/staff-1"}],
    "title":"電話での問い合わせの記録","section":[{"title":"所見","text":{"status":"additional",
    "div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>薬の飲み方について電話で問い合わせがあった。</p></div>"}}]}"#;
const BEGUN_NOTE: &str = r#"{"resourceType":"Composition","id":"demo-begun","status":"preliminary",
    "type":{"coding":[{"system":"http://loinc.org","code":"11506-3","display":"Progress note"}],"text":"経過記録"},
    "subject":{"reference":"Patient/p000000"},"date":"2026-04-08T12:00:00+09:00","author":[{"reference":"Practitioner/staff-1"}],
    "title":"次回の方針","section":[{"title":"所見","text":{"status":"additional",
    "div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>血液検査の結果を見て決める。</p></div>"}}]}"#;

/// A note that is entered for the doctor, given back, mended, approved and amended; a result that is finalised and taken
/// back; one that is mended and finalised; one that is deleted while it is a draft. At the end of the day one note waits
/// for the doctor, one for who entered it, and one is begun.
pub(super) const DEEDS: &[Deed] = &[
    write_for(SCRIBE, NOTE, NOTE_SHORT, Some(DOCTOR)),
    settle(DOCTOR, NOTE, "return", Some("いつからの症状かを追記してください")),
    write_for(SCRIBE, NOTE, NOTE_WHOLE, None),
    settle(DOCTOR, NOTE, "approve", None),
    Deed {
        by: DOCTOR,
        record: NOTE,
        act: Act::Settle {
            operation: "amend",
            reason: Some("期間の聞き取り誤り"),
            content: Some(NOTE_AMENDED),
        },
    },
    write_for(DOCTOR, TEMPERATURE, TEMPERATURE_TAKEN, None),
    settle(DOCTOR, TEMPERATURE, "finalize", None),
    settle(DOCTOR, TEMPERATURE, "withdraw", Some("別の患者の測定値")),
    write_for(NURSE, WEIGHT, WEIGHT_TAKEN, None),
    write_for(NURSE, WEIGHT, WEIGHT_RIGHT, None),
    settle(NURSE, WEIGHT, "finalize", None),
    write_for(NURSE, MISTAKEN, MISTAKEN_TAKEN, None),
    Deed { by: NURSE, record: MISTAKEN, act: Act::Delete },
    write_for(SCRIBE, WAITING, WAITING_NOTE, Some(DOCTOR)),
    write_for(SCRIBE, RETURNED, RETURNED_NOTE, Some(DOCTOR)),
    settle(DOCTOR, RETURNED, "return", Some("回答した内容と回答した人を追記してください")),
    write_for(DOCTOR, BEGUN, BEGUN_NOTE, None),
];

const fn write_for(
    by: &'static str,
    record: &'static str,
    content: &'static str,
    responsible: Option<&'static str>,
) -> Deed {
    Deed { by, record, act: Act::Write { content, responsible } }
}

const fn settle(
    by: &'static str,
    record: &'static str,
    operation: &'static str,
    reason: Option<&'static str>,
) -> Deed {
    Deed { by, record, act: Act::Settle { operation, reason, content: None } }
}
