//! Limits what one document may ask for. Every document of every transport is checked before async-graphql sees it,
//! because the validation rules of async-graphql take quadratic or exponential time on documents that were made to
//! exploit them.
//!
//! There are four steps, and each bounds the work of the next: [`text`] counts tokens without parsing, [`selections`]
//! walks the parsed document once, [`fields`] counts the fields that do not exist, and [`cost`] weighs one operation
//! with its variables.

use std::fmt;

pub mod cost;
pub mod fields;
pub mod selections;
pub mod text;

/// The error of a document that exceeds a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitExceeded {
    /// The limit.
    pub limit: Limit,
    /// The count so far. Counting stops at the limit, so the document has at least this many.
    pub actual: usize,
}

/// The limits of a document, each with its maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Bytes of the text.
    TextBytes,
    /// Bytes of one name.
    NameBytes,
    /// Names, values and punctuators.
    Tokens,
    /// Levels of nested brackets of any kind.
    Nesting,
    /// Operations of the document.
    Operations,
    /// Fragment definitions.
    Fragments,
    /// Directives of the document.
    Directives,
    /// Places that define or use a variable.
    VariableUses,
    /// Arguments of one field.
    Arguments,
    /// Fields, inline fragments and fragment spreads, with every spread expanded. `__typename` counts too.
    Selections,
    /// Levels of nested fields, inline fragments and fragment spreads.
    Depth,
    /// Selections of the same field in one selection set, under any aliases.
    FieldRepeats,
    /// Fields at the root of an operation.
    RootFields,
    /// Values in the variables that were sent.
    VariableValues,
    /// Objects and values that the response can have. A list counts with the length that the client asks for.
    Cost,
    /// Objects and values that the response can have in `__schema` and `__type`.
    IntrospectionCost,
    /// Bytes of the response.
    AnswerBytes,
}

impl Limit {
    /// Returns the maximum.
    ///
    /// The documents of common tools are well within the limits: the introspection query of GraphiQL and codegen has
    /// about 300 tokens, 500 selections and 18 levels.
    pub const fn max(self) -> usize {
        match self {
            Self::TextBytes => 16 * 1024,
            Self::NameBytes => 128,
            Self::Nesting => 40,
            Self::Operations | Self::Arguments | Self::RootFields => 20,
            Self::Fragments | Self::Directives | Self::FieldRepeats => 50,
            Self::VariableUses => 200,
            Self::Tokens => 1_500,
            Self::Selections => 2_000,
            Self::Depth => 24,
            Self::VariableValues => 1_000,
            Self::Cost => 4_000,
            Self::IntrospectionCost => 4_500,
            Self::AnswerBytes => 1024 * 1024,
        }
    }

    /// Returns the name in `extensions.limit`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TextBytes => "textBytes",
            Self::NameBytes => "nameBytes",
            Self::Tokens => "tokens",
            Self::Nesting => "nesting",
            Self::Operations => "operations",
            Self::Fragments => "fragments",
            Self::Directives => "directives",
            Self::VariableUses => "variableUses",
            Self::Arguments => "arguments",
            Self::Selections => "selections",
            Self::Depth => "depth",
            Self::FieldRepeats => "fieldRepeats",
            Self::RootFields => "rootFields",
            Self::VariableValues => "variableValues",
            Self::Cost => "cost",
            Self::IntrospectionCost => "introspectionCost",
            Self::AnswerBytes => "answerBytes",
        }
    }

    /// Returns what the limit counts, in words that follow a number.
    const fn counted(self) -> &'static str {
        match self {
            Self::TextBytes => "bytes of text",
            Self::NameBytes => "bytes of one name",
            Self::Tokens => "names, values and punctuators",
            Self::Nesting => "brackets inside each other",
            Self::Operations => "operations",
            Self::Fragments => "fragments",
            Self::Directives => "directives",
            Self::VariableUses => "definitions and uses of variables",
            Self::Arguments => "arguments of one field",
            Self::Selections => "selections, with every fragment spread written out",
            Self::Depth => "levels of fields and fragments",
            Self::FieldRepeats => "selections of the same field in one place",
            Self::RootFields => "fields at the root of an operation",
            Self::VariableValues => "values in its variables",
            Self::Cost => "objects and values in its answer, lists counted by the length asked for",
            Self::IntrospectionCost => "objects and values in its answer about the schema",
            Self::AnswerBytes => "bytes in its answer",
        }
    }

    /// Fails if a count exceeds the maximum.
    pub fn check(self, actual: usize) -> Result<(), LimitExceeded> {
        if actual > self.max() { Err(LimitExceeded { limit: self, actual }) } else { Ok(()) }
    }
}

impl fmt::Display for LimitExceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (counted, max, actual) = (self.limit.counted(), self.limit.max(), self.actual);
        write!(
            f,
            "This query asks for too much at once: {actual} or more {counted}; at most {max} are allowed. Ask in parts."
        )
    }
}
