// What a page does beyond what HTML does by itself. Every page works without this file.
"use strict";

// Progress within 0.3 s: the bar's own delay is in the stylesheet.
document.addEventListener("submit", (event) => { if (!event.defaultPrevented) document.body.classList.add("waiting"); });
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  const elsewhere = !link || link.hasAttribute("download") || link.target || event.ctrlKey || event.metaKey || event.shiftKey;
  if (!elsewhere && !event.defaultPrevented && link.pathname !== location.pathname) document.body.classList.add("waiting");
});
window.addEventListener("pageshow", () => document.body.classList.remove("waiting"));

// Tabs that do not fit scroll; the one of this page is in sight.
const tab = document.querySelector(".tabs [aria-current]");
if (tab) tab.parentElement.scrollLeft = tab.offsetLeft - (tab.parentElement.clientWidth - tab.offsetWidth) / 2;

// A form's draft stays on this device until it was sent. Passwords, codes and identity fields are never kept.
const NEVER = /password|code|csrf|request_id|expected_version|identity/;
function keepDrafts() {
  for (const form of document.querySelectorAll("form[data-draft]")) {
    const key = "draft:" + form.dataset.draft;
    const fields = () => [...form.elements].filter((one) => one.name && !NEVER.test(one.name) && one.type !== "hidden" && one.type !== "file");
    const typedHere = document.getElementById("faults");
    const kept = JSON.parse(sessionStorage.getItem(key) || "null");
    if (kept && !typedHere) {
      for (const one of fields()) {
        const values = kept[one.name];
        if (values === undefined) continue;
        if (one.type === "radio" || one.type === "checkbox") one.checked = values.includes(one.value);
        else if (one.multiple) for (const option of one.options) option.selected = values.includes(option.value);
        else if (!one.value) one.value = values[0] || "";
      }
    }
    form.addEventListener("input", () => {
      const draft = {};
      for (const one of fields()) {
        const on = one.type === "radio" || one.type === "checkbox" ? one.checked : one.value !== "";
        draft[one.name] = (draft[one.name] || []).concat(on ? [one.value] : []);
      }
      sessionStorage.setItem(key, JSON.stringify(draft));
    });
    form.addEventListener("submit", () => sessionStorage.removeItem(key));
  }
}
keepDrafts();
const faults = document.getElementById("faults");
if (faults) faults.focus();

// Who files anonymously is not asked who they are.
function askWho() {
  const chosen = document.querySelector("input[name='draft.manner']:checked");
  for (const one of document.querySelectorAll("[data-identity]")) one.hidden = Boolean(chosen && chosen.value === "MANNER_ANONYMOUS");
}
document.addEventListener("change", askWho);
askWho();

// After an upload the answer stands in place of what was on the page.
document.addEventListener("replaced", () => {
  document.body.classList.remove("waiting");
  if (window.htmx) htmx.process(document.querySelector("main"));
  keepDrafts();
  askWho();
});

// A wide screen shows the whole menu; a phone opens it.
const menu = document.querySelector(".menu");
if (menu && matchMedia("(min-width: 901px)").matches) menu.open = true;
if (menu && matchMedia("(max-width: 900px)").matches) menu.open = false;

// Filters apply as soon as one is chosen; only one sheet is open at a time.
for (const filters of document.querySelectorAll("form[data-filters]")) {
  filters.addEventListener("change", (event) => { if (event.target.type !== "search") filters.requestSubmit(); });
  filters.addEventListener("submit", () => {
    for (const one of filters.elements) if (one.name && !one.value) one.disabled = true;
  });
  for (const sheet of filters.querySelectorAll("details")) {
    sheet.addEventListener("toggle", () => {
      if (sheet.open) for (const other of filters.querySelectorAll("details[open]")) if (other !== sheet) other.open = false;
    });
  }
}

// The ledger: a row opens beside; j, k, Enter and / work; "more" adds rows in place.
const ledger = document.querySelector("[data-ledger]");
if (ledger) {
  const aside = document.getElementById("opening");
  const rows = () => [...ledger.querySelectorAll("[data-row]")];
  const wide = matchMedia("(min-width: 1001px)");
  const here = () => ledger.querySelector("[data-row].here");
  function go(row) {
    if (!row) return;
    if (here()) here().classList.remove("here");
    row.classList.add("here");
    const link = row.querySelector("a[data-open]");
    if (link) link.focus();
    row.scrollIntoView({ block: "nearest" });
  }
  function open(link) {
    aside.hidden = false;
    ledger.classList.add("opened");
    if (window.htmx) htmx.ajax("GET", link.pathname + "?beside=1", { target: "#opening", swap: "innerHTML" });
  }
  ledger.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-open]");
    if (!link || !aside || !window.htmx || !wide.matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    document.body.classList.remove("waiting");
    go(link.closest("[data-row]"));
    open(link);
  });
  ledger.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-more-from]");
    if (!link) return;
    event.preventDefault();
    const answer = await fetch(link.dataset.moreFrom, { headers: { accept: "text/html" } });
    if (!answer.ok) { location.href = link.href; return; }
    const place = link.closest("[data-more]");
    const part = document.createElement("template");
    part.innerHTML = await answer.text();
    const first = part.content.querySelector("[data-row]");
    place.replaceWith(part.content);
    go(first);
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = rows();
    const at = all.indexOf(here());
    if (event.key === "j") go(all[Math.min(at + 1, all.length - 1)]);
    else if (event.key === "k") go(all[Math.max(at - 1, 0)]);
    else if (event.key === "/") { const box = document.querySelector("[data-slash]"); if (box) { event.preventDefault(); box.focus(); } }
    else if (event.key === "Escape" && aside && !aside.hidden) { aside.hidden = true; aside.replaceChildren(); ledger.classList.remove("opened"); }
  });
  const bar = ledger.querySelector("[data-chosen]");
  if (bar) ledger.addEventListener("change", () => {
    const count = ledger.querySelectorAll("input[name=chosen]:checked").length;
    bar.hidden = count === 0;
    bar.querySelector("[data-count]").textContent = count;
  });
  const every = ledger.querySelector("[data-every]");
  if (every) every.addEventListener("change", () => { for (const one of ledger.querySelectorAll("input[name=chosen]")) one.checked = every.checked; });
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-print], [data-copy]");
  if (!button) return;
  if (!button.dataset.copy) { window.print(); return; }
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
  button.textContent = button.dataset.copied;
});
