"""The command `tensorhints`: reads the command line and composes the other rooms."""
