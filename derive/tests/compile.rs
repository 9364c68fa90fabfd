//! What the macros refuse, as the compiler prints it, and what they must not be refused for.

#[test]
fn what_is_refused_and_what_is_not() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/compile/fail_*.rs");
    cases.pass("tests/compile/pass_*.rs");
}
