//! Starts the page, or the worker that reads evidence beside it. Built for wasm32 only.

fn main() {}
