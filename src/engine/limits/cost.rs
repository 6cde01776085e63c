//! Weighs one operation: its cost is the number of objects and values in its largest possible response. A list counts
//! with the length that the client asks for.
//!
//! Lengths come from `@listSize` in the schema. A length from a client is clamped before anything is multiplied by it,
//! and all arithmetic saturates.

use std::{collections::HashMap, convert::Infallible};

use async_graphql::{
    Value,
    indexmap::{IndexMap, IndexSet},
    parser::types::{ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet},
    registry::{MetaField, MetaType, MetaTypeName, Registry},
};
use serde_json::{Map, Value as Json};

use super::{Limit, LimitExceeded};
use crate::graphql::cost_directives;

/// The longest list that any field returns. A field refuses a request for more.
const LONGEST_LIST: u64 = 100;
/// The cost of one value. Costs are counted in thousandths, because the average list of introspection has less than one
/// item.
const UNIT: u64 = 1_000;
/// The cost of `__schema` itself: async-graphql visits all types for each.
const SCHEMA: u64 = 1_000 * UNIT;

/// The costs of the fields of the schema.
pub struct Costs {
    roots: [String; 3],
    types: HashMap<String, HashMap<String, FieldCost>>,
    introspection: IntrospectionLengths,
}

/// The cost of a field: the type that it returns, the number of items, and the additional cost in thousandths.
struct FieldCost {
    returns: String,
    length: Length,
    weight: u64,
}

enum Length {
    /// A fixed length, in thousandths.
    Fixed(u64),
    /// The length that an argument asks for.
    Argument { name: String, default: u64 },
}

/// The lengths of the lists in `__Schema` and `__Type`, in thousandths: the average over all types, and the longest.
#[derive(Default)]
struct IntrospectionLengths {
    types: u64,
    average: HashMap<&'static str, u64>,
    longest: HashMap<&'static str, u64>,
    /// Of the types of fields and arguments that are wrapped so many times, how many are wrapped once more: `[T!]!` is wrapped
    /// three times.
    wrapped: Vec<u64>,
}

/// The cost of one operation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cost {
    /// The cost of the data.
    pub data: usize,
    /// The cost of introspection.
    pub introspection: usize,
}

impl Cost {
    /// Fails if a limit is exceeded.
    pub fn check(self) -> Result<(), LimitExceeded> {
        Limit::Cost.check(self.data)?;
        Limit::IntrospectionCost.check(self.introspection)
    }
}

impl Costs {
    /// Reads the costs from the directives of a schema.
    pub fn of(registry: &Registry) -> Self {
        let subscription = registry.subscription_type.clone().unwrap_or_default();
        let roots = [registry.query_type.clone(), registry.mutation_type.clone().unwrap_or_default(), subscription];
        let costs = |kind: &MetaType| {
            let fields = kind.fields().into_iter().flatten();
            fields.map(|(name, field)| (name.clone(), FieldCost::of(field))).collect()
        };
        let types = registry.types.iter().map(|(name, kind)| (name.clone(), costs(kind))).collect();
        Self { roots, types, introspection: IntrospectionLengths::of(registry) }
    }

    /// Returns the cost of an operation with these variables. The document must have passed
    /// [`super::selections::check`], which bounds the walk.
    pub fn of_operation(
        &self,
        document: &ExecutableDocument,
        operation: &OperationDefinition,
        variables: Option<&Map<String, Json>>,
    ) -> Cost {
        let root = match operation.ty {
            OperationType::Query => &self.roots[0],
            OperationType::Mutation => &self.roots[1],
            OperationType::Subscription => &self.roots[2],
        };
        let mut walk =
            Walk { costs: self, document, operation, variables, fragments: HashMap::new(), introspection: 0 };
        let data = walk.selection_set(&operation.selection_set.node, Parent::Type(root));
        let whole = |thousandths: u64| usize::try_from(thousandths.div_ceil(UNIT)).unwrap_or(usize::MAX);
        Cost { data: whole(data), introspection: whole(walk.introspection) }
    }
}

