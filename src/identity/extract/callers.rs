//! What the contract and use cases know of callers that are no single role of staff.

use super::{ConfirmedSurvivor, Phone, PoliceSystem, Staff, Survivor};
use crate::http::Who;
use crate::identity::Role;
use crate::tx::{Actor, Behind};

impl Who for Staff {
    type Caller = Self;

    fn roles() -> Vec<&'static str> {
        Role::ALL.iter().map(|role| role.as_str()).collect()
    }

    fn actor(&self) -> Actor {
        self.actor()
    }

    fn caller(&self) -> &Self {
        self
    }
}

macro_rules! survivors {
    ($($name:ident)*) => {$(
        impl Who for $name {
            type Caller = Survivor;
            const NEEDS_KEY: bool = true;
            const SECURITY: &'static [&'static str] = &["survivor"];

            fn roles() -> Vec<&'static str> {
                vec!["survivor"]
            }

            fn actor(&self) -> Actor {
                Survivor::actor(self)
            }

            fn caller(&self) -> &Survivor {
                self
            }

            fn behind(&self) -> Option<Behind<Survivor>> {
                Survivor::behind(self)
            }
        }
    )*};
}
survivors!(Survivor ConfirmedSurvivor);

impl Who for Phone {
    type Caller = Self;
    const SECURITY: &'static [&'static str] = &["survivor", "sos"];

    fn roles() -> Vec<&'static str> {
        vec!["survivor", "sos"]
    }

    fn actor(&self) -> Actor {
        self.actor()
    }

    fn caller(&self) -> &Self {
        self
    }

    fn behind(&self) -> Option<Behind<Self>> {
        self.behind()
    }
}

impl Who for PoliceSystem {
    type Caller = Self;
    const SECURITY: &'static [&'static str] = &["police"];

    fn roles() -> Vec<&'static str> {
        vec!["police_client"]
    }

    fn actor(&self) -> Actor {
        self.actor()
    }

    fn caller(&self) -> &Self {
        self
    }
}
