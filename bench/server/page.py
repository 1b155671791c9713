#!/usr/bin/env python3
"""How long a page of 60 pictures takes in headless Chromium: page.py ELANUS STORE THUMBNAILS [--queries 20] [--cold]

Measured inside the page, from the start of the navigation (so with HTML, modules, search and pictures), or from the last letter typed,
until every tile in the window shows its picture: in a window of 1440 x 900, and in one of 1440 x 2800, where all 60 are in view.
THUMBNAILS is the server's folder of small pictures; --cold empties it before each query, else each query is asked once before."""
import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "tests/e2e"))
from browser import Browser  # noqa: E402
from served import start_server  # noqa: E402

WATCH = """
window.begin = 0;
window.seen = {};
function look(event) {
  if (event && !(event.target instanceof HTMLImageElement)) return;
  requestAnimationFrame(() => {
    const tiles = [...document.querySelectorAll('.tile')].slice(0, 60);
    if (!tiles.length || (window.wanted && new URLSearchParams(location.search).get('q') !== window.wanted)) return;
    if (window.stale && tiles[0].dataset.id === window.stale && tiles[0] === window.staleTile) return;
    const there = (list) => list.every((tile) => tile.matches('.here, .gone'));
    const inView = tiles.filter((tile) => tile.getBoundingClientRect().top < innerHeight);
    if (!seen.time && there(inView)) window.seen = {time: performance.now() - window.begin, tiles: inView.length};
  });
}
document.addEventListener('load', look, true);
"""
TYPE = """
const words = arguments[0], box = document.getElementById('q');
window.seen = {};
window.wanted = words;
window.staleTile = document.querySelector('.tile');
window.stale = window.staleTile.dataset.id;
box.focus();
box.value = words;
window.begin = performance.now();
box.dispatchEvent(new InputEvent('input', {bubbles: true}));
"""


def queries(count):
    things = ["car", "boat", "tree", "dog", "castle", "rocket", "horse", "balloon", "lighthouse", "camel", "house", "cat"]
    places = ["a beach", "a city street", "a desert", "a farm", "a forest", "a lake", "the sea", "a meadow", "a garden"]
    return [f"a {things[n % len(things)]} near {places[n % len(places)]}" for n in range(count)]


def empty(folder):
    for child in folder.iterdir() if folder.exists() else []:
        shutil.rmtree(child)


def seen(browser):
    time.sleep(1)  # no question disturbs what is measured
    return browser.until("pictures", lambda: browser.js("return window.seen && window.seen.time ? window.seen : null"), 20)


def row(name, height, all_seen):
    times = sorted(one["time"] for one in all_seen)
    print(f"{name:34}{height:7}{statistics.median(one['tiles'] for one in all_seen):7.0f}{statistics.median(times):9.0f}{times[-1]:9.0f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("elanus")
    parser.add_argument("store")
    parser.add_argument("thumbnails", type=pathlib.Path)
    parser.add_argument("--queries", type=int, default=20)
    parser.add_argument("--cold", action="store_true")
    options = parser.parse_args()
    os.environ["ELANUS"] = options.elanus
    import served
    served.ELANUS = options.elanus
    server, port = start_server(["--store", options.store, "--thumbnails", options.thumbnails], dict(os.environ))
    profile = tempfile.mkdtemp(prefix="elanus-browser-")
    browser = Browser(profile, logs=False)
    try:
        browser.cdp("Page.enable")
        browser.cdp("Page.addScriptToEvaluateOnNewDocument", source=WATCH)
        browser.cdp("Network.enable")
        browser.cdp("Network.setCacheDisabled", cacheDisabled=True)
        url = f"http://127.0.0.1:{port}/"
        browser.open(url)
        seen(browser)
        state = "cold" if options.cold else "warm"
        print(f"{'':34}{'height':>7}{'tiles':>7}{'ms':>9}{'most':>9}")
        for height in (900, 2800):
            browser.window(height=height)
            opened, typed = [], []
            for words in queries(options.queries):
                address = url + "?q=" + words.replace(" ", "+")
                if options.cold:
                    empty(options.thumbnails)
                else:
                    browser.open(address)
                    seen(browser)
                browser.open("about:blank")
                browser.open(address)
                opened.append(seen(browser))
                browser.open(url)
                seen(browser)
                if options.cold:
                    empty(options.thumbnails)
                browser.js(TYPE, words)
                typed.append(seen(browser))
            row(f"{state}, address opened", height, opened)
            row(f"{state}, typed (100 ms of it waited)", height, typed)
    finally:
        browser.quit()
        server.terminate()
        server.communicate()
        shutil.rmtree(profile, ignore_errors=True)


if __name__ == "__main__":
    main()
