//! What an API's definition offers: its operations and schemas, each
//! with the line where it stands, for the search and for the anchors of
//! the API's page. OpenAPI, AsyncAPI, GraphQL and Protocol Buffers are
//! read line by line, or as JSON, in one pass: a definition that is
//! broken has what could be read of it. Nothing is checked here.

mod keys;
mod lines;

use std::collections::HashMap;

use crate::model::entity::Entity;

use super::views::definition;

/// More of them are not told apart, so that a definition that somebody
/// has generated does not fill the index.
const MAX_OFFERS: usize = 1_000;
/// Longer names are no names.
const MAX_NAME_BYTES: usize = 200;
/// Longer definitions are data.
const MAX_BYTES: usize = 4 << 20;

/// What an offer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Operation,
    Schema,
}

impl Kind {
    /// Returns what it is called.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Operation => "Operation",
            Kind::Schema => "Schema",
        }
    }
}

/// An operation or a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub kind: Kind,
    /// The operation's own name, or else how it is called; the schema's.
    pub name: String,
    /// How an operation is called, where it has a name besides: `GET
    /// /pets`, `pets.v1.Pets/ListPets`, `Query.pets`.
    pub call: String,
    pub summary: String,
    /// Counted from 0.
    pub line_idx: usize,
    /// The fragment of the API's page, unique in it; where the page shows
    /// less than the whole definition, that of the definition.
    pub anchor: String,
}

/// Returns what an API offers, in the order of its definition.
pub fn offers(entity: &Entity) -> Vec<Offer> {
    if !definition::has_definition(entity) {
        return Vec::new();
    }
    let Some(source) = definition::text(entity).filter(|source| source.len() <= MAX_BYTES) else {
        return Vec::new();
    };
    let mut offers = of_source(definition::language(entity, &source).0, &source);
    let n_lines = definition::n_shown_lines(&source);
    for offer in offers.iter_mut().filter(|offer| offer.line_idx >= n_lines) {
        offer.anchor = "definition".to_string();
    }
    offers
}

/// Returns what a definition in a language offers.
pub fn of_source(language: &str, source: &str) -> Vec<Offer> {
    let mut offers = Vec::new();
    match language {
        "yaml" => keys::yaml(source, &mut offers),
        "json" => keys::json(source, &mut offers),
        "graphql" => lines::graphql(source, &mut offers),
        "protobuf" => lines::protobuf(source, &mut offers),
        _ => {}
    }
    name_anchors(&mut offers);
    offers
}

/// Pushes an offer, if it has a name and there are not too many.
fn push(offers: &mut Vec<Offer>, kind: Kind, name: &str, line_idx: usize) -> bool {
    let is_name = !name.is_empty() && name.len() <= MAX_NAME_BYTES && !name.contains(char::is_control);
    if is_name && offers.len() < MAX_OFFERS {
        let (call, summary, anchor) = Default::default();
        offers.push(Offer { kind, name: name.to_string(), call, summary, line_idx, anchor });
        return true;
    }
    false
}

