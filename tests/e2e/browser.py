"""A headless Chromium, driven as a person drives it."""
import json
import pathlib
import shutil
import subprocess
import sys
import tarfile
import time
import unittest
import zipfile

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

AXE = "4.14.1"


class Browser:
    def __init__(self, profile, logs=True):
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                         "--disable-background-networking", "--lang=en-US", f"--user-data-dir={profile}"):
            options.add_argument(argument)
        if logs:
            options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
            options.add_experimental_option("perfLoggingPrefs", {"enableNetwork": True, "enablePage": False})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.window()

    def quit(self):
        self.driver.quit()

    def cdp(self, command, **arguments):
        return self.driver.execute_cdp_cmd(command, arguments)

    def window(self, width=1440, height=900, scale=1, dark=False, touch=False):
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=touch)
        self.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
                                                            {"name": "prefers-reduced-motion", "value": "reduce"}])

    def offline(self, offline):
        self.cdp("Network.enable")
        self.cdp("Network.emulateNetworkConditions", offline=offline, latency=0, downloadThroughput=-1, uploadThroughput=-1)

    def open(self, url):
        self.driver.get(url)

    def js(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def keys(self, *keys):
        chain = ActionChains(self.driver)
        for key in keys:
            chain.send_keys(key)
        chain.perform()

    def until(self, what, condition, seconds=90):
        """Waits for a condition and returns what it gave. Sanitizers on a slow machine take 20 s for a page of small pictures."""
        end = time.monotonic() + seconds
        while True:
            try:
                got = condition()
            except StaleElementReferenceException:
                got = None
            if got:
                return got
            if time.monotonic() > end:
                raise AssertionError(f"not within {seconds} s: {what}")
            time.sleep(0.03)

    def said(self):
        """Errors of the console since the last call."""
        return [e["message"] for e in self.driver.get_log("browser") if e["level"] in ("SEVERE", "WARNING")]

    def asked(self):
        """Addresses that were requested since the last call."""
        messages = [json.loads(e["message"])["message"] for e in self.driver.get_log("performance")]
        return [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]

    def settled(self):
        """All pictures in view are there."""
        self.until("pictures", lambda: self.js(
            "return [...document.querySelectorAll('.tile')].every(t => t.getBoundingClientRect().top > innerHeight"
            " || t.matches('.here, .gone'))"))

    def screenshot(self, file):
        self.settled()
        self.driver.save_screenshot(str(file))


def axe_source(build):
    """The text of axe-core, which is not ours to keep: from npm, else (an older one) from PyPI, into the build folder."""
    folder = pathlib.Path(build) / "axe"
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "axe.min.js"
    if kept.exists():
        return kept.read_text()
    try:
        if shutil.which("npm"):
            subprocess.run(["npm", "pack", "--silent", f"axe-core@{AXE}"], cwd=folder, check=True, capture_output=True, timeout=120)
            with tarfile.open(folder / f"axe-core-{AXE}.tgz") as archive:
                text = archive.extractfile("package/axe.min.js").read()
        else:
            subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True, capture_output=True, timeout=120)
            subprocess.run([folder / "venv/bin/pip", "download", "-q", "--no-deps", "-d", folder, "axe-core-python==0.1.0"],
                           check=True, capture_output=True, timeout=120)
            with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
                text = archive.read("axe_core_python/axe.min.js")
    except (subprocess.SubprocessError, OSError) as error:
        raise unittest.SkipTest(f"axe-core could not be fetched from npm or PyPI: {error}") from error
    kept.write_bytes(text)
    return text.decode()


__all__ = ["Browser", "By", "Keys", "axe_source"]
