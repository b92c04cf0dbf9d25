//! Build step of the engine.

fn main() {}
