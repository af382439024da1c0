//! Values that are said on one line: codes, quantities, names, addresses, dates, references.

use super::{moment, words};
use crate::definitions::Type;
use crate::json::Node;
use base::Language;
use base64::Engine as _;

/// In which writing a name stands (ISO 21090): ideographic, syllabic, alphabetic.
const REPRESENTATION: &str = "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation";

/// Whether an extension says in which writing a name stands.
pub(super) fn is_representation(url: &str) -> bool {
    url == REPRESENTATION
}

/// The writing that a name's extension gives: `IDE`, `SYL` or `ABC`.
pub(super) fn representation(name: &Node) -> Option<&str> {
    let extensions = name.get("extension")?.as_array()?;
    let own = extensions.iter().find(|one| text(one, "url").is_some_and(is_representation))?;
    text(own, "valueCode")
}

/// The value on one line; none for a type whose elements need lines of their own, and for a value that says nothing by
/// itself. `coded`: it comes from a required value set.
pub(super) fn one_line(kind: &Type, coded: bool, node: &Node, language: Language) -> Option<String> {
    let ja = language == Language::Japanese;
    match kind.name {
        "CodeableConcept" => concept(node),
        "Coding" => coding(node),
        "Quantity" | "Age" | "Count" | "Distance" | "Duration" | "MoneyQuantity" | "SimpleQuantity" => {
            quantity(node)
        }
        "Money" => joined([number(node, "value"), text(node, "currency")], " "),
        "Period" => between(
            text(node, "start").map(|text| moment::day(text, language).unwrap_or_else(|| text.to_owned())),
            text(node, "end").map(|text| moment::day(text, language).unwrap_or_else(|| text.to_owned())),
            ja,
        ),
        "Range" => between(node.get("low").and_then(quantity), node.get("high").and_then(quantity), ja),
        "Ratio" => {
            let (numerator, denominator) =
                (node.get("numerator").and_then(quantity), node.get("denominator").and_then(quantity));
            (numerator.is_some() || denominator.is_some())
                .then(|| format!("{} / {}", numerator.unwrap_or_default(), denominator.unwrap_or_default()))
        }
        "HumanName" => name(node, language),
        "Address" => address(node, language),
        "ContactPoint" => {
            let value = text(node, "value")?;
            Some(noted(
                value,
                [code(node, "system", language), code(node, "use", language), period(node, language)],
                ja,
            ))
        }
        "Identifier" => {
            let value = text(node, "value")?;
            let notes = [
                node.get("type").and_then(concept),
                text(node, "system").map(|address| system(address).to_owned()),
                node.get("assigner").and_then(reference),
                period(node, language),
            ];
            Some(noted(value, notes, ja))
        }
        "Reference" => reference(node),
        "Annotation" => {
            let said = text(node, "text")?;
            let time = text(node, "time").and_then(|text| moment::day(text, language));
            let author = text(node, "authorString").map(str::to_owned);
            let author = author.or_else(|| node.get("authorReference").and_then(reference));
            Some(noted(said, [author, time], ja))
        }
        "Attachment" => attachment(node, language),
        _ if kind.kind.is_primitive() => primitive(kind.name, coded, node, language),
        _ => None,
    }
}

fn primitive(kind: &str, coded: bool, node: &Node, language: Language) -> Option<String> {
    match node {
        Node::Bool(yes) => Some(
            match (language, yes) {
                (Language::Japanese, true) => "はい",
                (Language::Japanese, false) => "いいえ",
                (Language::English, true) => "yes",
                (Language::English, false) => "no",
            }
            .to_owned(),
        ),
        Node::Number(number) => Some(number.clone()),
        Node::String(text) => Some(match kind {
            "date" | "dateTime" | "instant" => moment::day(text, language).unwrap_or_else(|| text.clone()),
            "base64Binary" => bytes(text, language),
            "code" if coded => words::code(text, language),
            "xhtml" => super::plain(text),
            _ => text.clone(),
        }),
        Node::Null | Node::Array(_) | Node::Object(_) => None,
    }
}

