// The hall screen: frames come in, pages of places turn by themselves, keys stop and turn them. What is drawn also stands as a
// list, for who cannot see bars and where the script that draws them is missing. The stream is opened again when it is lost.
"use strict";

const told = JSON.parse(document.querySelector("[data-told]").dataset.told);
const words = told.words;
const state = document.querySelector("[data-state]");
const box = document.querySelector("[data-chart]");
const list = document.querySelector("[data-list]");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const AGAIN_SECONDS = 2;
const SILENT_SECONDS = 5;
const DRAW_MS = 400;
let frame = null;
let page = 0;
let onlyTop = false;
let stopped = false;
let turned = Date.now();
let heard = Date.now();
let stream = null;
let waiting = 0;
let drawn = 0;
let over = !told.open;

// A row as it comes, as the line it is drawn from.
function lineOf([id, name, group, rank, from, to, score, suppressed], tied) {
  return { id, name, group, rank, from, to, score, suppressed, tied, same: !suppressed && from !== to };
}

function groupsOf(rows) {
  const ranks = new Map();
  for (const [, , group, rank] of rows) ranks.set(`${group}/${rank}`, (ranks.get(`${group}/${rank}`) || 0) + 1);
  return told.groups
    .map(([key, name]) => ({ key, name, lines: rows.filter((row) => row[2] === key).map((row) => lineOf(row, row[3] > 0 && ranks.get(`${key}/${row[3]}`) > 1)) }))
    .filter((group) => group.lines.length);
}

const head = (group, name) => ({ id: `head/${group.key}/${name}`, name, head: true });

// Small groups share a page, large ones take several; a page never holds more lines than can be read.
function pagesOf(rows) {
  const room = Math.max(3, told.places) + 1;
  const pages = [];
  let last = null;
  for (const group of groupsOf(rows)) {
    const lines = onlyTop ? group.lines.slice(0, room - 1) : group.lines;
    if (last && last.length + lines.length + 1 <= room) {
      last.push(head(group, group.name), ...lines);
      continue;
    }
    for (let from = 0; from < lines.length; from += room - 1) {
      const part = lines.slice(from, from + room - 1);
      const places = lines.length > room - 1 ? ` ${words.hall_places.replace("{from}", from + 1).replace("{to}", from + part.length).replace("{of}", group.lines.length)}` : "";
      last = [head(group, group.name + places), ...part];
      pages.push(last);
    }
  }
  return pages;
}

function marks(line) {
  if (line.suppressed) return words.too_few_answers;
  return [line.score, line.tied ? words.hall_tied : "", line.same ? `≈ ${line.from}–${line.to} ${words.not_distinguishable}` : ""].filter(Boolean).join(" · ");
}

function listed(lines) {
  list.replaceChildren(...lines.map((line) => {
    const item = document.createElement("li");
    item.textContent = line.head ? line.name : `${line.rank || "—"} ${line.name} · ${marks(line)}`;
    item.className = line.head ? "head" : line.same ? "same" : "";
    return item;
  }));
}

function turnout(groups) {
  document.querySelector("[data-turnout]").replaceChildren(...groups.map(([name, received, issued]) => {
    const part = document.createElement("div");
    const [figure, of, bar] = [document.createElement("b"), document.createElement("span"), document.createElement("progress")];
    figure.textContent = received.toLocaleString("en");
    of.textContent = ` / ${issued.toLocaleString("en")} ${name}`;
    [bar.max, bar.value] = [Math.max(1, issued), received];
    bar.setAttribute("aria-label", name);
    part.append(figure, of, bar);
    return part;
  }));
}

// Figures stand there at once. Bars are drawn anew a few times a second at most: each time they set off again, and a hall
// in which everybody votes at once would keep the machine busy with nothing else.
function figures() {
  document.querySelector("[data-ballots]").textContent = frame.ballots.toLocaleString("en");
  document.querySelector("[data-root]").textContent = frame.code;
  document.documentElement.classList.toggle("held", frame.held);
  turnout(frame.turnout);
  clearTimeout(waiting);
  waiting = setTimeout(draw, Math.max(0, drawn + DRAW_MS - Date.now()));
}

function draw() {
  if (!frame) return;
  drawn = Date.now();
  const pages = pagesOf(frame.rows);
  page = pages.length ? (page + pages.length) % pages.length : 0;
  const lines = pages[page] || [];
  listed(lines);
  if (hallChart.there()) {
    document.documentElement.classList.add("drawn");
    hallChart.draw(box, lines, told.places + 1, words, !stopped && !calm.matches);
  }
  document.querySelector("[data-page]").textContent = pages.length > 1 ? `${page + 1} / ${pages.length}` : "";
}

function say(word, kind) {
  if (state.dataset.kind === kind) return;
  state.dataset.kind = kind;
  state.textContent = word;
}

function tell() {
  if (over) return say(words.live_over, "over");
  if (!frame || Date.now() - heard > SILENT_SECONDS * 1000) return say(words.live_lost, "lost");
  return frame.held ? say(words.hall_held, "held") : say(words.live_now, "live");
}

function finish() {
  over = true;
  if (stream) stream.close();
  document.documentElement.classList.add("over");
  tell();
}

// A browser tries again by itself only where the connection broke; after a refusal it has to be asked to.
function follow() {
  if (over) return;
  stream = new EventSource(box.dataset.stream);
  stream.onmessage = (event) => {
    heard = Date.now();
    frame = JSON.parse(event.data);
    figures();
    tell();
  };
  stream.addEventListener("beat", () => {
    heard = Date.now();
    tell();
  });
  stream.addEventListener("over", finish);
  stream.onerror = () => {
    heard = 0;
    tell();
    if (stream.readyState === EventSource.CLOSED) setTimeout(follow, AGAIN_SECONDS * 1000);
  };
}

// A device that knows it has no network says so at once, and asks again as soon as it has one.
addEventListener("offline", () => {
  if (stream) stream.close();
  heard = 0;
  tell();
});
addEventListener("online", follow);

function turn(by) {
  page += by;
  turned = Date.now();
  draw();
}

function halt() {
  stopped = !stopped;
  turned = Date.now();
  const button = document.querySelector("[data-do=stop]");
  button.textContent = stopped ? words.hall_go_on : words.hall_pause;
  button.setAttribute("aria-pressed", String(stopped));
  draw();
}

function foremost() {
  onlyTop = !onlyTop;
  document.querySelector("[data-do=top]").textContent = onlyTop ? words.hall_all : words.hall_top;
  page = 0;
  turn(0);
}

const acts = { stop: halt, top: foremost, back: () => turn(-1), forth: () => turn(1) };
const keys = { " ": "stop", ArrowLeft: "back", PageUp: "back", ArrowRight: "forth", PageDown: "forth", t: "top", T: "top" };

document.addEventListener("keydown", (event) => {
  const act = keys[event.key];
  if (!act || event.ctrlKey || event.metaKey || event.altKey || (event.key === " " && event.target.closest("button"))) return;
  event.preventDefault();
  acts[act]();
});
for (const button of document.querySelectorAll("[data-do]")) button.addEventListener("click", () => acts[button.dataset.do]());
addEventListener("resize", draw);
calm.addEventListener("change", draw);
setInterval(() => {
  tell();
  if (!stopped && !over && frame && Date.now() - turned >= told.seconds * 1000) turn(1);
}, 500);

document.querySelector("[data-tools]").hidden = false;
tell();
follow();
