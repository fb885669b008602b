//! The service.

#[cfg_attr(
    not(test),
    expect(
        dead_code,
        unused_imports,
        reason = "no page takes or shows pictures yet"
    )
)]
mod picture;

fn main() {}
