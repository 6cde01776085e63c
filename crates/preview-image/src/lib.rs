//! Draws the chart of a result as a PNG, for the previews of links.
//!
//! [`Chart::svg`] writes the chart as SVG text, which costs microseconds. [`Renderer::png`] turns that text into pixels, which
//! takes a core for tens of milliseconds. The fonts are part of this crate, so an image looks the same on every machine.
#![allow(missing_docs)] // most names say it all

use std::{collections::HashMap, sync::Arc};

use parking_lot::Mutex;
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Node, Options, Tree, fontdb},
};

mod chart;

pub use chart::{Chart, HEIGHT, Row, WIDTH, Words};

/// Turns charts into PNGs.
pub struct Renderer {
    options: Options<'static>,
    /// Whether a font has the letter, for each letter that was asked for.
    drawable: Mutex<HashMap<char, bool>>,
}

/// The text is no SVG, or there is no memory for its pixels.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    #[error("the SVG cannot be read: {0}")]
    Svg(#[from] resvg::usvg::Error),
    #[error("there is no room for the pixels")]
    NoRoom,
    #[error("the PNG cannot be written: {0}")]
    Png(String),
}

impl Default for Renderer {
    fn default() -> Self {
        Self::new()
    }
}

impl Renderer {
    /// Reads the fonts, which takes milliseconds.
    pub fn new() -> Self {
        let mut fonts = fontdb::Database::new();
        for font in [
            &include_bytes!("../fonts/ledger-serif-400.ttf")[..],
            &include_bytes!("../fonts/ledger-serif-600.ttf")[..],
            &include_bytes!("../fonts/noto-naskh-arabic.ttf")[..],
        ] {
            fonts.load_font_data(font.to_vec());
        }
        let options = Options { fontdb: Arc::new(fonts), font_family: "Ledger Serif".to_owned(), ..Options::default() };
        Self { options, drawable: Mutex::default() }
    }

    /// Draws SVG text as a PNG of 1200 by 630 pixels.
    pub fn png(&self, svg: &str) -> Result<Vec<u8>, RenderError> {
        let tree = Tree::from_str(svg, &self.options)?;
        let mut pixels = Pixmap::new(WIDTH, HEIGHT).ok_or(RenderError::NoRoom)?;
        resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
        pixels.encode_png().map_err(|error| RenderError::Png(error.to_string()))
    }

    /// True if the fonts have every letter of this text. Other characters are not looked at.
    pub fn can_draw(&self, text: &str) -> bool {
        text.chars().filter(|it| it.is_alphabetic()).all(|it| it.is_ascii() || self.can_draw_letter(it))
    }

    fn can_draw_letter(&self, letter: char) -> bool {
        *self.drawable.lock().entry(letter).or_insert_with(|| has_glyph(letter, &self.options))
    }
}

fn has_glyph(letter: char, options: &Options) -> bool {
    let svg = chart::letter(letter);
    let Ok(tree) = Tree::from_str(&svg, options) else { return false };
    let mut glyphs = tree.root().children().iter().flat_map(|node| match node {
        Node::Text(text) => text.layouted().iter().flat_map(|span| &span.positioned_glyphs).collect(),
        _ => Vec::new(),
    });
    // Glyph 0 is the box that stands for a missing one.
    glyphs.next().is_some_and(|glyph| glyph.id.0 != 0) && glyphs.all(|glyph| glyph.id.0 != 0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_no_font_has_are_told_from_those_that_one_has() {
        let renderer = Renderer::new();
        for text in ["é", "ß", "ا", "ع", "Straße & الميزانية, 12 % ☃"] {
            assert!(renderer.can_draw(text), "{text}");
        }
        for text in ["预", "算", "ᚠ", "Budget 预算"] {
            assert!(!renderer.can_draw(text), "{text}");
        }
    }

    #[test]
    fn what_is_no_svg_is_an_error() {
        let error = Renderer::new().png("<svg").unwrap_err();
        assert!(matches!(error, RenderError::Svg(_)), "{error}");
    }
}
