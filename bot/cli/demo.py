"""`ampersand demo`."""

import asyncio
from datetime import datetime
from typing import Annotated

import typer

from bot.cli.common import CannotDo, check_port, parse_moment, plain_errors
from bot.demo import CLOCK, START, run_demo
from bot.settings import read_settings

LOOPBACK = "127.0.0.1"
GOES_ON = "the demo of last time goes on from where its clock stood. To start at another moment, add --reset."


def demo(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port on this machine.")] = 3000,
    at: Annotated[
        datetime | None,
        typer.Option(
            parser=parse_moment,
            metavar="MOMENT",
            help="Where the clock of a new demo starts; 2026-06-10T16:00 (Amsterdam) unless you say otherwise.",
        ),
    ] = None,
    reset: Annotated[bool, typer.Option("--reset", help="Start over: forget what was done in the demo.")] = False,
) -> None:
    """Try Ampersand in the browser, without any account.

    A chat workspace on this machine only, with the sample company, its people and a clock that you move forward. What
    you do is kept until --reset; your own data is never touched.

    \b
    Example:
      ampersand demo --port 3001 --at 2026-03-23 --reset
    """
    with plain_errors():
        check_port(LOOPBACK, port, "--port")
        folder = read_settings().data_dir / "demo"
        if at and not reset and (folder / CLOCK).exists():
            raise CannotDo(GOES_ON)
        asyncio.run(
            run_demo(
                port,
                at or START,
                folder,
                reset=reset,
                on_started=lambda address: typer.echo(f"The playground is ready: {address}  (stop it with Ctrl+C)"),
            )
        )
