use super::{
    file::{self, Format},
    *,
};
use proptest::prelude::*;

fn federal() -> BudgetDraft {
    crate::domain::starter_budgets::federal()
}

fn rules(draft: &BudgetDraft) -> Vec<(String, &'static str, bool)> {
    check(draft).into_iter().map(|problem| (problem.path, problem.rule, problem.blocking)).collect()
}

#[test]
fn a_broken_rule_is_named_with_its_place() {
    let broken = |change: &dyn Fn(&mut BudgetDraft)| {
        let mut draft = federal();
        change(&mut draft);
        rules(&draft)
    };
    let one = |path: &str, rule, blocking| vec![(path.to_owned(), rule, blocking)];
    assert_eq!(broken(&|_| {}), []);
    for slug in ["", "a", "Town", "my town", "-town", "town-", "täwn", &"a".repeat(65)] {
        assert_eq!(broken(&|draft| draft.slug = slug.to_owned()), one("slug", "SLUG", true), "{slug}");
    }
    assert_eq!(broken(&|draft| draft.title = " ".to_owned()), one("title", "REQUIRED", true));
    assert_eq!(broken(&|draft| draft.title = "ä".repeat(200)), []);
    assert_eq!(broken(&|draft| draft.title = "ä".repeat(201)), one("title", "LENGTH", true));
    assert_eq!(broken(&|draft| draft.description = Some("x".repeat(5_001))), one("description", "LENGTH", true));
    for currency in ["", "usd", "US", "XXY", "DOLLAR"] {
        assert_eq!(
            broken(&|draft| draft.currency = currency.to_owned()),
            one("currency", "CURRENCY", true),
            "{currency}"
        );
    }
    assert_eq!(broken(&|draft| draft.language = "not a tag".to_owned()), one("language", "LANGUAGE", true));
    assert_eq!(broken(&|draft| draft.time_zone = "Mars/Base".to_owned()), one("timeZone", "TIME_ZONE", true));
    assert_eq!(
        broken(&|draft| draft.categories[1].color = "red".to_owned()),
        one("categories[1].color", "COLOR", true)
    );
    for color in ["#ffffff", "#000000", "#fafafa"] {
        let found = broken(&|draft| draft.categories[1].color = color.to_owned());
        assert_eq!(found, one("categories[1].color", "CONTRAST", true), "{color}");
    }
    assert_eq!(
        broken(&|draft| draft.categories[1].label = String::new()),
        one("categories[1].label", "REQUIRED", true)
    );
    assert_eq!(broken(&|draft| draft.categories[0].actual_percent = None), one("categories", "ACTUAL_MISSING", true));
    let none = broken(&|draft| draft.categories.iter_mut().for_each(|category| category.actual_percent = None));
    assert_eq!(none, []);
    let less = broken(&|draft| draft.categories[0].actual_percent = Some(PercentNumber(Share::ZERO)));
    assert_eq!(less, one("categories", "SUM", true));
    let twice = broken(&|draft| {
        draft.categories[1].key = draft.categories[0].key.clone();
        draft.translations.clear();
    });
    assert_eq!(twice, one("categories[1].key", "UNIQUE", true));
    let opens_at = DateTime::from_timestamp(1_000_000, 0);
    let window = broken(&|draft| (draft.opens_at, draft.closes_at) = (opens_at, opens_at));
    assert_eq!(window, one("closesAt", "WINDOW", true));
    let falling = broken(&|draft| draft.tax_illustration.as_mut().unwrap().taxes[0].brackets.reverse());
    assert_eq!(falling, one("taxIllustration.taxes[0].brackets", "ORDER", true));
    let unknown = broken(&|draft| {
        draft.translations.get_mut("de").unwrap().categories.insert("gone".to_owned(), CategoryTextsDraft::default());
    });
    assert_eq!(unknown, one("translations.de.categories.gone", "UNKNOWN_KEY", false));
}

