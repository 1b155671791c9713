"""Milvus instead of a file, against a real server: the same commands, copies, pymilvus on the other side, and faults between."""
import csv
import hashlib
import json
import pathlib
import signal
import subprocess
import sys
import threading
import time
import unittest

import numpy

from browser import Browser
from program import DONE, ELANUS, FAILED, INTERRUPTED, ProgramTest
from served import ServedTest, form

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from faulty_proxy import FaultyProxy  # noqa: E402
from milvus import Server  # noqa: E402

server = None


def setUpModule():
    global server
    server = Server()
    unittest.addModuleCleanup(server.close)


class Milvus(ProgramTest):
    made = 0

    def setUp(self):
        super().setUp()
        Milvus.made += 1
        self.name = f"c{Milvus.made}"
        self.uri = server.uri(self.name)

    def vectors(self, rows, dim=16):
        """A file of random vectors and one of names; the vectors at length 1."""
        values = numpy.random.default_rng(7).normal(size=(rows, dim)).astype("float32")
        numpy.save(self.home / "v.npy", values)
        (self.home / "n.txt").write_text("".join(f"n{i}.jpg\n" for i in range(rows)))
        return values / numpy.linalg.norm(values, axis=1, keepdims=True)

    def import_into(self, uri, code=DONE):
        return self.run_program("import", "--vectors", self.home / "v.npy", "--names", self.home / "n.txt", "--store", uri,
                                code=code)


class Commands(Milvus):
    def test_they_do_what_they_do_with_a_file(self):
        folder = self.pictures(12)
        for store in (self.uri, self.home / "file"):
            report = self.json("index", folder, "--store", store)
            self.assertEqual((report["added"], report["pictures"]), (12, 12))
        again = self.json("index", folder, "--store", self.uri)
        self.assertEqual((again["unchanged"], again["added"]), (12, 0))
        for query in ("a red car", "a tree on a hill"):
            here, there = (self.json("search", query, "-k", "5", "--store", s)["hits"] for s in (self.uri, self.home / "file"))
            self.assertEqual([h["path"] for h in here], [h["path"] for h in there])
            for a, b in zip(here, there):
                self.assertAlmostEqual(a["cosine"], b["cosine"], places=5)
        moved = sorted(folder.iterdir())[0]
        moved.rename(folder / f"moved{moved.suffix}")
        sorted(folder.iterdir())[-1].unlink()
        report = self.json("index", folder, "--store", self.uri)
        self.assertEqual((report["moved"], report["removed"]), (1, 1))
        status = self.json("status", "--store", self.uri)
        self.assertEqual((status["pictures"], status["dim"], status["metric"]), (11, 256, "cosine"))
        self.assertIn("milvus", status["server"])
        (self.home / "c.csv").write_text(f"image,caption\n{folder}/moved{moved.suffix},a picture\n")
        self.assertEqual(self.json("eval", "--csv", self.home / "c.csv", "--store", self.uri)["pictures"], 11)
        self.run_program("drop", "--store", self.uri, "--yes")
        self.assertIn("no collection", self.error("search", "x", "--store", self.uri, code=FAILED))

    def test_other_models_and_dimensions_are_refused_in_words(self):
        self.vectors(3)
        self.import_into(self.uri)
        said = self.error("index", self.pictures(1), "--store", self.uri, "--model", "elanus-demo", code=FAILED)
        self.assertIn("16 values", said)
        self.assertIn("256", said)

    def test_the_password_is_in_no_message(self):
        for uri in (f"milvus://ann:sesame@127.0.0.1:1/x", f"milvus://ann:sesame@127.0.0.1:{server.port}/x?no=1",
                    f"milvus://ann:sesame@127.0.0.1:{server.port}/nothing"):
            done = subprocess.run([ELANUS, "status", "--store", uri], env=self.environment, capture_output=True)
            self.assertNotEqual(done.returncode, 0)
            self.assertNotIn(b"sesame", done.stdout + done.stderr)

    def test_ps_shows_no_password(self):
        proxy = FaultyProxy(server.port)
        self.addCleanup(proxy.close)
        proxy.stalled = True
        program = subprocess.Popen([ELANUS, "status", "--store", server.uri("x", port=proxy.port).replace("//", "//ann:sesame@")],
                                   stderr=subprocess.DEVNULL)
        self.addCleanup(program.wait)
        self.addCleanup(program.kill)
        while not proxy.connections:
            time.sleep(0.01)
        shown = pathlib.Path(f"/proc/{program.pid}/cmdline").read_bytes()
        self.assertIn(b"milvus://", shown)
        self.assertNotIn(b"sesame", shown)


