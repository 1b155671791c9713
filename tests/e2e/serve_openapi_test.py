"""openapi.json against the running server: every operation with values made from its schemas, good and bad, and every answer
checked against the schema it promises."""
import json
import random
import re
import string
import unittest
import urllib.parse

from program import DEMO
from served import ServedTest, form

ROUNDS = 25
ODD = ["", " ", "a red car", "ü 日本 🐦", "'; DROP TABLE pictures;--", "%00", "../..", "<script>", "a" * 900, "\u202e", "null", "0"]


class Schemas:
    """As much of JSON Schema 2020-12 as openapi.json uses; an unknown word is an error."""

    def __init__(self, document, seed):
        self.document, self.random = document, random.Random(seed)

    def resolve(self, schema):
        while "$ref" in schema:
            found = self.document
            for key in schema["$ref"].split("/")[1:]:
                found = found[key]
            schema = found
        return schema

    def text(self, schema):
        if pattern := schema.get("pattern"):
            known = {r"^/": "/nowhere/at/all", r"^[0-9]+\.[0-9]+\.-?[0-9]+$": f"{self.random.randrange(300)}.1056964608.{self.random.randrange(-5, 300)}",
                     r"^2[0-9]{3}(-0[1-9](-[012][1-8])?)?$": self.random.choice(["2023", "2001-07", "2999-09-28"]),
                     r"^-?[0-9]+-[0-9a-f]*(,-?[0-9]+-[0-9a-f]*)*$": ",".join(f"{self.random.randrange(-1, 9)}-{self.random.randrange(99):x}" for _ in range(self.random.randrange(1, 5)))}
            assert re.search(pattern, known[pattern])
            return known[pattern]
        chosen = self.random.choice(ODD + ["".join(self.random.choices(string.printable, k=self.random.randrange(1, 40)))])
        return chosen[:schema.get("maxLength", 10**6)]

    def make(self, schema):
        schema = self.resolve(schema)
        if "anyOf" in schema:
            return self.make(self.random.choice(schema["anyOf"]))
        if "enum" in schema:
            return self.random.choice(schema["enum"])
        kind = schema["type"]
        if kind == "string":
            return self.text(schema)
        if kind == "integer":
            return self.random.randint(max(schema.get("minimum", -2**63), -2**63), min(schema.get("maximum", 2**63 - 1), 2**63 - 1)) \
                if self.random.random() < 0.3 else self.random.randint(schema.get("minimum", 0), min(schema.get("maximum", 12), 12))
        if kind == "number":
            return round(self.random.uniform(schema["minimum"], schema["maximum"]), 3)
        if kind == "array":
            return [self.make(schema["items"]) for _ in range(self.random.randint(schema.get("minItems", 0), 4))]
        assert kind == "object", schema
        required = schema.get("required", [])
        return {name: self.make(one) for name, one in schema["properties"].items() if name in required or self.random.random() < 0.4}

    def check(self, value, schema, at="$"):
        schema = self.resolve(schema)
        known = {"type", "required", "properties", "additionalProperties", "items", "enum", "anyOf", "allOf", "minimum", "maximum", "format",
                 "description", "default", "maxLength", "pattern", "minItems", "maxItems", "contentMediaType"}
        assert not set(schema) - known, f"words of JSON Schema that this test does not know: {set(schema) - known}"
        for part in schema.get("allOf", []):
            self.check(value, part, at)
        if "anyOf" in schema:
            problems = []
            for way in schema["anyOf"]:
                try:
                    return self.check(value, way, at)
                except AssertionError as problem:
                    problems.append(str(problem))
            raise AssertionError(f"{at}: none of {problems}")
        kinds = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool, "null": type(None)}
        if "type" in schema:
            names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
            assert any(isinstance(value, kinds[n]) and (n == "boolean" or not isinstance(value, bool)) for n in names), f"{at}: {value!r} is no {names}"
        assert "enum" not in schema or value in schema["enum"], f"{at}: {value!r}"
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            assert schema.get("minimum", value) <= value <= schema.get("maximum", value), f"{at}: {value}"
        if isinstance(value, dict):
            for name in schema.get("required", []):
                assert name in value, f"{at}: no {name} in {value}"
            for name, part in schema.get("properties", {}).items():
                if name in value:
                    self.check(value[name], part, f"{at}.{name}")
        if isinstance(value, list) and "items" in schema:
            for number, one in enumerate(value):
                self.check(one, schema["items"], f"{at}[{number}]")


