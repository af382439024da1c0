//! How a search is written: kinds of parameters, prefixes, modifiers, links. Each row has an example, and the page is made
//! only when the server's own reading of searches understands all of them.

use base::Time;
use fhir::ResourceKind;
use fhir::definitions::{self, SearchKind};
use fhir::search::Asking;
use std::collections::BTreeSet;

/// One row.
#[derive(Debug)]
pub struct Example {
    /// What it is about, as it is written.
    pub name: &'static str,
    /// A search that uses it: type and query, not encoded.
    pub query: &'static str,
    /// What it means, in English.
    pub english: &'static str,
    /// What it means, in Japanese.
    pub japanese: &'static str,
}

const fn row(
    name: &'static str,
    query: &'static str,
    english: &'static str,
    japanese: &'static str,
) -> Example {
    Example { name, query, english, japanese }
}

/// The kinds of parameters, and how their values are compared.
pub static KINDS: &[Example] = &[
    row(
        "token",
        "Patient?identifier=urn:oid:1.2.3|42",
        "`code`, `system|code`, `|code` (without a system) or `system|`; upper and lower case apart",
        "`code`、`system|code`、`|code`（system なし）、`system|`。大文字と小文字を区別する",
    ),
    row(
        "reference",
        "Observation?subject=Patient/42",
        "`Type/id`, an id or an absolute address; this server's own address means the same as `Type/id`",
        "`型/id`、id、絶対アドレス。このサーバー自身のアドレスは `型/id` と同じ意味",
    ),
    row(
        "string",
        "Patient?name=山田",
        "a text that begins so, however it is written (see Japanese texts below)",
        "その文字列で始まるもの。表記の違いは問わない（下の「日本語の文字列」を参照）",
    ),
    row(
        "date",
        "Patient?birthdate=1960-04",
        "as a period on both sides: `1960-04` is the whole month; without a zone Japan's time is meant",
        "どちらも期間として比べる。`1960-04` は月全体。タイムゾーンがなければ日本時間",
    ),
    row(
        "number",
        "ChargeItem?factor-override=1.5",
        "exact decimals by the places written: `100` is from 99.5 up to 100.5, `1e2` from 95 up to 105",
        "10 進数のまま、書かれた桁で比べる。`100` は 99.5 以上 100.5 未満、`1e2` は 95 以上 105 未満",
    ),
    row(
        "quantity",
        "Observation?value-quantity=5.4|http://unitsofmeasure.org|mg",
        "`number`, `number|system|code`, or `number||code` for a code or a unit as written",
        "`数`、`数|system|code`、`数||code`（コードまたは表記された単位）",
    ),
    row(
        "uri",
        "ValueSet?url=http://example.org/fhir/ValueSet/a",
        "an address that is equal, upper and lower case apart",
        "完全に一致するアドレス。大文字と小文字を区別する",
    ),
    row(
        "composite",
        "Observation?code-value-quantity=http://loinc.org|8310-5$gt37.5",
        "the parts with `$` between them; they must hold of the same element",
        "各部分を `$` で区切る。同じ要素の中ですべてが成り立つこと",
    ),
];

/// What stands before the value of a date, a number or a quantity.
pub static PREFIXES: &[Example] = &[
    row(
        "eq",
        "Observation?date=eq2026-04",
        "inside the value (also without a prefix)",
        "値の範囲の内側（接頭辞なしも同じ）",
    ),
    row("ne", "Observation?date=ne2026-04", "not inside it", "値の範囲の内側ではない"),
    row(
        "gt",
        "Observation?date=gt2026-04",
        "reaches beyond its end; greater",
        "範囲の終わりより後まで続く。より大きい",
    ),
    row(
        "lt",
        "Observation?date=lt2026-04",
        "begins before it; less",
        "範囲の始まりより前に始まる。より小さい",
    ),
    row("ge", "Observation?date=ge2026-04", "`gt` or `eq`", "`gt` または `eq`"),
    row("le", "Observation?date=le2026-04", "`lt` or `eq`", "`lt` または `eq`"),
    row("sa", "Observation?date=sa2026-04", "begins after its end", "範囲が終わってから始まる"),
    row("eb", "Observation?date=eb2026-04", "has ended before it begins", "範囲が始まる前に終わる"),
    row(
        "ap",
        "Observation?value-quantity=ap37",
        "a number within a tenth of it; a date that overlaps it, widened by a tenth of its distance to the present",
        "数は 1 割以内の差。日付は、現在までの隔たりの 1 割だけ広げた範囲に重なるもの",
    ),
];

