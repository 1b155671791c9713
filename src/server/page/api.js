// The REST API as promises. A failure is an Error with `status` (0: no answer) and the server's own words.
export class Problem extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

let askForKey = null;
export const onKeyNeeded = (ask) => { askForKey = ask; };

const pause = (ms, signal) => new Promise((resolve, reject) => {
  const timer = setTimeout(resolve, ms);
  signal?.addEventListener("abort", () => { clearTimeout(timer); reject(signal.reason); }, { once: true });
});

async function request(path, options = {}) {
  for (let attempt = 0; ; ++attempt) {
    let response;
    try {
      response = await fetch(path, options);
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Problem(0, "");
    }
    if (response.ok) return response;
    if (response.status === 401 && askForKey) {
      await askForKey();
      continue;
    }
    // A full queue empties in moments.
    if (response.status === 503 && attempt < 4) {
      await pause(1000 * Number(response.headers.get("Retry-After") || 1), options.signal);
      continue;
    }
    const body = await response.json().catch(() => ({}));
    throw new Problem(response.status, body.detail || response.statusText);
  }
}

const json = async (path, options) => (await request(path, options)).json();
const query = (parameters) => new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== "" && value != null));

export const search = (parameters, signal) => json(`v1/search?${query(parameters)}`, { signal });
export const list = (parameters, signal) => json(`v1/images?${query(parameters)}`, { signal });
export const thumbs = (of, size, signal) => json(`v1/thumbs?size=${size}&of=${of}`, { signal });
export const image = (id) => json(`v1/images/${id}`);
export const stats = () => json("v1/stats");
export const facets = () => json("v1/facets");
export const jobs = () => json("v1/jobs");
export const stopJob = (id) => json(`v1/jobs/${id}`, { method: "DELETE" });

export const index = (folder) =>
  json("v1/index", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ folder }) });

export function searchPicture(file, signal) {
  const form = new FormData();
  form.append("picture", file);
  form.append("k", "1");
  return json("v1/search", { method: "POST", body: form, signal });
}

export async function openSession(key) {
  const response = await fetch("v1/session", { method: "POST", body: key });
  return response.ok;
}

// Calls `each` with every state of the job; ends by itself.
export function follow(id, each) {
  const events = new EventSource(`v1/jobs/${id}/events`);
  events.addEventListener("job", (event) => {
    const job = JSON.parse(event.data);
    if (job.report || job.error || job.state === "stopped") events.close();
    each(job);
  });
}
