#!/usr/bin/env python3
"""Exports against what others publish, where it can be had: Elastic's own list of fields, a foreign reader of CEF, OASIS' schemas of STIX, those
of MISP and IntelMQ where VARTA_PUBLISHED names a folder with them, and the libraries of all three where somebody has installed them. What
cannot be had is skipped by its name; tests/schemas/README.md tells more."""
import importlib
import ipaddress
import json
import pathlib
import re
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import npm_package  # noqa: E402
import published  # noqa: E402
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
    dossier, keep, make_odd, make_hostile = (getattr(test_exporting.Exporting, name) for name in ("dossier", "keep", "make_odd", "make_hostile"))

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

    # ---- every kind of incident ----

    def make_outage(self):
        dossier = self.dossier()
        result = dossier["result"]
        result.update(verdict="unavailable", message="", cause="http-503", languages=[], reasons=[])
        dossier.update(spans=[], blocks=[], pictures=[], hosts={}, titles={})
        self.keep(dossier)

    def each(self, form):
        """The sample night with each marking, odd addresses, a page that is gone, the page that breaks out."""
        kept = (self.evidence / "00000017/confirmed.json").read_bytes()
        for tlp in ("clear", "green", "amber", "amber+strict", "red"):
            yield self.export(form, "--tlp", tlp)
        for make in (self.make_odd, self.make_outage, self.make_hostile):
            (self.evidence / "00000017/confirmed.json").write_bytes(kept)
            make()
            yield self.export(form)

    # ---- what is published ----

    def files(self, part):
        where = published.folder()
        if where is None or not (where / part).is_dir():
            self.skipTest(f"VARTA_PUBLISHED names no folder with {part}")
        return where / part

    def refused(self, faults_of, whole, plants):
        """The check finds something: each plant changes a good document, and is found."""
        for plant in plants:
            document = json.loads(whole)
            plant(document)
            self.assertTrue(faults_of(document), plant.__name__)

    def check_stix(self, schemas, without):
        self.library("jsonschema")
        for text in self.each("stix"):
            self.assertEqual(schemas.bundle_faults(json.loads(text), without), [])

        def one(bundle, kind):
            return next(thing for thing in bundle["objects"] if thing["type"] == kind)

        def a_second_without_its_fraction(bundle):
            one(bundle, "report")["created"] = "2022-01-14T02:13:05Z"

        def an_address_that_is_no_uri(bundle):
            one(bundle, "url")["value"] = "https://a b/"

        def an_identifier_of_another_type(bundle):
            one(bundle, "note")["id"] = "url--" + "0" * 36

        def a_marking_that_marks_nothing(bundle):
            del one(bundle, "marking-definition")["extensions"]

        def nothing_observed(bundle):
            one(bundle, "observed-data")["number_observed"] = 0

        def a_type_of_our_own(bundle):
            one(bundle, "file")["type"] = "picture"

        def half_a_digest(bundle):
            one(bundle, "file")["hashes"]["SHA-256"] = "00"

        self.refused(lambda bundle: schemas.bundle_faults(bundle, without), self.export_of_the_night("stix"), (
            a_second_without_its_fraction, an_address_that_is_no_uri, an_identifier_of_another_type, nothing_observed,
            a_type_of_our_own, half_a_digest, *(() if "marking-definition" in without else (a_marking_that_marks_nothing,))))

    def export_of_the_night(self, form):
        self.tearDown()
        self.setUp()
        return self.export(form)

    def test_stix_by_the_schemas_that_stixview_carries(self):
        """They are OASIS' of a draft of 2.1, in which nothing may be called an incident yet."""
        self.check_stix(published.Stix(self.package("stixview") / "src/stix2-schemas"), ("incident", "marking-definition"))

    def test_stix_by_the_schemas_of_oasis(self):
        self.check_stix(published.Stix(self.files("stix") / "schemas"), ())

    # What @security-alliance/stix describes beyond the members that all objects have.
    TYPED = {"identity": "Identity", "incident": "Incident", "note": "Note", "url": "Url", "domain-name": "DomainName",
             "ipv4-addr": "IPv4Addr", "ipv6-addr": "IPv6Addr"}

    def compiled(self, objects):
        """What the TypeScript compiler says to our objects as literals of the package's types."""
        types, compiler = self.package("@security-alliance/stix") / "dist/2.1/types.js", self.package("typescript") / "lib/tsc.js"
        lines = [f"const o{at}: stix.{self.TYPED[one['type']]} = {json.dumps(one)};" for at, one in enumerate(objects)]
        source = self.folder / "bundle.ts"
        source.write_text("\n".join([f"import type * as stix from {json.dumps(str(types))};", *lines]), encoding="utf-8")
        done = subprocess.run([npm_package.node(), compiler, "--noEmit", "--strict", "--target", "es2020", "--module", "es2020", "--moduleResolution", "bundler",
                               "--typeRoots", self.folder / "none", source], capture_output=True, text=True, timeout=120, check=False)
        return [line for line in done.stdout.splitlines() if "error TS" in line] + ([done.stderr] if done.stderr else [])

    def test_stix_by_the_types_of_others(self):
        objects = [one for text in self.each("stix") for one in json.loads(text)["objects"] if one["type"] in self.TYPED]
        self.assertEqual({one["type"] for one in objects}, set(self.TYPED))
        self.assertEqual(self.compiled(objects), [])
        incident = next(one for one in objects if one["type"] == "incident")
        plants = [{**incident, "reason": "x"}, {**incident, "labels": "defaced"}, {**incident, "id": "event--1"}, {key: incident[key] for key in incident if key != "name"}]
        self.assertEqual(len({line.split(",")[0] for line in self.compiled(plants)}), len(plants))

    def test_misp_by_what_misp_publishes(self):
        misp = published.Misp(self.files("misp"))
        self.library("jsonschema")
        for text in self.each("misp"):
            self.assertEqual(misp.faults(json.loads(text)), [])

        def a_type_in_another_category(document):
            document["Event"]["Attribute"][0]["category"] = "Financial fraud"

        def a_category_of_our_own(document):
            document["Event"]["Attribute"][0]["category"] = "Defacement"

        def no_date(document):
            del document["Event"]["date"]

        def a_stamp_in_digits(document):
            document["Event"]["timestamp"] = 1642126385

        def another_template(document):
            document["Event"]["Object"][0]["template_uuid"] = "0" * 36

        def a_relation_of_our_own(document):
            document["Event"]["Object"][0]["Attribute"][0]["object_relation"] = "address"

        def a_relation_of_another_type(document):
            document["Event"]["Object"][0]["Attribute"][0]["type"] = "link"

        def one_relation_twice(document):
            document["Event"]["Object"][0]["Attribute"].append(document["Event"]["Object"][0]["Attribute"][0])

        self.refused(misp.faults, self.export_of_the_night("misp"), (a_type_in_another_category, a_category_of_our_own, no_date, a_stamp_in_digits, another_template,
                                                                     a_relation_of_our_own, a_relation_of_another_type, one_relation_twice))

    def test_intelmq_by_its_harmonisation(self):
        harmonised = published.Intelmq(self.files("intelmq"))
        for text in self.each("intelmq"):
            self.assertEqual(harmonised.faults(json.loads(text)), [])
        whole = json.loads(self.export_of_the_night("intelmq"))
        for key, value in (("source.page", "x"), ("source.port", "443"), ("source.ip", "0.0.0.0"), ("source.fqdn", "МЗС.укр"), ("source.fqdn", "a.example."), ("source.url", "x"),
                           ("time.source", "2022-01-14 02:13:05"), ("classification.taxonomy", "Other"), ("event_description.text", ""), ("feed.accuracy", "x" * 9),
                           ("extra.Big", "x")):
            with self.subTest(key=key, value=value):
                self.assertTrue(harmonised.faults({**whole, key: value}))

    # ---- their own libraries: none is packaged for Debian 12 ----

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
            self.assertIn(event["classification.type"], ("unauthorised-information-modification", "outage"))


if __name__ == "__main__":
    main()
