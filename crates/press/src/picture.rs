//! Pictures made for a browser, for a reader of SVG that knows no variables and no media: as they would be printed.

/// A picture in which styles for screens in the dark are gone, those for print hold, and variables have their values.
pub(crate) fn printed(svg: &str) -> String {
    let styles = media(svg);
    let values = values(&styles);
    // The longest names first, since one may begin like another.
    let mut values: Vec<(&str, &str)> = values.into_iter().collect();
    values.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    values
        .into_iter()
        .fold(styles.clone(), |text, (name, value)| text.replace(&format!("var({name})"), value))
}

/// The same with what stands in `@media print` where it stands, and what stands in any other `@media` gone.
fn media(svg: &str) -> String {
    let mut done = String::with_capacity(svg.len());
    let mut rest = svg;
    while let Some((before, after)) = rest.split_once("@media") {
        let Some((condition, block)) = after.split_once('{') else { break };
        done.push_str(before);
        let (inside, behind) = block_end(block);
        if condition.trim() == "print" {
            done.push_str(inside);
        }
        rest = behind;
    }
    done.push_str(rest);
    done
}

/// What stands up to the brace that ends a block, and what stands behind it.
fn block_end(block: &str) -> (&str, &str) {
    let mut depth = 1_usize;
    for (at, letter) in block.char_indices() {
        match letter {
            '{' => depth = depth.saturating_add(1),
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            let (inside, behind) = block.split_at_checked(at).unwrap_or((block, ""));
            return (inside, behind.strip_prefix('}').unwrap_or(behind));
        }
    }
    (block, "")
}

/// Variables with the last value that each is given.
fn values(styles: &str) -> std::collections::BTreeMap<&str, &str> {
    let parts = styles.split(['{', '}', ';', '"']).map(str::trim).filter(|part| part.starts_with("--"));
    parts.filter_map(|part| part.split_once(':')).map(|(name, value)| (name.trim(), value.trim())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_as_it_would_be_printed() {
        let svg = "<svg><style>.a{--ink:#123;--ink-two:#456}\n@media (prefers-color-scheme:dark){.a{--ink:#fff}}\n\
                   @media print{.a{--ink:#000}}.a text{fill:var(--ink);stroke:var(--ink-two)}</style></svg>";
        let printed = printed(svg);
        assert!(printed.contains("fill:#000;stroke:#456"), "{printed}");
        assert!(!printed.contains("#fff") && !printed.contains("@media"), "{printed}");
    }

    #[test]
    fn a_picture_without_styles_and_a_torn_one_stay_as_they_are() {
        for svg in ["<svg><text>文 @media</text></svg>", "<svg/>", ""] {
            assert_eq!(printed(svg), svg);
        }
    }
}
