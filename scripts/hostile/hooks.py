"""Hooks of schemathesis: every request comes from another address, as if it were one of many people behind the proxy."""

import itertools

import schemathesis

_counter = itertools.count(1)


@schemathesis.hook
def before_call(context, case, kwargs):
    number = next(_counter)
    case.headers = case.headers or {}
    case.headers["X-Forwarded-For"] = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