/// How long the data are; they themselves are nothing to read.
fn bytes(encoded: &str, language: Language) -> String {
    let decoded = base64::engine::general_purpose::STANDARD.decode(encoded.trim());
    let length = decoded.map_or(encoded.len(), |bytes| bytes.len());
    match language {
        Language::Japanese => format!("データ {length} バイト"),
        Language::English => format!("{length} bytes of data"),
    }
}

fn text<'n>(node: &'n Node, member: &str) -> Option<&'n str> {
    node.get(member)?.as_str()
}

fn number<'n>(node: &'n Node, member: &str) -> Option<&'n str> {
    node.get(member)?.as_number()
}

fn code(node: &Node, member: &str, language: Language) -> Option<String> {
    Some(words::code(text(node, member)?, language))
}

fn period(node: &Node, language: Language) -> Option<String> {
    let period = node.get("period")?;
    let side = |member| text(period, member).and_then(|text| moment::day(text, language));
    between(side("start"), side("end"), language == Language::Japanese)
}

fn joined<'n>(parts: impl IntoIterator<Item = Option<&'n str>>, between: &str) -> Option<String> {
    let parts: Vec<&str> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(between))
}

/// A value with what is to be known beside it in brackets.
fn noted(value: &str, notes: impl IntoIterator<Item = Option<String>>, ja: bool) -> String {
    let notes: Vec<String> = notes.into_iter().flatten().collect();
    match (notes.is_empty(), ja) {
        (true, _) => value.to_owned(),
        (false, true) => format!("{value}（{}）", notes.join("、")),
        (false, false) => format!("{value} ({})", notes.join(", ")),
    }
}

fn between(from: Option<String>, until: Option<String>, ja: bool) -> Option<String> {
    if from.is_none() && until.is_none() {
        return None;
    }
    let dash = if ja { "〜" } else { " to " };
    Some(format!("{}{dash}{}", from.unwrap_or_default(), until.unwrap_or_default()))
}

/// What a concept says: its text, then its codes.
fn concept(node: &Node) -> Option<String> {
    let codings: Vec<String> =
        node.get("coding").and_then(Node::as_array).unwrap_or_default().iter().filter_map(coding).collect();
    match (text(node, "text"), codings.as_slice()) {
        (None, []) => None,
        (Some(text), []) => Some(text.to_owned()),
        (None, codings) => Some(codings.join("; ")),
        (Some(text), codings) => Some(format!("{text} [{}]", codings.join("; "))),
    }
}

/// A code with its name and the system it belongs to.
fn coding(node: &Node) -> Option<String> {
    let system = text(node, "system").map(system);
    let code = joined([system, text(node, "code")], " ");
    match (text(node, "display"), code) {
        (None, code) => code,
        (Some(display), None) => Some(display.to_owned()),
        (Some(display), Some(code)) => Some(format!("{display} <{code}>")),
    }
}

/// Systems that are known by a short name; others by the last part of their address. The whole address stands in the
/// resource itself.
fn system(address: &str) -> &str {
    const KNOWN: [(&str, &str); 9] = [
        ("http://loinc.org", "LOINC"),
        ("http://snomed.info/sct", "SNOMED CT"),
        ("http://unitsofmeasure.org", "UCUM"),
        ("http://hl7.org/fhir/sid/icd-10", "ICD-10"),
        ("http://hl7.org/fhir/sid/cvx", "CVX"),
        ("http://www.nlm.nih.gov/research/umls/rxnorm", "RxNorm"),
        ("urn:oid:1.2.392.200119.4.504", "JLAC10"),
        ("urn:oid:1.2.392.100495.20.2.74", "HOT9"),
        ("urn:ietf:bcp:47", "BCP 47"),
    ];
    let known = KNOWN.iter().find(|(known, _)| *known == address);
    if let Some((_, name)) = known {
        return name;
    }
    let last = address.rsplit('/').find(|part| !part.is_empty());
    last.filter(|_| address.contains("://")).unwrap_or(address)
}

