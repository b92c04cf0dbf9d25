//! The picture of the hops: user → browser → front end → back end, the KDC above, realms boxed. Wide, or upright on a
//! narrow screen. What it shows is decided in [`crate::page::hops`]; it is told in words below it, too.

use super::UiProps;
use super::verdict::site_state;
use crate::page::hops::{Hops, Label, Mark, Node, RealmBox};
use yew::prelude::*;

#[function_component(Picture)]
pub fn picture(props: &UiProps) -> Html {
    let page = &props.ui.page;
    let hops = Hops::of(&page.report, page.about(), site_state(page), page.top());
    let words = hops.in_words();
    html! {
        <figure class="picture">
            { wide(&hops, &words) }
            { upright(&hops, &words) }
            if page.has_result() { <figcaption class="quiet small" aria-hidden="true">{ words }</figcaption> }
        </figure>
    }
}

/// The left and right ends of the three parties in the wide picture, with room for a realm's frame.
const ACROSS: [(i32, i32); 3] = [(8, 334), (418, 612), (696, 892)];
/// The upper and lower ends in the upright picture.
const DOWN: [(i32, i32); 3] = [(74, 226), (292, 388), (454, 550)];

fn wide(hops: &Hops, words: &str) -> Html {
    html! {
        <svg class="wide" viewBox="0 0 900 226" role="img" aria-label={words.to_owned()}>
            { for hops.realms.iter().map(|r| realm_across(r)) }
            { node(&Node { name: "KDC".into(), ..Node::default() }, (430, 24, 170, 38), 20) }
            if let Some(ticket) = &hops.ticket {
                <path class={line(ticket.mark)} d="M247 118 C252 70 320 43 424 43" />
                { head((430, 43), Way::Right, ticket.mark) }
                { said(ticket, (252, 76), "end") }
            }
            if let Some(refusal) = &hops.refusal {
                <path class={line(refusal.mark)} d="M515 118 V68" />
                { head((515, 62), Way::Up, refusal.mark) }
                { said(refusal, (526, 95), "start") }
            }
            { node(&hops.user, (20, 118, 122, 66), 15) }
            <path class="same" d="M142 151 H172" />
            { node(&hops.browser, (172, 118, 150, 66), 20) }
            { node(&hops.front, (430, 118, 170, 66), 22) }
            { node(&hops.back, (708, 118, 172, 66), 22) }
            <path class={line(hops.first.mark)} d="M322 147 H424" />
            { head((430, 147), Way::Right, hops.first.mark) }
            { said(&hops.first, (374, 137), "middle") }
            if let Some(delegation) = &hops.delegation {
                <path class={line(delegation.mark)} d="M322 160 H424" />
                { said(delegation, (374, 178), "middle") }
            }
            <path class={line(hops.second.mark)} d="M600 151 H702" />
            { head((708, 151), Way::Right, hops.second.mark) }
            { said(&hops.second, (652, 139), "middle") }
        </svg>
    }
}

fn upright(hops: &Hops, words: &str) -> Html {
    let kdc = Node {
        name: "KDC".into(),
        sub: hops.ticket.as_ref().map_or_else(String::new, |t| format!("{}{}", t.word, t.mark.sign())),
        broken: false,
    };
    html! {
        <svg class="upright" viewBox="0 0 340 560" role="img" aria-label={words.to_owned()}>
            { for hops.realms.iter().map(|r| realm_down(r)) }
            { node(&kdc, (40, 8, 260, 52), 32) }
            { node(&hops.user, (40, 100, 260, 50), 30) }
            <path class="same" d="M170 150 V160" />
            { node(&hops.browser, (40, 160, 260, 56), 32) }
            <path class={line(hops.first.mark)} d="M166 216 V314" />
            { head((166, 320), Way::Down, hops.first.mark) }
            { said(&hops.first, (188, 250), "start") }
            if let Some(delegation) = &hops.delegation {
                <path class={line(delegation.mark)} d="M178 216 V314" />
                { said(delegation, (188, 276), "start") }
            }
            { node(&hops.front, (40, 320, 260, 58), 32) }
            <path class={line(hops.second.mark)} d="M170 378 V476" />
            { head((170, 482), Way::Down, hops.second.mark) }
            { said(&hops.second, (188, 412), "start") }
            if let Some(refusal) = &hops.refusal { { said(refusal, (188, 438), "start") } }
            { node(&hops.back, (40, 482, 260, 58), 32) }
        </svg>
    }
}

fn realm_across(realm: &RealmBox) -> Html {
    let (Some((from, _)), Some((_, to))) = (ACROSS.get(realm.from), ACROSS.get(realm.to)) else { return html! {} };
    frame(&realm.name, (*from, 6, to.saturating_sub(*from), 214))
}

fn realm_down(realm: &RealmBox) -> Html {
    let (Some((from, _)), Some((_, to))) = (DOWN.get(realm.from), DOWN.get(realm.to)) else { return html! {} };
    frame(&realm.name, (8, *from, 324, to.saturating_sub(*from)))
}

fn frame(name: &str, (x, y, w, h): (i32, i32, i32, i32)) -> Html {
    html! {
        <>
            <rect class="realm" x={x.to_string()} y={y.to_string()} width={w.to_string()} height={h.to_string()} rx="14" />
            <text class="s" x={x.saturating_add(14).to_string()} y={y.saturating_add(20).to_string()}>{ fit(name, 28) }</text>
        </>
    }
}

/// A party's box; names longer than `fits` characters are cut, and whole in the tooltip.
fn node(node: &Node, (x, y, w, h): (i32, i32, i32, i32), fits: usize) -> Html {
    let middle = x.saturating_add(w / 2).to_string();
    let centre = y.saturating_add(h / 2);
    let lone = node.sub.is_empty();
    let name_y = if lone { centre.saturating_add(5) } else { centre.saturating_sub(3) };
    html! {
        <g>
            <title>{ format!("{} {}", node.name, node.sub) }</title>
            <rect class={classes!("box", node.broken.then_some("bad"))} x={x.to_string()} y={y.to_string()} width={w.to_string()} height={h.to_string()} rx="12" />
            <text x={middle.clone()} y={name_y.to_string()} text-anchor="middle">
                { fit(&node.name, fits.saturating_sub(2)) }{ if node.broken { " ✕" } else { "" } }
            </text>
            if !lone { <text class="s" x={middle} y={centre.saturating_add(17).to_string()} text-anchor="middle">{ fit(&node.sub, fits) }</text> }
        </g>
    }
}

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

enum Way {
    Right,
    Down,
    Up,
}

/// An arrow's head with its point at a place.
fn head((x, y): (i32, i32), way: Way, mark: Mark) -> Html {
    let points = match way {
        Way::Right => [(0, 0), (-9, -5), (-9, 5)],
        Way::Down => [(0, 0), (-5, -9), (5, -9)],
        Way::Up => [(0, 0), (-5, 9), (5, 9)],
    };
    let points: Vec<String> =
        points.iter().map(|(dx, dy)| format!("{},{}", x.saturating_add(*dx), y.saturating_add(*dy))).collect();
    html! { <polygon class={classes!("head", mark.class())} points={points.join(" ")} /> }
}

fn fit(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(most.saturating_sub(1)).collect();
    cut.push('…');
    cut
}
