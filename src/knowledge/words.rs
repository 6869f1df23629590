//! The table of phrases under construction: every phrase once, with what it is used for.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;

use super::forms::{LimitsForm, Scope, Side, UnlessForm, WindowForm};
use super::lexicon::{Pattern, Reader, Role, SetId, Unless, Window, Within};
use super::parse::{Faults, Forms};
use super::phrases::{Phrase, Sets, entries};

/// Phrases, their roles, and the sets they belong to.
#[derive(Debug)]
pub(crate) struct Words {
    ids: BTreeMap<String, usize>,
    list: Vec<Phrase>,
    roles: Vec<Vec<Role>>,
    sets: Sets,
    named: BTreeMap<String, SetId>,
    unnamed: BTreeMap<Vec<String>, SetId>,
    limits: LimitsForm,
}

impl Words {
    /// Begins with the sets of all files.
    pub(crate) fn new(forms: &Forms, limits: LimitsForm, faults: &mut Faults<'_>) -> Self {
        let mut sets = Sets::new();
        for (name, entry) in &forms.sets {
            let mut texts = BTreeSet::new();
            for phrase in &entry.form {
                match entries(phrase.get_ref(), limits.phrase_forms) {
                    Ok(forms) => texts.extend(forms),
                    Err(error) => faults.push(entry.place.file, phrase.span(), error.to_string()),
                }
            }
            sets.insert(name.clone(), texts.into_iter().collect());
        }
        Self {
            ids: BTreeMap::new(),
            list: Vec::new(),
            roles: Vec::new(),
            sets,
            named: BTreeMap::new(),
            unnamed: BTreeMap::new(),
            limits,
        }
    }

    /// Enters a phrase and returns its position.
    pub(crate) fn phrase(
        &mut self,
        written: &Spanned<String>,
        file: usize,
        faults: &mut Faults<'_>,
    ) -> Option<usize> {
        if let Some(at) = self.ids.get(written.get_ref()) {
            return Some(*at);
        }
        match Phrase::parse(written.get_ref(), &self.sets, self.limits.phrase_forms) {
            Ok(phrase) => Some(self.enter(phrase)),
            Err(error) => {
                faults.push(file, written.span(), error.to_string());
                None
            }
        }
    }

    /// Enters a phrase of one plain text.
    pub(crate) fn plain(&mut self, folded: String) -> usize {
        match self.ids.get(&folded) {
            Some(at) => *at,
            None => self.enter(Phrase::of_texts(&folded.clone(), Arc::from([folded]))),
        }
    }

    fn enter(&mut self, phrase: Phrase) -> usize {
        let at = self.list.len();
        self.ids.insert(phrase.written.clone(), at);
        self.list.push(phrase);
        self.roles.push(Vec::new());
        at
    }

    /// Returns the roles of all phrases that match a folded text as a whole.
    pub(crate) fn roles_of(&self, folded: &str) -> Vec<Role> {
        let whole = self.list.iter().zip(&self.roles).filter(|(phrase, _)| phrase.is(folded));
        whole.flat_map(|(_, roles)| roles.iter().copied()).collect()
    }

    /// Gives a phrase a role.
    pub(crate) fn role(&mut self, phrase: usize, role: Role) {
        if !self.roles[phrase].contains(&role) {
            self.roles[phrase].push(role);
        }
    }

    /// Writes out the folded forms of a phrase.
    pub(crate) fn expand(
        &self,
        written: &Spanned<String>,
        file: usize,
        faults: &mut Faults<'_>,
    ) -> Vec<String> {
        let limit = self.limits.phrase_forms;
        Phrase::parse(written.get_ref(), &self.sets, limit)
            .and_then(|phrase| phrase.forms(limit))
            .unwrap_or_else(|error| {
                faults.push(file, written.span(), error.to_string());
                Vec::new()
            })
    }

    /// Writes out the folded forms of a phrase that has no more than so many.
    pub(crate) fn forms(&self, written: &str, most: usize) -> Option<Vec<String>> {
        let phrase = Phrase::parse(written, &self.sets, self.limits.phrase_forms).ok()?;
        phrase.forms(most).ok()
    }

    /// Enters some phrases.
    pub(crate) fn phrases(
        &mut self,
        phrases: &[Spanned<String>],
        file: usize,
        faults: &mut Faults<'_>,
    ) -> Vec<usize> {
        let entered = phrases.iter().filter_map(|phrase| self.phrase(phrase, file, faults));
        entered.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Returns the texts of the set of that name, in order; none if no file defines it.
    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        self.sets.get(name).map(|texts| texts.to_vec()).unwrap_or_default()
    }

