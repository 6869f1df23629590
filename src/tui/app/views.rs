//! Views a person made: saved under a name, kept in their own file, deleted again.

use crate::review::{Problem, Undo, VIEWS, View};

use super::super::message::Effect;
use super::App;

impl App {
    /// Returns the views the person made.
    pub(super) fn own_views(&self) -> Vec<View> {
        self.views.iter().skip(VIEWS.len()).cloned().collect()
    }

    /// Adds views that were kept; a name that is there already stands.
    pub fn add_views(&mut self, views: Vec<View>) {
        for view in views {
            if self.views.iter().all(|known| known.name != view.name) {
                self.views.push(view);
            }
        }
    }

    /// Puts other views in place of those the person made.
    pub(super) fn put_own_views(&mut self, views: Vec<View>) {
        let named = |at: usize| self.views.get(at).map(|view| view.name.clone());
        let (shown, arranged) = (named(self.shown.view), named(self.arranged.view));
        self.views.truncate(VIEWS.len());
        self.views.extend(views);
        let all = self.view_of_all();
        let place = |name: Option<String>| {
            self.views.iter().position(|view| Some(&view.name) == name.as_ref()).unwrap_or(all)
        };
        (self.shown.view, self.arranged.view) = (place(shown), place(arranged));
    }

    /// Saves what is shown as a view; one of the same name gives way.
    pub(super) fn save_view(&mut self, name: String) -> Vec<Effect> {
        let before = self.own_views();
        let view = self.views.get(self.shown.view).map_or("", |view| view.filter.as_str());
        let filter = format!("{view} {}", self.shown.filter).trim().to_owned();
        let view = View { name, filter, sort: Some(self.shown.sort) };
        let mut views = before.clone();
        match views.iter_mut().find(|known| known.name == view.name) {
            Some(known) => *known = view.clone(),
            None => views.push(view.clone()),
        }
        self.say(format!("View saved: {}. v lists it.   u undoes it", view.name));
        self.change_views(before, views)
    }

    pub(super) fn delete_view(&mut self, at: usize) -> Vec<Effect> {
        let before = self.own_views();
        let mut views = before.clone();
        if at >= views.len() {
            return Vec::new();
        }
        let gone = views.remove(at);
        self.say(format!("View deleted: {}.   u undoes it", gone.name));
        self.change_views(before, views)
    }

    fn change_views(&mut self, before: Vec<View>, views: Vec<View>) -> Vec<Effect> {
        self.undo.push(Undo::Views(before));
        self.put_own_views(views);
        vec![Effect::KeepViews(self.own_views())]
    }

    /// The file was written, which needs no word; or it was not.
    pub(super) fn on_views_kept(&mut self, kept: Result<String, Problem>) -> Vec<Effect> {
        if let Err(problem) = kept {
            let why = format!("{} {}", problem.why, problem.remedy);
            self.refuse(format!("The views hold until you quit. {}", why.trim()));
        }
        Vec::new()
    }
}
