//! See the table in `fuzz/README.md`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| missiva_fuzz::sip::parse::via(data));