class Serve(Milvus, ServedTest):
    def test_it_does_what_it_does_with_a_file(self):
        folder = self.pictures(12)
        for store in (self.uri, self.home / "file"):
            self.run_program("index", folder, "--store", store)
        self.serve("--store", self.uri)
        self.assertIn(b"<title>", self.get("/").body)
        for query in ("a red car", "a tree on a hill"):
            found = self.search(q=query, k=5)["hits"]
            said = self.json("search", query, "-k", "5", "--store", self.home / "file")["hits"]
            self.assertEqual([h["path"] for h in found], [h["path"] for h in said])
        self.assertEqual(self.search(q="a car", type="nothing")["hits"], [])
        first = found[0]["id"]
        self.assertEqual(self.get(f"/v1/images/{first}/file").body, pathlib.Path(found[0]["path"]).read_bytes())
        self.assertIn("image/", self.get(f"/v1/images/{first}/thumb").headers["Content-Type"])
        self.assertNotIn(first, [h["id"] for h in self.search(like=first, k=11)["hits"]])
        # What is written through the page is there for the next search.
        self.assertEqual(self.ask("DELETE", f"/v1/images/{first}").status, 204)
        self.assertNotIn(first, [h["id"] for h in self.search(q=query, k=12)["hits"]])
        body, kind = form(files=[("picture", "new.jpg", sorted(folder.iterdir())[0].read_bytes() + b"\n")])
        self.assertEqual(self.ask("POST", "/v1/images", body, {"Content-Type": kind}).status, 201)
        self.assertEqual(len(self.search(q=query, k=20)["hits"]), 12)
        self.assertEqual(self.get("/v1/stats").json["pictures"], 12)
        self.assertEqual(self.stop()[0], DONE)

    def test_the_page_shows_what_it_holds(self):
        self.run_program("index", self.pictures(12), "--store", self.uri)
        self.serve("--store", self.uri)
        page = Browser(self.home / "browser", logs=False)
        self.addCleanup(page.quit)
        shown = lambda: [int(tile.get_attribute("data-id")) for tile in page.all(".tile.here")]
        found = lambda **query: [hit["id"] for hit in self.search(k=60, **query)["hits"]]
        page.open(self.url)
        page.until("all pictures", lambda: len(shown()) == 12)
        page.one("#q").send_keys("a red car")
        page.until("the answer", lambda: shown() == found(q="a red car"))
        first = shown()[0]
        page.js("document.querySelector('.tile .like').click()")
        page.until("others like it", lambda: shown() == found(like=first))
        page.driver.refresh()
        page.until("the same", lambda: shown() == found(like=first))

    def test_a_milvus_that_goes_away_and_comes_back(self):
        self.run_program("index", self.pictures(3), "--store", self.uri)
        proxy = FaultyProxy(server.port)
        self.addCleanup(proxy.close)
        self.serve("--store", server.uri(self.name, "timeout=1", port=proxy.port), "--read-only")
        self.assertEqual(len(self.search(q="a car")["hits"]), 3)
        proxy.cut()
        self.assertEqual(len(self.search(q="a boat")["hits"]), 3, "it connects again")
        proxy.stalled = True
        refused = self.ask("GET", "/v1/search?q=a+house")
        self.problem(refused, 503, "Search")
        self.assertEqual(refused.headers["Retry-After"], "1")
        proxy.stalled = False
        self.assertEqual(len(self.search(q="a house")["hits"]), 3)
        self.assertEqual(self.stop()[0], DONE)


