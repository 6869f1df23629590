//! The one test binary of the package.

#![allow(clippy::unwrap_used, clippy::expect_used)]
#![expect(unreachable_pub, reason = "a test binary exports nothing")]

mod audit;
mod billing;
mod cli_keywords;
mod clones;
mod config_cli;
mod first;
mod help;
mod intake;
mod keys;
mod keys_board;
mod keys_kept;
mod keys_lines;
mod keys_note;
mod keys_points;
mod keys_queries;
mod keys_queue;
mod keys_small;
mod keys_views;
mod keywords;
mod plain;
mod report_cli;
mod review_beside;
mod review_cli;
mod review_orders;
mod review_pty;
mod review_real;
mod screen_marks;
mod screen_properties;
mod screen_pty;
mod screen_words;
mod screens;
mod second_review;
mod statuses;
mod support;
mod tidy;
