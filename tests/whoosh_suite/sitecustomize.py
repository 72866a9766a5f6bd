"""Python imports this first of all: the children of a test get the native codec too."""

import native_default  # noqa: F401