impl FieldCost {
    fn of(field: &MetaField) -> Self {
        let directive =
            field.directive_invocations.iter().find(|directive| directive.name == cost_directives::LIST_SIZE);
        let assumed = directive.and_then(|directive| number(directive.args.get(cost_directives::ASSUMED_SIZE)?));
        let default = assumed.unwrap_or(1);
        let sliced_by =
            directive.and_then(|directive| match directive.args.get(cost_directives::SLICING_ARGUMENTS)? {
                Value::List(names) => match names.first()? {
                    Value::String(name) => Some(name.clone()),
                    _ => None,
                },
                _ => None,
            });
        let length = match sliced_by {
            Some(name) => Length::Argument { name, default },
            None => Length::Fixed(default.saturating_mul(UNIT)),
        };
        let weight = field.directive_invocations.iter().find(|directive| directive.name == cost_directives::COST);
        let weight = weight.and_then(|directive| match directive.args.get(cost_directives::WEIGHT)? {
            Value::String(weight) => weight.parse::<u64>().ok(),
            _ => None,
        });
        let weight = weight.unwrap_or(0).saturating_mul(UNIT);
        Self { returns: MetaTypeName::concrete_typename(&field.ty).to_owned(), length, weight }
    }
}

impl IntrospectionLengths {
    fn of(registry: &Registry) -> Self {
        let types = registry.types.len() as u64;
        let mut lengths = Self { types: types.saturating_mul(UNIT), ..Self::default() };
        let mut list = |name: &'static str, counts: Vec<usize>| {
            let (sum, longest) =
                (counts.iter().sum::<usize>() as u64, counts.iter().max().copied().unwrap_or(0) as u64);
            let over = (counts.len() as u64).max(1);
            lengths.average.insert(name, sum.saturating_mul(UNIT).div_ceil(over));
            lengths.longest.insert(name, longest.saturating_mul(UNIT));
        };
        let all = || registry.types.values();
        let fields = || all().filter_map(MetaType::fields).flat_map(|fields| fields.values());
        list("fields", all().map(|kind| kind.fields().map_or(0, IndexMap::len)).collect());
        list("args", fields().map(|field| field.args.len()).collect());
        list(
            "inputFields",
            all()
                .map(|kind| match kind {
                    MetaType::InputObject { input_fields, .. } => input_fields.len(),
                    _ => 0,
                })
                .collect(),
        );
        list(
            "enumValues",
            all()
                .map(|kind| match kind {
                    MetaType::Enum { enum_values, .. } => enum_values.len(),
                    _ => 0,
                })
                .collect(),
        );
        list(
            "possibleTypes",
            all()
                .map(|kind| match kind {
                    MetaType::Interface { possible_types, .. } | MetaType::Union { possible_types, .. } => {
                        possible_types.len()
                    }
                    _ => 0,
                })
                .collect(),
        );
        list("interfaces", all().map(|kind| registry.implements.get(kind.name()).map_or(0, IndexSet::len)).collect());
        list("directives", vec![registry.directives.len()]);
        lengths.wrapped = wrapped(registry);
        lengths
    }

    /// Returns the length of a list, or how often an object is there. The list `types` has every type. Below it the lists of
    /// all types add up, so each counts with the average length, and each type within another with the share of types that
    /// are wrapped so often. Elsewhere a query can reach the type with the longest list, so that length counts.
    fn length(&self, field: &str, below: Below) -> u64 {
        match (field, below) {
            ("types", _) => self.types,
            ("ofType", Below::TypeOf { wrappers }) => self.wrapped.get(wrappers).copied().unwrap_or(0),
            (_, Below::Types) => self.average.get(field).copied().unwrap_or(UNIT),
            _ => self.longest.get(field).copied().unwrap_or(UNIT),
        }
    }
}