class OpenApi(ServedTest):
    def setUp(self):
        super().setUp()
        self.run_program("index", self.pictures(8))
        self.serve("--index-root", self.home)
        self.document = self.get("/openapi.json").json
        self.schemas = Schemas(self.document, seed=6)

    def operations(self):
        for path, item in self.document["paths"].items():
            for method in sorted(item.keys() & {"get", "post", "delete"}):
                yield path, method, item[method], item.get("parameters", []) + item[method].get("parameters", [])

    def address(self, path, parameters):
        query = []
        for parameter in map(self.schemas.resolve, parameters):
            value = self.schemas.make(parameter["schema"])
            if parameter["in"] == "path":
                path = path.replace("{%s}" % parameter["name"], str(value))
            elif parameter.get("required") or self.schemas.random.random() < 0.35:
                query.append((parameter["name"], value))
        return path + ("?" + urllib.parse.urlencode(query) if query else "")

    def body(self, operation):
        content = operation.get("requestBody", {}).get("content", {})
        if not content:
            return None, {}
        kind = self.schemas.random.choice(sorted(content))
        picture = self.schemas.random.choice(sorted((DEMO / "sky").glob("*.jpg"))).read_bytes()
        if kind == "multipart/form-data":
            names = content[kind]["schema"]
            properties = self.schemas.resolve(names)["properties"]
            fields = [(n, self.schemas.make(s)) for n, s in properties.items() if n != "picture" and self.schemas.random.random() < 0.5]
            data, kind = form([(n, str(v).replace("\r", "")) for n, v in fields], [("picture", "p.jpg", picture)])
        elif kind == "application/json":
            data = json.dumps(self.schemas.make(content[kind]["schema"]))
        elif kind == "application/octet-stream":
            data = self.schemas.random.choice([picture, b"no picture"])
        else:
            data = self.schemas.text({"type": "string"}).encode()
        return data, {"Content-Type": kind}

    def judge(self, answer, operation, what):
        self.assertLess(answer.status, 500, f"{what}: {answer.body[:500]}")
        promised = self.schemas.resolve(operation["responses"].get(str(answer.status), operation["responses"]["default"]))
        if answer.status >= 400:
            self.assertEqual(answer.headers["Content-Type"], "application/problem+json", what)
        kinds = promised.get("content", {})
        if not kinds:
            self.assertEqual(answer.body, b"", what)
            return
        kind = answer.headers["Content-Type"].split(";")[0]
        self.assertTrue(kind in kinds or kind.split("/")[0] + "/*" in kinds, f"{what}: {kind}")
        schema = kinds.get(kind, {}).get("schema")
        if schema:
            try:
                self.schemas.check(answer.json, schema)
            except AssertionError as problem:
                raise AssertionError(f"{what}: {answer.status}: {problem}") from problem

    def test_every_operation_keeps_its_word(self):
        good = {}
        for path, method, operation, parameters in self.operations():
            self.schemas.random.seed(operation["operationId"])  # an operation's requests depend on no other operation
            for _ in range(ROUNDS if parameters or "requestBody" in operation else 1):
                url, (body, headers) = self.address(path, parameters), self.body(operation)
                answer = self.ask(method.upper(), url, body, headers)
                self.judge(answer, operation, f"{method} {url} {str(body)[:200]}")
                name = operation["operationId"]
                good[name] = good.get(name, 0) + (answer.status < 300)
        never = {name for name, count in good.items() if count == 0}
        self.assertLessEqual(never, {"startIndexing", "stopJob", "getJob", "followJob", "openSession"}, "made values that nothing answers")

    def test_nothing_but_what_it_says(self):
        for path, item in self.document["paths"].items():
            for method in {"get", "post", "delete", "put", "patch"} - item.keys():
                answer = self.ask(method.upper(), path.replace("{id}", "1"))
                self.problem(answer, 405)
                self.assertEqual(set(answer.headers["Allow"].split(", ")), {m.upper() for m in item.keys() & {"get", "post", "delete"}})

    def test_every_parameter_is_described(self):
        words = self.problem(self.ask("GET", "/v1/search?x=1"), 400)["detail"]
        there = words.split("there are ")[1].replace(" and ", ", ").split(", ")
        search = next(o for _, _, o, _ in self.operations() if o["operationId"] == "search")
        self.assertEqual(set(there), {self.schemas.resolve(p)["name"] for p in search["parameters"]})
        body = self.document["components"]["schemas"]["Search"]["properties"]
        self.assertEqual(set(there), set(body))


if __name__ == "__main__":
    unittest.main()
