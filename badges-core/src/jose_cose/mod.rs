//! *[Securing Verifiable Credentials using JOSE and COSE]* as its two verbs, for credentials and
//! presentations of any kind under a key that is given: what W3C's test suite for it asks. Whose
//! key it is and whether it is time are other questions; badges are judged by
//! [`verify`](mod@crate::verify).
//!
//! [Securing Verifiable Credentials using JOSE and COSE]: https://www.w3.org/TR/vc-jose-cose/

mod document;

use crate::credential::sign_jose;
use crate::json::{self, Value};
use crate::key::{Algorithm, KeyFileFault, PublicKey, SignatureCheck, SigningKey};
use crate::proof::cose::{self, CoseFault, Sign1};
use crate::proof::enveloped::{EnvelopeFault, Kind, Syntax};
use crate::proof::is_media_type;
use crate::proof::jwt::{Jws, JwsFault};
use crate::proof::sd_jwt::{self, PathFault, SdJwt, SdJwtFault};

/// What is secured, and how: `credential_jose`, `presentation_sdjwt`, …
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Feature {
    /// A credential or a presentation.
    pub kind: Kind,
    /// The syntax.
    pub syntax: Syntax,
}

impl Feature {
    /// The feature that the suite calls so.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let (kind, syntax) = name.split_once('_')?;
        Some(Self {
            kind: match kind {
                "credential" => Kind::Credential,
                "presentation" => Kind::Presentation,
                _ => return None,
            },
            syntax: match syntax {
                "jose" => Syntax::Jwt,
                "sdjwt" => Syntax::SdJwt,
                "cose" => Syntax::Cose,
                _ => return None,
            },
        })
    }

    /// The header's `typ`, without `application/`.
    fn media_type(self) -> String {
        let suffix = match self.syntax {
            Syntax::Jwt => "jwt",
            Syntax::SdJwt => "sd-jwt",
            Syntax::Cose => "cose",
        };
        format!("{}+{suffix}", self.kind.short())
    }
}

