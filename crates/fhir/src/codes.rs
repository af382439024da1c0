//! Every problem this crate can report, with its texts. Ids are stable; a page per id stands under `docs/errors/`.

use base::Code;

/// A table of codes: constants in a module, and all of them together in [`CODES`].
macro_rules! codes {
    ($($room:ident { $($name:ident: $id:literal, $class:ident, $en:literal, $ja:literal;)* })*) => {
        $(
            /// Codes of one part of the crate.
            pub(crate) mod $room {
                use base::{Class, Code};
                $(pub(crate) static $name: Code = Code { id: $id, class: Class::$class, en: $en, ja: $ja };)*
            }
        )*
        /// All codes of this crate, in the order of their ids.
        pub static CODES: &[&Code] = &[$($(&$room::$name,)*)*];
    };
}

codes! {
    json {
        SYNTAX: "FH-0001", Invalid,
            "The text is not JSON from line {line}, column {column} on. Check the brackets, commas and quotes there.",
            "{line} 行 {column} 文字目から先が JSON として読めません。そこの括弧・コンマ・引用符を確かめてください。";
        NOT_UTF8: "FH-0002", Invalid,
            "The text is not UTF-8 at line {line}, column {column}. Send it in UTF-8.",
            "{line} 行 {column} 文字目が UTF-8 ではありません。UTF-8 で送ってください。";
        BYTE_ORDER_MARK: "FH-0003", Invalid,
            "The text begins with a byte order mark. Send UTF-8 without it.",
            "先頭にバイト順マーク (BOM) があります。BOM なしの UTF-8 で送ってください。";
        DUPLICATE: "FH-0004", Invalid,
            "`{name}` stands twice in one object. Keep one of them.",
            "一つのオブジェクトに `{name}` が二度あります。一つだけにしてください。";
        DEPTH: "FH-0005", TooLarge,
            "Arrays and objects are nested deeper than {limit} levels at line {line}, column {column}. Send a flatter structure.",
            "{line} 行 {column} 文字目で配列とオブジェクトの入れ子が {limit} 段を超えました。入れ子を浅くしてください。";
        VALUES: "FH-0006", TooLarge,
            "The text holds more than {limit} JSON values. Send it in parts.",
            "JSON の値が {limit} 個を超えました。分けて送ってください。";
        NUMBER_LENGTH: "FH-0007", TooLarge,
            "The number at line {line}, column {column} is longer than {limit} characters. Send fewer digits.",
            "{line} 行 {column} 文字目の数が {limit} 文字を超えています。桁を減らしてください。";
        CHARACTER: "FH-0008", Invalid,
            "The string at line {line}, column {column} holds a character that may not stand there: a raw control character (write \
             tab and line ends as \\t, \\r, \\n), or half of a surrogate pair. Remove it.",
            "{line} 行 {column} 文字目の文字列に使えない文字（生の制御文字、または対になっていないサロゲート）があります。タブと改行は \\t、\\r、\\n と書き、それ以外は取り除いてください。";
        TRAILING: "FH-0009", Invalid,
            "Something follows the end of the JSON value at line {line}, column {column}. Send one value only.",
            "{line} 行 {column} 文字目、JSON の値の後に余分なものがあります。値を一つだけ送ってください。";
    }
    structure {
        NOT_A_RESOURCE: "FH-0010", Invalid,
            "A resource is a JSON object with `resourceType`. Add `\"resourceType\"` with the name of the type.",
            "リソースは `resourceType` を持つ JSON オブジェクトです。型名を `\"resourceType\"` に書いてください。";
        UNKNOWN_KIND: "FH-0011", Invalid,
            "`{name}` is not a resource type of FHIR R4.{hint_en}",
            "`{name}` は FHIR R4 のリソース型ではありません。{hint_ja}";
        UNKNOWN_ELEMENT: "FH-0012", Unprocessable,
            "`{name}` is not an element of {kind}.{hint_en} Remove it, or carry it in an extension.",
            "`{name}` は {kind} の要素ではありません。{hint_ja}取り除くか、拡張 (extension) に入れてください。";
        ARRAY_EXPECTED: "FH-0013", Unprocessable,
            "`{name}` may repeat, so it is always an array, also with one value. Put the value in `[ ]`.",
            "`{name}` は繰り返せる要素なので、値が一つでも配列です。`[ ]` に入れてください。";
        SINGLE_EXPECTED: "FH-0014", Unprocessable,
            "`{name}` holds one value only, not an array. Send the value without `[ ]`.",
            "`{name}` の値は一つだけで、配列ではありません。`[ ]` を外してください。";
        WRONG_SHAPE: "FH-0015", Unprocessable,
            "{kind} is written as a JSON {expected}, but a JSON {found} stands here.",
            "{kind} は JSON の {expected} で書きますが、{found} になっています。";
        EMPTY: "FH-0016", Unprocessable,
            "`{name}` is empty. Give it content, or leave it out.",
            "`{name}` が空です。内容を入れるか、取り除いてください。";
        NULL: "FH-0017", Unprocessable,
            "`null` stands in `{name}`. It is allowed only in an array of primitive values, where the partner array \
             (`name` and `_name`) has content at the same place. Leave it out.",
            "`{name}` に `null` があります。`null` を使えるのは基本型の配列で、対になる配列（`name` と `_name`）の同じ位置に内容がある場合だけです。取り除いてください。";
        NO_SIBLING: "FH-0018", Unprocessable,
            "`{name}` is not possible: only primitive elements take a partner with an underscore. Put the extension \
             into the element itself.",
            "`{name}` は使えません。下線付きの対を持てるのは基本型の要素だけです。拡張は要素の中に入れてください。";
        NOT_ALIGNED: "FH-0019", Unprocessable,
            "`{name}` and its partner have {left} and {right} items. Fill the shorter one with `null`, so that both \
             have the same length.",
            "`{name}` とその対の配列の長さが {left} と {right} で異なります。短い方を `null` で埋めて、同じ長さにしてください。";
        CHOICE_TWICE: "FH-0020", Unprocessable,
            "`{name}` and `{other}` are two types of one element. Keep one of them.",
            "`{name}` と `{other}` は同じ要素の別の型です。一つだけにしてください。";
        CHOICE_TYPE: "FH-0021", Unprocessable,
            "`{name}` is not possible: in {kind} this element takes one of {allowed}.",
            "`{name}` は使えません。{kind} のこの要素の型は {allowed} のいずれかです。";
        REQUIRED: "FH-0022", Unprocessable,
            "`{name}` is missing: {kind} needs it. Add it.",
            "`{name}` がありません。{kind} には必要です。加えてください。";
        BAD_ID: "FH-0023", Unprocessable,
            "This is not a FHIR id: 1 to 64 of the characters A-Z, a-z, 0-9, `-` and `.`.",
            "FHIR の id ではありません。A-Z・a-z・0-9・`-`・`.` を 1 から 64 文字で書いてください。";
        BAD_CHARACTER: "FH-0024", Unprocessable,
            "The string holds a control character other than tab and line ends. Remove it.",
            "文字列にタブと改行以外の制御文字があります。取り除いてください。";
    }
    narrative {
        NOT_XML: "FH-0030", Unprocessable,
            "The narrative is not well-formed XHTML from character {at} on. Check the tags and quotes there; write `&` \
             as `&amp;` and `<` as `&lt;`.",
            "説明文 (narrative) が {at} 文字目から先、正しい XHTML ではありません。そこのタグと引用符を確かめ、`&` は `&amp;`、`<` は `&lt;` と書いてください。";
        ROOT: "FH-0031", Unprocessable,
            "The narrative is one `<div xmlns=\"http://www.w3.org/1999/xhtml\">` with everything inside. Wrap the content in it.",
            "説明文 (narrative) は全体が一つの `<div xmlns=\"http://www.w3.org/1999/xhtml\">` です。内容をその中に入れてください。";
        ELEMENT: "FH-0032", Unprocessable,
            "FHIR does not allow the element `{name}` in a narrative. Use basic formatting only.",
            "説明文 (narrative) に要素 `{name}` は使えません。基本的な書式だけを使ってください。";
        ATTRIBUTE: "FH-0033", Unprocessable,
            "FHIR does not allow the attribute `{name}` in a narrative. Remove it.",
            "説明文 (narrative) に属性 `{name}` は使えません。取り除いてください。";
        ACTIVE: "FH-0034", Unprocessable,
            "The narrative holds active content: `{name}`. Scripts, event attributes, forms, frames and script addresses are \
             refused. Remove it.",
            "説明文 (narrative) に動作する内容 `{name}` があります。スクリプト・イベント属性・フォーム・フレーム・スクリプトのアドレスは使えません。取り除いてください。";
        ADDRESS: "FH-0035", Unprocessable,
            "The address in `{name}` is of a kind a narrative may not use. Links take http, https, ftp, mailto, tel, urn or \
             relative addresses, images http, https, relative addresses or embedded image data.",
            "`{name}` のアドレスの種類は説明文 (narrative) では使えません。リンクは http・https・ftp・mailto・tel・urn・相対、画像は http・https・相対・埋め込み画像だけです。";
        ENTITY: "FH-0036", Unprocessable,
            "`&{name};` is not known in XML. Write the character itself or its number (`&#160;` instead of `&nbsp;`).",
            "`&{name};` は XML にはありません。文字そのものか番号（`&nbsp;` の代わりに `&#160;`）で書いてください。";
    }
    bundles {
        NOT_A_BUNDLE: "FH-0040", Invalid,
            "A Bundle is expected here, not {name}.",
            "ここには {name} ではなく Bundle が必要です。";
        TOO_MANY_ENTRIES: "FH-0041", TooLarge,
            "The Bundle has {count} entries; at most {limit} are taken at once. Send it in parts.",
            "Bundle の entry が {count} 件あります。一度に送れるのは {limit} 件までです。分けて送ってください。";
    }
    search {
        UNKNOWN_PARAMETER: "FH-0050", Invalid,
            "`{name}` cannot be searched in {kind}.{hint_en} Possible are: {known}.",
            "{kind} では `{name}` で検索できません。{hint_ja}使えるのは {known} です。";
        MODIFIER: "FH-0051", Invalid,
            "`{name}` does not take the modifier `:{modifier}`. {hint_en}",
            "`{name}` に修飾子 `:{modifier}` は使えません。{hint_ja}";
        NO_VALUE: "FH-0052", Invalid,
            "`{name}` has an empty value. Give one, or leave the parameter out.",
            "`{name}` の値が空です。値を入れるか、取り除いてください。";
        BAD_DATE: "FH-0053", Invalid,
            "`{value}` is not a date that can be searched. Write `2026`, `2026-04`, `2026-04-01` or \
             `2026-04-01T09:00:00+09:00`, with `+` sent as `%2B`.",
            "`{value}` は検索できる日付ではありません。`2026`、`2026-04`、`2026-04-01`、`2026-04-01T09:00:00+09:00` のように書き、`+` は `%2B` で送ってください。";
        PREFIX: "FH-0054", Invalid,
            "`{prefix}` before a value of `{name}` is not a prefix. Possible are eq, ne, gt, lt, ge, le, sa, eb and ap.",
            "`{name}` の値の前の `{prefix}` は接頭辞ではありません。使えるのは eq・ne・gt・lt・ge・le・sa・eb・ap です。";
        BAD_REFERENCE: "FH-0055", Invalid,
            "`{value}` is not a reference for `{name}`. Write `Type/id`, an id or an absolute address; possible types: {targets}.",
            "`{value}` は `{name}` の参照ではありません。`型/id`、id、絶対アドレスのいずれかで書いてください。使える型は {targets} です。";
        VALUE_TOO_LONG: "FH-0056", TooLarge,
            "A value of `{name}` is longer than {limit} bytes, more than is kept for search. Shorten it.",
            "`{name}` の値が検索用に保存される {limit} バイトを超えています。短くしてください。";
        BAD_ESCAPE: "FH-0057", Invalid,
            "In `{name}`, a backslash stands before something other than `,`, `|`, `$` or `\\`. Write a backslash itself as `\\\\`.",
            "`{name}` の値で、バックスラッシュの後が `,`・`|`・`$`・`\\` のいずれでもありません。バックスラッシュ自体は `\\\\` と書いてください。";
        BAD_ID: "FH-0058", Invalid,
            "`{value}` is not a FHIR id: 1 to 64 of the characters A-Z, a-z, 0-9, `-` and `.`.",
            "`{value}` は FHIR の id ではありません。A-Z・a-z・0-9・`-`・`.` を 1 から 64 文字で書いてください。";
        TOO_MANY_VALUES: "FH-0059", TooLarge,
            "`{name}` has more alternatives than {limit}. Ask in several searches.",
            "`{name}` の候補が {limit} を超えています。検索を分けてください。";
        BAD_TOKEN: "FH-0060", Invalid,
            "A value of `{name}` has more than one `|`, or nothing beside it. Write `code`, `system|code`, `|code` or \
             `system|`; a `|` inside is written `\\|`.",
            "`{name}` の値の `|` が二つ以上あるか、前後が空です。`code`、`system|code`、`|code`、`system|` のいずれかで書き、値の中の `|` は `\\|` と書いてください。";
        NOT_OFFERED: "FH-0061", Invalid,
            "Searching by `{name}` is not offered here. Search by the elements of the resource instead.",
            "`{name}` による検索には対応していません。リソースの要素で検索してください。";
        BAD_TRUTH: "FH-0062", Invalid,
            "`{value}` is not a value of `{name}`. Write `true` or `false`.",
            "`{value}` は `{name}` の値ではありません。`true` か `false` を書いてください。";
        BAD_NUMBER: "FH-0063", Invalid,
            "`{value}` is not a number for `{name}`. Write `100`, `5.40` or `1e-3`, with at most 34 digits; a prefix such as `gt` may stand before it.",
            "`{value}` は `{name}` の数ではありません。`100`、`5.40`、`1e-3` のように 34 桁以内で書いてください。`gt` などの接頭辞を前に付けられます。";
        BAD_QUANTITY: "FH-0064", Invalid,
            "`{value}` is not a quantity for `{name}`. Write `5.4`, `5.4|http://unitsofmeasure.org|mg` or `5.4||mg`; a prefix such as `gt` may \
             stand before it.",
            "`{value}` は `{name}` の量ではありません。`5.4`、`5.4|http://unitsofmeasure.org|mg`、`5.4||mg` のように書いてください。`gt` などの接頭辞を前に付けられます。";
        NOT_A_URL: "FH-0065", Invalid,
            "`{value}` has nothing above or below it. With `:above` and `:below`, `{name}` takes addresses such as `http://example.org/a/b`.",
            "`{value}` には上位も下位もありません。`:above` と `:below` を付けた `{name}` には `http://example.org/a/b` のようなアドレスを書いてください。";
        BAD_COMPOSITE: "FH-0066", Invalid,
            "`{value}` does not have the {count} parts of `{name}`. Write them all, with `$` between them; a `$` inside is written `\\$`.",
            "`{value}` は `{name}` の {count} 個の部分になっていません。すべてを `$` で区切って書き、値の中の `$` は `\\$` と書いてください。";
        BAD_OF_TYPE: "FH-0067", Invalid,
            "`{value}` does not say an identifier's type and value. Write `system|code|value` for `{name}:of-type`.",
            "`{value}` は識別子の型と値になっていません。`{name}:of-type` には `system|code|value` と書いてください。";
        NOT_A_LINK: "FH-0068", Invalid,
            "`{name}` of {kind} does not lead to other resources by their addresses, so it cannot be followed. Search by one that holds references.",
            "{kind} の `{name}` は他のリソースへの参照ではないため、たどることができません。参照を持つパラメーターを使ってください。";
        CHAIN_TOO_DEEP: "FH-0069", TooLarge,
            "With `{name}` the search follows more than {limit} links. Ask in several searches.",
            "`{name}` で検索がたどる参照が {limit} 段を超えました。検索を分けてください。";
        CHAIN_UNKNOWN: "FH-0070", Invalid,
            "No type that `{link}` leads to can be searched by `{name}`. It leads to: {targets}.",
            "`{link}` の先の型には `{name}` で検索できるものがありません。先の型は {targets} です。";
        BAD_HAS: "FH-0071", Invalid,
            "`{name}` does not say which resources refer to {kind}. Write `_has:Type:reference:parameter`, where the reference \
             parameter of that type can lead to {kind}.",
            "`{name}` では、どのリソースが {kind} を参照するかが分かりません。`_has:型:参照パラメーター:パラメーター` と書き、{kind} を参照できるパラメーターを使ってください。";
        BAD_INCLUDE: "FH-0072", Invalid,
            "`{value}` cannot be followed by `{name}` from {kind}. Write `Type:parameter` or `Type:parameter:Target`; what starts from other \
             types than {kind} takes `:iterate`.",
            "{kind} の検索の `{name}` では `{value}` をたどれません。`型:パラメーター` か `型:パラメーター:参照先の型` と書いてください。{kind} 以外の型から始まるものには `:iterate` を付けます。";
        BAD_SORT: "FH-0073", Invalid,
            "Results cannot be sorted by `{name}`, which joins several values. Sort by one of the parameters it is made of.",
            "`{name}` は複数の値をまとめたものなので、並べ替えには使えません。元になるパラメーターのどれかで並べ替えてください。";
        NOT_ONE_OF: "FH-0074", Invalid,
            "`{value}` is not a value of `{name}`. Possible are: {possible}.",
            "`{value}` は `{name}` の値ではありません。使えるのは {possible} です。";
        BAD_COUNT: "FH-0075", Invalid,
            "`_count={value}` is not a number from 0 upward.",
            "`_count={value}` は 0 以上の数ではありません。";
        BAD_CURSOR: "FH-0076", Invalid,
            "`_cursor` is not one that this server gave out. Follow the `next` link of the page before, unchanged.",
            "`_cursor` の値が正しくありません。前のページの `next` リンクをそのまま使ってください。";
        TWICE: "FH-0077", Invalid,
            "`{name}` stands twice. Give it once.",
            "`{name}` が二度あります。一度だけ書いてください。";
        NOT_AN_ELEMENT: "FH-0078", Invalid,
            "`{name}` is not an element of {kind}.{hint_en} `_elements` takes names of elements with commas between them.",
            "`{name}` は {kind} の要素ではありません。{hint_ja}`_elements` には要素の名前をコンマで区切って書いてください。";
        CHAIN_TOO_WIDE: "FH-0079", TooLarge,
            "With `{name}` the chains of this search may lead to more than {limit} types. Name the type, as in `subject:Patient.name`.",
            "`{name}` で、この検索の連鎖の先になりうる型が {limit} を超えました。`subject:Patient.name` のように型を指定してください。";
    }
    fhirpath {
        SYNTAX: "FH-0100", Invalid,
            "The FHIRPath expression cannot be read from character {at} on: {expected_en} is expected there. Correct it.",
            "FHIRPath 式が {at} 文字目から先、読めません。そこには{expected_ja}が必要です。式を直してください。";
        EXPRESSION_SIZE: "FH-0101", TooLarge,
            "The FHIRPath expression is longer than {bytes} bytes or nested deeper than {levels} levels. Split it.",
            "FHIRPath 式が {bytes} バイトを超えているか、入れ子が {levels} 段を超えています。式を分けてください。";
        UNKNOWN_FUNCTION: "FH-0102", Invalid,
            "`{name}()` is not a FHIRPath function served here. Write the expression without it.",
            "`{name}()` はここで使える FHIRPath の関数ではありません。使わない形に書き換えてください。";
        ARGUMENTS: "FH-0103", Invalid,
            "The arguments of `{name}()` are not what it takes: {expected_en}. Correct them.",
            "`{name}()` の引数が正しくありません。必要なのは{expected_ja}です。直してください。";
        UNKNOWN_TYPE: "FH-0104", Invalid,
            "`{name}` is neither a type of FHIR R4 nor one of FHIRPath. Correct the name.",
            "`{name}` は FHIR R4 の型でも FHIRPath の型でもありません。名前を直してください。";
        NOT_SINGLE: "FH-0105", Unprocessable,
            "`{name}` takes one value, but the FHIRPath expression gives it several. Choose one, for example with `first()`.",
            "`{name}` が受け取る値は一つですが、FHIRPath 式が複数の値を渡しています。`first()` などで一つにしてください。";
        WRONG_KIND: "FH-0106", Unprocessable,
            "`{name}` does not work on {kind}. Correct the FHIRPath expression or the value it meets.",
            "`{name}` は {kind} には使えません。FHIRPath 式か、対象の値を直してください。";
        UNKNOWN_MEMBER: "FH-0107", Invalid,
            "`{name}` is not an element that the FHIRPath expression can find in {kind}. Correct the name.",
            "FHIRPath 式の `{name}` は {kind} の要素ではありません。名前を直してください。";
        STEPS: "FH-0108", TooLarge,
            "The FHIRPath expression needs more than {limit} steps on this resource. Send a smaller resource or simplify the expression.",
            "この FHIRPath 式をこのリソースで評価すると {limit} 手順を超えます。リソースを小さくするか、式を簡単にしてください。";
        UNKNOWN_NAME: "FH-0109", Invalid,
            "The FHIRPath expression uses `{name}`, which is not known here. Correct the name, or supply what it stands for.",
            "FHIRPath 式の `{name}` はここでは分かりません。名前を直すか、それが表すものを渡してください。";
    }
    content {
        VALUE_FORM: "FH-0110", Unprocessable,
            "`{value}` is not a value of type {kind}: write {form_en}. Example: {example}",
            "`{value}` は {kind} 型の値ではありません。{form_ja}で書いてください。例: {example}";
        CALENDAR: "FH-0111", Unprocessable,
            "`{value}` is not in the calendar: there is no such month or day. Correct the date.",
            "`{value}` は暦にない日付です。月と日を確かめてください。";
        ZONE: "FH-0112", Unprocessable,
            "`{value}` has a time but no time zone. Add it: `+09:00` for Japan, `Z` for UTC.",
            "`{value}` には時刻がありますが、タイムゾーンがありません。日本時間なら `+09:00`、協定世界時なら `Z` を付けてください。";
        BASE64: "FH-0113", Unprocessable,
            "The content is not base64 that can be decoded: groups of four out of A-Z, a-z, 0-9, `+` and `/`, the last one \
             filled with `=`. Encode it anew.",
            "内容を base64 として復号できません。A-Z・a-z・0-9・`+`・`/` の 4 文字ずつで、最後だけ `=` で埋めます。符号化し直してください。";
        STRING_LENGTH: "FH-0114", Unprocessable,
            "The string is longer than the 1,048,576 characters FHIR allows. Shorten it, or send it as an Attachment.",
            "文字列が FHIR の上限 1,048,576 文字を超えています。短くするか、Attachment として送ってください。";
        CODE: "FH-0115", Unprocessable,
            "`{value}` is not in the value set {set}, from which this element must take its code.{hint_en}",
            "`{value}` は値セット {set} にありません。この要素のコードはこの値セットのものに限られます。{hint_ja}";
        NO_CODE: "FH-0116", Unprocessable,
            "No `coding` here is of the value set {set}, and this element needs one of it. Add one with its `system` \
             ({systems}).{hint_en}",
            "この要素には値セット {set} の `coding` が一つ必要ですが、ありません。`system`（{systems}）と共に加えてください。{hint_ja}";
    }
    rules {
        BROKEN: "FH-0120", Unprocessable,
            "{text_en} (rule {key} of {place})",
            "{text_ja}（{place} の規則 {key}）";
        ADVICE: "FH-0121", Unprocessable,
            "{text_en} (advice {key} of {place}; not having it does not stop the resource from being stored)",
            "{text_ja}（{place} の推奨事項 {key}。満たさなくても保存はできます）";
        UNDECIDED: "FH-0122", Unprocessable,
            "Whether the rule {key} of {place} holds could not be decided, so the resource is not taken. The rule asks: {text_en} \
             Send less content at once; if that does not help, report it with the code of the rule.",
            "{place} の規則 {key} を満たすかどうか判定できなかったため、受け付けません。規則の内容: {text_ja} 内容を減らして送ってください。それでも起こる場合は、規則の番号を添えて報告してください。";
    }
    patch {
        FORM: "FH-0090", Invalid,
            "A JSON Patch is an array of operations, each an object with `op` and `path` (RFC 6902). Send it so.",
            "JSON Patch は、`op` と `path` を持つオブジェクト（操作）の配列です (RFC 6902)。その形で送ってください。";
        MEMBER: "FH-0091", Invalid,
            "This operation needs `{member}`: `op`, `path` and `from` are strings, `value` is any JSON. Add it.",
            "この操作には `{member}` が必要です（`op`・`path`・`from` は文字列、`value` は任意の JSON）。加えてください。";
        OPERATION: "FH-0092", Invalid,
            "`{op}` is no operation of JSON Patch. Use add, remove, replace, move, copy or test.",
            "`{op}` は JSON Patch の操作ではありません。add・remove・replace・move・copy・test を使ってください。";
        POINTER: "FH-0093", Invalid,
            "`{path}` is no JSON pointer. It begins with `/`, like `/name/0/given`; write `~` as `~0` and `/` in a name as `~1`.",
            "`{path}` は JSON ポインターではありません。`/name/0/given` のように `/` で始め、`~` は `~0`、名前の中の `/` は `~1` と書いてください。";
        NOWHERE: "FH-0094", Unprocessable,
            "The operation finds nothing to work on at `{path}`. Read the resource again and correct the path.",
            "`{path}` には操作の対象がありません。リソースを読み直し、パスを直してください。";
        TEST: "FH-0095", Unprocessable,
            "The value at `{path}` is not the one that the patch tests for, so nothing was changed. Read the resource again and make a new patch.",
            "`{path}` の値がパッチの test と異なるため、何も変更していません。リソースを読み直し、パッチを作り直してください。";
        TOO_MANY: "FH-0096", TooLarge,
            "The patch has {count} operations; at most {limit} are taken at once. Send several patches, or the whole resource with PUT.",
            "パッチの操作が {count} 個あります。一度に使えるのは {limit} 個までです。分けて送るか、PUT でリソース全体を送ってください。";
        GROWS: "FH-0097", TooLarge,
            "The patch would make the resource too large: at most {bytes} bytes, {values} JSON values and {depth} levels of nesting. Change less.",
            "パッチの結果が大きくなりすぎます。上限は {bytes} バイト、JSON の値 {values} 個、入れ子 {depth} 段です。変更を減らしてください。";
    }
    subset {
        ELEMENT: "FH-0098", Invalid,
            "`{name}` is not an element of {kind}.{hint_en} `_elements` takes names of elements at the top of the resource, separated by commas.",
            "`{name}` は {kind} の要素ではありません。{hint_ja}`_elements` にはリソース直下の要素名をコンマ区切りで書いてください。";
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn every_id_stands_once_and_in_order() {
        assert!(CODES.is_sorted_by(|left, right| left.id < right.id));
    }

    #[test]
    fn both_languages_fill_the_same_places() {
        let places = |text: &str| {
            let mut names: Vec<String> = text
                .split('{')
                .skip(1)
                .filter_map(|rest| {
                    rest.split_once('}')
                        .map(|(name, _)| name.trim_end_matches("_en").trim_end_matches("_ja").to_owned())
                })
                .collect();
            names.sort();
            names.dedup();
            names
        };
        for code in CODES {
            assert_eq!(places(code.en), places(code.ja), "{}", code.id);
        }
    }

    #[test]
    fn every_code_has_a_page() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors");
        for code in CODES {
            let page = std::fs::read_to_string(folder.join(format!("{}.md", code.id))).unwrap_or_default();
            assert!(page.starts_with(&format!("# {} ", code.id)), "{}", code.id);
        }
    }
}
