//! QR codes as SVG: one path, in which each run of dark modules in a row is a rectangle.

use qrcode::{Color, EcLevel, QrCode};

/// The white border that a QR code needs, in modules.
const QUIET_ZONE: usize = 4;

/// The text is too long for a QR code.
#[derive(Debug, thiserror::Error)]
#[error("the text is too long for a QR code")]
pub struct TooLong;

/// Returns a QR code of this text. The text must stand beside it too: the picture is hidden from screen readers.
pub fn svg(text: &str) -> Result<String, TooLong> {
    let qr = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| TooLong)?;
    let width = qr.width();
    let mut path = String::new();
    for (y, row) in qr.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run[0] == Color::Dark {
                path.push_str(&format!("M{} {}h{len}v1h-{len}z", x + QUIET_ZONE, y + QUIET_ZONE, len = run.len()));
            }
            x += run.len();
        }
    }
    let size = width + 2 * QUIET_ZONE;
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" shape-rendering=\"crispEdges\" \
         aria-hidden=\"true\"><path d=\"{path}\"/></svg>"
    ))
}
