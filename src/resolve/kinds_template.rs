//! The fields of a software template, as Backstage's scaffolder checks
//! them.

use super::kinds::{Field, Shape, field, required};

const PERMISSIONS: Field = field("backstage:permissions", Shape::Record(&[field("tags", Shape::AnyTexts)]));

/// What is done, in order.
pub const STEPS: Field = required(field(
    "steps",
    Shape::Records(&[
        field("id", Shape::AnyText),
        field("name", Shape::AnyText),
        required(field("action", Shape::AnyText)),
        field("input", Shape::Record(&[])),
        field("if", Shape::Condition),
        PERMISSIONS,
    ]),
));

/// The forms that a person fills in.
pub const PARAMETERS: Field = field("parameters", Shape::RecordOrRecords(&[PERMISSIONS]));

/// What a person gets to see at the end.
pub const OUTPUT: Field = field(
    "output",
    Shape::RecordOfTexts(&[
        field(
            "links",
            Shape::Records(&[
                field("if", Shape::Condition),
                field("url", Shape::Text),
                field("entityRef", Shape::Text),
                field("title", Shape::Text),
                field("icon", Shape::Text),
            ]),
        ),
        field(
            "text",
            Shape::Records(&[
                field("if", Shape::Condition),
                field("title", Shape::Text),
                field("icon", Shape::Text),
                field("content", Shape::AnyText),
            ]),
        ),
    ]),
);

/// Values that are kept out of sight.
pub const SECRETS: Field = field("secrets", Shape::Record(&[field("schema", Shape::Record(&[]))]));

/// The words on the buttons of the form.
pub const PRESENTATION: Field = field(
    "presentation",
    Shape::Record(&[field(
        "buttonLabels",
        Shape::Record(&[
            field("backButtonText", Shape::AnyText),
            field("createButtonText", Shape::AnyText),
            field("reviewButtonText", Shape::AnyText),
        ]),
    )]),
);

/// What fills fields in before the form is shown.
pub const DECORATORS: Field = field("formDecorators", DECORATOR);
/// Its earlier name.
pub const OLD_DECORATORS: Field = field("EXPERIMENTAL_formDecorators", DECORATOR);

const DECORATOR: Shape = Shape::Records(&[field("id", Shape::AnyText), field("input", Shape::Record(&[]))]);

/// What happens to a task that was interrupted.
pub const RECOVERY: Field =
    field("EXPERIMENTAL_recovery", Shape::Record(&[field("EXPERIMENTAL_strategy", Shape::AnyText)]));
