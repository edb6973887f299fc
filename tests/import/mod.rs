//! glTF in and out: sound files, broken files, hostile files, and the way back.

mod build;
mod export;
mod fuzz;
mod hostile;
mod looks;
mod pose;
mod shapes;
