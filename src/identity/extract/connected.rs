//! Case staff who follow what happens, and are asked for their credentials again and again.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::{CaseStaff, Extracting, Staff, bearer, staff};
use crate::app::App;
use crate::error::{Error, Result};

/// Case staff who stay connected, and are asked for their credentials again and again: a session that ends, an access
/// token that runs out, an account or a role that is taken away end what they follow.
#[derive(Clone, Debug)]
pub struct ConnectedStaff {
    staff: CaseStaff,
    token: String,
}

impl ConnectedStaff {
    /// The same caller as they are now.
    ///
    /// # Errors
    /// 401 and 403 as for a new call.
    pub async fn again(&self, app: &App) -> Result<CaseStaff> {
        CaseStaff::of(staff(app, &self.token).await?)
    }
}

impl std::ops::Deref for ConnectedStaff {
    type Target = Staff;

    fn deref(&self) -> &Staff {
        &self.staff
    }
}

impl FromRequest for ConnectedStaff {
    type Error = Error;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (found, token) = (CaseStaff::from_request(request, payload), bearer(request));
        Box::pin(async move { Ok(Self { staff: found.await?, token: token? }) })
    }
}
