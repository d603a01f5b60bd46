// The checker's page: one row's picture, one key. The next pictures are there before they are asked for; a key is held back
// until the next one or a pause, so that the last one can be taken back. Nothing counts before its picture is seen.
"use strict";

const form = document.querySelector("form[data-check]");
const find = (name) => document.querySelector(`[data-${name}]`);
const [strip, question, told, card, sides] = ["strip", "question", "told", "card", "sides"].map(find);
const words = form.dataset;
const AHEAD = 6, LOW = 12, PAUSE = 8000, AGAIN = 3000;

const waiting = [];           // rows to come, the first is the one shown
const met = new Set();        // rows that were here already
const sending = [];           // keyed and on their way
let held = null, pause = 0, token = "", fetching = false, busy = false, started = false;

const say = (text) => { if (told.textContent !== text) told.textContent = text; };

function picture(id, alt) {
  const image = new Image();
  image.alt = alt;
  image.src = words.pictures + id;
  return image;
}

// The picture of a row, loading from now on.
function load(row) {
  if (row.images) return;
  row.images = row.strip_ids.map((id) => picture(id, words.alt));
  row.seen = Promise.all(row.images.map((one) => one.decode().catch(() => { row.broken = true; })));
}

function show() {
  const row = waiting[0];
  form.hidden = !row;
  find("finished").hidden = Boolean(row) || !started;
  strip.setAttribute("aria-busy", "true");
  strip.replaceChildren();
  if (!row) return;
  for (const one of waiting.slice(0, AHEAD)) load(one);
  question.textContent = row.object + " · " + row.dimension;
  row.ready = false;
  row.seen.then(() => {
    if (waiting[0] !== row) return;
    if (row.images.length && !row.broken) strip.replaceChildren(...row.images);
    else {
      const note = document.createElement("p");
      note.textContent = words.noPicture + (row.paper_place ? " " + words.paper + row.paper_place : "");
      strip.replaceChildren(note);
    }
    row.ready = true;
    strip.setAttribute("aria-busy", "false");
  });
}

async function more() {
  if (fetching || (started && waiting.length > LOW)) return;
  fetching = true;
  try {
    const answer = await fetch(words.rows + (token ? "?page_token=" + encodeURIComponent(token) : ""), { headers: { accept: "application/json" } });
    if (answer.redirected) { say(words.signedOut); return; }
    const found = await answer.json();
    if (!answer.ok) { say(found.sentence); return; }
    const fresh = found.rows.filter((row) => !met.has(row.doubt_id));
    for (const row of fresh) { met.add(row.doubt_id); waiting.push(row); }
    token = found.next;
    const first = !started;
    started = true;
    if (first || waiting.length === fresh.length) show();
    for (const one of waiting.slice(0, AHEAD)) load(one);
  } catch (_) {
    say(words.again);
    setTimeout(more, AGAIN);
  } finally {
    fetching = false;
  }
}

function key(grade) {
  const row = waiting[0];
  if (!row || !row.ready) return;
  release();
  held = { row, grade, id: crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2) + Date.now() };
  pause = setTimeout(release, PAUSE);
  say("");
  waiting.shift();
  show();
  if (waiting.length <= LOW && (token || !waiting.length)) more();
}

// What was held back goes out.
function release() {
  clearTimeout(pause);
  if (!held) return;
  sending.push(held);
  held = null;
  send();
}

function undo() {
  if (!held) { say(words.noUndo); return; }
  clearTimeout(pause);
  waiting.unshift(held.row);
  held = null;
  say(words.takenBack);
  show();
}

function body(one) {
  const sent = new FormData();
  sent.set("csrf", form.elements.csrf.value);
  sent.set("doubt_id", one.row.doubt_id);
  sent.set("grade", one.grade);
  sent.set("request_id", one.id);
  return sent;
}

// One after another; what did not get through is sent again under the same id, which makes it harmless.
async function send() {
  if (busy || !sending.length) return;
  busy = true;
  const one = sending[0];
  try {
    const answer = await fetch(form.action, { method: "POST", body: body(one), headers: { accept: "application/json" }, keepalive: true });
    if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
    const reason = answer.ok || answer.redirected ? "" : (await answer.json().catch(() => ({}))).reason;
    const yours = reason === "ROW_KEYED_BY_YOU";  // in another window, or just before this one was loaded anew
    if (answer.redirected || (answer.status === 403 && !yours)) { say(words.signedOut); return; }
    sending.shift();
    if (!answer.ok) say(yours ? words.yours : words.others);
    else if (told.textContent === words.again) say("");
  } catch (_) {
    say(words.again);
    setTimeout(send, AGAIN);
    return;
  } finally {
    busy = false;
  }
  send();
}

function whole() {
  if (card.open) { card.close(); return; }
  const row = waiting[0];
  if (!row || !row.side_ids.length) return;
  sides.replaceChildren(...row.side_ids.map((id) => picture(id, words.sideAlt)));
  card.showModal();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.submitter && event.submitter.name === "grade") key(event.submitter.value);
  document.body.classList.remove("waiting");
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (event.key === "Enter" && event.target.closest("a, button") && !card.open) return;  // what has the focus is pressed
  if (event.key === "Enter") { event.preventDefault(); whole(); return; }
  if (event.key === "Backspace") { event.preventDefault(); if (card.open) card.close(); undo(); return; }
  const pressed = event.key === "=" ? "+" : event.key;
  const button = [...form.querySelectorAll("[data-key]")].find((one) => one.dataset.key === pressed);
  if (!button) return;
  event.preventDefault();
  if (card.open) card.close();
  key(button.value);
});
find("whole").addEventListener("click", whole);
find("undo").addEventListener("click", undo);
// A button that was pressed with the mouse or a finger keeps no focus, so that Enter goes on meaning the whole card.
form.addEventListener("click", (event) => { if (event.detail && event.target.closest("button")) document.activeElement.blur(); });
// Who leaves the page leaves no row behind: what is not known to have arrived goes out at once, under the same id.
addEventListener("pagehide", () => {
  clearTimeout(pause);
  for (const one of held ? [...sending, held] : sending) navigator.sendBeacon(form.action, body(one));
  held = null;
});
for (const name of ["whole", "undo"]) find(name).hidden = false;
find("whole-links").hidden = true;
more();
