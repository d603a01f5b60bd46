// The plan's form without leaving its place: what a button changed is drawn anew, sections stay open or shut as they were,
// and shares follow the weights while they are typed. Everything works without this file.
"use strict";

let open = null;
const folds = () => [...document.querySelectorAll("#plan details[id]")];
document.addEventListener("htmx:beforeSwap", () => { open = new Map(folds().map((one) => [one.id, one.open])); });
document.addEventListener("htmx:afterSettle", (event) => {
  for (const one of folds()) if (open && open.has(one.id)) one.open = open.get(one.id) || one.querySelector(".fault") !== null;
  open = null;
  const pressed = event.detail.requestConfig && event.detail.requestConfig.elt && event.detail.requestConfig.elt.id;
  if (pressed === "do-try") { const tried = document.getElementById("tried"); if (tried) { tried.focus(); tried.scrollIntoView(); } }
  const faults = document.getElementById("faults");
  if (faults) faults.focus();
});
document.addEventListener("input", (event) => {
  const typed = /^(plan[.]\w+)[.]\d+[.]weight$/.exec(event.target.name || "");
  if (!typed) return;
  const inputs = [...document.querySelectorAll(`input[name^="${typed[1]}."][name$=".weight"]`)];
  const weight = (one) => (/^[0-9]+$/.test(one.value) ? Number(one.value) : 0);
  const whole = inputs.reduce((sum, one) => sum + weight(one), 0);
  for (const one of inputs) {
    const cell = one.closest("tr").querySelector("td.number");
    if (cell) cell.textContent = whole ? `${Math.round(weight(one) * 1000 / whole) / 10}%` : "";
  }
});
