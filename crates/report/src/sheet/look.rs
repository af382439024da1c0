//! How cells look: one font, one size, and a fill for each tone. The text of a cell always says what its fill says.

use crate::paper::Tone;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

/// On every Windows in Japan; programs that lack it take another font with the same characters.
const FONT: &str = "BIZ UDPゴシック";

const LINE: Color = Color::RGB(0xBF_BF_BF);
const HEADER: Color = Color::RGB(0x1F_3A_5F);
const HEADING: Color = Color::RGB(0xDC_E3_EC);

/// The fill of a tone in cells; none for what means nothing in particular.
pub(super) fn fill(tone: Tone) -> Option<Color> {
    Some(Color::RGB(match tone {
        Tone::Plain => return None,
        Tone::Good => 0xD9_EE_DB,
        Tone::Partly => 0xFF_F0_C2,
        Tone::Bad => 0xF8_D3_CF,
        Tone::Asked => 0xD8_E6_F6,
        Tone::Unknown => 0xE3_E3_E3,
        Tone::Apart => 0xF3_F3_F3,
    }))
}

/// The colour of a tone in charts, strong enough beside others.
pub(super) fn ink(tone: Tone) -> Color {
    Color::RGB(match tone {
        Tone::Plain => 0x5B_7F_A6,
        Tone::Good => 0x3F_8F_4F,
        Tone::Partly => 0xE0_B0_30,
        Tone::Bad => 0xC0_4A_3C,
        Tone::Asked => 0x4F_86_C6,
        Tone::Unknown => 0x9A_9A_9A,
        Tone::Apart => 0xD0_D0_D0,
    })
}

/// What all cells have.
pub(super) fn text() -> Format {
    Format::new().set_font_name(FONT).set_font_size(10).set_align(FormatAlign::Top).set_text_wrap()
}

/// A cell of a table.
pub(super) fn cell(tone: Tone) -> Format {
    let format = text().set_border(FormatBorder::Thin).set_border_color(LINE);
    match fill(tone) {
        Some(color) => format.set_background_color(color),
        None => format,
    }
}

/// A cell that says what a column holds.
pub(super) fn header() -> Format {
    cell(Tone::Plain).set_bold().set_background_color(HEADER).set_font_color(Color::White)
}

/// A cell of a row that is a heading across its table.
pub(super) fn heading() -> Format {
    line()
        .set_bold()
        .set_background_color(HEADING)
        .set_border_top(FormatBorder::Thin)
        .set_border_top_color(LINE)
}

/// A title.
pub(super) fn title() -> Format {
    text().set_bold().set_font_size(16)
}

/// The label of a value.
pub(super) fn label() -> Format {
    text().set_bold()
}

/// A remark.
pub(super) fn remark() -> Format {
    text().set_italic()
}

/// A text that goes on over the cells beside it.
fn line() -> Format {
    Format::new().set_font_name(FONT).set_font_size(10).set_align(FormatAlign::Top)
}
