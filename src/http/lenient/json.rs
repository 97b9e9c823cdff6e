//! JSON as it arrives from a phone in trouble: cut off, with half a character, with a number that no computer holds. What
//! can be read is read, and what cannot is named.

use std::collections::BTreeSet;

use serde_json::{Map, Number, Value};

use crate::http::numbers;

/// How deep values may lie within each other; what lies deeper is not read, nor what follows.
const DEPTH: usize = 100;
/// The mark that some programs put before text.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What could be read of a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LenientJson {
    /// The fields of the object.
    pub fields: Map<String, Value>,
    /// What was said before under a name that is there twice; the last counts.
    pub earlier: Vec<(String, Value)>,
    /// Pointers of values that could be read in part or not at all.
    pub flaws: BTreeSet<String>,
    /// Whether it was an object from beginning to end.
    pub is_whole: bool,
}

impl LenientJson {
    /// Reads what can be read of bytes.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
        let mut reader = Reader { bytes, at: 0, path: Vec::new(), json: Self { is_whole: true, ..Self::default() } };
        reader.skip_space();
        let is_object = reader.peek() == Some(b'{');
        let fields = if is_object { reader.object() } else { Map::new() };
        reader.skip_space();
        let is_whole = is_object && reader.json.is_whole && reader.peek().is_none();
        Self { fields, is_whole, ..reader.json }
    }

    /// One object of a text that was read, such as an item of a list, which is at `pointer`.
    #[must_use]
    pub fn within(&self, pointer: &str, value: &Value) -> Self {
        let fields = value.as_object().cloned();
        let below = |flaw: &String| Some(flaw.strip_prefix(pointer)?.to_owned());
        let flaws: BTreeSet<String> = self.flaws.iter().filter_map(below).filter(|flaw| !flaw.is_empty()).collect();
        let is_whole = self.is_whole && fields.is_some() && !self.flaws.contains(pointer);
        Self { fields: fields.unwrap_or_default(), earlier: Vec::new(), flaws, is_whole }
    }

    /// Everything that was said under a name, the last first.
    pub fn said<'j>(&'j self, name: &'j str) -> impl Iterator<Item = &'j Value> {
        let earlier = self.earlier.iter().rev().filter(move |(earlier, _)| earlier == name).map(|(_, value)| value);
        self.fields.get(name).into_iter().chain(earlier)
    }
}

struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
    path: Vec<String>,
    json: LenientJson,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn skip_while(&mut self, is_skipped: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&is_skipped) {
            self.at += 1;
        }
    }

    fn skip_space(&mut self) {
        self.skip_while(|byte| byte.is_ascii_whitespace());
    }

    /// The value here could be read in part or not at all.
    fn flaw(&mut self) {
        let pointer: String = self.path.iter().map(|part| format!("/{part}")).collect();
        self.json.flaws.insert(pointer);
    }

    fn object(&mut self) -> Map<String, Value> {
        let mut fields = Map::new();
        self.at += 1;
        loop {
            self.skip_while(|byte| byte.is_ascii_whitespace() || byte == b',');
            match self.peek() {
                Some(b'}') => {
                    self.at += 1;
                    return fields;
                }
                Some(b'"') => {}
                Some(_) => {
                    // No name: whatever this is, names may follow.
                    self.json.is_whole = false;
                    self.at += 1;
                    self.skip_while(|byte| !matches!(byte, b'"' | b'}' | b','));
                    continue;
                }
                None => {
                    self.json.is_whole = false;
                    return fields;
                }
            }
            let (name, _) = self.text();
            self.skip_space();
            if self.peek() != Some(b':') {
                self.json.is_whole = false;
                continue;
            }
            self.at += 1;
            self.path.push(name.replace('~', "~0").replace('/', "~1"));
            let value = self.value();
            if let Some(earlier) = fields.insert(name.clone(), value) {
                self.flaw();
                if self.path.len() == 1 {
                    self.json.earlier.push((name, earlier));
                }
            }
            self.path.pop();
        }
    }

    fn list(&mut self) -> Vec<Value> {
        let mut items = Vec::new();
        self.at += 1;
        loop {
            self.skip_while(|byte| byte.is_ascii_whitespace() || byte == b',');
            match self.peek() {
                Some(b']') => {
                    self.at += 1;
                    return items;
                }
                // Somebody forgot to end the list.
                Some(b'}' | b':') | None => {
                    self.json.is_whole = false;
                    return items;
                }
                Some(_) => {
                    self.path.push(items.len().to_string());
                    let item = self.value();
                    items.push(item);
                    self.path.pop();
                }
            }
        }
    }

    fn value(&mut self) -> Value {
        self.skip_space();
        if self.path.len() > DEPTH {
            self.json.is_whole = false;
            self.at = self.bytes.len();
            return Value::Null;
        }
        match self.peek() {
            Some(b'{') => Value::Object(self.object()),
            Some(b'[') => Value::Array(self.list()),
            Some(b'"') => {
                let (text, is_whole) = self.text();
                if !is_whole {
                    self.flaw();
                }
                Value::String(text)
            }
            Some(_) => self.word(),
            None => {
                self.json.is_whole = false;
                Value::Null
            }
        }
    }

    /// A number, `true`, `false`, `null`, or what is none of these.
    fn word(&mut self) -> Value {
        let start = self.at;
        self.skip_while(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b',' | b'}' | b']' | b'"'));
        if self.at == start {
            self.flaw();
            return Value::Null;
        }
        let word = self.bytes.get(start..self.at).unwrap_or_default();
        if self.peek().is_none() {
            // It may have gone on: of 53.38 there may be 5.
            self.json.is_whole = false;
            return Value::Null;
        }
        match word {
            b"true" => Value::Bool(true),
            b"false" => Value::Bool(false),
            b"null" => Value::Null,
            word => number(word).unwrap_or_else(|| {
                self.flaw();
                Value::Null
            }),
        }
    }

    /// A text, and whether all of it could be read.
    fn text(&mut self) -> (String, bool) {
        let (mut bytes, mut is_whole) = (Vec::new(), true);
        self.at += 1;
        loop {
            match self.next() {
                Some(b'"') => break,
                Some(b'\\') => is_whole &= self.escaped(&mut bytes),
                Some(0) => is_whole = false,
                Some(byte) => bytes.push(byte),
                None => {
                    self.json.is_whole = false;
                    break;
                }
            }
        }
        match String::from_utf8(bytes) {
            Ok(text) => (text, is_whole),
            Err(error) => (String::from_utf8_lossy(error.as_bytes()).replace(char::REPLACEMENT_CHARACTER, ""), false),
        }
    }

    /// Adds what is behind a backslash; false where that is nothing that can be read.
    fn escaped(&mut self, bytes: &mut Vec<u8>) -> bool {
        let Some(byte) = self.next() else { return false };
        let character = match byte {
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'u' => match self.unicode() {
                Some('\0') | None => return false,
                Some(character) => character,
            },
            b'"' | b'\\' | b'/' => char::from(byte),
            other => {
                bytes.push(other);
                return false;
            }
        };
        bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        true
    }

    /// The character of `\uXXXX`, or of two of them; none for half a character.
    fn unicode(&mut self) -> Option<char> {
        let unit = self.unit()?;
        if !(0xD800..0xDC00).contains(&unit) {
            return char::from_u32(unit);
        }
        let before = self.at;
        if self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(b"\\u")) {
            self.at += 2;
            if let Some(low @ 0xDC00..0xE000) = self.unit() {
                return char::from_u32(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
            }
            self.at = before;
        }
        None
    }

    fn unit(&mut self) -> Option<u32> {
        let digits = self.bytes.get(self.at..self.at + 4)?;
        if !digits.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    }
}

