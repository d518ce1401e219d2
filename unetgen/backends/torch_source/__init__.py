"""Network -> one readable Python file that imports torch alone. Itself it never imports torch."""

from unetgen.backends.torch_source.emit import Maker, class_name, emit_source

__all__ = ["Maker", "class_name", "emit_source"]
