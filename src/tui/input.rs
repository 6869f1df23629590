//! From events of the terminal to messages: keys by their character, bursts gathered.

use std::collections::{BTreeSet, VecDeque};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind,
};

use super::key::Key;
use super::message::{Message, Mouse};

/// Longest burst that is gathered; a longer paste comes as several.
const LONGEST: usize = 64 * 1024;

/// Returns the key of an event; `None` for keys that are not used, as Alt and anything.
pub fn key_of(event: KeyEvent) -> Option<Key> {
    let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
    let alt = event.modifiers.contains(KeyModifiers::ALT);
    Some(match event.code {
        // AltGr may arrive as Ctrl and Alt with the character it prints.
        KeyCode::Char(c) if ctrl && alt => Key::Char(c),
        KeyCode::Char(_) if alt => return None,
        KeyCode::Char(c) if ctrl => Key::Ctrl(c.to_ascii_lowercase()),
        KeyCode::Char(c) => Key::Char(c),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => Key::BackTab,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => Key::BackTab,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::F(1) => Key::F1,
        _ => return None,
    })
}

/// Returns the message of one event that is no printing key.
fn message_of(event: Event, at: u64) -> Option<Message> {
    match event {
        Event::Key(event) => {
            let key = key_of(event)?;
            Some(match event.kind {
                KeyEventKind::Release => Message::Released { key },
                KeyEventKind::Press | KeyEventKind::Repeat => Message::Key { key, at },
            })
        }
        Event::Paste(text) => Some(Message::Paste { text, at }),
        Event::Resize(width, height) => Some(Message::Resized { width, height }),
        Event::Mouse(event) => {
            let what = match event.kind {
                MouseEventKind::Down(MouseButton::Left) => Mouse::Click,
                MouseEventKind::Drag(MouseButton::Left) => Mouse::Drag,
                MouseEventKind::Up(MouseButton::Left) => Mouse::Release,
                MouseEventKind::ScrollUp => Mouse::WheelUp,
                MouseEventKind::ScrollDown => Mouse::WheelDown,
                _ => return None,
            };
            Some(Message::Mouse { what, x: event.column, y: event.row, at })
        }
        Event::FocusGained | Event::FocusLost => None,
    }
}

fn pressed(event: &Event) -> Option<Key> {
    match event {
        Event::Key(event) if event.kind != KeyEventKind::Release => key_of(*event),
        _ => None,
    }
}

/// Gathers what follows a printing key without a pause, and says what came of it.
///
/// `more` waits a few milliseconds for the next event. Nobody types two different keys in that
/// time, so different ones are a paste; the same one several times is a key that is held.
pub fn gather(first: Event, at: u64, more: &mut dyn FnMut() -> Option<Event>) -> Vec<Message> {
    let Some(key) = pressed(&first).filter(|key| key.prints()) else {
        return message_of(first, at).into_iter().collect();
    };
    let mut run = vec![key];
    let mut releases = Vec::new();
    let mut rest = VecDeque::new();
    while run.len() < LONGEST {
        let Some(event) = more() else { break };
        match pressed(&event) {
            Some(next @ (Key::Char(_) | Key::Enter | Key::Tab)) => run.push(next),
            Some(_) => {
                rest.extend(message_of(event, at));
                break;
            }
            None => match message_of(event, at) {
                Some(Message::Released { key }) => releases.push(key),
                Some(other) => {
                    rest.push_back(other);
                    break;
                }
                None => {}
            },
        }
    }
    let alike = run.iter().all(|other| *other == key);
    let mut messages = Vec::new();
    messages.push(match (alike, run.len()) {
        (true, 1) => Message::Key { key, at },
        (true, times) => {
            Message::Repeat { key, times: u16::try_from(times).unwrap_or(u16::MAX), at }
        }
        (false, _) => {
            let text = run
                .iter()
                .map(|key| match key {
                    Key::Char(c) => *c,
                    Key::Tab => '\t',
                    _ => '\n',
                })
                .collect();
            Message::Burst { text, at }
        }
    });
    messages.extend(releases.into_iter().map(|key| Message::Released { key }));
    messages.extend(rest);
    messages
}

/// Keys that came together, as far back as a burst reaches.
#[derive(Debug, Default)]
struct Before {
    /// The last printing key, and when it went down.
    last: Option<(Key, u64)>,
}

