//! Results of resolving and dereferencing ([DID Resolution, 4 and 5]).
//!
//! [DID Resolution, 4 and 5]: https://w3c.github.io/did-resolution/#resolving

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use badges_core::did::DidFault;
use badges_core::fetch::FetchError;
use serde_json::{Value, json};

use super::accept::{DOCUMENT, LD_RESOLUTION, RESOLUTION, Wanted};

/// What is wrong, in the words of the standard ([DID Resolution, Errors]).
///
/// [DID Resolution, Errors]: https://w3c.github.io/did-resolution/#errors
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    InvalidDid,
    InvalidDidUrl,
    InvalidDidDocument,
    NotFound,
    RepresentationNotSupported,
    MethodNotSupported,
    FeatureNotSupported,
    Internal,
}

impl Problem {
    const fn id(self) -> &'static str {
        match self {
            Self::InvalidDid => "https://www.w3.org/ns/did#INVALID_DID",
            Self::InvalidDidUrl => "https://www.w3.org/ns/did#INVALID_DID_URL",
            Self::InvalidDidDocument => "https://www.w3.org/ns/did#INVALID_DID_DOCUMENT",
            Self::NotFound => "https://www.w3.org/ns/did#NOT_FOUND",
            Self::RepresentationNotSupported => {
                "https://www.w3.org/ns/did#REPRESENTATION_NOT_SUPPORTED"
            }
            Self::MethodNotSupported => "https://www.w3.org/ns/did#METHOD_NOT_SUPPORTED",
            Self::FeatureNotSupported => "https://www.w3.org/ns/did#FEATURE_NOT_SUPPORTED",
            Self::Internal => "https://www.w3.org/ns/did#INTERNAL_ERROR",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::InvalidDid => "It is not a DID.",
            Self::InvalidDidUrl => "It is not a DID URL.",
            Self::InvalidDidDocument => "The document is not that of the DID.",
            Self::NotFound => "There is nothing by this name.",
            Self::RepresentationNotSupported => "There is no such representation.",
            Self::MethodNotSupported => "The method is not supported.",
            Self::FeatureNotSupported => "This is not supported.",
            Self::Internal => "It could not be resolved.",
        }
    }

    /// The status, as the HTTPS binding has it.
    const fn status(self) -> StatusCode {
        match self {
            Self::InvalidDid | Self::InvalidDidUrl => StatusCode::BAD_REQUEST,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::RepresentationNotSupported => StatusCode::NOT_ACCEPTABLE,
            Self::MethodNotSupported | Self::FeatureNotSupported => StatusCode::NOT_IMPLEMENTED,
            Self::InvalidDidDocument | Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    pub(super) fn because(self, detail: impl ToString) -> Refusal {
        Refusal::Problem(self, detail.to_string())
    }
}

/// Why there is no result.
#[derive(Clone, Debug)]
pub(super) enum Refusal {
    /// Something is wrong, and what it is in particular.
    Problem(Problem, String),
    /// There was a document, and the DID is not to be used any more.
    Deactivated,
}

impl From<DidFault> for Refusal {
    fn from(fault: DidFault) -> Self {
        let problem = match &fault {
            DidFault::InvalidDidUrl => Problem::InvalidDidUrl,
            DidFault::MethodNotSupported { .. } => Problem::MethodNotSupported,
            DidFault::UnsupportedKey => Problem::FeatureNotSupported,
            _ => Problem::InvalidDid,
        };
        problem.because(fault)
    }
}

impl From<FetchError> for Refusal {
    fn from(error: FetchError) -> Self {
        let problem = match &error {
            // Deactivating a did:web is to take its document away; only this says that there was one.
            FetchError::Status { status: 410 } => return Self::Deactivated,
            FetchError::Status { status: 404 } | FetchError::Dns { .. } => Problem::NotFound,
            _ => Problem::Internal,
        };
        problem.because(error)
    }
}

/// Answers with what was found, or why nothing was.
pub(super) fn answer(wanted: Wanted, found: Result<Value, Refusal>) -> Response {
    let is_found = found.is_ok();
    let (status, metadata, about, content) = match found {
        Ok(content) => {
            let metadata = json!({"contentType": DOCUMENT});
            (StatusCode::OK, metadata, json!({}), content)
        }
        Err(Refusal::Problem(problem, detail)) => {
            let error = json!({"type": problem.id(), "title": problem.title(), "detail": detail});
            let metadata = json!({"error": error});
            (problem.status(), metadata, json!({}), Value::Null)
        }
        Err(Refusal::Deactivated) => {
            let about = json!({"deactivated": true});
            (StatusCode::GONE, json!({}), about, Value::Null)
        }
    };
    let (media_type, body) = match wanted {
        Wanted::Content(media_type) if is_found => (media_type, content),
        Wanted::Dereferencing(media_type) => {
            let result = json!({
                "dereferencingMetadata": metadata,
                "contentStream": content,
                "contentMetadata": about,
            });
            (media_type, result)
        }
        Wanted::Resolution(_) | Wanted::Content(_) => {
            let mut result = json!({
                "didResolutionMetadata": metadata,
                "didDocument": content,
                "didDocumentMetadata": about,
            });
            match wanted {
                Wanted::Resolution(LD_RESOLUTION) => {
                    result["@context"] = "https://w3id.org/did-resolution/v1".into();
                    (LD_RESOLUTION, result)
                }
                Wanted::Resolution(media_type) => (media_type, result),
                // Why there is no document cannot be said in a document.
                _ => (RESOLUTION, result),
            }
        }
    };
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::VARY, "accept"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (status, headers, format!("{body:#}\n")).into_response()
}