#[test]
fn an_empty_draft_can_be_stored_but_not_opened() {
    let draft = BudgetDraft::empty("town".to_owned(), String::new(), "en".to_owned(), "EUR".to_owned());
    let problems = check(&draft);
    assert!(problems.iter().all(|problem| problem.blocking && !problem.refused), "{problems:?}");
    assert_eq!(rules(&draft), [("title".to_owned(), "REQUIRED", true), ("categories".to_owned(), "COUNT", true)]);
}

#[test]
fn a_text_that_a_language_lacks_is_missing_there_alone() {
    let mut draft = federal();
    assert_eq!(missing_texts(&draft), []);
    let german = draft.translations.get_mut("de").unwrap();
    german.title = Some(" ".to_owned());
    german.categories.get_mut("education").unwrap().label.clear();
    german.categories.remove("other");
    let missing: Vec<(String, String)> =
        missing_texts(&draft).into_iter().map(|missing| (missing.language, missing.path)).collect();
    let expected = ["title", "categories.education.label", "categories.other.label", "categories.other.description"];
    assert_eq!(missing, expected.map(|path| ("de".to_owned(), format!("translations.de.{path}"))));
}

#[test]
fn a_per_cent_is_read_exactly_or_refused() {
    let read =
        |json: &str| serde_json::from_str::<PercentNumber>(json).map(|PercentNumber(share)| share.basis_points());
    for (json, basis_points) in
        [("0", 0), ("100", 10_000), ("33.33", 3_333), ("0.07", 7), ("28.18", 2_818), ("5.0", 500)]
    {
        assert_eq!(read(json).unwrap(), basis_points, "{json}");
    }
    for json in ["-1", "100.01", "0.001", "33.333", "1e9", "\"5\"", "null", "true"] {
        assert!(read(json).is_err(), "{json}");
    }
}

#[test]
fn a_file_that_cannot_be_read_says_where() {
    let of = |text: &str| file::parse(text).unwrap_err().to_string();
    let yaml = "slug: town\ntitle: T\nlanguage: en\ncurrency: EUR\ncategories:\n  - key: a\n    color: '#4f8ee4'\n    actualPercent: 12.345\n";
    let error = of(yaml);
    assert!(error.starts_with("line 8, column 20, categories[0].actualPercent: "), "{error}");
    let error = of("slug: town\ntitel: T\n");
    assert!(error.starts_with("line 2, column 1, titel: "), "{error}");
    let error = of("{\n  \"slug\": 5\n}");
    assert!(error.starts_with("line 2, column 11, slug: "), "{error}");
    let error = of("slug: town\n");
    assert!(error.contains("title"), "{error}");
    assert!(of("slug: [town\n").starts_with("line "), "{}", of("slug: [town\n"));
}

fn text() -> impl Strategy<Value = String> {
    // What YAML might take for something else, and any characters.
    let odd = prop::sample::select(vec![
        "",
        " ",
        "yes",
        "no",
        "null",
        "~",
        "1e3",
        "0x1F",
        "1_000",
        "012",
        "-",
        "- a",
        "a: b",
        "# no",
        "'",
        "\"",
        "@",
        "!x",
        "&a",
        "*a",
        "a\nb",
        "a\n",
        "\n a",
        " a ",
        "a\tb",
        "2026-11-26",
        "true",
        "|",
        ">",
        "%",
        "{}",
        "[]",
        "\u{85}",
        "\u{2028}",
        "...",
        "---",
    ]);
    prop_oneof![odd.prop_map(str::to_owned), "\\PC{0,20}", "(\\PC|[\n\t]){0,200}"]
}

