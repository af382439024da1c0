//! QR codes for terminals and pages: one-time codes for apps, and addresses for tablets.

use crate::certificate::codes;
use base::Problem;
use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write as _;

/// Most bytes that a QR code can hold: version 40, level L (ISO/IEC 18004, table 7).
pub const QR_BYTES_MAX: usize = 2_953;
/// Light modules around the code, on each side (ISO/IEC 18004, section 5.3.8).
const QUIET_MODULES: usize = 4;
/// Black on white out of the 256-colour cube, which no theme changes: scanners want dark on light also on a dark screen.
const BLACK_ON_WHITE: &str = "\x1b[38;5;16;48;5;231m";
const RESET: &str = "\x1b[0m";

/// The code for a terminal: two modules in one character, in colours of its own.
pub fn qr_text(content: impl AsRef<[u8]>) -> Result<String, Problem> {
    let rows = rows(content.as_ref())?;
    let mut text = String::new();
    for pair in rows.chunks(2) {
        let upper = pair.first().map(Vec::as_slice).unwrap_or_default();
        let lower = pair.get(1).map(Vec::as_slice).unwrap_or_default();
        text.push_str(BLACK_ON_WHITE);
        for (at, up) in upper.iter().enumerate() {
            text.push(match (up, lower.get(at).unwrap_or(&Color::Light)) {
                (Color::Dark, Color::Dark) => '█',
                (Color::Dark, Color::Light) => '▀',
                (Color::Light, Color::Dark) => '▄',
                (Color::Light, Color::Light) => ' ',
            });
        }
        text.push_str(RESET);
        text.push('\n');
    }
    Ok(text)
}

/// The code as an SVG image that scales, black on white. The content stands in it only as modules.
pub fn qr_svg(content: impl AsRef<[u8]>) -> Result<String, Problem> {
    let rows = rows(content.as_ref())?;
    let side = rows.len();
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges" role="img"><rect width="{side}" height="{side}" fill="#fff"/><path fill="#000" d=""##
    );
    for (y, row) in rows.iter().enumerate() {
        for (x, _) in row.iter().enumerate().filter(|(_, color)| **color == Color::Dark) {
            // Writing to a String does not fail.
            write!(svg, "M{x} {y}h1v1h-1z").unwrap_or_default();
        }
    }
    svg.push_str("\"/></svg>");
    Ok(svg)
}

/// The modules with the quiet zone around them, row by row. Damage of 15 % is made good where the length allows, else 7 %.
fn rows(content: &[u8]) -> Result<Vec<Vec<Color>>, Problem> {
    let code = QrCode::with_error_correction_level(content, EcLevel::M)
        .or_else(|_| QrCode::with_error_correction_level(content, EcLevel::L))
        .map_err(|_| Problem::new(&codes::QR_TOO_LONG).with("limit", QR_BYTES_MAX))?;
    let side = code.width().saturating_add(QUIET_MODULES.saturating_mul(2));
    let modules = code.to_colors();
    let quiet = || std::iter::repeat_n(Color::Light, QUIET_MODULES);
    let blank = || std::iter::repeat_n(vec![Color::Light; side], QUIET_MODULES);
    let middle =
        modules.chunks(code.width()).map(|row| quiet().chain(row.iter().copied()).chain(quiet()).collect());
    Ok(blank().chain(middle).chain(blank()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_content_fits_and_one_byte_more_does_not() {
        assert!(qr_text(vec![0xFF; QR_BYTES_MAX]).is_ok());
        let problem = qr_svg(vec![0xFF; QR_BYTES_MAX + 1]).unwrap_err();
        assert_eq!(problem.code().id, "ID-0132");
    }

    #[test]
    fn text_and_image_show_the_same_modules_within_a_quiet_zone() {
        let (text, svg) = (qr_text("otpauth://totp/x").unwrap(), qr_svg("otpauth://totp/x").unwrap());
        let lines: Vec<String> =
            text.lines().map(|line| line.replace(BLACK_ON_WHITE, "").replace(RESET, "")).collect();
        let dark = |character: char| match character {
            '█' => 2,
            '▀' | '▄' => 1,
            _ => 0,
        };
        let of_text: usize = lines.iter().flat_map(|line| line.chars()).map(dark).sum();
        assert_eq!(of_text, svg.matches("h1v1h-1z").count());
        assert!(lines[..2].iter().all(|line| line.trim().is_empty()));
        assert!(lines.iter().all(|line| line.starts_with("    ") && line.ends_with("    ")));
        // The finder pattern stands in the corner after four light modules: seven dark ones.
        assert!(lines[2].starts_with("    █▀▀▀▀▀█"));
        assert!(svg.contains("M4 4h1v1h-1z") && svg.contains("M10 4h1v1h-1z") && !svg.contains("M11 4h"));
    }

    #[test]
    fn the_content_itself_does_not_stand_in_the_image() {
        let svg = qr_svg("<script>alert(1)</script>").unwrap();
        assert!(!svg.contains("script"));
    }

    #[test]
    fn every_line_brings_its_own_colours() {
        let text = qr_text("x").unwrap();
        assert!(text.lines().all(|line| line.starts_with(BLACK_ON_WHITE) && line.ends_with(RESET)));
    }
}
