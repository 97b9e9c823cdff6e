use proptest::prelude::*;

use super::*;

const NOTE: &str = "[not shown]";

fn fonts() -> Fonts {
    Fonts::read().unwrap()
}

fn texts(text: &str, most: f32) -> Vec<String> {
    let of = |line: &Line| line.runs.iter().map(|run| run.text.as_str()).collect();
    lines(&fonts(), text, most, NOTE).iter().map(of).collect()
}

#[test]
fn white_space_of_every_kind_stays_white_space() {
    assert_eq!(texts("21:05\tcalled\u{2028}one\r\ntwo\u{c}three\u{0}", 100.0), ["21:05 called", "one", "two", "three"]);
}

#[test]
fn a_line_is_read_from_where_its_first_letters_say() {
    let read = |text: &str| lines(&fonts(), text, 100.0, NOTE).remove(0);
    assert!(!read("words").is_right_to_left && read("הוא חיכה").is_right_to_left && read("انتظرني").is_right_to_left);
    // Numbers stand in their own order within a line from the right: the last word is drawn first.
    let line = read("בשעה 21:05 חיכה");
    let order: Vec<&str> = line.runs.iter().map(|run| run.text.trim()).collect();
    assert_eq!((order.first(), order.last()), (Some(&"חיכה"), Some(&"בשעה")));
    assert!(order.contains(&"21:05"));
}

#[test]
fn letters_are_joined_and_no_glyph_is_missing() {
    use krilla::text::Glyph;
    let fonts = fonts();
    let scripts = [
        "Ŵŷ Zażółć Ελληνικά Кириллица",
        "كان ينتظرني قرب البيت",
        "وہ میرے گھر کے پاس تھا پچھلے",
        "הוא חיכה לי ליד הבית",
        "वह मेरे घर के पास खड़ा था",
        "সে আমার বাড়ির কাছে দাঁড়িয়ে ছিল",
        "ਉਹ ਮੇਰੇ ਘਰ ਦੇ ਕੋਲ ਖੜ੍ਹਾ ਸੀ",
        "તે મારા ઘર પાસે ઊભો હતો",
        "அவர் என் வீட்டின் அருகே நின்றார்",
        "เขารอฉันอยู่ใกล้บ้าน",
        "እሱ በቤቴ አጠገብ ቆሞ ነበር",
    ];
    for text in scripts {
        for line in lines(&fonts, text, 100.0, NOTE) {
            let shown: String = line.runs.iter().map(|run| run.text.as_str()).collect();
            assert!(!shown.contains(NOTE), "{text}");
            assert!(line.runs.iter().flat_map(|run| &run.glyphs).all(|glyph| glyph.glyph_id().to_u32() != 0), "{text}");
        }
    }
    // Joined, the letters of an Arabic word have other forms than each alone.
    let forms = |text: &str| {
        fonts.shape(1, text, true).glyphs.iter().map(|glyph| glyph.glyph_id().to_u32()).collect::<Vec<_>>()
    };
    assert_ne!(forms("بيت"), [forms("ت"), forms("ي"), forms("ب")].concat());
}

#[test]
fn what_no_font_has_is_told_of_once_where_it_stands() {
    assert_eq!(texts("He said 你好 世界 and left", 100.0), ["He said [not shown] and left"]);
    assert_eq!(texts("한국어", 100.0), [NOTE]);
}

#[test]
fn a_long_word_is_broken_and_a_short_one_is_not() {
    assert_eq!(texts("one two three", 4.6), ["one two", "three"]);
    let broken = texts(&"a".repeat(100), 10.0);
    assert!(broken.len() > 3 && broken.concat() == "a".repeat(100));
}

proptest! {
    #[test]
    fn no_text_whatever_does_harm_and_no_line_is_too_wide(text in "\\PC{0,60}", most in 5.0_f32..40.0) {
        for line in lines(&fonts(), &text, most, NOTE) {
            // A mark stays with its letter, and a shape may differ a little where a line ends.
            prop_assert!(line.width() <= most + 4.0, "{}", line.width());
        }
    }
}
