"use strict";
const all = (selector) => [...document.querySelectorAll(selector)];
const tip = document.getElementById("tip");
const things = all(".thing");
const buttons = all("nav button");
const stages = all("article");
const rows = all("tbody tr");
const hint = document.getElementById("hint");
const details = document.getElementById("details");
// How far what is said keeps from a thing: its size or its channels are written there.
const LABEL = 20;
let opener = null;
let said = null;

// What is said of a thing, under it or over it, so that its neighbours can be seen, or beside it where no room is;
// inside the window, off the details.
function say(thing) {
  said = thing;
  tip.replaceChildren(...document.getElementById(`facts-${thing.dataset.thing}`).cloneNode(true).childNodes);
  tip.hidden = false;
  const at = thing.getBoundingClientRect();
  const floor = Math.min(innerHeight, details.getBoundingClientRect().top) - 8;
  const wide = document.documentElement.clientWidth - tip.offsetWidth - 8;
  const under = at.bottom + LABEL;
  const over = at.top - LABEL - tip.offsetHeight;
  const isBeside = under + tip.offsetHeight > floor && over < 8;
  const right = at.right + LABEL;
  const left = !isBeside ? at.left : right < wide ? right : at.left - LABEL - tip.offsetWidth;
  const top = isBeside ? Math.min(at.top, floor - tip.offsetHeight) : under + tip.offsetHeight > floor ? over : under;
  tip.style.left = `${Math.max(8, Math.min(left, wide))}px`;
  tip.style.top = `${Math.max(8, top)}px`;
  for (const row of rows) row.classList.toggle("lit", row.dataset.makes === thing.dataset.thing);
}

function hush() {
  tip.hidden = true;
  for (const row of rows) row.classList.remove("lit");
  if (document.activeElement.matches(".thing:focus-visible")) say(document.activeElement);
}

// Show the stages that a button or a thing stands for; none of them for null.
function open(element) {
  opener = element;
  const shown = stages.filter((stage) => element && (element.dataset.level === undefined
    ? stage.dataset.stage === element.dataset.stage : stage.dataset.level === element.dataset.level));
  const names = new Set(shown.map((stage) => stage.dataset.stage));
  for (const stage of stages) stage.hidden = !names.has(stage.dataset.stage);
  for (const button of buttons) button.setAttribute("aria-pressed", String(button === element));
  for (const thing of things) thing.setAttribute("aria-pressed", String(names.has(thing.dataset.stage)));
  hint.hidden = names.size > 0;
  // The details take room from the picture, which scrolls: what they speak of stays in sight.
  const first = things.find((thing) => names.has(thing.dataset.stage));
  if (first) first.scrollIntoView({ block: "nearest", inline: "nearest" });
  if (!tip.hidden) say(said);
}

const toggle = (element) => open(element === opener ? null : element);

// One thing at a time is reached with the Tab key, the others from there with arrows.
function enter(thing) {
  for (const other of things) other.setAttribute("tabindex", other === thing ? "0" : "-1");
  thing.focus();
}

function middle(thing) {
  const at = thing.getBoundingClientRect();
  return [at.left + at.width / 2, at.top + at.height / 2];
}

// The nearest thing of the next row in a direction, 1 for down and -1 for up.
function across(thing, direction) {
  const [x, y] = middle(thing);
  const far = (other) => (middle(other)[1] - y) * direction;
  const beyond = things.filter((other) => far(other) > thing.getBoundingClientRect().height / 4);
  const row = Math.min(...beyond.map(far));
  const near = beyond.filter((other) => far(other) < row + 12);
  return near.sort((a, b) => Math.abs(middle(a)[0] - x) - Math.abs(middle(b)[0] - x))[0];
}

function target(thing, key) {
  const at = things.indexOf(thing);
  switch (key) {
    case "ArrowRight": return things[at + 1];
    case "ArrowLeft": return things[at - 1];
    case "ArrowDown": return across(thing, 1);
    case "ArrowUp": return across(thing, -1);
    case "Home": return things[0];
    case "End": return things[things.length - 1];
  }
  return null;
}

for (const thing of things) {
  thing.addEventListener("pointerenter", () => say(thing));
  thing.addEventListener("pointerleave", hush);
  thing.addEventListener("focus", () => say(thing));
  thing.addEventListener("blur", hush);
  thing.addEventListener("click", () => { enter(thing); toggle(thing); });
  thing.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") toggle(thing);
    else {
      const next = target(thing, event.key);
      if (next === null) return;
      if (next) enter(next);
    }
    event.preventDefault();
  });
}
for (const button of buttons) button.addEventListener("click", () => toggle(button));
for (const row of rows) {
  const made = things.find((thing) => thing.dataset.thing === row.dataset.makes);
  row.addEventListener("pointerenter", () => made && made.classList.add("lit"));
  row.addEventListener("pointerleave", () => made && made.classList.remove("lit"));
}
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const last = opener;
  open(null);
  tip.hidden = true;
  if (last) last.focus();
  tip.hidden = true;
});
open(null);
