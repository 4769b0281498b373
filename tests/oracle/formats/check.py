"""Holds the forms of `callboard check` against those who read them.

python check.py CALLBOARD SCHEMA PORTAL...

SCHEMA is the schema of SARIF 2.1.0. JUnit is read by `junitparser`,
GitHub's lines and GitLab's issues are held against their documented form.
"""

import json
import re
import subprocess
import sys
import tempfile

import jsonschema
import junitparser

GITHUB = re.compile(r"^::(notice|warning|error) (file=[^,:]+,line=\d+,col=\d+,)?title=[a-z0-9-]+::\S.*$")
GITLAB = {"description": str, "check_name": str, "fingerprint": str, "severity": str, "location": dict}
SEVERITIES = {"info", "minor", "major", "critical", "blocker"}


def report(callboard, portal, form):
    run = [callboard, "check", portal, "--format", form, "--fail-on", "never", "-q"]
    return subprocess.run(run, stdout=subprocess.PIPE, check=True).stdout.decode()


def main(callboard, schema, portals):
    with open(schema, encoding="utf-8-sig") as file:
        schema = json.load(file)
    validator = jsonschema.validators.validator_for(schema)(schema)
    for portal in portals:
        lines = report(callboard, portal, "json").splitlines()
        n = len([json.loads(line) for line in lines])
        n_failures = len([line for line in lines if json.loads(line)["severity"] != "info"])

        sarif = json.loads(report(callboard, portal, "sarif"))
        errors = list(validator.iter_errors(sarif))
        assert not errors, errors[:3]
        assert len(sarif["runs"][0]["results"]) == n

        with tempfile.NamedTemporaryFile("w", suffix=".xml") as file:
            file.write(report(callboard, portal, "junit"))
            file.flush()
            xml = junitparser.JUnitXml.fromfile(file.name)
        assert sum(suite.failures for suite in xml) == n_failures, (xml.failures, n_failures)
        assert xml.failures == n_failures and xml.tests >= n_failures

        github = report(callboard, portal, "github").splitlines()
        odd = [line for line in github if not GITHUB.match(line)]
        assert not odd and len(github) == n, odd[:3]

        gitlab = json.loads(report(callboard, portal, "gitlab"))
        assert len(gitlab) == n
        for issue in gitlab:
            assert all(isinstance(issue[key], kind) for key, kind in GITLAB.items()), issue
            assert issue["severity"] in SEVERITIES and issue["location"]["lines"]["begin"] >= 1
            assert issue["location"]["path"], issue
        assert len({issue["fingerprint"] for issue in gitlab}) == n, "fingerprints are unique"
        print(f"{portal}: {n} problems, {n_failures} failures: SARIF, JUnit, GitHub and GitLab are sound")


main(sys.argv[1], sys.argv[2], sys.argv[3:])
