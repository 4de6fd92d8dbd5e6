"""Commands and requests about lessons: they convert what `tensorhints.study` answers."""
