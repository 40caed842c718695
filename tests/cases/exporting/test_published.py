#!/usr/bin/env python3
"""Exports against what others publish, where it can be had: Elastic's own list of fields, a foreign reader of CEF, and the libraries of
STIX, MISP and IntelMQ where somebody has installed them. What cannot be had is skipped by its name; tests/schemas/README.md tells more."""
import importlib
import ipaddress
import json
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import npm_package  # noqa: E402
import test_exporting  # noqa: E402
from scene import main  # noqa: E402

DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
IS = {"keyword": lambda value: isinstance(value, str), "date": lambda value: isinstance(value, str) and bool(DATE.fullmatch(value)),
      "long": lambda value: isinstance(value, int) and not isinstance(value, bool), "float": lambda value: isinstance(value, (int, float)),
      "ip": lambda value: bool(ipaddress.ip_address(value))}
IS["wildcard"] = IS["match_only_text"] = IS["keyword"]


def leaves(document, before=""):
    for key, value in document.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{before}{key}.")
        else:
            yield before + key, value


def fault_of(fields, name, value):
    """What Elastic's list says against one field, or nothing. Fields of our own stand below "varta", which is no name of theirs."""
    if name.startswith("varta."):
        return None
    if name not in fields:
        return f"{name} is no field of ECS"
    field = fields[name]
    if isinstance(value, list) != ("array" in field["normalize"]):
        return f"{name} is {'a list' if isinstance(value, list) else 'no list'}"
    for one in value if isinstance(value, list) else [value]:
        if not IS[field["type"]](one):
            return f"{name} is {one!r}, no {field['type']}"
        if "allowed_values" in field and one not in {allowed["name"] for allowed in field["allowed_values"]}:
            return f"{name} may not be {one!r}"
    return None


class Published(unittest.TestCase):
    setUp, tearDown, export = (getattr(test_exporting.Exporting, name) for name in ("setUp", "tearDown", "export"))
    dossier, keep, make_hostile = (getattr(test_exporting.Exporting, name) for name in ("dossier", "keep", "make_hostile"))

    def package(self, name):
        try:
            npm_package.node()
            return npm_package.folder_of(name)
        except npm_package.Missing as reason:
            self.skipTest(str(reason))

    def library(self, name):
        try:
            return importlib.import_module(name)
        except ImportError:
            self.skipTest(f"the Python library {name} is not installed")

    # ---- ECS ----

    def ecs_fields(self):
        script = "const list = await import(process.argv[1] + '/build/commonjs/ecs_flat.js'); console.log(JSON.stringify(list.default.EcsFlat))"
        return json.loads(npm_package.run(script, self.package("@elastic/ecs")))

    def ecs_faults(self, fields, event):
        faults = [fault for name, value in leaves(event) if (fault := fault_of(fields, name, value))]
        for category in event["event"]["category"]:
            (known,) = [one for one in fields["event.category"]["allowed_values"] if one["name"] == category]
            faults += [f"{kind} is not expected of {category}" for kind in event["event"]["type"] if kind not in known["expected_event_types"]]
        return faults

    def test_ecs_by_elastics_own_list(self):
        fields = self.ecs_fields()
        self.assertGreater(len(fields), 1000)
        for hostile in (False, True):
            if hostile:
                self.make_hostile()
            event = json.loads(self.export("ecs"))
            self.assertGreater(len(list(leaves(event))), 20)
            self.assertEqual(self.ecs_faults(fields, event), [])
        for name, value in (("event.verdict", "x"), ("server.ip", ["192.0.2.7"]), ("event.kind", "defacement"), ("tags", "tlp:amber"), ("event.severity", "10")):
            self.assertTrue(fault_of(fields, name, value), "the check finds something")

    # ---- CEF ----

    def test_cef_by_a_foreign_reader(self):
        script = "const read = (await import(process.argv[1] + '/cef.js')).default; console.log(JSON.stringify(read.parse(process.argv[2])))"
        seen = json.loads(npm_package.run(script, self.package("nsyslog-parser"), self.export("cef").rstrip("\n")))
        head = {"version": "CEF:0", "deviceVendor": "varta", "deviceProduct": "varta", "deviceEventClassID": "defaced", "severity": "10"}
        self.assertEqual({key: seen["headers"][key] for key in head}, head)
        fields = {"rt": "1642126385000", "request": "https://mzs.uriad.localhost/", "dst": "192.0.2.7", "cs1Label": "verdict", "cs1": "defaced", "cn1": "200"}
        self.assertEqual({key: seen["fields"].get(key) for key in fields}, fields)
        self.assertTrue(seen["fields"]["msg"].startswith("Українець! Всі твої"))

    # ---- their own libraries: none is packaged for Debian 12 ----

    def each(self, form):
        yield self.export(form)
        self.make_hostile()
        yield self.export(form)

    def test_stix_by_the_library_of_oasis(self):
        stix2 = self.library("stix2")
        for text in self.each("stix"):
            self.assertEqual(len(stix2.parse(text, allow_custom=False, version="2.1").objects), len(json.loads(text)["objects"]))

    def test_stix_by_the_validator_of_oasis(self):
        validator = self.library("stix2validator")
        for text in self.each("stix"):
            seen = validator.validate_string(text)
            self.assertTrue(seen.is_valid, seen)

    def test_misp_by_pymisp(self):
        pymisp = self.library("pymisp")
        for text in self.each("misp"):
            event = pymisp.MISPEvent()
            event.from_json(text)
            wanted = json.loads(text)["Event"]
            self.assertEqual((len(event.attributes), len(event.objects)), (len(wanted["Attribute"]), len(wanted["Object"])))
            known = pymisp.AbstractMISP.describe_types if hasattr(pymisp.AbstractMISP, "describe_types") else event.describe_types
            for one in [*event.attributes, *(part for thing in event.objects for part in thing.attributes)]:
                self.assertIn(one.type, known["category_type_mappings"][one.category])

    def test_intelmq_by_its_own_library(self):
        message = self.library("intelmq.lib.message")
        for text in self.each("intelmq"):
            event = message.MessageFactory.from_dict(json.loads(text), default_type="Event")
            self.assertEqual(event["classification.type"], "unauthorised-information-modification")


if __name__ == "__main__":
    main()
