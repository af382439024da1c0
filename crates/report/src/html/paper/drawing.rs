//! A picture as it can stand within a page: read as XML, and written anew with what draws and nothing else.
//!
//! A browser reads SVG within HTML by other rules than an XML reader does. So what was read is never passed on as it stood: it
//! is written anew, element by element, and a picture with anything that is not known to draw is not shown at all.

use roxmltree::{Document, Node, ParsingOptions};

const SVG: &str = "http://www.w3.org/2000/svg";
/// How deep elements may nest.
const DEPTH_MAX: usize = 64;
/// How many elements, attributes and texts a picture may have.
const NODES_MAX: u32 = 200_000;

const ELEMENTS: [&str; 20] = [
    "svg",
    "g",
    "title",
    "desc",
    "style",
    "rect",
    "path",
    "line",
    "polyline",
    "polygon",
    "circle",
    "ellipse",
    "text",
    "tspan",
    "defs",
    "marker",
    "pattern",
    "clipPath",
    "linearGradient",
    "stop",
];

const ATTRIBUTES: [&str; 55] = [
    "class",
    "id",
    "x",
    "y",
    "x1",
    "y1",
    "x2",
    "y2",
    "cx",
    "cy",
    "r",
    "rx",
    "ry",
    "dx",
    "dy",
    "width",
    "height",
    "d",
    "points",
    "viewBox",
    "preserveAspectRatio",
    "transform",
    "role",
    "lang",
    "fill",
    "fill-opacity",
    "fill-rule",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-opacity",
    "opacity",
    "marker-start",
    "marker-mid",
    "marker-end",
    "markerWidth",
    "markerHeight",
    "markerUnits",
    "refX",
    "refY",
    "orient",
    "clip-path",
    "text-anchor",
    "dominant-baseline",
    "font-size",
    "font-weight",
    "font-family",
    "offset",
    "stop-color",
    "aria-hidden",
    "aria-label",
    "aria-labelledby",
    "aria-describedby",
];

/// The picture, or none where it is not SVG or holds anything that does not merely draw.
pub(super) fn drawing(svg: &str) -> Option<String> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: NODES_MAX, ..ParsingOptions::default() };
    let document = Document::parse_with_options(svg, options).ok()?;
    let root = document.root_element();
    if root.tag_name().name() != "svg" {
        return None;
    }
    let mut out = String::with_capacity(svg.len());
    element(root, 0, &mut out)?;
    Some(out)
}

fn element(node: Node<'_, '_>, depth: usize, out: &mut String) -> Option<()> {
    let name = node.tag_name().name();
    let known = node.tag_name().namespace() == Some(SVG) && ELEMENTS.contains(&name);
    if !known || depth > DEPTH_MAX {
        return None;
    }
    out.push('<');
    out.push_str(name);
    if depth == 0 {
        out.push_str(" xmlns=\"http://www.w3.org/2000/svg\"");
    }
    for one in node.attributes() {
        let plain = one.namespace().is_none() && ATTRIBUTES.contains(&one.name());
        if !plain || leads_outside(one.value()) {
            return None;
        }
        out.push(' ');
        out.push_str(one.name());
        out.push_str("=\"");
        escape(one.value(), out);
        out.push('"');
    }
    out.push('>');
    for child in node.children() {
        match child.text().filter(|_| child.is_text()) {
            Some(text) if name == "style" => {
                if leads_outside(text) || text.contains(['<', '&', '\\', '@']) && !is_media_only(text) {
                    return None;
                }
                escape(text, out);
            }
            Some(text) => escape(text, out),
            // Browsers read what stands within a title, a description or a style by the rules of HTML.
            None if child.is_element() && ["title", "desc", "style"].contains(&name) => return None,
            None if child.is_element() => element(child, depth.saturating_add(1), out)?,
            // Comments and instructions draw nothing.
            None => {}
        }
    }
    out.push_str("</");
    out.push_str(name);
    out.push('>');
    Some(())
}

/// Whether every at-rule of a style sheet asks about the medium, and it holds no sign of markup and no escape.
fn is_media_only(text: &str) -> bool {
    let rules = text.matches('@').count();
    rules == text.matches("@media").count() && !text.contains(['<', '&', '\\'])
}

/// Whether a value could fetch something: the only references are those within the picture.
fn leads_outside(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    lower.matches("url(").count() != lower.matches("url(#").count() || lower.contains("image-set")
}

fn escape(text: &str, out: &mut String) {
    for one in text.chars() {
        match one {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            _ if crate::site::is_harmful(one) && one != '\n' => out.push(char::REPLACEMENT_CHARACTER),
            _ => out.push(one),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn svg(inner: &str) -> String {
        format!("<svg xmlns=\"{SVG}\" viewBox=\"0 0 10 10\">{inner}</svg>")
    }

    #[test]
    fn what_draws_is_written_anew() {
        let drawn =
            drawing(&svg("<title>a &lt;b&gt;</title><rect class=\"x\" width=\"3\"/><!-- c -->")).unwrap();
        assert_eq!(drawn, svg("<title>a &lt;b&gt;</title><rect class=\"x\" width=\"3\"></rect>"));
        assert!(drawing(&svg("<style>@media print{.a{fill:red}}</style>")).is_some());
        assert!(drawing(&svg("<path d=\"M0 0\" marker-end=\"url(#arrow)\"/>")).is_some());
    }

    #[test]
    fn a_picture_that_does_more_than_draw_is_not_shown() {
        for inner in [
            "<script>alert(1)</script>",
            "<rect onclick=\"alert(1)\"/>",
            "<a href=\"https://example.org\"><text>x</text></a>",
            "<foreignObject><p/></foreignObject>",
            "<image href=\"https://example.org/x.png\"/>",
            "<rect fill=\"url(https://example.org/x)\"/>",
            "<rect style=\"background:url(x)\"/>",
            "<style>@import 'x';</style>",
            "<style>.a{fill:url(//example.org)}</style>",
            "<style>&lt;/style&gt;&lt;script&gt;</style>",
            "<title><script/></title>",
            "<g xmlns=\"http://www.w3.org/1999/xhtml\"/>",
            "<rect",
        ] {
            assert_eq!(drawing(&svg(inner)), None, "{inner}");
        }
        assert_eq!(drawing("<html/>"), None);
        assert_eq!(
            drawing("<!DOCTYPE svg [<!ENTITY a 'b'>]><svg xmlns=\"http://www.w3.org/2000/svg\">&a;</svg>"),
            None
        );
        let deep = format!("{}{}", "<g>".repeat(80), "</g>".repeat(80));
        assert_eq!(drawing(&svg(&deep)), None);
    }

    #[test]
    fn characters_that_end_markup_stay_text() {
        let drawn = drawing(&svg("<title><![CDATA[</title><img src=x onerror=alert(1)>]]></title>")).unwrap();
        assert!(drawn.contains("&lt;/title&gt;&lt;img"), "{drawn}");
    }
}
