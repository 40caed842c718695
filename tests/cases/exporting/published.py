"""What OASIS, MISP and IntelMQ publish about their forms, and a document held against it: faults as a list of sentences, empty when it is
as they demand. The files themselves are other people's and stand elsewhere; tests/schemas/README.md says where and in which layout."""
import ipaddress
import json
import os
import pathlib
import re
import urllib.parse

DRAFT_ONLY = ("$schema", "$id", "id")  # what names a schema; a member that is called so holds an object
PCHAR = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})"
URI = re.compile(rf"[A-Za-z][A-Za-z0-9+.-]*:(?://(?:\[[0-9A-Fa-f:.]+\](?::\d*)?|(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{{2}})*))?(?:[/?]{PCHAR}*)?(?:#{PCHAR}*)?")


def folder():
    """Where somebody keeps them, or None."""
    named = os.environ.get("VARTA_PUBLISHED")
    return pathlib.Path(named) if named else None


def validator(schema):
    import jsonschema
    checker = jsonschema.FormatChecker(formats=())  # others depend on what is installed
    checker.checks("uri")(lambda value: not isinstance(value, str) or bool(URI.fullmatch(value)))
    return jsonschema.Draft7Validator(schema, format_checker=checker)


def faults_of(schema, document):
    return [f"{'/'.join(map(str, fault.absolute_path))}: {fault.message[:200]}" for fault in validator(schema).iter_errors(document)]


def inlined(value, files, home):
    """A schema whose references all stay inside of one document, so that nothing is asked of the network, whatever drafts the files are of."""
    if isinstance(value, list):
        return [inlined(one, files, home) for one in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("$ref"), str):
        file, _, inside = value["$ref"].partition("#")
        target = os.path.normpath(f"{os.path.dirname(home)}/{file}") if file else home
        if target not in files:
            raise AssertionError(f"{home} refers to {target}, which is not there")
        return {"$ref": f"#/definitions/{target.replace('/', '~1')}{inside}"}
    return {key: inlined(one, files, home) for key, one in value.items() if key not in DRAFT_ONLY or isinstance(one, dict)}


class Stix:
    """The schemas of one folder, as OASIS lays them out: common, sdos, sros, observables."""

    def __init__(self, schemas):
        files = {str(path.relative_to(schemas)): json.loads(path.read_text(encoding="utf-8")) for path in schemas.glob("*/*.json") if path.parent.name != "interop"}
        self.definitions = {name: inlined(schema, files, name) for name, schema in files.items()}
        self.types = {pathlib.Path(name).stem: name for name in files}
        self.bundle = (schemas / "common/bundle.json").read_text(encoding="utf-8")

    def faults(self, kind, document):
        schema = {"$ref": f"#/definitions/{self.types[kind].replace('/', '~1')}", "definitions": self.definitions}
        return [f"{kind} {fault}" for fault in faults_of(schema, document)]

    def bundle_faults(self, bundle, without=()):
        """Each object by the schema of its own type, and the bundle around those that bundle.json lists. What it does not list (note, incident)
        it takes for somebody's own object, which has to fit exactly one of two schemas where every object with an author fits both."""
        objects = [one for one in bundle["objects"] if one["type"] not in without]
        unknown = [f"{one['type']} has no schema" for one in objects if one["type"] not in self.types]
        faults = [fault for one in objects if one["type"] in self.types for fault in self.faults(one["type"], one)]
        listed = [one for one in objects if f"/{one['type']}.json" in self.bundle]
        return unknown + faults + self.faults("bundle", {**bundle, "objects": listed})


