// What may be picked for one cell of the rule table, by the shape of its column: each pick writes the cell's text anew,
// in the words of the workbook. The text itself stays what counts, and can always be written by hand.
"use strict";

const LIST = "、";
const PARTS = "；";
const SETS = { any_of: "含任一 ", all_of: "含全部 ", none_of: "不含 " };

function element(tag, properties = {}, ...inside) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...inside);
  return made;
}

// The words of a list; a word may hold the comma itself, so the longest that is known counts.
function listed(text, words) {
  const found = [];
  const pieces = text ? text.split(LIST) : [];
  while (pieces.length) {
    let end = pieces.length;
    while (end > 1 && !words.includes(pieces.slice(0, end).join(LIST))) end -= 1;
    found.push(pieces.splice(0, end).join(LIST));
  }
  return found;
}

function checks(label, words, chosen, changed) {
  const boxes = words.map((word) => element("input", { type: "checkbox", value: word, checked: chosen.includes(word) }));
  const unknown = chosen.filter((word) => !words.includes(word));
  const tell = () => changed([...unknown, ...boxes.filter((one) => one.checked).map((one) => one.value)]);
  for (const box of boxes) box.addEventListener("change", tell);
  const picks = element("div", { className: words.length > 16 ? "picks tall" : "picks" });
  picks.append(...boxes.map((box) => element("label", { className: "pick" }, box, box.value)));
  return element("fieldset", { className: "field" }, element("legend", { textContent: label }), picks);
}

function choice(label, words, value, changed, none) {
  const select = element("select", {}, element("option", { value: "", textContent: none }));
  select.append(...words.map(([word, said]) => element("option", { value: word, textContent: said, selected: word === value })));
  if (value && select.value !== value) select.append(element("option", { value, textContent: value, selected: true }));
  select.addEventListener("change", () => changed(select.value));
  return element("label", { className: "field" }, label, " ", select);
}

function numbers(parts, changed) {
  const inputs = parts.map(([, value]) => element("input", { type: "number", min: 0, className: "short", value: value || "" }));
  for (const input of inputs) input.addEventListener("input", () => changed(inputs.map((one) => one.value)));
  const labels = parts.map(([label], place) => element("label", {}, inputs[place], " ", label));
  return element("div", { className: "row" }, ...labels);
}

const PICKS = {
  day(cell) {
    const input = element("input", { type: "date", value: cell.text, ariaLabel: cell.label });
    input.addEventListener("change", () => cell.write(input.value));
    return [input];
  },
  word(cell) {
    return [choice(cell.label, cell.words.map((word) => [word, word]), cell.text, cell.write, cell.said.choose_one)];
  },
  places(cell) {
    return [choice(cell.label, cell.places, cell.text, cell.write, cell.said.any)];
  },
  words(cell) {
    return [checks(cell.label, cell.words, listed(cell.text, cell.words), (chosen) => cell.write(chosen.join(LIST)))];
  },
  ordered(cell) {
    const bounds = bounded(cell.text, cell.words);
    const pairs = cell.words.map((word) => [word, word]);
    const tell = () => {
      const { from, to } = bounds;
      cell.write(from && to ? `${from}至${to}` : from ? `${from}以上` : to ? `${to}以下` : "");
    };
    const one = (name) => choice(cell.said[name], pairs, bounds[name], (word) => { bounds[name] = word; tell(); }, cell.said.any);
    const list = checks(cell.said.or_listed, cell.words, listed(cell.text, cell.words).filter((word) => cell.words.includes(word)),
      (chosen) => cell.write(chosen.join(LIST)));
    return [element("div", { className: "row" }, one("from"), one("to")), list];
  },
  sets(cell) {
    const parts = Object.fromEntries(Object.entries(SETS).map(([name, sign]) => {
      const found = cell.text.split(PARTS).find((part) => part.startsWith(sign));
      return [name, found ? listed(found.slice(sign.length), cell.words) : []];
    }));
    const tell = () => cell.write(Object.entries(SETS).filter(([name]) => parts[name].length)
      .map(([name, sign]) => sign + parts[name].join(LIST)).join(PARTS));
    return Object.keys(SETS).map((name) =>
      checks(cell.said[name], cell.words, parts[name], (chosen) => { parts[name] = chosen; tell(); }));
  },
  repeats(cell) {
    const found = /^(\d+)个月内(?:(\d+)次以上|(\d+)次以下|(\d+)至(\d+)次)$/.exec(cell.text) || [];
    const parts = [[cell.said.months, found[1]], [cell.said.least, found[2] || found[4]], [cell.said.most, found[3] || found[5]]];
    return [numbers(parts, ([months, least, most]) => {
      const many = least && most ? `${least}至${most}次` : least ? `${least}次以上` : `${most}次以下`;
      cell.write(months && (least || most) ? `${months}个月内${many}` : "");
    })];
  },
  months(cell) {
    const found = new Map(cell.text.split(PARTS).map((part) => /^(.*) (\d+)个月$/.exec(part)).filter(Boolean).map((one) => [one[1], one[2]]));
    const named = [...new Set([...cell.measures, ...found.keys()])];
    return [numbers(named.map((word) => [word, found.get(word)]), (counts) =>
      cell.write(named.map((word, place) => [word, counts[place]]).filter(([, count]) => count !== "")
        .map(([word, count]) => `${word} ${count}个月`).join(PARTS)))];
  },
};

function bounded(text, words) {
  for (const from of words) for (const to of words) if (text === `${from}至${to}`) return { from, to };
  if (text.endsWith("以上") && words.includes(text.slice(0, -2))) return { from: text.slice(0, -2), to: "" };
  if (text.endsWith("以下") && words.includes(text.slice(0, -2))) return { from: "", to: text.slice(0, -2) };
  return { from: "", to: "" };
}
