// The rule table written on a page: cells that keys move between, picked or typed in a dialog, linted as one goes on,
// kept on this device until they are saved.
"use strict";

const table = JSON.parse(document.getElementById("table").textContent);
const { said, places } = table;
const form = document.querySelector("[data-write]");
const part = (name) => form.querySelector(`[data-${name}]`);
const [tabs, view, status, list, refused] = ["tabs", "sheet", "status", "faults", "refused"].map(part);
const dialog = document.querySelector("[data-cell]");
const [picks, cellFault] = ["picks", "cell-fault"].map((name) => dialog.querySelector(`[data-${name}]`));
const text = document.getElementById("cell-text");
const fresh = JSON.stringify(table.sheets.map((sheet) => sheet.rows));
const sheets = table.sheets;
const undone = [];
let faults = [];
let at = { sheet: 0, row: 0, column: 0 };
let waiting = 0;
let asked = 0;
let saving = false;

const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const here = () => sheets[at.sheet];
const blank = (sheet) => sheet.columns.map(() => "");
const letters = (place) => (place >= 26 ? String.fromCharCode(64 + Math.floor(place / 26)) : "") + String.fromCharCode(65 + place % 26);
const columnOf = (address) => [...address.replace(/\d+$/, "")].reduce((sum, sign) => sum * 26 + sign.charCodeAt(0) - 64, 0) - 1;
const typed = () => sheets.map((sheet) => ({ name: sheet.name, heads: sheet.columns.map((one) => one.head), rows: sheet.rows.map((cells) => ({ cells })) }));
const faultsAt = (sheet, row, column) => faults.filter((one) => one.sheet === sheet.name && one.row === row + 2 && (column < 0 || columnOf(one.cell) === column));

// -- words a table declares itself

const ROW_IDS = ["fires", "off"];

function declared(name) {
  const [, conduct, circumstances, rules] = sheets;
  const texts = (sheet, column, keep = () => true) => sheet.rows.filter(keep).map((row) => row[sheet.columns.findIndex((one) => one.name === column)]).filter(Boolean);
  if (name === "conduct") return texts(conduct, "zh");
  if (ROW_IDS.includes(name)) return texts(rules, "id");
  const head = rules.columns.find((one) => one.name === name).head;
  return texts(circumstances, "zh", (row) => row[circumstances.columns.findIndex((one) => one.name === "column")] === head);
}
const DECLARED = ["conduct", "mitigating", "aggravating", ...ROW_IDS];
const wordsOf = (column) => (DECLARED.includes(column.name) && at.sheet > 1 ? declared(column.name) : column.words);

// Why a row is off is a text; which rows are off is a list of an example.
function shapeOf(column) {
  if (column.name === "jurisdiction" && places.length) return "places";
  return here().key === "golden" && ROW_IDS.includes(column.name) ? "words" : column.shape;
}

// -- the sheet as a grid

function draw(focus = false) {
  tabs.replaceChildren(...sheets.map(tab));
  const sheet = here();
  if (!sheet.rows.length) sheet.rows.push(blank(sheet));
  at.row = Math.max(0, Math.min(at.row, sheet.rows.length - 1));
  at.column = Math.max(0, Math.min(at.column, sheet.columns.length - 1));
  const heads = sheet.columns.map((one) => element("th", { scope: "col", textContent: one.label + (one.required ? " *" : "") }));
  const rows = sheet.rows.map((cells, row) => element("tr", {}, margin(sheet, row), ...cells.map((_, column) => cell(sheet, row, column))));
  const drawn = element("table", {}, element("caption", { textContent: sheet.word }),
    element("thead", {}, element("tr", {}, element("th", { scope: "col", className: "corner", textContent: "#" }), ...heads)), element("tbody", {}, ...rows));
  drawn.setAttribute("role", "grid");
  const { scrollTop, scrollLeft } = view;
  view.setAttribute("aria-label", sheet.word);
  view.replaceChildren(drawn);
  view.scrollTo(scrollLeft, scrollTop);
  part("tools").hidden = sheet.key === "instrument";
  if (focus) go(at.row, at.column);
}

function tab(sheet, place) {
  const wrong = faults.filter((one) => one.error && one.sheet === sheet.name).length;
  const made = element("button", { type: "button", textContent: sheet.word, tabIndex: place === at.sheet ? 0 : -1 });
  if (wrong) made.append(" ", element("strong", { className: "wrong", textContent: `${said.mark_fault} ${wrong}` }));
  made.setAttribute("role", "tab");
  made.setAttribute("aria-controls", view.id);
  made.setAttribute("aria-selected", String(place === at.sheet));
  made.addEventListener("click", () => { at = { sheet: place, row: 0, column: 0 }; draw(); tabs.children[place].focus(); });
  return made;
}