/// A number, however it is written; none where no computer holds it.
fn number(word: &[u8]) -> Option<Value> {
    if !word.iter().copied().all(numbers::is_of_number) {
        return None;
    }
    let whole = numbers::whole_as_integers(word);
    let text = std::str::from_utf8(&whole).ok()?;
    let integer = text.parse::<i64>().map(Number::from).or_else(|_| text.parse::<u64>().map(Number::from));
    let number = integer.ok().or_else(|| Number::from_f64(text.parse().ok()?));
    number.map(Value::Number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn flaws(json: &LenientJson) -> Vec<&str> {
        json.flaws.iter().map(String::as_str).collect()
    }

    #[test]
    fn what_can_be_read_is_read_and_what_cannot_is_named() {
        let cases: [(&[u8], Value, &[&str]); 9] = [
            (b"{\"note\":\"at the door \\ud83d\"}", json!({"note": "at the door "}), &["/note"]),
            (b"{\"note\":\"\\ude00 \\ud83d\\ude00\"}", json!({"note": " \u{1f600}"}), &["/note"]),
            (b"{\"a\":{\"lat\":1e999,\"lon\":1}}", json!({"a": {"lat": null, "lon": 1}}), &["/a/lat"]),
            (b"{\"a\":NaN,\"b\":-Infinity,\"c\":2}", json!({"a": null, "b": null, "c": 2}), &["/a", "/b"]),
            (b"{\"a\":\"x\xff\xfey\",\"b\":4.0}", json!({"a": "xy", "b": 4}), &["/a"]),
            (b"{\"a\":\"x\0y\\u0000z\"}", json!({"a": "xyz"}), &["/a"]),
            (b"{\"a\":1,\"a\":2}", json!({"a": 2}), &["/a"]),
            (b"\xef\xbb\xbf {\"a\":\"line\nbreak\",}", json!({"a": "line\nbreak"}), &[]),
            (b"{\"a\":[1,tru,3],\"b/c\":01}", json!({"a": [1, null, 3], "b/c": 1}), &["/a/1"]),
        ];
        for (sent, fields, named) in cases {
            let json = LenientJson::read(sent);
            assert_eq!(Value::Object(json.fields.clone()), fields, "{}", String::from_utf8_lossy(sent));
            assert_eq!((flaws(&json).as_slice(), json.is_whole), (named, true), "{}", String::from_utf8_lossy(sent));
        }
    }

    #[test]
    fn what_is_cut_off_is_read_as_far_as_it_goes() {
        let whole =
            "{\"status\":\"help_now\",\"location\":{\"lat\":53.38,\"lon\":-1.47},\"note\":\"Somebody is here\"}";
        for end in 0..whole.len() {
            let json = LenientJson::read(&whole.as_bytes()[..end]);
            assert!(!json.is_whole, "{end}");
            assert_eq!(json.fields.get("status").is_some_and(|status| status == "help_now"), end >= 19, "{end}");
            let latitude = json.fields.get("location").and_then(|place| place.get("lat")).and_then(Value::as_f64);
            assert!(latitude.is_none_or(|latitude| latitude == 53.38), "{end}: {latitude:?}");
        }
    }

    #[test]
    fn what_is_no_object_has_no_fields() {
        for sent in ["", " ", "x", "[]", "1", "null", "\"a\"", "\u{1f}\u{8b}", "--boundary", "status=help_now", "[{}]"]
        {
            let json = LenientJson::read(sent.as_bytes());
            assert_eq!((json.fields.len(), json.is_whole), (0, false), "{sent}");
        }
        assert!(!LenientJson::read(b"{}x").is_whole);
        assert!(LenientJson::read(b"{}").is_whole);
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            (-1e9..1e9_f64).prop_map(Value::from),
            "[^\0]{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map("[^\0]{0,6}", inner, 0..6)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn good_json_reads_as_it_is(fields in prop::collection::btree_map("[^\0]{0,6}", value(), 0..6)) {
            let sent: Map<String, Value> = fields.into_iter().collect();
            let json = LenientJson::read(Value::Object(sent.clone()).to_string().as_bytes());
            prop_assert!(json.is_whole && json.flaws.is_empty());
            // A whole number reads as an integer, however it was written.
            let plain = |value: &Map<String, Value>| {
                let text = serde_json::to_vec(value).unwrap();
                serde_json::from_slice::<Value>(&numbers::whole_as_integers(&text)).unwrap()
            };
            prop_assert_eq!(plain(&json.fields), plain(&sent));
        }

        #[test]
        fn any_bytes_are_read_to_an_end(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
            drop(LenientJson::read(&bytes));
        }

        #[test]
        fn any_text_like_json_is_read_to_an_end(text in "[\\[\\]{}\",:\\\\u0-9a-fd.eE+ tn-]{0,200}") {
            drop(LenientJson::read(text.as_bytes()));
        }
    }
}