impl Before {
    /// Takes a message; a key right behind another one is a part of the same paste.
    ///
    /// Keys that only move are not held back to see what follows, so the first one of a paste that
    /// comes in pieces may have moved something; what decides never comes first and alone.
    fn follow(&mut self, message: Message, burst_ms: u64) -> Message {
        let (key, at) = match &message {
            Message::Key { key, at } => (*key, *at),
            Message::Repeat { key, at, .. } => {
                self.last = Some((*key, *at));
                return message;
            }
            Message::Burst { at, .. } => {
                self.last = Some((Key::Char(' '), *at));
                return message;
            }
            _ => return message,
        };
        let behind = self
            .last
            .is_some_and(|(before, then)| before != key && at.saturating_sub(then) < burst_ms);
        let text = match key {
            Key::Char(c) => c.to_string(),
            Key::Enter => "\n".to_owned(),
            Key::Tab => "\t".to_owned(),
            _ => return message,
        };
        if key.prints() || behind {
            self.last = Some((key, at));
        }
        if behind { Message::Burst { text, at } } else { message }
    }
}

/// Reads events until the terminal or the receiver is gone; meant for a thread of its own.
///
/// Only `deciding` keys wait for what follows them; all others take what is there already.
pub fn read_into(
    sender: &Sender<Message>,
    start: Instant,
    burst: Duration,
    deciding: &BTreeSet<Key>,
) {
    let burst_ms = u64::try_from(burst.as_millis()).unwrap_or(u64::MAX);
    let mut before = Before::default();
    while let Ok(event) = crossterm::event::read() {
        let at = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        let waits = pressed(&event).is_some_and(|key| deciding.contains(&key));
        let patience = if waits { burst } else { Duration::ZERO };
        let mut more = || match crossterm::event::poll(patience) {
            Ok(true) => crossterm::event::read().ok(),
            Ok(false) | Err(_) => None,
        };
        for message in gather(event, at, &mut more) {
            if sender.send(before.follow(message, burst_ms)).is_err() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(c: char) -> Event {
        Event::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE))
    }

    fn gathered(events: Vec<Event>) -> Vec<Message> {
        let mut events: VecDeque<Event> = events.into();
        let first = events.pop_front().unwrap();
        gather(first, 7, &mut || events.pop_front())
    }

    #[test]
    fn different_keys_at_once_are_a_burst_and_the_same_key_is_held() {
        assert!(matches!(&gathered(vec![press('a')])[..], [Message::Key { at: 7, .. }]));
        let run = gathered("aaqd1".chars().map(press).collect());
        assert!(matches!(&run[..], [Message::Burst { text, .. }] if text == "aaqd1"));
        let run = gathered("jjj".chars().map(press).collect());
        assert!(matches!(&run[..], [Message::Repeat { times: 3, .. }]));
    }

    #[test]
    fn what_decides_right_behind_another_key_is_a_part_of_a_paste() {
        let mut before = Before::default();
        let mut press = |key, at| before.follow(Message::Key { key, at }, 8);
        assert!(matches!(press(Key::Char('j'), 100), Message::Key { .. }), "moves at once");
        assert!(matches!(press(Key::Char('a'), 103), Message::Burst { .. }));
        assert!(matches!(press(Key::Enter, 106), Message::Burst { .. }));
        assert!(matches!(press(Key::Char('a'), 200), Message::Key { .. }));
        assert!(
            matches!(press(Key::Char('a'), 204), Message::Key { .. }),
            "held, which guards see"
        );
        assert!(matches!(press(Key::Down, 205), Message::Key { .. }), "arrows are in no paste");
        assert!(matches!(press(Key::Enter, 300), Message::Key { .. }));
    }

    #[test]
    fn releases_and_other_events_keep_their_place_behind_the_burst() {
        let mut release = KeyEvent::new(KeyCode::Char('a'), KeyModifiers::NONE);
        release.kind = KeyEventKind::Release;
        let run = gathered(vec![press('a'), Event::Key(release), Event::Resize(80, 24)]);
        assert!(matches!(
            &run[..],
            [Message::Key { .. }, Message::Released { .. }, Message::Resized { .. }]
        ));
    }

    #[test]
    fn shift_is_in_the_character_and_altgr_is_the_character() {
        let key = |code, modifiers| key_of(KeyEvent::new(code, modifiers));
        assert_eq!(key(KeyCode::Char('?'), KeyModifiers::SHIFT), Some(Key::Char('?')));
        let altgr = KeyModifiers::CONTROL | KeyModifiers::ALT;
        assert_eq!(key(KeyCode::Char('@'), altgr), Some(Key::Char('@')));
        assert_eq!(key(KeyCode::Char('a'), KeyModifiers::ALT), None);
        assert_eq!(key(KeyCode::Char('C'), KeyModifiers::CONTROL), Some(Key::Ctrl('c')));
    }
}
