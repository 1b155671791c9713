// A picture as the query: chosen, dropped or pasted. It is sent once; the address then holds its name.
import * as api from "./api.js";
import { change, onChange, state } from "./state.js";
import { text } from "./text.js";

const $ = (id) => document.getElementById(id);
const chip = $("query-picture");
const sent = new Map();  // name to object URL

async function use(file, tell) {
  if (!file?.type.startsWith("image/")) return tell(text.fileNotPicture);
  try {
    const { picture } = await api.searchPicture(file);
    sent.set(picture, URL.createObjectURL(file));
    change({ picture, like: "", view: "" });
  } catch (problem) {
    tell(problem.message || text.offline);
  }
}

function show() {
  const { like, picture } = state();
  chip.hidden = !like && !picture;
  const image = chip.querySelector("img");
  if (like) image.src = `v1/images/${encodeURIComponent(like)}/thumb`;
  else if (sent.has(picture)) image.src = sent.get(picture);
  else image.removeAttribute("src");
}

const files = (transfer) => [...(transfer?.items || [])].some((item) => item.kind === "file");

export function start(tell) {
  $("upload").addEventListener("change", (event) => {
    use(event.target.files[0], tell);
    event.target.value = "";
  });
  $("drop-picture").addEventListener("click", () => {
    change({ like: "", picture: "" });
    $("q").focus();
  });
  addEventListener("paste", (event) => {
    const file = [...event.clipboardData.files].find((one) => one.type.startsWith("image/"));
    if (!file) return;
    event.preventDefault();
    use(file, tell);
  });
  const zone = $("drop");
  addEventListener("dragenter", (event) => { if (files(event.dataTransfer)) zone.hidden = false; });
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) zone.hidden = true; });
  addEventListener("drop", (event) => {
    event.preventDefault();
    zone.hidden = true;
    if (event.dataTransfer.files.length) use(event.dataTransfer.files[0], tell);
  });
  onChange(show);
  show();
}