/// Returns how many of the types that are wrapped 0, 1, 2, … times are wrapped once more, in thousandths. Fields, arguments
/// and input fields are counted apart, and the largest share counts.
fn wrapped(registry: &Registry) -> Vec<u64> {
    let fields = || registry.types.values().filter_map(MetaType::fields).flat_map(|fields| fields.values());
    let inputs = registry.types.values().flat_map(|kind| match kind {
        MetaType::InputObject { input_fields, .. } => input_fields.values().collect(),
        _ => Vec::new(),
    });
    let types: [Vec<&str>; 3] = [
        fields().map(|field| field.ty.as_str()).collect(),
        fields().flat_map(|field| field.args.values()).map(|argument| argument.ty.as_str()).collect(),
        inputs.map(|input| input.ty.as_str()).collect(),
    ];
    let wrappers = |ty: &str| ty.matches(['[', '!']).count();
    let at_least = |types: &[&str], least: usize| types.iter().filter(|ty| wrappers(ty) >= least).count() as u64;
    let share = |least: usize| {
        let shares = types.iter().filter_map(|types| {
            let more = at_least(types, least + 1).saturating_mul(UNIT);
            (at_least(types, least) > 0).then(|| more.div_ceil(at_least(types, least)))
        });
        shares.max().filter(|share| *share > 0)
    };
    (0..).map_while(share).collect()
}

/// The type that a selection set is on.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Parent<'a> {
    /// A type of the schema, or a type that does not exist.
    Type(&'a str),
    /// A type of introspection.
    Introspection(Below),
}

/// What all the objects of a selection set of introspection have in common.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Below {
    /// Nothing: a client has chosen them.
    Chosen,
    /// They are all the types, or what all the types have.
    Types,
    /// They are the types of all fields or arguments, without so many wrappers.
    TypeOf { wrappers: usize },
}

impl Below {
    /// Returns what the objects of a field have in common.
    fn field(self, name: &str) -> Self {
        match (self, name) {
            (_, "types") | (Self::Types, "fields" | "inputFields" | "args") => Self::Types,
            (Self::Types, "type") => Self::TypeOf { wrappers: 0 },
            (Self::TypeOf { wrappers }, "ofType") => Self::TypeOf { wrappers: wrappers + 1 },
            _ => Self::Chosen,
        }
    }
}

struct Walk<'a> {
    costs: &'a Costs,
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
    variables: Option<&'a Map<String, Json>>,
    /// For each fragment and parent type, the cost of the data and of introspection.
    fragments: HashMap<(&'a str, Parent<'a>), (u64, u64)>,
    introspection: u64,
}

