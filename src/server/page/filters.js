// The filter row: its fields are parts of the address.
import * as api from "./api.js";
import { change, filterNames, onChange, state } from "./state.js";
import { text } from "./text.js";

const $ = (id) => document.getElementById(id);
const form = $("filters");
const button = $("filter-button");
let known = false;

const active = () => filterNames.filter((name) => state()[name]);

function show() {
  for (const name of filterNames) {
    const field = form.elements[name];
    const value = state()[name] || (name === "min" ? "0" : "");
    if (field.tagName === "SELECT" && value && ![...field.options].some((option) => option.value === value))
      field.append(new Option(value, value));
    if (field.value !== value) field.value = value;
  }
  $("min-value").textContent = state().min || text.anySimilarity;
  const count = active().length;
  $("filter-count").textContent = count;
  $("filter-count").hidden = !count;
  button.ariaLabel = count ? text.filtersOn(count) : text.filters;
}

const options = (list) => list.map(({ value, count }) => new Option(`${value} (${count.toLocaleString("en")})`, value));

async function learn() {
  if (known) return;
  known = true;
  try {
    const facets = await api.facets();
    const type = form.elements.type;
    const chosen = type.value;
    type.replaceChildren(type.options[0], ...options(facets.types));
    if (chosen) type.value = chosen;
    $("folders").replaceChildren(...options(facets.folders));
    $("labels").replaceChildren(...options(facets.labels));
  } catch {
    known = false;
  }
}

export const forget = () => { known = false; if (!form.hidden) learn(); };

function open(visible) {
  form.hidden = !visible;
  button.ariaExpanded = String(visible);
  if (visible) learn();
}

export function start() {
  button.addEventListener("click", () => {
    open(form.hidden);
    if (!form.hidden) form.elements.path.focus();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", (event) => {
    const { name, value } = event.target;
    if (filterNames.includes(name)) change({ [name]: name === "min" && value === "0" ? "" : value.trim() });
  });
  form.elements.min.addEventListener("input", () => { $("min-value").textContent = form.elements.min.value; });
  $("clear-filters").addEventListener("click", () => change(Object.fromEntries(filterNames.map((name) => [name, ""]))));
  const cosine = $("show-cosine");
  const apply = () => document.body.classList.toggle("cosines", cosine.checked);
  cosine.checked = localStorage.getItem("cosines") === "1";
  cosine.addEventListener("change", () => { localStorage.setItem("cosines", cosine.checked ? "1" : ""); apply(); });
  apply();
  onChange(show);
  show();
  if (active().length) open(true);
}
