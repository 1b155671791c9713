// Small pictures, several to an answer: a request costs the browser more time than a small picture does. Kept by link, so that the next
// letter typed brings only those that are new.
import * as api from "./api.js";

const together = 6, most = 600;
const known = new Map();  // link to a promise of a data: URL, or of nothing
let going = null;

// A screen of one pixel to the point needs half the pixels.
const size = () => (devicePixelRatio > 1 ? "grid" : "small");
const key = (hit) => hit.thumb + size();
// "/v1/images/7/thumb?v=1a2b" is asked for as "7-1a2b".
const named = (hit) => hit.thumb.replace(/^.*images\/(-?\d+)\/thumb\?v=/, "$1-");

// Begins to fetch these; those before that are still under way are not wanted any more.
export function fetchFirst(hits) {
  going?.abort();
  going = new AbortController();
  const { signal } = going;
  const missing = hits.filter((hit) => !known.has(key(hit)));
  for (let at = 0; at < missing.length; at += together) {
    const group = missing.slice(at, at + together);
    const answer = api.thumbs(group.map(named), size(), signal).then(({ thumbs }) => thumbs);
    group.forEach((hit, i) => {
      const name = key(hit);
      known.set(name, answer.then((list) => list[i]).catch(() => { known.delete(name); }));
    });
  }
  for (const name of known.keys()) {
    if (known.size <= most) break;
    known.delete(name);
  }
}

// Puts it into an <img>: at once if it is known or under way, else when it comes near the window.
export function show(hit, picture) {
  const byItself = () => { picture.srcset = `${hit.thumb}&size=small 1x, ${hit.thumb} 2x`; };
  const coming = known.get(key(hit));
  picture.loading = coming ? "eager" : "lazy";
  if (coming) coming.then((data) => { if (data) picture.src = data; else byItself(); });
  else byItself();
}