    /// Enters the set of that name, if any file defines it.
    pub(crate) fn ask_set(&mut self, name: &str) {
        if let (None, Some(texts)) = (self.named.get(name), self.sets.get(name).cloned()) {
            self.enter_set(name, texts);
        }
    }

    fn enter_set(&mut self, name: &str, texts: Arc<[String]>) -> SetId {
        let id = self.next_set();
        let phrase = self.enter(Phrase::of_texts(&format!("{{{name}}}"), texts));
        self.role(phrase, Role::Set(id));
        self.named.insert(name.to_owned(), id);
        id
    }

    /// Returns the set of that name, entering it at its first use.
    pub(crate) fn named_set(
        &mut self,
        name: &Spanned<String>,
        file: usize,
        faults: &mut Faults<'_>,
    ) -> Option<SetId> {
        if let Some(id) = self.named.get(name.get_ref()) {
            return Some(*id);
        }
        let Some(texts) = self.sets.get(name.get_ref()).cloned() else {
            faults.push(file, name.span(), format!("no file defines the set `{}`", name.get_ref()));
            return None;
        };
        Some(self.enter_set(name.get_ref(), texts))
    }

    /// Returns a set of these phrases.
    pub(crate) fn unnamed_set(
        &mut self,
        phrases: &[Spanned<String>],
        file: usize,
        faults: &mut Faults<'_>,
    ) -> SetId {
        let written: BTreeSet<&str> = phrases.iter().map(|one| one.get_ref().as_str()).collect();
        let key: Vec<String> = written.into_iter().map(str::to_owned).collect();
        if let Some(id) = self.unnamed.get(&key) {
            return *id;
        }
        let id = self.next_set();
        for phrase in self.phrases(phrases, file, faults) {
            self.role(phrase, Role::Set(id));
        }
        self.unnamed.insert(key, id);
        id
    }

