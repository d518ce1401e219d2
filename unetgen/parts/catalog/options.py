"""An option of a catalogue row."""

from __future__ import annotations

from dataclasses import dataclass

OptionValue = float | bool | str


@dataclass(frozen=True, slots=True)
class Option:
    """What a row may be told: a number, true or false, or a word, as its default is.

    Args:
        name: The key in YAML.
        default: What holds unless it is given; also in torch.
        summary: What it does.
        minimum: The least number, itself allowed.
        maximum: The greatest number, itself allowed.
        whole: Whether only whole numbers make sense.
        words: The words it may be; where the default is a number, beside numbers.
        torch: Torch's own default, where it is another.
    """

    name: str
    default: OptionValue
    summary: str
    minimum: float | None = None
    maximum: float | None = None
    whole: bool = False
    words: tuple[str, ...] = ()
    torch: OptionValue | None = None

    @property
    def torch_default(self) -> OptionValue:
        """What torch takes where nothing is given."""
        return self.default if self.torch is None else self.torch