/// Why nothing was secured, or what is secured does not count.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum JoseCoseError {
    /// The feature is none of the six.
    #[error("there is no such feature")]
    Feature,
    /// The key is not strict JSON, or of a kind that is not supported.
    #[error("the key cannot be used: {0}")]
    Key(String),
    /// The document is not strict JSON.
    #[error(transparent)]
    Syntax(#[from] json::SyntaxError),
    /// A member is missing, or not what the data model says.
    #[error("`{member}` is missing, or not what Verifiable Credentials 2.0 says")]
    Member {
        /// Which.
        member: String,
    },
    /// A member that the data model does not have.
    #[error("`{member}` is unknown to Verifiable Credentials 2.0")]
    Unknown {
        /// Which.
        member: String,
    },
    /// A path leads nowhere.
    #[error(transparent)]
    Path(#[from] PathFault),
    /// An enveloped credential cannot be opened.
    #[error("`verifiableCredential`: {0}")]
    Envelope(EnvelopeFault),
    /// It is no compact JWS.
    #[error(transparent)]
    Jws(#[from] JwsFault),
    /// It is no SD-JWT, or its disclosures do not fit.
    #[error(transparent)]
    SdJwt(#[from] SdJwtFault),
    /// It is no COSE_Sign1 in base64.
    #[error(transparent)]
    Cose(#[from] CoseFault),
    /// The header's media types are other ones, or it demands extensions.
    #[error("the header's `{member}` is not that of {expected}")]
    Header {
        /// Which.
        member: &'static str,
        /// What it should be for.
        expected: String,
    },
    /// The header's algorithm is not the key's.
    #[error("the algorithm is not the key's")]
    Algorithm,
    /// The signature does not hold.
    #[error("the signature does not fit")]
    Signature,
    /// The key cannot sign in this way.
    #[error("the key cannot make this kind of signature")]
    Unsignable,
    /// A registered claim says something else than the document, or `vc` or `vp` is there (3.1.3).
    #[error("the claim `{claim}` contradicts the document, or has no place in it")]
    Claim {
        /// Which.
        claim: &'static str,
    },
}

/// The suite's answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// What was secured, or the document that was.
    Success(String),
    /// It does not conform, or does not hold.
    Failure(JoseCoseError),
    /// It was not understood what is asked, or with which key.
    Indeterminate(JoseCoseError),
}

impl Answer {
    /// The word for it: `success`, `failure` or `indeterminate`.
    #[must_use]
    pub const fn result(&self) -> &'static str {
        match self {
            Self::Success(_) => "success",
            Self::Failure(_) => "failure",
            Self::Indeterminate(_) => "indeterminate",
        }
    }

    /// What came of it, or why nothing did.
    #[must_use]
    pub fn data(&self) -> String {
        match self {
            Self::Success(text) => text.clone(),
            Self::Failure(error) | Self::Indeterminate(error) => error.to_string(),
        }
    }
}

impl From<Result<String, JoseCoseError>> for Answer {
    fn from(result: Result<String, JoseCoseError>) -> Self {
        match result {
            Ok(text) => Self::Success(text),
            Err(error @ (JoseCoseError::Feature | JoseCoseError::Key(_))) => {
                Self::Indeterminate(error)
            }
            Err(error) => Self::Failure(error),
        }
    }
}

/// Secures a credential or presentation. `key` is a JWK with `d`, or a verification method with
/// `secretKeyJwk`; `paths` are what an SD-JWT lets its holder keep back, each with 16 random bytes
/// from `salts`.
#[must_use]
pub fn issue(
    input: &str,
    key: &Value<'_>,
    feature: &str,
    paths: &[impl AsRef<str>],
    salts: impl FnMut() -> [u8; 16],
) -> Answer {
    secure(input, key, feature, paths, salts).into()
}

fn secure(
    input: &str,
    key: &Value<'_>,
    feature: &str,
    paths: &[impl AsRef<str>],
    salts: impl FnMut() -> [u8; 16],
) -> Result<String, JoseCoseError> {
    let feature = Feature::from_name(feature).ok_or(JoseCoseError::Feature)?;
    let jwk = key.get("secretKeyJwk").unwrap_or(key);
    let unusable = |fault: KeyFileFault| JoseCoseError::Key(fault.to_string());
    let key = SigningKey::from_jwk(jwk).map_err(unusable)?;
    let thumbprint;
    let kid = match jwk.text("kid") {
        Some(kid) => kid,
        None => {
            thumbprint = key.public_key().jwk_thumbprint();
            &thumbprint
        }
    };
    let input = input.trim_start_matches('\u{feff}').trim();
    let document = json::parse(input)?;
    document::conforms(&document, feature.kind)?;
    document::all_known(&document, feature.kind)?;
    let short = feature.kind.short();
    let unsignable = |_| JoseCoseError::Unsignable;
    let jose = |payload: &str| sign_jose(payload, &feature.media_type(), short, kid, &key);
    match feature.syntax {
        Syntax::Jwt => jose(input).map_err(unsignable),
        Syntax::SdJwt => {
            let concealed = sd_jwt::conceal(&document, paths, salts)?;
            let jws = jose(&concealed.payload).map_err(unsignable)?;
            Ok(concealed.join(&jws))
        }
        Syntax::Cose => cose::sign(input, &format!("application/{short}"), kid, &key)
            .map(|bytes| cose::to_text(&bytes))
            .ok_or(JoseCoseError::Unsignable),
    }
}

/// Whether a secured credential or presentation holds under a key: a public JWK, or a verification
/// method with `publicKeyJwk`. The data is the document, with what an SD-JWT discloses.
#[must_use]
pub fn verify(input: &str, key: &Value<'_>, feature: &str) -> Answer {
    check(input, key, feature).into()
}

fn check(input: &str, key: &Value<'_>, feature: &str) -> Result<String, JoseCoseError> {
    let feature = Feature::from_name(feature).ok_or(JoseCoseError::Feature)?;
    let jwk = key.get("publicKeyJwk").unwrap_or(key);
    let key = PublicKey::from_jwk(jwk).map_err(|fault| JoseCoseError::Key(fault.to_string()))?;
    match feature.syntax {
        Syntax::Jwt => {
            let jws = Jws::parse(input)?;
            check_jws(&jws, &key, feature)?;
            document::check(&json::parse(&jws.payload)?, feature.kind)?;
            Ok(jws.payload)
        }
        Syntax::SdJwt => {
            let sd_jwt = SdJwt::parse(input)?;
            check_jws(&sd_jwt.jws, &key, feature)?;
            let document = sd_jwt.disclosed()?.payload;
            document::check(&document, feature.kind)?;
            Ok(json::canonical(&document))
        }
        Syntax::Cose => {
            let sign1 = Sign1::from_text(input)?;
            check_sign1(&sign1, &key, feature)?;
            document::check(&json::parse(&sign1.payload)?, feature.kind)?;
            Ok(sign1.payload)
        }
    }
}

fn check_jws(jws: &Jws<'_>, key: &PublicKey, feature: Feature) -> Result<(), JoseCoseError> {
    let header = json::parse(&jws.header)?;
    let media_type = feature.media_type();
    for (member, expected) in [("typ", media_type.as_str()), ("cty", feature.kind.short())] {
        let fits = |value: &Value<'_>| {
            let written = value.as_str();
            written.is_some_and(|written| is_media_type(written, expected))
        };
        // Both should be there (3.1.1), and need not.
        if !header.get(member).is_none_or(fits) {
            return Err(wrong_header(member, feature));
        }
    }
    if header.get("crit").is_some() {
        return Err(wrong_header("crit", feature));
    }
    let message = jws.signing_input.as_bytes();
    holds(key, header.text("alg"), message, &jws.signature)
}

fn check_sign1(sign1: &Sign1, key: &PublicKey, feature: Feature) -> Result<(), JoseCoseError> {
    let short = feature.kind.short();
    let content_type = sign1.content_type.as_deref();
    if content_type.is_some_and(|written| !is_media_type(written, short)) {
        return Err(wrong_header("content type", feature));
    }
    let typ = sign1.r#type.as_deref();
    if typ.is_some_and(|written| !is_media_type(written, &feature.media_type())) {
        return Err(wrong_header("typ", feature));
    }
    if sign1.critical {
        return Err(wrong_header("crit", feature));
    }
    let algorithm = sign1.algorithm.as_deref();
    holds(key, algorithm, &sign1.message, &sign1.signature)
}

fn wrong_header(member: &'static str, feature: Feature) -> JoseCoseError {
    JoseCoseError::Header {
        member,
        expected: feature.media_type(),
    }
}

/// The key decides on the algorithm; the header only agrees.
fn holds(
    key: &PublicKey,
    algorithm: Option<&str>,
    message: &[u8],
    signature: &[u8],
) -> Result<(), JoseCoseError> {
    if algorithm.and_then(Algorithm::from_jose) != Some(key.algorithm()) {
        return Err(JoseCoseError::Algorithm);
    }
    match key.verify(message, signature) {
        SignatureCheck::Holds => Ok(()),
        SignatureCheck::Fails => Err(JoseCoseError::Signature),
        SignatureCheck::Unsupported => Err(JoseCoseError::Key("RSA is not supported".to_owned())),
    }
}
