//! Pictures for people: labels drawn over pictures, contact sheets, id and depth views, histograms.
//!
//! Nothing in here computes a label or a score.

mod boxes;
mod colour;
mod curves;
mod film;
mod judged;
mod overlay;
mod page;
mod scores;
mod sheet;
mod text;
mod video;
mod views;

pub use boxes::{draw_box, draw_points};
pub use colour::{distinct, turbo};
pub use curves::{Line, Panel, curve_page};
pub use film::{film_picture, gif};
pub use judged::{FOUND, MISSED, NEITHER, WRONG, close_up, judged};
pub use overlay::{OverlayOptions, overlay};
pub use page::histogram_page;
pub use scores::score_page;
pub use sheet::{Tile, contact_sheet};
pub use text::ReportError;
pub use video::mp4;
pub use views::{depth_view, id_view, to_png};

#[cfg(test)]
mod tests;