class ManyMachines(Milvus):
    def test_several_put_pictures_in_at_once(self):
        """Ids from the content, a CSV for each, as docs/scale.md says; what several have is there once, and one that was killed
        is started again with the same CSV."""
        pictures = sorted(self.pictures(30).iterdir())
        ids = {str(p): int(hashlib.sha256(p.read_bytes()).hexdigest()[:15], 16) for p in pictures}

        def index(name, part):
            (self.home / name).write_text("path,id\n" + "".join(f"{p},{ids[str(p)]}\n" for p in part))
            return subprocess.Popen([ELANUS, "index", "--csv", self.home / name, "--store", self.uri], env=self.environment,
                                    stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

        index("first.csv", pictures[:1]).communicate()  # the collection is made by one
        parts = {f"{i}.csv": pictures[i * 8:i * 8 + 14] for i in range(3)}
        programs = [index(name, part) for name, part in parts.items()]
        programs[2].kill()
        programs.append(index("2.csv", parts["2.csv"]))
        for program in programs:
            said = program.communicate(timeout=120)[1].decode()
            self.assertIn(program.returncode, (DONE, -signal.SIGKILL), said)
        self.assertEqual(programs[-1].returncode, DONE)
        self.run_program("export", "--csv", self.home / "out.csv", "--store", self.uri)
        with open(self.home / "out.csv", newline="") as file:
            there = [(row["path"], int(row["id"])) for row in csv.DictReader(file)]
        self.assertEqual(sorted(there), sorted(ids.items()))


class Copy(Milvus):
    def test_there_and_back_again(self):
        unit = self.vectors(2500)
        self.import_into(self.home / "a")
        self.assertEqual(self.json("copy", "--from", self.home / "a", "--to", self.uri)["copied"], 2500)
        again = self.json("copy", "--from", self.home / "a", "--to", self.uri)
        self.assertEqual((again["copied"], again["there"]), (0, 2500))
        self.run_program("copy", "--from", self.uri, "--to", self.home / "b")
        for store in (self.home / "a", self.uri, self.home / "b"):
            self.run_program("export", "--vectors", self.home / "out.npy", "--names", self.home / "out.txt", "--store", store)
            self.assertEqual((self.home / "out.txt").read_text().splitlines()[0], str(self.home / "n0.jpg"))
            numpy.testing.assert_allclose(numpy.load(self.home / "out.npy"), unit, atol=1e-3)
            if store == self.home / "a":
                first = numpy.load(self.home / "out.npy")
            numpy.testing.assert_array_equal(numpy.load(self.home / "out.npy"), first)

    def test_ctrl_c_stops_it_and_the_same_command_goes_on(self):
        self.vectors(20000)
        self.import_into(self.home / "a")
        program = subprocess.Popen([ELANUS, "copy", "--from", self.home / "a", "--to", self.uri], env=self.environment,
                                   stderr=subprocess.PIPE)
        while program.poll() is None:
            status = subprocess.run([ELANUS, "status", "--json", "--store", self.uri], capture_output=True, env=self.environment)
            if status.returncode == DONE and json.loads(status.stdout)["pictures"] > 0:
                break
        program.send_signal(signal.SIGINT)
        said = program.communicate()[1].decode()
        self.assertEqual(program.returncode, INTERRUPTED, said)
        report = self.json("copy", "--from", self.home / "a", "--to", self.uri)
        self.assertGreater(report["there"], 0)
        self.assertGreater(report["copied"], 0)
        self.assertEqual(self.json("status", "--store", self.uri)["pictures"], 20000)


class OtherClients(Milvus):
    def test_pymilvus_reads_what_we_wrote(self):
        unit = self.vectors(50)
        self.import_into(self.uri)
        query = json.dumps(unit[7].tolist())
        found = json.loads(server.pymilvus(
            f"import json\nhits = client.search('{self.name}', [{query}], limit=3, output_fields=['path', 'size', 'attributes'])[0]\n"
            "print(json.dumps([[h['id'], h['distance'], h['entity']] for h in hits]))"))
        self.assertEqual(found[0][0], 8)
        self.assertAlmostEqual(found[0][1], 1, places=3)
        self.assertEqual(found[0][2]["path"], str(self.home / "n7.jpg"))

    def test_we_read_what_pymilvus_wrote(self):
        unit = self.vectors(40)
        for metric, key, kind in (("COSINE", "INT64", "number"), ("L2", "VARCHAR", "text"), ("IP", "INT64", "number")):
            name = f"{self.name}_{metric}"
            server.pymilvus(
                "import numpy\n"
                f"values = numpy.load({str(self.home / 'v.npy')!r})\n"
                "schema = client.create_schema()\n"
                f"schema.add_field('pk', DataType.{key}, is_primary=True, max_length=64)\n"
                "schema.add_field('embedding', DataType.FLOAT_VECTOR, dim=16)\n"
                "index = client.prepare_index_params()\n"
                f"index.add_index('embedding', index_type='FLAT', metric_type='{metric}')\n"
                f"client.create_collection('{name}', schema=schema, index_params=index)\n"
                f"client.insert('{name}', [dict(pk={'i' if kind == 'number' else repr('k') + '+str(i)'}, embedding=v) for i, v in enumerate(values)])\n"
                f"client.load_collection('{name}')\n")
            numpy.save(self.home / "q.npy", unit[5:6].astype("float32"))
            hits = self.json("search", "--vector", self.home / "q.npy", "-k", "4", "--store", server.uri(name))["hits"]
            expected = sorted(range(40), key=lambda i: -float(unit[i] @ unit[5]))[:4]
            if metric == "COSINE":  # the others rank vectors that are not of length 1 otherwise
                self.assertEqual([h["path"] for h in hits], [str(i) if kind == "number" else f"k{i}" for i in expected])
            for hit in hits:
                row = int(hit["path"].lstrip("k"))
                self.assertAlmostEqual(hit["cosine"], float(unit[row] @ unit[5]), places=4)
            self.assertIn("not made by elanus", self.import_into(server.uri(name), code=FAILED).stderr.decode())
            self.assertIn("not made by elanus", self.error("drop", "--yes", "--store", server.uri(name), code=FAILED))


class Faults(Milvus):
    ROWS = 12000

    def expect_all_once(self):
        self.run_program("export", "--names", self.home / "out.txt", "--store", self.uri)
        names = (self.home / "out.txt").read_text().splitlines()
        self.assertEqual(sorted(names), sorted(str(self.home / f"n{i}.jpg") for i in range(self.ROWS)))
        self.assertEqual(self.json("status", "--store", self.uri)["pictures"], self.ROWS)

    def import_through(self, port, meanwhile):
        program = subprocess.Popen(
            [ELANUS, "import", "--vectors", self.home / "v.npy", "--names", self.home / "n.txt", "--store",
             server.uri(self.name, "timeout=5", port=port)], env=self.environment, stderr=subprocess.PIPE)
        helper = threading.Thread(target=meanwhile, args=(program,))
        helper.start()
        said = program.communicate(timeout=120)[1].decode()
        helper.join()
        self.assertEqual(program.returncode, DONE, said)

    def test_a_server_killed_and_restarted_during_a_load(self):
        self.vectors(self.ROWS)

        def kill_twice(program):
            for _ in range(2):
                time.sleep(1)
                if program.poll() is None:
                    server.kill()
                    server.start()

        self.import_through(server.port, kill_twice)
        self.expect_all_once()

    def test_connections_cut_answers_lost_and_stalls(self):
        self.vectors(self.ROWS)
        proxy = FaultyProxy(server.port)
        self.addCleanup(proxy.close)
        proxy.lose_answers = 3

        def disturb(program):
            for _ in range(6):
                if program.poll() is not None:
                    break
                proxy.cut_after = 100_000
                time.sleep(0.3)
                proxy.cut()
                time.sleep(0.3)
                proxy.stalled = True
                time.sleep(0.2)
                proxy.stalled = False
                time.sleep(1)  # long enough for a batch: a client that waits longer each time meets no cut by appointment

        self.import_through(proxy.port, disturb)
        self.assertGreater(proxy.connections, 3)
        self.assertEqual(proxy.lose_answers, 0)
        self.expect_all_once()

    def test_nobody_there_is_said_soon(self):
        begin = time.monotonic()
        said = self.error("status", "--store", "milvus://127.0.0.1:1/x", code=FAILED)
        self.assertLess(time.monotonic() - begin, 20)
        self.assertIn("milvus://127.0.0.1:1/x", said)
        self.assertIn("refused", said)


if __name__ == "__main__":
    unittest.main()
