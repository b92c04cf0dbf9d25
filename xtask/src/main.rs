//! One helper for everything around the house.

fn main() {}
