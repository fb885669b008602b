//! The paths of the VC-API: one for each cryptosuite and kind of key, so that a program chooses both
//! by its address.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use badges_core::key::Algorithm;
use badges_core::proof::suite::Suite;

use crate::App;
use crate::error::Error;

/// What a path signs with.
#[derive(Debug)]
pub(crate) struct Instance {
    /// Its name in the path.
    pub(super) name: &'static str,
    pub(super) securing: Securing,
    pub(super) key: Algorithm,
    /// Whether the open issuer adds an entry of its status list.
    pub(super) status: bool,
}

/// How credentials are secured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Securing {
    /// By a proof inside.
    Proof(Suite),
    /// By a JWT around it, in an envelope.
    Jwt,
}

const fn proof(name: &'static str, suite: Suite, key: Algorithm) -> Instance {
    Instance {
        name,
        securing: Securing::Proof(suite),
        key,
        status: false,
    }
}

/// All of them.
pub(super) static INSTANCES: [Instance; 11] = [
    proof("eddsa-rdfc-2022", Suite::EddsaRdfc2022, Algorithm::EdDsa),
    proof("eddsa-jcs-2022", Suite::EddsaJcs2022, Algorithm::EdDsa),
    // What drafts called `eddsa-rdfc-2022`, for whoever reads nothing newer.
    proof("eddsa-2022", Suite::Eddsa2022, Algorithm::EdDsa),
    proof(
        "ed25519-2020",
        Suite::Ed25519Signature2020,
        Algorithm::EdDsa,
    ),
    proof(
        "ecdsa-rdfc-2019-p256",
        Suite::EcdsaRdfc2019,
        Algorithm::Es256,
    ),
    proof(
        "ecdsa-rdfc-2019-p384",
        Suite::EcdsaRdfc2019,
        Algorithm::Es384,
    ),
    proof("ecdsa-jcs-2019-p256", Suite::EcdsaJcs2019, Algorithm::Es256),
    proof("ecdsa-jcs-2019-p384", Suite::EcdsaJcs2019, Algorithm::Es384),
    proof("ecdsa-sd-2023", Suite::EcdsaSd2023, Algorithm::Es256),
    Instance {
        status: true,
        ..proof(
            "bitstring-status-list",
            Suite::EddsaRdfc2022,
            Algorithm::EdDsa,
        )
    },
    Instance {
        name: "jwt",
        securing: Securing::Jwt,
        key: Algorithm::EdDsa,
        status: false,
    },
];

/// The one that a path names; an extractor.
impl FromRequestParts<App> for &'static Instance {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let name = Path::<String>::from_request_parts(parts, app).await;
        let Path(name) = name.map_err(|_| Error::NotFound)?;
        let mut instances = INSTANCES.iter();
        instances
            .find(|instance| instance.name == name)
            .ok_or(Error::NotFound)
    }
}
