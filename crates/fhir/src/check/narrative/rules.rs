//! Which elements, attributes and addresses a narrative may hold (FHIR R4, Narrative, invariant txt-1), and which of the
//! others are dangerous rather than merely not foreseen.

use super::XHTML;
use crate::codes::narrative as codes;
use base::Code;

/// Elements FHIR allows, sorted.
const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "b",
    "big",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "q",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "ul",
    "var",
];

/// Attributes FHIR allows on any of them, sorted; the language of a part may also be given the XML way.
const ATTRIBUTES: &[&str] = &[
    "abbr",
    "accesskey",
    "align",
    "alt",
    "axis",
    "bgcolor",
    "border",
    "cellhalign",
    "cellpadding",
    "cellspacing",
    "cellvalign",
    "char",
    "charoff",
    "charset",
    "cite",
    "class",
    "colspan",
    "compact",
    "coords",
    "dir",
    "frame",
    "headers",
    "height",
    "href",
    "hreflang",
    "hspace",
    "id",
    "lang",
    "longdesc",
    "name",
    "nowrap",
    "rel",
    "rev",
    "rowspan",
    "rules",
    "scope",
    "shape",
    "span",
    "src",
    "start",
    "style",
    "summary",
    "tabindex",
    "title",
    "type",
    "valign",
    "value",
    "vspace",
    "width",
    "xml:lang",
];

/// Elements that run, load or submit something, sorted.
const ACTIVE_ELEMENTS: &[&str] = &[
    "applet", "audio", "base", "body", "button", "canvas", "embed", "fieldset", "form", "frame", "frameset",
    "head", "html", "iframe", "input", "link", "math", "meta", "noscript", "object", "option", "portal",
    "script", "select", "slot", "svg", "template", "textarea", "video",
];

/// Beginnings of addresses that run something, without white space and in small letters.
const ACTIVE_SCHEMES: &[&str] = &["javascript", "vbscript", "livescript", "mocha", "data"];

/// What a link may lead to, beside relative addresses.
const LINK_SCHEMES: &[&str] = &["http", "https", "mailto", "tel", "ftp", "urn"];

/// Where an image may come from, beside relative addresses.
const IMAGE_SCHEMES: &[&str] = &["http", "https"];

/// Parts of a style that load or run something, in small letters. A backslash could spell any of them in another way.
const ACTIVE_STYLES: &[&str] =
    &["url(", "image(", "expression", "javascript", "behavior", "binding", "@import", "\\"];

/// What is wrong with an element of this name.
pub(super) fn element(name: &str) -> Option<&'static Code> {
    if ELEMENTS.binary_search(&name).is_ok() {
        return None;
    }
    let local = name.rsplit(':').next().unwrap_or(name).to_ascii_lowercase();
    let active = ACTIVE_ELEMENTS.binary_search(&local.as_str()).is_ok();
    Some(if active { &codes::ACTIVE } else { &codes::ELEMENT })
}

/// What is wrong with an attribute of this name and (decoded) value.
pub(super) fn attribute(element: &str, name: &str, value: &str) -> Option<&'static Code> {
    if name == "xmlns" {
        return (value != XHTML).then_some(&codes::ATTRIBUTE);
    }
    if ATTRIBUTES.binary_search(&name).is_err() {
        let event = name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("on"));
        return Some(if event { &codes::ACTIVE } else { &codes::ATTRIBUTE });
    }
    match name {
        "href" | "cite" | "longdesc" => address(value, LINK_SCHEMES, false),
        "src" => address(value, IMAGE_SCHEMES, element == "img"),
        "style" => style(value),
        _ => None,
    }
}

/// Judges an address the way browsers read it: white space does not count.
fn address(value: &str, schemes: &[&str], image_data: bool) -> Option<&'static Code> {
    let bare: String = value.chars().filter(|letter| *letter > ' ').collect();
    let bare = bare.to_ascii_lowercase();
    let (scheme, rest) = match bare.split_once([':', '/', '?', '#']) {
        Some((scheme, rest)) if bare.get(scheme.len()..).is_some_and(|after| after.starts_with(':')) => {
            (scheme, rest)
        }
        _ => return None,
    };
    let embedded = rest.starts_with("image/") && !rest.starts_with("image/svg");
    if schemes.contains(&scheme) || (image_data && scheme == "data" && embedded) {
        None
    } else if ACTIVE_SCHEMES.contains(&scheme) {
        Some(&codes::ACTIVE)
    } else {
        Some(&codes::ADDRESS)
    }
}

/// Judges a style the way browsers read it, but for image data it carries itself.
fn style(value: &str) -> Option<&'static Code> {
    let bare: String = value.chars().filter(|letter| *letter > ' ').collect();
    let bare = without_embedded_images(&bare.to_ascii_lowercase());
    // A comment could stand inside a word.
    let active = bare.contains("/*") || ACTIVE_STYLES.iter().any(|part| bare.contains(part));
    active.then_some(&codes::ACTIVE)
}

/// Takes out every `url(data:image/…)` that holds nothing but the letters of base64 and of a media type.
fn without_embedded_images(style: &str) -> String {
    let mut kept = String::new();
    let mut rest = style;
    while let Some((before, after)) = rest.split_once("url(data:image/") {
        let (data, behind) = after.split_once(')').unwrap_or((after, ""));
        let plain = data.chars().all(|letter| letter.is_ascii_alphanumeric() || "+/=;,-.".contains(letter));
        kept.push_str(before);
        if !plain || data.starts_with("svg") {
            kept.push_str("url(");
        }
        rest = behind;
    }
    kept.push_str(rest);
    kept
}
