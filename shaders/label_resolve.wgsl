struct A {a: u32}
