// How many characters of a statement are written, and how many there may be. The service counts again.
"use strict";

for (const part of document.querySelectorAll("[data-longest]")) {
  const text = part.querySelector("textarea");
  const told = part.querySelector("[data-written]");
  if (!text || !told) continue;
  const longest = Number(part.dataset.longest);
  const count = () => {
    const written = [...text.value].length;
    told.querySelector("b").textContent = written;
    told.classList.toggle("fault", written > longest);
  };
  told.hidden = false;
  text.addEventListener("input", count);
  count();
}