function margin(sheet, row) {
  const own = faultsAt(sheet, row, -1);
  const made = element("th", { scope: "row", textContent: row + 2 });
  if (sheet.key === "row") made.append(" ", element("small", { textContent: sheet.rows[row][0] }));
  if (own.length) made.append(" ", own.some((one) => one.error) ? element("strong", { className: "wrong", textContent: said.mark_fault }) : element("strong", { className: "look", textContent: said.mark_look }));
  return made;
}

const shown = (column, value) => (column.name === "jurisdiction" && places.find(([path]) => path === value) || ["", value])[1];

function cell(sheet, row, column) {
  const own = faultsAt(sheet, row, column);
  const wrong = own.some((one) => one.error);
  const value = shown(sheet.columns[column], sheet.rows[row][column]);
  const button = element("button", { type: "button", textContent: value, tabIndex: row === at.row && column === at.column ? 0 : -1, title: own.map((one) => one.text).join("\n") });
  const notes = own.map((one) => `${one.error ? said.fault_word : said.look_word}: ${one.text}`);
  button.ariaLabel = [`${sheet.columns[column].label} ${row + 2}: ${value || said.empty_cell}`, ...notes].join(". ");
  Object.assign(button.dataset, { row, column });
  const made = element("td", { className: wrong ? "faulty" : own.length ? "doubtful" : "" }, button);
  made.setAttribute("role", "gridcell");
  if (wrong) made.setAttribute("aria-invalid", "true");
  return made;
}

const button = (row, column) => view.querySelector(`button[data-row="${row}"][data-column="${column}"]`);

function go(row, column) {
  const before = button(at.row, at.column);
  if (before) before.tabIndex = -1;
  at.row = Math.max(0, Math.min(row, here().rows.length - 1));
  at.column = Math.max(0, Math.min(column, here().columns.length - 1));
  const now = button(at.row, at.column);
  now.tabIndex = 0;
  now.focus({ preventScroll: true });
  now.scrollIntoView({ block: "nearest", inline: "nearest" });
}

// -- changing

function change(act) {
  undone.push(JSON.stringify(sheets.map((sheet) => sheet.rows)));
  if (undone.length > 50) undone.shift();
  act();
  changed();
}

// What is sent after a change is another request than the one before, even if that one's answer never came.
function renew() {
  form.elements.request_id.value = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function changed() {
  renew();
  localStorage.setItem(table.kept, JSON.stringify(sheets.map((sheet) => sheet.rows)));
  draw(true);
  lintSoon();
}

function put(rows) {
  JSON.parse(rows).forEach((found, place) => { sheets[place].rows = found; });
}

const DO = {
  add: (rows) => { rows.splice(at.row + 1, 0, blank(here())); at.row += 1; at.column = 0; },
  copy: (rows) => { rows.splice(at.row + 1, 0, [...rows[at.row]]); at.row += 1; at.column = 0; },
  drop: (rows) => { rows.splice(at.row, 1); },
  up: (rows) => { if (at.row > 0) { rows.splice(at.row - 1, 0, ...rows.splice(at.row, 1)); at.row -= 1; } },
  down: (rows) => { if (at.row < rows.length - 1) { rows.splice(at.row + 1, 0, ...rows.splice(at.row, 1)); at.row += 1; } },
};

function undo() {
  if (!undone.length) return;
  put(undone.pop());
  changed();
}

part("tools").addEventListener("click", (event) => {
  const act = event.target.dataset.do;
  if (act === "undo") undo();
  else if (act) change(() => DO[act](here().rows));
});

// -- one cell

function open() {
  const sheet = here();
  const column = sheet.columns[at.column];
  const row = sheet.rows[at.row];
  const own = faultsAt(sheet, at.row, at.column);
  document.getElementById("cell-head").textContent = `${sheet.word} ${letters(at.column)}${at.row + 2} · ${column.label}`;
  document.getElementById("cell-help").textContent = column.help;
  cellFault.hidden = !own.length;
  cellFault.textContent = own.map((one) => one.text).join(" ");
  text.value = row[at.column];
  const measures = sheet.columns.flatMap((one, place) => (["choose", "always"].includes(one.name) ? listed(row[place], one.words) : []));
  const shape = shapeOf(column);
  const asks = { text: text.value, label: column.label, words: wordsOf(column), said, places, measures, write: (value) => { text.value = value; } };
  picks.replaceChildren(...(PICKS[shape] ? PICKS[shape](asks) : []));
  dialog.returnValue = "";
  dialog.showModal();
  (picks.querySelector("input, select") || text).focus();
}

dialog.addEventListener("close", () => {
  document.body.classList.remove("waiting"); // nothing was sent: the page is not waiting for an answer
  const value = text.value.replace(/\r?\n/g, " ").trim();
  const row = here().rows[at.row];
  if (dialog.returnValue === "ok" && value !== row[at.column]) change(() => { row[at.column] = value; });
  else go(at.row, at.column);
});
dialog.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.target.tagName === "BUTTON") return;
  event.preventDefault();
  dialog.close("ok");
});

