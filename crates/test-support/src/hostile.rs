//! Documents made to cost a GraphQL server as much as possible, at most 16 KiB long: each shape is a way in which parsers,
//! validators or executors are known to take more than linear time or memory. Used by the tests and by the benchmarks.

use rand::{Rng, RngExt, SeedableRng, rngs::SmallRng};
use serde_json::{Map, Value, json};

/// As long as a document may be.
pub const MAX_BYTES: usize = 16 * 1024;

/// A request that is meant to do harm.
#[derive(Clone)]
pub struct Hostile {
    /// What it is made of.
    pub shape: &'static str,
    pub query: String,
    pub variables: Map<String, Value>,
}

/// An endless sequence of them, the same for the same seed.
pub struct Generator(SmallRng);

type Shape = (&'static str, fn(&mut SmallRng) -> (String, Map<String, Value>));

/// Everything that is tried.
pub const SHAPES: [Shape; 27] = [
    ("a subscription's fragment that spreads itself", |random| {
        let spreads = "...A ".repeat(size(random, 3_000));
        without_variables(format!("subscription{{...A}} fragment A on Subscription{{{spreads}}}"))
    }),
    ("fields that can't be merged", |random| {
        let (arguments, repeats) = (size(random, 40), size(random, 3_000));
        let arguments: String = (0..arguments).map(|n| format!("{}:1,", name(n))).collect();
        without_variables(format!("{}{{x({arguments}) {}}}", kind(random), "x ".repeat(repeats)))
    }),
    ("fields that can't be merged, in many places", |random| {
        let arguments: String = (0..size(random, 20)).map(|n| format!("{}:1,", name(n))).collect();
        let set = format!("{{x({arguments}) {}}}", "x ".repeat(size(random, 50)));
        let sets: String = (0..size(random, 40)).map(|n| format!("a{n}:x{set} ")).collect();
        without_variables(format!("{{{sets}}}"))
    }),
    ("aliases of one name for different fields", |random| {
        let aliases: String = (0..size(random, 3_000)).map(|n| format!("x:{} ", name(n))).collect();
        without_variables(format!("{{{aliases}}}"))
    }),
    ("fragments that double", |random| {
        let (levels, times) = (size(random, 50), random.random_range(2..4));
        let mut query = format!("{}{{...F0}}", kind(random));
        for level in 0..levels {
            let spreads = format!("...F{} ", level + 1).repeat(times);
            query.push_str(&format!(" fragment F{level} on Query{{{spreads}}}"));
        }
        query.push_str(&format!(" fragment F{levels} on Query{{__typename}}"));
        without_variables(query)
    }),
    ("one large fragment, spread everywhere", |random| {
        let fields = "id slug title ".repeat(size(random, 300));
        let spreads: String =
            (0..size(random, 600)).map(|n| format!("a{n}:budget(slug:\"federal\"){{...F}} ")).collect();
        without_variables(format!("{}{{{spreads}}} fragment F on Budget{{{fields}}}", kind(random)))
    }),
    ("many fragments that spread a large one", |random| {
        let fields: String = (0..size(random, 200)).map(|n| format!("a{n}:id ")).collect();
        let mut query = "{budget(slug:\"federal\"){...F0}}".to_owned();
        for n in 0..size(random, 49) {
            query.push_str(&format!(" fragment F{n} on Budget{{...L}}"));
        }
        query.push_str(&format!(" fragment L on Budget{{{fields}}}"));
        without_variables(query)
    }),
    ("type names in long lists", |random| {
        let names: String = (0..size(random, 1_500)).map(|n| format!("a{n}:__typename ")).collect();
        without_variables(in_histogram(random, &names))
    }),
    ("long aliases in long lists", |random| {
        let alias = "a".repeat(size(random, 15_000));
        without_variables(in_histogram(random, &format!("{alias}:count")))
    }),
    ("many histograms", |random| {
        let bins = bins(random);
        let histograms: String = (0..size(random, 60))
            .map(|n| format!("a{n}:histogram(bins:{bins}){{fromPercent toPercent count __typename}} "))
            .collect();
        let open = root(random);
        without_variables(format!("{open}categories{{{histograms}}}{}", closing(open)))
    }),
    ("lengths beyond every integer", |random| {
        let length = one_of(random, &["1073741860", "4294967295", "-1", "99999999999999999999", "1e308", "2147483647"]);
        without_variables(format!(
            "{{viewer{{submissions(first:{length}){{nodes{{budget{{aggregate{{version categories{{histogram(bins:{length}){{count}}}}}}}}}}}}}}}}"
        ))
    }),
    ("lengths in variables", |random| {
        let query =
            "query($n:Int,$m:Int!=100){viewer{submissions(first:$n){nodes{shares{percent category{key label color}}}}}
            budget(slug:\"federal\"){aggregate{categories{histogram(bins:$m){count}}}}}";
        let value = [json!(null), json!(100), json!(1_073_741_860_u64), json!("100"), json!(1e300), json!([100])];
        (query.to_owned(), Map::from_iter([("n".to_owned(), value[random.random_range(0..value.len())].clone())]))
    }),
    ("one field under many aliases", |random| {
        let fields: String = (0..size(random, 2_000)).map(|n| format!("a{n}:budgets{{slug}} ")).collect();
        without_variables(format!("{}{{{fields}}}", kind(random)))
    }),
    ("operations that use undefined variables", |random| {
        let uses: String = (0..size(random, 2_000)).map(|n| format!("a{n}:budget(slug:$v{n}){{id}} ")).collect();
        let operations: String = (0..size(random, 200)).map(|n| format!("query q{n}{{...F}} ")).collect();
        let definitions: String = (0..size(random, 50)).map(|n| format!("$w{n}:String ")).collect();
        without_variables(format!("query q({definitions}){{...F}} {operations} fragment F on Query{{{uses}}}"))
    }),
    ("levels of fields", |random| {
        let levels = size(random, 1_500);
        let (open, close) = ("aggregate{budget{".repeat(levels), "}}".repeat(levels));
        without_variables(format!("{{budget(slug:\"federal\"){{{open}id{close}}}}}"))
    }),
    ("levels of inline fragments", |random| {
        let levels = size(random, 3_000);
        let fields = "__typename ".repeat(size(random, 500));
        without_variables(format!("{{{}{fields}{}}}", "...{".repeat(levels), "}".repeat(levels)))
    }),
    ("levels of values", |random| {
        let levels = size(random, 7_000);
        let (open, close) = one_of(random, &[("[", "]"), ("{a:", "}")]);
        without_variables(format!("{{budget(slug:{}1{}){{id}}}}", open.repeat(levels), close.repeat(levels)))
    }),
    ("brackets that never close", |random| {
        without_variables(
            (one_of(random, &["{", "[", "(", "{a(b:[", "\"\"\"", "query($a:["])).repeat(size(random, MAX_BYTES)),
        )
    }),
    ("directives", |random| {
        let directive = one_of(random, &["@skip(if:false) ", "@include(if:$x) ", "@nope ", "@public ", "@ifdef "]);
        without_variables(format!("{{budgets{{id {}}}}}", directive.repeat(size(random, 3_000))))
    }),
    ("names that nobody has", |random| {
        let length = size(random, 200);
        let fields: String =
            (0..size(random, 1_500)).map(|n| format!("{}{} ", "categoryId".repeat(length / 10), name(n))).collect();
        without_variables(format!("{{budget(slug:\"federal\"){{{fields}}}}}"))
    }),
    ("arguments that nobody has", |random| {
        let arguments: String = (0..size(random, 2_000)).map(|n| format!("languag{n}:\"x\" ")).collect();
        without_variables(format!("{{budget(slug:\"federal\"){{title({arguments})}}}}"))
    }),
    ("long lists of shares", |random| {
        let shares = "{category:\"x\",percent:1}".repeat(size(random, 700));
        without_variables(format!(
            "mutation{{submitAllocation(input:{{budget:\"federal\",shares:[{shares}]}}){{submission{{id}}}}}}"
        ))
    }),
    ("many mutations", |random| {
        let fields: String = (0..size(random, 200))
            .map(|n| format!("a{n}:submitAllocation(input:{{budget:\"federal\",shares:[]}}){{submission{{id}}}} "))
            .collect();
        without_variables(format!("mutation{{{fields}}}"))
    }),
    ("introspection inside itself", |random| {
        let levels = size(random, 12);
        let list =
            one_of(random, &["fields{type{", "fields{args{type{", "possibleTypes{interfaces{", "ofType{fields{type{"]);
        let aliases: String = (0..size(random, 300)).map(|n| format!("a{n}:name ")).collect();
        let closing = "}".repeat(levels * list.matches('{').count());
        without_variables(format!("{{__schema{{types{{{}{aliases}{closing}}}}}}}", list.repeat(levels)))
    }),
    ("the schema under many aliases", |random| {
        let fields = "__schema{types{name kind description fields{name description args{name} type{name}}}} ";
        let fields: String = (0..size(random, 60)).map(|n| format!("a{n}:{fields}")).collect();
        without_variables(format!("{{{fields}}}"))
    }),
    ("variables used everywhere", |random| {
        let uses: String = (0..size(random, 300)).map(|n| format!("a{n}:budget(slug:$v){{id}} ")).collect();
        let value = match random.random_range(0..3) {
            0 => json!("x".repeat(size(random, 40_000))),
            1 => json!(vec![0; size(random, 20_000)]),
            _ => (0..size(random, 100)).fold(json!(1), |inner, _| json!([inner])),
        };
        (format!("query($v:String!){{{uses}}}"), Map::from_iter([("v".to_owned(), value)]))
    }),
    ("strings, comments and blanks", |random| {
        let filler = match random.random_range(0..4) {
            0 => format!("\"{}\"", "\\u00e9".repeat(size(random, 2_500))),
            1 => format!("\"\"\"{}\"\"\"", "\n \\\"\"\" x".repeat(size(random, 1_800))),
            2 => format!("\"\" #{}\n", "{[(".repeat(size(random, 5_000))),
            _ => format!("{} \"\"", ", \u{feff}\t\r\n".repeat(size(random, 2_000))),
        };
        without_variables(format!("{{budget(slug:{filler}){{id}}}}"))
    }),
];

impl Generator {
    pub fn new(seed: u64) -> Self {
        Self(SmallRng::seed_from_u64(seed))
    }
}

impl Iterator for Generator {
    type Item = Hostile;

    fn next(&mut self) -> Option<Hostile> {
        loop {
            let (shape, make) = one_of(&mut self.0, &SHAPES);
            let (query, variables) = make(&mut self.0);
            // What is longer is refused by its length alone: tried sometimes.
            if query.len() <= MAX_BYTES || self.0.random_range(0..50) == 0 {
                return Some(Hostile { shape, query, variables });
            }
        }
    }
}

/// Small, or anything up to the most: the worst is often just within a limit, which nobody knows here.
fn size(random: &mut SmallRng, most: usize) -> usize {
    match random.random_range(0..4) {
        0 => random.random_range(1..=most),
        1 => random.random_range(1..=most.div_ceil(4)),
        2 => random.random_range(1..=most.min(60)),
        _ => random.random_range(1..=most.min(20)),
    }
}

fn one_of<T: Copy>(random: &mut impl Rng, these: &[T]) -> T {
    these[random.random_range(0..these.len())]
}

fn kind(random: &mut impl Rng) -> &'static str {
    one_of(random, &["query", "mutation", "subscription", ""])
}

fn name(number: usize) -> String {
    format!("n{number:x}")
}

fn without_variables(query: String) -> (String, Map<String, Value>) {
    (query, Map::new())
}

/// To an aggregate, by query or subscription.
fn root(random: &mut impl Rng) -> &'static str {
    one_of(random, &["{budget(slug:\"federal\"){aggregate{", "subscription{aggregate(budget:\"federal\"){"])
}

fn closing(open: &str) -> String {
    "}".repeat(open.matches('{').count())
}

/// A number of bins that there is.
fn bins(random: &mut SmallRng) -> u8 {
    [10, 20, 100][random.random_range(0..3)]
}

fn in_histogram(random: &mut SmallRng, inside: &str) -> String {
    let (open, bins) = (root(random), bins(random));
    format!("{open}categories{{histogram(bins:{bins}){{{inside}}}}}{}", closing(open))
}
