"""`python -m tools.pages`: write the pages, and say which of them changed."""

from __future__ import annotations

from tools.pages import DOCS, pages


def main() -> None:
    """Write what differs."""
    for path, text in pages():
        if not path.exists() or path.read_bytes() != text.encode():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
            print(path.relative_to(DOCS.parent))


if __name__ == "__main__":
    main()
