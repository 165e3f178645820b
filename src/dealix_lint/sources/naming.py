"""Module names: what each file is imported as."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from dealix_lint.model.source import SourceFile
from dealix_lint.sources.imports import defines, imported_names, imports_relatively
from dealix_lint.sources.read import Content
from dealix_lint.sources.roots import Roots, detect
from dealix_lint.sources.tree import ModuleTree, join


def name_modules(contents: Sequence[Content], roots: Roots) -> tuple[SourceFile, ...]:
    """Every file with its dotted module name, in the order given. Two files may have the same name; both are kept."""
    return tuple(_source(content, roots) for content in contents)


def find_roots(
    contents: Sequence[Content], configured: Sequence[str], external: frozenset[str], package: str = ""
) -> Roots:
    """Import roots: the `configured` ones and the project root, or if there are none, those that the files' imports
    show. `external`: see `roots.detect`.

    `package`: the folder path that the project root has below the first folder above it that is no package ("" if it is
    none itself). Where the files import each other through it, the root is that of the outermost package."""
    if configured:
        return Roots(tuple(sorted({"", *(_normal(root) for root in configured)})))
    imports = {content.path: imported_names(content.data) for content in contents}
    above = package if package and _is_package(package.partition("/")[0], contents, imports) else ""
    imports = {join(above, path): names for path, names in imports.items()}
    data = {join(above, content.path): content for content in contents}
    found = detect(ModuleTree(imports), imports, external, lambda path, name: defines(data[path].data, name))
    return Roots(found.proper, found.further, above)


def _is_package(name: str, contents: Iterable[Content], imports: Mapping[str, frozenset[str]]) -> bool:
    """Whether files call the package they lie in by `name`, or those in its folder import each other relatively, which
    top-level modules cannot."""
    for content in contents:
        if "/" not in content.path and imports_relatively(content.data):
            return True
    return any(dotted.partition(".")[0] == name for names in imports.values() for dotted in names)


def _normal(root: str) -> str:
    path = Path(root).as_posix()
    return "" if path == "." else path


def _source(content: Content, roots: Roots) -> SourceFile:
    path = join(roots.above, content.path)
    proper = sorted((root for root in roots.proper if _holds(root, path)), key=len)
    names = [_dotted(path, root) for root in (*reversed(proper), *(r for r in roots.further if _holds(r, path)))]
    module = names[0] or "__init__"
    aliases = tuple(sorted({name for name in names[1:] if name and name != module}))
    return SourceFile(content.path, module, content.digest, path.rpartition("/")[2] == "__init__.py", aliases)


def _holds(root: str, path: str) -> bool:
    return not root or path.startswith(root + "/")


def _dotted(path: str, root: str) -> str:
    """The dotted name of a file seen from an import root; "" for the root's own `__init__.py`."""
    parts = path.removeprefix(f"{root}/" if root else "").removesuffix(".py").split("/")
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join(part.replace(".", "_") for part in parts)
