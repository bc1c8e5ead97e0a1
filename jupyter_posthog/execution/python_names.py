"""The names that Python code of a cell reads, and those that it binds; IPython's own lines included."""

from __future__ import annotations

import ast
import io
import re
import tokenize

_WORD = re.compile(r"[^\W\d]\w*")
# IPython's magics, shell lines and questions are no Python: %time f(x), !ls {folder}, frame?
_MAGIC_LINE = re.compile(r"^(?P<indent>[^\S\n]*)(?P<rest>%{1,2}|!{1,2}|\?{1,2}|[\w.]+\?{1,2}\s*$)", re.MULTILINE)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.GeneratorExp)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp)


def names_read(code: str) -> set[str]:
    """Return the names that code reads; those in strings and comments do not count, those in f-strings do."""
    python, magic_words = _apart(code)
    tree = _parsed(python)
    if tree is None:
        return magic_words | _words_outside_of_strings(code)
    reads = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store)}
    return magic_words | reads | _changed_in_place(tree)


def names_bound(code: str) -> set[str]:
    """Return the names that code binds or changes in place in the kernel; functions keep theirs to themselves."""
    tree = _parsed(_apart(code)[0])
    if tree is None:
        return set()
    found: set[str] = set()
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, _SCOPES):
            found.update([node.name] if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else [])
            continue
        if isinstance(node, _COMPREHENSIONS):
            continue
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).partition(".")[0])
        waiting.extend(ast.iter_child_nodes(node))
    return found | _changed_in_place(tree)


def _changed_in_place(tree: ast.AST) -> set[str]:
    """Return names whose parts are assigned: ``orders["share"] = …``, ``orders.columns = …``."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
            base: ast.expr = node
            while isinstance(base, ast.Subscript | ast.Attribute):
                base = base.value
            if isinstance(base, ast.Name):
                found.add(base.id)
    return found


def _apart(code: str) -> tuple[str, set[str]]:
    """Return the code with IPython's own lines taken out, and the words of those."""
    lines, words = code.split("\n"), set()
    for number, line in enumerate(lines):
        found = _MAGIC_LINE.match(line)
        if found is not None:
            words |= set(_WORD.findall(line))
            lines[number] = f"{found['indent']}pass"
    return "\n".join(lines), words


def _parsed(code: str) -> ast.Module | None:
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _words_outside_of_strings(code: str) -> set[str]:
    """Return words of code that is not quite Python: half typed, or with ``lines = !ls``."""
    found: set[str] = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type == tokenize.NAME:
                found.add(token.string)
    except (tokenize.TokenError, SyntaxError, ValueError):
        return found  # what stands before the place where nobody can say more
    return found
