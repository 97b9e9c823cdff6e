//! Rows with sealed columns: a type of row names its table once, a column is called as the field is, and the rest of what
//! a value is bound to is read off the row.

use std::borrow::Borrow;
use std::marker::PhantomData;

use uuid::Uuid;

use super::{ExposeSecret, Keys, Private, SealContext, Sealed};
use crate::db::SubjectId;
use crate::error::Result;

/// A type of row with sealed columns.
pub trait SealedTable: Sized {
    /// The table that its values are bound to.
    const TABLE: &'static str;

    /// What seals the values of one row, which may still be to be made, at version 1.
    fn sealing(keys: &Keys, subject: impl Into<SubjectId>, row: impl Into<Uuid>) -> Sealing<'_, Self> {
        Sealing { keys, place: SealContext::new(subject, Self::TABLE, "", row), of: PhantomData }
    }
}

/// A row that holds all that its values are bound to.
pub trait SealedRow: SealedTable {
    /// What seals and opens its values.
    fn own_sealing<'k>(&self, keys: &'k Keys) -> Sealing<'k, Self>;
}

/// Seals and opens the values of one row; see `seal!`, `open!` and `unseal!`, which name the column.
pub struct Sealing<'k, R> {
    keys: &'k Keys,
    /// Without the column.
    place: SealContext,
    of: PhantomData<fn(&R)>,
}

impl<R> Sealing<'_, R> {
    /// The same at a version of the row.
    #[must_use]
    pub fn at_version(self, version: i32) -> Self {
        Self { place: self.place.at_version(version), ..self }
    }

    /// What a value of a column is bound to.
    #[must_use]
    pub fn place(&self, column: &'static str) -> SealContext {
        SealContext { column, ..self.place }
    }

    /// Seals a value of a column, which is a field of the row.
    pub fn seal<C, T: PrivateText>(&self, column: &'static str, _: fn(&R) -> &C, text: &T) -> Result<T::Sealed> {
        text.seal(self.keys, self.place(column))
    }

    /// Opens it.
    pub fn open<C, V: SealedValue>(&self, column: &'static str, _: fn(&R) -> &C, sealed: &V) -> Result<V::Opened> {
        sealed.open(self.keys, self.place(column))
    }
}

/// A private text, or none.
pub trait PrivateText {
    /// The text as it is kept.
    type Sealed;
    /// The text as it is answered.
    type Shown;

    /// Seals it for the place that it will stand in.
    fn seal(&self, keys: &Keys, place: SealContext) -> Result<Self::Sealed>;

    /// The text for somebody who may read it.
    fn shown(&self) -> Self::Shown;
}

impl PrivateText for Private {
    type Sealed = Sealed;
    type Shown = String;

    fn seal(&self, keys: &Keys, place: SealContext) -> Result<Sealed> {
        keys.seal(place, self)
    }

    fn shown(&self) -> String {
        self.expose_secret().to_owned()
    }
}

impl<T: Borrow<Private>> PrivateText for Option<T> {
    type Sealed = Option<Sealed>;
    type Shown = Option<String>;

    fn seal(&self, keys: &Keys, place: SealContext) -> Result<Option<Sealed>> {
        self.as_ref().map(|text| keys.seal(place, text.borrow())).transpose()
    }

    fn shown(&self) -> Option<String> {
        self.as_ref().map(|text| text.borrow().shown())
    }
}

/// A sealed value, or none.
pub trait SealedValue {
    /// The text in it.
    type Opened;

    /// Opens what was sealed for exactly this place.
    fn open(&self, keys: &Keys, place: SealContext) -> Result<Self::Opened>;
}

impl SealedValue for Sealed {
    type Opened = Private;

    fn open(&self, keys: &Keys, place: SealContext) -> Result<Private> {
        keys.open_sealed(place, self)
    }
}

impl SealedValue for Option<Sealed> {
    type Opened = Option<Private>;

    fn open(&self, keys: &Keys, place: SealContext) -> Result<Option<Private>> {
        self.as_ref().map(|sealed| keys.open_sealed(place, sealed)).transpose()
    }
}

/// Names the table of a type of row, and the fields that hold subject, id and version where the row has them all; without
/// a field of the version its values are bound to version 1.
macro_rules! sealed_row {
    ($row:ident, $table:literal) => {
        impl $crate::crypto::SealedTable for $row {
            const TABLE: &'static str = $table;
        }
    };
    ($row:ident, $table:literal, $subject:ident, $id:ident $(, $version:ident)?) => {
        $crate::crypto::sealed_row!($row, $table);

        impl $crate::crypto::SealedRow for $row {
            fn own_sealing<'k>(&self, keys: &'k $crate::crypto::Keys) -> $crate::crypto::Sealing<'k, Self> {
                use $crate::crypto::SealedTable as _;
                Self::sealing(keys, self.$subject, self.$id)$(.at_version(self.$version))?
            }
        }
    };
}
pub(crate) use sealed_row;

/// Seals a private text, or none, for a field of a row: `seal!(sealing.note, &text)?`.
macro_rules! seal {
    ($sealing:ident.$column:ident, $text:expr) => {
        $sealing.seal(stringify!($column), |row| &row.$column, $text)
    };
}
pub(crate) use seal;

/// Opens a value that came without its row: `unseal!(sealing.note, &sealed)?`.
macro_rules! unseal {
    ($sealing:ident.$column:ident, $sealed:expr) => {
        $sealing.open(stringify!($column), |row| &row.$column, $sealed)
    };
}
pub(crate) use unseal;

/// Opens a field of a row: `open!(keys, row.note)?`.
macro_rules! open {
    ($keys:expr, $row:ident.$column:ident) => {{
        use $crate::crypto::SealedRow as _;
        $row.own_sealing($keys).open(stringify!($column), |row| &row.$column, &$row.$column)
    }};
}
pub(crate) use open;

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::crypto::KeyRing;

    struct Page {
        owner: SubjectId,
        id: Uuid,
        edition: i32,
        note: Sealed,
        title: Option<Sealed>,
    }
    sealed_row!(Page, "pages", owner, id, edition);

    #[test]
    fn a_value_is_bound_to_table_field_row_version_and_subject() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::new(Arc::new(KeyRing::open(folder.path()).unwrap().0));
        let (owner, id) = (SubjectId::SYSTEM, Uuid::from_u128(2));
        let new = Page::sealing(&keys, owner, id).at_version(3);
        let (note, title) = (Private::from("waited outside"), None::<&Private>);
        let (note, title) = (seal!(new.note, &note).unwrap(), seal!(new.title, &title).unwrap());
        let page = Page { owner, id, edition: 3, note, title };
        assert_eq!(open!(&keys, page.note).unwrap().shown(), "waited outside");
        assert_eq!(open!(&keys, page.title).unwrap().shown(), None);
        let place = SealContext { subject: owner, table: "pages", column: "note", row: id, version: 3 };
        assert_eq!(keys.open_sealed(place, &page.note).unwrap().shown(), "waited outside");
        assert!(unseal!(new.title, &page.note).is_err());
        let later = Page { edition: 4, ..page };
        assert!(open!(&keys, later.note).is_err());
    }
}
