// The desk: Alt and a digit take a suggestion or choose the complaint to join, Ctrl+Enter enters. Leaving the text with no
// title typed yet writes its first sentence there, where it can be seen and changed. Without this the page is a form.
"use strict";

const form = document.querySelector("[data-entry]");
const text = form.querySelector("[name='draft.text']");
const title = form.querySelector("[name='draft.title']");
const LONGEST_TITLE = 30;

function take(button) {
  const field = form.querySelector(`[name='${button.dataset.take}']`);
  field.value = button.dataset.value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
  button.setAttribute("aria-pressed", "true");
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-take]");
  if (!button) return;
  event.preventDefault();
  take(button);
});
form.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.key === "Enter") {
    event.preventDefault();
    form.requestSubmit();
  }
  const digit = event.altKey && !event.ctrlKey && /^Digit[0-9]$/.test(event.code) ? event.code.slice(5) : "";
  const wanted = digit && form.querySelector(`[data-key='${digit}']`);
  if (!wanted) return;
  event.preventDefault();
  if (wanted.dataset.take) take(wanted);
  else wanted.click();
});
text.addEventListener("blur", () => {
  if (!title.value.trim()) title.value = text.value.trim().split(/[。！？!?\n]/)[0].slice(0, LONGEST_TITLE);
});
// What is put beside the form anew must not take away where the keyboard stands.
let stood = "";
document.body.addEventListener("htmx:beforeSwap", () => {
  stood = document.activeElement?.closest("#live") ? document.activeElement.dataset.key : "";
});
document.body.addEventListener("htmx:afterSwap", () => {
  if (stood) form.querySelector(`[data-key='${stood}']`)?.focus();
});
