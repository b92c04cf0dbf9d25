//! Puts functions that resemble each other side by side. gzip looks back 32 kB only, and much of a program repeats: what stands near is
//! packed better. The program itself stays the same, only its functions have other numbers.

use crate::run::Outcome;
use std::collections::HashMap;
use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{CodeSectionReader, FunctionBody, FunctionSectionReader, Parser, Payload, TypeRef};

/// Functions are compared by the pieces of so many bytes that they have in common.
const PIECE: usize = 6;
/// A piece that more functions have than this tells nothing.
const COMMON: usize = 60;
/// How many functions back one is compared with, and how much less each of them counts.
const BACK: usize = 8;
const FADE: f64 = 0.8;

/// The program with its functions in the order in which they pack best.
pub fn ordered(wasm: &[u8]) -> Outcome<Vec<u8>> {
    let said = |error: &dyn std::fmt::Display| format!("the program's functions could not be put in order: {error}");
    let (mut imported, mut bodies) = (0u32, Vec::new());
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.map_err(|e| said(&e))? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import.map_err(|e| said(&e))?;
                    imported += u32::from(matches!(import.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes()),
            _ => {}
        }
    }
    let order = chain(&bodies);
    let mut places = vec![0; order.len()];
    for (place, old) in (0u32..).zip(&order) {
        places[*old] = place;
    }
    let mut module = Module::new();
    let mut renumber = Renumber { imported, order, places };
    renumber.parse_core_module(&mut module, Parser::new(0), wasm).map_err(|e| said(&e))?;
    Ok(module.finish())
}

/// Each function is followed by the one that has most in common with the last few.
fn chain(bodies: &[&[u8]]) -> Vec<usize> {
    let mut having: HashMap<&[u8], Vec<usize>> = HashMap::new();
    for (function, body) in bodies.iter().enumerate() {
        for piece in body.windows(PIECE) {
            let all = having.entry(piece).or_default();
            if all.last() != Some(&function) {
                all.push(function);
            }
        }
    }
    having.retain(|_, all| (2..=COMMON).contains(&all.len()));
    let mut pieces: Vec<Vec<&[u8]>> = Vec::with_capacity(bodies.len());
    for body in bodies {
        let mut all: Vec<&[u8]> = body.windows(PIECE).filter(|p| having.contains_key(p)).collect();
        all.sort_unstable();
        all.dedup();
        pieces.push(all);
    }
    let mut left = vec![true; bodies.len()];
    let mut order: Vec<usize> = Vec::with_capacity(bodies.len());
    while order.len() < bodies.len() {
        let mut common = vec![0.0; bodies.len()];
        let mut weight = 1.0;
        for last in order.iter().rev().take(BACK) {
            for piece in &pieces[*last] {
                for other in having.get(piece).into_iter().flatten().filter(|o| left[**o]) {
                    common[*other] += weight;
                }
            }
            weight *= FADE;
        }
        // Long functions have more in common with everything.
        let fits = |f: &usize| common[*f] / (bodies[*f].len() as f64).sqrt();
        let open = (0..bodies.len()).filter(|f| left[*f]);
        let Some(next) = open.reduce(|best, f| if fits(&f) > fits(&best) { f } else { best }) else { break };
        left[next] = false;
        order.push(next);
    }
    order
}

/// Writes the functions in their new order, and every mention of one with its new number.
struct Renumber {
    imported: u32,
    order: Vec<usize>,
    places: Vec<u32>,
}

type Error = reencode::Error<std::convert::Infallible>;

impl Reencode for Renumber {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error> {
        let own = function.checked_sub(self.imported).and_then(|n| self.places.get(n as usize));
        Ok(own.map_or(function, |place| place + self.imported))
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        let types = section.into_iter().collect::<Result<Vec<u32>, _>>()?;
        for old in self.order.clone() {
            functions.function(self.type_index(types[old])?);
        }
        Ok(())
    }

    fn parse_code_section(&mut self, code: &mut CodeSection, section: CodeSectionReader<'_>) -> Result<(), Error> {
        let bodies = section.into_iter().collect::<Result<Vec<FunctionBody<'_>>, _>>()?;
        for old in self.order.clone() {
            self.parse_function_body(code, bodies[old].clone())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{
        EntityType, ExportKind, ExportSection, Function, ImportSection, Instruction, TypeSection, ValType,
    };
    use wasmparser::Operator;

    /// One imported function, and six of which every other one is alike; each says its number and calls the next.
    fn program() -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        types.ty().function([], [ValType::I32]);
        let mut imports = ImportSection::new();
        imports.import("page", "log", EntityType::Function(0));
        let (mut functions, mut exports, mut code) = (FunctionSection::new(), ExportSection::new(), CodeSection::new());
        for number in 0..6u32 {
            functions.function(1);
            exports.export(&format!("f{number}"), ExportKind::Func, number + 1);
            let mut function = Function::new([]);
            function.instruction(&Instruction::I32Const(number as i32));
            for _ in 0..9 {
                let filler = if number % 2 == 0 { Instruction::I32Clz } else { Instruction::I32Popcnt };
                function.instruction(&filler);
            }
            function.instruction(&Instruction::Call(0));
            if number < 5 {
                function.instruction(&Instruction::Call(number + 2)).instruction(&Instruction::Drop);
            }
            function.instruction(&Instruction::End);
            code.function(&function);
        }
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&exports).section(&code);
        module.finish()
    }

    /// For every exported name the number that its function says, and that of the function that it calls.
    fn told(wasm: &[u8]) -> Vec<(String, i32, Option<i32>)> {
        let (mut exports, mut said) = (Vec::new(), Vec::new());
        for payload in Parser::new(0).parse_all(wasm) {
            match payload.unwrap() {
                Payload::ExportSection(all) => {
                    exports.extend(all.into_iter().map(|e| e.unwrap()).map(|e| (e.name.to_owned(), e.index)))
                }
                Payload::CodeSectionEntry(body) => {
                    let (mut number, mut called) = (0, None);
                    for operator in body.get_operators_reader().unwrap() {
                        match operator.unwrap() {
                            Operator::I32Const { value } => number = value,
                            Operator::Call { function_index } if function_index > 0 => called = Some(function_index),
                            _ => {}
                        }
                    }
                    said.push((number, called));
                }
                _ => {}
            }
        }
        let number = |index: u32| said[index as usize - 1].0;
        exports.into_iter().map(|(name, at)| (name, number(at), said[at as usize - 1].1.map(number))).collect()
    }

    #[test]
    fn what_is_alike_stands_together_and_all_is_called_as_before() {
        let before = program();
        let after = ordered(&before).unwrap();
        assert_eq!(told(&after), told(&before));
        let bodies = |wasm: &[u8]| -> Vec<Vec<u8>> {
            let entries = Parser::new(0).parse_all(wasm).filter_map(|p| match p.unwrap() {
                Payload::CodeSectionEntry(body) => Some(body.as_bytes().to_vec()),
                _ => None,
            });
            entries.collect()
        };
        let alike: Vec<bool> = bodies(&after).iter().map(|b| b.contains(&0x69)).collect();
        assert!(alike == [false, false, false, true, true, true], "{alike:?}");
        assert_eq!(ordered(&after).unwrap().len(), after.len());
        assert!(ordered(&before[..before.len() - 3]).unwrap_err().contains("order"));
    }
}
