// The desk: a digit fills a cell and goes on to the next, so that a ballot is keyed in without looking up; Enter goes on too,
// and in the last cell it sends. Backspace in an empty cell goes back. Without this the page is a form like any other.
"use strict";

const cells = [...document.querySelectorAll("[data-cell]")];
const code = document.querySelector("[data-desk] [name=code]");

function go(from, by) {
  const next = cells[cells.indexOf(from) + by];
  if (next) {
    next.focus();
    next.select();
  }
  return Boolean(next);
}

for (const cell of cells) {
  const single = Number(cell.dataset.most) < 10;
  cell.addEventListener("focus", () => cell.select());
  cell.addEventListener("input", () => {
    if (single && /^[0-9]$/.test(cell.value)) go(cell, 1);
  });
  cell.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && go(cell, 1)) event.preventDefault();
    if (event.key === "Backspace" && !cell.value && go(cell, -1)) event.preventDefault();
    if (event.key === "ArrowDown" && go(cell, 1)) event.preventDefault();
    if (event.key === "ArrowUp" && go(cell, -1)) event.preventDefault();
  });
}
code.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !cells.length) return;
  event.preventDefault();
  cells[0].focus();
});
const wrong = document.querySelector("[data-desk] [aria-invalid=true]");
if (wrong) wrong.focus();