/// Names the anchors: `operation-listpets`, and with a number where
/// there are two.
fn name_anchors(offers: &mut [Offer]) {
    let mut known = HashMap::new();
    for offer in offers {
        let mut anchor = String::from(if offer.kind == Kind::Operation { "operation" } else { "schema" });
        for word in offer.name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            anchor.push('-');
            anchor.push_str(&word.to_lowercase());
        }
        let n: &mut usize = known.entry(anchor.clone()).or_default();
        *n += 1;
        // No name ends in two dashes and a number.
        offer.anchor = if *n == 1 { anchor } else { format!("{anchor}--{n}") };
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check(language: &str, source: &str, expected: Expect) {
        let shown = |offer: &Offer| {
            let Offer { name, call, summary, line_idx, anchor, .. } = offer;
            format!("{line_idx} {name} | {call} | {summary} | #{anchor}\n")
        };
        expected.assert_eq(&of_source(language, source).iter().map(shown).collect::<String>());
    }

    #[test]
    fn openapi_has_operations_and_schemas() {
        let yaml = "openapi: 3.1.0\ninfo:\n  title: Pets\npaths:\n  /pets:  # all\n    get:\n      operationId: listPets\n      \
                    summary: 'Lists all pets'\n      parameters:\n      - name: limit\n        in: query\n      responses:\n        \
                    '200':\n          description: |\n            get:\n              operationId: no\n    post:\n      \
                    summary: Makes one\n  '/pets/{id}':\n    parameters: []\n    delete:\n      tags: [a]\ncomponents:\n  \
                    schemas:\n    Pet:\n      type: object\n      properties:\n        schemas: {}\n    \"Error\":\n      type: object\n";
        check(
            "yaml",
            yaml,
            expect![[r"
                5 listPets | GET /pets | Lists all pets | #operation-listpets
                16 POST /pets |  | Makes one | #operation-post-pets
                20 DELETE /pets/{id} |  |  | #operation-delete-pets-id
                24 Pet |  |  | #schema-pet
                28 Error |  |  | #schema-error
            "]],
        );
        let json = "{\"swagger\": \"2.0\",\n \"paths\": {\"/a\\u002fb\": {\"get\": {\"tags\": [{\"get\": 1}, \"x\"],\n\"operationId\": \"one\"},\n\"put\": {}}},\n\
                    \"definitions\": {\"Thing\": {}}}";
        check(
            "json",
            json,
            expect![[r"
                1 one | GET /a/b |  | #operation-one
                3 PUT /a/b |  |  | #operation-put-a-b
                4 Thing |  |  | #schema-thing
            "]],
        );
    }

    #[test]
    fn yaml_may_stand_in_braces() {
        let yaml = "openapi: 3.1.0\ntags: [{name: a: b}, x]\npaths:\n  /pets:\n    get: {operationId: listPets, summary: 'It''s all: pets', \n      \
                    tags: [x, {get: 1}]}\n    post: {}\n  /a: {put: {operationId: one}, get: {summary: \"Two\"}} # c\n  /b: { # c\n  get: {\n\
                    operationId: three }}\ncomponents: {schemas: {Pet: {type: object}, 'No': *it}}\n";
        check(
            "yaml",
            yaml,
            expect![[r#"
                4 listPets | GET /pets | It's all: pets | #operation-listpets
                6 POST /pets |  |  | #operation-post-pets
                7 one | PUT /a |  | #operation-one
                7 GET /a |  | Two | #operation-get-a
                9 three | GET /b |  | #operation-three
                11 Pet |  |  | #schema-pet
                11 No |  |  | #schema-no
            "#]],
        );
        check(
            "yaml",
            "{openapi: 3.0.0, paths: {/a:b: {get: {operationId: x}}, \"/c\":{\"put\":{}}}}\n",
            expect![[r#"
            0 x | GET /a:b |  | #operation-x
            0 PUT /c |  |  | #operation-put-c
        "#]],
        );
    }

    #[test]
    fn asyncapi_has_channels_and_messages() {
        let yaml = "asyncapi: 2.6.0\nchannels:\n  user/signedup:\n    subscribe:\n      operationId: onSignUp\n      summary: A user came\n\
                    operations:\n  sendBill:\n    action: send\n    summary: Sends a bill\ncomponents:\n  messages:\n    SignedUp:\n      payload: {}\n";
        check(
            "yaml",
            yaml,
            expect![[r"
                3 onSignUp | SUBSCRIBE user/signedup | A user came | #operation-onsignup
                7 sendBill |  | Sends a bill | #operation-sendbill
                12 SignedUp |  |  | #schema-signedup
            "]],
        );
    }

    #[test]
    fn graphql_has_fields_of_its_roots_and_types() {
        let source = "# type No {\n\"\"\"\ntype No { a }\n\"\"\"\ntype Query {\n  \"All pets\"\n  pets(first: Int = 1,\n    after: String): [Pet!]!\n  pet(id: ID!): Pet\n}\n\
                      extend type Mutation { addPet(in: PetInput): Pet }\ntype Pet implements Node @key(fields: \"id\") {\n  name: String\n}\nenum Size { BIG }\nscalar Date\n";
        check(
            "graphql",
            source,
            expect![[r"
                6 pets | Query.pets | All pets | #operation-pets
                8 pet | Query.pet |  | #operation-pet
                10 addPet | Mutation.addPet |  | #operation-addpet
                11 Pet |  |  | #schema-pet
                14 Size |  |  | #schema-size
                15 Date |  |  | #schema-date
            "]],
        );
    }

    #[test]
    fn protobuf_has_calls_and_messages() {
        let source = "syntax = \"proto3\";\npackage pets.v1;\n/* message No {} */\nservice Pets {\n  // Lists pets.\n  rpc ListPets(ListReq) returns (stream Pet) {}\n  \
                      rpc Get (Req)\n    returns (Pet);\n}\nmessage Pet { string rpc = 1; message Toy {} }\nenum Size { BIG = 0; }\n";
        check(
            "protobuf",
            source,
            expect![[r"
                5 ListPets | pets.v1.Pets/ListPets | Lists pets. | #operation-listpets
                6 Get | pets.v1.Pets/Get |  | #operation-get
                9 Pet |  |  | #schema-pet
                9 Toy |  |  | #schema-toy
                10 Size |  |  | #schema-size
            "]],
        );
    }

    #[test]
    fn names_that_are_alike_have_anchors_of_their_own() {
        let offers = of_source("graphql", "scalar A\nscalar a\nscalar A_2\n");
        let anchors: Vec<&str> = offers.iter().map(|offer| &*offer.anchor).collect();
        assert_eq!(anchors, ["schema-a", "schema-a--2", "schema-a-2"]);
    }

    #[test]
    fn broken_definitions_are_read_in_linear_time() {
        for language in ["yaml", "json", "graphql", "protobuf"] {
            for piece in [
                "{\"a\":",
                "[",
                "a:\n ",
                "\"\"\"",
                "type Query {",
                "paths:\n",
                "service A {",
                "/*",
                "(",
                "- ",
                "\"\\",
                "é: |\n",
                "a: {\n",
                "a: {b: ['",
                "{a: 'b',",
            ] {
                assert!(of_source(language, &piece.repeat(20_000)).len() <= MAX_OFFERS);
            }
        }
        let deep: String = (0..2_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
        assert!(of_source("yaml", &deep).is_empty());
    }
}
