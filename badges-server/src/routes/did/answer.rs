//! Results of resolving and dereferencing ([DID Resolution, 4 and 5]).
//!
//! [DID Resolution, 4 and 5]: https://w3c.github.io/did-resolution/#resolving

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use badges_core::did::DidFault;
use badges_core::fetch::FetchError;
use serde_json::{Value, json};

use super::accept::{DOCUMENT, LD_RESOLUTION, Wanted};

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
        let detail = detail.to_string();
        Refusal {
            problem: self,
            detail,
        }
    }
}

/// Why there is no result.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    problem: Problem,
    detail: String,
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
            FetchError::Status { status: 404 | 410 } | FetchError::Dns { .. } => Problem::NotFound,
            _ => Problem::Internal,
        };
        problem.because(error)
    }
}

/// Answers with what was found, or why nothing was.
pub(super) fn answer(wanted: Wanted, found: Result<Value, Refusal>) -> Response {
    let (status, error, content) = match found {
        Ok(content) => (StatusCode::OK, None, content),
        Err(Refusal { problem, detail }) => {
            let error = json!({"type": problem.id(), "title": problem.title(), "detail": detail});
            (problem.status(), Some(error), Value::Null)
        }
    };
    let metadata = match &error {
        Some(error) => json!({"error": error}),
        None => json!({"contentType": DOCUMENT}),
    };
    let (media_type, body) = match wanted {
        Wanted::Content(media_type) if error.is_none() => (media_type, content),
        // Why there is no document cannot be said in a document.
        Wanted::Content(_) => (super::accept::RESOLUTION, resolution(metadata, content)),
        Wanted::Resolution(LD_RESOLUTION) => {
            let mut result = resolution(metadata, content);
            result["@context"] = "https://w3id.org/did-resolution/v1".into();
            (LD_RESOLUTION, result)
        }
        Wanted::Resolution(media_type) => (media_type, resolution(metadata, content)),
        Wanted::Dereferencing(media_type) => {
            let result = json!({
                "dereferencingMetadata": metadata,
                "contentStream": content,
                "contentMetadata": {},
            });
            (media_type, result)
        }
    };
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::VARY, "accept"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (status, headers, format!("{body:#}\n")).into_response()
}

fn resolution(metadata: Value, document: Value) -> Value {
    json!({
        "didResolutionMetadata": metadata,
        "didDocument": document,
        "didDocumentMetadata": {},
    })
}
