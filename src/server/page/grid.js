// The pictures in rows of equal height, each with its own shape, so that nothing moves when they arrive.
import { text } from "./text.js";
import * as thumbs from "./thumbs.js";

const grid = document.getElementById("grid");
const patience = 1000;   // ms that the rest waits for the first pictures
const fallback = 4 / 3;  // a shape for pictures whose size nobody knows yet
let shown = [];

export const hits = () => shown;
export const tileOf = (id) => grid.querySelector(`[data-id="${id}"]`);

const icon = (name) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
};

// Very long or tall pictures are cut to a shape that leaves room for others.
const shape = (ratio) => Math.min(Math.max(ratio, 0.5), 3.2);
const shapeOf = (hit) => shape(hit.width && hit.height ? hit.width / hit.height : fallback);

// Those that the window will show at first, by their shapes alone: known before anything is laid out. One row more than it shows, so that
// no row in sight is put together anew when the rest comes.
function inWindow(list) {
  const height = parseFloat(getComputedStyle(grid).getPropertyValue("--row"));
  let x = 0, y = height;
  const end = list.findIndex((hit) => {
    x += shapeOf(hit) * height;
    if (x > innerWidth) [x, y] = [shapeOf(hit) * height, y + height];
    return y > innerHeight + height;
  });
  return end < 0 ? list : list.slice(0, end);
}

function tile(hit) {
  const item = document.createElement("li");
  item.className = "tile";
  item.dataset.id = hit.id;
  item.style.setProperty("--ratio", shapeOf(hit));

  const link = document.createElement("a");
  const address = new URLSearchParams(location.search);
  address.set("view", hit.id);
  link.href = `?${address}`;
  const picture = document.createElement("img");
  picture.alt = text.alt(hit);
  picture.decoding = "async";
  picture.addEventListener("load", () => {
    item.classList.add("here");
    if (!hit.width) item.style.setProperty("--ratio", shape(picture.naturalWidth / picture.naturalHeight));
  });
  picture.addEventListener("error", () => item.classList.add("gone"));
  thumbs.show(hit, picture);
  link.append(picture);

  const name = document.createElement("span");
  name.className = "name";
  name.textContent = hit.path.split("/").pop();
  name.ariaHidden = "true";
  const like = document.createElement("button");
  like.type = "button";
  like.className = "like";
  like.title = text.like;
  like.ariaLabel = text.likeNamed(text.alt(hit));
  like.append(icon("like"));
  item.append(link, name, like);
  if (hit.cosine !== undefined) {
    const cosine = document.createElement("span");
    cosine.className = "cosine";
    cosine.textContent = hit.cosine.toFixed(3);
    item.append(cosine);
  }
  return item;
}

// The pictures of these tiles are there, or will not be, or keep one waiting.
const seen = (tiles) => Promise.race([
  Promise.all(tiles.map((item) => new Promise((resolve) => {
    for (const what of ["load", "error"]) item.querySelector("img").addEventListener(what, resolve, { once: true });
  }))),
  new Promise((resolve) => setTimeout(resolve, patience)),
]);

// Shows these instead. What the window shows comes first; the rest has its turn when that is seen, and then this returns.
export async function replace(list) {
  shown = [...list];
  const mine = shown;
  const first = inWindow(list);
  thumbs.fetchFirst(first);
  const tiles = first.map(tile);
  grid.ariaBusy = "true";
  grid.replaceChildren(...tiles);
  await seen(tiles);
  if (mine !== shown) return;
  grid.append(...list.slice(first.length).map(tile));
  grid.ariaBusy = "false";
}

export function append(list) {
  const known = new Set(shown.map((hit) => hit.id));
  const fresh = list.filter((hit) => !known.has(hit.id));
  shown.push(...fresh);
  grid.append(...fresh.map(tile));
}

// The arrow keys go from picture to picture: sideways in order, up and down to the nearest.
function step(tileNow, key) {
  if (key === "ArrowRight") return tileNow.nextElementSibling;
  if (key === "ArrowLeft") return tileNow.previousElementSibling;
  const here = tileNow.getBoundingClientRect();
  const centre = here.left + here.width / 2;
  let best = null, nearest = Infinity, row = null;
  let other = tileNow;
  while ((other = key === "ArrowDown" ? other.nextElementSibling : other.previousElementSibling)) {
    const there = other.getBoundingClientRect();
    if (Math.abs(there.top - here.top) < 4) continue;
    row ??= there.top;
    if (Math.abs(there.top - row) >= 4) break;
    const distance = Math.abs(there.left + there.width / 2 - centre);
    if (distance < nearest) [best, nearest] = [other, distance];
  }
  return best;
}

grid.addEventListener("keydown", (event) => {
  const here = event.target.closest(".tile");
  if (!here || !event.key.startsWith("Arrow")) return;
  const to = step(here, event.key);
  if (!to) return;
  event.preventDefault();
  to.querySelector("a").focus();
});

export function onChoose(view, like) {
  grid.addEventListener("click", (event) => {
    const item = event.target.closest(".tile");
    if (!item || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    (event.target.closest(".like") ? like : view)(item.dataset.id);
  });
}