// -- keys

view.addEventListener("click", (event) => {
  const found = event.target.closest("button[data-row]");
  if (found) { go(Number(found.dataset.row), Number(found.dataset.column)); open(); }
});
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-10, 0], PageDown: [10, 0], Home: [0, -99], End: [0, 99] };
view.addEventListener("keydown", (event) => {
  const move = MOVES[event.key];
  if ((event.ctrlKey || event.metaKey) && event.key === "z") undo();
  else if (move) go(at.row + move[0], at.column + move[1]);
  else if (event.key === "Delete" || event.key === "Backspace") change(() => { here().rows[at.row][at.column] = ""; });
  else return;
  event.preventDefault();
});
view.addEventListener("focusin", (event) => {
  const found = event.target.closest("button[data-row]");
  if (found) Object.assign(at, { row: Number(found.dataset.row), column: Number(found.dataset.column) });
});
tabs.addEventListener("keydown", (event) => {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (by) tabs.children[(at.sheet + by + sheets.length) % sheets.length].click();
});

// -- lint and save

async function send(act) {
  asked += 1;
  const mine = asked;
  const answer = await fetch(location.href, { method: "POST", body: new URLSearchParams([...new FormData(form), ["act", act], ["table", JSON.stringify(typed())]]) });
  const told = await answer.json();
  return mine === asked || told.address ? told : null;
}

function lintSoon() {
  clearTimeout(waiting);
  status.textContent = said.checking;
  if (saving) return;
  waiting = setTimeout(() => ask("lint"), 400);
}

// A save is awaited alone: what is typed meanwhile is looked at when its answer is there.
async function save() {
  if (saving) return;
  saving = form.inert = true;
  const sent = JSON.stringify(typed());
  try { await ask("save"); } finally { saving = false; }
  if (JSON.stringify(typed()) !== sent) lintSoon();
}

async function ask(act) {
  clearTimeout(waiting);
  let told;
  try { told = await send(act); } catch { status.textContent = said.not_checked; return; }
  finally {
    form.inert = saving && act === "lint";
    document.body.classList.remove("waiting");
    if (act === "save") part("save").focus();
  }
  if (!told) return;
  refused.hidden = !told.sentence;
  refused.querySelector("p").textContent = told.sentence || "";
  if (told.address) { localStorage.removeItem(table.kept); location.assign(told.address); return; }
  if (told.faults) show(told, act);
  else { status.textContent = said.kept; refused.scrollIntoView({ block: "nearest" }); }
}

function show(told, act) {
  faults = told.faults;
  const wrong = faults.filter((one) => one.error).length;
  const sentence = wrong ? fill(said.faults, { count: told.count }) : faults.length ? fill(said.looks, { count: told.count }) : said.clean;
  status.textContent = (act === "save" && wrong ? said.saved_not + " " : "") + sentence;
  list.hidden = !faults.length;
  list.querySelector("ul").replaceChildren(...faults.map((one) => element("li", {}, lead(one), " ", one.text)));
  draw(view.contains(document.activeElement));
  if (act === "save") list.querySelector("button").focus();
}

function lead(one) {
  const place = sheets.findIndex((sheet) => sheet.name === one.sheet);
  const mark = element("strong", { className: one.error ? "wrong" : "look", textContent: `${one.error ? said.mark_fault : said.mark_look} ${one.error ? said.fault_word : said.look_word}` });
  const where = [place < 0 ? one.sheet : sheets[place].word, one.cell || (one.row ? fill(said.row_word, { row: one.row }) : said.whole_sheet)].join(" ");
  const made = element("button", { type: "button", className: "link", textContent: where });
  made.addEventListener("click", () => {
    if (place < 0) return;
    at = { sheet: place, row: Math.max(0, one.row - 2), column: one.cell ? columnOf(one.cell) : 0 };
    draw(true);
  });
  return element("span", {}, mark, " ", made);
}

form.addEventListener("submit", (event) => { event.preventDefault(); save(); });

const kept = localStorage.getItem(table.kept);
if (kept && kept !== fresh) {
  put(kept);
  part("kept").hidden = false;
}
part("drop").addEventListener("click", () => { put(fresh); localStorage.removeItem(table.kept); part("kept").hidden = true; draw(); lintSoon(); });
draw();
if (sheets[3].rows.some((row) => row.some(Boolean))) lintSoon();
