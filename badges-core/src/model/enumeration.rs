//! The enumerations of the standard (B.5), with the exact terms.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// The terms of an enumeration, for checking.
pub(super) struct Enumeration {
    pub(super) name: &'static str,
    pub(super) terms: &'static [&'static str],
    /// Whether terms of one's own may be added, with the prefix `ext:`.
    pub(super) extensible: bool,
}

macro_rules! extensible {
    ($(#[$doc:meta])* $name:ident, $table:ident { $($variant:ident = $term:literal,)+ }) => {
        $(#[$doc])*
        ///
        /// The enumeration is extensible.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("`", $term, "`")] $variant,)+
            /// A term of one's own, with its prefix `ext:`; when read, any other text.
            Extension(String),
        }

        impl $name {
            /// A term of one's own: `ext:` and letters, digits, `.`, `_`, `|` or `-`; `None` for
            /// any other text.
            #[must_use]
            pub fn extension(term: &str) -> Option<Self> {
                super::schema::is_extension_term(term).then(|| Self::Extension(term.to_owned()))
            }

            /// The term, as it is written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $term,)+
                    Self::Extension(term) => term,
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(|term| Self::from(term.as_str()))
            }
        }

        impl From<&str> for $name {
            fn from(term: &str) -> Self {
                match term {
                    $($term => Self::$variant,)+
                    other => Self::Extension(other.to_owned()),
                }
            }
        }

        enumeration!($name, $table, true, $($term)+);
    };
}

macro_rules! closed {
    ($(#[$doc:meta])* $name:ident, $table:ident { $($variant:ident = $term:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $(#[doc = concat!("`", $term, "`")] $variant,)+
        }

        impl $name {
            /// The term, as it is written.
            #[must_use]
            pub const fn as_str(&self) -> &'static str {
                match self {
                    $(Self::$variant => $term,)+
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let term = String::deserialize(deserializer)?;
                match term.as_str() {
                    $($term => Ok(Self::$variant),)+
                    other => Err(Error::unknown_variant(other, $table.terms)),
                }
            }
        }

        enumeration!($name, $table, false, $($term)+);
    };
}

macro_rules! enumeration {
    ($name:ident, $table:ident, $extensible:literal, $($term:literal)+) => {
        pub(super) static $table: Enumeration = Enumeration {
            name: stringify!($name),
            terms: &[$($term,)+],
            extensible: $extensible,
        };

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}

extensible! {
    /// What an achievement is.
    AchievementType, ACHIEVEMENT_TYPE {
        Achievement = "Achievement",
        ApprenticeshipCertificate = "ApprenticeshipCertificate",
        Assessment = "Assessment",
        Assignment = "Assignment",
        AssociateDegree = "AssociateDegree",
        Award = "Award",
        Badge = "Badge",
        BachelorDegree = "BachelorDegree",
        Certificate = "Certificate",
        CertificateOfCompletion = "CertificateOfCompletion",
        Certification = "Certification",
        CommunityService = "CommunityService",
        Competency = "Competency",
        Course = "Course",
        CoCurricular = "CoCurricular",
        Degree = "Degree",
        Diploma = "Diploma",
        DoctoralDegree = "DoctoralDegree",
        Fieldwork = "Fieldwork",
        GeneralEducationDevelopment = "GeneralEducationDevelopment",
        JourneymanCertificate = "JourneymanCertificate",
        LearningProgram = "LearningProgram",
        License = "License",
        Membership = "Membership",
        ProfessionalDoctorate = "ProfessionalDoctorate",
        QualityAssuranceCredential = "QualityAssuranceCredential",
        MasterCertificate = "MasterCertificate",
        MasterDegree = "MasterDegree",
        MicroCredential = "MicroCredential",
        ResearchDoctorate = "ResearchDoctorate",
        SecondarySchoolDiploma = "SecondarySchoolDiploma",
    }
}

extensible! {
    /// What an alignment points to.
    AlignmentTargetType, ALIGNMENT_TARGET_TYPE {
        CeasnCompetency = "ceasn:Competency",
        CetermsCredential = "ceterms:Credential",
        CfItem = "CFItem",
        CfRubric = "CFRubric",
        CfRubricCriterion = "CFRubricCriterion",
        CfRubricCriterionLevel = "CFRubricCriterionLevel",
        Ctdl = "CTDL",
    }
}

extensible! {
    /// What an identifier is: the standard's `IdentifierTypeEnum`.
    IdentifierType, IDENTIFIER_TYPE {
        Name = "name",
        SourcedId = "sourcedId",
        SystemId = "systemId",
        ProductId = "productId",
        UserName = "userName",
        AccountId = "accountId",
        EmailAddress = "emailAddress",
        NationalIdentityNumber = "nationalIdentityNumber",
        Isbn = "isbn",
        Issn = "issn",
        LisSourcedId = "lisSourcedId",
        OneRosterSourcedId = "oneRosterSourcedId",
        SisSourcedId = "sisSourcedId",
        LtiContextId = "ltiContextId",
        LtiDeploymentId = "ltiDeploymentId",
        LtiToolId = "ltiToolId",
        LtiPlatformId = "ltiPlatformId",
        LtiUserId = "ltiUserId",
        Identifier = "identifier",
    }
}

extensible! {
    /// What kind of result an achievement can have.
    ResultType, RESULT_TYPE {
        GradePointAverage = "GradePointAverage",
        LetterGrade = "LetterGrade",
        Percent = "Percent",
        PerformanceLevel = "PerformanceLevel",
        PredictedScore = "PredictedScore",
        RawScore = "RawScore",
        Result = "Result",
        RubricCriterion = "RubricCriterion",
        RubricCriterionLevel = "RubricCriterionLevel",
        RubricScore = "RubricScore",
        ScaledScore = "ScaledScore",
        Status = "Status",
    }
}

closed! {
    /// How far a person has come. Nothing can be added.
    ResultStatusType, RESULT_STATUS_TYPE {
        Completed = "Completed",
        Enrolled = "Enrolled",
        Failed = "Failed",
        InProgress = "InProgress",
        OnHold = "OnHold",
        Provisional = "Provisional",
        Withdrew = "Withdrew",
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn every_term_is_written_as_it_was_read() {
        fn round_trip<T: Serialize + for<'de> Deserialize<'de>>(terms: &[&str]) {
            for term in terms {
                let json = format!("{term:?}");
                let value: T = serde_json::from_str(&json).unwrap();
                assert_eq!(serde_json::to_string(&value).unwrap(), json);
            }
        }
        round_trip::<AchievementType>(ACHIEVEMENT_TYPE.terms);
        round_trip::<AlignmentTargetType>(ALIGNMENT_TARGET_TYPE.terms);
        round_trip::<IdentifierType>(IDENTIFIER_TYPE.terms);
        round_trip::<ResultType>(RESULT_TYPE.terms);
        round_trip::<ResultStatusType>(RESULT_STATUS_TYPE.terms);
        round_trip::<AchievementType>(&["ext:Workshop", "Something else"]);
        assert_eq!(ACHIEVEMENT_TYPE.terms.len(), 31);
    }

    #[test]
    fn terms_of_ones_own_need_the_prefix_and_a_closed_enumeration_has_none() {
        assert_eq!(
            AchievementType::extension("ext:Workshop").unwrap().as_str(),
            "ext:Workshop"
        );
        assert_eq!(AchievementType::extension("Workshop"), None);
        assert!(serde_json::from_str::<ResultStatusType>("\"ext:Paused\"").is_err());
    }
}