fn quantity(node: &Node) -> Option<String> {
    let value = number(node, "value")?;
    let unit = text(node, "unit").or_else(|| text(node, "code"));
    let value = format!("{}{value}", text(node, "comparator").unwrap_or_default());
    joined([Some(value.as_str()), unit], " ")
}

fn reference(node: &Node) -> Option<String> {
    let identifier = node.get("identifier").and_then(|own| text(own, "value"));
    match (text(node, "display"), text(node, "reference").or(identifier)) {
        (Some(display), Some(reference)) => Some(format!("{display} <{reference}>")),
        (display, reference) => display.or(reference).map(str::to_owned),
    }
}

/// The parts of a name as one text, family name first, unless it is given as a whole.
pub(crate) fn whole_name(node: &Node) -> Option<String> {
    if let Some(whole) = text(node, "text") {
        return Some(whole.to_owned());
    }
    let part = |member: &str| -> Vec<&str> {
        let items = node.get(member).and_then(Node::as_array).unwrap_or_default();
        items.iter().filter_map(Node::as_str).collect()
    };
    let parts: Vec<&str> = part("prefix")
        .into_iter()
        .chain(text(node, "family"))
        .chain(part("given"))
        .chain(part("suffix"))
        .collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn name(node: &Node, language: Language) -> Option<String> {
    let writing = match (representation(node), language) {
        (Some("IDE"), Language::Japanese) => Some("漢字".to_owned()),
        (Some("SYL"), Language::Japanese) => Some("カナ".to_owned()),
        (Some("ABC"), Language::Japanese) => Some("ローマ字".to_owned()),
        (Some("IDE"), Language::English) => Some("kanji".to_owned()),
        (Some("SYL"), Language::English) => Some("kana".to_owned()),
        (Some("ABC"), Language::English) => Some("roman".to_owned()),
        (other, _) => other.map(str::to_owned),
    };
    let notes = [writing, code(node, "use", language), period(node, language)];
    Some(noted(&whole_name(node)?, notes, language == Language::Japanese))
}

fn address(node: &Node, language: Language) -> Option<String> {
    let ja = language == Language::Japanese;
    let lines = node.get("line").and_then(Node::as_array).unwrap_or_default();
    let lines: Vec<&str> = lines.iter().filter_map(Node::as_str).collect();
    let code = text(node, "postalCode").map(|code| if ja { format!("〒{code}") } else { code.to_owned() });
    let place = [text(node, "state"), text(node, "district"), text(node, "city")];
    let parts = [code.as_deref()].into_iter().chain(place).chain(lines.into_iter().map(Some));
    // The text of an address says the same as its parts; where there is one, only the code stands beside it.
    let said = match text(node, "text") {
        Some(whole) if code.as_deref().is_none_or(|code| whole.contains(code.trim_start_matches('〒'))) => {
            Some(whole.to_owned())
        }
        Some(whole) => joined([code.as_deref(), Some(whole)], " "),
        None => joined(parts.chain([text(node, "country")]), " "),
    }?;
    let uses = text(node, "use").map(|code| words::code(code, language));
    Some(noted(&said, [uses, period(node, language)], ja))
}

fn attachment(node: &Node, language: Language) -> Option<String> {
    let created = text(node, "creation").and_then(|text| moment::day(text, language));
    let data = text(node, "data").map(|data| bytes(data, language));
    let size = number(node, "size").filter(|_| data.is_none()).map(|size| format!("{size} B"));
    let head = text(node, "title").or_else(|| text(node, "url")).or_else(|| text(node, "contentType"))?;
    let others = [text(node, "contentType"), text(node, "url")];
    let others = others.into_iter().map(|other| other.filter(|other| *other != head).map(str::to_owned));
    Some(noted(head, others.chain([data, size, created]), language == Language::Japanese))
}
