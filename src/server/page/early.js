// Asks what the address asks before the page's modules are here. The path is the one that api.js will make.
{
  const given = new URLSearchParams(location.search);
  given.delete("view");
  if (given.get("q")?.trim() || given.get("like") || given.get("picture")) {
    given.set("k", 60);
    const path = `v1/search?${given}`;
    window.early = { path, response: fetch(path) };
    window.early.response.catch(() => {});
  }
}
