"""The tree below a unit, nested, for menus and maps."""

from typing import Annotated

from fastapi import Query

from services.registry.deps import Reader, RegistryDep
from services.registry.errors import UNIT_NOT_FOUND
from services.registry.units.reading import Branch, TreeReader
from services.registry.units.schemas import Tree, TreeNode, TreeQuery
from shared.http.routes import router

routes = router(tags=["单位 · Units"])


@routes.get("/tree")
async def tree(query: Annotated[TreeQuery, Query()], caller: Reader, registry: RegistryDep) -> Tree:
    """The tree as it stood on a day, from `root` down to `depth` levels below it · 单位树。"""
    async with registry.uow() as uow:
        branches = await TreeReader(uow, query.as_of).tree(query.root, query.depth)
    if query.root is not None and not branches:
        raise UNIT_NOT_FOUND(field="root")
    return Tree(roots=_nested(branches))


def _nested(branches: list[Branch]) -> list[TreeNode]:
    """`branches` come parents first."""
    nodes: dict[str, TreeNode] = {}
    roots: list[TreeNode] = []
    for branch in branches:
        node = TreeNode(
            code=branch.code, kind=branch.kind, name=branch.name, children_count=branch.children, children=[]
        )
        nodes[branch.code] = node
        siblings = nodes[branch.parent].children if branch.depth and branch.parent else roots
        siblings.append(node)
    return roots
