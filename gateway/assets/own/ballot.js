// One object a screen. Choices stay on this device until the ballot is in the box.
"use strict";

const ballot = document.querySelector("[data-ballot]");
if (ballot) {
  const key = "ballot:" + ballot.dataset.ballot;
  const form = ballot.querySelector("form");
  const screens = [...ballot.querySelectorAll("[data-screen]")];
  const [back, next, review] = ["back", "next", "review"].map((name) => ballot.querySelector(`[data-${name}]`));
  const state = ballot.querySelector("[data-state]");
  const kept = JSON.parse(sessionStorage.getItem(key) || "{}");
  for (const one of form.querySelectorAll("input[type=radio]")) if (kept[one.name] === one.value) one.checked = true;
  let at = 0;
  const done = (screen) => [...screen.querySelectorAll("fieldset")].every((one) => one.querySelector("input:checked"));
  function show(to, focus) {
    at = Math.max(0, Math.min(to, screens.length - 1));
    screens.forEach((screen, place) => screen.classList.toggle("now", place === at));
    ballot.querySelector("[data-at]").textContent = at + 1;
    ballot.querySelector("progress").value = screens.filter(done).length;
    back.disabled = at === 0;
    next.hidden = at === screens.length - 1;
    review.classList.toggle("primary", next.hidden);
    if (focus) { screens[at].querySelector("h2").focus({ preventScroll: true }); scrollTo(0, 0); }
  }
  form.addEventListener("change", (event) => {
    kept[event.target.name] = event.target.value;
    sessionStorage.setItem(key, JSON.stringify(kept));
    state.textContent = state.dataset.kept;
    ballot.querySelector("progress").value = screens.filter(done).length;
  });
  back.addEventListener("click", () => show(at - 1, true));
  next.addEventListener("click", () => show(at + 1, true));
  ballot.classList.add("stepping");
  ballot.querySelector("[data-progress]").hidden = false;
  back.hidden = next.hidden = false;
  const open = screens.findIndex((screen) => !done(screen));
  show(open < 0 ? 0 : open, false);
}
const cast = document.querySelector("[data-cast]");
if (cast) sessionStorage.removeItem("ballot:" + cast.dataset.cast);
