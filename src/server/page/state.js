// What the page shows is in the address: it can be kept, sent, reloaded and gone back to.
const names = ["q", "like", "picture", "path", "type", "label", "after", "before", "min", "sort", "view"];
export const filterNames = ["path", "type", "label", "after", "before", "min", "sort"];

const read = () => {
  const given = new URLSearchParams(location.search);
  return Object.fromEntries(names.map((name) => [name, given.get(name) || ""]));
};

const listeners = [];
let now = read();

export const state = () => now;
export const onChange = (listener) => listeners.push(listener);

const tell = (before) => listeners.forEach((listener) => listener(now, before));

// `how`: "push" makes a step that Back undoes, "replace" does not.
export function change(changes, how = "push") {
  const before = now;
  now = { ...now, ...changes };
  if (names.every((name) => now[name] === before[name])) return;
  const given = new URLSearchParams(names.filter((name) => now[name]).map((name) => [name, now[name]]));
  const address = given.size ? `?${given}` : location.pathname;
  history[how === "push" ? "pushState" : "replaceState"](null, "", address);
  tell(before);
}

addEventListener("popstate", () => {
  const before = now;
  now = read();
  tell(before);
});

// Do they show the same pictures?
export const sameSearch = (a, b) => names.every((name) => name === "view" || a[name] === b[name]);
export const isSearch = (s) => Boolean(s.q.trim() || s.like || s.picture);
