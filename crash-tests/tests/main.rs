//! Power cuts and failing disks under the program's own way of opening and appending.

mod creation;
mod faults;
mod power_loss;
mod support;
