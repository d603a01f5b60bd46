// Cards keyed from the paper: a digit or a dash fills a row and goes on to the next; Enter goes on too. A hand scanner types the
// serial and Enter, which leads to the first row. Without this the page is a form like any other.
"use strict";

const form = document.querySelector("[data-key-card]");
const stops = [form.elements.serial, ...form.querySelectorAll("[data-cell]"), form.elements.paper_place];

function go(from, by) {
  const next = stops[stops.indexOf(from) + by];
  if (!next) return false;
  next.focus();
  next.select();
  return true;
}

for (const stop of stops) {
  const cell = stop.matches("[data-cell]");
  const single = cell && Number(stop.dataset.most) < 10;
  stop.addEventListener("focus", () => stop.select());
  if (single) stop.addEventListener("input", () => { if (/^[0-9-]$/.test(stop.value)) go(stop, 1); });
  stop.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && go(stop, 1)) event.preventDefault();
    if (!cell) return;
    if (event.key === "Backspace" && !stop.value && go(stop, -1)) event.preventDefault();
    if (event.key === "ArrowDown" && go(stop, 1)) event.preventDefault();
    if (event.key === "ArrowUp" && go(stop, -1)) event.preventDefault();
  });
}
const wrong = form.querySelector("[aria-invalid=true]");
if (wrong) wrong.focus();
