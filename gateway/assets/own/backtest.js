// The back-test of a version of the rules: counts as reports come in, can be stopped, and goes on where it stopped.
"use strict";

const test = document.querySelector("[data-backtest]");
const [go, stop, lost, more, none] = ["go", "stop", "lost", "more", "none"].map((name) => test.querySelector(`[data-${name}]`));
const bar = test.querySelector("progress");
const list = test.querySelector("[data-differences]");
const same = test.querySelector("[data-same]");
const workbook = test.querySelector("[data-workbook]");
const [everything, sameNot] = ["all", "same-not"].map((name) => test.querySelector(`[data-${name}]`));
const listed = {};
const heads = list.closest("table").querySelectorAll("thead th");
const number = (count) => Number(count).toLocaleString("en");
let stream = null;
let after = "";
let ended = false;
let opened = "";

function word(verdict) {
  const cell = test.querySelector(`[data-count="${verdict.replace("BACK_TEST_VERDICT_", "")}"]`);
  return { cell, text: cell.parentElement.querySelector("th").textContent };
}

function line(one) {
  const row = document.createElement("tr");
  const head = document.createElement("th");
  const link = document.createElement("a");
  head.scope = "row";
  row.dataset.verdict = one.verdict;
  row.hidden = Boolean(opened) && opened !== one.verdict;
  link.href = `/cases/${one.case_id}`;
  link.textContent = one.case_number;
  head.append(link);
  const texts = [word(one.verdict).text, (one.rows_before || []).join("、") || "—", (one.rows_after || []).join("、") || "—"];
  row.append(head, ...texts.map((text, place) => {
    const cell = document.createElement("td");
    cell.dataset.head = heads[place + 1].textContent;
    cell.textContent = text;
    return cell;
  }));
  return row;
}

function show(report) {
  after = report.last_case_id || after;
  bar.max = report.total || 1;
  bar.value = report.done || 0;
  test.querySelector("[data-done]").textContent = number(report.done || 0);
  test.querySelector("[data-total]").textContent = number(report.total || 0);
  for (const one of report.counts || []) {
    const { cell } = word(one.verdict);
    cell.textContent = number(Number(cell.textContent.replaceAll(",", "")) + one.parties);
  }
  for (const one of report.differences || []) {
    listed[one.verdict] = (listed[one.verdict] || 0) + 1;
    if (listed[one.verdict] <= Number(test.dataset.shown)) list.append(line(one));
    else more.hidden = false;
  }
  ended = (report.done || 0) >= (report.total || 0);
  none.hidden = !ended || list.children.length > 0;
}

// One verdict opens its cases; pressed again, or with "show all", every row is back.
function open(verdict) {
  opened = opened === verdict ? "" : verdict;
  for (const row of list.children) row.hidden = Boolean(opened) && row.dataset.verdict !== opened;
  for (const link of test.querySelectorAll("th a[href*='verdict=']")) link.setAttribute("aria-current", String(verdictOf(link) === opened));
  everything.hidden = !opened;
  const fare = test.querySelector('[data-count="SAME"]').textContent;
  sameNot.hidden = opened !== "BACK_TEST_VERDICT_SAME" || Boolean(listed[opened]) || fare === "0";
}
const verdictOf = (link) => `BACK_TEST_VERDICT_${new URL(link.href).searchParams.get("verdict")}`;

test.addEventListener("click", (event) => {
  const link = event.target.closest("th a[href*='verdict=']");
  if (!link) return;
  event.preventDefault();
  document.body.classList.remove("waiting");
  open(verdictOf(link));
});
everything.addEventListener("click", () => open(opened));

// The workbook lists what the page lists.
function carry() {
  workbook.search = same.querySelector("input").checked ? "?same" : "";
}
carry();

// Another question begins anew: with or without those who fare the same.
same.querySelector("input").addEventListener("change", () => {
  carry();
  rest();
  after = "";
  ended = false;
  list.replaceChildren();
  for (const cell of test.querySelectorAll("[data-count]")) cell.textContent = "0";
  for (const verdict of Object.keys(listed)) delete listed[verdict];
  bar.value = 0;
  none.hidden = more.hidden = sameNot.hidden = true;
  test.querySelector("[data-done]").textContent = "0";
  go.hidden = false;
});
same.hidden = false;

function rest() {
  if (stream) stream.close();
  stream = null;
  stop.hidden = true;
  go.hidden = ended;
}

go.addEventListener("click", () => {
  go.hidden = lost.hidden = true;
  stop.hidden = false;
  const asked = new URLSearchParams({ after_case_id: after, list_same: same.querySelector("input").checked });
  stream = new EventSource(`${test.dataset.stream}?${asked}`);
  stream.onmessage = (event) => { show(JSON.parse(event.data)); if (ended) rest(); };
  stream.onerror = () => { if (!ended) lost.hidden = false; rest(); };
});
stop.addEventListener("click", rest);
go.hidden = false;
