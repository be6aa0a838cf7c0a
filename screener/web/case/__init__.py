"""The page of one submission, as both doors of staff show it: what is read, how it is put into words, and what can be done there.

What only intake or only a clinician shows is that door's own.
"""
