//! Compiles the keyword files once, so that no start of the program has to.

#![allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "the floors are written for the program"
)]

use std::error::Error;
use std::path::Path;

#[path = "src/model/mod.rs"]
mod model;

#[path = "src/knowledge"]
mod knowledge {
    mod begins;
    pub(crate) mod compile;
    mod examples;
    mod fold;
    pub(crate) mod folder;
    mod forms;
    mod general;
    mod headings;
    mod index;
    mod kinds;
    mod lemmas;
    mod lexicon;
    mod parse;
    mod pattern;
    mod phrases;
    mod rows;
    mod tokens;
    mod words;
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=keywords");
    let files = knowledge::folder::read_folder(Path::new("keywords"))?;
    let lexicon = knowledge::compile::compile(&files).map_err(|faults| {
        let pictures: Vec<String> =
            faults.iter().map(|fault| format!("{fault}\n{}", fault.picture)).collect();
        pictures.join("\n")
    })?;
    let place = std::env::var_os("OUT_DIR").ok_or("cargo names no folder for what is built")?;
    std::fs::write(Path::new(&place).join("lexicon.bin"), postcard::to_stdvec(&lexicon)?)?;
    Ok(())
}
