"""Ceilings that must be processes of their own: the least that could do the job, without anything of ours."""
