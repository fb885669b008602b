//! The service.

#[cfg_attr(not(test), expect(dead_code, reason = "the pages come next"))]
#[expect(unused_imports, reason = "the pages come next")]
mod i18n;
#[expect(dead_code, unused_imports, reason = "the pages come next")]
mod words;

fn main() {}
