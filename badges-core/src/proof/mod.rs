//! Securing mechanisms: Data Integrity proofs inside the document, and compact JWS around it.

pub mod data_integrity;
pub mod jwt;
pub mod selective;
pub mod suite;