/// Modifiers of search parameters.
pub static MODIFIERS: &[Example] = &[
    row(
        ":missing",
        "Patient?telecom:missing=true",
        "all but `_id` and `_lastUpdated`: `true` when there is no value, `false` when there is one",
        "`_id` と `_lastUpdated` 以外のすべて：`true` は値がないもの、`false` はあるもの",
    ),
    row(
        ":exact",
        "Patient?family:exact=山田",
        "string: equal letter by letter",
        "string：文字どおり完全に一致する",
    ),
    row(
        ":contains",
        "Patient?address:contains=本町",
        "string: anywhere in the text",
        "string：文字列のどこかに含む",
    ),
    row(
        ":not",
        "Patient?gender:not=male",
        "token: no value is this one, which holds where there is none",
        "token：この値を持たない（値がないものも含む）",
    ),
    row(
        ":text",
        "Condition?code:text=高血圧",
        "token of a Coding, CodeableConcept or Identifier: the text or display beside the code, or the text of the identifier's type, begins so, compared as a string",
        "Coding、CodeableConcept、Identifier の token：コードに添えた text や display、識別子の種類の text がその文字列で始まる（string と同じ比べ方）",
    ),
    row(
        ":of-type",
        "Patient?identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|MR|42",
        "token of an Identifier: `system|code|value`, the first two those of its type",
        "Identifier の token：`system|code|value`。前の 2 つは識別子の種類",
    ),
    row(
        ":identifier",
        "Observation?subject:identifier=urn:oid:1.2.3|42",
        "reference: by the identifier in the reference",
        "reference：参照の中の識別子による",
    ),
    row(
        ":[type]",
        "Observation?subject:Patient=42",
        "reference: it leads to this type",
        "reference：参照先がこの型である",
    ),
    row(
        ":above",
        "ValueSet?url:above=http://example.org/fhir/ValueSet/a",
        "uri: this address, or one above it in the path",
        "uri：このアドレスか、その上位のアドレス",
    ),
    row(
        ":below",
        "ValueSet?url:below=http://example.org/fhir",
        "uri: this address, or one below it in the path",
        "uri：このアドレスか、その下位のアドレス",
    ),
    row(
        ":iterate",
        "MedicationRequest?_include=MedicationRequest:patient&_include:iterate=Patient:organization",
        "`_include` and `_revinclude`: also from what was added (`:recurse` is the same)",
        "`_include` と `_revinclude`：追加された記録からもたどる（`:recurse` も同じ）",
    ),
];

/// Conditions on other records than the one searched.
pub static LINKS: &[Example] = &[
    row(
        "link.parameter",
        "Observation?subject.name=山田",
        "what the reference leads to fulfils the condition; types that do not know the parameter are passed over",
        "参照先が条件を満たす。そのパラメーターを持たない型は対象外",
    ),
    row(
        "link:Type.parameter",
        "Observation?subject:Patient.birthdate=lt1960",
        "the same for one type of target",
        "同上。参照先の型を 1 つに絞る",
    ),
    row(
        "_has:Type:link:parameter",
        "Patient?_has:Observation:patient:code=http://loinc.org|8310-5",
        "some record of the type refers to this one and fulfils the condition",
        "この記録を参照し、条件を満たすその型の記録がある",
    ),
    row(
        "both",
        "Encounter?subject:Patient._has:Condition:patient:code:text=高血圧",
        "several links one after the other, and modifiers at the end; how many: see [limits](limits.md)",
        "参照を続けてたどり、最後に修飾子を付けることもできる。段数は[上限値](limits.md)を参照",
    ),
];

/// Akashi's own parameters, over the state that the journal says a record is in.
pub static STATES: &[Example] = &[
    row(
        "record-state",
        "Composition?record-state=draft",
        "what the record is: `draft`, `final`, `amended` or `withdrawn`; another word is refused",
        "記録の状態：`draft`（下書き）、`final`（確定）、`amended`（訂正）、`withdrawn`（取り消し）。それ以外の語は拒否する",
    ),
    row(
        "record-state-act",
        "Composition?record-state-act=return&record-enterer=asano",
        "by what its current version came to be that (`enter`, `edit`, `finalize`, `return` …)",
        "現在の版がその状態になった操作（`enter`、`edit`、`finalize`、`return` など）",
    ),
    row(
        "record-state-since",
        "Composition?record-state=draft&record-state-since=lt2026-04-01",
        "since when it is in that state; editing does not begin the time anew, a return does",
        "その状態になった日時。編集では変わらず、差し戻しで改まる",
    ),
    row(
        "record-responsible",
        "Composition?record-state=draft&record-responsible=dr-mori",
        "the account that answers for it, or is going to",
        "その記録に責任を負う（負うことになる）アカウント",
    ),
    row(
        "record-enterer",
        "Composition?record-state=draft&record-responsible=dr-mori&record-enterer:missing=false",
        "the account that entered a draft on behalf of the responsible one",
        "責任者に代わって下書きを入力したアカウント",
    ),
];

/// Holds the rows against the code that reads searches.
///
/// # Errors
/// The row that the server would not understand, or the kind of parameter that has no row of its own.
pub fn check() -> Result<(), &'static str> {
    for row in [KINDS, PREFIXES, MODIFIERS, LINKS, STATES].into_iter().flatten() {
        understood(row.query).ok_or(row.query)?;
    }
    for row in KINDS {
        let kind = first_kind(row.query).ok_or(row.query)?;
        if kind.as_str() != row.name {
            return Err(row.query);
        }
    }
    let all = definitions::resource_kinds().flat_map(definitions::search_params);
    let kinds: BTreeSet<&str> = all.map(|param| param.kind.as_str()).collect();
    let missing = kinds.into_iter().find(|kind| !KINDS.iter().any(|row| row.name == *kind));
    missing.map_or(Ok(()), Err)
}

/// Type and parameters of an example.
fn read(query: &str) -> Option<(ResourceKind, Vec<(String, String)>)> {
    let (kind, pairs) = query.split_once('?')?;
    let pair = |pair: &str| pair.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    Some((definitions::resource_kind(kind)?, pairs.split('&').map(pair).collect::<Option<_>>()?))
}

fn understood(query: &str) -> Option<()> {
    let (kind, pairs) = read(query)?;
    let base_url = "https://akashi.example/f/demo/fhir";
    let asking = Asking { base_url, now: Time::from_microseconds(0), lenient: false };
    fhir::search::query(kind, &pairs, &asking).ok().map(drop)
}

/// The kind of the first parameter.
fn first_kind(query: &str) -> Option<SearchKind> {
    let (kind, pairs) = read(query)?;
    let (code, _) = pairs.first()?;
    definitions::search_params(kind).find(|param| param.code == code).map(|param| param.kind)
}
