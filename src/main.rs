//! Starts the page, or the worker that reads evidence beside it. Built for wasm32; natively it only says how to build it.

// Natively only the tests of its plain parts use it.
#[cfg(any(target_arch = "wasm32", test))]
#[cfg_attr(not(target_arch = "wasm32"), allow(dead_code))]
mod page;

#[cfg(target_arch = "wasm32")]
fn main() {
    page::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    println!("This is the page's binary: it runs in a browser. `trunk build --release` makes it (see README.md).");
    println!("From a terminal, `cargo run --release --example diagnose -- FILE…` prints the same report.");
}
