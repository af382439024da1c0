//! What clients may expect of a FHIR server and do not find here. Each is refused by name, and a test sends each.

/// A request that is refused, and how.
#[derive(Debug)]
pub struct Refused {
    /// What is refused, in English.
    pub english: &'static str,
    /// The same in Japanese.
    pub japanese: &'static str,
    /// The method.
    pub method: &'static str,
    /// Path and query below the FHIR API; empty for the base.
    pub path: &'static str,
    /// A header field.
    pub field: Option<(&'static str, &'static str)>,
    /// The status of the answer.
    pub status: u16,
    /// The code of the answer.
    pub code: &'static str,
}

const fn row(
    (english, japanese): (&'static str, &'static str),
    (method, path): (&'static str, &'static str),
    field: Option<(&'static str, &'static str)>,
    (status, code): (u16, &'static str),
) -> Refused {
    Refused { english, japanese, method, path, field, status, code }
}

const XML: (&str, &str) = ("content-type", "application/fhir+xml");

/// The refusals.
pub static REFUSED: &[Refused] = &[
    row(("XML answers", "XML での応答"), ("GET", "Patient/1"), Some(("accept", XML.1)), (406, "SV-0013")),
    row(
        ("XML and Turtle by `_format`", "`_format` による XML と Turtle"),
        ("GET", "Patient/1?_format=ttl"),
        None,
        (406, "SV-0013"),
    ),
    row(("XML bodies", "XML の本文"), ("POST", "Patient"), Some(XML), (415, "SV-0014")),
    row(
        ("FHIRPath Patch", "FHIRPath Patch"),
        ("PATCH", "Patient/1"),
        Some(("content-type", "application/fhir+json")),
        (415, "SV-0028"),
    ),
    row(
        ("XML Patch", "XML Patch"),
        ("PATCH", "Patient/1"),
        Some(("content-type", "application/xml-patch+xml")),
        (415, "SV-0028"),
    ),
    row(
        ("search over all types", "すべての型の検索"),
        ("POST", "_search"),
        Some(("content-type", "application/x-www-form-urlencoded")),
        (404, "SV-0030"),
    ),
    row(
        ("search over all types by GET", "GET によるすべての型の検索"),
        ("GET", "?_type=Patient"),
        None,
        (405, "SV-0002"),
    ),
    row(
        ("`$everything` of all patients", "全患者の `$everything`"),
        ("GET", "Patient/$everything"),
        None,
        (404, "SV-0029"),
    ),
    row(
        ("`$everything` of other types", "ほかの型の `$everything`"),
        ("GET", "Basic/1/$everything"),
        None,
        (404, "RC-0044"),
    ),
    row(
        ("operations that are not listed above", "上に挙げていない操作"),
        ("GET", "Patient/1/$graph"),
        None,
        (404, "SV-0029"),
    ),
    row(
        ("validation against profiles", "プロファイルによる検証"),
        ("GET", "Patient/1/$validate?profile=urn:x"),
        None,
        (422, "RC-0039"),
    ),
    row(("`_list` on histories", "履歴の `_list`"), ("GET", "_history?_list=1"), None, (400, "RC-0016")),
    row(
        ("`_sort` on histories", "履歴の `_sort`"),
        ("GET", "_history?_sort=_lastUpdated"),
        None,
        (400, "RC-0016"),
    ),
    row(
        ("search parameters on a read", "読み出しの検索パラメーター"),
        ("GET", "Patient/1?name=x"),
        None,
        (400, "SV-0018"),
    ),
    row(
        ("If-Match with any version", "任意の版の If-Match"),
        ("DELETE", "Patient/1"),
        Some(("if-match", "*")),
        (400, "SV-0016"),
    ),
    row(
        ("If-Unmodified-Since", "If-Unmodified-Since"),
        ("DELETE", "Patient/1"),
        Some(("if-unmodified-since", "Wed, 01 Apr 2026 00:00:00 GMT")),
        (400, "SV-0016"),
    ),
    row(
        ("deletion of several records by criteria", "条件による複数の記録の削除"),
        ("DELETE", "Patient?identifier=twice"),
        None,
        (412, "RC-0021"),
    ),
];
