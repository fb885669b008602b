//! The service.

#[cfg_attr(
    not(test),
    expect(dead_code, reason = "the service does not use it yet")
)]
mod keys;
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "the service does not use it yet")
)]
mod seal;
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "the service does not use it yet")
)]
mod secret;

fn main() {}
