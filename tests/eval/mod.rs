//! Evaluation, held against `pycocotools`.

mod pycocotools;
