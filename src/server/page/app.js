// The page: what the address says is searched and shown.
import * as api from "./api.js";
import * as filters from "./filters.js";
import * as grid from "./grid.js";
import * as indexing from "./indexing.js";
import * as picture from "./picture.js";
import { change, filterNames, isSearch, onChange, sameSearch, state } from "./state.js";
import { text, write } from "./text.js";
import * as view from "./view.js";

const $ = (id) => document.getElementById(id);
const pageSize = 60, typing = 100;  // the server's first answer is of 60 too

let going = null;   // the request under way
let next = null;    // where the next page begins
let loading = false;
let told = "";      // what the status says of the pictures shown
let brought = JSON.parse($("answer")?.textContent || "null");  // what the server put into the page for its address

let toastTimer = 0;
function tell(words) {
  $("toast").textContent = words;
  $("toast").classList.add("up");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => $("toast").classList.remove("up"), 5000);
}

function notice(words, again) {
  const box = $("notice");
  box.hidden = !words;
  box.firstElementChild.textContent = words || "";
  box.lastElementChild.hidden = !again;
}

function empty(title, help) {
  $("empty").hidden = !title;
  $("empty").querySelector("h2").textContent = title || "";
  $("empty").querySelector("p").textContent = help || "";
}

async function copy(paths) {
  try {
    await navigator.clipboard.writeText(paths.join("\n"));
    tell(text.copied(paths.length));
  } catch {
    tell(text.copyFailed);
  }
}

// One page of what the address says: hits, where the next begins, and a line about it.
async function fetchPage(signal) {
  const s = state();
  if (isSearch(s)) {
    const { view: _, ...parameters } = s;
    const answer = brought || (await api.search({ ...parameters, k: pageSize, cursor: next }, signal));
    brought = null;
    const all = grid.hits().length * (next ? 1 : 0) + answer.hits.length;
    const line = s.sort ? text.ordered(all, answer.took_ms) : text.shown(all, answer.next, answer.took_ms);
    return { hits: answer.hits, next: answer.next, line, note: answer.truncated ? text.truncated : "" };
  }
  const [page, about] = await Promise.all([api.list({ k: pageSize, after: next }, signal), next ? null : api.stats()]);
  return { hits: page.images, next: page.next, line: about && text.pictures(about.pictures), note: "" };
}

// Fetches more when the end comes into reach.
const end = new IntersectionObserver(([last]) => { if (last.isIntersecting) load(true); }, { rootMargin: "1600px" });

async function load(more) {
  if (more && (loading || next === null)) return;
  going?.abort();
  const mine = (going = new AbortController());
  loading = true;
  if (!more) next = null;
  const slow = setTimeout(() => { if (!more) $("status").textContent = text.searching; }, 400);
  try {
    const page = await fetchPage(mine.signal).finally(() => clearTimeout(slow));
    const shown = more ? grid.append(page.hits) : grid.replace(page.hits);
    next = page.next;
    told = page.line || told;
    $("status").textContent = told;
    notice(page.note);
    const nothing = grid.hits().length === 0;
    if (!nothing) empty();
    else if (isSearch(state())) empty(text.nothingFits, text.nothingFitsHelp);
    else empty(text.emptyCollection, text.emptyCollectionHelp);
    $("copy-all").hidden = nothing || !isSearch(state());
    view.update();
    await shown;
  } catch (problem) {
    if (mine.signal.aborted) return;
    $("status").textContent = told;
    notice(problem.status ? problem.message : text.offline, true);
    return;
  } finally {
    if (going === mine) loading = false;
  }
  // The observer speaks when the end comes into reach, not while it stays there; asked anew, it says what is.
  end.unobserve($("more"));
  end.observe($("more"));
}

function title() {
  const { q } = state();
  document.title = q.trim() ? text.title(q.trim()) : text.name;
}

const like = (id) => {
  change({ like: id, picture: "", q: "", view: "" });
  scrollTo({ top: 0 });
};

function startSearchBox() {
  const box = $("q");
  box.value = state().q;
  let timer = 0, step = "push";
  const settle = () => {
    clearTimeout(timer);
    // One step back for each description, not for each letter.
    change({ q: box.value, view: "" }, step);
    step = "replace";
  };
  box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(settle, typing); });
  box.addEventListener("change", () => { step = "push"; });
  $("search").addEventListener("submit", (event) => { event.preventDefault(); settle(); step = "push"; });
  onChange(() => { if (document.activeElement !== box || !timer || box.value.trim() !== state().q.trim()) box.value = state().q; });
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || /INPUT|SELECT/.test(document.activeElement.tagName) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    box.select();
  });
}

let keyGiven = null;  // one question for all requests that need the answer
function askForKey() {
  keyGiven ??= new Promise((resolve) => {
    $("key-dialog").showModal();
    $("key-form").onsubmit = async (event) => {
      event.preventDefault();
      if (!(await api.openSession($("key").value))) {
        $("key-problem").textContent = text.keyWrong;
        return;
      }
      keyGiven = null;
      $("key-dialog").close();
      resolve();
    };
  });
  return keyGiven;
}

write(document);
api.onKeyNeeded(askForKey);
startSearchBox();
filters.start();
picture.start(tell);
view.start(like, copy);
view.onNearEnd(() => load(true));
grid.onChoose(view.open, like);
const indexed = () => { filters.forget(); load(false); };
indexing.start(tell, indexed);
$("copy-all").addEventListener("click", () => copy(grid.hits().map((hit) => hit.path)));
$("home").addEventListener("click", (event) => {
  event.preventDefault();
  change(Object.fromEntries(["q", "like", "picture", "view", ...filterNames].map((name) => [name, ""])));
});
$("notice").lastElementChild.addEventListener("click", () => load(false));
addEventListener("online", () => load(false));
onChange((now, before) => {
  title();
  if (sameSearch(now, before)) view.update();
  else load(false);
});
title();
// The pictures come first.
load(false).then(() => indexing.learn(tell, indexed));