class Misp:
    """PyMISP's schema and list of types, and the templates of objects."""

    def __init__(self, where):
        self.schema = inlined(json.loads((where / "schema.json").read_text()), {}, "")
        self.types = json.loads((where / "describeTypes.json").read_text())["result"]["category_type_mappings"]
        self.templates = {path.parent.name: json.loads(path.read_text()) for path in where.glob("objects/*/definition.json")}

    def attribute_faults(self, one):
        if one["category"] not in self.types:
            return [f"{one['category']} is no category"]
        return [] if one["type"] in self.types[one["category"]] else [f"{one['type']} does not stand in {one['category']}"]

    def object_faults(self, thing):
        known = self.templates.get(thing["name"])
        if known is None:
            return [f"{thing['name']} has no template"]
        pairs = {"template_uuid": known["uuid"], "meta-category": known["meta-category"]}
        faults = [f"{thing['name']}: {key} is {thing[key]}" for key, wanted in pairs.items() if thing[key] != wanted]
        faults += [f"{thing['name']}: version {thing['template_version']} is not published"] if int(thing["template_version"]) > known["version"] else []
        relations = [one["object_relation"] for one in thing["Attribute"]]
        faults += [] if set(relations) & set(known["requiredOneOf"]) else [f"{thing['name']}: nothing of what it must have"]
        for one in thing["Attribute"]:
            faults += self.relation_faults(thing["name"], known["attributes"], one, relations)
        return faults

    def relation_faults(self, name, attributes, one, relations):
        relation = one["object_relation"]
        if relation not in attributes:
            return [f"{name} has no {relation}"]
        wanted = attributes[relation]
        faults = [] if wanted["misp-attribute"] == one["type"] else [f"{name}.{relation} is {one['type']}"]
        faults += [f"{name}.{relation} stands in {one['category']}"] if one["category"] not in wanted.get("categories", [one["category"]]) else []
        return faults + ([f"{name}.{relation} twice"] if relations.count(relation) > 1 and not wanted.get("multiple") else [])

    def faults(self, document):
        event = document["Event"]
        faults = faults_of(self.schema, document)
        for one in [*event["Attribute"], *(part for thing in event["Object"] for part in thing["Attribute"])]:
            faults += self.attribute_faults(one)
        return faults + [fault for thing in event["Object"] for fault in self.object_faults(thing)]


def is_address(value):
    try:
        return ipaddress.ip_address(value) != ipaddress.ip_address("0.0.0.0")
    except ValueError:
        return False


def is_name(value):
    """As intelmq.lib.harmonization.FQDN has it: small letters, in punycode, no final point, no address."""
    try:
        return not is_address(value) and value == value.lower().rstrip(".") and "/" not in value and value.encode("idna").decode() == value
    except UnicodeError:
        return False


TEXT = {"String": lambda value: bool(value.strip()), "LowercaseString": lambda value: value == value.lower(), "UppercaseString": lambda value: value == value.upper(),
        "ClassificationType": lambda value: bool(value), "URL": lambda value: urllib.parse.urlsplit(value).netloc != "", "FQDN": is_name, "IPAddress": is_address,
        "DateTime": lambda value: bool(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00", value))}


class Intelmq:
    """The harmonisation: which keys an event may have, of which type, length and form."""

    def __init__(self, where):
        self.keys = json.loads((where / "harmonization.conf").read_text(encoding="utf-8"))["event"]

    def value_faults(self, key, value):
        wanted = self.keys[key]
        kind = wanted["type"]
        if kind == "Integer":
            fits = isinstance(value, int) and not isinstance(value, bool)
        else:
            fits = isinstance(value, str) and bool(value) and TEXT.get(kind, lambda _: False)(value)
        faults = [] if fits else [f"{key} is {value!r}, no {kind}"]
        for rule, flags in (("regex", 0), ("iregex", re.I)):
            faults += [f"{key} is {value!r}, not as its {rule}"] if rule in wanted and not re.match(wanted[rule], str(value), flags) else []
        return faults + ([f"{key} is too long"] if len(str(value)) > wanted.get("length", len(str(value))) else [])

    def faults(self, event):
        faults = [f"{key} is not harmonised" for key in event if key not in self.keys and not re.fullmatch(r"extra(\.[a-z_0-9]+)+", key)]
        return faults + [fault for key, value in event.items() if key in self.keys for fault in self.value_faults(key, value)]


def faults(form, document):
    """By what VARTA_PUBLISHED holds of the form; nothing where it holds none."""
    where = folder()
    if form == "stix" and where and (where / "stix/schemas").is_dir():
        return Stix(where / "stix/schemas").bundle_faults(document)
    if form in ("misp", "intelmq") and where and (where / form).is_dir():
        return {"misp": Misp, "intelmq": Intelmq}[form](where / form).faults(document)
    return []
