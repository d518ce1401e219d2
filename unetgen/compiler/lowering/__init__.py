"""Normal form -> network: the only room that knows what a U is.

A new topology is a file here and a line in `TOPOLOGIES`.
"""

from __future__ import annotations

from collections.abc import Callable

from unetgen.compiler.findings import Findings
from unetgen.compiler.forms import NormalForm
from unetgen.compiler.lowering.full_scale import write_full_scale
from unetgen.compiler.lowering.heads import Heads
from unetgen.compiler.lowering.nested import write_nested
from unetgen.compiler.lowering.regions import Regions
from unetgen.compiler.lowering.u import write_u
from unetgen.ir.network import Network

__all__ = ["TOPOLOGIES", "lower_form"]

TOPOLOGIES: dict[str, Callable[[Regions, Heads], None]] = {
    "u": write_u,
    "nested": write_nested,
    "full_scale": write_full_scale,
}
"""A topology writes all regions but the heads, which it shows each map that may carry one."""


def lower_form(form: NormalForm, findings: Findings) -> Network:
    """Write the network of a normal form; channels are known, sizes are left to `trace`.

    Args:
        form: Every option written out.
        findings: Takes what cannot be built, and knows the places of the spec.

    Raises:
        SpecError: A block, a skip or a resampling cannot be built; every finding at once.
    """
    regions = Regions(form, findings)
    heads = Heads(regions, main=form.depth if form.topology.nested else 0)
    TOPOLOGIES[form.topology.word](regions, heads)
    outputs, main = heads.outputs()
    findings.raise_if_any()
    return Network(
        name=form.name,
        dims=form.dims,
        input=regions.input,
        outputs=outputs,
        regions=tuple(regions.builder.regions),
        init=form.init.init,
        reference=form.reference,
        notes=form.notes,
        returns=form.supervision.returns,
        main=main,
    )
