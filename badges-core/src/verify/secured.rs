//! A secured credential taken apart: which document is the credential, and what secures it.

use std::collections::BTreeSet;

use super::findings::{Failure, Unknown};
use super::form::{Form, Parsed};
use super::jose::Signed;
use super::report::{IdentifierSummary, IssuerSummary, Outcome, Summary};
use crate::json::Value;
use crate::jsonld::{Edition, Fault, FaultKind, Policy, RootContext};
use crate::model::{CredentialKind, DataModel, IdentityObject, issuer_id};
use crate::proof::sd_jwt::SdJwt;
use crate::proof::selective;
use crate::proof::suite::{Canonicalization, Suite};

/// Where the terms of the data model have their properties.
const CREDENTIALS: &str = "https://www.w3.org/2018/credentials#";

const STATUS: &str = "credentialStatus";

/// What may be missing of a credential that stands in a record.
#[derive(Clone, Copy)]
pub(super) struct Gaps {
    /// Any of its members.
    members: bool,
    /// Entries of its status, or members of them.
    status: bool,
}

/// A document that cannot be turned into statements, or whose contexts are not known: the answer
/// to the check of its form.
pub(super) struct Unreadable(pub(super) Outcome);

impl From<Fault> for Unreadable {
    fn from(fault: Fault) -> Self {
        Self(match fault.kind {
            FaultKind::UnknownContext { url } => Outcome::Unknown(Unknown::Context { url }),
            FaultKind::NoContext
            | FaultKind::InlineContext
            | FaultKind::MalformedContext
            | FaultKind::UnsupportedContext { .. } => Outcome::Failed(Failure::Context { fault }),
            _ => Outcome::Failed(Failure::Ambiguous { fault }),
        })
    }
}

/// What secures a credential.
pub(super) enum Security<'v> {
    /// The proofs inside it.
    Proofs,
    /// What is around it: a JWT, an SD-JWT or a COSE_Sign1.
    Envelope {
        signed: Signed<'v>,
        /// The whole payload.
        claims: &'v Value<'v>,
        /// A media type that is none of a credential's.
        foreign_type: Option<String>,
    },
}

/// A credential and what secures it.
pub(super) struct Secured<'v> {
    pub(super) credential: &'v Value<'v>,
    pub(super) security: Security<'v>,
    /// The presentation of it that its holder signed.
    pub(super) bound: Option<&'v SdJwt<'v>>,
    /// Whether its holder may have left out members of the credential itself.
    pub(super) partial: bool,
    /// Whether its holder may have left out anything further inside.
    pub(super) hidden: bool,
    /// The members of the credential of which its holder shows a part only.
    incomplete: BTreeSet<String>,
}

impl<'v> Secured<'v> {
    /// A credential inside another one, with its own proofs.
    pub(super) fn embedded(credential: &'v Value<'v>) -> Self {
        let proofs = credential.list("proof");
        Self {
            credential,
            security: Security::Proofs,
            bound: None,
            // One is enough: a holder can add a proof of their own beside it.
            partial: proofs.iter().any(selective::is_derived),
            hidden: false,
            incomplete: BTreeSet::new(),
        }
    }

    /// A credential inside a record, without a proof of its own: what its holder may have left out is
    /// for the record to say.
    pub(super) fn covered(part: &'v Value<'v>, gaps: Gaps) -> Self {
        let status = gaps.status.then(|| STATUS.to_owned());
        Self {
            partial: gaps.members,
            hidden: gaps.members,
            incomplete: status.into_iter().collect(),
            ..Self::embedded(part)
        }
    }

    /// What the holder of a record may have left out of its parts.
    pub(super) fn gaps_in_parts(&self, policy: Policy) -> Gaps {
        let concealed = self.incomplete.contains("credentialSubject");
        let derived = matches!(self.security, Security::Proofs) && self.partial;
        Gaps {
            members: concealed || derived,
            status: concealed || derived && self.has_optional(STATUS, policy),
        }
    }

    /// Whether what is signed are statements, of whose objects some may be one, and not the text.
    pub(super) fn signs_statements(&self) -> bool {
        let proofs = self.credential.list("proof");
        let is_over_text = |proof| {
            let suite = Suite::of(proof);
            suite.is_some_and(|suite| suite.canonicalization() == Canonicalization::Jcs)
        };
        matches!(self.security, Security::Proofs) && !proofs.iter().all(is_over_text)
    }

    /// Whether its holder may have left out a member of the credential, or something inside it. What
    /// the issuer made mandatory is shown whole.
    pub(super) fn may_hide(&self, member: &str, policy: Policy) -> bool {
        if self.credential.get(member).is_none() {
            return self.partial;
        }
        self.incomplete.contains(member) || self.has_optional(member, policy)
    }