fn draft() -> impl Strategy<Value = BudgetDraft> {
    let category = ("[a-z]{1,8}", text(), text(), "#[0-9a-f]{6}", prop::option::of(0u16..=10_000));
    let category = category.prop_map(|(key, label, description, color, actual)| CategoryDraft {
        key,
        label,
        description,
        color,
        actual_percent: actual.and_then(Share::from_basis_points).map(PercentNumber),
    });
    let texts = (text(), text()).prop_map(|(label, description)| CategoryTextsDraft { label, description });
    let translation =
        (prop::option::of(text()), prop::option::of(text()), prop::collection::btree_map("[a-z]{1,8}", texts, 0..3));
    let translation =
        translation.prop_map(|(title, description, categories)| TranslationDraft { title, description, categories });
    let bracket = (0i64..1_000_000, 0u16..=10_000).prop_map(|(above, rate)| BracketDraft {
        above,
        percent: PercentNumber(Share::from_basis_points(rate).unwrap()),
    });
    let by_language = || prop::collection::btree_map("[a-z]{2}", text(), 0..3);
    let tax = (by_language(), prop::collection::vec(bracket, 0..4))
        .prop_map(|(label, brackets)| TaxDraft { label, brackets });
    let illustration =
        (by_language(), prop::collection::vec(0i64..1_000_000_000, 0..4), prop::collection::vec(tax, 0..3))
            .prop_map(|(note, incomes, taxes)| TaxIllustrationDraft { note, incomes, taxes });
    let moment = || {
        prop::option::of(
            (0i64..4_000_000_000, 0u32..1_000_000)
                .prop_map(|(seconds, micros)| DateTime::from_timestamp(seconds, micros * 1_000).unwrap()),
        )
    };
    let settings = (
        prop::option::of(0i64..i64::MAX),
        prop::sample::select(vec![
            StartPosition::Zero,
            StartPosition::Equal,
            StartPosition::Actual,
            StartPosition::Latest,
        ]),
        prop::sample::select(vec![CategoryOrder::Fixed, CategoryOrder::Rotated]),
        prop::sample::select(vec![
            ResultVisibility::Always,
            ResultVisibility::AfterTakingPart,
            ResultVisibility::AfterClosing,
        ]),
        prop::sample::select(vec![Participation::Open, Participation::Code]),
        (1u16..=1_000, prop::option::of(1u16..=3_650)),
        (moment(), moment()),
    );
    let parts = (
        ("[a-z0-9-]{2,12}", text(), prop::option::of(text())),
        prop::collection::vec(category, 0..5),
        prop::collection::btree_map("[a-z]{2}", translation, 0..3),
        prop::option::of(illustration),
        settings,
    );
    parts.prop_map(|((slug, title, description), categories, translations, tax_illustration, settings)| {
        let (total_amount, start_position, category_order, visibility, participation, numbers, times) = settings;
        BudgetDraft {
            description,
            total_amount,
            categories,
            translations,
            start_position,
            category_order,
            tax_illustration,
            publish_every: PublishEvery::try_from(numbers.0).unwrap(),
            visibility,
            participation,
            retention_days: numbers.1.map(|days| RetentionDays::try_from(days).unwrap()),
            opens_at: times.0,
            closes_at: times.1,
            ..BudgetDraft::empty(slug, title, "en".to_owned(), "EUR".to_owned())
        }
    })
}

proptest! {
    #[test]
    fn a_draft_reads_back_from_its_file_in_either_format_and_from_json(draft in draft()) {
        for format in [Format::Yaml, Format::Json] {
            let text = file::write(&draft, format);
            prop_assert_eq!(file::parse(&text).map_err(|error| format!("{error}\n{text}")), Ok(draft.clone()));
        }
        prop_assert_eq!(BudgetDraft::from_value(draft.to_value()), Ok(draft));
    }

    /// Whatever organisers write, they are told what is wrong.
    #[test]
    fn checking_never_fails_and_a_path_is_never_empty(draft in draft()) {
        for problem in check(&draft) {
            prop_assert!(!problem.path.is_empty() && !problem.message.is_empty() && problem.rule == problem.rule.to_uppercase());
        }
        missing_texts(&draft);
    }

    #[test]
    fn real_shares_are_accepted_exactly_if_they_add_up_to_the_whole(shares in prop::collection::vec(0u16..=4_000, 2..6)) {
        let mut draft = federal();
        draft.categories.truncate(shares.len());
        draft.translations.clear();
        for (category, share) in draft.categories.iter_mut().zip(&shares) {
            category.actual_percent = Some(PercentNumber(Share::from_basis_points(*share).unwrap()));
        }
        let sum: u32 = shares.iter().map(|share| u32::from(*share)).sum();
        prop_assert_eq!(check(&draft).iter().any(|problem| problem.rule == "SUM"), sum != 10_000);
    }
}
