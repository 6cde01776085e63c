fn main() {
    println!("cargo:rerun-if-changed=../../../schema.graphql");
    let schema = cynic_codegen::register_schema("taxbudget").from_sdl_file("../../../schema.graphql");
    schema.expect("cynic reads schema.graphql").as_default().expect("the schema is the only one");
}
