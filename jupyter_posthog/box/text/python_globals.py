"""What older servers write into new Python nodes: the globals that code reads and makes (posthog-api.md 6.5)."""

from __future__ import annotations

import ast
import builtins
import hashlib
from typing import Any

Json = Any
_KNOWN = frozenset(dir(builtins))
_TYPES: dict[type[ast.expr], str] = {
    ast.List: "list",
    ast.ListComp: "list",
    ast.Dict: "dict",
    ast.DictComp: "dict",
    ast.Set: "set",
    ast.SetComp: "set",
    ast.Tuple: "tuple",
    ast.JoinedStr: "str",
}


def annotated(content: Json) -> Json:
    """Return a document whose Python nodes know their globals."""
    if isinstance(content, list):
        return [annotated(node) for node in content]
    if not isinstance(content, dict):
        return content
    changed = dict(content)
    attrs = content.get("attrs")
    if content.get("type") == "ph-python" and isinstance(attrs, dict) and isinstance(attrs.get("code"), str):
        changed["attrs"] = attrs | _globals(attrs["code"])
    if isinstance(content.get("content"), list):
        changed["content"] = annotated(content["content"])
    return changed


def _globals(code: str) -> dict[str, Json]:
    digest = hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {"globalsUsed": [], "globalsExportedWithTypes": [], "globalsAnalysisHash": digest}
    made = _made(tree)
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    return {
        "globalsUsed": sorted(read - made.keys() - _KNOWN),
        "globalsExportedWithTypes": [{"name": name, "type": kind} for name, kind in made.items()],
        "globalsAnalysisHash": digest,
    }


def _made(tree: ast.Module) -> dict[str, str]:
    """Return the names that code binds at its top level, with their types as far as they can be seen."""
    made: dict[str, str] = {}
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            made[statement.name] = "type" if isinstance(statement, ast.ClassDef) else "function"
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            names = (alias.asname or alias.name.partition(".")[0] for alias in statement.names)
            made |= dict.fromkeys(names, "module")
        else:
            made |= {
                node.id: _type(statement)
                for node in ast.walk(statement)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            }
    return made


def _type(statement: ast.stmt) -> str:
    value = getattr(statement, "value", None)
    if isinstance(value, ast.Constant):
        return type(value.value).__name__
    return next((name for kind, name in _TYPES.items() if isinstance(value, kind)), "unknown")
