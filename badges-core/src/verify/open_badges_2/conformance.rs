//! The check `schema`: what Open Badges 2.0 asks of an assertion, its class and its issuer. What a
//! verifier needs is a fault when it is missing; what only displays need is a note.

use super::issuer::Chain;
use super::recipient::Identity;
use super::version::{Version, date};
use crate::json::Value;
use crate::model::schema::{Departure, DepartureKind, Severity};
use crate::verify::findings::{Failure, Passed};
use crate::verify::report::Outcome;

pub(super) fn check(statement: &Value<'_>, chain: &Chain<'_>) -> Outcome {
    let version = Version::of(statement).unwrap_or(Version::V2_0);
    let mut found = Departures::default();
    if version == Version::V2_0 {
        found.required(statement, "", &["id", "type"], Severity::Fault);
        found.required(statement, "", &["verification"], Severity::Note);
    }
    found.required(statement, "", &["recipient", "badge"], Severity::Fault);
    found.required(statement, "", &[version.issued()], Severity::Note);
    if let Some(recipient) = statement.get("recipient")
        && Identity::of(statement).is_none()
    {
        let kind = DepartureKind::Kind {
            expected: "an identity with its type",
            found: recipient.kind(),
        };
        found.add("recipient", kind, Severity::Fault);
    }
    for member in [version.issued(), "expires"] {
        match statement
            .get(member)
            .filter(|it| **it != Value::Null)
            .map(date)
        {
            Some(Err(kind)) => found.add(member, kind, Severity::Fault),
            Some(Ok(written)) => {
                if let Some(departure) = written.departure {
                    found.add(member, departure.into(), Severity::Note);
                }
            }
            None => {}
        }
    }
    if let Some(class) = &chain.class {
        found.required(class, "badge.", &["name"], Severity::Fault);
        let display = ["description", "image", "criteria"];
        found.required(class, "badge.", &display, Severity::Note);
    }
    if let Some(issuer) = &chain.issuer {
        found.required(&issuer.profile, "badge.issuer.", &["name"], Severity::Note);
        if version != Version::V0_5 {
            found.required(&issuer.profile, "badge.issuer.", &["url"], Severity::Note);
        }
    }
    found.outcome(version)
}

#[derive(Default)]
struct Departures(Vec<Departure>);

impl Departures {
    fn add(&mut self, path: &str, kind: DepartureKind, severity: Severity) {
        self.0.push(Departure {
            path: path.to_owned(),
            kind,
            severity,
        });
    }

    fn required(
        &mut self,
        object: &Value<'_>,
        place: &str,
        members: &[&'static str],
        severity: Severity,
    ) {
        for member in members {
            if matches!(object.get(member), None | Some(Value::Null)) {
                self.add(
                    &format!("{place}{member}"),
                    DepartureKind::Required,
                    severity,
                );
            }
        }
    }

    fn outcome(self, version: Version) -> Outcome {
        let (faults, notes): (Vec<_>, Vec<_>) = self
            .0
            .into_iter()
            .partition(|departure| departure.severity == Severity::Fault);
        if faults.is_empty() {
            Outcome::Passed(Passed::OlderVersion {
                version: version.as_str(),
                departures: notes,
            })
        } else {
            Outcome::Failed(Failure::Nonconforming { departures: faults })
        }
    }
}
