//! What every request needs: settings, the database, the clock, keys.

use std::ops::Deref;
use std::sync::Arc;

use time::OffsetDateTime;
use tokio::sync::Notify;
use zeroize::Zeroizing;

use crate::ambient::{Clock, random};
use crate::config::Settings;
use crate::db::{Db, DbError};
use crate::rate::Rates;
use crate::routes::OpenIssuers;
use crate::seal::{IfMissing, Seal, SealError};
use crate::verifying::{Verifier, Web};
use crate::wikimedia::{OAuthClient, Wikimedia};

/// The service, ready to answer. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts of the service.
pub struct Parts {
    pub(crate) settings: Settings,
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) seal: Seal,
    pub(crate) wikimedia: Wikimedia,
    pub(crate) verifier: Verifier,
    pub(crate) rates: Rates,
    /// Issuers for conformance suites, where anybody may have them sign.
    pub(crate) open_issuers: Option<OpenIssuers>,
    /// What claim links are made of.
    pub(crate) claim_key: Zeroizing<[u8; 32]>,
    /// Wakes the worker of this process; those of others look every second.
    pub(crate) wake: Notify,
}

/// Why the service cannot start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The database cannot be opened, or brought up to date.
    #[error(transparent)]
    Open(#[from] DbError),
    /// The database does not answer.
    #[error("the database does not answer: {0}")]
    Db(#[from] sqlx::Error),
    /// The sealing key is missing, or not the one with which the data was sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
}

impl App {
    /// Opens the database, brings it up to date, and makes what is needed at the first start.
    ///
    /// # Errors
    /// What stands in the way.
    pub async fn open(settings: Settings, clock: Clock) -> Result<Self, OpenError> {
        let web = Web::network(&settings.data);
        Self::open_in(settings, clock, web).await
    }

    /// The same, in a web of the caller's.
    pub(crate) async fn open_in(
        settings: Settings,
        clock: Clock,
        web: Web,
    ) -> Result<Self, OpenError> {
        let db = Db::open(&settings).await?;
        // A new key would not open what is sealed already.
        let if_missing = match db.secret(CLAIM_KEY).await? {
            Some(_) => IfMissing::Refuse,
            None => IfMissing::Make,
        };
        let (seal, notices) = Seal::open(&settings.seal, if_missing)?;
        for notice in notices {
            tracing::warn!("{notice}");
        }
        let claim_key = claim_key(&db, &seal).await?;
        let contact = settings
            .contact
            .as_deref()
            .unwrap_or(settings.public_url.as_str());
        let client = settings.wikimedia.client.clone();
        let wikimedia = Wikimedia::new(
            settings.wikimedia.address.clone(),
            contact,
            client.map(|(id, secret)| OAuthClient::new(id, secret)),
        );
        let open_issuers = settings.vc_api_open.then(|| OpenIssuers::new(clock.now()));
        Ok(Self(Arc::new(Parts {
            open_issuers,
            settings,
            db,
            clock,
            seal,
            wikimedia,
            verifier: Verifier::new(web),
            rates: Rates::default(),
            claim_key,
            wake: Notify::new(),
        })))
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Parts {
    /// The time.
    pub(crate) fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    /// The time in seconds since 1970.
    pub(crate) fn seconds(&self) -> i64 {
        self.now().unix_timestamp()
    }
}

/// The name under which the key of claim links is kept.
const CLAIM_KEY: &str = "claim";

/// The key of claim links: made once, kept sealed. Of two processes that make one at the same time,
/// both use what the first has kept.
async fn claim_key(db: &Db, seal: &Seal) -> Result<Zeroizing<[u8; 32]>, OpenError> {
    if db.secret(CLAIM_KEY).await?.is_none() {
        db.insert_secret(CLAIM_KEY, &seal.seal(&random::<32>())?)
            .await?;
    }
    let sealed = db
        .secret(CLAIM_KEY)
        .await?
        .ok_or(sqlx::Error::RowNotFound)?;
    let opened = seal.unseal(&sealed)?;
    let key = <[u8; 32]>::try_from(opened.as_slice()).map_err(|_| SealError::Damaged)?;
    Ok(Zeroizing::new(key))
}
