// Index a folder of the server's machine, and see how far it is.
import * as api from "./api.js";
import { text } from "./text.js";

const $ = (id) => document.getElementById(id);
let running = null;

function left(job) {
  if (job.done < 20 || job.done >= job.total) return "";
  const seconds = Math.ceil((job.seconds / job.done) * (job.total - job.done));
  const words = seconds < 90 ? text.seconds(seconds) : seconds < 5400 ? text.minutes(Math.round(seconds / 60)) : text.hours(Math.round(seconds / 3600));
  return text.timeLeft(words);
}

function show(job) {
  $("job").hidden = false;
  $("job-text").textContent = job.state === "waiting" ? text.indexWaiting : text.indexing(job.done, job.total) + left(job);
  $("job-bar").max = job.total || 1;
  $("job-bar").value = job.done;
}

function follow(id, tell, done) {
  running = id;
  api.follow(id, (job) => {
    if (job.state === "waiting" || job.state === "running") return show(job);
    running = null;
    $("job").hidden = true;
    tell(job.state === "done" ? text.indexDone(job.report) : job.state === "failed" ? text.indexFailed(job.error) : text.indexStopped);
    done();
  });
}

export function start(tell, done) {
  const dialog = $("index-dialog"), folder = $("index-folder"), problem = $("index-problem");
  $("index-button").addEventListener("click", () => { problem.textContent = ""; dialog.showModal(); folder.focus(); });
  $("index-cancel").addEventListener("click", () => dialog.close());
  $("job-stop").addEventListener("click", () => { if (running) api.stopJob(running); });
  $("index-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const job = await api.index(folder.value.trim());
      dialog.close();
      show(job);
      follow(job.id, tell, done);
    } catch (failure) {
      problem.textContent = failure.message || text.offline;
    }
  });
}

// What the server allows, and whether it indexes already.
export async function learn(tell, done) {
  try {
    const about = await api.stats();
    $("index-button").hidden = about.index_roots.length === 0;
    $("index-folder").placeholder = about.index_roots[0] || "/";
    $("index-model").textContent = text.indexModel(about.model.name) + (about.model.name === "elanus-demo" ? ` · ${text.demoModel}` : "");
    const going = (await api.jobs()).jobs.find((job) => job.state === "running" || job.state === "waiting");
    if (going) follow(going.id, tell, done);
  } catch {
    // The search says that the server does not answer.
  }
}
