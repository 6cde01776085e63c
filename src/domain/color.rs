//! Colours of categories, and whether they stand out from the page. Colours are never counted, so floats are in place here.
#![allow(clippy::float_arithmetic)]

/// The background of the page in light and in dark, `--paper` in `frontend/src/styles/tokens.css`.
pub const PAPERS: [Color; 2] = [Color([0xf8, 0xf3, 0xe8]), Color([0x1b, 0x18, 0x13])];

/// The least contrast of graphical objects by WCAG 2.2, success criterion 1.4.11.
pub const LEAST_CONTRAST: f64 = 3.0;

/// A colour by red, green and blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color([u8; 3]);

impl Color {
    /// Reads `#rrggbb`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        let mut color = [0; 3];
        hex::decode_to_slice(digits, &mut color).ok()?;
        Some(Self(color))
    }

    /// The contrast ratio of WCAG 2.2 with another colour, from 1 to 21.
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// The least contrast with a background of the page.
    pub fn contrast_with_page(self) -> f64 {
        PAPERS.into_iter().map(|paper| self.contrast(paper)).fold(f64::INFINITY, f64::min)
    }

    /// The relative luminance of WCAG 2.2.
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

fn linear(channel: u8) -> f64 {
    let value = f64::from(channel) / 255.0;
    if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn black_on_white_is_21_to_1_and_a_colour_is_six_hexadecimal_digits() {
        let color = |text| Color::parse(text).unwrap();
        assert!((color("#000000").contrast(color("#ffffff")) - 21.0).abs() < 1e-9);
        assert!((color("#FFFFFF").contrast(color("#767676")) - 4.54).abs() < 0.01);
        for text in ["", "#", "#fff", "ffffff", "#ggg000", "#fffffff", "#+ffff0", "red"] {
            assert_eq!(Color::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_backgrounds_are_those_of_the_page() {
        let tokens = include_str!("../../frontend/src/styles/tokens.css");
        let papers = tokens.lines().filter_map(|line| line.trim().strip_prefix("--paper: ")?.strip_suffix(';'));
        assert_eq!(papers.map(|text| Color::parse(text).unwrap()).collect::<Vec<_>>(), PAPERS);
    }
}
