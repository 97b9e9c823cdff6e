//! What was reported of each incident as plain text in UTF-8, whatever script it is written in.

use super::gather::Material;

/// A file of the archive: its path and what it says.
pub type Account<'a> = (String, &'a str);

/// Where the account of an incident is, by its number in the chronology: as it is now, or in an earlier version.
#[must_use]
pub fn path_of(number: usize, version: Option<i32>) -> String {
    match version {
        None => format!("accounts/{number}.txt"),
        Some(version) => format!("accounts/{number}-version-{version}.txt"),
    }
}

/// Every account, in the order of the chronology.
#[must_use]
pub fn list(material: &Material) -> Vec<Account<'_>> {
    let mut accounts = Vec::new();
    for (number, told) in (1..).zip(&material.incidents) {
        accounts.push((path_of(number, None), told.incident.account.as_str()));
        for version in told.versions.iter().rev().skip(1).rev() {
            accounts.push((path_of(number, Some(version.version)), version.account.as_str()));
        }
    }
    accounts
}
