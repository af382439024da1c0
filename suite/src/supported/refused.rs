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

/// A parameter that is known but not offered.
const NOT_OFFERED: (u16, &str) = (400, "FH-0061");
/// A parameter that is not known.
const UNKNOWN: (u16, &str) = (400, "FH-0050");
/// A modifier that the parameter does not take.
const MODIFIER: (u16, &str) = (400, "FH-0051");
/// A value that cannot be followed.
const INCLUDE: (u16, &str) = (400, "FH-0072");

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
        (400, "RC-0116"),
    ),
    row(
        ("search over all types by GET", "GET によるすべての型の検索"),
        ("GET", "?_tag=x"),
        None,
        (400, "RC-0116"),
    ),
    row(
        (
            "chains, `_has`, `_include` and `_revinclude` in a search of several types",
            "複数の型の検索での連鎖、`_has`、`_include`、`_revinclude`",
        ),
        ("GET", "?_type=Condition,Observation&subject.name=x"),
        None,
        (400, "RC-0117"),
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
    row(
        (
            "modes of validation other than create, update and delete",
            "create・update・delete 以外の検証のモード",
        ),
        ("GET", "Patient/1/$validate?mode=profile"),
        None,
        (400, "RC-0040"),
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
        ("conditional writes without criteria", "条件のない条件付きの書き込み"),
        ("DELETE", "Patient"),
        None,
        (400, "RC-0053"),
    ),
    row(
        ("parameters of results as criteria of a write", "書き込みの条件としての、結果のパラメーター"),
        ("DELETE", "Patient?identifier=twice&_sort=name"),
        None,
        (400, "RC-0052"),
    ),
    row(
        ("deletion of several records by criteria", "条件による複数の記録の削除"),
        ("DELETE", "Patient?identifier=twice"),
        None,
        (412, "RC-0021"),
    ),
    row(
        ("full text of narratives (`_text`)", "説明文の全文検索（`_text`）"),
        ("GET", "Patient?_text=x"),
        None,
        NOT_OFFERED,
    ),
    row(
        ("full text of resources (`_content`)", "リソースの全文検索（`_content`）"),
        ("GET", "Patient?_content=x"),
        None,
        NOT_OFFERED,
    ),
    row(
        ("expressions (`_filter`)", "式による検索（`_filter`）"),
        ("GET", "Patient?_filter=x"),
        None,
        NOT_OFFERED,
    ),
    row(
        ("named queries (`_query`)", "名前付きの検索（`_query`）"),
        ("GET", "Patient?_query=x"),
        None,
        NOT_OFFERED,
    ),
    row(
        ("members of a List (`_list`)", "List の項目（`_list`）"),
        ("GET", "Patient?_list=1"),
        None,
        NOT_OFFERED,
    ),
    row(
        ("`_type` in a search of one type", "1 つの型の検索での `_type`"),
        ("GET", "Patient?_type=Patient"),
        None,
        NOT_OFFERED,
    ),
    row(
        ("contained resources as results (`_contained`)", "contained のリソースの検索（`_contained`）"),
        ("GET", "Patient?_contained=true"),
        None,
        NOT_OFFERED,
    ),
    row(
        ("`_containedType`", "`_containedType`"),
        ("GET", "Patient?_containedType=container"),
        None,
        NOT_OFFERED,
    ),
    row(("relevance (`_score`)", "関連度（`_score`）"), ("GET", "Patient?_sort=_score"), None, NOT_OFFERED),
    row(
        ("places near a position (`near`)", "位置の近さ（`near`）"),
        ("GET", "Location?near=35.68|139.76"),
        None,
        NOT_OFFERED,
    ),
    row(("unknown parameters", "未知のパラメーター"), ("GET", "Patient?colour=red"), None, UNKNOWN),
    row(
        ("`_since` in a search (use `_lastUpdated`)", "検索での `_since`（`_lastUpdated` を使う）"),
        ("GET", "Patient?_since=2026"),
        None,
        UNKNOWN,
    ),
    row(
        ("codes of a value set (`:in`)", "値セットに属するコード（`:in`）"),
        ("GET", "Observation?code:in=http://example.org/vs"),
        None,
        MODIFIER,
    ),
    row(
        ("codes outside a value set (`:not-in`)", "値セットに属さないコード（`:not-in`）"),
        ("GET", "Observation?code:not-in=http://example.org/vs"),
        None,
        MODIFIER,
    ),
    row(
        ("broader codes (`:above` of a token)", "上位のコード（token の `:above`）"),
        ("GET", "Observation?code:above=http://loinc.org|8310-5"),
        None,
        MODIFIER,
    ),
    row(
        ("narrower codes (`:below` of a token)", "下位のコード（token の `:below`）"),
        ("GET", "Observation?code:below=http://loinc.org|8310-5"),
        None,
        MODIFIER,
    ),
    row(
        ("hierarchies of references (`:above`)", "参照の階層（`:above`）"),
        ("GET", "Location?partof:above=Location/1"),
        None,
        MODIFIER,
    ),
    row(
        ("hierarchies of references (`:below`)", "参照の階層（`:below`）"),
        ("GET", "Location?partof:below=Location/1"),
        None,
        MODIFIER,
    ),
    row(
        ("modifiers that do not fit the parameter", "パラメーターに合わない修飾子"),
        ("GET", "Patient?name:text=x"),
        None,
        MODIFIER,
    ),
    row(
        ("`:missing` of `_id` and `_lastUpdated`", "`_id` と `_lastUpdated` の `:missing`"),
        ("GET", "Patient?_id:missing=true"),
        None,
        MODIFIER,
    ),
    row(("unknown prefixes", "未知の接頭辞"), ("GET", "Patient?birthdate=xx2026"), None, (400, "FH-0054")),
    row(
        ("sorting by what joins several values", "複数の値をまとめたものによる並べ替え"),
        ("GET", "Observation?_sort=code-value-quantity"),
        None,
        (400, "FH-0073"),
    ),
    row(
        ("links by other than references", "参照以外による連鎖"),
        ("GET", "Observation?code.name=x"),
        None,
        (400, "FH-0068"),
    ),
    row(
        ("chains to parameters that no target has", "参照先の型にないパラメーターへの連鎖"),
        ("GET", "Observation?subject.colour=x"),
        None,
        (400, "FH-0070"),
    ),
    row(
        ("chains of more than four links", "4 段を超える連鎖"),
        ("GET", "Observation?subject:Patient.organization.partof.partof.partof.name=x"),
        None,
        (413, "FH-0069"),
    ),
    row(
        ("`_has` by what does not lead to the type", "その型を参照しないパラメーターによる `_has`"),
        ("GET", "Patient?_has:Observation:encounter:code=x"),
        None,
        (400, "FH-0071"),
    ),
    row(
        ("`_include` from another type without `:iterate`", "`:iterate` のない、ほかの型からの `_include`"),
        ("GET", "Patient?_include=Observation:subject"),
        None,
        INCLUDE,
    ),
    row(("`_revinclude=*`", "`_revinclude=*`"), ("GET", "Patient?_revinclude=*"), None, INCLUDE),
    row(
        ("`_summary` and `_elements` at once", "`_summary` と `_elements` の併用"),
        ("GET", "Patient?_summary=true&_elements=name"),
        None,
        (400, "RC-0035"),
    ),
    row(
        (
            "parameters of one type in a search of a whole compartment",
            "コンパートメント全体の検索での、特定の型のパラメーター",
        ),
        ("GET", "Patient/1/*?name=x"),
        None,
        (400, "RC-0056"),
    ),
    row(
        ("compartments of other types", "ほかの型のコンパートメント"),
        ("GET", "Basic/1/Observation"),
        None,
        (404, "RC-0050"),
    ),
];
