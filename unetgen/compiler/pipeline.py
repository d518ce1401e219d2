"""Spec -> checked network: every stage in its order."""

from __future__ import annotations

from unetgen.compiler.checks import check_budgets, check_expectations, check_init
from unetgen.compiler.findings import Findings
from unetgen.compiler.forms import NormalForm
from unetgen.compiler.idle import without_idle_resizes
from unetgen.compiler.lowering import lower_form
from unetgen.compiler.normal import normalize
from unetgen.compiler.sizing import size_network
from unetgen.ir import Network, SizeError, ops, trace
from unetgen.ir.verify import verify
from unetgen.language.spec import Spec
from unetgen.source.diagnostics import SpecError


def compile_structure(spec: Spec) -> tuple[NormalForm, Network]:
    """Take a spec as far as its network without sizes, which knows every legal one.

    Raises:
        SpecError: What one stage found, all of it.
    """
    form = normalize(spec)
    findings = Findings(spec)
    structure = without_idle_resizes(lower_form(form, findings))
    check_budgets(structure, findings)
    check_init(structure, findings)
    return form, structure


def compile_like(spec: Spec, network: Network, in_channels: int, out_channels: int) -> Network | None:
    """Compile a spec with other channels of input and output, for the sizes of the network that it gave.

    Channels that are to stay are the network's: without a head, a spec need not say those of its output. Nothing is
    checked that compiling the spec itself has checked, and no budget holds: it is there to be compared.

    Returns:
        The network; None where the spec does not allow such channels.
    """
    changed = spec.model_copy(update={"in_channels": in_channels, "out_channels": out_channels})
    try:
        form = normalize(changed).ending_in(out_channels, network.output.shape.channels)
        structure = without_idle_resizes(lower_form(form, Findings(changed)))
        return trace(structure, network.input.shape.size)
    except (SpecError, SizeError):
        return None


def compile_spec(spec: Spec, size: ops.Axes | None = None) -> tuple[NormalForm, Network]:
    """Take a spec through normal form, lowering, sizing and every check.

    Args:
        spec: A validated spec.
        size: An input size to use in place of the spec's own.

    Returns:
        The normal form, with the input size that was chosen, and the network at that size.

    Raises:
        SpecError: What one stage found, all of it.
        ValueError: The size has another number of axes than the network.
    """
    if size is not None and len(size) != spec.dims:
        raise ValueError(f"an input size of {spec.dims} numbers is needed, found {len(size)}: {size}")
    form, structure = compile_structure(spec)
    findings = Findings(spec)
    network = size_network(structure, size or form.input_size, findings)
    verify(network)
    check_budgets(network, findings)
    if size is None or size == form.input_size:
        check_expectations(network, form.expect, findings)
    return form.at(network.input.shape.size).giving(network.output.shape.channels), network
