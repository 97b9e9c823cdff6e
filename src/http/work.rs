//! Use cases as handlers name them: functions of the transaction and of what they need of caller, path and body.

use super::etag::IfMatch;
use super::page::{Cursor, ListRequest, PageQuery};
use crate::error::Result;
use crate::tx::Tx;

/// A use case. `Shape` says which arguments it takes; the compiler finds it by the function's type.
pub trait Work<Shape, W, P, B, T>: Send + Sync + 'static {
    /// Runs it in an open transaction.
    fn run(&self, tx: &mut Tx<'_>, who: &W, path: &P, body: &B) -> Result<T>;
}

macro_rules! shapes {
    ($who:ident $path:ident $body:ident; $($(#[$doc:meta])* $shape:ident($($given:ty: $value:expr),*);)*) => {$(
        $(#[$doc])*
        pub struct $shape;

        impl<F, W, P: Clone, B, T> Work<$shape, W, P, B, T> for F
        where
            F: Fn(&mut Tx<'_>, $($given),*) -> Result<T> + Send + Sync + 'static,
        {
            fn run(&self, tx: &mut Tx<'_>, $who: &W, $path: &P, $body: &B) -> Result<T> {
                let _all = ($who, $path, $body);
                self(tx, $($value),*)
            }
        }
    )*};
}

shapes! { who path body;
    /// All there is.
    Whole(&W: who, P: path.clone(), &B: body);
    /// Without a body.
    WithoutBody(&W: who, P: path.clone());
    /// Without ids in the path.
    WithoutPath(&W: who, &B: body);
    /// By the caller alone.
    ByCaller(&W: who);
    /// For anyone who may call: their role is all there is to ask.
    ByAnyone(P: path.clone(), &B: body);
    /// The same without a body.
    OfPath(P: path.clone());
    /// The same without ids in the path.
    OfBody(&B: body);
    /// The same of neither.
    Plain();
}

macro_rules! replacements {
    ($who:ident $path:ident; $($(#[$doc:meta])* $shape:ident($($given:ty: $value:expr),*);)*) => {$(
        $(#[$doc])*
        pub struct $shape;

        impl<F, W, P: Clone, B, T> Work<$shape, W, P, (IfMatch, B), T> for F
        where
            F: Fn(&mut Tx<'_>, $($given,)* &IfMatch, &B) -> Result<T> + Send + Sync + 'static,
        {
            fn run(&self, tx: &mut Tx<'_>, $who: &W, $path: &P, (seen, body): &(IfMatch, B)) -> Result<T> {
                let _all = ($who, $path);
                self(tx, $($value,)* seen, body)
            }
        }
    )*};
}

replacements! { who path;
    /// One that replaces what the caller has read.
    Replacing(&W: who, P: path.clone());
    /// The same of what is the caller's own.
    ReplacingOwn(&W: who);
    /// The same for anyone who may call.
    ReplacingAny(P: path.clone());
}

macro_rules! listings {
    ($who:ident $path:ident; $($(#[$doc:meta])* $shape:ident($($given:ty: $value:expr),*);)*) => {$(
        $(#[$doc])*
        pub struct $shape;

        impl<F, W, P: Clone, T> Work<$shape, W, P, ListRequest<PageQuery>, T> for F
        where
            F: Fn(&mut Tx<'_>, $($given,)* Option<Cursor>, i64) -> Result<T> + Send + Sync + 'static,
        {
            fn run(&self, tx: &mut Tx<'_>, $who: &W, $path: &P, asked: &ListRequest<PageQuery>) -> Result<T> {
                let _all = ($who, $path);
                self(tx, $($value,)* asked.after, asked.limit)
            }
        }
    )*};
}

listings! { who path;
    /// A list of what the path names.
    ListOf(&W: who, P: path.clone());
    /// A list of what the caller may see.
    ListFor(&W: who);
    /// A list of what the path names, for anyone who may call.
    ListOfAny(P: path.clone());
    /// A list, for anyone who may call.
    ListAll();
}