    /// Whether a holder chose what is said by a member, here or in a part, or of what it points to.
    fn has_optional(&self, member: &str, policy: Policy) -> bool {
        let property = format!("{CREDENTIALS}{member}");
        let is_optional = |proof: &Value<'_>| {
            let root = RootContext::of(self.credential, Edition::NEWEST, policy);
            let mandatory = root
                .and_then(|root| selective::is_mandatory(&root, self.credential, proof, &property));
            !mandatory.unwrap_or(false)
        };
        let mut proofs = self.credential.list("proof").iter();
        matches!(self.security, Security::Proofs)
            && proofs.any(|proof| selective::is_derived(proof) && is_optional(proof))
    }

    /// The claim `vc` is for version 1.1 of the data model; programs that ask under the data-integrity
    /// policy put version 2.0 there too.
    pub(super) fn new(
        parsed: &'v Parsed<'v>,
        form: &'v Form<'v>,
        policy: Policy,
    ) -> Result<Self, Failure> {
        let document = &parsed.document;
        let header = parsed.header.as_ref();
        let signed = match (form, header) {
            (Form::Jwt(jws), Some(header)) => Signed::jws(jws, header),
            (Form::SdJwt(sd_jwt), Some(header)) => Signed::jws(&sd_jwt.jws, header),
            (Form::Cose(sign1), _) => Signed::cose(sign1),
            _ => return Ok(Self::embedded(document)),
        };
        let wrapped = document.get("vc");
        let credential = wrapped.unwrap_or(document);
        let is_v1 = DataModel::of(credential) == DataModel::V1;
        if wrapped.is_some() != is_v1 && (policy == Policy::Badge || is_v1) {
            return Err(Failure::JwtModel {});
        }
        Ok(Self {
            credential,
            security: Security::Envelope {
                signed,
                claims: document,
                foreign_type: form.foreign_type(header),
            },
            bound: match form {
                Form::SdJwt(sd_jwt) if sd_jwt.key_binding.is_some() => Some(sd_jwt),
                _ => None,
            },
            partial: parsed.partial,
            hidden: parsed.undisclosed > 0,
            incomplete: parsed.incomplete.clone(),
        })
    }

    /// Whether it is a credential that is judged here at all, under contexts that are known.
    pub(super) fn check_form(&self, policy: Policy) -> Result<(), Outcome> {
        let failed = |failure| Err(Outcome::Failed(failure));
        if self.credential.as_object().is_none() {
            return failed(Failure::NotABadge {
                found: format!("{} where a credential should be", self.credential.kind()),
            });
        }
        if self.credential.get("@context").is_none() && self.credential.get("type").is_none() {
            return failed(Failure::NotABadge {
                found: "JSON without a @context and a type".to_owned(),
            });
        }
        if let Security::Envelope {
            foreign_type: Some(r#type),
            ..
        } = &self.security
        {
            return failed(Failure::OtherType {
                types: vec![r#type.clone()],
            });
        }
        RootContext::of(self.credential, Edition::NEWEST, policy)
            .map_err(|fault| Unreadable::from(fault).0)?;
        if policy == Policy::Badge && CredentialKind::of(self.credential) == CredentialKind::Other {
            return failed(Failure::OtherType {
                types: self.types(),
            });
        }
        Ok(())
    }

    /// The registered claim beside the credential, where there is one.
    pub(super) fn claim(&self, name: &str) -> Option<&'v Value<'v>> {
        match self.security {
            Security::Envelope { claims, .. } => claims.get(name),
            Security::Proofs => None,
        }
    }

    /// The whole payload, of which the credential may be a part.
    pub(super) const fn claims(&self) -> &'v Value<'v> {
        match self.security {
            Security::Envelope { claims, .. } => claims,
            Security::Proofs => self.credential,
        }
    }

    /// `issuer` or `issuer.id`; in a JWT of version 1.1 the claim `iss` may stand for it.
    pub(super) fn issuer(&self) -> Option<&'v str> {
        issuer_id(self.credential).or_else(|| self.claim("iss")?.as_str())
    }

    fn types(&self) -> Vec<String> {
        let types = self.credential.list("type").iter();
        types.filter_map(Value::as_str).map(str::to_owned).collect()
    }

    pub(super) fn summary(&self) -> Summary {
        let text = |name: &str| self.credential.text(name).map(str::to_owned);
        let subject = self.credential.list("credentialSubject").first();
        let achievement = subject.and_then(|subject| subject.get("achievement"));
        let claimed = |name: &str| self.claim(name)?.as_str().map(str::to_owned);
        Summary {
            id: text("id").or_else(|| claimed("jti")),
            types: self.types(),
            name: text("name").or_else(|| {
                let name = achievement.and_then(|achievement| achievement.text("name"));
                name.map(str::to_owned)
            }),
            issuer: IssuerSummary {
                id: self.issuer().map(str::to_owned),
                name: self
                    .credential
                    .get("issuer")
                    .and_then(|issuer| issuer.text("name"))
                    .map(str::to_owned),
            },
            achievement: achievement
                .and_then(|achievement| achievement.text("id"))
                .map(str::to_owned),
            valid_from: text("validFrom").or_else(|| text("issuanceDate")),
            valid_until: text("validUntil").or_else(|| text("expirationDate")),
            awarded_date: text("awardedDate"),
            subject: subject
                .and_then(|subject| subject.text("id"))
                .map(str::to_owned),
            identifiers: subject
                .map_or(&[][..], |subject| subject.list("identifier"))
                .iter()
                .filter_map(IdentityObject::read)
                .map(|identity| IdentifierSummary {
                    r#type: identity.identity_type.as_str().to_owned(),
                    hashed: identity.hashed,
                    identity: (!identity.hashed).then_some(identity.identity_hash),
                })
                .collect(),
        }
    }
}
