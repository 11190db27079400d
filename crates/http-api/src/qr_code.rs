//! QR codes, as a path for SVG: drawn by the client, without a picture from anywhere.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

use crate::error::Result;
use crate::problem::Problem;

/// Empty squares that readers want around a code.
const BORDER: i32 = 4;

/// A code.
pub(crate) struct Picture {
    /// Squares on each side, the border included.
    pub size: i32,
    /// The dark squares, one unit each.
    pub path: String,
}

/// The code of a text.
///
/// # Errors
/// `internal` for a text that is longer than any code takes.
pub(crate) fn of(text: &str) -> Result<Picture> {
    let code = QrCode::encode_text(text, QrCodeEcc::Low).map_err(Problem::internal)?;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            // Writing to a text cannot fail.
            let _ = write!(path, "M{} {}h1v1h-1z", x + BORDER, y + BORDER);
        }
    }
    Ok(Picture { size: code.size() + 2 * BORDER, path })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_code_has_its_three_corners_and_a_border() {
        let picture = of("otpauth://totp/Kartoteka:olena?secret=GEZDGNBVGY3TQOJQ").unwrap();
        assert!(picture.size >= 21 + 2 * BORDER);
        for corner in [(4, 4), (picture.size - 11, 4), (4, picture.size - 11)] {
            for at in 0..7 {
                assert!(picture.path.contains(&format!("M{} {}h1v1h-1z", corner.0 + at, corner.1)));
            }
        }
        assert!(!picture.path.contains("M3 ") && !picture.path.contains(&format!("M{} ", picture.size - 4)));
        assert!(of(&"x".repeat(5_000)).is_err());
    }
}
