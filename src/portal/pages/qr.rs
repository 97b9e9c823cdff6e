//! A QR code, drawn in the page itself: nobody else is asked for a picture of a secret.

use qrcodegen::{QrCode, QrCodeEcc};

/// Light modules around a code, without which cameras do not find it.
const QUIET: i32 = 4;

/// A text as a picture.
pub struct QrPicture {
    /// How many modules wide and high it is.
    pub side: i32,
    /// Its dark modules, as a path of SVG.
    pub path: String,
}

impl QrPicture {
    /// The picture of a text; none of a text that is too long for one.
    pub fn of(text: &str) -> Option<Self> {
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
        Some(Self { side: code.size() + 2 * QUIET, path: dark_modules(&code) })
    }
}

fn dark_modules(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            path.push_str(&format!("M{},{}h1v1h-1z", x + QUIET, y + QUIET));
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_is_a_picture_with_a_quiet_edge_and_a_long_one_is_none() {
        let picture = QrPicture::of("otpauth://totp/x").unwrap();
        assert_eq!(picture.side, 25 + 2 * QUIET);
        // The first corner is dark, and nothing is nearer to the edge.
        assert!(picture.path.starts_with("M4,4h1v1h-1z") && !picture.path.contains("M3,"), "{}", picture.path);
        assert!(QrPicture::of(&"x".repeat(10_000)).is_none());
    }
}
