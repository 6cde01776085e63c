//! The default budget, as its clients know it.

/// The keys of its categories, in order.
pub const CATEGORIES: [&str; 10] = [
    "healthcare",
    "education",
    "defense",
    "infrastructure",
    "social-security",
    "environment",
    "science",
    "public-safety",
    "housing",
    "other",
];
