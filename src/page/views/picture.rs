//! The picture of the hops: user → browser → front end → back end, the KDC above, realms boxed. Wide, or upright on a
//! narrow screen. What it shows is decided in [`crate::page::hops`], which also tells it in words for a screen reader.

use super::UiProps;
use super::verdict::site_state;
use crate::page::hops::{Hops, Label, Mark, Node, RealmBox};
use yew::prelude::*;

#[function_component(Picture)]
pub fn picture(props: &UiProps) -> Html {
    let page = &props.ui.page;
    let mut hops = Hops::of(&page.report, page.about(), site_state(page), page.top());
    if !page.has_result() {
        hops.first.word = "first hop".to_owned();
        hops.second.word = "second hop".to_owned();
    }
    let words = hops.in_words();
    html! {
        <figure class="picture">
            { wide(&hops, &words) }
            { upright(&hops, &words) }
        </figure>
    }
}

/// The left and right ends of the three parties in the wide picture, with room for a realm's frame.
const ACROSS: [(i32, i32); 3] = [(4, 284), (400, 578), (708, 896)];
/// The upper and lower ends in the upright picture.
const DOWN: [(i32, i32); 3] = [(90, 226), (292, 388), (454, 550)];

fn wide(hops: &Hops, words: &str) -> Html {
    let second = if hops.direct {
        hop(&hops.second, "M203 184 V204 H802 V192", Some(((802, 184), Way::Up)), ((642, 198), "middle"))
    } else {
        hop(&hops.second, "M566 151 H712", Some(((720, 151), Way::Right)), ((642, 139), "middle"))
    };
    let kdc = Node { name: "KDC".into(), ..Node::default() };
    let (to_kdc, from_kdc) = (Some(((412, 43), Way::Right)), Some(((489, 62), Way::Up)));
    html! {
        <svg class="wide" viewBox="0 0 900 226" role="img" aria-label={words.to_owned()}>
            { for hops.realms.iter().map(realm_across) }
            { node(&kdc, (412, 24, 154, 38)) }
            { for hops.ticket.iter().map(|t| hop(t, "M202 118 C208 70 290 43 404 43", to_kdc, ((204, 76), "end"))) }
            { for hops.refusal.iter().map(|r| hop(r, "M489 118 V70", from_kdc, ((501, 95), "start"))) }
            { node(&hops.user, (16, 118, 98, 66)) }
            <path class="same" d="M114 151 H134" />
            { node(&hops.browser, (134, 118, 138, 66)) }
            { node(&hops.front, (412, 118, 154, 66)) }
            { node(&hops.back, (720, 118, 164, 66)) }
            { hop(&hops.first, "M272 147 H404", Some(((412, 147), Way::Right)), ((340, 136), "middle")) }
            { for hops.delegation.iter().map(|d| hop(d, "M274 161 H406", None, ((340, 182), "middle"))) }
            { second }
        </svg>
    }
}

fn upright(hops: &Hops, words: &str) -> Html {
    let second = if hops.direct {
        hop(&hops.second, "M300 188 H320 V511 H308", Some(((300, 511), Way::Left)), ((188, 412), "start"))
    } else {
        hop(&hops.second, "M170 378 V476", Some(((170, 482), Way::Down)), ((188, 412), "start"))
    };
    let kdc = Node {
        name: "KDC".into(),
        sub: hops.ticket.as_ref().map_or_else(String::new, |t| format!("{}{}", t.word, t.mark.sign())),
        broken: false,
    };
    html! {
        <svg class="upright" viewBox="0 0 340 560" role="img" aria-label={words.to_owned()}>
            { for hops.realms.iter().map(realm_down) }
            { node(&kdc, (40, 30, 260, 52)) }
            { node(&hops.user, (40, 100, 260, 50)) }
            <path class="same" d="M170 150 V160" />
            { node(&hops.browser, (40, 160, 260, 56)) }
            { hop(&hops.first, "M166 216 V314", Some(((166, 320), Way::Down)), ((188, 250), "start")) }
            { for hops.delegation.iter().map(|d| hop(d, "M178 216 V314", None, ((188, 276), "start"))) }
            { node(&hops.front, (40, 320, 260, 58)) }
            { second }
            { for hops.refusal.iter().map(|r| said(r, (188, 438), "start")) }
            { node(&hops.back, (40, 482, 260, 58)) }
        </svg>
    }
}

