// The back-test of a version of the rules: counts as reports come in, can be stopped, and goes on where it stopped.
"use strict";

const test = document.querySelector("[data-backtest]");
const [go, stop, lost, more, none] = ["go", "stop", "lost", "more", "none"].map((name) => test.querySelector(`[data-${name}]`));
const bar = test.querySelector("progress");
const list = test.querySelector("[data-differences]");
const heads = list.closest("table").querySelectorAll("thead th");
const number = (count) => Number(count).toLocaleString("en");
let stream = null;
let after = "";
let ended = false;

function word(verdict) {
  const cell = test.querySelector(`[data-count="${verdict.replace("BACK_TEST_VERDICT_", "")}"]`);
  return { cell, text: cell.parentElement.querySelector("th").textContent };
}

function line(one) {
  const row = document.createElement("tr");
  const head = document.createElement("th");
  const link = document.createElement("a");
  head.scope = "row";
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
  const room = Number(test.dataset.shown) - list.children.length;
  const found = report.differences || [];
  list.append(...found.slice(0, room).map(line));
  if (found.length > room) more.hidden = false;
  ended = (report.done || 0) >= (report.total || 0);
  none.hidden = !ended || list.children.length > 0;
}

function rest() {
  if (stream) stream.close();
  stream = null;
  stop.hidden = true;
  go.hidden = ended;
}

go.addEventListener("click", () => {
  go.hidden = lost.hidden = true;
  stop.hidden = false;
  stream = new EventSource(`${test.dataset.stream}?after_case_id=${encodeURIComponent(after)}`);
  stream.onmessage = (event) => { show(JSON.parse(event.data)); if (ended) rest(); };
  stream.onerror = () => { if (!ended) lost.hidden = false; rest(); };
});
stop.addEventListener("click", rest);
go.hidden = false;
