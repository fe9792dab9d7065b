"use strict";
const form = document.querySelector("form");
const scenes = [...document.querySelectorAll("article")].map(article => ({
  article,
  words: article.dataset.shows.toLowerCase(),
  figures: [...article.querySelectorAll("figure")].map(figure => ({
    figure,
    variants: figure.dataset.variants.split(" "),
    text: figure.textContent.replace(/\s+/g, " ").toLowerCase(),
  })),
}));

const count = (number, what) => `${number} ${what}${number === 1 ? "" : "s"}`;

function filter() {
  const wanted = form.text.value.trim().replace(/\s+/g, " ").toLowerCase();
  const variants = [...form.querySelectorAll("[name=variant]:checked")].map(box => box.value);
  let states = 0, pictures = 0;
  for (const scene of scenes) {
    const chosen = (!form.screen.value || scene.article.dataset.screen === form.screen.value)
      && (!form.step.value || scene.article.dataset.step === form.step.value);
    const named = scene.words.includes(wanted);
    let shown = 0;
    for (const {figure, variants: its, text} of scene.figures) {
      figure.hidden = !(chosen && its.some(one => variants.includes(one)) && (named || text.includes(wanted)));
      shown += !figure.hidden;
    }
    scene.article.hidden = !shown;
    states += shown > 0;
    pictures += shown;
  }
  for (const group of document.querySelectorAll("section"))
    group.hidden = !group.querySelector("article:not([hidden])");
  form.querySelector("output").value = `${count(states, "state")}, ${count(pictures, "picture")}`;
}

function go(by) {
  const visible = scenes.filter(scene => !scene.article.hidden).map(scene => scene.article);
  const tops = visible.map(article => article.getBoundingClientRect().top - form.offsetHeight);
  const next = by > 0 ? tops.findIndex(top => top > 2) : tops.findLastIndex(top => top < -2);
  if (next >= 0) window.scrollBy(0, tops[next]);
}

form.addEventListener("input", filter);
form.addEventListener("submit", event => event.preventDefault());
form.addEventListener("reset", () => setTimeout(filter));
document.addEventListener("keydown", event => {
  if (event.key === "Escape") {
    form.reset();
    document.activeElement.blur();
  } else if (!event.target.matches("input, select") && !event.ctrlKey && !event.metaKey && !event.altKey) {
    if (event.key === "/") {
      event.preventDefault();
      form.text.focus();
    } else if (event.key === "n" || event.key === "p") {
      go(event.key === "n" ? 1 : -1);
    }
  }
});
window.addEventListener("hashchange", () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.closest("[hidden]")) {
    form.reset();
    filter();
    target.scrollIntoView();
  }
});
filter();
