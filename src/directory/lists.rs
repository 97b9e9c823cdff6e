//! Reading the embedded lists.

use serde::de::DeserializeOwned;

/// The rows of an embedded CSV file with a heading.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, csv::Error> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().collect()
}

/// The same, where a broken file (which a unit test finds) is an empty list.
pub fn read_or_empty<T: DeserializeOwned>(name: &str, text: &str) -> Vec<T> {
    read(text).unwrap_or_else(|error| {
        tracing::error!(name, %error, "an embedded list is broken");
        Vec::new()
    })
}

/// `yes` and `no`.
pub fn yes_or_no<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    match <String as serde::Deserialize>::deserialize(deserializer)?.as_str() {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(serde::de::Error::custom("neither yes nor no")),
    }
}

/// Words with spaces between.
pub fn words<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let text = <String as serde::Deserialize>::deserialize(deserializer)?;
    Ok(text.split_whitespace().map(str::to_owned).collect())
}
