//! A QR code, drawn in the page itself: nobody else is asked for a picture of a secret.

use maud::{Markup, html};
use qrcodegen::{QrCode, QrCodeEcc};

/// Light modules around a code, without which cameras do not find it.
const QUIET: i32 = 4;

/// A text as a picture, with what it is of in words; none of a text that is too long for one.
pub fn picture(text: &str, label: &str) -> Option<Markup> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let side = code.size() + 2 * QUIET;
    Some(html! {
        svg.qr role="img" aria-label=(label) viewBox={ "0 0 " (side) " " (side) } {
            path d=(dark_modules(&code)) {}
        }
    })
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
        let picture = picture("otpauth://totp/x", "A code").unwrap().into_string();
        assert!(
            picture.starts_with("<svg class=\"qr\" role=\"img\" aria-label=\"A code\" viewBox=\"0 0 "),
            "{picture}"
        );
        // The first corner is dark, and nothing is nearer to the edge.
        assert!(picture.contains("<path d=\"M4,4h1v1h-1z") && !picture.contains("M3,"), "{picture}");
        assert!(super::picture(&"x".repeat(10_000), "A code").is_none());
    }
}