/// A hop: its line, the point of its arrow, and its word where that stands.
#[inline(never)]
fn hop(
    label: &Label,
    d: &'static str,
    tip: Option<((i32, i32), Way)>,
    (at, anchor): ((i32, i32), &'static str),
) -> Html {
    html! {
        <>
            <path class={line(label.mark)} {d} />
            { for tip.map(|(at, way)| head(at, way, label.mark)) }
            { said(label, at, anchor) }
        </>
    }
}

fn realm_across(realm: &RealmBox) -> Html {
    let (Some((from, _)), Some((_, to))) = (ACROSS.get(realm.from), ACROSS.get(realm.to)) else { return html! {} };
    // Its name stands at the bottom: the KDC is at the top.
    frame(&realm.name, (*from, 6, to.saturating_sub(*from), 214), 204)
}

fn realm_down(realm: &RealmBox) -> Html {
    let (Some((from, _)), Some((_, to))) = (DOWN.get(realm.from), DOWN.get(realm.to)) else { return html! {} };
    // The KDC is the one of the user's realm.
    let from = if realm.from == 0 { &2 } else { from };
    frame(&realm.name, (8, *from, 324, to.saturating_sub(*from)), 20)
}

fn frame(name: &str, (x, y, w, h): (i32, i32, i32, i32), name_at: i32) -> Html {
    html! {
        <>
            <rect class="realm" x={x.to_string()} y={y.to_string()} width={w.to_string()} height={h.to_string()} rx="14" />
            <text class="s" x={x.saturating_add(14).to_string()} y={y.saturating_add(name_at).to_string()}>{ fit(name, w) }</text>
        </>
    }
}

/// A party's box; names that are wider are cut, and whole in the tooltip.
#[inline(never)]
fn node(node: &Node, (x, y, w, h): (i32, i32, i32, i32)) -> Html {
    let room = w.saturating_sub(16);
    let middle = x.saturating_add(w / 2).to_string();
    let centre = y.saturating_add(h / 2);
    let lone = node.sub.is_empty();
    let name_y = if lone { centre.saturating_add(5) } else { centre.saturating_sub(3) };
    html! {
        <g>
            <title>{ format!("{} {}", node.name, node.sub) }</title>
            <rect class={classes!("box", node.broken.then_some("bad"))} x={x.to_string()} y={y.to_string()} width={w.to_string()} height={h.to_string()} rx="12" />
            <text x={middle.clone()} y={name_y.to_string()} text-anchor="middle">
                { fit(&node.name, if node.broken { room.saturating_sub(18) } else { room }) }{ if node.broken { " ✕" } else { "" } }
            </text>
            if !lone { <text class="s" x={middle} y={centre.saturating_add(17).to_string()} text-anchor="middle">{ fit(&node.sub, room.saturating_add(room / 7)) }</text> }
        </g>
    }
}

#[inline(never)]
fn said(label: &Label, (x, y): (i32, i32), anchor: &'static str) -> Html {
    html! {
        <text class={classes!("s", label.mark.class())} x={x.to_string()} y={y.to_string()} text-anchor={anchor}>
            { format!("{}{}", label.word, label.mark.sign()) }
        </text>
    }
}

fn line(mark: Mark) -> Classes {
    classes!("hop", mark.class())
}

#[derive(Clone, Copy)]
enum Way {
    Left,
    Right,
    Down,
    Up,
}

/// An arrow's head with its point at a place.
fn head((x, y): (i32, i32), way: Way, mark: Mark) -> Html {
    let points = match way {
        Way::Left => [(0, 0), (9, -5), (9, 5)],
        Way::Right => [(0, 0), (-9, -5), (-9, 5)],
        Way::Down => [(0, 0), (-5, -9), (5, -9)],
        Way::Up => [(0, 0), (-5, 9), (5, 9)],
    };
    let points: Vec<String> =
        points.iter().map(|(dx, dy)| format!("{},{}", x.saturating_add(*dx), y.saturating_add(*dy))).collect();
    html! { <polygon class={classes!("head", mark.class())} points={points.join(" ")} /> }
}

/// A text of 14 pixels, cut where it is wider than the room.
fn fit(text: &str, room: i32) -> String {
    let width = |c: char| match c {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | '.' | '-' | ' ' => 6,
        'm' | 'w' | '@' | 'A'..='Z' => 11,
        _ => 9,
    };
    let mut wide = 0i32;
    let ends = text.char_indices().find(|(_, c)| {
        wide = wide.saturating_add(width(*c));
        wide > room
    });
    let Some((at, _)) = ends else { return text.to_owned() };
    let mut cut: String = text.get(..at).unwrap_or_default().to_owned();
    cut.pop();
    cut.push('…');
    cut
}
