// The hall screen: bars move to their rank as the count comes in. The stream reconnects by itself.
"use strict";

const race = document.querySelector("[data-race]");
const state = document.querySelector("[data-state]");
const drawn = new Map();
const SVG = "http://www.w3.org/2000/svg";

function row(id) {
  if (drawn.has(id)) return drawn.get(id);
  const item = document.createElement("li");
  const [rank, name, score] = [document.createElement("span"), document.createElement("span"), document.createElement("b")];
  const bar = document.createElementNS(SVG, "svg");
  const rect = document.createElementNS(SVG, "rect");
  name.className = "name";
  bar.setAttribute("viewBox", "0 0 100 10");
  bar.setAttribute("preserveAspectRatio", "none");
  bar.setAttribute("aria-hidden", "true");
  rect.setAttribute("height", "10");
  bar.append(rect);
  item.append(rank, name, bar, score);
  drawn.set(id, { item, rank, name, rect, score });
  return drawn.get(id);
}

function draw(frame) {
  const before = new Map([...drawn].map(([id, one]) => [id, one.item.getBoundingClientRect().top]));
  let group = frame.rows.length ? frame.rows[0].object_group : "";
  race.replaceChildren(...frame.rows.map((result) => {
    const one = row(result.object_id);
    one.rank.textContent = (result.rank || "—") + (result.rank_from !== result.rank_to ? " ≈" : "");
    one.item.classList.toggle("first", result.object_group !== group);
    group = result.object_group;
    one.name.textContent = result.name;
    one.rect.setAttribute("width", result.suppressed ? 0 : result.score || 0);
    one.score.textContent = result.suppressed ? "—" : result.score;
    one.item.classList.toggle("same", result.rank_from !== result.rank_to);
    one.item.title = result.suppressed ? race.dataset.none : result.rank_from !== result.rank_to ? race.dataset.same : "";
    return one.item;
  }));
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) {
    for (const [id, one] of drawn) {
      const moved = (before.get(id) ?? 0) - one.item.getBoundingClientRect().top;
      if (before.get(id) && moved) one.item.animate([{ transform: `translateY(${moved}px)` }, { transform: "none" }], { duration: 600, easing: "ease-in-out" });
    }
  }
  const turnout = document.querySelector("[data-turnout]");
  turnout.replaceChildren(...(frame.turnout ? frame.turnout.groups : []).map((group) => {
    const part = document.createElement("div");
    const figure = document.createElement("b");
    const name = document.createElement("span");
    figure.textContent = Number(group.received).toLocaleString("en");
    name.textContent = group.name;
    name.className = "soft";
    part.append(figure, ` / ${Number(group.issued).toLocaleString("en")}`, document.createElement("br"), name);
    return part;
  }));
  document.querySelector("[data-ballots]").textContent = Number(frame.ballots).toLocaleString("en");
  document.querySelector("[data-root]").textContent = (frame.root_hash || "").slice(0, 10);
}

const stream = new EventSource(race.dataset.stream);
stream.onmessage = (event) => { state.textContent = state.dataset.live; draw(JSON.parse(event.data).frame); };
stream.onerror = () => {
  state.textContent = stream.readyState === EventSource.CLOSED ? state.dataset.over : state.dataset.lost;
};
