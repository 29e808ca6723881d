// The precompiled header of the tests is built with this file; it has no code of its own.
