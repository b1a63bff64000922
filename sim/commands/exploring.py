"""Open a page in the browser that runs two scenarios side by side while their values are moved."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from sim.base.errors import InputError
from sim.commands.options import Interventions, Results, scenarios_like, take_in
from sim.commands.output import Output

SCENARIO = "veteran_role_model_and_donation"
"""The scenario that is shown if none is named."""


def explore(
    output: Output,
    scenario: Annotated[
        str, typer.Argument(help="The scenario to begin with, a name or a YAML file.", autocompletion=scenarios_like)
    ] = SCENARIO,
    against: Annotated[
        str | None,
        typer.Option(
            metavar="SCENARIO",
            help="The reference beside it; itself without its programme if left out.",
            autocompletion=scenarios_like,
        ),
    ] = None,
    results: Results = Path("results"),
    interventions: Interventions = None,
    folder: Annotated[
        Path, typer.Option(exists=True, file_okay=False, help="Folder of your scenarios; the page saves only there.")
    ] = Path("."),
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on this computer; 0 for any free one.")] = 0,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")] = True,
) -> None:
    """Explore two scenarios side by side in the browser: move values, watch, save the scenario. Ctrl-C ends it."""
    import webbrowser

    from sim.explore.answers import Answers, first_state
    from sim.explore.choices import Choices
    from sim.explore.server import Server

    take_in(interventions)
    named = [Path(name) for name in (scenario, against) if name is not None and name.endswith((".yaml", ".yml"))]
    choices = Choices(folder, results, tuple(named))
    first = first_state(choices, scenario, against)
    try:
        server = Server(Answers(choices, first), port)
    except OSError as error:
        raise InputError(f"port {port} can't be used: {error.strerror}", "--port") from None
    with server:
        output.text(f"{server.address} (Ctrl-C ends it)")
        output.table("address", [{"address": server.address}])
        output.finish()
        if browser:
            webbrowser.open(server.address)
        with suppress(KeyboardInterrupt):
            server.serve_forever()
    raise typer.Exit  # what there is to print was printed when the server began