impl<'a> Walk<'a> {
    fn selection_set(&mut self, set: &'a SelectionSet, parent: Parent<'a>) -> u64 {
        let costs = set.items.iter().map(|selection| match &selection.node {
            Selection::Field(field) => self.field(&field.node, parent),
            Selection::InlineFragment(fragment) => {
                let condition = fragment.node.type_condition.as_ref();
                let condition = condition.map(|condition| condition.node.on.node.as_str());
                self.selection_set(&fragment.node.selection_set.node, parent.narrowed(condition))
            }
            Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node, parent),
        });
        costs.fold(0, u64::saturating_add)
    }

    fn fragment(&mut self, name: &'a str, parent: Parent<'a>) -> u64 {
        let Some(fragment) = self.document.fragments.get(name) else { return 0 };
        let parent = parent.narrowed(Some(fragment.node.type_condition.node.on.node.as_str()));
        if let Some((data, introspection)) = self.fragments.get(&(name, parent)).copied() {
            self.introspection = self.introspection.saturating_add(introspection);
            return data;
        }
        let before = self.introspection;
        let data = self.selection_set(&fragment.node.selection_set.node, parent);
        self.fragments.insert((name, parent), (data, self.introspection.saturating_sub(before)));
        data
    }

    fn field(&mut self, field: &'a Field, parent: Parent<'a>) -> u64 {
        let (name, below) = (field.name.node.as_str(), &field.selection_set.node);
        let costs = self.costs;
        let (length, inside, weight) = match parent {
            Parent::Type(_) if name == "__schema" || name == "__type" => {
                let base = if name == "__schema" { SCHEMA } else { UNIT };
                let cost = base.saturating_add(self.selection_set(below, Parent::Introspection(Below::Chosen)));
                self.introspection = self.introspection.saturating_add(cost);
                return 0;
            }
            Parent::Introspection(common) => {
                (costs.introspection.length(name, common), Parent::Introspection(common.field(name)), 0)
            }
            Parent::Type(parent) => match costs.types.get(parent).and_then(|fields| fields.get(name)) {
                Some(cost) => (self.length(cost, field), Parent::Type(&cost.returns), cost.weight),
                None => (UNIT, Parent::Type(""), 0),
            },
        };
        let each = UNIT.saturating_add(self.selection_set(below, inside));
        // An empty list counts as one value.
        (length.saturating_mul(each) / UNIT).max(UNIT).saturating_add(weight)
    }

    fn length(&self, cost: &FieldCost, field: &Field) -> u64 {
        let (name, default) = match &cost.length {
            Length::Fixed(length) => return *length,
            Length::Argument { name, default } => (name, *default),
        };
        let given = field.get_argument(name).map(|value| {
            let resolved = value.node.clone().into_const_with(|name| Ok::<_, Infallible>(self.variable(&name)));
            resolved.unwrap_or_else(|never| match never {})
        });
        let requested = match given {
            None | Some(Value::Null) => default,
            // A value that is no number is refused later.
            Some(value) => number(&value).unwrap_or(LONGEST_LIST),
        };
        requested.clamp(1, LONGEST_LIST).saturating_mul(UNIT)
    }

    /// Returns the value of a variable: the one that the client sent, or the default of the operation.
    fn variable(&self, name: &str) -> Value {
        if let Some(value) = self.variables.and_then(|variables| variables.get(name)) {
            return value.as_u64().map_or_else(|| Value::from_json(value.clone()).unwrap_or_default(), Value::from);
        }
        let definitions = &self.operation.variable_definitions;
        let definition = definitions.iter().find(|definition| definition.node.name.node == name);
        let default = definition.and_then(|definition| definition.node.default_value.as_ref());
        default.map(|default| default.node.clone()).unwrap_or_default()
    }
}

fn number(value: &Value) -> Option<u64> {
    if let Value::Number(number) = value { number.as_u64() } else { None }
}

