//! See [`fuzz::solution`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::solution(data));
