//! t
mod config;
