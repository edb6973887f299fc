//! Evaluation, held against `pycocotools`.

mod pycocotools;
mod shelf;
