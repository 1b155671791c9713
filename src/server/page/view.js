// One picture over the whole window, with what is known of it.
import * as api from "./api.js";
import * as grid from "./grid.js";
import { change, state } from "./state.js";
import { text } from "./text.js";

const $ = (id) => document.getElementById(id);
const dialog = $("view");
let current = null;
let wantMore = () => {};
export const onNearEnd = (more) => { wantMore = more; };

function facts(hit) {
  const rows = [["path", hit.path]];
  if (hit.width) rows.push(["size", text.pixels(hit.width, hit.height)]);
  if (hit.bytes) rows.push(["bytes", text.megabytes(hit.bytes)]);
  if (hit.time) rows.push(["time", hit.time.replace("T", " ").replace("Z", "")]);
  for (const name of ["camera", "label"]) if (hit[name]) rows.push([name, hit[name]]);
  if (hit.cosine !== undefined) rows.push(["cosine", hit.cosine.toFixed(3)]);
  for (const [name, value] of Object.entries(hit.attributes || {})) rows.push([name, String(value)]);
  return rows.flatMap(([name, value]) => {
    const term = document.createElement("dt");
    const said = document.createElement("dd");
    term.textContent = text.facts[name] || name;
    // Lines may end after a slash.
    said.append(...value.split(/(?<=\/)/).flatMap((part) => [part, document.createElement("wbr")]));
    return [term, said];
  });
}

const position = () => grid.hits().findIndex((hit) => hit.id === current.id);

function show(hit) {
  current = hit;
  const picture = $("view-picture");
  picture.classList.add("coming");
  picture.onload = () => {
    // A small picture may be seen at twice its size, no more: beyond that there are only pixels.
    picture.style.width = `${2 * picture.naturalWidth}px`;
    picture.classList.remove("coming");
  };
  picture.alt = text.alt(hit);
  picture.src = `${hit.thumb}&size=window`;
  $("view-name").textContent = hit.path.split("/").pop();
  $("view-open").href = hit.file;
  $("view-facts").replaceChildren(...facts(hit));
  const at = position();
  $("view-previous").disabled = at <= 0;
  $("view-next").disabled = at < 0 || at + 1 >= grid.hits().length;
  if (at >= 0 && at + 5 > grid.hits().length) wantMore();
  if (!dialog.open) dialog.showModal();
}

// Follows the address.
export async function update() {
  const { view } = state();
  if (!view) {
    if (!dialog.open) return;
    dialog.close();
    grid.tileOf(current.id)?.querySelector("a").focus();
    return;
  }
  if (dialog.open && String(current?.id) === view) return;
  const known = grid.hits().find((hit) => String(hit.id) === view);
  try {
    show(known || (await api.image(view)));
  } catch {
    change({ view: "" }, "replace");
  }
}

function step(by) {
  const to = grid.hits()[position() + by];
  if (to) change({ view: String(to.id) }, "replace");
}

export const open = (id) => change({ view: String(id) });
const close = () => change({ view: "" });

export function start(like, copy) {
  $("view-close").addEventListener("click", close);
  $("view-previous").addEventListener("click", () => step(-1));
  $("view-next").addEventListener("click", () => step(1));
  $("view-like").addEventListener("click", () => like(String(current.id)));
  $("view-copy").addEventListener("click", () => copy([current.path]));
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); close(); });
  dialog.addEventListener("click", (event) => { if (event.target.classList.contains("stage")) close(); });
  dialog.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowLeft") step(-1);
    if (event.key === "ArrowRight") step(1);
    if (event.key === "l") like(String(current.id));
  });
}