    fn next_set(&self) -> SetId {
        let count = self.named.len() + self.unnamed.len();
        SetId(u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// Reads names of readers.
    pub(crate) fn readers(
        names: &[Spanned<String>],
        file: usize,
        faults: &mut Faults<'_>,
    ) -> Option<Vec<Reader>> {
        names.iter().map(|name| reader(name, file, faults)).collect()
    }

    /// Compiles windows that must hold.
    pub(crate) fn windows(
        &mut self,
        forms: &[WindowForm],
        file: usize,
        faults: &mut Faults<'_>,
    ) -> Option<Vec<Window>> {
        forms.iter().map(|form| self.window(form, file, faults)).collect()
    }

    fn window(
        &mut self,
        form: &WindowForm,
        file: usize,
        faults: &mut Faults<'_>,
    ) -> Option<Window> {
        let mut sets = Vec::new();
        for name in form.set.iter().chain(&form.sets) {
            sets.push(self.named_set(name, file, faults)?);
        }
        if !form.phrases.is_empty() {
            sets.push(self.unnamed_set(&form.phrases, file, faults));
        }
        let mut readers = Vec::new();
        for name in form.reader.iter().chain(&form.readers) {
            readers.push(reader(name, file, faults)?);
        }
        let within = match (&form.within, form.same) {
            (Some(words), _) => within(words, file, faults)?,
            (None, scope) => Within::Scope(scope.unwrap_or(Scope::Clause)),
        };
        Some(Window { sets, readers, within, side: form.side })
    }

    /// Compiles a guard: phrases, sets in braces and readers in one list.
    pub(crate) fn near(
        &mut self,
        near: &[Spanned<String>],
        reach: Option<&Spanned<String>>,
        file: usize,
        faults: &mut Faults<'_>,
    ) -> Option<Window> {
        let (readers, phrases): (Vec<_>, Vec<_>) =
            near.iter().cloned().partition(|item| item.get_ref().starts_with('@'));
        let (sets, phrases): (Vec<_>, Vec<_>) =
            phrases.into_iter().partition(|item| set_name(item.get_ref()).is_some());
        let mut ids = Vec::new();
        for item in &sets {
            let name = set_name(item.get_ref()).unwrap_or_default().to_owned();
            ids.push(self.named_set(&Spanned::new(item.span(), name), file, faults)?);
        }
        if !phrases.is_empty() {
            ids.push(self.unnamed_set(&phrases, file, faults));
        }
        let readers = Self::readers(&readers, file, faults)?;
        let within = match reach {
            Some(words) => within(words, file, faults)?,
            None => Within::Scope(Scope::Segment),
        };
        Some(Window { sets: ids, readers, within, side: Side::Both })
    }

    /// Compiles what kills a match.
    pub(crate) fn unless(
        &mut self,
        forms: &[UnlessForm],
        file: usize,
        faults: &mut Faults<'_>,
    ) -> Option<Vec<Unless>> {
        let mut list = Vec::new();
        let over: Vec<Spanned<String>> =
            forms.iter().filter_map(|form| form.phrase.clone()).collect();
        if !over.is_empty() {
            list.push(Unless::Over(self.unnamed_set(&over, file, faults)));
        }
        for form in forms {
            if let Some(pattern) = &form.regex {
                list.push(Unless::Pattern(self.regex(pattern, file, faults)?));
            }
            let mut near = match form.near[..] {
                [] => None,
                _ => Some(self.near(&form.near, form.within.as_ref(), file, faults)?),
            };
            for name in &form.sets {
                let id = self.named_set(name, file, faults)?;
                let reach = match &form.within {
                    Some(words) => within(words, file, faults)?,
                    None => Within::Scope(Scope::Clause),
                };
                near.get_or_insert_with(|| Window {
                    sets: Vec::new(),
                    readers: Vec::new(),
                    within: reach,
                    side: form.side,
                })
                .sets
                .push(id);
            }
            if let Some(mut window) = near {
                window.side = form.side;
                list.push(Unless::Near(window));
            }
        }
        Some(list)
    }

    /// Compiles a pattern, bound to whole words and limited in size.
    pub(crate) fn regex(
        &self,
        pattern: &Spanned<String>,
        file: usize,
        faults: &mut Faults<'_>,
    ) -> Option<Pattern> {
        Pattern::new(pattern.get_ref(), self.limits.regex_bytes * 16)
            .map_err(|error| {
                faults.push(file, pattern.span(), format!("this pattern cannot be used: {error}"));
            })
            .ok()
    }

    /// Gives up the finished table: phrases with their anchors chosen, roles, sets by name.
    pub(crate) fn finish(mut self) -> (Vec<Phrase>, Vec<Vec<Role>>, BTreeMap<String, SetId>) {
        choose_anchors(&mut self.list);
        (self.list, self.roles, self.named)
    }
}

/// Chooses the slot that the automaton looks for: the one whose texts are rarest.
///
/// Words that many phrases share, and the small words of the language, make poor anchors: every
/// place where they stand would have to be looked at.
fn choose_anchors(list: &mut [Phrase]) {
    const COMMON: &[&str] = &[
        "a", "an", "the", "to", "of", "in", "on", "at", "for", "with", "and", "or", "by", "from",
        "pt", "patient", "is", "was", "has", "no", "not", "her", "his", "x", "as", "into", "up",
        "per", "be", "all", "this", "that", "left", "right", "l", "r", "min", "mod", "/",
    ];
    let mut shared: BTreeMap<String, u32> = BTreeMap::new();
    for phrase in list.iter() {
        for text in phrase.slots.iter().flat_map(|slot| slot.texts.iter()) {
            *shared.entry(text.clone()).or_default() += 1;
        }
    }
    let cost = |text: &String| {
        let common = if COMMON.contains(&text.as_str()) { 4000 } else { 0 };
        let short = if text.len() < 4 { 200 } else { 0 };
        shared.get(text).copied().unwrap_or(0) + common + short + 3
    };
    for phrase in list {
        let slots = phrase.slots.iter().enumerate().filter(|(_, slot)| !slot.optional);
        let best = slots.min_by_key(|(_, slot)| slot.texts.iter().map(cost).sum::<u32>());
        phrase.anchor = best.map_or(0, |(at, _)| at);
    }
}

fn set_name(item: &str) -> Option<&str> {
    let inner = item.strip_prefix('{')?.strip_suffix('}')?;
    (!inner.contains(['|', '{', '}'])).then_some(inner)
}

fn reader(name: &Spanned<String>, file: usize, faults: &mut Faults<'_>) -> Option<Reader> {
    let read = Reader::parse(name.get_ref());
    if read.is_none() {
        faults.push(file, name.span(), format!("unknown reader `{}`; readers are @reps, @load, @minutes, @seconds, @distance, @assist, @measure", name.get_ref()));
    }
    read
}

pub(crate) fn within(
    words: &Spanned<String>,
    file: usize,
    faults: &mut Faults<'_>,
) -> Option<Within> {
    let text = words.get_ref().as_str();
    let span: Range<usize> = words.span();
    match text {
        "clause" => return Some(Within::Scope(Scope::Clause)),
        "sentence" => return Some(Within::Scope(Scope::Sentence)),
        "line" => return Some(Within::Scope(Scope::Line)),
        "segment" => return Some(Within::Scope(Scope::Segment)),
        _ => {}
    }
    let number = text.strip_suffix(" words").or_else(|| text.strip_suffix(" word"));
    let read = number.and_then(|number| number.parse().ok()).map(Within::Words);
    if read.is_none() {
        faults.push(file, span, format!(
            "`{text}` is no reach; write \"8 words\", \"clause\", \"sentence\", \"line\" or \"segment\""
        ));
    }
    read
}