impl<'a> Parent<'a> {
    fn narrowed(self, condition: Option<&'a str>) -> Self {
        match (self, condition) {
            (Self::Type(_), Some(condition)) if !condition.starts_with("__") => Self::Type(condition),
            _ => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{engine::trusted::TrustedDocuments, graphql::registry};

    fn cost(text: &str) -> Cost {
        let document = async_graphql::parser::parse_query(text).unwrap();
        let costs = Costs::of(&registry());
        let (_, operation) = document.operations.iter().next().unwrap();
        costs.of_operation(&document, &operation.node, None)
    }

    fn data(text: &str) -> usize {
        cost(text).data
    }

    #[test]
    fn each_value_counts_one_and_lists_multiply_what_is_inside_them() {
        for (text, expected) in [
            ("{ __typename }", 1),
            ("{ budget(slug: \"x\") { id slug } }", 3),
            ("{ budgets { id slug } }", 30),
            ("{ budgets { categories { id __typename } } }", 10 * (1 + 10 * 3)),
            ("{ budgets { ...F ... on Budget { slug } } } fragment F on Budget { id }", 30),
            ("{ viewer { submissions(first: 5) { nodes { id } } } }", 1 + 5 * 3 + 50),
            ("{ viewer { submissions { nodes { id } } } }", 1 + 20 * 3 + 50),
            ("query ($n: Int = 7) { viewer { submissions(first: $n) { nodes { id } } } }", 1 + 7 * 3 + 50),
            ("{ budget(slug: \"x\") { a: viewerSubmission { id } b: viewerSubmission { id } } }", 1 + 2 * (2 + 50)),
            ("{ node(id: \"x\") { id } }", 2 + 50),
            ("{ node(id: \"x\") { ... on Budget { categories { id } } } }", 1 + 10 * 2 + 50),
            (
                "{ node(id: \"x\") { ...F } } fragment F on Node { id ... on Submission { shares { percent } } }",
                2 + 10 * 2 + 50,
            ),
            ("{ nobody { has { this } } }", 3),
        ] {
            assert_eq!(cost(text), Cost { data: expected, introspection: 0 }, "{text}");
        }
    }

    #[test]
    fn a_length_is_clamped_before_anything_is_multiplied_by_it() {
        let of = |length: &str| data(&format!("{{ viewer {{ submissions(first: {length}) {{ nodes {{ id }} }} }} }}"));
        for length in
            ["100", "101", "1073741860", "18446744073709551615", "99999999999999999999", "1e308", "\"x\"", "-5"]
        {
            assert_eq!(of(length), of("100"), "{length}");
        }
        assert_eq!(of("0"), of("1"));
        assert_eq!(of("null"), of("20"));
    }

    #[test]
    fn every_list_of_the_schema_says_how_long_it_is() {
        // The `@listSize` of a connection's field holds for the lists inside the connection.
        let of_connections = ["edges", "nodes"];
        for (name, kind) in &registry().types {
            for field in kind.fields().into_iter().flat_map(|fields| fields.values()) {
                let says =
                    field.directive_invocations.iter().any(|directive| directive.name == cost_directives::LIST_SIZE);
                let is_list = field.ty.starts_with('[') && !of_connections.contains(&field.name.as_str());
                assert!(says || !is_list, "{name}.{} needs @listSize", field.name);
            }
        }
    }

    #[test]
    fn the_page_itself_is_far_within_the_limits() {
        let mut seen = 0;
        for text in TrustedDocuments::built_in().texts() {
            let cost = data(text);
            assert!(cost * 2 <= Limit::Cost.max(), "{cost}: {text}");
            let document = async_graphql::parser::parse_query(text).unwrap();
            let selections = super::super::selections::check(&document).unwrap();
            assert!(selections * 4 <= Limit::Selections.max(), "{selections}: {text}");
            seen += 1;
        }
        assert!(seen >= 5);
    }

    #[test]
    fn the_introspection_of_todays_tools_fits_once_and_not_twice() {
        let tools = include_str!("../../../tests/it/tool_documents/graphiql-and-codegen-introspection.graphql");
        let one = cost(tools).introspection;
        let max = Limit::IntrospectionCost.max();
        assert!(one * 5 <= max * 4 && 2 * one > max, "{one} of {max}");
    }

    #[test]
    fn introspection_costs_about_what_its_answer_has() {
        let flat = cost("{ __schema { types { name fields { name args { name } } } } }").introspection;
        let nested =
            cost("{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }").introspection;
        let wrapped =
            cost("{ __schema { types { fields { type { ofType { ofType { ofType { ofType { name } } } } } } } } }");
        assert!(wrapped.introspection < 3_000, "few types are wrapped so often: {}", wrapped.introspection);
        let chosen = cost("{ __type(name: \"Query\") { fields { type { ofType { name } } } } }").introspection;
        assert!(chosen > 3 * 10, "the longest list, each with a wrapped type: {chosen}");
        assert!(flat < 2_000, "{flat}");
        assert!(nested > Limit::IntrospectionCost.max(), "{nested}");
        let spread =
            "{ ...A ...A ...A ...A } fragment A on Query { __schema { types { name fields { name args { name } } } } }";
        let spread = cost(spread).introspection;
        // Each cost is rounded up.
        assert!((4 * flat - 4..=4 * flat).contains(&spread), "as often as it is spread: {spread} beside {flat}");
    }
}
