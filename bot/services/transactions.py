"""How the edge runs use cases, whatever the database behind it."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from sqlmodel import Session

P = ParamSpec("P")
T = TypeVar("T")


class Transactions(Protocol):
    """One use case, one transaction. `write` is durable when it returns; what `read` changes is not kept."""

    async def write(self, use_case: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T: ...

    async def read(self, use_case: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T: ...
